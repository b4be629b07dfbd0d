//! Days that were announced as working days or days off, otherwise than the calendar that ships says.

use super::schema_incidents::working_day;
use super::{Conn, DbError};
use crate::both;
use diesel::prelude::*;
use keng_shared::id::UserId;
use keng_shared::incident::calendar::Announced;
use keng_shared::time::{LocalDate, Millis, parse_date};

/// What was said of a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The date.
    pub date: LocalDate,
    /// Whether people work.
    pub works: bool,
    /// What it is.
    pub name: String,
}

/// What was announced for this date and later ones.
pub fn announced_from(conn: &mut Conn, from: LocalDate) -> Result<Announced, DbError> {
    let rows: Vec<(String, i32)> = working_day::table
        .filter(working_day::date.ge(from.to_string()))
        .select((working_day::date, working_day::works))
        .load(conn)?;
    rows.into_iter()
        .map(|(date, works)| Ok((read_date(&date)?, works != 0)))
        .collect()
}

/// What was said of the dates of a span, by date.
pub fn between(conn: &mut Conn, from: LocalDate, to: LocalDate) -> Result<Vec<Said>, DbError> {
    let rows: Vec<(String, i32, String)> = working_day::table
        .filter(working_day::date.between(from.to_string(), to.to_string()))
        .order(working_day::date)
        .select((working_day::date, working_day::works, working_day::name))
        .load(conn)?;
    let said = |(date, works, name): (String, i32, String)| {
        Ok(Said {
            date: read_date(&date)?,
            works: works != 0,
            name,
        })
    };
    rows.into_iter().map(said).collect()
}

/// Says this of a date, whatever was said before.
pub fn put(conn: &mut Conn, said: &Said, by: UserId, at: Millis) -> Result<(), DbError> {
    let (date, works) = (said.date.to_string(), i32::from(said.works));
    both!(conn, |conn| diesel::insert_into(working_day::table)
        .values((
            working_day::date.eq(&date),
            working_day::works.eq(works),
            working_day::name.eq(&said.name),
            working_day::changed_by.eq(by.to_string()),
            working_day::changed_at.eq(at.0),
        ))
        .on_conflict(working_day::date)
        .do_update()
        .set((
            working_day::works.eq(works),
            working_day::name.eq(&said.name),
            working_day::changed_by.eq(by.to_string()),
            working_day::changed_at.eq(at.0),
        ))
        .execute(conn))?;
    Ok(())
}

/// Takes back what was said of the dates of a span; says of how many.
pub fn delete(conn: &mut Conn, from: LocalDate, to: LocalDate) -> Result<usize, DbError> {
    let span = working_day::date.between(from.to_string(), to.to_string());
    Ok(diesel::delete(working_day::table.filter(span)).execute(conn)?)
}

fn read_date(text: &str) -> Result<LocalDate, DbError> {
    DbError::unless(parse_date(text), "working_day.date")
}
