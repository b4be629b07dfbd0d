//! Questions for footage of the person's cameras, with what was answered on this phone laid over what the server says.

use crate::engine::Engine;
use crate::item::{Item, ItemKey, ItemState, Work};
use keng_shared::api::{FootageAnswer, MyFootageTask};
use keng_shared::camera::FootageState;
use keng_shared::id::FootageTaskId;
use keng_shared::problem::Problem;
use keng_shared::sync::OpAction;

/// A question as the phone shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct FootageEntry {
    /// The question, as the server told it last.
    pub asked: MyFootageTask,
    /// How that stands.
    pub answer: FootageWord,
}

/// How the person's own answer stands.
#[derive(Debug, Clone, PartialEq)]
pub enum FootageWord {
    /// This phone has said nothing that the server does not say too.
    Told,
    /// It was said here and is not with the server, or the scope that shows it is still on its way.
    Said {
        /// What.
        answer: FootageAnswer,
        /// Whether it still waits to be sent.
        is_waiting: bool,
    },
    /// It was not taken: somebody else had answered before it arrived, or it could not be read.
    Refused {
        /// What was said.
        answer: FootageAnswer,
        /// Why it does not count.
        problem: Problem,
    },
}

impl FootageEntry {
    /// Whether the person still has to say something.
    pub fn is_open(&self) -> bool {
        match &self.answer {
            FootageWord::Told | FootageWord::Refused { .. } => self.asked.task.state == FootageState::Asked,
            FootageWord::Said { .. } => false,
        }
    }
}

impl Engine {
    /// What is to be answered first, each group in the order of the server.
    pub fn footage(&self) -> Vec<FootageEntry> {
        let asked = self.scope.iter().flat_map(|scope| &scope.footage);
        let (mut open, closed): (Vec<_>, Vec<_>) = asked
            .map(|asked| FootageEntry {
                asked: asked.clone(),
                answer: self.footage_word(asked),
            })
            .partition(FootageEntry::is_open);
        open.extend(closed);
        open
    }

    /// Answers that were not taken and whose question is not this person's any more.
    pub fn footage_lost(&self) -> Vec<FootageAnswer> {
        let is_known = |id: FootageTaskId| {
            let mut asked = self.scope.iter().flat_map(|scope| &scope.footage);
            asked.any(|asked| asked.task.id == id)
        };
        let lost = self
            .items
            .values()
            .filter_map(|item| match (item.key, &item.state) {
                (ItemKey::Footage(id), ItemState::Superseded { .. }) if !is_known(id) => said(item),
                _ => None,
            });
        lost.cloned().collect()
    }

    fn footage_word(&self, asked: &MyFootageTask) -> FootageWord {
        let item = self.items.get(&ItemKey::Footage(asked.task.id));
        let Some((item, answer)) = item.and_then(|item| Some((item, said(item)?))) else {
            return FootageWord::Told;
        };
        let answer = answer.clone();
        match &item.state {
            ItemState::Queued | ItemState::Sending => FootageWord::Said {
                answer,
                is_waiting: true,
            },
            ItemState::Accepted { .. } if item.revision > Some(asked.task.revision) => FootageWord::Said {
                answer,
                is_waiting: false,
            },
            // Said by another way meanwhile, by the same person or by an officer who called them.
            ItemState::Superseded { .. } if says_the_same(asked, &answer) => FootageWord::Told,
            ItemState::Superseded { problem, .. } => FootageWord::Refused {
                answer,
                problem: (**problem).clone(),
            },
            ItemState::Accepted { .. } | ItemState::SetAside { .. } => FootageWord::Told,
        }
    }
}

/// Whether the server has what the answer says, from whomever.
fn says_the_same(asked: &MyFootageTask, answer: &FootageAnswer) -> bool {
    let holder = asked.task.custody.first().map(|hand| hand.holder.as_str());
    let is_same_hand = answer.state != FootageState::Kept || holder == Some(answer.holder.as_str());
    asked.task.state == answer.state && is_same_hand
}

/// What the newest work of the item answers.
fn said(item: &Item) -> Option<&FootageAnswer> {
    let Work::Op { action, .. } = item.next.as_ref().unwrap_or(&item.work) else {
        return None;
    };
    match action.as_ref() {
        OpAction::AnswerFootage { answer, .. } => Some(answer),
        _ => None,
    }
}
