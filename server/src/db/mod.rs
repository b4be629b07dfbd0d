//! Storage. Only this folder knows diesel, and only [`Db`] runs queries.
//!
//! Invariants: [`Db::read`], [`Db::snapshot`] and [`Db::write`] are the only ways to the database; a transaction is
//! opened nowhere else; a write is answered after its commit is on the disk.

mod connection;
mod error;
mod migrations;
mod prepared;
pub mod schema;
mod writer;

pub mod area_import;
pub mod areas;
pub mod audit;
pub mod boundaries;
pub mod broadcast_schedules;
pub(crate) mod broadcasts;
pub(crate) mod bulk_rows;
pub(crate) mod cameras;
pub mod campaigns;
pub(crate) mod case_steps;
pub(crate) mod cases;
pub mod checkpoints;
pub mod demo;
pub mod enrolments;
pub(crate) mod feed;
pub(crate) mod flags;
pub(crate) mod footage;
pub(crate) mod inbox;
pub(crate) mod jobs;
pub mod keys;
pub(crate) mod likenesses;
pub mod map_points;
pub mod memberships;
pub(crate) mod models;
pub(crate) mod operations;
pub mod org_units;
pub mod patrol_plans;
pub mod patrol_routes;
pub(crate) mod people;
pub(crate) mod photos;
pub(crate) mod places;
pub(crate) mod push;
pub(crate) mod record_lists;
pub(crate) mod record_map;
pub(crate) mod record_orders;
pub(crate) mod record_words;
pub(crate) mod records;
pub(crate) mod review_queue;
pub(crate) mod saved_views;
mod schema_broadcasts;
mod schema_campaigns;
mod schema_evaluations;
mod schema_incidents;
mod schema_jobs;
mod schema_models;
mod schema_push;
mod schema_records;
mod schema_roster;
mod schema_targets;
mod schema_tasks;
pub(crate) mod scope;
pub mod sessions;
pub mod successions;
pub(crate) mod target_figures;
pub mod target_own;
pub mod target_plans;
pub(crate) mod target_recount;
pub(crate) mod target_shares;
pub mod tasks;
pub(crate) mod team_evaluations;
pub mod teams;
pub(crate) mod tracks;
pub(crate) mod uploads;
pub mod users;
pub mod working_days;

pub use connection::{Backend, Conn};
pub use error::DbError;

use connection::{Purpose, begin_snapshot};
use diesel::Connection;
use diesel::connection::TransactionManager;
use keng_shared::id::AreaId;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot};
use writer::Lane;

/// Most values in one `IN (…)`.
const CHUNK: usize = 500;
/// How long a request waits for its turn before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(3);
/// Connections for reading.
const READERS: usize = 8;
/// Writer threads on PostgreSQL. SQLite has exactly one writer by nature.
const POSTGRES_LANES: usize = 4;

/// The database. Clones share connections.
#[derive(Clone)]
pub struct Db(Arc<Shared>);

struct Shared {
    backend: Backend,
    readers: r2d2::Pool<ReaderManager>,
    permits: Semaphore,
    lanes: Vec<Lane>,
}

