//! A plan to look over: its head, and its targets with what is asked, until when, and whether they are asked at all.

use super::add_target::AddTarget;
use super::paste::PasteTargets;
use super::units::Units;
use crate::desk::api::{FormErrors, use_api};
use crate::desk::load::load;
use crate::ui::{
    Button, ButtonKind, DateInput, DialogActions, Disclosure, Notice, Required, Submits, Table, TextInput,
    Tone, use_toasts,
};
use crate::words::{targets as t, when};
use keng_shared::id::TargetPlanId;
use keng_shared::target::{Aggregation, Deadline, DeadlineRule, PlanTerms, Target, Thousandths};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A plan under the hands of a person.
#[derive(Clone, Copy)]
pub(super) struct Edited {
    pub terms: RwSignal<PlanTerms>,
    /// Codes of targets that are not asked.
    left_out: RwSignal<Vec<String>>,
}

impl Edited {
    /// A plan before anything was changed.
    pub fn new(terms: PlanTerms) -> Self {
        Self {
            terms: RwSignal::new(terms),
            left_out: RwSignal::new(Vec::new()),
        }
    }

    /// The plan without what is not asked; a sum keeps the parts that are.
    pub fn finished(self) -> PlanTerms {
        let left_out = self.left_out.get_untracked();
        let mut terms = self.terms.get_untracked();
        terms.targets.retain(|target| !left_out.contains(&target.code));
        for target in &mut terms.targets {
            if let Aggregation::Parts { codes } = &mut target.aggregation {
                codes.retain(|code| !left_out.contains(code));
            }
        }
        terms
    }

    /// The target with this number.
    pub fn target(self, code: &str) -> Option<Target> {
        self.terms
            .with(|terms| terms.targets.iter().find(|target| target.code == code).cloned())
    }

    /// The target with this number as it is now.
    pub fn target_now(self, code: &str) -> Option<Target> {
        self.terms
            .with_untracked(|terms| terms.targets.iter().find(|target| target.code == code).cloned())
    }

    /// Takes targets; one whose number is there already takes its place.
    pub fn add(self, targets: Vec<Target>) {
        self.terms.update(|terms| {
            for target in targets {
                match terms.targets.iter_mut().find(|known| known.code == target.code) {
                    Some(known) => *known = target,
                    None => terms.targets.push(target),
                }
            }
        });
    }

    /// Changes the target with this number.
    pub fn change_target(self, code: &str, change: impl FnOnce(&mut Target)) {
        self.terms.update(|terms| {
            if let Some(target) = terms.targets.iter_mut().find(|target| target.code == code) {
                change(target);
            }
        });
    }
}

/// A stored plan, to be changed.
#[component]
pub fn ChangePlan(id: TargetPlanId, open: RwSignal<bool>, saved: Callback<()>) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let stored = load(move || api.call(async move |client| client.target_plan(id).await));
    stored.view(move |stored| {
        let edited = Edited::new(stored.terms);
        let errors = FormErrors::new();
        let revision = stored.revision;
        let save = move |event: SubmitEvent| {
            event.prevent_default();
            errors.clear();
            let terms = edited.finished();
            spawn_local(async move {
                let answer = api
                    .call(async |client| client.edit_target_plan(id, revision, &terms).await)
                    .await;
                match answer {
                    Ok(_) => {
                        toasts.say(t::plan_saved());
                        open.try_set(false);
                        saved.run(());
                    }
                    Err(error) => errors.show(&error),
                }
            });
        };
        view! {
            <form class="stack" on:submit=save>
                <PlanFields edited errors not_found=Vec::new()/>
                <DialogActions open>
                    <Button label=t::save_plan() kind=ButtonKind::Primary submits=Submits::Form/>
                </DialogActions>
            </form>
        }
    })
}

/// The fields of a plan.
#[component]
pub fn PlanFields(edited: Edited, errors: FormErrors, not_found: Vec<String>) -> impl IntoView {
    let terms = edited.terms;
    let date = |day: Option<keng_shared::time::LocalDate>| day.map(when::input_date).unwrap_or_default();
    let missing = (!not_found.is_empty()).then(|| {
        view! { <Notice tone=Tone::Warn words=t::not_found(not_found.join(", "))/> }
    });
    view! {
        {errors.notice()}
        {missing}
        <TextInput
            id="plan-title"
            label=t::plan_title()
            value=Signal::derive(move || terms.with(|terms| terms.title.clone()))
            on_input=move |text| terms.update(|terms| terms.title = text)
            error=errors.of("title")
        />
        <div class="row plan-head">
            <TextInput
                id="plan-number"
                label=t::plan_number()
                value=Signal::derive(move || terms.with(|terms| terms.number.clone()))
                on_input=move |text| terms.update(|terms| terms.number = text)
                error=errors.of("number")
                required=Required::No
            />
            <DateInput
                id="plan-cut-off"
                label=t::cut_off()
                value=Signal::derive(move || terms.with(|terms| date(terms.cut_off)))
                on_input=move |text: String| terms.update(|terms| terms.cut_off = text.parse().ok())
                hint=t::cut_off_hint()
                error=errors.of("cut_off")
                required=Required::No
            />
            <DateInput
                id="plan-due"
                label=t::due()
                value=Signal::derive(move || terms.with(|terms| date(terms.due)))
                on_input=move |text: String| terms.update(|terms| terms.due = text.parse().ok())
                error=errors.of("due")
                required=Required::No
            />
        </div>
        {table(edited)}
        <Disclosure summary=t::paste_title()><div class="stack"><PasteTargets edited/></div></Disclosure>
        <Disclosure summary=t::add_target()><div class="stack"><AddTarget edited/></div></Disclosure>
    }
}

