//! The roster: planned shifts of teams, moved and copied at the desk.

use super::teams::{InArea, require_in};
use crate::auth::Caller;
use crate::db::audit::{self, Entry};
use crate::db::patrol_plans::{self, Stretch};
use crate::db::{Conn, DbError, checkpoints, memberships, teams, users};
use crate::extract::{IfMatch, Json, Path, Query};
use crate::problem::AppError;
use crate::state::State;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use keng_shared::api::{CopiedShift, CopyWeek, NewPatrolPlan};
use keng_shared::id::{AreaId, CheckpointId, PatrolPlanId, UserId};
use keng_shared::loudspeaker::monday_of;
use keng_shared::patrol::MAX_PATROL_MS;
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::record::{CLOCK_TOLERANCE_MS, PersonName};
use keng_shared::roster::{Claim, MAX_NAMED};
use keng_shared::sync::{Checkpoint, PatrolPlan};
use keng_shared::text;
use keng_shared::time::{LocalDate, Millis, start_of_day};
use serde::Deserialize;
use serde_json::json;
use std::collections::HashSet;
use std::hash::Hash;

/// Most checkpoints of one plan.
const MAX_CHECKPOINTS: usize = 50;
/// Longest note, in characters.
const MAX_NOTE: usize = 500;
/// Most shifts that one copy makes.
const MAX_COPIED: usize = 500;
const DAY_MS: i64 = 24 * 3_600_000;
/// Plans reach at most a year ahead.
const MAX_AHEAD_MS: i64 = 366 * DAY_MS;

/// Query of [`list`].
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct PlanQuery {
    /// In this area or below; everything in reach if missing.
    #[param(value_type = Option<i64>)]
    area: Option<AreaId>,
    /// A day of the week in which the shifts start; from yesterday on if missing.
    #[param(value_type = Option<String>, format = Date)]
    week: Option<LocalDate>,
}

/// `GET /patrol-plans`: those of the caller's teams, and those of areas where the caller plans or reads records.
pub async fn list(
    state: State,
    caller: Caller,
    Query(query): Query<PlanQuery>,
) -> Result<Json<Vec<PatrolPlan>>, AppError> {
    let asked = InArea { area: query.area }.areas(&caller, Verb::ReadAreas)?;
    let within: HashSet<AreaId> = asked.iter().copied().collect();
    let mut areas = caller.areas(Verb::PlanPatrols);
    areas.extend(caller.areas(Verb::ReadRecords));
    areas.sort_unstable();
    areas.dedup();
    areas.retain(|area| within.contains(area));
    let own = caller.teams();
    let stretch = match query.week {
        Some(day) => week(day),
        None => Stretch {
            from: caller.now().plus(-DAY_MS),
            to: caller.now().plus(MAX_AHEAD_MS),
        },
    };
    let mut plans = state
        .db
        .snapshot(move |conn| {
            let mut plans = patrol_plans::in_areas(conn, &areas, stretch)?;
            for plan in patrol_plans::of_teams(conn, &own, stretch)? {
                if !plans.contains(&plan) {
                    plans.push(plan);
                }
            }
            Ok(plans)
        })
        .await?;
    plans.retain(|plan| within.contains(&plan.area_id));
    if query.week.is_some() {
        plans.retain(|plan| plan.starts_at >= stretch.from);
    }
    plans.sort_by_key(|plan| (plan.starts_at, plan.id));
    Ok(Json(plans))
}

/// `POST /patrol-plans`
pub async fn create(
    state: State,
    caller: Caller,
    Json(new): Json<NewPatrolPlan>,
) -> Result<(Json<PatrolPlan>, StatusCode), AppError> {
    require_in(&caller, Verb::PlanPatrols, new.area_id)?;
    let new = checked(new, caller.now(), None).map_err(AppError::fields)?;
    let commune = commune(&caller, new.area_id);
    let plan = state
        .db
        .write(move |conn| {
            require_possible(conn, &caller, &new, None)?;
            store(conn, &caller, &new)
        })
        .await?;
    state.events.stir(commune);
    Ok((Json(plan), StatusCode::CREATED))
}

