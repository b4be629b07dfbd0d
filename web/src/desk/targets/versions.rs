//! The document of a plan and what it said before: every saved version with what it changed, and going back to one.

use crate::desk::api::use_api;
use crate::desk::load::load;
use crate::icons;
use crate::ui::{Button, Chip, Fact, Facts, Tone};
use crate::words::{plan_versions as v, targets as t, when};
use keng_shared::api::{PlanVersion, TargetPlanView};
use keng_shared::id::TargetPlanId;
use keng_shared::target::PlanTerms;
use keng_shared::time::LocalDate;
use leptos::prelude::*;

/// The document and the versions; `restore` is told the number of a version to go back to.
#[component]
pub fn Versions(id: TargetPlanId, restore: Callback<u32>) -> impl IntoView {
    let api = use_api();
    let found = load(move || {
        api.call(async move |client| {
            let plan = client.target_plan(id).await?;
            let versions = client.plan_versions(id).await?;
            Ok((plan, versions))
        })
    });
    found.view(move |(plan, versions)| {
        view! {
            {document(&plan.terms)}
            <h3>{v::versions()}</h3>
            <ol class="plan-versions">
                {versions
                    .iter()
                    .map(|version| view! { <li>{one(&plan, version, restore)}</li> })
                    .collect_view()}
            </ol>
        }
    })
}

/// Who issued the plan, when and under which number, as far as it is recorded.
fn document(terms: &PlanTerms) -> impl IntoView + use<> {
    let day = |day: Option<LocalDate>| day.map(when::date).unwrap_or_default();
    let facts = [
        (t::plan_number(), terms.number.clone()),
        (t::plan_issuer(), terms.issuer.clone()),
        (t::plan_issued(), day(terms.issued_on)),
        (t::plan_source(), terms.source.clone()),
    ];
    let known: Vec<_> = facts.into_iter().filter(|(_, words)| !words.is_empty()).collect();
    match known.is_empty() {
        true => view! { <p class="soft">{v::no_document()}</p> }.into_any(),
        false => {
            let facts = known
                .into_iter()
                .map(|(name, words)| view! { <Fact name>{words}</Fact> })
                .collect_view();
            view! { <Facts>{facts}</Facts> }.into_any()
        }
    }
}

fn one(plan: &TargetPlanView, version: &PlanVersion, restore: Callback<u32>) -> impl IntoView + use<> {
    let number = version.revision;
    let is_in_force = number == plan.revision;
    let may_restore = plan.may_change && !is_in_force;
    let changes = match version.changes.as_slice() {
        [] if number == 1 => view! { <p class="small">{v::first()}</p> }.into_any(),
        [] => view! { <p class="small">{v::same()}</p> }.into_any(),
        changes => {
            let lines = changes
                .iter()
                .map(|change| view! { <li>{v::change(change)}</li> })
                .collect_view();
            view! { <ul class="small">{lines}</ul> }.into_any()
        }
    };
    view! {
        <div class="row-apart">
            <div class="row">
                <strong>{v::version(number)}</strong>
                {is_in_force.then(|| view! { <Chip tone=Tone::Good words=v::in_force()/> })}
                <span class="soft small">{t::targets_count(version.targets)}</span>
            </div>
            {may_restore
                .then(|| {
                    view! {
                        <Button
                            label=v::restore_of(number)
                            icon=icons::HISTORY
                            on_press=move |_| restore.run(number)
                        />
                    }
                })}
        </div>
        <p class="soft small">{v::saved_by(&version.by.name, when::full(version.at))}</p>
        {changes}
    }
}
