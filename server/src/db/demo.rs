//! Whether this database holds the demo, and since when.

use super::schema::{app_user, area, setting};
use super::{Conn, DbError};
use diesel::dsl::count_star;
use diesel::prelude::*;
use keng_shared::time::Millis;

const LOADED_AT: &str = "demo_loaded_at";
const RECORDS: &str = "demo_records";

/// When the demo was loaded first, if it was. Its records are dated from then on, so that loading again finds them.
pub fn loaded_at(conn: &mut Conn) -> Result<Option<Millis>, DbError> {
    let text: Option<String> = setting::table
        .find(LOADED_AT)
        .select(setting::value)
        .first(conn)
        .optional()?;
    text.map(|text| DbError::unless(text.parse().ok().map(Millis), LOADED_AT))
        .transpose()
}

/// Notes that the demo is being loaded.
pub fn mark(conn: &mut Conn, at: Millis) -> Result<(), DbError> {
    diesel::insert_into(setting::table)
        .values((setting::name.eq(LOADED_AT), setting::value.eq(at.0.to_string())))
        .execute(conn)?;
    Ok(())
}

/// Which records of the demo are all stored, as [`mark_records`] noted it.
pub fn records(conn: &mut Conn) -> Result<Option<String>, DbError> {
    let records = setting::table.find(RECORDS).select(setting::value).first(conn);
    Ok(records.optional()?)
}

/// Notes that the records that `digest` stands for are all stored.
pub fn mark_records(conn: &mut Conn, digest: &str) -> Result<(), DbError> {
    diesel::delete(setting::table.find(RECORDS)).execute(conn)?;
    diesel::insert_into(setting::table)
        .values((setting::name.eq(RECORDS), setting::value.eq(digest)))
        .execute(conn)?;
    Ok(())
}

/// Whether nobody has put anything in yet.
pub fn is_empty(conn: &mut Conn) -> Result<bool, DbError> {
    let areas: i64 = area::table.select(count_star()).first(conn)?;
    let users: i64 = app_user::table.select(count_star()).first(conn)?;
    Ok(areas + users == 0)
}
