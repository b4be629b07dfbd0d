//! Weekly schedules of loudspeaker sessions.

use super::teams::{InArea, require_in};
use crate::auth::Caller;
use crate::db::audit::{self, Entry};
use crate::db::{Conn, DbError, broadcast_schedules};
use crate::extract::{IfMatch, Json, Path, Query};
use crate::problem::AppError;
use crate::state::State;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use keng_shared::area::AreaKind;
use keng_shared::id::{AreaId, BroadcastScheduleId};
use keng_shared::loudspeaker::{BroadcastSchedule, ScheduleTerms, parse_terms};
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use serde_json::json;

/// `GET /broadcast/schedules`: those of stations in reach, by name.
pub async fn list(
    state: State,
    caller: Caller,
    Query(query): Query<InArea>,
) -> Result<Json<Vec<BroadcastSchedule>>, AppError> {
    let areas = query.areas(&caller, Verb::ReadAreas)?;
    let schedules = state
        .db
        .read(move |conn| broadcast_schedules::in_areas(conn, &areas))
        .await?;
    Ok(Json(schedules))
}

/// `POST /broadcast/schedules`
pub async fn create(
    state: State,
    caller: Caller,
    Json(terms): Json<ScheduleTerms>,
) -> Result<(Json<BroadcastSchedule>, StatusCode), AppError> {
    let terms = permitted(&caller, terms)?;
    let schedule = state
        .db
        .write(move |conn| {
            require_no_overlap(conn, &caller, &terms, None)?;
            let schedule = broadcast_schedules::insert(conn, &terms, caller.user_id(), caller.now())?;
            record(conn, &caller, "broadcast_schedule.create", &schedule)?;
            Ok(schedule)
        })
        .await?;
    Ok((Json(schedule), StatusCode::CREATED))
}

/// `PUT /broadcast/schedules/{id}`: slots that were confirmed stay as they are.
pub async fn edit(
    state: State,
    caller: Caller,
    Path(id): Path<BroadcastScheduleId>,
    IfMatch(revision): IfMatch,
    Json(terms): Json<ScheduleTerms>,
) -> Result<Json<BroadcastSchedule>, AppError> {
    let stored = state
        .db
        .read(move |conn| broadcast_schedules::by_id(conn, id))
        .await?
        .ok_or(ProblemCode::NotFound)?;
    caller.require(Verb::PlanBroadcasts, stored.terms.area_id)?;
    if terms.area_id != stored.terms.area_id {
        // Sessions name the schedule and its station.
        return Err(FieldError::new("area_id", FieldCode::ServerOwned).into());
    }
    let terms = permitted(&caller, terms)?;
    let schedule = state
        .db
        .write(move |conn| {
            require_revision(conn, id, revision)?;
            require_no_overlap(conn, &caller, &terms, Some(id))?;
            let schedule = BroadcastSchedule {
                id,
                revision: revision.saturating_add(1),
                terms: terms.clone(),
            };
            broadcast_schedules::update(conn, &schedule, caller.now())?;
            record(conn, &caller, "broadcast_schedule.edit", &schedule)?;
            Ok(schedule)
        })
        .await?;
    Ok(Json(schedule))
}

/// `DELETE /broadcast/schedules/{id}`: it proposes nothing any more; what was confirmed stays.
pub async fn delete(
    state: State,
    caller: Caller,
    Path(id): Path<BroadcastScheduleId>,
    IfMatch(revision): IfMatch,
) -> Result<HttpResponse, AppError> {
    let stored = state
        .db
        .read(move |conn| broadcast_schedules::by_id(conn, id))
        .await?
        .ok_or(ProblemCode::NotFound)?;
    caller.require(Verb::PlanBroadcasts, stored.terms.area_id)?;
    state
        .db
        .write(move |conn| {
            let stored = require_revision(conn, id, revision)?;
            broadcast_schedules::end(conn, id, caller.now())?;
            record(conn, &caller, "broadcast_schedule.end", &stored)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Terms that the caller may set, checked.
fn permitted(caller: &Caller, terms: ScheduleTerms) -> Result<ScheduleTerms, AppError> {
    require_in(caller, Verb::PlanBroadcasts, terms.area_id)?;
    let terms = parse_terms(terms, caller.today()).map_err(AppError::fields)?;
    let (tree, today) = (caller.tree(), caller.today());
    let is_residential = |id: AreaId| {
        tree.get(id)
            .is_some_and(|area| area.kind == AreaKind::ResidentialArea && area.is_valid_on(today))
    };
    let is_covered = |id: AreaId| is_residential(id) && tree.is_within(id, terms.area_id, today);
    let mut errors = Vec::new();
    if tree.commune_of(terms.area_id, today).is_none() {
        errors.push(FieldError::new("area_id", FieldCode::NoSuchObject));
    }
    let foreign = terms.areas.iter().enumerate().filter(|(_, id)| !is_covered(**id));
    errors.extend(foreign.map(|(i, _)| FieldError::new(format!("areas.{i}"), FieldCode::NoSuchObject)));
    match errors.is_empty() {
        true => Ok(terms),
        false => Err(AppError::fields(errors)),
    }
}

fn require_revision(
    conn: &mut Conn,
    id: BroadcastScheduleId,
    revision: u32,
) -> Result<BroadcastSchedule, DbError> {
    let stored = broadcast_schedules::lock(conn, id)?.ok_or(ProblemCode::NotFound)?;
    if stored.revision == revision {
        return Ok(stored);
    }
    let value = DbError::unless(serde_json::to_value(&stored).ok(), "a schedule")?;
    let problem = Problem::new(ProblemCode::RevisionMismatch)
        .with("revision", stored.revision)
        .with_stored(value);
    Err(problem.into())
}

/// No area hears two stations at the same time: schedules of the whole commune are compared.
fn require_no_overlap(
    conn: &mut Conn,
    caller: &Caller,
    terms: &ScheduleTerms,
    own: Option<BroadcastScheduleId>,
) -> Result<(), DbError> {
    let (tree, today) = (caller.tree(), caller.today());
    let commune = tree.commune_of(terms.area_id, today).unwrap_or(terms.area_id);
    let others = broadcast_schedules::in_areas(conn, &tree.subtree(commune, today))?;
    let clash = others
        .iter()
        .find(|other| Some(other.id) != own && other.terms.overlaps(terms));
    match clash {
        None => Ok(()),
        Some(other) => {
            let error = FieldError::new("times", FieldCode::Overlaps).with("name", &other.terms.name);
            Err(Problem::fields(vec![error]).into())
        }
    }
}

fn record(
    conn: &mut Conn,
    caller: &Caller,
    action: &str,
    schedule: &BroadcastSchedule,
) -> Result<(), DbError> {
    let entry = Entry {
        at: caller.now(),
        actor: Some(caller.user_id()),
        device: Some(caller.device_id()),
        action,
        object_type: "broadcast_schedule",
        object_id: schedule.id.to_string(),
        details: json!({"area": schedule.terms.area_id, "revision": schedule.revision}),
    };
    audit::record(conn, &entry).map(drop)
}
