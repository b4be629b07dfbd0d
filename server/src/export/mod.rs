//! Records as files to take away.
//!
//! An export is a job: it reads the records of a filter page by page in one snapshot of the database, writes them row by
//! row into a file of the data directory, and moves the finished file to the photo store, whence every instance can give
//! it out. Memory does not grow with the number of rows. A job whose process was killed begins again; what it had
//! written is replaced. Uploads and lists come first: one export runs at a time.

mod cells;
mod csv_file;
mod geojson_file;
mod gpx_file;
mod own_columns;
mod spool;
mod xlsx_file;
mod zip_archive;
mod zip_file;

use crate::db::jobs::{self, Finished, StoredJob};
use crate::db::photos::{self, StoredPhoto};
use crate::db::record_lists::{self, After, Filter, First, Place};
use crate::db::records::StoredRecord;
use crate::db::{Conn, DbError, cases, feed, teams, tracks};
use crate::evidence::store::{PhotoStore, Rendition, StoreError};
use crate::jobs::{LEASE_MS, request as jobs_request};
use crate::problem::AppError;
use crate::state::AppState;
use bytes::Bytes;
use cells::Columns;
use keng_shared::api::{ExportFormat, NewExport, RecordRow};
use keng_shared::area::AreaTree;
use keng_shared::id::{AreaId, JobId, RecordId, TeamId};
use keng_shared::incident::case::CaseState;
use keng_shared::time::Millis;
use keng_shared::track::{TrackSegment, TrackSummary};
use own_columns::Own;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How long a finished file is kept: 7 days.
pub const KEPT_MS: i64 = 7 * 86_400_000;
/// Records read at a time.
const PAGE: usize = 500;
/// How often a worker says how far it is.
const HEARTBEAT: Duration = Duration::from_secs(2);

/// The kind of the job that writes this format.
pub fn kind_of(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Csv => "export.csv",
        ExportFormat::Xlsx => "export.xlsx",
        ExportFormat::Geojson => "export.geojson",
        ExportFormat::Gpx => "export.gpx",
        ExportFormat::Zip => "export.zip",
    }
}

/// What a job of this kind was asked: the filter, and the places that the caller may export from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Asked {
    /// As the caller asked.
    pub export: NewExport,
    /// Where to look; decided when it was asked.
    pub place: AskedPlace,
}

/// A place of [`Asked`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskedPlace {
    /// One area below a commune.
    Area(AreaId),
    /// Whole communes.
    Communes(Vec<AreaId>),
}

impl AskedPlace {
    /// Every area that must be in reach.
    pub fn areas(&self) -> &[AreaId] {
        match self {
            Self::Area(area) => std::slice::from_ref(area),
            Self::Communes(communes) => communes,
        }
    }
}

/// Where an unfinished file lies.
fn draft_path(state: &AppState, id: JobId) -> PathBuf {
    state.config.data_dir.join("exports").join(format!("{id}.part"))
}

/// Writes the file, telling every now and then how far it is, and moves it to the store.
pub async fn write(state: &AppState, job: &StoredJob, id: JobId) -> Result<Finished, AppError> {
    let asked: Asked = jobs_request(job)?;
    let path = draft_path(state, id);
    if let Some(folder) = path.parent() {
        tokio::fs::create_dir_all(folder).await.map_err(AppError::disk)?;
    }
    let tree = state.auth.tree.get(&state.db, state.clock.now()).await?;
    let progress = Arc::new(Progress::default());
    let fetch = previews(state);
    let mut writing = std::pin::pin!(state.db.long_snapshot({
        let (path, progress) = (path.clone(), progress.clone());
        move |conn| write_rows(conn, &asked, &tree, &path, fetch, &progress)
    }));
    let written = loop {
        tokio::select! {
            written = &mut writing => break written,
            () = tokio::time::sleep(HEARTBEAT) => {
                let (so_far, lease) = (progress.now(), state.clock.now().plus(LEASE_MS));
                state.db.write(move |conn| jobs::advance(conn, id, so_far, lease)).await?;
            }
        }
    };
    let (rows, snapshot) = match written {
        Ok(written) => written,
        Err(error) => {
            drop(tokio::fs::remove_file(&path).await);
            return Err(error.into());
        }
    };
    let size = state.evidence.store.put_export(id, &path).await?;
    tokio::fs::remove_file(&path).await.map_err(AppError::disk)?;
    Ok(Finished {
        rows,
        size: Some(size),
        snapshot: Some(snapshot),
    })
}

