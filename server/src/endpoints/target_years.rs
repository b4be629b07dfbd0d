//! A plan beside that of the year before: every target of one area, and one target unit by unit.

use super::target_plans::visible;
use crate::auth::Caller;
use crate::db::target_plans;
use crate::extract::{Json, Path, Query};
use crate::problem::AppError;
use crate::state::State;
use crate::targets::matrix::name_of;
use crate::targets::years::{Laid, Shows, When, Year, side_by_side, year_earlier};
use keng_shared::api::{YearBefore, YearsOfTarget, YearsOfUnit};
use keng_shared::id::{AreaId, TargetPlanId};
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError};
use keng_shared::target::Target;
use keng_shared::time::LocalDate;
use serde::Deserialize;

/// Query of `GET /target-plans/{id}/year-before`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct YearBeforeQuery {
    /// The plan's own area, a commune, or a residential area.
    #[param(value_type = i64)]
    area: AreaId,
    /// The day whose last year's figures are told; today if missing.
    #[param(value_type = Option<String>, format = Date)]
    day: Option<LocalDate>,
}

/// Query of `GET /target-plans/{id}/years`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct YearsQuery {
    /// Code of the target.
    target: String,
    /// The plan's own area, whose communes are then the units; a commune with its residential areas; or one of these.
    #[param(value_type = i64)]
    area: AreaId,
    /// The day that is compared; today if missing.
    #[param(value_type = Option<String>, format = Date)]
    day: Option<LocalDate>,
}

/// `GET /target-plans/{id}/year-before`: what the plan of the year before had come to, for targets that both have.
pub async fn year_before(
    state: State,
    caller: Caller,
    Path(id): Path<TargetPlanId>,
    Query(query): Query<YearBeforeQuery>,
) -> Result<Json<Vec<YearBefore>>, AppError> {
    let plan = visible(&state, &caller, id).await?;
    caller.require_in_history(Verb::ReadRecords, query.area)?;
    let now = caller.today();
    let today = query.day.unwrap_or(now);
    let tree = caller.tree().clone();
    let found = state
        .db
        .snapshot(move |conn| {
            let Some(old) = target_plans::year_before(conn, &plan.terms)? else {
                return Ok(Vec::new());
            };
            let shows = Shows::of(&tree, plan.terms.area_id, query.area, now);
            let then = When::Until(year_earlier(today));
            let end = When::Whole(old.terms.period.to);
            let old = Year::read(conn, &tree, old, shows, now)?;
            let codes = plan.terms.targets.iter().map(|target| target.code.as_str());
            let both: Vec<&Target> = codes.filter_map(|code| old.target(code)).collect();
            let stood = old.figures(conn, &both, then)?;
            let ended = old.figures(conn, &both, end)?;
            let told = both.iter().map(|target| YearBefore {
                code: target.code.clone(),
                on_this_day: old.whole(target, &stood, then),
                at_the_end: old.whole(target, &ended, end),
            });
            Ok(told.collect())
        })
        .await?;
    Ok(Json(found))
}

/// `GET /target-plans/{id}/years`: one target, unit by unit, beside the same one of the year before.
pub async fn years(
    state: State,
    caller: Caller,
    Path(id): Path<TargetPlanId>,
    Query(query): Query<YearsQuery>,
) -> Result<Json<YearsOfTarget>, AppError> {
    let plan = visible(&state, &caller, id).await?;
    caller.require_in_history(Verb::ReadRecords, query.area)?;
    let now = caller.today();
    let today = query.day.unwrap_or(now);
    let tree = caller.tree().clone();
    let found = state
        .db
        .snapshot(move |conn| {
            let before = target_plans::year_before(conn, &plan.terms)?;
            let shows = Shows::of(&tree, plan.terms.area_id, query.area, now);
            let year = Year::read(conn, &tree, plan, shows, now)?;
            let target = year.target(&query.target);
            let target = target.ok_or_else(|| FieldError::new("target", FieldCode::NoSuchObject))?;
            // A past day asks for what had counted by then; today has everything, as the matrix does.
            let when = match query.day.filter(|day| *day < now) {
                Some(day) => When::Until(day),
                None => When::Whole(today),
            };
            let stored = year.figures(conn, &[target], when)?;
            let this = year.laid(target, &stored, when);
            let (mut then, mut end, mut plan_before) = (Laid::default(), Laid::default(), None);
            if let Some(old) = before {
                let (until, whole) = (When::Until(year_earlier(today)), When::Whole(old.terms.period.to));
                let old = Year::read(conn, &tree, old, shows, now)?;
                if let Some(target) = old.target(&query.target) {
                    then = old.laid(target, &old.figures(conn, &[target], until)?, until);
                    end = old.laid(target, &old.figures(conn, &[target], whole)?, whole);
                    plan_before = Some(old.plan().id);
                }
            }
            Ok(YearsOfTarget {
                code: target.code.clone(),
                measure: target.measure.clone(),
                comparator: target.comparator,
                today,
                then: year_earlier(today),
                before: plan_before,
                whole: YearsOfUnit {
                    area_id: query.area,
                    name: name_of(&tree, query.area),
                    figure: this.whole,
                    on_this_day: then.whole,
                    at_the_end: end.whole,
                },
                units: side_by_side(&tree, &this, &then, &end),
            })
        })
        .await?;
    Ok(Json(found))
}
