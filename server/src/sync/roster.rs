//! What a record adds to the roster: the shift that it is of, which turns under way and done by it.

use crate::db::patrol_plans::{self, Stretch};
use crate::db::records::StoredRecord;
use crate::db::{Conn, DbError};
use keng_shared::id::PatrolPlanId;
use keng_shared::kind;
use keng_shared::record::{Body, Record};
use keng_shared::roster::{DUTY, ShiftRecord};
use serde::Deserialize;

/// Whether records of this kind can be of a shift.
pub fn is_of_shifts(kind: &str) -> bool {
    kind == kind::PATROL.id || kind == DUTY
}

/// Brings the shift of a record in line with it. `before` is the record as it was stored until now.
pub fn follow(conn: &mut Conn, record: &Record, before: Option<&StoredRecord>) -> Result<(), DbError> {
    let draft = record.draft();
    if !is_of_shifts(&draft.kind) {
        return Ok(());
    }
    match plan_of(conn, record)? {
        Some(plan) => {
            let times = ShiftRecord {
                started_at: draft.started_at,
                ended_at: end_of(record),
            };
            patrol_plans::put_record(conn, plan, draft.id, times)
        }
        None if before.is_some_and(may_be_of_a_shift) => {
            patrol_plans::forget_record(conn, &draft.id.to_string())
        }
        None => Ok(()),
    }
}

/// A patrol ends when it says so; duty without an end was over when it was written down.
fn end_of(record: &Record) -> Option<keng_shared::time::Millis> {
    match record.body() {
        Body::Patrol(_) => record.ended_at(),
        _ => Some(record.ended_at().unwrap_or(record.draft().started_at)),
    }
}

/// A patrol names its plan, which must be one of its own team: nobody walks for others. Duty is found by team and time.
fn plan_of(conn: &mut Conn, record: &Record) -> Result<Option<PatrolPlanId>, DbError> {
    let draft = record.draft();
    let Some(team) = draft.team_id else {
        return Ok(None);
    };
    if let Body::Patrol(patrol) = record.body() {
        let Some(plan) = patrol.plan_id else {
            return Ok(None);
        };
        let of_team = patrol_plans::team_of(conn, plan)?;
        return Ok((of_team == Some(team)).then_some(plan));
    }
    let (from, to) = (draft.started_at, end_of(record).unwrap_or(draft.started_at));
    let stretch = Stretch { from, to: to.plus(1) };
    let planned = patrol_plans::of_teams(conn, &[team], stretch)?;
    let found = planned
        .iter()
        .find(|plan| plan.is_duty_of(draft.team_id, from, to));
    Ok(found.map(|plan| plan.id))
}

/// An ad hoc patrol grows often and was never of a shift; it costs no query.
fn may_be_of_a_shift(before: &StoredRecord) -> bool {
    #[derive(Deserialize)]
    struct OnlyPlan {
        plan_id: Option<PatrolPlanId>,
    }
    if before.kind == DUTY {
        return true;
    }
    serde_json::from_str::<OnlyPlan>(&before.body).is_ok_and(|body| body.plan_id.is_some())
}