fn table(edited: Edited) -> impl IntoView {
    // The target whose units are open.
    let units = RwSignal::new(None::<String>);
    let shown = Memo::new(move |_| {
        // A target that was pasted anew is a new row.
        edited.terms.with(|terms| {
            let key = |target: &Target| (target.code.clone(), target.text.clone());
            terms.targets.iter().map(key).collect::<Vec<_>>()
        })
    });
    let columns: Vec<String> = vec![
        t::kept().to_owned(),
        t::target().to_owned(),
        format!("#{}", t::asked_value()),
        t::last_day().to_owned(),
        String::new(),
    ];
    let close = Callback::new(move |()| units.set(None));
    view! {
        <div class="plan-targets">
            <Table caption=t::title() columns>
                <For each=move || shown.get() key=|key| key.clone() let:key>
                    {edited.target_now(&key.0).map(|target| row(edited, target, units))}
                </For>
            </Table>
        </div>
        {move || units.get().map(|code| view! { <Units edited code close/> })}
    }
}

fn row(edited: Edited, target: Target, units: RwSignal<Option<String>>) -> impl IntoView {
    let code = target.code.clone();
    let keep = {
        let code = code.clone();
        move |event| {
            let is_kept = event_target_checked(&event);
            edited.left_out.update(|left_out| {
                left_out.retain(|other| *other != code);
                if !is_kept {
                    left_out.push(code.clone());
                }
            });
        }
    };
    let value = {
        let code = code.clone();
        move |event| {
            if let Some(value) = parse_value(&event_target_value(&event)) {
                edited.change_target(&code, |target| target.value = value);
            }
        }
    };
    let deadline = {
        let code = code.clone();
        move |event| {
            // What a person types is the last day in time.
            let date = event_target_value(&event).parse().ok();
            edited.change_target(&code, |target| {
                target.deadline = date.map(|date| Deadline {
                    date,
                    rule: DeadlineRule::By,
                });
            });
        }
    };
    let notes = {
        let code = code.clone();
        move || edited.target(&code).map(|target| notes(&target))
    };
    let open = {
        let code = code.clone();
        move |_| units.set(Some(code.clone()))
    };
    let open_name = t::units_of(&code);
    let last_day = target
        .deadline
        .map(|deadline| when::input_date(deadline.last_day()));
    view! {
        <tr>
            <th scope="row">
                <input type="checkbox" checked=true aria-label=t::keep_this(&code) on:change=keep/>
                {code.clone()}
            </th>
            <td>
                {target.text.clone()}
                <span class="small soft">" " {notes}</span>
            </td>
            <td class="number plan-value">
                {comparator(&target)}
                <input
                    class="input"
                    inputmode="decimal"
                    aria-label=t::value_of(&code)
                    prop:value=value_text(target.value)
                    on:change=value
                />
                <span class="small soft">{target.measure.clone()}</span>
            </td>
            <td>
                <input
                    class="input"
                    type="date"
                    aria-label=t::deadline_of(&code)
                    prop:value=last_day.unwrap_or_default()
                    on:change=deadline
                />
            </td>
            <td><Button label=t::unit() name=open_name on_press=open/></td>
        </tr>
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

/// "≥" or its like.
fn comparator(target: &Target) -> String {
    let asked = t::asked(target.comparator, target.value);
    asked.chars().take(1).collect()
}

/// A value as a person types it: with a comma, without grouping.
pub(super) fn value_text(value: Thousandths) -> String {
    let (whole, rest) = (value.0 / 1_000, value.0.rem_euclid(1_000));
    match rest {
        0 => whole.to_string(),
        rest => format!("{whole},{rest:03}").trim_end_matches('0').to_owned(),
    }
}

/// A value as it was typed, with a comma or a point; none for anything else.
pub(super) fn parse_value(text: &str) -> Option<Thousandths> {
    let text = text.trim().replace(',', ".");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    if rest.len() > 3 || !rest.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole: u32 = whole.parse().ok()?;
    let rest: i64 = format!("{rest:0<3}").parse().ok()?;
    Some(Thousandths(i64::from(whole) * 1_000 + rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_as_it_is_typed_and_written_as_it_is_read() {
        for (typed, value) in [("3", 3_000), ("1,5", 1_500), ("1.25", 1_250), (" 80 ", 80_000)] {
            assert_eq!(parse_value(typed), Some(Thousandths(value)), "{typed}");
        }
        assert_eq!(value_text(Thousandths(1_500)), "1,5");
        assert_eq!(value_text(Thousandths::whole(57)), "57");
        for odd in ["", "-1", "x", "1,2345", "1,2,3", "1.000.000"] {
            assert_eq!(parse_value(odd), None, "{odd}");
        }
    }
}
