//! What an incident begins with: the camera that saw it, or the patrol on which it was found.

use super::app::use_app;
use super::parts::error_of;
use super::screens::Change;
use crate::derived::Derived;
use crate::shell::clock;
use crate::ui::{Answer, ChoiceButtons, Direction};
use crate::words::field as f;
use keng_engine::Engine;
use keng_shared::id::AreaId;
use keng_shared::kind;
use keng_shared::problem::FieldError;
use keng_shared::record::RecordDraft;
use leptos::prelude::*;
use serde_json::{Value, json};

/// The body and the area that a fresh form of this kind begins with.
pub fn first_body(engine: &Engine, kind: &str, area_id: AreaId) -> (Value, AreaId) {
    if kind == kind::INCIDENT.id
        && let Some(patrol) = engine.patrol(clock::now())
    {
        return (json!({"patrol_id": patrol.record.id}), area_id);
    }
    let cameras = engine.scope().map(|scope| scope.cameras.as_slice());
    match cameras {
        // Who keeps one camera need not choose it.
        Some([camera]) if kind == kind::CAMERA_INCIDENT.id => {
            (json!({"camera_id": camera.id}), camera.area_id)
        }
        _ => (json!({}), area_id),
    }
}

/// The person's own cameras; the area follows the camera.
#[component]
pub fn CameraChoice(
    draft: RwSignal<RecordDraft>,
    errors: Derived<Vec<FieldError>>,
    change: Callback<Change>,
) -> impl IntoView {
    let app = use_app();
    let cameras = app
        .look(|engine| engine.scope().map(|scope| scope.cameras.clone()))
        .flatten()
        .unwrap_or_default();
    let answers = cameras
        .iter()
        .map(|camera| Answer::new(camera.id.to_string(), camera.name.clone()))
        .collect::<Vec<_>>();
    let choose = Callback::new(move |id: String| {
        let chosen = cameras.iter().find(|camera| camera.id.to_string() == id);
        if let Some(camera) = chosen {
            change.run(Change::Body("camera_id", camera.id.0.into()));
            change.run(Change::Area(camera.area_id));
        }
    });
    let value = Signal::derive(move || {
        let id = draft.with(|draft| draft.body.get("camera_id").and_then(Value::as_i64));
        id.map(|id| id.to_string()).unwrap_or_default()
    });
    view! {
        <ChoiceButtons
            id="body.camera_id"
            label=f::which_camera()
            answers
            value
            on_choose=choose
            error=Signal::derive(move || errors.with(|errors| error_of(errors, "body.camera_id")))
            direction=Direction::Column
        />
    }
}
