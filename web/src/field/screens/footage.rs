//! Questions for footage of one's own cameras. They are read and answered without a network: whoever stands beside the
//! recorder may have none. What is said is sent once, and what came too late is said in words and can be said again.

use crate::field::app::use_app;
use crate::icons;
use crate::ui::live;
use crate::ui::{Button, ButtonKind, Chip, DateInput, Notice, Required, TextInput, Tone};
use crate::words::{domain, incidents as n, problem, when};
use keng_engine::view::{FootageEntry, FootageWord};
use keng_engine::{Event, ItemKey};
use keng_shared::api::{FootageAnswer, MyFootageTask};
use keng_shared::camera::FootageState;
use keng_shared::id::FootageTaskId;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::time::{LocalDate, Millis};
use leptos::prelude::*;

/// The clip is kept a month unless the person says otherwise.
const USUAL_KEEPING_MS: i64 = 30 * 86_400_000;

/// The questions; nothing for who keeps no camera and was asked nothing.
#[component]
pub fn Tasks() -> impl IntoView {
    let app = use_app();
    let seen = app.project(|engine| {
        let keeps_cameras = engine.scope().is_some_and(|scope| !scope.cameras.is_empty());
        (engine.footage(), engine.footage_lost(), keeps_cameras)
    });
    live(move || {
        let (entries, lost, keeps_cameras) = seen.get()?;
        let has_any = keeps_cameras || !entries.is_empty() || !lost.is_empty();
        has_any.then(|| {
            let lost = lost.iter().map(|answer| {
                let words = format!("{} {}", n::footage_your_answer(said(answer)), n::footage_lost());
                view! { <Notice tone=Tone::Warn words/> }
            });
            let none = entries
                .is_empty()
                .then(|| view! { <p class="soft">{n::footage_tasks_none()}</p> });
            let tasks = entries.into_iter().map(|entry| view! { <Task entry/> });
            view! {
                <section class="stack">
                    <h2 class="part-title">{n::footage_tasks()}</h2>
                    {lost.collect_view()}
                    {none}
                    {tasks.collect_view()}
                </section>
            }
        })
    })
}

/// An answer in words, with who holds the clip.
fn said(answer: &FootageAnswer) -> String {
    let state = domain::footage_state(answer.state);
    match answer.holder.is_empty() {
        true => format!("{state}."),
        false => format!("{state} ({}).", answer.holder),
    }
}

#[component]
fn Task(entry: FootageEntry) -> impl IntoView {
    let app = use_app();
    let now = app.now.get_untracked();
    let is_open = entry.is_open();
    let FootageEntry { asked, answer } = entry;
    let id = asked.task.id;
    let (state, holder) = match &answer {
        FootageWord::Said { answer, .. } => (answer.state, Some(answer.holder.clone())),
        _ => {
            let hand = asked.task.custody.first();
            (asked.task.state, hand.map(|hand| hand.holder.clone()))
        }
    };
    let tone = if state == FootageState::Asked {
        Tone::Warn
    } else {
        Tone::Good
    };
    let is_waiting = matches!(answer, FootageWord::Said { is_waiting: true, .. });
    let waits = is_waiting.then(|| {
        view! { <Chip tone=Tone::Warn icon=icons::CLOUD_UPLOAD words=n::footage_will_be_sent()/> }
    });
    let left = (state == FootageState::Asked).then(|| {
        let tone = if asked.task.overwritten_at < now {
            Tone::Danger
        } else {
            Tone::Warn
        };
        let words = n::overwritten_words(asked.task.overwritten_at, now);
        view! { <Chip tone icon=icons::TIMER words/> }
    });
    let hand = holder.filter(|holder| !holder.is_empty()).map(|holder| {
        view! { <p class="small">{format!("{}: {holder}", n::custody())}</p> }
    });
    let wanted = asked.request_words.clone();
    let refused = match answer {
        FootageWord::Refused { answer, problem } => Some(view! { <Refused id answer problem/> }),
        _ => None,
    };
    view! {
        <article class="card stack-tight">
            <p class="strong">{asked.task.camera_name.clone()}</p>
            <p>{n::footage_span(when::full(asked.from), when::full(asked.to))}</p>
            {(!wanted.is_empty()).then(|| view! { <p class="note">{wanted}</p> })}
            <div class="row">
                <Chip tone words=domain::footage_state(state)/>
                {waits}
                {left}
            </div>
            {hand}
            {refused}
            {is_open.then(|| view! { <AnswerForm asked=asked.clone() now/> })}
            {is_waiting.then(|| view! { <Change asked now/> })}
        </article>
    }
}

