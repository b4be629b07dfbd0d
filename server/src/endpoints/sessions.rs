//! Device sessions of the caller, and of people whom the caller manages.

use super::manage_people::{Reach, load_managed};
use crate::auth::Caller;
use crate::db::audit::{self, Entry};
use crate::db::sessions;
use crate::extract::{Json, Path};
use crate::problem::AppError;
use crate::state::State;
use actix_web::HttpResponse;
use keng_shared::api::SessionView;
use keng_shared::id::{SessionId, UserId};
use keng_shared::problem::ProblemCode;
use serde_json::json;

/// The caller's open sessions, the latest used first.
pub async fn list(state: State, caller: Caller) -> Result<Json<Vec<SessionView>>, AppError> {
    open_sessions(&state, &caller, caller.user_id()).await
}

/// Ends one of the caller's own sessions.
pub async fn end(state: State, caller: Caller, Path(id): Path<SessionId>) -> Result<HttpResponse, AppError> {
    end_session(&state, &caller, caller.user_id(), id, "ended_by_owner").await
}

/// Open sessions of somebody whom the caller may manage.
pub async fn list_of(
    state: State,
    caller: Caller,
    Path(user): Path<UserId>,
) -> Result<Json<Vec<SessionView>>, AppError> {
    load_managed(&state, &caller, user, Reach::EveryMembership).await?;
    open_sessions(&state, &caller, user).await
}

/// Ends a session of somebody whom the caller may manage.
pub async fn end_of(
    state: State,
    caller: Caller,
    Path((user, id)): Path<(UserId, SessionId)>,
) -> Result<HttpResponse, AppError> {
    load_managed(&state, &caller, user, Reach::EveryMembership).await?;
    end_session(&state, &caller, user, id, "ended_by_staff").await
}

async fn open_sessions(
    state: &State,
    caller: &Caller,
    user: UserId,
) -> Result<Json<Vec<SessionView>>, AppError> {
    let now = caller.now();
    let open = state
        .db
        .read(move |conn| sessions::open_of(conn, user, now))
        .await?;
    let views = open.into_iter().map(|(session, device_label)| SessionView {
        id: session.id,
        device_id: session.device_id,
        device_label,
        created_at: session.created_at,
        last_seen_at: session.last_seen_at,
        current: session.id == caller.session_id(),
    });
    Ok(Json(views.collect()))
}

async fn end_session(
    state: &State,
    caller: &Caller,
    owner: UserId,
    id: SessionId,
    reason: &'static str,
) -> Result<HttpResponse, AppError> {
    let (now, actor, device) = (caller.now(), caller.user_id(), caller.device_id());
    state
        .db
        .write(move |conn| {
            let is_owners = sessions::by_id(conn, id)?.is_some_and(|session| session.user_id == owner);
            if !is_owners {
                return Err(ProblemCode::NotFound.into());
            }
            // Ending what has ended already is what was asked for.
            if sessions::end(conn, id, reason, now)? {
                audit::record(
                    conn,
                    &Entry {
                        at: now,
                        actor: Some(actor),
                        device: Some(device),
                        action: "session.end",
                        object_type: "device_session",
                        object_id: id.to_string(),
                        details: json!({"reason": reason}),
                    },
                )?;
            }
            Ok(())
        })
        .await?;
    state.auth.people.forget_session(id);
    Ok(HttpResponse::NoContent().finish())
}
