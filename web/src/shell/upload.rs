//! Sending the bytes of a photo or a file by tus 1.0: create, ask where to go on, chunk after chunk, and fetch the receipt.
//!
//! Creating is repeatable: the same photo has the same address. A cut connection costs at most one chunk.

use super::Fault;
use super::fetch::Fetch;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use keng_shared::client::{CallError, Client, HttpRequest, Method};
use keng_shared::evidence::SignedReceipt;
use keng_shared::id::PhotoId;
use keng_shared::problem::ProblemCode;

/// What is sent.
pub struct Upload<'a> {
    /// The photo.
    pub photo_id: PhotoId,
    /// Its media type.
    pub mime: &'a str,
    /// Its SHA-256 (hex).
    pub sha256: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Bytes in one chunk.
    pub chunk: usize,
}

/// A chunk whose offset the server does not take is followed by asking again, this often.
const MAX_ASKS: usize = 3;

/// Sends what is missing; `progress` hears how many bytes the server has.
pub async fn send(
    client: &Client<Fetch>,
    upload: &Upload<'_>,
    progress: impl Fn(u64),
) -> Result<SignedReceipt, CallError<Fault>> {
    let address = create(client, upload).await?;
    let mut asks = 0;
    let mut offset = ask(client, &address).await?;
    while let Some(rest) = upload.bytes.get(offset..).filter(|rest| !rest.is_empty()) {
        progress(offset as u64);
        let chunk = rest.get(..upload.chunk.max(1)).unwrap_or(rest);
        match patch(client, &address, offset, chunk).await {
            Ok(next) => offset = next,
            Err(CallError::Problem(problem))
                if problem.code == ProblemCode::OffsetMismatch && asks < MAX_ASKS =>
            {
                asks += 1;
                offset = ask(client, &address).await?;
            }
            Err(error) => return Err(error),
        }
    }
    client.photo_receipt(upload.photo_id).await
}

async fn create(client: &Client<Fetch>, upload: &Upload<'_>) -> Result<String, CallError<Fault>> {
    let pairs = [
        ("photo_id", upload.photo_id.to_string()),
        ("filetype", upload.mime.to_owned()),
        ("sha256", upload.sha256.to_owned()),
    ];
    let metadata = pairs.map(|(name, value)| format!("{name} {}", STANDARD.encode(value)));
    let request = tus(HttpRequest::new(Method::Post, "/uploads"))
        .header("upload-length", upload.bytes.len())
        .header("upload-metadata", metadata.join(","));
    let answer = client.send(request).await?;
    let location = answer.header("location").map(path_of);
    location.ok_or(CallError::NotOurs {
        status: answer.status,
    })
}

async fn ask(client: &Client<Fetch>, address: &str) -> Result<usize, CallError<Fault>> {
    offset_of(client.send(tus(at(Method::Head, address))).await?)
}

async fn patch(
    client: &Client<Fetch>,
    address: &str,
    offset: usize,
    chunk: &[u8],
) -> Result<usize, CallError<Fault>> {
    let request = tus(at(Method::Patch, address))
        .header("upload-offset", offset)
        .bytes("application/offset+octet-stream", chunk.to_vec());
    offset_of(client.send(request).await?)
}

fn offset_of(answer: keng_shared::client::HttpResponse) -> Result<usize, CallError<Fault>> {
    let offset = answer
        .header("upload-offset")
        .and_then(|value| value.parse().ok());
    offset.ok_or(CallError::NotOurs {
        status: answer.status,
    })
}

fn tus(request: HttpRequest) -> HttpRequest {
    request.header("tus-resumable", "1.0.0")
}

fn at(method: Method, path: &str) -> HttpRequest {
    HttpRequest {
        method,
        path: path.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
    }
}

/// The path of a `Location`, which may be absolute.
fn path_of(location: &str) -> String {
    match location.split_once("://") {
        Some((_, rest)) => rest
            .find('/')
            .and_then(|start| rest.get(start..))
            .unwrap_or("/")
            .to_owned(),
        None => location.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_taken_as_a_path_whether_absolute_or_not() {
        assert_eq!(path_of("/api/v1/uploads/1"), "/api/v1/uploads/1");
        assert_eq!(
            path_of("https://keng.example/api/v1/uploads/1"),
            "/api/v1/uploads/1"
        );
    }
}