#[derive(Debug, Default)]
struct Progress {
    done: AtomicU64,
    total: AtomicU64,
}

impl Progress {
    fn now(&self) -> (u64, u64) {
        (
            self.done.load(Ordering::Relaxed),
            self.total.load(Ordering::Relaxed),
        )
    }
}

/// A record on its way into a file.
pub(crate) struct Exported {
    pub row: RecordRow,
    pub commune: String,
    pub team: String,
    /// The state of the case, of an incident.
    pub case: Option<CaseState>,
    /// Names of the areas of a broadcast.
    pub places: HashMap<AreaId, String>,
    /// Length of the track in metres, of a patrol.
    pub track_m: Option<u32>,
    pub body: serde_json::Value,
    pub position: Option<(f64, f64)>,
    /// Only where the file shows tracks.
    pub track: Vec<TrackSegment>,
    /// Only where the file holds photos.
    pub photos: Vec<StoredPhoto>,
}

/// A file that takes one record after the other.
trait Sheet {
    /// Returns how many records it wrote: none where the record has nothing that the file shows.
    fn add(&mut self, record: &Exported) -> std::io::Result<u64>;
    fn finish(self: Box<Self>) -> std::io::Result<()>;
}

/// Writes every record of one snapshot; returns how many, and the revisions of the communes.
fn write_rows(
    conn: &mut Conn,
    asked: &Asked,
    tree: &AreaTree,
    path: &Path,
    fetch: zip_file::Fetch,
    progress: &Progress,
) -> Result<(u64, String), DbError> {
    let filter = Filter::of(&asked.export.filter)?;
    let place = match &asked.place {
        AskedPlace::Area(area) => Place::Area(*area),
        AskedPlace::Communes(communes) => Place::Communes(communes.clone()),
    };
    let revisions = feed::revisions(conn, asked.place.areas())?;
    let mut pages = Pages::of(conn, &asked.export.only, place, filter)?;
    progress.total.store(pages.total, Ordering::Relaxed);
    let columns = Columns::of(asked.export.filter.kind.as_deref(), asked.export.language);
    let format = asked.export.format;
    let mut sheet = open(asked, path, columns, fetch)?;
    let (mut rows, mut seen) = (0, 0);
    loop {
        let stored = pages.next(conn)?;
        if stored.is_empty() {
            break;
        }
        for mut record in exported(conn, tree, stored)? {
            match format {
                ExportFormat::Gpx => record.track = tracks::of_record(conn, record.row.id)?,
                ExportFormat::Zip => record.photos = photos::of_record(conn, &record.row.id.to_string())?,
                ExportFormat::Csv | ExportFormat::Xlsx | ExportFormat::Geojson => {}
            }
            rows += sheet.add(&record)?;
            seen += 1;
            progress.done.store(seen, Ordering::Relaxed);
        }
    }
    sheet.finish()?;
    let snapshot = serde_json::to_string(&revisions).map_err(|why| DbError::Corrupt(why.to_string()))?;
    Ok((rows, snapshot))
}

/// The records of an export, newest first, a page at a time.
struct Pages {
    total: u64,
    place: Place,
    filter: Filter,
    after: Option<After>,
    /// Where single records were chosen: those that are still to come.
    chosen: Option<Vec<String>>,
}

impl Pages {
    fn of(conn: &mut Conn, only: &[RecordId], place: Place, filter: Filter) -> Result<Self, DbError> {
        let (chosen, total) = if only.is_empty() {
            (None, record_lists::count(conn, &place, &filter)?)
        } else {
            let chosen = record_lists::chosen(conn, &place, &filter, only)?;
            let total = u64::try_from(chosen.len()).unwrap_or(u64::MAX);
            (Some(chosen), total)
        };
        Ok(Self {
            total,
            place,
            filter,
            after: None,
            chosen,
        })
    }

    /// The next page; empty at the end.
    fn next(&mut self, conn: &mut Conn) -> Result<Vec<StoredRecord>, DbError> {
        if let Some(chosen) = &mut self.chosen {
            let page: Vec<String> = chosen.drain(..chosen.len().min(PAGE)).collect();
            return record_lists::of_ids(conn, &page);
        }
        let (place, filter) = (&self.place, &self.filter);
        let stored = record_lists::page(conn, place, filter, First::Newest, self.after.as_ref(), PAGE)?;
        if let Some(last) = stored.last() {
            self.after = Some(After {
                received_at: Millis(last.received_at),
                id: last.record_id()?,
            });
        }
        Ok(stored)
    }
}

