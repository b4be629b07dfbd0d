//! Records on the desk's map, counted by squares so that a hundred thousand weigh no more than a hundred.

use crate::geo::LatLon;
use crate::id::{AreaId, RecordId};
use crate::json::{FromJson, ToJson};
use crate::record::RecordStatus;
use crate::time::LocalDate;
use serde::{Deserialize, Serialize};

/// Most squares of one answer.
pub const MAX_SQUARES: usize = 4_000;

/// Query of `GET /map/records`. Everything given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct MapQuery {
    /// In this area or below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaId>,
    /// Of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// In this state; by default in any but withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<RecordStatus>,
    /// Local date from.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date), param(value_type = String, format = Date))]
    pub from: LocalDate,
    /// Local date to, included.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date), param(value_type = String, format = Date))]
    pub to: LocalDate,
    /// Southern edge of the view in 1e-7 degrees.
    pub south_e7: i32,
    /// Western edge.
    pub west_e7: i32,
    /// Northern edge.
    pub north_e7: i32,
    /// Eastern edge.
    pub east_e7: i32,
    /// Side of a square in 1e-7 degrees; one view has at most [`MAX_SQUARES`].
    pub square_e7: i32,
}

/// Records that lie in one square.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MapSquare {
    /// How many.
    pub count: u64,
    /// Their middle.
    pub at: LatLon,
    /// The south-western corner of the square.
    pub corner: LatLon,
    /// The record, where it is the only one.
    pub record: Option<MapRecord>,
}

/// A record that stands alone in its square.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MapRecord {
    /// The record.
    pub id: RecordId,
    /// Id of its kind.
    pub kind: String,
    /// Name of its area.
    pub area_name: String,
    /// The date that it belongs to.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub local_date: LocalDate,
    /// Where it stands.
    pub status: RecordStatus,
}
