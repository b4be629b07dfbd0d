//! What the phone knows about a photo from the shutter to the receipt. A file of a record goes the same way under its name.

use keng_shared::evidence::{CHAIN_START, Manifest, Origin, SignedManifest, SignedReceipt};
use keng_shared::geo::Fix;
use keng_shared::id::{DeviceId, PhotoId, RecordId, UserId};
use keng_shared::json::{FromJson, ToJson};
use keng_shared::time::Millis;

/// What is known at the shutter. Place in the chain and signature follow.
#[derive(Debug, Clone, PartialEq, Eq, FromJson, ToJson)]
pub struct Capture {
    /// Made when the camera opens.
    pub photo_id: PhotoId,
    /// The record that lists it.
    pub record_id: RecordId,
    /// SHA-256 (hex) of the bytes in the store.
    pub sha256: String,
    /// Number of bytes.
    pub size: u64,
    /// Media type.
    pub mime: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// When, by the phone's clock.
    pub captured_at: Millis,
    /// Where from.
    pub origin: Origin,
    /// Position at the shutter.
    pub fix: Option<Fix>,
    /// Its name, where it is a file of the record and no photo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A photo on this phone.
#[derive(Debug, Clone, PartialEq, Eq, FromJson, ToJson)]
pub struct Photo {
    /// What is known since the shutter.
    pub capture: Capture,
    /// Its manifest; none until the device's key has signed it.
    pub signed: Option<SignedManifest>,
    /// The receipt; none until the server holds the bytes.
    pub receipt: Option<SignedReceipt>,
    /// When the receipt came, by the phone's clock.
    pub received_at: Option<Millis>,
    /// Whether the bytes are still here.
    pub bytes: PhotoBytes,
}

/// Whether the phone still has the bytes of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromJson, ToJson)]
pub enum PhotoBytes {
    /// In the phone's store.
    Here,
    /// Deleted after the receipt.
    Deleted,
}

impl Photo {
    /// A photo that was just taken.
    pub fn taken(capture: Capture) -> Self {
        Self {
            capture,
            signed: None,
            receipt: None,
            received_at: None,
            bytes: PhotoBytes::Here,
        }
    }

    /// Whether the phone still has the bytes.
    pub fn is_here(&self) -> bool {
        self.bytes == PhotoBytes::Here
    }

    /// Whether the receipt is for this photo, these bytes and this manifest.
    pub fn fits(&self, receipt: &SignedReceipt) -> bool {
        let receipt = &receipt.receipt;
        let manifest = self.signed.as_ref().map(|signed| signed.manifest.digest());
        receipt.photo_id == self.capture.photo_id
            && receipt.record_id == self.capture.record_id
            && receipt.sha256 == self.capture.sha256
            && receipt.size == self.capture.size
            && manifest.is_some_and(|digest| digest == receipt.manifest_sha256)
    }
}

/// The end of the device's chain of manifests.
#[derive(Debug, Clone, PartialEq, Eq, FromJson, ToJson)]
pub(crate) struct Chain {
    /// Number of the last manifest; 0 before the first.
    pub seq: u64,
    /// Its digest.
    pub head: String,
}

impl Chain {
    /// The manifest of a capture: of a photo as the next link, of a file outside of the chain.
    pub fn link(&self, capture: &Capture, device_id: DeviceId, user_id: UserId) -> Manifest {
        let (seq, prev) = match capture.name {
            Some(_) => (0, CHAIN_START.to_owned()),
            None => (self.seq + 1, self.head.clone()),
        };
        Manifest {
            v: 1,
            photo_id: capture.photo_id,
            record_id: capture.record_id,
            device_id,
            user_id,
            seq,
            prev,
            sha256: capture.sha256.clone(),
            size: capture.size,
            mime: capture.mime.clone(),
            width: capture.width,
            height: capture.height,
            captured_at: capture.captured_at,
            origin: capture.origin,
            fix: capture.fix,
        }
    }
}
