//! Secrets that every instance of the server shares.

use super::schema::server_key;
use super::{Conn, DbError};
use diesel::prelude::*;
use keng_shared::time::Millis;

/// A stored secret.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = server_key)]
pub struct ServerKey {
    /// Names the key, such as `kid` of a token.
    pub id: String,
    /// What it is for.
    pub purpose: String,
    /// The secret, base64url without padding.
    pub secret: String,
    /// When it was made.
    pub created_at: i64,
    /// When it was put out of use.
    pub retired_at: Option<i64>,
}

/// The key for `purpose` that is in use; `candidate` is stored and returned if there is none yet. Two
/// instances that start together both read the oldest candidate.
pub fn current_or_insert(conn: &mut Conn, candidate: &ServerKey) -> Result<ServerKey, DbError> {
    if let Some(key) = current(conn, &candidate.purpose)? {
        return Ok(key);
    }
    diesel::insert_into(server_key::table)
        .values(candidate)
        .execute(conn)?;
    DbError::unless(current(conn, &candidate.purpose)?, "server_key")
}

/// A key for this purpose and time.
pub fn candidate(purpose: &str, secret: String, now: Millis) -> ServerKey {
    ServerKey {
        id: format!("{purpose}-{}", now.0),
        purpose: purpose.to_owned(),
        secret,
        created_at: now.0,
        retired_at: None,
    }
}

/// The key for `purpose` that is in use.
pub fn current(conn: &mut Conn, purpose: &str) -> Result<Option<ServerKey>, DbError> {
    Ok(server_key::table
        .filter(server_key::purpose.eq(purpose))
        .filter(server_key::retired_at.is_null())
        .order((server_key::created_at.asc(), server_key::id.asc()))
        .first::<ServerKey>(conn)
        .optional()?)
}
