//! Tasks: given, changed and taken back by staff and team leaders, done by whoever has them.

use super::records::{cursor, read_cursor_text};
use super::teams::require_in;
use crate::auth::Caller;
use crate::db::tasks::{self, After, StoredTask, Walk};
use crate::db::{Conn, DbError, memberships, teams};
use crate::extract::{IfMatch, Json, Path, Query};
use crate::problem::AppError;
use crate::state::State;
use crate::sync::content_hash;
use crate::sync::step_task::{StepTask, TaskReach, conflict, holders, require_revision, tell};
use actix_web::http::StatusCode;
use keng_shared::api::{MAX_PAGE, Page};
use keng_shared::id::{AreaId, TaskId};
use keng_shared::inbox::TaskNews;
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::task::{NewTask, Task, TaskState, TaskStep};
use keng_shared::time::Millis;
use serde::Deserialize;
use serde_json::json;

/// Query of [`list`].
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct TaskQuery {
    /// In this area or below; everything in reach if missing.
    #[param(value_type = Option<i64>)]
    area: Option<AreaId>,
    /// In this state; open if missing.
    #[param(value_type = Option<String>)]
    state: Option<TaskState>,
    /// `next` of the page before.
    after: Option<String>,
}

/// `GET /tasks`: for staff those of their areas, for others those that they have, lead or gave. Open ones by the time they
/// are due, others the latest first.
pub async fn list(
    state: State,
    caller: Caller,
    Query(query): Query<TaskQuery>,
) -> Result<Json<Page<Task>>, AppError> {
    if let Some(area) = query.area {
        caller.require(Verb::ReadAreas, area)?;
    }
    let within = query.area.map(|area| caller.tree().subtree(area, caller.today()));
    let is_within = move |area: AreaId| within.as_ref().is_none_or(|within| within.contains(&area));
    let after = query.after.as_deref().map(read_after).transpose()?;
    let reach = TaskReach::of(&caller);
    let mut own = caller.teams();
    own.extend(&reach.led);
    let mut areas = reach.areas;
    areas.extend(caller.areas(Verb::ReadRecords));
    areas.sort_unstable();
    areas.dedup();
    areas.retain(|area| is_within(*area));
    let me = caller.user_id();
    let walks = match areas.is_empty() {
        false => vec![Walk::Areas(areas)],
        true => vec![Walk::HeldBy(me), Walk::Teams(own), Walk::GivenBy(me)],
    };
    let wanted = query.state.unwrap_or(TaskState::Open);
    let page = state
        .db
        .snapshot(move |conn| {
            let rows = tasks::page(conn, &walks, wanted, after.as_ref(), MAX_PAGE)?;
            let last = rows.last().filter(|_| rows.len() == MAX_PAGE);
            let next = last.map(|row| cursor(format!("{}.{}", row.rank, row.id)));
            let mut items = tasks::views(conn, rows)?;
            items.retain(|task| is_within(task.area_id));
            Ok(Page { items, next })
        })
        .await?;
    Ok(Json(page))
}

/// `POST /tasks`: sent again with the same content it is the same task.
pub async fn create(
    state: State,
    caller: Caller,
    Json(new): Json<NewTask>,
) -> Result<(Json<Task>, StatusCode), AppError> {
    require_to_give(&caller, &new)?;
    let new = new.parse(caller.now(), None).map_err(AppError::fields)?;
    let reach = TaskReach::of(&caller);
    let task = state.db.write(move |conn| give(conn, &reach, &new)).await?;
    state.events.stir(commune(&caller, task.area_id));
    Ok((Json(task), StatusCode::CREATED))
}

/// `PUT /tasks/{id}`: an open task says something else, or goes to somebody else.
pub async fn edit(
    state: State,
    caller: Caller,
    Path(id): Path<TaskId>,
    IfMatch(revision): IfMatch,
    Json(new): Json<NewTask>,
) -> Result<Json<Task>, AppError> {
    let row = to_give(&state, &caller, id).await?;
    require_to_give(&caller, &new)?;
    let new = NewTask { id, ..new };
    let due_before = Some(Millis(row.due_at));
    let new = new.parse(caller.now(), due_before).map_err(AppError::fields)?;
    let reach = TaskReach::of(&caller);
    let task = state
        .db
        .write(move |conn| change(conn, &reach, revision, &new))
        .await?;
    state.events.stir(commune(&caller, row.area()));
    Ok(Json(task))
}

/// `POST /tasks/{id}/step`: done, open again, taken back; the desk's way, phones push.
pub async fn step(
    state: State,
    caller: Caller,
    Path(id): Path<TaskId>,
    IfMatch(revision): IfMatch,
    Json(step): Json<TaskStep>,
) -> Result<Json<Task>, AppError> {
    let row = find(&state, id).await?;
    let reach = TaskReach::of(&caller);
    if !reach.holds(&row) || step.target() == TaskState::Withdrawn {
        require_giver(&caller, &reach, &row)?;
    }
    let job = StepTask {
        reach,
        task: id,
        step: step.parse()?,
        at: caller.now(),
        seen: Some(revision),
        operation: None,
    };
    let task = state
        .db
        .write(move |conn| {
            job.run(conn)?;
            stored(conn, id)
        })
        .await?;
    state.events.stir(commune(&caller, row.area()));
    Ok(Json(task))
}

async fn find(state: &State, id: TaskId) -> Result<StoredTask, AppError> {
    let row = state.db.read(move |conn| tasks::find(conn, id)).await?;
    Ok(row.ok_or(ProblemCode::NotFound)?)
}

