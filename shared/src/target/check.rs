//! What a plan must be to be stored.

use super::plan::{Aggregation, Amount, Condition, Level, LimitKey, PlanTerms, Source, SplitBy, Target};
use crate::kind::{self, FieldSpec, FieldType, KindShape, KindSpec};
use crate::problem::{FieldCode, FieldError};
use crate::text;

/// Most targets of a plan.
pub const MAX_TARGETS: usize = 200;
/// Longest title, issuer, source, in characters.
const MAX_LINE: usize = 500;
/// Longest text of a target, in characters.
const MAX_TEXT: usize = 1_000;
/// Longest code and unit of measure, in characters.
const MAX_SHORT: usize = 60;
/// Largest value asked, in thousandths.
const MAX_VALUE: i64 = 1_000_000_000_000;

/// Cleans the texts of a plan and checks it; all errors at once. Whether its areas exist is asked of the area tree.
pub fn parse_plan(mut plan: PlanTerms) -> Result<PlanTerms, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut line = |name: &str, words: &mut String, max, is_needed| {
        errors.extend(clean(name.to_owned(), words, max, is_needed));
    };
    line("title", &mut plan.title, MAX_LINE, true);
    line("issuer", &mut plan.issuer, MAX_LINE, false);
    line("number", &mut plan.number, MAX_SHORT, false);
    line("source", &mut plan.source, MAX_LINE, false);
    if plan.period.to < plan.period.from {
        errors.push(FieldError::new("period", FieldCode::EndBeforeStart));
    }
    if plan.targets.is_empty() {
        errors.push(FieldError::new("targets", FieldCode::Required));
    }
    if plan.targets.len() > MAX_TARGETS {
        errors.push(FieldError::new("targets", FieldCode::TooLong).with("max", MAX_TARGETS));
    }
    let codes: Vec<String> = plan.targets.iter().map(|target| target.code.clone()).collect();
    let adds = |target: &&Target| target.aggregation == Aggregation::Sum;
    let addable: Vec<String> = plan
        .targets
        .iter()
        .filter(adds)
        .map(|target| target.code.clone())
        .collect();
    for (index, target) in plan.targets.iter_mut().enumerate() {
        let mut found = check_target(target);
        found.extend(check_parts(target, &addable));
        if codes.iter().take(index).any(|code| *code == target.code) {
            found.push(FieldError::new("code", FieldCode::Duplicate));
        }
        errors.extend(found.into_iter().map(|error| FieldError {
            field: format!("targets.{index}.{}", error.field),
            ..error
        }));
    }
    match errors.is_empty() {
        true => Ok(plan),
        false => Err(errors),
    }
}

fn clean(field: String, words: &mut String, max: usize, is_needed: bool) -> Option<FieldError> {
    *words = text::clean(words);
    if words.chars().count() > max {
        Some(FieldError::new(field, FieldCode::TooLong).with("max", max))
    } else {
        (is_needed && words.is_empty()).then(|| FieldError::new(field, FieldCode::Required))
    }
}

fn check_target(target: &mut Target) -> Vec<FieldError> {
    let mut errors = Vec::new();
    errors.extend(clean("code".into(), &mut target.code, MAX_SHORT, true));
    errors.extend(clean("text".into(), &mut target.text, MAX_TEXT, true));
    errors.extend(clean("measure".into(), &mut target.measure, MAX_SHORT, false));
    errors.extend(clean("note".into(), &mut target.note, MAX_TEXT, false));
    let values = target
        .own
        .iter()
        .filter_map(|own| own.value)
        .chain([target.value]);
    if values
        .into_iter()
        .any(|value| !(0..=MAX_VALUE).contains(&value.0))
    {
        errors.push(FieldError::new("value", FieldCode::TooBig).with("max", MAX_VALUE));
    }
    if target.levels.is_empty() {
        errors.push(FieldError::new("levels", FieldCode::Required));
    }
    if target.period.is_some_and(|period| period.to < period.from) {
        errors.push(FieldError::new("period", FieldCode::EndBeforeStart));
    }
    match (&target.aggregation, &target.source) {
        (Aggregation::Parts { codes: parts }, None) => {
            if parts.is_empty() {
                errors.push(FieldError::new("aggregation.codes", FieldCode::Required));
            }
            if target.levels.contains(&Level::Area) {
                errors.push(FieldError::new("levels", FieldCode::NotAChoice));
            }
        }
        (Aggregation::Parts { .. }, Some(_)) => {
            errors.push(FieldError::new("source", FieldCode::Unknown));
        }
        (_, None) => errors.push(FieldError::new("source", FieldCode::Required)),
        (aggregation, Some(source)) => check_source(aggregation, source, &mut errors),
    }
    errors
}

