//! What a target says and counts: its words, unit of measure, indicator and how that adds up.

use super::counting::{self, Catalogue, PARTS, Way};
use super::edited::Edited;
use crate::ui::{Answer, Required, Select, TextArea, TextInput};
use crate::words::{plan_entry as e, targets as t};
use keng_shared::target::{Aggregation, Level, Target};
use leptos::prelude::*;

/// The fields of the target with this number.
#[component]
pub fn TargetTerms(edited: Edited, code: String, catalogue: Catalogue) -> impl IntoView {
    let target = {
        let code = code.clone();
        Memo::new(move |_| edited.target(&code))
    };
    let id = |name: &str| format!("terms-{name}-{code}");
    let code = StoredValue::new(code.clone());
    let change = move |change: Box<dyn FnOnce(&mut Target)>| {
        code.with_value(|code| edited.change_target(code, change));
    };
    let of = move |read: fn(&Target) -> String| {
        Signal::derive(move || target.with(|target| target.as_ref().map(read).unwrap_or_default()))
    };
    let set_words = move |text: String| change(Box::new(|target| target.text = text));
    let set_measure = move |text: String| change(Box::new(|target| target.measure = text));
    let indicator = Signal::derive(move || {
        catalogue.with(|all| {
            target.with(|target| match target {
                Some(target) if is_sum_of_others(target) => PARTS.to_owned(),
                Some(target) => counting::indicator_of(all, target)
                    .map(|one| one.id.clone())
                    .unwrap_or_default(),
                None => String::new(),
            })
        })
    });
    let choose = move |chosen: String| {
        if chosen == PARTS {
            return change(Box::new(make_sum));
        }
        let found = catalogue.with_untracked(|all| all.iter().find(|one| one.id == chosen).cloned());
        if let Some(found) = found {
            change(Box::new(move |target| {
                target.source = found.target.source;
                target.aggregation = found.target.aggregation;
                target.levels = found.target.levels;
            }));
        }
    };
    let put =
        move |way: Way, campaigns: Vec<String>| change(Box::new(move |target| way.put(target, campaigns)));
    let set_parts = move |codes: Vec<String>| {
        change(Box::new(|target| {
            target.aggregation = Aggregation::Parts { codes }
        }));
    };
    view! {
        <div class="stack">
            <TextArea id=id("words") label=t::target() value=of(|target| target.text.clone()) on_input=set_words rows=2/>
            <div class="row plan-head">
                <TextInput
                    id=id("measure")
                    label=t::add_measure()
                    value=of(|target| target.measure.clone())
                    on_input=set_measure
                    required=Required::No
                />
                <Select
                    id=id("indicator")
                    label=t::add_indicator()
                    answers=indicator_answers(catalogue)
                    value=indicator
                    on_input=choose
                    empty=e::counting_of_plan()
                    required=Required::Shown
                />
            </div>
            <WayFields id=id("way") target put=Callback::new(move |(way, campaigns)| put(way, campaigns))/>
            {move || {
                target
                    .with(|target| target.as_ref().is_some_and(is_sum_of_others))
                    .then(|| {
                        let chosen = Signal::derive(move || target.with(|target| target.as_ref().map(parts).unwrap_or_default()));
                        view! { <PartsOf edited own=code.get_value() chosen set=Callback::new(set_parts)/> }
                    })
            }}
        </div>
    }
}

/// The catalogue as answers, the sum of others last.
pub fn indicator_answers(catalogue: Catalogue) -> Signal<Vec<Answer>> {
    Signal::derive(move || {
        catalogue.with(|all| {
            let found = all
                .iter()
                .map(|one| Answer::new(one.id.clone(), counting::name(one)));
            found.chain([Answer::new(PARTS, e::sum_of_others())]).collect()
        })
    })
}

