//! Questions for footage of one's own cameras. They are answered over the network, at once: the officer waits, and an
//! answer that lies on a phone helps nobody. Without a network the words stay and the screen says so.

use crate::field::app::use_app;
use crate::icons;
use crate::ui::live;
use crate::ui::{Button, ButtonKind, Chip, DateInput, Notice, Required, Skeleton, TextInput, Tone};
use crate::words::{domain, incidents as n, problem, when};
use keng_shared::api::{FootageAnswer, MyFootageTask};
use keng_shared::camera::FootageState;
use keng_shared::client::CallError;
use keng_shared::time::Millis;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The clip is kept a month unless the person says otherwise.
const USUAL_KEEPING_MS: i64 = 30 * 86_400_000;

/// What came of asking.
#[derive(Clone)]
enum Asked {
    Waiting,
    Here(Vec<MyFootageTask>),
    Offline,
}

/// The questions.
#[component]
pub fn Tasks() -> impl IntoView {
    let app = use_app();
    let asked = RwSignal::new(Asked::Waiting);
    let ask = move || {
        spawn_local(async move {
            let answer = app.call(async |client| client.my_footage_tasks().await).await;
            asked.try_set(answer.map_or(Asked::Offline, Asked::Here));
        });
    };
    ask();
    let again = Callback::new(move |()| ask());
    view! {
        <section class="stack">
            <h2 class="part-title">{n::footage_tasks()}</h2>
            {live(move || match asked.get() {
                Asked::Waiting => view! { <Skeleton/> }.into_any(),
                Asked::Offline => {
                    view! { <Notice tone=Tone::Warn words=n::footage_tasks_offline()/> }.into_any()
                }
                Asked::Here(tasks) if tasks.is_empty() => {
                    view! { <p class="soft">{n::footage_tasks_none()}</p> }.into_any()
                }
                Asked::Here(tasks) => tasks
                    .into_iter()
                    .map(|task| view! { <Task task again/> })
                    .collect_view()
                    .into_any(),
            })}
        </section>
    }
}

#[component]
fn Task(task: MyFootageTask, again: Callback<()>) -> impl IntoView {
    let app = use_app();
    let now = app.now.get_untracked();
    let waits = task.task.state == FootageState::Asked;
    let span = n::footage_span(when::full(task.from), when::full(task.to));
    let words = task.request_words.clone();
    let late = task.task.overwritten_at < now;
    let hand = task
        .task
        .custody
        .first()
        .map(|hand| format!("{}: {}", n::custody(), hand.holder));
    let tone = if waits { Tone::Warn } else { Tone::Good };
    let left = waits.then(|| {
        let tone = if late { Tone::Danger } else { Tone::Warn };
        view! {
            <Chip tone icon=icons::TIMER words=n::overwritten_words(task.task.overwritten_at, now)/>
        }
    });
    view! {
        <article class="card stack-tight">
            <p class="strong">{task.task.camera_name.clone()}</p>
            <p>{span}</p>
            {(!words.is_empty()).then(|| view! { <p class="note">{words}</p> })}
            <div class="row">
                <Chip tone words=domain::footage_state(task.task.state)/>
                {left}
            </div>
            {hand.map(|hand| view! { <p class="small">{hand}</p> })}
            {waits.then(|| view! { <AnswerForm task again now/> })}
        </article>
    }
}

/// Three large answers; the one that keeps the clip asks who has it.
#[component]
fn AnswerForm(task: MyFootageTask, again: Callback<()>, now: Millis) -> impl IntoView {
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
    let (keeping, failed) = (RwSignal::new(false), RwSignal::new(String::new()));
    let (id, revision) = (task.task.id, task.task.revision);
    let send = move |state: FootageState| {
        failed.set(String::new());
        let body = FootageAnswer {
            state,
            words: String::new(),
            holder: holder.get_untracked(),
            place: String::new(),
            until: until.get_untracked().parse().ok(),
        };
        spawn_local(async move {
            match app
                .call(async |client| client.answer_footage(id, revision, &body).await)
                .await
            {
                Ok(_) => {
                    app.say(n::footage_answered());
                    again.run(());
                }
                Err(CallError::Transport(_)) => drop(failed.try_set(n::footage_not_sent().to_owned())),
                Err(error) => drop(failed.try_set(problem::call(&error))),
            }
        });
    };
    let button = move |state: FootageState| {
        view! { <Button label=n::footage_button(state) class="button-wide" on_press=move |_| send(state)/> }
    };
    view! {
        {live(move || {
            let words = failed.get();
            (!words.is_empty()).then(|| view! { <Notice tone=Tone::Warn words/> })
        })}
        {live(move || match keeping.get() {
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
                    on_input=move |text| holder.set(text)
                />
                <DateInput
                    id=format!("until-{id}")
                    label=n::custody_until()
                    value=until
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
        })}
    }
}
