//! Plans with targets: those to start from, and those that are in force.

use super::teams::require_in;
use crate::auth::Caller;
use crate::db::audit::{self, Entry};
use crate::db::target_plans::{self, StoredPlan};
use crate::db::{Conn, DbError, successions};
use crate::extract::{IfMatch, Json, Path, Query};
use crate::problem::AppError;
use crate::state::State;
use crate::targets::matrix::{communes_of, name_of};
use crate::targets::{indicators, paste, ready_made, recount, taken_up};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::Datelike;
use keng_shared::api::{
    Indicator, PasteRequest, PastedLine, PlanDraft, ReadyMadePlan, TargetPlanRow, TargetPlanView,
};
use keng_shared::area::AreaKind;
use keng_shared::id::{AreaId, TargetPlanId};
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::target::{PlanTerms, parse_plan};
use serde::Deserialize;
use serde_json::json;

/// Query of `GET /target-plans/draft`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct DraftQuery {
    /// Whose plan it is to be.
    #[param(value_type = i64)]
    area: AreaId,
    /// For which year.
    year: i32,
    /// A plan that ships with the program.
    ready_made: Option<String>,
    /// A plan of one's own, such as last year's.
    #[param(value_type = Option<i64>)]
    copy: Option<TargetPlanId>,
}

/// `GET /target-plans/ready-made`
pub async fn ready_made(caller: Caller) -> Result<Json<Vec<ReadyMadePlan>>, AppError> {
    caller.require_somewhere(Verb::SetTargets)?;
    let plans = ready_made::all().map_err(AppError::internal)?;
    Ok(Json(plans.iter().map(ready_made::ReadyMade::line).collect()))
}

/// `GET /target-plans/indicators`
pub async fn indicators(caller: Caller) -> Result<Json<Vec<Indicator>>, AppError> {
    caller.require_somewhere(Verb::SetTargets)?;
    Ok(Json(indicators::all()))
}

/// `POST /target-plans/paste`: lines out of a spreadsheet as targets to look over. Nothing is stored.
pub async fn paste(
    caller: Caller,
    Json(request): Json<PasteRequest>,
) -> Result<Json<Vec<PastedLine>>, AppError> {
    caller.require_somewhere(Verb::SetTargets)?;
    if !(2000..=2100).contains(&request.year) {
        return Err(FieldError::new("year", FieldCode::NotAChoice).into());
    }
    if let Some(area) = request.area {
        caller.require_in_history(Verb::SetTargets, area)?;
    }
    Ok(Json(paste::read(caller.tree(), &request)))
}

/// `GET /target-plans/draft`: a plan to look over and send back.
pub async fn draft(
    state: State,
    caller: Caller,
    Query(query): Query<DraftQuery>,
) -> Result<Json<PlanDraft>, AppError> {
    caller.require_in_history(Verb::SetTargets, query.area)?;
    if !(2000..=2100).contains(&query.year) {
        return Err(FieldError::new("year", FieldCode::NotAChoice).into());
    }
    let missing = |field: &str| AppError::from(FieldError::new(field, FieldCode::NoSuchObject));
    match (&query.ready_made, query.copy) {
        (Some(id), None) => {
            let plans = ready_made::all().map_err(AppError::internal)?;
            let plan = plans.iter().find(|plan| plan.id == *id);
            let plan = plan.ok_or_else(|| missing("ready_made"))?;
            Ok(Json(plan.draft_in(caller.tree(), query.area, query.year)))
        }
        (None, Some(id)) => {
            let stored = visible(&state, &caller, id).await?;
            let years = query.year - stored.terms.period.from.year();
            let (tree, original) = (caller.tree().clone(), stored.terms);
            let communes = communes_of(&tree, &original);
            let steps = state
                .db
                .snapshot(move |conn| successions::onward(conn, &communes));
            let (steps, to) = (steps.await?, (query.area, years));
            Ok(Json(taken_up::draft(
                &tree,
                &steps,
                &original,
                to,
                caller.today(),
            )))
        }
        _ => Err(missing("ready_made")),
    }
}

/// `GET /target-plans`: those about communes whose records the caller reads, newest period first.
pub async fn list(state: State, caller: Caller) -> Result<Json<Vec<TargetPlanRow>>, AppError> {
    caller.require_somewhere(Verb::ReadRecords)?;
    let communes = readable_communes(&caller);
    let plans = state
        .db
        .snapshot(move |conn| target_plans::about(conn, &communes))
        .await?;
    Ok(Json(plans.iter().map(|plan| row(&caller, plan)).collect()))
}

