//! How figures grew over their period, where they lead, and how they were the year before.

use super::target_plans::visible;
use crate::auth::Caller;
use crate::db::target_plans::{self, StoredPlan, StoredTarget};
use crate::db::target_shares::{self, ApartBy, DayOfShares};
use crate::db::{Conn, DbError};
use crate::extract::{Json, Path, Query};
use crate::problem::AppError;
use crate::state::State;
use crate::targets::extent::Land;
use crate::targets::ground::Ground;
use crate::targets::homes::lives::AskedOf;
use crate::targets::matrix::name_of;
use crate::targets::pace::{First, Growth, OfPart, forecast, reached_on, shape, weeks};
use crate::targets::scope::Scope;
use crate::targets::years::{year_earlier, year_later};
use keng_shared::api::{OnTree, PacePoint, PaceShape, TargetPace};
use keng_shared::area::{AreaKind, AreaTree};
use keng_shared::id::{AreaId, TargetPlanId};
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError};
use keng_shared::target::{Aggregation, Asked, Extent, Level, Reach, Span, Target, Thousandths};
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
    /// On the tree of each record's date, or on that of today. The year before is always told on that of today.
    #[serde(default)]
    #[param(inline)]
    on: OnTree,
    /// The day that figures are compared on; today if missing.
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
    let now = caller.today();
    let today = query.day.unwrap_or(now);
    let tree = caller.tree().clone();
    let found = state
        .db
        .snapshot(move |conn| {
            let mut asked = Question {
                tree: &tree,
                area: query.area,
                on: query.on,
                today,
                now,
            };
            let course = asked.course(conn, &plan, &query.target)?;
            let course = course.ok_or_else(|| FieldError::new("target", FieldCode::NoSuchObject))?;
            // An area that has ended is compared with itself, one of today with all that became it.
            let is_there = tree.get(query.area).is_some_and(|area| area.is_valid_on(now));
            asked.on = if is_there { OnTree::Now } else { OnTree::Then };
            asked.today = year_earlier(today);
            let before = match target_plans::year_before(conn, &plan.terms)? {
                None => None,
                Some(plan) => asked.course(conn, &plan, &query.target)?,
            };
            asked.today = today;
            Ok(course.told(&asked, before.as_ref()))
        })
        .await?;
    Ok(Json(found))
}

/// Whose figures on which day.
struct Question<'a> {
    tree: &'a AreaTree,
    area: AreaId,
    on: OnTree,
    /// The day that figures are compared on.
    today: LocalDate,
    /// The day of the tree of today.
    now: LocalDate,
}

/// One target in one area.
struct Course<'a> {
    tree: &'a AreaTree,
    target: Target,
    scope: Scope,
    /// From the first to the last day in time.
    span: Span,
    /// What is asked of the area.
    value: Thousandths,
    asked_of: Of,
    growth: Growth,
}

/// Of whom the parts of a figure are asked.
enum Of {
    Whole,
    Communes(Vec<AreaId>),
    Village(AreaId),
}

impl<'a> Question<'a> {
    /// The course of a target; none where the plan has none of this code, or does not ask it of this area.
    fn course(&self, conn: &mut Conn, plan: &StoredPlan, code: &str) -> Result<Option<Course<'a>>, DbError> {
        let Some(target) = plan.terms.targets.iter().find(|target| target.code == code) else {
            return Ok(None);
        };
        let scope = Scope::read(conn, self.tree, plan, self.area, self.on, self.now)?;
        let ground = Ground {
            tree: self.tree,
            terms: &plan.terms,
            communes: &scope.all,
            homes: &scope.homes,
            today: self.today.clamp(plan.terms.period.from, plan.terms.period.to),
        };
        let rule = plan.terms.rule(target);
        // What became one is asked what all of it was asked together.
        let merged: Vec<AreaId> = match self.on {
            OnTree::Now if scope.all.contains(&self.area) || scope.homes.holds(self.area) => {
                let all = scope.all.iter().copied();
                all.filter(|id| scope.homes.of(*id) == self.area).collect()
            }
            _ => vec![self.area],
        };
        let standard = match merged.len() {
            1 => ground.standard_of(&rule, self.area),
            _ => ground.standard_of_all(&rule, self.area, merged.clone()),
        };
        let Some(standard) = standard else {
            return Ok(None);
        };
        let area = self.tree.get(self.area);
        let asked_of = match area.map(|area| area.kind) {
            _ if self.area == plan.terms.area_id && target.levels.contains(&Level::Whole) => Of::Whole,
            _ if self.area == plan.terms.area_id => Of::Communes(scope.all.clone()),
            Some(AreaKind::ResidentialArea) => {
                let commune = self.tree.commune_of(self.area, ground.today);
                commune.map_or(Of::Whole, Of::Village)
            }
            _ => Of::Communes(merged),
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
        let span = Span {
            from: rule.period.from,
            to: standard.last_day,
        };
        Ok(Some(Course {
            tree: self.tree,
            growth: growth(conn, &ids, target, &scope, span.to)?,
            span,
            target: target.clone(),
            value: standard.value,
            asked_of,
            scope,
        }))
    }
}

