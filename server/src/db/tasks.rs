//! Tasks. One that was withdrawn stays stored, so that a phone that says it is done is told.

use super::records::person;
use super::schema_tasks::task;
use super::{CHUNK, Conn, DbError, people};
use diesel::prelude::*;
use keng_shared::id::{AreaId, TaskId, TeamId, UserId};
use keng_shared::task::{NewTask, Task, TaskSaid, TaskState, TaskStep};
use keng_shared::time::Millis;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// A row of [`task`], column by column.
#[derive(Debug, Clone, PartialEq, Queryable)]
pub struct StoredTask {
    /// The task.
    pub id: String,
    /// Where it belongs.
    pub area_id: i64,
    /// In a line.
    pub title: String,
    /// More words.
    pub words: String,
    /// Where, in words.
    pub place: String,
    /// The record that it is about.
    pub record_id: Option<String>,
    /// When it is due.
    pub due_at: i64,
    /// The team that has it.
    pub team_id: Option<i64>,
    /// The person who has it.
    pub user_id: Option<String>,
    /// Who gave it.
    pub given_by: String,
    /// When it was given.
    pub given_at: i64,
    /// Where it stands.
    pub state: String,
    /// Who brought it there.
    pub said_by: Option<String>,
    /// When.
    pub said_at: Option<i64>,
    /// In words.
    pub said_note: String,
    /// The record of what was done.
    pub said_record: Option<String>,
    /// Its place in lists.
    pub rank: i64,
    /// Counts changes.
    pub revision: i32,
    /// Digest of what was given.
    pub content_sha256: String,
}

impl StoredTask {
    /// The task.
    pub fn task_id(&self) -> Result<TaskId, DbError> {
        DbError::unless(self.id.parse().ok(), "task.id")
    }

    /// Where it belongs.
    pub fn area(&self) -> AreaId {
        AreaId(self.area_id)
    }

    /// Where it stands.
    pub fn state(&self) -> Result<TaskState, DbError> {
        DbError::unless(TaskState::parse(&self.state), "task.state")
    }

    /// The revision.
    pub fn revision(&self) -> Result<u32, DbError> {
        DbError::unless(self.revision.try_into().ok(), "task.revision")
    }

    /// Who gave it.
    pub fn giver(&self) -> Result<UserId, DbError> {
        DbError::unless(self.given_by.parse().ok(), "task.given_by")
    }

    /// The team that has it.
    pub fn team(&self) -> Option<TeamId> {
        self.team_id.map(TeamId)
    }

    /// The person who has it.
    pub fn holder(&self) -> Option<UserId> {
        self.user_id.as_deref()?.parse().ok()
    }
}

/// Which tasks a list walks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Walk {
    /// Those of areas.
    Areas(Vec<AreaId>),
    /// Those of teams.
    Teams(Vec<TeamId>),
    /// Those that a person has.
    HeldBy(UserId),
    /// Those that a person gave.
    GivenBy(UserId),
}

/// The place in a list behind which the next page begins: a rank and an id.
pub type After = (i64, String);

/// Tasks in a state, at most `limit` of each walk: open ones by the time they are due, others the latest first.
pub fn page(
    conn: &mut Conn,
    walks: &[Walk],
    state: TaskState,
    after: Option<&After>,
    limit: usize,
) -> Result<Vec<StoredTask>, DbError> {
    let mut rows: Vec<StoredTask> = Vec::new();
    let limit_sql = i64::try_from(limit).unwrap_or(i64::MAX);
    for walk in walks {
        for query in narrowed(walk) {
            let query = beyond(query.filter(task::state.eq(state.as_str())), state, after);
            rows.extend(query.limit(limit_sql).load::<StoredTask>(conn)?);
        }
    }
    rows.sort_by(|a, b| in_order(state, a, b));
    rows.dedup_by(|a, b| a.id == b.id);
    rows.truncate(limit);
    Ok(rows)
}

