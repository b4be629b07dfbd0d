//! Loudspeaker sessions by week: what was broadcast, how often each area was reached, and confirming many slots at once.

use crate::auth::Caller;
use crate::db::broadcast_schedules::{self, Lasts};
use crate::db::{DbError, broadcasts};
use crate::extract::{Json, Query};
use crate::problem::AppError;
use crate::state::{AppState, State};
use crate::sync::permit::{actor, check_draft};
use crate::sync::put_record::PutRecord;
use chrono::Days;
use keng_shared::api::{
    AreaCoverage, BroadcastWeek, ConfirmSlots, Coverage, DEFAULT_WEEKS, MAX_CONFIRMED, MAX_WEEKS,
    SlotConfirmation, SlotResult,
};
use keng_shared::area::AreaKind;
use keng_shared::id::{AreaId, BroadcastScheduleId, RecordId};
use keng_shared::loudspeaker::{BroadcastSchedule, Confirming, TARGET_PER_WEEK, elapsed_days, monday_of};
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::time::{LocalDate, start_of_day};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Query of [`week`].
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct WeekQuery {
    /// The area: a commune, or a residential area.
    #[param(value_type = i64)]
    area: AreaId,
    /// Any date of the week; today's week if missing.
    #[param(value_type = Option<String>, format = Date)]
    week: Option<LocalDate>,
}

/// `GET /broadcast/week`
pub async fn week(
    state: State,
    caller: Caller,
    Query(query): Query<WeekQuery>,
) -> Result<Json<BroadcastWeek>, AppError> {
    caller.require(Verb::ReadRecords, query.area)?;
    let monday = monday_of(query.week.unwrap_or(caller.today()));
    let sunday = monday.checked_add_days(Days::new(6)).unwrap_or(monday);
    // The tree of the week: villages stay, and communes of before the reform have their own.
    let day = sunday.min(caller.today()).max(monday);
    let heard = caller.tree().subtree(query.area, day);
    let stations: Vec<AreaId> = caller
        .tree()
        .chain(query.area, day)
        .into_iter()
        .chain(heard.iter().copied().filter(|area| *area != query.area))
        .collect();
    let now = caller.now();
    let week = state
        .db
        .snapshot(move |conn| {
            let mut schedules = broadcast_schedules::in_areas_since(conn, &stations, start_of_day(monday))?;
            // A station above is of this area as far as it is heard here.
            let here: HashSet<AreaId> = heard.iter().copied().collect();
            schedules.retain(|(schedule, _)| {
                let terms = &schedule.terms;
                here.contains(&terms.area_id) || terms.areas.iter().any(|area| here.contains(area))
            });
            let ids: Vec<BroadcastScheduleId> = schedules.iter().map(|(schedule, _)| schedule.id).collect();
            let ended = schedules.iter().filter(|(_, lasts)| *lasts == Lasts::Ended);
            Ok(BroadcastWeek {
                monday,
                now,
                confirmed: broadcasts::confirmed(conn, &ids, monday, sunday)?,
                sessions: broadcasts::sessions(conn, &heard, monday, sunday)?,
                ended: ended.map(|(schedule, _)| schedule.id).collect(),
                schedules: schedules.into_iter().map(|(schedule, _)| schedule).collect(),
            })
        })
        .await?;
    Ok(Json(week))
}

/// Query of [`coverage`].
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct CoverageQuery {
    /// The area whose residential areas are asked about.
    #[param(value_type = i64)]
    area: AreaId,
    /// Any date of the last week of the period; today's week if missing.
    #[param(value_type = Option<String>, format = Date)]
    week: Option<LocalDate>,
    /// Weeks of the period, 1 to 53; 4 if missing.
    weeks: Option<u32>,
}

/// `GET /broadcast/coverage`
pub async fn coverage(
    state: State,
    caller: Caller,
    Query(query): Query<CoverageQuery>,
) -> Result<Json<Coverage>, AppError> {
    caller.require(Verb::ReadRecords, query.area)?;
    let weeks = match query.weeks.unwrap_or(DEFAULT_WEEKS) {
        0 => {
            return Err(FieldError::new("weeks", FieldCode::TooSmall)
                .with("min", 1)
                .into());
        }
        weeks @ 1..=MAX_WEEKS => weeks,
        _ => {
            return Err(FieldError::new("weeks", FieldCode::TooBig)
                .with("max", MAX_WEEKS)
                .into());
        }
    };
    let monday = monday_of(query.week.unwrap_or(caller.today()));
    let to = monday.checked_add_days(Days::new(6)).unwrap_or(monday);
    let from = monday
        .checked_sub_days(Days::new(u64::from(weeks - 1) * 7))
        .unwrap_or(monday);
    let tree = caller.tree().clone();
    let villages: Vec<_> = tree
        .subtree(query.area, caller.today())
        .into_iter()
        .filter_map(|id| tree.get(id))
        .filter(|area| area.kind == AreaKind::ResidentialArea)
        .map(|area| (area.id, area.name.clone()))
        .collect();
    let ids: Vec<AreaId> = villages.iter().map(|(id, _)| *id).collect();
    let (week, period) = state
        .db
        .snapshot(move |conn| {
            let week = broadcasts::heard(conn, &ids, monday, to)?;
            Ok((week, broadcasts::heard(conn, &ids, from, to)?))
        })
        .await?;
    let mut areas: Vec<AreaCoverage> = villages
        .into_iter()
        .map(|(area_id, name)| {
            let of_week = week.get(&area_id).copied().unwrap_or_default();
            let of_period = period.get(&area_id).copied().unwrap_or_default();
            AreaCoverage {
                area_id,
                name,
                accepted: of_week.accepted,
                waiting: of_week.waiting,
                missed: of_week.missed,
                period_accepted: of_period.accepted,
                period_waiting: of_period.waiting,
            }
        })
        .collect();
    areas.sort_by_cached_key(|area| (keng_shared::text::sort_key(&area.name), area.area_id));
    Ok(Json(Coverage {
        from,
        to,
        days: elapsed_days(from, to, caller.today()),
        target: TARGET_PER_WEEK,
        areas,
    }))
}

