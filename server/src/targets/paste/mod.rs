//! A plan's targets out of a spreadsheet. Every cell that is not understood says so; nothing is taken before a person has
//! looked at it.
//!
//! The columns are those of an appendix: number, words, indicator, comparator, value, unit of measure, deadline. A line of
//! heads in any order names them; without one they come in this order. A line with the words of a plan that ships is that
//! plan's target, and its cells may stay empty; otherwise the indicator is the one that is named or chosen, or a guess from
//! the words, which is told as one.

mod cells;
mod table;

use super::ready_made::{self, Shipped};
use super::{guess, indicators};
use cells::Asked;
use keng_shared::api::{
    Indicator, PasteColumn, PasteError, PasteMatch, PasteProblem, PasteRequest, PastedLine,
};
use keng_shared::area::AreaTree;
use keng_shared::target::{Aggregation, Comparator, Deadline, MAX_TARGETS, Target};
use keng_shared::text;
use std::collections::HashMap;

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
const HEADS: [(&str, PasteColumn); 26] = [
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
    ("chi tieu giao", PasteColumn::Value),
    ("so luong", PasteColumn::Value),
    ("muc", PasteColumn::Value),
    ("han cuoi", PasteColumn::Deadline),
    ("thoi gian", PasteColumn::Deadline),
    ("thoi gian hoan thanh", PasteColumn::Deadline),
    ("don vi tinh", PasteColumn::Measure),
    ("dvt", PasteColumn::Measure),
    ("thoi han", PasteColumn::Deadline),
    ("han", PasteColumn::Deadline),
];

