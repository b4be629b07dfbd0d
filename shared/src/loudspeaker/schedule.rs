//! When a station broadcasts in a week, and the slots that follow.

use super::session::{MAX_AREAS, MAX_MINUTES, MAX_NAME, Slot, check_length};
use super::week::monday_of;
use crate::id::{AreaId, BroadcastScheduleId};
use crate::json::{FromJson, ToJson};
use crate::kind::is_topic;
use crate::problem::{FieldCode, FieldError};
use crate::text;
use crate::time::{LocalDate, Millis, TimeOfDay};
use chrono::{Days, Weekday};
use serde::{Deserialize, Serialize};

/// Most times of day of one schedule.
pub const MAX_TIMES: usize = 8;
/// Most topics of one rota.
pub const MAX_TOPICS: usize = 20;
/// Most holidays or pauses of one schedule.
const MAX_RESTS: usize = 100;

/// A weekly schedule as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BroadcastSchedule {
    /// The schedule.
    pub id: BroadcastScheduleId,
    /// Counts up at every change; the ETag.
    pub revision: u32,
    /// What it says.
    pub terms: ScheduleTerms,
}

/// What a person sets of a schedule; the body of `POST` and `PUT /broadcast/schedules`. A broadcast is proposed for each
/// of the weekdays at each of the times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ScheduleTerms {
    /// The area of the station: a commune, or a residential area with speakers of its own. Who may log broadcasts here
    /// may confirm the slots.
    pub area_id: AreaId,
    /// Its name, 1 to [`MAX_NAME`] characters.
    pub name: String,
    /// The station or cluster of speakers, 1 to [`MAX_NAME`] characters.
    pub station: String,
    /// Who speaks, as a role in words.
    #[serde(default)]
    pub presenter: String,
    /// The residential areas that hear it, at or below the station's area, 1 to [`MAX_AREAS`].
    pub areas: Vec<AreaId>,
    /// Weekdays (`Mon` … `Sun`), 1 to 7.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub weekdays: Vec<Weekday>,
    /// Times of day (`HH:MM`), 1 to [`MAX_TIMES`].
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub times: Vec<TimeOfDay>,
    /// Length of each broadcast in minutes, 1 to [`MAX_MINUTES`].
    pub minutes: u16,
    /// Topics in turn, one a broadcast, 1 to [`MAX_TOPICS`].
    pub topics: Vec<String>,
    /// First day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub first_day: LocalDate,
    /// Last day; none for an open end.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub last_day: Option<LocalDate>,
    /// Days without a broadcast.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub holidays: Vec<LocalDate>,
    /// Stretches without broadcasts, each with a reason in words.
    #[serde(default)]
    pub pauses: Vec<Pause>,
}

/// A stretch without broadcasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// First day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: LocalDate,
    /// Last day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub to: LocalDate,
    /// Why, in words.
    #[serde(default)]
    pub reason: String,
}

/// One proposed broadcast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedSlot {
    /// Its name.
    pub slot: Slot,
    /// Length in minutes.
    pub minutes: u16,
    /// Id of its topic.
    pub topic: String,
    /// Why there is none on that day.
    pub rest: Option<Rest>,
}

/// Why a slot is not proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rest {
    /// A holiday of the schedule.
    Holiday,
    /// A pause, with its reason.
    Pause(String),
}

impl PlannedSlot {
    /// When it begins.
    pub fn starts_at(&self) -> Millis {
        self.slot.starts_at()
    }

    /// When it ends.
    pub fn ends_at(&self) -> Millis {
        self.starts_at().plus(i64::from(self.minutes) * 60_000)
    }
}

