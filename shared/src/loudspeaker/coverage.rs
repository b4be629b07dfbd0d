//! How often a residential area was reached, against the target.

use crate::time::LocalDate;

/// Sessions a week that a residential area should hear on average (target D0-A1.17a: "trung bình 3 buổi/tuần/thôn").
pub const TARGET_PER_WEEK: u32 = 3;

/// Days of the period from `from` to `to` that have begun on `today`, both ends included.
pub fn elapsed_days(from: LocalDate, to: LocalDate, today: LocalDate) -> u32 {
    let days = to.min(today).signed_duration_since(from).num_days() + 1;
    u32::try_from(days).unwrap_or(0)
}

/// Sessions a week in tenths, rounded half up; none while nothing has elapsed.
pub fn average_tenths(sessions: u32, days: u32) -> Option<u32> {
    // 7 days a week, 10 tenths, and twice for rounding.
    let doubled = sessions.saturating_mul(140).checked_div(days)?;
    Some(doubled.saturating_add(1) / 2)
}

/// Whether so many sessions in so many days are [`TARGET_PER_WEEK`] or more on average, without rounding.
pub fn meets_target(sessions: u32, days: u32) -> bool {
    sessions.saturating_mul(7) >= TARGET_PER_WEEK.saturating_mul(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    #[test]
    fn days_that_have_not_begun_do_not_count() {
        let (from, to) = (day("2026-11-02"), day("2026-11-29"));
        assert_eq!(elapsed_days(from, to, day("2026-11-22")), 21);
        assert_eq!(elapsed_days(from, to, day("2027-01-01")), 28);
        assert_eq!(elapsed_days(from, to, day("2026-11-01")), 0);
    }

    #[test]
    fn nine_sessions_in_three_weeks_meet_the_target_and_eight_do_not() {
        assert!(meets_target(9, 21));
        assert!(!meets_target(8, 21));
        assert_eq!(average_tenths(9, 21), Some(30));
        assert_eq!(average_tenths(8, 21), Some(27), "2.67");
        assert_eq!(average_tenths(1, 28), Some(3), "0.25 is rounded up");
        assert_eq!(average_tenths(1, 0), None);
    }
}