/// The lines of a text, each with its target or with what is wrong in it.
pub fn read(tree: &AreaTree, request: &PasteRequest) -> Vec<PastedLine> {
    let reader = Reader {
        year: request.year,
        shipped: ready_made::shipped(tree, request.area, request.year),
        catalogue: indicators::all(),
    };
    let mut columns: Vec<Option<PasteColumn>> = ORDER.into_iter().map(Some).collect();
    let mut lines: Vec<PastedLine> = Vec::new();
    // Which target of a shipped plan a line is, for the sums that name others by their numbers.
    let mut places: HashMap<(usize, String), String> = HashMap::new();
    for row in table::rows(&request.text) {
        if lines.is_empty()
            && let Some(named) = heads(&row.cells)
        {
            columns = named;
            continue;
        }
        if lines.len() >= MAX_TARGETS {
            break;
        }
        let cell = |column: PasteColumn| {
            let place = columns.iter().position(|known| *known == Some(column))?;
            let cell = row.cells.get(place).map(String::as_str);
            cell.filter(|cell| !cell.is_empty())
        };
        let chosen = request.chosen.iter().find(|chosen| chosen.line == row.line);
        let mut read = reader.line(&row, cell, chosen.map(|chosen| chosen.indicator.as_str()));
        let is_double = |other: &PastedLine| other.code == read.code && !read.code.is_empty();
        if lines.iter().any(is_double) {
            read.errors
                .push(PasteError::new(PasteColumn::Code, PasteProblem::Twice));
            read.target = None;
        }
        if let Some(shipped) = reader
            .worded(&read.text)
            .filter(|_| read.found == PasteMatch::Shipped)
        {
            places.insert((shipped.plan, shipped.target.code.clone()), read.code.clone());
        }
        lines.push(read);
    }
    for line in &mut lines {
        reader.find_parts(line, &places);
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

/// What lines are read with.
struct Reader {
    /// Completes dates without one.
    year: i32,
    /// Targets of the plans that ship, as they are for that year and area.
    shipped: Vec<Shipped>,
    catalogue: Vec<Indicator>,
}

impl Reader {
    /// The shipped target with these words; the year in them makes no difference.
    fn worded(&self, words: &str) -> Option<&Shipped> {
        let key = ready_made::words_key(words);
        self.shipped.iter().find(|shipped| shipped.key == key)
    }

    fn named(&self, name: &str) -> Option<&Indicator> {
        let key = text::search_key(name);
        let is_it = |one: &&Indicator| {
            one.id == name.trim() || text::search_key(&one.vi) == key || text::search_key(&one.en) == key
        };
        self.catalogue.iter().find(is_it)
    }

    /// The target that the line is modelled on, before its own cells, and how it was found.
    fn model(&self, words: &str, named: Option<&str>) -> Result<(Target, String, PasteMatch), PasteProblem> {
        if let Some(name) = named {
            let found = self.named(name).ok_or(PasteProblem::NotUnderstood)?;
            return Ok((found.target.clone(), found.id.clone(), PasteMatch::Named));
        }
        if let Some(shipped) = self.worded(words) {
            let is_it = |one: &&Indicator| indicators::counts_as(one, &shipped.target);
            let id = self.catalogue.iter().find(is_it).map(|one| one.id.clone());
            return Ok((
                shipped.target.clone(),
                id.unwrap_or_default(),
                PasteMatch::Shipped,
            ));
        }
        let (id, target) = guess::of(&self.catalogue, words).ok_or(PasteProblem::Missing)?;
        Ok((target, id, PasteMatch::Guessed))
    }

    fn line<'a>(
        &self,
        row: &table::Row,
        cell: impl Fn(PasteColumn) -> Option<&'a str>,
        chosen: Option<&str>,
    ) -> PastedLine {
        let mut errors: Vec<PasteError> = Vec::new();
        let mut wrong =
            |column: PasteColumn, problem: PasteProblem| errors.push(PasteError::new(column, problem));
        let words = cell(PasteColumn::Text).unwrap_or_default();
        if words.is_empty() {
            wrong(PasteColumn::Text, PasteProblem::Missing);
        }
        let model = self.model(words, chosen.or_else(|| cell(PasteColumn::Indicator)));
        let shipped = match &model {
            Ok((target, _, PasteMatch::Shipped)) => Some(target),
            _ => None,
        };
        let code = cell(PasteColumn::Code).or(shipped.map(|target| target.code.as_str()));
        let code = code.unwrap_or_default();
        if code.is_empty() {
            wrong(PasteColumn::Code, PasteProblem::Missing);
        }
        let asked: Option<Asked> = match cell(PasteColumn::Value) {
            Some(written) => {
                let read = cells::asked(written);
                if read.is_none() {
                    wrong(PasteColumn::Value, PasteProblem::NotUnderstood);
                }
                read
            }
            None => {
                if shipped.is_none() {
                    wrong(PasteColumn::Value, PasteProblem::Missing);
                }
                shipped.map(|target| Asked {
                    comparator: Some(target.comparator),
                    value: target.value,
                    measure: target.measure.clone(),
                })
            }
        };
        let told = asked.as_ref().and_then(|asked| asked.comparator);
        let comparator = match cell(PasteColumn::Comparator) {
            None => told
                .or(shipped.map(|target| target.comparator))
                .unwrap_or(Comparator::AtLeast),
            Some(written) => match cells::comparator(written) {
                Some(own) if told.is_none_or(|told| told == own) => own,
                _ => {
                    wrong(PasteColumn::Comparator, PasteProblem::NotUnderstood);
                    Comparator::AtLeast
                }
            },
        };
        let deadline: Option<Deadline> = match cell(PasteColumn::Deadline) {
            None => shipped.and_then(|target| target.deadline),
            Some(written) => {
                let read = cells::deadline(written, self.year);
                if read.is_none() {
                    wrong(PasteColumn::Deadline, PasteProblem::NotUnderstood);
                }
                read
            }
        };
        if let Err(problem) = &model {
            wrong(PasteColumn::Indicator, *problem);
        }
        let (model, indicator, found) = match &model {
            Ok((target, indicator, found)) => (Some(target.clone()), indicator.clone(), *found),
            Err(_) => (None, String::new(), PasteMatch::Named),
        };
        let gap = match found {
            PasteMatch::Shipped => self.worded(words).and_then(|shipped| shipped.gap.clone()),
            PasteMatch::Named | PasteMatch::Guessed => None,
        };
        let target = model
            .zip(asked)
            .filter(|_| errors.is_empty())
            .map(|(model, asked)| Target {
                code: code.to_owned(),
                text: words.to_owned(),
                measure: [
                    cell(PasteColumn::Measure).unwrap_or_default(),
                    &asked.measure,
                    &model.measure,
                ]
                .into_iter()
                .find(|measure| !measure.is_empty())
                .unwrap_or_default()
                .to_owned(),
                comparator,
                value: asked.value,
                deadline,
                ..model
            });
        PastedLine {
            line: row.line,
            raw: row.raw.clone(),
            code: code.to_owned(),
            text: words.to_owned(),
            indicator,
            found,
            gap,
            errors,
            target,
        }
    }

    /// A sum of a shipped plan names its parts by their numbers there; here they have those of their lines.
    fn find_parts(&self, line: &mut PastedLine, places: &HashMap<(usize, String), String>) {
        let Some(Aggregation::Parts { codes }) = line.target.as_mut().map(|target| &mut target.aggregation)
        else {
            return;
        };
        let plan = self.worded(&line.text).map_or(usize::MAX, |shipped| shipped.plan);
        let found: Vec<String> = codes
            .iter()
            .filter_map(|code| {
                places
                    .get(&(plan, code.clone()))
                    .filter(|place| !place.is_empty())
                    .cloned()
            })
            .collect();
        *codes = found;
        if codes.is_empty() {
            line.target = None;
            line.errors
                .push(PasteError::new(PasteColumn::Indicator, PasteProblem::Missing));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::api::PasteChoice;
    use keng_shared::target::{Comparator, SplitBy, Thousandths};

    fn read(text: &str, chosen: &[(u32, &str)]) -> Vec<PastedLine> {
        let chosen = chosen.iter().map(|(line, indicator)| PasteChoice {
            line: *line,
            indicator: (*indicator).to_owned(),
        });
        let request = PasteRequest {
            text: text.to_owned(),
            year: 2026,
            area: None,
            chosen: chosen.collect(),
        };
        super::read(&AreaTree::default(), &request)
    }

    #[test]
    fn lines_of_an_appendix_become_targets() {
        let pasted = "TT\tNội dung chỉ tiêu\tĐếm theo\tMức giao\tĐVT\tThời hạn\n\
                      1\tTuyên truyền trên loa 3 buổi/tuần/thôn\t\t3\tbuổi/tuần/thôn\ttrước 01/12\n\
                      2\t\"Mô hình \"\"Camera với ANTT\"\"\"\tMô hình ra mắt: Camera với ANTT\t≥ 1\tmô hình\tquý III\n";
        let lines = read(pasted, &[]);
        let errors: Vec<_> = lines.iter().flat_map(|line| &line.errors).collect();
        assert_eq!(errors, Vec::<&PasteError>::new());
        let [first, second] = lines.as_slice() else {
            panic!("{lines:?}")
        };
        assert_eq!(first.found, PasteMatch::Guessed, "a guess is told as one");
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
    fn the_words_of_every_plan_that_ships_give_its_target_also_without_any_cell_but_them() {
        for plan in ready_made::all().unwrap() {
            let templates: Vec<Target> = plan.templates().collect();
            let lines: Vec<String> = templates
                .iter()
                .map(|target| format!("{}\t\"{}\"", target.code, target.text.replace('"', "\"\"")))
                .collect();
            let read = read(&lines.join("\n"), &[]);
            for (line, expected) in read.iter().zip(&templates) {
                let target = line.target.as_ref().unwrap_or_else(|| panic!("{line:?}"));
                assert_eq!((line.found, &target.text), (PasteMatch::Shipped, &expected.text));
                assert_eq!(target.aggregation, expected.aggregation, "{}", expected.code);
                assert_eq!(
                    (target.value, target.comparator),
                    (expected.value, expected.comparator)
                );
                assert_eq!(
                    line.gap.is_some(),
                    !plan.names_nobody(&expected.code),
                    "{}",
                    expected.code
                );
            }
            assert_eq!(read.len(), templates.len());
        }
    }

    #[test]
    fn what_a_cell_says_takes_the_place_of_what_the_plan_said() {
        let line =
            "9\tTuyên truyền trực tiếp: trung bình 12 buổi/năm/xã, thị trấn\t\t\tTrên 15 buổi\t\ttrước 12/3";
        let target = read(line, &[])[0].target.clone().unwrap();
        assert_eq!(
            (target.value, target.comparator),
            (Thousandths::whole(15), Comparator::MoreThan)
        );
        assert_eq!(target.aggregation, Aggregation::Average, "an average stays one");
        assert_eq!(target.deadline.unwrap().last_day().to_string(), "2026-03-11");
        let chosen = read(line, &[(1, "contest")]);
        assert_eq!(
            chosen[0].target.as_ref().unwrap().source.as_ref().unwrap().kind,
            "contest"
        );
        assert_eq!(chosen[0].found, PasteMatch::Named);
    }

    #[test]
    fn a_sum_finds_its_parts_by_the_numbers_of_their_lines() {
        let plan = ready_made::all()
            .unwrap()
            .iter()
            .find(|plan| plan.id == "ngoc_lac_2024")
            .unwrap();
        let of = |code: &str| plan.templates().find(|target| target.code == code).unwrap().text;
        let quoted = |number: &str, code: &str| format!("{number}\t\"{}\"", of(code).replace('"', "\"\""));
        let text = [quoted("1", "A2"), quoted("1a", "A2.a"), quoted("1b", "A2.b")].join("\n");
        let lines = read(&text, &[]);
        let codes = vec!["1a".to_owned(), "1b".to_owned()];
        assert_eq!(
            lines[0].target.as_ref().unwrap().aggregation,
            Aggregation::Parts { codes }
        );
        let alone = read(&quoted("1", "A2"), &[]);
        assert_eq!(alone[0].target, None, "a sum of nothing is none");
    }

    #[test]
    fn a_guess_takes_the_words_as_they_are_meant() {
        let one = |words: &str| {
            let line = read(&format!("1\t{words}\t\t\t2"), &[]).remove(0);
            line.target
                .map(|target| (line.indicator, target.aggregation, target.source.unwrap()))
        };
        let (id, ..) = one("Kế hoạch tổ chức Ngày hội toàn dân").unwrap();
        assert_eq!(id, "document:plan", "a plan of the festival is a document");
        let (id, ..) = one("Tập huấn cho học sinh, sinh viên").unwrap();
        assert_eq!(id, "training_class:pupils", "classes of one audience");
        let (_, aggregation, _) = one("Tuyên truyền trực tiếp bình quân 12 buổi/xã").unwrap();
        assert_eq!(aggregation, Aggregation::Average);
        let (_, _, source) = one("Họp giao ban mỗi quý một lần").unwrap();
        assert_eq!(source.split, Some(SplitBy::Quarter));
        assert_eq!(
            one("Kiểm tra đạt tỷ lệ cao"),
            None,
            "a rate of what only counts is no guess"
        );
    }

    #[test]
    fn every_cell_that_is_not_understood_says_so_and_gives_no_target() {
        let lines = read(
            "1\tViệc lạ\tkhông có\tgần\tnhiều\tlần\tsớm\n\t\t\t\t\n1\tViệc\tdocument\t\t2\t\t",
            &[],
        );
        let columns: Vec<_> = lines[0].errors.iter().map(|error| error.column).collect();
        for column in [
            PasteColumn::Comparator,
            PasteColumn::Value,
            PasteColumn::Deadline,
            PasteColumn::Indicator,
        ] {
            assert!(columns.contains(&column), "{columns:?}");
        }
        assert!(lines.iter().all(|line| line.target.is_none()));
        let last = lines.last().unwrap();
        assert_eq!((last.line, last.raw.as_str()), (3, "1\tViệc\tdocument\t\t2\t\t"));
        assert_eq!(
            last.errors,
            [PasteError::new(PasteColumn::Code, PasteProblem::Twice)]
        );
    }
}
