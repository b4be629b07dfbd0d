//! The outbox as a collection: what comes in, what leaves, what belongs together.

use super::rows::Row;
use super::{Engine, Turn};
use crate::item::{Item, ItemKey, ItemState, Work};
use crate::photo::{Photo, PhotoBytes};
use keng_shared::id::{OpId, PhotoId, RecordId};
use keng_shared::record::RecordDraft;
use keng_shared::sync::OpAction;
use keng_shared::time::{LocalDate, Millis};
use keng_shared::track::TrackSegment;

/// How long an item stays after its acknowledgement: long enough to fill a server again that was restored from a backup.
pub(super) const KEEP_ITEM_MS: i64 = 14 * 86_400_000;

impl Engine {
    /// Puts work into the outbox. Work that may already be with the server keeps its place, and the new one follows it.
    pub(super) fn enqueue(
        &mut self,
        key: ItemKey,
        record_id: RecordId,
        local_date: Option<LocalDate>,
        work: Work,
    ) {
        self.mark(Row::Item(key));
        self.pauses.remove(&key);
        let order = self.next_order;
        let Some(item) = self.items.get_mut(&key) else {
            let item = Item {
                key,
                record_id,
                local_date,
                work,
                state: ItemState::Queued,
                next: None,
                revision: self.records.get(&record_id).map(|stored| stored.view.revision),
                listed: Vec::new(),
                shifted_ms: None,
                order,
                recovered: false,
            };
            self.next_order += 1;
            self.items.insert(key, item);
            return;
        };
        item.local_date = local_date.or(item.local_date);
        match item.state {
            ItemState::Sending => item.next = Some(work),
            ItemState::Queued => item.work = work,
            ItemState::Accepted { .. } | ItemState::Superseded { .. } | ItemState::SetAside { .. } => {
                item.work = work;
                item.state = ItemState::Queued;
                item.recovered = false;
                item.order = order;
                self.next_order += 1;
            }
        }
    }

    /// A segment never changes, so its own id names the operation.
    pub(super) fn queue_segment(&mut self, segment: TrackSegment) {
        let (key, record_id) = (ItemKey::Segment(segment.id), segment.record_id);
        let local_date = self
            .items
            .get(&ItemKey::Record(record_id))
            .and_then(|item| item.local_date);
        let work = Work::Op {
            id: OpId(segment.id.0),
            action: Box::new(OpAction::PutSegment { segment }),
        };
        self.enqueue(key, record_id, local_date, work);
    }

    /// Queues announcement and upload of every signed photo that the newest content of the record lists.
    pub(super) fn queue_photos(&mut self, record_id: RecordId) {
        let Some(item) = self.items.get(&ItemKey::Record(record_id)) else {
            return;
        };
        let local_date = item.local_date;
        let Some(draft) = item.newest_draft() else { return };
        let is_new = |id: &PhotoId| !self.items.contains_key(&ItemKey::Announce(*id));
        let signed: Vec<_> = draft
            .attached()
            .filter(is_new)
            .filter_map(|id| Some((id, self.photos.get(&id).and_then(|p| p.signed.clone())?)))
            .collect();
        for (id, signed) in signed {
            let action = Box::new(OpAction::AnnouncePhoto { signed });
            // A manifest never changes either.
            let work = Work::Op {
                id: OpId(id.0),
                action,
            };
            self.enqueue(ItemKey::Announce(id), record_id, local_date, work);
            self.enqueue(ItemKey::Upload(id), record_id, local_date, Work::Upload);
        }
    }

    pub(super) fn remove_item(&mut self, key: ItemKey) {
        self.pauses.remove(&key);
        if self.items.remove(&key).is_some() {
            self.mark(Row::Item(key));
        }
    }

    /// Removes what belongs to a record: segments, announcements, uploads, photos.
    pub(super) fn drop_parts(&mut self, record_id: RecordId) {
        let is_part = |item: &&Item| item.record_id == record_id && !matches!(item.key, ItemKey::Record(_));
        let keys: Vec<_> = self.items.values().filter(is_part).map(|item| item.key).collect();
        for key in keys {
            self.remove_item(key);
        }
        let of_record = |photo: &&Photo| photo.capture.record_id == record_id;
        let photos: Vec<_> = self
            .photos
            .values()
            .filter(of_record)
            .map(|p| p.capture.photo_id)
            .collect();
        for id in photos {
            self.forget_photo(id);
        }
    }

