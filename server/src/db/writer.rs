//! Writes that arrive together share one commit.
//!
//! A write is a job in a bounded queue. A writer thread takes everything that waits, opens one transaction, runs every
//! job in a savepoint of its own, commits once, and only then answers. So a caller that got an answer has its change
//! on the disk, a job that fails takes nobody along, and the cost of a synced commit is shared.
//!
//! Invariants: a job touches nothing but the database, for it may run again; an answer never comes before the commit.

use super::connection::{Backend, Conn, Purpose, begin_write};
use super::error::DbError;
use diesel::Connection;
use diesel::connection::TransactionManager;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::Duration;
use tokio::sync::oneshot;

/// Most jobs that share a commit.
const MAX_BATCH: usize = 256;
/// Jobs that wait before callers are told to come back later.
const QUEUE: usize = 2_048;
/// How often a job that runs alone is tried when the database says to try again.
const ATTEMPTS: u32 = 4;

/// The queue of one writer thread.
pub(super) struct Lane {
    queue: SyncSender<Box<dyn Job>>,
}

impl Lane {
    /// Starts a writer thread.
    pub(super) fn start(backend: Backend, number: usize) -> std::io::Result<Self> {
        let (queue, jobs) = sync_channel(QUEUE);
        std::thread::Builder::new()
            .name(format!("keng-writer-{number}"))
            .spawn(move || Writer { backend, conn: None }.run(&jobs))?;
        Ok(Self { queue })
    }

    /// Queues a job and waits for the commit that holds it.
    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, DbError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Pending {
            work,
            done: None,
            reply,
        });
        self.queue.try_send(job).map_err(|refused| match refused {
            TrySendError::Full(_) => DbError::Busy,
            TrySendError::Disconnected(_) => DbError::Unavailable("the writer has stopped".to_owned()),
        })?;
        answer
            .await
            .map_err(|_| DbError::Unavailable("the writer dropped a job".to_owned()))?
    }
}

/// A job whose result type is known only to its caller.
trait Job: Send {
    /// Does the work and keeps its result.
    fn run(&mut self, conn: &mut Conn) -> Result<(), DbError>;
    /// Answers with the kept result, or with `failure`.
    fn answer(self: Box<Self>, failure: Option<DbError>);
}

struct Pending<T, F> {
    work: F,
    done: Option<T>,
    reply: oneshot::Sender<Result<T, DbError>>,
}

impl<T, F> Job for Pending<T, F>
where
    T: Send,
    F: FnMut(&mut Conn) -> Result<T, DbError> + Send,
{
    fn run(&mut self, conn: &mut Conn) -> Result<(), DbError> {
        let work = &mut self.work;
        // A panic of one job must not stop everybody's writes. Its savepoint is rolled back like that of any failure.
        let result = catch_unwind(AssertUnwindSafe(|| work(conn)));
        self.done = Some(result.map_err(|_| DbError::Corrupt("a write job panicked".to_owned()))??);
        Ok(())
    }

    fn answer(self: Box<Self>, failure: Option<DbError>) {
        let result = match (failure, self.done) {
            (Some(error), _) => Err(error),
            (None, Some(value)) => Ok(value),
            (None, None) => Err(DbError::Corrupt("a write job gave no result".to_owned())),
        };
        // Nobody listens any more when the request was cut; the change stays made.
        drop(self.reply.send(result));
    }
}

struct Writer {
    backend: Backend,
    conn: Option<Conn>,
}

impl Writer {
    fn run(&mut self, jobs: &Receiver<Box<dyn Job>>) {
        while let Ok(first) = jobs.recv() {
            let mut batch = vec![first];
            batch.extend(jobs.try_iter().take(MAX_BATCH - 1));
            self.settle(batch);
        }
    }

    /// Commits the batch together; when that fails for a reason that is not one job's own, each job by itself.
    fn settle(&mut self, mut batch: Vec<Box<dyn Job>>) {
        match self.commit_together(&mut batch) {
            Ok(failures) => {
                for (job, failure) in batch.into_iter().zip(failures) {
                    job.answer(failure);
                }
            }
            Err(error) => {
                tracing::warn!(jobs = batch.len(), %error, "shared commit failed, running its jobs one by one");
                for job in batch {
                    self.settle_alone(job);
                }
            }
        }
    }

    fn settle_alone(&mut self, job: Box<dyn Job>) {
        let mut alone = [job];
        let mut attempt = 1;
        let failure = loop {
            match self.commit_together(&mut alone) {
                Ok(failures) => break failures.into_iter().next().flatten(),
                Err(error) if error.is_final() || attempt == ATTEMPTS => break Some(error),
                Err(_) => std::thread::sleep(Duration::from_millis(5 << attempt)),
            }
            attempt += 1;
        };
        let [job] = alone;
        job.answer(failure);
    }

    /// One transaction with a savepoint a job. `Ok` holds each job's own failure; `Err` means that nothing is stored.
    fn commit_together(&mut self, batch: &mut [Box<dyn Job>]) -> Result<Vec<Option<DbError>>, DbError> {
        let mut conn = match self.conn.take() {
            Some(conn) => conn,
            None => self.backend.open(Purpose::Writing)?,
        };
        begin_write(&mut conn)?;
        let mut failures = Vec::with_capacity(batch.len());
        for job in batch.iter_mut() {
            // On a full disk SQLite may have rolled back everything, so the savepoint's own error would hide the cause.
            let mut disk_full = false;
            let failure = conn
                .transaction(|conn| {
                    job.run(conn)
                        .inspect_err(|error| disk_full = matches!(error, DbError::StorageFull))
                })
                .err();
            if disk_full {
                return Err(self.roll_back(conn, DbError::StorageFull));
            }
            if failure.as_ref().is_some_and(|error| !error.is_final())
                && let Some(error) = failure
            {
                return Err(self.roll_back(conn, error));
            }
            failures.push(failure);
        }
        if let Err(error) = <Conn as Connection>::TransactionManager::commit_transaction(&mut conn) {
            return Err(self.roll_back(conn, error.into()));
        }
        self.conn = Some(conn);
        Ok(failures)
    }

    /// Gives up the open transaction; the connection is kept only if it is sound afterwards.
    fn roll_back(&mut self, mut conn: Conn, error: DbError) -> DbError {
        let rolled_back = <Conn as Connection>::TransactionManager::rollback_transaction(&mut conn);
        if rolled_back.is_ok() && !error.spoils_connection() {
            self.conn = Some(conn);
        }
        error
    }
}