/// `GET /target-plans/{id}`
pub async fn show(
    state: State,
    caller: Caller,
    Path(id): Path<TargetPlanId>,
) -> Result<Json<TargetPlanView>, AppError> {
    let stored = visible(&state, &caller, id).await?;
    Ok(Json(view(&caller, stored)))
}

/// `POST /target-plans`
pub async fn create(
    state: State,
    caller: Caller,
    Json(terms): Json<PlanTerms>,
) -> Result<(Json<TargetPlanView>, StatusCode), AppError> {
    let (terms, communes) = permitted(&caller, terms)?;
    let (asking, count) = (caller.clone(), communes.len());
    let stored = state
        .db
        .write(move |conn| {
            let (by, now) = (asking.user_id(), asking.now());
            let stored = target_plans::insert(conn, &terms, &communes, by, now)?;
            record(conn, &asking, "target_plan.create", &stored)?;
            Ok(stored)
        })
        .await?;
    if count <= recount::AT_ONCE {
        recount::finish(&state.db, stored.id).await?;
    }
    Ok((Json(view(&caller, stored)), StatusCode::CREATED))
}

/// `PUT /target-plans/{id}`: a new version; every figure is counted anew by it.
pub async fn edit(
    state: State,
    caller: Caller,
    Path(id): Path<TargetPlanId>,
    IfMatch(revision): IfMatch,
    Json(terms): Json<PlanTerms>,
) -> Result<Json<TargetPlanView>, AppError> {
    let stored = visible(&state, &caller, id).await?;
    caller.require_in_history(Verb::SetTargets, stored.terms.area_id)?;
    if terms.area_id != stored.terms.area_id {
        return Err(FieldError::new("area_id", FieldCode::ServerOwned).into());
    }
    let (terms, communes) = permitted(&caller, terms)?;
    let (asking, count) = (caller.clone(), communes.len());
    let stored = state
        .db
        .write(move |conn| {
            require_revision(conn, id, revision)?;
            let plan = StoredPlan {
                id,
                revision: revision.saturating_add(1),
                terms: terms.clone(),
            };
            target_plans::update(conn, &plan, &communes, asking.user_id(), asking.now())?;
            record(conn, &asking, "target_plan.edit", &plan)?;
            Ok(plan)
        })
        .await?;
    if count <= recount::AT_ONCE {
        recount::finish(&state.db, id).await?;
    }
    Ok(Json(view(&caller, stored)))
}

