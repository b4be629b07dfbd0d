//! Tasks: who has what to do by when; given, changed, taken back here. The address says which are shown.

mod form;

use super::api::{Api, Failed, is, use_api};
use super::known::{Known, use_known};
use super::load::{Loaded, load};
use super::now;
use super::stream::use_live;
use crate::icons;
use crate::ui::{
    Answer, Button, ButtonKind, Chip, Dialog, EmptyState, Required, Select, Table, ToastBox, Tone,
    open_while, use_toasts,
};
use crate::words::{desk as d, problem, tasks as t, when};
use form::{Begun, TaskForm};
use keng_shared::api::Page;
use keng_shared::id::{RecordId, TaskId, UserId};
use keng_shared::permission::Verb;
use keng_shared::problem::ProblemCode;
use keng_shared::task::{Task, TaskState, TaskStep};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

/// Which tasks are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Open,
    Overdue,
    Done,
    Withdrawn,
}

impl Shown {
    const ALL: [Self; 4] = [Self::Open, Self::Overdue, Self::Done, Self::Withdrawn];

    fn as_str(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            other => other.state().as_str(),
        }
    }

    /// The state that the server is asked for. What is overdue is the beginning of what is open.
    fn state(self) -> TaskState {
        match self {
            Self::Open | Self::Overdue => TaskState::Open,
            Self::Done => TaskState::Done,
            Self::Withdrawn => TaskState::Withdrawn,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Overdue => t::show_overdue(),
            other => t::state(other.state()),
        }
    }

    fn none(self) -> &'static str {
        match self {
            Self::Open => t::none_open(),
            Self::Overdue => t::none_overdue(),
            Self::Done => t::none_done(),
            Self::Withdrawn => t::none_withdrawn(),
        }
    }
}

/// The page.
#[component]
pub fn TasksPage() -> impl IntoView {
    let (api, known, live) = (use_api(), use_known(), use_live());
    let query = use_query_map();
    let shown = Memo::new(move |_| {
        let asked = query.with(|query| query.get("state"));
        let found = Shown::ALL
            .into_iter()
            .find(|shown| Some(shown.as_str()) == asked.as_deref());
        found.unwrap_or(Shown::Open)
    });
    let tasks = load(move || {
        let state = shown.get().state();
        // A task that somebody does on a phone changes here.
        live.changed.track();
        api.call(async move |client| client.tasks(None, state, None).await)
    });
    let may_give = api.may(Verb::GiveTasks);
    let only_own = api.me().filter(|_| !api.is_staff()).map(|me| me.id);
    let begun = RwSignal::new(None::<Begun>);
    // A page about a record leads here to give a task about it.
    let about = query.with_untracked(|query| query.get("about"));
    if let Some(record) = about
        .and_then(|id| id.parse::<RecordId>().ok())
        .filter(|_| may_give)
    {
        begun.set(Some(Begun::about(record)));
    }
    let open = open_while(begun);
    let go = StoredValue::new(use_navigate());
    let answers = Shown::ALL.map(|shown| Answer::new(shown.as_str(), shown.words()));
    let title = Signal::derive(move || {
        let is_new = begun.with(|begun| begun.as_ref().is_none_or(Begun::is_new));
        if is_new { t::give() } else { t::changing() }.to_owned()
    });
    view! {
        <div class="page stack">
            <div class="row-apart">
                <h1>{t::given_title()}</h1>
                {may_give.then(|| view! {
                    <Button
                        label=t::give()
                        kind=ButtonKind::Primary
                        icon=icons::PLUS
                        on_press=move |_| begun.set(Some(Begun::default()))
                    />
                })}
            </div>
            <div class="row">
                <Select
                    id="task-state"
                    label=t::which()
                    answers=Signal::stored(answers.to_vec())
                    value=Signal::derive(move || shown.get().as_str().to_owned())
                    on_input=move |state: String| {
                        let address = format!("/desk/tasks?state={state}");
                        go.with_value(|go| go(&address, NavigateOptions::default()));
                    }
                    required=Required::Shown
                />
            </div>
            {tasks.view(move |page| {
                let shown = shown.get_untracked();
                let more = tasks.more(move |after| {
                    let state = shown.state();
                    api.call(async move |client| client.tasks(None, state, Some(after.clone())).await)
                });
                let list = List { known, tasks, begun, may_give, only_own };
                view! { {table(page.items, shown, list)}{more} }
            })}
        </div>
        <Dialog open title>
            {move || begun.get().map(|begun| view! { <TaskForm begun open tasks/> })}
        </Dialog>
    }
}

/// What every row of the list needs.
#[derive(Clone, Copy)]
struct List {
    known: Known,
    tasks: Loaded<Page<Task>>,
    begun: RwSignal<Option<Begun>>,
    may_give: bool,
    /// The person, unless staff, who may change every task.
    only_own: Option<UserId>,
}

impl List {
    /// Whether the person may change the task and take it back.
    fn is_givers(self, task: &Task) -> bool {
        self.only_own.is_none_or(|me| task.by.id == me)
    }
}

fn table(mut found: Vec<Task>, shown: Shown, list: List) -> AnyView {
    if shown == Shown::Overdue {
        found.retain(|task| task.is_overdue(now()));
    }
    if found.is_empty() {
        return view! { <EmptyState icon=icons::LIST_CHECKS words=shown.none()/> }.into_any();
    }
    let rows = found
        .into_iter()
        .map(|task| view! { <Row task list/> })
        .collect_view();
    let columns = [t::task(), t::to_whom(), t::due(), d::state(), d::actions()].map(str::to_owned);
    view! { <Table caption=t::given_title() columns=columns.to_vec()>{rows}</Table> }.into_any()
}

