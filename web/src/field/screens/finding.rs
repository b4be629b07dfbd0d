//! Something found on the way: what sort, where, a few words, photos. It describes a situation, never a named person.

use super::form::BackLink;
use crate::field::app::use_app;
use crate::field::parts::wire;
use crate::field::photos::Photos;
use crate::field::route::Route;
use crate::icons;
use crate::shell::clock;
use crate::ui::{Answer, Button, ButtonKind, ChoiceButtons, Direction, EmptyState, Required, TextArea};
use crate::words::{domain, field as f};
use keng_engine::{Event, PatrolEvent};
use keng_shared::id::{EntryId, PhotoId, RecordId};
use keng_shared::patrol::{Finding as Found, FindingCategory};
use leptos::prelude::*;

/// The screen.
#[component]
pub fn Finding(id: EntryId) -> impl IntoView {
    let app = use_app();
    let running = app.look(|engine| {
        let patrol = engine.patrol(clock::now())?;
        let found = patrol
            .patrol
            .findings
            .into_iter()
            .find(|finding| finding.id == id);
        Some((patrol.record.id, found))
    });
    match running.flatten() {
        Some((record_id, found)) => view! { <Open id record_id found/> }.into_any(),
        None => view! {
            <EmptyState icon=icons::FLAG words=f::no_patrol()>
                <a class="button button-primary" href="/">{f::to_today()}</a>
            </EmptyState>
        }
        .into_any(),
    }
}

#[component]
fn Open(id: EntryId, record_id: RecordId, found: Option<Found>) -> impl IntoView {
    let app = use_app();
    let finding = RwSignal::new(found.unwrap_or_else(|| Found {
        id,
        at: clock::now(),
        category: FindingCategory::Other,
        note: String::new(),
        fix: app.here.get_untracked().map(|here| here.fix(clock::now())),
        photos: Vec::new(),
    }));
    let error = RwSignal::new(String::new());
    let chosen = RwSignal::new(finding.with_untracked(|finding| {
        let is_new = finding.note.is_empty() && finding.photos.is_empty();
        if is_new {
            String::new()
        } else {
            wire(&finding.category)
        }
    }));
    // Told at every change, like a form: a page that is killed keeps the finding.
    let change = move |change: &dyn Fn(&mut Found)| {
        finding.update(|finding| change(finding));
        app.tell(Event::Patrol(PatrolEvent::Found(finding.get_untracked())));
    };
    let answers: Vec<Answer> = domain::FINDING_CATEGORIES
        .iter()
        .map(|&category| Answer::new(wire(&category), domain::finding_category(category)))
        .collect();
    let choose = Callback::new(move |value: String| {
        if let Some(&category) = domain::FINDING_CATEGORIES
            .iter()
            .find(|category| wire(*category) == value)
        {
            chosen.set(value);
            error.set(String::new());
            change(&|finding| finding.category = category);
        }
    });
    let photos = app.project(move |engine| engine.entry(record_id).map(|entry| entry.photos));
    let mine = Signal::derive(move || {
        let own = finding.with(|finding| finding.photos.clone());
        let all = photos.get().flatten().unwrap_or_default();
        all.into_iter()
            .filter(|photo| own.contains(&photo.id))
            .collect::<Vec<_>>()
    });
    let taken = Callback::new(move |photo: PhotoId| change(&|finding| finding.photos.push(photo)));
    let on_caption = Callback::new(move |(photo_id, caption): (PhotoId, String)| {
        app.tell(Event::Patrol(PatrolEvent::Captioned { photo_id, caption }));
    });
    let save = move |_| {
        if chosen.with_untracked(String::is_empty) {
            return error.set(f::choose_category().to_owned());
        }
        change(&|_| {});
        app.say(f::finding_saved());
        app.go_instead(Route::Patrol);
    };
    view! {
        <BackLink/>
        <h1>{f::report_finding()}</h1>
        <ChoiceButtons
            id="category"
            label=f::what_found()
            answers
            value=chosen
            on_choose=choose
            error
            direction=Direction::Column
        />
        <Photos record_id photos=mine on_taken=taken on_caption/>
        <TextArea
            id="note"
            label=f::finding_note()
            hint=f::finding_note_hint()
            required=Required::No
            rows=3
            value=Signal::derive(move || finding.with(|finding| finding.note.clone()))
            on_input=Callback::new(move |text: String| change(&|finding| finding.note = text.clone()))
        />
        <div class="form-end">
            <Button
                label=f::save_finding()
                icon=icons::CHECK
                kind=ButtonKind::Primary
                class="button-wide button-large"
                on_press=save
            />
        </div>
    }
}
