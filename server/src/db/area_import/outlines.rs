//! Boundaries joined with the tree; areas that are not there yet are made where the file or the operator says how.

use super::work::Work;
use super::{Missing, Mode, Outcome, Terms, begin_report, note};
use crate::db::boundaries::{self, Stored};
use crate::db::{Conn, DbError, areas};
use crate::import::{AreaRow, BoundaryRow, BoundaryRows, ParentRef};
use keng_shared::api::{ImportRemark, ImportReport, Remark};
use keng_shared::area::{Area, AreaKind};
use keng_shared::geo::LatLon;
use keng_shared::id::AreaId;
use keng_shared::problem::{FieldCode, FieldError};
use std::collections::HashSet;

/// Imports boundaries of areas on `terms.as_of`. `on_row` is told of every row.
pub fn import_boundaries(
    conn: &mut Conn,
    rows: &BoundaryRows,
    terms: &Terms,
    on_row: &mut dyn FnMut(),
) -> Result<ImportReport, DbError> {
    let mut work = Work::begin(conn, terms)?;
    let neighbours = match terms.missing {
        Missing::Refuse => None,
        Missing::CreateLikeNeighbour(kind) => Some(Neighbours {
            kind,
            placed: work.placed(kind),
        }),
    };
    let mut report = begin_report(terms, &rows.refused, rows.rows.len());
    let (mut seen, mut grew) = (HashSet::new(), false);
    for row in &rows.rows {
        let found = match work.by_code(&row.code, terms.as_of) {
            Some(area) => Ok(Found { area, like: None }),
            None => make_area(conn, &mut work, row, neighbours.as_ref(), terms)
                .inspect(|made| grew |= made.is_ok())?,
        };
        let outcome = match found {
            Err(error) => Err(error),
            Ok(found) if !seen.insert(found.area) => Err(FieldError::new("code", FieldCode::Duplicate)),
            Ok(found) => {
                let stored = match terms.mode {
                    Mode::DryRun => boundaries::compare(conn, found.area, &row.polygons)?,
                    Mode::Write => boundaries::put(conn, found.area, &row.polygons, terms.now)?,
                };
                remark(&mut report, row, found.like);
                Ok(outcome(stored))
            }
        };
        note(&mut report, row.row, row.what(), outcome);
        on_row();
    }
    if terms.mode == Mode::Write && grew {
        areas::bump_tree_version(conn)?;
    }
    report.refused.sort_by_key(|refused| refused.row);
    Ok(report)
}

/// The area of a boundary, and after which neighbour it was made, if it was.
struct Found {
    area: AreaId,
    like: Option<String>,
}

/// Areas that new ones are made like: those that were there before the import, so that the order of rows does not matter.
struct Neighbours {
    kind: AreaKind,
    placed: Vec<Area>,
}

impl Neighbours {
    fn nearest(&self, to: LatLon) -> Option<&Area> {
        let distance = |area: &&Area| area.centre.map_or(f64::MAX, |centre| centre.distance_m(to));
        self.placed
            .iter()
            .min_by(|a, b| distance(a).total_cmp(&distance(b)))
    }
}

/// Makes the area that the file describes, or one like its nearest neighbour.
fn make_area(
    conn: &mut Conn,
    work: &mut Work,
    row: &BoundaryRow,
    neighbours: Option<&Neighbours>,
    terms: &Terms,
) -> Result<Result<Found, FieldError>, DbError> {
    let unknown = || FieldError::new("code", FieldCode::NoSuchObject).with("on", terms.as_of);
    let (area, like) = match (&row.area, neighbours) {
        (Some(area), _) => (area.clone(), None),
        (None, Some(neighbours)) => {
            let made = crate::import::name("name", &row.name)
                .and_then(|name| like_neighbour(work, row, name, neighbours, terms).ok_or_else(unknown));
            match made {
                Ok((area, like)) => (area, Some(like)),
                Err(error) => return Ok(Err(error)),
            }
        }
        (None, None) => return Ok(Err(unknown())),
    };
    if let Err(error) = work.area(conn, &area)? {
        return Ok(Err(error));
    }
    // An area that is described for other days than the date of the import is there, but its boundary has no place yet.
    let found = work.by_code(&row.code, terms.as_of).ok_or_else(unknown);
    Ok(found.map(|area| Found { area, like }))
}

fn like_neighbour(
    work: &Work,
    row: &BoundaryRow,
    name: String,
    neighbours: &Neighbours,
    terms: &Terms,
) -> Option<(AreaRow, String)> {
    let centre = row.centre()?;
    let neighbour = neighbours.nearest(centre)?;
    let above = work.above(neighbour.id)?;
    let parent = ParentRef {
        code: above.code.clone()?,
        on: Some(terms.as_of),
    };
    let area = AreaRow {
        row: row.row,
        kind: neighbours.kind,
        code: Some(row.code.clone()),
        name,
        parents: vec![parent],
        valid_from: neighbour.valid_from,
        valid_to: neighbour.valid_to,
        centre: Some(centre),
    };
    let code = neighbour.code.as_deref().unwrap_or_default();
    Some((area, format!("{code} {} ({})", neighbour.name, above.name)))
}

fn remark(report: &mut ImportReport, row: &BoundaryRow, like: Option<String>) {
    let repaired = row
        .repaired_at
        .map(|at| (Remark::Repaired, format!("{:.4}, {:.4}", at.lat(), at.lon())));
    let made = like.map(|like| (Remark::CreatedLikeNeighbour, like));
    for (remark, detail) in [repaired, made].into_iter().flatten() {
        report.remarks.push(ImportRemark {
            row: row.row,
            what: row.what(),
            remark,
            detail,
        });
    }
}

fn outcome(stored: Stored) -> Outcome {
    match stored {
        Stored::Created => Outcome::Created,
        Stored::Updated => Outcome::Updated,
        Stored::Unchanged => Outcome::Unchanged,
    }
}
