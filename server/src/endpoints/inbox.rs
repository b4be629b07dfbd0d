//! The caller's inbox.

use crate::auth::Caller;
use crate::db::inbox;
use crate::extract::Json;
use crate::problem::AppError;
use crate::state::State;
use actix_web::HttpResponse;
use keng_shared::api::{Inbox, MAX_PAGE, MarkRead};
use keng_shared::problem::{FieldCode, FieldError};

/// `GET /inbox`: the latest lines and how many are unread.
pub async fn list(state: State, caller: Caller) -> Result<Json<Inbox>, AppError> {
    let me = caller.user_id();
    let inbox = state
        .db
        .snapshot(move |conn| {
            Ok(Inbox {
                items: inbox::latest(conn, me, MAX_PAGE)?,
                unread: inbox::unread(conn, me)?,
            })
        })
        .await?;
    Ok(Json(inbox))
}

/// `POST /inbox/read`: lines of others among the ids are left alone.
pub async fn mark_read(
    state: State,
    caller: Caller,
    Json(body): Json<MarkRead>,
) -> Result<HttpResponse, AppError> {
    if body.ids.len() > MAX_PAGE {
        return Err(FieldError::new("ids", FieldCode::TooLong)
            .with("max", MAX_PAGE)
            .into());
    }
    let (me, now) = (caller.user_id(), caller.now());
    state
        .db
        .write(move |conn| inbox::mark_read(conn, me, &body.ids, now))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
