//! Planned shifts with who goes, past which checkpoints, and what was recorded of them. A deleted plan stays stored, for
//! records may name it.

use super::schema::{patrol_plan, patrol_plan_checkpoint};
use super::schema_roster::{patrol_plan_member, patrol_plan_record};
use super::{CHUNK, Conn, DbError};
use crate::both;
use diesel::prelude::*;
use keng_shared::api::NewPatrolPlan;
use keng_shared::id::{AreaId, CheckpointId, PatrolPlanId, RecordId, TeamId, UserId};
use keng_shared::patrol::MAX_PATROL_MS;
use keng_shared::roster::{ShiftKind, ShiftRecord};
use keng_shared::sync::PatrolPlan;
use keng_shared::time::Millis;
use std::collections::HashMap;

type Columns = (i64, String, i64, i64, i64, i64, String, i32);
const COLUMNS: (
    patrol_plan::id,
    patrol_plan::kind,
    patrol_plan::team_id,
    patrol_plan::area_id,
    patrol_plan::starts_at,
    patrol_plan::ends_at,
    patrol_plan::note,
    patrol_plan::revision,
) = (
    patrol_plan::id,
    patrol_plan::kind,
    patrol_plan::team_id,
    patrol_plan::area_id,
    patrol_plan::starts_at,
    patrol_plan::ends_at,
    patrol_plan::note,
    patrol_plan::revision,
);

/// A stretch of time; a shift is in it when it has begun before its end and ends after its start.
#[derive(Debug, Clone, Copy)]
pub struct Stretch {
    /// First instant.
    pub from: Millis,
    /// The instant behind it.
    pub to: Millis,
}

/// Plans of these areas in a stretch of time, in the order of their start.
pub fn in_areas(conn: &mut Conn, areas: &[AreaId], stretch: Stretch) -> Result<Vec<PatrolPlan>, DbError> {
    let mut rows = Vec::new();
    for chunk in areas.chunks(CHUNK) {
        let ids: Vec<i64> = chunk.iter().map(|id| id.0).collect();
        let query = patrol_plan::table
            .filter(patrol_plan::area_id.eq_any(ids))
            .filter(in_stretch(stretch.from.0, stretch.to.0))
            .select(COLUMNS);
        rows.extend(query.load::<Columns>(conn)?);
    }
    whole(conn, rows)
}

/// Plans of these teams in a stretch of time, in the order of their start.
pub fn of_teams(conn: &mut Conn, teams: &[TeamId], stretch: Stretch) -> Result<Vec<PatrolPlan>, DbError> {
    let mut rows = Vec::new();
    for chunk in teams.chunks(CHUNK) {
        let ids: Vec<i64> = chunk.iter().map(|id| id.0).collect();
        let query = patrol_plan::table
            .filter(patrol_plan::team_id.eq_any(ids))
            .filter(in_stretch(stretch.from.0, stretch.to.0))
            .select(COLUMNS);
        rows.extend(query.load::<Columns>(conn)?);
    }
    whole(conn, rows)
}

/// Plans that name one of these people, in a stretch of time.
pub fn naming(conn: &mut Conn, people: &[UserId], stretch: Stretch) -> Result<Vec<PatrolPlan>, DbError> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let people: Vec<String> = people.iter().map(ToString::to_string).collect();
    let named = patrol_plan_member::table
        .filter(patrol_plan_member::user_id.eq_any(people))
        .select(patrol_plan_member::plan_id);
    let query = patrol_plan::table
        .filter(patrol_plan::id.eq_any(named))
        .filter(in_stretch(stretch.from.0, stretch.to.0))
        .select(COLUMNS);
    let rows = query.load::<Columns>(conn)?;
    whole(conn, rows)
}

/// The plan with this id, unless it was deleted.
pub fn by_id(conn: &mut Conn, id: PatrolPlanId) -> Result<Option<PatrolPlan>, DbError> {
    let row = patrol_plan::table
        .find(id.0)
        .filter(patrol_plan::deleted_at.is_null())
        .select(COLUMNS)
        .first::<Columns>(conn)
        .optional()?;
    Ok(whole(conn, row.into_iter().collect())?.pop())
}

/// As [`by_id`], and nobody else changes the plan before this transaction ends.
pub fn lock(conn: &mut Conn, id: PatrolPlanId) -> Result<Option<PatrolPlan>, DbError> {
    if let Conn::Postgres(conn) = conn {
        let query = patrol_plan::table.find(id.0).select(patrol_plan::id);
        query.for_no_key_update().first::<i64>(conn).optional()?;
    }
    by_id(conn, id)
}

/// The team of a plan, deleted or not.
pub fn team_of(conn: &mut Conn, id: PatrolPlanId) -> Result<Option<TeamId>, DbError> {
    let team = patrol_plan::table
        .find(id.0)
        .select(patrol_plan::team_id)
        .first::<i64>(conn)
        .optional()?;
    Ok(team.map(TeamId))
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
            patrol_plan::kind.eq(new.kind.as_str()),
            patrol_plan::team_id.eq(new.team_id.0),
            patrol_plan::area_id.eq(new.area_id.0),
            patrol_plan::starts_at.eq(new.starts_at.0),
            patrol_plan::ends_at.eq(new.ends_at.0),
            patrol_plan::note.eq(&new.note),
            patrol_plan::revision.eq(1),
            patrol_plan::created_by.eq(by.to_string()),
            patrol_plan::created_at.eq(now.0),
        ))
        .returning(patrol_plan::id)
        .get_result::<i64>(conn)?;
    insert_parts(conn, id, new)?;
    Ok(PatrolPlanId(id))
}

