//! One broadcast, as the body of a record.

use crate::id::{AreaId, BroadcastScheduleId};
use crate::json::{FromJson, ToJson};
use crate::kind::is_topic;
use crate::problem::{FieldCode, FieldError};
use crate::text;
use crate::time::{LocalDate, Millis, TimeOfDay, start_of_day};
use serde::{Deserialize, Serialize};

/// Most residential areas of one broadcast. The largest commune of Thanh Hóa has fewer than 100.
pub const MAX_AREAS: usize = 300;
/// Longest broadcast, in minutes: 4 hours.
pub const MAX_MINUTES: u16 = 240;
/// Longest name of a station or a role, in characters.
pub const MAX_NAME: usize = 100;
/// Longest script, in characters.
pub const MAX_SCRIPT: usize = 4_000;
/// Longest note, in characters.
pub const MAX_NOTE: usize = 1_000;
/// A slot confirmed this long after its end is marked as late: 48 hours, so that Friday evening can wait for Sunday.
pub const LATE_CONFIRMATION_MS: i64 = 48 * 3_600_000;

/// Body of a record of kind `loudspeaker_session`. The record's start is the start of the broadcast, its area that of
/// the station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LoudspeakerSession {
    /// Id of a topic ([`crate::kind::TOPICS`]).
    pub topic: String,
    /// The script: its title, number or words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub script: String,
    /// The station or cluster of speakers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub station: String,
    /// Length in minutes, 1 to [`MAX_MINUTES`].
    pub minutes: u16,
    /// Who spoke, as a role in words ("cán bộ văn hóa xã"); never a name, for the author is known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub presenter: String,
    /// The residential areas that were meant to hear it, 1 to [`MAX_AREAS`], each once.
    pub areas: Vec<CoveredArea>,
    /// The slot that it confirms; none for a broadcast outside every schedule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<Slot>,
    /// When the slot was confirmed, by the phone's clock corrected to the server's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Millis>,
    /// Words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A residential area of a broadcast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CoveredArea {
    /// Which.
    pub area_id: AreaId,
    /// Why it was not heard there; none where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed: Option<MissReason>,
    /// Words about the reason.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Why a broadcast was not heard in an area.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MissReason {
    /// Power cut.
    PowerCut,
    /// Speakers, cable or amplifier out of order.
    BrokenSpeaker,
    /// Storm or flood.
    Weather,
    /// Nobody was there to switch it on.
    Unattended,
    /// Something else, in words.
    Other,
}

impl MissReason {
    /// All reasons, in the order in which people choose.
    pub const ALL: &'static [Self] = &[
        Self::PowerCut,
        Self::BrokenSpeaker,
        Self::Weather,
        Self::Unattended,
        Self::Other,
    ];
}

/// Names one proposed broadcast.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// The schedule.
    pub schedule_id: BroadcastScheduleId,
    /// The local date.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub date: LocalDate,
    /// The time of day.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub time: TimeOfDay,
}

impl Slot {
    /// When it begins.
    pub fn starts_at(&self) -> Millis {
        start_of_day(self.date).plus(self.time.since_midnight_ms())
    }
}

impl LoudspeakerSession {
    /// When it ends.
    pub fn ended_at(&self, started_at: Millis) -> Millis {
        started_at.plus(i64::from(self.minutes) * 60_000)
    }

    /// The areas that heard it.
    pub fn aired(&self) -> impl Iterator<Item = AreaId> + '_ {
        self.areas
            .iter()
            .filter(|area| area.missed.is_none())
            .map(|area| area.area_id)
    }

    /// Whether its slot was confirmed more than [`LATE_CONFIRMATION_MS`] after its end.
    pub fn is_late(&self, started_at: Millis) -> bool {
        self.confirmed_at
            .is_some_and(|at| at.since(self.ended_at(started_at)) > LATE_CONFIRMATION_MS)
    }

    /// Cleans every text.
    pub(crate) fn clean(&mut self) {
        let own = [
            &mut self.script,
            &mut self.station,
            &mut self.presenter,
            &mut self.note,
        ];
        let of_areas = self.areas.iter_mut().map(|area| &mut area.note);
        for words in own.into_iter().chain(of_areas) {
            *words = text::clean(words);
        }
    }

    /// What is wrong with it, for a broadcast that began at `started_at`; `latest` is the latest instant that is not
    /// yet the future.
    pub(crate) fn check(&self, started_at: Millis, latest: Millis) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if !is_topic(&self.topic) {
            errors.push(FieldError::new("body.topic", FieldCode::NotAChoice));
        }
        match self.minutes {
            0 => errors.push(FieldError::new("body.minutes", FieldCode::TooSmall).with("min", 1)),
            1..=MAX_MINUTES => {}
            _ => errors.push(FieldError::new("body.minutes", FieldCode::TooBig).with("max", MAX_MINUTES)),
        }
        if self.ended_at(started_at) > latest {
            errors.push(FieldError::new("started_at", FieldCode::InFuture));
        }
        let texts = [
            ("body.script", &self.script, MAX_SCRIPT),
            ("body.station", &self.station, MAX_NAME),
            ("body.presenter", &self.presenter, MAX_NAME),
            ("body.note", &self.note, MAX_NOTE),
        ];
        for (field, words, max) in texts {
            check_length(field.to_owned(), words, max, &mut errors);
        }
        self.check_areas(&mut errors);
        match (&self.slot, self.confirmed_at) {
            (None, None) => {}
            (Some(slot), Some(at)) => {
                if slot.starts_at() != started_at {
                    errors.push(
                        FieldError::new("body.slot", FieldCode::BadFormat).with("expected", "started_at"),
                    );
                }
                if at > latest {
                    errors.push(FieldError::new("body.confirmed_at", FieldCode::InFuture));
                }
            }
            (Some(_), None) => errors.push(FieldError::new("body.confirmed_at", FieldCode::Required)),
            (None, Some(_)) => errors.push(FieldError::new("body.slot", FieldCode::Required)),
        }
        errors
    }

    fn check_areas(&self, errors: &mut Vec<FieldError>) {
        if self.areas.is_empty() {
            errors.push(FieldError::new("body.areas", FieldCode::Required));
        }
        if self.areas.len() > MAX_AREAS {
            errors.push(FieldError::new("body.areas", FieldCode::TooLong).with("max", MAX_AREAS));
        }
        let mut seen = std::collections::BTreeSet::new();
        for (i, area) in self.areas.iter().enumerate() {
            if !seen.insert(area.area_id) {
                let field = format!("body.areas.{i}.area_id");
                errors.push(FieldError::new(field, FieldCode::Duplicate));
            }
            check_length(format!("body.areas.{i}.note"), &area.note, MAX_NOTE, errors);
            if area.missed == Some(MissReason::Other) && area.note.is_empty() {
                errors.push(FieldError::new(
                    format!("body.areas.{i}.note"),
                    FieldCode::Required,
                ));
            }
        }
    }
}

