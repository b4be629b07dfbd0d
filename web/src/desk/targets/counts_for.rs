//! What a record counts for, or why not.

use crate::desk::api::use_api;
use crate::desk::load::load;
use crate::ui::{Chip, Tone};
use crate::words::{number, targets as t};
use keng_shared::api::RecordTarget;
use keng_shared::id::RecordId;
use leptos::prelude::*;

/// A line for each target of the record's kind, asked for again when `changed` does.
#[component]
pub fn CountsFor(id: RecordId, changed: Signal<i64>) -> impl IntoView {
    let api = use_api();
    let told = load(move || {
        changed.track();
        api.call(async move |client| client.record_targets(id).await)
    });
    view! {
        <section class="stack" aria-labelledby="counts-for">
            <h2 id="counts-for">{t::counts_for()}</h2>
            {told.view(lines)}
        </section>
    }
}

fn lines(told: Vec<RecordTarget>) -> AnyView {
    if told.is_empty() {
        return view! { <p class="soft">{t::counts_for_nothing()}</p> }.into_any();
    }
    // This year's plan and last year's have targets with the same number.
    let has_several = told
        .iter()
        .any(|one| told.first().is_some_and(|first| first.plan_id != one.plan_id));
    let lines = told
        .into_iter()
        .map(|one| {
            let stands = match &one.why_not {
                None => view! { <Chip tone=Tone::Good words=format!("{} · +{}", t::counts(), number::grouped(one.amount))/> },
                Some(reason) => view! { <Chip tone=Tone::Warn words=t::why_not(reason)/> },
            };
            let page = format!("/desk/targets?plan={}", one.plan_id);
            view! {
                <li>
                    {stands}
                    " "
                    <a href=page>{one.code}</a>
                    " "
                    {one.text}
                    {has_several.then(|| view! { <span class="small soft">" · " {one.plan}</span> })}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="counts-for">{lines}</ul> }.into_any()
}
