//! The ground of maps on the phone: the outlines of one's area and where tiles come from, fetched once a day while there is a
//! network and kept, so that a map opens without one. Outlines are public; nothing else is kept here.

use super::app::App;
use crate::shell::{clock, dom};
use crate::ui::Tiles;
use keng_engine::view::Connection;
use keng_shared::api::TileLayer;
use keng_shared::id::AreaId;
use keng_shared::json::{self, FromJson, ToJson};
use keng_shared::sync::Scope;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

/// Under which name it is kept.
const KEPT: &str = "map_ground";

/// What is kept.
#[derive(Debug, Clone, PartialEq, Default, FromJson, ToJson)]
pub struct Ground {
    /// Whose outlines.
    pub area: i64,
    /// The day on which it was fetched.
    pub day: String,
    /// Outlines, as GeoJSON features.
    pub outlines: Vec<Value>,
    /// Where tiles come from.
    pub tiles: Option<TileLayer>,
}

/// What this phone has.
pub fn kept() -> Option<Ground> {
    json::read(dom::setting(KEPT)?.as_bytes()).ok()
}

/// Fetches the ground when there is a network and what is kept is of another day or area.
pub fn follow(app: App) {
    let wanted = app.project(|engine| {
        let is_online = engine.status().connection == Connection::Fine;
        is_online.then(|| engine.scope().and_then(home)).flatten()
    });
    Effect::new(move || {
        let Some(area) = wanted.get().flatten() else {
            return;
        };
        let day = clock::now().local_date().unwrap_or_default().to_string();
        if kept().is_some_and(|kept| kept.area == area.0 && kept.day == day) {
            return;
        }
        spawn_local(async move {
            // Without an answer the phone goes on with what it has, and asks again when it is next opened.
            let Ok(map) = app.call(async |client| client.area_map(area).await).await else {
                return;
            };
            let settings = app.call(async |client| client.map_settings().await).await;
            let ground = Ground {
                area: area.0,
                day,
                outlines: outlines(map),
                tiles: settings.ok().and_then(|settings| settings.tiles),
            };
            dom::set_setting(KEPT, &json::write(&ground));
        });
    });
}

/// Tells the maps below where their tiles come from.
pub fn provide_tiles(ground: Option<&Ground>) {
    let tiles = ground.and_then(|ground| ground.tiles.clone());
    provide_context(Tiles(Signal::stored(tiles)));
}

/// The area that the person works in: of a village its outline, of a commune also those of its villages.
fn home(scope: &Scope) -> Option<AreaId> {
    Some(super::parts::field_membership(scope)?.area_id)
}

/// The outlines of a map; its checkpoints stay where only their person reads them.
fn outlines(mut map: Value) -> Vec<Value> {
    let features = map.get_mut("features").map(Value::take);
    let mut outlines = match features {
        Some(Value::Array(features)) => features,
        _ => Vec::new(),
    };
    outlines.retain(|feature| {
        let role = feature.pointer("/properties/role").and_then(Value::as_str);
        matches!(role, Some("area" | "part"))
    });
    outlines
}
