//! A district to try Kẻng with: Ngọc Lặc before and after the reform, its teams and people, and what they did lately.
//!
//! The files in `demo/` say what there is; photos are drawn and tracks walked by code. Everything is stored through
//! the same changes as work from phones. Loading again completes what is missing and plans the coming night; records that
//! are all there are not drawn and walked again.

mod broadcasts;
mod canvas;
mod incidents;
mod people;
mod phone;
mod places;
mod records;
mod scene;
mod targets;
mod tasks;
mod walk;

use crate::db::DbError;
use crate::db::demo as marks;
use crate::problem::AppError;
use crate::state::AppState;
use keng_shared::evidence::sha256_hex;
use keng_shared::problem::FieldError;
use keng_shared::time::Millis;
use uuid::Uuid;

/// The password of every account of the demo.
pub const PASSWORD: &str = "tiengkengbinhyen";

/// An account to try.
#[derive(Debug, Clone)]
pub struct Account {
    /// Sign-in name.
    pub username: String,
    /// Display name.
    pub name: String,
    /// What the person is, in Vietnamese.
    pub role: &'static str,
}

/// Why the demo was not loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Somebody works with this database.
    #[error(
        "this database already holds areas or people, and the demo is only for an empty one; name another with \
         KENG_DATABASE_URL or KENG_DATA_DIR"
    )]
    NotEmpty,
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Something else of the server.
    #[error("{0}")]
    App(AppError),
    /// A file of the demo does not say what this program expects.
    #[error("the demo's files: {0}")]
    File(String),
}

impl From<AppError> for LoadError {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<toml::de::Error> for LoadError {
    fn from(error: toml::de::Error) -> Self {
        Self::File(error.to_string())
    }
}

impl From<Vec<FieldError>> for LoadError {
    fn from(errors: Vec<FieldError>) -> Self {
        Self::File(format!("{errors:?}"))
    }
}

/// What loading came to.
#[derive(Debug)]
pub struct Loaded {
    /// The accounts to try.
    pub accounts: Vec<Account>,
    /// Since when the demo was there already, with every record; none if records were stored now.
    pub complete_since: Option<Millis>,
}

/// Loads the demo, or completes it. `progress` is told how many steps there are and of each that is done.
pub async fn load(state: &AppState, progress: &indicatif::ProgressBar) -> Result<Loaded, LoadError> {
    let now = state.clock.now();
    let since = state
        .db
        .write(move |conn| match marks::loaded_at(conn)? {
            Some(since) => Ok(Some(since)),
            None if marks::is_empty(conn)? => marks::mark(conn, now).map(|()| Some(now)),
            None => Ok(None),
        })
        .await?
        .ok_or(LoadError::NotEmpty)?;
    let places = places::Places::read()?;
    let people = people::People::read()?;
    let records = records::Records::read()?;
    let incidents = incidents::Incidents::read()?;
    let broadcasts = broadcasts::Broadcasts::read()?;
    let targets = targets::Targets::read()?;
    let tasks = tasks::Tasks::read()?;
    progress.set_length((records.len() + broadcasts.len() + targets.len()) as u64 + 2);

    progress.set_message("areas");
    let mut ground = people::lay_ground(state, &places, now).await?;
    progress.inc(1);
    progress.set_message("people");
    people.store(state, &ground, now).await?;
    ground.cameras = incidents.store_cameras(state, &ground, now).await?;
    progress.inc(1);
    let (digest, stored) = (digest(), state.db.read(marks::records).await?);
    let is_complete = stored.as_ref() == Some(&digest);
    if !is_complete {
        records.store(state, &ground, &people, since, progress).await?;
        broadcasts.store(state, &ground, &people, since, progress).await?;
        targets.store(state, &ground, &people, since, progress).await?;
        state
            .db
            .write(move |conn| marks::mark_records(conn, &digest))
            .await?;
    }
    records.plan(state, &ground, &people, now, progress).await?;
    incidents.store(state, &ground, now).await?;
    tasks.store(state, &ground, now).await?;
    progress.finish_and_clear();
    Ok(Loaded {
        accounts: people.accounts(),
        complete_since: is_complete.then_some(since),
    })
}

/// Stands for the records of this version of the demo.
fn digest() -> String {
    sha256_hex(format!("{}{}{}", records::FILE, broadcasts::FILE, targets::FILE).as_bytes())
}

/// The id that a thing of the demo has in every installation.
fn fixed_id(kind: &str, key: &str) -> Uuid {
    let hash = sha256_hex(format!("keng demo {kind} {key}").as_bytes());
    let number = hash.get(..32).and_then(|hex| u128::from_str_radix(hex, 16).ok());
    uuid::Builder::from_custom_bytes(number.unwrap_or_default().to_be_bytes()).into_uuid()
}
