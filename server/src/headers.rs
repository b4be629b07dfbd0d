//! What every answer carries and every request goes through: security headers (TRUST S6), a request id, the check of
//! the Origin, and one log line.

use crate::config::{Config, TileSource};
use crate::problem::{AppError, REQUEST_ID};
use crate::state::State;
use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use keng_shared::problem::ProblemCode;
use std::time::Instant;
use uuid::Uuid;

const REQUEST_ID_HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Headers with one value for every answer.
static FIXED: [(HeaderName, HeaderValue); 7] = [
    (
        header::STRICT_TRANSPORT_SECURITY,
        HeaderValue::from_static("max-age=31536000; includeSubDomains"),
    ),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "camera=(self), geolocation=(self), screen-wake-lock=(self), microphone=(), payment=(), usb=(), \
             browsing-topics=()",
        ),
    ),
];

/// The content security policy of pages; a tile server, if configured, may send pictures.
pub fn content_security_policy(config: &Config) -> String {
    let tiles = match &config.tiles {
        Some(TileSource::Elsewhere { origin, .. }) => format!(" {origin}"),
        Some(TileSource::Archive(_)) | None => String::new(),
    };
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:{tiles}; \
         connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    )
}

/// Wraps every request. An answer that sets one of the headers itself (a photo has a stricter policy) keeps its own.
pub async fn guard(
    state: State,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let began = Instant::now();
    let request_id = Uuid::now_v7().to_string();
    let method = request.method().clone();
    let answer = REQUEST_ID.scope(request_id.clone(), async {
        if is_state_changing(&method) && !is_own_origin(&request, &state.config) {
            return Ok(request.error_response(AppError::from(ProblemCode::ForeignOrigin)));
        }
        next.call(request).await.map(ServiceResponse::map_into_boxed_body)
    });
    let mut answer = answer.await?;
    let headers = answer.headers_mut();
    for (name, value) in &FIXED {
        set_if_missing(headers, name, value);
    }
    if let Ok(policy) = HeaderValue::from_str(&state.content_security_policy) {
        set_if_missing(headers, &header::CONTENT_SECURITY_POLICY, &policy);
    }
    if let Ok(id) = HeaderValue::from_str(&request_id) {
        headers.insert(REQUEST_ID_HEADER, id);
    }
    tracing::info!(
        %request_id,
        %method,
        route = answer.request().match_pattern().as_deref().unwrap_or("-"),
        status = answer.status().as_u16(),
        ms = began.elapsed().as_millis() as u64,
    );
    Ok(answer)
}

fn set_if_missing(headers: &mut HeaderMap, name: &HeaderName, value: &HeaderValue) {
    if !headers.contains_key(name) {
        headers.insert(name.clone(), value.clone());
    }
}

fn is_state_changing(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// A browser names the origin of every request that changes something. Programs that send no Origin carry no cookies
/// of somebody else, so they may pass.
fn is_own_origin(request: &ServiceRequest, config: &Config) -> bool {
    let headers = request.headers();
    if headers
        .get("sec-fetch-site")
        .is_some_and(|site| site != "same-origin" && site != "none")
    {
        return false;
    }
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    match &config.public_origin {
        Some(own) => origin.eq_ignore_ascii_case(own),
        None => {
            let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
            origin
                .split_once("://")
                .is_some_and(|(_, authority)| host.is_some_and(|host| authority.eq_ignore_ascii_case(host)))
        }
    }
}
