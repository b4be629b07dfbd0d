//! Choosing what to log: the patrol first, then the plain kinds, as large cards.

use crate::icons;
use crate::words::{domain, field as f, label};
use keng_shared::kind::{self, KindShape};
use leptos::prelude::*;

/// The screen.
#[component]
pub fn Log() -> impl IntoView {
    let cards = kind::catalogue()
        .map(|spec| {
            let (href, hint) = match spec.shape {
                KindShape::Patrol => ("/patrol/start".to_owned(), f::patrol_kind_hint()),
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
