//! Broadcasts that wait to be confirmed, and those that were: the schedules of the scope with what this phone and the
//! server know of their slots.

use crate::engine::Engine;
use crate::item::{Item, ItemKey, ItemState};
use chrono::Days;
use keng_shared::api::SlotHolder;
use keng_shared::json::FromJson;
use keng_shared::loudspeaker::{
    BroadcastSchedule, ConfirmedSlot, LoudspeakerSession, WeekSlot, monday_of, week,
};
use keng_shared::problem::Problem;
use keng_shared::record::PersonName;
use keng_shared::sync::CONFIRMED_DAYS;
use keng_shared::time::Millis;

/// A schedule and its slots, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct ScheduleSlots {
    /// The schedule.
    pub schedule: BroadcastSchedule,
    /// Its slots from [`CONFIRMED_DAYS`] ago to the end of this week.
    pub slots: Vec<WeekSlot>,
}

impl Engine {
    /// The schedules that the person may confirm, with their slots of the last days. `now` is by the phone's clock.
    pub fn broadcasts(&self, now: Millis) -> Vec<ScheduleSlots> {
        let now = self.clock.correct(now);
        let (Some(scope), Some(today)) = (&self.scope, now.local_date()) else {
            return Vec::new();
        };
        let mut confirmed = scope.confirmed_slots.clone();
        confirmed.extend(self.confirmed_here());
        let first = today.checked_sub_days(Days::new(CONFIRMED_DAYS)).unwrap_or(today);
        let this_week = monday_of(today);
        let mondays = || {
            let weeks = std::iter::successors(Some(monday_of(first)), |monday| {
                monday.checked_add_days(Days::new(7))
            });
            weeks.take_while(|monday| *monday <= this_week)
        };
        let slots = |schedule: &BroadcastSchedule| -> Vec<WeekSlot> {
            mondays()
                .flat_map(|monday| week(schedule, monday, &confirmed, now))
                .filter(|slot| slot.planned.slot.date >= first)
                .collect()
        };
        scope
            .broadcast_schedules
            .iter()
            .map(|schedule| ScheduleSlots {
                slots: slots(schedule),
                schedule: schedule.clone(),
            })
            .collect()
    }

    /// Slots that were confirmed on this phone, sent or not.
    fn confirmed_here(&self) -> Vec<ConfirmedSlot> {
        let items = self
            .items
            .values()
            .filter(|item| matches!(item.key, ItemKey::Record(_)) && !item.is_withdrawn());
        items.filter_map(|item| self.confirmed_by(item)).collect()
    }

    fn confirmed_by(&self, item: &Item) -> Option<ConfirmedSlot> {
        let draft = item.newest_draft()?;
        let session = LoudspeakerSession::from_json(draft.body.clone()).ok()?;
        let slot = session.slot?;
        let me = || {
            let name = self.scope.as_ref().map(|scope| scope.me.name.clone());
            PersonName {
                id: self.owner.user_id,
                name: name.unwrap_or_default(),
            }
        };
        let first = match &item.state {
            ItemState::Superseded { problem, .. } => holder(problem).map(|holder| holder.by),
            _ => None,
        };
        let aired = session.aired().count();
        let small = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
        Some(ConfirmedSlot {
            slot,
            record_id: draft.id,
            by: first.unwrap_or_else(me),
            late: session.is_late(draft.started_at),
            aired: small(aired),
            missed: small(session.areas.len() - aired),
            topic: session.topic,
            minutes: session.minutes,
        })
    }
}

/// Who holds the slot, as the problem says.
pub(super) fn holder(problem: &Problem) -> Option<SlotHolder> {
    SlotHolder::from_json(problem.stored.clone()?).ok()
}
