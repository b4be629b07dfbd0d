//! One target in the form of a plan: whether it is asked, its value and deadline, and what else can be said about it
//! under it.

use super::counting::Catalogue;
use super::edited::{Edited, value_text};
use super::target_terms::TargetTerms;
use crate::icons::{self, Picture};
use crate::ui::Button;
use crate::words::{plan_entry as e, targets as t, when};
use keng_shared::target::{Comparator, Deadline, DeadlineRule, Target};
use leptos::prelude::*;

/// The rows of the target with this number; `units` is the one whose units are open.
#[component]
pub fn TargetRow(
    edited: Edited,
    code: String,
    catalogue: Catalogue,
    units: RwSignal<Option<String>>,
) -> impl IntoView {
    let target = {
        let code = code.clone();
        Memo::new(move |_| edited.target(&code))
    };
    let is_open = RwSignal::new(false);
    let deadline =
        Memo::new(move |_| target.with(|target| target.as_ref().and_then(|target| target.deadline)));
    let code = StoredValue::new(code);
    let change = move |change: Box<dyn FnOnce(&mut Target)>| {
        code.with_value(|code| edited.change_target(code, change));
    };
    let is_kept = move || code.with_value(|code| edited.is_kept(code));
    let compare = move |event| {
        let chosen = event_target_value(&event);
        if let Some(comparator) = COMPARATORS.iter().find(|one| sign(**one) == chosen) {
            change(Box::new(|target| target.comparator = *comparator));
        }
    };
    let set_deadline = move |event| {
        let date = event_target_value(&event).parse().ok();
        change(Box::new(move |target| {
            let rule = target.deadline.map_or(DeadlineRule::By, |deadline| deadline.rule);
            target.deadline = date.map(|date| Deadline { date, rule });
        }));
    };
    let set_rule = move |event| {
        let rule = match event_target_value(&event).as_str() {
            BEFORE => DeadlineRule::Before,
            _ => DeadlineRule::By,
        };
        change(Box::new(move |target| {
            target.deadline = target.deadline.map(|deadline| Deadline { rule, ..deadline });
        }));
    };
    let is_before = move || {
        deadline
            .get()
            .is_some_and(|deadline| deadline.rule == DeadlineRule::Before)
    };
    let comparator = move || target.with(|target| target.as_ref().map(|target| target.comparator));
    let signs = COMPARATORS
        .into_iter()
        .map(|one| view! { <option value=sign(one) prop:selected=move || comparator() == Some(one)>{sign(one)}</option> })
        .collect_view();
    let text = move || target.with(|target| target.as_ref().map(|target| target.text.clone()));
    let measure = move || target.with(|target| target.as_ref().map(|target| target.measure.clone()));
    let told = move || target.with(|target| target.as_ref().map(notes));
    let value = move || {
        let typed = code.with_value(|code| edited.unclear_typed(code, None));
        typed.or_else(|| target.with(|target| target.as_ref().map(|target| value_text(target.value))))
    };
    let is_unclear = move || {
        code.with_value(|code| edited.unclear_typed(code, None))
            .map(|_| "true")
    };
    let gaps = move || {
        let said = code.with_value(|code| edited.gaps_of(code)).into_iter();
        said.map(
            |words| view! { <p class="plan-gap small"><Picture icon=icons::TRIANGLE_ALERT/> {words}</p> },
        )
        .collect_view()
    };
    let name = code.get_value();
    let (terms_id, opens) = (format!("terms-{name}"), e::terms_of(&name));
    let row_of_terms = {
        let terms_id = terms_id.clone();
        move || {
            is_open.get().then(|| {
                view! {
                    <tr class="plan-terms" id=terms_id.clone()>
                        <td colspan="5"><TargetTerms edited code=code.get_value() catalogue/></td>
                    </tr>
                }
            })
        }
    };
    view! {
        <tr class="plan-target" class:plan-left-out=move || !is_kept()>
            <th scope="row">
                <label class="plan-keep">
                    <input
                        type="checkbox"
                        prop:checked=is_kept
                        aria-label=t::keep_this(&name)
                        on:change=move |event| {
                            code.with_value(|code| edited.keep(code, event_target_checked(&event)));
                        }
                    />
                    {name.clone()}
                </label>
            </th>
            <td class="plan-words">
                {text}
                <span class="small soft">" " {told}</span>
                {gaps}
            </td>
            <td class="number plan-value">
                <select class="input plan-sign" aria-label=t::comparator_of(&name) on:change=compare>{signs}</select>
                <input
                    class="input"
                    inputmode="decimal"
                    aria-label=t::value_of(&name)
                    aria-invalid=is_unclear
                    prop:value=value
                    on:change=move |event| {
                        code.with_value(|code| edited.set_value(code, &event_target_value(&event)));
                    }
                />
                <span class="small soft">{measure}</span>
            </td>
            <td class="plan-deadline">
                <select class="input" aria-label=t::rule_of(&name) on:change=set_rule>
                    <option value="by" prop:selected=move || !is_before()>{t::deadline_by()}</option>
                    <option value=BEFORE prop:selected=is_before>{t::deadline_before()}</option>
                </select>
                <input
                    class="input"
                    type="date"
                    aria-label=t::deadline_of(&name)
                    prop:value=move || {
                        deadline.get().map(|deadline| when::input_date(deadline.date)).unwrap_or_default()
                    }
                    on:change=set_deadline
                />
            </td>
            <td class="plan-buttons">
                <Button label=t::unit() name=t::units_of(&name) on_press=move |_| units.set(Some(code.get_value()))/>
                <button
                    type="button"
                    class="button"
                    aria-label=opens
                    aria-expanded=move || if is_open.get() { "true" } else { "false" }
                    aria-controls=terms_id
                    on:click=move |_| is_open.update(|open| *open = !*open)
                >
                    {e::terms()}
                </button>
            </td>
        </tr>
        {row_of_terms}
    }
}

/// How many units are exempt, named, or have terms of their own.
fn notes(target: &Target) -> String {
    let (exempt, named, own) = (target.excluded.len(), target.named.len(), target.own.len());
    let said = [
        (exempt > 0).then(|| t::exempt_count(exempt)),
        (named > 0).then(|| t::named_count(named)),
        (own > 0).then(|| t::own_count(own)),
    ];
    said.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

const COMPARATORS: [Comparator; 5] = [
    Comparator::AtLeast,
    Comparator::MoreThan,
    Comparator::Exactly,
    Comparator::AtMost,
    Comparator::LessThan,
];

/// Strictly before the day, among the answers.
const BEFORE: &str = "before";

fn sign(comparator: Comparator) -> &'static str {
    match comparator {
        Comparator::AtLeast => "≥",
        Comparator::MoreThan => ">",
        Comparator::Exactly => "=",
        Comparator::AtMost => "≤",
        Comparator::LessThan => "<",
    }
}
