//! "15118 hôm nay là xã nào?": an old code and what it is today.

use super::address;
use crate::desk::api::{FormErrors, use_api};
use crate::desk::today;
use crate::icons;
use crate::ui::{Button, DateInput, Notice, Submits, TextInput, Tone};
use crate::words::{desk as d, domain, when};
use keng_shared::api::Resolved;
use keng_shared::time::LocalDate;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The question and its answer.
#[component]
pub fn ResolveCard() -> impl IntoView {
    let api = use_api();
    let (year, month, day) = super::BEFORE_MERGER;
    let before = LocalDate::from_ymd_opt(year, month, day).unwrap_or_else(today);
    let (code, on) = (RwSignal::new(String::new()), RwSignal::new(before.to_string()));
    let (errors, answer) = (FormErrors::new(), RwSignal::new(None::<Resolved>));
    let ask = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        let (code, on) = (code.get_untracked(), on.get_untracked());
        spawn_local(async move {
            let as_of = on.parse().ok();
            let found = api
                .call(async |client| client.resolve_area(code.trim(), as_of, Some(today())).await)
                .await;
            match found {
                Ok(found) => drop(answer.try_set(Some(found))),
                Err(error) => {
                    answer.try_set(None);
                    errors.show(&error);
                }
            }
        });
    };
    view! {
        <section class="card stack">
            <h2>{d::resolve()}</h2>
            <p class="soft">{d::resolve_question()}</p>
            <form class="form-row" on:submit=ask>
                <TextInput
                    id="resolve-code"
                    label=d::resolve_code()
                    value=code
                    on_input=move |text| code.set(text)
                    error=errors.of("code")
                    keyboard="numeric"
                />
                <DateInput
                    id="resolve-on"
                    label=d::resolve_on()
                    value=on
                    on_input=move |text| on.set(text)
                    error=errors.of("as_of")
                />
                <Button label=d::resolve_ask() icon=icons::SEARCH submits=Submits::Form/>
            </form>
            <p class="small soft">{d::resolve_hint()}</p>
            <div aria-live="polite">
                {move || {
                    let words = errors.whole().get();
                    (!words.is_empty()).then(|| view! { <Notice tone=Tone::Warn words/> })
                }}
                {move || answer.get().map(answered)}
            </div>
        </section>
    }
}

fn answered(found: Resolved) -> impl IntoView {
    let now = found
        .now
        .iter()
        .map(|successor| {
            let area = successor.area.clone();
            let code = area.code.map(|code| format!(" ({code})"));
            view! {
                <li>
                    {domain::succession(successor.relation)}" "
                    <a class="strong" href=address(Some(area.id), None)>{area.name}{code}</a>
                </li>
            }
        })
        .collect_view();
    let until = found
        .asked
        .valid_to
        .map(|day| format!(" · {}", d::area_valid_to(when::date(day))));
    let nothing = found.now.is_empty().then(|| view! { <p>{d::resolve_none()}</p> });
    view! {
        <p>
            <span class="strong">{found.asked.name}</span>
            <span class="soft">{until}</span>
        </p>
        <ul class="bullets">{now}</ul>
        {nothing}
    }
}
