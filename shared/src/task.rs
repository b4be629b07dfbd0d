//! Tasks: something that a person or a team shall have done by a time.
//!
//! Whoever gives tasks in an area gives one; whoever has it says that it is done, on the phone without a network too.
//! The first who has done it has done it: saying what is so already changes nothing. A task that is done or withdrawn can
//! be opened again, so nothing is lost by a slip.

use crate::id::{AreaId, RecordId, TaskId, TeamId, UserId};
use crate::json::{FromJson, ToJson};
use crate::problem::{FieldCode, FieldError};
use crate::record::PersonName;
use crate::text;
use crate::time::{Millis, start_of_day};
use serde::{Deserialize, Serialize};

/// Longest title, in characters.
pub const MAX_TITLE: usize = 120;
/// Longest words under the title, in characters.
pub const MAX_WORDS: usize = 1_000;
/// Longest words for the place, in characters.
pub const MAX_PLACE: usize = 200;
/// Longest words with a step, in characters.
pub const MAX_NOTE: usize = 500;
/// A task is due within a year.
pub const MAX_AHEAD_MS: i64 = 366 * DAY_MS;
/// How long a phone keeps a task that is done or withdrawn: 14 days.
pub const KEPT_MS: i64 = 14 * DAY_MS;

const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;

/// A task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Task {
    /// The task.
    pub id: TaskId,
    /// Where it belongs.
    pub area_id: AreaId,
    /// What is to be done, in a line.
    pub title: String,
    /// More words; may be empty.
    pub words: String,
    /// Where, in words; may be empty.
    pub place: String,
    /// A record that it is about.
    pub record_id: Option<RecordId>,
    /// The last instant at which it is in time. The last minute of a day means the day, see [`Task::due_by_day`].
    pub due_at: Millis,
    /// The team that has it, unless a person has.
    pub team_id: Option<TeamId>,
    /// The person who has it, unless a team has.
    pub person: Option<PersonName>,
    /// Who gave it.
    pub by: PersonName,
    /// When it was given, by the server's clock.
    pub at: Millis,
    /// Where it stands.
    pub state: TaskState,
    /// Who brought it there and when; none while nobody has said anything.
    pub said: Option<TaskSaid>,
    /// Counts its changes, for `If-Match`.
    pub revision: u32,
}

/// Where a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// To be done.
    Open,
    /// Somebody has done it.
    Done,
    /// Whoever gives tasks there has taken it back.
    Withdrawn,
}

/// What was said about a task last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskSaid {
    /// By whom.
    pub by: PersonName,
    /// When, as the phone said, by the server's clock.
    pub at: Millis,
    /// In words; may be empty.
    pub note: String,
    /// The record of what was done. It is the word of who did it: reading it takes the right to read it.
    pub record_id: Option<RecordId>,
}

/// What a person says about a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "type", deny_unknown_fields)]
pub enum TaskStep {
    /// It is done.
    Done {
        /// In words, at most [`MAX_NOTE`] characters; may be empty.
        #[serde(default)]
        note: String,
        /// The record of what was done.
        #[serde(default)]
        record_id: Option<RecordId>,
    },
    /// It is to be done after all.
    Reopen {
        /// In words.
        #[serde(default)]
        note: String,
    },
    /// It is taken back.
    Withdraw {
        /// In words.
        #[serde(default)]
        note: String,
    },
}

/// Body of `POST /tasks` and `PUT /tasks/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewTask {
    /// Made by who gives it: the same again gives the same answer.
    pub id: TaskId,
    /// Where it belongs; if missing, where the team or the person works.
    #[serde(default)]
    pub area_id: Option<AreaId>,
    /// What is to be done, 1 to [`MAX_TITLE`] characters.
    pub title: String,
    /// More words, at most [`MAX_WORDS`] characters.
    #[serde(default)]
    pub words: String,
    /// Where, at most [`MAX_PLACE`] characters.
    #[serde(default)]
    pub place: String,
    /// A record that it is about.
    #[serde(default)]
    pub record_id: Option<RecordId>,
    /// The last instant at which it is in time: later than now, at most [`MAX_AHEAD_MS`] ahead.
    pub due_at: Millis,
    /// The team that gets it; either this or `user_id`.
    #[serde(default)]
    pub team_id: Option<TeamId>,
    /// The person who gets it; either this or `team_id`.
    #[serde(default)]
    pub user_id: Option<UserId>,
}

