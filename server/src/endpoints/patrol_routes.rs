//! Patrol routes, drawn on the map by whoever plans patrols.

use super::teams::{InArea, require_in};
use crate::auth::Caller;
use crate::db::{Conn, DbError, checkpoints, patrol_routes};
use crate::extract::{IfMatch, Json, Path, Query};
use crate::problem::AppError;
use crate::state::State;
use crate::sync::Actor;
use crate::sync::permit::actor;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use keng_shared::id::{AreaId, CheckpointId, PatrolRouteId};
use keng_shared::patrol_route::{PatrolRoute, RouteTerms, length_m};
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::sync::Checkpoint;
use serde_json::json;

/// `GET /patrol-routes`
pub async fn list(
    state: State,
    caller: Caller,
    Query(query): Query<InArea>,
) -> Result<Json<Vec<PatrolRoute>>, AppError> {
    let areas = query.areas(&caller, Verb::ReadAreas)?;
    let routes = state.db.read(move |conn| patrol_routes::in_areas(conn, &areas));
    Ok(Json(routes.await?))
}

/// `POST /patrol-routes`
pub async fn create(
    state: State,
    caller: Caller,
    Json(terms): Json<RouteTerms>,
) -> Result<(Json<PatrolRoute>, StatusCode), AppError> {
    let terms = permitted(&caller, terms)?;
    let route = state
        .db
        .write(move |conn| {
            require_reachable(conn, &caller, &terms, &[])?;
            let id = patrol_routes::insert(conn, &terms, caller.user_id(), caller.now())?;
            record(conn, &actor(&caller), "patrol_route.create", id, &terms)?;
            stored(conn, id)
        })
        .await?;
    Ok((Json(route), StatusCode::CREATED))
}

/// `PUT /patrol-routes/{id}`
pub async fn edit(
    state: State,
    caller: Caller,
    Path(id): Path<PatrolRouteId>,
    IfMatch(revision): IfMatch,
    Json(terms): Json<RouteTerms>,
) -> Result<Json<PatrolRoute>, AppError> {
    let area = area_of(&state, id).await?;
    caller.require(Verb::PlanPatrols, area)?;
    let terms = permitted(&caller, terms)?;
    let route = state
        .db
        .write(move |conn| {
            let before = require_revision(conn, id, revision)?.terms.checkpoints;
            require_reachable(conn, &caller, &terms, &before)?;
            patrol_routes::update(conn, id, &terms)?;
            record(conn, &actor(&caller), "patrol_route.edit", id, &terms)?;
            stored(conn, id)
        })
        .await?;
    Ok(Json(route))
}

/// `DELETE /patrol-routes/{id}`
pub async fn delete(
    state: State,
    caller: Caller,
    Path(id): Path<PatrolRouteId>,
    IfMatch(revision): IfMatch,
) -> Result<HttpResponse, AppError> {
    let area = area_of(&state, id).await?;
    caller.require(Verb::PlanPatrols, area)?;
    state
        .db
        .write(move |conn| {
            let route = require_revision(conn, id, revision)?;
            patrol_routes::end(conn, id, caller.now())?;
            record(conn, &actor(&caller), "patrol_route.end", id, &route.terms)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn permitted(caller: &Caller, terms: RouteTerms) -> Result<RouteTerms, AppError> {
    require_in(caller, Verb::PlanPatrols, terms.area_id)?;
    terms.parse().map_err(AppError::fields)
}

async fn area_of(state: &State, id: PatrolRouteId) -> Result<AreaId, AppError> {
    let route = state.db.read(move |conn| patrol_routes::by_id(conn, id)).await?;
    Ok(route.ok_or(ProblemCode::NotFound)?.terms.area_id)
}

/// A route leads past checkpoints in the caller's reach only; past retired ones only where it did so before.
fn require_reachable(
    conn: &mut Conn,
    caller: &Caller,
    terms: &RouteTerms,
    before: &[CheckpointId],
) -> Result<(), DbError> {
    let known = checkpoints::sheets(conn, &terms.checkpoints)?;
    let mut errors = Vec::new();
    for (index, id) in terms.checkpoints.iter().enumerate() {
        let found = known.iter().find(|sheet| sheet.checkpoint.id == *id);
        let may = |point: &Checkpoint| {
            caller.reaches(point.area_id) && (point.retired_at.is_none() || before.contains(id))
        };
        if !found.is_some_and(|sheet| may(&sheet.checkpoint)) {
            errors.push(FieldError::new(
                format!("checkpoints.{index}"),
                FieldCode::NoSuchObject,
            ));
        }
    }
    match errors.is_empty() {
        true => Ok(()),
        false => Err(Problem::fields(errors).into()),
    }
}

fn require_revision(conn: &mut Conn, id: PatrolRouteId, revision: u32) -> Result<PatrolRoute, DbError> {
    let route = patrol_routes::lock(conn, id)?.ok_or(ProblemCode::NotFound)?;
    if route.revision == revision {
        return Ok(route);
    }
    let found = route.revision;
    let value = DbError::unless(serde_json::to_value(route).ok(), "a route")?;
    let problem = Problem::new(ProblemCode::RevisionMismatch).with("revision", found);
    Err(problem.with_stored(value).into())
}

fn record(
    conn: &mut Conn,
    actor: &Actor,
    action: &str,
    id: PatrolRouteId,
    terms: &RouteTerms,
) -> Result<(), DbError> {
    let details = json!({ "area": terms.area_id, "length_m": length_m(&terms.line) });
    let id = id.to_string();
    actor.audit(conn, action, "patrol_route", &id, details).map(drop)
}

fn stored(conn: &mut Conn, id: PatrolRouteId) -> Result<PatrolRoute, DbError> {
    DbError::unless(patrol_routes::by_id(conn, id)?, "patrol_route")
}
