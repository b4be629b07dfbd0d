//! How figures grew over their period, where they lead, and how they were the year before.

use super::target_plans::visible;
use crate::auth::Caller;
use crate::db::target_plans::{self, StoredPlan, StoredTarget};
use crate::db::target_shares::{self, ApartBy, Places};
use crate::db::{Conn, DbError};
use crate::extract::{Json, Path, Query};
use crate::problem::AppError;
use crate::state::State;
use crate::targets::matrix::{Ground, Standard, name_of};
use crate::targets::pace::{First, Growth, forecast, reached_on, shape};
use keng_shared::api::{PacePoint, TargetPace, YearBefore};
use keng_shared::area::AreaTree;
use keng_shared::id::{AreaId, TargetPlanId};
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError};
use keng_shared::target::{Aggregation, Reach, Span, Target};
use keng_shared::time::LocalDate;
use serde::Deserialize;

/// Query of `GET /target-plans/{id}/pace`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct PaceQuery {
    /// Code of the target.
    target: String,
    /// The plan's own area, a commune, or a residential area.
    #[param(value_type = i64)]
    area: AreaId,
    /// The day that figures are compared on; today if missing.
    #[param(value_type = Option<String>, format = Date)]
    day: Option<LocalDate>,
}

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

/// `GET /target-plans/{id}/pace`
pub async fn pace(
    state: State,
    caller: Caller,
    Path(id): Path<TargetPlanId>,
    Query(query): Query<PaceQuery>,
) -> Result<Json<TargetPace>, AppError> {
    let plan = visible(&state, &caller, id).await?;
    caller.require_in_history(Verb::ReadRecords, query.area)?;
    let today = query.day.unwrap_or(caller.today());
    let tree = caller.tree().clone();
    let found = state
        .db
        .snapshot(move |conn| {
            let asked = Asked {
                tree: &tree,
                area: query.area,
                today,
            };
            let course = asked.course(conn, &plan, &query.target)?;
            let course = course.ok_or_else(|| FieldError::new("target", FieldCode::NoSuchObject))?;
            let before = match target_plans::year_before(conn, &plan.terms)? {
                None => None,
                Some(plan) => asked.course(conn, &plan, &query.target)?,
            };
            Ok(course.told(&asked, before.as_ref()))
        })
        .await?;
    Ok(Json(found))
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
    let today = query.day.unwrap_or(caller.today());
    let tree = caller.tree().clone();
    let found = state
        .db
        .snapshot(move |conn| {
            let Some(old) = target_plans::year_before(conn, &plan.terms)? else {
                return Ok(Vec::new());
            };
            let days = plan
                .terms
                .period
                .from
                .signed_duration_since(old.terms.period.from);
            let asked = Asked {
                tree: &tree,
                area: query.area,
                today: today.checked_sub_signed(days).unwrap_or(today),
            };
            let mut found = Vec::new();
            for target in &plan.terms.targets {
                if let Some(course) = asked.course(conn, &old, &target.code)? {
                    found.push(YearBefore {
                        code: target.code.clone(),
                        on_this_day: course.on(asked.today),
                        at_the_end: course.on(course.standard.last_day),
                    });
                }
            }
            Ok(found)
        })
        .await?;
    Ok(Json(found))
}

/// Whose figures on which day.
struct Asked<'a> {
    tree: &'a AreaTree,
    area: AreaId,
    today: LocalDate,
}

/// One target in one area.
struct Course {
    target: Target,
    period: Span,
    standard: Standard,
    growth: Growth,
}