impl BroadcastSchedule {
    /// The slots of the week that begins on this Monday, in their order.
    pub fn slots(&self, monday: LocalDate) -> Vec<PlannedSlot> {
        let terms = &self.terms;
        let per_week = terms.weekdays.len() * terms.times.len();
        let weeks = monday
            .signed_duration_since(monday_of(terms.first_day))
            .num_days()
            / 7;
        let mut slots = Vec::new();
        for (day_number, weekday) in terms.weekdays.iter().enumerate() {
            let offset = u64::from(weekday.num_days_from_monday());
            let Some(date) = monday.checked_add_days(Days::new(offset)) else {
                continue;
            };
            if !terms.runs_on(date) {
                continue;
            }
            for (time_number, time) in terms.times.iter().enumerate() {
                let number = day_number * terms.times.len() + time_number;
                slots.push(PlannedSlot {
                    slot: Slot {
                        schedule_id: self.id,
                        date,
                        time: *time,
                    },
                    minutes: terms.minutes,
                    topic: terms.topic(weeks, per_week, number),
                    rest: terms.rest_on(date),
                });
            }
        }
        slots
    }
}

impl ScheduleTerms {
    fn runs_on(&self, date: LocalDate) -> bool {
        self.first_day <= date && self.last_day.is_none_or(|last| date <= last)
    }

    fn rest_on(&self, date: LocalDate) -> Option<Rest> {
        if self.holidays.contains(&date) {
            return Some(Rest::Holiday);
        }
        let pause = self
            .pauses
            .iter()
            .find(|pause| pause.from <= date && date <= pause.to)?;
        Some(Rest::Pause(pause.reason.clone()))
    }

    /// The rota goes on from week to week by the calendar: a holiday skips a topic rather than moving all that follow.
    fn topic(&self, weeks: i64, per_week: usize, number: usize) -> String {
        let broadcasts = weeks.unsigned_abs() as usize * per_week + number;
        let turn = broadcasts.checked_rem(self.topics.len());
        turn.and_then(|turn| self.topics.get(turn))
            .cloned()
            .unwrap_or_default()
    }

    /// Whether both would broadcast to the same area at the same time.
    pub fn overlaps(&self, other: &Self) -> bool {
        let days = self.last_day.is_none_or(|last| other.first_day <= last)
            && other.last_day.is_none_or(|last| self.first_day <= last);
        let weekday = self.weekdays.iter().any(|day| other.weekdays.contains(day));
        let area = self.areas.iter().any(|area| other.areas.contains(area));
        let time = self.times.iter().any(|own| {
            let theirs = other.times.iter();
            theirs
                .map(|time| time.minutes())
                .any(|time| own.minutes() < time + other.minutes && time < own.minutes() + self.minutes)
        });
        days && weekday && area && time
    }
}

/// Checks what a person set and brings it in order. `today` is the local date of the check.
pub fn parse_terms(mut terms: ScheduleTerms, today: LocalDate) -> Result<ScheduleTerms, Vec<FieldError>> {
    terms.tidy();
    let mut errors = Vec::new();
    for (field, words) in [("name", &terms.name), ("station", &terms.station)] {
        if words.is_empty() {
            errors.push(FieldError::new(field, FieldCode::Required));
        }
        check_length(field.to_owned(), words, MAX_NAME, &mut errors);
    }
    check_length("presenter".to_owned(), &terms.presenter, MAX_NAME, &mut errors);
    let lists = [
        ("areas", terms.areas.len(), 1, MAX_AREAS),
        ("weekdays", terms.weekdays.len(), 1, 7),
        ("times", terms.times.len(), 1, MAX_TIMES),
        ("topics", terms.topics.len(), 1, MAX_TOPICS),
        ("holidays", terms.holidays.len(), 0, MAX_RESTS),
        ("pauses", terms.pauses.len(), 0, MAX_RESTS),
    ];
    for (field, count, least, most) in lists {
        if count < least {
            errors.push(FieldError::new(field, FieldCode::Required));
        } else if count > most {
            errors.push(FieldError::new(field, FieldCode::TooLong).with("max", most));
        }
    }
    for (i, topic) in terms
        .topics
        .iter()
        .enumerate()
        .filter(|(_, topic)| !is_topic(topic))
    {
        errors.push(FieldError::new(format!("topics.{i}"), FieldCode::NotAChoice).with("topic", topic));
    }
    terms.check_times(&mut errors);
    terms.check_days(today, &mut errors);
    match errors.is_empty() {
        true => Ok(terms),
        false => Err(errors),
    }
}

