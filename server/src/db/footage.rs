//! Footage requests, the tasks of keepers, and who holds which clip.

use super::people;
use super::records::person;
use super::schema_incidents::{camera, footage_custody, footage_request, footage_task};
use super::{CHUNK, Conn, DbError};
use diesel::prelude::*;
use keng_shared::api::{
    Custody, FootageAnswer, FootageRequestView, FootageTaskView, FootageWithdrawn, MyFootageTask,
    NewFootageRequest,
};
use keng_shared::camera::FootageState;
use keng_shared::geo::LatLon;
use keng_shared::id::{AreaId, CameraId, FootageRequestId, FootageTaskId, RecordId, UserId};
use keng_shared::time::Millis;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// A row of [`footage_request`], column by column.
#[derive(Debug, Clone, PartialEq, Queryable)]
pub struct StoredRequest {
    pub id: String,
    pub area_id: i64,
    pub record_id: Option<String>,
    pub lat_e7: i32,
    pub lon_e7: i32,
    pub radius_m: i32,
    pub from_at: i64,
    pub to_at: i64,
    pub words: String,
    pub by_id: String,
    pub at: i64,
    pub withdrawn_at: Option<i64>,
    pub withdrawn_by: Option<String>,
    pub withdrawn_words: String,
}

/// A row of [`footage_task`], column by column.
#[derive(Debug, Clone, PartialEq, Queryable)]
pub struct StoredTask {
    pub id: String,
    pub request_id: String,
    pub camera_id: i64,
    pub keeper_id: Option<String>,
    pub state: String,
    pub overwritten_at: i64,
    pub words: String,
    pub answered_at: Option<i64>,
    pub revision: i32,
}

/// A task to be stored.
#[derive(Debug, Clone, Copy)]
pub struct NewTask {
    pub camera: CameraId,
    pub keeper: Option<UserId>,
    pub overwritten_at: Millis,
}

/// The request with this id.
pub fn find(conn: &mut Conn, id: FootageRequestId) -> Result<Option<StoredRequest>, DbError> {
    Ok(footage_request::table
        .find(id.to_string())
        .first(conn)
        .optional()?)
}

/// As [`find`], and nobody else changes the request before this transaction ends.
pub fn lock(conn: &mut Conn, id: FootageRequestId) -> Result<Option<StoredRequest>, DbError> {
    let query = footage_request::table.find(id.to_string());
    let found = match conn {
        Conn::Postgres(conn) => query.for_update().first(conn).optional(),
        Conn::Sqlite(conn) => query.first(conn).optional(),
    };
    Ok(found?)
}

/// Takes a request back.
pub fn withdraw(
    conn: &mut Conn,
    id: FootageRequestId,
    words: &str,
    by: UserId,
    at: Millis,
) -> Result<(), DbError> {
    diesel::update(footage_request::table.find(id.to_string()))
        .set((
            footage_request::withdrawn_at.eq(at.0),
            footage_request::withdrawn_by.eq(by.to_string()),
            footage_request::withdrawn_words.eq(words),
        ))
        .execute(conn)?;
    Ok(())
}

/// Keepers who are asked and have not answered.
pub fn unanswered(conn: &mut Conn, id: FootageRequestId) -> Result<BTreeSet<UserId>, DbError> {
    let keepers: Vec<Option<String>> = footage_task::table
        .filter(footage_task::request_id.eq(id.to_string()))
        .filter(footage_task::answered_at.is_null())
        .select(footage_task::keeper_id)
        .load(conn)?;
    let keepers = keepers.iter().flatten();
    keepers
        .map(|keeper| DbError::unless(keeper.parse().ok(), "footage_task.keeper_id"))
        .collect()
}

