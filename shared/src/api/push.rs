//! Web Push: news of the inbox that reach a browser which is not open (W3C Push API, RFC 8030).

use crate::json::{FromJson, ToJson};
use serde::{Deserialize, Serialize};

/// Longest address of a push service, in bytes.
pub const MAX_PUSH_ENDPOINT: usize = 2_048;

/// Answer of `GET /push`: what the browser needs to subscribe, and what this device session has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushState {
    /// The server's key for `applicationServerKey`: an uncompressed P-256 point, base64url without padding (RFC 8292).
    /// None when this server sends no pushes.
    pub public_key: Option<String>,
    /// The address that this device session is subscribed with, if it is.
    pub endpoint: Option<String>,
}

/// Body of `PUT /push`: what the browser's `PushSubscription` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPushSubscription {
    /// Address of the push service, at most 2,048 bytes, of a service that this server knows.
    pub endpoint: String,
    /// The browser's public key: an uncompressed P-256 point, base64url without padding (RFC 8291).
    pub p256dh: String,
    /// The browser's authentication secret: 16 bytes, base64url without padding (RFC 8291).
    pub auth: String,
}
