//! Entering a plan: choose one that ships with the program or a plan of last year, whose it is and for which year, look it
//! over, save it.

use super::edited::Edited;
use super::editor::{EditorActions, Leaving};
use super::plan_form::{PlanFields, UNCLEAR};
use crate::desk::api::{FormErrors, use_api};
use crate::desk::known::{number, use_known};
use crate::desk::load::{Loaded, load};
use crate::desk::today;
use crate::icons;
use crate::shell::dom;
use crate::ui::{Answer, Button, ButtonKind, DialogActions, NumberInput, Select, Submits, use_toasts};
use crate::words::targets as t;
use chrono::Datelike;
use keng_shared::api::{PlanDraft, TargetPlanRow};
use keng_shared::area::AreaKind;
use keng_shared::id::{AreaId, TargetPlanId};
use keng_shared::target::{PlanTerms, Span};
use keng_shared::time::LocalDate;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// Before the id of a plan of one's own, among the answers.
const OWN: &str = "own-";
/// A plan without targets, among the answers.
const EMPTY: &str = "empty";

/// The dialog's inside.
#[component]
pub fn StartPlan(open: RwSignal<bool>, plans: Loaded<Vec<TargetPlanRow>>) -> impl IntoView {
    let draft = RwSignal::new(None::<PlanDraft>);
    Effect::new(move |_| {
        if !open.get() {
            draft.set(None);
        }
    });
    move || match draft.get() {
        None => view! { <Choose open draft plans/> }.into_any(),
        Some(found) => view! { <LookOver open draft=found plans/> }.into_any(),
    }
}

/// What to start from.
#[component]
fn Choose(
    open: RwSignal<bool>,
    draft: RwSignal<Option<PlanDraft>>,
    plans: Loaded<Vec<TargetPlanRow>>,
) -> impl IntoView {
    let (api, known) = (use_api(), use_known());
    let ready = load(move || api.call(async |client| client.ready_made_plans().await));
    let from = RwSignal::new(String::new());
    let area = RwSignal::new(api.home().map(|area| area.to_string()).unwrap_or_default());
    let year = RwSignal::new(today().year().to_string());
    let errors = FormErrors::new();
    let answers = Signal::derive(move || {
        let shipped = ready.get().unwrap_or_default().into_iter().map(|plan| {
            let words = format!(
                "{} · {} · {}",
                plan.title,
                plan.issuer,
                t::targets_count(plan.targets)
            );
            Answer::new(plan.id, words)
        });
        let own = plans.get().unwrap_or_default().into_iter();
        own.map(|row| {
            Answer::new(
                format!("{OWN}{}", row.id),
                format!("{} · {}", row.title, row.area_name),
            )
        })
        .chain(shipped)
        .chain([Answer::new(EMPTY, t::start_empty())])
        .collect::<Vec<_>>()
    });
    // A plan is of a commune or of something above it.
    let areas = Signal::derive(move || {
        let mut areas = known.area_answers(crate::desk::known::AreaChoice::Any);
        areas.retain(|answer| {
            let kind = number(&answer.value).and_then(|id| known.kind(AreaId(id)));
            kind.is_some_and(|kind| kind <= AreaKind::Commune)
        });
        areas
    });
    let look = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        let (from, year) = (from.get_untracked(), year.get_untracked().parse().unwrap_or(0));
        let area = AreaId(number(&area.get_untracked()).unwrap_or(0));
        if from == EMPTY {
            draft.set(empty(area, year));
            return;
        }
        spawn_local(async move {
            let own = from.strip_prefix(OWN).and_then(number).map(TargetPlanId);
            let answer = api
                .call(async |client| match own {
                    Some(plan) => client.draft_copy(area, year, plan).await,
                    None => client.draft_ready_made(area, year, &from).await,
                })
                .await;
            match answer {
                Ok(found) => drop(draft.try_set(Some(found))),
                Err(error) => errors.show(&error),
            }
        });
    };
    view! {
        <form class="stack" on:submit=look>
            {errors.notice()}
            <Select
                id="start-from"
                label=t::start_from()
                answers
                value=from
                on_input=move |text| from.set(text)
                empty=t::start_from()
                error=errors.of("ready_made")
            />
            <Select
                id="start-area"
                label=t::whose()
                answers=areas
                value=area
                on_input=move |text| area.set(text)
                error=errors.of("area")
            />
            <NumberInput
                id="start-year"
                label=t::year()
                value=year
                on_input=move |text| year.set(text)
                error=errors.of("year")
            />
            <DialogActions open>
                <Button
                    label=t::look_over()
                    kind=ButtonKind::Primary
                    icon=icons::EYE
                    submits=Submits::Form
                />
            </DialogActions>
        </form>
    }
}

/// A plan of that year without any target.
fn empty(area_id: AreaId, year: i32) -> Option<PlanDraft> {
    Some(PlanDraft {
        terms: PlanTerms {
            area_id,
            title: String::new(),
            issuer: String::new(),
            number: String::new(),
            issued_on: None,
            period: Span {
                from: LocalDate::from_ymd_opt(year, 1, 1)?,
                to: LocalDate::from_ymd_opt(year, 12, 31)?,
            },
            cut_off: None,
            due: None,
            source: String::new(),
            targets: Vec::new(),
        },
        not_found: Vec::new(),
        gaps: Vec::new(),
    })
}

/// The plan before it is stored.
#[component]
fn LookOver(open: RwSignal<bool>, draft: PlanDraft, plans: Loaded<Vec<TargetPlanRow>>) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let go = StoredValue::new(use_navigate());
    let not_found = draft.not_found.clone();
    let edited = Edited::of_draft(draft);
    if let Some(leaving) = Leaving::here() {
        leaving.watch(edited);
    }
    let errors = FormErrors::new();
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        if !edited.is_clear() {
            return dom::focus(UNCLEAR);
        }
        let terms = edited.finished();
        spawn_local(async move {
            match api
                .call(async |client| client.create_target_plan(&terms).await)
                .await
            {
                Ok(stored) => {
                    toasts.say(t::plan_saved());
                    plans.again();
                    open.try_set(false);
                    let page = format!("/desk/targets?plan={}", stored.id);
                    go.try_with_value(|go| go(&page, NavigateOptions::default()));
                }
                Err(error) => errors.show(&error),
            }
        });
    };
    view! {
        <form class="stack" on:submit=save>
            <PlanFields edited errors not_found/>
            <EditorActions>
                <Button label=t::save_plan() kind=ButtonKind::Primary submits=Submits::Form/>
            </EditorActions>
        </form>
    }
}
