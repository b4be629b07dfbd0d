//! Opening an engine from what the store holds, and bringing older stores up to date.

use super::inbox::InboxState;
use super::rows::{Meta, RUNNING, Row, Rows};
use super::{Engine, Link, Owner, PullState, Retry, Session, Wants};
use crate::item::{Item, ItemState, Reason};
use crate::journal::Journal;
use crate::photo::{Chain, Photo, PhotoBytes};
use crate::sorted::{SortedMap, SortedSet};
use crate::store::{Snapshot, Table};
use keng_shared::evidence::CHAIN_START;
use keng_shared::json::FromJson;
use keng_shared::sync::MAX_OPS;
use keng_shared::track::GapReason;
use std::fmt;
use std::str::FromStr;

/// Version of the stored rows. A change of their form adds a step to [`UPGRADES`].
pub(super) const VERSION: u32 = 1;

/// The step at index `n` brings rows of version `n + 1` to version `n + 2`.
const UPGRADES: &[Upgrade] = &[];

type Upgrade = fn(&mut Snapshot);

/// Why a store cannot be opened. Nothing in it is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenError {
    /// A newer app wrote it; this one must be updated first.
    Newer {
        /// Its version.
        version: u32,
    },
    /// It belongs to another person or device.
    SomebodyElses,
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer { version } => write!(f, "a newer app (version {version}) wrote this store"),
            Self::SomebodyElses => write!(f, "this store belongs to another person or device"),
        }
    }
}

impl std::error::Error for OpenError {}

impl Engine {
    /// The engine with the state of the store. A row that cannot be read stays where it is and is counted.
    pub fn open(mut snapshot: Snapshot, owner: Owner) -> Result<Self, OpenError> {
        let version = upgrade(&mut snapshot, VERSION, UPGRADES)?;
        let meta = |meta: Meta| snapshot.row(Table::Meta, meta.key());
        if meta(Meta::Owner)
            .and_then(read::<Owner>)
            .is_some_and(|known| known != owner)
        {
            return Err(OpenError::SomebodyElses);
        }
        let mut unreadable = 0;
        let mut items: SortedMap<_, Item> = SortedMap::default();
        for item in values::<Item>(&snapshot, Table::Items, &mut unreadable) {
            items.insert(item.key, item);
        }
        let patrol = snapshot.row(Table::Patrol, RUNNING);
        let mut engine = Self {
            owner,
            drafts: table(&snapshot, Table::Drafts, &mut unreadable),
            photos: table(&snapshot, Table::Photos, &mut unreadable),
            records: table(&snapshot, Table::Records, &mut unreadable),
            patrol: patrol.and_then(read),
            scope: meta(Meta::Scope).and_then(read),
            held: meta(Meta::Held).and_then(read),
            clock: meta(Meta::Clock).and_then(read).unwrap_or_default(),
            last_sent_at: meta(Meta::LastSent).and_then(read),
            inbox: meta(Meta::Inbox).and_then(read),
            inbox_state: meta(Meta::InboxState)
                .and_then(read)
                .unwrap_or_else(InboxState::default),
            chain: meta(Meta::Chain).and_then(read).unwrap_or(Chain {
                seq: 0,
                head: CHAIN_START.to_owned(),
            }),
            pull: meta(Meta::Pull).and_then(read).unwrap_or_else(PullState::default),
            next_order: items.values().map(|item| item.order + 1).max().unwrap_or(0),
            items,
            gauge: None,
            link: Link::Unknown,
            unreadable,
            rows: Rows::default(),
            reach: SortedSet::default(),
            session: Session::NeedsRefresh,
            wants: Wants::default(),
            call: None,
            upload: None,
            plan: None,
            pauses: SortedMap::default(),
            call_retry: Retry::default(),
            refused_tokens: 0,
            scope_rounds: 0,
            max_ops: MAX_OPS,
            chunk: super::photos::CHUNK,
            signing: None,
            next_request: 0,
            wake_at: None,
            journal: Journal::load(values(&snapshot, Table::Journal, &mut 0)),
            effects: Vec::new(),
        };
        engine.unreadable += usize::from(patrol.is_some() && engine.patrol.is_none());
        engine.reach = super::pull::reach(engine.scope.as_deref());
        engine.rewrite_after_upgrade(version);
        engine.settle_bytes(&snapshot);
        engine.settle_patrol();
        Ok(engine)
    }

