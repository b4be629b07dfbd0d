//! One model: what is known, its ratings, its records with photos, and its ending.

use super::end_form::EndForm;
use super::state_chip;
use crate::desk::api::{is, use_api};
use crate::desk::known::use_known;
use crate::desk::load::{Loaded, load};
use crate::desk::now;
use crate::desk::photo::{Rendition, photo_address};
use crate::icons;
use crate::ui::{Button, ButtonKind, Chip, Dialog, LinkButton, Notice, Tone, use_toasts};
use crate::words::{domain, models as m, problem, when};
use keng_shared::api::{ModelEnded, ModelRecord, ModelRegister, ModelView, WhichModel};
use keng_shared::id::AreaId;
use keng_shared::problem::ProblemCode;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The panel; `back` is the page without it.
#[component]
pub fn Detail(which: WhichModel, back: String, models: Loaded<ModelRegister>) -> impl IntoView {
    let api = use_api();
    let asked = which.clone();
    let view = load(move || {
        let which = asked.clone();
        api.call(async move |client| client.model(&which).await)
    });
    let name = which.name.clone();
    view! {
        <section class="card stack" aria-labelledby="model-open">
            <div class="row-apart">
                <h2 id="model-open">{name}</h2>
                <LinkButton href=back label=m::close_panel() icon=icons::X/>
            </div>
            {view.view(move |found| view! { <Found found which=which.clone() view models/> })}
        </section>
    }
}

#[component]
fn Found(
    found: ModelView,
    which: WhichModel,
    view: Loaded<ModelView>,
    models: Loaded<ModelRegister>,
) -> impl IntoView {
    let known = use_known();
    let model = found.model.clone();
    let count = |count: Option<u32>| count.map_or_else(|| m::unknown().to_owned(), |count| count.to_string());
    let decision = match model.decision_number.is_empty() {
        true => m::unknown().to_owned(),
        false => model.decision_number.clone(),
    };
    let launched = model
        .launched_on
        .map_or_else(|| m::unknown().to_owned(), when::date);
    let (area, commune) = (model.area_id, model.commune);
    let lacks = model.lacks_review.then(|| {
        let year = chrono::Datelike::year(&crate::desk::today());
        view! { <Chip tone=Tone::Warn words=m::lacks_review(year)/> }
    });
    let ratings = model
        .ratings
        .iter()
        .map(|rating| view! { <li><Chip tone=Tone::Info words=m::rating_of(rating)/></li> })
        .collect_view();
    let ended = found.ended.clone().map(|ended| said(&ended));
    let open = RwSignal::new(false);
    let is_ended = found.ended.is_some();
    let revision = found.revision;
    let change = found.may_end.then(|| match is_ended {
        true => view! { <Reopen which=which.clone() revision view models/> }.into_any(),
        false => {
            let which = which.clone();
            let title = m::end_of(&model.name);
            view! {
                <Button label=m::end_model() icon=icons::BAN on_press=move |_| open.set(true)/>
                <Dialog open title>
                    <EndForm which=which.clone() revision open view models/>
                </Dialog>
            }
            .into_any()
        }
    });
    let name = model.name.clone();
    let timeline = found
        .timeline
        .into_iter()
        .map(|record| entry(record, commune, &name))
        .collect_view();
    view! {
        <p class="row">{state_chip(model.state)}{lacks}</p>
        {ended}
        <dl class="model-facts">
            <div><dt>{m::category()}</dt><dd>{m::category_of(&model.category)}</dd></div>
            <div><dt>{m::place()}</dt><dd>{move || known.place(area, commune)}</dd></div>
            <div><dt>{m::launched_on()}</dt><dd>{launched}</dd></div>
            <div><dt>{m::decision()}</dt><dd>{decision}</dd></div>
            <div><dt>{m::members()}</dt><dd>{count(model.members)}</dd></div>
            <div><dt>{m::households()}</dt><dd>{count(model.households)}</dd></div>
        </dl>
        <div class="stack-tight">
            <h3>{m::ratings()}</h3>
            {match model.ratings.is_empty() {
                true => view! { <p class="soft">{m::not_rated()}</p> }.into_any(),
                false => view! { <ul class="chips">{ratings}</ul> }.into_any(),
            }}
        </div>
        <div class="row screen-only">{change}</div>
        <div class="stack-tight">
            <h3>{m::timeline()}</h3>
            <ol class="plain-list">{timeline}</ol>
        </div>
    }
}

fn said(ended: &ModelEnded) -> impl IntoView + use<> {
    let day = when::date(ended.ending.on);
    let what = match &ended.ending.into {
        Some(into) => m::ended_merged(day, &into.name),
        None => m::ended_closed(day),
    };
    let by = m::ended_by(&ended.by.name, when::instant(ended.at, now()));
    let words = format!("{what} {} ({by})", ended.ending.words);
    view! { <Notice tone=Tone::Info words/> }
}

fn entry(record: ModelRecord, commune: AreaId, name: &str) -> impl IntoView + use<> {
    let known = use_known();
    let area = record.area_id;
    let day = when::date(record.local_date);
    let open = m::open_record(&day);
    let chip = match (&record.rating, record.state) {
        (Some(rating), _) => Some(view! { <Chip tone=Tone::Info words=m::rating_of(rating)/> }.into_any()),
        (None, Some(state)) => Some(state_chip(state).into_any()),
        (None, None) => None,
    };
    let photos = record
        .photos
        .into_iter()
        .enumerate()
        .map(|(index, id)| {
            let address = photo_address(id, Rendition::Thumbnail);
            let alt = m::photo_of(name, index + 1);
            view! {
                {move || address.get().map(|src| view! { <img class="model-photo" src=src alt=alt.clone()/> })}
            }
        })
        .collect_view();
    let words = (!record.words.is_empty()).then(|| view! { <p>{record.words}</p> });
    view! {
        <li class="stack-tight">
            <p class="row">
                <strong>{day}</strong>
                <span>{domain::kind(&record.kind)}" · "{move || known.place(area, commune)}</span>
                {chip}
                <a href=format!("/desk/review/{}", record.record_id) aria-label=open>{m::open()}</a>
            </p>
            {words}
            <div class="row">{photos}</div>
        </li>
    }
}

/// Takes an ending back.
#[component]
fn Reopen(
    which: WhichModel,
    revision: u32,
    view: Loaded<ModelView>,
    models: Loaded<ModelRegister>,
) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let press = move |_| {
        let which = which.clone();
        spawn_local(async move {
            let answer = api
                .call(async |client| client.reopen_model(&which, revision).await)
                .await;
            match answer {
                Ok(found) => {
                    toasts.say(m::reopened());
                    view.set(found);
                }
                Err(error) if is(&error, ProblemCode::RevisionMismatch) => {
                    toasts.say(m::conflict());
                    view.again();
                }
                Err(error) => drop(toasts.say(problem::call(&error))),
            }
            models.again();
        });
    };
    view! { <Button label=m::reopen() kind=ButtonKind::Plain icon=icons::UNDO_2 on_press=press/> }
}