pub(super) fn check_length(field: String, words: &str, max: usize, errors: &mut Vec<FieldError>) {
    if words.chars().count() > max {
        errors.push(FieldError::new(field, FieldCode::TooLong).with("max", max));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Millis = Millis(1_795_341_600_000); // 2026-11-22 17:00 in Việt Nam
    const LATER: Millis = Millis(START.0 + 3_600_000);

    fn session() -> LoudspeakerSession {
        let covered = |id| CoveredArea {
            area_id: AreaId(id),
            missed: None,
            note: String::new(),
        };
        LoudspeakerSession {
            topic: "online_fraud".into(),
            script: String::new(),
            station: "Đài truyền thanh xã".into(),
            minutes: 20,
            presenter: String::new(),
            areas: vec![covered(1), covered(2)],
            slot: None,
            confirmed_at: None,
            note: String::new(),
        }
    }

    fn slot() -> Slot {
        Slot {
            schedule_id: BroadcastScheduleId(1),
            date: "2026-11-22".parse().unwrap(),
            time: "17:00".parse().unwrap(),
        }
    }

    fn wrong(session: &LoudspeakerSession) -> Vec<(String, FieldCode)> {
        let errors = session.check(START, LATER);
        errors
            .into_iter()
            .map(|error| (error.field, error.code))
            .collect()
    }

    #[test]
    fn a_broadcast_without_areas_or_with_one_area_twice_is_refused() {
        let mut odd = session();
        odd.areas.clear();
        assert_eq!(wrong(&odd), [("body.areas".into(), FieldCode::Required)]);
        let mut odd = session();
        odd.areas.push(odd.areas[0].clone());
        assert_eq!(
            wrong(&odd),
            [("body.areas.2.area_id".into(), FieldCode::Duplicate)]
        );
        assert_eq!(wrong(&session()), []);
    }

    #[test]
    fn a_slot_begins_when_the_record_does_and_says_when_it_was_confirmed() {
        assert_eq!(slot().starts_at(), START);
        let mut confirmed = session();
        confirmed.slot = Some(slot());
        assert_eq!(
            wrong(&confirmed),
            [("body.confirmed_at".into(), FieldCode::Required)]
        );
        confirmed.confirmed_at = Some(LATER);
        assert_eq!(wrong(&confirmed), []);
        confirmed.slot.as_mut().unwrap().time = "17:30".parse().unwrap();
        assert_eq!(wrong(&confirmed), [("body.slot".into(), FieldCode::BadFormat)]);
    }

    #[test]
    fn a_broadcast_that_is_not_over_cannot_have_been_heard() {
        let errors = session().check(START, START.plus(19 * 60_000));
        assert_eq!(errors[0].field, "started_at");
    }

    #[test]
    fn a_slot_is_late_when_confirmed_more_than_48_hours_after_its_end() {
        let mut confirmed = session();
        let end = confirmed.ended_at(START);
        confirmed.confirmed_at = Some(end.plus(LATE_CONFIRMATION_MS));
        assert!(!confirmed.is_late(START));
        confirmed.confirmed_at = Some(end.plus(LATE_CONFIRMATION_MS + 1));
        assert!(confirmed.is_late(START));
    }

    #[test]
    fn another_reason_needs_words() {
        let mut odd = session();
        odd.areas[1].missed = Some(MissReason::Other);
        assert_eq!(wrong(&odd), [("body.areas.1.note".into(), FieldCode::Required)]);
        odd.areas[1].missed = Some(MissReason::PowerCut);
        assert_eq!(wrong(&odd), []);
        assert_eq!(odd.aired().collect::<Vec<_>>(), [AreaId(1)]);
    }
}
