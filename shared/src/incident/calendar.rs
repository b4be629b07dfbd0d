//! When a case must have been verified: hours around the clock for what cannot wait, working hours for the rest.
//!
//! Working days are Monday to Friday, 07:30–11:30 and 13:30–17:30, without public holidays (Bộ luật Lao động 2019,
//! điều 112). A holiday on a weekend moves to the next working day (điều 111 khoản 3). Holidays of the lunar calendar
//! are listed by year; a year that is not listed has only those of the solar calendar.

use super::Severity;
use crate::time::{LocalDate, Millis, start_of_day};
use chrono::{Datelike, Days, Weekday};
use std::collections::BTreeSet;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// Working hours of a day, in minutes after midnight.
pub const WORKING_HOURS: [(i64, i64); 2] = [(7 * 60 + 30, 11 * 60 + 30), (13 * 60 + 30, 17 * 60 + 30)];
/// Public holidays with a fixed date: month, day. National Day has two days; the second is the one before.
const SOLAR: [(u32, u32); 5] = [(1, 1), (4, 30), (5, 1), (9, 1), (9, 2)];
/// Public holidays of the lunar calendar: Tết (five days from the eve) and Giỗ Tổ Hùng Vương, as solar dates.
const LUNAR: [(i32, u32, u32); 18] = [
    (2025, 1, 28),
    (2025, 1, 29),
    (2025, 1, 30),
    (2025, 1, 31),
    (2025, 2, 1),
    (2025, 4, 7),
    (2026, 2, 16),
    (2026, 2, 17),
    (2026, 2, 18),
    (2026, 2, 19),
    (2026, 2, 20),
    (2026, 4, 26),
    (2027, 2, 5),
    (2027, 2, 6),
    (2027, 2, 7),
    (2027, 2, 8),
    (2027, 2, 9),
    (2027, 4, 16),
];

/// How much time there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    /// So many hours, day and night.
    AroundTheClock(i64),
    /// So many working hours.
    Working(i64),
}

/// The time allowed from the report until the case is verified and handed over or closed: 2 hours day and night for
/// what is critical, one working day (8 hours) for what is serious, three and five working days for the rest.
pub fn allowed(severity: Severity) -> Allowed {
    match severity {
        Severity::Critical => Allowed::AroundTheClock(2),
        Severity::High => Allowed::Working(8),
        Severity::Medium => Allowed::Working(24),
        Severity::Low => Allowed::Working(40),
    }
}

/// When a case received at `from` is due.
pub fn due(severity: Severity, from: Millis) -> Millis {
    match allowed(severity) {
        Allowed::AroundTheClock(hours) => from.plus(hours * HOUR_MS),
        Allowed::Working(hours) => after_working(from, hours * HOUR_MS),
    }
}

/// Whether people work on this date.
pub fn is_working_day(date: LocalDate) -> bool {
    !is_weekend(date) && !days_off(date.year()).contains(&date)
}

/// The instant at which `left` milliseconds of working time have passed since `from`.
fn after_working(from: Millis, mut left: i64) -> Millis {
    let Some(mut date) = from.local_date() else {
        return from.plus(left);
    };
    let mut off = days_off(date.year());
    let mut year = date.year();
    loop {
        if date.year() != year {
            year = date.year();
            off = days_off(year);
        }
        if !is_weekend(date) && !off.contains(&date) {
            for (opens, closes) in WORKING_HOURS {
                let midnight = start_of_day(date);
                let opens = midnight.plus(opens * MINUTE_MS).max(from);
                let closes = midnight.plus(closes * MINUTE_MS);
                let open_for = closes.since(opens).max(0);
                if open_for >= left {
                    return opens.plus(left);
                }
                left -= open_for;
            }
        }
        match date.checked_add_days(Days::new(1)) {
            Some(next) => date = next,
            None => return from.plus(left),
        }
    }
}

fn is_weekend(date: LocalDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Public holidays of a year, and the working days that stand in for those on a weekend.
fn days_off(year: i32) -> BTreeSet<LocalDate> {
    let solar = SOLAR.iter().map(|&(month, day)| (year, month, day));
    let lunar = LUNAR.iter().copied().filter(|(of, _, _)| *of == year);
    let named: BTreeSet<LocalDate> = solar
        .chain(lunar)
        .filter_map(|(year, month, day)| LocalDate::from_ymd_opt(year, month, day))
        .collect();
    let mut off = named.clone();
    for holiday in named.into_iter().filter(|date| is_weekend(*date)) {
        let mut instead = holiday;
        while is_weekend(instead) || off.contains(&instead) {
            match instead.checked_add_days(Days::new(1)) {
                Some(next) => instead = next,
                None => return off,
            }
        }
        off.insert(instead);
    }
    off
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(date: &str, hour: i64, minute: i64) -> Millis {
        start_of_day(date.parse().unwrap()).plus(hour * HOUR_MS + minute * MINUTE_MS)
    }

    #[test]
    fn what_is_critical_is_due_in_two_hours_on_a_sunday_night_too() {
        let sunday = at("2026-11-22", 23, 30);
        assert_eq!(due(Severity::Critical, sunday), at("2026-11-23", 1, 30));
    }

    #[test]
    fn what_is_serious_on_friday_afternoon_is_due_on_monday_afternoon() {
        let friday = at("2026-11-20", 16, 30);
        // One hour is left of Friday; seven more end at 16:30 on Monday.
        assert_eq!(due(Severity::High, friday), at("2026-11-23", 16, 30));
    }

    #[test]
    fn the_noon_break_and_the_night_are_not_working_time() {
        assert_eq!(
            due(Severity::High, at("2026-11-23", 12, 0)),
            at("2026-11-24", 11, 30)
        );
        assert_eq!(
            due(Severity::High, at("2026-11-23", 5, 0)),
            at("2026-11-23", 17, 30)
        );
    }

    #[test]
    fn a_holiday_is_no_working_day_and_one_on_a_weekend_moves_to_monday() {
        // 30 April and 1 May 2026 are Thursday and Friday: from Wednesday evening to Monday.
        assert_eq!(
            due(Severity::High, at("2026-04-29", 18, 0)),
            at("2026-05-04", 17, 30)
        );
        // Giỗ Tổ 2026 is a Sunday.
        assert!(!is_working_day("2026-04-27".parse().unwrap()));
        assert!(is_working_day("2026-04-28".parse().unwrap()));
    }

    #[test]
    fn tet_is_a_week_without_working_hours() {
        let before = at("2026-02-13", 17, 30);
        assert_eq!(due(Severity::High, before), at("2026-02-23", 17, 30));
    }

    #[test]
    fn the_time_allowed_grows_as_the_severity_falls() {
        let from = at("2026-11-23", 9, 0);
        let due: Vec<_> = Severity::ALL
            .iter()
            .map(|severity| due(*severity, from))
            .collect();
        assert!(due.is_sorted());
        assert_eq!(due[2], at("2026-11-26", 9, 0));
    }
}
