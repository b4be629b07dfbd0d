//! Ending a patrol: what is left, why early, a note, and a button that has to be held.

use super::form::BackLink;
use crate::field::app::use_app;
use crate::field::parts::wire;
use crate::field::route::Route;
use crate::icons;
use crate::shell::{clock, timer};
use crate::ui::live;
use crate::ui::{Answer, ChoiceButtons, Direction, EmptyState, Notice, Required, TextArea, Tone};
use crate::words::{domain, field as f, number, when};
use keng_engine::view::PatrolView;
use keng_engine::{Event, PatrolEvent};
use keng_shared::patrol::{EARLY_END_MS, PatrolEnd as End};
use keng_shared::problem::FieldCode;
use leptos::prelude::*;

/// How long the button is held.
const HOLD_MS: u32 = 2_000;

/// The screen.
#[component]
pub fn PatrolEnd() -> impl IntoView {
    let app = use_app();
    match app.look(|engine| engine.patrol(clock::now())).flatten() {
        Some(patrol) => view! { <Ending patrol/> }.into_any(),
        None => view! {
            <EmptyState icon=icons::FOOTPRINTS words=f::no_patrol()>
                <a class="button button-primary" href="/">{f::to_today()}</a>
            </EmptyState>
        }
        .into_any(),
    }
}

#[component]
fn Ending(patrol: PatrolView) -> impl IntoView {
    let app = use_app();
    let record_id = patrol.record.id;
    let is_early = app
        .look(|engine| {
            let now = engine.clock().correct(clock::now());
            patrol
                .patrol
                .planned_end
                .is_some_and(|planned| planned.since(now) > EARLY_END_MS)
        })
        .unwrap_or(false);
    let note = RwSignal::new(patrol.patrol.note.clone());
    let reason = RwSignal::new(String::new());
    let invalid = move |field: &'static str| {
        Signal::derive(move || {
            let errors = app.invalid.get().map(|(_, errors)| errors).unwrap_or_default();
            let wrong = errors
                .iter()
                .any(|error| error.field == field && error.code == FieldCode::Required);
            match (wrong, field) {
                (false, _) => String::new(),
                (true, "body.note") => f::end_note_needed().to_owned(),
                (true, _) => f::end_early().to_owned(),
            }
        })
    };
    let reasons: Vec<Answer> = domain::EARLY_ENDS
        .iter()
        .map(|&early| Answer::new(wire(&early), domain::early_end(early)))
        .collect();
    let end = Callback::new(move |()| {
        app.invalid.set(None);
        let chosen = reason.get_untracked();
        let early_reason = domain::EARLY_ENDS
            .iter()
            .copied()
            .find(|early| wire(early) == chosen);
        app.tell(Event::Patrol(PatrolEvent::Ended(End {
            at: clock::now(),
            early_reason,
        })));
        if app.invalid.with_untracked(Option::is_none) {
            app.say(f::patrol_ended());
            app.go_instead(Route::Record(record_id));
        }
    });
    let left = patrol.progress.left.len();
    view! {
        <BackLink/>
        <h1>{f::end_title()}</h1>
        <dl class="figures">
            <div class="figure-main">
                <dt>{f::time()}</dt>
                <dd>{live(move || when::stopwatch(app.now.get().since(patrol.record.started_at)))}</dd>
            </div>
            <div><dt>{f::distance()}</dt><dd>{number::metres(patrol.track.length_m)}</dd></div>
            <div><dt>{f::points_left()}</dt><dd>{left}</dd></div>
        </dl>
        {(left > 0).then(|| view! { <Notice tone=Tone::Warn words=f::end_points_left(left)/> })}
        {is_early.then(|| view! {
            <ChoiceButtons
                id="body.end.early_reason"
                label=f::end_early()
                answers=reasons
                value=reason
                on_choose=Callback::new(move |value| reason.set(value))
                error=invalid("body.end.early_reason")
                direction=Direction::Column
            />
        })}
        <TextArea
            id="body.note"
            label=f::end_note()
            required=Required::No
            rows=3
            value=note
            error=invalid("body.note")
            on_input=Callback::new(move |text: String| {
                note.set(text.clone());
                app.tell(Event::Patrol(PatrolEvent::NoteChanged(text)));
            })
        />
        <HoldButton on_held=end/>
    }
}

/// A button that acts when it is held, so that nothing ends in a pocket. By keyboard it is pressed twice.
#[component]
fn HoldButton(on_held: Callback<()>) -> impl IntoView {
    let attempt = RwSignal::new(0_u32);
    let held = RwSignal::new(false);
    let armed = RwSignal::new(false);
    let down = move |_| {
        let own = attempt.get_untracked() + 1;
        attempt.set(own);
        held.set(true);
        leptos::task::spawn_local(async move {
            timer::sleep(HOLD_MS).await;
            // The button may have gone from the screen meanwhile.
            if attempt.try_get_untracked() == Some(own) && held.try_get_untracked() == Some(true) {
                held.set(false);
                on_held.run(());
            }
        });
    };
    let up = move || {
        attempt.update(|n| *n += 1);
        held.set(false);
    };
    let key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() != "Enter" && event.key() != " " {
            return;
        }
        event.prevent_default();
        if event.repeat() {
            return;
        }
        if armed.get_untracked() {
            on_held.run(());
        } else {
            armed.set(true);
        }
    };
    view! {
        <div class="form-end">
            <button
                type="button"
                class="button button-primary button-wide button-large hold-button"
                class:hold-button-held=move || held.get()
                aria-describedby="hold-hint"
                on:pointerdown=down
                on:pointerup=move |_| up()
                on:pointerleave=move |_| up()
                on:pointercancel=move |_| up()
                on:contextmenu=move |event| event.prevent_default()
                on:keydown=key
                on:blur=move |_| armed.set(false)
            >
                <icons::Picture icon=icons::SQUARE/>
                <span>{live(move || if armed.get() { f::press_again() } else { f::hold_to_end() })}</span>
            </button>
            <p id="hold-hint" class="soft small">{f::hold_hint()}</p>
        </div>
    }
}
