//! A plan taken up again in a later year.

use super::plan::{Condition, Deadline, PlanTerms, Span};
use crate::time::LocalDate;
use chrono::Datelike;

impl PlanTerms {
    /// The same plan so many years later: every date moves, 29 February to the 28th where there is none, and so does the
    /// year of its period where the title and the words of targets name it. The document that it was taken from stays.
    #[must_use]
    pub fn years_later(mut self, years: i32) -> Self {
        let shift = |date: LocalDate| {
            let year = date.year() + years;
            date.with_year(year)
                .or_else(|| LocalDate::from_ymd_opt(year, date.month(), 28))
                .unwrap_or(date)
        };
        let span = |span: Span| Span {
            from: shift(span.from),
            to: shift(span.to),
        };
        let deadline = |deadline: Deadline| Deadline {
            date: shift(deadline.date),
            ..deadline
        };
        let (first, last) = (self.period.from.year(), self.period.to.year());
        let reword = |words: &mut String| *words = moved(words, &[first, last], years);
        reword(&mut self.title);
        self.issued_on = self.issued_on.map(shift);
        self.period = span(self.period);
        self.cut_off = self.cut_off.map(shift);
        self.due = self.due.map(shift);
        for target in &mut self.targets {
            reword(&mut target.text);
            target.period = target.period.map(span);
            for condition in target.source.iter_mut().flat_map(|source| &mut source.conditions) {
                if let Condition::Within { windows, .. } = condition {
                    for window in windows {
                        window.days = span(window.days);
                    }
                }
            }
            target.deadline = target.deadline.map(deadline);
            for own in &mut target.own {
                own.deadline = own.deadline.map(deadline);
            }
        }
        self
    }
}

/// The words with these years so many years later. A year is a word of four digits. In a full date ("ngày 22/10/2025")
/// or in a number ("12/2024/NQ-HĐND") it belongs to a document, which stays.
fn moved(words: &str, years: &[i32], later: i32) -> String {
    let mut said = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(start) = rest.find(|char: char| char.is_ascii_digit()) {
        let (before, from_digit) = rest.split_at(start);
        let end = from_digit.find(|char: char| !char.is_ascii_digit());
        let (digits, after) = from_digit.split_at(end.unwrap_or(from_digit.len()));
        said.push_str(before);
        let stands_alone = !said.ends_with(char::is_alphabetic) && !after.starts_with(char::is_alphabetic);
        let year = digits
            .parse()
            .ok()
            .filter(|year| digits.len() == 4 && years.contains(year));
        match year.filter(|_| stands_alone && !after.starts_with('/') && !ends_in_day_and_month(&said)) {
            Some(year) => said.push_str(&(year + later).to_string()),
            None => said.push_str(digits),
        }
        rest = after;
    }
    said.push_str(rest);
    said
}

/// Whether the words end in "22/10/".
fn ends_in_day_and_month(said: &str) -> bool {
    let mut parts = said.rsplit('/');
    let (end, month, day) = (parts.next(), parts.next(), parts.next());
    let is_number = |char: char| char.is_ascii_digit();
    end == Some("")
        && month.is_some_and(|month| !month.is_empty() && month.chars().all(is_number))
        && day.is_some_and(|day| day.ends_with(is_number))
}

#[cfg(test)]
mod tests {
    use super::moved;

    #[test]
    fn the_year_of_a_plan_moves_where_it_is_a_word_and_nowhere_else() {
        for (said, later) in [
            ("Kế hoạch năm 2024", "Kế hoạch năm 2026"),
            (
                "trong Quý I/2024, tăng so với 2023",
                "trong Quý I/2026, tăng so với 2023",
            ),
            (
                "Chỉ thị 01 ngày 22/10/2024, tháng 10/2024",
                "Chỉ thị 01 ngày 22/10/2024, tháng 10/2026",
            ),
            (
                "theo Nghị quyết 12/2024/NQ-HĐND",
                "theo Nghị quyết 12/2024/NQ-HĐND",
            ),
            ("20240 cuộc, mã A2024", "20240 cuộc, mã A2024"),
        ] {
            assert_eq!(moved(said, &[2024, 2024], 2), later);
        }
        assert_eq!(moved("từ 2024 đến 2025", &[2024, 2025], 1), "từ 2025 đến 2026");
    }
}
