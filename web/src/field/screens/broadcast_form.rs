//! The fields of one loudspeaker session: a broadcast outside every schedule, or mending one that was confirmed.

use super::form::Change;
use crate::derived::Derived;
use crate::field::app::use_app;
use crate::field::parts::{error_of, name_of};
use crate::ui::{
    Answer, Checkboxes, ChoiceButtons, Direction, Disclosure, Missed, MissedAreas, NumberInput, Required,
    TextArea, TextInput,
};
use crate::words::{interface as w, label, loudspeaker as l};
use keng_shared::id::AreaId;
use keng_shared::json::{FromJson, ToJson};
use keng_shared::kind::TOPICS;
use keng_shared::loudspeaker::CoveredArea;
use keng_shared::problem::FieldError;
use keng_shared::record::RecordDraft;
use keng_shared::sync::Scope;
use leptos::prelude::*;
use serde_json::{Value, json};

/// A broadcast as the station of the area usually makes it.
pub fn fresh_body(scope: Option<&Scope>, area: AreaId) -> Value {
    let schedules = scope
        .map(|scope| scope.broadcast_schedules.as_slice())
        .unwrap_or_default();
    let usual = schedules.iter().find(|schedule| schedule.terms.area_id == area);
    let mut body = json!({ "areas": covered(scope, area) });
    if let (Some(usual), Some(fields)) = (usual, body.as_object_mut()) {
        fields.insert("station".to_owned(), usual.terms.station.clone().into());
        fields.insert("presenter".to_owned(), usual.terms.presenter.clone().into());
        fields.insert("minutes".to_owned(), usual.terms.minutes.into());
    }
    body
}

/// The residential areas at or below an area, by name.
fn villages(scope: Option<&Scope>, area: AreaId) -> Vec<AreaId> {
    let found = scope.map(|scope| scope.villages(area)).unwrap_or_default();
    found.into_iter().map(|area| area.id).collect()
}

fn covered(scope: Option<&Scope>, area: AreaId) -> Value {
    let areas = villages(scope, area).into_iter();
    areas.map(|id| json!({ "area_id": id })).collect()
}

/// The fields.
#[component]
pub fn BroadcastFields(
    /// The draft that is filled in.
    draft: RwSignal<RecordDraft>,
    /// What is wrong.
    errors: Derived<Vec<FieldError>>,
    /// Called at every change.
    change: Callback<Change>,
) -> impl IntoView {
    let error = move |field: &'static str| {
        Signal::derive(move || errors.with(|errors| error_of(errors, &format!("body.{field}"))))
    };
    let text = move |field: &'static str| {
        Signal::derive(move || {
            draft.with(|draft| match draft.body.get(field) {
                Some(Value::String(words)) => words.clone(),
                Some(Value::Number(number)) => number.to_string(),
                _ => String::new(),
            })
        })
    };
    let set = move |field: &'static str| {
        Callback::new(move |words: String| change.run(Change::Body(field, Value::from(words))))
    };
    let set_minutes = Callback::new(move |words: String| {
        let minutes = words.trim().parse::<u16>().map_or(Value::Null, Value::from);
        change.run(Change::Body("minutes", minutes));
    });
    let topics: Vec<Answer> = TOPICS
        .iter()
        .map(|topic| Answer::new(topic.id, label(topic.label)))
        .collect();
    let is_planned = draft.with_untracked(|draft| draft.body.get("slot").is_some());
    view! {
        {(!is_planned).then(|| view! {
            <ChoiceButtons
                id="body.topic"
                label=l::topic()
                answers=topics
                value=text("topic")
                on_choose=set("topic")
                error=error("topic")
                direction=Direction::Column
            />
        })}
        <NumberInput id="body.minutes" label=l::minutes() unit=l::minutes_unit() value=text("minutes") on_input=set_minutes error=error("minutes")/>
        <Areas draft errors change/>
        <Disclosure summary=w::more_details()>
            <div class="stack">
                <TextInput id="body.station" label=l::station() value=text("station") on_input=set("station") error=error("station") required=Required::No/>
                <TextInput id="body.presenter" label=l::presenter() hint=l::presenter_hint() value=text("presenter") on_input=set("presenter") error=error("presenter") required=Required::No/>
                <TextArea id="body.script" label=l::script() hint=l::script_hint() value=text("script") on_input=set("script") error=error("script") required=Required::No/>
                <TextArea id="body.note" label=l::note() value=text("note") on_input=set("note") error=error("note") required=Required::No/>
            </div>
        </Disclosure>
    }
}

