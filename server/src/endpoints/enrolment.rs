//! Setting a password: the first one with a one-time code, later ones with the one in force.

use super::access::{begin, checked_device, signed_in, too_many};
use crate::auth::caller::Caller;
use crate::auth::password::{self, Verified};
use crate::auth::random_text;
use crate::auth::throttle::Attempt;
use crate::client_address::ClientAddress;
use crate::db::audit::{self, Entry};
use crate::db::{enrolments, memberships, sessions, users};
use crate::extract::Json;
use crate::problem::AppError;
use crate::state::State;
use actix_web::HttpResponse;
use keng_shared::api::{ChangePassword, Enrol, EnrolCheck, EnrolInfo};
use keng_shared::id::SessionId;
use keng_shared::problem::{FieldCode, FieldError, ProblemCode};
use serde_json::json;
use uuid::Uuid;

/// Whom a code belongs to.
pub async fn check(state: State, Json(body): Json<EnrolCheck>) -> Result<Json<EnrolInfo>, AppError> {
    let now = state.clock.now();
    let found = state
        .db
        .read(move |conn| enrolments::valid(conn, &body.code, now))
        .await?
        .ok_or(ProblemCode::EnrolmentExpired)?;
    Ok(Json(EnrolInfo {
        username: found.username,
        name: found.name,
        expires_at: found.expires_at,
    }))
}

/// The code sets the password, puts invited memberships in force, ends older sessions and begins one here.
pub async fn enrol(state: State, Json(body): Json<Enrol>) -> Result<HttpResponse, AppError> {
    let device = checked_device(body.device)?;
    let now = state.clock.now();
    let code = body.code;
    let wanted = code.clone();
    let enrolment = state
        .db
        .read(move |conn| enrolments::valid(conn, &wanted, now))
        .await?
        .ok_or(ProblemCode::EnrolmentExpired)?;
    password::check_new("password", &body.password, &enrolment.username)?;
    let hash = state.auth.passwords.hash(body.password).await?;

    let value = random_text();
    let first_value = value.clone();
    let session_id = SessionId(Uuid::now_v7());
    let user_id = enrolment.user_id;
    let person = state
        .db
        .write(move |conn| {
            if !enrolments::consume(conn, &code, now)? {
                return Err(ProblemCode::EnrolmentExpired.into());
            }
            users::set_password(conn, user_id, &hash, now)?;
            memberships::activate_invited(conn, user_id)?;
            sessions::end_others(conn, user_id, None, "enrolled_again", now)?;
            begin(
                conn,
                user_id,
                &device,
                session_id,
                &first_value,
                "session.enrol",
                now,
            )
        })
        .await?;
    state.auth.people.forget_user(user_id);
    signed_in(&state, &person, &value, now)
}

/// The caller's own new password; every other session of theirs ends.
pub async fn change_password(
    state: State,
    caller: Caller,
    ClientAddress(address): ClientAddress,
    Json(body): Json<ChangePassword>,
) -> Result<HttpResponse, AppError> {
    password::check_new("new", &body.new, caller.username())?;
    let now = caller.now();
    // A thief of an open phone must not guess the password here any faster than at the door.
    let attempt = Attempt {
        username: caller.username().to_owned(),
        device: Some(caller.device_id()),
        address,
    };
    let wait = state.auth.throttle.wait(&attempt, now);
    if wait > 0 {
        return Err(too_many(wait));
    }
    let user_id = caller.user_id();
    let stored = state
        .db
        .read(move |conn| users::by_id(conn, user_id))
        .await?
        .and_then(|user| user.password_hash);
    if state.auth.passwords.verify(body.current, stored).await? == Verified::No {
        state.auth.throttle.failed(&attempt, now);
        return Err(FieldError::new("current", FieldCode::NotAChoice).into());
    }
    state.auth.throttle.succeeded(&attempt);
    let hash = state.auth.passwords.hash(body.new).await?;

    let (session_id, device_id) = (caller.session_id(), caller.device_id());
    state
        .db
        .write(move |conn| {
            users::set_password(conn, user_id, &hash, now)?;
            let ended = sessions::end_others(conn, user_id, Some(session_id), "password_changed", now)?;
            audit::record(
                conn,
                &Entry {
                    at: now,
                    actor: Some(user_id),
                    device: Some(device_id),
                    action: "user.change_password",
                    object_type: "app_user",
                    object_id: user_id.to_string(),
                    details: json!({"ended_sessions": ended}),
                },
            )?;
            Ok(())
        })
        .await?;
    state.auth.people.forget_user(user_id);
    Ok(HttpResponse::NoContent().finish())
}
