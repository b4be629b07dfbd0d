//! A question for footage is answered: by the keeper of the camera, from a phone that may have been away for days, or at the
//! desk by an officer who has called the holder.
//!
//! Invariant: an answer that came first is never overwritten by one that had not seen it.

use super::{Actor, Operation};
use crate::auth::Caller;
use crate::db::footage::{self, StoredRequest, StoredTask};
use crate::db::operations::Done;
use crate::db::{Conn, DbError, inbox};
use keng_shared::api::FootageAnswer;
use keng_shared::camera::FootageState;
use keng_shared::id::{AreaId, FootageTaskId, UserId};
use keng_shared::inbox::News;
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::text;
use keng_shared::time::Millis;
use serde_json::json;

/// Longest words, holder and place of custody, in characters.
pub const MAX_WORDS: usize = 500;
const MAX_HOLDER: usize = 100;
const MAX_PLACE: usize = 200;

/// Which questions the caller may answer: those for the own cameras, and for all where the caller keeps the registry.
#[derive(Debug, Clone)]
struct Answers {
    actor: Actor,
    /// Sorted.
    areas: Vec<AreaId>,
}

impl Answers {
    /// Those of a caller.
    fn of(caller: &Caller) -> Self {
        Self {
            actor: super::permit::actor(caller),
            areas: caller.areas(Verb::ManageCameras),
        }
    }

    fn may(&self, task: &StoredTask, request: &StoredRequest) -> bool {
        let is_keeper = task.keeper_id == Some(self.actor.user.to_string());
        is_keeper || self.areas.binary_search(&AreaId(request.area_id)).is_ok()
    }
}

/// An answer whose words have been checked.
pub struct AnswerFootage {
    answers: Answers,
    task: FootageTaskId,
    /// The revision that the person saw.
    seen: u32,
    /// When the person said so.
    at: Millis,
    answer: FootageAnswer,
    operation: Option<Operation>,
}

impl AnswerFootage {
    /// What the caller says of a task, as it was at this revision.
    pub fn said(
        caller: &Caller,
        task: FootageTaskId,
        seen: u32,
        answer: FootageAnswer,
        at: Millis,
    ) -> Result<Self, Vec<FieldError>> {
        Ok(Self {
            answers: Answers::of(caller),
            task,
            seen,
            at,
            answer: checked(answer)?,
            operation: None,
        })
    }

    /// As an operation of a phone.
    pub fn once(self, operation: Operation) -> Self {
        Self {
            operation: Some(operation),
            ..self
        }
    }

    /// The write job; says where the question was asked. One that is not the caller's business is as good as missing.
    pub fn run(&self, conn: &mut Conn) -> Result<AreaId, DbError> {
        let (task, request) = self.lock(conn, ProblemCode::NotFound)?;
        self.write(conn, &task, &request)?;
        Ok(AreaId(request.area_id))
    }

    /// The write job of an operation of a phone. What is not the caller's business any more is gone: nothing will bring it.
    pub fn run_once(&self, conn: &mut Conn) -> Result<Done, DbError> {
        let actor = &self.answers.actor;
        if let Some(operation) = &self.operation
            && let Some(done) = operation.find(conn, actor)?
        {
            return Ok(done);
        }
        let (task, request) = self.lock(conn, ProblemCode::Gone)?;
        let done = self.write(conn, &task, &request)?;
        if let Some(operation) = &self.operation {
            operation.remember(conn, actor, &done)?;
        }
        Ok(done)
    }

    fn lock(&self, conn: &mut Conn, missing: ProblemCode) -> Result<(StoredTask, StoredRequest), DbError> {
        let found = footage::lock_task(conn, self.task)?;
        let found = found.filter(|(task, request)| self.answers.may(task, request));
        Ok(found.ok_or(missing)?)
    }

    fn write(&self, conn: &mut Conn, task: &StoredTask, request: &StoredRequest) -> Result<Done, DbError> {
        let (actor, answer) = (&self.answers.actor, &self.answer);
        let revision = DbError::unless(u32::try_from(task.revision).ok(), "footage_task.revision")?;
        if revision != self.seen {
            let stored = serde_json::to_value(footage::task_view(conn, self.task)?).ok();
            let problem = Problem::new(ProblemCode::RevisionMismatch).with("revision", revision);
            return Err(problem
                .with_stored(DbError::unless(stored, "footage_task")?)
                .into());
        }
        // A phone's clock may say anything; nobody answers before the question or after now.
        let at = self.at.max(Millis(request.at)).min(actor.now);
        let first = at.local_date().unwrap_or_default();
        if answer.until.is_some_and(|until| until < first) {
            let error = FieldError::new("until", FieldCode::TooEarly).with("min", first);
            return Err(Problem::fields(vec![error]).into());
        }
        footage::answer(conn, task, answer, actor.user, at)?;
        let by: UserId = DbError::unless(request.by_id.parse().ok(), "footage_request.by_id")?;
        let news = News::FootageAnswered {
            request_id: DbError::unless(request.id.parse().ok(), "footage_request.id")?,
            record_id: request
                .record_id
                .as_deref()
                .map(|id| DbError::unless(id.parse().ok(), "footage_request.record_id"))
                .transpose()?,
            state: answer.state,
        };
        inbox::put(conn, (by != actor.user).then_some(by), actor.now, &news)?;
        let until = answer.until.map(|date| date.to_string());
        let details = json!({ "state": answer.state, "until": until, "at": at });
        Ok(Done {
            revision: revision.saturating_add(1),
            audit_leaf: actor.audit(conn, "footage.answer", "footage_task", &task.id, details)?,
        })
    }
}

/// The answer with its words cleaned; what nobody holds has no custody.
fn checked(mut answer: FootageAnswer) -> Result<FootageAnswer, Vec<FieldError>> {
    let mut errors = Vec::new();
    for (field, words, max) in [
        ("words", &mut answer.words, MAX_WORDS),
        ("holder", &mut answer.holder, MAX_HOLDER),
        ("place", &mut answer.place, MAX_PLACE),
    ] {
        *words = text::clean(words);
        if words.chars().count() > max {
            errors.push(FieldError::new(field, FieldCode::TooLong).with("max", max));
        }
    }
    match answer.state {
        FootageState::Asked => errors.push(FieldError::new("state", FieldCode::NotAChoice)),
        FootageState::Kept if answer.holder.is_empty() => {
            errors.push(FieldError::new("holder", FieldCode::Required));
        }
        FootageState::Kept => {}
        FootageState::NothingSeen | FootageState::Overwritten => {
            (answer.holder, answer.place, answer.until) = (String::new(), String::new(), None);
        }
    }
    match errors.is_empty() {
        true => Ok(answer),
        false => Err(errors),
    }
}