/// Which areas were meant to hear it, and where it was not heard. Another place has other areas.
#[component]
fn Areas(
    draft: RwSignal<RecordDraft>,
    errors: Derived<Vec<FieldError>>,
    change: Callback<Change>,
) -> impl IntoView {
    let app = use_app();
    let station = Derived::new(move || draft.with(|draft| draft.area_id));
    let areas = Derived::new(move || draft.with(areas_of));
    let is_planned = draft.with_untracked(|draft| draft.body.get("slot").is_some());
    // The first run sees the areas that the draft has; a change of place afterwards brings those of the new one.
    Effect::new(move |before: Option<AreaId>| {
        let now = station.get();
        if before.is_some_and(|before| before != now) {
            let fresh = app
                .look(|engine| covered(engine.scope(), now))
                .unwrap_or_default();
            change.run(Change::Body("areas", fresh));
        }
        now
    });
    let put = move |areas: Vec<CoveredArea>| {
        let areas = areas.to_json();
        change.run(Change::Body("areas", areas));
    };
    let choose = Callback::new(move |chosen: Vec<String>| {
        let before = areas.get_untracked();
        let kept = chosen
            .iter()
            .filter_map(|id| id.parse().ok())
            .map(AreaId)
            .map(|id| {
                let known = before.iter().find(|area| area.area_id == id).cloned();
                known.unwrap_or(CoveredArea {
                    area_id: id,
                    missed: None,
                    note: String::new(),
                })
            });
        put(kept.collect());
    });
    // Whether each area is asked for its own reason is not stored: reasons that differ say so.
    let apart = RwSignal::new(Missed::of(areas.with_untracked(|areas| missed_of(areas))).apart);
    let missed_now = Signal::derive(move || Missed {
        areas: areas.with(|areas| missed_of(areas)),
        apart: apart.get(),
    });
    let miss = Callback::new(move |said: Missed| {
        apart.set(said.apart);
        let mut all = areas.get_untracked();
        for area in &mut all {
            let found = said.areas.iter().find(|one| one.area_id == area.area_id);
            area.missed = found.and_then(|found| found.missed);
            area.note = found.map(|found| found.note.clone()).unwrap_or_default();
        }
        put(all);
    });
    let answers = move |ids: Vec<AreaId>| -> Vec<Answer> {
        let named = app.look(|engine| {
            let answer = |id: &AreaId| Answer::new(id.to_string(), name_of(engine.scope(), *id));
            ids.iter().map(answer).collect()
        });
        named.unwrap_or_default()
    };
    let error = Signal::derive(move || {
        errors.with(|errors| {
            let found = errors.iter().find(|error| error.field.starts_with("body.areas"));
            found.map(crate::words::problem::field).unwrap_or_default()
        })
    });
    let all = move || {
        let villages = app
            .look(|engine| villages(engine.scope(), station.get()))
            .unwrap_or_default();
        (!is_planned).then(|| {
            view! {
                <Checkboxes
                    id="body.areas"
                    label=l::areas()
                    answers=answers(villages)
                    values=Signal::derive(move || areas.with(|areas| ids(areas)))
                    on_change=choose
                    error
                />
            }
        })
    };
    let covered_ids =
        Derived::new(move || areas.with(|areas| areas.iter().map(|area| area.area_id).collect::<Vec<_>>()));
    let missed = move || {
        view! {
            <MissedAreas
                id="body.missed".to_owned()
                areas=answers(covered_ids.get())
                missed=missed_now
                tried=Signal::derive(move || !error.get().is_empty())
                on_change=miss
            />
        }
    };
    view! {
        {all}
        <Disclosure summary=l::exceptions()>
            <div class="stack">{missed}</div>
        </Disclosure>
    }
}

fn areas_of(draft: &RecordDraft) -> Vec<CoveredArea> {
    let areas = draft.body.get("areas");
    areas
        .and_then(|areas| Vec::<CoveredArea>::from_json(areas.clone()).ok())
        .unwrap_or_default()
}

fn missed_of(areas: &[CoveredArea]) -> Vec<CoveredArea> {
    let missed = areas.iter().filter(|area| area.missed.is_some());
    missed.cloned().collect()
}

fn ids(areas: &[CoveredArea]) -> Vec<String> {
    areas.iter().map(|area| area.area_id.to_string()).collect()
}
