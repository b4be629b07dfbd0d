//! The API's transport over `fetch`, with the refresh cookie of this origin.

use super::{Fault, js};
use js_sys::Uint8Array;
use keng_shared::client::{HttpRequest, HttpResponse, Transport};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, Headers, Request, RequestCredentials, RequestInit, Response};

/// A request without an answer for this long is given up: a half-open connection must not hold the queue.
const TIMEOUT_MS: u32 = 45_000;

/// Headers of answers that somebody reads.
const READ: [&str; 6] = [
    "content-type",
    "etag",
    "location",
    "retry-after",
    "upload-length",
    "upload-offset",
];

/// The transport.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fetch;

impl Transport for Fetch {
    type Error = Fault;

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Fault> {
        let answer = js::settle(
            super::listen::window()?
                .fetch_with_request(&build(request)?)
                .into(),
        )
        .await?;
        let answer: Response = answer
            .dyn_into()
            .map_err(|_| Fault::new("TypeError", "fetch gave no answer"))?;
        let body = js::settle(answer.array_buffer()?.into()).await?;
        Ok(HttpResponse {
            status: answer.status(),
            headers: read_headers(&answer.headers()),
            body: Uint8Array::new(&body).to_vec(),
        })
    }
}

fn build(request: HttpRequest) -> Result<Request, Fault> {
    let init = RequestInit::new();
    init.set_method(request.method.as_str());
    init.set_credentials(RequestCredentials::SameOrigin);
    init.set_cache(web_sys::RequestCache::NoStore);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT_MS)));
    let headers = Headers::new()?;
    for (name, value) in &request.headers {
        headers.set(name, value)?;
    }
    init.set_headers(&headers);
    if !request.body.is_empty() {
        let bytes: JsValue = Uint8Array::from(request.body.as_slice()).into();
        init.set_body(&bytes);
    }
    Request::new_with_str_and_init(&request.path, &init).map_err(Fault::from)
}

fn read_headers(headers: &Headers) -> Vec<(String, String)> {
    READ.iter()
        .filter_map(|&name| {
            let value = headers.get(name).ok().flatten()?;
            Some((name.to_owned(), value))
        })
        .collect()
}
