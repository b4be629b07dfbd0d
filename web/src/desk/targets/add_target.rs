//! One more target, from the catalogue of what records can count for.

use super::counting::{self, Catalogue, PARTS, Way};
use super::edited::{Edited, parse_value};
use super::target_terms::{PartsOf, WayFields, indicator_answers, make_sum};
use crate::icons;
use crate::ui::{Answer, Button, DateInput, Notice, Required, Select, TextInput, Tone};
use crate::words::{plan_entry as e, targets as t};
use keng_shared::target::{Aggregation, Comparator, Deadline, DeadlineRule, Level, Target, Thousandths};
use leptos::prelude::*;

/// The fields and the button.
#[component]
pub fn AddTarget(edited: Edited, catalogue: Catalogue) -> impl IntoView {
    let indicator = RwSignal::new(String::new());
    // What the indicator and the way make of it, before it has a number and a value.
    let counted = RwSignal::new(None::<Target>);
    let parts = RwSignal::new(Vec::<String>::new());
    let (code, words) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (value, measure) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let comparator = RwSignal::new("at_least".to_owned());
    let deadline = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<Wrong>);
    let choose = move |chosen: String| {
        let found = catalogue.with_untracked(|all| all.iter().find(|one| one.id == chosen).cloned());
        let mut target = found.as_ref().map(|one| Target {
            text: counting::name(one),
            ..one.target.clone()
        });
        if chosen == PARTS {
            let mut sum = nothing();
            make_sum(&mut sum);
            target = Some(sum);
        }
        parts.set(Vec::new());
        counted.set(target);
        indicator.set(chosen);
    };
    let put = Callback::new(move |(way, campaigns): (Way, Vec<String>)| {
        counted.update(|counted| {
            if let Some(target) = counted {
                way.put(target, campaigns);
            }
        });
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
        let number = code.get_untracked().trim().to_owned();
        let asked = parse_value(&value.get_untracked());
        let is_known = edited.target_now(&number).is_some();
        let codes = parts.get_untracked();
        match (counted.get_untracked(), asked) {
            (None, _) => wrong.set(Some(Wrong::Indicator)),
            (Some(_), _) if indicator.get_untracked() == PARTS && codes.is_empty() => {
                wrong.set(Some(Wrong::Parts));
            }
            _ if number.is_empty() || is_known => wrong.set(Some(Wrong::Code)),
            (_, None) => wrong.set(Some(Wrong::Value)),
            (Some(mut counted), Some(asked)) => {
                if let Aggregation::Parts { codes: added } = &mut counted.aggregation {
                    *added = codes;
                }
                let said = words.get_untracked().trim().to_owned();
                let text = if said.is_empty() {
                    counted.text.clone()
                } else {
                    said
                };
                let own_measure = measure.get_untracked().trim().to_owned();
                let date = deadline.get_untracked().parse().ok();
                let chosen = comparator.get_untracked();
                let chosen = COMPARATORS.iter().find(|(id, _)| *id == chosen);
                let of_way = Way::of(&counted).and_then(Way::measure).map(str::to_owned);
                let target = Target {
                    code: number,
                    text,
                    measure: match own_measure.is_empty() {
                        true => of_way.unwrap_or_else(|| counted.measure.clone()),
                        false => own_measure,
                    },
                    comparator: chosen.map_or(Comparator::AtLeast, |(_, comparator)| *comparator),
                    value: asked,
                    deadline: date.map(|date| Deadline {
                        date,
                        rule: DeadlineRule::By,
                    }),
                    ..counted
                };
                edited.add(vec![target]);
                wrong.set(None);
                parts.set(Vec::new());
                for field in [code, words, value, measure, deadline] {
                    field.set(String::new());
                }
            }
        }
    };
    let counted_now = Memo::new(move |_| counted.get());
    view! {
        <Select
            id="add-indicator"
            label=t::add_indicator()
            answers=indicator_answers(catalogue)
            value=indicator
            on_input=choose
            empty=t::add_indicator()
            error=error_of(Wrong::Indicator, t::add_choose)
        />
        <WayFields id="add-way".to_owned() target=counted_now put/>
        {move || {
            (indicator.get() == PARTS)
                .then(|| {
                    let set = Callback::new(move |codes| parts.set(codes));
                    view! { <PartsOf edited own=String::new() chosen=parts.into() set/> }
                })
        }}
        {move || {
            (wrong.get() == Some(Wrong::Parts)).then(|| view! { <Notice tone=Tone::Danger words=e::parts_needed()/> })
        }}
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
    Parts,
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

/// A target that counts nothing yet.
fn nothing() -> Target {
    Target {
        code: String::new(),
        text: e::sum_of_others().to_owned(),
        measure: String::new(),
        comparator: Comparator::AtLeast,
        value: Thousandths::whole(1),
        applies_to: Vec::new(),
        levels: vec![Level::Whole],
        aggregation: Aggregation::Sum,
        source: None,
        period: None,
        deadline: None,
        excluded: Vec::new(),
        named: Vec::new(),
        own: Vec::new(),
        note: String::new(),
    }
}
