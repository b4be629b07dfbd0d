//! Plans with targets: as they stand, as they were, and what of them the rule needs.

use super::records::json;
use super::schema::app_user;
use super::schema_targets::{target, target_plan, target_plan_version, target_recount, target_unit};
use super::{CHUNK, Conn, DbError};
use crate::both;
use chrono::Datelike;
use diesel::prelude::*;
use keng_shared::id::{AreaId, TargetPlanId, UserId};
use keng_shared::record::PersonName;
use keng_shared::target::{PlanTerms, Rule, Span, Target};
use keng_shared::text;
use keng_shared::time::{LocalDate, Millis};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A plan as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPlan {
    /// The plan.
    pub id: TargetPlanId,
    /// Counts up at every change.
    pub revision: u32,
    /// What it says.
    pub terms: PlanTerms,
}

/// A version of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredVersion {
    /// Its number.
    pub revision: u32,
    /// What the plan said.
    pub terms: PlanTerms,
    /// Who saved it.
    pub by: PersonName,
    /// When.
    pub at: Millis,
}

/// A target with what the rule needs to know of its plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTarget {
    /// Names it in shares and figures.
    pub id: i64,
    /// Its number in the plan.
    pub code: String,
    /// What the rule needs.
    pub rule: StoredRule,
}

/// [`Rule`] as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredRule {
    target: Target,
    period: Span,
    cut_off: Option<LocalDate>,
}

impl StoredRule {
    fn of(terms: &PlanTerms, target: &Target) -> Self {
        let rule = terms.rule(target);
        Self {
            target: target.clone(),
            period: rule.period,
            cut_off: rule.cut_off,
        }
    }

    /// The rule.
    pub fn rule(&self) -> Rule<'_> {
        Rule {
            target: &self.target,
            period: self.period,
            cut_off: self.cut_off,
        }
    }
}

type Columns = (i64, String, i32);
const COLUMNS: (target_plan::id, target_plan::terms, target_plan::revision) =
    (target_plan::id, target_plan::terms, target_plan::revision);

/// The plan with this id, unless it has ended.
pub fn by_id(conn: &mut Conn, id: TargetPlanId) -> Result<Option<StoredPlan>, DbError> {
    target_plan::table
        .find(id.0)
        .filter(target_plan::ended_at.is_null())
        .select(COLUMNS)
        .first::<Columns>(conn)
        .optional()?
        .map(plan_of)
        .transpose()
}

/// As [`by_id`], and nobody else changes it before this transaction ends.
pub fn lock(conn: &mut Conn, id: TargetPlanId) -> Result<Option<StoredPlan>, DbError> {
    let query = target_plan::table
        .find(id.0)
        .filter(target_plan::ended_at.is_null())
        .select(COLUMNS);
    let found = match conn {
        Conn::Postgres(conn) => query.for_update().first::<Columns>(conn).optional(),
        Conn::Sqlite(conn) => query.first::<Columns>(conn).optional(),
    };
    found?.map(plan_of).transpose()
}

/// Stores a plan whose terms have been checked; `communes` are those that it is about.
pub fn insert(
    conn: &mut Conn,
    terms: &PlanTerms,
    communes: &[AreaId],
    by: UserId,
    now: Millis,
) -> Result<StoredPlan, DbError> {
    let id: i64 = diesel::insert_into(target_plan::table)
        .values((
            target_plan::area_id.eq(terms.area_id.0),
            target_plan::sort.eq(text::sort_key(&terms.title)),
            target_plan::terms.eq(written(terms)?),
            target_plan::revision.eq(1),
            target_plan::created_by.eq(by.to_string()),
            target_plan::created_at.eq(now.0),
            target_plan::changed_at.eq(now.0),
        ))
        .returning(target_plan::id)
        .get_result(conn)?;
    let plan = StoredPlan {
        id: TargetPlanId(id),
        revision: 1,
        terms: terms.clone(),
    };
    follow(conn, &plan, communes, by, now)?;
    Ok(plan)
}

