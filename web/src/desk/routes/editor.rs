//! The fields beside the map on which a route is drawn: everything that the map does can be done here by the keyboard.

use super::drawn::{Drawn, Towards};
use super::refusal;
use crate::desk::api::{FormErrors, fields, use_api};
use crate::desk::checkpoints::read_place;
use crate::desk::known::{AreaChoice, number as number_of, use_known};
use crate::desk::load::Loaded;
use crate::icons;
use crate::ui::{Answer, Button, ButtonKind, Notice, Required, Select, Submits, TextInput, Tone, use_toasts};
use crate::words::{desk as d, interface as w, number, routes as r};
use keng_shared::id::AreaId;
use keng_shared::patrol_route::{PatrolRoute, RouteTerms, length_m};
use keng_shared::problem::{FieldCode, FieldError};
use keng_shared::sync::Checkpoint;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The form.
#[component]
pub fn Editor(
    drawing: RwSignal<Option<Drawn>>,
    edited: Option<RouteTerms>,
    routes: Loaded<Vec<PatrolRoute>>,
    points: Loaded<Vec<Checkpoint>>,
) -> impl IntoView {
    let (api, known, toasts) = (use_api(), use_known(), use_toasts());
    let title = match &edited {
        Some(terms) => r::changing(&terms.name),
        None => r::draw().to_owned(),
    };
    let home = edited.as_ref().map(|terms| terms.area_id).or_else(|| api.home());
    let area = RwSignal::new(home.map(|area| area.to_string()).unwrap_or_default());
    let name = RwSignal::new(
        edited
            .as_ref()
            .map(|terms| terms.name.clone())
            .unwrap_or_default(),
    );
    let past = edited
        .as_ref()
        .map(|terms| terms.checkpoints.clone())
        .unwrap_or_default();
    let left_out = move || {
        let names = known.retired(&past);
        let words = || r::retired_left_out(names.join(", "));
        (!names.is_empty()).then(|| view! { <Notice tone=Tone::Info words=words()/> })
    };
    let errors = FormErrors::new();
    let refused = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        refused.set(String::new());
        let Some(drawn) = drawing.get_untracked() else {
            return;
        };
        let Some(area_id) = number_of(&area.get_untracked()).map(AreaId) else {
            return errors.show_fields(vec![FieldError::new("area_id", FieldCode::Required)]);
        };
        let terms = match drawn.terms(area_id, name.get_untracked()).parse() {
            Ok(terms) => terms,
            Err(found) => return errors.show_fields(found),
        };
        spawn_local(async move {
            let answer = api
                .call(async |client| match drawn.changes {
                    None => client.create_patrol_route(&terms).await,
                    Some((id, revision)) => client.edit_patrol_route(id, revision, &terms).await,
                })
                .await;
            match answer {
                Ok(_) => {
                    toasts.say(r::saved());
                    routes.again();
                    drawing.try_set(None);
                }
                Err(error) if fields(&error).is_empty() => {
                    refused.try_set(refusal(&error));
                    routes.again();
                }
                Err(error) => errors.show(&error),
            }
        });
    };
    let measured = move || {
        let line = drawing
            .with(|drawn| drawn.as_ref().map(Drawn::line))
            .unwrap_or_default();
        r::length(number::metres(length_m(&line)), line.len())
    };
    let wrong_line = errors.of("line");
    view! {
        <section class="card stack">
            <h2>{title}</h2>
            <p class="soft small">{r::hint()}</p>
            {left_out}
            <form class="stack" on:submit=submit>
                {move || {
                    let words = refused.get();
                    (!words.is_empty()).then(|| view! { <Notice tone=Tone::Warn words/> })
                }}
                {errors.notice()}
                <TextInput
                    id="route-name"
                    label=r::name()
                    value=name
                    on_input=move |text| name.set(text)
                    error=errors.of("name")
                />
                <Select
                    id="route-area"
                    label=d::area()
                    answers=Signal::derive(move || known.area_answers(AreaChoice::Working))
                    value=area
                    on_input=move |text| area.set(text)
                    empty=w::choose()
                    error=errors.of("area_id")
                />
                <div class="stack-tight">
                    <h3>{r::line()}</h3>
                    <p role="status">{measured}</p>
                    <p class="soft small">{r::limits()}</p>
                    {move || {
                        let words = wrong_line.get();
                        (!words.is_empty()).then(|| view! { <Notice tone=Tone::Danger words/> })
                    }}
                </div>
                <Stops drawing points/>
                <AddStop drawing points/>
                <div class="row">
                    <Button label=r::save() kind=ButtonKind::Primary submits=Submits::Form/>
                    <Button label=w::cancel() on_press=move |_| drawing.set(None)/>
                </div>
            </form>
        </section>
    }
}

