//! Footage requests: an officer asks, keepers of cameras answer. Kẻng keeps no video, only who holds it.

use super::teams::{InArea, require_in};
use crate::auth::Caller;
use crate::db::cameras::{self, StoredCamera};
use crate::db::footage::{self, NewTask, StoredRequest};
use crate::db::{Conn, DbError, cases, inbox};
use crate::extract::{IfMatch, Json, Path, Query};
use crate::problem::AppError;
use crate::state::State;
use crate::sync::Actor;
use crate::sync::answer_footage::{AnswerFootage, MAX_WORDS};
use crate::sync::permit::actor;
use actix_web::http::StatusCode;
use keng_shared::api::{
    FootageAnswer, FootageRequestView, FootageTaskView, MAX_PAGE, MyFootageTask, NewFootageRequest,
    NewFootageWithdrawal,
};
use keng_shared::camera::{MAX_REQUEST_MS, REQUEST_RADIUS_M, overwritten_at};
use keng_shared::id::{AreaId, FootageRequestId, FootageTaskId, RecordId, UserId};
use keng_shared::inbox::News;
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::record::CLOCK_TOLERANCE_MS;
use keng_shared::text;
use keng_shared::time::Millis;
use serde_json::json;

/// Most cameras of one request.
const MAX_CAMERAS: usize = 50;

/// `GET /footage`: the latest requests of the areas whose cameras the caller keeps.
pub async fn list(
    state: State,
    caller: Caller,
    Query(query): Query<InArea>,
) -> Result<Json<Vec<FootageRequestView>>, AppError> {
    caller.require_somewhere(Verb::ManageCameras)?;
    let areas = query.areas(&caller, Verb::ManageCameras)?;
    let views = state
        .db
        .snapshot(move |conn| {
            let found = footage::in_areas(conn, &areas, MAX_PAGE)?;
            footage::views(conn, found)
        })
        .await?;
    Ok(Json(views))
}

/// `POST /footage`
pub async fn create(
    state: State,
    caller: Caller,
    Json(new): Json<NewFootageRequest>,
) -> Result<(Json<FootageRequestView>, StatusCode), AppError> {
    require_in(&caller, Verb::ManageCameras, new.area_id)?;
    let new = checked(new, caller.now())?;
    let tree = caller.tree();
    let commune = tree
        .commune_of(new.area_id, caller.today())
        .unwrap_or(new.area_id);
    let (areas, actor) = (caller.areas(Verb::ManageCameras), actor(&caller));
    let view = state
        .db
        .write_in(commune, move |conn| ask(conn, &actor, &areas, &new))
        .await?;
    state.events.stir(commune);
    Ok((Json(view), StatusCode::CREATED))
}

/// `GET /footage/tasks`: what the caller is asked.
pub async fn mine(state: State, caller: Caller) -> Result<Json<Vec<MyFootageTask>>, AppError> {
    let me = caller.user_id();
    Ok(Json(
        state
            .db
            .snapshot(move |conn| footage::of_keeper(conn, me, Millis(0)))
            .await?,
    ))
}

/// `POST /footage/tasks/{id}/answer`: by the keeper, or by an officer who has called the holder.
pub async fn answer(
    state: State,
    caller: Caller,
    Path(id): Path<FootageTaskId>,
    IfMatch(revision): IfMatch,
    Json(body): Json<FootageAnswer>,
) -> Result<Json<FootageTaskView>, AppError> {
    let job = AnswerFootage::said(&caller, id, revision, body, caller.now()).map_err(AppError::fields)?;
    let (view, area) = state
        .db
        .write(move |conn| {
            let area = job.run(conn)?;
            Ok((footage::task_view(conn, id)?, area))
        })
        .await?;
    let commune = caller.tree().commune_of(area, caller.today());
    state.events.stir(commune.unwrap_or(area));
    Ok(Json(view))
}

/// `POST /footage/{id}/withdrawal`: nobody is asked any more; what was answered stays. Saying so again changes nothing.
pub async fn withdraw(
    state: State,
    caller: Caller,
    Path(id): Path<FootageRequestId>,
    Json(body): Json<NewFootageWithdrawal>,
) -> Result<Json<FootageRequestView>, AppError> {
    let found = state.db.read(move |conn| footage::find(conn, id)).await?;
    let area = AreaId(found.ok_or(ProblemCode::NotFound)?.area_id);
    caller.require(Verb::ManageCameras, area)?;
    let words = text::clean(&body.words);
    let wrong = match words.chars().count() {
        0 => Some(FieldError::new("words", FieldCode::Required)),
        count if count > MAX_WORDS => {
            Some(FieldError::new("words", FieldCode::TooLong).with("max", MAX_WORDS))
        }
        _ => None,
    };
    if let Some(error) = wrong {
        return Err(AppError::fields(vec![error]));
    }
    let commune = caller.tree().commune_of(area, caller.today()).unwrap_or(area);
    let actor = actor(&caller);
    let view = state
        .db
        .write_in(commune, move |conn| take_back(conn, &actor, id, &words))
        .await?;
    state.events.stir(commune);
    Ok(Json(view))
}

