//! The sheets with the codes of checkpoints, to print and put up.

use crate::desk::api::use_api;
use crate::desk::load::Loaded;
use crate::icons;
use crate::shell::camera::PictureUrl;
use crate::shell::output;
use crate::ui::{Answer, Button, ButtonKind, ChoiceButtons, Notice, Skeleton, Tone};
use crate::words::{checkpoints as c, interface as w};
use keng_shared::client::{HttpRequest, Method};
use keng_shared::id::CheckpointId;
use keng_shared::sync::Checkpoint;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Id of the heading, which gets the focus when the sheets are opened.
pub const HEADING: &str = "sheets-heading";

/// The sheets, one a checkpoint in use, drawn by the server: they hold the secret that a phone proves its presence with.
#[component]
pub fn Sheets(points: Loaded<Vec<Checkpoint>>) -> impl IntoView {
    let size = RwSignal::new("large".to_owned());
    let sizes = [
        Answer::new("large", c::sheets_large()),
        Answer::new("small", c::sheets_small()),
    ]
    .to_vec();
    let sheets = move || {
        let points = points.get().unwrap_or_default();
        points
            .into_iter()
            .map(|point| view! { <Sheet id=point.id name=point.name/> })
            .collect_view()
    };
    view! {
        <section class="page stack sheets-page" aria-labelledby=HEADING>
            <h2 id=HEADING class="screen-only" tabindex="-1">{c::sheets()}</h2>
            <p class="soft screen-only">{c::sheets_hint()}</p>
            <div class="row-apart screen-only">
                <ChoiceButtons
                    id="sheets-size"
                    label=c::sheets_size()
                    answers=sizes
                    value=size
                    on_choose=move |chosen: String| size.set(chosen)
                />
                <Button
                    label=w::print()
                    kind=ButtonKind::Primary
                    icon=icons::PRINTER
                    on_press=move |_| output::print()
                />
            </div>
            <div class=move || format!("sheets sheets-{}", size.get())>{sheets}</div>
        </section>
    }
}

#[component]
fn Sheet(id: CheckpointId, name: String) -> impl IntoView {
    let api = use_api();
    let address = RwSignal::new(None::<String>);
    let failed = RwSignal::new(false);
    let picture = StoredValue::new_local(None::<PictureUrl>);
    spawn_local(async move {
        let path = format!("/checkpoints/{id}/qr");
        let answer = api
            .call(async |client| client.send(HttpRequest::new(Method::Get, &path)).await)
            .await;
        let url = answer
            .ok()
            .and_then(|answer| PictureUrl::of(&answer.body, "image/svg+xml").ok());
        match url {
            Some(url) => {
                address.try_set(Some(url.as_str().to_owned()));
                picture.try_set_value(Some(url));
            }
            None => drop(failed.try_set(true)),
        }
    });
    view! {
        <figure class="sheet">
            {move || match (address.get(), failed.get()) {
                (Some(source), _) => {
                    let alt = format!("{}: {name}", c::sheet_text());
                    view! { <img src=source alt=alt/> }.into_any()
                }
                (None, true) => view! { <Notice tone=Tone::Warn words=c::sheet_unavailable()/> }.into_any(),
                (None, false) => view! { <Skeleton/> }.into_any(),
            }}
        </figure>
    }
}
