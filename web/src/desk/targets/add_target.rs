//! One more target, from the catalogue of what records can count for.

use super::plan_form::{Edited, parse_value};
use crate::desk::api::use_api;
use crate::desk::load::load;
use crate::icons;
use crate::ui::{Answer, Button, DateInput, Required, Select, TextInput};
use crate::words::targets as t;
use crate::words::{Lang, lang};
use keng_shared::api::Indicator;
use keng_shared::target::{Comparator, Deadline, DeadlineRule, Target};
use leptos::prelude::*;

/// The fields and the button.
#[component]
pub fn AddTarget(edited: Edited) -> impl IntoView {
    let api = use_api();
    let catalogue = load(move || api.call(async |client| client.indicators().await));
    let indicator = RwSignal::new(String::new());
    let (code, words) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (value, measure) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let comparator = RwSignal::new("at_least".to_owned());
    let deadline = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<Wrong>);
    let known = Memo::new(move |_| catalogue.get().unwrap_or_default());
    let answers = Signal::derive(move || {
        let found = known.get();
        found
            .into_iter()
            .map(|one| {
                let name = match lang() {
                    Lang::Vi => one.vi,
                    Lang::En => one.en,
                };
                Answer::new(one.id, name)
            })
            .collect::<Vec<_>>()
    });
    let comparators = Signal::derive(|| {
        COMPARATORS
            .map(|(id, comparator)| Answer::new(id, t::comparator(comparator)))
            .to_vec()
    });
    let error_of = move |field: Wrong, words: fn() -> &'static str| {
        Signal::derive(move || match wrong.get() == Some(field) {
            true => words().to_owned(),
            false => String::new(),
        })
    };
    let add = move |_| {
        let chosen = indicator.get_untracked();
        let found: Option<Indicator> =
            known.with_untracked(|all| all.iter().find(|one| one.id == chosen).cloned());
        let number = code.get_untracked().trim().to_owned();
        let asked = parse_value(&value.get_untracked());
        let is_known = edited.target_now(&number).is_some();
        match (found, asked) {
            (None, _) => wrong.set(Some(Wrong::Indicator)),
            _ if number.is_empty() || is_known => wrong.set(Some(Wrong::Code)),
            (_, None) => wrong.set(Some(Wrong::Value)),
            (Some(found), Some(asked)) => {
                let said = words.get_untracked().trim().to_owned();
                let text = if said.is_empty() { found.vi.clone() } else { said };
                let own_measure = measure.get_untracked().trim().to_owned();
                let date = deadline.get_untracked().parse().ok();
                let chosen = comparator.get_untracked();
                let chosen = COMPARATORS.iter().find(|(id, _)| *id == chosen);
                let target = Target {
                    code: number,
                    text,
                    measure: if own_measure.is_empty() {
                        found.target.measure.clone()
                    } else {
                        own_measure
                    },
                    comparator: chosen.map_or(Comparator::AtLeast, |(_, comparator)| *comparator),
                    value: asked,
                    deadline: date.map(|date| Deadline {
                        date,
                        rule: DeadlineRule::By,
                    }),
                    ..found.target
                };
                edited.add(vec![target]);
                wrong.set(None);
                for field in [code, words, value, measure, deadline] {
                    field.set(String::new());
                }
            }
        }
    };
    view! {
        <Select
            id="add-indicator"
            label=t::add_indicator()
            answers
            value=indicator
            on_input=move |text: String| indicator.set(text)
            empty=t::add_indicator()
            error=error_of(Wrong::Indicator, t::add_choose)
        />
        <div class="row plan-head">
            <TextInput
                id="add-code"
                label=t::code()
                value=code
                on_input=move |text: String| code.set(text)
                error=error_of(Wrong::Code, t::add_code)
            />
            <TextInput
                id="add-words"
                label=t::target()
                value=words
                on_input=move |text: String| words.set(text)
                required=Required::No
            />
        </div>
        <div class="row plan-head">
            <Select
                id="add-comparator"
                label=t::add_comparator()
                answers=comparators
                value=comparator
                on_input=move |text: String| comparator.set(text)
            />
            <TextInput
                id="add-value"
                label=t::asked_value()
                value
                on_input=move |text: String| value.set(text)
                error=error_of(Wrong::Value, t::add_value)
                keyboard="decimal"
            />
            <TextInput
                id="add-measure"
                label=t::add_measure()
                value=measure
                on_input=move |text: String| measure.set(text)
                required=Required::No
            />
            <DateInput
                id="add-deadline"
                label=t::last_day()
                value=deadline
                on_input=move |text: String| deadline.set(text)
                required=Required::No
            />
        </div>
        <div class="row">
            <Button label=t::add_target() icon=icons::PLUS on_press=add/>
        </div>
    }
}

/// The field that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Indicator,
    Code,
    Value,
}

const COMPARATORS: [(&str, Comparator); 5] = [
    ("at_least", Comparator::AtLeast),
    ("more_than", Comparator::MoreThan),
    ("exactly", Comparator::Exactly),
    ("at_most", Comparator::AtMost),
    ("less_than", Comparator::LessThan),
];
