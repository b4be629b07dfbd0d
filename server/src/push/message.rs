//! What a push message says, and its encryption for one browser (RFC 8291): the push service carries it without being
//! able to read it.

use crate::db::push::Waiting;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keng_shared::api::{MAX_PUSH_ENDPOINT, NewPushSubscription};
use keng_shared::id::InboxItemId;
use keng_shared::inbox::News;
use keng_shared::problem::{FieldCode, FieldError};
use reqwest::Url;
use serde::Serialize;
use web_push_native::p256::PublicKey;
use web_push_native::{Auth, encrypt};

/// Bytes of an authentication secret.
const AUTH_BYTES: usize = 16;
/// Bytes of an uncompressed point.
const POINT_BYTES: usize = 65;

/// What the service worker reads. Like a line of the inbox it names things by id and closed lists only.
#[derive(Serialize)]
#[serde(untagged)]
enum Said<'a> {
    Line { id: InboxItemId, news: &'a News },
    Trial { trial: bool },
}

/// A subscription that was read.
pub struct Recipient {
    /// Where messages go.
    pub url: Url,
    public: PublicKey,
    auth: Auth,
}

impl Recipient {
    /// Reads what a browser says of its subscription.
    pub fn read(subscription: &NewPushSubscription) -> Result<Self, FieldError> {
        let bad = |field: &str, expected: &str| {
            FieldError::new(field, FieldCode::BadFormat).with("expected", expected)
        };
        if subscription.endpoint.len() > MAX_PUSH_ENDPOINT {
            return Err(FieldError::new("endpoint", FieldCode::TooLong).with("max", MAX_PUSH_ENDPOINT));
        }
        let url = Url::parse(&subscription.endpoint)
            .map_err(|_| bad("endpoint", "the address of a push service"))?;
        let public = URL_SAFE_NO_PAD
            .decode(&subscription.p256dh)
            .ok()
            .filter(|bytes| bytes.len() == POINT_BYTES)
            .and_then(|bytes| PublicKey::from_sec1_bytes(&bytes).ok())
            .ok_or_else(|| bad("p256dh", "uncompressed P-256 point, base64url"))?;
        let auth = URL_SAFE_NO_PAD
            .decode(&subscription.auth)
            .ok()
            .and_then(|bytes| <[u8; AUTH_BYTES]>::try_from(bytes).ok())
            .ok_or_else(|| bad("auth", "16 bytes, base64url"))?;
        Ok(Self {
            url,
            public,
            auth: Auth::from(auth),
        })
    }

    /// The encrypted message.
    pub fn encrypt(&self, message: &Waiting) -> Result<Vec<u8>, String> {
        let said = match &message.item {
            Some((id, news)) => Said::Line { id: *id, news },
            None => Said::Trial { trial: true },
        };
        let text = serde_json::to_vec(&said).map_err(|error| error.to_string())?;
        encrypt(text, &self.public, &self.auth).map_err(|error| error.to_string())
    }
}