/// Stores a request and its tasks.
pub fn insert(
    conn: &mut Conn,
    new: &NewFootageRequest,
    tasks: &[NewTask],
    by: UserId,
    at: Millis,
) -> Result<(), DbError> {
    diesel::insert_into(footage_request::table)
        .values((
            footage_request::id.eq(new.id.to_string()),
            footage_request::area_id.eq(new.area_id.0),
            footage_request::record_id.eq(new.record_id.map(|id| id.to_string())),
            footage_request::lat_e7.eq(new.position.lat_e7),
            footage_request::lon_e7.eq(new.position.lon_e7),
            footage_request::radius_m.eq(i32::from(new.radius_m)),
            footage_request::from_at.eq(new.from.0),
            footage_request::to_at.eq(new.to.0),
            footage_request::words.eq(&new.words),
            footage_request::by_id.eq(by.to_string()),
            footage_request::at.eq(at.0),
        ))
        .execute(conn)?;
    for task in tasks {
        diesel::insert_into(footage_task::table)
            .values((
                footage_task::id.eq(Uuid::now_v7().to_string()),
                footage_task::request_id.eq(new.id.to_string()),
                footage_task::camera_id.eq(task.camera.0),
                footage_task::keeper_id.eq(task.keeper.map(|keeper| keeper.to_string())),
                footage_task::state.eq(FootageState::Asked.as_str()),
                footage_task::overwritten_at.eq(task.overwritten_at.0),
                footage_task::words.eq(""),
                footage_task::revision.eq(1),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// The task with its request, for a change.
pub fn lock_task(conn: &mut Conn, id: FootageTaskId) -> Result<Option<(StoredTask, StoredRequest)>, DbError> {
    let query = footage_task::table.find(id.to_string());
    let task: Option<StoredTask> = match conn {
        Conn::Postgres(conn) => query.for_update().first(conn).optional(),
        Conn::Sqlite(conn) => query.first(conn).optional(),
    }?;
    let Some(task) = task else { return Ok(None) };
    let request = footage_request::table.find(&task.request_id).first(conn)?;
    Ok(Some((task, request)))
}

/// Writes an answer; a clip that is kept adds a hand to its custody.
pub fn answer(
    conn: &mut Conn,
    task: &StoredTask,
    answer: &FootageAnswer,
    by: UserId,
    at: Millis,
) -> Result<(), DbError> {
    diesel::update(footage_task::table.find(&task.id))
        .set((
            footage_task::state.eq(answer.state.as_str()),
            footage_task::words.eq(&answer.words),
            footage_task::answered_at.eq(at.0),
            footage_task::revision.eq(footage_task::revision + 1),
        ))
        .execute(conn)?;
    if answer.state == FootageState::Kept {
        diesel::insert_into(footage_custody::table)
            .values((
                footage_custody::id.eq(Uuid::now_v7().to_string()),
                footage_custody::task_id.eq(&task.id),
                footage_custody::holder.eq(&answer.holder),
                footage_custody::place.eq(&answer.place),
                footage_custody::until_on.eq(answer.until.map(|date| date.to_string())),
                footage_custody::at.eq(at.0),
                footage_custody::by_id.eq(by.to_string()),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// The latest requests of these areas, at most `limit`.
pub fn in_areas(conn: &mut Conn, areas: &[AreaId], limit: usize) -> Result<Vec<StoredRequest>, DbError> {
    let mut found: Vec<StoredRequest> = Vec::new();
    for chunk in areas.chunks(CHUNK) {
        found.extend(
            footage_request::table
                .filter(footage_request::area_id.eq_any(chunk.iter().map(|id| id.0)))
                .order(footage_request::at.desc())
                .limit(i64::try_from(limit).unwrap_or(i64::MAX))
                .load::<StoredRequest>(conn)?,
        );
    }
    found.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    found.truncate(limit);
    Ok(found)
}

/// Requests because of an incident, the latest first.
pub fn of_record(conn: &mut Conn, id: RecordId) -> Result<Vec<StoredRequest>, DbError> {
    Ok(footage_request::table
        .filter(footage_request::record_id.eq(id.to_string()))
        .order(footage_request::at.desc())
        .load(conn)?)
}

/// Tasks of a keeper with their requests: those not answered first, then by the time that is left; at most 100. Left out are
/// those that were answered before `since`, whose recording was overwritten before it, or that were taken back unanswered.
pub fn of_keeper(conn: &mut Conn, keeper: UserId, since: Millis) -> Result<Vec<MyFootageTask>, DbError> {
    let is_open = footage_task::answered_at
        .is_null()
        .and(footage_task::overwritten_at.ge(since.0))
        .and(footage_request::withdrawn_at.is_null());
    let tasks: Vec<StoredTask> = footage_task::table
        .inner_join(footage_request::table)
        .filter(footage_task::keeper_id.eq(keeper.to_string()))
        .filter(footage_task::answered_at.ge(since.0).or(is_open))
        .order(footage_task::overwritten_at.desc())
        .select(footage_task::all_columns)
        .limit(100)
        .load(conn)?;
    if tasks.is_empty() {
        return Ok(Vec::new());
    }
    let ids: BTreeSet<String> = tasks.iter().map(|task| task.request_id.clone()).collect();
    let requests: Vec<StoredRequest> = footage_request::table
        .filter(footage_request::id.eq_any(ids))
        .load(conn)?;
    let requests: HashMap<String, StoredRequest> = requests
        .into_iter()
        .map(|request| (request.id.clone(), request))
        .collect();
    let request_ids: Vec<String> = tasks.iter().map(|task| task.request_id.clone()).collect();
    let mut mine: Vec<MyFootageTask> = Vec::new();
    for (task, request_id) in task_views(conn, tasks)?.into_iter().zip(request_ids) {
        let request = DbError::unless(requests.get(&request_id), "footage_request")?;
        mine.push(MyFootageTask {
            request_id: DbError::unless(request_id.parse().ok(), "footage_request.id")?,
            from: Millis(request.from_at),
            to: Millis(request.to_at),
            request_words: request.words.clone(),
            task,
        });
    }
    mine.sort_by_key(|mine| (mine.task.state != FootageState::Asked, mine.task.overwritten_at));
    Ok(mine)
}

/// Requests as officers see them.
pub fn views(conn: &mut Conn, rows: Vec<StoredRequest>) -> Result<Vec<FootageRequestView>, DbError> {
    let named = rows
        .iter()
        .flat_map(|row| row.withdrawn_by.clone().into_iter().chain([row.by_id.clone()]));
    let names = people::names(conn, named.collect::<Vec<_>>())?;
    let mut tasks: Vec<StoredTask> = Vec::new();
    let ids: Vec<&String> = rows.iter().map(|row| &row.id).collect();
    for chunk in ids.chunks(CHUNK) {
        tasks.extend(
            footage_task::table
                .filter(footage_task::request_id.eq_any(chunk.iter().copied()))
                .order(footage_task::id)
                .load::<StoredTask>(conn)?,
        );
    }
    let owners: Vec<String> = tasks.iter().map(|task| task.request_id.clone()).collect();
    let mut by_request: HashMap<String, Vec<FootageTaskView>> = HashMap::new();
    for (view, owner) in task_views(conn, tasks)?.into_iter().zip(owners) {
        by_request.entry(owner).or_default().push(view);
    }
    rows.into_iter()
        .map(|row| {
            Ok(FootageRequestView {
                id: DbError::unless(row.id.parse().ok(), "footage_request.id")?,
                area_id: AreaId(row.area_id),
                record_id: row
                    .record_id
                    .as_deref()
                    .map(|id| DbError::unless(id.parse().ok(), "footage_request.record_id"))
                    .transpose()?,
                position: LatLon {
                    lat_e7: row.lat_e7,
                    lon_e7: row.lon_e7,
                },
                radius_m: DbError::unless(u16::try_from(row.radius_m).ok(), "footage_request.radius_m")?,
                from: Millis(row.from_at),
                to: Millis(row.to_at),
                by: person(&names, &row.by_id)?,
                at: Millis(row.at),
                tasks: by_request.remove(&row.id).unwrap_or_default(),
                withdrawn: match (row.withdrawn_at, &row.withdrawn_by) {
                    (Some(at), Some(by)) => Some(FootageWithdrawn {
                        at: Millis(at),
                        by: person(&names, by)?,
                        words: row.withdrawn_words,
                    }),
                    _ => None,
                },
                words: row.words,
            })
        })
        .collect()
}

/// One task as its keeper and officers see it.
pub fn task_view(conn: &mut Conn, id: FootageTaskId) -> Result<FootageTaskView, DbError> {
    let task = footage_task::table.find(id.to_string()).first(conn)?;
    DbError::unless(task_views(conn, vec![task])?.pop(), "footage_task")
}

/// Tasks in the given order.
fn task_views(conn: &mut Conn, tasks: Vec<StoredTask>) -> Result<Vec<FootageTaskView>, DbError> {
    type CustodyColumns = (String, String, String, String, Option<String>, i64, String);
    let (mut custody, mut cameras) = (Vec::<CustodyColumns>::new(), HashMap::<i64, String>::new());
    for chunk in tasks.chunks(CHUNK) {
        custody.extend(
            footage_custody::table
                .filter(footage_custody::task_id.eq_any(chunk.iter().map(|task| &task.id)))
                .order(footage_custody::id.desc())
                .load::<CustodyColumns>(conn)?,
        );
        let named: Vec<(i64, String)> = camera::table
            .filter(camera::id.eq_any(chunk.iter().map(|task| task.camera_id)))
            .select((camera::id, camera::name))
            .load(conn)?;
        cameras.extend(named);
    }
    let ids: Vec<String> = tasks
        .iter()
        .filter_map(|task| task.keeper_id.clone())
        .chain(custody.iter().map(|row| row.6.clone()))
        .collect();
    let names = people::names(conn, ids)?;
    let mut by_task: HashMap<String, Vec<Custody>> = HashMap::new();
    for (_, task, holder, place, until, at, by) in custody {
        by_task.entry(task).or_default().push(Custody {
            holder,
            place,
            until: until
                .map(|date| DbError::unless(date.parse().ok(), "footage_custody.until_on"))
                .transpose()?,
            at: Millis(at),
            by: person(&names, &by)?,
        });
    }
    tasks
        .into_iter()
        .map(|task| {
            Ok(FootageTaskView {
                id: DbError::unless(task.id.parse().ok(), "footage_task.id")?,
                camera_id: CameraId(task.camera_id),
                camera_name: DbError::unless(cameras.get(&task.camera_id).cloned(), "camera")?,
                keeper: task
                    .keeper_id
                    .as_deref()
                    .map(|id| person(&names, id))
                    .transpose()?,
                state: DbError::unless(FootageState::parse(&task.state), "footage_task.state")?,
                overwritten_at: Millis(task.overwritten_at),
                answered_at: task.answered_at.map(Millis),
                custody: by_task.remove(&task.id).unwrap_or_default(),
                revision: DbError::unless(u32::try_from(task.revision).ok(), "footage_task.revision")?,
                words: task.words,
            })
        })
        .collect()
}
