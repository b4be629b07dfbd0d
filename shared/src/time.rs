//! Instants and local dates. Instants are milliseconds since the Unix epoch; local means Asia/Ho_Chi_Minh.

use crate::json::{FromJson, ToJson};
use chrono::{DateTime, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A calendar date in Việt Nam, written `YYYY-MM-DD` on the wire.
pub type LocalDate = NaiveDate;

/// Việt Nam keeps UTC+7 the whole year; it has had no daylight saving since 1975.
pub const LOCAL_OFFSET_MS: i64 = 7 * 3_600_000;

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Default,
    Serialize,
    Deserialize,
    FromJson,
    ToJson,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    /// The date on the wall calendar in Việt Nam at this instant; `None` outside years ±262,000.
    pub fn local_date(self) -> Option<LocalDate> {
        DateTime::from_timestamp_millis(self.0.checked_add(LOCAL_OFFSET_MS)?).map(|at| at.date_naive())
    }

    /// This instant moved by `ms` milliseconds, saturating at the ends of `i64`.
    pub fn plus(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this instant; negative when `earlier` is later.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// The date written as `YYYY-MM-DD`; `None` for anything else.
pub fn parse_date(text: &str) -> Option<LocalDate> {
    let mut parts = text.split('-');
    let mut number = |length: usize| {
        let part = parts.next()?;
        let is_number = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then_some(part)?.parse::<u32>().ok()
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    if parts.next().is_some() {
        return None;
    }
    LocalDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// The first instant of a local date.
pub fn start_of_day(date: LocalDate) -> Millis {
    let utc = date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis();
    Millis(utc - LOCAL_OFFSET_MS)
}

/// A time of day to the minute by the wall clock in Việt Nam, written `HH:MM`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// So many minutes after midnight; none from 24 hours on.
    pub fn from_minutes(minutes: u16) -> Option<Self> {
        (minutes < 24 * 60).then_some(Self(minutes))
    }

    /// Minutes after midnight, 0 to 1439.
    pub fn minutes(self) -> u16 {
        self.0
    }

    /// Milliseconds after midnight.
    pub fn since_midnight_ms(self) -> i64 {
        i64::from(self.0) * 60_000
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// A text is not a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotATime;

impl fmt::Display for NotATime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a time of day: HH:MM is expected")
    }
}

impl FromStr for TimeOfDay {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        let (hours, minutes) = text.split_once(':').ok_or(NotATime)?;
        let number = |part: &str| match part.len() {
            2 if part.bytes().all(|byte| byte.is_ascii_digit()) => part.parse::<u16>().map_err(|_| NotATime),
            _ => Err(NotATime),
        };
        match (number(hours)?, number(minutes)?) {
            (hours, minutes) if minutes < 60 => Self::from_minutes(hours * 60 + minutes).ok_or(NotATime),
            _ => Err(NotATime),
        }
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = NotATime;

    fn try_from(text: String) -> Result<Self, NotATime> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patrol_that_starts_at_21_00_belongs_to_that_local_date_although_utc_says_14_00() {
        let start = start_of_day(NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()).plus(21 * 3_600_000);
        assert_eq!(start.local_date().unwrap().to_string(), "2026-11-21");
        let after_midnight = start.plus(4 * 3_600_000);
        assert_eq!(after_midnight.local_date().unwrap().to_string(), "2026-11-22");
    }

    #[test]
    fn a_date_is_read_as_it_is_written_and_nothing_else_is_a_date() {
        let date = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
        assert_eq!(parse_date(&date.to_string()), Some(date));
        for bad in [
            "",
            "2023-02-29",
            "2024-2-29",
            "2024-02-29 ",
            "+024-02-29",
            "2024-02-29-1",
            "29/02/2024",
        ] {
            assert_eq!(parse_date(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_instant_outside_the_calendar_has_no_date() {
        assert_eq!(Millis(i64::MAX).local_date(), None);
    }

    #[test]
    fn a_time_of_day_has_two_digits_each_and_ends_before_24_00() {
        assert_eq!("05:30".parse::<TimeOfDay>().unwrap().minutes(), 330);
        assert_eq!(TimeOfDay::from_minutes(1_439).unwrap().to_string(), "23:59");
        for odd in ["24:00", "5:30", "05:60", "0530", "+5:30", "05:3a", ""] {
            assert_eq!(odd.parse::<TimeOfDay>(), Err(NotATime), "{odd}");
        }
    }
}
