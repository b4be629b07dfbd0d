//! "My records": what this phone wrote and what the server has, as one list.

use crate::engine::Engine;
use crate::item::{Item, ItemKey, ItemState, Reason};
use crate::photo::Photo;
use crate::sorted::{SortedMap, SortedSet};
use keng_shared::id::{AreaId, PhotoId, RecordId};
use keng_shared::order;
use keng_shared::record::{PersonName, PhotoState, RecordDraft, RecordStatus, RecordView, Review, Verdict};
use keng_shared::time::{LocalDate, Millis};

/// One of the person's records.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordEntry {
    /// The record.
    pub id: RecordId,
    /// Id of its kind; possibly one that this app does not know.
    pub kind: String,
    /// Where.
    pub area_id: AreaId,
    /// Start.
    pub started_at: Millis,
    /// The date that it belongs to.
    pub local_date: Option<LocalDate>,
    /// Where it stands.
    pub stage: Stage,
    /// Its newest content on this phone, unless the server's is newer.
    pub draft: Option<RecordDraft>,
    /// What the server has, if it was pulled.
    pub server: Option<RecordView>,
    /// Its photos in their order.
    pub photos: Vec<PhotoEntry>,
    /// Its files in their order.
    pub files: Vec<FileEntry>,
    /// Track segments that the server does not have yet.
    pub segments_waiting: usize,
    /// Segments that were set aside, with the reason.
    pub segments_set_aside: Vec<(ItemKey, Reason)>,
}

/// Where a record stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// A form that was not sent.
    Draft,
    /// Waits for the network.
    Queued,
    /// On its way.
    Sending,
    /// With the server, waits for review (or still goes on, for a patrol).
    Sent,
    /// Accepted by an officer.
    Accepted,
    /// Returned by an officer, with words; without them, it is a photo of it that was returned.
    Returned(Option<Review>),
    /// Somebody else has done it before; by whom, if the server said.
    Superseded(Option<PersonName>),
    /// Cannot be sent as it is.
    SetAside(Reason),
    /// Withdrawn.
    Withdrawn,
}

/// One photo of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotoEntry {
    /// The photo.
    pub id: PhotoId,
    /// Words under it.
    pub caption: String,
    /// Where it stands.
    pub stage: PhotoStage,
    /// Whether the bytes are in the phone's store.
    pub is_here: bool,
}

/// One file of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct FileEntry {
    /// The file.
    pub id: PhotoId,
    /// Its name.
    pub name: String,
    /// Its bytes, as far as they are known.
    pub size: Option<u64>,
    /// Where it stands.
    pub stage: PhotoStage,
    /// Whether the bytes are in the phone's store.
    pub is_here: bool,
}

/// Where a photo or a file stands.
#[derive(Debug, Clone, PartialEq)]
pub enum PhotoStage {
    /// On the phone only; waits for its form or for the network.
    Waiting,
    /// On its way.
    Sending,
    /// The server holds it.
    Held,
    /// Returned by an officer, with words.
    Returned(Option<Review>),
    /// Cannot be sent as it is.
    SetAside(Reason),
}

impl RecordEntry {
    /// Whether it waits for the person.
    pub fn wants_mending(&self) -> bool {
        matches!(self.stage, Stage::SetAside(_) | Stage::Returned(_))
            || !self.segments_set_aside.is_empty()
            || self
                .photos
                .iter()
                .map(|photo| &photo.stage)
                .chain(self.files.iter().map(|file| &file.stage))
                .any(|stage| matches!(stage, PhotoStage::SetAside(_)))
    }
}

impl Engine {
    /// The person's own records, the latest start first.
    pub fn entries(&self) -> Vec<RecordEntry> {
        let mut ids: SortedSet<RecordId> = self.drafts.keys().copied().collect();
        ids.extend(self.items.values().map(|item| item.record_id));
        let mine = self
            .records
            .values()
            .filter(|r| r.view.author.id == self.owner().user_id);
        ids.extend(mine.map(|stored| stored.view.id));
        let parts = self.parts();
        let none = Vec::new();
        let mut entries: Vec<_> = ids
            .into_iter()
            .filter_map(|id| self.entry_with(id, parts.get(&id).unwrap_or(&none)))
            .collect();
        order::sort_by(&mut entries, |a, b| {
            (b.started_at, b.id).cmp(&(a.started_at, a.id))
        });
        entries
    }

