//! The form of a plain kind, made from its catalogue entry; also for mending what was returned or set aside.
//!
//! Every change is told to the engine at once: a page that is killed in the middle of a word loses that word at most.

use super::broadcast_form::BroadcastFields;
use crate::derived::Derived;
use crate::field::app::{App, use_app};
use crate::field::camera_choice::CameraChoice;
use crate::field::files::Files;
use crate::field::form_fields::BodyFields;
use crate::field::model_choice::ModelChoice;
use crate::field::outdoors;
use crate::field::parts::{self, error_of};
use crate::field::photos::{Editing, Photos};
use crate::field::place_choice::PlaceChoice;
use crate::field::route::Route;
use crate::field::states;
use crate::icons;
use crate::shell::{clock, dom};
use crate::ui::live;
use crate::ui::{
    Button, ButtonKind, ChoiceButtons, DateTimeInput, Dialog, DialogActions, Direction, Disclosure,
    ERROR_SUMMARY_ID, EmptyState, ErrorSummary, Notice, Required, Select, TextArea, Tone,
};
use crate::words::{domain, field as f, files, interface as w, label, loudspeaker as l, problem, when};
use keng_engine::view::{Connection, PhotoStage, Stage};
use keng_engine::{Event, Reason};
use keng_shared::id::{AreaId, RecordId};
use keng_shared::kind::{self, KindShape, KindSpec};
use keng_shared::model_register::{ACTIVITY, REVIEW};
use keng_shared::problem::FieldError;
use keng_shared::record::RecordDraft;
use leptos::prelude::*;
use serde_json::Value;

/// Areas up to this number are large buttons; more are a list.
const BUTTONS_UP_TO: usize = 6;

/// The form of a record that this phone holds.
#[component]
pub fn Form(id: RecordId) -> impl IntoView {
    let app = use_app();
    match app.look(|engine| engine.edit(id)).flatten() {
        Some(draft) => view! { <Filled draft/> }.into_any(),
        None => view! {
            <EmptyState icon=icons::PENCIL words=f::form_gone()>
                <a class="button button-primary" href="/records">{f::my_records()}</a>
            </EmptyState>
        }
        .into_any(),
    }
}

