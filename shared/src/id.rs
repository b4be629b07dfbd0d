//! Identifiers. What a phone creates offline has a UUIDv7 made on the phone; what staff administer has a number.

use crate::json::{FromJson, ToJson};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

macro_rules! number_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

uuid_ids! {
    /// A logged activity.
    RecordId,
    /// A photo listed by a record.
    PhotoId,
    /// A stretch of a patrol's track.
    SegmentId,
    /// One intention of a phone; sending it again has no further effect.
    OpId,
    /// A person who signs in.
    UserId,
    /// One browser profile on one phone or computer.
    DeviceId,
    /// A signed-in device session.
    SessionId,
    /// Work that goes on after its request was answered: an export, a bulk verdict.
    JobId,
    /// An entry inside a patrol: a check-in or a finding.
    EntryId,
    /// A question to the keepers of cameras near a point.
    FootageRequestId,
    /// The part of such a question that concerns one camera.
    FootageTaskId,
    /// A line of a person's inbox.
    InboxItemId,
    /// Something that a person or a team shall have done.
    TaskId,
}

number_ids! {
    /// A node of the area tree.
    AreaId,
    /// An agency, enterprise or school that hangs on an area.
    UnitId,
    /// A security team, self-management group or camera group.
    TeamId,
    /// A checkpoint of patrols.
    CheckpointId,
    /// A planned patrol.
    PatrolPlanId,
    /// A way that patrols usually walk.
    PatrolRouteId,
    /// Days of a campaign in a year, or an own campaign of an area.
    CampaignDaysId,
    /// A weekly schedule of loudspeaker sessions.
    BroadcastScheduleId,
    /// A plan with targets.
    TargetPlanId,
    /// A role held in an area.
    MembershipId,
    /// A camera of a camera model.
    CameraId,
    /// A saved view of the table of records.
    SavedViewId,
}
