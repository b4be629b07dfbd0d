//! Resumable uploads of photos and files: tus 1.0 with creation, creation-with-upload, expiration, termination and checksum.
//!
//! The URL of an upload is the photo's id, so asking for an upload twice gives the same one. A newer request of a
//! photo makes an older one, that may hang on a dead connection, let go. Bytes are on stable storage before the offset
//! moves, and the receipt is signed in the transaction that makes the photo held.

use crate::auth::Caller;
use crate::db::photos::{self, StoredPhoto};
use crate::db::uploads::{self, Upload};
use crate::evidence::claims::Claim;
use crate::evidence::inspect::{Refusal, inspect};
use crate::extract::Path;
use crate::problem::AppError;
use crate::state::{AppState, State};
use crate::sync::hold::{Content, Hold};
use crate::sync::permit::actor;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use keng_shared::api::BASE;
use keng_shared::evidence::{MAX_PHOTO_BYTES, MAX_PHOTO_PIXELS, MAX_PHOTO_SIDE, SignedReceipt, sha256_hex};
use keng_shared::file::{self, MAX_FILE_BYTES};
use keng_shared::id::{AreaId, PhotoId};
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::time::Millis;
use sha2::{Digest, Sha256};
use std::str::FromStr;

const VERSION: &str = "1.0.0";
const EXTENSIONS: &str = "creation,creation-with-upload,expiration,termination,checksum";
const OFFSET_STREAM: &str = "application/offset+octet-stream";
/// Most bytes of one request: 1 MiB.
const MAX_CHUNK: usize = 1024 * 1024;
/// How long an unfinished upload is kept after its last byte: 7 days.
const KEPT_MS: i64 = 7 * 86_400_000;

/// What this server speaks.
pub async fn options() -> HttpResponse {
    tus(StatusCode::NO_CONTENT)
        .insert_header(("tus-version", VERSION))
        .insert_header(("tus-extension", EXTENSIONS))
        .insert_header(("tus-max-size", MAX_FILE_BYTES.to_string()))
        .insert_header(("tus-checksum-algorithm", "sha256"))
        .finish()
}

