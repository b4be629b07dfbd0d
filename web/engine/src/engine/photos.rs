//! Photos: from the shutter over the signature and the upload to the receipt, and the deletion of bytes.

use super::rows::{Meta, Row};
use super::{Engine, FlightKind, Turn};
use crate::effect::{Call, Effect};
use crate::item::{Item, ItemKey, ItemState, Reason};
use crate::photo::{Capture, Chain, Photo, PhotoBytes};
use crate::storage::StorageLevel;
use keng_shared::evidence::{SignedManifest, SignedReceipt};
use keng_shared::file::FileRef;
use keng_shared::id::{PhotoId, RecordId};
use keng_shared::problem::{Problem, ProblemCode};
use keng_shared::record::PhotoRef;
use keng_shared::time::Millis;

/// Bytes in one chunk of an upload: 256 KiB, halved when something on the way refuses it.
pub(super) const CHUNK: u64 = 256 * 1024;
/// The smallest chunk.
const MIN_CHUNK: u64 = 16 * 1024;
/// How long bytes stay after the receipt, while there is room: a server that was restored from last night's backup can
/// be filled again.
pub(super) const KEEP_BYTES_MS: i64 = 2 * 86_400_000;
/// A signature that takes longer is asked for again.
const SIGN_AGAIN_MS: i64 = 60_000;
/// Failures of one upload after which it is set aside.
const MAX_UPLOAD_TRIES: u32 = 5;

impl Engine {
    pub(super) fn photo_taken(&mut self, turn: &mut Turn, capture: Capture) {
        let (id, record_id) = (capture.photo_id, capture.record_id);
        if self.photos.contains_key(&id) {
            return;
        }
        self.note(turn, "photo_taken", Some(capture.size as i64), None);
        let photo = Photo::taken(capture);
        let listed = PhotoRef::from(&photo);
        let file = photo.listed_file();
        self.photos.insert(id, photo);
        self.mark(Row::Photo(id));
        if let Some(file) = file {
            return self.file_taken(turn, record_id, file);
        }
        if let Some(stored) = self.drafts.get_mut(&record_id) {
            stored.draft.photos.push(listed);
            self.mark(Row::Draft(record_id));
        } else if let Some(patrol) = self.patrol.as_mut().filter(|p| p.head().id == record_id) {
            patrol.list(listed);
            self.patrol_changed(turn);
        } else if let Some(draft) = self.edit(record_id) {
            self.enqueue_record(turn, draft);
        }
    }

    fn file_taken(&mut self, turn: &mut Turn, record_id: RecordId, file: FileRef) {
        if let Some(stored) = self.drafts.get_mut(&record_id) {
            stored.draft.files.push(file);
            self.mark(Row::Draft(record_id));
        } else if let Some(draft) = self.edit(record_id) {
            self.enqueue_record(turn, draft);
        }
    }

    pub(super) fn photo_removed(&mut self, turn: &Turn, id: PhotoId) {
        self.note(turn, "photo_removed", None, None);
        let Some(record_id) = self.photos.get(&id).map(|photo| photo.capture.record_id) else {
            return;
        };
        self.forget_photo(id);
        if let Some(stored) = self.drafts.get_mut(&record_id) {
            stored.draft.photos.retain(|photo| photo.id != id);
            stored.draft.files.retain(|file| file.id != id);
            self.mark(Row::Draft(record_id));
        }
        if let Some(patrol) = self.patrol.as_mut().filter(|p| p.head().id == record_id) {
            patrol.unlist(id);
            self.mark(Row::Patrol);
        }
    }

    /// Takes a file out of a record, wherever its bytes are; the record is sent again when the person says so.
    pub(super) fn file_removed(&mut self, turn: &Turn, record_id: RecordId, id: PhotoId) {
        self.note(turn, "file_removed", None, None);
        self.forget_photo(id);
        if let Some(mut draft) = self.edit(record_id) {
            draft.files.retain(|file| file.id != id);
            self.draft_changed(turn, draft);
        }
    }

