//! Photos as evidence: what the phone states and signs at capture, and what the server signs when it holds the bytes.
//!
//! The manifest is canonical JSON (RFC 8785; integers only, so that canonical form is unambiguous), signed with the
//! device's ECDSA P-256 key, numbered and chained per device. The receipt is canonical JSON signed with the server's
//! Ed25519 key. See `docs/SECURITY.md` for what is and what is not proven.

use crate::file::{MAX_FILE_BYTES, PDF};
use crate::geo::Fix;
use crate::id::{DeviceId, PhotoId, RecordId, UserId};
use crate::json::{FromJson, ToJson};
use crate::order;
use crate::problem::{FieldCode, FieldError};
use crate::time::Millis;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Largest photo in bytes: 15 MiB.
pub const MAX_PHOTO_BYTES: u64 = 15 * 1024 * 1024;
/// Largest side in pixels.
pub const MAX_PHOTO_SIDE: u32 = 12_000;
/// Largest number of pixels.
pub const MAX_PHOTO_PIXELS: u64 = 50_000_000;
/// Most photos of one record.
pub const MAX_PHOTOS: usize = 100;
/// Longest caption, in characters.
pub const MAX_CAPTION: usize = 500;
/// `prev` of a device's first manifest.
pub const CHAIN_START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Where a photo comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The camera inside the app.
    Camera,
    /// A file that the person picked.
    File,
    /// An import.
    Import,
}

/// What the phone states about a photo at the moment of capture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of this form: 1.
    pub v: u8,
    /// The photo.
    pub photo_id: PhotoId,
    /// The record that lists it.
    pub record_id: RecordId,
    /// The device that signs.
    pub device_id: DeviceId,
    /// Who was signed in.
    pub user_id: UserId,
    /// Number of this manifest on the device, from 1; 0 for a file.
    pub seq: u64,
    /// SHA-256 (hex) of the device's previous canonical manifest, or [`CHAIN_START`].
    pub prev: String,
    /// SHA-256 (hex) of the bytes that will be uploaded.
    pub sha256: String,
    /// Number of those bytes.
    pub size: u64,
    /// Their media type.
    pub mime: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// When the shutter opened, by the phone's clock.
    pub captured_at: Millis,
    /// Where from.
    pub origin: Origin,
    /// Position at the shutter, if there was one.
    pub fix: Option<Fix>,
}

impl Manifest {
    /// The canonical bytes that are hashed and signed.
    pub fn canonical(&self) -> Vec<u8> {
        canonical_json(&self.to_json())
    }

    /// SHA-256 (hex) of the canonical bytes: the next manifest's `prev`.
    pub fn digest(&self) -> String {
        sha256_hex(&self.canonical())
    }

    /// Whether it is of a file of the record, and not of a photo.
    pub fn is_file(&self) -> bool {
        self.mime == PDF
    }

    /// Checks the form; what it claims is compared elsewhere.
    pub fn check(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if self.v != 1 {
            errors.push(FieldError::new("manifest.v", FieldCode::NotAChoice));
        }
        if self.is_file() {
            // A file is no testimony of a camera: its manifest stands outside of the device's chain.
            if self.seq != 0 || self.prev != CHAIN_START {
                errors.push(FieldError::new("manifest.seq", FieldCode::NotAChoice));
            }
        } else if self.seq == 0 {
            errors.push(FieldError::new("manifest.seq", FieldCode::TooSmall).with("min", 1));
        }
        for (field, hex) in [("manifest.sha256", &self.sha256), ("manifest.prev", &self.prev)] {
            if !is_sha256_hex(hex) {
                errors.push(FieldError::new(field, FieldCode::BadFormat).with("expected", "sha256 hex"));
            }
        }
        if self.size == 0 {
            errors.push(FieldError::new("manifest.size", FieldCode::TooSmall).with("min", 1));
        }
        let max = match self.is_file() {
            true => MAX_FILE_BYTES,
            false => MAX_PHOTO_BYTES,
        };
        if self.size > max {
            errors.push(FieldError::new("manifest.size", FieldCode::TooBig).with("max", max));
        }
        if !["image/jpeg", "image/png", "image/webp", PDF].contains(&self.mime.as_str()) {
            errors.push(FieldError::new("manifest.mime", FieldCode::NotAChoice));
        }
        if self.fix.is_some_and(|fix| !fix.at.is_valid()) {
            errors.push(FieldError::new("manifest.fix", FieldCode::BadFormat));
        }
        errors
    }
}

