//! Something is said about a task: it is done, to be done after all, taken back. It comes from phones by push, perhaps days
//! later and more than once, and from the desk.

use super::{Actor, Operation};
use crate::auth::Caller;
use crate::db::operations::Done;
use crate::db::tasks::{self, StoredTask};
use crate::db::{Conn, DbError, audit, inbox, teams};
use keng_shared::id::{AreaId, TaskId, TeamId, UserId};
use keng_shared::inbox::{News, TaskNews};
use keng_shared::permission::Verb;
use keng_shared::problem::{Problem, ProblemCode};
use keng_shared::task::{Move, TaskState, TaskStep};
use keng_shared::time::{LocalDate, Millis};
use serde_json::json;

/// Which tasks are the caller's business: as who has them, or as who gives them.
#[derive(Debug, Clone)]
pub struct TaskReach {
    pub actor: Actor,
    /// Today, for who is in a team.
    pub today: LocalDate,
    /// Where the caller gives tasks to everybody, sorted.
    pub areas: Vec<AreaId>,
    /// The teams that the caller leads.
    pub led: Vec<TeamId>,
    /// Where the caller leads a team: there the caller keeps what the caller gave.
    led_areas: Vec<AreaId>,
    teams: Vec<TeamId>,
}

impl TaskReach {
    /// That of a caller.
    pub fn of(caller: &Caller) -> Self {
        let given = || {
            caller
                .memberships()
                .filter(|held| held.role.allows(Verb::GiveTasks))
        };
        let staff = given().filter(|held| held.role.is_staff());
        let below = |area| caller.tree().subtree(area, caller.today());
        let mut areas: Vec<AreaId> = staff.flat_map(|held| below(held.area_id)).collect();
        areas.sort_unstable();
        areas.dedup();
        let leads = || given().filter(|held| !held.role.is_staff());
        Self {
            actor: super::permit::actor(caller),
            today: caller.today(),
            areas,
            led: leads().filter_map(|held| held.team_id).collect(),
            led_areas: leads().flat_map(|held| below(held.area_id)).collect(),
            teams: caller.teams(),
        }
    }

    /// Whether the caller, or a team of the caller's, has it.
    pub fn holds(&self, row: &StoredTask) -> bool {
        row.team().is_some_and(|team| self.teams.contains(&team)) || row.holder() == Some(self.actor.user)
    }

    /// Whether the caller may change the task and take it back: staff of its area, and a team leader who gave it.
    pub fn gives(&self, row: &StoredTask) -> bool {
        let is_own = row.given_by == self.actor.user.to_string();
        self.is_staff_in(row.area()) || (is_own && self.led_areas.contains(&row.area()))
    }

    /// Whether the caller gives tasks to everybody in this area.
    pub fn is_staff_in(&self, area: AreaId) -> bool {
        self.areas.binary_search(&area).is_ok()
    }
}

/// A step whose words have been checked.
pub struct StepTask {
    pub reach: TaskReach,
    pub task: TaskId,
    pub step: TaskStep,
    /// When the person said so; never later than now.
    pub at: Millis,
    /// The revision that the person saw; a phone saw none that counts.
    pub seen: Option<u32>,
    pub operation: Option<Operation>,
}

impl StepTask {
    /// The write job. What is so already changes nothing: the first who has done it has done it. A task that is not the
    /// caller's business any more is gone.
    pub fn run(&self, conn: &mut Conn) -> Result<Done, DbError> {
        let actor = &self.reach.actor;
        if let Some(operation) = &self.operation
            && let Some(done) = operation.find(conn, actor)?
        {
            return Ok(done);
        }
        let row = tasks::lock(conn, self.task)?
            .filter(|row| self.reach.holds(row) || self.reach.gives(row))
            .ok_or(ProblemCode::Gone)?;
        if self.seen.is_some() {
            require_revision(conn, &row, self.seen)?;
        }
        let done = match self.verdict(&row)? {
            Move::Impossible => return Err(conflict(conn, row)?.into()),
            Move::Nothing => Done {
                revision: row.revision()?,
                audit_leaf: audit::last_leaf(conn, &row.id)?,
            },
            Move::To(state) => self.go(conn, &row, state)?,
        };
        if let Some(operation) = &self.operation {
            operation.remember(conn, actor, &done)?;
        }
        Ok(done)
    }