fn exported(conn: &mut Conn, tree: &AreaTree, stored: Vec<StoredRecord>) -> Result<Vec<Exported>, DbError> {
    let teams: BTreeSet<TeamId> = stored.iter().filter_map(StoredRecord::team).collect();
    let teams = teams::names(conn, &teams)?;
    let incidents = stored
        .iter()
        .filter(|row| Own::of(&row.kind) == Some(Own::Incident));
    let incidents: Vec<&str> = incidents.map(|row| row.id.as_str()).collect();
    let cases = cases::states(conn, &incidents)?;
    let name = |area: AreaId| tree.get(area).map(|area| area.name.clone()).unwrap_or_default();
    let mut rest = Vec::with_capacity(stored.len());
    for row in &stored {
        let body: serde_json::Value = DbError::unless(serde_json::from_str(&row.body).ok(), "record.body")?;
        let places = match Own::of(&row.kind) {
            Some(Own::Broadcast) => covered(&body).map(|area| (area, name(area))).collect(),
            _ => HashMap::new(),
        };
        let track: Option<TrackSummary> = match &row.track {
            Some(track) => DbError::unless(serde_json::from_str(track).ok(), "record.track")?,
            None => None,
        };
        let position = row
            .lat_e7
            .zip(row.lon_e7)
            .map(|(lat, lon)| (f64::from(lat) / 1e7, f64::from(lon) / 1e7));
        let team = row.team().and_then(|team| teams.get(&team).cloned());
        rest.push((
            body,
            name(row.commune()),
            team.unwrap_or_default(),
            cases.get(&row.id).copied(),
            places,
            track.map(|track| track.length_m),
            position,
        ));
    }
    let rows = record_lists::rows(conn, tree, stored)?;
    let together = rows.into_iter().zip(rest);
    Ok(together
        .map(
            |(row, (body, commune, team, case, places, track_m, position))| Exported {
                row,
                commune,
                team,
                case,
                places,
                track_m,
                body,
                position,
                track: Vec::new(),
                photos: Vec::new(),
            },
        )
        .collect())
}

/// Areas of the body of a broadcast.
fn covered(body: &serde_json::Value) -> impl Iterator<Item = AreaId> {
    let areas = body.get("areas").and_then(serde_json::Value::as_array);
    let ids = areas
        .into_iter()
        .flatten()
        .filter_map(|area| area.get("area_id")?.as_i64());
    ids.map(AreaId)
}

fn open(
    asked: &Asked,
    path: &Path,
    columns: Columns,
    fetch: zip_file::Fetch,
) -> std::io::Result<Box<dyn Sheet>> {
    Ok(match asked.export.format {
        ExportFormat::Csv => Box::new(csv_file::CsvFile::create(path, columns)?),
        ExportFormat::Xlsx => Box::new(xlsx_file::XlsxFile::create(path, columns)?),
        ExportFormat::Geojson => Box::new(geojson_file::GeojsonFile::create(path, columns)?),
        ExportFormat::Gpx => Box::new(gpx_file::GpxFile::create(path, asked.export.language)?),
        ExportFormat::Zip => Box::new(zip_file::ZipFile::create(path, fetch)?),
    })
}

/// Pictures of photos and bytes of files out of the store, for the thread that writes the file.
fn previews(state: &AppState) -> zip_file::Fetch {
    let (store, runtime) = (state.evidence.store.clone(), tokio::runtime::Handle::current());
    Box::new(
        move |photo: &StoredPhoto| match runtime.block_on(attached(&store, photo)) {
            Ok(bytes) => Ok(Some(bytes)),
            // Not made yet, or the bytes are no picture: the list leaves it out.
            Err(StoreError::Missing) => Ok(None),
            Err(error) => Err(std::io::Error::other(error)),
        },
    )
}

async fn attached(store: &PhotoStore, photo: &StoredPhoto) -> Result<Bytes, StoreError> {
    let id = photo
        .photo_id()
        .map_err(|why| StoreError::Failed(why.to_string()))?;
    match photo.is_file() {
        true => store.original(id, &photo.sha256).await,
        false => store.rendition(id, Rendition::Preview).await,
    }
}

/// A buffered file whose end is reported.
fn buffered(path: &Path) -> std::io::Result<BufWriter<File>> {
    File::create(path).map(BufWriter::new)
}

fn close(mut file: BufWriter<File>) -> std::io::Result<()> {
    file.flush()?;
    file.get_ref().sync_all()
}