/// `PUT /patrol-plans/{id}`: moves or changes a shift that nobody has begun.
pub async fn edit(
    state: State,
    caller: Caller,
    Path(id): Path<PatrolPlanId>,
    IfMatch(revision): IfMatch,
    Json(new): Json<NewPatrolPlan>,
) -> Result<Json<PatrolPlan>, AppError> {
    let stored = state
        .db
        .read(move |conn| patrol_plans::by_id(conn, id))
        .await?
        .ok_or(ProblemCode::NotFound)?;
    caller.require(Verb::PlanPatrols, stored.area_id)?;
    require_in(&caller, Verb::PlanPatrols, new.area_id)?;
    let new = checked(new, caller.now(), Some(stored.starts_at)).map_err(AppError::fields)?;
    let commune = commune(&caller, new.area_id);
    let plan = state
        .db
        .write(move |conn| {
            let stored = patrol_plans::lock(conn, id)?.ok_or(ProblemCode::NotFound)?;
            require_revision(&stored, revision)?;
            require_open(&stored, caller.now())?;
            require_possible(conn, &caller, &new, Some(&stored))?;
            patrol_plans::update(conn, id, &new)?;
            record(conn, &caller, "patrol_plan.edit", id, new.area_id)?;
            DbError::unless(patrol_plans::by_id(conn, id)?, "patrol_plan")
        })
        .await?;
    state.events.stir(commune);
    Ok(Json(plan))
}