#[component]
fn Filled(draft: RecordDraft) -> impl IntoView {
    let app = use_app();
    outdoors::want_position(app);
    let id = draft.id;
    let spec = kind::find(&draft.kind);
    let title = domain::kind(&draft.kind);
    let is_patrol = spec.is_some_and(|spec| spec.shape == KindShape::Patrol);
    // What a schedule proposed has its place and time from there.
    let is_unplanned = draft.body.get("slot").is_none();
    let draft = RwSignal::new(draft);
    let change = Callback::new(move |change: Change| {
        draft.update(|draft| apply(draft, change));
        app.tell(Event::DraftChanged {
            draft: whole(app, draft.get_untracked()),
        });
    });
    let errors = Derived::new(move || match app.invalid.get() {
        Some((record, errors)) if record == id => errors,
        _ => refused_fields(app, id),
    });
    let entry = app.project(move |engine| engine.entry(id));
    let photos = Signal::derive(move || {
        entry
            .get()
            .flatten()
            .map(|entry| entry.photos)
            .unwrap_or_default()
    });
    let attached = Signal::derive(move || entry.get().flatten().map(|entry| entry.files).unwrap_or_default());
    let is_new = app
        .look(|engine| {
            engine
                .entry(id)
                .is_none_or(|entry| entry.server.is_none() && entry.stage == Stage::Draft)
        })
        .unwrap_or(true);
    let send = move |_| {
        app.invalid.set(None);
        let mut ready = whole(app, draft.get_untracked());
        if ready.fix.is_none() && is_new {
            let here = app.here.get_untracked();
            ready.fix = here.map(|measured| measured.fix(clock::now()));
        }
        dom::set_setting("last_area", &ready.area_id.to_string());
        app.tell(Event::Submitted { draft: ready });
        if app.invalid.with_untracked(Option::is_some) {
            dom::focus_soon(ERROR_SUMMARY_ID);
        } else {
            app.say(sent_words(app));
            app.go_instead(Route::Record(id));
        }
    };
    let on_caption = Callback::new(move |(photo, words)| change.run(Change::Caption(photo, words)));
    view! {
        <BackLink/>
        <h1>{title}</h1>
        <Returned id/>
        <ErrorSummary errors=Signal::derive(move || summary(spec, &errors.get()))/>
        {match spec {
            Some(spec) if spec.shape == KindShape::Loudspeaker => view! {
                <BroadcastFields draft errors change/>
                <Photos record_id=id photos on_caption/>
                {is_unplanned.then(|| view! { <WhereAndWhen draft errors change/> })}
            }
            .into_any(),
            Some(spec) if !is_patrol => view! {
                {(spec.id == kind::CAMERA_INCIDENT.id).then(|| view! { <CameraChoice draft errors change/> })}
                {matches!(spec.id, REVIEW | ACTIVITY).then(|| view! { <ModelChoice draft change/> })}
                <BodyFields spec draft errors change/>
                {is_incident(spec).then(|| view! { <PlaceChoice draft change is_new/> })}
                {(spec.files > 0).then(|| view! { <Files record_id=id files=attached editing=Editing::Open/> })}
                <Photos record_id=id photos on_caption/>
                <WhereAndWhen draft errors change/>
            }
            .into_any(),
            Some(_) => view! { <PatrolNote draft change/><Photos record_id=id photos on_caption/> }.into_any(),
            None => view! { <Notice tone=Tone::Info words=f::unknown_kind()/> }.into_any(),
        }}
        <div class="form-end">
            <p class="soft small" role="status">{f::saved_on_phone()}</p>
            <Button
                label=if is_new { f::send() } else { f::send_again() }
                icon=icons::SEND
                kind=ButtonKind::Primary
                class="button-wide button-large"
                on_press=send
            />
            <Discard id/>
        </div>
    }
}

/// Whether it is about something that happened somewhere.
fn is_incident(spec: &KindSpec) -> bool {
    spec.id == kind::INCIDENT.id || spec.id == kind::CAMERA_INCIDENT.id
}

