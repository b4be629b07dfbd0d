//! Cases of incidents, for the officers who handle them and for those who read.

use super::records::{page_size, place_of, read_cursor, write_cursor};
use crate::auth::Caller;
use crate::db::cases::{self, Filter, StoredCase};
use crate::db::{Conn, DbError, cameras, case_steps, footage, records};
use crate::extract::{IfMatch, Json, Path, Query};
use crate::problem::AppError;
use crate::state::State;
use crate::sync::cases::near::counts as near_counts;
use crate::sync::cases::{CaseChange, Compare, StepCase, officers};
use crate::sync::permit::actor;
use actix_web::HttpResponse;
use keng_shared::api::{
    CaseDetail, CaseQuery, CaseRow, NearCase, NewAssignee, NewCaseStep, NewComparison, NewPlace, NewSeverity,
    Page, SameEvent,
};
use keng_shared::id::{AreaId, RecordId};
use keng_shared::incident::near::may_be_same;
use keng_shared::permission::Verb;
use keng_shared::problem::ProblemCode;
use keng_shared::time::Millis;

/// Most near reports that are offered.
const MOST_NEAR: usize = 20;

/// `GET /incidents`
pub async fn list(
    state: State,
    caller: Caller,
    Query(query): Query<CaseQuery>,
) -> Result<Json<Page<CaseRow>>, AppError> {
    caller.require_somewhere(Verb::ReadRecords)?;
    let limit = page_size(query.limit)?;
    let place = place_of(&caller, Verb::ReadRecords, query.area)?;
    let after = query.after.as_deref().map(read_cursor).transpose()?;
    let filter = Filter {
        state: query.state,
        assignee: query.assignee,
        after: after.map(|after| (after.received_at, after.id)),
    };
    let page = state
        .db
        .snapshot(move |conn| {
            let mut found = cases::page(conn, &place, &filter, limit + 1)?;
            let more = found.len() > limit;
            found.truncate(limit);
            let next = match found.last() {
                Some(last) if more => Some(write_cursor(Millis(last.received_at), last.record()?)),
                _ => None,
            };
            let may_read = |area| caller.can(Verb::ReadRecords, area);
            let near = near_counts(conn, &found, may_read)?;
            let mut items = rows(conn, &caller, found)?;
            for row in &mut items {
                row.near = near.get(&row.record_id).copied().unwrap_or(0);
            }
            Ok(Page { items, next })
        })
        .await?;
    Ok(Json(page))
}

/// `GET /incidents/{id}`
pub async fn detail(
    state: State,
    caller: Caller,
    Path(id): Path<RecordId>,
) -> Result<Json<CaseDetail>, AppError> {
    let detail = state
        .db
        .snapshot(move |conn| {
            let case = permitted(conn, &caller, Verb::ReadRecords, id)?;
            let record = records::find(conn, id)?.ok_or(ProblemCode::NotFound)?;
            let compared = cases::compared(conn, id)?;
            let same = compared
                .iter()
                .filter(|(_, verdict)| **verdict == SameEvent::Same)
                .map(|(other, _)| *other);
            let mut linked = cases::by_ids(conn, &same.collect::<Vec<_>>())?;
            linked.retain(|other| caller.can(Verb::ReadRecords, other.area()));
            let sees_cameras = caller.can(Verb::ManageCameras, case.area());
            let camera = match case.camera().filter(|_| sees_cameras) {
                Some(camera) => cameras::find(conn, camera)?,
                None => None,
            };
            let camera = cameras::views(conn, camera.into_iter().collect())?.pop();
            let footage = match sees_cameras {
                true => footage::of_record(conn, id)?,
                false => Vec::new(),
            };
            let above = caller.tree().chain(case.area(), caller.today());
            Ok::<_, DbError>(CaseDetail {
                record: records::view_of(conn, record)?,
                steps: case_steps::steps(conn, id)?,
                linked: rows(conn, &caller, linked)?,
                near: near(conn, &caller, &case, |other| compared.contains_key(&other))?,
                officers: officers(conn, &above, caller.today())?,
                camera,
                footage: footage::views(conn, footage)?,
                case: row(conn, &caller, case)?,
            })
        })
        .await?;
    Ok(Json(detail))
}

/// `POST /incidents/{id}/steps`
pub async fn step(
    state: State,
    caller: Caller,
    Path(id): Path<RecordId>,
    IfMatch(revision): IfMatch,
    Json(body): Json<NewCaseStep>,
) -> Result<Json<CaseRow>, AppError> {
    let change = CaseChange::Move {
        to: body.to,
        words: body.words,
    };
    change_case(&state, caller, id, revision, change).await
}

/// `POST /incidents/{id}/assignee`
pub async fn assign(
    state: State,
    caller: Caller,
    Path(id): Path<RecordId>,
    IfMatch(revision): IfMatch,
    Json(body): Json<NewAssignee>,
) -> Result<Json<CaseRow>, AppError> {
    change_case(
        &state,
        caller,
        id,
        revision,
        CaseChange::Assign { to: body.user_id },
    )
    .await
}

