//! Display names of users, by id.

use super::schema::app_user;
use super::{CHUNK, Conn, DbError};
use diesel::prelude::*;
use std::collections::HashMap;

/// The names of these users.
pub fn names(
    conn: &mut Conn,
    ids: impl IntoIterator<Item = String>,
) -> Result<HashMap<String, String>, DbError> {
    let ids: Vec<String> = ids.into_iter().collect();
    let mut found = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<(String, String)> = app_user::table
            .filter(app_user::id.eq_any(chunk))
            .select((app_user::id, app_user::name))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}
