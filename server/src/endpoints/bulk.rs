//! Verdicts on many records at once: what one would do, asking for one, how far it is, taking it back.

use super::manage_people::Actor;
use super::records::{cursor, place_of, read_cursor_text};
use crate::auth::Caller;
use crate::bulk::{Asked, Task, expires_at};
use crate::db::bulk_rows::{self, StoredBulkRow};
use crate::db::jobs::{self, Line, NewJob, StoredJob};
use crate::db::record_lists::{self, Filter, Place};
use crate::db::records;
use crate::db::{Conn, DbError};
use crate::extract::{Json, Path, Query};
use crate::jobs::request;
use crate::problem::AppError;
use crate::state::{AppState, State};
use crate::sync::review::parse;
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use keng_shared::api::{
    BASE, BulkPreview, BulkRow, BulkView, JobState, MAX_BULK, MAX_PAGE, NewBulk, NewReview, Page,
};
use keng_shared::area::AreaTree;
use keng_shared::id::JobId;
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::record::RecordStatus;
use keng_shared::time::Millis;
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// Bulk verdicts that a person may have under way.
const AT_ONCE: i64 = 2;
/// Jobs that are looked through for the one that undid another.
const SHOWN: i64 = 200;
/// Jobs in the list.
const LISTED: usize = 50;

/// What was asked, checked.
struct Bulk {
    place: Place,
    /// Everything that the filter shows.
    shown: Filter,
    /// What of it waits; none when the filter shows another state.
    waiting: Option<Filter>,
    new: NewBulk,
}

/// How many records a bulk verdict would concern.
pub async fn preview(
    state: State,
    caller: Caller,
    Json(new): Json<NewBulk>,
) -> Result<Json<BulkPreview>, AppError> {
    // The words may still be missing while the person looks at the number.
    let bulk = check(&caller, new, Words::Later)?;
    let preview = state
        .db
        .snapshot(move |conn| {
            let waiting = u64::try_from(bulk.rows(conn)?.len()).unwrap_or(u64::MAX);
            let shown = match bulk.new.only.is_empty() {
                true => record_lists::count(conn, &bulk.place, &bulk.shown)?,
                false => u64::try_from(bulk.new.only.len()).unwrap_or(u64::MAX),
            };
            // Beyond the limit the rows are not read to their end, but counted.
            let waiting = match &bulk.waiting {
                Some(filter) if waiting > MAX_BULK as u64 => record_lists::count(conn, &bulk.place, filter)?,
                _ => waiting,
            };
            let flagged = match bulk.waiting.as_ref().and_then(with_flags) {
                Some(filter) if waiting > MAX_BULK as u64 => record_lists::count(conn, &bulk.place, &filter)?,
                Some(filter) => {
                    let found = bulk_rows::choose(conn, &bulk.place, &filter, &bulk.new.only)?;
                    u64::try_from(found.len()).unwrap_or(u64::MAX)
                }
                None => 0,
            };
            Ok(BulkPreview {
                shown,
                waiting,
                flagged,
            })
        })
        .await?;
    Ok(Json(preview))
}

/// What of a filter has flags; of a filter for what has none, nothing.
fn with_flags(filter: &Filter) -> Option<Filter> {
    (filter.flagged != Some(false)).then(|| Filter {
        flagged: Some(true),
        ..filter.clone()
    })
}

/// The caller's bulk verdicts and what took them back, newest first.
pub async fn list(state: State, caller: Caller) -> Result<Json<Vec<BulkView>>, AppError> {
    let me = caller.user_id();
    let views = state
        .db
        .snapshot(move |conn| {
            let jobs = jobs::of_user(conn, Line::Bulk, me, SHOWN)?;
            let undone = undone_by(&jobs)?;
            let listed = jobs.iter().take(LISTED);
            listed
                .map(|job| view(conn, job, &undone))
                .collect::<Result<Vec<_>, DbError>>()
        })
        .await?;
    Ok(Json(views))
}

/// Takes the snapshot and queues the job.
pub async fn create(
    state: State,
    caller: Caller,
    Json(new): Json<NewBulk>,
) -> Result<HttpResponse, AppError> {
    let bulk = check(&caller, new, Words::Now)?;
    let task = Task::Judge {
        verdict: bulk.new.verdict,
        reason: bulk.new.reason.clone(),
    };
    let id = JobId(Uuid::now_v7());
    queue(&state, &caller, id, task, move |conn| {
        let chosen = bulk.rows(conn)?;
        if chosen.len() > MAX_BULK {
            let error = FieldError::new("filter", FieldCode::TooBig).with("max", MAX_BULK);
            return Err(Problem::fields(vec![error]).into());
        }
        let count = u64::try_from(chosen.len()).unwrap_or(u64::MAX);
        if bulk.new.expected.is_some_and(|expected| expected != count) {
            return Err(Problem::new(ProblemCode::StateConflict)
                .with("waiting", count)
                .into());
        }
        let rows = chosen.into_iter().zip(0..);
        Ok(rows
            .map(|((record_id, commune_id, revision), number)| StoredBulkRow {
                job_id: id.to_string(),
                number,
                record_id,
                commune_id,
                revision,
                outcome: None,
                before: None,
                judged_at: None,
            })
            .collect())
    })
    .await
}

