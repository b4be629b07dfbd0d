//! Joins the rows of an area file with the stored tree.
//!
//! A row is matched with a stored area by tier, code and overlapping dates (by name and parent where there is no
//! code). The whole import is one transaction; a dry run walks the same path and writes nothing. A row that does not
//! fit is refused by itself and the others go on.

mod known;
mod outlines;
mod work;

use super::{Conn, DbError, areas};
use crate::import::{AreaFile, TreeRows};
use keng_shared::api::{ImportReport, RefusedRow};
use keng_shared::area::AreaKind;
use keng_shared::id::AreaId;
use keng_shared::problem::FieldError;
use keng_shared::time::{LocalDate, Millis};
use work::Work;

pub use outlines::import_boundaries;

/// Whether an import writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Says what it would do.
    DryRun,
    /// Does it.
    Write,
}

/// Which part of the tree an import may touch.
#[derive(Debug, Clone)]
pub enum Reach {
    /// All of it: the command line.
    Everything,
    /// These areas and what was ever below them.
    Below(Vec<AreaId>),
}

/// What becomes of a boundary whose area is not there and is not described by the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// It is refused.
    Refuse,
    /// An area of this tier is made like its nearest neighbour of the same tier: under the same area, from the same
    /// first day. The report says so.
    CreateLikeNeighbour(AreaKind),
}

/// Circumstances of an import.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Whether it writes.
    pub mode: Mode,
    /// Which part of the tree it may touch.
    pub reach: Reach,
    /// The date on which a code without dates is meant.
    pub as_of: LocalDate,
    /// What becomes of boundaries without an area.
    pub missing: Missing,
    /// The server's clock.
    pub now: Millis,
}

impl Terms {
    /// An import as an operator does it: it writes, and everything is in reach.
    pub fn operator(as_of: LocalDate, now: Millis) -> Self {
        Self {
            mode: Mode::Write,
            reach: Reach::Everything,
            as_of,
            missing: Missing::Refuse,
            now,
        }
    }
}

/// What became of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Unchanged,
    Updated,
    Created,
}

/// Imports a file of either form. `on_row` is told of every row.
pub fn import(
    conn: &mut Conn,
    file: &AreaFile,
    terms: &Terms,
    on_row: &mut dyn FnMut(),
) -> Result<ImportReport, DbError> {
    match file {
        AreaFile::Tree(rows) => import_tree(conn, rows, terms, on_row),
        AreaFile::Boundaries(rows) => import_boundaries(conn, rows, terms, on_row),
    }
}

/// Imports areas, the edges above them, and successions. `on_row` is told of every row.
pub fn import_tree(
    conn: &mut Conn,
    rows: &TreeRows,
    terms: &Terms,
    on_row: &mut dyn FnMut(),
) -> Result<ImportReport, DbError> {
    let mut work = Work::begin(conn, terms)?;
    let mut report = begin_report(terms, &rows.refused, rows.areas.len() + rows.successions.len());
    for row in &rows.areas {
        let outcome = work.area(conn, row)?;
        note(&mut report, row.row, row.what(), outcome);
        on_row();
    }
    for row in &rows.successions {
        let outcome = work.succession(conn, row)?;
        note(
            &mut report,
            row.row,
            format!("{} → {}", row.old_code, row.new_code),
            outcome,
        );
        on_row();
    }
    if terms.mode == Mode::Write && report.created + report.updated > 0 {
        areas::bump_tree_version(conn)?;
    }
    report.refused.sort_by_key(|refused| refused.row);
    Ok(report)
}

fn begin_report(terms: &Terms, refused: &[RefusedRow], readable: usize) -> ImportReport {
    ImportReport {
        dry_run: terms.mode == Mode::DryRun,
        read: readable + refused.len(),
        refused: refused.to_vec(),
        ..ImportReport::default()
    }
}

fn note(report: &mut ImportReport, row: usize, what: String, outcome: Result<Outcome, FieldError>) {
    match outcome {
        Ok(Outcome::Created) => report.created += 1,
        Ok(Outcome::Updated) => report.updated += 1,
        Ok(Outcome::Unchanged) => report.unchanged += 1,
        Err(error) => report.refused.push(RefusedRow { row, what, error }),
    }
}
