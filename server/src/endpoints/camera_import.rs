//! Cameras from CSV: a camera is known by its name in its area, so the same file again changes nothing.

use super::cameras::{Ground, checked, write_down};
use crate::auth::Caller;
use crate::db::boundaries::{self, Polygons};
use crate::db::cameras;
use crate::db::{Conn, DbError};
use crate::extract::{Body, Json, Query};
use crate::import::cameras::{CameraRow, read};
use crate::problem::AppError;
use crate::state::State;
use crate::sync::Actor;
use crate::sync::permit::actor;
use keng_shared::api::{CameraDraft, ImportRemark, ImportReport, RefusedRow, Remark};
use keng_shared::geo;
use keng_shared::id::{AreaId, UserId};
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError};
use keng_shared::text;
use serde::Deserialize;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// Largest file: 4 MiB, some 20,000 rows.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// A camera farther than this outside its area hangs somewhere else, or its figures are mistyped. Boundaries are coarse, and a
/// camera of a border village may well hang across the road.
const FAR_OUTSIDE_M: f64 = 500.0;

/// Query of `POST /cameras/import`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    /// Only say what would happen.
    #[serde(default)]
    dry_run: bool,
}

/// A row that fits the caller's areas; its keeper is still a sign-in name.
#[derive(Clone)]
struct Row {
    number: usize,
    camera: CameraDraft,
    keeper: Option<String>,
}

/// `POST /cameras/import`
pub async fn import(
    state: State,
    caller: Caller,
    Query(query): Query<ImportQuery>,
    Body(bytes): Body<MAX_BYTES>,
) -> Result<Json<ImportReport>, AppError> {
    caller.require_somewhere(Verb::ManageCameras)?;
    let (rows, refused) = actix_web::web::block(move || read(&bytes))
        .await
        .map_err(AppError::internal)??;
    let mut report = ImportReport {
        dry_run: query.dry_run,
        read: rows.len() + refused.len(),
        refused,
        ..ImportReport::default()
    };
    let rows = fit(&caller, rows, &mut report);
    let (actor, ground) = (actor(&caller), Ground::of(&caller));
    let report = match query.dry_run {
        true => {
            let judging = move |conn: &mut Conn| run(conn, &actor, &ground, &rows, report);
            state.db.snapshot(judging).await?
        }
        false => {
            let writing = move |conn: &mut Conn| run(conn, &actor, &ground, &rows, report.clone());
            state.db.write(writing).await?
        }
    };
    Ok(Json(report))
}

/// Rows whose area the caller keeps cameras in and whose fields are right; the others go to the report.
fn fit(caller: &Caller, rows: Vec<CameraRow>, report: &mut ImportReport) -> Vec<Row> {
    let areas = caller.areas(Verb::ManageCameras);
    let mut by_name: HashMap<String, Vec<AreaId>> = HashMap::new();
    for id in &areas {
        let valid = caller
            .tree()
            .get(*id)
            .filter(|area| area.is_valid_on(caller.today()));
        if let Some(area) = valid {
            by_name.entry(text::search_key(&area.name)).or_default().push(*id);
        }
    }
    let mut seen = HashSet::new();
    let mut kept = Vec::new();
    for row in rows {
        let (number, what) = (row.row, row.name.clone());
        match fit_one(caller, row, &areas, &by_name) {
            Ok(row) if seen.insert((row.camera.area_id, row.camera.name.clone())) => kept.push(row),
            Ok(_) => refuse(
                report,
                number,
                &what,
                FieldError::new("name", FieldCode::Duplicate),
            ),
            Err(error) => refuse(report, number, &what, error),
        }
    }
    kept
}

fn fit_one(
    caller: &Caller,
    row: CameraRow,
    areas: &[AreaId],
    by_name: &HashMap<String, Vec<AreaId>>,
) -> Result<Row, FieldError> {
    let by_id = row
        .area
        .parse()
        .ok()
        .map(AreaId)
        .filter(|id| areas.binary_search(id).is_ok());
    let named = by_name.get(&text::search_key(&row.area)).map(Vec::as_slice);
    let area_id = match (by_id, named) {
        (Some(id), _) => id,
        (None, Some([id])) => *id,
        (None, Some(_)) => return Err(FieldError::new("area", FieldCode::Duplicate)),
        (None, None) => return Err(FieldError::new("area", FieldCode::NoSuchObject)),
    };
    let camera = CameraDraft {
        area_id,
        name: row.name,
        team_id: None,
        sight: row.sight,
        keep_days: row.keep_days,
        consent_on: row.consent_on,
        keeper: None,
        holder_name: row.holder_name,
        holder_phone: row.holder_phone,
    };
    let camera = checked(camera, caller.today()).map_err(|error| first_field(&error))?;
    Ok(Row {
        number: row.row,
        camera,
        keeper: row.keeper,
    })
}