/// Writes new terms of a plan.
pub fn update(
    conn: &mut Conn,
    plan: &StoredPlan,
    communes: &[AreaId],
    by: UserId,
    now: Millis,
) -> Result<(), DbError> {
    diesel::update(target_plan::table.find(plan.id.0))
        .set((
            target_plan::sort.eq(text::sort_key(&plan.terms.title)),
            target_plan::terms.eq(written(&plan.terms)?),
            target_plan::revision.eq(revision(plan)?),
            target_plan::changed_at.eq(now.0),
        ))
        .execute(conn)?;
    follow(conn, plan, communes, by, now)
}

/// Ends a plan: its targets count nothing any more, what they counted stays.
pub fn end(conn: &mut Conn, id: TargetPlanId, now: Millis) -> Result<(), DbError> {
    diesel::update(target_plan::table.find(id.0))
        .set((target_plan::ended_at.eq(now.0), target_plan::changed_at.eq(now.0)))
        .execute(conn)?;
    diesel::delete(target_recount::table.filter(target_recount::plan_id.eq(id.0))).execute(conn)?;
    diesel::delete(target_unit::table.filter(target_unit::plan_id.eq(id.0))).execute(conn)?;
    Ok(())
}

/// The plan with this id and whether it has ended; nobody else changes it before this transaction ends.
pub fn lock_any(conn: &mut Conn, id: TargetPlanId) -> Result<Option<(StoredPlan, Option<Millis>)>, DbError> {
    let query = target_plan::table
        .find(id.0)
        .select((COLUMNS, target_plan::ended_at));
    let found = match conn {
        Conn::Postgres(conn) => query
            .for_update()
            .first::<(Columns, Option<i64>)>(conn)
            .optional(),
        Conn::Sqlite(conn) => query.first::<(Columns, Option<i64>)>(conn).optional(),
    };
    let of = |(columns, ended): (Columns, Option<i64>)| Ok((plan_of(columns)?, ended.map(Millis)));
    found?.map(of).transpose()
}

/// Brings back a plan that has ended, as a new version that counts everything anew.
pub fn reopen(
    conn: &mut Conn,
    plan: &StoredPlan,
    communes: &[AreaId],
    by: UserId,
    now: Millis,
) -> Result<(), DbError> {
    diesel::update(target_plan::table.find(plan.id.0))
        .set(target_plan::ended_at.eq(None::<i64>))
        .execute(conn)?;
    update(conn, plan, communes, by, now)
}

/// Keeps the version, brings targets and communes in line with the terms, and asks for a count of every commune.
fn follow(
    conn: &mut Conn,
    plan: &StoredPlan,
    communes: &[AreaId],
    by: UserId,
    now: Millis,
) -> Result<(), DbError> {
    diesel::insert_into(target_plan_version::table)
        .values((
            target_plan_version::plan_id.eq(plan.id.0),
            target_plan_version::revision.eq(revision(plan)?),
            target_plan_version::terms.eq(written(&plan.terms)?),
            target_plan_version::by_id.eq(by.to_string()),
            target_plan_version::at.eq(now.0),
        ))
        .execute(conn)?;
    diesel::update(target::table.filter(target::plan_id.eq(plan.id.0)))
        .set(target::kind.eq(None::<String>))
        .execute(conn)?;
    for one in &plan.terms.targets {
        let rule = DbError::unless(
            serde_json::to_string(&StoredRule::of(&plan.terms, one)).ok(),
            "the rule of a target",
        )?;
        let kind = one.source.as_ref().map(|source| source.kind.clone());
        let values = (
            target::plan_id.eq(plan.id.0),
            target::code.eq(&one.code),
            target::kind.eq(&kind),
            target::rule.eq(&rule),
        );
        both!(conn, |conn| diesel::insert_into(target::table)
            .values(&values)
            .on_conflict((target::plan_id, target::code))
            .do_update()
            .set((target::kind.eq(&kind), target::rule.eq(&rule)))
            .execute(conn))?;
    }
    let before: Vec<i64> = target_unit::table
        .filter(target_unit::plan_id.eq(plan.id.0))
        .select(target_unit::commune_id)
        .load(conn)?;
    diesel::delete(target_unit::table.filter(target_unit::plan_id.eq(plan.id.0))).execute(conn)?;
    for chunk in communes.chunks(CHUNK) {
        let rows: Vec<_> = chunk
            .iter()
            .map(|commune| {
                (
                    target_unit::commune_id.eq(commune.0),
                    target_unit::plan_id.eq(plan.id.0),
                )
            })
            .collect();
        both!(conn, |conn| diesel::insert_into(target_unit::table)
            .values(&rows)
            .execute(conn))?;
    }
    let waiting: BTreeSet<i64> = before.into_iter().chain(communes.iter().map(|id| id.0)).collect();
    ask_recount(conn, plan.id, waiting.into_iter().map(AreaId))
}