/// Takes a finished bulk verdict back, record by record, as far as nobody has touched them since.
pub async fn undo(state: State, caller: Caller, Path(id): Path<JobId>) -> Result<HttpResponse, AppError> {
    caller.require_somewhere(Verb::Review)?;
    let first = own(&state, &caller, id).await?;
    let asked: Asked = request(&first)?;
    let is_judged = matches!(asked.task, Task::Judge { .. }) && first.state()? == JobState::Done;
    if !is_judged {
        return Err(Problem::new(ProblemCode::StateConflict)
            .with("state", first.state)
            .into());
    }
    let undo = JobId(Uuid::now_v7());
    queue(&state, &caller, undo, Task::Undo(id), move |conn| {
        let rows = bulk_rows::judged(conn, id)?.into_iter().zip(0..);
        Ok(rows
            .map(|(row, number)| StoredBulkRow {
                job_id: undo.to_string(),
                number,
                outcome: None,
                ..row
            })
            .collect())
    })
    .await
}

async fn queue(
    state: &AppState,
    caller: &Caller,
    id: JobId,
    task: Task,
    snapshot: impl Fn(&mut Conn) -> Result<Vec<StoredBulkRow>, DbError> + Send + 'static,
) -> Result<HttpResponse, AppError> {
    let kind = task.kind();
    let asked = Asked {
        device: caller.device_id(),
        task,
    };
    let request = serde_json::to_string(&asked).map_err(AppError::internal)?;
    let (actor, now) = (Actor::of(caller), caller.now());
    let view = state
        .db
        .write(move |conn| {
            if jobs::unfinished(conn, Line::Bulk, actor.user)? >= AT_ONCE {
                return Err(Problem::new(ProblemCode::TooManyRequests)
                    .with("max", AT_ONCE)
                    .into());
            }
            let rows = snapshot(conn)?;
            let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
            let new = NewJob {
                id,
                kind,
                user: actor.user,
                request: &request,
                now,
                expires_at: expires_at(now),
            };
            jobs::insert(conn, &new)?;
            bulk_rows::insert(conn, &rows)?;
            jobs::set_total(conn, id, count)?;
            let details = json!({"kind": kind, "records": count});
            actor.record(conn, now, "bulk.create", ("job", id.to_string()), details)?;
            let stored = DbError::unless(jobs::find(conn, id)?, "job.id")?;
            view_of(conn, &stored)
        })
        .await?;
    Ok(HttpResponse::Accepted()
        .insert_header((LOCATION, format!("{BASE}/bulk/{id}")))
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(view))
}

/// How far a bulk verdict is.
pub async fn show(state: State, caller: Caller, Path(id): Path<JobId>) -> Result<Json<BulkView>, AppError> {
    let job = own(&state, &caller, id).await?;
    let view = state.db.snapshot(move |conn| view_of(conn, &job)).await?;
    Ok(Json(view))
}

/// Query of [`rows`].
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct RowsQuery {
    /// `next` of the page before.
    after: Option<String>,
}

/// What became of each record.
pub async fn rows(
    state: State,
    caller: Caller,
    Path(id): Path<JobId>,
    Query(query): Query<RowsQuery>,
) -> Result<Json<Page<BulkRow>>, AppError> {
    own(&state, &caller, id).await?;
    let after: Option<i64> = query.after.as_deref().map(read_number).transpose()?;
    let tree = caller.tree().clone();
    let page = state
        .db
        .snapshot(move |conn| {
            let mut found = bulk_rows::page(conn, id, after, MAX_PAGE + 1)?;
            let more = found.len() > MAX_PAGE;
            found.truncate(MAX_PAGE);
            let next = found
                .last()
                .filter(|_| more)
                .map(|last| cursor(last.number.to_string()));
            let items = found
                .into_iter()
                .map(|row| bulk_row(conn, &tree, &row))
                .collect::<Result<_, _>>()?;
            Ok(Page { items, next })
        })
        .await?;
    Ok(Json(page))
}