impl ScheduleTerms {
    /// Cleans texts, and sorts lists in which neither order nor repetition means anything.
    fn tidy(&mut self) {
        for words in [&mut self.name, &mut self.station, &mut self.presenter] {
            *words = text::clean(words);
        }
        for pause in &mut self.pauses {
            pause.reason = text::clean(&pause.reason);
        }
        self.areas.sort_unstable();
        self.areas.dedup();
        self.weekdays.sort_unstable_by_key(Weekday::num_days_from_monday);
        self.weekdays.dedup();
        self.times.sort_unstable();
        self.times.dedup();
        self.holidays.sort_unstable();
        self.holidays.dedup();
        self.pauses.sort_by_key(|pause| pause.from);
    }

    fn check_times(&self, errors: &mut Vec<FieldError>) {
        match self.minutes {
            0 => errors.push(FieldError::new("minutes", FieldCode::TooSmall).with("min", 1)),
            1..=MAX_MINUTES => {}
            _ => errors.push(FieldError::new("minutes", FieldCode::TooBig).with("max", MAX_MINUTES)),
        }
        for (i, time) in self.times.iter().enumerate() {
            let end = time.minutes().saturating_add(self.minutes);
            let next = self.times.get(i + 1).map_or(24 * 60, |next| next.minutes());
            if end > next {
                errors.push(FieldError::new(format!("times.{i}"), FieldCode::Overlaps));
            }
        }
    }

