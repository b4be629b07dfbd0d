//! Teams, checkpoints, planned patrols.

use crate::geo::LatLon;
use crate::id::{AreaId, CheckpointId, PatrolPlanId, TeamId, UserId};
use crate::json::{FromJson, ToJson};
use crate::problem::Problem;
use crate::record::PersonName;
use crate::roster::ShiftKind;
use crate::sync::{PatrolPlan, TeamKind};
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

/// Body of `POST /patrol-plans` and `PUT /patrol-plans/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPatrolPlan {
    /// What the team does.
    #[serde(default)]
    pub kind: ShiftKind,
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
    /// Who of the team goes, at most 50; empty for the whole team.
    #[serde(default)]
    pub members: Vec<UserId>,
    /// Words for the crew, at most 500 characters.
    #[serde(default)]
    pub note: String,
}

impl From<&PatrolPlan> for NewPatrolPlan {
    /// The same shift again, as for another day.
    fn from(plan: &PatrolPlan) -> Self {
        Self {
            kind: plan.kind,
            team_id: plan.team_id,
            area_id: plan.area_id,
            starts_at: plan.starts_at,
            ends_at: plan.ends_at,
            checkpoints: plan.checkpoints.clone(),
            members: plan.members.clone(),
            note: plan.note.clone(),
        }
    }
}

/// Body of `POST /patrol-plans/copy`: the shifts of one week again in another, each at the same weekday and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CopyWeek {
    /// Shifts in this area and below.
    pub area_id: AreaId,
    /// A day of the week to copy.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: LocalDate,
    /// A day of the week to fill.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub to: LocalDate,
}

/// What became of one shift of a week that was copied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CopiedShift {
    /// The shift that was copied.
    pub from: PatrolPlanId,
    /// The new one, unless it was refused.
    #[serde(default)]
    pub plan: Option<PatrolPlan>,
    /// Why it was refused: it overlaps another, or it would lie in the past.
    #[serde(default)]
    pub problem: Option<Problem>,
}
