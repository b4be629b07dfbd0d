//! Work that goes on after its request was answered: who asked for what, how far it is, and who works on it.
//!
//! Whoever works on a job holds a lease and moves it on; when a lease has run out, because the process was killed, the job
//! is taken up again from its beginning. So a job must be able to begin again.

use super::schema_jobs::job;
use super::{Conn, DbError};
use diesel::prelude::*;
use keng_shared::api::ExportState;
use keng_shared::id::{ExportId, UserId};
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
    pub fn export_id(&self) -> Result<ExportId, DbError> {
        DbError::unless(self.id.parse().ok(), "job.id")
    }

    pub fn state(&self) -> Result<ExportState, DbError> {
        DbError::unless(ExportState::parse(&self.state), "job.state")
    }
}

/// A job that waits for somebody to work on it.
#[derive(Debug, Clone)]
pub struct NewJob<'a> {
    pub id: ExportId,
    /// What kind of work: `export.csv`.
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
            state: ExportState::Queued.as_str().to_owned(),
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
pub fn find(conn: &mut Conn, id: ExportId) -> Result<Option<StoredJob>, DbError> {
    Ok(job::table.find(id.to_string()).first(conn).optional()?)
}

/// The person's newest jobs.
pub fn of_user(conn: &mut Conn, user: UserId, limit: i64) -> Result<Vec<StoredJob>, DbError> {
    Ok(job::table
        .filter(job::user_id.eq(user.to_string()))
        .order((job::created_at.desc(), job::id.desc()))
        .limit(limit)
        .load(conn)?)
}

/// How many of the person's jobs are not finished.
pub fn unfinished(conn: &mut Conn, user: UserId) -> Result<i64, DbError> {
    Ok(job::table
        .filter(job::user_id.eq(user.to_string()))
        .filter(job::state.eq_any(OPEN))
        .count()
        .get_result(conn)?)
}

const OPEN: [&str; 2] = ["queued", "running"];

/// Whether a job waits or has lost its worker.
pub fn any_waiting(conn: &mut Conn, now: Millis) -> Result<bool, DbError> {
    let waiting: i64 = job::table
        .filter(job::state.eq_any(OPEN))
        .filter(job::lease_until.is_null().or(job::lease_until.lt(now.0)))
        .count()
        .get_result(conn)?;
    Ok(waiting > 0)
}

/// Takes up the oldest job that waits or whose worker is gone, and counts the try.
pub fn take_up(conn: &mut Conn, now: Millis, lease_until: Millis) -> Result<Option<StoredJob>, DbError> {
    let waits = job::lease_until.is_null().or(job::lease_until.lt(now.0));
    let next: Option<StoredJob> = job::table
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
            job::state.eq(ExportState::Running.as_str()),
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

/// Notes how far a job is and keeps its lease.
pub fn advance(
    conn: &mut Conn,
    id: ExportId,
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
    /// Rows written.
    pub rows: u64,
    /// Bytes of the result.
    pub size: u64,
    /// JSON: the revisions of the communes that the result shows.
    pub snapshot: String,
}

/// Ends a job well.
pub fn finish(conn: &mut Conn, id: ExportId, finished: &Finished, now: Millis) -> Result<(), DbError> {
    diesel::update(job::table.find(id.to_string()))
        .set((
            job::state.eq(ExportState::Done.as_str()),
            job::done.eq(wide(finished.rows)),
            job::total.eq(wide(finished.rows)),
            job::size.eq(wide(finished.size)),
            job::snapshot.eq(&finished.snapshot),
            job::lease_until.eq(None::<i64>),
            job::finished_at.eq(now.0),
        ))
        .execute(conn)?;
    Ok(())
}

/// Gives a job up.
pub fn fail(conn: &mut Conn, id: ExportId, now: Millis) -> Result<(), DbError> {
    diesel::update(job::table.find(id.to_string()))
        .set((
            job::state.eq(ExportState::Failed.as_str()),
            job::lease_until.eq(None::<i64>),
            job::finished_at.eq(now.0),
        ))
        .execute(conn)?;
    Ok(())
}

/// Jobs whose results may go.
pub fn expired(conn: &mut Conn, now: Millis, limit: i64) -> Result<Vec<ExportId>, DbError> {
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
pub fn delete(conn: &mut Conn, id: ExportId) -> Result<(), DbError> {
    diesel::delete(job::table.find(id.to_string())).execute(conn)?;
    Ok(())
}

fn wide(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