/// What was said and did not count, with the way to say it all the same.
#[component]
fn Refused(id: FootageTaskId, answer: FootageAnswer, problem: Problem) -> impl IntoView {
    let app = use_app();
    let is_overtaken = problem.code == ProblemCode::RevisionMismatch;
    let why = match is_overtaken {
        true => n::footage_overtaken().to_owned(),
        false => format!("{} {}", n::footage_unread_answer(), problem::problem(&problem)),
    };
    let words = format!("{} {why}", n::footage_your_answer(said(&answer)));
    let send = move |_| {
        app.tell(Event::FootageAnswered {
            task_id: id,
            answer: answer.clone(),
        });
        app.say(n::footage_kept_on_phone());
    };
    let give_up = move |_| {
        let key = ItemKey::Footage(id);
        app.tell(Event::GivenUp { key });
    };
    view! {
        <Notice tone=Tone::Warn words/>
        {is_overtaken.then(|| view! {
            <Button label=n::footage_send_anyway() class="button-wide" on_press=send/>
        })}
        <Button label=n::footage_give_up() kind=ButtonKind::Quiet on_press=give_up/>
    }
}

/// An answer that was not sent yet can still be another.
#[component]
fn Change(asked: MyFootageTask, now: Millis) -> impl IntoView {
    let changing = RwSignal::new(false);
    live(move || match changing.get() {
        true => view! { <AnswerForm asked=asked.clone() now/> }.into_any(),
        false => view! {
            <Button label=n::footage_change() kind=ButtonKind::Quiet on_press=move |_| changing.set(true)/>
        }
        .into_any(),
    })
}

/// Three large answers; the one that keeps the clip asks who has it.
#[component]
fn AnswerForm(asked: MyFootageTask, now: Millis) -> impl IntoView {
    let app = use_app();
    let team = app
        .look(|engine| {
            let scope = engine.scope()?;
            let team = crate::field::parts::field_membership(scope)?.team_id?;
            crate::field::parts::team(scope, team).map(|team| team.name.clone())
        })
        .flatten();
    let holder = RwSignal::new(team.unwrap_or_default());
    let until = RwSignal::new(
        now.plus(USUAL_KEEPING_MS)
            .local_date()
            .map(when::input_date)
            .unwrap_or_default(),
    );
    let today = now.local_date().unwrap_or_default();
    let (keeping, nobody, over) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let id = asked.task.id;
    let send = move |state: FootageState| {
        let is_kept = state == FootageState::Kept;
        nobody.set(is_kept && holder.with_untracked(|holder| holder.trim().is_empty()));
        let last: Option<LocalDate> = until.get_untracked().parse().ok().filter(|_| is_kept);
        over.set(last.is_some_and(|last| last < today));
        if nobody.get_untracked() || over.get_untracked() {
            return;
        }
        // Only a clip that is kept is in somebody's hands.
        let answer = FootageAnswer {
            state,
            words: String::new(),
            holder: if is_kept {
                holder.get_untracked()
            } else {
                String::new()
            },
            place: String::new(),
            until: last,
        };
        app.tell(Event::FootageAnswered { task_id: id, answer });
        app.say(n::footage_kept_on_phone());
    };
    let button = move |state: FootageState| {
        view! { <Button label=n::footage_button(state) class="button-wide" on_press=move |_| send(state)/> }
    };
    let missing = Signal::derive(move || match nobody.get() {
        true => problem::field(&FieldError::new("holder", FieldCode::Required)),
        false => String::new(),
    });
    let too_early = Signal::derive(move || match over.get() {
        true => problem::field(&FieldError::new("until", FieldCode::TooEarly).with("min", today)),
        false => String::new(),
    });
    live(move || match keeping.get() {
        false => view! {
            <Button
                label=n::footage_kept_button()
                kind=ButtonKind::Primary
                class="button-wide button-large"
                on_press=move |_| keeping.set(true)
            />
            {button(FootageState::NothingSeen)}
            {button(FootageState::Overwritten)}
        }
        .into_any(),
        true => view! {
            <p class="soft small">{n::custody_no_video()}</p>
            <TextInput
                id=format!("holder-{id}")
                label=n::custody_holder()
                hint=n::custody_holder_hint()
                value=holder
                error=missing
                on_input=move |text| holder.set(text)
            />
            <DateInput
                id=format!("until-{id}")
                label=n::custody_until()
                value=until
                error=too_early
                on_input=move |text| until.set(text)
                required=Required::No
            />
            <Button
                label=n::footage_answer()
                kind=ButtonKind::Primary
                icon=icons::SEND
                class="button-wide button-large"
                on_press=move |_| send(FootageState::Kept)
            />
        }
        .into_any(),
    })
}