/// What a step does to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// It is so already.
    Nothing,
    /// It takes the task into this state.
    To(TaskState),
    /// The task has gone another way meanwhile.
    Impossible,
}

impl Task {
    /// Whether it should have been done before `now`.
    pub fn is_overdue(&self, now: Millis) -> bool {
        self.state == TaskState::Open && self.due_at < now
    }

    /// Whether only the day of [`Task::due_at`] was meant.
    pub fn due_by_day(&self) -> bool {
        let day = self.due_at.local_date();
        day.is_some_and(|day| end_of_day(start_of_day(day)) == self.due_at)
    }
}

/// The last minute of the day that begins at `start`: what is due at a day is due then.
pub fn end_of_day(start: Millis) -> Millis {
    start.plus(DAY_MS - MINUTE_MS)
}

impl TaskState {
    /// The wire form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state with this wire form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Open, Self::Done, Self::Withdrawn]
            .into_iter()
            .find(|state| state.as_str() == text)
    }

    /// What a step does to a task in this state.
    pub fn step(self, step: &TaskStep) -> Move {
        let target = step.target();
        match (self, target) {
            (from, to) if from == to => Move::Nothing,
            // What is done is not taken back, and what was taken back is not done: open it again first.
            (Self::Done, Self::Withdrawn) | (Self::Withdrawn, Self::Done) => Move::Impossible,
            (_, to) => Move::To(to),
        }
    }
}

impl TaskStep {
    /// Where it leads.
    pub fn target(&self) -> TaskState {
        match self {
            Self::Done { .. } => TaskState::Done,
            Self::Reopen { .. } => TaskState::Open,
            Self::Withdraw { .. } => TaskState::Withdrawn,
        }
    }

    /// Its words.
    pub fn note(&self) -> &str {
        match self {
            Self::Done { note, .. } | Self::Reopen { note } | Self::Withdraw { note } => note,
        }
    }

    /// The record of what was done.
    pub fn record_id(&self) -> Option<RecordId> {
        match self {
            Self::Done { record_id, .. } => *record_id,
            _ => None,
        }
    }

    /// The step with its words cleaned.
    pub fn parse(mut self) -> Result<Self, FieldError> {
        let note = match &mut self {
            Self::Done { note, .. } | Self::Reopen { note } | Self::Withdraw { note } => note,
        };
        *note = text::clean(note);
        match note.chars().count() > MAX_NOTE {
            true => Err(FieldError::new("note", FieldCode::TooLong).with("max", MAX_NOTE)),
            false => Ok(self),
        }
    }
}

