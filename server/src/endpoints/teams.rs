//! Security teams, self-management groups and camera groups.

use super::areas::name;
use crate::auth::Caller;
use crate::db::audit::{self, Entry};
use crate::db::teams::{self, Team};
use crate::extract::{Json, Path, Query};
use crate::problem::AppError;
use crate::state::State;
use actix_web::http::StatusCode;
use keng_shared::api::{NewTeam, TeamView};
use keng_shared::id::{AreaId, TeamId};
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, ProblemCode};
use keng_shared::record::PersonName;
use serde::Deserialize;
use serde_json::json;

/// Longest name of a team, in characters.
const MAX_NAME: usize = 100;

/// Query of lists by area.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct InArea {
    /// In this area or below; everything in reach if missing.
    #[param(value_type = Option<i64>)]
    pub(super) area: Option<AreaId>,
}

impl InArea {
    /// The asked areas, if the caller may do this there.
    pub(super) fn areas(&self, caller: &Caller, verb: Verb) -> Result<Vec<AreaId>, AppError> {
        match self.area {
            None => Ok(caller.areas(verb)),
            Some(area) => {
                caller.require(verb, area)?;
                Ok(caller.tree().subtree(area, caller.today()))
            }
        }
    }
}

/// `GET /teams`: names of teams are public within reach; who is in them is not.
pub async fn list(
    state: State,
    caller: Caller,
    Query(query): Query<InArea>,
) -> Result<Json<Vec<TeamView>>, AppError> {
    let areas = query.areas(&caller, Verb::ReadAreas)?;
    let today = caller.today();
    let own = caller.teams();
    let people = caller.areas(Verb::ReadPeople);
    let views = state
        .db
        .snapshot(move |conn| {
            let teams = teams::in_areas(conn, &areas)?;
            let open: Vec<TeamId> = teams
                .iter()
                .filter(|team| own.contains(&team.id) || people.binary_search(&team.area_id).is_ok())
                .map(|team| team.id)
                .collect();
            let mut members = teams::members(conn, &open, today)?;
            let view_of = |team: Team| {
                let members = members.remove(&team.id).unwrap_or_default();
                view(team, members)
            };
            Ok(teams.into_iter().map(view_of).collect())
        })
        .await?;
    Ok(Json(views))
}

/// `GET /teams/{id}`
pub async fn get(state: State, caller: Caller, Path(id): Path<TeamId>) -> Result<Json<TeamView>, AppError> {
    let today = caller.today();
    let (team, mut members) = state
        .db
        .snapshot(move |conn| Ok((teams::by_id(conn, id)?, teams::members(conn, &[id], today)?)))
        .await?;
    let team = team.ok_or(ProblemCode::NotFound)?;
    caller.require(Verb::ReadAreas, team.area_id)?;
    let may_see = caller.teams().contains(&id) || caller.can(Verb::ReadPeople, team.area_id);
    let members = members.remove(&id).filter(|_| may_see).unwrap_or_default();
    Ok(Json(view(team, members)))
}

/// `POST /teams`
pub async fn create(
    state: State,
    caller: Caller,
    Json(new): Json<NewTeam>,
) -> Result<(Json<TeamView>, StatusCode), AppError> {
    require_in(&caller, Verb::ManageTeams, new.area_id)?;
    let new = NewTeam {
        name: name("name", &new.name, MAX_NAME)?,
        ..new
    };
    let team = state
        .db
        .write(move |conn| {
            if teams::by_name(conn, new.area_id, &new.name)?.is_some() {
                return Err(ProblemCode::NameTaken.into());
            }
            let id = teams::insert(conn, &new, caller.now())?;
            audit::record(
                conn,
                &Entry {
                    at: caller.now(),
                    actor: Some(caller.user_id()),
                    device: Some(caller.device_id()),
                    action: "team.create",
                    object_type: "team",
                    object_id: id.to_string(),
                    details: json!({"area": new.area_id, "kind": new.kind}),
                },
            )?;
            Ok(Team {
                id,
                kind: new.kind,
                name: new.name.clone(),
                area_id: new.area_id,
                valid_from: None,
                valid_to: None,
            })
        })
        .await?;
    Ok((Json(view(team, Vec::new())), StatusCode::CREATED))
}

/// As [`Caller::require`] for an area that a body names: one out of reach is a wrong field, not a missing page.
pub(super) fn require_in(caller: &Caller, verb: Verb, area: AreaId) -> Result<(), AppError> {
    if !caller.reaches(area) {
        return Err(FieldError::new("area_id", FieldCode::NoSuchObject).into());
    }
    caller.require(verb, area)
}

fn view(team: Team, members: Vec<PersonName>) -> TeamView {
    TeamView {
        id: team.id,
        kind: team.kind,
        name: team.name,
        area_id: team.area_id,
        valid_from: team.valid_from,
        valid_to: team.valid_to,
        members,
    }
}
