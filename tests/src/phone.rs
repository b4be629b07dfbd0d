//! A phone's signing key, its chain of manifests, and photos that it takes.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, Rgb, RgbImage};
use keng_shared::api::DeviceInfo;
use keng_shared::evidence::{CHAIN_START, Manifest, Origin, SignedManifest, sha256_hex};
use keng_shared::geo::Fix;
use keng_shared::id::{DeviceId, PhotoId, RecordId, UserId};
use keng_shared::record::PhotoRef;
use keng_shared::time::Millis;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// A phone. Clones are the same phone.
#[derive(Clone)]
pub struct Phone {
    device: DeviceId,
    key: SigningKey,
    chain: Arc<Mutex<Chain>>,
}

struct Chain {
    seq: u64,
    prev: String,
}

/// A photo with its bytes.
#[derive(Debug, Clone)]
pub struct Photo {
    pub id: PhotoId,
    pub bytes: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// What a phone states about a photo beside its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Shot {
    pub user: UserId,
    pub record: RecordId,
    pub at: Millis,
    pub origin: Origin,
    pub fix: Option<Fix>,
}

impl Phone {
    #[expect(clippy::new_without_default, reason = "two phones are never equal")]
    pub fn new() -> Self {
        Self {
            device: DeviceId(Uuid::now_v7()),
            key: SigningKey::from_slice(&rand::random::<[u8; 32]>()).expect("a key"),
            chain: Arc::new(Mutex::new(Chain {
                seq: 1,
                prev: CHAIN_START.to_owned(),
            })),
        }
    }

    /// The phone's id.
    pub fn device(&self) -> DeviceId {
        self.device
    }

    /// What the phone tells at sign-in.
    pub fn info(&self) -> DeviceInfo {
        let point = self.key.verifying_key().to_sec1_point(false);
        DeviceInfo {
            id: self.device,
            public_key: BASE64_URL_SAFE_NO_PAD.encode(point),
            label: "Chrome trên Android".to_owned(),
        }
    }

    /// Numbers, chains and signs the statement about a photo.
    pub fn sign(&self, photo: &Photo, shot: Shot) -> SignedManifest {
        let mut chain = self.chain.lock().expect("the chain");
        let manifest = Manifest {
            v: 1,
            photo_id: photo.id,
            record_id: shot.record,
            device_id: self.device,
            user_id: shot.user,
            seq: chain.seq,
            prev: chain.prev.clone(),
            sha256: photo.sha256(),
            size: photo.bytes.len() as u64,
            mime: "image/jpeg".to_owned(),
            width: photo.width,
            height: photo.height,
            captured_at: shot.at,
            origin: shot.origin,
            fix: shot.fix,
        };
        chain.seq += 1;
        chain.prev = manifest.digest();
        self.sign_as_it_is(manifest)
    }

    /// Signs a statement without a look at the chain.
    pub fn sign_as_it_is(&self, manifest: Manifest) -> SignedManifest {
        let signature: Signature = self.key.sign(&manifest.canonical());
        SignedManifest {
            signature: BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes()),
            manifest,
        }
    }
}

impl Photo {
    /// A small JPEG unlike any other.
    pub fn small() -> Self {
        Self::sized(64, 48)
    }

    /// A JPEG of this size unlike any other.
    pub fn sized(width: u32, height: u32) -> Self {
        let id = Uuid::now_v7();
        let seed = id.as_u128();
        let pixels = RgbImage::from_fn(width, height, |x, y| {
            let shade = |shift: u32| ((seed >> shift) as u32 ^ (x * 7 + y * 13)) as u8;
            Rgb([shade(0), shade(8), shade(16)])
        });
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, 80)
            .encode(pixels.as_raw(), width, height, ExtendedColorType::Rgb8)
            .expect("a JPEG");
        Self {
            id: PhotoId(id),
            bytes,
            width,
            height,
        }
    }

    /// SHA-256 (hex) of its bytes.
    pub fn sha256(&self) -> String {
        sha256_hex(&self.bytes)
    }

    /// The photo as a record lists it.
    pub fn listed(&self) -> PhotoRef {
        PhotoRef {
            id: self.id,
            sha256: self.sha256(),
            caption: "Cổng nhà văn hóa".to_owned(),
        }
    }
}
