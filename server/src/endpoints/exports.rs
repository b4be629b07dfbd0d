//! Exports: asking for one, how far it is, and its file.

use super::manage_people::Actor;
use super::records::place_of;
use crate::auth::Caller;
use crate::db::DbError;
use crate::db::jobs::{self, Line, NewJob, StoredJob};
use crate::db::record_lists::{Filter, Place};
use crate::export::{Asked, AskedPlace, KEPT_MS, kind_of};
use crate::extract::{Json, Path};
use crate::jobs::request as request_of;
use crate::problem::AppError;
use crate::range::{self, Wanted};
use crate::state::{AppState, State};
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG,
    LOCATION,
};
use actix_web::{HttpRequest, HttpResponse};
use keng_shared::api::{BASE, ExportFormat, ExportView, JobState, MAX_BULK, NewExport};
use keng_shared::evidence::sha256_hex;
use keng_shared::id::JobId;
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::time::Millis;
use serde_json::json;
use uuid::Uuid;

/// Exports that a person may have under way.
const AT_ONCE: i64 = 3;
/// Exports shown.
const SHOWN: i64 = 50;

/// Queues an export of the records that the list would show with the same filter.
pub async fn create(
    state: State,
    caller: Caller,
    Json(new): Json<NewExport>,
) -> Result<HttpResponse, AppError> {
    caller.require_somewhere(Verb::ExportRecords)?;
    let place = match place_of(&caller, Verb::ExportRecords, new.filter.area)? {
        Place::Area(area) => AskedPlace::Area(area),
        Place::Communes(communes) => AskedPlace::Communes(communes),
        Place::Reach { .. } => return Err(ProblemCode::Forbidden.into()),
    };
    let paging = [
        ("filter.after", new.filter.after.is_some()),
        ("filter.limit", new.filter.limit.is_some()),
    ];
    if let Some((field, _)) = paging.iter().find(|(_, given)| *given) {
        return Err(FieldError::new(*field, FieldCode::Unknown).into());
    }
    Filter::of(&new.filter)?;
    if new.only.len() > MAX_BULK {
        return Err(FieldError::new("only", FieldCode::TooLong)
            .with("max", MAX_BULK)
            .into());
    }
    let (id, kind) = (JobId(Uuid::now_v7()), kind_of(new.format));
    let request = serde_json::to_string(&Asked { export: new, place }).map_err(AppError::internal)?;
    let (actor, now) = (Actor::of(&caller), caller.now());
    let stored = state
        .db
        .write(move |conn| {
            if jobs::unfinished(conn, Line::Exports, actor.user)? >= AT_ONCE {
                return Err(Problem::new(ProblemCode::TooManyRequests)
                    .with("max", AT_ONCE)
                    .into());
            }
            let new = NewJob {
                id,
                kind,
                user: actor.user,
                request: &request,
                now,
                expires_at: now.plus(KEPT_MS),
            };
            jobs::insert(conn, &new)?;
            let asked = json!({"kind": kind, "request_sha256": sha256_hex(request.as_bytes())});
            actor.record(conn, now, "export.create", ("job", id.to_string()), asked)?;
            DbError::unless(jobs::find(conn, id)?, "job.id")
        })
        .await?;
    Ok(HttpResponse::Accepted()
        .insert_header((LOCATION, format!("{BASE}/exports/{id}")))
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(view(&stored)?))
}

/// The caller's exports, newest first.
pub async fn list(state: State, caller: Caller) -> Result<Json<Vec<ExportView>>, AppError> {
    let me = caller.user_id();
    let stored = state
        .db
        .read(move |conn| jobs::of_user(conn, Line::Exports, me, SHOWN))
        .await?;
    let views: Result<Vec<_>, _> = stored.iter().map(view).collect();
    Ok(Json(views?))
}

/// How far an export is.
pub async fn show(state: State, caller: Caller, Path(id): Path<JobId>) -> Result<Json<ExportView>, AppError> {
    Ok(Json(view(&own(&state, &caller, id).await?)?))
}

/// The finished file, whole or from some byte on, so that a download that broke off goes on.
pub async fn file(
    state: State,
    caller: Caller,
    request: HttpRequest,
    Path(id): Path<JobId>,
) -> Result<HttpResponse, AppError> {
    let job = own(&state, &caller, id).await?;
    let shown = view(&job)?;
    let Some(size) = shown.size.filter(|_| shown.state == JobState::Done) else {
        return Err(Problem::new(ProblemCode::StateConflict)
            .with("state", shown.state.as_str())
            .into());
    };
    let asked: Asked = request_of(&job)?;
    // Whoever lost an area since then gets nothing of it any more.
    for area in asked.place.areas() {
        caller.require(Verb::ExportRecords, *area)?;
    }
    // A file is written once, so its id names its content.
    let tag = format!("\"{id}\"");
    let wanted = range::wanted(request.headers(), &tag, size);
    let (status, from, to) = match wanted {
        Wanted::Whole => (StatusCode::OK, 0, size),
        Wanted::Part { from, to } => (StatusCode::PARTIAL_CONTENT, from, to),
        Wanted::Nothing => {
            return Ok(HttpResponse::RangeNotSatisfiable()
                .insert_header((CONTENT_RANGE, format!("bytes */{size}")))
                .finish());
        }
    };
    if from == 0 {
        let (actor, now, details) = (Actor::of(&caller), caller.now(), json!({"size": size}));
        state
            .db
            .write(move |conn| {
                actor.record(
                    conn,
                    now,
                    "export.download",
                    ("job", id.to_string()),
                    details.clone(),
                )
            })
            .await?;
    }
    let stream = state.evidence.store.export_stream(id, from..to).await?;
    let mut answer = HttpResponse::build(status);
    if status == StatusCode::PARTIAL_CONTENT {
        answer.insert_header((CONTENT_RANGE, format!("bytes {from}-{}/{size}", to - 1)));
    }
    let day = shown
        .created_at
        .local_date()
        .map(|day| day.to_string())
        .unwrap_or_default();
    let name = format!("keng-{day}.{}", shown.format.as_str());
    Ok(answer
        .insert_header((CONTENT_TYPE, media_type(shown.format)))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((CONTENT_LENGTH, (to - from).to_string()))
        .insert_header((ACCEPT_RANGES, "bytes"))
        .insert_header((ETAG, tag))
        .insert_header((CACHE_CONTROL, "no-store"))
        .no_chunking(to - from)
        .streaming(stream))
}

/// The caller's own export. Another person's is as good as missing.
async fn own(state: &AppState, caller: &Caller, id: JobId) -> Result<StoredJob, AppError> {
    let found = state.db.read(move |conn| jobs::find(conn, id)).await?;
    let me = caller.user_id().to_string();
    found
        .filter(|job| job.user_id == me && job.kind.starts_with("export."))
        .ok_or_else(|| ProblemCode::NotFound.into())
}

fn view(job: &StoredJob) -> Result<ExportView, DbError> {
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    let format = job.kind.strip_prefix("export.").and_then(ExportFormat::parse);
    Ok(ExportView {
        id: job.job_id()?,
        format: DbError::unless(format, "job.kind")?,
        state: job.state()?,
        total: count(job.total),
        done: count(job.done),
        size: job.size.map(count),
        created_at: Millis(job.created_at),
        finished_at: job.finished_at.map(keng_shared::time::Millis),
        expires_at: Millis(job.expires_at),
    })
}

fn media_type(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Csv => "text/csv; charset=utf-8",
        ExportFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ExportFormat::Geojson => "application/geo+json",
        ExportFormat::Gpx => "application/gpx+xml",
        ExportFormat::Zip => "application/zip",
    }
}