/// A manifest with the device's signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignedManifest {
    /// The statement.
    pub manifest: Manifest,
    /// ECDSA P-256 with SHA-256 over the canonical bytes: 64 bytes r‖s in base64url without padding.
    pub signature: String,
}

/// What the server signs once the bytes are durable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// Version of this form: 1.
    pub v: u8,
    /// The photo.
    pub photo_id: PhotoId,
    /// Its record.
    pub record_id: RecordId,
    /// SHA-256 (hex) of the bytes, recomputed by the server.
    pub sha256: String,
    /// Number of bytes.
    pub size: u64,
    /// SHA-256 (hex) of the canonical manifest.
    pub manifest_sha256: String,
    /// When the bytes were durable, by the server's clock.
    pub held_at: Millis,
    /// SHA-256 (hex) of the audit entry written in the same transaction.
    pub audit_leaf: String,
    /// Names the server's signing key.
    pub key_id: String,
}

/// A receipt with the server's signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedReceipt {
    /// The statement.
    pub receipt: Receipt,
    /// Ed25519 over the canonical bytes: 64 bytes in base64url without padding.
    pub signature: String,
}

impl Receipt {
    /// The canonical bytes that are signed.
    pub fn canonical(&self) -> Vec<u8> {
        canonical_json(&self.to_json())
    }
}

/// RFC 8785 canonical form for JSON whose numbers are all integers below 2^53: keys sorted by UTF-16 code units,
/// no white space, the shortest escapes.
pub fn canonical_json(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    write_canonical(value, &mut out);
    out
}

fn write_canonical(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            order::sort_by(&mut keys, |a, b| a.encode_utf16().cmp(b.encode_utf16()));
            out.push(b'{');
            for (i, key) in keys.into_iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_canonical(&Value::String(key.clone()), out);
                out.push(b':');
                write_canonical(map.get(key).unwrap_or(&Value::Null), out);
            }
            out.push(b'}');
        }
        Value::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_canonical(item, out);
            }
            out.push(b']');
        }
        // serde_json escapes exactly what RFC 8785 §3.2.2.2 asks for, and writes integers as ECMAScript does.
        scalar => out.extend_from_slice(scalar.to_string().as_bytes()),
    }
}

/// SHA-256 in lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Whether this is a SHA-256 in lower-case hex.
pub fn is_sha256_hex(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn canonical_json_sorts_keys_by_utf16_and_writes_the_shortest_form() {
        let value = json!({"b": [1, -2, true, null], "a": "Hòa\n\"", "\u{20ac}": 1, "\r": 2, "\u{1f600}": 3, "\u{fb33}": 4});
        let text = String::from_utf8(canonical_json(&value)).unwrap();
        assert_eq!(
            text,
            "{\"\\r\":2,\"a\":\"Hòa\\n\\\"\",\"b\":[1,-2,true,null],\"€\":1,\"😀\":3,\"\u{fb33}\":4}"
        );
    }

    #[test]
    fn a_hash_in_upper_case_or_of_another_length_is_not_a_hash() {
        assert!(is_sha256_hex(&sha256_hex(b"")));
        assert!(!is_sha256_hex(&sha256_hex(b"").to_uppercase()));
        assert!(!is_sha256_hex("abc"));
    }
}
