//! Subscriptions of this device session to Web Push.

use crate::auth::Caller;
use crate::db::push;
use crate::extract::Json;
use crate::problem::AppError;
use crate::push::Recipient;
use crate::state::State;
use actix_web::HttpResponse;
use keng_shared::api::{NewPushSubscription, PushState};
use keng_shared::problem::{FieldCode, FieldError, ProblemCode};

/// `GET /push`.
pub async fn show(state: State, caller: Caller) -> Result<Json<PushState>, AppError> {
    let session = caller.session_id();
    let endpoint = state.db.read(move |conn| push::endpoint(conn, session)).await?;
    Ok(Json(PushState {
        public_key: state.push.public_key().map(str::to_owned),
        endpoint,
    }))
}

/// `PUT /push`: subscribing again replaces what there was.
pub async fn subscribe(
    state: State,
    caller: Caller,
    Json(body): Json<NewPushSubscription>,
) -> Result<HttpResponse, AppError> {
    let recipient = Recipient::read(&body)?;
    if !state.push.knows(&recipient.url) {
        return Err(FieldError::new("endpoint", FieldCode::NotAChoice).into());
    }
    let (session, me, now) = (caller.session_id(), caller.user_id(), caller.now());
    state
        .db
        .write(move |conn| push::subscribe(conn, session, me, &body, now))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `DELETE /push`: ending what there is not changes nothing.
pub async fn unsubscribe(state: State, caller: Caller) -> Result<HttpResponse, AppError> {
    let session = caller.session_id().to_string();
    state.db.write(move |conn| push::forget(conn, &session)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /push/trial`: a message to this device; `409 state_conflict` when it is not subscribed.
pub async fn trial(state: State, caller: Caller) -> Result<HttpResponse, AppError> {
    let (session, now) = (caller.session_id(), caller.now());
    let is_subscribed = state
        .db
        .write(move |conn| {
            let subscribed = push::endpoint(conn, session)?.is_some();
            if subscribed {
                push::put_trial(conn, session, now)?;
            }
            Ok(subscribed)
        })
        .await?;
    match is_subscribed {
        true => Ok(HttpResponse::Accepted().finish()),
        false => Err(ProblemCode::StateConflict.into()),
    }
}