/// The task, if the caller gives such tasks.
async fn to_give(state: &State, caller: &Caller, id: TaskId) -> Result<StoredTask, AppError> {
    let row = find(state, id).await?;
    require_giver(caller, &TaskReach::of(caller), &row)?;
    Ok(row)
}

/// 404 for a task out of reach, 403 for one that is not the caller's to give.
fn require_giver(caller: &Caller, reach: &TaskReach, row: &StoredTask) -> Result<(), AppError> {
    if reach.gives(row) {
        return Ok(());
    }
    match caller.reaches(row.area()) {
        true => Err(ProblemCode::Forbidden.into()),
        false => Err(ProblemCode::NotFound.into()),
    }
}

fn require_to_give(caller: &Caller, new: &NewTask) -> Result<(), AppError> {
    match new.area_id {
        Some(area) => require_in(caller, Verb::GiveTasks, area),
        None => caller.require_somewhere(Verb::GiveTasks),
    }
}

fn commune(caller: &Caller, area: AreaId) -> AreaId {
    caller.tree().commune_of(area, caller.today()).unwrap_or(area)
}

fn stored(conn: &mut Conn, id: TaskId) -> Result<Task, DbError> {
    let row = DbError::unless(tasks::find(conn, id)?, "task")?;
    tasks::view(conn, row)
}

fn give(conn: &mut Conn, reach: &TaskReach, new: &NewTask) -> Result<Task, DbError> {
    let (actor, content) = (&reach.actor, content_hash(new));
    if let Some(row) = tasks::find(conn, new.id)? {
        let is_same = row.given_by == actor.user.to_string() && row.content_sha256 == content;
        return match is_same {
            true => tasks::view(conn, row),
            false => Err(ProblemCode::IdTaken.into()),
        };
    }
    let area = home(conn, reach, new)?;
    tasks::insert(conn, new, area, &content, actor.user, actor.now)?;
    announce(conn, reach, new, TaskNews::Given)?;
    audited(conn, reach, "task.give", new, area)?;
    stored(conn, new.id)
}

fn change(conn: &mut Conn, reach: &TaskReach, revision: u32, new: &NewTask) -> Result<Task, DbError> {
    let row = tasks::lock(conn, new.id)?
        .filter(|row| reach.gives(row))
        .ok_or(ProblemCode::NotFound)?;
    require_revision(conn, &row, Some(revision))?;
    if row.state()? != TaskState::Open {
        return Err(conflict(conn, row)?.into());
    }
    let area = home(conn, reach, new)?;
    let same_holder = row.team() == new.team_id && row.holder() == new.user_id;
    if !same_holder {
        let told = holders(conn, &row, reach.today)?;
        let due_at = Millis(row.due_at);
        tell(conn, &reach.actor, new.id, due_at, TaskNews::Withdrawn, told)?;
    }
    tasks::update(conn, new, area)?;
    let what = match same_holder {
        true => TaskNews::Changed,
        false => TaskNews::Given,
    };
    announce(conn, reach, new, what)?;
    audited(conn, reach, "task.edit", new, area)?;
    stored(conn, new.id)
}

/// Tells the people who have the task now.
fn announce(conn: &mut Conn, reach: &TaskReach, new: &NewTask, what: TaskNews) -> Result<(), DbError> {
    let row = DbError::unless(tasks::find(conn, new.id)?, "task")?;
    let told = holders(conn, &row, reach.today)?;
    tell(conn, &reach.actor, new.id, new.due_at, what, told)
}

fn audited(
    conn: &mut Conn,
    reach: &TaskReach,
    action: &str,
    new: &NewTask,
    area: AreaId,
) -> Result<(), DbError> {
    let details = json!({ "area": area, "team": new.team_id, "user": new.user_id });
    let id = new.id.to_string();
    reach.actor.audit(conn, action, "task", &id, details).map(drop)
}

/// Where the task belongs, if the caller may give it to its team or person: staff to everybody who works in their area,
/// team leaders to their team and its members.
fn home(conn: &mut Conn, reach: &TaskReach, new: &NewTask) -> Result<AreaId, DbError> {
    let refused = |field: &str| {
        let error = FieldError::new(field, FieldCode::NoSuchObject);
        DbError::from(Problem::fields(vec![error]))
    };
    let found = match (new.team_id, new.user_id) {
        (Some(team), _) => teams::by_id(conn, team)?
            .filter(|found| reach.is_staff_in(found.area_id) || reach.led.contains(&team))
            .map(|found| found.area_id)
            .ok_or_else(|| refused("team_id"))?,
        (None, Some(user)) => memberships::of_user(conn, user)?
            .into_iter()
            .filter(|held| held.is_in_force(reach.today))
            .find(|held| {
                let led = held.team_id.is_some_and(|team| reach.led.contains(&team));
                led || reach.is_staff_in(held.area_id)
            })
            .map(|held| held.area_id)
            .ok_or_else(|| refused("user_id"))?,
        (None, None) => return Err(refused("team_id")),
    };
    Ok(new.area_id.unwrap_or(found))
}

fn read_after(text: &str) -> Result<After, AppError> {
    let read = || {
        let text = read_cursor_text(text)?;
        let (rank, id) = text.split_once('.')?;
        Some((rank.parse().ok()?, id.to_owned()))
    };
    read().ok_or_else(|| FieldError::new("after", FieldCode::BadFormat).into())
}
