//! Filling a server again that was restored from a backup.
//!
//! The phone keeps what was acknowledged for a while. Whenever it has pulled everything from the beginning it knows what is
//! missing on the server and queues that again. Ids make this harmless: what the server still has stays as it is.

use super::outbox::{base_of, rebase};
use super::rows::Row;
use super::{Engine, Turn};
use crate::item::{Item, ItemKey, ItemState, Reason, Work};
use crate::photo::PhotoBytes;
use keng_shared::id::{OpId, PhotoId, RecordId};
use keng_shared::problem::ProblemCode;
use keng_shared::record::{PhotoState, RecordStatus};

/// What the restored server has of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct There {
    revision: u32,
    is_withdrawn: bool,
}

impl Engine {
    /// Queues again what the server has lost.
    pub(super) fn refill_server(&mut self, turn: &mut Turn) {
        self.note(turn, "server_restored", None, None);
        let keys: Vec<_> = self.items.keys().copied().collect();
        for key in keys {
            match key {
                ItemKey::Record(id) => self.refill_record(turn, id),
                ItemKey::Segment(_) => self.refill_part(turn, key),
                ItemKey::Announce(_) if self.is_set_aside(key) => self.refill_part(turn, key),
                // An upload that finds no announcement asks for it again by itself.
                ItemKey::Announce(_) => {}
                ItemKey::Upload(photo) if !self.server_holds(key, photo) && self.has_bytes(photo) => {
                    self.forget_receipt(photo);
                    self.refill_part(turn, key);
                }
                ItemKey::Upload(_) => {}
                // How tasks and questions stand comes with the scope.
                ItemKey::Task(_) | ItemKey::Footage(_) => {}
            }
        }
    }

    /// Says again what a restored server has lost of what was said about tasks and footage; called when the scope has come.
    pub(super) fn refill_words(&mut self, turn: &mut Turn) {
        let tasks = self.scope.iter().flat_map(|scope| &scope.tasks);
        let asked = self.scope.iter().flat_map(|scope| &scope.footage);
        let lost: Vec<_> = tasks
            .map(|task| (ItemKey::Task(task.id), task.revision))
            .chain(asked.map(|asked| (ItemKey::Footage(asked.task.id), asked.task.revision)))
            .filter(|(key, there)| {
                let item = self.items.get(key);
                item.is_some_and(|item| item.revision > Some(*there))
            })
            .map(|(key, _)| key)
            .collect();
        for key in lost {
            // What is said anew starts from the revision that it had seen; nobody else has changed what is older.
            self.refill_part(turn, key);
        }
    }

    fn refill_record(&mut self, turn: &mut Turn, id: RecordId) {
        let there = self.records.get(&id).map(|stored| There {
            revision: stored.view.revision,
            is_withdrawn: stored.view.status == RecordStatus::Withdrawn,
        });
        let key = ItemKey::Record(id);
        let Some(item) = self.items.get(&key) else { return };
        let is_in_reach = item
            .newest_draft()
            .is_none_or(|draft| self.reach.contains(&draft.area_id));
        if !is_in_reach {
            // Not to be seen is not the same as lost.
            return;
        }
        // Once acknowledged here, and not there any more.
        let is_missing = match (there, item.revision) {
            (_, None) => false,
            (None, Some(_)) => !item.work.is_withdrawal(),
            (Some(there), Some(_)) if item.work.is_withdrawal() => !there.is_withdrawn,
            (Some(there), Some(revision)) => there.revision < revision,
        };
        let is_accepted = matches!(item.state, ItemState::Accepted { .. });
        let wants_again = match &item.state {
            ItemState::Accepted { .. } => is_missing,
            ItemState::Superseded { .. } => false,
            ItemState::SetAside { reason, .. } => is_missing && is_from_the_loss(reason),
            ItemState::Queued | ItemState::Sending => is_missing,
        };
        if !wants_again {
            return;
        }
        let op = turn.op_id();
        if let Some(item) = self.items.get_mut(&key) {
            item.revision = there.map(|there| there.revision);
            item.listed.clear();
            item.recovered = is_accepted;
            let base = item.revision;
            item.requeue(op, base);
        }
        self.mark(Row::Item(key));
    }

    /// A segment, announcement or upload is sent again under a fresh operation: the server may have lost it, and if not,
    /// it answers from what it has.
    fn refill_part(&mut self, turn: &mut Turn, key: ItemKey) {
        let op = turn.op_id();
        let Some(item) = self.items.get_mut(&key) else {
            return;
        };
        match &item.state {
            ItemState::Accepted { .. } => item.recovered = true,
            ItemState::SetAside { reason, .. } if is_from_the_loss(reason) => {}
            ItemState::Superseded { .. }
            | ItemState::SetAside { .. }
            | ItemState::Queued
            | ItemState::Sending => return,
        }
        item.requeue(op, None);
        self.pauses.remove(&key);
        self.mark(Row::Item(key));
    }

    fn is_set_aside(&self, key: ItemKey) -> bool {
        self.items
            .get(&key)
            .is_some_and(|item| matches!(item.state, ItemState::SetAside { .. }))
    }

    fn server_holds(&self, key: ItemKey, photo: PhotoId) -> bool {
        let Some(record) = self.items.get(&key).map(|item| item.record_id) else {
            return false;
        };
        self.records.get(&record).is_some_and(|stored| {
            let mut attached = stored.view.attached();
            attached.any(|listed| listed == (photo, PhotoState::Held))
        })
    }

    fn has_bytes(&self, photo: PhotoId) -> bool {
        self.photos
            .get(&photo)
            .is_some_and(|photo| photo.bytes == PhotoBytes::Here)
    }

    fn forget_receipt(&mut self, id: PhotoId) {
        if let Some(photo) = self.photos.get_mut(&id)
            && photo.receipt.take().is_some()
        {
            photo.received_at = None;
            self.mark(Row::Photo(id));
        }
    }
}

impl Item {
    /// Queues what it sent last again; a newer edit that waits behind it takes its place.
    fn requeue(&mut self, op: OpId, base: Option<u32>) {
        if let Some(next) = self.next.take() {
            self.work = next;
        }
        self.state = ItemState::Queued;
        if let Work::Op { id, action } = &mut self.work {
            *id = op;
            if base_of(action) != base {
                rebase(action, base);
            }
        }
    }
}

/// Whether a refusal may come from what the server has lost rather than from the item itself.
fn is_from_the_loss(reason: &Reason) -> bool {
    match reason {
        Reason::Refused(problem) => matches!(
            problem.code,
            ProblemCode::NotFound
                | ProblemCode::RevisionMismatch
                | ProblemCode::IdTaken
                | ProblemCode::StateConflict
                | ProblemCode::InvalidFields
        ),
        Reason::BytesMissing | Reason::WrongReceipt => false,
    }
}
