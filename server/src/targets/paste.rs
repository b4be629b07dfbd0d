//! A plan's targets out of a spreadsheet: lines of cells as a clipboard gives them, with tabs between. Every cell that is not
//! understood says so; nothing is taken before a person has looked at it.
//!
//! The columns are those of an appendix: number, words, indicator, comparator, value, unit of measure, deadline. A line of
//! heads in any order names them; without one they come in this order.

use super::indicators;
use chrono::NaiveDate;
use keng_shared::api::{Indicator, PasteColumn, PasteError, PasteProblem, PastedLine};
use keng_shared::target::{Comparator, Deadline, DeadlineRule, MAX_TARGETS, Target, Thousandths};
use keng_shared::text;
use keng_shared::time::LocalDate;

/// Columns in their order.
const ORDER: [PasteColumn; 7] = [
    PasteColumn::Code,
    PasteColumn::Text,
    PasteColumn::Indicator,
    PasteColumn::Comparator,
    PasteColumn::Value,
    PasteColumn::Measure,
    PasteColumn::Deadline,
];

/// Words that head a column, folded.
const HEADS: [(&str, PasteColumn); 20] = [
    ("stt", PasteColumn::Code),
    ("tt", PasteColumn::Code),
    ("so", PasteColumn::Code),
    ("so hieu", PasteColumn::Code),
    ("ma", PasteColumn::Code),
    ("code", PasteColumn::Code),
    ("chi tieu", PasteColumn::Text),
    ("noi dung", PasteColumn::Text),
    ("noi dung chi tieu", PasteColumn::Text),
    ("ten chi tieu", PasteColumn::Text),
    ("target", PasteColumn::Text),
    ("loai viec", PasteColumn::Indicator),
    ("dem theo", PasteColumn::Indicator),
    ("so sanh", PasteColumn::Comparator),
    ("muc giao", PasteColumn::Value),
    ("giao", PasteColumn::Value),
    ("don vi tinh", PasteColumn::Measure),
    ("dvt", PasteColumn::Measure),
    ("thoi han", PasteColumn::Deadline),
    ("han", PasteColumn::Deadline),
];

/// The lines of a text, each with its target or with what is wrong in it. `year` completes dates without one.
pub fn read(words: &str, year: i32) -> Vec<PastedLine> {
    let mut columns: Vec<Option<PasteColumn>> = ORDER.into_iter().map(Some).collect();
    let mut lines: Vec<PastedLine> = Vec::new();
    let written = words.lines().zip(1_u32..);
    for (line, number) in written.filter(|(line, _)| !line.trim().is_empty()) {
        let cells: Vec<String> = line.split('\t').map(|cell| unquoted(cell.trim())).collect();
        if lines.is_empty()
            && let Some(named) = heads(&cells)
        {
            columns = named;
            continue;
        }
        if lines.len() >= MAX_TARGETS {
            break;
        }
        let cell = |column: PasteColumn| {
            let place = columns.iter().position(|known| *known == Some(column))?;
            cells
                .get(place)
                .map(String::as_str)
                .filter(|cell| !cell.is_empty())
        };
        let mut read = one(number, cell, year);
        let is_double = |other: &PastedLine| other.code == read.code && !read.code.is_empty();
        if lines.iter().any(is_double) {
            read.errors
                .push(PasteError::new(PasteColumn::Code, PasteProblem::Twice));
            read.target = None;
        }
        lines.push(read);
    }
    lines
}

/// The columns that a line of heads names; none if it is no such line.
fn heads(cells: &[String]) -> Option<Vec<Option<PasteColumn>>> {
    let find = |cell: &String| {
        let key = text::search_key(cell);
        let found = HEADS.iter().find(|(head, _)| *head == key);
        found.map(|(_, column)| *column)
    };
    let named: Vec<Option<PasteColumn>> = cells.iter().map(find).collect();
    (named.iter().flatten().count() >= 2).then_some(named)
}

fn one<'a>(line: u32, cell: impl Fn(PasteColumn) -> Option<&'a str>, year: i32) -> PastedLine {
    let mut errors: Vec<PasteError> = Vec::new();
    let mut wrong =
        |column: PasteColumn, problem: PasteProblem| errors.push(PasteError::new(column, problem));
    let code = cell(PasteColumn::Code).unwrap_or_default();
    let words = cell(PasteColumn::Text).unwrap_or_default();
    if code.is_empty() {
        wrong(PasteColumn::Code, PasteProblem::Missing);
    }
    if words.is_empty() {
        wrong(PasteColumn::Text, PasteProblem::Missing);
    }
    // A number alone in the cell of the comparator, or a comparator before the value, is understood.
    let asked = cell(PasteColumn::Value).unwrap_or_default();
    let (sign, number) = split_sign(asked);
    let comparator = match cell(PasteColumn::Comparator) {
        None => Some(sign.unwrap_or(Comparator::AtLeast)),
        Some(text) => comparator(text),
    };
    if comparator.is_none() {
        wrong(PasteColumn::Comparator, PasteProblem::NotUnderstood);
    }
    let value = value(number);
    match (asked.is_empty(), value) {
        (true, _) => wrong(PasteColumn::Value, PasteProblem::Missing),
        (false, None) => wrong(PasteColumn::Value, PasteProblem::NotUnderstood),
        (false, Some(_)) => {}
    }
    let deadline = match cell(PasteColumn::Deadline) {
        None => Some(None),
        Some(text) => deadline(text, year).map(Some),
    };
    if deadline.is_none() {
        wrong(PasteColumn::Deadline, PasteProblem::NotUnderstood);
    }
    let indicator: Option<Indicator> = match cell(PasteColumn::Indicator) {
        Some(named) => {
            let found = indicators::named(named);
            if found.is_none() {
                wrong(PasteColumn::Indicator, PasteProblem::NotUnderstood);
            }
            found
        }
        None => {
            let found = indicators::guessed(words);
            if found.is_none() {
                wrong(PasteColumn::Indicator, PasteProblem::Missing);
            }
            found
        }
    };
    let found = comparator.zip(value).zip(deadline).zip(indicator.as_ref());
    let target = found
        .filter(|_| errors.is_empty())
        .map(|(((comparator, value), deadline), indicator)| Target {
            code: code.to_owned(),
            text: words.to_owned(),
            measure: cell(PasteColumn::Measure)
                .unwrap_or(&indicator.target.measure)
                .to_owned(),
            comparator,
            value,
            deadline,
            ..indicator.target.clone()
        });
    PastedLine {
        line,
        code: code.to_owned(),
        text: words.to_owned(),
        indicator: indicator.map(|indicator| indicator.id).unwrap_or_default(),
        errors,
        target,
    }
}