/// `POST /incidents/{id}/severity`
pub async fn weigh(
    state: State,
    caller: Caller,
    Path(id): Path<RecordId>,
    IfMatch(revision): IfMatch,
    Json(body): Json<NewSeverity>,
) -> Result<Json<CaseRow>, AppError> {
    let change = CaseChange::Weigh {
        severity: body.severity,
        words: body.words,
    };
    change_case(&state, caller, id, revision, change).await
}

/// `POST /incidents/{id}/place`
pub async fn place(
    state: State,
    caller: Caller,
    Path(id): Path<RecordId>,
    IfMatch(revision): IfMatch,
    Json(body): Json<NewPlace>,
) -> Result<Json<CaseRow>, AppError> {
    let change = CaseChange::Place {
        position: body.position,
        words: body.words,
    };
    change_case(&state, caller, id, revision, change).await
}

/// `POST /incidents/{id}/same-event`
pub async fn compare(
    state: State,
    caller: Caller,
    Path(id): Path<RecordId>,
    Json(body): Json<NewComparison>,
) -> Result<HttpResponse, AppError> {
    let asking = caller.clone();
    let commune = state
        .db
        .read(move |conn| {
            let case = permitted(conn, &asking, Verb::HandleIncidents, id)?;
            permitted(conn, &asking, Verb::HandleIncidents, body.other)?;
            Ok(case.commune())
        })
        .await?;
    let change = Compare {
        actor: actor(&caller),
        record: id,
        other: body.other,
        verdict: body.verdict,
    };
    state.db.write_in(commune, move |conn| change.run(conn)).await?;
    state.events.stir(commune);
    Ok(HttpResponse::NoContent().finish())
}

async fn change_case(
    state: &State,
    caller: Caller,
    id: RecordId,
    revision: u32,
    change: CaseChange,
) -> Result<Json<CaseRow>, AppError> {
    let asking = caller.clone();
    let case = state
        .db
        .read(move |conn| permitted(conn, &asking, Verb::HandleIncidents, id))
        .await?;
    let commune = case.commune();
    let change = StepCase {
        actor: actor(&caller),
        record: id,
        revision,
        change: change.checked()?,
        above: caller.tree().chain(case.area(), caller.today()),
        tree: caller.tree().clone(),
        camera_areas: caller.areas(Verb::ManageCameras),
    };
    let row = state.db.write_in(commune, move |conn| change.run(conn)).await?;
    state.events.stir(commune);
    Ok(Json(row))
}

/// The case, if the caller may do this with it. Whoever may not read the area's records does not learn of it, its author
/// neither: the author reads the state at the record.
fn permitted(conn: &mut Conn, caller: &Caller, verb: Verb, id: RecordId) -> Result<StoredCase, DbError> {
    let case = cases::find(conn, id)?.ok_or(ProblemCode::NotFound)?;
    if !caller.can(Verb::ReadRecords, case.area()) {
        return Err(ProblemCode::NotFound.into());
    }
    match caller.can(verb, case.area()) {
        true => Ok(case),
        false => Err(ProblemCode::Forbidden.into()),
    }
}

/// Reports that may be the same event, the nearest in time first.
fn near(
    conn: &mut Conn,
    caller: &Caller,
    case: &StoredCase,
    is_compared: impl Fn(RecordId) -> bool,
) -> Result<Vec<NearCase>, DbError> {
    let here = case.report()?;
    let mut found = Vec::new();
    for other in cases::around(conn, case)? {
        let there = other.report()?;
        let may_read = caller.can(Verb::ReadRecords, other.area());
        if may_read && !is_compared(other.record()?) && may_be_same(&here, &there) {
            let metres = here.position.zip(there.position).map(|(a, b)| a.distance_m(b));
            found.push((there.at.since(here.at), metres, other));
        }
    }
    found.sort_by_key(|(apart, _, _)| apart.abs());
    found.truncate(MOST_NEAR);
    found
        .into_iter()
        .map(|(apart_ms, metres, other)| {
            let case = row(conn, caller, other)?;
            Ok(NearCase {
                // A distance to a camera tells where it hangs.
                distance_m: metres
                    .filter(|_| case.position.is_some())
                    .map(|metres| metres.round() as u32),
                apart_ms,
                case,
            })
        })
        .collect()
}

fn row(conn: &mut Conn, caller: &Caller, case: StoredCase) -> Result<CaseRow, DbError> {
    DbError::unless(rows(conn, caller, vec![case])?.pop(), "case")
}

fn rows(conn: &mut Conn, caller: &Caller, found: Vec<StoredCase>) -> Result<Vec<CaseRow>, DbError> {
    let sees_cameras = |area: AreaId| caller.can(Verb::ManageCameras, area);
    cases::views(conn, caller.tree(), found, sees_cameras)
}
