//! Starts the server: opens and migrates the database, loads the secrets, listens.

use crate::auth::{Auth, shared_key};
use crate::bundle;
use crate::clock::Clock;
use crate::config::{Config, TileSource};
use crate::db::jobs::Line;
use crate::db::map_points::SharedPoints;
use crate::db::{Db, DbError};
use crate::events::Events;
use crate::evidence::Evidence;
use crate::headers;
use crate::indexing;
use crate::jobs;
use crate::push::{self, Push};
use crate::routes;
use crate::state::{AppState, State};
use crate::sync::renditions;
use crate::targets::kept::Kept;
use crate::targets::kept_figures::KeptFigures;
use crate::targets::recount;
use crate::tiles::Archive;
use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

/// How long requests in flight may take to finish after a stop was asked for, in seconds.
const DRAIN_S: u64 = 20;
/// A client that has not sent its headers by then is cut off.
const SLOW_HEADERS: Duration = Duration::from_secs(10);

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error("database: {0}")]
    Db(#[from] DbError),
    /// The store of photos.
    #[error("photos: {0}")]
    Evidence(String),
    /// The archive of map tiles.
    #[error("map tiles in {}: {error}", path.display())]
    Tiles {
        /// The archive.
        path: PathBuf,
        /// Why it cannot be read.
        error: std::io::Error,
    },
    /// The address, a thread or the runtime.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// A server that runs in a thread of its own.
pub struct Running {
    /// Where it listens; the port is the real one, also when port 0 was asked for.
    pub addr: SocketAddr,
    /// What its requests reach; for administration commands and tests in the same process.
    pub state: State,
    handle: ServerHandle,
    thread: JoinHandle<std::io::Result<()>>,
}

impl Running {
    /// Stops listening, lets requests in flight finish, and waits for that.
    pub async fn stop(self) -> std::io::Result<()> {
        self.state.events.close();
        self.handle.stop(true).await;
        join(self.thread)
    }

    /// Waits until the process is asked to stop (SIGTERM, SIGINT) and the server has drained.
    pub fn wait(self) -> std::io::Result<()> {
        join(self.thread)
    }
}

/// Starts the server in this process.
pub async fn start(config: Config, clock: Clock) -> Result<Running, StartError> {
    let state = web::Data::new(prepare(config, clock).await?);
    let (ready, started) = oneshot::channel();
    let thread_state = state.clone();
    let thread = std::thread::Builder::new()
        .name("keng-http".to_owned())
        .spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let (addr, server) = listen(thread_state.clone())?;
                let background = actix_web::rt::spawn(renditions::run(thread_state.clone()));
                let exports = actix_web::rt::spawn(jobs::run(thread_state.clone(), Line::Exports));
                let bulk = actix_web::rt::spawn(jobs::run(thread_state.clone(), Line::Bulk));
                let counting = actix_web::rt::spawn(recount::run(thread_state.clone()));
                let indexing = actix_web::rt::spawn(indexing::run(thread_state.clone()));
                let pushing = actix_web::rt::spawn(push::run(thread_state.clone()));
                let closing = actix_web::rt::spawn(close_streams(thread_state));
                // Nobody waits any more when the caller gave up; then the server has nobody to serve either.
                if ready.send((addr, server.handle())).is_err() {
                    return Ok(());
                }
                let stopped = server.await;
                background.abort();
                closing.abort();
                exports.abort();
                bulk.abort();
                counting.abort();
                indexing.abort();
                pushing.abort();
                stopped
            })
        })?;
    match started.await {
        Ok((addr, handle)) => Ok(Running {
            addr,
            state,
            handle,
            thread,
        }),
        Err(_) => Err(match join(thread) {
            Err(error) => error.into(),
            Ok(()) => std::io::Error::other("the server ended at once").into(),
        }),
    }
}

/// Opens everything that requests need, without listening; commands that work on the database use it too.
pub async fn prepare(config: Config, clock: Clock) -> Result<AppState, StartError> {
    let db = Db::open(&config.database_url)?;
    let migrating = db.clone();
    let migrated = tokio::task::spawn_blocking(move || migrating.migrate())
        .await
        .map_err(std::io::Error::other)??;
    for name in migrated {
        tracing::info!(migration = name, "migrated");
    }
    recount::adopt_rules(&db).await?;
    let auth = Auth::load(&db, clock.now()).await?;
    let (_, receipt_secret) = shared_key(&db, "receipt", clock.now()).await?;
    let evidence = Evidence::open(&config.photo_store, &config.data_dir, &receipt_secret)
        .map_err(|error| StartError::Evidence(error.to_string()))?;
    let push = Push::load(&db, config.push_services.clone(), clock.now()).await?;
    let tiles = match &config.tiles {
        Some(TileSource::Archive(path)) => {
            let tiles = Archive::open(path).map_err(|error| StartError::Tiles {
                path: path.clone(),
                error,
            })?;
            Some(tiles)
        }
        Some(TileSource::Elsewhere { .. }) | None => None,
    };
    Ok(AppState {
        content_security_policy: headers::content_security_policy(&config),
        config,
        clock,
        db,
        auth,
        events: Events::default(),
        evidence,
        push,
        tiles,
        matrices: Kept::default(),
        figures: KeptFigures::default(),
        points: SharedPoints::default(),
        boundaries: Arc::default(),
    })
}

fn listen(state: State) -> std::io::Result<(SocketAddr, actix_web::dev::Server)> {
    let address = state.config.listen;
    let workers = match state.config.workers {
        0 => std::thread::available_parallelism().map_or(2, usize::from),
        workers => workers,
    };
    let server = HttpServer::new(move || {
        App::new()
            .app_data(state.clone())
            .wrap(from_fn(headers::guard))
            .configure(routes::register)
            .default_service(web::to(bundle::serve))
    })
    .workers(workers)
    .shutdown_timeout(DRAIN_S)
    .client_request_timeout(SLOW_HEADERS)
    .bind(address)?;
    let addr = server
        .addrs()
        .first()
        .copied()
        .ok_or_else(|| std::io::Error::other("no address"))?;
    Ok((addr, server.run()))
}

/// Ends the streams of events when the process is asked to stop: they would hold it until the end of the drain.
async fn close_streams(state: State) {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
        }
        // Without the signal the drain takes its full time, and nothing is lost.
        Err(error) => return tracing::warn!(%error, "streams of events will not hear of a stop"),
    }
    #[cfg(not(unix))]
    let _asked = interrupted.await;
    state.events.close();
}

fn join(thread: JoinHandle<std::io::Result<()>>) -> std::io::Result<()> {
    thread
        .join()
        .map_err(|_| std::io::Error::other("the server thread panicked"))?
}
