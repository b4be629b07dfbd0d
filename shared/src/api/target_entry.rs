//! Entering plans: drafts to look over, what can be counted, and lines out of a spreadsheet.

use crate::id::AreaId;
use crate::json::{FromJson, ToJson};
use crate::target::{PlanTerms, Target};
use serde::{Deserialize, Serialize};

/// A plan that ships with the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReadyMadePlan {
    /// Names it.
    pub id: String,
    /// Title.
    pub title: String,
    /// Who issued it.
    pub issuer: String,
    /// The tier that issued it: `province` or `district`.
    pub tier: String,
    /// For which year.
    pub year: i32,
    /// How many targets it has.
    pub targets: u32,
}

/// A plan to look over before it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanDraft {
    /// The plan.
    pub terms: PlanTerms,
    /// Names of units that the original names and the area does not have in that year.
    pub not_found: Vec<String>,
    /// What could not be taken over of single targets.
    #[serde(default)]
    pub gaps: Vec<DraftGap>,
}

/// What a draft could not take over of a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DraftGap {
    /// Number of the target.
    pub code: String,
    /// What it is.
    pub cause: GapCause,
}

/// Why a target of a draft is not as the original has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "cause")]
pub enum GapCause {
    /// It names units, and none of them is here. It must not be asked of everyone instead.
    NoneNamed {
        /// Their names.
        names: Vec<String>,
    },
    /// Some units that it names or exempts, or that have terms of their own, are not here.
    SomeMissing {
        /// Their names.
        names: Vec<String>,
    },
    /// It is asked of a whole that is larger than this area.
    OfLargerWhole,
}

impl GapCause {
    /// Whether the target is not to be asked before a person has looked at it.
    pub fn sets_aside(&self) -> bool {
        !matches!(self, Self::SomeMissing { .. })
    }
}

/// Something that records can count for: a target that only wants its number, words, value and deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Indicator {
    /// Names it.
    pub id: String,
    /// What it is called in Vietnamese.
    pub vi: String,
    /// What it is called in English.
    pub en: String,
    /// The target.
    pub target: Target,
}

/// Lines out of a spreadsheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasteRequest {
    /// As the clipboard gives them: cells with tabs between.
    pub text: String,
    /// Completes dates without a year.
    pub year: i32,
    /// Whose plan it is to be: units that a line names are looked for there.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub area: Option<AreaId>,
    /// What lines count, where a person chose it.
    #[serde(default)]
    pub chosen: Vec<PasteChoice>,
}

/// What a pasted line counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasteChoice {
    /// Number of the line in the text.
    pub line: u32,
    /// Id of the indicator.
    pub indicator: String,
}

/// How it was found what a pasted line counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PasteMatch {
    /// A person named or chose it.
    Named,
    /// The words are those of a plan that ships.
    Shipped,
    /// From single words; to be looked over.
    Guessed,
}

/// A column of a pasted line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PasteColumn {
    /// Number in the plan.
    Code,
    /// Words of the plan.
    Text,
    /// What counts.
    Indicator,
    /// How it is compared.
    Comparator,
    /// What is asked.
    Value,
    /// Unit of measure.
    Measure,
    /// Until when.
    Deadline,
}

/// What is wrong with a pasted cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PasteProblem {
    /// It is empty.
    Missing,
    /// It says nothing that is known.
    NotUnderstood,
    /// An earlier line says the same.
    Twice,
}

/// A pasted cell that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasteError {
    /// Where.
    pub column: PasteColumn,
    /// How.
    pub problem: PasteProblem,
}

impl PasteError {
    /// This cell is wrong in this way.
    pub fn new(column: PasteColumn, problem: PasteProblem) -> Self {
        Self { column, problem }
    }
}

/// A pasted line: its target, or what is wrong in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PastedLine {
    /// The line of the text on which it begins, from 1.
    pub line: u32,
    /// As it was pasted.
    pub raw: String,
    /// Number in the plan.
    pub code: String,
    /// Words of the plan.
    pub text: String,
    /// Id of the indicator; empty where it is not known.
    pub indicator: String,
    /// How that was found.
    pub found: PasteMatch,
    /// What of the shipped target could not be taken over; it may have to be set aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<GapCause>,
    /// Cells that are wrong.
    pub errors: Vec<PasteError>,
    /// The target; none while anything is wrong.
    pub target: Option<Target>,
}