    /// Photos of a form that was thrown away and never sent.
    pub(super) fn drop_loose_photos(&mut self, record_id: RecordId) {
        let is_loose = |photo: &&Photo| {
            photo.capture.record_id == record_id
                && !self
                    .items
                    .contains_key(&ItemKey::Announce(photo.capture.photo_id))
        };
        let loose: Vec<_> = self
            .photos
            .values()
            .filter(is_loose)
            .map(|p| p.capture.photo_id)
            .collect();
        for id in loose {
            self.forget_photo(id);
        }
    }

    pub(super) fn forget_photo(&mut self, id: PhotoId) {
        self.remove_item(ItemKey::Announce(id));
        self.remove_item(ItemKey::Upload(id));
        if self.photos.remove(&id).is_some() {
            self.mark(Row::Photo(id));
            self.mark(Row::Blob(id));
        }
        self.signing.take_if(|(signing, _)| *signing == id);
    }

    /// One manifest is signed at a time: each names the one before.
    pub(super) fn sign_next(&mut self, turn: &Turn) {
        let is_asked = |(_, at): &(PhotoId, Millis)| (0..SIGN_AGAIN_MS).contains(&turn.now.since(*at));
        if self.signing.as_ref().is_some_and(is_asked) {
            return;
        }
        let waits = |id: PhotoId| self.item_waits(ItemKey::Announce(id), turn.now);
        let unsigned = |photo: &&Photo| photo.signed.is_none() && !waits(photo.capture.photo_id);
        let Some(photo) = self.photos.values().find(unsigned) else {
            return;
        };
        let manifest = self
            .chain
            .link(&photo.capture, self.owner.device_id, self.owner.user_id);
        self.signing = Some((manifest.photo_id, turn.now));
        self.effects.push(Effect::Sign {
            manifest: Box::new(manifest),
        });
    }

    pub(super) fn signed(&mut self, turn: &Turn, signed: SignedManifest) {
        let id = signed.manifest.photo_id;
        let is_file = signed.manifest.is_file();
        let is_next = signed.manifest.seq == self.chain.seq + 1 && signed.manifest.prev == self.chain.head;
        let Some(photo) = self.photos.get_mut(&id).filter(|photo| photo.signed.is_none()) else {
            return;
        };
        if !is_next && !is_file {
            return;
        }
        self.signing.take_if(|(signing, _)| *signing == id);
        if !is_file {
            self.chain = Chain {
                seq: signed.manifest.seq,
                head: signed.manifest.digest(),
            };
        }
        let record_id = photo.capture.record_id;
        photo.signed = Some(signed);
        self.note(turn, "signed", None, None);
        self.mark(Row::Photo(id));
        if !is_file {
            self.mark(Row::Meta(Meta::Chain));
        }
        self.queue_photos(record_id);
    }

    pub(super) fn sign_failed(&mut self, turn: &Turn, id: PhotoId) {
        self.note(turn, "sign_failed", None, None);
        self.signing.take_if(|(signing, _)| *signing == id);
        self.pauses.or_default(ItemKey::Announce(id)).failed(turn, None);
    }

    pub(super) fn next_upload(&mut self, turn: &Turn) {
        let ready = self
            .items
            .values()
            .filter(|item| item.is_waiting() && !self.item_waits(item.key, turn.now))
            .filter_map(|item| match item.key {
                ItemKey::Upload(photo) if self.is_announced(photo) => Some((item.order, photo)),
                _ => None,
            })
            .min();
        let photo = ready.and_then(|(_, id)| self.photos.get(&id));
        let Some(photo) = photo else { return };
        let capture = &photo.capture;
        let (photo_id, call) = (
            capture.photo_id,
            Call::Upload {
                photo_id: capture.photo_id,
                mime: capture.mime.clone(),
                size: capture.size,
                sha256: capture.sha256.clone(),
                chunk: self.chunk,
            },
        );
        self.send(turn, FlightKind::Upload(photo_id), call);
    }

    fn is_announced(&self, photo: PhotoId) -> bool {
        self.items
            .get(&ItemKey::Announce(photo))
            .is_some_and(|item| matches!(item.state, ItemState::Accepted { .. }))
    }

