//! The fields of a plain kind as inputs: the few that matter first, the details on demand.

use super::parts::error_of;
use super::screens::Change;
use crate::derived::Derived;
use crate::ui::{
    Answer, Checkboxes, ChoiceButtons, DateInput, Direction, Disclosure, NumberInput, Required, Select,
    TextArea, TextInput,
};
use crate::words::{interface as w, label, pick};
use keng_shared::kind::{Choice, FieldSpec, FieldType, KindSpec, Need};
use keng_shared::problem::FieldError;
use keng_shared::record::RecordDraft;
use leptos::prelude::*;
use serde_json::Value;

/// Answers up to this number are large buttons; more are a list.
const BUTTONS_UP_TO: usize = 10;
/// What a choice between yes and no gives back.
const YES: &str = "true";
const NO: &str = "false";

/// Every field of a kind.
#[component]
pub fn BodyFields(
    /// The kind.
    spec: &'static KindSpec,
    /// The draft that is filled in.
    draft: RwSignal<RecordDraft>,
    /// What is wrong.
    errors: Derived<Vec<FieldError>>,
    /// Called at every change.
    change: Callback<Change>,
) -> impl IntoView {
    let of = move |details: bool| {
        let fields = spec
            .fields
            .iter()
            .filter(move |field| (field.need == Need::Detail) == details);
        fields
            .map(move |field| input(field, draft, errors, change))
            .collect_view()
    };
    let has_details = spec.fields.iter().any(|field| field.need == Need::Detail);
    view! {
        {of(false)}
        {has_details.then(|| view! {
            <Disclosure summary=w::more_details()><div class="stack">{of(true)}</div></Disclosure>
        })}
    }
}

fn input(
    field: &'static FieldSpec,
    draft: RwSignal<RecordDraft>,
    errors: Derived<Vec<FieldError>>,
    change: Callback<Change>,
) -> AnyView {
    let id = format!("body.{}", field.id);
    let name = label(field.label);
    let required = if field.need == Need::Required {
        Required::Yes
    } else {
        Required::No
    };
    let path = id.clone();
    let error = Signal::derive(move || errors.with(|errors| error_of(errors, &path)));
    let value = Signal::derive(move || draft.with(|draft| text_of(draft.body.get(field.id))));
    let set = Callback::new(move |text: String| change.run(Change::Body(field.id, Value::from(text))));
    match field.field_type {
        FieldType::Text { .. } | FieldType::Url | FieldType::DocumentNumber => {
            view! { <TextInput id label=name value on_input=set error required/> }.into_any()
        }
        FieldType::LongText { .. } => {
            view! { <TextArea id label=name value on_input=set error required/> }.into_any()
        }
        FieldType::Integer { .. } => {
            let set = Callback::new(move |text: String| change.run(Change::Body(field.id, number(&text))));
            view! { <NumberInput id label=name value on_input=set error required unit=label(field.unit)/> }
                .into_any()
        }
        FieldType::Money => {
            let set = Callback::new(move |text: String| change.run(Change::Body(field.id, number(&text))));
            view! { <NumberInput id label=name value on_input=set error required unit="đ"/> }.into_any()
        }
        FieldType::YesNo => {
            let set = Callback::new(move |text: String| {
                change.run(Change::Body(field.id, Value::from(text == YES)));
            });
            let answers = vec![
                Answer::new(YES, pick("Có", "Yes")),
                Answer::new(NO, pick("Không", "No")),
            ];
            view! { <ChoiceButtons id label=name answers value on_choose=set error/> }.into_any()
        }
        FieldType::Dates => {
            let end = move |which: &'static str, words: &'static str| {
                let value = Signal::derive(move || {
                    draft.with(|draft| text_of(draft.body.get(field.id).and_then(|days| days.get(which))))
                });
                let set = Callback::new(move |text: String| {
                    let days = draft.with_untracked(|draft| draft.body.get(field.id).cloned());
                    let mut days = days
                        .filter(Value::is_object)
                        .unwrap_or_else(|| serde_json::json!({}));
                    if let Some(days) = days.as_object_mut() {
                        days.insert(which.to_owned(), text.into());
                    }
                    change.run(Change::Body(field.id, days));
                });
                // The first input has the id that an error summary links to.
                let id = if which == "from" {
                    id.clone()
                } else {
                    format!("{id}.{which}")
                };
                view! { <DateInput id label=words value on_input=set error required/> }
            };
            let (from, to) = (
                end("from", pick("Từ ngày", "From")),
                end("to", pick("Đến ngày", "Until")),
            );
            view! { <div class="stack-tight">{from} {to}</div> }.into_any()
        }
        FieldType::Date => view! { <DateInput id label=name value on_input=set error required/> }.into_any(),
        FieldType::Choice { choices } if choices.len() > BUTTONS_UP_TO => {
            let answers = Signal::stored(answers(choices));
            view! { <Select id label=name answers value on_input=set error required empty=w::choose()/> }
                .into_any()
        }
        FieldType::Choice { choices } => {
            // Many answers side by side are hard to scan: they stand one below the other.
            let direction = if choices.len() > 4 {
                Direction::Column
            } else {
                Direction::Row
            };
            view! { <ChoiceButtons id label=name answers=answers(choices) value on_choose=set error direction/> }
                .into_any()
        }
        FieldType::Choices { choices } => {
            let values = Signal::derive(move || draft.with(|draft| texts_of(draft.body.get(field.id))));
            let set =
                Callback::new(move |all: Vec<String>| change.run(Change::Body(field.id, Value::from(all))));
            view! { <Checkboxes id label=name answers=answers(choices) values on_change=set error/> }
                .into_any()
        }
    }
}

fn answers(choices: &'static [Choice]) -> Vec<Answer> {
    choices
        .iter()
        .map(|choice| Answer::new(choice.id, label(choice.label)))
        .collect()
}

/// What was typed as a number: the number if it is one, nothing if it is empty, else the text for the check to refuse.
fn number(text: &str) -> Value {
    let digits: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '.' | ','))
        .collect();
    if digits.is_empty() {
        return Value::Null;
    }
    match digits.parse::<i64>() {
        Ok(number) => number.into(),
        Err(_) => text.into(),
    }
}

fn text_of(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(true)) => YES.to_owned(),
        Some(Value::Bool(false)) => NO.to_owned(),
        _ => String::new(),
    }
}

fn texts_of(value: Option<&Value>) -> Vec<String> {
    let items = value
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    items
        .iter()
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_with_the_marks_that_people_type() {
        assert_eq!(number("1.200"), Value::from(1200));
        assert_eq!(number(" 45 "), Value::from(45));
        assert_eq!(number(""), Value::Null);
        assert_eq!(number("vài chục"), Value::from("vài chục"));
    }
}