/// `DELETE /target-plans/{id}`: it counts nothing any more.
pub async fn delete(
    state: State,
    caller: Caller,
    Path(id): Path<TargetPlanId>,
    IfMatch(revision): IfMatch,
) -> Result<HttpResponse, AppError> {
    let stored = visible(&state, &caller, id).await?;
    caller.require_in_history(Verb::SetTargets, stored.terms.area_id)?;
    state
        .db
        .write(move |conn| {
            let stored = require_revision(conn, id, revision)?;
            target_plans::end(conn, id, caller.now())?;
            record(conn, &caller, "target_plan.end", &stored)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /target-plans/{id}/reopen`: a plan that has ended is in force again. Of one that has not ended nothing changes.
pub async fn reopen(
    state: State,
    caller: Caller,
    Path(id): Path<TargetPlanId>,
    IfMatch(revision): IfMatch,
) -> Result<Json<TargetPlanView>, AppError> {
    let found = state
        .db
        .write(move |conn| target_plans::lock_any(conn, id))
        .await?;
    let (stored, _) = found.ok_or(ProblemCode::NotFound)?;
    // What it is about is known only while it is in force; of an ended one those of its own area know.
    let area = stored.terms.area_id;
    if !caller.can_in_history(Verb::ReadRecords, area) {
        visible(&state, &caller, id).await?;
    }
    caller.require_in_history(Verb::SetTargets, area)?;
    let communes = communes_of(caller.tree(), &stored.terms);
    let (asking, count) = (caller.clone(), communes.len());
    let plan = state
        .db
        .write(move |conn| {
            let (stored, ended) = target_plans::lock_any(conn, id)?.ok_or(ProblemCode::NotFound)?;
            unless_changed(&stored, revision)?;
            if ended.is_none() {
                return Ok(stored);
            }
            let plan = StoredPlan {
                revision: revision.saturating_add(1),
                ..stored
            };
            target_plans::reopen(conn, &plan, &communes, asking.user_id(), asking.now())?;
            record(conn, &asking, "target_plan.reopen", &plan)?;
            Ok(plan)
        })
        .await?;
    if count <= recount::AT_ONCE {
        recount::finish(&state.db, id).await?;
    }
    Ok(Json(view(&caller, plan)))
}

/// The plan, if the caller reads records of any commune that it is about.
pub(super) async fn visible(
    state: &State,
    caller: &Caller,
    id: TargetPlanId,
) -> Result<StoredPlan, AppError> {
    let (stored, communes) = state
        .db
        .snapshot(move |conn| Ok((target_plans::by_id(conn, id)?, target_plans::communes(conn, id)?)))
        .await?;
    let stored = stored.ok_or(ProblemCode::NotFound)?;
    let area = stored.terms.area_id;
    let is_in_reach = communes
        .into_iter()
        .chain([area])
        .any(|id| caller.can_in_history(Verb::ReadRecords, id));
    match is_in_reach {
        true => Ok(stored),
        false => {
            caller.require_in_history(Verb::ReadRecords, area)?;
            Err(ProblemCode::NotFound.into())
        }
    }
}

/// Communes of any date whose records the caller reads.
pub(super) fn readable_communes(caller: &Caller) -> Vec<AreaId> {
    let tree = caller.tree();
    tree.iter()
        .filter(|area| area.kind == AreaKind::Commune && caller.can_in_history(Verb::ReadRecords, area.id))
        .map(|area| area.id)
        .collect()
}

/// The plan in a list.
pub(super) fn row(caller: &Caller, plan: &StoredPlan) -> TargetPlanRow {
    let terms = &plan.terms;
    TargetPlanRow {
        id: plan.id,
        area_id: terms.area_id,
        area_name: name_of(caller.tree(), terms.area_id),
        title: terms.title.clone(),
        from: terms.period.from,
        to: terms.period.to,
        cut_off: terms.cut_off,
        due: terms.due,
        targets: u32::try_from(terms.targets.len()).unwrap_or(u32::MAX),
        revision: plan.revision,
        may_change: caller.can_in_history(Verb::SetTargets, terms.area_id),
    }
}

fn view(caller: &Caller, plan: StoredPlan) -> TargetPlanView {
    TargetPlanView {
        id: plan.id,
        revision: plan.revision,
        may_change: caller.can_in_history(Verb::SetTargets, plan.terms.area_id),
        terms: plan.terms,
    }
}

/// Terms that the caller may set, checked, and the communes that they are about.
fn permitted(caller: &Caller, terms: PlanTerms) -> Result<(PlanTerms, Vec<AreaId>), AppError> {
    if !caller.can_in_history(Verb::SetTargets, terms.area_id) {
        require_in(caller, Verb::SetTargets, terms.area_id)?;
    }
    let terms = parse_plan(terms).map_err(AppError::fields)?;
    let tree = caller.tree();
    let communes = communes_of(tree, &terms);
    if communes.is_empty() {
        return Err(FieldError::new("area_id", FieldCode::NoSuchObject).into());
    }
    let known = taken_up::units_of(tree, &terms, &communes, caller.today());
    let mut errors = Vec::new();
    for (index, target) in terms.targets.iter().enumerate() {
        let own: Vec<AreaId> = target.own.iter().map(|own| own.area_id).collect();
        let lists = [
            ("excluded", &target.excluded),
            ("named", &target.named),
            ("own", &own),
        ];
        for (list, ids) in lists {
            if ids.iter().any(|id| !known.contains(id)) {
                let field = format!("targets.{index}.{list}");
                errors.push(FieldError::new(field, FieldCode::NoSuchObject));
            }
        }
    }
    match errors.is_empty() {
        true => Ok((terms, communes)),
        false => Err(AppError::fields(errors)),
    }
}

fn require_revision(conn: &mut Conn, id: TargetPlanId, revision: u32) -> Result<StoredPlan, DbError> {
    let stored = target_plans::lock(conn, id)?.ok_or(ProblemCode::NotFound)?;
    unless_changed(&stored, revision)?;
    Ok(stored)
}

fn unless_changed(stored: &StoredPlan, revision: u32) -> Result<(), DbError> {
    if stored.revision == revision {
        return Ok(());
    }
    let value = DbError::unless(serde_json::to_value(&stored.terms).ok(), "a plan")?;
    let problem = Problem::new(ProblemCode::RevisionMismatch)
        .with("revision", stored.revision)
        .with_stored(value);
    Err(problem.into())
}

fn record(conn: &mut Conn, caller: &Caller, action: &str, plan: &StoredPlan) -> Result<(), DbError> {
    let entry = Entry {
        at: caller.now(),
        actor: Some(caller.user_id()),
        device: Some(caller.device_id()),
        action,
        object_type: "target_plan",
        object_id: plan.id.to_string(),
        details: json!({
            "area": plan.terms.area_id,
            "revision": plan.revision,
            "targets": plan.terms.targets.len(),
        }),
    };
    audit::record(conn, &entry).map(drop)
}