/// One change of a draft by the person.
pub enum Change {
    /// A field of the body; null empties it.
    Body(&'static str, Value),
    /// Where.
    Area(AreaId),
    /// When it began, as the input has it.
    StartedAt(String),
    /// When it ended, as the input has it.
    EndedAt(String),
    /// Words under a photo.
    Caption(keng_shared::id::PhotoId, String),
}

fn apply(draft: &mut RecordDraft, change: Change) {
    match change {
        Change::Body(field, value) => {
            if let Some(body) = draft.body.as_object_mut() {
                if value.is_null() {
                    body.remove(field);
                } else {
                    body.insert(field.to_owned(), value);
                }
            }
        }
        Change::Area(area) => draft.area_id = area,
        Change::StartedAt(text) => {
            if let Some(at) = when::parse_instant(&text) {
                draft.started_at = at;
            }
        }
        Change::EndedAt(text) => draft.ended_at = when::parse_instant(&text),
        Change::Caption(photo, words) => {
            match draft.photos.iter_mut().find(|listed| listed.id == photo) {
                Some(listed) => listed.caption = words,
                // Listed by the engine since the form opened; [`whole`] brings the rest of it.
                None => draft.photos.push(keng_shared::record::PhotoRef {
                    id: photo,
                    sha256: String::new(),
                    caption: words,
                }),
            }
        }
    }
}

/// The draft with the photos that the engine lists now, under the words that the person gave them here.
fn whole(app: App, mut draft: RecordDraft) -> RecordDraft {
    let listed = app.look(|engine| engine.edit(draft.id)).flatten();
    if let Some(listed) = listed {
        let mut photos = listed.photos;
        for photo in &mut photos {
            if let Some(mine) = draft.photos.iter().find(|mine| mine.id == photo.id) {
                photo.caption = mine.caption.clone();
            }
        }
        draft.photos = photos;
        draft.files = listed.files;
    }
    draft
}

/// Fields that the server refused when the record was sent.
fn refused_fields(app: App, id: RecordId) -> Vec<FieldError> {
    let stage = app
        .look(|engine| engine.entry(id))
        .flatten()
        .map(|entry| entry.stage);
    match stage {
        Some(Stage::SetAside(Reason::Refused(problem))) => problem.fields,
        _ => Vec::new(),
    }
}

fn summary(spec: Option<&'static KindSpec>, errors: &[FieldError]) -> Vec<(String, String)> {
    let line = |error: &FieldError| {
        let name = field_name(spec, &error.field);
        let target = if error.field.starts_with("photos") {
            "photos".to_owned()
        } else if error.field.starts_with("files") {
            "files".to_owned()
        } else {
            error.field.clone()
        };
        (target, format!("{name}: {}", problem::field(error)))
    };
    errors.iter().map(line).collect()
}

fn field_name(spec: Option<&'static KindSpec>, field: &str) -> String {
    let in_body = field.strip_prefix("body.").and_then(|name| {
        let found = spec?.fields.iter().find(|field| field.id == name)?;
        Some(label(found.label).to_owned())
    });
    in_body.unwrap_or_else(|| {
        match field {
            "body.camera_id" => return f::which_camera().to_owned(),
            "body.position" => return f::place_on_map().to_owned(),
            _ => {}
        }
        if let Some(words) = broadcast_field(field) {
            return words.to_owned();
        }
        match field.split('.').next().unwrap_or_default() {
            "started_at" => f::started_at(),
            "ended_at" => f::ended_at(),
            "area_id" => f::where_(),
            "team_id" => f::team(),
            "photos" => f::photos(),
            "files" => files::title(),
            _ => f::content(),
        }
        .to_owned()
    })
}

/// The name of a field of a broadcast, whose body is no list of fields.
fn broadcast_field(field: &str) -> Option<&'static str> {
    match field.strip_prefix("body.")?.split('.').next()? {
        "areas" => Some(l::areas()),
        "minutes" => Some(l::minutes()),
        "topic" => Some(l::topic()),
        "script" => Some(l::script()),
        "station" => Some(l::station()),
        "presenter" => Some(l::presenter()),
        _ => None,
    }
}

fn sent_words(app: App) -> &'static str {
    match app.look(|engine| engine.status().connection) {
        Some(Connection::Fine | Connection::Unknown) => f::queued_online(),
        _ => f::queued_offline(),
    }
}

/// The officer's words first, then what to mend; or why the server did not take it.
#[component]
pub fn Returned(id: RecordId) -> impl IntoView {
    let app = use_app();
    let entry = app.project(move |engine| engine.entry(id));
    live(move || {
        let entry = entry.get().flatten()?;
        let mut parts: Vec<AnyView> = Vec::new();
        let mut said: Vec<String> = Vec::new();
        match entry.stage {
            Stage::Returned(Some(review)) => {
                said.push(review.reason.clone());
                parts.push(view! { <Words who=review.by.name words=review.reason/> }.into_any())
            }
            Stage::Returned(None) => {
                parts.push(view! { <Notice tone=Tone::Warn words=f::mend_hint()/> }.into_any())
            }
            Stage::SetAside(reason) => {
                let words = states::reason(&reason);
                parts.push(view! { <Notice tone=Tone::Danger words=words/> }.into_any());
            }
            _ => {}
        }
        for photo in entry.photos {
            if let PhotoStage::Returned(Some(review)) = photo.stage
                && !said.contains(&review.reason)
            {
                said.push(review.reason.clone());
                let words = format!("{} {}", f::returned_photo(), review.reason);
                parts.push(view! { <Words who=review.by.name words/> }.into_any());
            }
        }
        Some(parts)
    })
}

#[component]
fn Words(who: String, words: String) -> impl IntoView {
    let words = if words.is_empty() {
        f::no_reason().to_owned()
    } else {
        words
    };
    view! {
        <figure class="officer-words">
            <figcaption class="small strong">{f::officer_says(who)}</figcaption>
            <blockquote>{words}</blockquote>
        </figure>
    }
}

