//! Reports that may be the same event, offered side by side; and those that an officer has linked.

use super::case::use_case;
use super::parts::{SeverityChip, StateChip};
use crate::desk::api::use_api;
use crate::desk::now;
use crate::icons;
use crate::ui::{Button, use_toasts};
use crate::words::{domain, incidents as n, number, problem, when};
use keng_shared::api::{CaseDetail, CaseRow, NearCase, NewComparison, SameEvent};
use keng_shared::id::RecordId;
use keng_shared::permission::Verb;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Both lists; nothing where there is nothing.
pub fn panel(detail: &CaseDetail) -> AnyView {
    let id = detail.case.record_id;
    let may = use_api().may(Verb::HandleIncidents);
    let near = detail.near.clone();
    let linked = detail.linked.clone();
    let offered = (!near.is_empty()).then(|| {
        let lines = near
            .into_iter()
            .map(|near| view! { <Near id near may/> })
            .collect_view();
        view! {
            <section class="card stack">
                <h2>{n::near()}</h2>
                <p class="soft small">{n::near_hint()}</p>
                <ul class="plain-list">{lines}</ul>
            </section>
        }
    });
    let joined = (!linked.is_empty()).then(|| {
        let lines = linked.into_iter().map(|case| view! { <li><About case/></li> }).collect_view();
        view! { <section class="card stack"><h2>{n::linked()}</h2><ul class="plain-list">{lines}</ul></section> }
    });
    view! { {offered} {joined} }.into_any()
}

#[component]
fn Near(id: RecordId, near: NearCase, may: bool) -> impl IntoView {
    let other = near.case.record_id;
    let apart = when::duration(near.apart_ms.abs());
    let distance = match near.distance_m {
        Some(metres) => n::near_distance(number::metres(metres), apart),
        None => n::near_time(apart),
    };
    let (api, toasts, acting) = (use_api(), use_toasts(), use_case());
    let say = move |verdict: SameEvent| {
        let body = NewComparison { other, verdict };
        spawn_local(async move {
            match api
                .call(async |client| client.compare_cases(id, &body).await)
                .await
            {
                Ok(()) => drop(toasts.say(n::saved())),
                Err(error) => drop(toasts.say(problem::call(&error))),
            }
            acting.detail.again();
        });
    };
    let buttons = may.then(|| {
        view! {
            <div class="row">
                <Button
                    label=n::same_event()
                    icon=icons::LINK
                    on_press=move |_| say(SameEvent::Same)
                />
                <Button label=n::different_event() on_press=move |_| say(SameEvent::Different)/>
            </div>
        }
    });
    view! {
        <li class="stack-tight">
            <About case=near.case/>
            <p class="small">{distance}</p>
            {buttons}
        </li>
    }
}

#[component]
fn About(case: CaseRow) -> impl IntoView {
    let href = format!("/desk/incidents/{}", case.record_id);
    view! {
        <div class="stack-tight">
            <a class="strong" href=href>{domain::category(case.category)}</a>
            <p class="soft small">
                {when::instant(case.happened_at, now())}" · "{case.author.name.clone()}" · "{case.place.clone()}
            </p>
            <div class="row"><SeverityChip severity=case.severity/><StateChip state=case.state/></div>
        </div>
    }
}
