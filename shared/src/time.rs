//! Instants and local dates. Instants are milliseconds since the Unix epoch; local means Asia/Ho_Chi_Minh.

use chrono::{DateTime, NaiveDate};
use serde::{Deserialize, Serialize};

/// A calendar date in Việt Nam, written `YYYY-MM-DD` on the wire.
pub type LocalDate = NaiveDate;

/// Việt Nam keeps UTC+7 the whole year; it has had no daylight saving since 1975.
pub const LOCAL_OFFSET_MS: i64 = 7 * 3_600_000;

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
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

/// The first instant of a local date.
pub fn start_of_day(date: LocalDate) -> Millis {
    let utc = date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis();
    Millis(utc - LOCAL_OFFSET_MS)
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
    fn an_instant_outside_the_calendar_has_no_date() {
        assert_eq!(Millis(i64::MAX).local_date(), None);
    }
}
