//! Records: lists, one record, and what its author does to it.

use crate::auth::Caller;
use crate::db::record_lists::{self, After, Filter, First, Place};
use crate::db::record_orders::{self, Key, Run, Spot};
use crate::db::records;
use crate::db::review_queue::Waiting;
use crate::db::{Conn, DbError, feed, likenesses, tracks};
use crate::extract::{IfMatch, Json, Path, Query};
use crate::problem::AppError;
use crate::state::{AppState, State};
use crate::sync::cases::Reporter;
use crate::sync::permit::{actor, check_draft, communes_under, led_teams, may_read};
use crate::sync::put_record::{Made, Put, PutRecord};
use crate::sync::withdraw::Withdraw;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH, LOCATION};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use keng_shared::api::{
    BASE, DEFAULT_PAGE, MAX_PAGE, Page, PhotoRepeat, RecordCounts, RecordDetail, RecordQuery, RecordRow,
    RecordSort,
};
use keng_shared::area::{AreaKind, AreaTree};
use keng_shared::evidence::sha256_hex;
use keng_shared::id::{AreaId, RecordId};
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, ProblemCode};
use keng_shared::record::{RecordDraft, RecordStatus, RecordView};
use keng_shared::time::Millis;
use serde::Deserialize;
use std::sync::Arc;

/// "The last 7 days" of the counts.
const WEEK_MS: i64 = 7 * 86_400_000;

/// One page of records that the caller may read, in the order that was asked for.
pub async fn list(
    state: State,
    caller: Caller,
    Query(query): Query<RecordQuery>,
) -> Result<Json<Page<RecordRow>>, AppError> {
    let limit = page_size(query.limit)?;
    let place = place_of(&caller, Verb::ReadRecords, query.area)?;
    let tree = caller.tree().clone();
    let is_reversed = query.reverse == Some(true);
    // Dates begin with the latest, names with A, signals with the most.
    let (key, run) = match (query.sort.unwrap_or_default(), is_reversed) {
        (RecordSort::Risk, _) => return riskiest(&state, query, place, tree, limit).await.map(Json),
        (RecordSort::Newest, false) => {
            return arrivals(&state, query, place, tree, First::Newest, limit).await;
        }
        (RecordSort::Newest, true) => {
            return arrivals(&state, query, place, tree, First::Oldest, limit).await;
        }
        (RecordSort::Date, false) => (Key::Date, Run::Down),
        (RecordSort::Date, true) => (Key::Date, Run::Up),
        (RecordSort::Area, false) => (Key::Area, Run::Up),
        (RecordSort::Area, true) => (Key::Area, Run::Down),
        (RecordSort::Author, false) => (Key::Author, Run::Up),
        (RecordSort::Author, true) => (Key::Author, Run::Down),
        (RecordSort::Kind, false) => (Key::Kind, Run::Up),
        (RecordSort::Kind, true) => (Key::Kind, Run::Down),
        (RecordSort::Team, false) => (Key::Team, Run::Up),
        (RecordSort::Team, true) => (Key::Team, Run::Down),
        (RecordSort::Status, false) => (Key::Status, Run::Up),
        (RecordSort::Status, true) => (Key::Status, Run::Down),
        (RecordSort::Signals, false) => (Key::Signals, Run::Down),
        (RecordSort::Signals, true) => (Key::Signals, Run::Up),
    };
    let after = query.after.as_deref().map(read_spot).transpose()?;
    let filter = Filter::of(&query)?;
    let page = state
        .db
        .snapshot(move |conn| {
            let (found, next) =
                record_orders::page(conn, &tree, (&place, &filter), (key, run), after.as_ref(), limit)?;
            let items = record_lists::rows(conn, &tree, found)?;
            let next = next.map(|spot| DbError::unless(serde_json::to_string(&spot).ok(), "a cursor"));
            Ok(Page {
                items,
                next: next.transpose()?.map(cursor),
            })
        })
        .await?;
    Ok(Json(page))
}

/// One page in the order of arrival.
async fn arrivals(
    state: &AppState,
    query: RecordQuery,
    place: Place,
    tree: Arc<AreaTree>,
    first: First,
    limit: usize,
) -> Result<Json<Page<RecordRow>>, AppError> {
    let after = query.after.as_deref().map(read_cursor).transpose()?;
    let filter = Filter::of(&query)?;
    let page = state
        .db
        .snapshot(move |conn| {
            let mut found = record_lists::page(conn, &place, &filter, first, after.as_ref(), limit + 1)?;
            let more = found.len() > limit;
            found.truncate(limit);
            let next = match found.last() {
                Some(last) if more => Some(write_cursor(Millis(last.received_at), last.record_id()?)),
                _ => None,
            };
            let items = record_lists::rows(conn, &tree, found)?;
            Ok(Page { items, next })
        })
        .await?;
    Ok(Json(page))
}

