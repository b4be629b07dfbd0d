//! What cells of a plan say: how a figure is compared, with what, and until when; as plans write it.

use chrono::NaiveDate;
use keng_shared::target::{Comparator, Deadline, DeadlineRule, Thousandths};
use keng_shared::text;
use keng_shared::time::LocalDate;

/// What is asked, as far as a cell says it: "Trên 80%", "≥ 3", "từ 2 buổi trở lên".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub comparator: Option<Comparator>,
    pub value: Thousandths,
    /// The unit behind the number.
    pub measure: String,
}

const SIGNS: [(&str, Comparator); 7] = [
    (">=", Comparator::AtLeast),
    ("≥", Comparator::AtLeast),
    ("<=", Comparator::AtMost),
    ("≤", Comparator::AtMost),
    (">", Comparator::MoreThan),
    ("<", Comparator::LessThan),
    ("=", Comparator::Exactly),
];

/// Words before a number, folded, the longer ones first.
const BEFORE: [(&str, Comparator); 17] = [
    ("khong it hon", Comparator::AtLeast),
    ("khong thap hon", Comparator::AtLeast),
    ("khong duoi", Comparator::AtLeast),
    ("it nhat", Comparator::AtLeast),
    ("toi thieu", Comparator::AtLeast),
    ("tro len", Comparator::AtLeast),
    ("nhieu hon", Comparator::MoreThan),
    ("khong qua", Comparator::AtMost),
    ("nhieu nhat", Comparator::AtMost),
    ("toi da", Comparator::AtMost),
    ("tu", Comparator::AtLeast),
    ("dat", Comparator::AtLeast),
    ("tren", Comparator::MoreThan),
    ("hon", Comparator::MoreThan),
    ("duoi", Comparator::LessThan),
    ("dung", Comparator::Exactly),
    ("bang", Comparator::Exactly),
];

/// A comparator alone in its cell.
pub fn comparator(cell: &str) -> Option<Comparator> {
    let key = text::search_key(cell);
    let sign = SIGNS.iter().find(|(sign, _)| cell.trim() == *sign);
    let found = sign.or_else(|| BEFORE.iter().find(|(words, _)| key == *words));
    found.map(|(_, comparator)| *comparator)
}

/// What a cell asks for; none where it is not understood, also where it holds a second number.
pub fn asked(cell: &str) -> Option<Asked> {
    let words: Vec<&str> = cell.split_whitespace().collect();
    let folded: Vec<String> = words.iter().map(|word| text::search_key(word)).collect();
    let first = words
        .iter()
        .position(|word| word.contains(|char: char| char.is_ascii_digit()))?;
    // "≥3" is one word, "từ 2" are two.
    let (sign, number) = split_sign(words.get(first)?);
    let lead: Vec<&str> = words.iter().take(first).copied().collect();
    let told = folded
        .iter()
        .take(first)
        .filter(|word| !word.is_empty())
        .cloned()
        .collect::<Vec<_>>();
    let in_words = match (told.is_empty(), lead.as_slice()) {
        (true, []) => None,
        (true, [sign]) => Some(SIGNS.iter().find(|(known, _)| known == sign)?.1),
        (true, _) => return None,
        (false, _) => Some(BEFORE.iter().find(|(words, _)| *words == told.join(" "))?.1),
    };
    let is_rate = number.ends_with('%');
    let value = value(number)?;
    let mut rest: Vec<&str> = words.iter().skip(first + 1).copied().collect();
    let key = folded
        .iter()
        .skip(first + 1)
        .cloned()
        .collect::<Vec<_>>()
        .join(" ");
    let after = match () {
        () if key.ends_with("tro len") => Some(Comparator::AtLeast),
        () if key.ends_with("tro xuong") => Some(Comparator::AtMost),
        () => None,
    };
    if after.is_some() {
        rest.truncate(rest.len().saturating_sub(2));
    }
    let measure = rest.join(" ");
    if measure.contains(|char: char| char.is_ascii_digit()) {
        return None;
    }
    Some(Asked {
        comparator: after.or(sign).or(in_words),
        value,
        measure: match is_rate {
            true => "%".to_owned(),
            false => measure,
        },
    })
}

/// A sign before a value, and the value.
fn split_sign(word: &str) -> (Option<Comparator>, &str) {
    let sign = SIGNS.iter().find(|(sign, _)| word.starts_with(sign));
    match sign {
        Some((sign, comparator)) => (Some(*comparator), word.get(sign.len()..).unwrap_or_default()),
        None => (None, word),
    }
}

/// A number as Vietnamese write it: a comma before decimals, points between thousands, "%" behind it or not.
fn value(cell: &str) -> Option<Thousandths> {
    let cell = cell.trim().trim_end_matches('%').trim();
    let (whole, rest) = match cell.split_once(',') {
        Some((whole, rest)) => (whole.replace('.', ""), rest),
        // A point before exactly three digits stands between thousands.
        None => match cell.rsplit_once('.') {
            Some((_, rest)) if rest.len() == 3 => (cell.replace('.', ""), ""),
            Some((whole, rest)) => (whole.to_owned(), rest),
            None => (cell.to_owned(), ""),
        },
    };
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_number(&whole) || !is_number(rest) || rest.len() > 3 {
        return None;
    }
    let whole: i64 = whole.parse().ok().filter(|number| *number <= 1_000_000_000)?;
    let rest: i64 = format!("{rest:0<3}").parse().ok()?;
    Some(Thousandths(whole * 1_000 + rest))
}

