//! Sign-in, refresh, sign-out.

use crate::auth::caller::me;
use crate::auth::password::Verified;
use crate::auth::refresh::{self, Exchange, SESSION_MS};
use crate::auth::throttle::Attempt;
use crate::auth::tokens::Claims;
use crate::auth::{device_cookie, random_text};
use crate::client_address::ClientAddress;
use crate::db::audit::{self, Entry};
use crate::db::sessions::{self, Session, SignedInPerson};
use crate::db::users::{self, User};
use crate::db::{Conn, DbError};
use crate::extract::Json;
use crate::problem::AppError;
use crate::state::{AppState, State};
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keng_shared::api::{DeviceInfo, SignIn, SignedIn};
use keng_shared::id::{DeviceId, SessionId, UserId};
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::text;
use keng_shared::time::Millis;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

/// Longest label of a device, in characters.
const MAX_LABEL: usize = 100;

/// The empty body of a request that says everything by its address and cookie.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Name and password begin a device session. An unknown name and a wrong password look the same.
pub async fn sign_in(
    state: State,
    request: HttpRequest,
    ClientAddress(address): ClientAddress,
    Json(body): Json<SignIn>,
) -> Result<HttpResponse, AppError> {
    let device = checked_device(body.device)?;
    let now = state.clock.now();
    let attempt = Attempt {
        username: username_key(&body.username),
        device: device_of_cookie(&state, &request),
        address,
    };
    let wait = state.auth.throttle.wait(&attempt, now);
    if wait > 0 {
        return Err(too_many(wait));
    }

    let username = attempt.username.clone();
    let user = state
        .db
        .read(move |conn| users::by_username(conn, &username))
        .await?;
    let stored = user.as_ref().and_then(|user| user.password_hash.clone());
    let verified = state.auth.passwords.verify(body.password, stored).await?;
    let (Some(user), true) = (user, verified != Verified::No) else {
        state.auth.throttle.failed(&attempt, now);
        return Err(ProblemCode::WrongCredentials.into());
    };
    state.auth.throttle.succeeded(&attempt);

    let new_hash = match verified {
        Verified::YesWithNewHash(hash) => Some(hash),
        Verified::Yes | Verified::No => None,
    };
    begin_session(&state, user, device, new_hash, "session.sign_in").await
}

/// The refresh cookie gives a new access token and its own successor.
pub async fn refresh(
    state: State,
    request: HttpRequest,
    _body: Json<Nothing>,
) -> Result<HttpResponse, AppError> {
    let now = state.clock.now();
    let value = cookie(&request, refresh::COOKIE).ok_or(ProblemCode::NotSignedIn)?;
    let device = device_of_cookie(&state, &request);
    let key = state.auth.refresh.clone();
    let (exchange, person) = state
        .db
        .write(move |conn| {
            let exchange = refresh::exchange(conn, &key, &value, device, now)?;
            let person = match &exchange {
                Exchange::Next { session, .. } => sessions::person(conn, session.id)?,
                Exchange::Reused(session) => {
                    let entry = session_entry("session.refresh_reused", session, now);
                    audit::record(conn, &entry)?;
                    None
                }
                Exchange::Refused => None,
            };
            Ok((exchange, person))
        })
        .await?;
    match (exchange, person) {
        (Exchange::Next { value, .. }, Some(person)) => signed_in(&state, &person, &value, now),
        (Exchange::Reused(session), _) => {
            state.auth.people.forget_session(session.id);
            Err(ProblemCode::SessionEnded.into())
        }
        _ => Err(ProblemCode::SessionEnded.into()),
    }
}

/// Ends the device session of the refresh cookie. Without one there is nothing to end, and that is fine.
pub async fn sign_out(
    state: State,
    request: HttpRequest,
    _body: Json<Nothing>,
) -> Result<HttpResponse, AppError> {
    let now = state.clock.now();
    if let Some(value) = cookie(&request, refresh::COOKIE) {
        let ended = state
            .db
            .write(move |conn| {
                let Some(token) = sessions::refresh_by_hash(conn, &refresh::hash(&value))? else {
                    return Ok(None);
                };
                if !sessions::end(conn, token.session_id, "signed_out", now)? {
                    return Ok(None);
                }
                if let Some(session) = sessions::by_id(conn, token.session_id)? {
                    audit::record(conn, &session_entry("session.sign_out", &session, now))?;
                }
                Ok(Some(token.session_id))
            })
            .await?;
        if let Some(session) = ended {
            state.auth.people.forget_session(session);
        }
    }
    let mut gone = host_cookie(refresh::COOKIE, String::new(), Duration::ZERO);
    gone.make_removal();
    Ok(HttpResponse::NoContent().cookie(gone).finish())
}

