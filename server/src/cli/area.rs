//! `keng area`: import areas and boundaries, and ask what became of an old code.

use super::CommandError;
use super::progress;
use crate::app;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::area_import::{self, Missing, Mode, Terms};
use crate::db::audit::{self, Entry};
use crate::db::{Conn, DbError, successions};
use crate::import::{self, AreaFile, Format};
use crate::state::AppState;
use clap::{Args, Subcommand};
use keng_shared::api::{ImportReport, Remark};
use keng_shared::area::{AreaKind, SuccessionRelation};
use keng_shared::time::LocalDate;
use serde_json::json;
use std::path::{Path, PathBuf};
use tokio::runtime::Runtime;

/// Import areas and boundaries, and ask what became of an old code.
#[derive(Args)]
pub struct Area {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Import areas (CSV with the columns kind, code, name, parent_code, valid_from, valid_to, lat, lon; or JSON) or
    /// boundaries (GeoJSON FeatureCollection with the property `code`; `kind`, `parent_code` and `valid_from` make
    /// areas that are not there yet)
    Import {
        /// The file; .csv is CSV, everything else JSON
        file: PathBuf,
        /// Only say what would happen
        #[arg(long)]
        dry_run: bool,
        /// The date on which codes without dates are meant; today if missing
        #[arg(long, value_name = "YYYY-MM-DD")]
        as_of: Option<LocalDate>,
        /// Make areas that have only a boundary: of this tier (commune, …), under the same area and from the same
        /// day as their nearest neighbour. The report names each; look at it with --dry-run first
        #[arg(long, value_name = "KIND", value_parser = tier)]
        create_missing: Option<AreaKind>,
    },
    /// Say which area an old code is today
    Resolve {
        /// Official code
        code: String,
        /// A date on which the code is meant
        #[arg(long, value_name = "YYYY-MM-DD")]
        as_of: Option<LocalDate>,
    },
}

impl Area {
    pub(super) fn run(self, runtime: &Runtime, config: Config) -> Result<(), CommandError> {
        runtime.block_on(async {
            let state = app::prepare(config, Clock::system()).await?;
            match self.action {
                Action::Import {
                    file,
                    dry_run,
                    as_of,
                    create_missing,
                } => {
                    let terms = Terms {
                        mode: if dry_run { Mode::DryRun } else { Mode::Write },
                        missing: create_missing.map_or(Missing::Refuse, Missing::CreateLikeNeighbour),
                        ..Terms::operator(as_of.unwrap_or(state.clock.today()), state.clock.now())
                    };
                    import(&state, &file, terms).await
                }
                Action::Resolve { code, as_of } => resolve(&state, code, as_of).await,
            }
        })
    }
}

fn tier(text: &str) -> Result<AreaKind, String> {
    AreaKind::parse(text).ok_or_else(|| "one of province, district, commune, residential_area".to_owned())
}

async fn import(state: &AppState, path: &Path, terms: Terms) -> Result<(), CommandError> {
    let bytes = std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let is_csv = path
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    let format = if is_csv { Format::Csv } else { Format::Json };
    let file = import::read(format, &bytes).map_err(|error| {
        format!(
            "{}: {} {} {:?}",
            path.display(),
            error.field,
            error.code.as_str(),
            error.params
        )
    })?;
    let bar = progress::bar("import");
    bar.set_length(match &file {
        AreaFile::Tree(rows) => (rows.areas.len() + rows.successions.len()) as u64,
        AreaFile::Boundaries(rows) => rows.rows.len() as u64,
    });
    let (job_bar, mode) = (bar.clone(), terms.mode);
    let work = move |conn: &mut Conn| {
        job_bar.set_position(0);
        run(conn, &file, &terms, &mut || job_bar.inc(1))
    };
    let report = match mode {
        Mode::DryRun => state.db.snapshot(work).await?,
        Mode::Write => state.db.write(work).await?,
    };
    bar.finish_and_clear();
    print(&report);
    Ok(())
}

fn run(
    conn: &mut Conn,
    file: &AreaFile,
    terms: &Terms,
    on_row: &mut dyn FnMut(),
) -> Result<ImportReport, DbError> {
    let report = area_import::import(conn, file, terms, on_row)?;
    if terms.mode == Mode::Write {
        audit::record(
            conn,
            &Entry {
                at: terms.now,
                actor: None,
                device: None,
                action: "area.import",
                object_type: "area",
                object_id: "import".to_owned(),
                details: json!({
                    "created": report.created,
                    "updated": report.updated,
                    "refused": report.refused.len(),
                }),
            },
        )?;
    }
    Ok(report)
}

fn print(report: &ImportReport) {
    for remark in &report.remarks {
        let words = match remark.remark {
            Remark::Repaired => "outline crossed itself, repaired at",
            Remark::CreatedLikeNeighbour => "new, made like",
            Remark::FarOutside => "far outside its boundary:",
        };
        println!(
            "row {:>5}  {:<32} {words} {}",
            remark.row, remark.what, remark.detail
        );
    }
    for row in &report.refused {
        let params: Vec<String> = row
            .error
            .params
            .iter()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        println!(
            "row {:>5}  {:<32} {} {} {}",
            row.row,
            row.what,
            row.error.field,
            row.error.code.as_str(),
            params.join(", ")
        );
    }
    println!(
        "{}{} rows: {} created, {} updated, {} unchanged, {} refused",
        if report.dry_run {
            "dry run, nothing written: "
        } else {
            ""
        },
        report.read,
        report.created,
        report.updated,
        report.unchanged,
        report.refused.len()
    );
}

async fn resolve(state: &AppState, code: String, as_of: Option<LocalDate>) -> Result<(), CommandError> {
    let today = state.clock.today();
    let tree = state.auth.tree.get(&state.db, state.clock.now()).await?;
    let asked = code.clone();
    let resolved = state
        .db
        .snapshot(move |conn| successions::resolve(conn, &tree, &asked, as_of, today))
        .await?
        .ok_or_else(|| format!("no area has had the code {code}"))?;
    let days = |area: &keng_shared::area::Area| match (area.valid_from, area.valid_to) {
        (None, None) => String::new(),
        (Some(from), None) => format!(" (from {from})"),
        (None, Some(to)) => format!(" (until {to})"),
        (Some(from), Some(to)) => format!(" ({from} to {to})"),
    };
    println!("{code} {}{}", resolved.asked.name, days(&resolved.asked));
    for successor in &resolved.now {
        let area = &successor.area;
        let part = match successor.relation {
            SuccessionRelation::Partial => " in part",
            SuccessionRelation::Whole | SuccessionRelation::Unchanged => "",
        };
        println!(
            "  is today{part} {} {}{}",
            area.code.as_deref().unwrap_or("-"),
            area.name,
            days(area)
        );
    }
    if resolved.now.is_empty() {
        println!("  has no successor that is known");
    }
    Ok(())
}
