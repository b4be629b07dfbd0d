//! The workers of jobs: each takes up one job after the other, for as long as the server runs.
//!
//! Uploads and lists come first: one export and one bulk verdict run at a time.

use crate::db::jobs::{self, Line, StoredJob};
use crate::problem::AppError;
use crate::state::{AppState, State};
use crate::{bulk, export};
use std::time::Duration;

/// A worker that says nothing for so long is gone.
pub const LEASE_MS: i64 = 30_000;
/// Tries before a job is given up.
const MAX_TRIES: i32 = 3;
/// Pause when there is nothing to do.
const IDLE: Duration = Duration::from_secs(1);
/// Expired jobs removed at a time.
const BATCH: i64 = 20;

/// Works off the jobs of one line and removes old ones.
pub async fn run(state: State, line: Line) {
    loop {
        match round(&state, line).await {
            Ok(true) => {}
            Ok(false) => tokio::time::sleep(IDLE).await,
            Err(error) => {
                tracing::warn!(%error, ?line, "jobs have to wait");
                tokio::time::sleep(IDLE).await;
            }
        }
    }
}

/// Takes up one job; `false` when there is none.
async fn round(state: &AppState, line: Line) -> Result<bool, AppError> {
    if line == Line::Exports {
        clear_expired(state).await?;
    }
    let now = state.clock.now();
    let waiting = state
        .db
        .read(move |conn| jobs::any_waiting(conn, line, now))
        .await?;
    if !waiting {
        return Ok(false);
    }
    let lease = now.plus(LEASE_MS);
    let taken = state
        .db
        .write(move |conn| jobs::take_up(conn, line, now, lease))
        .await?;
    let Some(job) = taken else { return Ok(false) };
    let id = job.job_id()?;
    if job.tries > MAX_TRIES {
        tracing::error!(%id, "a job was tried {MAX_TRIES} times and is given up");
        state.db.write(move |conn| jobs::fail(conn, id, now)).await?;
        return Ok(true);
    }
    let worked = match line {
        Line::Exports => export::write(state, &job, id).await,
        Line::Bulk => bulk::work(state, &job, id).await,
    };
    match worked {
        Ok(finished) => {
            let now = state.clock.now();
            state
                .db
                .write(move |conn| jobs::finish(conn, id, &finished, now))
                .await?;
        }
        // The lease runs out, and then it is tried again.
        Err(error) => tracing::warn!(%id, %error, "a job was not finished"),
    }
    Ok(true)
}

async fn clear_expired(state: &AppState) -> Result<(), AppError> {
    let now = state.clock.now();
    let expired = state.db.read(move |conn| jobs::expired(conn, now, BATCH)).await?;
    for id in expired {
        state.evidence.store.remove_export(id).await?;
        state.db.write(move |conn| jobs::delete(conn, id)).await?;
    }
    Ok(())
}

/// The request of a job, as its worker wrote it down.
pub fn request<T: serde::de::DeserializeOwned>(job: &StoredJob) -> Result<T, AppError> {
    serde_json::from_str(&job.request).map_err(AppError::internal)
}
