//! The statement that a phone signs about a photo: its signature, and its place in the device's chain.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use keng_shared::evidence::{CHAIN_START, Manifest, SignedManifest};
use keng_shared::problem::{FieldCode, FieldError};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

/// Checks form and signature. `public_key` is the device's uncompressed P-256 point in base64url.
pub fn verify(signed: &SignedManifest, public_key: &str) -> Result<(), Vec<FieldError>> {
    let errors = signed.manifest.check();
    if !errors.is_empty() {
        return Err(errors);
    }
    match is_signed_by(signed, public_key) {
        Some(()) => Ok(()),
        None => Err(vec![FieldError::new("signature", FieldCode::BadSignature)]),
    }
}

fn is_signed_by(signed: &SignedManifest, public_key: &str) -> Option<()> {
    let key = BASE64_URL_SAFE_NO_PAD.decode(public_key).ok()?;
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key);
    let signature = BASE64_URL_SAFE_NO_PAD.decode(&signed.signature).ok()?;
    key.verify(&signed.manifest.canonical(), &signature).ok()
}

/// Whether a manifest follows its predecessor. `before` is the digest of the device's manifest number `seq − 1`, if
/// the server has it. A break is flagged, not refused: a phone may have lost its storage.
pub fn follows(manifest: &Manifest, before: Option<&str>) -> bool {
    match manifest.seq {
        1 => manifest.prev == CHAIN_START,
        _ => before == Some(manifest.prev.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::evidence::Origin;
    use keng_shared::id::{DeviceId, PhotoId, RecordId, UserId};
    use keng_shared::time::Millis;
    use p256::ecdsa::signature::Signer;
    use p256::ecdsa::{Signature, SigningKey};
    use uuid::Uuid;

    fn manifest() -> Manifest {
        Manifest {
            v: 1,
            photo_id: PhotoId(Uuid::from_u128(1)),
            record_id: RecordId(Uuid::from_u128(2)),
            device_id: DeviceId(Uuid::from_u128(3)),
            user_id: UserId(Uuid::from_u128(4)),
            seq: 1,
            prev: CHAIN_START.to_owned(),
            sha256: CHAIN_START.to_owned(),
            size: 10,
            mime: "image/jpeg".to_owned(),
            width: 1,
            height: 1,
            captured_at: Millis(1),
            origin: Origin::Camera,
            fix: None,
        }
    }

    fn key() -> SigningKey {
        SigningKey::from_slice(&[7; 32]).unwrap()
    }

    fn public_key() -> String {
        BASE64_URL_SAFE_NO_PAD.encode(key().verifying_key().to_sec1_point(false))
    }

    fn signed(manifest: Manifest) -> SignedManifest {
        let signature: Signature = key().sign(&manifest.canonical());
        SignedManifest {
            signature: BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes()),
            manifest,
        }
    }

    #[test]
    fn a_manifest_signed_by_its_device_is_taken() {
        assert_eq!(verify(&signed(manifest()), &public_key()), Ok(()));
    }

    #[test]
    fn a_manifest_changed_after_signing_is_refused() {
        let mut forged = signed(manifest());
        forged.manifest.captured_at = Millis(2);
        let expected = vec![FieldError::new("signature", FieldCode::BadSignature)];
        assert_eq!(verify(&forged, &public_key()), Err(expected));
    }

    #[test]
    fn a_key_or_signature_that_is_none_is_a_bad_signature_not_a_crash() {
        for key in ["", "AAAA", "not base64!"] {
            assert!(verify(&signed(manifest()), key).is_err());
        }
        let mut broken = signed(manifest());
        broken.signature = "AAAA".to_owned();
        assert!(verify(&broken, &public_key()).is_err());
    }

    #[test]
    fn the_chain_breaks_when_the_predecessor_is_missing_or_another() {
        let first = manifest();
        assert!(follows(&first, None));
        let second = Manifest {
            seq: 2,
            prev: first.digest(),
            ..manifest()
        };
        assert!(follows(&second, Some(&first.digest())));
        assert!(!follows(&second, None));
        assert!(!follows(&second, Some(CHAIN_START)));
    }
}