/// How it adds up, and of which campaigns where each has to reach the value.
#[component]
pub fn WayFields(
    id: String,
    target: Memo<Option<Target>>,
    put: Callback<(Way, Vec<String>)>,
) -> impl IntoView {
    let way = Memo::new(move |_| target.with(|target| target.as_ref().and_then(Way::of)));
    let answers = Signal::derive(move || {
        let source = target.with(|target| target.as_ref().and_then(|target| target.source.clone()));
        let ways = source.as_ref().map(Way::fitting).unwrap_or_default();
        ways.into_iter()
            .map(|way| Answer::new(way.id(), way.words()))
            .collect::<Vec<_>>()
    });
    let chosen = Signal::derive(move || target.with(|target| target.as_ref().map(among).unwrap_or_default()));
    let choose = move |id: String| {
        let all = target.with_untracked(|target| {
            let source = target.as_ref().and_then(|target| target.source.as_ref());
            source.map(counting::campaigns).unwrap_or_default()
        });
        if let Some(way) = Way::of_id(&id) {
            put.run((way, all.into_iter().map(|(id, _)| id.to_owned()).collect()));
        }
    };
    let toggle = Callback::new(move |chosen: Vec<String>| {
        // Of no campaign at all it would be asked of every one that is named.
        if !chosen.is_empty() {
            put.run((Way::EachCampaign, chosen));
        }
    });
    view! {
        {move || {
            let id = id.clone();
            let choices = answers.get();
            (choices.len() > 1 || way.get().is_none() && !choices.is_empty()).then(|| {
                view! {
                    <Select
                        id=id
                        label=e::way_label()
                        hint=e::way_hint()
                        answers
                        value=Signal::derive(move || way.get().map(|way| way.id().to_owned()).unwrap_or_default())
                        on_input=choose
                        empty=e::way_of_plan()
                        required=Required::Shown
                    />
                }
            })
        }}
        {move || {
            (way.get() == Some(Way::EachCampaign)).then(|| {
                let all = target.with_untracked(|target| {
                    let source = target.as_ref().and_then(|target| target.source.as_ref());
                    source.map(counting::campaigns).unwrap_or_default()
                });
                let answers = all.into_iter().map(|(id, name)| (id.to_owned(), name.to_owned())).collect();
                view! { <Ticks legend=e::of_campaigns() answers chosen set=toggle/> }
            })
        }}
    }
}

/// Which targets of the plan are added up.
#[component]
pub fn PartsOf(
    edited: Edited,
    own: String,
    chosen: Signal<Vec<String>>,
    set: Callback<Vec<String>>,
) -> impl IntoView {
    let others = edited.terms.with_untracked(|terms| {
        let others = terms
            .targets
            .iter()
            .filter(|target| target.code != own && target.aggregation == Aggregation::Sum);
        let named = others.map(|target| (target.code.clone(), format!("{} · {}", target.code, target.text)));
        named.collect::<Vec<_>>()
    });
    view! { <Ticks legend=e::parts_label() answers=others chosen set/> }
}

/// Boxes to tick, in a list that scrolls: there may be as many as targets of a plan.
#[component]
fn Ticks(
    legend: &'static str,
    answers: Vec<(String, String)>,
    chosen: Signal<Vec<String>>,
    set: Callback<Vec<String>>,
) -> impl IntoView {
    let boxes = answers
        .into_iter()
        .map(|(id, name)| {
            let (shown, pressed) = (id.clone(), id);
            let toggle = move |event| {
                let mut now = chosen.get_untracked();
                now.retain(|other| *other != pressed);
                if event_target_checked(&event) {
                    now.push(pressed.clone());
                }
                set.run(now);
            };
            view! {
                <label class="plan-tick">
                    <input
                        type="checkbox"
                        prop:checked=move || chosen.with(|chosen| chosen.contains(&shown))
                        on:change=toggle
                    />
                    {name}
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="plan-ticks">
            <legend>{legend}</legend>
            <div class="plan-ticks-list" tabindex="0" role="group" aria-label=legend>{boxes}</div>
        </fieldset>
    }
}

/// Whether it adds up other targets of its plan.
pub fn is_sum_of_others(target: &Target) -> bool {
    matches!(target.aggregation, Aggregation::Parts { .. })
}

/// Makes the target a sum of others, of none yet.
pub fn make_sum(target: &mut Target) {
    target.aggregation = Aggregation::Parts { codes: Vec::new() };
    target.source = None;
    target.levels = vec![Level::Whole];
}

fn parts(target: &Target) -> Vec<String> {
    match &target.aggregation {
        Aggregation::Parts { codes } => codes.clone(),
        _ => Vec::new(),
    }
}

fn among(target: &Target) -> Vec<String> {
    use keng_shared::target::SplitBy;
    match target.source.as_ref().and_then(|source| source.split.as_ref()) {
        Some(SplitBy::Field { among, .. }) => among.clone(),
        _ => Vec::new(),
    }
}
