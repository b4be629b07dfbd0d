//! Users and memberships.

use crate::id::{AreaId, MembershipId, TeamId, UserId};
use crate::json::{FromJson, ToJson};
use crate::permission::{MembershipState, Role};
use crate::time::{LocalDate, Millis};
use serde::{Deserialize, Serialize};

/// A user as staff see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserView {
    /// The user.
    pub id: UserId,
    /// Sign-in name.
    pub username: String,
    /// Display name.
    pub name: String,
    /// Whether a password is set.
    pub enrolled: bool,
    /// Memberships that the caller may see.
    pub memberships: Vec<MembershipView>,
}

/// A membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MembershipView {
    /// The membership.
    pub id: MembershipId,
    /// As what.
    pub role: Role,
    /// Where.
    pub area_id: AreaId,
    /// In which team.
    pub team_id: Option<TeamId>,
    /// Where it stands.
    pub state: MembershipState,
    /// First day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub valid_from: Option<LocalDate>,
    /// Last day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub valid_to: Option<LocalDate>,
}

/// Body of `POST /users`: a new user with a first membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// Sign-in name: 3 to 40 of `a-z 0-9 . _ -`.
    pub username: String,
    /// Display name, 1 to 100 characters.
    pub name: String,
    /// The first membership.
    pub membership: NewMembership,
}

/// Body of `POST /users/{id}/memberships`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewMembership {
    /// As what.
    pub role: Role,
    /// Where.
    pub area_id: AreaId,
    /// In which team.
    #[serde(default)]
    pub team_id: Option<TeamId>,
    /// First day; today if missing.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub valid_from: Option<LocalDate>,
    /// Last day; open if missing.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub valid_to: Option<LocalDate>,
}

/// Body of `POST /memberships/{id}/state`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetMembershipState {
    /// The state to set: active, suspended or ended.
    pub state: MembershipState,
}

/// A one-time enrolment: shown once, as a link and as a QR code of that link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolmentView {
    /// For whom.
    pub user_id: UserId,
    /// The code inside the link.
    pub code: String,
    /// Path to open on the phone, after the server's origin: `/enrol#<code>`.
    pub path: String,
    /// Until when it works.
    pub expires_at: Millis,
    /// QR code (SVG) of the whole link.
    #[serde(default)]
    pub qr_svg: String,
}
