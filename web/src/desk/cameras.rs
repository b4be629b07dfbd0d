//! The registry of cameras: a list beside a map with what each one sees, a form, and import from CSV.

use super::api::{self, FormErrors, use_api};
use super::import::{ImportCard, ImportKind};
use super::incidents::{Whole, drawing};
use super::known::{AreaChoice, Known, number, use_known};
use super::load::{Loaded, load};
use crate::icons;
use crate::ui::{
    Answer, Button, ButtonKind, Chip, DateInput, Dialog, DialogActions, EmptyState, MapView, NumberInput,
    Required, Select, Table, TextInput, Tone, open_while, use_toasts,
};
use crate::words::{checkpoints, desk as d, incidents as n, interface as w, problem, when};
use keng_shared::api::{CameraDraft, CameraView, UserView};
use keng_shared::camera::Sight;
use keng_shared::geo::LatLon;
use keng_shared::id::{AreaId, CameraId, UserId};
use keng_shared::permission::Role;
use keng_shared::problem::{FieldCode, FieldError, ProblemCode};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What the form is about: a camera, or a new one at a place.
#[derive(Debug, Clone, PartialEq)]
enum Editing {
    New(Option<LatLon>),
    Known(CameraView),
}

/// The page.
#[component]
pub fn CamerasPage() -> impl IntoView {
    let (api, known) = (use_api(), use_known());
    let cameras = load(move || api.call(async |client| client.cameras(None).await));
    let editing = RwSignal::new(None::<Editing>);
    let open = open_while(editing);
    let home = api.home();
    let ground = load(move || async move {
        match home {
            Some(area) => api.call(async |client| client.area_map(area).await).await,
            None => Ok(serde_json::Value::Null),
        }
    });
    let features = Signal::derive(move || {
        let mut features = drawing::ground(&ground.get()?);
        for camera in cameras.get()? {
            let key = camera.id.to_string();
            features.extend(drawing::of_camera(&camera, Some(key)));
        }
        Some(drawing::collection(features))
    });
    let press = move |key: String| {
        let found = cameras.peek().unwrap_or_default();
        let found = found.into_iter().find(|camera| camera.id.to_string() == key);
        editing.set(found.map(Editing::Known));
    };
    let title = Signal::derive(move || match editing.get() {
        Some(Editing::Known(_)) => n::camera_edit().to_owned(),
        _ => n::camera_new().to_owned(),
    });
    view! {
        <div class="page stack">
            <div class="row-apart">
                <h1>{n::nav_cameras()}</h1>
                <Button
                    label=n::camera_new()
                    kind=ButtonKind::Primary
                    icon=icons::CCTV
                    on_press=move |_| editing.set(Some(Editing::New(None)))
                />
            </div>
            <div class="split split-cameras">
                {cameras.view(move |cameras| table(cameras, known, editing))}
                <MapView
                    label=w::map()
                    class="map-tall"
                    features
                    focus="camera"
                    on_press=press
                    on_click=move |at: LatLon| editing.set(Some(Editing::New(Some(at))))
                />
            </div>
            <ImportCard kind=ImportKind::Cameras on_written=Callback::new(move |()| cameras.again())/>
        </div>
        <Dialog open title class="dialog-wide">
            {move || editing.get_untracked().map(|editing| view! { <CameraForm open editing cameras/> })}
        </Dialog>
    }
}

fn table(cameras: Vec<CameraView>, known: Known, editing: RwSignal<Option<Editing>>) -> impl IntoView {
    if cameras.is_empty() {
        return view! { <EmptyState icon=icons::CCTV words=n::cameras_none()/> }.into_any();
    }
    let rows = cameras
        .into_iter()
        .map(|camera| {
            let area = camera.camera.area_id;
            let (tone, consent) = match camera.camera.consent_on {
                Some(date) => (Tone::Good, n::camera_consented(when::date(date))),
                None => (Tone::Warn, n::camera_no_consent().to_owned()),
            };
            let keeper = camera
                .keeper_name
                .clone()
                .unwrap_or_else(|| n::camera_no_keeper().to_owned());
            let contact = format!("{} {}", camera.camera.holder_name, camera.camera.holder_phone);
            let (name, days) = (camera.camera.name.clone(), camera.camera.keep_days);
            let edit = move |_| editing.set(Some(Editing::Known(camera.clone())));
            view! {
                <tr>
                    <th scope="row">
                        <button type="button" class="button button-quiet camera-name" on:click=edit>{name}</button>
                        <p class="soft small">{move || known.area(area)}</p>
                    </th>
                    <td class="number">{days}</td>
                    <td><Chip tone words=consent/></td>
                    <td>{keeper}</td>
                    <td>{contact}</td>
                </tr>
            }
        })
        .collect_view();
    let columns = vec![
        n::camera_name().to_owned(),
        format!("#{} ({})", n::camera_keep_days(), n::days()),
        n::camera_consent().to_owned(),
        n::camera_keeper().to_owned(),
        n::camera_holder().to_owned(),
    ];
    view! { <Table caption=n::nav_cameras() columns>{rows}</Table> }.into_any()
}

