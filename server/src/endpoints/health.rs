//! Whether the server lives and can work, and answers for what does not exist.

use crate::db::areas;
use crate::problem::AppError;
use crate::state::State;
use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use keng_shared::problem::ProblemCode;

/// The process runs.
pub async fn alive() -> HttpResponse {
    text("alive\n")
}

/// The database answers.
pub async fn ready(state: State) -> Result<HttpResponse, AppError> {
    state.db.read(areas::tree_version).await?;
    Ok(text("ready\n"))
}

/// The address exists, the method does not.
pub async fn method_not_allowed() -> Result<HttpResponse, AppError> {
    Err(ProblemCode::MethodNotAllowed.into())
}

fn text(body: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(body)
}
