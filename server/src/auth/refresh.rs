//! Refresh values: opaque 256-bit values in a cookie that pages cannot read, stored hashed, exchanged at each use.
//!
//! The successor of a value is an HMAC of it under a server key, so every instance can derive it again without
//! storing it: a phone whose answer was lost sends the old value once more and gets the same successor. That is
//! allowed for [`GRACE_MS`] and from the same device; any other second use ends the session.

use crate::db::sessions::{self, Session};
use crate::db::{Conn, DbError};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use keng_shared::evidence::sha256_hex;
use keng_shared::id::DeviceId;
use keng_shared::time::Millis;
use sha2::Sha256;

/// The cookie of the refresh value.
pub const COOKIE: &str = "__Host-keng_refresh";
/// Life of a session that is not refreshed: 60 days.
pub const SESSION_MS: i64 = 60 * 24 * 3_600_000;
/// How long an exchanged value gives its successor again.
pub const GRACE_MS: i64 = 30_000;
/// Exchanged values are forgotten after 7 days; then one is unknown instead of reused.
const REMEMBER_MS: i64 = 7 * 24 * 3_600_000;

/// Derives successors.
#[derive(Clone)]
pub struct RefreshKey(Vec<u8>);

/// What presenting a refresh value came to.
#[derive(Debug)]
pub enum Exchange {
    /// A good value: the session lives on with this one.
    Next {
        /// The session.
        session: Box<Session>,
        /// The successor, in clear.
        value: String,
    },
    /// Nobody's value, or of a session that has ended.
    Refused,
    /// A value used twice: its session was ended by this call.
    Reused(Box<Session>),
}

impl RefreshKey {
    /// Successors under this secret.
    pub fn new(secret: Vec<u8>) -> Self {
        Self(secret)
    }

    /// The value that follows `value`.
    pub fn successor(&self, value: &str) -> Result<String, DbError> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0)
            .map_err(|_| DbError::Corrupt("the refresh key".to_owned()))?;
        mac.update(b"keng refresh successor\0");
        mac.update(value.as_bytes());
        Ok(URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    }
}

/// Stores the first value of a session.
pub fn start(conn: &mut Conn, session: &Session, value: &str) -> Result<(), DbError> {
    sessions::insert_refresh(conn, &hash(value), session.id, session.created_at)
}

/// Exchanges `value` for its successor. `device` is what the device cookie says.
pub fn exchange(
    conn: &mut Conn,
    key: &RefreshKey,
    value: &str,
    device: Option<DeviceId>,
    now: Millis,
) -> Result<Exchange, DbError> {
    let value_hash = hash(value);
    let Some(token) = sessions::refresh_by_hash(conn, &value_hash)? else {
        return Ok(Exchange::Refused);
    };
    let session = DbError::unless(
        sessions::by_id(conn, token.session_id)?,
        "refresh_token.session_id",
    )?;
    if !session.is_open(now) {
        return Ok(Exchange::Refused);
    }
    let next = key.successor(value)?;
    if sessions::rotate(conn, &value_hash, now)? {
        sessions::insert_refresh(conn, &hash(&next), session.id, now)?;
        sessions::touch(conn, session.id, now, now.plus(SESSION_MS))?;
        sessions::forget_rotated(conn, session.id, now.plus(-REMEMBER_MS))?;
        return Ok(next_of(session, next));
    }
    // Read again: when two requests raced, the other one has set the time just now.
    let rotated_at = sessions::refresh_by_hash(conn, &value_hash)?.and_then(|token| token.rotated_at);
    let age = rotated_at.map_or(i64::MAX, |at| now.since(at));
    if age <= GRACE_MS && device == Some(session.device_id) {
        return Ok(next_of(session, next));
    }
    sessions::end(conn, session.id, "refresh_reused", now)?;
    Ok(Exchange::Reused(Box::new(session)))
}

/// How a value is stored.
pub fn hash(value: &str) -> String {
    sha256_hex(value.as_bytes())
}

fn next_of(session: Session, value: String) -> Exchange {
    Exchange::Next {
        session: Box::new(session),
        value,
    }
}