fn first_field(error: &AppError) -> FieldError {
    let first = error.problem().fields.first().cloned();
    first.unwrap_or_else(|| FieldError::new("row", FieldCode::BadFormat))
}

fn refuse(report: &mut ImportReport, row: usize, what: &str, error: FieldError) {
    report.refused.push(RefusedRow {
        row,
        what: what.to_owned(),
        error,
    });
}

/// Joins the rows with what is stored; writes unless it is a dry run.
fn run(
    conn: &mut Conn,
    actor: &Actor,
    ground: &Ground,
    rows: &[Row],
    mut report: ImportReport,
) -> Result<ImportReport, DbError> {
    let usernames: Vec<String> = rows.iter().filter_map(|row| row.keeper.clone()).collect();
    let keepers = cameras::keepers(conn, &usernames)?;
    let mut outlines = Outlines::default();
    for row in rows {
        match join(conn, ground, row, &keepers)? {
            Err(error) => refuse(&mut report, row.number, &row.camera.name, error),
            Ok(camera) => {
                write(conn, actor, &camera, &mut report)?;
                report.remarks.extend(outlines.remark(conn, ground, row)?);
            }
        }
    }
    report.refused.sort_by_key(|refused| refused.row);
    Ok(report)
}

/// The boundaries that rows are held against: that of the area, or of the nearest one above it that has one.
#[derive(Default)]
struct Outlines(HashMap<AreaId, Option<(AreaId, Polygons)>>);

impl Outlines {
    /// What a person should look at in a row that is kept.
    fn remark(
        &mut self,
        conn: &mut Conn,
        ground: &Ground,
        row: &Row,
    ) -> Result<Option<ImportRemark>, DbError> {
        let (area, at) = (row.camera.area_id, row.camera.sight.position);
        let found = match self.0.entry(area) {
            Entry::Occupied(found) => found.into_mut(),
            Entry::Vacant(place) => place.insert(nearest_outline(conn, ground, area)?),
        };
        let Some((of, polygons)) = found else {
            return Ok(None);
        };
        let outside = geo::outside_m(polygons, at).filter(|metres| *metres > FAR_OUTSIDE_M);
        Ok(outside.map(|metres| ImportRemark {
            row: row.number,
            what: row.camera.name.clone(),
            remark: Remark::FarOutside,
            detail: format!(
                "{}, {} · {:.1} km · {}",
                at.lat(),
                at.lon(),
                metres / 1_000.0,
                ground.name(*of)
            ),
        }))
    }
}

fn nearest_outline(
    conn: &mut Conn,
    ground: &Ground,
    area: AreaId,
) -> Result<Option<(AreaId, Polygons)>, DbError> {
    for of in ground.chain(area) {
        if let Some(polygons) = boundaries::polygons(conn, of)? {
            return Ok(Some((of, polygons)));
        }
    }
    Ok(None)
}

/// The camera with its keeper.
fn join(
    conn: &mut Conn,
    ground: &Ground,
    row: &Row,
    keepers: &HashMap<String, UserId>,
) -> Result<Result<CameraDraft, FieldError>, DbError> {
    let keeper = match &row.keeper {
        None => None,
        Some(username) => match keepers.get(username) {
            Some(id) => Some(*id),
            None => return Ok(Err(FieldError::new("keeper", FieldCode::NoSuchObject))),
        },
    };
    let camera = CameraDraft {
        keeper,
        ..row.camera.clone()
    };
    match ground.check_links(conn, &camera) {
        Ok(()) => Ok(Ok(camera)),
        Err(DbError::Refused(_)) => Ok(Err(FieldError::new("keeper", FieldCode::NoSuchObject))),
        Err(error) => Err(error),
    }
}

fn write(
    conn: &mut Conn,
    actor: &Actor,
    camera: &CameraDraft,
    report: &mut ImportReport,
) -> Result<(), DbError> {
    let writes = !report.dry_run;
    match cameras::by_name(conn, camera.area_id, &camera.name)? {
        None => {
            report.created += 1;
            if writes {
                let row = cameras::insert(conn, camera, actor.now)?;
                write_down(conn, actor, "camera.create", &row)?;
            }
        }
        Some(stored) => {
            // A file has no column for the team: what is stored stays.
            let wanted = CameraDraft {
                team_id: stored.draft()?.team_id,
                ..camera.clone()
            };
            if stored.draft()? == wanted {
                report.unchanged += 1;
            } else {
                report.updated += 1;
                if writes {
                    let id = keng_shared::id::CameraId(stored.id);
                    let row = cameras::update(conn, id, &wanted)?;
                    write_down(conn, actor, "camera.edit", &row)?;
                }
            }
        }
    }
    Ok(())
}
