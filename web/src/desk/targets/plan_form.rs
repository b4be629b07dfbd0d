//! A plan to look over: its head, and its targets with what is asked, until when, and whether they are asked at all.

use super::add_target::AddTarget;
use super::counting::Catalogue;
use super::edited::Edited;
use super::editor::{EditorActions, Leaving};
use super::paste::PasteTargets;
use super::target_row::TargetRow;
use super::units::Units;
use crate::desk::api::{FormErrors, use_api};
use crate::desk::load::load;
use crate::shell::dom;
use crate::ui::{
    Button, ButtonKind, DateInput, Disclosure, Notice, Required, Submits, Table, TextInput, Tone, use_toasts,
};
use crate::words::{plan_versions, targets as t, when};
use keng_shared::id::TargetPlanId;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A stored plan, to be changed; with `version` it begins with what that version said.
#[component]
pub fn ChangePlan(
    id: TargetPlanId,
    version: Option<u32>,
    open: RwSignal<bool>,
    saved: Callback<()>,
) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let stored = load(move || {
        api.call(async move |client| {
            let mut plan = client.target_plan(id).await?;
            if let Some(version) = version {
                plan.terms = client.plan_version(id, version).await?.terms;
            }
            Ok(plan)
        })
    });
    stored.view(move |stored| {
        let edited = Edited::new(stored.terms);
        let restoring = version.map(|version| view! { <Notice words=plan_versions::restoring(version)/> });
        if let Some(leaving) = Leaving::here() {
            leaving.watch(edited);
        }
        let errors = FormErrors::new();
        let revision = stored.revision;
        let save = move |event: SubmitEvent| {
            event.prevent_default();
            errors.clear();
            if !edited.is_clear() {
                return dom::focus(UNCLEAR);
            }
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
                {restoring}
                <PlanFields edited errors not_found=Vec::new()/>
                <EditorActions>
                    <Button label=t::save_plan() kind=ButtonKind::Primary submits=Submits::Form/>
                </EditorActions>
            </form>
        }
    })
}

/// The fields of a plan.
#[component]
pub fn PlanFields(edited: Edited, errors: FormErrors, not_found: Vec<String>) -> impl IntoView {
    let terms = edited.terms;
    let api = use_api();
    let indicators = load(move || api.call(async |client| client.indicators().await));
    let catalogue = Memo::new(move |_| indicators.get().unwrap_or_default());
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
                id="plan-from"
                label=t::plan_from()
                value=Signal::derive(move || terms.with(|terms| when::input_date(terms.period.from)))
                on_input=move |text: String| {
                    if let Ok(day) = text.parse() {
                        terms.update(|terms| terms.period.from = day);
                    }
                }
                error=errors.of("period")
            />
            <DateInput
                id="plan-to"
                label=t::plan_to()
                value=Signal::derive(move || terms.with(|terms| when::input_date(terms.period.to)))
                on_input=move |text: String| {
                    if let Ok(day) = text.parse() {
                        terms.update(|terms| terms.period.to = day);
                    }
                }
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
        <Disclosure summary=t::plan_document()>{document(edited, errors)}</Disclosure>
        {table(edited, catalogue)}
        <div id=UNCLEAR tabindex="-1" aria-live="assertive">
            {move || {
                let names = edited.unclear_words();
                (!names.is_empty()).then(|| view! { <Notice tone=Tone::Danger words=t::value_unclear(names)/> })
            }}
        </div>
        <Disclosure summary=t::paste_title()><div class="stack"><PasteTargets edited catalogue/></div></Disclosure>
        <Disclosure summary=t::add_target()><div class="stack"><AddTarget edited catalogue/></div></Disclosure>
    }
}

/// The document that the plan was taken from.
fn document(edited: Edited, errors: FormErrors) -> impl IntoView {
    let terms = edited.terms;
    view! {
        <div class="row plan-head">
            <TextInput
                id="plan-issuer"
                label=t::plan_issuer()
                value=Signal::derive(move || terms.with(|terms| terms.issuer.clone()))
                on_input=move |text| terms.update(|terms| terms.issuer = text)
                error=errors.of("issuer")
                required=Required::No
            />
            <DateInput
                id="plan-issued"
                label=t::plan_issued()
                value=Signal::derive(move || {
                    terms.with(|terms| terms.issued_on.map(when::input_date).unwrap_or_default())
                })
                on_input=move |text: String| terms.update(|terms| terms.issued_on = text.parse().ok())
                required=Required::No
            />
            <TextInput
                id="plan-source"
                label=t::plan_source()
                value=Signal::derive(move || terms.with(|terms| terms.source.clone()))
                on_input=move |text| terms.update(|terms| terms.source = text)
                error=errors.of("source")
                required=Required::No
            />
        </div>
    }
}

fn table(edited: Edited, catalogue: Catalogue) -> impl IntoView {
    // The target whose units are open.
    let units = RwSignal::new(None::<String>);
    let shown = Memo::new(move |_| {
        edited.terms.with(|terms| {
            terms
                .targets
                .iter()
                .map(|target| target.code.clone())
                .collect::<Vec<_>>()
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
        <div class="plan-targets plan-all">
            <Table caption=t::title() columns>
                <For each=move || shown.get() key=|code| code.clone() let:code>
                    <TargetRow edited code catalogue units/>
                </For>
            </Table>
        </div>
        {move || units.get().map(|code| view! { <Units edited code close/> })}
    }
}

/// Where the form names values that it did not understand.
pub(super) const UNCLEAR: &str = "plan-unclear";
