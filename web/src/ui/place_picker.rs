//! A map on which somebody puts one point: by a tap, by dragging it, by the arrow keys, or by a button.

use super::button::{Button, ButtonKind};
use super::chip::Tone;
use super::live::live;
use super::map_view::MapView;
use super::notice::Notice;
use crate::icons;
use crate::shell::map::Extent;
use crate::words::maps as m;
use keng_shared::geo::{self, LatLon};
use leptos::prelude::*;
use serde_json::{Value, json};

/// A place with a name, which can be chosen by pressing it.
#[derive(Debug, Clone, PartialEq)]
pub struct Landmark {
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub at: LatLon,
}

/// The map, what stands about the point, and the buttons. Without a network it shows the outlines that it is given.
#[component]
pub fn PlacePicker(
    /// The point, if there is one.
    value: RwSignal<Option<LatLon>>,
    /// Outlines that lie under everything, `role` says what each is; none if they are not known.
    #[prop(into)]
    ground: Signal<Vec<Value>>,
    /// Places to go by.
    #[prop(optional)]
    landmarks: Vec<Landmark>,
    /// Where the person is, as far as that is known; none at a desk.
    #[prop(into, optional)]
    here: Option<Signal<Option<LatLon>>>,
) -> impl IntoView {
    let centre = RwSignal::new(None::<LatLon>);
    let places = StoredValue::new(landmarks);
    // The map comes to where the person is or has put the point when it opens; later it stays where it was moved.
    let first = here.and_then(|here| here.get_untracked());
    let features = Signal::derive(move || {
        let mut features = ground.get();
        places.with_value(|places| {
            for (key, place) in places.iter().enumerate() {
                let about = json!({"role": "landmark", "sign": "", "size": 18, "name": place.name, "key": key.to_string()});
                features.push(point(place.at, about));
            }
        });
        if let Some(at) = first {
            features.push(point(
                at,
                json!({"role": "here", "sign": "", "size": 18, "name": m::you_are_here()}),
            ));
        }
        Some(json!({"type": "FeatureCollection", "features": features}))
    });
    let over = Signal::derive(move || {
        let about =
            json!({"role": "place", "sign": "!", "size": 34, "name": m::place_moves(), "movable": true});
        let features: Vec<Value> = value.get().map(|at| point(at, about)).into_iter().collect();
        Some(json!({"type": "FeatureCollection", "features": features}))
    });
    let is_outside = Memo::new(move |_| {
        value
            .get()
            .is_some_and(|at| ground.with(|ground| is_outside(ground, at)))
    });
    let focus = match (value.get_untracked(), first) {
        (Some(_), _) => "place",
        (None, Some(_)) => "here",
        (None, None) => "area",
    };
    let buttons = move || {
        let own = here.map(|here| {
            view! {
                <Button
                    label=m::place_here()
                    icon=icons::LOCATE_FIXED
                    blocked=Signal::derive(move || here.get().is_none())
                    on_press=move |_| value.set(here.get_untracked().or(value.get_untracked()))
                />
            }
        });
        view! {
            <div class="row">
                {own}
                <Button
                    label=m::place_in_middle()
                    icon=icons::MAP_PIN
                    on_press=move |_| value.set(centre.get_untracked().or(value.get_untracked()))
                />
                {live(move || {
                    value
                        .get()
                        .is_some()
                        .then(|| view! {
                            <Button label=m::place_none() kind=ButtonKind::Quiet icon=icons::X on_press=move |_| value.set(None)/>
                        })
                })}
            </div>
        }
    };
    view! {
        <div class="stack-tight">
            <p class="soft small">{m::place_hint()}</p>
            <MapView
                label=m::place_label()
                features
                over
                focus
                class="map-picker"
                on_click=move |at: LatLon| value.set(Some(at))
                on_press=move |key: String| {
                    let chosen = key.parse().ok();
                    let chosen = chosen.and_then(|key: usize| places.with_value(|places| places.get(key).map(|place| place.at)));
                    value.set(chosen.or(value.get_untracked()));
                }
                on_move=move |extent: Extent| centre.set(middle(extent))
            />
            {buttons()}
            <p role="status" class="strong">
                {live(move || match value.get() {
                    Some(at) => m::place_chosen(m::coordinates(at)),
                    None => m::place_not_chosen().to_owned(),
                })}
            </p>
            {live(move || is_outside.get().then(|| view! { <Notice tone=Tone::Warn words=m::place_outside()/> }))}
            {live(move || ground.with(Vec::is_empty).then(|| view! { <Notice tone=Tone::Info words=m::place_no_ground()/> }))}
        </div>
    }
}

fn point(at: LatLon, about: Value) -> Value {
    json!({
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [at.lon(), at.lat()]},
        "properties": about,
    })
}

fn middle(extent: Extent) -> Option<LatLon> {
    let between = |a: f64, b: f64| (a + b) / 2.0;
    LatLon::from_degrees(
        between(extent.from.lat(), extent.to.lat()),
        between(extent.from.lon(), extent.to.lon()),
    )
}

/// Whether a point lies outside the outline of the area, where that has one.
fn is_outside(ground: &[Value], at: LatLon) -> bool {
    let of_area =
        |feature: &&Value| feature.pointer("/properties/role").and_then(Value::as_str) == Some("area");
    let coordinates = ground
        .iter()
        .find(of_area)
        .and_then(|area| area.pointer("/geometry/coordinates"));
    coordinates.is_some_and(|polygons| !geo::contains(&polygons_of(polygons), at))
}

fn polygons_of(coordinates: &Value) -> Vec<Vec<Vec<[f64; 2]>>> {
    let corner = |at: &Value| Some([at.get(0)?.as_f64()?, at.get(1)?.as_f64()?]);
    let ring = |ring: &Value| items(ring).iter().filter_map(corner).collect();
    let polygon = |rings: &Value| items(rings).iter().map(ring).collect();
    items(coordinates).iter().map(polygon).collect()
}

fn items(list: &Value) -> &[Value] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat: f64, lon: f64) -> LatLon {
        LatLon::from_degrees(lat, lon).unwrap()
    }

    #[test]
    fn a_point_is_outside_only_where_the_area_has_an_outline() {
        let square = json!([[[
            [105.0, 20.0],
            [105.1, 20.0],
            [105.1, 20.1],
            [105.0, 20.1],
            [105.0, 20.0]
        ]]]);
        let outline = |role: &str| json!({"properties": {"role": role}, "geometry": {"type": "MultiPolygon", "coordinates": square}});
        assert!(is_outside(&[outline("area")], at(20.2, 105.05)));
        assert!(!is_outside(&[outline("area")], at(20.05, 105.05)));
        assert!(!is_outside(&[outline("part")], at(20.2, 105.05)));
        assert!(!is_outside(&[], at(20.2, 105.05)));
    }
}
