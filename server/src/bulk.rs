//! One verdict on many records, as a job over a snapshot of them.
//!
//! The snapshot names each record with the revision that the person could have looked at. A record that was changed,
//! judged or withdrawn meanwhile is left alone, and its row says so. Rows that have an outcome are not touched again, so
//! a job whose process was killed goes on where it stopped. Undoing is a job of the same kind, over the rows that were
//! judged; it puts back the verdict that each record had.

use crate::db::bulk_rows::{self, StoredBulkRow};
use crate::db::jobs::{self, Finished, StoredJob};
use crate::db::memberships::{self, Membership};
use crate::db::records::{self, StoredRecord};
use crate::db::{Conn, DbError};
use crate::jobs::{LEASE_MS, request};
use crate::problem::AppError;
use crate::state::AppState;
use crate::sync::Actor;
use crate::sync::reopen::{reopen, verdict_of};
use crate::sync::review::Review;
use keng_shared::api::{BulkOutcome, NewReview};
use keng_shared::area::AreaTree;
use keng_shared::id::{DeviceId, JobId, UserId};
use keng_shared::permission::Verb;
use keng_shared::record::{RecordStatus, Verdict};
use keng_shared::time::{LocalDate, Millis};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Records judged in one transaction.
const BATCH: i64 = 50;

/// What a job of this kind was asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Asked {
    /// On which device the person sat.
    pub device: DeviceId,
    /// What to do with each record.
    pub task: Task,
}

/// What is done with each record of a snapshot.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// It gets this verdict.
    Judge {
        /// The verdict.
        verdict: Verdict,
        /// Words to its author.
        reason: String,
    },
    /// The verdict of that job is taken back.
    Undo(JobId),
}

impl Task {
    /// The kind of the job.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Judge { .. } => "bulk.judge",
            Self::Undo(_) => "bulk.undo",
        }
    }
}

/// Works the snapshot off, batch after batch, each of one commune.
pub async fn work(state: &AppState, job: &StoredJob, id: JobId) -> Result<Finished, AppError> {
    let asked: Asked = request(job)?;
    let user: UserId = DbError::unless(job.user_id.parse().ok(), "job.user_id")?;
    let total = u64::try_from(job.total).unwrap_or(0);
    loop {
        let (batch, done, held) = state
            .db
            .snapshot(move |conn| {
                let waiting = bulk_rows::waiting(conn, id, BATCH)?;
                let outcomes = bulk_rows::outcomes(conn, id)?;
                let done: u64 = outcomes.iter().map(|outcome| outcome.count).sum();
                Ok((waiting, done, memberships::of_user(conn, user)?))
            })
            .await?;
        let Some(commune) = batch.first().map(StoredBulkRow::commune) else {
            return Ok(Finished {
                rows: done,
                size: None,
                snapshot: None,
            });
        };
        let now = state.clock.now();
        let judge = Judge {
            actor: Actor {
                user,
                device: asked.device,
                now,
            },
            task: asked.task.clone(),
            held,
            tree: state.auth.tree.get(&state.db, now).await?,
            today: now
                .local_date()
                .ok_or_else(|| AppError::internal("the clock is wrong"))?,
        };
        let batch: Vec<StoredBulkRow> = batch.into_iter().filter(|row| row.commune() == commune).collect();
        state
            .db
            .write_in(commune, move |conn| {
                for row in &batch {
                    judge.settle(conn, row)?;
                }
                let so_far = done + u64::try_from(batch.len()).unwrap_or(0);
                jobs::advance(conn, id, (so_far, total), now.plus(LEASE_MS))
            })
            .await?;
        state.events.stir(commune);
    }
}

/// Whoever judges, with what they hold today.
struct Judge {
    actor: Actor,
    task: Task,
    held: Vec<Membership>,
    tree: Arc<AreaTree>,
    today: LocalDate,
}

impl Judge {
    fn settle(&self, conn: &mut Conn, row: &StoredBulkRow) -> Result<(), DbError> {
        let stored = records::lock(conn, row.record()?)?;
        let stored = DbError::unless(stored, "bulk_row.record_id")?;
        let before = verdict_of(&stored);
        let outcome = match self.obstacle(row, &stored)? {
            Some(obstacle) => obstacle,
            None => {
                self.change(conn, row, stored)?;
                BulkOutcome::Done
            }
        };
        let before = matches!(self.task, Task::Judge { .. }).then_some(before);
        bulk_rows::settle(conn, row, outcome, before.as_ref(), self.actor.now)
    }

    /// Why a record is left alone, if it is.
    fn obstacle(&self, row: &StoredBulkRow, stored: &StoredRecord) -> Result<Option<BulkOutcome>, DbError> {
        if stored.status()? == RecordStatus::Withdrawn {
            return Ok(Some(BulkOutcome::Withdrawn));
        }
        if !self.may_review(stored) {
            return Ok(Some(BulkOutcome::Refused));
        }
        if stored.revision != row.revision {
            return Ok(Some(BulkOutcome::Changed));
        }
        let is_as_left = match self.task {
            Task::Judge { .. } => stored.status()? == RecordStatus::Submitted,
            // The verdict is still the one that the first job gave.
            Task::Undo(_) => {
                stored.review_by == Some(self.actor.user.to_string()) && stored.review_at == row.judged_at
            }
        };
        Ok((!is_as_left).then_some(BulkOutcome::Judged))
    }

    fn change(&self, conn: &mut Conn, row: &StoredBulkRow, stored: StoredRecord) -> Result<(), DbError> {
        match &self.task {
            Task::Judge { verdict, reason } => {
                let review = Review {
                    actor: self.actor,
                    record: row.record()?,
                    revision: stored.revision()?,
                    review: NewReview {
                        verdict: Some(*verdict),
                        reason: reason.clone(),
                        photos: Vec::new(),
                    },
                };
                review.judge_locked(conn, stored).map(drop)
            }
            Task::Undo(_) => reopen(conn, &self.actor, stored, &row.before()?),
        }
    }

    fn may_review(&self, stored: &StoredRecord) -> bool {
        let chain = self.tree.chain(stored.area(), self.today);
        self.held.iter().any(|held| {
            held.is_in_force(self.today) && held.role.allows(Verb::Review) && chain.contains(&held.area_id)
        })
    }
}

/// When a snapshot goes away: as long as a file is kept, so long can a verdict be undone.
pub fn expires_at(now: Millis) -> Millis {
    now.plus(crate::export::KEPT_MS)
}