/// Tasks of a person and of these teams that are open, or left that state after `since`; by the time they are due.
pub fn held_by(conn: &mut Conn, user: UserId, teams: &[TeamId], since: Millis) -> Result<Vec<Task>, DbError> {
    let mut rows: Vec<StoredTask> = Vec::new();
    for walk in [Walk::HeldBy(user), Walk::Teams(teams.to_vec())] {
        for query in narrowed(&walk) {
            let closed = [TaskState::Done.as_str(), TaskState::Withdrawn.as_str()];
            let is_fresh = task::state.eq_any(closed).and(task::rank.ge(since.0));
            let is_open = task::state.eq(TaskState::Open.as_str());
            rows.extend(query.filter(is_open.or(is_fresh)).load::<StoredTask>(conn)?);
        }
    }
    rows.sort_by(|a, b| (a.due_at, &a.id).cmp(&(b.due_at, &b.id)));
    views(conn, rows)
}

/// The task with this id.
pub fn find(conn: &mut Conn, id: TaskId) -> Result<Option<StoredTask>, DbError> {
    Ok(task::table.find(id.to_string()).first(conn).optional()?)
}

/// As [`find`], and nobody else changes the task before this transaction ends.
pub fn lock(conn: &mut Conn, id: TaskId) -> Result<Option<StoredTask>, DbError> {
    let query = task::table.find(id.to_string());
    let found = match conn {
        Conn::Postgres(conn) => query.for_update().first(conn).optional(),
        Conn::Sqlite(conn) => query.first(conn).optional(),
    };
    Ok(found?)
}

/// What people see of a task.
pub fn view(conn: &mut Conn, row: StoredTask) -> Result<Task, DbError> {
    DbError::unless(views(conn, vec![row])?.pop(), "task")
}

/// Stores a task whose fields have been checked.
pub fn insert(
    conn: &mut Conn,
    new: &NewTask,
    area: AreaId,
    content_sha256: &str,
    by: UserId,
    at: Millis,
) -> Result<(), DbError> {
    diesel::insert_into(task::table)
        .values((
            task::id.eq(new.id.to_string()),
            terms(new, area),
            task::given_by.eq(by.to_string()),
            task::given_at.eq(at.0),
            task::state.eq(TaskState::Open.as_str()),
            task::said_note.eq(""),
            task::revision.eq(1),
            task::content_sha256.eq(content_sha256),
        ))
        .execute(conn)?;
    Ok(())
}

/// Replaces the terms of an open task; its revision grows by one.
pub fn update(conn: &mut Conn, new: &NewTask, area: AreaId) -> Result<(), DbError> {
    diesel::update(task::table.find(new.id.to_string()))
        .set((terms(new, area), task::revision.eq(task::revision + 1)))
        .execute(conn)?;
    Ok(())
}

/// Takes a task a step further; its revision grows by one.
pub fn step(
    conn: &mut Conn,
    row: &StoredTask,
    step: &TaskStep,
    by: UserId,
    at: Millis,
) -> Result<(), DbError> {
    let state = step.target();
    let rank = match state {
        TaskState::Open => row.due_at,
        TaskState::Done | TaskState::Withdrawn => at.0,
    };
    diesel::update(task::table.find(&row.id))
        .set((
            task::state.eq(state.as_str()),
            task::said_by.eq(by.to_string()),
            task::said_at.eq(at.0),
            task::said_note.eq(step.note()),
            task::said_record.eq(step.record_id().map(|id| id.to_string())),
            task::rank.eq(rank),
            task::revision.eq(task::revision + 1),
        ))
        .execute(conn)?;
    Ok(())
}

