//! The demo's tasks, read from `demo/tasks.toml`: open, overdue, done and taken back.

use super::people::{Ground, user_id};
use super::{LoadError, fixed_id};
use crate::db::audit::{self, Entry};
use crate::db::{Conn, DbError, tasks};
use crate::state::AppState;
use crate::sync::content_hash;
use keng_shared::id::{AreaId, RecordId, TaskId, UserId};
use keng_shared::task::{NewTask, TaskStep, end_of_day};
use keng_shared::time::{Millis, start_of_day};
use serde::Deserialize;
use serde_json::json;

const DAY: i64 = 24 * 3_600_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tasks {
    task: Vec<Given>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    key: String,
    by: String,
    team: Option<String>,
    person: Option<String>,
    title: String,
    #[serde(default)]
    words: String,
    place: String,
    given_days_ago: i64,
    due_days: i64,
    about: Option<String>,
    done: Option<Said>,
    withdrawn: Option<Said>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    by: String,
    days_ago: i64,
    note: String,
}

/// A task that is ready to be stored, with what became of it.
struct Ready {
    new: NewTask,
    area: AreaId,
    by: UserId,
    given_at: Millis,
    step: Option<(TaskStep, UserId, Millis)>,
}

impl Tasks {
    pub(super) fn read() -> Result<Self, toml::de::Error> {
        toml::from_str(include_str!("../../demo/tasks.toml"))
    }

    /// Gives the tasks that are not there yet; what became of the others since stays.
    pub(super) async fn store(
        &self,
        state: &AppState,
        ground: &Ground,
        now: Millis,
    ) -> Result<(), LoadError> {
        for given in &self.task {
            let ready = given.ready(ground, now)?;
            state.db.write(move |conn| ready.store(conn)).await?;
        }
        Ok(())
    }
}

impl Given {
    fn ready(&self, ground: &Ground, now: Millis) -> Result<Ready, LoadError> {
        let wrong = |what: &str| LoadError::File(format!("task {}: {what}", self.key));
        let today = now.local_date().ok_or_else(|| wrong("today"))?;
        let team = match &self.team {
            Some(key) => Some(*ground.teams.get(key).ok_or_else(|| wrong("team"))?),
            None => None,
        };
        let area = match team {
            Some((_, area)) => area,
            // People who get tasks of their own work where this team works.
            None => ground.teams.get("thanh_son").ok_or_else(|| wrong("area"))?.1,
        };
        let done = self.done.as_ref().map(|said| {
            let step = TaskStep::Done {
                note: said.note.clone(),
                record_id: None,
            };
            (step, said)
        });
        let withdrawn = self.withdrawn.as_ref().map(|said| {
            let note = said.note.clone();
            (TaskStep::Withdraw { note }, said)
        });
        let step = done.or(withdrawn);
        Ok(Ready {
            new: NewTask {
                id: TaskId(fixed_id("task", &self.key)),
                area_id: Some(area),
                title: self.title.clone(),
                words: self.words.clone(),
                place: self.place.clone(),
                record_id: self.about.as_ref().map(|key| RecordId(fixed_id("record", key))),
                due_at: end_of_day(start_of_day(today).plus(self.due_days * DAY)),
                team_id: team.map(|(team, _)| team),
                user_id: self.person.as_deref().map(user_id),
            },
            area,
            by: user_id(&self.by),
            given_at: now.plus(-self.given_days_ago * DAY),
            step: step.map(|(step, said)| (step, user_id(&said.by), now.plus(-said.days_ago * DAY))),
        })
    }
}

impl Ready {
    fn store(&self, conn: &mut Conn) -> Result<(), DbError> {
        if tasks::find(conn, self.new.id)?.is_some() {
            return Ok(());
        }
        let content = content_hash(&self.new);
        tasks::insert(conn, &self.new, self.area, &content, self.by, self.given_at)?;
        self.audit(conn, "task.give", self.by, self.given_at)?;
        if let Some((step, by, at)) = &self.step {
            let row = DbError::unless(tasks::find(conn, self.new.id)?, "a task of the demo")?;
            tasks::step(conn, &row, step, *by, *at)?;
            let action = match step {
                TaskStep::Done { .. } => "task.done",
                TaskStep::Reopen { .. } => "task.reopen",
                TaskStep::Withdraw { .. } => "task.withdraw",
            };
            self.audit(conn, action, *by, *at)?;
        }
        Ok(())
    }

    fn audit(&self, conn: &mut Conn, action: &str, by: UserId, at: Millis) -> Result<(), DbError> {
        let entry = Entry {
            at,
            actor: Some(by),
            device: None,
            action,
            object_type: "task",
            object_id: self.new.id.to_string(),
            details: json!({ "area": self.area }),
        };
        audit::record(conn, &entry).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::people::People;

    #[test]
    fn the_file_is_read_and_names_only_people_of_the_demo() {
        let accounts = People::read().unwrap().accounts();
        for task in Tasks::read().unwrap().task {
            let said = task.done.into_iter().chain(task.withdrawn).map(|said| said.by);
            for name in said.chain(task.person).chain([task.by]) {
                assert!(
                    accounts.iter().any(|account| account.username == name),
                    "{}: {name}",
                    task.key
                );
            }
        }
    }
}
