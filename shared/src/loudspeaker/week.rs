//! A week of a schedule: what was proposed and what became of it, and the sessions that confirm it.

use super::schedule::{BroadcastSchedule, PlannedSlot, Rest};
use super::session::{CoveredArea, LATE_CONFIRMATION_MS, LoudspeakerSession, Slot};
use crate::id::{AreaId, DeviceId, RecordId};
use crate::json::{FromJson, ToJson};
use crate::kind::LOUDSPEAKER_SESSION;
use crate::record::{PersonName, RecordDraft};
use crate::time::{LocalDate, Millis};
use chrono::{Datelike, Days};
use serde::{Deserialize, Serialize};

/// The Monday of the week of a date.
pub fn monday_of(date: LocalDate) -> LocalDate {
    let days = u64::from(date.weekday().num_days_from_monday());
    date.checked_sub_days(Days::new(days)).unwrap_or(date)
}

/// A slot that somebody has confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConfirmedSlot {
    /// Which.
    pub slot: Slot,
    /// The session.
    pub record_id: RecordId,
    /// Who confirmed it.
    pub by: PersonName,
    /// Id of the topic.
    pub topic: String,
    /// Length in minutes.
    pub minutes: u16,
    /// Areas that heard it.
    pub aired: u16,
    /// Areas that did not.
    pub missed: u16,
    /// Whether it was confirmed late.
    pub late: bool,
}

/// A slot and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekSlot {
    /// The slot.
    pub planned: PlannedSlot,
    /// What became of it.
    pub state: SlotState,
}

/// What became of a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlotState {
    /// Is not over yet.
    Ahead,
    /// Is over and waits to be confirmed.
    Waiting,
    /// Has waited so long that confirming it now is late.
    Overdue,
    /// There is none on that day.
    Resting(Rest),
    /// Was confirmed and heard, perhaps not everywhere.
    Aired(ConfirmedSlot),
    /// Was confirmed as heard nowhere.
    Missed(ConfirmedSlot),
}

impl SlotState {
    /// Whether it can be confirmed now.
    pub fn is_waiting(&self) -> bool {
        matches!(self, Self::Waiting | Self::Overdue)
    }
}

/// The slots of a schedule in the week that begins on `monday`, in their order, with what became of each. A slot that
/// was confirmed stays, even when the schedule was changed afterwards and proposes it no more.
pub fn week(
    schedule: &BroadcastSchedule,
    monday: LocalDate,
    confirmed: &[ConfirmedSlot],
    now: Millis,
) -> Vec<WeekSlot> {
    let own = |found: &&ConfirmedSlot| {
        found.slot.schedule_id == schedule.id && monday_of(found.slot.date) == monday
    };
    let own: Vec<&ConfirmedSlot> = confirmed.iter().filter(own).collect();
    let mut slots: Vec<WeekSlot> = schedule
        .slots(monday)
        .into_iter()
        .map(|planned| {
            let confirmed = own.iter().find(|found| found.slot == planned.slot);
            let state = match confirmed {
                Some(confirmed) => became(confirmed),
                None => unconfirmed(&planned, now),
            };
            WeekSlot { planned, state }
        })
        .collect();
    let unplanned: Vec<WeekSlot> = own
        .into_iter()
        .filter(|found| !slots.iter().any(|known| known.planned.slot == found.slot))
        .map(|found| WeekSlot {
            planned: PlannedSlot {
                slot: found.slot,
                minutes: found.minutes,
                topic: found.topic.clone(),
                rest: None,
            },
            state: became(found),
        })
        .collect();
    slots.extend(unplanned);
    slots.sort_by_key(|slot| slot.planned.slot);
    slots
}

fn became(confirmed: &ConfirmedSlot) -> SlotState {
    match confirmed.aired {
        0 => SlotState::Missed(confirmed.clone()),
        _ => SlotState::Aired(confirmed.clone()),
    }
}

fn unconfirmed(planned: &PlannedSlot, now: Millis) -> SlotState {
    let waits_for = now.since(planned.ends_at());
    match &planned.rest {
        Some(rest) => SlotState::Resting(rest.clone()),
        None if waits_for < 0 => SlotState::Ahead,
        None if waits_for > LATE_CONFIRMATION_MS => SlotState::Overdue,
        None => SlotState::Waiting,
    }
}

/// What confirming a slot needs beside the slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirming {
    /// Made by whoever confirms.
    pub record_id: RecordId,
    /// The device.
    pub device_id: DeviceId,
    /// Now, by the server's clock as far as it is known.
    pub at: Millis,
    /// Server clock minus device clock in milliseconds, if known.
    pub clock_offset_ms: Option<i64>,
    /// Areas that did not hear it, with their reasons.
    pub missed: Vec<CoveredArea>,
}