/// One page of what waits for review, riskiest first.
async fn riskiest(
    state: &AppState,
    query: RecordQuery,
    place: Place,
    tree: Arc<AreaTree>,
    limit: usize,
) -> Result<Page<RecordRow>, AppError> {
    if query.status != Some(RecordStatus::Submitted) || matches!(place, Place::Reach { .. }) {
        return Err(FieldError::new("sort", FieldCode::NotAChoice).into());
    }
    if query.reverse == Some(true) {
        return Err(FieldError::new("reverse", FieldCode::NotAChoice).into());
    }
    let after = query.after.as_deref().map(read_risk_cursor).transpose()?;
    let filter = Filter::of(&query)?;
    let page = state
        .db
        .snapshot(move |conn| {
            let (found, next) = record_lists::riskiest(conn, &place, &filter, after, limit)?;
            let items = record_lists::rows(conn, &tree, found)?;
            let next =
                next.map(|next| cursor(format!("{}.{}.{}", next.risk, next.received_at, next.record_id)));
            Ok(Page { items, next })
        })
        .await?;
    Ok(page)
}

/// Query of [`counts`].
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct CountsQuery {
    /// In this area or below; by default wherever the caller reads all records.
    #[param(value_type = Option<i64>)]
    area: Option<AreaId>,
}

/// Numbers for the desk. Nothing changes without a revision of its commune, so asking again costs a few small reads.
pub async fn counts(
    state: State,
    caller: Caller,
    request: HttpRequest,
    Query(query): Query<CountsQuery>,
) -> Result<HttpResponse, AppError> {
    caller.require_somewhere(Verb::ReadRecords)?;
    let place = place_of(&caller, Verb::ReadRecords, query.area)?;
    let communes = match &place {
        Place::Communes(communes) => communes.clone(),
        Place::Area(area) => caller
            .tree()
            .commune_of(*area, caller.today())
            .into_iter()
            .collect(),
        Place::Reach { .. } => Vec::new(),
    };
    let revisions = state
        .db
        .read(move |conn| feed::revisions(conn, &communes))
        .await?;
    let tag = format!(
        "\"{}\"",
        sha256_hex(format!("{place:?} {revisions:?} {}", caller.today()).as_bytes())
    );
    let known = request.headers().get(IF_NONE_MATCH);
    if known.is_some_and(|known| known == tag.as_str()) {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).finish());
    }
    let week = caller.now().plus(-WEEK_MS);
    let counts: RecordCounts = state
        .db
        .snapshot(move |conn| record_lists::counts(conn, &place, week))
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header((ETAG, tag))
        .insert_header((CACHE_CONTROL, "private, no-cache"))
        .json(counts))
}

/// Stores a new record. The same content again gives the stored record again.
pub async fn create(
    state: State,
    caller: Caller,
    Json(draft): Json<RecordDraft>,
) -> Result<HttpResponse, AppError> {
    put(&state, &caller, draft, None).await
}

/// Replaces the author's own record.
pub async fn edit(
    state: State,
    caller: Caller,
    Path(id): Path<RecordId>,
    IfMatch(revision): IfMatch,
    Json(draft): Json<RecordDraft>,
) -> Result<HttpResponse, AppError> {
    if draft.id != id {
        return Err(FieldError::new("id", FieldCode::BadFormat)
            .with("expected", id)
            .into());
    }
    put(&state, &caller, draft, Some(revision)).await
}

async fn put(
    state: &AppState,
    caller: &Caller,
    draft: RecordDraft,
    base_revision: Option<u32>,
) -> Result<HttpResponse, AppError> {
    let (record, commune) = check_draft(caller, draft)?;
    let reporter = Reporter::of(caller, record.draft().area_id);
    let change = PutRecord::new(
        actor(caller),
        record,
        commune,
        base_revision,
        None,
        state.boundaries.clone(),
    )
    .reported_by(reporter);
    let Put {
        row, photos, made, ..
    } = state.db.write_in(commune, move |conn| change.run(conn)).await?;
    state.events.stir(commune);
    match made {
        // A new record holds nothing that the server would have to look up.
        Made::Created => {
            let view = records::fresh_view(row, photos, caller.name())?;
            Ok(answer(StatusCode::CREATED, view))
        }
        Made::Edited | Made::Nothing => {
            let view = state.db.read(move |conn| records::view_of(conn, row)).await?;
            Ok(answer(StatusCode::OK, view))
        }
    }
}