/// Asks for these communes to be counted anew.
pub fn ask_recount(
    conn: &mut Conn,
    plan: TargetPlanId,
    communes: impl IntoIterator<Item = AreaId>,
) -> Result<(), DbError> {
    let rows: Vec<_> = communes
        .into_iter()
        .map(|commune| {
            (
                target_recount::plan_id.eq(plan.0),
                target_recount::commune_id.eq(commune.0),
            )
        })
        .collect();
    for chunk in rows.chunks(CHUNK) {
        both!(conn, |conn| diesel::insert_into(target_recount::table)
            .values(chunk)
            .on_conflict_do_nothing()
            .execute(conn))?;
    }
    Ok(())
}

/// What a plan said, version by version, the oldest first.
pub fn versions(conn: &mut Conn, plan: TargetPlanId) -> Result<Vec<StoredVersion>, DbError> {
    let rows: Vec<(i32, String, String, String, i64)> = target_plan_version::table
        .inner_join(app_user::table.on(app_user::id.eq(target_plan_version::by_id)))
        .filter(target_plan_version::plan_id.eq(plan.0))
        .order(target_plan_version::revision)
        .select((
            target_plan_version::revision,
            target_plan_version::terms,
            app_user::id,
            app_user::name,
            target_plan_version::at,
        ))
        .load(conn)?;
    let versions = rows.into_iter().map(|(revision, terms, by, name, at)| {
        Ok(StoredVersion {
            revision: DbError::unless(u32::try_from(revision).ok(), "target_plan_version.revision")?,
            terms: json(&terms, "target_plan_version.terms")?,
            by: PersonName {
                id: DbError::unless(by.parse().ok(), "target_plan_version.by_id")?,
                name,
            },
            at: Millis(at),
        })
    });
    versions.collect()
}

/// What a plan said in this version.
pub fn version(conn: &mut Conn, plan: TargetPlanId, revision: u32) -> Result<Option<PlanTerms>, DbError> {
    let revision = i32::try_from(revision).unwrap_or(i32::MAX);
    let terms: Option<String> = target_plan_version::table
        .find((plan.0, revision))
        .select(target_plan_version::terms)
        .first(conn)
        .optional()?;
    terms
        .map(|terms| json(&terms, "target_plan_version.terms"))
        .transpose()
}

/// Every plan that counts, with its communes.
pub fn all(conn: &mut Conn) -> Result<Vec<(TargetPlanId, Vec<AreaId>)>, DbError> {
    let rows: Vec<(i64, i64)> = target_unit::table
        .order((target_unit::plan_id, target_unit::commune_id))
        .select((target_unit::plan_id, target_unit::commune_id))
        .load(conn)?;
    let mut plans: Vec<(TargetPlanId, Vec<AreaId>)> = Vec::new();
    for (plan, commune) in rows {
        match plans.last_mut().filter(|(last, _)| last.0 == plan) {
            Some((_, communes)) => communes.push(AreaId(commune)),
            None => plans.push((TargetPlanId(plan), vec![AreaId(commune)])),
        }
    }
    Ok(plans)
}

/// Communes that the plan is about.
pub fn communes(conn: &mut Conn, plan: TargetPlanId) -> Result<Vec<AreaId>, DbError> {
    let ids: Vec<i64> = target_unit::table
        .filter(target_unit::plan_id.eq(plan.0))
        .order(target_unit::commune_id)
        .select(target_unit::commune_id)
        .load(conn)?;
    Ok(ids.into_iter().map(AreaId).collect())
}

