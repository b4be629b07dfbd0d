//! "The server holds 12/12 records, 31/31 photos of today": what the phone knows of against what the server names.

use crate::engine::Engine;
use crate::item::ItemKey;
use crate::sorted::SortedSet;
use keng_shared::id::{PhotoId, RecordId, SegmentId};
use keng_shared::record::RecordStatus;
use keng_shared::time::{LocalDate, Millis};

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Held by the server.
    pub held: usize,
    /// Known to the phone.
    pub all: usize,
}

/// What the server holds of the person's work of one date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldNumbers {
    /// The date.
    pub date: LocalDate,
    /// When the server said so, by its clock; none if it was not asked yet.
    pub asked_at: Option<Millis>,
    /// Records.
    pub records: Count,
    /// Track segments.
    pub segments: Count,
    /// Photos.
    pub photos: Count,
}

impl HeldNumbers {
    /// Whether the server holds everything.
    pub fn is_complete(&self) -> bool {
        [self.records, self.segments, self.photos]
            .iter()
            .all(|count| count.held == count.all)
    }
}

impl Engine {
    /// What the server holds of the person's work of the date that it is now in Việt Nam.
    pub fn held_today(&self, now: Millis) -> Option<HeldNumbers> {
        let date = self.clock.correct(now).local_date()?;
        let answer = self.held.as_ref().filter(|held| held.date == date);
        let records = self.records_of(date);
        let (segments, photos) = self.parts_of(&records);
        Some(HeldNumbers {
            date,
            asked_at: answer.map(|answer| answer.held.envelope.server_time),
            records: count(&records, answer.map(|answer| &answer.held.records)),
            segments: count(&segments, answer.map(|answer| &answer.held.segments)),
            photos: count(&photos, answer.map(|answer| &answer.held.photos)),
        })
    }

    /// The person's records of a date, without those that are withdrawn.
    fn records_of(&self, date: LocalDate) -> SortedSet<RecordId> {
        let own = self.items.values().filter_map(|item| match item.key {
            ItemKey::Record(id) if item.local_date == Some(date) && !item.is_withdrawn() => Some(id),
            _ => None,
        });
        let pulled = self.records.values().map(|stored| &stored.view);
        let pulled = pulled.filter(|view| {
            view.author.id == self.owner().user_id
                && view.local_date == date
                && view.status != RecordStatus::Withdrawn
                && !self.items.contains_key(&ItemKey::Record(view.id))
        });
        own.chain(pulled.map(|view| view.id)).collect()
    }

    fn parts_of(&self, records: &SortedSet<RecordId>) -> (SortedSet<SegmentId>, SortedSet<PhotoId>) {
        let segments = self.items.values().filter_map(|item| match item.key {
            ItemKey::Segment(id) if records.contains(&item.record_id) => Some(id),
            _ => None,
        });
        let listed = records.iter().flat_map(|id| {
            let newest = self
                .items
                .get(&ItemKey::Record(*id))
                .and_then(crate::item::Item::newest_draft);
            let of_draft = newest.into_iter().flat_map(|draft| draft.attached());
            let pulled = self.records.get(id).filter(|_| newest.is_none());
            let of_view = pulled
                .into_iter()
                .flat_map(|stored| stored.view.attached().map(|(id, _)| id));
            of_draft.chain(of_view)
        });
        (segments.collect(), listed.collect())
    }
}

fn count<Id: Ord + Copy>(known: &SortedSet<Id>, named: Option<&Vec<Id>>) -> Count {
    let named: SortedSet<_> = named.into_iter().flatten().copied().collect();
    Count {
        held: known.iter().filter(|id| named.contains(id)).count(),
        all: known.len(),
    }
}
