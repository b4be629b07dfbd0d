//! Photos in a row, each with its state.

use super::chip::{Chip, Tone};
use crate::icons::{self, Icon, Picture};
use crate::words::interface as w;
use leptos::prelude::*;

/// One photo of a strip.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotoTile {
    /// Its id, for callbacks.
    pub id: String,
    /// Address of a small rendition, once there is one.
    pub source: Signal<Option<String>>,
    /// Words for those who cannot see it: the caption, or its number.
    pub alt: String,
    /// Where it stands: tone, icon, word.
    pub state: Option<(Tone, Icon, String)>,
}

/// A row of photos. A press opens one; a second button takes it away where that is allowed.
#[component]
pub fn PhotoStrip(
    /// The photos.
    #[prop(into)]
    photos: Signal<Vec<PhotoTile>>,
    /// Called with the id of the photo that was pressed.
    #[prop(into)]
    on_open: Callback<String>,
    /// Called with the id of the photo to take away.
    #[prop(into, optional)]
    on_remove: Option<Callback<String>>,
    /// Id of the photo that is shown large.
    #[prop(into, optional)]
    current: Signal<Option<String>>,
) -> impl IntoView {
    let tiles = move || {
        photos
            .get()
            .into_iter()
            .enumerate()
            .map(|(i, photo)| tile(i + 1, photo, on_open, on_remove, current))
            .collect_view()
    };
    view! { <ul class="photo-strip">{tiles}</ul> }
}

fn tile(
    number: usize,
    photo: PhotoTile,
    on_open: Callback<String>,
    on_remove: Option<Callback<String>>,
    current: Signal<Option<String>>,
) -> impl IntoView {
    let (id, shown, removed) = (photo.id.clone(), photo.id.clone(), photo.id.clone());
    let (source, alt) = (photo.source, photo.alt.clone());
    let picture = move || match source.get() {
        Some(address) => view! { <img src=address alt=alt.clone()/> }.into_any(),
        None => view! {
            <Picture icon=icons::IMAGE/>
            <span class="unseen">{alt.clone()}</span>
        }
        .into_any(),
    };
    let state = photo
        .state
        .map(|(tone, icon, words)| view! { <Chip tone icon words/> });
    let remove = on_remove.map(|on_remove| {
        view! {
            <button
                type="button"
                class="button button-quiet"
                aria-label=w::remove_photo(number)
                on:click=move |_| on_remove.run(removed.clone())
            >
                <Picture icon=icons::TRASH_2/>
            </button>
        }
    });
    view! {
        <li>
            <button
                type="button"
                class="photo-tile"
                aria-current=move || (current.get().as_ref() == Some(&shown)).then_some("true")
                on:click=move |_| on_open.run(id.clone())
            >
                <span class="photo-frame">{picture}</span>
                {state}
            </button>
            {remove}
        </li>
    }
}