    /// Only who gives tasks takes one back, or opens again what was taken back.
    fn verdict(&self, row: &StoredTask) -> Result<Move, DbError> {
        let state = row.state()?;
        let is_givers = [state, self.step.target()].contains(&TaskState::Withdrawn);
        match state.step(&self.step) {
            Move::To(_) if is_givers && !self.reach.gives(row) => Ok(Move::Impossible),
            found => Ok(found),
        }
    }

    fn go(&self, conn: &mut Conn, row: &StoredTask, state: TaskState) -> Result<Done, DbError> {
        let actor = &self.reach.actor;
        tasks::step(conn, row, &self.step, actor.user, self.at.min(actor.now))?;
        let (action, what) = match state {
            TaskState::Done => ("task.done", TaskNews::Done),
            TaskState::Open => ("task.reopen", TaskNews::Reopened),
            TaskState::Withdrawn => ("task.withdraw", TaskNews::Withdrawn),
        };
        let mut told = match state {
            TaskState::Done => Vec::new(),
            TaskState::Open | TaskState::Withdrawn => holders(conn, row, self.reach.today)?,
        };
        if state != TaskState::Withdrawn {
            told.push(row.giver()?);
        }
        tell(conn, actor, row.task_id()?, Millis(row.due_at), what, told)?;
        let details = json!({ "revision": row.revision.saturating_add(1), "at": self.at });
        Ok(Done {
            revision: row.revision()?.saturating_add(1),
            audit_leaf: actor.audit(conn, action, "task", &row.id, details)?,
        })
    }
}

/// Refuses unless the task is as it was seen; the answer holds what is stored.
pub fn require_revision(conn: &mut Conn, row: &StoredTask, seen: Option<u32>) -> Result<(), DbError> {
    if Some(row.revision()?) == seen {
        return Ok(());
    }
    let problem = Problem::new(ProblemCode::RevisionMismatch).with("revision", row.revision);
    Err(with_stored(conn, problem, row.clone())?.into())
}

/// The task has gone another way meanwhile; the answer holds what is stored.
pub fn conflict(conn: &mut Conn, row: StoredTask) -> Result<Problem, DbError> {
    let problem = Problem::new(ProblemCode::StateConflict).with("state", &row.state);
    with_stored(conn, problem, row)
}

fn with_stored(conn: &mut Conn, problem: Problem, row: StoredTask) -> Result<Problem, DbError> {
    let view = tasks::view(conn, row)?;
    let stored = DbError::unless(serde_json::to_value(view).ok(), "task")?;
    Ok(problem.with_stored(stored))
}

/// The people who have a task: the person, or everybody in the team.
pub fn holders(conn: &mut Conn, row: &StoredTask, today: LocalDate) -> Result<Vec<UserId>, DbError> {
    let Some(team) = row.team() else {
        return Ok(row.holder().into_iter().collect());
    };
    let members = teams::members(conn, &[team], today)?.remove(&team);
    let members = members.into_iter().flatten();
    Ok(members.map(|person| person.id).collect())
}

/// Puts a line into the inbox of each of these people but the one who acts, once.
pub fn tell(
    conn: &mut Conn,
    actor: &Actor,
    task_id: TaskId,
    due_at: Millis,
    what: TaskNews,
    mut people: Vec<UserId>,
) -> Result<(), DbError> {
    people.retain(|person| *person != actor.user);
    people.sort_unstable();
    people.dedup();
    let news = News::Task {
        task_id,
        what,
        due_at,
    };
    inbox::put(conn, people, actor.now, &news)
}