/// Plans that are about any of these communes.
pub fn about(conn: &mut Conn, communes: &[AreaId]) -> Result<Vec<StoredPlan>, DbError> {
    let mut ids: BTreeSet<i64> = BTreeSet::new();
    for chunk in communes.chunks(CHUNK) {
        ids.extend(
            target_unit::table
                .filter(target_unit::commune_id.eq_any(chunk.iter().map(|id| id.0)))
                .select(target_unit::plan_id)
                .distinct()
                .load::<i64>(conn)?,
        );
    }
    let mut plans = Vec::new();
    for id in ids {
        plans.extend(by_id(conn, TargetPlanId(id))?);
    }
    plans.sort_by_key(|plan| (std::cmp::Reverse(plan.terms.period.from), plan.id));
    Ok(plans)
}

/// The plan of the same area for the year before, if there is one.
pub fn year_before(conn: &mut Conn, terms: &PlanTerms) -> Result<Option<StoredPlan>, DbError> {
    let rows: Vec<Columns> = target_plan::table
        .filter(target_plan::area_id.eq(terms.area_id.0))
        .filter(target_plan::ended_at.is_null())
        .select(COLUMNS)
        .load(conn)?;
    let year = terms.period.from.year() - 1;
    let plans: Vec<StoredPlan> = rows.into_iter().map(plan_of).collect::<Result<_, _>>()?;
    // An area may have had several plans in a year: that of the same days is meant, then the one with most of the same targets.
    let likeness = |plan: &StoredPlan| {
        let is_same = |a: LocalDate, b: LocalDate| (a.month(), a.day()) == (b.month(), b.day());
        let (now, then) = (terms.period, plan.terms.period);
        let codes = terms.targets.iter().map(|target| &target.code);
        let has = |code: &&String| plan.terms.targets.iter().any(|target| target.code == **code);
        let days = is_same(now.from, then.from) && is_same(now.to, then.to);
        (days, codes.filter(has).count(), plan.id)
    };
    let of_year = plans
        .into_iter()
        .filter(|plan| plan.terms.period.from.year() == year);
    Ok(of_year.max_by_key(likeness))
}

/// Targets that count records of this kind in this commune.
pub fn concerning(conn: &mut Conn, commune: AreaId, kind: &str) -> Result<Vec<StoredTarget>, DbError> {
    let rows: Vec<(i64, String, String)> = target_unit::table
        .inner_join(target::table.on(target::plan_id.eq(target_unit::plan_id)))
        .filter(target_unit::commune_id.eq(commune.0))
        .filter(target::kind.eq(kind))
        .select((target::id, target::code, target::rule))
        .order(target::id)
        .load(conn)?;
    rows.into_iter().map(target_of).collect()
}

/// These targets, whether they still count or not.
pub fn targets(conn: &mut Conn, ids: &[i64]) -> Result<Vec<StoredTarget>, DbError> {
    let rows: Vec<(i64, String, String)> = target::table
        .filter(target::id.eq_any(ids))
        .select((target::id, target::code, target::rule))
        .load(conn)?;
    rows.into_iter().map(target_of).collect()
}

/// Every target of a plan with the kind that it counts; none for one that counts nothing by itself.
pub fn targets_of(
    conn: &mut Conn,
    plan: TargetPlanId,
) -> Result<Vec<(Option<String>, StoredTarget)>, DbError> {
    let rows: Vec<(Option<String>, i64, String, String)> = target::table
        .filter(target::plan_id.eq(plan.0))
        .order(target::id)
        .select((target::kind, target::id, target::code, target::rule))
        .load(conn)?;
    rows.into_iter()
        .map(|(kind, id, code, rule)| Ok((kind, target_of((id, code, rule))?)))
        .collect()
}

fn target_of((id, code, rule): (i64, String, String)) -> Result<StoredTarget, DbError> {
    Ok(StoredTarget {
        id,
        code,
        rule: json(&rule, "target.rule")?,
    })
}

fn revision(plan: &StoredPlan) -> Result<i32, DbError> {
    DbError::unless(i32::try_from(plan.revision).ok(), "target_plan.revision")
}

fn written(terms: &PlanTerms) -> Result<String, DbError> {
    DbError::unless(serde_json::to_string(terms).ok(), "the terms of a plan")
}

fn plan_of((id, terms, revision): Columns) -> Result<StoredPlan, DbError> {
    Ok(StoredPlan {
        id: TargetPlanId(id),
        revision: DbError::unless(u32::try_from(revision).ok(), "target_plan.revision")?,
        terms: json(&terms, "target_plan.terms")?,
    })
}