fn take_back(
    conn: &mut Conn,
    actor: &Actor,
    id: FootageRequestId,
    words: &str,
) -> Result<FootageRequestView, DbError> {
    let stored = footage::lock(conn, id)?.ok_or(ProblemCode::NotFound)?;
    if stored.withdrawn_at.is_some() {
        return one(conn, stored);
    }
    footage::withdraw(conn, id, words, actor.user, actor.now)?;
    let by: UserId = DbError::unless(stored.by_id.parse().ok(), "footage_request.by_id")?;
    let mut told = footage::unanswered(conn, id)?;
    told.insert(by);
    told.remove(&actor.user);
    let news = News::FootageWithdrawn {
        request_id: id,
        record_id: stored
            .record_id
            .as_deref()
            .map(|id| DbError::unless(id.parse().ok(), "footage_request.record_id"))
            .transpose()?,
    };
    inbox::put(conn, told, actor.now, &news)?;
    let request = id.to_string();
    actor.audit(conn, "footage.withdraw", "footage_request", &request, json!({}))?;
    let stored = footage::find(conn, id)?;
    one(conn, DbError::unless(stored, "footage_request")?)
}

fn ask(
    conn: &mut Conn,
    actor: &Actor,
    areas: &[AreaId],
    new: &NewFootageRequest,
) -> Result<FootageRequestView, DbError> {
    if let Some(stored) = footage::find(conn, new.id)? {
        // Sent again because the answer was lost; somebody else's id is no business of this caller.
        return match stored.by_id == actor.user.to_string() {
            true => one(conn, stored),
            false => Err(ProblemCode::IdTaken.into()),
        };
    }
    require_case(conn, areas, new.record_id)?;
    let cameras = cameras::by_ids(conn, &new.cameras)?;
    let mut tasks = Vec::new();
    for (index, id) in new.cameras.iter().enumerate() {
        let camera = cameras.get(id).filter(|camera| is_askable(camera, areas, new));
        let missing = || {
            let error = FieldError::new(format!("cameras.{index}"), FieldCode::NoSuchObject);
            Problem::fields(vec![error])
        };
        let camera = camera.ok_or_else(missing)?;
        tasks.push(NewTask {
            camera: *id,
            keeper: camera.keeper()?,
            overwritten_at: overwritten_at(new.from, camera.keep_days()?),
        });
    }
    footage::insert(conn, new, &tasks, actor.user, actor.now)?;
    for task in &tasks {
        let news = News::FootageRequested {
            request_id: new.id,
            overwritten_at: task.overwritten_at,
        };
        inbox::put(conn, task.keeper, actor.now, &news)?;
    }
    let details = json!({ "cameras": new.cameras, "record": new.record_id, "radius_m": new.radius_m });
    let id = new.id.to_string();
    actor.audit(conn, "footage.request", "footage_request", &id, details)?;
    let stored = footage::find(conn, new.id)?;
    one(conn, DbError::unless(stored, "footage_request")?)
}

fn one(conn: &mut Conn, stored: StoredRequest) -> Result<FootageRequestView, DbError> {
    DbError::unless(footage::views(conn, vec![stored])?.pop(), "footage_request")
}

/// A camera in reach, in use, inside the circle, whose owner has consented.
fn is_askable(camera: &StoredCamera, areas: &[AreaId], new: &NewFootageRequest) -> bool {
    areas.binary_search(&camera.area()).is_ok()
        && camera.retired_at.is_none()
        && camera.consent_on.is_some()
        && camera.position().distance_m(new.position) <= f64::from(new.radius_m)
}

fn require_case(conn: &mut Conn, areas: &[AreaId], record: Option<RecordId>) -> Result<(), DbError> {
    let Some(id) = record else { return Ok(()) };
    match cases::find(conn, id)? {
        Some(case) if areas.binary_search(&case.area()).is_ok() => Ok(()),
        _ => Err(Problem::fields(vec![FieldError::new("record_id", FieldCode::NoSuchObject)]).into()),
    }
}

fn checked(mut new: NewFootageRequest, now: Millis) -> Result<NewFootageRequest, AppError> {
    let mut errors = Vec::new();
    new.words = text::clean(&new.words);
    let mut wrong = |field: &str, code| errors.push(FieldError::new(field, code));
    if !new.position.is_valid() {
        wrong("position", FieldCode::BadFormat);
    }
    if new.to < new.from {
        wrong("to", FieldCode::EndBeforeStart);
    }
    if new.to > now.plus(CLOCK_TOLERANCE_MS) {
        wrong("to", FieldCode::InFuture);
    }
    if new.cameras.is_empty() {
        wrong("cameras", FieldCode::Required);
    }
    let mut seen = std::collections::HashSet::new();
    if !new.cameras.iter().all(|camera| seen.insert(*camera)) {
        wrong("cameras", FieldCode::Duplicate);
    }
    let mut beyond =
        |field: &str, code, max: usize| errors.push(FieldError::new(field, code).with("max", max));
    if new.radius_m > *REQUEST_RADIUS_M.end() {
        beyond("radius_m", FieldCode::TooBig, (*REQUEST_RADIUS_M.end()).into());
    }
    if new.cameras.len() > MAX_CAMERAS {
        beyond("cameras", FieldCode::TooLong, MAX_CAMERAS);
    }
    if new.words.chars().count() > MAX_WORDS {
        beyond("words", FieldCode::TooLong, MAX_WORDS);
    }
    if new.radius_m < *REQUEST_RADIUS_M.start() {
        let min = REQUEST_RADIUS_M.start();
        errors.push(FieldError::new("radius_m", FieldCode::TooSmall).with("min", min));
    }
    if new.to.since(new.from) > MAX_REQUEST_MS {
        errors.push(FieldError::new("to", FieldCode::TooLongAgo).with("max", MAX_REQUEST_MS));
    }
    match errors.is_empty() {
        true => Ok(new),
        false => Err(AppError::fields(errors)),
    }
}
