//! Checkpoints: where patrols pass, on a map, changed and retired, with the sheets to print and put up.

mod form;
mod rows;
mod sheets;

use super::api::use_api;
use super::known::use_known;
use super::load::load;
use crate::icons;
use crate::shell::dom;
use crate::ui::{Button, MapView, use_toasts};
use crate::words::{checkpoints as c, interface as w, routes};
use form::Form;
use keng_shared::geo::LatLon;
use keng_shared::permission::Verb;
use keng_shared::sync::Checkpoint;
use leptos::prelude::*;
use rows::{Ways, retired, table};
use serde_json::{Value, json};
use sheets::{HEADING, Sheets};

/// The page.
#[component]
pub fn CheckpointsPage() -> impl IntoView {
    let api = use_api();
    let ways = Ways {
        api,
        known: use_known(),
        toasts: use_toasts(),
        points: load(move || api.call(async |client| client.checkpoints(None).await)),
        retired: load(move || api.call(async |client| client.retired_checkpoints().await)),
        changing: RwSignal::new(None),
        may_manage: api.may(Verb::ManageCheckpoints),
    };
    let (points, changing) = (ways.points, ways.changing);
    let place = RwSignal::new(String::new());
    let nearer = RwSignal::new(None::<LatLon>);
    let printing = RwSignal::new(false);
    let home = api.home();
    let ground = load(move || async move {
        match home {
            Some(area) => api.call(async |client| client.area_map(area).await).await,
            None => Ok(Value::Null),
        }
    });
    let features = Signal::derive(move || {
        let changed = changing.with(|changed: &Option<Checkpoint>| changed.as_ref().map(|point| point.id));
        let mut points = points.get().unwrap_or_default();
        points.retain(|point| Some(point.id) != changed);
        ground.get().map(|ground| drawing(ground, &points, &place.get()))
    });
    // The place on the map is that of what is being changed, then that of a new one again.
    Effect::new(move |_| {
        let at = changing.with(|changed: &Option<Checkpoint>| changed.as_ref().map(|point| point.position));
        place.set(at.map(written).unwrap_or_default());
        nearer.set(at);
    });
    let print = move |_| {
        printing.update(|printing| *printing = !*printing);
        if printing.get_untracked() {
            dom::focus_later(HEADING.to_owned());
        }
    };
    let print_label = Signal::derive(move || match printing.get() {
        true => c::back_to_list().to_owned(),
        false => c::sheets().to_owned(),
    });
    let body = move || {
        view! {
            <div class="split split-even">
                <div class="stack">
                    {move || match changing.get() {
                        Some(point) => view! { <Form place ways changed=Some(point)/> }.into_any(),
                        None => view! {
                            {points.view(move |found| table(found, ways))}
                            {ways.may_manage.then(|| view! {
                                <Form place ways changed=None/>
                                {retired(ways)}
                            })}
                        }
                        .into_any(),
                    }}
                </div>
                <MapView
                    label=w::map()
                    class="map-tall"
                    features
                    nearer
                    on_click=move |at: LatLon| place.set(written(at))
                />
            </div>
        }
    };
    view! {
        <div class="page stack screen-only">
            <div class="row-apart">
                <h1>{c::title()}</h1>
                <a class="button" href="/desk/routes">
                    <icons::Picture icon=icons::FOOTPRINTS/>
                    <span>{routes::title()}</span>
                </a>
                {ways.may_manage.then(|| view! { <Button label=print_label icon=icons::PRINTER on_press=print/> })}
            </div>
            {move || (!printing.get()).then(body)}
        </div>
        {move || printing.get().then(|| view! { <Sheets points/> })}
    }
}

/// The area, its checkpoints and the place of the one that is written down, which can be moved.
fn drawing(ground: Value, points: &[Checkpoint], place: &str) -> Value {
    let mut features: Vec<Value> = ground
        .get("features")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter(|feature| {
            feature
                .pointer("/properties/role")
                .is_none_or(|role| role != "checkpoint")
        })
        .cloned()
        .collect();
    let point = |at: LatLon, properties: Value| {
        json!({
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [at.lon(), at.lat()]},
            "properties": properties,
        })
    };
    features.extend(points.iter().map(|checkpoint| {
        let properties =
            json!({"role": "checkpoint", "name": checkpoint.name, "radius_m": checkpoint.radius_m});
        point(checkpoint.position, properties)
    }));
    if let Some(at) = read_place(place) {
        let properties = json!({"role": "start", "sign": "+", "name": c::movable(), "movable": true});
        features.push(point(at, properties));
    }
    json!({"type": "FeatureCollection", "features": features})
}

/// Reads "20.0886, 105.3708", and with decimal commas "20,0886; 105,3708" or "20,0886, 105,3708".
pub(super) fn read_place(text: &str) -> Option<LatLon> {
    let halves = text.split_once(';').or_else(|| text.split_once(", "));
    let (lat, lon) = halves.or_else(|| text.split_once(','))?;
    let degrees = |text: &str| text.trim().replace(',', ".").parse().ok();
    LatLon::from_degrees(degrees(lat)?, degrees(lon)?)
}

fn written(at: LatLon) -> String {
    format!("{:.6}, {:.6}", at.lat(), at.lon())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_maps_write_it() {
        let at = read_place("20.0886, 105.3708").unwrap();
        assert_eq!((at.lat_e7, at.lon_e7), (200_886_000, 1_053_708_000));
        for same in ["20.0886,105.3708", "20,0886; 105,3708", "20,0886, 105,3708"] {
            assert_eq!(read_place(same), Some(at), "{same}");
        }
        for bad in ["", "20.0886", "x, y", "95, 10"] {
            assert_eq!(read_place(bad), None, "{bad}");
        }
    }

    #[test]
    fn checkpoints_are_drawn_once_though_the_map_of_the_area_has_them_too() {
        let ground =
            json!({"features": [{"properties": {"role": "checkpoint"}}, {"properties": {"role": "area"}}]});
        let drawn = drawing(ground, &[], "20, 105");
        let roles: Vec<&Value> = drawn["features"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| &f["properties"]["role"])
            .collect();
        assert_eq!(roles, ["area", "start"]);
    }
}
