//! Import of areas and boundaries.

use crate::auth::Caller;
use crate::db::Conn;
use crate::db::area_import::{self, Missing, Mode, Reach, Terms};
use crate::db::audit::{self, Entry};
use crate::extract::{Body, Json, Query};
use crate::import::{self, Format};
use crate::problem::AppError;
use crate::state::State;
use actix_web::HttpMessage;
use actix_web::HttpRequest;
use keng_shared::api::ImportReport;
use keng_shared::permission::Verb;
use keng_shared::problem::{Problem, ProblemCode};
use keng_shared::time::LocalDate;
use serde::Deserialize;
use serde_json::json;

/// Largest file: 8 MiB, some ten times the boundaries of three provinces.
const MAX_FILE: usize = 8 * 1024 * 1024;

/// Query of `POST /areas/import`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    /// Only say what would happen.
    #[serde(default)]
    dry_run: bool,
    /// The date on which codes without dates are meant; today if missing.
    #[param(value_type = Option<String>, format = Date)]
    as_of: Option<LocalDate>,
}

/// `POST /areas/import`: CSV, JSON or GeoJSON. The caller's import touches nothing outside the caller's areas; a new
/// province comes from the command line.
pub async fn import(
    state: State,
    caller: Caller,
    request: HttpRequest,
    Query(query): Query<ImportQuery>,
    Body(bytes): Body<MAX_FILE>,
) -> Result<Json<ImportReport>, AppError> {
    caller.require_somewhere(Verb::ManageAreas)?;
    let format = Format::of_media_type(request.content_type()).ok_or_else(|| {
        Problem::new(ProblemCode::UnsupportedMedia)
            .with("expected", "text/csv, application/json or application/geo+json")
    })?;
    let terms = Terms {
        mode: if query.dry_run { Mode::DryRun } else { Mode::Write },
        reach: Reach::Below(caller.roots(Verb::ManageAreas)),
        as_of: query.as_of.unwrap_or(caller.today()),
        missing: Missing::Refuse,
        now: caller.now(),
    };
    let file = actix_web::web::block(move || import::read(format, &bytes))
        .await
        .map_err(AppError::internal)??;
    let report = match terms.mode {
        Mode::DryRun => {
            let work = move |conn: &mut Conn| area_import::import(conn, &file, &terms, &mut || {});
            state.db.snapshot(work).await?
        }
        Mode::Write => {
            let work = move |conn: &mut Conn| {
                let report = area_import::import(conn, &file, &terms, &mut || {})?;
                audit::record(
                    conn,
                    &Entry {
                        at: caller.now(),
                        actor: Some(caller.user_id()),
                        device: Some(caller.device_id()),
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
                Ok(report)
            };
            let report = state.db.write(work).await?;
            state.auth.tree.forget();
            report
        }
    };
    Ok(Json(report))
}
