//! The registry of cameras. Every answer here holds coordinates and contacts, so every route wants the verb of those
//! who keep the registry.

use super::areas::name;
use super::records::etag;
use super::teams::{InArea, require_in};
use crate::auth::Caller;
use crate::db::cameras::{self, StoredCamera};
use crate::db::{Conn, DbError, memberships};
use crate::extract::{IfMatch, Json, Path, Query};
use crate::problem::AppError;
use crate::state::State;
use crate::sync::Actor;
use crate::sync::permit::actor;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ETAG};
use keng_shared::api::{CameraDraft, CameraView};
use keng_shared::area::AreaTree;
use keng_shared::camera::MAX_KEEP_DAYS;
use keng_shared::id::{AreaId, CameraId};
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::text;
use keng_shared::time::LocalDate;
use serde_json::json;
use std::sync::Arc;

/// Longest name of a camera and of a holder, in characters.
const MAX_NAME: usize = 100;
/// Longest telephone number, in characters.
const MAX_PHONE: usize = 20;

/// `GET /cameras`
pub async fn list(
    state: State,
    caller: Caller,
    Query(query): Query<InArea>,
) -> Result<Json<Vec<CameraView>>, AppError> {
    caller.require_somewhere(Verb::ManageCameras)?;
    let areas = query.areas(&caller, Verb::ManageCameras)?;
    let views = state
        .db
        .snapshot(move |conn| {
            let found = cameras::in_areas(conn, &areas)?;
            cameras::views(conn, found)
        })
        .await?;
    Ok(Json(views))
}

/// `POST /cameras`
pub async fn create(
    state: State,
    caller: Caller,
    Json(new): Json<CameraDraft>,
) -> Result<HttpResponse, AppError> {
    require_in(&caller, Verb::ManageCameras, new.area_id)?;
    let new = checked(new, caller.today())?;
    let (actor, place) = (actor(&caller), Ground::of(&caller));
    let view = state
        .db
        .write(move |conn| {
            place.check_links(conn, &new)?;
            if cameras::by_name(conn, new.area_id, &new.name)?.is_some() {
                return Err(ProblemCode::NameTaken.into());
            }
            let row = cameras::insert(conn, &new, actor.now)?;
            write_down(conn, &actor, "camera.create", &row)?;
            view(conn, row)
        })
        .await?;
    Ok(answer(StatusCode::CREATED, view))
}

/// `PUT /cameras/{id}`
pub async fn edit(
    state: State,
    caller: Caller,
    Path(id): Path<CameraId>,
    IfMatch(revision): IfMatch,
    Json(new): Json<CameraDraft>,
) -> Result<HttpResponse, AppError> {
    require_camera(&state, &caller, id).await?;
    require_in(&caller, Verb::ManageCameras, new.area_id)?;
    let new = checked(new, caller.today())?;
    let (actor, place) = (actor(&caller), Ground::of(&caller));
    let view = state
        .db
        .write(move |conn| {
            current(conn, id, revision)?;
            place.check_links(conn, &new)?;
            let namesake = cameras::by_name(conn, new.area_id, &new.name)?;
            if namesake.is_some_and(|namesake| namesake.id != id.0) {
                return Err(ProblemCode::NameTaken.into());
            }
            let row = cameras::update(conn, id, &new)?;
            write_down(conn, &actor, "camera.edit", &row)?;
            view(conn, row)
        })
        .await?;
    Ok(answer(StatusCode::OK, view))
}

