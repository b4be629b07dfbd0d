//! The map of everything: records by squares, density, tracks, incidents, cameras, boundaries, over a span of days that can
//! be moved. The server counts; the page draws what is in view.

mod drawing;
mod panel;
mod shown;

use super::api::{Api, use_api};
use super::incidents::drawing::{collection, ground, of_camera};
use super::load::{Loaded, load};
use crate::desk::today;
use crate::shell::map::Extent;
use crate::ui::{MapView, Refit};
use crate::words::maps as w;
use keng_shared::api::{CameraView, CaseQuery, CaseRow, MAX_PAGE, MapQuery, MapSquare};
use keng_shared::geo::LatLon;
use keng_shared::id::RecordId;
use keng_shared::permission::Verb;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use panel::Panel;
use serde_json::Value;
use shown::{Layer, Shown};
use std::collections::HashMap;

/// Patrols in view whose tracks are drawn.
const MOST_TRACKS: usize = 20;
/// Cameras in view that are drawn with their wedges.
const MOST_CAMERAS: usize = 200;

/// What the server counted in one view.
#[derive(Clone, PartialEq)]
struct Counted {
    squares: Vec<MapSquare>,
    heat: Vec<MapSquare>,
    heat_side: i32,
}

/// How the page changes its address.
type Go = Box<dyn Fn(&str, NavigateOptions) + Send + Sync>;

/// The state of the page.
#[derive(Clone, Copy)]
struct MapState {
    shown: Memo<Shown>,
    counted: Loaded<Option<Counted>>,
    /// Why some of what was asked for is not drawn.
    hint: Memo<Option<&'static str>>,
    go: StoredValue<Go>,
}

impl MapState {
    fn change(self, change: impl FnOnce(&mut Shown)) {
        let mut next = self.shown.get_untracked();
        change(&mut next);
        self.open(&format!("/desk/map{}", next.write()));
    }

    fn open(self, path: &str) {
        let options = NavigateOptions {
            scroll: false,
            ..NavigateOptions::default()
        };
        self.go.with_value(|go| go(path, options));
    }
}

/// The page.
#[component]
pub fn MapPage() -> impl IntoView {
    let (api, query) = (use_api(), use_query_map());
    let shown = Memo::new(move |_| query.with(|query| Shown::read(|name| query.get(name))));
    let extent = RwSignal::new(None::<Extent>);
    let counted = load(move || {
        let (shown, extent) = (shown.get(), extent.get());
        async move {
            match extent {
                Some(extent) => count(api, &shown, &extent).await.map(Some),
                None => Ok(None),
            }
        }
    });
    let area = Memo::new(move |_| shown.with(|shown| shown.area).or(api.home()));
    let outline = load(move || {
        let area = area.get();
        async move {
            match area {
                Some(area) => api.call(async |client| client.area_map(area).await).await,
                None => Ok(Value::Null),
            }
        }
    });
    let has = move |layer: Layer| Memo::new(move |_| shown.with(|shown| shown.has(layer)));
    let (has_incidents, has_cameras) = (has(Layer::Incidents), has(Layer::Cameras));
    let cases = load(move || open_cases(api, has_incidents.get()));
    let cameras = load(move || all_cameras(api, has_cameras.get()));
    let tracks = RwSignal::new(HashMap::<RecordId, Vec<Value>>::new());
    let patrols = Memo::new(move |_| patrols(&shown.get(), counted.get().flatten().as_ref()));
    Effect::new(move |_| {
        for id in patrols.get() {
            if !tracks.with_untracked(|tracks| tracks.contains_key(&id)) {
                spawn_local(fetch_track(api, id, tracks));
            }
        }
    });
    let in_view = Memo::new(move |_| {
        let (all, extent) = (cameras.get().unwrap_or_default(), extent.get());
        let inside = |camera: &CameraView| {
            let at = camera.camera.sight.position;
            extent.is_some_and(|extent| {
                (extent.from.lat_e7..=extent.to.lat_e7).contains(&at.lat_e7)
                    && (extent.from.lon_e7..=extent.to.lon_e7).contains(&at.lon_e7)
            })
        };
        all.into_iter().filter(inside).collect::<Vec<_>>()
    });
    // Drawing this moves the view, so it may change only with the area and its boundaries.
    let features = Memo::new(move |_| {
        let has_parts = shown.with(|shown| shown.has(Layer::Parts));
        let outline = outline.get()?;
        Some(collection(if has_parts { ground(&outline) } else { Vec::new() }))
    });
    let over = Signal::derive(move || {
        let shown = shown.get();
        let mut all = Vec::new();
        if let Some(counted) = counted.get().flatten() {
            all.extend(drawing::heat(&counted.heat, counted.heat_side));
            for id in patrols.get() {
                tracks.with(|tracks| all.extend(tracks.get(&id).into_iter().flatten().cloned()));
            }
            if shown.has(Layer::Records) {
                all.extend(drawing::clusters(&counted.squares));
            }
        }
        let seen = in_view.get();
        if shown.has(Layer::Cameras) && seen.len() <= MOST_CAMERAS {
            all.extend(seen.iter().flat_map(|camera| of_camera(camera, None)));
        }
        if shown.has(Layer::Incidents) {
            all.extend(drawing::incidents(&cases.get().unwrap_or_default()));
        }
        Some(collection(all))
    });
    let hint = Memo::new(move |_| {
        let shown = shown.get();
        let is_crowded = counted
            .get()
            .flatten()
            .is_some_and(|counted| counted.squares.iter().any(|square| square.record.is_none()));
        if shown.has(Layer::Cameras) && in_view.get().len() > MOST_CAMERAS {
            Some(w::many_cameras())
        } else if shown.has(Layer::Tracks) && is_crowded {
            Some(w::tracks_near())
        } else {
            None
        }
    });
    let state = MapState {
        shown,
        counted,
        hint,
        go: StoredValue::new(Box::new(use_navigate())),
    };
    provide_context(state);
    let nearer = RwSignal::new(None::<LatLon>);
    let press = move |key: String| match key.split_once(':') {
        Some(("record", id)) => state.open(&format!("/desk/review/{id}?status=all")),
        Some(("case", id)) => state.open(&format!("/desk/incidents/{id}")),
        Some(("square", at)) => nearer.set(read_place(at)),
        _ => {}
    };
    view! {
        <div class="page page-wide stack">
            <h1>{w::nav_map()}</h1>
            <div class="map-page">
                <Panel/>
                <div class="stack">
                    <MapView
                        label=w::label()
                        class="map-full"
                        features
                        refit=Refit::Always
                        over
                        nearer
                        on_move=move |now: Extent| extent.set(Some(now))
                        on_press=press
                    />
                    <p class="small soft">{w::keys()}</p>
                </div>
            </div>
        </div>
    }
}

