//! The server's own name before push services: a key pair and short-lived tokens signed with it (RFC 8292).

use crate::db::DbError;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use keng_shared::time::Millis;
use p256::SecretKey;
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::pkcs8::EncodePrivateKey;
use serde::Serialize;

/// Push services take tokens of at most a day; twelve hours leave room for clocks that differ.
const TOKEN_S: i64 = 12 * 60 * 60;

/// The key pair.
pub struct Vapid {
    key: EncodingKey,
    public_key: String,
}

#[derive(Serialize)]
struct Claims<'a> {
    aud: &'a str,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'a str>,
}

impl Vapid {
    /// The key pair of 32 random bytes.
    pub fn new(secret: &[u8]) -> Result<Self, DbError> {
        let corrupt = || DbError::Corrupt("the key for push messages is not on its curve".to_owned());
        let secret = SecretKey::from_slice(secret).map_err(|_| corrupt())?;
        let point = secret.public_key().to_sec1_point(false);
        let der = secret.to_pkcs8_der().map_err(|_| corrupt())?;
        Ok(Self {
            key: EncodingKey::from_ec_der(der.as_bytes()),
            public_key: URL_SAFE_NO_PAD.encode(point.as_bytes()),
        })
    }

    /// The public key as browsers take it: an uncompressed point, base64url without padding.
    pub fn public_key(&self) -> &str {
        &self.public_key
    }

    /// The `Authorization` header for a push service of this origin. `contact` is whom its operators may ask.
    pub fn authorization(
        &self,
        origin: &str,
        contact: Option<&str>,
        now: Millis,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let claims = Claims {
            aud: origin,
            exp: now.0 / 1_000 + TOKEN_S,
            sub: contact,
        };
        let token = encode(&Header::new(Algorithm::ES256), &claims, &self.key)?;
        Ok(format!("vapid t={token}, k={}", self.public_key))
    }
}
