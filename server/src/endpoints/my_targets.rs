//! What is asked of the caller's own areas, what is missing, and what the caller and the caller's teams added.

use super::target_progress::{by_code, codes};
use crate::auth::Caller;
use crate::db::target_own::{self, Whose};
use crate::db::target_plans::{self, StoredPlan, StoredTarget};
use crate::db::{Conn, DbError, successions, target_figures, target_shares};
use crate::extract::Json;
use crate::problem::AppError;
use crate::state::State;
use crate::targets::ground::Ground;
use crate::targets::homes::Homes;
use chrono::Weekday;
use keng_shared::api::MyTarget;
use keng_shared::id::{AreaId, TeamId};
use keng_shared::kind;
use keng_shared::target::Aggregation;
use std::collections::{BTreeSet, HashMap};

/// `GET /my-targets`: targets of the communes and residential areas in which the caller has a role, with what is missing.
pub async fn mine(state: State, caller: Caller) -> Result<Json<Vec<MyTarget>>, AppError> {
    let found = state
        .db
        .snapshot(move |conn| targets_of_caller(conn, &caller))
        .await?;
    Ok(Json(found))
}

/// Those targets that the caller's own work can move.
pub(super) fn targets_of_caller(conn: &mut Conn, caller: &Caller) -> Result<Vec<MyTarget>, DbError> {
    let (tree, today) = (caller.tree(), caller.today());
    let places: BTreeSet<(AreaId, Option<AreaId>)> = caller
        .memberships()
        .filter_map(|membership| {
            let commune = tree.commune_of(membership.area_id, today)?;
            Some((
                commune,
                (membership.area_id != commune).then_some(membership.area_id),
            ))
        })
        .collect();
    let mut found = Vec::new();
    for (commune, village) in places {
        for plan in target_plans::about(conn, &[commune])? {
            if !plan.terms.period.holds(today) && plan.terms.due.is_none_or(|due| due < today) {
                continue;
            }
            let targets = target_plans::targets_of(conn, plan.id)?;
            let ids: Vec<i64> = targets.iter().map(|(_, target)| target.id).collect();
            let (communes, homes) = became(conn, caller, &plan, commune)?;
            let stored = target_figures::of_targets(conn, &ids, &communes)?;
            let ground = Ground {
                tree,
                terms: &plan.terms,
                communes: &communes,
                homes: &homes,
                today,
            };
            let may_move = |target: &MyTarget| {
                let kind = kind::find(target.kind());
                kind.is_some_and(|kind| caller.can(kind.verb, village.unwrap_or(commune)))
            };
            let mut mine = ground.mine(plan.id, commune, village, &by_code(&targets, &stored));
            mine.retain(may_move);
            for target in &mut mine {
                target.this_week = this_week(conn, &ground, &targets, target, commune)?;
            }
            own_part(conn, caller, &communes, commune, &targets, &mut mine)?;
            found.append(&mut mine);
        }
    }
    Ok(found)
}

/// Tells of each target how many records of the caller's and of the caller's teams count for it.
fn own_part(
    conn: &mut Conn,
    caller: &Caller,
    communes: &[AreaId],
    commune: AreaId,
    targets: &[(Option<String>, StoredTarget)],
    mine: &mut [MyTarget],
) -> Result<(), DbError> {
    let ids: Vec<i64> = targets.iter().map(|(_, target)| target.id).collect();
    let codes = codes(targets);
    let teams: Vec<TeamId> = caller
        .memberships()
        .filter_map(|membership| membership.team_id)
        .collect();
    let areas: BTreeSet<AreaId> = mine.iter().map(|target| target.area_id).collect();
    for area in areas {
        let village = (area != commune).then_some(area);
        let me = Whose::Author(caller.user_id());
        let by_me = target_own::counted(conn, &ids, communes, village, &me)?;
        let by_team = target_own::counted(conn, &ids, communes, village, &Whose::Teams(teams.clone()))?;
        let of = |counts: &HashMap<i64, u32>, code: &str| {
            let found = counts.iter().find(|(id, _)| codes.get(id) == Some(&code));
            found.map_or(0, |(_, count)| *count)
        };
        for target in mine.iter_mut().filter(|target| target.area_id == area) {
            target.by_me = of(&by_me, &target.target.code);
            target.by_team = of(&by_team, &target.target.code);
        }
    }
    Ok(())
}

/// A commune with those of a plan that became it, where it has not been there for all of the plan's period.
fn became(
    conn: &mut Conn,
    caller: &Caller,
    plan: &StoredPlan,
    commune: AreaId,
) -> Result<(Vec<AreaId>, Homes), DbError> {
    let began = caller.tree().get(commune).and_then(|area| area.valid_from);
    if began.is_none_or(|began| began <= plan.terms.period.from) {
        return Ok((vec![commune], Homes::default()));
    }
    let mut communes = target_plans::communes(conn, plan.id)?;
    let steps = successions::onward(conn, &communes)?;
    let homes = Homes::today(caller.tree(), &communes, &steps, caller.today());
    communes.retain(|old| homes.of(*old) == commune);
    Ok((communes, homes))
}

/// How much of what a weekly average lacks belongs to this week: what a week asks for less what counted since Monday.
fn this_week(
    conn: &mut Conn,
    ground: &Ground<'_>,
    targets: &[(Option<String>, StoredTarget)],
    mine: &MyTarget,
    commune: AreaId,
) -> Result<Option<i64>, DbError> {
    let stored = targets.iter().find(|(_, target)| target.code == mine.target.code);
    let (Some(missing), Some((_, stored))) = (mine.missing, stored) else {
        return Ok(None);
    };
    let standard = ground.standard_of(&mine.rule(), mine.area_id);
    let (Aggregation::WeeklyAverage, Some(standard)) = (&mine.target.aggregation, standard) else {
        return Ok(None);
    };
    let week = ground.today.week(Weekday::Mon);
    let village = (mine.area_id != commune).then_some(mine.area_id);
    let done = target_shares::amount_between(
        conn,
        stored.id,
        commune,
        village,
        &week.first_day(),
        &week.last_day(),
    )?;
    let asked = mine
        .value
        .0
        .saturating_mul(i64::from(standard.unit.areas))
        .saturating_add(999)
        / 1_000;
    Ok(Some((asked - done).clamp(0, missing.count)))
}
