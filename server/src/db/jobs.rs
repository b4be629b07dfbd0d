//! Work that goes on after its request was answered: who asked for what, how far it is, and who works on it.
//!
//! Whoever works on a job holds a lease and moves it on; when a lease has run out, because the process was killed, the job
//! is taken up again from its beginning. So a job must be able to begin again.

use super::schema_jobs::job;
use super::{Conn, DbError};
use diesel::prelude::*;
use keng_shared::api::JobState;
use keng_shared::id::{JobId, UserId};
use keng_shared::time::Millis;

/// A row of [`job`], column by column.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable)]
#[diesel(table_name = job)]
pub struct StoredJob {
    pub id: String,
    pub kind: String,
    pub user_id: String,
    pub request: String,
    pub snapshot: Option<String>,
    pub state: String,
    pub total: i64,
    pub done: i64,
    pub size: Option<i64>,
    pub tries: i32,
    pub lease_until: Option<i64>,
    pub created_at: i64,
    pub finished_at: Option<i64>,
    pub expires_at: i64,
}

impl StoredJob {
    pub fn job_id(&self) -> Result<JobId, DbError> {
        DbError::unless(self.id.parse().ok(), "job.id")
    }

    pub fn state(&self) -> Result<JobState, DbError> {
        DbError::unless(JobState::parse(&self.state), "job.state")
    }
}

/// A job that waits for somebody to work on it.
#[derive(Debug, Clone)]
pub struct NewJob<'a> {
    pub id: JobId,
    /// What kind of work, with its line before the dot: `export.csv`.
    pub kind: &'a str,
    pub user: UserId,
    /// JSON that only the worker reads.
    pub request: &'a str,
    pub now: Millis,
    pub expires_at: Millis,
}

/// Queues a job.
pub fn insert(conn: &mut Conn, new: &NewJob) -> Result<(), DbError> {
    diesel::insert_into(job::table)
        .values(StoredJob {
            id: new.id.to_string(),
            kind: new.kind.to_owned(),
            user_id: new.user.to_string(),
            request: new.request.to_owned(),
            snapshot: None,
            state: JobState::Queued.as_str().to_owned(),
            total: 0,
            done: 0,
            size: None,
            tries: 0,
            lease_until: None,
            created_at: new.now.0,
            finished_at: None,
            expires_at: new.expires_at.0,
        })
        .execute(conn)?;
    Ok(())
}

/// The job with this id.
pub fn find(conn: &mut Conn, id: JobId) -> Result<Option<StoredJob>, DbError> {
    Ok(job::table.find(id.to_string()).first(conn).optional()?)
}

/// Kinds of work that wait in lines of their own, so that a long export does not hold up a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Files of records.
    Exports,
    /// Verdicts on many records.
    Bulk,
}

impl Line {
    fn kinds(self) -> &'static str {
        match self {
            Self::Exports => "export.%",
            Self::Bulk => "bulk.%",
        }
    }
}

/// The person's newest jobs of a line.
pub fn of_user(conn: &mut Conn, line: Line, user: UserId, limit: i64) -> Result<Vec<StoredJob>, DbError> {
    Ok(job::table
        .filter(job::user_id.eq(user.to_string()))
        .filter(job::kind.like(line.kinds()))
        .order((job::created_at.desc(), job::id.desc()))
        .limit(limit)
        .load(conn)?)
}

/// How many of the person's jobs of a line are not finished.
pub fn unfinished(conn: &mut Conn, line: Line, user: UserId) -> Result<i64, DbError> {
    Ok(job::table
        .filter(job::user_id.eq(user.to_string()))
        .filter(job::kind.like(line.kinds()))
        .filter(job::state.eq_any(OPEN))
        .count()
        .get_result(conn)?)
}

const OPEN: [&str; 2] = ["queued", "running"];

/// Whether a job of the line waits or has lost its worker.
pub fn any_waiting(conn: &mut Conn, line: Line, now: Millis) -> Result<bool, DbError> {
    let waiting: i64 = job::table
        .filter(job::kind.like(line.kinds()))
        .filter(job::state.eq_any(OPEN))
        .filter(job::lease_until.is_null().or(job::lease_until.lt(now.0)))
        .count()
        .get_result(conn)?;
    Ok(waiting > 0)
}