/// What people see of tasks, in the order of the rows.
pub fn views(conn: &mut Conn, rows: Vec<StoredTask>) -> Result<Vec<Task>, DbError> {
    let mut ids = BTreeSet::new();
    for row in &rows {
        ids.insert(row.given_by.clone());
        ids.extend(row.user_id.clone());
        ids.extend(row.said_by.clone());
    }
    let names = people::names(conn, ids)?;
    let record = |id: Option<String>| {
        id.map(|id| DbError::unless(id.parse().ok(), "task.record_id"))
            .transpose()
    };
    rows.into_iter()
        .map(|row| {
            let said = match (row.said_at, &row.said_by) {
                (Some(at), Some(by)) => Some(TaskSaid {
                    by: person(&names, by)?,
                    at: Millis(at),
                    note: row.said_note.clone(),
                    record_id: record(row.said_record.clone())?,
                }),
                _ => None,
            };
            Ok(Task {
                id: row.task_id()?,
                area_id: row.area(),
                due_at: Millis(row.due_at),
                team_id: row.team(),
                person: row.user_id.as_deref().map(|id| person(&names, id)).transpose()?,
                by: person(&names, &row.given_by)?,
                at: Millis(row.given_at),
                state: row.state()?,
                revision: row.revision()?,
                record_id: record(row.record_id)?,
                title: row.title,
                words: row.words,
                place: row.place,
                said,
            })
        })
        .collect()
}

/// The columns that whoever gives a task sets.
fn terms(new: &NewTask, area: AreaId) -> Terms<'_> {
    Terms {
        area_id: area.0,
        title: &new.title,
        words: &new.words,
        place: &new.place,
        record_id: new.record_id.map(|id| id.to_string()),
        due_at: new.due_at.0,
        team_id: new.team_id.map(|team| team.0),
        user_id: new.user_id.map(|user| user.to_string()),
        rank: new.due_at.0,
    }
}

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = task, treat_none_as_null = true)]
struct Terms<'a> {
    area_id: i64,
    title: &'a str,
    words: &'a str,
    place: &'a str,
    record_id: Option<String>,
    due_at: i64,
    team_id: Option<i64>,
    user_id: Option<String>,
    rank: i64,
}

type Backend = <Conn as diesel::Connection>::Backend;
type Query = task::BoxedQuery<'static, Backend>;

/// One query for each piece of a walk that an index serves.
fn narrowed(walk: &Walk) -> Vec<Query> {
    match walk {
        Walk::Areas(areas) => areas
            .chunks(CHUNK)
            .map(|chunk| {
                let ids: Vec<i64> = chunk.iter().map(|id| id.0).collect();
                task::table.filter(task::area_id.eq_any(ids)).into_boxed()
            })
            .collect(),
        Walk::Teams(teams) => teams
            .chunks(CHUNK)
            .map(|chunk| {
                let ids: Vec<i64> = chunk.iter().map(|id| id.0).collect();
                task::table.filter(task::team_id.eq_any(ids)).into_boxed()
            })
            .collect(),
        Walk::HeldBy(user) => vec![
            task::table
                .filter(task::user_id.eq(user.to_string()))
                .into_boxed(),
        ],
        Walk::GivenBy(user) => vec![
            task::table
                .filter(task::given_by.eq(user.to_string()))
                .into_boxed(),
        ],
    }
}

fn beyond(query: Query, state: TaskState, after: Option<&After>) -> Query {
    let query = match (state, after) {
        (_, None) => query,
        (TaskState::Open, Some((rank, id))) => query
            .filter(task::rank.ge(*rank))
            .filter(task::rank.gt(*rank).or(task::id.gt(id.clone()))),
        (_, Some((rank, id))) => query
            .filter(task::rank.le(*rank))
            .filter(task::rank.lt(*rank).or(task::id.lt(id.clone()))),
    };
    match state {
        TaskState::Open => query.order((task::rank.asc(), task::id.asc())),
        _ => query.order((task::rank.desc(), task::id.desc())),
    }
}

fn in_order(state: TaskState, a: &StoredTask, b: &StoredTask) -> Ordering {
    let order = (a.rank, &a.id).cmp(&(b.rank, &b.id));
    match state {
        TaskState::Open => order,
        _ => order.reverse(),
    }
}