/// The stops in their order, each with the ways to move it and to take it away.
#[component]
fn Stops(drawing: RwSignal<Option<Drawn>>, points: Loaded<Vec<Checkpoint>>) -> impl IntoView {
    let change = move |change: &dyn Fn(&mut Drawn)| {
        drawing.update(|drawn| {
            if let Some(drawn) = drawn {
                change(drawn);
            }
        });
    };
    let rows = move || {
        let stops = drawing.with(|drawn| drawn.as_ref().map(|drawn| drawn.stops.clone()))?;
        let known = points.get().unwrap_or_default();
        let count = stops.len();
        let rows = stops.into_iter().enumerate().map(|(index, stop)| {
            let point = known.iter().find(|point| Some(point.id) == stop.checkpoint);
            let name = point.map_or_else(|| r::point(index + 1), |point| point.name.clone());
            let place = format!("{:.5}, {:.5}", stop.at.lat(), stop.at.lon());
            view! {
                <li class="route-stop">
                    <span>{name.clone()}<span class="soft small">" "{place}</span></span>
                    <Button
                        label=r::up()
                        name=r::earlier(&name)
                        kind=ButtonKind::Quiet
                        blocked=Signal::stored(index == 0)
                        on_press=move |_| change(&|drawn: &mut Drawn| drawn.shift(index, Towards::Start))
                    />
                    <Button
                        label=r::down()
                        name=r::later(&name)
                        kind=ButtonKind::Quiet
                        blocked=Signal::stored(index + 1 == count)
                        on_press=move |_| change(&|drawn: &mut Drawn| drawn.shift(index, Towards::End))
                    />
                    <Button
                        label=r::take_away()
                        name=r::remove(&name)
                        kind=ButtonKind::Quiet
                        on_press=move |_| change(&|drawn: &mut Drawn| {
                            if index < drawn.stops.len() {
                                drawn.stops.remove(index);
                            }
                        })
                    />
                </li>
            }
        });
        Some(rows.collect_view())
    };
    let is_empty = move || drawing.with(|drawn| drawn.as_ref().is_none_or(|drawn| drawn.stops.is_empty()));
    let undo = move |_| {
        change(&|drawn: &mut Drawn| {
            let kept = drawn.stops.len().saturating_sub(1);
            drawn.stops.truncate(kept);
        })
    };
    view! {
        {move || (!is_empty()).then(|| view! {
            <ol class="plain-list route-stops" aria-label=r::points()>{rows}</ol>
            <div><Button label=r::undo_last() icon=icons::UNDO_2 on_press=undo/></div>
        })}
    }
}

/// A stop by its coordinates, or a checkpoint by its name.
#[component]
fn AddStop(drawing: RwSignal<Option<Drawn>>, points: Loaded<Vec<Checkpoint>>) -> impl IntoView {
    let (place, wrong) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let add = move |_| match read_place(&place.get_untracked()) {
        None => wrong.set(crate::words::problem::field(&FieldError::new(
            "line",
            FieldCode::BadFormat,
        ))),
        Some(at) => {
            wrong.set(String::new());
            place.set(String::new());
            drawing.update(|drawn| {
                if let Some(drawn) = drawn {
                    drawn.lengthen(at);
                }
            });
        }
    };
    let answers = Signal::derive(move || {
        let drawn = drawing.get().unwrap_or_default();
        let points = points.get().unwrap_or_default();
        let left = points.into_iter().filter(|point| !drawn.leads_past(point.id));
        left.map(|point| Answer::new(point.id.to_string(), point.name))
            .collect::<Vec<_>>()
    });
    let chosen = RwSignal::new(String::new());
    let choose = move |id: String| {
        let found = points.peek().unwrap_or_default();
        drawing.update(|drawn| {
            let point = found.iter().find(|point| point.id.to_string() == id);
            if let (Some(drawn), Some(point)) = (drawn, point) {
                drawn.lead_past(point);
            }
        });
        chosen.set(String::new());
    };
    view! {
        <Select
            id="route-checkpoint"
            label=r::add_checkpoint()
            answers
            value=chosen
            on_input=choose
            empty=w::choose()
            required=Required::No
        />
        <div class="row route-add">
            <TextInput
                id="route-place"
                label=r::add_place()
                hint=r::add_place_hint()
                value=place
                on_input=move |text| place.set(text)
                error=wrong
                required=Required::No
            />
            <Button label=r::add() icon=icons::PLUS on_press=add/>
        </div>
    }
}
