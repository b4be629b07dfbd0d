//! The API as a document for machines and as a page for people. The page is in the binary and calls no other host.

use crate::openapi;
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use std::sync::LazyLock;

static DOCUMENT: LazyLock<String> = LazyLock::new(|| openapi::document().to_string());

/// The OpenAPI document.
pub async fn document() -> HttpResponse {
    file("application/json", DOCUMENT.as_str())
}

/// The page.
pub async fn page() -> HttpResponse {
    file("text/html; charset=utf-8", include_str!("page.html"))
}

/// Its script.
pub async fn script() -> HttpResponse {
    file("text/javascript; charset=utf-8", include_str!("page.js"))
}

/// Its style.
pub async fn style() -> HttpResponse {
    file("text/css; charset=utf-8", include_str!("page.css"))
}

fn file(media_type: &'static str, body: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(HeaderValue::from_static(media_type))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(body)
}