/// Stores a session for somebody who has just proved who they are, and answers with its tokens.
async fn begin_session(
    state: &State,
    user: User,
    device: DeviceInfo,
    new_hash: Option<String>,
    action: &'static str,
) -> Result<HttpResponse, AppError> {
    let now = state.clock.now();
    let value = random_text();
    let first_value = value.clone();
    let session_id = SessionId(Uuid::now_v7());
    let person = state
        .db
        .write(move |conn| {
            if let Some(hash) = &new_hash {
                users::set_password(conn, user.id, hash, now)?;
            }
            begin(conn, user.id, &device, session_id, &first_value, action, now)
        })
        .await?;
    signed_in(state, &person, &value, now)
}

/// The part of a sign-in that belongs in one transaction.
pub(super) fn begin(
    conn: &mut Conn,
    user: UserId,
    device: &DeviceInfo,
    session_id: SessionId,
    first_value: &str,
    action: &'static str,
    now: Millis,
) -> Result<SignedInPerson, DbError> {
    remember_device(conn, device, now)?;
    let session = Session {
        id: session_id,
        user_id: user,
        device_id: device.id,
        created_at: now,
        last_seen_at: now,
        expires_at: now.plus(SESSION_MS),
        ended_at: None,
    };
    sessions::insert(conn, &session)?;
    refresh::start(conn, &session, first_value)?;
    audit::record(conn, &session_entry(action, &session, now))?;
    DbError::unless(sessions::person(conn, session_id)?, "device_session.id")
}

/// A device keeps its key for life: manifests signed with it must stay checkable.
fn remember_device(conn: &mut Conn, device: &DeviceInfo, now: Millis) -> Result<(), DbError> {
    match sessions::device_key(conn, device.id)? {
        None => sessions::insert_device(conn, device, now),
        Some(key) if key == device.public_key => Ok(()),
        Some(_) => {
            let error = FieldError::new("device.public_key", FieldCode::Duplicate);
            Err(Problem::fields(vec![error]).into())
        }
    }
}

fn session_entry(action: &'static str, session: &Session, now: Millis) -> Entry<'static> {
    Entry {
        at: now,
        actor: Some(session.user_id),
        device: Some(session.device_id),
        action,
        object_type: "device_session",
        object_id: session.id.to_string(),
        details: json!({}),
    }
}

pub(super) fn signed_in(
    state: &AppState,
    person: &SignedInPerson,
    refresh_value: &str,
    now: Millis,
) -> Result<HttpResponse, AppError> {
    let claims = Claims {
        user_id: person.user.id,
        session_id: person.session.id,
    };
    let (access_token, expires_at) = state.auth.tokens.issue(claims, now).map_err(AppError::internal)?;
    let today = now
        .local_date()
        .ok_or_else(|| AppError::internal("the clock is wrong"))?;
    let device = state
        .auth
        .device_cookie
        .value(person.session.device_id)
        .ok_or_else(|| AppError::internal("the device cookie key"))?;
    let life = Duration::milliseconds(SESSION_MS);
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .cookie(host_cookie(refresh::COOKIE, refresh_value.to_owned(), life))
        .cookie(host_cookie(device_cookie::COOKIE, device, Duration::days(400)))
        .json(SignedIn {
            access_token,
            expires_at,
            server_time: now,
            session_id: person.session.id,
            me: me(person, today),
        }))
}

/// A cookie that only this origin gets and no page can read.
fn host_cookie(name: &'static str, value: String, life: Duration) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Strict)
        .max_age(life)
        .finish()
}

fn cookie(request: &HttpRequest, name: &str) -> Option<String> {
    request.cookie(name).map(|cookie| cookie.value().to_owned())
}

fn device_of_cookie(state: &AppState, request: &HttpRequest) -> Option<DeviceId> {
    state
        .auth
        .device_cookie
        .read(&cookie(request, device_cookie::COOKIE)?)
}

/// Sign-in names are compared in lower case.
fn username_key(username: &str) -> String {
    text::fold_username(username)
}

pub(super) fn checked_device(mut device: DeviceInfo) -> Result<DeviceInfo, AppError> {
    device.label = text::clean(&device.label);
    if device.label.chars().count() > MAX_LABEL {
        return Err(FieldError::new("device.label", FieldCode::TooLong)
            .with("max", MAX_LABEL)
            .into());
    }
    let is_point = URL_SAFE_NO_PAD
        .decode(&device.public_key)
        .is_ok_and(|bytes| p256::ecdsa::VerifyingKey::from_sec1_bytes(&bytes).is_ok() && bytes.len() == 65);
    if !is_point {
        let error = FieldError::new("device.public_key", FieldCode::BadFormat);
        return Err(error
            .with("expected", "uncompressed P-256 point, base64url")
            .into());
    }
    Ok(device)
}

pub(super) fn too_many(wait_ms: i64) -> AppError {
    let seconds = u32::try_from(wait_ms.div_euclid(1_000) + 1).unwrap_or(u32::MAX);
    AppError::from(Problem::new(ProblemCode::TooManyRequests).with("seconds", seconds)).retry_after(seconds)
}