/// Withdraws the author's own record.
pub async fn withdraw(
    state: State,
    caller: Caller,
    Path(id): Path<RecordId>,
    IfMatch(base_revision): IfMatch,
) -> Result<HttpResponse, AppError> {
    let change = Withdraw {
        actor: actor(&caller),
        record: id,
        base_revision,
        operation: None,
    };
    state.db.write(move |conn| change.run(conn)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A record with its track and history.
pub async fn detail(
    state: State,
    caller: Caller,
    Path(id): Path<RecordId>,
) -> Result<HttpResponse, AppError> {
    let detail = state
        .db
        .snapshot(move |conn| {
            let row = records::find(conn, id)?.ok_or(ProblemCode::NotFound)?;
            may_read(&caller, &row)?;
            Ok::<_, DbError>(RecordDetail {
                track: tracks::of_record(conn, id)?,
                history: records::history(conn, &row)?,
                repeats: repeats(conn, &caller, &row.id)?,
                record: records::view_of(conn, row)?,
            })
        })
        .await?;
    let tag = etag(detail.record.revision);
    Ok(HttpResponse::Ok()
        .insert_header((ETAG, tag))
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(detail))
}

/// Photos that were seen before, in records that the caller may read.
fn repeats(conn: &mut Conn, caller: &Caller, record: &str) -> Result<Vec<PhotoRepeat>, DbError> {
    let mut found = Vec::new();
    for (photo, earlier_photo, earlier_record) in likenesses::repeats(conn, record)? {
        let repeat = PhotoRepeat {
            photo_id: DbError::unless(photo.parse().ok(), "photo.id")?,
            earlier_photo_id: DbError::unless(earlier_photo.parse().ok(), "photo.id")?,
            earlier_record_id: DbError::unless(earlier_record.parse().ok(), "photo.record_id")?,
        };
        let earlier = records::find(conn, repeat.earlier_record_id)?;
        if earlier.is_some_and(|row| may_read(caller, &row).is_ok()) {
            found.push(repeat);
        }
    }
    Ok(found)
}

/// A record as the answer to a change of it.
pub fn answer(status: StatusCode, view: RecordView) -> HttpResponse {
    let mut answer = HttpResponse::build(status);
    answer.insert_header((ETAG, etag(view.revision)));
    answer.insert_header((CACHE_CONTROL, "no-store"));
    if status == StatusCode::CREATED {
        answer.insert_header((LOCATION, format!("{BASE}/records/{}", view.id)));
    }
    answer.json(view)
}

pub(super) fn etag(revision: u32) -> String {
    format!("\"{revision}\"")
}

/// Where a list looks: in the area, or wherever the caller may do this; without such a place at the caller's own records.
pub(super) fn place_of(caller: &Caller, verb: Verb, area: Option<AreaId>) -> Result<Place, AppError> {
    let roots = match area {
        Some(area) => {
            caller.require(verb, area)?;
            if caller
                .tree()
                .get(area)
                .is_some_and(|found| found.kind == AreaKind::ResidentialArea)
            {
                return Ok(Place::Area(area));
            }
            vec![area]
        }
        None => caller.roots(verb),
    };
    if roots.is_empty() {
        return Ok(Place::Reach {
            author: caller.user_id(),
            teams: led_teams(caller),
        });
    }
    let mut communes: Vec<AreaId> = roots
        .into_iter()
        .flat_map(|root| communes_under(caller, root))
        .collect();
    communes.sort_unstable();
    communes.dedup();
    Ok(Place::Communes(communes))
}

pub(super) fn page_size(limit: Option<usize>) -> Result<usize, AppError> {
    match limit.unwrap_or(DEFAULT_PAGE) {
        0 => Err(FieldError::new("limit", FieldCode::TooSmall)
            .with("min", 1)
            .into()),
        limit @ 1..=MAX_PAGE => Ok(limit),
        _ => Err(FieldError::new("limit", FieldCode::TooBig)
            .with("max", MAX_PAGE)
            .into()),
    }
}

pub(super) fn write_cursor(received_at: Millis, id: RecordId) -> String {
    cursor(format!("{}.{id}", received_at.0))
}

pub(super) fn cursor(text: String) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

pub(super) fn read_cursor_text(text: &str) -> Option<String> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    String::from_utf8(bytes).ok()
}

fn read_spot(text: &str) -> Result<Spot, AppError> {
    read_cursor_text(text)
        .and_then(|text| serde_json::from_str(&text).ok())
        .ok_or_else(|| FieldError::new("after", FieldCode::BadFormat).into())
}

fn read_risk_cursor(text: &str) -> Result<Waiting, AppError> {
    let read = || {
        let text = read_cursor_text(text)?;
        let (risk, rest) = text.split_once('.')?;
        let (received_at, id) = rest.split_once('.')?;
        let received_at = Millis(received_at.parse().ok()?);
        Some(Waiting::at(risk.parse().ok()?, received_at, id.parse().ok()?))
    };
    read().ok_or_else(|| FieldError::new("after", FieldCode::BadFormat).into())
}

pub(super) fn read_cursor(text: &str) -> Result<After, AppError> {
    let read = || {
        let text = read_cursor_text(text)?;
        let (received_at, id) = text.split_once('.')?;
        Some(After {
            received_at: Millis(received_at.parse().ok()?),
            id: id.parse().ok()?,
        })
    };
    read().ok_or_else(|| FieldError::new("after", FieldCode::BadFormat).into())
}