/// `DELETE /patrol-plans/{id}`: one that nobody has begun; what was walked or missed is history.
pub async fn delete(
    state: State,
    caller: Caller,
    Path(id): Path<PatrolPlanId>,
    IfMatch(revision): IfMatch,
) -> Result<HttpResponse, AppError> {
    let plan = state
        .db
        .read(move |conn| patrol_plans::by_id(conn, id))
        .await?
        .ok_or(ProblemCode::NotFound)?;
    caller.require(Verb::PlanPatrols, plan.area_id)?;
    let commune = commune(&caller, plan.area_id);
    state
        .db
        .write(move |conn| {
            let plan = patrol_plans::lock(conn, id)?.ok_or(ProblemCode::NotFound)?;
            require_revision(&plan, revision)?;
            require_open(&plan, caller.now())?;
            patrol_plans::delete(conn, id, caller.now())?;
            record(conn, &caller, "patrol_plan.delete", id, plan.area_id)
        })
        .await?;
    state.events.stir(commune);
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /patrol-plans/copy`: each shift by itself; one that overlaps another or lies in the past is left out and named.
/// Checkpoints that were retired since are not copied.
pub async fn copy(
    state: State,
    caller: Caller,
    Json(body): Json<CopyWeek>,
) -> Result<Json<Vec<CopiedShift>>, AppError> {
    require_in(&caller, Verb::PlanPatrols, body.area_id)?;
    let areas = caller.tree().subtree(body.area_id, caller.today());
    let (source, target) = (week(body.from), week(body.to));
    let moved_by = target.from.since(source.from);
    let commune = commune(&caller, body.area_id);
    let copied = state
        .db
        .write(move |conn| {
            let mut plans = patrol_plans::in_areas(conn, &areas, source)?;
            plans.retain(|plan| plan.starts_at >= source.from);
            plans.truncate(MAX_COPIED);
            plans
                .iter()
                .map(|plan| copy_one(conn, &caller, plan, moved_by))
                .collect::<Result<Vec<_>, DbError>>()
        })
        .await?;
    state.events.stir(commune);
    Ok(Json(copied))
}

fn copy_one(
    conn: &mut Conn,
    caller: &Caller,
    plan: &PatrolPlan,
    moved_by: i64,
) -> Result<CopiedShift, DbError> {
    let known = checkpoints::sheets(conn, &plan.checkpoints)?;
    let is_retired = |id: &CheckpointId| {
        let mut retired = known.iter().filter(|sheet| sheet.checkpoint.retired_at.is_some());
        retired.any(|sheet| sheet.checkpoint.id == *id)
    };
    let mut new = NewPatrolPlan {
        starts_at: plan.starts_at.plus(moved_by),
        ends_at: plan.ends_at.plus(moved_by),
        ..NewPatrolPlan::from(plan)
    };
    new.checkpoints.retain(|id| !is_retired(id));
    let made = match checked(new, caller.now(), None) {
        Err(errors) => Err(Problem::fields(errors)),
        Ok(new) => match what_is_impossible(conn, caller, &new, None)? {
            errors if errors.is_empty() => Ok(store(conn, caller, &new)?),
            errors => Err(Problem::fields(errors)),
        },
    };
    let (plan_made, problem) = match made {
        Ok(made) => (Some(made), None),
        Err(problem) => (None, Some(problem)),
    };
    Ok(CopiedShift {
        from: plan.id,
        plan: plan_made,
        problem,
    })
}

/// Monday to Sunday of the week of a day.
fn week(day: LocalDate) -> Stretch {
    let from = start_of_day(monday_of(day));
    Stretch {
        from,
        to: from.plus(7 * DAY_MS),
    }
}

fn commune(caller: &Caller, area: AreaId) -> AreaId {
    caller.tree().commune_of(area, caller.today()).unwrap_or(area)
}

fn store(conn: &mut Conn, caller: &Caller, new: &NewPatrolPlan) -> Result<PatrolPlan, DbError> {
    let id = patrol_plans::insert(conn, new, caller.user_id(), caller.now())?;
    record(conn, caller, "patrol_plan.create", id, new.area_id)?;
    DbError::unless(patrol_plans::by_id(conn, id)?, "patrol_plan")
}

fn require_revision(stored: &PatrolPlan, revision: u32) -> Result<(), DbError> {
    if stored.revision == revision {
        return Ok(());
    }
    let value = DbError::unless(serde_json::to_value(stored).ok(), "a plan")?;
    let problem = Problem::new(ProblemCode::RevisionMismatch)
        .with("revision", stored.revision)
        .with_stored(value);
    Err(problem.into())
}

fn require_open(stored: &PatrolPlan, now: Millis) -> Result<(), DbError> {
    let state = stored.state(now);
    match state.is_open() {
        true => Ok(()),
        false => Err(Problem::new(ProblemCode::StateConflict)
            .with("state", state.as_str())
            .into()),
    }
}

fn require_possible(
    conn: &mut Conn,
    caller: &Caller,
    new: &NewPatrolPlan,
    own: Option<&PatrolPlan>,
) -> Result<(), DbError> {
    match what_is_impossible(conn, caller, new, own)? {
        errors if errors.is_empty() => Ok(()),
        errors => Err(Problem::fields(errors).into()),
    }
}

/// What speaks against a shift whose fields are right: a team, people or checkpoints out of reach, checkpoints that were
/// retired before it had them, or another shift of the same people at the same time.
fn what_is_impossible(
    conn: &mut Conn,
    caller: &Caller,
    new: &NewPatrolPlan,
    own: Option<&PatrolPlan>,
) -> Result<Vec<FieldError>, DbError> {
    let mut errors = Vec::new();
    let missing = |field: String| FieldError::new(field, FieldCode::NoSuchObject);
    let team = teams::by_id(conn, new.team_id)?;
    if !team.is_some_and(|team| caller.reaches(team.area_id)) {
        errors.push(missing("team_id".to_owned()));
    } else if !new.members.is_empty() {
        let known = teams::members(conn, &[new.team_id], caller.today())?;
        let known = known.get(&new.team_id).map(Vec::as_slice).unwrap_or_default();
        for (index, person) in new.members.iter().enumerate() {
            if !known.iter().any(|member| member.id == *person) {
                errors.push(missing(format!("members.{index}")));
            }
        }
    }
    let known = checkpoints::sheets(conn, &new.checkpoints)?;
    for (index, id) in new.checkpoints.iter().enumerate() {
        let found = known.iter().find(|sheet| sheet.checkpoint.id == *id);
        let kept = own.is_some_and(|own| own.checkpoints.contains(id));
        let may = |point: &Checkpoint| caller.reaches(point.area_id) && (point.retired_at.is_none() || kept);
        if !found.is_some_and(|sheet| may(&sheet.checkpoint)) {
            errors.push(missing(format!("checkpoints.{index}")));
        }
    }
    if errors.is_empty() {
        errors.extend(clash(conn, caller, new, own)?);
    }
    Ok(errors)
}

/// The shift that wants the same people at the same time, whatever team it is of. The team and the people are locked, so
/// that two officers cannot plan at once what each of them may.
fn clash(
    conn: &mut Conn,
    caller: &Caller,
    new: &NewPatrolPlan,
    own: Option<&PatrolPlan>,
) -> Result<Option<FieldError>, DbError> {
    teams::lock(conn, new.team_id)?;
    let today = caller.today();
    let ids = |people: &[PersonName]| people.iter().map(|person| person.id).collect::<Vec<UserId>>();
    let people = match new.members.is_empty() {
        false => new.members.clone(),
        // A shift that names nobody takes the whole team.
        true => {
            let team = teams::members(conn, &[new.team_id], today)?;
            team.get(&new.team_id).map(|team| ids(team)).unwrap_or_default()
        }
    };
    users::lock_all(conn, &people)?;
    let stretch = Stretch {
        from: new.starts_at,
        to: new.ends_at,
    };
    let mut their_teams = memberships::teams_of(conn, &people, today)?;
    their_teams.push(new.team_id);
    let mut others = patrol_plans::of_teams(conn, &their_teams, stretch)?;
    others.extend(patrol_plans::naming(conn, &people, stretch)?);
    let whole_teams = teams::members(conn, &their_teams, today)?;
    let wanted = Claim {
        team: new.team_id,
        named: &new.members,
        from: new.starts_at,
        to: new.ends_at,
    };
    let found = others.iter().find(|other| {
        let of_team = whole_teams.get(&other.team_id).map(|team| ids(team));
        let takes = match other.members.is_empty() {
            true => of_team.unwrap_or_default(),
            false => other.members.clone(),
        };
        let shares = takes.iter().any(|person| people.contains(person));
        Some(other.id) != own.map(|own| own.id) && (shares || other.claim().clashes(&wanted))
    });
    let Some(other) = found else { return Ok(None) };
    let team = teams::by_id(conn, other.team_id)?;
    let error = FieldError::new("starts_at", FieldCode::Overlaps)
        .with("name", team.map(|team| team.name).unwrap_or_default())
        .with("id", other.id)
        .with("from", other.starts_at.0)
        .with("to", other.ends_at.0);
    Ok(Some(error))
}

fn record(
    conn: &mut Conn,
    caller: &Caller,
    action: &str,
    id: PatrolPlanId,
    area: AreaId,
) -> Result<(), DbError> {
    audit::record(
        conn,
        &Entry {
            at: caller.now(),
            actor: Some(caller.user_id()),
            device: Some(caller.device_id()),
            action,
            object_type: "patrol_plan",
            object_id: id.to_string(),
            details: json!({"area": area}),
        },
    )
    .map(drop)
}

/// Checks the fields. A shift cannot be planned into the past; one that has begun late keeps the start that it had.
fn checked(
    new: NewPatrolPlan,
    now: Millis,
    start_before: Option<Millis>,
) -> Result<NewPatrolPlan, Vec<FieldError>> {
    let mut errors = Vec::new();
    let is_kept = start_before == Some(new.starts_at);
    if new.starts_at < now.plus(-CLOCK_TOLERANCE_MS) && !is_kept {
        errors.push(FieldError::new("starts_at", FieldCode::TooEarly));
    } else if new.ends_at <= new.starts_at {
        errors.push(FieldError::new("ends_at", FieldCode::EndBeforeStart));
    } else if new.ends_at.since(new.starts_at) > MAX_PATROL_MS {
        errors.push(FieldError::new("ends_at", FieldCode::TooLongAgo).with("max", MAX_PATROL_MS));
    } else if new.ends_at < now {
        errors.push(FieldError::new("ends_at", FieldCode::TooEarly));
    }
    if new.starts_at > now.plus(MAX_AHEAD_MS) {
        errors.push(FieldError::new("starts_at", FieldCode::InFuture));
    }
    errors.extend(check_list("checkpoints", &new.checkpoints, MAX_CHECKPOINTS));
    errors.extend(check_list("members", &new.members, MAX_NAMED));
    let note = text::clean(&new.note);
    if note.chars().count() > MAX_NOTE {
        errors.push(FieldError::new("note", FieldCode::TooLong).with("max", MAX_NOTE));
    }
    match errors.is_empty() {
        true => Ok(NewPatrolPlan { note, ..new }),
        false => Err(errors),
    }
}

/// Not too many, and each once.
fn check_list<Id: Eq + Hash>(name: &str, ids: &[Id], max: usize) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if ids.len() > max {
        errors.push(FieldError::new(name, FieldCode::TooLong).with("max", max));
    }
    let mut seen = HashSet::new();
    for (index, id) in ids.iter().enumerate() {
        if !seen.insert(id) {
            errors.push(FieldError::new(format!("{name}.{index}"), FieldCode::Duplicate));
        }
    }
    errors
}
