//! The review desk's verdicts.

use crate::auth::Caller;
use crate::db::records;
use crate::extract::{IfMatch, Json, Path};
use crate::problem::AppError;
use crate::state::State;
use crate::sync::permit::{actor, require};
use crate::sync::review::{Review, parse};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use keng_shared::api::NewReview;
use keng_shared::id::RecordId;
use keng_shared::permission::Verb;
use keng_shared::problem::ProblemCode;

/// Accepts or returns a record and photos of it.
pub async fn create(
    state: State,
    caller: Caller,
    Path(id): Path<RecordId>,
    IfMatch(revision): IfMatch,
    Json(review): Json<NewReview>,
) -> Result<HttpResponse, AppError> {
    let asking = caller.clone();
    let commune = state
        .db
        .read(move |conn| {
            let row = records::find(conn, id)?.ok_or(ProblemCode::NotFound)?;
            require(&asking, Verb::Review, &row)?;
            Ok(row.commune())
        })
        .await?;
    let change = Review {
        actor: actor(&caller),
        record: id,
        revision,
        review: parse(review).map_err(AppError::fields)?,
    };
    let view = state.db.write_in(commune, move |conn| change.run(conn)).await?;
    Ok(super::records::answer(StatusCode::OK, view))
}
