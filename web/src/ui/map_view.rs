//! A map on a page. Leaflet is loaded when the first one is shown.

use super::chip::Tone;
use super::notice::Notice;
use crate::shell::map::{Extent, Map, MapWords, View};
use crate::words::interface as w;
use keng_shared::api::TileLayer;
use keng_shared::geo::LatLon;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use std::sync::atomic::{AtomicU32, Ordering};

/// When the view moves to what is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Refit {
    /// At the first drawing: later ones are news of the same thing.
    #[default]
    Once,
    /// At every drawing: each is another thing.
    Always,
}

/// Where the tiles of every map below come from, as far as that is known.
#[derive(Clone, Copy)]
pub struct Tiles(pub Signal<Option<TileLayer>>);

/// A map of a FeatureCollection. See `shell/map.js` for the roles of features.
#[component]
pub fn MapView(
    /// What it shows, for screen readers.
    #[prop(into)]
    label: String,
    /// What is drawn.
    #[prop(into)]
    features: Signal<Option<Value>>,
    /// When the view moves.
    #[prop(optional)]
    refit: Refit,
    /// The role of the features that the view moves to, where there are any.
    #[prop(optional)]
    focus: &'static str,
    /// Hears the key of a feature that was pressed.
    #[prop(into, optional)]
    on_press: Option<Callback<String>>,
    /// Hears where else somebody clicked.
    #[prop(into, optional)]
    on_click: Option<Callback<LatLon>>,
    /// What is drawn above the rest, and again whenever it changes; it never moves the view.
    #[prop(into, optional)]
    over: Signal<Option<Value>>,
    /// Hears what is in view whenever that changes.
    #[prop(into, optional)]
    on_move: Option<Callback<Extent>>,
    /// The point that the view comes nearer to.
    #[prop(into, optional)]
    nearer: Signal<Option<LatLon>>,
    /// More classes.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let id = format!("map-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let node = NodeRef::<html::Div>::new();
    let map = StoredValue::new_local(None::<Map>);
    let (ready, failed) = (RwSignal::new(false), RwSignal::new(false));
    let element = id.clone();
    Effect::new(move |opened: Option<bool>| {
        if node.get().is_none() || opened == Some(true) {
            return opened == Some(true);
        }
        let element = element.clone();
        spawn_local(async move {
            let words = MapWords {
                zoom_in: w::map_zoom_in(),
                zoom_out: w::map_zoom_out(),
            };
            let pressed = move |key| {
                if let Some(on_press) = on_press {
                    on_press.run(key);
                }
            };
            let clicked = move |at| {
                if let Some(on_click) = on_click {
                    on_click.run(at);
                }
            };
            let moved = move |extent| {
                if let Some(on_move) = on_move {
                    on_move.run(extent);
                }
            };
            match Map::open(&element, words, pressed, clicked, moved).await {
                Ok(opened) => {
                    map.try_set_value(Some(opened));
                    ready.try_set(true);
                }
                Err(_) => drop(failed.try_set(true)),
            }
        });
        true
    });
    let tiles = use_context::<Tiles>();
    Effect::new(move || {
        let (true, Some(tiles)) = (ready.get(), tiles.and_then(|Tiles(tiles)| tiles.get())) else {
            return;
        };
        let laid = map.try_with_value(|map| map.as_ref().map(|map| map.lay_tiles(&tiles)));
        if matches!(laid, Some(Some(Err(_)))) {
            failed.set(true);
        }
    });
    // First, so that the view can move to what is above too.
    Effect::new(move || {
        let (true, Some(features)) = (ready.get(), over.get()) else {
            return;
        };
        let drawn = map.try_with_value(|map| map.as_ref().map(|map| map.draw_over(&features)));
        if matches!(drawn, Some(Some(Err(_)))) {
            failed.set(true);
        }
    });
    Effect::new(move |drawn: Option<bool>| {
        let drawn = drawn == Some(true);
        let (true, Some(features)) = (ready.get(), features.get()) else {
            return drawn;
        };
        let view = if drawn && refit == Refit::Once {
            View::Keep
        } else {
            View::Fit
        };
        let result = map.try_with_value(|map| {
            map.as_ref().map(|map| {
                map.draw(&features, view)?;
                if view == View::Fit {
                    map.focus(focus)
                } else {
                    Ok(())
                }
            })
        });
        if matches!(result, Some(Some(Err(_)))) {
            failed.set(true);
        }
        true
    });
    Effect::new(move || {
        if let (true, Some(at)) = (ready.get(), nearer.get()) {
            // A map that is gone has no view to move.
            let _moved = map.try_with_value(|map| map.as_ref().map(|map| map.come_nearer(at)));
        }
    });
    view! {
        <div class=format!("map {class}")>
            <div class="map-canvas" id=id node_ref=node role="group" aria-label=label></div>
            {move || failed.get().then(|| view! { <Notice tone=Tone::Warn words=w::map_unavailable()/> })}
        </div>
    }
}
