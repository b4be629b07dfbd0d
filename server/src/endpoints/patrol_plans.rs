//! Planned patrols.

use super::teams::{InArea, require_in};
use crate::auth::Caller;
use crate::db::audit::{self, Entry};
use crate::db::{checkpoints, patrol_plans, teams};
use crate::extract::{Json, Path, Query};
use crate::problem::AppError;
use crate::state::State;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use keng_shared::api::NewPatrolPlan;
use keng_shared::id::{AreaId, PatrolPlanId};
use keng_shared::patrol::MAX_PATROL_MS;
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::sync::PatrolPlan;
use keng_shared::text;
use keng_shared::time::Millis;
use serde_json::json;
use std::collections::HashSet;

/// Most checkpoints of one plan.
const MAX_CHECKPOINTS: usize = 50;
/// Longest note, in characters.
const MAX_NOTE: usize = 500;
const DAY_MS: i64 = 24 * 3_600_000;
/// Plans reach at most a year ahead.
const MAX_AHEAD_MS: i64 = 366 * DAY_MS;

/// `GET /patrol-plans`: those of the caller's teams, and those of areas where the caller plans or reads records; from
/// yesterday on.
pub async fn list(
    state: State,
    caller: Caller,
    Query(query): Query<InArea>,
) -> Result<Json<Vec<PatrolPlan>>, AppError> {
    let asked = query.areas(&caller, Verb::ReadAreas)?;
    let within: HashSet<AreaId> = asked.iter().copied().collect();
    let mut areas = caller.areas(Verb::PlanPatrols);
    areas.extend(caller.areas(Verb::ReadRecords));
    areas.sort_unstable();
    areas.dedup();
    let own = caller.teams();
    let from = caller.now().plus(-DAY_MS);
    let to = caller.now().plus(MAX_AHEAD_MS);
    let mut plans = state
        .db
        .snapshot(move |conn| {
            let mut plans = patrol_plans::in_areas(conn, &areas, from)?;
            for plan in patrol_plans::of_teams(conn, &own, from, to)? {
                if !plans.contains(&plan) {
                    plans.push(plan);
                }
            }
            Ok(plans)
        })
        .await?;
    plans.retain(|plan| within.contains(&plan.area_id));
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
    let new = checked(new, caller.now())?;
    let plan = state
        .db
        .write(move |conn| {
            let mut errors = Vec::new();
            let team = teams::by_id(conn, new.team_id)?;
            if !team.is_some_and(|team| caller.reaches(team.area_id)) {
                errors.push(FieldError::new("team_id", FieldCode::NoSuchObject));
            }
            let known = checkpoints::sheets(conn, &new.checkpoints)?;
            for (index, id) in new.checkpoints.iter().enumerate() {
                let found = known.iter().find(|sheet| sheet.checkpoint.id == *id);
                if !found.is_some_and(|sheet| caller.reaches(sheet.checkpoint.area_id)) {
                    errors.push(FieldError::new(
                        format!("checkpoints.{index}"),
                        FieldCode::NoSuchObject,
                    ));
                }
            }
            if !errors.is_empty() {
                return Err(Problem::fields(errors).into());
            }
            let id = patrol_plans::insert(conn, &new, caller.user_id(), caller.now())?;
            record(conn, &caller, "patrol_plan.create", id, new.area_id)?;
            Ok(PatrolPlan {
                id,
                team_id: new.team_id,
                area_id: new.area_id,
                starts_at: new.starts_at,
                ends_at: new.ends_at,
                checkpoints: new.checkpoints.clone(),
                note: new.note.clone(),
            })
        })
        .await?;
    Ok((Json(plan), StatusCode::CREATED))
}

/// `DELETE /patrol-plans/{id}`
pub async fn delete(
    state: State,
    caller: Caller,
    Path(id): Path<PatrolPlanId>,
) -> Result<HttpResponse, AppError> {
    let plan = state
        .db
        .read(move |conn| patrol_plans::by_id(conn, id))
        .await?
        .ok_or(ProblemCode::NotFound)?;
    caller.require(Verb::PlanPatrols, plan.area_id)?;
    state
        .db
        .write(move |conn| {
            patrol_plans::delete(conn, id, caller.now())?;
            record(conn, &caller, "patrol_plan.delete", id, plan.area_id)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn record(
    conn: &mut crate::db::Conn,
    caller: &Caller,
    action: &str,
    id: PatrolPlanId,
    area: AreaId,
) -> Result<(), crate::db::DbError> {
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

fn checked(new: NewPatrolPlan, now: Millis) -> Result<NewPatrolPlan, AppError> {
    let mut errors = Vec::new();
    if new.ends_at <= new.starts_at {
        errors.push(FieldError::new("ends_at", FieldCode::EndBeforeStart));
    } else if new.ends_at.since(new.starts_at) > MAX_PATROL_MS {
        errors.push(FieldError::new("ends_at", FieldCode::TooLongAgo).with("max", MAX_PATROL_MS));
    } else if new.ends_at < now {
        errors.push(FieldError::new("ends_at", FieldCode::TooEarly));
    }
    if new.starts_at > now.plus(MAX_AHEAD_MS) {
        errors.push(FieldError::new("starts_at", FieldCode::InFuture));
    }
    if new.checkpoints.len() > MAX_CHECKPOINTS {
        errors.push(FieldError::new("checkpoints", FieldCode::TooLong).with("max", MAX_CHECKPOINTS));
    }
    let mut seen = HashSet::new();
    for (index, checkpoint) in new.checkpoints.iter().enumerate() {
        if !seen.insert(checkpoint) {
            errors.push(FieldError::new(
                format!("checkpoints.{index}"),
                FieldCode::Duplicate,
            ));
        }
    }
    let note = text::clean(&new.note);
    if note.chars().count() > MAX_NOTE {
        errors.push(FieldError::new("note", FieldCode::TooLong).with("max", MAX_NOTE));
    }
    match errors.is_empty() {
        true => Ok(NewPatrolPlan { note, ..new }),
        false => Err(AppError::fields(errors)),
    }
}
