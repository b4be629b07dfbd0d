//! What the person does with forms: drafts, sending, withdrawing, mending.

use super::rows::Row;
use super::{Engine, Turn};
use crate::effect::Effect;
use crate::item::{Item, ItemKey, ItemState, Reason, StoredDraft, Work};
use crate::photo::Photo;
use keng_shared::file::FileRef;
use keng_shared::id::RecordId;
use keng_shared::record::{self, PhotoRef, RecordDraft, RecordView};
use keng_shared::sync::OpAction;
use keng_shared::time::Millis;

impl Engine {
    /// The newest content of a record as a draft to edit: an open draft, what waits in the outbox, or what the server
    /// has. `None` for a record that this phone does not hold or that is somebody else's.
    pub fn edit(&self, record_id: RecordId) -> Option<RecordDraft> {
        if let Some(stored) = self.drafts.get(&record_id) {
            return Some(stored.draft.clone());
        }
        let item = self.items.get(&ItemKey::Record(record_id));
        let server = self.records.get(&record_id).map(|stored| &stored.view);
        let newest = item.and_then(Item::newest_draft);
        let is_newer =
            |view: &&RecordView| item.is_none_or(|i| !i.is_unsent() && i.revision < Some(view.revision));
        match server.filter(is_newer) {
            Some(view) if view.author.id == self.owner.user_id => Some(self.draft_of(view)),
            Some(_) => None,
            None => newest.cloned(),
        }
    }

    /// A server's record as a draft. Its times are the server's already.
    fn draft_of(&self, view: &RecordView) -> RecordDraft {
        view.as_draft(self.owner.device_id, self.clock.offset_ms.unwrap_or(0))
    }

    pub(super) fn draft_changed(&mut self, turn: &Turn, mut draft: RecordDraft) {
        let id = draft.id;
        self.enlist(&mut draft);
        let base_revision = match self.drafts.get(&id) {
            Some(stored) => stored.base_revision,
            None => self.known_revision(id),
        };
        self.drafts.insert(
            id,
            StoredDraft {
                draft,
                base_revision,
                changed_at: turn.now,
            },
        );
        self.mark(Row::Draft(id));
    }

    pub(super) fn draft_discarded(&mut self, turn: &Turn, id: RecordId) {
        self.note(turn, "draft_discarded", None, None);
        self.drafts.remove(&id);
        self.mark(Row::Draft(id));
        self.drop_loose_photos(id);
    }

    pub(super) fn submitted(&mut self, turn: &mut Turn, mut draft: RecordDraft) {
        let id = draft.id;
        self.enlist(&mut draft);
        match record::parse(draft.clone(), self.now_for(&draft, turn.now)) {
            Ok(record) => {
                self.note(turn, "submitted", None, None);
                self.enqueue_record(turn, record.draft().clone());
                self.drafts.remove(&id);
                self.mark(Row::Draft(id));
            }
            Err(errors) => {
                self.note(turn, "submitted_invalid", Some(errors.len() as i64), None);
                self.draft_changed(turn, draft);
                self.effects.push(Effect::Invalid {
                    record_id: id,
                    errors,
                });
            }
        }
    }

    /// The record of a slot that a schedule proposes. One that is refused leaves no draft: the slot still waits.
    pub(super) fn slot_confirmed(&mut self, turn: &mut Turn, draft: RecordDraft) {
        match record::parse(draft.clone(), self.now_for(&draft, turn.now)) {
            Ok(_) => self.submitted(turn, draft),
            Err(errors) => self.note(turn, "slot_invalid", Some(errors.len() as i64), None),
        }
    }

    /// The clock by which a draft's times are written.
    pub(super) fn now_for(&self, draft: &RecordDraft, now: Millis) -> Millis {
        match draft.clock_offset_ms {
            Some(_) => self.clock.correct(now),
            None => now,
        }
    }

    /// Puts the newest content of a record into the outbox: in the place of what was not sent yet, behind what may have been.
    pub(super) fn enqueue_record(&mut self, turn: &mut Turn, mut draft: RecordDraft) {
        let id = draft.id;
        self.enlist(&mut draft);
        let opened_at = self.drafts.get(&id).map(|stored| stored.base_revision);
        let base_revision = match opened_at {
            // What this phone sent since the form opened is the same person's work and no conflict.
            Some(base) if self.items.contains_key(&ItemKey::Record(id)) => self.base_for(id).max(base),
            Some(base) => base,
            None => self.base_for(id),
        };
        let local_date = self.local_date(&draft);
        let work = Work::Op {
            id: turn.op_id(),
            action: Box::new(OpAction::PutRecord {
                draft: Box::new(draft),
                base_revision,
            }),
        };
        self.enqueue(ItemKey::Record(id), id, local_date, work);
        self.queue_photos(id);
    }

