//! Tasks of the person and of their teams, with what was said on this phone laid over what the server says.

use crate::engine::Engine;
use crate::item::{Item, ItemKey, ItemState, Work};
use keng_shared::id::TaskId;
use keng_shared::problem::Problem;
use keng_shared::record::PersonName;
use keng_shared::sync::OpAction;
use keng_shared::task::{Task, TaskSaid, TaskState};

/// A task as the phone shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskEntry {
    /// The task, with what was said last.
    pub task: Task,
    /// Whether that still waits to be sent.
    pub is_waiting: bool,
    /// Why what was said on this phone does not count: the task had gone another way before it arrived.
    pub overtaken: Option<Problem>,
}

impl Engine {
    /// Open tasks first, each group by the time they are due.
    pub fn tasks(&self) -> Vec<TaskEntry> {
        let tasks = self.scope.iter().flat_map(|scope| &scope.tasks);
        let (mut open, closed): (Vec<_>, Vec<_>) = tasks
            .map(|task| self.task_entry(task))
            .partition(|entry| entry.task.state == TaskState::Open);
        open.extend(closed);
        open
    }

    /// How many tasks the person said something about that are not theirs any more, so that it did not count.
    pub fn tasks_lost(&self) -> usize {
        let is_known = |id: TaskId| {
            let scope = self.scope.iter();
            scope.flat_map(|scope| &scope.tasks).any(|task| task.id == id)
        };
        let is_lost = |item: &&Item| match (item.key, &item.state) {
            (ItemKey::Task(id), ItemState::Superseded { .. }) => !is_known(id),
            _ => false,
        };
        self.items.values().filter(is_lost).count()
    }

    fn task_entry(&self, task: &Task) -> TaskEntry {
        let mut entry = TaskEntry {
            task: task.clone(),
            is_waiting: false,
            overtaken: None,
        };
        let Some(item) = self.items.get(&ItemKey::Task(task.id)) else {
            return entry;
        };
        match &item.state {
            ItemState::Queued | ItemState::Sending => entry.is_waiting = true,
            // The scope that shows what was acknowledged may still be on its way.
            ItemState::Accepted { .. } if item.revision > Some(task.revision) => {}
            ItemState::Superseded { problem, .. } if task.state == TaskState::Withdrawn => {
                entry.overtaken = Some((**problem).clone());
                return entry;
            }
            ItemState::Accepted { .. } | ItemState::Superseded { .. } | ItemState::SetAside { .. } => {
                return entry;
            }
        }
        if let Some((state, said)) = self.said(item) {
            entry.task.state = state;
            entry.task.said = Some(said);
        }
        entry
    }

    /// What the newest work of the item says, and where it leads.
    fn said(&self, item: &Item) -> Option<(TaskState, TaskSaid)> {
        let Work::Op { action, .. } = item.next.as_ref().unwrap_or(&item.work) else {
            return None;
        };
        let OpAction::StepTask { step, at, .. } = action.as_ref() else {
            return None;
        };
        let name = self.scope.as_ref().map(|scope| scope.me.name.clone());
        let said = TaskSaid {
            by: PersonName {
                id: self.owner.user_id,
                name: name.unwrap_or_default(),
            },
            at: *at,
            note: step.note().to_owned(),
            record_id: step.record_id(),
        };
        Some((step.target(), said))
    }
}