/// What is typed, field by field.
#[derive(Clone, Copy)]
struct Typed {
    name: RwSignal<String>,
    area: RwSignal<String>,
    place: RwSignal<String>,
    direction: RwSignal<String>,
    view: RwSignal<String>,
    range: RwSignal<String>,
    keep_days: RwSignal<String>,
    consent: RwSignal<String>,
    keeper: RwSignal<String>,
    holder: RwSignal<String>,
    phone: RwSignal<String>,
}

impl Typed {
    fn of(editing: &Editing) -> Self {
        let text = |text: String| RwSignal::new(text);
        match editing {
            Editing::New(at) => Self {
                name: text(String::new()),
                area: text(String::new()),
                place: text(at.map(place_text).unwrap_or_default()),
                direction: text("0".to_owned()),
                view: text("90".to_owned()),
                range: text("30".to_owned()),
                keep_days: text("7".to_owned()),
                consent: text(String::new()),
                keeper: text(String::new()),
                holder: text(String::new()),
                phone: text(String::new()),
            },
            Editing::Known(camera) => {
                let camera = &camera.camera;
                Self {
                    name: text(camera.name.clone()),
                    area: text(camera.area_id.to_string()),
                    place: text(place_text(camera.sight.position)),
                    direction: text(camera.sight.direction_deg.to_string()),
                    view: text(camera.sight.view_deg.to_string()),
                    range: text(camera.sight.range_m.to_string()),
                    keep_days: text(camera.keep_days.to_string()),
                    consent: text(camera.consent_on.map(when::input_date).unwrap_or_default()),
                    keeper: text(camera.keeper.map(|keeper| keeper.to_string()).unwrap_or_default()),
                    holder: text(camera.holder_name.clone()),
                    phone: text(camera.holder_phone.clone()),
                }
            }
        }
    }

    fn draft(self, before: &Editing) -> Result<CameraDraft, Vec<FieldError>> {
        let mut errors = Vec::new();
        let name = self.name.get_untracked();
        if name.trim().is_empty() {
            errors.push(FieldError::new("name", FieldCode::Required));
        }
        let area = number(&self.area.get_untracked()).map(AreaId);
        if area.is_none() {
            errors.push(FieldError::new("area_id", FieldCode::Required));
        }
        let place = self.place.get_untracked();
        let position = super::checkpoints::read_place(&place);
        if position.is_none() {
            errors.push(unread("sight.position", &place, "lat, lon"));
        }
        let mut count = |field: &str, typed: RwSignal<String>| -> u16 {
            let text = typed.get_untracked();
            text.trim().parse().unwrap_or_else(|_| {
                errors.push(unread(field, &text, "number"));
                0
            })
        };
        let (direction_deg, view_deg) = (
            count("sight.direction_deg", self.direction),
            count("sight.view_deg", self.view),
        );
        let (range_m, keep_days) = (
            count("sight.range_m", self.range),
            count("keep_days", self.keep_days),
        );
        match (position, area, errors.is_empty()) {
            (Some(position), Some(area_id), true) => Ok(CameraDraft {
                area_id,
                name,
                team_id: match before {
                    Editing::Known(camera) => camera.camera.team_id,
                    Editing::New(_) => None,
                },
                sight: Sight {
                    position,
                    direction_deg,
                    view_deg,
                    range_m,
                },
                keep_days,
                consent_on: self.consent.get_untracked().parse().ok(),
                keeper: self.keeper.get_untracked().parse::<UserId>().ok(),
                holder_name: self.holder.get_untracked(),
                holder_phone: self.phone.get_untracked(),
            }),
            _ => Err(errors),
        }
    }
}

/// What is wrong with an input that cannot be read: nothing is in it, or something else than is expected.
fn unread(field: &str, text: &str, expected: &str) -> FieldError {
    match text.trim().is_empty() {
        true => FieldError::new(field, FieldCode::Required),
        false => FieldError::new(field, FieldCode::BadFormat).with("expected", expected),
    }
}

fn place_text(at: LatLon) -> String {
    format!("{:.6}, {:.6}", at.lat(), at.lon())
}