/// Takes up the oldest job of the line that waits or whose worker is gone, and counts the try.
pub fn take_up(
    conn: &mut Conn,
    line: Line,
    now: Millis,
    lease_until: Millis,
) -> Result<Option<StoredJob>, DbError> {
    let waits = job::lease_until.is_null().or(job::lease_until.lt(now.0));
    let next: Option<StoredJob> = job::table
        .filter(job::kind.like(line.kinds()))
        .filter(job::state.eq_any(OPEN))
        .filter(waits)
        .order((job::created_at, job::id))
        .first(conn)
        .optional()?;
    let Some(next) = next else { return Ok(None) };
    // Another instance may have been faster between the two statements.
    let taken = diesel::update(job::table.find(&next.id))
        .filter(job::state.eq_any(OPEN))
        .filter(waits)
        .set((
            job::state.eq(JobState::Running.as_str()),
            job::lease_until.eq(lease_until.0),
            job::tries.eq(next.tries + 1),
            job::done.eq(0),
        ))
        .execute(conn)?;
    Ok((taken == 1).then_some(StoredJob {
        tries: next.tries + 1,
        ..next
    }))
}

/// Notes how many rows a job has.
pub fn set_total(conn: &mut Conn, id: JobId, total: u64) -> Result<(), DbError> {
    diesel::update(job::table.find(id.to_string()))
        .set(job::total.eq(wide(total)))
        .execute(conn)?;
    Ok(())
}

/// Notes how far a job is and keeps its lease.
pub fn advance(
    conn: &mut Conn,
    id: JobId,
    (done, total): (u64, u64),
    lease_until: Millis,
) -> Result<(), DbError> {
    diesel::update(job::table.find(id.to_string()))
        .set((
            job::done.eq(wide(done)),
            job::total.eq(wide(total)),
            job::lease_until.eq(lease_until.0),
        ))
        .execute(conn)?;
    Ok(())
}

/// What a finished job has to say.
#[derive(Debug, Clone)]
pub struct Finished {
    /// Rows worked on.
    pub rows: u64,
    /// Bytes of the result, where it is a file.
    pub size: Option<u64>,
    /// JSON: the revisions of the communes that the result shows.
    pub snapshot: Option<String>,
}

/// Ends a job well.
pub fn finish(conn: &mut Conn, id: JobId, finished: &Finished, now: Millis) -> Result<(), DbError> {
    diesel::update(job::table.find(id.to_string()))
        .set((
            job::state.eq(JobState::Done.as_str()),
            job::done.eq(wide(finished.rows)),
            job::total.eq(wide(finished.rows)),
            job::size.eq(finished.size.map(wide)),
            job::snapshot.eq(&finished.snapshot),
            job::lease_until.eq(None::<i64>),
            job::finished_at.eq(now.0),
        ))
        .execute(conn)?;
    Ok(())
}

/// Gives a job up.
pub fn fail(conn: &mut Conn, id: JobId, now: Millis) -> Result<(), DbError> {
    diesel::update(job::table.find(id.to_string()))
        .set((
            job::state.eq(JobState::Failed.as_str()),
            job::lease_until.eq(None::<i64>),
            job::finished_at.eq(now.0),
        ))
        .execute(conn)?;
    Ok(())
}

/// Jobs whose results may go.
pub fn expired(conn: &mut Conn, now: Millis, limit: i64) -> Result<Vec<JobId>, DbError> {
    let ids: Vec<String> = job::table
        .filter(job::expires_at.le(now.0))
        .order(job::expires_at)
        .limit(limit)
        .select(job::id)
        .load(conn)?;
    ids.iter()
        .map(|id| DbError::unless(id.parse().ok(), "job.id"))
        .collect()
}

/// Forgets a job.
pub fn delete(conn: &mut Conn, id: JobId) -> Result<(), DbError> {
    diesel::delete(job::table.find(id.to_string())).execute(conn)?;
    Ok(())
}

fn wide(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
