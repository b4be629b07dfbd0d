//! Dates and times in words: 19/08/2024, 21:00, "hôm qua". Local means Việt Nam. The clock comes in as an argument.

use super::pick;
use chrono::{Datelike, Days};
use keng_shared::time::{LOCAL_OFFSET_MS, LocalDate, Millis, parse_date, start_of_day};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// `19/08/2024`, in both languages: it is how dates are written in Việt Nam.
pub fn date(date: LocalDate) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
}

/// `21:00`, 24 hours.
pub fn time(at: Millis) -> String {
    let of_day = at.0.saturating_add(LOCAL_OFFSET_MS).rem_euclid(24 * HOUR);
    format!("{:02}:{:02}", of_day / HOUR, of_day % HOUR / MINUTE)
}

/// `21:00:05`, where seconds decide.
pub fn time_exact(at: Millis) -> String {
    format!("{}:{:02}", time(at), at.0.rem_euclid(MINUTE) / 1_000)
}

/// `21:00 19/08/2024`; a dash for an instant outside the calendar.
pub fn full(at: Millis) -> String {
    match at.local_date() {
        Some(day) => format!("{} {}", time(at), date(day)),
        None => "–".to_owned(),
    }
}

/// `hôm nay`, `hôm qua`, `ngày mai`, else the date.
pub fn day(day: LocalDate, today: LocalDate) -> String {
    let near = |days: i64| today.checked_add_signed(chrono::TimeDelta::days(days)) == Some(day);
    if near(0) {
        pick("hôm nay", "today").to_owned()
    } else if near(-1) {
        pick("hôm qua", "yesterday").to_owned()
    } else if near(1) {
        pick("ngày mai", "tomorrow").to_owned()
    } else {
        date(day)
    }
}

/// `21:00 hôm qua`.
pub fn instant(at: Millis, now: Millis) -> String {
    match (at.local_date(), now.local_date()) {
        (Some(then), Some(today)) => format!("{} {}", time(at), day(then, today)),
        _ => full(at),
    }
}

/// How long ago: `vừa xong`, `5 phút trước`, `3 giờ trước`, then the day.
pub fn ago(at: Millis, now: Millis) -> String {
    match now.since(at) {
        ..MINUTE => pick("vừa xong", "just now").to_owned(),
        ms @ ..HOUR => format!("{} {}", ms / MINUTE, pick("phút trước", "min ago")),
        ms if ms < 12 * HOUR => format!("{} {}", ms / HOUR, pick("giờ trước", "h ago")),
        _ => instant(at, now),
    }
}

/// A span from one instant to another: `21:00–23:30 hôm qua`, with both days when it crosses midnight.
pub fn span(from: Millis, to: Option<Millis>, now: Millis) -> String {
    let Some(to) = to else {
        return format!("{} {}", pick("từ", "since"), instant(from, now));
    };
    if from.local_date() == to.local_date() {
        format!("{}–{}", time(from), instant(to, now))
    } else {
        format!("{} – {}", instant(from, now), instant(to, now))
    }
}

/// A duration: `45 giây`, `12 phút`, `2 giờ 05 phút`.
pub fn duration(ms: i64) -> String {
    let seconds = ms.max(0) / 1_000;
    match seconds {
        0..60 => format!("{seconds} {}", pick("giây", "s")),
        60..3_600 => format!("{} {}", seconds / 60, pick("phút", "min")),
        _ => format!(
            "{} {} {:02} {}",
            seconds / 3_600,
            pick("giờ", "h"),
            seconds % 3_600 / 60,
            pick("phút", "min")
        ),
    }
}

/// A running clock: `1:05:09`, or `05:09` below an hour.
pub fn stopwatch(ms: i64) -> String {
    let seconds = ms.max(0) / 1_000;
    let (hours, minutes, rest) = (seconds / 3_600, seconds % 3_600 / 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{rest:02}")
    } else {
        format!("{minutes:02}:{rest:02}")
    }
}

/// The value of an `input type=date`: `2024-08-19`.
pub fn input_date(date: LocalDate) -> String {
    date.to_string()
}