#[component]
fn WhereAndWhen(
    draft: RwSignal<RecordDraft>,
    errors: Derived<Vec<FieldError>>,
    change: Callback<Change>,
) -> impl IntoView {
    let app = use_app();
    let areas = app
        .look(|engine| engine.scope().map(parts::loggable_areas))
        .flatten()
        .unwrap_or_default();
    let area = Signal::derive(move || draft.with(|draft| draft.area_id.to_string()));
    let choose = Callback::new(move |value: String| {
        if let Ok(id) = value.parse() {
            change.run(Change::Area(AreaId(id)));
        }
    });
    let error =
        move |field: &'static str| Signal::derive(move || errors.with(|errors| error_of(errors, field)));
    // The end of a broadcast follows from its length.
    let has_end = draft.with_untracked(|draft| draft.kind != kind::LOUDSPEAKER_SESSION.id);
    let where_ = if areas.len() <= BUTTONS_UP_TO {
        view! {
            <ChoiceButtons
                id="area_id"
                label=f::where_()
                answers=areas
                value=area
                on_choose=choose
                error=error("area_id")
                direction=Direction::Row
            />
        }
        .into_any()
    } else {
        view! {
            <Select
                id="area_id"
                label=f::where_()
                answers=Signal::stored(areas)
                value=area
                on_input=choose
                error=error("area_id")
            />
        }
        .into_any()
    };
    view! {
        {where_}
        <DateTimeInput
            id="started_at"
            label=f::started_at()
            value=Signal::derive(move || draft.with(|draft| when::input_instant(draft.started_at)))
            on_input=Callback::new(move |text| change.run(Change::StartedAt(text)))
            error=error("started_at")
        />
        {has_end.then(|| view! { <Disclosure summary=f::ended_at()>
            <DateTimeInput
                id="ended_at"
                label=f::ended_at()
                required=Required::No
                value=Signal::derive(move || draft.with(|draft| draft.ended_at.map(when::input_instant).unwrap_or_default()))
                on_input=Callback::new(move |text| change.run(Change::EndedAt(text)))
                error=error("ended_at")
            />
        </Disclosure> })}
    }
}

/// What can be mended about a patrol that is over: its note and its photos. The way walked is as it was.
#[component]
fn PatrolNote(draft: RwSignal<RecordDraft>, change: Callback<Change>) -> impl IntoView {
    let note = Signal::derive(move || {
        draft.with(|draft| {
            draft
                .body
                .get("note")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        })
    });
    view! {
        <TextArea
            id="body.note"
            label=f::end_note()
            value=note
            required=Required::No
            on_input=Callback::new(move |text: String| change.run(Change::Body("note", text.into())))
        />
    }
}

#[component]
fn Discard(id: RecordId) -> impl IntoView {
    let app = use_app();
    let asking = RwSignal::new(false);
    let has_draft = app
        .look(|engine| engine.entry(id).is_some_and(|entry| entry.stage == Stage::Draft))
        .unwrap_or(false);
    let discard = move |_| {
        app.tell(Event::DraftDiscarded { record_id: id });
        app.go_instead(Route::Records);
    };
    has_draft.then(|| {
        view! {
            <Button
                label=f::throw_away()
                kind=ButtonKind::Quiet
                icon=icons::TRASH_2
                on_press=move |_| asking.set(true)
            />
            <Dialog open=asking title=f::throw_away().to_owned()>
                <p>{f::throw_away_ask()}</p>
                <DialogActions open=asking>
                    <Button label=f::throw_away() kind=ButtonKind::Danger on_press=discard/>
                </DialogActions>
            </Dialog>
        }
    })
}

/// Back to where one came from.
#[component]
pub fn BackLink() -> impl IntoView {
    view! {
        <p>
            <button type="button" class="button button-quiet back-link" on:click=move |_| crate::shell::history::back()>
                <icons::Picture icon=icons::ARROW_LEFT/>
                <span>{w::back()}</span>
            </button>
        </p>
    }
}