async fn count(api: Api, shown: &Shown, extent: &Extent) -> Result<Counted, super::api::Failed> {
    let (from, to) = shown.span(today());
    let of = |side: i32| MapQuery {
        area: shown.area,
        kind: Some(shown.kind.clone()).filter(|kind| !kind.is_empty()),
        status: shown.status,
        from,
        to,
        south_e7: extent.from.lat_e7,
        west_e7: extent.from.lon_e7,
        north_e7: extent.to.lat_e7,
        east_e7: extent.to.lon_e7,
        square_e7: side,
    };
    let query = of(drawing::side_e7(extent, drawing::CLUSTER_PX));
    let squares = api.call(async |client| client.map_records(&query).await).await?;
    let heat_side = drawing::side_e7(extent, drawing::HEAT_PX);
    let heat = if shown.has(Layer::Heat) {
        let query = of(heat_side);
        api.call(async |client| client.map_records(&query).await).await?
    } else {
        Vec::new()
    };
    Ok(Counted {
        squares,
        heat,
        heat_side,
    })
}

async fn open_cases(api: Api, wanted: bool) -> Result<Vec<CaseRow>, super::api::Failed> {
    if !wanted {
        return Ok(Vec::new());
    }
    let query = CaseQuery {
        limit: Some(MAX_PAGE),
        ..CaseQuery::default()
    };
    let page = api.call(async |client| client.cases(&query).await).await?;
    Ok(page.items)
}

async fn all_cameras(api: Api, wanted: bool) -> Result<Vec<CameraView>, super::api::Failed> {
    if !wanted || !api.may(Verb::ManageCameras) {
        return Ok(Vec::new());
    }
    api.call(async |client| client.cameras(None).await).await
}

/// Patrols that stand alone in their squares, when their tracks are wanted and there are few of them.
fn patrols(shown: &Shown, counted: Option<&Counted>) -> Vec<RecordId> {
    let Some(counted) = counted.filter(|_| shown.has(Layer::Tracks)) else {
        return Vec::new();
    };
    let records = counted.squares.iter().filter_map(|square| square.record.as_ref());
    let patrols = records.filter(|record| record.kind == "patrol");
    patrols.map(|record| record.id).take(MOST_TRACKS).collect()
}

async fn fetch_track(api: Api, id: RecordId, tracks: RwSignal<HashMap<RecordId, Vec<Value>>>) {
    // A track that could not be read is asked for again with the next view.
    if let Ok(found) = api.call(async |client| client.track(id).await).await {
        tracks.try_update(|tracks| tracks.insert(id, drawing::track(&found)));
    }
}

fn read_place(text: &str) -> Option<LatLon> {
    let (lat, lon) = text.split_once(':')?;
    Some(LatLon {
        lat_e7: lat.parse().ok()?,
        lon_e7: lon.parse().ok()?,
    })
}
