//! What stands beside the map: time, filters, layers, how many records are in view.

use super::shown::{LENGTHS, Layer};
use super::{MapState, shown::Shown};
use crate::desk::api::use_api;
use crate::desk::known::{AreaChoice, kind_answers, number, status_answers, use_known};
use crate::desk::today;
use crate::icons;
use crate::ui::{Answer, Checkboxes, LinkButton, Notice, Select, Tone};
use crate::words::{desk as d, maps as w, number as numbers, records, when};
use keng_shared::id::AreaId;
use keng_shared::permission::Verb;
use keng_shared::record::RecordStatus;
use leptos::prelude::*;

/// How far back the slider goes, in days.
const BACK: u16 = 365;

/// The panel.
#[component]
pub fn Panel() -> impl IntoView {
    let state = expect_context::<MapState>();
    let shown = state.shown;
    view! {
        <section class="stack" aria-label=d::filter()>
            <Time state/>
            <div role="status" class="stack">
                {move || {
                    let counted = state.counted.get().flatten()?;
                    let sum: u64 = counted.squares.iter().map(|square| square.count).sum();
                    let words = match sum {
                        0 => w::nothing().to_owned(),
                        sum => w::count(numbers::grouped(i64::try_from(sum).unwrap_or(i64::MAX))),
                    };
                    Some(view! { <p class="strong">{words}</p> })
                }}
                {move || state.counted.failure().map(|words| view! { <Notice tone=Tone::Warn words/> })}
                {move || state.hint.get().map(|words| view! { <Notice tone=Tone::Info words/> })}
            </div>
            <Layers state/>
            <Narrow state/>
            <div>
                <LinkButton
                    href=Signal::derive(move || shown.with(in_table))
                    label=w::in_table()
                    icon=icons::LIST
                />
            </div>
        </section>
    }
}

/// The table with the same filter.
fn in_table(shown: &Shown) -> String {
    let (from, to) = shown.span(today());
    let mut address = format!("/desk/records?from={from}&to={to}&sort=date");
    let parts = [
        ("kind", Some(shown.kind.clone()).filter(|kind| !kind.is_empty())),
        ("status", shown.status.map(|status| status.as_str().to_owned())),
        ("area", shown.area.map(|id| id.to_string())),
    ];
    for (name, value) in parts {
        if let Some(value) = value {
            address.push_str(&format!("&{name}={value}"));
        }
    }
    address
}

#[component]
fn Time(state: MapState) -> impl IntoView {
    let shown = state.shown;
    // While the slider is dragged the words follow; the map follows when it is let go.
    let dragged = RwSignal::new(None::<u16>);
    let words = move || {
        let shown = Shown {
            back: dragged.get().unwrap_or(shown.get().back),
            ..shown.get()
        };
        let (from, to) = shown.span(today());
        w::span(when::date(from), when::date(to))
    };
    let lengths = LENGTHS
        .map(|days| Answer::new(days.to_string(), length_words(days)))
        .to_vec();
    let read = |event: &leptos::ev::Event| {
        let ahead: Option<u16> = event_target_value(event).parse().ok();
        ahead.map(|ahead| BACK.saturating_sub(ahead))
    };
    view! {
        <div class="stack">
            <label class="map-time">
                <span class="unseen">{w::slider()}</span>
                <input
                    type="range"
                    min="0"
                    max=BACK.to_string()
                    step="1"
                    prop:value=move || (BACK - shown.get().back.min(BACK)).to_string()
                    aria-valuetext=words
                    on:input=move |event| dragged.set(read(&event))
                    on:change=move |event| {
                        let back = read(&event);
                        dragged.set(None);
                        state.change(|shown| shown.back = back.unwrap_or(0));
                    }
                />
            </label>
            <p class="strong">{words}</p>
            <Select
                id="map-length"
                label=w::length()
                answers=Signal::stored(lengths)
                value=Signal::derive(move || shown.get().length.to_string())
                on_input=move |text: String| {
                    if let Ok(days) = text.parse() {
                        state.change(|shown| shown.length = days);
                    }
                }
            />
        </div>
    }
}

fn length_words(days: u16) -> &'static str {
    match days {
        1 => w::days_1(),
        7 => w::days_7(),
        30 => w::days_30(),
        90 => w::days_90(),
        _ => w::days_365(),
    }
}

fn layer_words(layer: Layer) -> &'static str {
    match layer {
        Layer::Records => w::layer_records(),
        Layer::Heat => w::layer_heat(),
        Layer::Tracks => w::layer_tracks(),
        Layer::Incidents => w::layer_incidents(),
        Layer::Cameras => w::layer_cameras(),
        Layer::Parts => w::layer_parts(),
    }
}

#[component]
fn Layers(state: MapState) -> impl IntoView {
    let api = use_api();
    let shown = state.shown;
    let answers: Vec<Answer> = Layer::ALL
        .into_iter()
        .filter(|layer| *layer != Layer::Cameras || api.may(Verb::ManageCameras))
        .map(|layer| Answer::new(layer.as_str(), layer_words(layer)))
        .collect();
    let choose = move |ids: Vec<String>| {
        state.change(|shown| shown.layers = ids.iter().filter_map(|id| Layer::parse(id)).collect());
    };
    view! {
        <Checkboxes
            id="map-layers"
            label=w::layers()
            answers
            values=Signal::derive(move || {
                shown.with(|shown| shown.layers.iter().map(|layer| layer.as_str().to_owned()).collect())
            })
            on_change=choose
        />
    }
}

#[component]
fn Narrow(state: MapState) -> impl IntoView {
    let (shown, known) = (state.shown, use_known());
    view! {
        <Select
            id="map-kind"
            label=d::filter_kind()
            answers=Signal::stored(kind_answers())
            value=Signal::derive(move || shown.get().kind)
            on_input=move |text: String| state.change(|shown| shown.kind = text)
            empty=records::any_kind()
        />
        <Select
            id="map-status"
            label=d::filter_status()
            answers=Signal::stored(status_answers())
            value=Signal::derive(move || {
                shown.get().status.map(|status| status.as_str().to_owned()).unwrap_or_default()
            })
            on_input=move |text: String| state.change(|shown| shown.status = RecordStatus::parse(&text))
            empty=records::any_status()
        />
        <Select
            id="map-area"
            label=d::filter_area()
            answers=Signal::derive(move || known.area_answers(AreaChoice::Any))
            value=Signal::derive(move || shown.get().area.map(|id| id.to_string()).unwrap_or_default())
            on_input=move |text: String| state.change(|shown| shown.area = number(&text).map(AreaId))
            empty=records::any_area()
        />
    }
}
