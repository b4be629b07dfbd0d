//! One-time codes with which a person sets a password. Only the hash of a code is stored.

use super::schema::{app_user, enrolment};
use super::{Conn, DbError};
use diesel::prelude::*;
use keng_shared::evidence::sha256_hex;
use keng_shared::id::UserId;
use keng_shared::time::Millis;

/// Whom a valid code belongs to.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// The person.
    pub user_id: UserId,
    /// Their sign-in name.
    pub username: String,
    /// Their display name.
    pub name: String,
    /// Until when the code works.
    pub expires_at: Millis,
}

/// Stores a new code for the user; older codes of theirs stop working.
pub fn replace(
    conn: &mut Conn,
    code: &str,
    user: UserId,
    created_by: Option<UserId>,
    now: Millis,
    expires_at: Millis,
) -> Result<(), DbError> {
    diesel::delete(enrolment::table)
        .filter(enrolment::user_id.eq(user.to_string()))
        .filter(enrolment::used_at.is_null())
        .execute(conn)?;
    diesel::insert_into(enrolment::table)
        .values((
            enrolment::code_hash.eq(sha256_hex(code.as_bytes())),
            enrolment::user_id.eq(user.to_string()),
            enrolment::created_by.eq(created_by.map(|user| user.to_string())),
            enrolment::created_at.eq(now.0),
            enrolment::expires_at.eq(expires_at.0),
        ))
        .execute(conn)?;
    Ok(())
}

/// The person of a code that has not been used and has not run out.
pub fn valid(conn: &mut Conn, code: &str, now: Millis) -> Result<Option<Enrolment>, DbError> {
    enrolment::table
        .inner_join(app_user::table.on(app_user::id.eq(enrolment::user_id)))
        .filter(enrolment::code_hash.eq(sha256_hex(code.as_bytes())))
        .filter(enrolment::used_at.is_null())
        .filter(enrolment::expires_at.gt(now.0))
        .select((
            app_user::id,
            app_user::username,
            app_user::name,
            enrolment::expires_at,
        ))
        .first::<(String, String, String, i64)>(conn)
        .optional()?
        .map(|(id, username, name, expires_at)| {
            Ok(Enrolment {
                user_id: DbError::unless(id.parse().ok(), "app_user.id")?,
                username,
                name,
                expires_at: Millis(expires_at),
            })
        })
        .transpose()
}

/// Uses the code up. Returns whether this call did it: of two at the same time only one does.
pub fn consume(conn: &mut Conn, code: &str, now: Millis) -> Result<bool, DbError> {
    let used = diesel::update(enrolment::table.find(sha256_hex(code.as_bytes())))
        .filter(enrolment::used_at.is_null())
        .filter(enrolment::expires_at.gt(now.0))
        .set(enrolment::used_at.eq(now.0))
        .execute(conn)?;
    Ok(used > 0)
}