/// `DELETE /cameras/{id}`: out of use. Reports that name it keep it.
pub async fn retire(
    state: State,
    caller: Caller,
    Path(id): Path<CameraId>,
    IfMatch(revision): IfMatch,
) -> Result<HttpResponse, AppError> {
    require_camera(&state, &caller, id).await?;
    let actor = actor(&caller);
    state
        .db
        .write(move |conn| {
            let row = current(conn, id, revision)?;
            cameras::retire(conn, id, actor.now)?;
            write_down(conn, &actor, "camera.retire", &row)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn require_camera(state: &State, caller: &Caller, id: CameraId) -> Result<(), AppError> {
    let camera = state.db.read(move |conn| cameras::find(conn, id)).await?;
    let camera = camera.filter(|camera| camera.retired_at.is_none());
    caller.require(Verb::ManageCameras, camera.ok_or(ProblemCode::NotFound)?.area())
}

/// The stored camera, if it is the one that the caller looked at.
fn current(conn: &mut Conn, id: CameraId, revision: u32) -> Result<StoredCamera, DbError> {
    let row = cameras::lock(conn, id)?.filter(|camera| camera.retired_at.is_none());
    let row = row.ok_or(ProblemCode::NotFound)?;
    if row.revision()? == revision {
        return Ok(row);
    }
    let problem = Problem::new(ProblemCode::RevisionMismatch).with("revision", row.revision);
    let stored = serde_json::to_value(view(conn, row)?).ok();
    Err(problem.with_stored(DbError::unless(stored, "camera")?).into())
}

/// What links of a camera are checked against.
pub(super) struct Ground {
    tree: Arc<AreaTree>,
    today: LocalDate,
}

impl Ground {
    pub(super) fn of(caller: &Caller) -> Self {
        Self {
            tree: caller.tree().clone(),
            today: caller.today(),
        }
    }

    /// The area and those above it, the nearest first.
    pub(super) fn chain(&self, area: AreaId) -> Vec<AreaId> {
        self.tree.chain(area, self.today)
    }

    /// What an area is called.
    pub(super) fn name(&self, area: AreaId) -> &str {
        self.tree.get(area).map_or("", |area| area.name.as_str())
    }

    /// The keeper and the team must work at the camera: in its area, above or below it.
    pub(super) fn check_links(&self, conn: &mut Conn, camera: &CameraDraft) -> Result<(), DbError> {
        if let Some(keeper) = camera.keeper {
            let works_there = memberships::of_user(conn, keeper)?
                .into_iter()
                .any(|held| self.meets(held.area_id, camera.area_id));
            if !works_there {
                return Err(missing("keeper"));
            }
        }
        if let Some(team) = camera.team_id {
            let area = memberships::area_of_team(conn, team)?;
            if !area.is_some_and(|area| self.meets(area, camera.area_id)) {
                return Err(missing("team_id"));
            }
        }
        Ok(())
    }

    fn meets(&self, a: AreaId, b: AreaId) -> bool {
        self.tree.is_within(a, b, self.today) || self.tree.is_within(b, a, self.today)
    }
}

fn missing(field: &str) -> DbError {
    Problem::fields(vec![FieldError::new(field, FieldCode::NoSuchObject)]).into()
}

/// The draft with its texts cleaned, or everything that is wrong with it.
pub(super) fn checked(mut new: CameraDraft, today: LocalDate) -> Result<CameraDraft, AppError> {
    let mut errors: Vec<FieldError> = new
        .sight
        .check()
        .into_iter()
        .map(|error| error.under("sight"))
        .collect();
    match name("name", &new.name, MAX_NAME) {
        Ok(name) => new.name = name,
        Err(error) => errors.push(error),
    }
    match new.keep_days {
        0 => errors.push(FieldError::new("keep_days", FieldCode::TooSmall).with("min", 1)),
        days if days > MAX_KEEP_DAYS => {
            errors.push(FieldError::new("keep_days", FieldCode::TooBig).with("max", MAX_KEEP_DAYS));
        }
        _ => {}
    }
    if new.consent_on.is_some_and(|date| date > today) {
        errors.push(FieldError::new("consent_on", FieldCode::InFuture));
    }
    new.holder_name = text::clean(&new.holder_name);
    new.holder_phone = text::clean(&new.holder_phone);
    if new.holder_name.chars().count() > MAX_NAME {
        errors.push(FieldError::new("holder_name", FieldCode::TooLong).with("max", MAX_NAME));
    }
    let is_phone = |c: char| c.is_ascii_digit() || " +.-()".contains(c);
    if new.holder_phone.chars().count() > MAX_PHONE {
        errors.push(FieldError::new("holder_phone", FieldCode::TooLong).with("max", MAX_PHONE));
    } else if !new.holder_phone.chars().all(is_phone) {
        errors.push(FieldError::new("holder_phone", FieldCode::BadFormat).with("expected", "digits"));
    }
    match errors.is_empty() {
        true => Ok(new),
        false => Err(AppError::fields(errors)),
    }
}

/// The audit trail holds neither the place nor the contact.
pub(super) fn write_down(
    conn: &mut Conn,
    actor: &Actor,
    action: &str,
    row: &StoredCamera,
) -> Result<(), DbError> {
    let details =
        json!({ "area": row.area_id, "revision": row.revision, "has_consent": row.consent_on.is_some() });
    actor.audit(conn, action, "camera", &row.id.to_string(), details)?;
    Ok(())
}

fn view(conn: &mut Conn, row: StoredCamera) -> Result<CameraView, DbError> {
    DbError::unless(cameras::views(conn, vec![row])?.pop(), "camera")
}

fn answer(status: StatusCode, view: CameraView) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((ETAG, etag(view.revision)))
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(view)
}
