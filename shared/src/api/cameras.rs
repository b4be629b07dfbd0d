//! The registry of cameras and footage requests.

use crate::camera::{FootageState, Sight};
use crate::geo::LatLon;
use crate::id::{AreaId, CameraId, FootageRequestId, FootageTaskId, RecordId, TeamId, UserId};
use crate::json::{FromJson, ToJson};
use crate::record::PersonName;
use crate::time::{LocalDate, Millis};
use serde::{Deserialize, Serialize};

/// What an officer says about a camera: body of `POST /cameras` and `PUT /cameras/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CameraDraft {
    /// Where it belongs to.
    pub area_id: AreaId,
    /// What it is called, 1 to 100 characters, unique in its area: "Ngã ba chợ".
    pub name: String,
    /// The camera model that it belongs to.
    #[serde(default)]
    pub team_id: Option<TeamId>,
    /// Where it stands and looks.
    pub sight: Sight,
    /// Days that the recorder keeps, 1 to 365.
    pub keep_days: u16,
    /// The day on which the owner consented; footage is asked for only of cameras with consent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub consent_on: Option<LocalDate>,
    /// The volunteer who answers for it in the app.
    #[serde(default)]
    pub keeper: Option<UserId>,
    /// Whom to call, at most 100 characters. Contact data: officers only.
    #[serde(default)]
    pub holder_name: String,
    /// Where to call, at most 20 characters: digits, spaces, `+`. Contact data: officers only.
    #[serde(default)]
    pub holder_phone: String,
}

/// A camera as officers see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CameraView {
    /// The camera.
    pub id: CameraId,
    /// What is known about it.
    #[serde(flatten)]
    pub camera: CameraDraft,
    /// Name of the keeper.
    pub keeper_name: Option<String>,
    /// For `If-Match`.
    pub revision: u32,
}

/// Body of `POST /footage`: a question to the keepers of these cameras.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewFootageRequest {
    /// Made by the desk: the same request sent again is the same request.
    pub id: FootageRequestId,
    /// The commune or area that it is made in.
    pub area_id: AreaId,
    /// The incident that it is about.
    #[serde(default)]
    pub record_id: Option<RecordId>,
    /// Centre of the circle.
    pub position: LatLon,
    /// Radius of the circle in metres, 20 to 2,000.
    pub radius_m: u16,
    /// First instant of the wanted recording.
    pub from: Millis,
    /// Last instant, at most 24 hours later.
    pub to: Millis,
    /// What to look for, at most 500 characters. Keepers read it; no names.
    #[serde(default)]
    pub words: String,
    /// Which of the cameras in the circle, 1 to 50.
    pub cameras: Vec<CameraId>,
}

/// A footage request as officers see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FootageRequestView {
    /// The request.
    pub id: FootageRequestId,
    /// Where it was made.
    pub area_id: AreaId,
    /// The incident that it is about.
    pub record_id: Option<RecordId>,
    /// Centre of the circle.
    pub position: LatLon,
    /// Radius in metres.
    pub radius_m: u16,
    /// First instant of the wanted recording.
    pub from: Millis,
    /// Last instant.
    pub to: Millis,
    /// What to look for.
    pub words: String,
    /// Who asked.
    pub by: PersonName,
    /// When.
    pub at: Millis,
    /// One a camera.
    pub tasks: Vec<FootageTaskView>,
    /// Set when an officer took it back: nobody is asked any more, and what was answered stays.
    #[serde(default)]
    pub withdrawn: Option<FootageWithdrawn>,
}

/// How a footage request was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FootageWithdrawn {
    /// When, by the server's clock.
    pub at: Millis,
    /// Who did it.
    pub by: PersonName,
    /// Why.
    pub words: String,
}

/// Body of `POST /footage/{id}/withdrawal`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewFootageWithdrawal {
    /// Why, 1 to 500 characters. Officers read it.
    pub words: String,
}

/// The part of a request that concerns one camera. Its keeper sees it too: it holds no coordinates and no contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FootageTaskView {
    /// The task.
    pub id: FootageTaskId,
    /// The camera.
    pub camera_id: CameraId,
    /// What it is called.
    pub camera_name: String,
    /// The volunteer who is asked; none means that the holder must be called.
    pub keeper: Option<PersonName>,
    /// Where it stands.
    pub state: FootageState,
    /// When the recorder begins to overwrite what is wanted.
    pub overwritten_at: Millis,
    /// Words of the answer.
    pub words: String,
    /// When it was answered.
    pub answered_at: Option<Millis>,
    /// Who holds the clip, the newest first.
    pub custody: Vec<Custody>,
    /// For `If-Match`.
    pub revision: u32,
}

/// A task as its keeper sees it: the question and the part that concerns the keeper's camera.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyFootageTask {
    /// The request.
    pub request_id: FootageRequestId,
    /// First instant of the wanted recording.
    pub from: Millis,
    /// Last instant.
    pub to: Millis,
    /// What to look for.
    pub request_words: String,
    /// The task.
    pub task: FootageTaskView,
}

/// Who holds a clip: a post or a place, since when and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Custody {
    /// Who holds it: "Tổ camera Thành Sơn", "Công an xã".
    pub holder: String,
    /// Where: "USB trong tủ trực ban".
    pub place: String,
    /// Until when it is kept.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub until: Option<LocalDate>,
    /// Since when, by the server's clock.
    pub at: Millis,
    /// Who said so.
    pub by: PersonName,
}

/// Body of `POST /footage/tasks/{id}/answer`, with `If-Match`. Kẻng keeps no video: `kept` says who holds the clip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FootageAnswer {
    /// `kept`, `nothing_seen` or `overwritten`.
    pub state: FootageState,
    /// Words, at most 500 characters.
    #[serde(default)]
    pub words: String,
    /// With `kept`: who holds the clip, 1 to 100 characters.
    #[serde(default)]
    pub holder: String,
    /// With `kept`: where, at most 200 characters.
    #[serde(default)]
    pub place: String,
    /// With `kept`: until when; not before the day of the answer.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub until: Option<LocalDate>,
}
