//! Checkpoints: where patrols pass, on a map, with the sheets to print and put up.

use super::api::{FormErrors, use_api};
use super::known::{AreaChoice, Known, number, use_known};
use super::load::{Loaded, load};
use crate::icons;
use crate::shell::camera::PictureUrl;
use crate::shell::output;
use crate::ui::{
    Answer, Button, ButtonKind, ChoiceButtons, EmptyState, MapView, Notice, NumberInput, Select, Skeleton,
    Submits, Table, TextInput, Tone, use_toasts,
};
use crate::words::{desk as d, interface as w, routes};
use keng_shared::api::NewCheckpoint;
use keng_shared::client::{HttpRequest, Method};
use keng_shared::geo::LatLon;
use keng_shared::id::{AreaId, CheckpointId};
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError};
use keng_shared::sync::Checkpoint;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};

/// Metres that a new fence has until somebody says otherwise.
const USUAL_RADIUS: &str = "50";

/// The page.
#[component]
pub fn CheckpointsPage() -> impl IntoView {
    let (api, known) = (use_api(), use_known());
    let points = load(move || api.call(async |client| client.checkpoints(None).await));
    let may_manage = api.may(Verb::ManageCheckpoints);
    let place = RwSignal::new(String::new());
    let printing = RwSignal::new(false);
    let home = api.home();
    let ground = load(move || async move {
        match home {
            Some(area) => api.call(async |client| client.area_map(area).await).await,
            None => Ok(Value::Null),
        }
    });
    let features = Signal::derive(move || {
        ground
            .get()
            .map(|ground| drawing(ground, &points.get().unwrap_or_default(), &place.get()))
    });
    view! {
        <div class="page stack screen-only">
            <div class="row-apart">
                <h1>{d::nav_checkpoints()}</h1>
                <a class="button" href="/desk/routes">
                    <icons::Picture icon=icons::FOOTPRINTS/>
                    <span>{routes::title()}</span>
                </a>
                {may_manage
                    .then(|| {
                        view! {
                            <Button
                                label=d::checkpoint_sheets()
                                icon=icons::PRINTER
                                on_press=move |_| printing.update(|printing| *printing = !*printing)
                            />
                        }
                    })}
            </div>
            <div class="split split-even">
                <div class="stack">
                    {points.view(move |points| table(points, known))}
                    {may_manage.then(|| view! { <NewForm place points/> })}
                </div>
                <MapView
                    label=w::map()
                    class="map-tall"
                    features
                    on_click=move |at: LatLon| place.set(format!("{:.6}, {:.6}", at.lat(), at.lon()))
                />
            </div>
        </div>
        {move || printing.get().then(|| view! { <Sheets points/> })}
    }
}

/// The area, its checkpoints and the place of the new one.
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
        features.push(point(
            at,
            json!({"role": "start", "sign": "+", "name": d::checkpoint_new()}),
        ));
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

fn table(points: Vec<Checkpoint>, known: Known) -> impl IntoView {
    if points.is_empty() {
        return view! { <EmptyState icon=icons::MAP_PIN words=d::checkpoints_none()/> }.into_any();
    }
    let rows = points
        .into_iter()
        .map(|point| {
            let area = point.area_id;
            view! {
                <tr>
                    <th scope="row">{point.name}</th>
                    <td>{move || known.area(area)}</td>
                    <td class="number">{point.radius_m}</td>
                </tr>
            }
        })
        .collect_view();
    let columns = vec![
        d::checkpoint_name().to_owned(),
        d::area().to_owned(),
        format!("#{}", d::checkpoint_radius()),
    ];
    view! { <Table caption=d::nav_checkpoints() columns>{rows}</Table> }.into_any()
}

#[component]
fn NewForm(place: RwSignal<String>, points: Loaded<Vec<Checkpoint>>) -> impl IntoView {
    let (api, known, toasts) = (use_api(), use_known(), use_toasts());
    let (name, area) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let radius = RwSignal::new(USUAL_RADIUS.to_owned());
    let errors = FormErrors::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        let Some(position) = read_place(&place.get_untracked()) else {
            return errors.show_fields(vec![FieldError::new("position", FieldCode::BadFormat)]);
        };
        let Ok(radius_m) = radius.get_untracked().trim().parse() else {
            return errors.show_fields(vec![FieldError::new("radius_m", FieldCode::BadFormat)]);
        };
        let body = NewCheckpoint {
            area_id: AreaId(number(&area.get_untracked()).unwrap_or_default()),
            name: name.get_untracked(),
            position,
            radius_m,
        };
        spawn_local(async move {
            match api
                .call(async |client| client.create_checkpoint(&body).await)
                .await
            {
                Ok(made) => {
                    toasts.say(d::checkpoint_created(made.name));
                    name.try_set(String::new());
                    place.try_set(String::new());
                    points.again();
                    known.again();
                }
                Err(error) => errors.show(&error),
            }
        });
    };
    view! {
        <section class="card stack">
            <h2>{d::checkpoint_new()}</h2>
            <form class="stack" on:submit=submit>
                {errors.notice()}
                <TextInput
                    id="checkpoint-name"
                    label=d::checkpoint_name()
                    value=name
                    on_input=move |text| name.set(text)
                    error=errors.of("name")
                />
                <Select
                    id="checkpoint-area"
                    label=d::area()
                    answers=Signal::derive(move || known.area_answers(AreaChoice::Working))
                    value=area
                    on_input=move |text| area.set(text)
                    empty=w::choose()
                    error=errors.of("area_id")
                />
                <TextInput
                    id="checkpoint-position"
                    label=d::checkpoint_position()
                    hint=d::checkpoint_position_hint()
                    value=place
                    on_input=move |text| place.set(text)
                    error=errors.of("position")
                />
                <NumberInput
                    id="checkpoint-radius"
                    label=d::checkpoint_radius()
                    unit="m"
                    value=radius
                    on_input=move |text| radius.set(text)
                    error=errors.of("radius_m")
                />
                <div><Button label=d::checkpoint_new() kind=ButtonKind::Primary submits=Submits::Form/></div>
            </form>
        </section>
    }
}

/// The sheets, one a checkpoint, drawn by the server: they hold the secret that a phone proves its presence with.
#[component]
fn Sheets(points: Loaded<Vec<Checkpoint>>) -> impl IntoView {
    let size = RwSignal::new("large".to_owned());
    let sizes = [
        Answer::new("large", d::sheets_large()),
        Answer::new("small", d::sheets_small()),
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
        <section class="page stack sheets-page" aria-label=d::checkpoint_sheets()>
            <p class="soft screen-only">{d::checkpoint_sheets_hint()}</p>
            <div class="row-apart screen-only">
                <ChoiceButtons
                    id="sheets-size"
                    label=d::sheets_size()
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
                    let alt = format!("{}: {name}", d::checkpoint_sheet_text());
                    view! { <img src=source alt=alt/> }.into_any()
                }
                (None, true) => view! { <Notice tone=Tone::Warn words=d::sheet_unavailable()/> }.into_any(),
                (None, false) => view! { <Skeleton/> }.into_any(),
            }}
        </figure>
    }
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