    /// The date that a record belongs to, by the server's calendar as far as it is known.
    pub(crate) fn local_date(&self, draft: &RecordDraft) -> Option<LocalDate> {
        match draft.clock_offset_ms {
            Some(_) => draft.started_at.local_date(),
            None => self.clock.correct(draft.started_at).local_date(),
        }
    }

    /// Forgets what was acknowledged long ago, and the bytes of photos that the server holds.
    pub(super) fn sweep(&mut self, now: Millis) {
        let is_old = |item: &&Item| item.settled_at().is_some_and(|at| now.since(at) > KEEP_ITEM_MS);
        let old: Vec<_> = self.items.values().filter(is_old).map(|item| item.key).collect();
        // The running patrol still needs to know what of it was acknowledged.
        let running = self.patrol.as_ref().map(|patrol| patrol.head().id);
        for key in old {
            if self.items.get(&key).map(|item| item.record_id) != running {
                self.remove_item(key);
            }
        }
        self.sweep_photos(now);
        let is_done = |photo: &&Photo| {
            photo.bytes == PhotoBytes::Deleted
                && photo.received_at.is_none_or(|at| now.since(at) > KEEP_ITEM_MS)
        };
        let done: Vec<_> = self
            .photos
            .values()
            .filter(is_done)
            .map(|p| p.capture.photo_id)
            .collect();
        for id in done {
            self.photos.remove(&id);
            self.mark(Row::Photo(id));
        }
    }

    /// Whether the server has acknowledged the record, as far as this phone knows.
    pub(crate) fn is_acknowledged(&self, record_id: RecordId) -> bool {
        match self.items.get(&ItemKey::Record(record_id)) {
            Some(item) => item.revision.is_some(),
            None => self.records.contains_key(&record_id),
        }
    }

    /// Whether an acknowledged revision of the record lists the photo.
    pub(crate) fn is_listed(&self, record_id: RecordId, photo: PhotoId) -> bool {
        let by_item = self
            .items
            .get(&ItemKey::Record(record_id))
            .is_some_and(|item| item.listed.contains(&photo));
        by_item
            || self
                .records
                .get(&record_id)
                .is_some_and(|stored| stored.view.attached().any(|(listed, _)| listed == photo))
    }
}

impl Item {
    /// Queues the work again under a fresh operation id and a new base, after its outcome is known.
    pub(super) fn renew(&mut self, op: OpId, base: Option<u32>) {
        if let Some(next) = self.next.take() {
            self.work = next;
        }
        self.state = ItemState::Queued;
        if let Work::Op { id, action } = &mut self.work {
            *id = op;
            rebase(action, base);
        }
    }
}

/// The revision that an operation starts from.
pub(super) fn base_of(action: &OpAction) -> Option<u32> {
    match action {
        OpAction::PutRecord { base_revision, .. } => *base_revision,
        OpAction::WithdrawRecord { base_revision, .. } | OpAction::AnswerFootage { base_revision, .. } => {
            Some(*base_revision)
        }
        OpAction::PutSegment { .. } | OpAction::AnnouncePhoto { .. } | OpAction::StepTask { .. } => None,
    }
}

/// Sets the revision that an operation starts from.
pub(super) fn rebase(action: &mut OpAction, base: Option<u32>) {
    match action {
        OpAction::PutRecord { base_revision, .. } => *base_revision = base,
        OpAction::WithdrawRecord { base_revision, .. } | OpAction::AnswerFootage { base_revision, .. } => {
            *base_revision = base.unwrap_or(*base_revision);
        }
        OpAction::PutSegment { .. } | OpAction::AnnouncePhoto { .. } | OpAction::StepTask { .. } => {}
    }
}

impl Turn {
    /// The state of an item that was acknowledged now.
    pub(super) fn accepted(&self) -> ItemState {
        ItemState::Accepted { at: self.now }
    }
}
