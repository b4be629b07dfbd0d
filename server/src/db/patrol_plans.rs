//! Planned patrols. A deleted plan stays stored, for records may name it.

use super::boundaries::CHUNK;
use super::schema::{patrol_plan, patrol_plan_checkpoint};
use super::{Conn, DbError};
use diesel::prelude::*;
use keng_shared::api::NewPatrolPlan;
use keng_shared::id::{AreaId, CheckpointId, PatrolPlanId, TeamId, UserId};
use keng_shared::sync::PatrolPlan;
use keng_shared::time::Millis;
use std::collections::HashMap;

type Columns = (i64, i64, i64, i64, i64, String);
const COLUMNS: (
    patrol_plan::id,
    patrol_plan::team_id,
    patrol_plan::area_id,
    patrol_plan::starts_at,
    patrol_plan::ends_at,
    patrol_plan::note,
) = (
    patrol_plan::id,
    patrol_plan::team_id,
    patrol_plan::area_id,
    patrol_plan::starts_at,
    patrol_plan::ends_at,
    patrol_plan::note,
);

/// Plans of these areas that end at `from` or later, in the order of their start.
pub fn in_areas(conn: &mut Conn, areas: &[AreaId], from: Millis) -> Result<Vec<PatrolPlan>, DbError> {
    let mut rows = Vec::new();
    for chunk in areas.chunks(CHUNK) {
        rows.extend(
            patrol_plan::table
                .filter(patrol_plan::area_id.eq_any(chunk.iter().map(|id| id.0).collect::<Vec<_>>()))
                .filter(patrol_plan::ends_at.ge(from.0))
                .filter(patrol_plan::deleted_at.is_null())
                .select(COLUMNS)
                .load::<Columns>(conn)?,
        );
    }
    with_checkpoints(conn, rows)
}

/// Plans of these teams that start from `from` to `to`, in the order of their start.
pub fn of_teams(
    conn: &mut Conn,
    teams: &[TeamId],
    from: Millis,
    to: Millis,
) -> Result<Vec<PatrolPlan>, DbError> {
    let mut rows = Vec::new();
    for chunk in teams.chunks(CHUNK) {
        rows.extend(
            patrol_plan::table
                .filter(patrol_plan::team_id.eq_any(chunk.iter().map(|id| id.0).collect::<Vec<_>>()))
                .filter(patrol_plan::starts_at.between(from.0, to.0))
                .filter(patrol_plan::deleted_at.is_null())
                .select(COLUMNS)
                .load::<Columns>(conn)?,
        );
    }
    with_checkpoints(conn, rows)
}

/// The plan with this id, unless it was deleted.
pub fn by_id(conn: &mut Conn, id: PatrolPlanId) -> Result<Option<PatrolPlan>, DbError> {
    let row = patrol_plan::table
        .find(id.0)
        .filter(patrol_plan::deleted_at.is_null())
        .select(COLUMNS)
        .first::<Columns>(conn)
        .optional()?;
    let plans = with_checkpoints(conn, row.into_iter().collect())?;
    Ok(plans.into_iter().next())
}

/// Stores a plan whose fields have been checked.
pub fn insert(
    conn: &mut Conn,
    new: &NewPatrolPlan,
    by: UserId,
    now: Millis,
) -> Result<PatrolPlanId, DbError> {
    let id = diesel::insert_into(patrol_plan::table)
        .values((
            patrol_plan::team_id.eq(new.team_id.0),
            patrol_plan::area_id.eq(new.area_id.0),
            patrol_plan::starts_at.eq(new.starts_at.0),
            patrol_plan::ends_at.eq(new.ends_at.0),
            patrol_plan::note.eq(&new.note),
            patrol_plan::created_by.eq(by.to_string()),
            patrol_plan::created_at.eq(now.0),
        ))
        .returning(patrol_plan::id)
        .get_result::<i64>(conn)?;
    for (position, checkpoint) in (0_i32..).zip(&new.checkpoints) {
        diesel::insert_into(patrol_plan_checkpoint::table)
            .values((
                patrol_plan_checkpoint::plan_id.eq(id),
                patrol_plan_checkpoint::position.eq(position),
                patrol_plan_checkpoint::checkpoint_id.eq(checkpoint.0),
            ))
            .execute(conn)?;
    }
    Ok(PatrolPlanId(id))
}

/// Marks a plan as deleted.
pub fn delete(conn: &mut Conn, id: PatrolPlanId, now: Millis) -> Result<(), DbError> {
    diesel::update(patrol_plan::table.find(id.0))
        .set(patrol_plan::deleted_at.eq(now.0))
        .execute(conn)?;
    Ok(())
}

fn with_checkpoints(conn: &mut Conn, mut rows: Vec<Columns>) -> Result<Vec<PatrolPlan>, DbError> {
    rows.sort_by_key(|row| (row.3, row.0));
    let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
    let mut checkpoints: HashMap<i64, Vec<CheckpointId>> = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let found = patrol_plan_checkpoint::table
            .filter(patrol_plan_checkpoint::plan_id.eq_any(chunk.to_vec()))
            .order((patrol_plan_checkpoint::plan_id, patrol_plan_checkpoint::position))
            .select((
                patrol_plan_checkpoint::plan_id,
                patrol_plan_checkpoint::checkpoint_id,
            ))
            .load::<(i64, i64)>(conn)?;
        for (plan, checkpoint) in found {
            checkpoints
                .entry(plan)
                .or_default()
                .push(CheckpointId(checkpoint));
        }
    }
    let plan_of = |(id, team, area, starts_at, ends_at, note): Columns| PatrolPlan {
        id: PatrolPlanId(id),
        team_id: TeamId(team),
        area_id: AreaId(area),
        starts_at: Millis(starts_at),
        ends_at: Millis(ends_at),
        checkpoints: checkpoints.remove(&id).unwrap_or_default(),
        note,
    };
    Ok(rows.into_iter().map(plan_of).collect())
}