    fn check_days(&self, today: LocalDate, errors: &mut Vec<FieldError>) {
        // What was broadcast before the schedule was written down may still be confirmed, for a while.
        if today.signed_duration_since(self.first_day).num_days() > 366 * 3 {
            errors.push(FieldError::new("first_day", FieldCode::TooEarly));
        }
        match self.last_day {
            Some(last) if last < self.first_day => {
                errors.push(FieldError::new("last_day", FieldCode::EndBeforeStart));
            }
            Some(last) if last < today => errors.push(FieldError::new("last_day", FieldCode::TooEarly)),
            _ => {}
        }
        for (i, pause) in self.pauses.iter().enumerate() {
            if pause.to < pause.from {
                errors.push(FieldError::new(
                    format!("pauses.{i}.to"),
                    FieldCode::EndBeforeStart,
                ));
            }
            check_length(format!("pauses.{i}.reason"), &pause.reason, MAX_NAME, errors);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    fn terms() -> ScheduleTerms {
        ScheduleTerms {
            area_id: AreaId(1),
            name: "Chương trình tối".into(),
            station: "Đài truyền thanh xã".into(),
            presenter: String::new(),
            areas: vec![AreaId(3), AreaId(2), AreaId(3)],
            weekdays: vec![Weekday::Fri, Weekday::Mon, Weekday::Wed],
            times: vec!["17:00".parse().unwrap()],
            minutes: 30,
            topics: vec!["online_fraud".into(), "fire_safety".into()],
            first_day: day("2026-11-04"),
            last_day: None,
            holidays: vec![day("2026-11-20")],
            pauses: vec![Pause {
                from: day("2026-11-23"),
                to: day("2026-11-25"),
                reason: "Sửa máy".into(),
            }],
        }
    }

    fn stored(terms: ScheduleTerms) -> BroadcastSchedule {
        BroadcastSchedule {
            id: BroadcastScheduleId(7),
            revision: 1,
            terms: parse_terms(terms, day("2026-11-22")).unwrap(),
        }
    }

    fn wrong(terms: ScheduleTerms) -> Vec<(String, FieldCode)> {
        let errors = parse_terms(terms, day("2026-11-22")).unwrap_err();
        errors
            .into_iter()
            .map(|error| (error.field, error.code))
            .collect()
    }

    #[test]
    fn a_week_has_a_slot_for_each_weekday_and_time_from_the_first_day_on() {
        let schedule = stored(terms());
        let dates = |monday: &str| -> Vec<_> {
            let slots = schedule.slots(day(monday));
            slots.iter().map(|slot| slot.slot.date.to_string()).collect()
        };
        assert_eq!(
            dates("2026-11-02"),
            ["2026-11-04", "2026-11-06"],
            "the first Monday is before it"
        );
        assert_eq!(dates("2026-11-09"), ["2026-11-09", "2026-11-11", "2026-11-13"]);
        assert!(dates("2026-10-26").is_empty());
    }

    #[test]
    fn topics_take_turns_over_the_weeks_and_a_holiday_does_not_move_them() {
        let schedule = stored(terms());
        let topics = |monday: &str| -> Vec<_> {
            let slots = schedule.slots(day(monday));
            slots.into_iter().map(|slot| slot.topic).collect()
        };
        // Wednesday is the second of the first week.
        assert_eq!(topics("2026-11-02"), ["fire_safety", "online_fraud"]);
        assert_eq!(
            topics("2026-11-09"),
            ["fire_safety", "online_fraud", "fire_safety"]
        );
        assert_eq!(
            topics("2026-11-16"),
            ["online_fraud", "fire_safety", "online_fraud"]
        );
    }

    #[test]
    fn holidays_and_pauses_rest_with_their_reason() {
        let schedule = stored(terms());
        let rests = |monday: &str| -> Vec<_> {
            let slots = schedule.slots(day(monday));
            slots.into_iter().map(|slot| slot.rest).collect()
        };
        assert_eq!(rests("2026-11-16"), [None, None, Some(Rest::Holiday)]);
        let pause = Some(Rest::Pause("Sửa máy".into()));
        assert_eq!(rests("2026-11-23"), [pause.clone(), pause, None]);
    }

    #[test]
    fn a_schedule_without_areas_or_in_the_past_or_over_itself_is_refused_field_by_field() {
        let odd = ScheduleTerms {
            areas: vec![],
            times: vec![
                "23:45".parse().unwrap(),
                "17:00".parse().unwrap(),
                "17:20".parse().unwrap(),
            ],
            last_day: Some(day("2026-11-21")),
            ..terms()
        };
        let expected = [
            ("areas", FieldCode::Required),
            ("times.0", FieldCode::Overlaps),
            ("times.2", FieldCode::Overlaps),
            ("last_day", FieldCode::TooEarly),
        ];
        assert_eq!(wrong(odd), expected.map(|(field, code)| (field.to_owned(), code)));
        let backwards = ScheduleTerms {
            last_day: Some(day("2026-11-01")),
            topics: vec!["weather".into()],
            ..terms()
        };
        let expected = [
            ("topics.0", FieldCode::NotAChoice),
            ("last_day", FieldCode::EndBeforeStart),
        ];
        assert_eq!(
            wrong(backwards),
            expected.map(|(field, code)| (field.to_owned(), code))
        );
    }

    #[test]
    fn schedules_overlap_only_where_area_weekday_time_and_dates_meet() {
        let one = stored(terms()).terms;
        assert!(one.overlaps(&one));
        let later = ScheduleTerms {
            times: vec!["17:30".parse().unwrap()],
            ..one.clone()
        };
        assert!(!one.overlaps(&later), "they follow each other");
        let within = ScheduleTerms {
            times: vec!["16:45".parse().unwrap()],
            ..one.clone()
        };
        assert!(one.overlaps(&within) && within.overlaps(&one));
        let elsewhere = ScheduleTerms {
            areas: vec![AreaId(9)],
            ..one.clone()
        };
        assert!(!one.overlaps(&elsewhere));
        let tuesdays = ScheduleTerms {
            weekdays: vec![Weekday::Tue],
            ..one.clone()
        };
        assert!(!one.overlaps(&tuesdays));
        let before = ScheduleTerms {
            first_day: day("2026-01-01"),
            last_day: Some(day("2026-11-03")),
            ..one.clone()
        };
        assert!(!one.overlaps(&before) && !before.overlaps(&one));
    }
}