    /// An upgraded store is written back whole.
    fn rewrite_after_upgrade(&mut self, version: Option<u32>) {
        if version == Some(VERSION) {
            return;
        }
        self.mark(Row::Meta(Meta::Version));
        self.mark(Row::Meta(Meta::Owner));
        if version.is_some() {
            let rows = self.drafts.keys().map(|id| Row::Draft(*id));
            let rows = rows.chain(self.items.keys().map(|key| Row::Item(*key)));
            let rows = rows.chain(self.photos.keys().map(|id| Row::Photo(*id)));
            let rows: Vec<_> = rows
                .chain(self.records.keys().map(|id| Row::Record(*id)))
                .collect();
            rows.into_iter().for_each(|row| self.mark(row));
            self.mark(Row::Patrol);
        }
    }

    /// Bytes that nobody names were stored by a page that was killed before it could say so: the person never saw that
    /// photo. Bytes that are gone were removed by the browser: that is told.
    fn settle_bytes(&mut self, snapshot: &Snapshot) {
        let here: SortedSet<_> = snapshot.photos.iter().copied().collect();
        for id in here.iter() {
            let is_wanted = self
                .photos
                .get(id)
                .is_some_and(|photo| photo.bytes == PhotoBytes::Here);
            if !is_wanted {
                self.mark(Row::Blob(*id));
            }
        }
        let is_lost =
            |photo: &&Photo| photo.bytes == PhotoBytes::Here && !here.contains(&photo.capture.photo_id);
        let lost: Vec<_> = self
            .photos
            .values()
            .filter(is_lost)
            .map(|p| p.capture.photo_id)
            .collect();
        for id in lost {
            self.bytes_lost(id);
        }
    }

    fn bytes_lost(&mut self, id: keng_shared::id::PhotoId) {
        let key = crate::item::ItemKey::Upload(id);
        if let Some(item) = self.items.get_mut(&key)
            && item.is_waiting()
        {
            item.state = ItemState::SetAside {
                reason: Reason::BytesMissing,
                at: self.last_sent_at.unwrap_or_default(),
            };
            self.mark(Row::Item(key));
        }
        if let Some(photo) = self.photos.get_mut(&id)
            && photo.receipt.is_some()
        {
            photo.bytes = PhotoBytes::Deleted;
            self.mark(Row::Photo(id));
        }
    }

    /// A patrol that runs in the store was running when the app was closed.
    fn settle_patrol(&mut self) {
        let Some(patrol) = &mut self.patrol else {
            return;
        };
        let segment = patrol.recorder.interrupt(GapReason::AppClosed);
        self.mark(Row::Patrol);
        if let Some(segment) = segment {
            self.queue_segment(segment);
        }
    }
}

fn read<V: FromJson>(text: &str) -> Option<V> {
    keng_shared::json::read(text.as_bytes()).ok()
}

/// The rows of a table by their keys. A row that cannot be read stays where it is and is counted.
fn table<K: FromStr + Ord, V: FromJson>(
    snapshot: &Snapshot,
    table: Table,
    unreadable: &mut usize,
) -> SortedMap<K, V> {
    let mut rows = SortedMap::default();
    for (key, value) in snapshot.table(table) {
        match (key.parse(), read(value)) {
            (Ok(key), Some(value)) => rows.insert(key, value),
            _ => *unreadable += 1,
        }
    }
    rows
}

