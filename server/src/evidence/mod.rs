//! Photos and tracks as evidence.
//!
//! * Bytes are judged by what they are ([`inspect`]), never by a name or a header that a client sent.
//! * Originals are written once and never changed ([`store`]); people look at [`renditions`], which carry no metadata.
//! * What a phone states is signed by its device ([`manifest`]); what the server answers is signed by the server
//!   ([`receipt`]).
//! * A doubt is a flag for the reviewer ([`flags`]), never a reason to lose evidence.
//!
//! Nothing in this folder knows HTTP or the database.

pub mod claims;
pub mod exif;
pub mod flags;
pub mod gpx;
pub mod inspect;
pub mod likeness;
pub mod manifest;
pub mod parts;
pub mod receipt;
pub mod renditions;
pub mod store;

use self::claims::Claims;
use self::parts::Parts;
use self::receipt::ReceiptKey;
use self::store::{PhotoStore, StoreError};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;

/// Pictures decoded at the same time.
const DECODERS: usize = 2;
/// Whole photos of uploads in memory at the same time.
const ASSEMBLIES: usize = 8;

/// Everything that photos need beside the database.
pub struct Evidence {
    /// Originals and renditions.
    pub store: PhotoStore,
    /// Bytes of uploads under way.
    pub parts: Parts,
    /// Who works on which upload.
    pub claims: Claims,
    /// Signs receipts.
    pub key: Arc<ReceiptKey>,
    /// Permits to decode a picture.
    pub decoders: Arc<Semaphore>,
    /// Permits to hold a whole photo in memory.
    pub assemblies: Semaphore,
    /// Uploads being received now; background work waits for a quiet moment.
    receiving: AtomicUsize,
}

/// Counts an upload as being received while it lives.
pub struct Receiving<'a>(&'a AtomicUsize);

impl Drop for Receiving<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Why evidence cannot be kept here.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the folder of unfinished uploads: {0}")]
    Parts(#[from] std::io::Error),
    #[error("the receipt key does not have 32 bytes")]
    Key,
}

impl Evidence {
    /// Opens the store that `photo_store` names (`file:<directory>` or `s3://<bucket>/<prefix>`).
    pub fn open(photo_store: &str, data_dir: &Path, receipt_secret: &[u8]) -> Result<Self, OpenError> {
        Ok(Self {
            store: PhotoStore::open(photo_store)?,
            parts: Parts::open(&data_dir.join("uploads"))?,
            claims: Claims::default(),
            key: Arc::new(ReceiptKey::from_secret(receipt_secret).ok_or(OpenError::Key)?),
            decoders: Arc::new(Semaphore::new(DECODERS)),
            assemblies: Semaphore::new(ASSEMBLIES),
            receiving: AtomicUsize::new(0),
        })
    }

    /// Says that an upload is being received.
    pub fn receiving(&self) -> Receiving<'_> {
        self.receiving.fetch_add(1, Ordering::Relaxed);
        Receiving(&self.receiving)
    }

    /// Whether no upload is being received.
    pub fn is_quiet(&self) -> bool {
        self.receiving.load(Ordering::Relaxed) == 0
    }
}