#[component]
fn CameraForm(open: RwSignal<bool>, editing: Editing, cameras: Loaded<Vec<CameraView>>) -> impl IntoView {
    let (api, known, toasts) = (use_api(), use_known(), use_toasts());
    let typed = Typed::of(&editing);
    let errors = FormErrors::new();
    let people = load(move || api.call(async |client| client.users(None, None, None).await));
    let keepers = Signal::derive(move || {
        people
            .get()
            .map(|page| volunteers(page.items))
            .unwrap_or_default()
    });
    let stored = match &editing {
        Editing::Known(camera) => Some((camera.id, camera.revision, camera.camera.name.clone())),
        Editing::New(_) => None,
    };
    let target = stored.as_ref().map(|(id, revision, _)| (*id, *revision));
    let save = move |_| {
        errors.clear();
        let body = match typed.draft(&editing) {
            Ok(body) => body,
            Err(found) => return errors.show_fields(found),
        };
        spawn_local(async move {
            let answer = api
                .call(async |client| match target {
                    Some((id, revision)) => client.edit_camera(id, revision, &body).await,
                    None => client.create_camera(&body).await,
                })
                .await;
            match answer {
                Ok(saved) => {
                    toasts.say(n::camera_saved(saved.camera.name));
                    open.try_set(false);
                    cameras.again();
                }
                Err(error) => {
                    if api::is(&error, ProblemCode::RevisionMismatch) {
                        cameras.again();
                    }
                    errors.show(&error);
                }
            }
        });
    };
    let retire = stored.map(|(id, revision, name)| view! { <Retire open id revision name cameras/> });
    let input = move |typed: RwSignal<String>| move |text: String| typed.set(text);
    view! {
        <Whole errors/>
        <div class="form-grid">
            <TextInput id="name" label=n::camera_name() value=typed.name on_input=input(typed.name) error=errors.of("name")/>
            <Select
                id="area_id"
                label=d::area()
                answers=Signal::derive(move || known.area_answers(AreaChoice::Working))
                value=typed.area
                on_input=input(typed.area)
                empty=w::choose().to_owned()
                error=errors.of("area_id")
            />
            <TextInput
                id="position"
                label=n::camera_position()
                hint=checkpoints::position_hint()
                value=typed.place
                on_input=input(typed.place)
                error=errors.of("sight.position")
            />
            <NumberInput
                id="direction"
                label=n::camera_direction()
                hint=n::camera_direction_hint()
                unit="°"
                value=typed.direction
                on_input=input(typed.direction)
                error=errors.of("sight.direction_deg")
            />
            <NumberInput id="view" label=n::camera_view() unit="°" value=typed.view on_input=input(typed.view) error=errors.of("sight.view_deg")/>
            <NumberInput id="range" label=n::camera_range() unit="m" value=typed.range on_input=input(typed.range) error=errors.of("sight.range_m")/>
            <NumberInput id="keep_days" label=n::camera_keep_days() unit=n::days() value=typed.keep_days on_input=input(typed.keep_days) error=errors.of("keep_days")/>
            <DateInput
                id="consent_on"
                label=n::camera_consent()
                hint=n::camera_consent_hint()
                value=typed.consent
                on_input=input(typed.consent)
                error=errors.of("consent_on")
                required=Required::No
            />
            <Select
                id="keeper"
                label=n::camera_keeper()
                answers=keepers
                value=typed.keeper
                on_input=input(typed.keeper)
                empty=n::camera_no_keeper().to_owned()
                error=errors.of("keeper")
                required=Required::No
            />
            <TextInput
                id="holder_name"
                label=n::camera_holder()
                hint=n::camera_contact_hint()
                value=typed.holder
                on_input=input(typed.holder)
                error=errors.of("holder_name")
                required=Required::No
            />
            <TextInput
                id="holder_phone"
                label=n::camera_phone()
                hint=n::camera_contact_hint()
                keyboard="tel"
                value=typed.phone
                on_input=input(typed.phone)
                error=errors.of("holder_phone")
                required=Required::No
            />
        </div>
        {retire}
        <DialogActions open>
            <Button label=w::save() kind=ButtonKind::Primary on_press=save/>
        </DialogActions>
    }
}

/// Camera volunteers first, for they are whom one looks for.
fn volunteers(mut people: Vec<UserView>) -> Vec<Answer> {
    let keeps = |person: &UserView| {
        person
            .memberships
            .iter()
            .any(|held| held.role == Role::CameraVolunteer)
    };
    people.sort_by_key(|person| !keeps(person));
    people
        .into_iter()
        .map(|person| Answer::new(person.id.to_string(), person.name))
        .collect()
}

#[component]
fn Retire(
    open: RwSignal<bool>,
    id: CameraId,
    revision: u32,
    name: String,
    cameras: Loaded<Vec<CameraView>>,
) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let asked = RwSignal::new(false);
    let retire = move |_| {
        spawn_local(async move {
            match api
                .call(async |client| client.retire_camera(id, revision).await)
                .await
            {
                Ok(()) => {
                    open.try_set(false);
                }
                Err(error) => drop(toasts.say(problem::call(&error))),
            }
            cameras.again();
        });
    };
    // A question inside the form: a second dialog above the first would hide what it is about.
    move || match asked.get() {
        false => view! {
            <div>
                <Button
                    label=n::camera_retire()
                    name=format!("{}: {name}", n::camera_retire())
                    kind=ButtonKind::Quiet
                    on_press=move |_| asked.set(true)
                />
            </div>
        }
        .into_any(),
        true => view! {
            <div class="stack-tight">
                <p class="strong">{n::camera_retire_title()}</p>
                <p>{n::camera_retire_text()}</p>
                <div><Button label=n::camera_retire() kind=ButtonKind::Danger on_press=retire/></div>
            </div>
        }
        .into_any(),
    }
}