    /// One of the person's own records.
    pub fn entry(&self, id: RecordId) -> Option<RecordEntry> {
        let parts: Vec<_> = self.items.values().filter(|item| item.record_id == id).collect();
        self.entry_with(id, &parts)
    }

    /// Records of others that this phone may hold, the latest start first.
    pub fn team_records(&self) -> Vec<&RecordView> {
        let others = self.records.values().map(|stored| &stored.view);
        let mut others: Vec<_> = others
            .filter(|view| view.author.id != self.owner().user_id)
            .collect();
        order::sort_by(&mut others, |a, b| {
            (b.started_at, b.id).cmp(&(a.started_at, a.id))
        });
        others
    }

    fn parts(&self) -> SortedMap<RecordId, Vec<&Item>> {
        let mut parts: SortedMap<RecordId, Vec<&Item>> = SortedMap::default();
        for item in self.items.values() {
            parts.or_default(item.record_id).push(item);
        }
        parts
    }

    fn entry_with(&self, id: RecordId, parts: &[&Item]) -> Option<RecordEntry> {
        let item = self.items.get(&ItemKey::Record(id));
        let server = self.records.get(&id).map(|stored| &stored.view);
        let draft = self.edit(id);
        let stage = self.stage(id, item, server);
        let segments = || {
            parts
                .iter()
                .filter(|part| matches!(part.key, ItemKey::Segment(_)))
        };
        let set_aside = segments().filter_map(|part| match &part.state {
            ItemState::SetAside { reason, .. } => Some((part.key, reason.clone())),
            _ => None,
        });
        let (kind, area_id, started_at) = match (&draft, server) {
            (Some(draft), _) => (draft.kind.clone(), draft.area_id, draft.started_at),
            (None, Some(view)) => (view.kind.clone(), view.area_id, view.started_at),
            // A withdrawn record of which only the withdrawal is left.
            (None, None) => return None,
        };
        Some(RecordEntry {
            id,
            kind,
            area_id,
            started_at,
            local_date: server
                .map(|view| view.local_date)
                .or_else(|| draft.as_ref().and_then(|draft| self.local_date(draft))),
            stage,
            photos: self.photo_entries(draft.as_ref(), server),
            files: self.file_entries(draft.as_ref(), server),
            segments_waiting: segments().filter(|part| part.is_waiting()).count(),
            segments_set_aside: set_aside.collect(),
            draft,
            server: server.cloned(),
        })
    }

    fn stage(&self, id: RecordId, item: Option<&Item>, server: Option<&RecordView>) -> Stage {
        if let Some(item) = item {
            match &item.state {
                ItemState::SetAside { reason, .. } => return Stage::SetAside(reason.clone()),
                ItemState::Superseded { problem, .. } => {
                    return Stage::Superseded(super::broadcasts::holder(problem).map(|holder| holder.by));
                }
                ItemState::Queued => return Stage::Queued,
                ItemState::Sending if item.next.is_some() => return Stage::Queued,
                ItemState::Sending if self.is_in_flight(item.key) => return Stage::Sending,
                ItemState::Sending => return Stage::Queued,
                ItemState::Accepted { .. } if !self.is_saved(item.key) => return Stage::Sending,
                ItemState::Accepted { .. } => {}
            }
        }
        if self.drafts.contains_key(&id) {
            return Stage::Draft;
        }
        let is_withdrawn = item.is_some_and(|item| item.work.is_withdrawal());
        match server.map(|view| view.status) {
            _ if is_withdrawn => Stage::Withdrawn,
            Some(RecordStatus::Withdrawn) => Stage::Withdrawn,
            Some(RecordStatus::Accepted) => Stage::Accepted,
            Some(RecordStatus::Returned) if !self.is_newer_than(item, server) => {
                Stage::Returned(server.and_then(|view| view.review.clone()))
            }
            Some(RecordStatus::Submitted) if self.has_returned_photo(item, server) => Stage::Returned(None),
            _ => Stage::Sent,
        }
    }

