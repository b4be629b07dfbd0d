//! Reading requests: JSON bodies, query strings and path parameters, with problems that name the field.
//!
//! Types of requests refuse unknown fields themselves (`deny_unknown_fields`).

use crate::problem::AppError;
use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, IF_MATCH};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, Responder};
use futures::StreamExt;
use futures::future::LocalBoxFuture;
use keng_shared::api::MAX_JSON_BYTES;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::{Ready, ready};
use std::time::Duration;
use tokio::time::timeout;

/// How long a body may pause.
const LONGEST_SILENCE: Duration = Duration::from_secs(20);

/// A JSON body of at most `LIMIT` bytes; as an answer, a JSON body that no cache keeps.
#[derive(Debug)]
pub struct Json<T, const LIMIT: usize = MAX_JSON_BYTES>(pub T);

impl<T: DeserializeOwned + 'static, const LIMIT: usize> FromRequest for Json<T, LIMIT> {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = request.content_type().eq_ignore_ascii_case("application/json");
        let mut payload = payload.take();
        Box::pin(async move {
            if !is_json {
                return Err(Problem::new(ProblemCode::UnsupportedMedia)
                    .with("expected", "application/json")
                    .into());
            }
            let body = read_body(&mut payload, LIMIT).await?;
            parse_json(&body).map(Self)
        })
    }
}

impl<T: Serialize, const LIMIT: usize> Responder for Json<T, LIMIT> {
    type Body = BoxBody;

    fn respond_to(self, _request: &HttpRequest) -> HttpResponse {
        match serde_json::to_vec(&self.0) {
            Ok(body) => HttpResponse::Ok()
                .insert_header((CONTENT_TYPE, "application/json"))
                .insert_header((CACHE_CONTROL, "no-store"))
                .body(body),
            Err(error) => HttpResponse::from_error(AppError::internal(error)),
        }
    }
}

/// A body of bytes of at most `LIMIT` bytes, whatever its media type.
#[derive(Debug)]
pub struct Body<const LIMIT: usize>(pub Vec<u8>);

impl<const LIMIT: usize> FromRequest for Body<LIMIT> {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(_request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let mut payload = payload.take();
        Box::pin(async move { read_body(&mut payload, LIMIT).await.map(Self) })
    }
}

/// The query string.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let pairs =
            serde_urlencoded::Deserializer::new(form_urlencoded::parse(request.query_string().as_bytes()));
        ready(
            serde_path_to_error::deserialize(pairs)
                .map(Self)
                .map_err(|error| field_error(&error.path().to_string(), &error.inner().to_string()).into()),
        )
    }
}

/// Parameters of the path. One that cannot be read names nothing, so the answer is 404.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Path<T> {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let path = actix_web::web::Path::<T>::from_request(request, payload).into_inner();
        ready(
            path.map(|path| Self(path.into_inner()))
                .map_err(|_| ProblemCode::NotFound.into()),
        )
    }
}

/// The revision that the caller looked at, from `If-Match: "<revision>"`.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(pub u32);

impl FromRequest for IfMatch {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let revision = match request.headers().get(IF_MATCH) {
            None => Err(ProblemCode::RevisionRequired.into()),
            Some(value) => value
                .to_str()
                .ok()
                .and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok())
                .map(Self)
                .ok_or_else(|| FieldError::new("if-match", FieldCode::BadFormat).into()),
        };
        ready(revision)
    }
}

async fn read_body(payload: &mut Payload, limit: usize) -> Result<Vec<u8>, AppError> {
    let too_large = || AppError::from(Problem::new(ProblemCode::TooLarge).with("max", limit));
    let mut body = Vec::new();
    let unreadable = || AppError::from(ProblemCode::MalformedRequest);
    // A slow phone may take its time as long as something arrives; who holds a connection open in silence is cut off.
    while let Some(chunk) = timeout(LONGEST_SILENCE, payload.next())
        .await
        .map_err(|_| unreadable())?
    {
        let chunk = chunk.map_err(|_| unreadable())?;
        if body.len() + chunk.len() > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Parses JSON; an error names the field where serde tells it.
pub fn parse_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, AppError> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let inner = error.inner();
        if inner.is_data() {
            field_error(&error.path().to_string(), &inner.to_string()).into()
        } else {
            AppError::from(ProblemCode::MalformedRequest)
        }
    })?;
    reader
        .end()
        .map_err(|_| AppError::from(ProblemCode::MalformedRequest))?;
    Ok(value)
}

/// serde tells what is wrong only in words; the words are its stable interface here.
fn field_error(path: &str, message: &str) -> FieldError {
    let path = path.trim_start_matches('.').replace(['[', ']'], "");
    let quoted = || message.split('`').nth(1).unwrap_or_default();
    let child = |name: &str| match path.as_str() {
        "" => name.to_owned(),
        path if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        path => format!("{path}.{name}"),
    };
    if message.starts_with("unknown field") {
        FieldError::new(child(quoted()), FieldCode::Unknown)
    } else if message.starts_with("missing field") {
        FieldError::new(child(quoted()), FieldCode::Required)
    } else if message.starts_with("duplicate field") {
        FieldError::new(child(quoted()), FieldCode::Duplicate)
    } else if message.starts_with("unknown variant") {
        FieldError::new(path, FieldCode::NotAChoice)
    } else if message.starts_with("invalid type") {
        let expected = message.split("expected ").nth(1).unwrap_or_default();
        let expected = expected.split(" at line").next().unwrap_or_default();
        FieldError::new(path, FieldCode::WrongType).with("expected", expected)
    } else {
        FieldError::new(path, FieldCode::BadFormat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::api::{NewUser, SignIn};
    use serde_json::json;

    fn error_of<T: DeserializeOwned + std::fmt::Debug>(body: serde_json::Value) -> FieldError {
        let error = parse_json::<T>(body.to_string().as_bytes()).unwrap_err();
        error.problem().fields.first().unwrap().clone()
    }

    #[test]
    fn a_wrong_type_deep_in_a_body_names_its_field() {
        let error = error_of::<NewUser>(json!({
            "username": "an", "name": "An", "membership": {"role": "member", "area_id": "x"}
        }));
        assert_eq!(
            (error.field.as_str(), error.code),
            ("membership.area_id", FieldCode::WrongType)
        );
    }

    #[test]
    fn an_unknown_a_missing_and_an_impossible_field_are_told_apart() {
        let error = error_of::<NewUser>(json!({"username": "an", "admin": true}));
        assert_eq!((error.field.as_str(), error.code), ("admin", FieldCode::Unknown));
        let error = error_of::<SignIn>(json!({"username": "an"}));
        assert_eq!(
            (error.field.as_str(), error.code),
            ("password", FieldCode::Required)
        );
        let error = error_of::<NewUser>(json!({
            "username": "an", "name": "An", "membership": {"role": "king", "area_id": 1}
        }));
        assert_eq!(
            (error.field.as_str(), error.code),
            ("membership.role", FieldCode::NotAChoice)
        );
    }

    #[test]
    fn text_that_is_not_json_is_malformed_not_a_field_error() {
        for body in ["", "{", "{} {}", "\u{feff}{}"] {
            let error = parse_json::<serde_json::Value>(body.as_bytes()).unwrap_err();
            assert_eq!(error.problem().code, ProblemCode::MalformedRequest, "{body}");
        }
    }
}
