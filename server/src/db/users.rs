//! People who sign in.

use super::schema::{app_user, membership};
use super::{Conn, DbError};
use diesel::prelude::*;
use keng_shared::id::{AreaId, UserId};
use keng_shared::text;
use keng_shared::time::Millis;

/// A stored user.
#[derive(Debug, Clone)]
pub struct User {
    /// The user.
    pub id: UserId,
    /// Sign-in name.
    pub username: String,
    /// Display name.
    pub name: String,
    /// PHC string of the password; none before enrolment.
    pub password_hash: Option<String>,
}

type UserColumns = (String, String, String, Option<String>);
const USER_COLUMNS: (
    app_user::id,
    app_user::username,
    app_user::name,
    app_user::password_hash,
) = (
    app_user::id,
    app_user::username,
    app_user::name,
    app_user::password_hash,
);

fn user_of((id, username, name, password_hash): UserColumns) -> Result<User, DbError> {
    Ok(User {
        id: DbError::unless(id.parse().ok(), "app_user.id")?,
        username,
        name,
        password_hash,
    })
}

/// The user with this sign-in name (already in lower case).
pub fn by_username(conn: &mut Conn, username: &str) -> Result<Option<User>, DbError> {
    app_user::table
        .filter(app_user::username.eq(username))
        .select(USER_COLUMNS)
        .first::<UserColumns>(conn)
        .optional()?
        .map(user_of)
        .transpose()
}

/// The user with this id.
pub fn by_id(conn: &mut Conn, id: UserId) -> Result<Option<User>, DbError> {
    app_user::table
        .find(id.to_string())
        .select(USER_COLUMNS)
        .first::<UserColumns>(conn)
        .optional()?
        .map(user_of)
        .transpose()
}

/// Nobody else plans for these people before this transaction ends.
pub fn lock_all(conn: &mut Conn, ids: &[UserId]) -> Result<(), DbError> {
    if let Conn::Postgres(conn) = conn {
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        // In one order, so that two plans never wait for each other.
        app_user::table
            .filter(app_user::id.eq_any(ids))
            .order(app_user::id)
            .select(app_user::id)
            .for_no_key_update()
            .load::<String>(conn)?;
    }
    Ok(())
}

/// Stores a new user without a password. A taken username is a unique violation.
pub fn insert(conn: &mut Conn, id: UserId, username: &str, name: &str, now: Millis) -> Result<(), DbError> {
    diesel::insert_into(app_user::table)
        .values((
            app_user::id.eq(id.to_string()),
            app_user::username.eq(username),
            app_user::name.eq(name),
            app_user::search.eq(text::search_key(&format!("{name} {username}"))),
            app_user::sort.eq(text::sort_key(name)),
            app_user::created_at.eq(now.0),
        ))
        .execute(conn)?;
    Ok(())
}

/// Sets the password's PHC string.
pub fn set_password(conn: &mut Conn, id: UserId, hash: &str, now: Millis) -> Result<(), DbError> {
    diesel::update(app_user::table.find(id.to_string()))
        .set((
            app_user::password_hash.eq(hash),
            app_user::password_changed_at.eq(now.0),
        ))
        .execute(conn)?;
    Ok(())
}

/// Whether anybody is stored yet.
pub fn any(conn: &mut Conn) -> Result<bool, DbError> {
    let first = app_user::table
        .select(app_user::id)
        .first::<String>(conn)
        .optional()?;
    Ok(first.is_some())
}

/// Where a page of users begins: behind this sort key and id.
#[derive(Debug, Clone)]
pub struct After {
    /// Sort key of the last user of the page before.
    pub sort: String,
    /// Their id.
    pub id: String,
}

/// Users with a membership in one of `areas`, whose name contains `search` (a search key), in Vietnamese order; each
/// with the place of the next page behind them.
pub fn list(
    conn: &mut Conn,
    areas: &[AreaId],
    search: &str,
    after: Option<&After>,
    limit: i64,
) -> Result<Vec<(User, After)>, DbError> {
    let areas: Vec<i64> = areas.iter().map(|area| area.0).collect();
    let inside = membership::table
        .filter(membership::area_id.eq_any(areas))
        .select(membership::user_id);
    let mut query = app_user::table
        .filter(app_user::id.eq_any(inside))
        .order((app_user::sort, app_user::id))
        .limit(limit)
        .select((USER_COLUMNS, app_user::sort))
        .into_boxed();
    if !search.is_empty() {
        // Search keys hold letters, digits and spaces only, so nothing in one is a wildcard.
        query = query.filter(app_user::search.like(format!("%{search}%")));
    }
    if let Some(after) = after {
        let same_key = app_user::sort
            .eq(after.sort.clone())
            .and(app_user::id.gt(after.id.clone()));
        query = query.filter(app_user::sort.gt(after.sort.clone()).or(same_key));
    }
    query
        .load::<(UserColumns, String)>(conn)?
        .into_iter()
        .map(|(row, sort)| {
            let id = row.0.clone();
            Ok((user_of(row)?, After { sort, id }))
        })
        .collect()
}