impl Asked<'_> {
    /// The course of a target; none where the plan has none of this code, or does not ask it of this area.
    fn course(&self, conn: &mut Conn, plan: &StoredPlan, code: &str) -> Result<Option<Course>, DbError> {
        let communes = target_plans::communes(conn, plan.id)?;
        let Some(target) = plan.terms.targets.iter().find(|target| target.code == code) else {
            return Ok(None);
        };
        let ground = Ground {
            tree: self.tree,
            terms: &plan.terms,
            communes: &communes,
            today: self.today.clamp(plan.terms.period.from, plan.terms.period.to),
        };
        let Some((of, village)) = self.places(plan, &communes, ground.today) else {
            return Ok(None);
        };
        let rule = plan.terms.rule(target);
        let Some(standard) = ground.standard_of(&rule, self.area) else {
            return Ok(None);
        };
        let targets = target_plans::targets_of(conn, plan.id)?;
        let counts = |one: &StoredTarget| match &target.aggregation {
            Aggregation::Parts { codes } => codes.contains(&one.code),
            _ => one.code == code,
        };
        let ids: Vec<i64> = targets
            .iter()
            .filter(|(_, one)| counts(one))
            .map(|(_, one)| one.id)
            .collect();
        let places = Places {
            communes: &of,
            village,
        };
        Ok(Some(Course {
            growth: growth(conn, &ids, &target.aggregation, &places)?,
            period: rule.period,
            target: target.clone(),
            standard,
        }))
    }

    /// Communes whose shares belong to the area, and the residential area if it is one.
    fn places(
        &self,
        plan: &StoredPlan,
        communes: &[AreaId],
        day: LocalDate,
    ) -> Option<(Vec<AreaId>, Option<AreaId>)> {
        if self.area == plan.terms.area_id {
            return Some((communes.to_vec(), None));
        }
        if communes.contains(&self.area) {
            return Some((vec![self.area], None));
        }
        let commune = self.tree.commune_of(self.area, day)?;
        communes
            .contains(&commune)
            .then(|| (vec![commune], Some(self.area)))
    }
}

impl Course {
    fn on(&self, day: LocalDate) -> Option<keng_shared::target::Thousandths> {
        self.growth
            .on(&self.target, &self.standard, self.period, day)
            .figure
    }

    fn points(&self, until: LocalDate) -> Vec<PacePoint> {
        let until = until.min(self.standard.last_day);
        self.growth
            .points(&self.target, &self.standard, self.period, until)
    }

    fn told(&self, asked: &Asked<'_>, before: Option<&Course>) -> TargetPace {
        let Standard { value, last_day, .. } = self.standard;
        let from = self.period.from;
        let points = self.points(asked.today);
        let figure = points.last().and_then(|point| point.figure);
        let shape = shape(&self.target.aggregation);
        TargetPace {
            code: self.target.code.clone(),
            text: self.target.text.clone(),
            measure: self.target.measure.clone(),
            comparator: self.target.comparator,
            area_id: asked.area,
            area_name: name_of(asked.tree, asked.area),
            span: Span { from, to: last_day },
            today: asked.today,
            value,
            shape,
            forecast: forecast(shape, figure, from, asked.today, last_day),
            reached_on: match shape {
                keng_shared::api::PaceShape::Rising => reached_on(figure, value, from, asked.today),
                keng_shared::api::PaceShape::Level => None,
            },
            points,
            before: before.map_or_else(Vec::new, |before| before.beside(from)),
        }
    }

    /// The whole course, moved so that it begins on `from`.
    fn beside(&self, from: LocalDate) -> Vec<PacePoint> {
        let days = from.signed_duration_since(self.period.from);
        let moved = |point: PacePoint| PacePoint {
            day: point.day.checked_add_signed(days).unwrap_or(point.day),
            ..point
        };
        self.points(self.standard.last_day)
            .into_iter()
            .map(moved)
            .collect()
    }
}

/// What counted, as far as this way of counting needs it.
fn growth(
    conn: &mut Conn,
    targets: &[i64],
    aggregation: &Aggregation,
    places: &Places<'_>,
) -> Result<Growth, DbError> {
    let apart = match aggregation {
        Aggregation::Distinct => ApartBy::Part,
        Aggregation::Reach { of: Reach::Communes } => ApartBy::Commune,
        Aggregation::Reach { of: Reach::Areas } => ApartBy::Area,
        _ => ApartBy::Nothing,
    };
    let rows = target_shares::by_day(conn, targets, places, apart)?;
    Ok(match apart {
        ApartBy::Nothing => Growth::sums(rows.into_iter().map(|row| {
            let records = u32::try_from(row.records).unwrap_or(u32::MAX);
            (row.day, (row.amount, row.total, records))
        })),
        ApartBy::Part => Growth::Firsts(
            rows.into_iter()
                .map(|row| (row.day, First::Part(row.part)))
                .collect(),
        ),
        ApartBy::Commune | ApartBy::Area => Growth::Firsts(
            rows.into_iter()
                .map(|row| (row.day, First::Place(row.place)))
                .collect(),
        ),
    })
}