/// A sum is of sums, each once: rates and averages do not add up, and the figures of a sum of sums are kept nowhere.
fn check_parts(target: &Target, addable: &[String]) -> Vec<FieldError> {
    let Aggregation::Parts { codes: parts } = &target.aggregation else {
        return Vec::new();
    };
    let wrong = |(place, part): (usize, &String)| {
        let code = if parts.iter().take(place).any(|earlier| earlier == part) {
            FieldCode::Duplicate
        } else if !addable.contains(part) {
            FieldCode::NotAChoice
        } else {
            return None;
        };
        Some(FieldError::new(format!("aggregation.codes.{place}"), code))
    };
    parts.iter().enumerate().filter_map(wrong).collect()
}

fn check_source(aggregation: &Aggregation, source: &Source, errors: &mut Vec<FieldError>) {
    let Some(kind) = kind::find(&source.kind) else {
        errors.push(FieldError::new("source.kind", FieldCode::NotAChoice));
        return;
    };
    let field = |id: &str| kind.fields.iter().find(|field| field.id == id);
    let mut wrong =
        |place: &str| errors.push(FieldError::new(format!("source.{place}"), FieldCode::NotAChoice));
    for condition in &source.conditions {
        let is_right = match condition {
            Condition::OneOf { field: id, answers } => are_answers(kind, field(id), id, answers),
            Condition::Within { field: id, windows } => {
                let answers: Vec<String> = windows.iter().map(|window| window.answer.clone()).collect();
                windows.iter().all(|window| window.days.days() > 0)
                    && are_answers(kind, field(id), id, &answers)
            }
            Condition::Mentions { field: id, words } => {
                let holds_words = field(id).is_some_and(|field| {
                    matches!(
                        field.field_type,
                        FieldType::Text { .. } | FieldType::LongText { .. }
                    )
                });
                holds_words && !words.is_empty()
            }
        };
        if !is_right {
            wrong("conditions");
        }
    }
    let is_number = |id: &String| {
        field(id)
            .is_some_and(|field| matches!(field.field_type, FieldType::Integer { .. } | FieldType::Money))
    };
    let has_total = matches!(source.amount, Amount::FieldOf { .. } | Amount::Share { .. });
    let amount_is_right = match &source.amount {
        Amount::Records => true,
        Amount::AreasHeard => kind.shape == KindShape::Loudspeaker,
        Amount::Fields { fields } => !fields.is_empty() && fields.iter().all(is_number),
        Amount::FieldOf { field, total } => is_number(field) && is_number(total),
        Amount::Share { field: id, one_of } => are_answers(kind, field(id), id, one_of),
        Amount::Rank { field: id, order } => are_answers(kind, field(id), id, order),
    };
    let needs_total = matches!(aggregation, Aggregation::Ratio | Aggregation::Decrease);
    if !amount_is_right || needs_total != has_total {
        wrong("amount");
    }
    let dated = source.dated_by.as_ref();
    let is_date = |id: &String| {
        field(id).is_some_and(|field| matches!(field.field_type, FieldType::Date | FieldType::Dates))
    };
    if !dated.is_none_or(is_date) {
        wrong("dated_by");
    }
    if let Some(limit) = &source.limit {
        let is_known = |key: &LimitKey| match key {
            LimitKey::Area | LimitKey::Day => true,
            LimitKey::Field { field: id } => field(id).is_some(),
        };
        let is_by_area = limit.per.contains(&LimitKey::Area) || source.amount != Amount::AreasHeard;
        if limit.most == 0 || !limit.per.iter().all(is_known) || !is_by_area {
            wrong("limit");
        }
    }
    match &source.split {
        None if *aggregation == Aggregation::Distinct => wrong("split"),
        Some(SplitBy::Field { field: id, among }) => {
            if !(among.is_empty() && field(id).is_some() || are_answers(kind, field(id), id, among)) {
                wrong("split");
            }
        }
        None | Some(SplitBy::Month | SplitBy::Quarter) => {}
    }
}

/// Whether all of these are answers to the field. A broadcast has topics and no other field that can be asked of.
fn are_answers(kind: &KindSpec, field: Option<&FieldSpec>, id: &str, answers: &[String]) -> bool {
    let is_known = |answer: &String| match field.map(|field| field.field_type) {
        Some(FieldType::Choice { choices } | FieldType::Choices { choices }) => {
            choices.iter().any(|choice| choice.id == answer)
        }
        Some(FieldType::YesNo) => matches!(answer.as_str(), "true" | "false"),
        None => kind.shape == KindShape::Loudspeaker && id == "topic" && kind::is_topic(answer),
        Some(_) => false,
    };
    !answers.is_empty() && answers.iter().all(is_known)
}
