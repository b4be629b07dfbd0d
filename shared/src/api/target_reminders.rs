//! What of the plans in force is due.

use crate::id::{AreaId, TargetPlanId};
use crate::json::{FromJson, ToJson};
use crate::time::LocalDate;
use serde::{Deserialize, Serialize};

/// Most reminders in a list.
pub const MAX_REMINDERS: usize = 100;

/// Why something of a plan is called to mind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReminderCause {
    /// It is below its average by the week.
    Week,
    /// Its last day is near and it has not been reached.
    DueSoon,
    /// The report on the plan is due.
    Report,
    /// Its last day has passed without it.
    Overdue,
}

/// Something of a plan that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TargetReminder {
    /// Why.
    pub cause: ReminderCause,
    /// Until when; of what is overdue, the day that has passed.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub until: LocalDate,
    /// The plan.
    pub plan_id: TargetPlanId,
    /// Its title.
    pub plan: String,
    /// The area whose figures say so.
    pub area_id: AreaId,
    /// Number of the target; empty for the report.
    pub code: String,
    /// Words of the target; empty for the report.
    pub text: String,
    /// Id of the kind that counts for it; empty where several do.
    pub kind: String,
    /// Units of the area that have not reached it; 0 where the area itself has not.
    pub units: u32,
    /// Units that it is asked of.
    pub asked: u32,
    /// What the area lacks, where that can be counted.
    pub missing: Option<i64>,
}
