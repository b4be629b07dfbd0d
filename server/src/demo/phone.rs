//! Phones of the demo's people. Their keys follow from the sign-in names: what they sign proves nothing, and is
//! complete and checkable like the real thing.

use super::fixed_id;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use keng_shared::api::DeviceInfo;
use keng_shared::evidence::{CHAIN_START, Manifest, SignedManifest};
use keng_shared::id::DeviceId;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};

/// A phone that signs one manifest after the other.
pub(super) struct Phone {
    pub(super) device: DeviceId,
    key: SigningKey,
    seq: u64,
    prev: String,
}

impl Phone {
    /// The phone of the person with this sign-in name; none if the name gives no valid key.
    pub(super) fn of(username: &str) -> Option<Self> {
        let mut secret = [0_u8; 32];
        for (half, part) in secret.chunks_mut(16).zip(["first", "second"]) {
            half.copy_from_slice(fixed_id(part, username).as_bytes());
        }
        Some(Self {
            device: DeviceId(fixed_id("device", username)),
            key: SigningKey::from_slice(&secret).ok()?,
            seq: 1,
            prev: CHAIN_START.to_owned(),
        })
    }

    pub(super) fn info(&self) -> DeviceInfo {
        DeviceInfo {
            id: self.device,
            public_key: BASE64_URL_SAFE_NO_PAD.encode(self.key.verifying_key().to_sec1_point(false)),
            label: "Điện thoại dùng thử".to_owned(),
        }
    }

    /// Numbers, chains and signs a manifest.
    pub(super) fn sign(&mut self, mut manifest: Manifest) -> SignedManifest {
        manifest.seq = self.seq;
        manifest.prev.clone_from(&self.prev);
        self.seq += 1;
        self.prev = manifest.digest();
        let signature: Signature = self.key.sign(&manifest.canonical());
        SignedManifest {
            signature: BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes()),
            manifest,
        }
    }
}
