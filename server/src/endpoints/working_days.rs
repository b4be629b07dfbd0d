//! The working calendar by which due times are counted. The calendar that ships knows the solar holidays and Tết of some
//! years; what the Prime Minister announces is set here by who administers the highest area.

use crate::auth::Caller;
use crate::db::working_days::{self, Said};
use crate::extract::{Json, Query};
use crate::problem::AppError;
use crate::state::State;
use crate::sync::cases::due::move_due;
use crate::sync::permit::actor;
use chrono::{Datelike, Days};
use keng_shared::api::{
    DaySpan, MAX_DAY_NAME, MAX_SPAN_DAYS, NewDaySpan, SpanQuery, WorkingYear, WorkingYearQuery,
};
use keng_shared::incident::calendar::{holidays, knows_tet};
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, ProblemCode};
use keng_shared::text;
use keng_shared::time::LocalDate;
use serde_json::json;
use std::collections::BTreeMap;

/// Years that can be looked at and set.
const YEARS: std::ops::RangeInclusive<i32> = 2024..=2100;

/// `GET /working-days`
pub async fn show(
    state: State,
    caller: Caller,
    Query(query): Query<WorkingYearQuery>,
) -> Result<Json<WorkingYear>, AppError> {
    let year = query.year.unwrap_or_else(|| caller.today().year());
    Ok(Json(read(&state, year, may_set(&caller)).await?))
}

/// `PUT /working-days`: the year of the first day, as it is then.
pub async fn put(
    state: State,
    caller: Caller,
    Json(new): Json<NewDaySpan>,
) -> Result<Json<WorkingYear>, AppError> {
    require_highest(&caller)?;
    let new = checked(new)?;
    let year = new.from.year();
    state
        .db
        .write(move |conn| {
            for date in dates(new.from, new.to) {
                let said = Said {
                    date,
                    works: new.works,
                    name: new.name.clone(),
                };
                working_days::put(conn, &said, caller.user_id(), caller.now())?;
            }
            let moved = move_due(conn, new.from, caller.now())?;
            let details = json!({ "to": new.to, "works": new.works, "name": new.name, "cases_moved": moved });
            let id = new.from.to_string();
            actor(&caller).audit(conn, "working_days.set", "working_days", &id, details)
        })
        .await?;
    Ok(Json(read(&state, year, true).await?))
}

/// `DELETE /working-days`: the year of the first day, as it is then.
pub async fn delete(
    state: State,
    caller: Caller,
    Query(span): Query<SpanQuery>,
) -> Result<Json<WorkingYear>, AppError> {
    require_highest(&caller)?;
    if let Some(error) = wrong_span(span.from, span.to) {
        return Err(error.into());
    }
    state
        .db
        .write(move |conn| {
            let taken = working_days::delete(conn, span.from, span.to)?;
            let moved = move_due(conn, span.from, caller.now())?;
            let details = json!({ "to": span.to, "days": taken, "cases_moved": moved });
            let id = span.from.to_string();
            actor(&caller).audit(conn, "working_days.clear", "working_days", &id, details)
        })
        .await?;
    Ok(Json(read(&state, span.from.year(), true).await?))
}

/// The calendar is one for the whole installation: who sets it administers an area that nothing is above.
fn may_set(caller: &Caller) -> bool {
    let tree = caller.tree();
    let is_highest = |area: &_| tree.get(*area).is_some() && tree.parent(*area, caller.today()).is_none();
    caller.roots(Verb::ManageAreas).iter().any(is_highest)
}

fn require_highest(caller: &Caller) -> Result<(), AppError> {
    match may_set(caller) {
        true => Ok(()),
        false => Err(ProblemCode::Forbidden.into()),
    }
}

async fn read(state: &State, year: i32, may_set: bool) -> Result<WorkingYear, AppError> {
    let ends = (
        LocalDate::from_ymd_opt(year, 1, 1),
        LocalDate::from_ymd_opt(year, 12, 31),
    );
    let (Some(first), Some(last)) = ends else {
        return Err(FieldError::new("year", FieldCode::NotAChoice).into());
    };
    if !YEARS.contains(&year) {
        return Err(FieldError::new("year", FieldCode::NotAChoice).into());
    }
    let said = state
        .db
        .read(move |conn| working_days::between(conn, first, last))
        .await?;
    Ok(WorkingYear {
        may_set,
        ..laid_out(year, said)
    })
}

/// What holds in the year: what was said of a date stands in the place of what ships.
fn laid_out(year: i32, said: Vec<Said>) -> WorkingYear {
    let is_tet = |said: &Said| !said.works && matches!(said.date.ordinal(), 20..=59);
    let has_tet = knows_tet(year) || said.iter().any(is_tet);
    let shipped = holidays(year).into_iter().map(|(date, holiday)| {
        let span = DaySpan {
            from: date,
            to: date,
            works: false,
            holiday: Some(holiday),
            name: String::new(),
        };
        (date, span)
    });
    let mut days: BTreeMap<LocalDate, DaySpan> = shipped.collect();
    for Said { date, works, name } in said {
        let span = DaySpan {
            from: date,
            to: date,
            works,
            holiday: None,
            name,
        };
        days.insert(date, span);
    }
    let mut spans: Vec<DaySpan> = Vec::new();
    for day in days.into_values() {
        let goes_on = |last: &&mut DaySpan| {
            last.to.checked_add_days(Days::new(1)) == Some(day.from)
                && (last.works, last.holiday, &last.name) == (day.works, day.holiday, &day.name)
        };
        match spans.last_mut().filter(goes_on) {
            Some(last) => last.to = day.to,
            None => spans.push(day),
        }
    }
    WorkingYear {
        year,
        spans,
        has_tet,
        may_set: false,
    }
}

fn checked(mut new: NewDaySpan) -> Result<NewDaySpan, AppError> {
    let mut errors: Vec<FieldError> = wrong_span(new.from, new.to).into_iter().collect();
    new.name = text::clean(&new.name);
    if new.name.is_empty() {
        errors.push(FieldError::new("name", FieldCode::Required));
    }
    if new.name.chars().count() > MAX_DAY_NAME {
        errors.push(FieldError::new("name", FieldCode::TooLong).with("max", MAX_DAY_NAME));
    }
    match errors.is_empty() {
        true => Ok(new),
        false => Err(AppError::fields(errors)),
    }
}

fn wrong_span(from: LocalDate, to: LocalDate) -> Option<FieldError> {
    let days = to.signed_duration_since(from).num_days();
    if !YEARS.contains(&from.year()) {
        Some(FieldError::new("from", FieldCode::NotAChoice))
    } else if days < 0 {
        Some(FieldError::new("to", FieldCode::EndBeforeStart))
    } else if days >= MAX_SPAN_DAYS {
        Some(FieldError::new("to", FieldCode::TooLongAgo).with("max", MAX_SPAN_DAYS))
    } else {
        None
    }
}

fn dates(from: LocalDate, to: LocalDate) -> impl Iterator<Item = LocalDate> {
    from.iter_days().take_while(move |date| *date <= to)
}