impl Course<'_> {
    fn on(&self, day: LocalDate) -> Option<Thousandths> {
        let of_part = |days| self.of_part(days);
        self.growth
            .on(&self.target, self.extent(day), self.asked(&of_part), day)
    }

    /// How many parts are asked; none where nothing is split.
    fn parts(&self) -> Option<Thousandths> {
        let of_part = |days| self.of_part(days);
        let extent = self.extent(self.span.to);
        self.growth.parts(&self.target, extent, self.asked(&of_part))
    }

    fn asked<'p>(&self, of_part: &'p dyn Fn(Span) -> Option<Thousandths>) -> Asked<'p> {
        Asked {
            of_part: Some(of_part),
            ..Asked::throughout(self.value, self.span)
        }
    }

    fn of_part(&self, days: Span) -> Option<Thousandths> {
        let of = match &self.asked_of {
            Of::Whole => AskedOf::Whole,
            Of::Communes(communes) => AskedOf::Communes(communes),
            Of::Village(commune) => AskedOf::Village(*commune),
        };
        let lives = self.scope.homes.lives();
        lives.of_part(&self.target, of, self.value, days)
    }

    fn extent(&self, day: LocalDate) -> Extent {
        let land = Land {
            tree: self.tree,
            communes: &self.scope.all,
            homes: &self.scope.homes,
            span: self.span,
            today: day,
        };
        land.extent(&self.target, |place| self.scope.holds(place.commune, place.area))
    }

    fn points(&self, until: LocalDate) -> Vec<PacePoint> {
        let point = |day| PacePoint {
            day,
            figure: self.on(day),
        };
        let until = until.min(self.span.to);
        weeks(self.span, until).into_iter().map(point).collect()
    }

    fn told(&self, asked: &Question<'_>, before: Option<&Course<'_>>) -> TargetPace {
        let Span { from, to: last_day } = self.span;
        let points = self.points(asked.today);
        let figure = points.last().and_then(|point| point.figure);
        let shape = shape(&self.target.aggregation);
        let parts = self.parts();
        let value = parts.unwrap_or(self.value);
        let forecast = forecast(shape, figure, from, asked.today, last_day);
        TargetPace {
            code: self.target.code.clone(),
            text: self.target.text.clone(),
            measure: self.target.measure.clone(),
            comparator: self.target.comparator,
            area_id: asked.area,
            area_name: name_of(asked.tree, asked.area),
            span: self.span,
            today: asked.today,
            value,
            parts: parts.map_or(0, |parts| u32::try_from(parts.0 / 1_000).unwrap_or(u32::MAX)),
            shape,
            // There are no more parts than all of them.
            forecast: forecast.map(|forecast| parts.map_or(forecast, |parts| forecast.min(parts))),
            reached_on: match shape {
                PaceShape::Rising if asked.today < last_day => reached_on(figure, value, from, asked.today),
                PaceShape::Rising | PaceShape::Level => None,
            },
            points,
            before: before.map_or_else(Vec::new, Course::a_year_later),
        }
    }

    /// The whole course, moved by a year.
    fn a_year_later(&self) -> Vec<PacePoint> {
        let moved = |point: PacePoint| PacePoint {
            day: year_later(point.day),
            ..point
        };
        self.points(self.span.to).into_iter().map(moved).collect()
    }
}

/// What counted, as far as this way of counting needs it. What was accepted in time although its day is a later one, counts
/// on the last day.
fn growth(
    conn: &mut Conn,
    targets: &[i64],
    target: &Target,
    scope: &Scope,
    last_day: LocalDate,
) -> Result<Growth, DbError> {
    let is_split = target
        .source
        .as_ref()
        .is_some_and(|source| source.split.is_some());
    let apart = match target.aggregation {
        Aggregation::Distinct => ApartBy::Part,
        Aggregation::Reach { of: Reach::Communes } => ApartBy::Commune,
        Aggregation::Reach { of: Reach::Areas } => ApartBy::Area,
        _ if is_split => ApartBy::DayAndPart,
        _ => ApartBy::Nothing,
    };
    let mut rows = target_shares::by_day(conn, targets, &scope.places(), apart)?;
    for row in &mut rows {
        row.day = row.day.min(last_day);
    }
    let records = |row: &DayOfShares| u32::try_from(row.records).unwrap_or(u32::MAX);
    Ok(match apart {
        ApartBy::Nothing => {
            let sums = |row: DayOfShares| (row.day, (row.amount, row.total, records(&row)));
            Growth::sums(rows.into_iter().map(sums))
        }
        ApartBy::DayAndPart => Growth::Parts(
            rows.into_iter()
                .map(|row| OfPart {
                    records: records(&row),
                    day: row.day,
                    part: row.part,
                    amount: row.amount,
                    total: row.total,
                })
                .collect(),
        ),
        ApartBy::Part => Growth::Firsts(
            rows.into_iter()
                .map(|row| (row.day, First::Part(row.part)))
                .collect(),
        ),
        ApartBy::Area => Growth::Firsts(
            rows.into_iter()
                .map(|row| (row.day, First::Place(row.place)))
                .collect(),
        ),
        // Communes that became one are one.
        ApartBy::Commune => Growth::Firsts(
            rows.into_iter()
                .map(|row| (row.day, First::Place(scope.homes.of(row.place))))
                .collect(),
        ),
    })
}
