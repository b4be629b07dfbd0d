//! The server's signed statement that it holds a photo, and the Ed25519 key that signs it.
//!
//! The key is one of the secrets that every instance shares. It is part of what a backup must hold: receipts of a lost
//! key stay verifiable by its public half, but no new one can be signed with it.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ed25519_dalek::pkcs8::EncodePublicKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::{Signer, SigningKey};
use keng_shared::evidence::{Receipt, SignedReceipt, sha256_hex};
use serde::Serialize;

/// The key that signs receipts.
pub struct ReceiptKey {
    key: SigningKey,
    id: String,
}

/// A public key, as `GET /keys` lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ReceiptPublicKey {
    /// Names the key in receipts: the first 16 hex digits of the SHA-256 of its 32 bytes.
    pub key_id: String,
    /// `Ed25519`.
    pub algorithm: &'static str,
    /// The 32 bytes in base64url without padding.
    pub public_key: String,
    /// The same as a SubjectPublicKeyInfo PEM, for `openssl pkeyutl`.
    pub pem: String,
}

impl ReceiptKey {
    /// The key with this secret; none when the secret does not have 32 bytes.
    pub fn from_secret(secret: &[u8]) -> Option<Self> {
        let key = SigningKey::from_bytes(secret.try_into().ok()?);
        let mut id = sha256_hex(key.verifying_key().as_bytes());
        id.truncate(16);
        Some(Self { key, id })
    }

    /// Names the key.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Signs a receipt.
    pub fn sign(&self, receipt: Receipt) -> SignedReceipt {
        let signature = self.key.sign(&receipt.canonical());
        SignedReceipt {
            signature: BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes()),
            receipt,
        }
    }

    /// The public half.
    pub fn public(&self) -> ReceiptPublicKey {
        let key = self.key.verifying_key();
        ReceiptPublicKey {
            key_id: self.id.clone(),
            algorithm: "Ed25519",
            public_key: BASE64_URL_SAFE_NO_PAD.encode(key.as_bytes()),
            // Encoding 32 bytes as SubjectPublicKeyInfo has no way to fail; the empty string would say so.
            pem: key.to_public_key_pem(LineEnding::LF).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::{Signature, VerifyingKey};
    use keng_shared::id::{PhotoId, RecordId};
    use keng_shared::time::Millis;
    use uuid::Uuid;

    fn receipt(key: &ReceiptKey) -> Receipt {
        Receipt {
            v: 1,
            photo_id: PhotoId(Uuid::from_u128(1)),
            record_id: RecordId(Uuid::from_u128(2)),
            sha256: sha256_hex(b"bytes"),
            size: 5,
            manifest_sha256: sha256_hex(b"manifest"),
            held_at: Millis(1),
            audit_leaf: sha256_hex(b"leaf"),
            key_id: key.id().to_owned(),
        }
    }

    #[test]
    fn the_public_half_verifies_receipts_and_nothing_else() {
        let key = ReceiptKey::from_secret(&[7; 32]).unwrap();
        let signed = key.sign(receipt(&key));
        let again = ReceiptKey::from_secret(&[7; 32]).unwrap();
        assert_eq!(again.public(), key.public());

        let raw = BASE64_URL_SAFE_NO_PAD.decode(again.public().public_key).unwrap();
        let public = VerifyingKey::from_bytes(&raw.try_into().unwrap()).unwrap();
        let signature = BASE64_URL_SAFE_NO_PAD.decode(&signed.signature).unwrap();
        let signature = Signature::from_slice(&signature).unwrap();
        assert!(
            public
                .verify_strict(&signed.receipt.canonical(), &signature)
                .is_ok()
        );
        let forged = Receipt {
            size: 6,
            ..signed.receipt
        };
        assert!(public.verify_strict(&forged.canonical(), &signature).is_err());
    }

    #[test]
    fn a_secret_of_another_length_is_no_key() {
        assert!(ReceiptKey::from_secret(&[7; 31]).is_none());
    }
}
