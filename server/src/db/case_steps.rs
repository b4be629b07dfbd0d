//! Steps of cases: what was done, by whom, with which words. Rows are never changed.

use super::people;
use super::records::person;
use super::schema_incidents::case_step;
use super::{Conn, DbError};
use diesel::prelude::*;
use keng_shared::api::{CaseAction, CaseStep, SameEvent};
use keng_shared::geo::LatLon;
use keng_shared::id::{RecordId, UserId};
use keng_shared::incident::Severity;
use keng_shared::incident::case::CaseState;
use keng_shared::time::Millis;
use std::collections::HashMap;
use uuid::Uuid;

/// The action of [`CaseAction::Weighed`] as it is stored.
const WEIGHED: &str = "weighed";
/// The action of [`CaseAction::Placed`] as it is stored.
const PLACED: &str = "placed";

/// Adds a step. A step without a person is the server's own.
pub fn add_step(
    conn: &mut Conn,
    id: RecordId,
    by: Option<UserId>,
    at: Millis,
    action: &CaseAction,
    words: &str,
) -> Result<(), DbError> {
    let (name, value) = match action {
        CaseAction::Moved { to } => ("moved", to.as_str().to_owned()),
        CaseAction::Assigned { to } => (
            "assigned",
            to.as_ref().map(|to| to.id.to_string()).unwrap_or_default(),
        ),
        CaseAction::Weighed { severity } => (WEIGHED, severity.as_str().to_owned()),
        CaseAction::Placed { position } => (PLACED, place_text(*position)),
        CaseAction::Compared { other, verdict } => (verdict.as_str(), other.to_string()),
    };
    diesel::insert_into(case_step::table)
        .values((
            case_step::id.eq(Uuid::now_v7().to_string()),
            case_step::record_id.eq(id.to_string()),
            case_step::at.eq(at.0),
            case_step::by_id.eq(by.map(|by| by.to_string())),
            case_step::action.eq(name),
            case_step::value.eq(value),
            case_step::words.eq(words),
        ))
        .execute(conn)?;
    Ok(())
}

/// Whether anybody but this person has judged the severity.
pub fn was_weighed_by_another(conn: &mut Conn, id: RecordId, person: UserId) -> Result<bool, DbError> {
    let weighed: i64 = case_step::table
        .filter(case_step::record_id.eq(id.to_string()))
        .filter(case_step::action.eq(WEIGHED))
        .filter(case_step::by_id.ne(person.to_string()))
        .count()
        .get_result(conn)?;
    Ok(weighed > 0)
}

type StepColumns = (i64, Option<String>, String, String, String);

/// What was done, oldest first.
pub fn steps(conn: &mut Conn, id: RecordId) -> Result<Vec<CaseStep>, DbError> {
    let rows: Vec<StepColumns> = case_step::table
        .filter(case_step::record_id.eq(id.to_string()))
        .order(case_step::id)
        .select((
            case_step::at,
            case_step::by_id,
            case_step::action,
            case_step::value,
            case_step::words,
        ))
        .load(conn)?;
    let officers = rows
        .iter()
        .filter(|row| row.2 == "assigned" && !row.3.is_empty())
        .map(|row| row.3.clone());
    let ids: Vec<String> = rows
        .iter()
        .filter_map(|row| row.1.clone())
        .chain(officers)
        .collect();
    let names = people::names(conn, ids)?;
    rows.into_iter()
        .map(|(at, by, action, value, words)| {
            Ok(CaseStep {
                at: Millis(at),
                by: by.map(|by| person(&names, &by)).transpose()?,
                action: action_of(&action, &value, &names)?,
                words,
            })
        })
        .collect()
}

fn action_of(action: &str, value: &str, names: &HashMap<String, String>) -> Result<CaseAction, DbError> {
    if let Some(verdict) = SameEvent::parse(action) {
        let other = DbError::unless(value.parse().ok(), "case_step.value")?;
        return Ok(CaseAction::Compared { other, verdict });
    }
    match action {
        "moved" => Ok(CaseAction::Moved {
            to: DbError::unless(CaseState::parse(value), "case_step.value")?,
        }),
        WEIGHED => Ok(CaseAction::Weighed {
            severity: DbError::unless(Severity::parse(value), "case_step.value")?,
        }),
        PLACED => Ok(CaseAction::Placed {
            position: DbError::unless(read_place(value), "case_step.value")?,
        }),
        "assigned" if value.is_empty() => Ok(CaseAction::Assigned { to: None }),
        "assigned" => Ok(CaseAction::Assigned {
            to: Some(person(names, value)?),
        }),
        _ => Err(DbError::Corrupt("case_step.action".to_owned())),
    }
}

/// A place as a step has it: whole 1e-7 degrees of latitude and longitude, nothing if nobody knows.
fn place_text(position: Option<LatLon>) -> String {
    position.map_or_else(String::new, |at| format!("{},{}", at.lat_e7, at.lon_e7))
}

fn read_place(text: &str) -> Option<Option<LatLon>> {
    if text.is_empty() {
        return Some(None);
    }
    let (lat, lon) = text.split_once(',')?;
    Some(Some(LatLon {
        lat_e7: lat.parse().ok()?,
        lon_e7: lon.parse().ok()?,
    }))
}
