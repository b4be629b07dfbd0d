//! Lists of records, the review desk, photos.

use crate::id::{AreaId, PhotoId, TeamId, UserId};
use crate::json::{FromJson, ToJson};
use crate::record::{Flag, HistoryEntry, PersonName, RecordStatus, RecordView, Verdict};
use crate::time::{LocalDate, Millis};
use crate::track::TrackSegment;
use serde::{Deserialize, Serialize};

/// Query of `GET /records`. Everything given must hold. Newest received first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct RecordQuery {
    /// In this area or below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaId>,
    /// Of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// In this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<RecordStatus>,
    /// By this author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<UserId>,
    /// By this team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// Local date from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date), param(value_type = Option<String>, format = Date))]
    pub from: Option<LocalDate>,
    /// Local date to, included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date), param(value_type = Option<String>, format = Date))]
    pub to: Option<LocalDate>,
    /// With at least one flag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flagged: Option<bool>,
    /// With this flag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag: Option<Flag>,
    /// Words to find; marks, tone placement and case do not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// In which order; newest received first by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<RecordSort>,
    /// The order the other way round: oldest first, Y before A. Not with the order by risk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverse: Option<bool>,
    /// `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Items on the page, 1 to 200.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

/// The order of a list of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RecordSort {
    /// Newest received first.
    #[default]
    Newest,
    /// By [`crate::risk::score`], riskiest first, and longest waiting first among equals. Only with the state
    /// `submitted`, and only where the caller reads all records.
    Risk,
    /// By the date that they belong to, the latest first.
    Date,
    /// By the name of the area, in Vietnamese order.
    Area,
    /// By the name of the author, in Vietnamese order.
    Author,
    /// By the name of the kind, in Vietnamese order.
    Kind,
    /// By the name of the team, in Vietnamese order; records without one come first.
    Team,
    /// By state, in the order in which a record goes through them.
    Status,
    /// By [`crate::risk::score`] in any state, the highest first.
    Signals,
}

/// Most records that are put in an order other than that of their arrival.
pub const MAX_SORTED: usize = 20_000;

/// A record in a list: enough for a row, not the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordRow {
    /// The record.
    pub id: crate::id::RecordId,
    /// Id of the kind.
    pub kind: String,
    /// Where.
    pub area_id: AreaId,
    /// Name of the area.
    pub area_name: String,
    /// The team.
    pub team_id: Option<TeamId>,
    /// Who wrote it.
    pub author: PersonName,
    /// The date that it belongs to.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub local_date: LocalDate,
    /// Start.
    pub started_at: Millis,
    /// End.
    pub ended_at: Option<Millis>,
    /// Where it stands.
    pub status: RecordStatus,
    /// Its revision.
    pub revision: u32,
    /// Photos listed.
    pub photos: u32,
    /// Photos whose bytes are durable.
    pub photos_held: u32,
    /// What a reviewer should look at, on the record and its photos.
    pub flags: Vec<Flag>,
    /// When it arrived.
    pub received_at: Millis,
}

/// A record with all that the desk shows: `GET /records/{id}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordDetail {
    /// The record.
    pub record: RecordView,
    /// Its track, in the order of `number`.
    pub track: Vec<TrackSegment>,
    /// What happened to it, oldest first.
    pub history: Vec<HistoryEntry>,
    /// Its photos that were seen before, with the earlier photo where the caller may read that record.
    pub repeats: Vec<PhotoRepeat>,
}

/// A photo that repeats one of an earlier record, by its bytes or its look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhotoRepeat {
    /// The photo of this record.
    pub photo_id: PhotoId,
    /// The earlier photo.
    pub earlier_photo_id: PhotoId,
    /// The earlier photo's record.
    pub earlier_record_id: crate::id::RecordId,
}

/// Body of `POST /records/{id}/review`, with `If-Match` naming the revision that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewReview {
    /// Verdict on the record; none when only photos are judged.
    #[serde(default)]
    pub verdict: Option<Verdict>,
    /// Words to the author, at most 1,000 characters; required when anything is returned.
    #[serde(default)]
    pub reason: String,
    /// Verdicts on photos.
    #[serde(default)]
    pub photos: Vec<PhotoVerdict>,
}

/// Verdict on one photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PhotoVerdict {
    /// Which.
    pub photo_id: PhotoId,
    /// Verdict.
    pub verdict: Verdict,
    /// Words; required for `returned`.
    #[serde(default)]
    pub reason: String,
}

/// Longest reason of a review, in characters.
pub const MAX_REASON: usize = 1_000;

/// Numbers for the desk's front page: `GET /records/counts?area=`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordCounts {
    /// Activities that go on now.
    pub open: u64,
    /// Waiting for review.
    pub submitted: u64,
    /// Returned and not mended yet.
    pub returned: u64,
    /// Accepted in the last 7 days.
    pub accepted_week: u64,
}
