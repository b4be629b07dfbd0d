//! The yearly evaluation of the teams of a commune.

use crate::evaluation::{Proposal, Rating, TeamWork};
use crate::id::{AreaId, TeamId};
use crate::json::{FromJson, ToJson};
use crate::record::PersonName;
use crate::sync::TeamKind;
use crate::time::{LocalDate, Millis};
use serde::{Deserialize, Serialize};

/// Answer of `GET /team-evaluations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamEvaluation {
    /// The commune.
    pub area_id: AreaId,
    /// The year, which ends on 14 November.
    pub year: i32,
    /// First day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: LocalDate,
    /// Last day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub to: LocalDate,
    /// Teams that worked in the year, in Vietnamese order.
    pub teams: Vec<EvaluatedTeam>,
    /// That the levels were decided, if they were.
    pub decided: Option<Decided>,
    /// Counts decisions, for `If-Match`; 0 before the first.
    pub revision: u32,
}

/// A team in an evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvaluatedTeam {
    /// The team.
    pub id: TeamId,
    /// What it is.
    pub kind: TeamKind,
    /// Its name.
    pub name: String,
    /// What it logged in the year, by what is accepted now.
    pub work: TeamWork,
    /// What that proposes.
    pub proposal: Proposal,
    /// The level that was decided, with words.
    pub rated: Option<TeamRating>,
}

/// A level of a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TeamRating {
    /// The team.
    pub team_id: TeamId,
    /// Its level; none when it is not evaluated this year.
    pub rating: Option<Rating>,
    /// Why, at most 500 characters; needed where the level is not the proposed one.
    #[serde(default)]
    pub words: String,
}

/// Who decided, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Decided {
    /// By whom.
    pub by: PersonName,
    /// When, by the server's clock.
    pub at: Millis,
}

/// Body of `PUT /team-evaluations`: the levels of all teams at once, since the top level is a share of the good ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DecideEvaluation {
    /// The commune.
    pub area_id: AreaId,
    /// The year.
    pub year: i32,
    /// One level a team, for each team of the evaluation.
    pub ratings: Vec<TeamRating>,
}