/// "trước 12/3/2024", "12/03", "31-12-2024", "2024-12-31", "quý I", "tháng 6".
pub fn deadline(cell: &str, year: i32) -> Option<Deadline> {
    let key = text::search_key(cell);
    let rule = match ["truoc", "xong truoc"].iter().any(|word| key.starts_with(word)) {
        true => DeadlineRule::Before,
        false => DeadlineRule::By,
    };
    let numbers: Vec<u32> = key
        .split(|char: char| !char.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map_while(|part| part.parse().ok())
        .collect();
    let of = |year: i32, month: u32, day: u32| NaiveDate::from_ymd_opt(year, month, day);
    let named = numbers.iter().copied().find(|number| *number > 1_900);
    let year = named.map_or(Some(year), |number| i32::try_from(number).ok())?;
    let short: Vec<u32> = numbers.into_iter().filter(|number| *number <= 1_900).collect();
    let date: Option<LocalDate> = match short.as_slice() {
        _ if key.contains("quy") => {
            let last = quarter(&key)? * 3;
            let month = if rule == DeadlineRule::Before {
                last - 2
            } else {
                last
            };
            edge(rule, year, month)
        }
        // 2024-12-31 and 31/12/2024.
        [month, day] if cell.trim().starts_with(&year.to_string()) => of(year, *month, *day),
        [day, month] => of(year, *month, *day),
        [month] if key.contains("thang") || named.is_some() => edge(rule, year, *month),
        _ => None,
    };
    date.map(|date| Deadline { date, rule })
}

/// The last day of a month; its first one where the day itself is excluded.
fn edge(rule: DeadlineRule, year: i32, month: u32) -> Option<LocalDate> {
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    match rule {
        DeadlineRule::Before => Some(first),
        DeadlineRule::By => first
            .checked_add_months(chrono::Months::new(1))
            .and_then(|next| next.pred_opt()),
    }
}

/// "quý III" is 3.
fn quarter(key: &str) -> Option<u32> {
    let named = key.split("quy").nth(1)?.split_whitespace().next()?;
    match named.split('/').next()? {
        "i" | "1" => Some(1),
        "ii" | "2" => Some(2),
        "iii" | "3" => Some(3),
        "iv" | "4" => Some(4),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_plans_write_them() {
        for (written, comparator, thousandths, measure) in [
            ("80%", None, 80_000, "%"),
            ("1,5", None, 1_500, ""),
            ("1.200", None, 1_200_000, ""),
            ("2.5", None, 2_500, ""),
            ("Trên 80%", Some(Comparator::MoreThan), 80_000, "%"),
            ("≥ 3", Some(Comparator::AtLeast), 3_000, ""),
            (">=3", Some(Comparator::AtLeast), 3_000, ""),
            (
                "từ 2 mô hình trở lên",
                Some(Comparator::AtLeast),
                2_000,
                "mô hình",
            ),
            ("02 mô hình trở lên", Some(Comparator::AtLeast), 2_000, "mô hình"),
            ("không quá 1,5 %", Some(Comparator::AtMost), 1_500, "%"),
            ("ít nhất 01", Some(Comparator::AtLeast), 1_000, ""),
            ("12 buổi/năm/xã", None, 12_000, "buổi/năm/xã"),
        ] {
            let measure = measure.to_owned();
            let value = Thousandths(thousandths);
            let read = Asked {
                comparator,
                value,
                measure,
            };
            assert_eq!(asked(written), Some(read), "{written}");
        }
        for odd in ["", "ba", "-1", "1,2345", "từ 2 đến 5", "gần 3", "2-3", "mười"] {
            assert_eq!(asked(odd), None, "{odd}");
        }
    }

    #[test]
    fn dates_are_read_as_plans_write_them() {
        for (written, last_day) in [
            ("12/3", "2026-03-12"),
            ("trước 12/3/2024", "2024-03-11"),
            ("31-12-2025", "2025-12-31"),
            ("2025-12-31", "2025-12-31"),
            ("tháng 6", "2026-06-30"),
            ("trước tháng 6", "2026-05-31"),
            ("quý I", "2026-03-31"),
            ("Quý IV/2024", "2024-12-31"),
            ("quý 4/2025", "2025-12-31"),
            ("trước quý 2", "2026-03-31"),
            ("10/2026", "2026-10-31"),
        ] {
            let found = deadline(written, 2026).unwrap_or_else(|| panic!("{written}"));
            assert_eq!(found.last_day().to_string(), last_day, "{written}");
        }
        assert_eq!(deadline("cuối năm", 2026), None);
    }
}