/// Replaces the terms of a plan; its revision grows by one.
pub fn update(conn: &mut Conn, id: PatrolPlanId, new: &NewPatrolPlan) -> Result<(), DbError> {
    diesel::update(patrol_plan::table.find(id.0))
        .set((
            patrol_plan::kind.eq(new.kind.as_str()),
            patrol_plan::team_id.eq(new.team_id.0),
            patrol_plan::area_id.eq(new.area_id.0),
            patrol_plan::starts_at.eq(new.starts_at.0),
            patrol_plan::ends_at.eq(new.ends_at.0),
            patrol_plan::note.eq(&new.note),
            patrol_plan::revision.eq(patrol_plan::revision + 1),
        ))
        .execute(conn)?;
    diesel::delete(patrol_plan_checkpoint::table.filter(patrol_plan_checkpoint::plan_id.eq(id.0)))
        .execute(conn)?;
    diesel::delete(patrol_plan_member::table.filter(patrol_plan_member::plan_id.eq(id.0))).execute(conn)?;
    insert_parts(conn, id.0, new)
}

/// Marks a plan as deleted.
pub fn delete(conn: &mut Conn, id: PatrolPlanId, now: Millis) -> Result<(), DbError> {
    diesel::update(patrol_plan::table.find(id.0))
        .set(patrol_plan::deleted_at.eq(now.0))
        .execute(conn)?;
    Ok(())
}

/// Notes that a record is of this shift, or that its times have changed.
pub fn put_record(
    conn: &mut Conn,
    plan: PatrolPlanId,
    record: RecordId,
    times: ShiftRecord,
) -> Result<(), DbError> {
    let row = (
        patrol_plan_record::plan_id.eq(plan.0),
        patrol_plan_record::started_at.eq(times.started_at.0),
        patrol_plan_record::ended_at.eq(times.ended_at.map(|end| end.0)),
    );
    both!(conn, |conn| diesel::insert_into(patrol_plan_record::table)
        .values((patrol_plan_record::record_id.eq(record.to_string()), row))
        .on_conflict(patrol_plan_record::record_id)
        .do_update()
        .set(row)
        .execute(conn))?;
    Ok(())
}

/// The record is of no shift any more.
pub fn forget_record(conn: &mut Conn, record: &str) -> Result<(), DbError> {
    diesel::delete(patrol_plan_record::table.find(record)).execute(conn)?;
    Ok(())
}

fn insert_parts(conn: &mut Conn, id: i64, new: &NewPatrolPlan) -> Result<(), DbError> {
    for (position, checkpoint) in (0_i32..).zip(&new.checkpoints) {
        diesel::insert_into(patrol_plan_checkpoint::table)
            .values((
                patrol_plan_checkpoint::plan_id.eq(id),
                patrol_plan_checkpoint::position.eq(position),
                patrol_plan_checkpoint::checkpoint_id.eq(checkpoint.0),
            ))
            .execute(conn)?;
    }
    for person in &new.members {
        diesel::insert_into(patrol_plan_member::table)
            .values((
                patrol_plan_member::plan_id.eq(id),
                patrol_plan_member::user_id.eq(person.to_string()),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// No shift is longer than [`MAX_PATROL_MS`], so the index on the start is enough.
#[diesel::dsl::auto_type(no_type_alias)]
fn in_stretch(from: i64, to: i64) -> _ {
    let earliest: i64 = from.saturating_sub(MAX_PATROL_MS);
    patrol_plan::starts_at
        .gt(earliest)
        .and(patrol_plan::starts_at.lt(to))
        .and(patrol_plan::ends_at.gt(from))
        .and(patrol_plan::deleted_at.is_null())
}

fn whole(conn: &mut Conn, mut rows: Vec<Columns>) -> Result<Vec<PatrolPlan>, DbError> {
    rows.sort_by_key(|row| (row.4, row.0));
    rows.dedup_by_key(|row| row.0);
    let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
    let mut checkpoints: HashMap<i64, Vec<CheckpointId>> = HashMap::new();
    let mut members: HashMap<i64, Vec<UserId>> = HashMap::new();
    let mut records: HashMap<i64, Vec<ShiftRecord>> = HashMap::new();
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
        let found = patrol_plan_member::table
            .filter(patrol_plan_member::plan_id.eq_any(chunk.to_vec()))
            .order((patrol_plan_member::plan_id, patrol_plan_member::user_id))
            .load::<(i64, String)>(conn)?;
        for (plan, person) in found {
            let person = DbError::unless(person.parse().ok(), "patrol_plan_member.user_id")?;
            members.entry(plan).or_default().push(person);
        }
        let found = patrol_plan_record::table
            .filter(patrol_plan_record::plan_id.eq_any(chunk.to_vec()))
            .order((patrol_plan_record::started_at, patrol_plan_record::record_id))
            .load::<(String, i64, i64, Option<i64>)>(conn)?;
        for (_, plan, started_at, ended_at) in found {
            records.entry(plan).or_default().push(ShiftRecord {
                started_at: Millis(started_at),
                ended_at: ended_at.map(Millis),
            });
        }
    }
    let plan_of = |(id, kind, team, area, starts_at, ends_at, note, revision): Columns| {
        Ok(PatrolPlan {
            id: PatrolPlanId(id),
            kind: DbError::unless(ShiftKind::parse(&kind), "patrol_plan.kind")?,
            team_id: TeamId(team),
            area_id: AreaId(area),
            starts_at: Millis(starts_at),
            ends_at: Millis(ends_at),
            checkpoints: checkpoints.remove(&id).unwrap_or_default(),
            members: members.remove(&id).unwrap_or_default(),
            note,
            records: records.remove(&id).unwrap_or_default(),
            revision: DbError::unless(revision.try_into().ok(), "patrol_plan.revision")?,
        })
    };
    rows.into_iter().map(plan_of).collect()
}
