//! Devices, their sessions, and the refresh values of those sessions.

use super::memberships::{self, Membership};
use super::schema::{device, device_session, refresh_token};
use super::users::{self, User};
use super::{Conn, DbError};
use diesel::prelude::*;
use keng_shared::api::DeviceInfo;
use keng_shared::id::{DeviceId, SessionId, UserId};
use keng_shared::time::Millis;

/// A device session.
#[derive(Debug, Clone)]
pub struct Session {
    /// The session.
    pub id: SessionId,
    /// Who is signed in.
    pub user_id: UserId,
    /// On which device.
    pub device_id: DeviceId,
    /// When it began.
    pub created_at: Millis,
    /// When it was last refreshed.
    pub last_seen_at: Millis,
    /// When it ends if it is not refreshed.
    pub expires_at: Millis,
    /// When it was ended.
    pub ended_at: Option<Millis>,
}

impl Session {
    /// Whether the session is good at `now`.
    pub fn is_open(&self, now: Millis) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}

/// A session with everything that a request needs to know about its person.
#[derive(Debug, Clone)]
pub struct SignedInPerson {
    /// The session.
    pub session: Session,
    /// The person.
    pub user: User,
    /// All memberships, whatever their state.
    pub memberships: Vec<Membership>,
}

/// A refresh value as stored.
#[derive(Debug, Clone)]
pub struct RefreshToken {
    /// Its session.
    pub session_id: SessionId,
    /// When it was exchanged for its successor.
    pub rotated_at: Option<Millis>,
}

type SessionColumns = (String, String, String, i64, i64, i64, Option<i64>);
const SESSION_COLUMNS: (
    device_session::id,
    device_session::user_id,
    device_session::device_id,
    device_session::created_at,
    device_session::last_seen_at,
    device_session::expires_at,
    device_session::ended_at,
) = (
    device_session::id,
    device_session::user_id,
    device_session::device_id,
    device_session::created_at,
    device_session::last_seen_at,
    device_session::expires_at,
    device_session::ended_at,
);

fn session_of(row: SessionColumns) -> Result<Session, DbError> {
    let (id, user_id, device_id, created_at, last_seen_at, expires_at, ended_at) = row;
    Ok(Session {
        id: DbError::unless(id.parse().ok(), "device_session.id")?,
        user_id: DbError::unless(user_id.parse().ok(), "device_session.user_id")?,
        device_id: DbError::unless(device_id.parse().ok(), "device_session.device_id")?,
        created_at: Millis(created_at),
        last_seen_at: Millis(last_seen_at),
        expires_at: Millis(expires_at),
        ended_at: ended_at.map(Millis),
    })
}

/// The public key of a device, if the device is known.
pub fn device_key(conn: &mut Conn, id: DeviceId) -> Result<Option<String>, DbError> {
    Ok(device::table
        .find(id.to_string())
        .select(device::public_key)
        .first(conn)
        .optional()?)
}

/// Stores a device that is not known yet.
pub fn insert_device(conn: &mut Conn, info: &DeviceInfo, now: Millis) -> Result<(), DbError> {
    diesel::insert_into(device::table)
        .values((
            device::id.eq(info.id.to_string()),
            device::public_key.eq(&info.public_key),
            device::label.eq(&info.label),
            device::created_at.eq(now.0),
        ))
        .execute(conn)?;
    Ok(())
}

/// Stores a session that begins now.
pub fn insert(conn: &mut Conn, session: &Session) -> Result<(), DbError> {
    diesel::insert_into(device_session::table)
        .values((
            device_session::id.eq(session.id.to_string()),
            device_session::user_id.eq(session.user_id.to_string()),
            device_session::device_id.eq(session.device_id.to_string()),
            device_session::created_at.eq(session.created_at.0),
            device_session::last_seen_at.eq(session.last_seen_at.0),
            device_session::expires_at.eq(session.expires_at.0),
        ))
        .execute(conn)?;
    Ok(())
}

/// The session with this id.
pub fn by_id(conn: &mut Conn, id: SessionId) -> Result<Option<Session>, DbError> {
    device_session::table
        .find(id.to_string())
        .select(SESSION_COLUMNS)
        .first::<SessionColumns>(conn)
        .optional()?
        .map(session_of)
        .transpose()
}

