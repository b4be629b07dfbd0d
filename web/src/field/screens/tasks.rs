//! Tasks of the person and of their teams: the list, and one of them with the way to say that it is done. All of it works
//! without a network; what is said is sent like everything else, once.

use super::form::BackLink;
use crate::field::app::{App, use_app};
use crate::field::parts::{WithScope, area_name, team};
use crate::field::route::Route;
use crate::icons;
use crate::shell::clock;
use crate::ui::{
    Answer, Button, ButtonKind, Chip, EmptyState, Fact, Facts, Notice, Required, Select, TextArea, Tone, live,
};
use crate::words::{domain, tasks as t, when};
use keng_engine::view::{Stage, TaskEntry};
use keng_engine::{Engine, Event};
use keng_shared::id::{RecordId, TaskId};
use keng_shared::task::{Task as Given, TaskState, TaskStep};
use keng_shared::time::Millis;
use leptos::prelude::*;

/// Most records that are offered as the result of a task.
const OFFERED: usize = 20;

/// The list.
#[component]
pub fn Tasks() -> impl IntoView {
    let app = use_app();
    let seen = app.project(|engine| {
        (
            engine.tasks(),
            engine.tasks_lost(),
            engine.corrected(clock::now()),
        )
    });
    view! {
        <BackLink/>
        <h1>{t::title()}</h1>
        <WithScope>
            {live(move || {
                let Some((entries, lost, now)) = seen.get() else {
                    return ().into_any();
                };
                let lost = (lost > 0).then(|| view! { <Notice tone=Tone::Warn words=t::lost(lost)/> });
                if entries.is_empty() {
                    return view! { {lost}<EmptyState icon=icons::LIST_CHECKS words=t::none_here()/> }.into_any();
                }
                let (open, closed): (Vec<_>, Vec<_>) =
                    entries.into_iter().partition(|entry| entry.task.state == TaskState::Open);
                view! {
                    {lost}
                    {group(t::to_do(), open, now)}
                    {group(t::closed_title(), closed, now)}
                }
                .into_any()
            })}
        </WithScope>
    }
}

fn group(title: &'static str, entries: Vec<TaskEntry>, now: Millis) -> impl IntoView {
    (!entries.is_empty()).then(|| {
        let cards = entries
            .into_iter()
            .map(|entry| {
                let chips = chips(&entry, now);
                view! {
                    <li>
                        <a class="card record-card" href=Route::Task(entry.task.id).path()>
                            <icons::Picture icon=icons::LIST_CHECKS/>
                            <span class="record-card-text">
                                <span class="strong">{entry.task.title}</span>
                                <span class="row">{chips}</span>
                            </span>
                            <icons::Picture icon=icons::CHEVRON_RIGHT/>
                        </a>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="stack-tight">
                <h2 class="part-title">{title}</h2>
                <ul class="cards">{cards}</ul>
            </section>
        }
    })
}

/// How a task stands, in words.
fn chips(entry: &TaskEntry, now: Millis) -> impl IntoView + use<> {
    let task = &entry.task;
    let (tone, icon, words) = match task.state {
        TaskState::Open if task.is_overdue(now) => {
            (Tone::Danger, icons::CIRCLE_ALERT, t::due_words(task, now))
        }
        TaskState::Open => (Tone::Info, icons::CALENDAR, t::due_words(task, now)),
        TaskState::Done => (Tone::Good, icons::CIRCLE_CHECK, t::state(task.state).to_owned()),
        TaskState::Withdrawn => (Tone::Quiet, icons::UNDO_2, t::state(task.state).to_owned()),
    };
    let waits = entry
        .is_waiting
        .then(|| view! { <Chip tone=Tone::Warn icon=icons::CLOUD_UPLOAD words=t::waits()/> });
    view! { <Chip tone icon words/>{waits} }
}

/// What the screen of one task shows.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    entry: TaskEntry,
    now: Millis,
    area: String,
    holder: String,
    /// The record that it is about, if this phone holds it.
    about: Option<RecordId>,
    /// The record of the result, if this phone holds it.
    result: Option<RecordId>,
    /// Records that may be the result.
    offered: Vec<Answer>,
}

fn look(engine: &Engine, id: TaskId) -> Option<Seen> {
    let entry = engine.tasks().into_iter().find(|entry| entry.task.id == id)?;
    let now = engine.corrected(clock::now());
    let task = &entry.task;
    let of_team = task.team_id.and_then(|id| team(engine.scope()?, id));
    let here = |id: Option<RecordId>| id.filter(|id| engine.entry(*id).is_some());
    Some(Seen {
        area: area_name(engine, task.area_id),
        holder: of_team.map_or_else(
            || t::for_you().to_owned(),
            |team| format!("{} ({})", t::whole_team(), team.name),
        ),
        about: here(task.record_id),
        result: here(task.said.as_ref().and_then(|said| said.record_id)),
        offered: offered(engine, now),
        now,
        entry,
    })
}

/// The person's latest records that were sent or wait to be.
fn offered(engine: &Engine, now: Millis) -> Vec<Answer> {
    let entries = engine.entries().into_iter();
    entries
        .filter(|entry| !matches!(entry.stage, Stage::Draft | Stage::Withdrawn))
        .take(OFFERED)
        .map(|entry| {
            let words = format!(
                "{}, {}",
                domain::kind(&entry.kind),
                when::instant(entry.started_at, now)
            );
            Answer::new(entry.id.to_string(), words)
        })
        .collect()
}

/// One task.
#[component]
pub fn Task(id: TaskId) -> impl IntoView {
    let app = use_app();
    let seen = app.project(move |engine| look(engine, id));
    view! {
        <BackLink/>
        <WithScope>
            {live(move || match seen.get().flatten() {
                None => view! {
                    <h1>{t::title()}</h1>
                    <EmptyState icon=icons::LIST_CHECKS words=t::not_here()/>
                }
                .into_any(),
                Some(seen) => whole(seen).into_any(),
            })}
        </WithScope>
    }
}

fn whole(seen: Seen) -> impl IntoView {
    let Seen { entry, now, .. } = &seen;
    let task = &entry.task;
    let mut facts = vec![
        (t::due(), t::due_at(task, *now)),
        (t::to_whom(), seen.holder.clone()),
        (t::place(), place(task, &seen.area)),
    ];
    // While it is open the chip above says when it is due.
    let says_due = |name: &str| task.state == TaskState::Open && name == t::due();
    facts.retain(|(name, value)| !value.is_empty() && !says_due(name));
    let facts = facts
        .into_iter()
        .map(|(name, value)| view! { <Fact name>{value}</Fact> })
        .collect_view();
    let record = |id: Option<RecordId>, words: &'static str| {
        id.map(|id| view! { <a class="button button-wide" href=Route::Record(id).path()>{words}</a> })
    };
    let note = task
        .said
        .as_ref()
        .map(|said| said.note.clone())
        .unwrap_or_default();
    let said = t::said(task, *now);
    let words = task.words.clone();
    let overtaken = entry
        .overtaken
        .is_some()
        .then(|| view! { <Notice tone=Tone::Warn words=t::overtaken()/> });
    view! {
        <h1>{task.title.clone()}</h1>
        <div class="row">{chips(entry, *now)}</div>
        {overtaken}
        {(!words.is_empty()).then(|| view! { <p>{words}</p> })}
        <Facts>{facts}</Facts>
        <p class="soft small">{t::from(&task.by.name, when::instant(task.at, *now))}</p>
        {record(seen.about, t::open_record())}
        {(!said.is_empty()).then(|| view! { <p class="small">{said}</p> })}
        {(!note.is_empty()).then(|| view! { <p class="note">{note}</p> })}
        {record(seen.result, t::open_done_record())}
        <Say id=task.id state=task.state offered=seen.offered.clone()/>
    }
}