impl BroadcastSchedule {
    /// The record that confirms a slot. `is_known` tells which areas of the schedule still exist; one that has ended
    /// since the schedule was written is left out.
    pub fn confirm(
        &self,
        planned: &PlannedSlot,
        confirming: Confirming,
        is_known: impl Fn(AreaId) -> bool,
    ) -> RecordDraft {
        let covered = |area_id: &AreaId| {
            let missed = confirming.missed.iter().find(|missed| missed.area_id == *area_id);
            missed.cloned().unwrap_or(CoveredArea {
                area_id: *area_id,
                missed: None,
                note: String::new(),
            })
        };
        let terms = &self.terms;
        let body = LoudspeakerSession {
            topic: planned.topic.clone(),
            script: String::new(),
            station: terms.station.clone(),
            minutes: planned.minutes,
            presenter: terms.presenter.clone(),
            areas: terms
                .areas
                .iter()
                .filter(|area| is_known(**area))
                .map(covered)
                .collect(),
            slot: Some(planned.slot),
            confirmed_at: Some(confirming.at),
            note: String::new(),
        };
        RecordDraft {
            id: confirming.record_id,
            kind: LOUDSPEAKER_SESSION.id.to_owned(),
            area_id: terms.area_id,
            team_id: None,
            started_at: planned.starts_at(),
            ended_at: None,
            fix: None,
            body: body.to_json(),
            photos: Vec::new(),
            files: Vec::new(),
            device_id: confirming.device_id,
            // The times are the wall clock's and the server's: nothing of them moves with the device's clock.
            clock_offset_ms: Some(confirming.clock_offset_ms.unwrap_or(0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::schedule::ScheduleTerms;
    use super::*;
    use crate::id::{BroadcastScheduleId, UserId};
    use crate::record;
    use crate::time::start_of_day;
    use chrono::Weekday;
    use uuid::Uuid;

    const HOUR: i64 = 3_600_000;

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    fn schedule() -> BroadcastSchedule {
        BroadcastSchedule {
            id: BroadcastScheduleId(7),
            revision: 1,
            terms: ScheduleTerms {
                area_id: AreaId(1),
                name: "Tối".into(),
                station: "Đài xã".into(),
                presenter: "Cán bộ văn hóa xã".into(),
                areas: vec![AreaId(2), AreaId(3)],
                weekdays: vec![Weekday::Mon, Weekday::Thu, Weekday::Sun],
                times: vec!["17:00".parse().unwrap()],
                minutes: 30,
                topics: vec!["online_fraud".into()],
                first_day: day("2026-11-01"),
                last_day: None,
                holidays: vec![],
                pauses: vec![],
            },
        }
    }

    fn confirmed(date: &str, time: &str, aired: u16) -> ConfirmedSlot {
        ConfirmedSlot {
            slot: Slot {
                schedule_id: BroadcastScheduleId(7),
                date: day(date),
                time: time.parse().unwrap(),
            },
            record_id: RecordId(Uuid::nil()),
            by: PersonName {
                id: UserId(Uuid::nil()),
                name: "Lan".into(),
            },
            topic: "online_fraud".into(),
            minutes: 30,
            aired,
            missed: 2 - aired,
            late: false,
        }
    }

    #[test]
    fn a_slot_is_ahead_until_it_is_over_then_waits_and_after_48_hours_is_overdue() {
        let monday = day("2026-11-16");
        let state = |now| week(&schedule(), monday, &[], now).remove(0).state;
        let end = start_of_day(monday).plus(17 * HOUR + HOUR / 2);
        assert_eq!(state(end.plus(-1)), SlotState::Ahead);
        assert_eq!(state(end), SlotState::Waiting);
        assert_eq!(state(end.plus(48 * HOUR)), SlotState::Waiting);
        assert_eq!(state(end.plus(48 * HOUR + 1)), SlotState::Overdue);
    }

    #[test]
    fn a_confirmed_slot_is_aired_or_missed_and_stays_when_the_schedule_no_longer_proposes_it() {
        let known = [
            confirmed("2026-11-16", "17:00", 1),
            confirmed("2026-11-19", "17:00", 0),
            confirmed("2026-11-17", "05:00", 2),
            confirmed("2026-11-23", "17:00", 2),
        ];
        let now = start_of_day(day("2026-11-20"));
        let found = week(&schedule(), day("2026-11-16"), &known, now);
        let states: Vec<&SlotState> = found.iter().map(|slot| &slot.state).collect();
        assert_eq!(states[0], &SlotState::Aired(known[0].clone()));
        assert_eq!(
            states[1],
            &SlotState::Aired(known[2].clone()),
            "Tuesday is not in the schedule"
        );
        assert_eq!(states[2], &SlotState::Missed(known[1].clone()));
        assert_eq!(states[3], &SlotState::Ahead);
        assert_eq!(states.len(), 4, "the next week's is not here");
    }

    #[test]
    fn confirming_makes_a_record_that_the_server_takes() {
        let schedule = schedule();
        let planned = schedule.slots(day("2026-11-16")).remove(0);
        let now = planned.ends_at().plus(HOUR);
        let missed = CoveredArea {
            area_id: AreaId(3),
            missed: Some(super::super::MissReason::PowerCut),
            note: String::new(),
        };
        let confirming = Confirming {
            record_id: RecordId(Uuid::from_u128(1)),
            device_id: DeviceId(Uuid::from_u128(2)),
            at: now,
            clock_offset_ms: None,
            missed: vec![missed],
        };
        let draft = schedule.confirm(&planned, confirming.clone(), |_| true);
        let record = record::parse(draft, now).unwrap();
        let record::Body::Loudspeaker(session) = record.body() else {
            panic!("{:?}", record.body());
        };
        assert_eq!(session.aired().collect::<Vec<_>>(), [AreaId(2)]);
        assert_eq!(record.ended_at(), Some(planned.ends_at()));
        let fewer = schedule.confirm(&planned, confirming, |area| area == AreaId(3));
        assert_eq!(fewer.body["areas"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn a_week_begins_on_monday() {
        assert_eq!(monday_of(day("2026-11-22")), day("2026-11-16"));
        assert_eq!(monday_of(day("2026-11-16")), day("2026-11-16"));
    }
}