/// The value of an `input type=datetime-local`: `2024-08-19T21:00`, in Việt Nam.
pub fn input_instant(at: Millis) -> String {
    at.local_date()
        .map(|day| format!("{}T{}", input_date(day), time(at)))
        .unwrap_or_default()
}

/// Reads the value of an `input type=datetime-local` as a time in Việt Nam.
pub fn parse_instant(text: &str) -> Option<Millis> {
    let (day, clock) = text.split_once('T')?;
    let (hours, minutes) = clock.split_once(':')?;
    let minutes = minutes.split(':').next()?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let inside = (0..24).contains(&hours) && (0..60).contains(&minutes);
    let start = start_of_day(parse_date(day)?);
    inside.then(|| start.plus(hours * HOUR + minutes * MINUTE))
}

/// Monday of the week that holds the date: weeks go from Monday to Sunday.
pub fn monday(date: LocalDate) -> LocalDate {
    let back = u64::from(date.weekday().num_days_from_monday());
    date.checked_sub_days(Days::new(back)).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::super::{Lang, set_lang};
    use super::*;

    fn at(text: &str) -> Millis {
        parse_instant(text).unwrap()
    }

    #[test]
    fn dates_and_times_are_written_as_in_viet_nam() {
        let start = at("2024-08-19T21:05");
        assert_eq!(
            (date(start.local_date().unwrap()), time(start)),
            ("19/08/2024".into(), "21:05".into())
        );
        assert_eq!(full(start), "21:05 19/08/2024");
        assert_eq!(time_exact(start.plus(9_999)), "21:05:09");
        assert_eq!(full(Millis(i64::MAX)), "–");
    }

    #[test]
    fn near_days_have_names_and_a_night_has_two_days() {
        let now = at("2024-08-20T08:00");
        assert_eq!(instant(at("2024-08-19T21:00"), now), "21:00 hôm qua");
        assert_eq!(instant(at("2024-08-18T21:00"), now), "21:00 18/08/2024");
        assert_eq!(
            span(at("2024-08-19T21:00"), Some(at("2024-08-20T02:00")), now),
            "21:00 hôm qua – 02:00 hôm nay"
        );
        assert_eq!(
            span(at("2024-08-19T21:00"), Some(at("2024-08-19T23:30")), now),
            "21:00–23:30 hôm qua"
        );
        assert_eq!(span(at("2024-08-20T07:00"), None, now), "từ 07:00 hôm nay");
    }

    #[test]
    fn ago_grows_from_now_to_a_day() {
        let now = at("2024-08-20T08:00");
        let words: Vec<String> = [0, 5 * MINUTE, 3 * HOUR, 13 * HOUR]
            .map(|ms| ago(now.plus(-ms), now))
            .to_vec();
        assert_eq!(
            words,
            ["vừa xong", "5 phút trước", "3 giờ trước", "19:00 hôm qua"]
        );
    }

    #[test]
    fn durations_are_said_and_stopwatches_tick() {
        assert_eq!(
            (
                duration(45_000),
                duration(12 * MINUTE),
                duration(2 * HOUR + 5 * MINUTE)
            ),
            ("45 giây".into(), "12 phút".into(), "2 giờ 05 phút".into())
        );
        assert_eq!(
            (stopwatch(309_000), stopwatch(3_909_000), stopwatch(-1)),
            ("05:09".into(), "1:05:09".into(), "00:00".into())
        );
        set_lang(Lang::En);
        assert_eq!(duration(2 * HOUR), "2 h 00 min");
        set_lang(Lang::Vi);
    }

    #[test]
    fn what_an_input_shows_is_what_it_reads() {
        assert_eq!(input_instant(at("2024-08-19T00:30")), "2024-08-19T00:30");
        assert_eq!(parse_instant("2024-08-19T00:30:59"), Some(at("2024-08-19T00:30")));
        for bad in [
            "",
            "2024-08-19",
            "2024-08-19T24:00",
            "2024-13-01T00:00",
            "2024-08-19T1x:00",
        ] {
            assert_eq!(parse_instant(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_week_begins_on_monday() {
        let sunday: LocalDate = "2024-08-25".parse().unwrap();
        assert_eq!(date(monday(sunday)), "19/08/2024");
    }
}
