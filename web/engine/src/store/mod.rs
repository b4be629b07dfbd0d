//! Where the engine's state lives between steps: rows of JSON in a few tables, and photos as blobs.
//!
//! A [`Batch`] is written whole or not at all. The engine never reads the store while it runs; it is opened from one
//! [`Snapshot`] and from then on only writes, so the store is always the state after some earlier step.

mod memory;

pub use memory::MemoryStore;

use keng_shared::id::PhotoId;
use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;

/// A table of rows. In IndexedDB each is an object store of its own with the key out of line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Single values: version, owner, cursor, clock, chain, scope, held.
    Meta,
    /// Forms that were not sent, by record.
    Drafts,
    /// The outbox, by item.
    Items,
    /// The server's records, by record.
    Records,
    /// What is known about photos, by photo; the bytes are blobs.
    Photos,
    /// The running patrol.
    Patrol,
    /// The journal, a ring.
    Journal,
}

impl Table {
    /// All tables.
    pub const ALL: &'static [Self] = &[
        Self::Meta,
        Self::Drafts,
        Self::Items,
        Self::Records,
        Self::Photos,
        Self::Patrol,
        Self::Journal,
    ];

    /// Its name in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Drafts => "drafts",
            Self::Items => "items",
            Self::Records => "records",
            Self::Photos => "photos",
            Self::Patrol => "patrol",
            Self::Journal => "journal",
        }
    }
}

/// Name of the object store for photo bytes.
pub const BLOBS: &str = "blobs";

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Writes a row, replacing one with the same key.
    Put {
        /// Where.
        table: Table,
        /// Key.
        key: String,
        /// JSON.
        value: String,
    },
    /// Deletes a row, if there is one.
    Delete {
        /// Where.
        table: Table,
        /// Key.
        key: String,
    },
    /// Deletes the bytes of a photo, if they are there.
    DeletePhoto(PhotoId),
    /// Deletes everything.
    Wipe,
}

/// Changes that are written in one transaction, in this order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batch(pub Vec<Write>);

/// Every row of every table, by key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snapshot {
    /// Rows.
    pub rows: BTreeMap<Table, BTreeMap<String, String>>,
    /// Photos whose bytes are there.
    pub photos: Vec<PhotoId>,
}

impl Snapshot {
    /// The rows of one table.
    pub fn table(&self, table: Table) -> impl Iterator<Item = (&str, &str)> {
        let rows = self.rows.get(&table).into_iter().flatten();
        rows.map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// One row.
    pub fn row(&self, table: Table, key: &str) -> Option<&str> {
        self.rows.get(&table)?.get(key).map(String::as_str)
    }
}

/// Why the store did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// No room.
    Full,
    /// The connection broke; opening again may help.
    Closed(String),
    /// Anything else, in the store's own words.
    Failed(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => write!(f, "the phone's storage is full"),
            Self::Closed(why) => write!(f, "the phone's storage was closed: {why}"),
            Self::Failed(why) => write!(f, "the phone's storage failed: {why}"),
        }
    }
}

impl std::error::Error for StoreError {}

/// A store for one person on one device. Futures need not be `Send`: a page has one thread.
pub trait LocalStore {
    /// Writes a batch, whole or not at all, and returns when it is durable.
    fn apply(&self, batch: &Batch) -> impl Future<Output = Result<(), StoreError>>;

    /// Reads everything but the bytes of photos.
    fn load(&self) -> impl Future<Output = Result<Snapshot, StoreError>>;

    /// Stores the bytes of a photo and returns when they are durable.
    fn put_photo(
        &self,
        id: PhotoId,
        mime: &str,
        bytes: &[u8],
    ) -> impl Future<Output = Result<(), StoreError>>;

    /// The bytes of a photo.
    fn photo(&self, id: PhotoId) -> impl Future<Output = Result<Option<Vec<u8>>, StoreError>>;
}