/// A cell without the quotes that spreadsheets put around texts with quotes in them.
fn unquoted(cell: &str) -> String {
    match cell.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => cell.to_owned(),
    }
}

const SIGNS: [(&str, Comparator); 18] = [
    (">=", Comparator::AtLeast),
    ("≥", Comparator::AtLeast),
    ("<=", Comparator::AtMost),
    ("≤", Comparator::AtMost),
    (">", Comparator::MoreThan),
    ("<", Comparator::LessThan),
    ("=", Comparator::Exactly),
    ("it nhat", Comparator::AtLeast),
    ("toi thieu", Comparator::AtLeast),
    ("tro len", Comparator::AtLeast),
    ("tu", Comparator::AtLeast),
    ("tren", Comparator::MoreThan),
    ("hon", Comparator::MoreThan),
    ("khong qua", Comparator::AtMost),
    ("toi da", Comparator::AtMost),
    ("duoi", Comparator::LessThan),
    ("dung", Comparator::Exactly),
    ("bang", Comparator::Exactly),
];

fn comparator(cell: &str) -> Option<Comparator> {
    let key = text::search_key(cell);
    let found = SIGNS.iter().find(|(sign, _)| cell == *sign || key == *sign);
    found.map(|(_, comparator)| *comparator)
}

/// A sign before a value, and the value.
fn split_sign(cell: &str) -> (Option<Comparator>, &str) {
    let sign = SIGNS.iter().take(7).find(|(sign, _)| cell.starts_with(sign));
    match sign {
        Some((sign, comparator)) => (
            Some(*comparator),
            cell.get(sign.len()..).unwrap_or_default().trim(),
        ),
        None => (None, cell),
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
fn deadline(cell: &str, year: i32) -> Option<Deadline> {
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
    use keng_shared::target::Aggregation;

    #[test]
    fn lines_of_an_appendix_become_targets() {
        let pasted = "TT\tNội dung chỉ tiêu\tĐếm theo\tMức giao\tĐVT\tThời hạn\n\
                      1\tTuyên truyền trên loa 3 buổi/tuần/thôn\t\t3\tbuổi/tuần/thôn\ttrước 01/12\n\
                      2\t\"Mô hình \"\"Camera với ANTT\"\"\"\tMô hình ra mắt: Camera với ANTT\t≥ 1\tmô hình\tquý III\n";
        let lines = read(pasted, 2026);
        let errors: Vec<_> = lines.iter().flat_map(|line| &line.errors).collect();
        assert_eq!(errors, Vec::<&PasteError>::new());
        let [first, second] = lines.as_slice() else {
            panic!("{lines:?}")
        };
        let target = first.target.as_ref().unwrap();
        assert_eq!(target.aggregation, Aggregation::WeeklyAverage);
        assert_eq!(target.value, Thousandths::whole(3));
        assert_eq!(target.deadline.unwrap().last_day().to_string(), "2026-11-30");
        let target = second.target.as_ref().unwrap();
        assert_eq!(target.text, "Mô hình \"Camera với ANTT\"");
        assert_eq!(target.source.as_ref().unwrap().kind, "self_management_model");
        assert_eq!(target.deadline.unwrap().last_day().to_string(), "2026-09-30");
    }

    #[test]
    fn every_cell_that_is_not_understood_says_so_and_gives_no_target() {
        let lines = read(
            "1\tViệc lạ\tkhông có\tgần\tnhiều\tlần\tsớm\n\t\t\t\t\n1\tViệc\tdocument\t\t2\t\t",
            2026,
        );
        let columns: Vec<_> = lines[0].errors.iter().map(|error| error.column).collect();
        assert_eq!(
            columns,
            [
                PasteColumn::Comparator,
                PasteColumn::Value,
                PasteColumn::Deadline,
                PasteColumn::Indicator
            ]
        );
        assert!(lines.iter().all(|line| line.target.is_none()));
        let last = lines.last().unwrap();
        assert_eq!(
            last.errors,
            [PasteError::new(PasteColumn::Code, PasteProblem::Twice)]
        );
    }

    #[test]
    fn values_and_dates_are_read_as_they_are_written_here() {
        for (written, thousandths) in [
            ("80%", 80_000),
            ("1,5", 1_500),
            ("1.200", 1_200_000),
            ("2.5", 2_500),
        ] {
            assert_eq!(value(written), Some(Thousandths(thousandths)), "{written}");
        }
        for odd in ["", "ba", "-1", "1,2345"] {
            assert_eq!(value(odd), None, "{odd}");
        }
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
