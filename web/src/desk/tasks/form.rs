//! The form of a task: a new one, or one that is changed.

use super::refusal;
use crate::desk::api::{FormErrors, fields, use_api};
use crate::desk::known::{AreaChoice, Known, number, use_known};
use crate::desk::load::Loaded;
use crate::desk::today;
use crate::shell::clock;
use crate::ui::{
    Answer, Button, ButtonKind, DateInput, DialogActions, Notice, Required, Select, Submits, TextArea,
    TextInput, TimeInput, Tone, use_toasts,
};
use crate::words::{desk as d, interface as w, tasks as t, when};
use keng_shared::api::Page;
use keng_shared::id::{AreaId, RecordId, TaskId, TeamId, UserId};
use keng_shared::problem::{FieldCode, FieldError};
use keng_shared::task::{NewTask, Task, end_of_day};
use keng_shared::time::{LocalDate, Millis, start_of_day};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What the form begins with.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Begun {
    title: String,
    words: String,
    place: String,
    area: Option<AreaId>,
    record: Option<RecordId>,
    due_at: Option<Millis>,
    /// `team:4` or `user:<id>`.
    holder: String,
    /// A person who has it and may be in no team that is known here.
    person: Option<(UserId, String)>,
    /// The task that is changed, with its revision.
    changes: Option<(TaskId, u32)>,
}

impl Begun {
    /// A new one about a record.
    pub fn about(record: RecordId) -> Self {
        Self {
            record: Some(record),
            ..Self::default()
        }
    }

    /// A task as it is, to change it.
    pub fn change(task: &Task) -> Self {
        let person = task.person.as_ref();
        Self {
            title: task.title.clone(),
            words: task.words.clone(),
            place: task.place.clone(),
            area: Some(task.area_id),
            record: task.record_id,
            due_at: Some(task.due_at),
            holder: match (task.team_id, person) {
                (Some(team), _) => format!("team:{team}"),
                (None, Some(person)) => format!("user:{}", person.id),
                (None, None) => String::new(),
            },
            person: person.map(|person| (person.id, person.name.clone())),
            changes: Some((task.id, task.revision)),
        }
    }

    /// Whether it is a new one.
    pub fn is_new(&self) -> bool {
        self.changes.is_none()
    }
}

/// The form.
#[component]
pub fn TaskForm(begun: Begun, open: RwSignal<bool>, tasks: Loaded<Page<Task>>) -> impl IntoView {
    let (api, known, toasts) = (use_api(), use_known(), use_toasts());
    let (title, words) = (RwSignal::new(begun.title), RwSignal::new(begun.words));
    let place = RwSignal::new(begun.place);
    let area = RwSignal::new(begun.area.map(|area| area.to_string()).unwrap_or_default());
    let (day, time) = first_due(begun.due_at);
    let (day, time) = (RwSignal::new(day), RwSignal::new(time));
    let holder = RwSignal::new(begun.holder);
    let (person, record, changes) = (begun.person, begun.record, begun.changes);
    let errors = FormErrors::new();
    let overtaken = RwSignal::new(String::new());
    // Pressing twice, or again after a lost answer, gives one task.
    let id = changes.map_or_else(|| TaskId(clock::new_id()), |(id, _)| id);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        overtaken.set(String::new());
        let Some(due_at) = due(&day.get_untracked(), &time.get_untracked()) else {
            return errors.show_fields(vec![FieldError::new("due_at", FieldCode::Required)]);
        };
        let (team_id, user_id) = chosen(&holder.get_untracked());
        let body = NewTask {
            id,
            area_id: number(&area.get_untracked()).map(AreaId),
            title: title.get_untracked(),
            words: words.get_untracked(),
            place: place.get_untracked(),
            record_id: record,
            due_at,
            team_id,
            user_id,
        };
        spawn_local(async move {
            let answer = api
                .call(async |client| match changes {
                    None => client.create_task(&body).await,
                    Some((_, revision)) => client.edit_task(revision, &body).await,
                })
                .await;
            match answer {
                Ok(_) => {
                    toasts.say(if changes.is_none() { t::given() } else { t::saved() });
                    tasks.again();
                    open.try_set(false);
                }
                Err(error) if fields(&error).is_empty() => {
                    overtaken.try_set(refusal(&error));
                    tasks.again();
                }
                Err(error) => errors.show(&error),
            }
        });
    };
    let holders = Signal::derive(move || known.holder_answers(person.as_ref()));
    let about = record.map(|id| {
        view! { <p><a href=format!("/desk/review/{id}")>{t::about_record()}</a></p> }
    });
    view! {
        <form class="stack" on:submit=submit>
            {move || {
                let words = overtaken.get();
                (!words.is_empty()).then(|| view! { <Notice tone=Tone::Warn words/> })
            }}
            {errors.notice()}
            <TextInput
                id="task-title"
                label=t::what()
                value=title
                on_input=move |text| title.set(text)
                error=errors.of("title")
            />
            <Select
                id="task-holder"
                label=t::to_whom()
                answers=holders
                value=holder
                on_input=move |text| holder.set(text)
                empty=t::choose_one()
                error=Signal::derive(move || {
                    let of_person = errors.of("user_id").get();
                    if of_person.is_empty() { errors.of("team_id").get() } else { of_person }
                })
            />
            <div class="row">
                <DateInput
                    id="task-due-day"
                    label=t::due_day()
                    hint=t::due_day_hint()
                    value=day
                    on_input=move |text| day.set(text)
                    error=errors.of("due_at")
                />
                <TimeInput
                    id="task-due-time"
                    label=t::due_time()
                    hint=t::due_time_hint()
                    value=time
                    on_input=move |text| time.set(text)
                    required=Required::No
                />
            </div>
            <TextInput
                id="task-place"
                label=t::place()
                value=place
                on_input=move |text| place.set(text)
                error=errors.of("place")
                required=Required::No
            />
            <Select
                id="task-area"
                label=d::area()
                answers=Signal::derive(move || known.area_answers(AreaChoice::Working))
                value=area
                on_input=move |text| area.set(text)
                empty=t::area_of_holder()
                error=errors.of("area_id")
                required=Required::No
            />
            <TextArea
                id="task-words"
                label=t::more()
                value=words
                on_input=move |text| words.set(text)
                error=errors.of("words")
                required=Required::No
                rows=3
            />
            {about}
            <DialogActions open>
                <Button
                    label=if changes.is_none() { t::give() } else { w::save() }
                    kind=ButtonKind::Primary
                    submits=Submits::Form
                />
            </DialogActions>
        </form>
    }
}

