//! Choosing what to log: incidents first, then the patrol and the plain kinds, as large cards.

use crate::field::app::use_app;
use crate::icons;
use crate::words::{domain, field as f, label};
use keng_shared::kind::{self, KindShape};
use leptos::prelude::*;

/// The screen.
#[component]
pub fn Log() -> impl IntoView {
    let app = use_app();
    let keeps_cameras = app
        .look(|engine| engine.scope().is_some_and(|scope| !scope.cameras.is_empty()))
        .unwrap_or(false);
    // Whoever keeps cameras reports from them first; nobody else can.
    let mut kinds: Vec<_> = kind::catalogue()
        .filter(|spec| keeps_cameras || spec.id != kind::CAMERA_INCIDENT.id)
        .collect();
    kinds.sort_by_key(|spec| spec.id != kind::CAMERA_INCIDENT.id);
    let cards = kinds
        .into_iter()
        .map(|spec| {
            let (href, hint) = match spec.shape {
                KindShape::Loudspeaker => ("/broadcasts".to_owned(), domain::kind_group(spec.group)),
                KindShape::Patrol => ("/patrol/start".to_owned(), f::patrol_kind_hint()),
                KindShape::Incident => (format!("/log/{}", spec.id), f::incident_kind_hint()),
                KindShape::Plain => (format!("/log/{}", spec.id), domain::kind_group(spec.group)),
            };
            view! {
                <li>
                    <a class="card record-card" href=href>
                        <icons::Picture icon=icons::of_kind(spec.icon)/>
                        <span class="record-card-text">
                            <span class="strong">{label(spec.label)}</span>
                            <span class="soft small">{hint}</span>
                        </span>
                        <icons::Picture icon=icons::CHEVRON_RIGHT/>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <h1>{f::choose_kind()}</h1>
        <ul class="cards">{cards}</ul>
    }
}
