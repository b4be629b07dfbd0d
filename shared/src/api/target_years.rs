//! A plan beside that of the year before.

use crate::id::{AreaId, TargetPlanId};
use crate::json::{FromJson, ToJson};
use crate::target::{Comparator, Thousandths};
use crate::time::LocalDate;
use serde::{Deserialize, Serialize};

/// A target of a plan beside the same one of the year before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct YearBefore {
    /// Number in both plans.
    pub code: String,
    /// The figure a year before the day that is compared on.
    pub on_this_day: Option<Thousandths>,
    /// The figure at the end of that year's period.
    pub at_the_end: Option<Thousandths>,
}

/// One target, unit by unit, beside the same one of the year before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct YearsOfTarget {
    /// Number in both plans.
    pub code: String,
    /// Unit of measure.
    pub measure: String,
    /// How it is compared.
    pub comparator: Comparator,
    /// The day of this year.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub today: LocalDate,
    /// The same day of the year before.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub then: LocalDate,
    /// The plan of the year before; none where there is none, or none with this target.
    pub before: Option<TargetPlanId>,
    /// The whole area.
    pub whole: YearsOfUnit,
    /// Communes of the area as they are today, or residential areas of a commune; none for a residential area.
    pub units: Vec<YearsOfUnit>,
}

/// A figure of one unit in two years. What became of old communes is compared with all that they had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct YearsOfUnit {
    /// The unit.
    pub area_id: AreaId,
    /// Its name.
    pub name: String,
    /// The figure of this year; none where it is not asked, or there is nothing to divide by.
    pub figure: Option<Thousandths>,
    /// The figure on the same day a year before.
    pub on_this_day: Option<Thousandths>,
    /// The figure at the end of that year's period.
    pub at_the_end: Option<Thousandths>,
}

impl YearsOfUnit {
    /// By how much the figure lies above that of the same day.
    pub fn change(&self) -> Option<Thousandths> {
        let (now, then) = (self.figure?, self.on_this_day?);
        Some(Thousandths(now.0.saturating_sub(then.0)))
    }
}