impl NewTask {
    /// The task with its texts cleaned. `due_before` is when it was due until now, if it is changed: an overdue task may
    /// stay so, but none is given for a time that is over.
    pub fn parse(self, now: Millis, due_before: Option<Millis>) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let texts = [&self.title, &self.words, &self.place].map(|text| text::clean(text));
        if texts.first().is_some_and(String::is_empty) {
            errors.push(FieldError::new("title", FieldCode::Required));
        }
        let limits = [("title", MAX_TITLE), ("words", MAX_WORDS), ("place", MAX_PLACE)];
        for ((field, max), text) in limits.into_iter().zip(&texts) {
            if text.chars().count() > max {
                errors.push(FieldError::new(field, FieldCode::TooLong).with("max", max));
            }
        }
        if self.due_at <= now && due_before != Some(self.due_at) {
            errors.push(FieldError::new("due_at", FieldCode::TooEarly));
        } else if self.due_at > now.plus(MAX_AHEAD_MS) {
            errors.push(FieldError::new("due_at", FieldCode::InFuture));
        }
        if self.team_id.is_some() == self.user_id.is_some() {
            errors.push(FieldError::new("team_id", FieldCode::Required));
        }
        let [title, words, place] = texts;
        match errors.is_empty() {
            true => Ok(Self {
                title,
                words,
                place,
                ..self
            }),
            false => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const NOW: Millis = Millis(1_800_000_000_000);

    fn new_task() -> NewTask {
        NewTask {
            id: TaskId(Uuid::from_u128(1)),
            area_id: None,
            title: "  Thay bóng đèn ".into(),
            words: String::new(),
            place: String::new(),
            record_id: None,
            due_at: NOW.plus(1),
            team_id: Some(TeamId(1)),
            user_id: None,
        }
    }

    fn wrong(task: NewTask) -> Vec<(String, FieldCode)> {
        let errors = task.parse(NOW, None).err().unwrap_or_default();
        errors
            .into_iter()
            .map(|error| (error.field, error.code))
            .collect()
    }

    #[test]
    fn a_task_due_soon_is_fine_and_its_title_is_cleaned() {
        assert_eq!(new_task().parse(NOW, None).unwrap().title, "Thay bóng đèn");
    }

    #[test]
    fn a_task_without_title_out_of_time_or_for_nobody_is_refused() {
        let empty = NewTask {
            title: "  ".into(),
            ..new_task()
        };
        assert_eq!(wrong(empty), [("title".into(), FieldCode::Required)]);
        let far = NOW.plus(MAX_AHEAD_MS + 1);
        for (due_at, code) in [(NOW, FieldCode::TooEarly), (far, FieldCode::InFuture)] {
            let task = NewTask { due_at, ..new_task() };
            assert_eq!(wrong(task), [("due_at".into(), code)]);
        }
        let both = NewTask {
            user_id: Some(UserId(Uuid::nil())),
            ..new_task()
        };
        let nobody = NewTask {
            team_id: None,
            ..new_task()
        };
        for task in [both, nobody] {
            assert_eq!(wrong(task), [("team_id".into(), FieldCode::Required)]);
        }
        let long = NewTask {
            place: "x".repeat(MAX_PLACE + 1),
            ..new_task()
        };
        assert_eq!(wrong(long), [("place".into(), FieldCode::TooLong)]);
    }

    #[test]
    fn an_overdue_task_is_changed_without_a_new_time() {
        let late = NewTask {
            due_at: NOW.plus(-5),
            ..new_task()
        };
        assert!(late.clone().parse(NOW, Some(late.due_at)).is_ok());
        assert!(late.parse(NOW, Some(NOW.plus(-6))).is_err());
    }

    #[test]
    fn steps_lead_where_they_say_and_a_withdrawn_task_is_not_done() {
        use TaskState::*;
        let done = TaskStep::Done {
            note: String::new(),
            record_id: None,
        };
        let note = String::new;
        let (reopen, withdraw) = (
            TaskStep::Reopen { note: note() },
            TaskStep::Withdraw { note: note() },
        );
        let table = [
            (Open, &done, Move::To(Done)),
            (Open, &reopen, Move::Nothing),
            (Open, &withdraw, Move::To(Withdrawn)),
            (Done, &done, Move::Nothing),
            (Done, &reopen, Move::To(Open)),
            (Done, &withdraw, Move::Impossible),
            (Withdrawn, &done, Move::Impossible),
            (Withdrawn, &reopen, Move::To(Open)),
            (Withdrawn, &withdraw, Move::Nothing),
        ];
        for (state, step, expected) in table {
            assert_eq!(state.step(step), expected, "{state:?} {step:?}");
        }
    }

    #[test]
    fn the_last_minute_of_a_day_means_the_day() {
        let day = "2026-11-23".parse().unwrap();
        let mut task: Task = serde_json::from_value(serde_json::json!({
            "id": Uuid::nil(), "area_id": 1, "title": "x", "words": "", "place": "", "record_id": null,
            "due_at": end_of_day(start_of_day(day)), "team_id": 1, "person": null,
            "by": {"id": Uuid::nil(), "name": "A"}, "at": 0, "state": "open", "said": null, "revision": 1,
        }))
        .unwrap();
        assert!(task.due_by_day());
        task.due_at = task.due_at.plus(-MINUTE_MS);
        assert!(!task.due_by_day());
    }
}