    pub(super) fn uploaded(&mut self, turn: &Turn, id: PhotoId, receipt: SignedReceipt) {
        let key = ItemKey::Upload(id);
        let Some(photo) = self.photos.get_mut(&id) else {
            return;
        };
        let Some(item) = self.items.get_mut(&key) else {
            return;
        };
        if photo.fits(&receipt) {
            photo.receipt = Some(receipt);
            photo.received_at = Some(turn.now);
            item.state = turn.accepted();
            self.last_sent_at = Some(turn.now);
            self.mark(Row::Meta(Meta::LastSent));
            self.note(turn, "receipt", None, None);
        } else {
            item.state = ItemState::SetAside {
                reason: Reason::WrongReceipt,
                at: turn.now,
            };
            self.note(turn, "wrong_receipt", None, None);
        }
        self.pauses.remove(&key);
        self.mark(Row::Photo(id));
        self.mark(Row::Item(key));
        self.wants.held = true;
        self.wants.pull = true;
        self.sweep_photos(turn.now);
    }

    pub(super) fn bytes_missing(&mut self, turn: &Turn, id: PhotoId) {
        self.note(turn, "bytes_missing", None, None);
        self.set_upload_aside(turn, id, Reason::BytesMissing);
    }

    pub(super) fn upload_refused(
        &mut self,
        turn: &mut Turn,
        id: PhotoId,
        problem: Problem,
        retry_after_ms: Option<i64>,
    ) {
        let key = ItemKey::Upload(id);
        let tries = self.pauses.get(&key).map_or(0, |retry| retry.tries);
        match problem.code {
            ProblemCode::TooLarge if self.chunk > MIN_CHUNK => self.chunk /= 2,
            ProblemCode::Busy
            | ProblemCode::TooManyRequests
            | ProblemCode::StorageFull
            | ProblemCode::Internal => {
                self.pauses.or_default(key).failed(turn, retry_after_ms);
                self.link = super::Link::Trouble(problem.code);
            }
            ProblemCode::NotFound if tries < MAX_UPLOAD_TRIES => {
                // The server does not know the announcement any more.
                self.pauses.or_default(key).failed(turn, None);
                let op = turn.op_id();
                if let Some(item) = self.items.get_mut(&ItemKey::Announce(id)) {
                    item.renew(op, None);
                    self.mark(Row::Item(ItemKey::Announce(id)));
                }
            }
            ProblemCode::OffsetMismatch | ProblemCode::ChecksumMismatch if tries < MAX_UPLOAD_TRIES => {
                self.pauses.or_default(key).failed(turn, None);
            }
            _ => self.set_upload_aside(turn, id, Reason::Refused(Box::new(problem))),
        }
    }

    fn set_upload_aside(&mut self, turn: &Turn, id: PhotoId, reason: Reason) {
        let key = ItemKey::Upload(id);
        if let Some(item) = self
            .items
            .get_mut(&key)
            .filter(|item: &&mut Item| item.is_waiting())
        {
            // Sent again to a restored server, it was acknowledged once and needs no mending by the person.
            item.state = if item.recovered {
                turn.accepted()
            } else {
                ItemState::SetAside { reason, at: turn.now }
            };
            self.pauses.remove(&key);
            self.mark(Row::Item(key));
        }
    }

    /// Deletes bytes whose receipt is durable on the phone: after two days, or at once when the phone is filling up.
    pub(super) fn sweep_photos(&mut self, now: Millis) {
        let is_tight = self.gauge.is_some_and(|gauge| gauge.level() > StorageLevel::Fine);
        let is_done = |photo: &&mut Photo| {
            let received = photo.receipt.as_ref().and(photo.received_at);
            photo.bytes == PhotoBytes::Here
                && received.is_some_and(|at| is_tight || now.since(at) > KEEP_BYTES_MS)
        };
        let mut deleted = Vec::new();
        for photo in self.photos.values_mut().filter(is_done) {
            photo.bytes = PhotoBytes::Deleted;
            deleted.push(photo.capture.photo_id);
        }
        for id in deleted {
            self.mark(Row::Photo(id));
            self.mark(Row::Blob(id));
        }
    }
}
