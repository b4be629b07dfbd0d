//! When a case must have been verified: hours around the clock for what cannot wait, working hours for the rest.
//!
//! Working days are Monday to Friday, 07:30–11:30 and 13:30–17:30, without public holidays (Bộ luật Lao động 2019,
//! điều 112). A holiday on a weekend moves to the next working day (điều 111 khoản 3). Holidays of the lunar calendar
//! are listed by year; a year that is not listed has only those of the solar calendar. What the Prime Minister announces
//! each year, days off and days that make up for them, is said by [`Announced`] and goes before all of this.

use super::Severity;
use crate::json::{FromJson, ToJson};
use crate::time::{LocalDate, Millis, start_of_day};
use chrono::{Datelike, Days, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// Working hours of a day, in minutes after midnight.
pub const WORKING_HOURS: [(i64, i64); 2] = [(7 * 60 + 30, 11 * 60 + 30), (13 * 60 + 30, 17 * 60 + 30)];
/// Public holidays with a fixed date: month, day. National Day has two days; the second is the one before.
const SOLAR: [(u32, u32, Holiday); 5] = [
    (1, 1, Holiday::NewYear),
    (4, 30, Holiday::Reunification),
    (5, 1, Holiday::Labour),
    (9, 1, Holiday::NationalDay),
    (9, 2, Holiday::NationalDay),
];
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

/// What was announced for single dates: whether people work.
pub type Announced = BTreeMap<LocalDate, bool>;

/// Why people do not work on a date of the calendar that ships.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Holiday {
    /// 1 January.
    NewYear,
    /// Five days from the eve of the lunar new year.
    Tet,
    /// The tenth of the third lunar month.
    HungKings,
    /// 30 April.
    Reunification,
    /// 1 May.
    Labour,
    /// 2 September and the day before.
    NationalDay,
    /// Instead of one of these that is on a weekend.
    Instead,
}

/// When a case received at `from` is due.
pub fn due(severity: Severity, from: Millis, announced: &Announced) -> Millis {
    match allowed(severity) {
        Allowed::AroundTheClock(hours) => from.plus(hours * HOUR_MS),
        Allowed::Working(hours) => after_working(from, hours * HOUR_MS, announced),
    }
}

/// Whether people work on this date.
pub fn is_working_day(date: LocalDate, announced: &Announced) -> bool {
    works(date, &holidays(date.year()), announced)
}

/// Whether the days of Tết of a year ship with the program; those of other years have to be announced.
pub fn knows_tet(year: i32) -> bool {
    LUNAR.iter().any(|(of, _, _)| *of == year)
}

fn works(date: LocalDate, holidays: &BTreeMap<LocalDate, Holiday>, announced: &Announced) -> bool {
    let shipped = || !is_weekend(date) && !holidays.contains_key(&date);
    announced.get(&date).copied().unwrap_or_else(shipped)
}

/// The instant at which `left` milliseconds of working time have passed since `from`.
fn after_working(from: Millis, mut left: i64, announced: &Announced) -> Millis {
    let Some(mut date) = from.local_date() else {
        return from.plus(left);
    };
    let mut off = holidays(date.year());
    let mut year = date.year();
    loop {
        if date.year() != year {
            year = date.year();
            off = holidays(year);
        }
        if works(date, &off, announced) {
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
pub fn holidays(year: i32) -> BTreeMap<LocalDate, Holiday> {
    let solar = SOLAR
        .iter()
        .map(|&(month, day, holiday)| (year, month, day, holiday));
    let lunar = LUNAR.iter().filter(|(of, _, _)| *of == year);
    // Of the lunar holidays only Giỗ Tổ can fall on a day after February.
    let lunar = lunar.map(|&(year, month, day)| match month {
        1 | 2 => (year, month, day, Holiday::Tet),
        _ => (year, month, day, Holiday::HungKings),
    });
    let named: BTreeMap<LocalDate, Holiday> = solar
        .chain(lunar)
        .filter_map(|(year, month, day, holiday)| Some((LocalDate::from_ymd_opt(year, month, day)?, holiday)))
        .collect();
    let mut off = named.clone();
    for holiday in named.into_keys().filter(|date| is_weekend(*date)) {
        let mut instead = holiday;
        while is_weekend(instead) || off.contains_key(&instead) {
            match instead.checked_add_days(Days::new(1)) {
                Some(next) => instead = next,
                None => return off,
            }
        }
        off.insert(instead, Holiday::Instead);
    }
    off
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(severity: Severity, from: Millis) -> Millis {
        super::due(severity, from, &Announced::new())
    }

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

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
        let nothing = Announced::new();
        assert!(!is_working_day(day("2026-04-27"), &nothing));
        assert!(is_working_day(day("2026-04-28"), &nothing));
        assert_eq!(holidays(2026)[&day("2026-04-27")], Holiday::Instead);
        assert_eq!(holidays(2026)[&day("2026-04-26")], Holiday::HungKings);
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

    #[test]
    fn what_was_announced_goes_before_what_ships() {
        let friday = at("2028-01-21", 17, 30);
        assert!(!knows_tet(2028) && knows_tet(2027));
        assert_eq!(due(Severity::High, friday), at("2028-01-24", 17, 30));
        let week_off = (24..=30).map(|date| (day(&format!("2028-01-{date}")), false));
        let mut announced: Announced = week_off.collect();
        assert_eq!(
            super::due(Severity::High, friday, &announced),
            at("2028-01-31", 17, 30)
        );
        // A Saturday makes up for one of them.
        announced.insert(day("2028-01-22"), true);
        assert_eq!(
            super::due(Severity::High, friday, &announced),
            at("2028-01-22", 17, 30)
        );
        // A holiday that ships can be a working day.
        announced.insert(day("2028-05-01"), true);
        assert!(is_working_day(day("2028-05-01"), &announced));
    }
}