fn read_number(text: &str) -> Result<i64, AppError> {
    read_cursor_text(text)
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| FieldError::new("after", FieldCode::BadFormat).into())
}

fn bulk_row(conn: &mut Conn, tree: &AreaTree, row: &StoredBulkRow) -> Result<BulkRow, DbError> {
    let stored = DbError::unless(records::find(conn, row.record()?)?, "bulk_row.record_id")?;
    Ok(BulkRow {
        record_id: row.record()?,
        area_id: stored.area(),
        area_name: tree
            .get(stored.area())
            .map(|area| area.name.clone())
            .unwrap_or_default(),
        local_date: stored.local_date()?,
        outcome: row.outcome()?,
        kind: stored.kind,
    })
}

/// Whether the words of a verdict must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Words {
    Now,
    Later,
}

fn check(caller: &Caller, mut new: NewBulk, words: Words) -> Result<Bulk, AppError> {
    caller.require_somewhere(Verb::Review)?;
    let place = place_of(caller, Verb::Review, new.filter.area)?;
    if new.only.len() > MAX_BULK {
        return Err(FieldError::new("only", FieldCode::TooLong)
            .with("max", MAX_BULK)
            .into());
    }
    let paging = [
        ("filter.after", new.filter.after.is_some()),
        ("filter.limit", new.filter.limit.is_some()),
    ];
    if let Some((field, _)) = paging.iter().find(|(_, given)| *given) {
        return Err(FieldError::new(*field, FieldCode::Unknown).into());
    }
    if words == Words::Now {
        let review = NewReview {
            verdict: Some(new.verdict),
            reason: new.reason,
            photos: Vec::new(),
        };
        new.reason = parse(review).map_err(AppError::fields)?.reason;
    }
    let shown = Filter::of(&new.filter)?;
    let waiting = match shown.status {
        None | Some(RecordStatus::Submitted) => Some(Filter {
            status: Some(RecordStatus::Submitted),
            ..shown.clone()
        }),
        Some(_) => None,
    };
    Ok(Bulk {
        place,
        shown,
        waiting,
        new,
    })
}

impl Bulk {
    fn rows(&self, conn: &mut Conn) -> Result<Vec<(String, i64, i32)>, DbError> {
        match &self.waiting {
            Some(filter) => bulk_rows::choose(conn, &self.place, filter, &self.new.only),
            None => Ok(Vec::new()),
        }
    }
}

/// The caller's own job. Another person's is as good as missing.
async fn own(state: &AppState, caller: &Caller, id: JobId) -> Result<StoredJob, AppError> {
    let found = state.db.read(move |conn| jobs::find(conn, id)).await?;
    let me = caller.user_id().to_string();
    found
        .filter(|job| job.user_id == me && job.kind.starts_with("bulk."))
        .ok_or_else(|| ProblemCode::NotFound.into())
}

/// Which of these jobs took which back: the id of the job taken back leads to the one that did it.
fn undone_by(jobs: &[StoredJob]) -> Result<HashMap<JobId, JobId>, DbError> {
    let mut undone = HashMap::new();
    for job in jobs {
        if let Task::Undo(first) = read_request(job)?.task {
            undone.insert(first, job.job_id()?);
        }
    }
    Ok(undone)
}

/// A job of its person, beside the person's others.
fn view_of(conn: &mut Conn, job: &StoredJob) -> Result<BulkView, DbError> {
    let user = DbError::unless(job.user_id.parse().ok(), "job.user_id")?;
    let others = jobs::of_user(conn, Line::Bulk, user, SHOWN)?;
    view(conn, job, &undone_by(&others)?)
}

fn view(conn: &mut Conn, job: &StoredJob, undone: &HashMap<JobId, JobId>) -> Result<BulkView, DbError> {
    let asked: Asked = read_request(job)?;
    let id = job.job_id()?;
    let (verdict, undoes) = match asked.task {
        Task::Judge { verdict, .. } => (Some(verdict), None),
        Task::Undo(first) => (None, Some(first)),
    };
    let outcomes = bulk_rows::outcomes(conn, id)?;
    Ok(BulkView {
        id,
        verdict,
        undoes,
        undone_by: undone.get(&id).copied(),
        state: job.state()?,
        total: u64::try_from(job.total).unwrap_or(0),
        done: outcomes.iter().map(|outcome| outcome.count).sum(),
        outcomes,
        created_at: Millis(job.created_at),
        finished_at: job.finished_at.map(Millis),
    })
}

fn read_request(job: &StoredJob) -> Result<Asked, DbError> {
    DbError::unless(serde_json::from_str(&job.request).ok(), "job.request")
}