#[component]
fn Row(task: Task, list: List) -> impl IntoView {
    let (known, at) = (list.known, now());
    let (tone, icon) = match task.state {
        TaskState::Open if task.is_overdue(at) => (Tone::Danger, icons::CIRCLE_ALERT),
        TaskState::Open => (Tone::Info, icons::HOURGLASS),
        TaskState::Done => (Tone::Good, icons::CIRCLE_CHECK),
        TaskState::Withdrawn => (Tone::Quiet, icons::UNDO_2),
    };
    let word = match task.is_overdue(at) {
        true => t::show_overdue(),
        false => t::state(task.state),
    };
    let small = |text: String| (!text.is_empty()).then(|| view! { <p class="small soft">{text}</p> });
    let record = |id: Option<RecordId>, words: &'static str| {
        id.map(|id| view! { <p class="small"><a href=format!("/desk/review/{id}")>{words}</a></p> })
    };
    let note = task
        .said
        .as_ref()
        .map(|said| said.note.clone())
        .unwrap_or_default();
    let result = task.said.as_ref().and_then(|said| said.record_id);
    let (team, person) = (
        task.team_id,
        task.person.as_ref().map(|person| person.name.clone()),
    );
    let holder = move || match (&person, team) {
        (Some(name), _) => name.clone(),
        (None, Some(team)) => known.team(team),
        (None, None) => String::new(),
    };
    let area = task.area_id;
    let place = match task.place.is_empty() {
        true => String::new(),
        false => format!("{}, ", task.place),
    };
    view! {
        <tr>
            <th scope="row" class="task-name">
                {task.title.clone()}
                {small(task.words.clone())}
                {record(task.record_id, t::open_record())}
            </th>
            <td>
                {holder}
                <p class="small soft">{place}{move || known.area(area)}</p>
                {small(t::from(&task.by.name, when::instant(task.at, at)))}
            </td>
            <td>{t::due_at(&task, at)}</td>
            <td>
                <Chip tone icon words=word/>
                {small(t::said(&task, at))}
                {small(note)}
                {record(result, t::open_done_record())}
            </td>
            <td>{list.may_give.then(|| view! { <Ways task list/> })}</td>
        </tr>
    }
}

/// Done, changed, taken back; or open again.
#[component]
fn Ways(task: Task, list: List) -> impl IntoView {
    let act = Act::on(list.tasks);
    let (id, revision) = (task.id, task.revision);
    let about = task.title.clone();
    let named = move |words: &str| format!("{words}: {about}");
    let note = String::new;
    if task.state == TaskState::Withdrawn && !list.is_givers(&task) {
        return ().into_any();
    }
    if task.state != TaskState::Open {
        return view! {
            <Button
                label=t::reopen()
                name=named(t::reopen())
                icon=icons::UNDO_2
                on_press=move |_| act.step(id, revision, TaskStep::Reopen { note: note() })
            />
        }
        .into_any();
    }
    let (begun, is_givers, changed) = (list.begun, list.is_givers(&task), task);
    let givers = is_givers.then(|| {
        view! {
            <Button
                label=t::change()
                name=named(t::change())
                kind=ButtonKind::Quiet
                icon=icons::PENCIL
                on_press=move |_| begun.set(Some(Begun::change(&changed)))
            />
            <Button
                label=t::withdraw()
                name=named(t::withdraw())
                kind=ButtonKind::Quiet
                icon=icons::TRASH_2
                on_press=move |_| act.step(id, revision, TaskStep::Withdraw { note: note() })
            />
        }
    });
    view! {
        <div class="row">
            <Button
                label=t::mark_done()
                name=named(t::mark_done())
                icon=icons::CHECK
                on_press=move |_| act.step(id, revision, TaskStep::Done { note: note(), record_id: None })
            />
            {givers}
        </div>
    }
    .into_any()
}

/// Steps from the list, each but the opening with its undo.
#[derive(Clone, Copy)]
struct Act {
    api: Api,
    toasts: ToastBox,
    tasks: Loaded<Page<Task>>,
}

impl Act {
    fn on(tasks: Loaded<Page<Task>>) -> Self {
        Self {
            api: use_api(),
            toasts: use_toasts(),
            tasks,
        }
    }

    fn step(self, id: TaskId, revision: u32, step: TaskStep) {
        spawn_local(async move {
            let answer = self
                .api
                .call(async |client| client.step_task(id, revision, &step).await)
                .await;
            match answer {
                Ok(_) if step.target() == TaskState::Open => drop(self.toasts.say(t::reopened_said())),
                Ok(task) => {
                    let words = match step.target() {
                        TaskState::Done => t::done_said(),
                        _ => t::withdrawn_said(),
                    };
                    let undo = Callback::new(move |()| {
                        self.step(id, task.revision, TaskStep::Reopen { note: String::new() });
                    });
                    self.toasts.say_with_undo(words, undo);
                }
                Err(error) => drop(self.toasts.say(refusal(&error))),
            }
            self.tasks.again();
        });
    }
}

/// Why something was not done; what somebody else did meanwhile is shown by asking again.
fn refusal(error: &Failed) -> String {
    let is_overtaken = is(error, ProblemCode::RevisionMismatch) || is(error, ProblemCode::StateConflict);
    match is_overtaken {
        true => t::conflict().to_owned(),
        false => problem::call(error),
    }
}
