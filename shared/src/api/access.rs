//! Sign-in, enrolment, device sessions.

use crate::id::{DeviceId, SessionId};
use crate::json::{FromJson, ToJson};
use crate::sync::Me;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// Shortest password, in characters.
pub const MIN_PASSWORD: usize = 10;
/// Longest password, in characters.
pub const MAX_PASSWORD: usize = 128;

/// The device that signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeviceInfo {
    /// Made by the app at first start and kept.
    pub id: DeviceId,
    /// Public key of the device's signing key: uncompressed P-256 point, 65 bytes, base64url without padding.
    pub public_key: String,
    /// A name that the person recognises: "Chrome trên Android". At most 100 characters.
    pub label: String,
}

/// Body of `POST /auth/sign-in`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Sign-in name.
    pub username: String,
    /// Password.
    pub password: String,
    /// The device.
    pub device: DeviceInfo,
}

/// Body of `POST /auth/enrol`: a one-time code from a link or QR sets the first password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Enrol {
    /// The code.
    pub code: String,
    /// The password to set, [`MIN_PASSWORD`] to [`MAX_PASSWORD`] characters.
    pub password: String,
    /// The device.
    pub device: DeviceInfo,
}

/// Body of `POST /auth/enrol/check`: whom a code belongs to, before a password is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EnrolCheck {
    /// The code.
    pub code: String,
}

/// Answer to [`EnrolCheck`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolInfo {
    /// Sign-in name that the person will use.
    pub username: String,
    /// Display name.
    pub name: String,
    /// Until when the code works.
    pub expires_at: Millis,
}

/// Answer to sign-in, enrolment and refresh. The refresh value travels only in the `__Host-keng_refresh` cookie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedIn {
    /// JWT for `Authorization: Bearer`; keep it in memory only.
    pub access_token: String,
    /// When it runs out, by the server's clock.
    pub expires_at: Millis,
    /// The server's clock when it answered.
    pub server_time: Millis,
    /// This device session.
    pub session_id: SessionId,
    /// The person.
    pub me: Me,
}

/// Body of `POST /auth/password`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The password now.
    pub current: String,
    /// The password from now on.
    pub new: String,
}

/// A device session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionView {
    /// The session.
    pub id: SessionId,
    /// The device.
    pub device_id: DeviceId,
    /// Name of the device.
    pub device_label: String,
    /// When it began.
    pub created_at: Millis,
    /// When it was last refreshed.
    pub last_seen_at: Millis,
    /// Whether it is the session that asks.
    pub current: bool,
}