fn place(task: &Given, area: &str) -> String {
    match task.place.is_empty() {
        true => area.to_owned(),
        false => format!("{}, {area}", task.place),
    }
}

/// Done, with words and a record; or open again. What was withdrawn is no longer the person's to say anything about.
#[component]
fn Say(id: TaskId, state: TaskState, offered: Vec<Answer>) -> impl IntoView {
    let app = use_app();
    let (asking, note) = (RwSignal::new(false), RwSignal::new(String::new()));
    let record = RwSignal::new(String::new());
    let offered = StoredValue::new(offered);
    live(move || match (state, asking.get()) {
        (TaskState::Withdrawn, _) => ().into_any(),
        (TaskState::Done, _) => view! {
            <Button
                label=t::reopen()
                icon=icons::UNDO_2
                class="button-wide"
                on_press=move |_| tell(app, id, TaskStep::Reopen { note: String::new() }, t::reopened_said())
            />
        }
        .into_any(),
        (TaskState::Open, false) => view! {
            <Button
                label=t::mark_done()
                kind=ButtonKind::Primary
                icon=icons::CHECK
                class="button-wide button-large"
                on_press=move |_| asking.set(true)
            />
        }
        .into_any(),
        (TaskState::Open, true) => {
            let answers = offered.get_value();
            let choice = (!answers.is_empty()).then(|| {
                view! {
                    <Select
                        id="task-record"
                        label=t::with_record()
                        hint=t::with_record_hint()
                        answers=Signal::stored(answers)
                        value=record
                        on_input=move |text| record.set(text)
                        empty=t::without_record()
                        required=Required::No
                    />
                }
            });
            let confirm = move |_| {
                let step = TaskStep::Done {
                    note: note.get_untracked(),
                    record_id: record.get_untracked().parse().ok(),
                };
                tell(app, id, step, t::done_said());
            };
            view! {
                <TextArea
                    id="task-note"
                    label=t::note()
                    hint=t::note_hint()
                    value=note
                    on_input=move |text| note.set(text)
                    required=Required::No
                    rows=3
                />
                {choice}
                <Button
                    label=t::confirm_done()
                    kind=ButtonKind::Primary
                    icon=icons::CHECK
                    class="button-wide button-large"
                    on_press=confirm
                />
            }
            .into_any()
        }
    })
}

fn tell(app: App, task_id: TaskId, step: TaskStep, words: &'static str) {
    app.tell(Event::TaskStepped { task_id, step });
    app.say(words);
}
