//! Every error on its way to a client: RFC 9457 problems, made here and nowhere else.
//!
//! Invariants: what a 5xx says is fixed text and the request id; database errors and causes go to the log only; an
//! answer that is not a success always is `application/problem+json`.

use crate::db::DbError;
use crate::evidence::store::StoreError;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use keng_shared::problem::{FieldError, Problem, ProblemCode};
use std::fmt;

/// Media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Seconds after which a photo store that did not answer may be tried again.
const STORE_RETRY_S: u32 = 15;

tokio::task_local! {
    /// Id of the request that is being answered.
    pub static REQUEST_ID: String;
}

/// A problem that ends a request.
pub struct AppError {
    problem: Box<Problem>,
    /// Seconds after which trying again makes sense.
    retry_after: Option<u32>,
}

impl AppError {
    /// The problem that the client will read.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// What the client did wrong; the error itself where the server is at fault.
    pub fn refusal(self) -> Result<Problem, Self> {
        match self.problem.status {
            400..=499 => Ok(*self.problem),
            _ => Err(self),
        }
    }

    /// The same error with the seconds after which to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// A fault of the server. The cause goes to the log and nowhere else.
    pub fn internal(cause: impl fmt::Display) -> Self {
        tracing::error!(request_id = request_id().as_deref(), %cause, "internal error");
        ProblemCode::Internal.into()
    }

    /// A fault of this machine's disk.
    pub fn disk(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull => ProblemCode::StorageFull.into(),
            _ => Self::internal(error),
        }
    }

    /// Fields that are wrong.
    pub fn fields(fields: Vec<FieldError>) -> Self {
        Problem::fields(fields).into()
    }
}

impl From<ProblemCode> for AppError {
    fn from(code: ProblemCode) -> Self {
        Problem::new(code).into()
    }
}

impl From<Problem> for AppError {
    fn from(problem: Problem) -> Self {
        let retry_after = (problem.code == ProblemCode::Busy).then_some(2);
        Self {
            problem: Box::new(problem),
            retry_after,
        }
    }
}

impl From<FieldError> for AppError {
    fn from(error: FieldError) -> Self {
        Self::fields(vec![error])
    }
}

impl From<DbError> for AppError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Refused(problem) => (*problem).into(),
            DbError::Busy => ProblemCode::Busy.into(),
            DbError::StorageFull => ProblemCode::StorageFull.into(),
            DbError::Unavailable(ref cause) => {
                tracing::error!(request_id = request_id().as_deref(), %cause, "database not available");
                ProblemCode::Busy.into()
            }
            DbError::Query(_) | DbError::Config(_) | DbError::Corrupt(_) => Self::internal(error),
        }
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => ProblemCode::StorageFull.into(),
            StoreError::Failed(ref cause) => {
                tracing::error!(request_id = request_id().as_deref(), %cause, "photo store not available");
                Self::from(ProblemCode::Busy).retry_after(STORE_RETRY_S)
            }
            StoreError::Missing => Self::internal(error),
        }
    }
}

impl fmt::Debug for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AppError").field(&self.problem.code).finish()
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.problem.code.as_str())
    }
}

impl std::error::Error for AppError {}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut problem = (*self.problem).clone();
        problem.request_id = request_id();
        let mut answer = HttpResponse::build(self.status_code());
        answer.insert_header((CONTENT_TYPE, PROBLEM_JSON));
        answer.insert_header((CACHE_CONTROL, "no-store"));
        if let Some(seconds) = self.retry_after {
            answer.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        match serde_json::to_vec(&problem) {
            Ok(body) => answer.body(body),
            Err(_) => answer.finish(),
        }
    }
}

/// Id of the request that this task answers.
pub fn request_id() -> Option<String> {
    REQUEST_ID.try_with(String::clone).ok()
}