/// `POST /broadcast/confirmations`: one record a slot, all in one transaction, each with a result of its own. A slot
/// that is refused leaves nothing behind.
pub async fn confirm(
    state: State,
    caller: Caller,
    Json(asked): Json<ConfirmSlots>,
) -> Result<Json<Vec<SlotResult>>, AppError> {
    check_slots(&asked.slots)?;
    let ids: BTreeSet<BroadcastScheduleId> = asked.slots.iter().map(|asked| asked.slot.schedule_id).collect();
    let schedules: BTreeMap<_, _> = state
        .db
        .read(move |conn| {
            let mut found = BTreeMap::new();
            for id in ids {
                found.extend(broadcast_schedules::ever(conn, id)?.map(|schedule| (id, schedule)));
            }
            Ok(found)
        })
        .await?;
    let mut jobs = Vec::with_capacity(asked.slots.len());
    let mut refused = BTreeMap::new();
    for one in &asked.slots {
        let prepared = match schedules.get(&one.slot.schedule_id) {
            Some(schedule) => {
                caller.require(Verb::LogBroadcasts, schedule.terms.area_id)?;
                prepare(&state, &caller, schedule, one)
            }
            None => Err(ProblemCode::NotFound.into()),
        };
        match prepared {
            Ok(job) => jobs.push(job),
            Err(error) => {
                refused.insert(one.record_id, Some(Box::new(error.refusal()?)));
            }
        }
    }
    let order: Vec<RecordId> = asked.slots.iter().map(|asked| asked.record_id).collect();
    // Ascending, as every job that changes several communes.
    jobs.sort_by_key(|job| job.commune);
    let lane = jobs.first().map_or(AreaId(0), |job| job.commune);
    let mut results = state
        .db
        .write_in(lane, move |conn| {
            let mut results = refused.clone();
            for job in &jobs {
                let problem = match job.put.run(conn) {
                    Ok(_) => None,
                    Err(DbError::Refused(problem)) => Some(problem),
                    Err(error) => return Err(error),
                };
                results.insert(job.record_id, problem);
            }
            Ok(results)
        })
        .await?;
    let result = |record_id| SlotResult {
        record_id,
        problem: results.remove(&record_id).flatten(),
    };
    Ok(Json(order.into_iter().map(result).collect()))
}

struct Job {
    record_id: RecordId,
    commune: AreaId,
    put: PutRecord,
}

fn check_slots(slots: &[SlotConfirmation]) -> Result<(), AppError> {
    let mut errors = Vec::new();
    if slots.is_empty() {
        errors.push(FieldError::new("slots", FieldCode::Required));
    }
    if slots.len() > MAX_CONFIRMED {
        errors.push(FieldError::new("slots", FieldCode::TooLong).with("max", MAX_CONFIRMED));
    }
    let (mut records, mut named) = (BTreeSet::new(), BTreeSet::new());
    for (index, one) in slots.iter().enumerate() {
        if !records.insert(one.record_id) {
            errors.push(FieldError::new(
                format!("slots.{index}.record_id"),
                FieldCode::Duplicate,
            ));
        }
        if !named.insert(one.slot) {
            errors.push(FieldError::new(
                format!("slots.{index}.slot"),
                FieldCode::Duplicate,
            ));
        }
    }
    match errors.is_empty() {
        true => Ok(()),
        false => Err(AppError::fields(errors)),
    }
}

fn prepare(
    state: &AppState,
    caller: &Caller,
    schedule: &BroadcastSchedule,
    one: &SlotConfirmation,
) -> Result<Job, AppError> {
    let missing = |field: &str| FieldError::new(field, FieldCode::NoSuchObject);
    let planned = schedule.slots(monday_of(one.slot.date));
    let planned = planned.iter().find(|planned| planned.slot == one.slot);
    let planned = planned.ok_or_else(|| missing("slot"))?;
    if planned.rest.is_some() {
        return Err(Problem::new(ProblemCode::StateConflict)
            .with("state", "resting")
            .into());
    }
    for (number, area) in one.missed.iter().enumerate() {
        if !schedule.terms.areas.contains(&area.area_id) {
            return Err(missing(&format!("missed.{number}.area_id")).into());
        }
    }
    let confirming = Confirming {
        record_id: one.record_id,
        device_id: caller.device_id(),
        at: caller.now(),
        clock_offset_ms: Some(0),
        missed: one.missed.clone(),
    };
    let (tree, date) = (caller.tree(), one.slot.date);
    let is_known = |area| tree.is_within(area, schedule.terms.area_id, date);
    let draft = schedule.confirm(planned, confirming, is_known);
    let (record, commune) = check_draft(caller, draft)?;
    Ok(Job {
        record_id: one.record_id,
        commune,
        put: PutRecord::new(
            actor(caller),
            record,
            commune,
            None,
            None,
            state.boundaries.clone(),
        ),
    })
}
