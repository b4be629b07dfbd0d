//! The versions of a plan, and what each changed.

use crate::id::TargetPlanId;
use crate::json::{FromJson, ToJson};
use crate::record::PersonName;
use crate::target::{Comparator, Deadline, PlanTerms, Span, Thousandths};
use crate::time::{LocalDate, Millis};
use serde::{Deserialize, Serialize};

/// Most units that a [`PlanChange::Units`] names.
pub const MAX_NAMED_UNITS: usize = 10;

/// One version of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanVersion {
    /// Its number, from 1.
    pub revision: u32,
    /// When it was saved.
    pub at: Millis,
    /// By whom.
    pub by: PersonName,
    /// How many targets it has.
    pub targets: u32,
    /// What is not as in the version before; empty for the first.
    pub changes: Vec<PlanChange>,
}

/// What a plan said in one of its versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanVersionView {
    /// The plan.
    pub id: TargetPlanId,
    /// The number of the version.
    pub revision: u32,
    /// What it said.
    pub terms: PlanTerms,
}

/// Words at the head of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlanWords {
    /// Title.
    Title,
    /// Who issued it.
    Issuer,
    /// Number and sign.
    Number,
    /// The document that it was taken from.
    Source,
}

/// Days at the head of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlanDay {
    /// When it was issued.
    IssuedOn,
    /// What is accepted later counts no more.
    CutOff,
    /// When its result is to be reported.
    Due,
}

/// What a target asks of each unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Asked {
    /// How it is compared.
    pub comparator: Comparator,
    /// With what.
    pub value: Thousandths,
    /// Unit of measure.
    pub measure: String,
}

/// One thing that a version changed. `code` is the number of the target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum PlanChange {
    /// Words at the head.
    Words {
        /// Which.
        of: PlanWords,
        /// What they were; empty where there were none.
        before: String,
        /// What they became.
        after: String,
    },
    /// A day at the head.
    Day {
        /// Which.
        of: PlanDay,
        /// What it was.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
        before: Option<LocalDate>,
        /// What it became.
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
        after: Option<LocalDate>,
    },
    /// What the plan is about.
    Period {
        /// What it was.
        before: Span,
        /// What it became.
        after: Span,
    },
    /// A target is asked for.
    Added {
        /// Its number.
        code: String,
        /// Its words.
        text: String,
    },
    /// A target is not asked for any more.
    Removed {
        /// Its number.
        code: String,
        /// Its words.
        text: String,
    },
    /// A target in other words.
    Reworded {
        /// Its number.
        code: String,
        /// What they were.
        before: String,
        /// What they became.
        after: String,
    },
    /// How much is asked.
    Value {
        /// The target.
        code: String,
        /// What was asked.
        before: Asked,
        /// What is asked.
        after: Asked,
    },
    /// Until when.
    Deadline {
        /// The target.
        code: String,
        /// What it was; the end of the period if missing.
        before: Option<Deadline>,
        /// What it became.
        after: Option<Deadline>,
    },
    /// Units that are exempt, named, or have terms of their own.
    Units {
        /// The target.
        code: String,
        /// Names of units whose terms are others now, at most [`MAX_NAMED_UNITS`].
        names: Vec<String>,
        /// How many more there are.
        others: u32,
    },
    /// Which records count, how they add up, in which period, or whose figures are compared.
    Counting {
        /// The target.
        code: String,
    },
    /// The note of a target.
    Note {
        /// The target.
        code: String,
    },
    /// Targets stand in another order.
    Order,
}
