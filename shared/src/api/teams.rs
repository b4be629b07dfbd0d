//! Teams, checkpoints, planned patrols.

use crate::geo::LatLon;
use crate::id::{AreaId, CheckpointId, TeamId};
use crate::json::{FromJson, ToJson};
use crate::record::PersonName;
use crate::sync::TeamKind;
use crate::time::{LocalDate, Millis};
use serde::{Deserialize, Serialize};

/// A team as staff see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamView {
    /// The team.
    pub id: TeamId,
    /// What it is.
    pub kind: TeamKind,
    /// Its name.
    pub name: String,
    /// Where it works.
    pub area_id: AreaId,
    /// First day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub valid_from: Option<LocalDate>,
    /// Last day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub valid_to: Option<LocalDate>,
    /// Members in force.
    pub members: Vec<PersonName>,
}

/// Body of `POST /teams`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    /// What it is.
    pub kind: TeamKind,
    /// Its name, 1 to 100 characters.
    pub name: String,
    /// Where it works.
    pub area_id: AreaId,
}

/// Body of `POST /checkpoints`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewCheckpoint {
    /// Its area.
    pub area_id: AreaId,
    /// Its name, 1 to 100 characters.
    pub name: String,
    /// Where.
    pub position: LatLon,
    /// Radius of the fence in metres, 10 to 500.
    pub radius_m: u16,
}

/// Body of `POST /patrol-plans`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPatrolPlan {
    /// Who goes.
    pub team_id: TeamId,
    /// Where.
    pub area_id: AreaId,
    /// Planned start.
    pub starts_at: Millis,
    /// Planned end, at most 16 hours later.
    pub ends_at: Millis,
    /// Checkpoints to pass, at most 50.
    #[serde(default)]
    pub checkpoints: Vec<CheckpointId>,
    /// Words for the crew, at most 500 characters.
    #[serde(default)]
    pub note: String,
}
