//! What is said about tasks and about footage: each has one item however often something is said. A word that was never
//! tried to be sent gives way to the next; one that may have arrived is followed by it.

use super::{Engine, Turn};
use crate::item::{ItemKey, Work};
use keng_shared::api::FootageAnswer;
use keng_shared::id::{FootageTaskId, RecordId, TaskId};
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

    /// The answer starts from what the person sees: one that somebody else gave meanwhile is not overwritten in silence.
    pub(super) fn footage_answered(
        &mut self,
        turn: &mut Turn,
        task_id: FootageTaskId,
        answer: FootageAnswer,
    ) {
        self.note(turn, "footage_answered", None, None);
        let mut asked = self.scope.iter().flat_map(|scope| &scope.footage);
        let Some(base_revision) = asked
            .find(|asked| asked.task.id == task_id)
            .map(|asked| asked.task.revision)
        else {
            return;
        };
        let at = self.clock.correct(turn.now);
        let work = Work::Op {
            id: turn.op_id(),
            action: Box::new(OpAction::AnswerFootage {
                task_id,
                base_revision,
                answer,
                at,
            }),
        };
        self.enqueue(
            ItemKey::Footage(task_id),
            RecordId(task_id.0),
            at.local_date(),
            work,
        );
    }
}
