//! The web app inside the binary: files that `cargo xtask bundle` made, with brotli and gzip beside them.

use crate::problem::AppError;
use actix_web::http::Method;
use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use actix_web::{HttpRequest, HttpResponse};
use keng_shared::problem::ProblemCode;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../target/bundle"]
struct Files;

/// Pages whose addresses the app itself knows, longest first: any other path below them is answered with the page.
const PAGES: &[(&str, &str)] = &[("/desk", "desk.html"), ("/", "field.html")];

/// Answers a path that is no route: a file of the app, or the page that the path belongs to.
pub async fn serve(request: HttpRequest) -> Result<HttpResponse, AppError> {
    let path = request.path();
    if path.starts_with("/api/") || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(ProblemCode::NotFound.into());
    }
    let name = path.trim_start_matches('/');
    if let Some(answer) = file(&request, name) {
        return Ok(answer);
    }
    // A path whose last part has a dot asks for a file, and there is none.
    let is_file = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
    let page = PAGES
        .iter()
        .find(|(prefix, _)| *prefix == "/" || path == *prefix || path.starts_with(&format!("{prefix}/")));
    match page {
        Some((_, page)) if !is_file => file(&request, page).ok_or_else(|| ProblemCode::NotFound.into()),
        _ => Err(ProblemCode::NotFound.into()),
    }
}

fn file(request: &HttpRequest, name: &str) -> Option<HttpResponse> {
    if name.ends_with(".br") || name.ends_with(".gz") {
        return None;
    }
    let plain = Files::get(name)?;
    let etag = format!("\"{}\"", hex::encode(plain.metadata.sha256_hash()));
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((CACHE_CONTROL, cache_control(name)))
        .insert_header((VARY, "accept-encoding"))
        .insert_header((ETAG, etag.as_str()));
    let known = request.headers().get(IF_NONE_MATCH);
    if known.is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return Some(answer.status(actix_web::http::StatusCode::NOT_MODIFIED).finish());
    }
    answer.insert_header((CONTENT_TYPE, media_type(name)));
    let (encoding, chosen) = smallest(request, name, plain);
    if let Some(encoding) = encoding {
        answer.insert_header((CONTENT_ENCODING, encoding));
    }
    Some(match chosen.data {
        std::borrow::Cow::Borrowed(bytes) => answer.body(bytes),
        std::borrow::Cow::Owned(bytes) => answer.body(bytes),
    })
}

/// The brotli or gzip neighbour of a file, if there is one and the browser takes it.
fn smallest(request: &HttpRequest, name: &str, plain: EmbeddedFile) -> (Option<&'static str>, EmbeddedFile) {
    let accepted = request
        .headers()
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    for (encoding, suffix) in [("br", "br"), ("gzip", "gz")] {
        let takes = accepted.split(',').any(|item| {
            let mut parts = item.split(';').map(str::trim);
            parts.next() == Some(encoding) && !parts.any(|part| part == "q=0")
        });
        if takes && let Some(file) = Files::get(&format!("{name}.{suffix}")) {
            return (Some(encoding), file);
        }
    }
    (None, plain)
}

/// A name with a hash in it never changes its content; everything else is asked for again each time.
fn cache_control(name: &str) -> &'static str {
    if has_hash(name) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

/// `app-0123456789abcdef.js`, `app-0123456789abcdef_bg.wasm`: at least 8 hexadecimal digits between a `-` and what follows.
fn has_hash(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.split(['-', '.', '_'])
        .skip(1)
        .any(|part| part.len() >= 8 && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        for name in [
            "app-0a1b2c3d4e5f6071.js",
            "assets/field-deadbeef_bg.wasm",
            "style.0a1b2c3d.css",
        ] {
            assert!(cache_control(name).contains("immutable"), "{name}");
        }
        for name in [
            "field.html",
            "sw.js",
            "desk.html",
            "manifest.webmanifest",
            "icon-192.png",
        ] {
            assert_eq!(cache_control(name), "no-cache", "{name}");
        }
    }
}