impl Db {
    /// Opens the database that the URL names. Connections are made when they are first needed.
    pub fn open(url: &str) -> Result<Self, DbError> {
        let backend = Backend::parse(url)?;
        let lanes = match backend {
            Backend::Sqlite(_) => 1,
            Backend::Postgres(_) => POSTGRES_LANES,
        };
        let lanes = (0..lanes)
            .map(|number| Lane::start(backend.clone(), number))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| DbError::Unavailable(format!("cannot start a writer: {error}")))?;
        let readers = r2d2::Pool::builder()
            .max_size(READERS as u32)
            .min_idle(Some(0))
            .test_on_check_out(false)
            .connection_timeout(PATIENCE)
            .thread_pool(Arc::new(scheduled_thread_pool::ScheduledThreadPool::new(1)))
            .build_unchecked(ReaderManager(backend.clone()));
        Ok(Self(Arc::new(Shared {
            backend,
            readers,
            permits: Semaphore::new(READERS),
            lanes,
        })))
    }

    /// Which database.
    pub fn backend(&self) -> &Backend {
        &self.0.backend
    }

    /// Runs every migration that the database has not seen; returns their names. Blocks.
    pub fn migrate(&self) -> Result<Vec<String>, DbError> {
        let mut conn = self.0.backend.open(Purpose::Writing)?;
        migrations::run(&mut conn)
    }

    /// Runs one or several independent queries. The database refuses writes here.
    pub async fn read<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T, DbError> + Send + 'static,
    {
        let permit = tokio::time::timeout(PATIENCE, self.0.permits.acquire())
            .await
            .map_err(|_| DbError::Busy)?
            .map_err(|_| DbError::Unavailable("the database is closed".to_owned()))?;
        let readers = self.0.readers.clone();
        let result = tokio::task::spawn_blocking(move || {
            let mut reader = readers
                .get()
                .map_err(|error| DbError::Unavailable(error.to_string()))?;
            let result = work(&mut reader.conn);
            reader.spoilt = result.as_ref().is_err_and(DbError::spoils_connection);
            result
        })
        .await;
        drop(permit);
        result.map_err(|error| DbError::Corrupt(format!("a read stopped: {error}")))?
    }

    /// Runs several queries that must agree with each other: they see the database at one moment.
    pub async fn snapshot<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T, DbError> + Send + 'static,
    {
        self.read(move |conn| in_snapshot(conn, work)).await
    }

    /// As [`Db::snapshot`], for work that takes minutes: on a thread and a connection of its own, so that it takes no turn
    /// from those who wait, and what it read stays in no cache of the pool.
    pub async fn long_snapshot<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T, DbError> + Send + 'static,
    {
        let backend = self.0.backend.clone();
        let (reply, answer) = oneshot::channel();
        std::thread::Builder::new()
            .name("keng-long-read".to_owned())
            .spawn(move || {
                let opened = backend.open(Purpose::Reading);
                let result = opened.and_then(|mut conn| in_snapshot(&mut conn, work));
                // Nobody listens any more when the job was given up.
                drop(reply.send(result));
            })
            .map_err(|error| DbError::Unavailable(format!("cannot start a reader: {error}")))?;
        answer
            .await
            .map_err(|_| DbError::Corrupt("a read stopped".to_owned()))?
    }

    /// Runs a write and answers when it is durable. Everything that it does is stored, or nothing.
    ///
    /// The job may run more than once (see [`writer`]), so it does nothing but talk to this database; it gets what it
    /// needs (time, ids, random values) from outside.
    pub async fn write<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, DbError> + Send + 'static,
    {
        self.write_in_lane(0, work).await
    }

    /// As [`Db::write`], for a change inside one commune. On PostgreSQL communes are spread over several writers, and
    /// the changes of one commune always meet in the same one, so that they share commits instead of waiting for
    /// each other's row locks.
    pub async fn write_in<T, F>(&self, commune: AreaId, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, DbError> + Send + 'static,
    {
        self.write_in_lane(commune.0.unsigned_abs() as usize, work).await
    }

    async fn write_in_lane<T, F>(&self, number: usize, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, DbError> + Send + 'static,
    {
        let lanes = &self.0.lanes;
        match lanes.get(number % lanes.len()) {
            Some(lane) => lane.write(work).await,
            None => Err(DbError::Unavailable("there is no writer".to_owned())),
        }
    }
}

fn in_snapshot<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T, DbError>) -> Result<T, DbError> {
    begin_snapshot(conn)?;
    let result = work(conn);
    let ended = <Conn as Connection>::TransactionManager::rollback_transaction(conn);
    let value = result?;
    ended?;
    Ok(value)
}

/// A pooled connection that remembers whether it failed in a way that makes it useless.
struct Reader {
    conn: Conn,
    spoilt: bool,
}

struct ReaderManager(Backend);

impl r2d2::ManageConnection for ReaderManager {
    type Connection = Reader;
    type Error = DbError;

    fn connect(&self) -> Result<Reader, DbError> {
        let conn = self.0.open(Purpose::Reading)?;
        Ok(Reader { conn, spoilt: false })
    }

    fn is_valid(&self, _reader: &mut Reader) -> Result<(), DbError> {
        Ok(())
    }

    fn has_broken(&self, reader: &mut Reader) -> bool {
        reader.spoilt
    }
}