/// The rows of a table whose key is in the value too.
fn values<V: FromJson>(snapshot: &Snapshot, table: Table, unreadable: &mut usize) -> Vec<V> {
    let mut all = Vec::new();
    for (_, value) in snapshot.table(table) {
        match read(value) {
            Some(value) => all.push(value),
            None => *unreadable += 1,
        }
    }
    all
}

/// Brings the rows to version `to`; returns the version that they had, or none for a new store.
fn upgrade(snapshot: &mut Snapshot, to: u32, steps: &[Upgrade]) -> Result<Option<u32>, OpenError> {
    let Some(version) = snapshot
        .row(Table::Meta, Meta::Version.key())
        .and_then(read::<u32>)
    else {
        return Ok(None);
    };
    if version > to {
        return Err(OpenError::Newer { version });
    }
    for step in steps.iter().skip(version.saturating_sub(1) as usize) {
        step(snapshot);
    }
    Ok(Some(version))
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::id::{DeviceId, UserId};
    use uuid::Uuid;

    const OWNER: Owner = Owner {
        user_id: UserId(Uuid::from_u128(1)),
        device_id: DeviceId(Uuid::from_u128(2)),
    };

    fn store(rows: &[(Table, &str, &str)]) -> Snapshot {
        let mut snapshot = Snapshot::default();
        for (table, key, value) in rows {
            let rows = snapshot.rows.entry(*table).or_default();
            rows.insert((*key).to_owned(), (*value).to_owned());
        }
        snapshot
    }

    #[test]
    fn a_store_of_a_newer_app_is_refused_and_not_touched() {
        let error = Engine::open(store(&[(Table::Meta, "version", "2")]), OWNER).unwrap_err();
        assert_eq!(error, OpenError::Newer { version: 2 });
    }

    #[test]
    fn a_store_of_another_person_is_refused() {
        let other = r#"{"user_id":"00000000-0000-0000-0000-000000000009","device_id":"00000000-0000-0000-0000-000000000002"}"#;
        let snapshot = store(&[(Table::Meta, "version", "1"), (Table::Meta, "owner", other)]);
        assert_eq!(
            Engine::open(snapshot, OWNER).unwrap_err(),
            OpenError::SomebodyElses
        );
    }

    #[test]
    fn upgrades_run_in_order_from_the_stored_version() {
        fn add(snapshot: &mut Snapshot, step: &str) {
            let rows = snapshot.rows.entry(Table::Meta).or_default();
            rows.entry("steps".into()).or_default().push_str(step);
        }
        let steps: [Upgrade; 3] = [|s| add(s, "1→2 "), |s| add(s, "2→3 "), |s| add(s, "3→4 ")];
        let mut snapshot = store(&[(Table::Meta, "version", "2")]);
        assert_eq!(upgrade(&mut snapshot, 4, &steps), Ok(Some(2)));
        assert_eq!(snapshot.row(Table::Meta, "steps"), Some("2→3 3→4 "));
    }

    #[test]
    fn there_is_an_upgrade_for_every_version() {
        assert_eq!(UPGRADES.len() + 1, VERSION as usize);
    }

    #[test]
    fn a_row_that_cannot_be_read_stays_and_is_counted() {
        let snapshot = store(&[
            (Table::Meta, "version", "1"),
            (Table::Items, "record:x", "{broken"),
        ]);
        let mut engine = Engine::open(snapshot, OWNER).unwrap();
        assert_eq!(engine.unreadable, 1);
        let moment = crate::Moment {
            now: keng_shared::time::Millis(0),
            fresh: Uuid::from_u128(5),
        };
        let effects = engine.step(moment, crate::Event::Started);
        let touched = effects.iter().any(|effect| {
            matches!(effect, crate::Effect::Persist { batch, .. } if batch.0.iter().any(|w|
                matches!(w, crate::store::Write::Delete { table: Table::Items, .. })))
        });
        assert!(!touched);
    }
}