/// The session with its person and memberships.
pub fn person(conn: &mut Conn, id: SessionId) -> Result<Option<SignedInPerson>, DbError> {
    let Some(session) = by_id(conn, id)? else {
        return Ok(None);
    };
    let user = DbError::unless(users::by_id(conn, session.user_id)?, "device_session.user_id")?;
    let memberships = memberships::of_user(conn, user.id)?;
    Ok(Some(SignedInPerson {
        session,
        user,
        memberships,
    }))
}

/// The user's open sessions with the labels of their devices, newest first.
pub fn open_of(conn: &mut Conn, user: UserId, now: Millis) -> Result<Vec<(Session, String)>, DbError> {
    device_session::table
        .inner_join(device::table)
        .filter(device_session::user_id.eq(user.to_string()))
        .filter(device_session::ended_at.is_null())
        .filter(device_session::expires_at.gt(now.0))
        .order((device_session::last_seen_at.desc(), device_session::id.desc()))
        .select((SESSION_COLUMNS, device::label))
        .load::<(SessionColumns, String)>(conn)?
        .into_iter()
        .map(|(row, label)| Ok((session_of(row)?, label)))
        .collect()
}

/// Ends the session, if it is still open. Returns whether it was.
pub fn end(conn: &mut Conn, id: SessionId, reason: &str, now: Millis) -> Result<bool, DbError> {
    let ended = diesel::update(device_session::table.find(id.to_string()))
        .filter(device_session::ended_at.is_null())
        .set((
            device_session::ended_at.eq(now.0),
            device_session::ended_reason.eq(reason),
        ))
        .execute(conn)?;
    Ok(ended > 0)
}

/// Ends every open session of the user but `kept`. Returns those that were ended.
pub fn end_others(
    conn: &mut Conn,
    user: UserId,
    kept: Option<SessionId>,
    reason: &str,
    now: Millis,
) -> Result<Vec<SessionId>, DbError> {
    let mut ended = Vec::new();
    for (session, _) in open_of(conn, user, now)? {
        if Some(session.id) != kept && end(conn, session.id, reason, now)? {
            ended.push(session.id);
        }
    }
    Ok(ended)
}

/// Notes that the session was used and lives on until `expires_at`.
pub fn touch(conn: &mut Conn, id: SessionId, now: Millis, expires_at: Millis) -> Result<(), DbError> {
    diesel::update(device_session::table.find(id.to_string()))
        .set((
            device_session::last_seen_at.eq(now.0),
            device_session::expires_at.eq(expires_at.0),
        ))
        .execute(conn)?;
    Ok(())
}

/// Stores the hash of a refresh value.
pub fn insert_refresh(conn: &mut Conn, hash: &str, session: SessionId, now: Millis) -> Result<(), DbError> {
    diesel::insert_into(refresh_token::table)
        .values((
            refresh_token::hash.eq(hash),
            refresh_token::session_id.eq(session.to_string()),
            refresh_token::created_at.eq(now.0),
        ))
        .execute(conn)?;
    Ok(())
}

/// The refresh value with this hash.
pub fn refresh_by_hash(conn: &mut Conn, hash: &str) -> Result<Option<RefreshToken>, DbError> {
    refresh_token::table
        .find(hash)
        .select((refresh_token::session_id, refresh_token::rotated_at))
        .first::<(String, Option<i64>)>(conn)
        .optional()?
        .map(|(session_id, rotated_at)| {
            Ok(RefreshToken {
                session_id: DbError::unless(session_id.parse().ok(), "refresh_token.session_id")?,
                rotated_at: rotated_at.map(Millis),
            })
        })
        .transpose()
}

/// Marks the value as exchanged, unless another request was faster. Returns whether this one was the first.
pub fn rotate(conn: &mut Conn, hash: &str, now: Millis) -> Result<bool, DbError> {
    let rotated = diesel::update(refresh_token::table.find(hash))
        .filter(refresh_token::rotated_at.is_null())
        .set(refresh_token::rotated_at.eq(now.0))
        .execute(conn)?;
    Ok(rotated > 0)
}

/// Forgets values of the session that were exchanged before `before`.
pub fn forget_rotated(conn: &mut Conn, session: SessionId, before: Millis) -> Result<(), DbError> {
    diesel::delete(refresh_token::table)
        .filter(refresh_token::session_id.eq(session.to_string()))
        .filter(refresh_token::rotated_at.lt(before.0))
        .execute(conn)?;
    Ok(())
}
