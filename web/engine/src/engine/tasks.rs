//! What is said about tasks: a task has one item however often something is said. A word that was never tried to be sent
//! gives way to the next; one that may have arrived is followed by it.

use super::{Engine, Turn};
use crate::item::{ItemKey, Work};
use keng_shared::id::{RecordId, TaskId};
use keng_shared::sync::OpAction;
use keng_shared::task::TaskStep;

impl Engine {
    pub(super) fn task_stepped(&mut self, turn: &mut Turn, task_id: TaskId, step: TaskStep) {
        self.note(turn, "task_stepped", None, None);
        let at = self.clock.correct(turn.now);
        let date = at.local_date();
        let work = Work::Op {
            id: turn.op_id(),
            action: Box::new(OpAction::StepTask { task_id, step, at }),
        };
        self.enqueue(ItemKey::Task(task_id), RecordId(task_id.0), date, work);
    }
}