    /// Whether this phone had a later revision acknowledged than the one that was pulled.
    fn is_newer_than(&self, item: Option<&Item>, server: Option<&RecordView>) -> bool {
        item.and_then(|item| item.revision) > server.map(|view| view.revision)
    }

    /// Whether a photo was returned since the person last sent the record. A record that was sent again is answered,
    /// although the photo stays what the officer said about it.
    fn has_returned_photo(&self, item: Option<&Item>, server: Option<&RecordView>) -> bool {
        let sent_at = item.and_then(|item| match item.state {
            ItemState::Accepted { at } => Some(at.plus(self.clock.offset_ms.unwrap_or(0))),
            _ => None,
        });
        let photos = server.map(|view| view.photos.as_slice()).unwrap_or_default();
        let mut verdicts = photos.iter().filter_map(|photo| photo.review.as_ref());
        !self.is_newer_than(item, server)
            && verdicts.any(|review| {
                review.verdict == Verdict::Returned && sent_at.is_none_or(|sent_at| sent_at < review.at)
            })
    }

    fn photo_entries(&self, draft: Option<&RecordDraft>, server: Option<&RecordView>) -> Vec<PhotoEntry> {
        let listed: Vec<(PhotoId, String)> = match (draft, server) {
            (Some(draft), _) => draft.photos.iter().map(|p| (p.id, p.caption.clone())).collect(),
            (None, Some(view)) => view.photos.iter().map(|p| (p.id, p.caption.clone())).collect(),
            (None, None) => Vec::new(),
        };
        let entries = listed.into_iter().map(|(id, caption)| PhotoEntry {
            id,
            caption,
            stage: self.photo_stage(id, server),
            is_here: self.photos.get(&id).is_some_and(Photo::is_here),
        });
        entries.collect()
    }

    fn file_entries(&self, draft: Option<&RecordDraft>, server: Option<&RecordView>) -> Vec<FileEntry> {
        let listed: Vec<(PhotoId, String)> = match (draft, server) {
            (Some(draft), _) => draft
                .files
                .iter()
                .map(|file| (file.id, file.name.clone()))
                .collect(),
            (None, Some(view)) => view
                .files
                .iter()
                .map(|file| (file.id, file.name.clone()))
                .collect(),
            (None, None) => Vec::new(),
        };
        let seen = server.map(|view| view.files.as_slice()).unwrap_or_default();
        let entries = listed.into_iter().map(|(id, name)| {
            let here = self.photos.get(&id);
            FileEntry {
                id,
                name,
                size: here
                    .map(|photo| photo.capture.size)
                    .or_else(|| seen.iter().find(|file| file.id == id)?.size),
                stage: self.photo_stage(id, server),
                is_here: here.is_some_and(Photo::is_here),
            }
        });
        entries.collect()
    }

    fn photo_stage(&self, id: PhotoId, server: Option<&RecordView>) -> PhotoStage {
        let seen = server.and_then(|view| view.photos.iter().find(|photo| photo.id == id));
        if let Some(review) = seen.and_then(|photo| photo.review.clone())
            && review.verdict == Verdict::Returned
        {
            return PhotoStage::Returned(Some(review));
        }
        for key in [ItemKey::Upload(id), ItemKey::Announce(id)] {
            match self.items.get(&key).map(|item| &item.state) {
                Some(ItemState::SetAside { reason, .. }) => return PhotoStage::SetAside(reason.clone()),
                Some(_) if self.is_in_flight(key) => return PhotoStage::Sending,
                _ => {}
            }
        }
        let has_receipt = self.photos.get(&id).is_some_and(|photo| photo.receipt.is_some());
        let is_held = server.is_some_and(|view| view.attached().any(|seen| seen == (id, PhotoState::Held)));
        if (has_receipt && self.is_saved(ItemKey::Upload(id))) || is_held {
            PhotoStage::Held
        } else {
            PhotoStage::Waiting
        }
    }
}