    pub(super) fn withdrawn(&mut self, turn: &mut Turn, id: RecordId) {
        self.note(turn, "withdrawn", None, None);
        self.drafts.remove(&id);
        self.mark(Row::Draft(id));
        if self.patrol.as_ref().is_some_and(|patrol| patrol.head().id == id) {
            self.patrol = None;
            self.mark(Row::Patrol);
        }
        let key = ItemKey::Record(id);
        let item = self.items.get(&key);
        let may_be_there = self.records.contains_key(&id)
            || item.is_some_and(|item| item.revision.is_some() || item.state == ItemState::Sending);
        self.drop_parts(id);
        if !may_be_there {
            self.remove_item(key);
            return;
        }
        let local_date = self.items.get(&key).and_then(|item| item.local_date);
        let work = Work::Op {
            id: turn.op_id(),
            action: Box::new(OpAction::WithdrawRecord {
                record_id: id,
                base_revision: self.base_for(id).unwrap_or(0),
            }),
        };
        self.enqueue(key, id, local_date, work);
    }

    pub(super) fn resent(&mut self, turn: &mut Turn, key: ItemKey) {
        self.note(turn, "resent", None, None);
        self.requeue_set_aside(turn, key);
        // A photo's bytes follow its announcement.
        if let ItemKey::Upload(photo) = key {
            self.requeue_set_aside(turn, ItemKey::Announce(photo));
        }
    }

    fn requeue_set_aside(&mut self, turn: &mut Turn, key: ItemKey) {
        let is_set_aside = |item: &Item| matches!(item.state, ItemState::SetAside { .. });
        let Some(record_id) = self
            .items
            .get(&key)
            .filter(|i| is_set_aside(i))
            .map(|i| i.record_id)
        else {
            return;
        };
        let base = self.base_for(record_id);
        self.pauses.remove(&key);
        if let Some(item) = self.items.get_mut(&key) {
            item.renew(turn.op_id(), base);
            self.mark(Row::Item(key));
        }
    }

    pub(super) fn given_up(&mut self, turn: &Turn, key: ItemKey) {
        self.note(turn, "given_up", None, None);
        match key {
            ItemKey::Announce(photo) | ItemKey::Upload(photo) => self.photo_removed(turn, photo),
            ItemKey::Segment(_) | ItemKey::Task(_) | ItemKey::Footage(_) => self.remove_item(key),
            ItemKey::Record(id) => {
                let is_new = self.items.get(&key).is_some_and(|item| item.revision.is_none());
                if is_new {
                    self.drop_parts(id);
                }
                self.remove_item(key);
            }
        }
    }

    /// The revision that a change of the record starts from. After a refusal for the revision, the one that the server
    /// named, since the person has seen it and sends again.
    pub(super) fn base_for(&self, id: RecordId) -> Option<u32> {
        let item = self.items.get(&ItemKey::Record(id));
        let acknowledged = item.and_then(|item| item.revision);
        match item.map(|item| &item.state) {
            Some(ItemState::SetAside {
                reason: Reason::Refused(problem),
                ..
            }) => {
                let named = problem
                    .stored
                    .as_ref()
                    .and_then(|stored| stored.get("revision")?.as_u64());
                let named = named.and_then(|revision| u32::try_from(revision).ok());
                let pulled = self.records.get(&id).map(|stored| stored.view.revision);
                acknowledged.max(named).max(pulled)
            }
            Some(_) => acknowledged,
            None => self.known_revision(id),
        }
    }

    fn known_revision(&self, id: RecordId) -> Option<u32> {
        let acknowledged = self
            .items
            .get(&ItemKey::Record(id))
            .and_then(|item| item.revision);
        let pulled = self.records.get(&id).map(|stored| stored.view.revision);
        acknowledged.max(pulled)
    }

    /// Lists every photo and file of the record that the phone knows and the draft does not name.
    pub(super) fn enlist(&self, draft: &mut RecordDraft) {
        let named: Vec<_> = draft.attached().collect();
        for photo in self.photos.values() {
            let capture = &photo.capture;
            if capture.record_id != draft.id || named.contains(&capture.photo_id) {
                continue;
            }
            match photo.listed_file() {
                Some(file) => draft.files.push(file),
                None => draft.photos.push(photo.into()),
            }
        }
    }
}

impl Photo {
    /// As the record lists it, where it is a file.
    pub(super) fn listed_file(&self) -> Option<FileRef> {
        Some(FileRef {
            id: self.capture.photo_id,
            sha256: self.capture.sha256.clone(),
            name: self.capture.name.clone()?,
        })
    }
}

impl From<&Photo> for PhotoRef {
    fn from(photo: &Photo) -> Self {
        Self {
            id: photo.capture.photo_id,
            sha256: photo.capture.sha256.clone(),
            caption: String::new(),
        }
    }
}