/// Who was chosen; nobody is refused by the server like everywhere.
fn chosen(value: &str) -> (Option<TeamId>, Option<UserId>) {
    match value.split_once(':') {
        Some(("team", id)) => (number(id).map(TeamId), None),
        Some((_, id)) => (None, id.parse().ok()),
        None => (None, None),
    }
}

/// The day, and the time unless only the day was meant; today to begin with.
fn first_due(due_at: Option<Millis>) -> (String, String) {
    let Some(at) = due_at else {
        return (when::input_date(today()), String::new());
    };
    let day: LocalDate = at.local_date().unwrap_or_else(today);
    let time = match end_of_day(start_of_day(day)) == at {
        true => String::new(),
        false => when::time(at),
    };
    (when::input_date(day), time)
}

/// When it is due: without a time, by the end of the day.
fn due(day: &str, time: &str) -> Option<Millis> {
    match time.is_empty() {
        true => Some(end_of_day(start_of_day(day.parse().ok()?))),
        false => when::parse_instant(&format!("{day}T{time}")),
    }
}

impl Known {
    /// Teams, each followed by its members, to give something to. Somebody in two teams stands once.
    fn holder_answers(self, also: Option<&(UserId, String)>) -> Vec<Answer> {
        let mut answers: Vec<Answer> = Vec::new();
        for team in self.team_answers() {
            let members = number(&team.value).map(|id| self.member_answers(TeamId(id)));
            answers.push(Answer::new(format!("team:{}", team.value), team.words));
            for person in members.into_iter().flatten() {
                let value = format!("user:{}", person.value);
                if !answers.iter().any(|answer| answer.value == value) {
                    answers.push(Answer::new(value, format!("– {}", person.words)));
                }
            }
        }
        if let Some((id, name)) = also {
            let value = format!("user:{id}");
            if !answers.iter().any(|answer| answer.value == value) {
                answers.push(Answer::new(value, name.clone()));
            }
        }
        answers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_without_a_time_is_due_by_its_end_and_comes_back_as_a_day() {
        let at = due("2026-11-23", "").unwrap();
        assert_eq!(first_due(Some(at)), ("2026-11-23".to_owned(), String::new()));
        let at = due("2026-11-23", "17:30").unwrap();
        assert_eq!(first_due(Some(at)), ("2026-11-23".to_owned(), "17:30".to_owned()));
        assert_eq!(due("", ""), None);
    }

    #[test]
    fn a_team_or_a_person_is_chosen() {
        let id = uuid::Uuid::from_u128(3);
        assert_eq!(chosen("team:4"), (Some(TeamId(4)), None));
        assert_eq!(chosen(&format!("user:{id}")), (None, Some(UserId(id))));
        assert_eq!(chosen(""), (None, None));
    }
}