/// Begins the upload of an announced photo, or finds the one that was begun; a body is its first bytes.
pub async fn create(
    state: State,
    caller: Caller,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, AppError> {
    require_version(&request)?;
    let size: u64 = number(&request, "upload-length")?;
    require_at_most(size, MAX_FILE_BYTES)?;
    let id = photo_of_metadata(&request)?;
    let _receiving = state.evidence.receiving();
    let mut claim = state.evidence.claims.take(id).await;
    let target = find_target(&state, &caller, id).await?;
    if !target.photo.is_file() {
        require_at_most(size, MAX_PHOTO_BYTES)?;
    }
    if target.size != size {
        let error = FieldError::new("upload-length", FieldCode::NotAChoice).with("expected", target.size);
        return Err(error.into());
    }
    if let Some(receipt) = target.photo.receipt()? {
        return done(StatusCode::CREATED, id, size, &receipt);
    }
    let has_body = header(&request, CONTENT_TYPE.as_str()).is_some();
    let first = match has_body {
        true => Some(receive(&request, payload, &mut claim, size).await?),
        false => None,
    };
    // A photo that fits into its first request is never an unfinished upload.
    if let Some(whole) = first
        .as_ref()
        .filter(|part| part.is_whole && part.bytes.len() as u64 == size)
    {
        let receipt = hold(&state, &caller, &target, whole.bytes.clone()).await?;
        return done(StatusCode::CREATED, id, size, &receipt);
    }
    let mut upload = begin(&state, &caller, &target).await?;
    if upload.received == upload.size {
        let receipt = complete(&state, &caller, &target, id).await?;
        return done(StatusCode::CREATED, id, size, &receipt);
    }
    if let Some(part) = first.filter(|_| upload.received == 0) {
        upload = store(&state, &target, upload, part).await?;
    }
    Ok(progress(StatusCode::CREATED, &upload)
        .insert_header((LOCATION, location(id)))
        .finish())
}

/// How far an upload has come; the receipt once it is complete.
pub async fn head(
    state: State,
    caller: Caller,
    request: HttpRequest,
    Path(id): Path<PhotoId>,
) -> Result<HttpResponse, AppError> {
    require_version(&request)?;
    let _claim = state.evidence.claims.take(id).await;
    let target = find_target(&state, &caller, id).await?;
    if let Some(receipt) = target.photo.receipt()? {
        return done(StatusCode::OK, id, target.size, &receipt);
    }
    let upload = find_upload(&state, id).await?;
    if upload.received == upload.size {
        let receipt = complete(&state, &caller, &target, id).await?;
        return done(StatusCode::OK, id, target.size, &receipt);
    }
    Ok(progress(StatusCode::OK, &upload)
        .insert_header(("upload-length", upload.size.to_string()))
        .finish())
}

/// Appends bytes; the last ones complete the photo.
pub async fn patch(
    state: State,
    caller: Caller,
    request: HttpRequest,
    Path(id): Path<PhotoId>,
    payload: web::Payload,
) -> Result<HttpResponse, AppError> {
    require_version(&request)?;
    if header(&request, CONTENT_TYPE.as_str()) != Some(OFFSET_STREAM) {
        return Err(Problem::new(ProblemCode::UnsupportedMedia)
            .with("expected", OFFSET_STREAM)
            .into());
    }
    let offset: u64 = number(&request, "upload-offset")?;
    let _receiving = state.evidence.receiving();
    let mut claim = state.evidence.claims.take(id).await;
    let target = find_target(&state, &caller, id).await?;
    if let Some(receipt) = target.photo.receipt()? {
        return done(StatusCode::NO_CONTENT, id, target.size, &receipt);
    }
    let upload = find_upload(&state, id).await?;
    if upload.received != offset {
        return Err(wrong_offset(upload.received));
    }
    let part = receive(&request, payload, &mut claim, upload.size - offset).await?;
    if offset == 0 && part.is_whole && part.bytes.len() as u64 == upload.size {
        let receipt = hold(&state, &caller, &target, part.bytes).await?;
        return done(StatusCode::NO_CONTENT, id, target.size, &receipt);
    }
    let upload = store(&state, &target, upload, part).await?;
    if upload.received < upload.size {
        return Ok(progress(StatusCode::NO_CONTENT, &upload).finish());
    }
    let receipt = complete(&state, &caller, &target, id).await?;
    done(StatusCode::NO_CONTENT, id, target.size, &receipt)
}

/// Gives an unfinished upload up.
pub async fn terminate(
    state: State,
    caller: Caller,
    request: HttpRequest,
    Path(id): Path<PhotoId>,
) -> Result<HttpResponse, AppError> {
    require_version(&request)?;
    let _claim = state.evidence.claims.take(id).await;
    find_target(&state, &caller, id).await?;
    find_upload(&state, id).await?;
    forget(&state, id).await?;
    Ok(tus(StatusCode::NO_CONTENT).finish())
}

/// A photo that its author has announced.
struct Target {
    photo: StoredPhoto,
    commune: AreaId,
    size: u64,
}

/// The caller's own announced photo. Another person's is as good as missing.
async fn find_target(state: &AppState, caller: &Caller, id: PhotoId) -> Result<Target, AppError> {
    let found = state.db.read(move |conn| photos::with_record(conn, id)).await?;
    let me = caller.user_id().to_string();
    let (photo, row) = found
        .filter(|(_, row)| row.author_id == me)
        .ok_or(ProblemCode::NotFound)?;
    let manifest = photo
        .manifest()?
        .ok_or_else(|| Problem::new(ProblemCode::StateConflict).with("state", "not_announced"))?;
    Ok(Target {
        photo,
        commune: row.commune(),
        size: manifest.size,
    })
}

async fn find_upload(state: &AppState, id: PhotoId) -> Result<Upload, AppError> {
    let upload = state.db.read(move |conn| uploads::find(conn, id)).await?;
    upload.ok_or_else(|| ProblemCode::NotFound.into())
}

async fn begin(state: &AppState, caller: &Caller, target: &Target) -> Result<Upload, AppError> {
    let photo = target.photo.photo_id()?;
    let new = Upload {
        photo,
        user: caller.user_id(),
        size: target.size,
        received: 0,
        expires_at: expiry(caller.now()),
    };
    let upload = state
        .db
        .write_in(target.commune, move |conn| {
            if let Some(begun) = uploads::find(conn, photo)? {
                return Ok(begun);
            }
            uploads::insert(conn, &new)?;
            Ok(new.clone())
        })
        .await?;
    Ok(upload)
}

/// Bytes of one request.
struct Part {
    bytes: Bytes,
    /// Whether the request came to its end; a checksum can be compared only then.
    is_whole: bool,
}

/// Reads the body until it ends, breaks off, or a newer request takes over. What came is kept in the last two cases,
/// unless a checksum was announced, which part of a body cannot satisfy.
async fn receive(
    request: &HttpRequest,
    mut payload: web::Payload,
    claim: &mut Claim,
    room: u64,
) -> Result<Part, AppError> {
    let checksum = checksum(request)?;
    let announced: usize = number(request, CONTENT_LENGTH.as_str()).unwrap_or(0);
    let mut bytes = BytesMut::with_capacity(announced.min(MAX_CHUNK));
    let mut is_whole = false;
    loop {
        // What has arrived already is taken before anybody takes over.
        let chunk = tokio::select! {
            biased;
            chunk = payload.next() => chunk,
            () = claim.is_taken_over() => break,
        };
        match chunk {
            None => {
                is_whole = true;
                break;
            }
            Some(Err(_)) => break,
            Some(Ok(chunk)) => {
                if bytes.len() + chunk.len() > MAX_CHUNK {
                    return Err(Problem::new(ProblemCode::TooLarge).with("max", MAX_CHUNK).into());
                }
                if (bytes.len() + chunk.len()) as u64 > room {
                    return Err(Problem::new(ProblemCode::TooLarge).with("max", room).into());
                }
                bytes.extend_from_slice(&chunk);
            }
        }
    }
    if let Some(expected) = checksum {
        let fits = is_whole && Sha256::digest(&bytes).as_slice() == expected.as_slice();
        if !fits {
            return Err(ProblemCode::ChecksumMismatch.into());
        }
    }
    Ok(Part {
        bytes: bytes.freeze(),
        is_whole,
    })
}

/// Brings bytes to stable storage, then moves the offset.
async fn store(state: &AppState, target: &Target, upload: Upload, part: Part) -> Result<Upload, AppError> {
    if part.bytes.is_empty() {
        return Ok(upload);
    }
    let (photo, from) = (upload.photo, upload.received);
    let to = from + part.bytes.len() as u64;
    state
        .evidence
        .parts
        .append(photo, from, part.bytes)
        .await
        .map_err(AppError::disk)?;
    let expires_at = expiry(state.clock.now());
    let moved = state
        .db
        .write_in(target.commune, move |conn| {
            uploads::advance(conn, photo, from, to, expires_at)
        })
        .await?;
    if !moved {
        return Err(wrong_offset(from));
    }
    Ok(Upload {
        received: to,
        expires_at,
        ..upload
    })
}

/// Every byte was received: the parts are put together and held. A server that was killed between the last byte and the
/// receipt comes here when the phone asks again; without that the photo would wait for ever.
async fn complete(
    state: &AppState,
    caller: &Caller,
    target: &Target,
    id: PhotoId,
) -> Result<SignedReceipt, AppError> {
    let permit = state
        .evidence
        .assemblies
        .acquire()
        .await
        .map_err(AppError::internal)?;
    let bytes = state
        .evidence
        .parts
        .read(id, target.size)
        .await
        .map_err(AppError::disk)?;
    let receipt = hold(state, caller, target, bytes).await?;
    drop(permit);
    Ok(receipt)
}

/// The whole photo is here: it is compared with what was announced, stored for good, and acknowledged.
async fn hold(
    state: &AppState,
    caller: &Caller,
    target: &Target,
    bytes: Bytes,
) -> Result<SignedReceipt, AppError> {
    let id = target.photo.photo_id()?;
    let is_file = target.photo.is_file();
    let looked_at = {
        let bytes = bytes.clone();
        tokio::task::spawn_blocking(move || (sha256_hex(&bytes), content(&bytes, is_file))).await
    };
    let (sha256, content) = looked_at.map_err(AppError::internal)?;
    if sha256 != target.photo.sha256 {
        forget(state, id).await?;
        return Err(Problem::new(ProblemCode::ChecksumMismatch)
            .with("expected", &target.photo.sha256)
            .into());
    }
    let content = match content {
        Ok(content) => content,
        Err(refused) => {
            forget(state, id).await?;
            return Err(refused);
        }
    };
    let size = bytes.len() as u64;
    state.evidence.store.put_original(id, &sha256, bytes).await?;
    let change = Hold {
        actor: actor(caller),
        photo: id,
        size,
        content,
        key: state.evidence.key.clone(),
    };
    let held = state
        .db
        .write_in(target.commune, move |conn| change.run(conn))
        .await?;
    // The photo is safe; a file that stays behind costs only space.
    if held.was_in_parts
        && let Err(error) = state.evidence.parts.remove(id).await
    {
        tracing::warn!(%error, "the file of a finished upload stays behind");
    }
    Ok(held.receipt)
}

async fn forget(state: &AppState, id: PhotoId) -> Result<(), AppError> {
    state.db.write(move |conn| uploads::delete(conn, id)).await?;
    state.evidence.parts.remove(id).await.map_err(AppError::disk)
}

/// Looks at the whole bytes: a photo has to be a picture, a file a PDF.
fn content(bytes: &[u8], is_file: bool) -> Result<Content, AppError> {
    match is_file {
        true => match file::inspect(bytes) {
            Ok(()) => Ok(Content::File),
            Err(fault) => Err(fault.code().into()),
        },
        false => inspect(bytes).map(Content::Picture).map_err(refused),
    }
}

fn refused(refusal: Refusal) -> AppError {
    match refusal {
        Refusal::NotAPicture => Problem::new(ProblemCode::UnsupportedMedia)
            .with("expected", "image/jpeg, image/png, image/webp")
            .into(),
        Refusal::TooManyPixels { width, height } => Problem::new(ProblemCode::TooLarge)
            .with("width", width)
            .with("height", height)
            .with("max_side", MAX_PHOTO_SIDE)
            .with("max_pixels", MAX_PHOTO_PIXELS)
            .into(),
    }
}

fn require_at_most(size: u64, max: u64) -> Result<(), AppError> {
    match size <= max {
        true => Ok(()),
        false => Err(Problem::new(ProblemCode::TooLarge).with("max", max).into()),
    }
}

fn wrong_offset(offset: u64) -> AppError {
    Problem::new(ProblemCode::OffsetMismatch)
        .with("offset", offset)
        .into()
}

fn expiry(now: Millis) -> Millis {
    now.plus(KEPT_MS)
}

fn location(id: PhotoId) -> String {
    format!("{BASE}/uploads/{id}")
}

fn tus(status: StatusCode) -> HttpResponseBuilder {
    let mut answer = HttpResponse::build(status);
    answer.insert_header(("tus-resumable", VERSION));
    answer.insert_header((CACHE_CONTROL, "no-store"));
    answer
}

fn progress(status: StatusCode, upload: &Upload) -> HttpResponseBuilder {
    let mut answer = tus(status);
    answer.insert_header(("upload-offset", upload.received.to_string()));
    if let Some(at) = chrono::DateTime::from_timestamp_millis(upload.expires_at.0) {
        answer.insert_header((
            "upload-expires",
            at.format("%a, %d %b %Y %H:%M:%S GMT").to_string(),
        ));
    }
    answer
}

/// The answer to whoever asks about a complete upload: the receipt, in a header where a body has no place.
fn done(
    status: StatusCode,
    id: PhotoId,
    size: u64,
    receipt: &SignedReceipt,
) -> Result<HttpResponse, AppError> {
    let json = serde_json::to_vec(receipt).map_err(AppError::internal)?;
    let mut answer = tus(status);
    answer.insert_header(("upload-offset", size.to_string()));
    answer.insert_header(("upload-length", size.to_string()));
    answer.insert_header(("keng-receipt", BASE64_URL_SAFE_NO_PAD.encode(&json)));
    if status == StatusCode::CREATED {
        answer.insert_header((LOCATION, location(id)));
        return Ok(answer.content_type("application/json").body(json));
    }
    Ok(answer.finish())
}

fn require_version(request: &HttpRequest) -> Result<(), AppError> {
    if header(request, "tus-resumable") == Some(VERSION) {
        return Ok(());
    }
    let mut problem = Problem::new(ProblemCode::MalformedRequest).with("tus-version", VERSION);
    problem.status = StatusCode::PRECONDITION_FAILED.as_u16();
    Err(problem.into())
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

fn number<T: FromStr>(request: &HttpRequest, name: &str) -> Result<T, AppError> {
    let text = header(request, name).ok_or_else(|| FieldError::new(name, FieldCode::Required))?;
    let number = text
        .parse()
        .ok()
        .filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
    number.ok_or_else(|| FieldError::new(name, FieldCode::BadFormat).into())
}

/// `Upload-Metadata: photo_id <base64 of the id>`; other keys mean nothing here.
fn photo_of_metadata(request: &HttpRequest) -> Result<PhotoId, AppError> {
    let metadata = header(request, "upload-metadata").unwrap_or_default();
    let value = metadata
        .split(',')
        .filter_map(|pair| pair.trim().split_once(' '))
        .find(|(key, _)| *key == "photo_id")
        .map(|(_, value)| value)
        .ok_or_else(|| FieldError::new("upload-metadata.photo_id", FieldCode::Required))?;
    let read = || {
        let bytes = BASE64_STANDARD.decode(value.trim()).ok()?;
        std::str::from_utf8(&bytes).ok()?.parse().ok()
    };
    read().ok_or_else(|| FieldError::new("upload-metadata.photo_id", FieldCode::BadFormat).into())
}

/// `Upload-Checksum: sha256 <base64>`.
fn checksum(request: &HttpRequest) -> Result<Option<Vec<u8>>, AppError> {
    let Some(text) = header(request, "upload-checksum") else {
        return Ok(None);
    };
    let digest = text
        .split_once(' ')
        .filter(|(algorithm, _)| *algorithm == "sha256")
        .and_then(|(_, value)| BASE64_STANDARD.decode(value).ok());
    match digest {
        Some(digest) => Ok(Some(digest)),
        None => Err(FieldError::new("upload-checksum", FieldCode::BadFormat)
            .with("expected", "sha256")
            .into()),
    }
}
