//! Planned shifts of the person's teams, with what the server and this phone know of each.

use crate::engine::Engine;
use crate::item::{Item, ItemKey};
use keng_shared::json::FromJson;
use keng_shared::kind;
use keng_shared::order;
use keng_shared::patrol::Patrol;
use keng_shared::roster::{DUTY, ShiftRecord};
use keng_shared::sync::PatrolPlan;
use keng_shared::time::Millis;

impl Engine {
    /// The plans of the scope by start, each with the records of this phone that the server does not show yet.
    pub fn shifts(&self) -> Vec<PatrolPlan> {
        let Some(scope) = &self.scope else {
            return Vec::new();
        };
        let mut plans = scope.plans.clone();
        for item in self.items.values() {
            if matches!(item.key, ItemKey::Record(_)) && !item.is_withdrawn() {
                add_record(&mut plans, item);
            }
        }
        order::sort_by_key(&mut plans, |plan| (plan.starts_at, plan.id));
        plans
    }

    /// Now by the server's clock, as far as it is known; `now` is by the phone's.
    pub fn corrected(&self, now: Millis) -> Millis {
        self.clock.correct(now)
    }
}

/// Adds what a record of this phone says about its shift. What the server says about the same walk stands first.
fn add_record(plans: &mut [PatrolPlan], item: &Item) {
    let Some(draft) = item.newest_draft() else { return };
    let (started_at, ended_at, found) = if draft.kind == kind::PATROL.id {
        let Ok(patrol) = Patrol::from_json(draft.body.clone()) else {
            return;
        };
        let found = plans.iter_mut().find(|plan| Some(plan.id) == patrol.plan_id);
        (draft.started_at, patrol.end.map(|end| end.at), found)
    } else if draft.kind == DUTY {
        let (from, to) = (draft.started_at, draft.ended_at.unwrap_or(draft.started_at));
        let found = plans
            .iter_mut()
            .find(|plan| plan.is_duty_of(draft.team_id, from, to));
        (from, Some(to), found)
    } else {
        return;
    };
    let Some(plan) = found else { return };
    match plan
        .records
        .iter_mut()
        .find(|known| known.started_at == started_at)
    {
        Some(known) => known.ended_at = known.ended_at.or(ended_at),
        None => plan.records.push(ShiftRecord { started_at, ended_at }),
    }
}
