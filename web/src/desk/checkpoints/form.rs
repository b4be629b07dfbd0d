//! The form of a new checkpoint, or of one that is changed.

use super::read_place;
use super::rows::{Ways, row_id};
use crate::desk::api::{FormErrors, fields, is};
use crate::desk::known::{AreaChoice, number};
use crate::shell::dom;
use crate::ui::{Button, ButtonKind, Notice, NumberInput, Select, Submits, TextInput, Tone};
use crate::words::{checkpoints as c, desk as d, interface as w, problem};
use keng_shared::api::NewCheckpoint;
use keng_shared::id::AreaId;
use keng_shared::problem::{FieldCode, FieldError, ProblemCode};
use keng_shared::sync::Checkpoint;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Metres that a new fence has until somebody says otherwise.
const USUAL_RADIUS: &str = "50";
const NAME: &str = "checkpoint-name";

/// The form. `place` is written in it and chosen on the map beside it.
#[component]
pub fn Form(place: RwSignal<String>, ways: Ways, changed: Option<Checkpoint>) -> impl IntoView {
    let Ways {
        api, known, toasts, ..
    } = ways;
    let of = |text: Option<String>| RwSignal::new(text.unwrap_or_default());
    let name = of(changed.as_ref().map(|point| point.name.clone()));
    let area = of(changed.as_ref().map(|point| point.area_id.to_string()));
    let usual = || USUAL_RADIUS.to_owned();
    let radius = RwSignal::new(
        changed
            .as_ref()
            .map_or_else(usual, |point| point.radius_m.to_string()),
    );
    let errors = FormErrors::new();
    let refused = RwSignal::new(String::new());
    let stored = changed.as_ref().map(|point| (point.id, point.revision));
    let leave = move || {
        ways.changing.try_set(None);
        if let Some((id, _)) = stored {
            dom::focus_later(row_id(id));
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        refused.set(String::new());
        let Some(position) = read_place(&place.get_untracked()) else {
            return errors.show_fields(vec![FieldError::new("position", FieldCode::BadFormat)]);
        };
        let Ok(radius_m) = radius.get_untracked().trim().parse() else {
            return errors.show_fields(vec![FieldError::new("radius_m", FieldCode::BadFormat)]);
        };
        let body = NewCheckpoint {
            area_id: AreaId(number(&area.get_untracked()).unwrap_or_default()),
            name: name.get_untracked(),
            position,
            radius_m,
        };
        spawn_local(async move {
            let answer = api
                .call(async |client| match stored {
                    None => client.create_checkpoint(&body).await,
                    Some((id, revision)) => client.edit_checkpoint(id, revision, &body).await,
                })
                .await;
            match answer {
                Ok(made) if stored.is_none() => {
                    toasts.say(c::created(made.name));
                    name.try_set(String::new());
                    place.try_set(String::new());
                    ways.again();
                }
                Ok(made) => {
                    toasts.say(c::changed(made.name));
                    ways.again();
                    leave();
                }
                Err(error) if is(&error, ProblemCode::RevisionMismatch) => {
                    refused.try_set(c::conflict().to_owned());
                    ways.again();
                }
                Err(error) if fields(&error).is_empty() => drop(refused.try_set(problem::call(&error))),
                Err(error) => errors.show(&error),
            }
        });
    };
    let title = match &changed {
        Some(point) => c::changing(&point.name),
        None => c::new().to_owned(),
    };
    let is_change = changed.is_some();
    if is_change {
        dom::focus_later(NAME.to_owned());
    }
    view! {
        <section class="card stack">
            <h2>{title}</h2>
            {is_change.then(|| view! { <p class="soft small">{c::change_hint()}</p> })}
            <form class="stack" on:submit=submit>
                {move || {
                    let words = refused.get();
                    (!words.is_empty()).then(|| view! { <Notice tone=Tone::Warn words/> })
                }}
                {errors.notice()}
                <TextInput
                    id=NAME
                    label=c::name()
                    value=name
                    on_input=move |text| name.set(text)
                    error=errors.of("name")
                />
                <Select
                    id="checkpoint-area"
                    label=d::area()
                    answers=Signal::derive(move || known.area_answers(AreaChoice::Working))
                    value=area
                    on_input=move |text| area.set(text)
                    empty=w::choose()
                    error=errors.of("area_id")
                />
                <TextInput
                    id="checkpoint-position"
                    label=c::position()
                    hint=if is_change { c::move_hint() } else { c::position_hint() }
                    value=place
                    on_input=move |text| place.set(text)
                    error=errors.of("position")
                />
                <NumberInput
                    id="checkpoint-radius"
                    label=c::radius()
                    unit="m"
                    value=radius
                    on_input=move |text| radius.set(text)
                    error=errors.of("radius_m")
                />
                <div class="row">
                    <Button
                        label=if is_change { w::save() } else { c::new() }
                        kind=ButtonKind::Primary
                        submits=Submits::Form
                    />
                    {is_change.then(|| view! { <Button label=w::cancel() on_press=move |_| leave()/> })}
                </div>
            </form>
        </section>
    }
}
