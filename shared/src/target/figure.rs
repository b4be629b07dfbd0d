//! What [`super::assess`] is given and what it says: met, on track, behind, overdue.

use super::plan::{Span, Thousandths};
use crate::id::AreaId;
use crate::json::{FromJson, ToJson};
use crate::time::LocalDate;
use serde::{Deserialize, Serialize};

/// What counted in one area of one commune for one part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell<'a> {
    /// The commune.
    pub commune: AreaId,
    /// The residential area, or the commune itself.
    pub area: AreaId,
    /// The part; empty without a split.
    pub part: &'a str,
    /// The sum of the amounts.
    pub amount: i64,
    /// The sum of the totals.
    pub total: i64,
    /// How many shares that is.
    pub records: u32,
}

/// Whose figure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// Communes of the unit that the target is asked of, at least 1.
    pub communes: u32,
    /// Residential areas of the unit that the target is asked of.
    pub areas: u32,
}

/// Whose figure it is, and for how long its places were there: a commune or a village that began or ended within the period
/// weighs as much as the days that it had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Communes that the target is asked of, at least 1; those that have become one are one.
    pub communes: u32,
    /// Residential areas that the target is asked of.
    pub areas: u32,
    /// The days of each commune within the whole span, added up.
    pub commune_days: i64,
    /// The days of each residential area within the span that have begun, added up.
    pub area_days: i64,
}

impl Unit {
    /// The extent of places that were there all along.
    pub fn all_along(self, span: Span, today: LocalDate) -> Extent {
        Extent {
            communes: self.communes,
            areas: self.areas,
            commune_days: i64::from(self.communes) * span.days(),
            area_days: i64::from(self.areas) * span.until(today).days(),
        }
    }
}

impl Extent {
    /// The extent within a part of a span, in proportion to its days.
    pub fn within(self, whole: Span, part: Span, today: LocalDate) -> Self {
        let share = |days: i64, of: i64, part: i64| days.saturating_mul(part).checked_div(of).unwrap_or(0);
        Self {
            commune_days: share(self.commune_days, whole.days(), part.days()),
            area_days: share(
                self.area_days,
                whole.until(today).days(),
                part.until(today).days(),
            ),
            ..self
        }
    }
}

/// What is asked of a unit, and in which days.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The value.
    pub value: Thousandths,
    /// From the first to the last day in time.
    pub span: Span,
    /// What is asked in the days of a part of the span; none where the part is not asked of the unit. Without it, every part
    /// is asked the value.
    pub of_part: Option<&'a dyn Fn(Span) -> Option<Thousandths>>,
}

impl Asked<'_> {
    /// The same of every part.
    pub fn throughout(value: Thousandths, span: Span) -> Self {
        Self {
            value,
            span,
            of_part: None,
        }
    }
}

/// How a unit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// What was asked has been reached.
    Met,
    /// There is time, and so far enough has been done.
    OnTrack,
    /// There is time, and less has been done than by now should be.
    Behind,
    /// The last day has passed without it.
    Overdue,
    /// It is not asked of this unit.
    NotApplicable,
}

/// What is missing until a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Missing {
    /// How many, of what is counted.
    pub count: i64,
    /// The last day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub until: LocalDate,
}

/// How one part of a figure stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartState {
    /// `2024-Q1`, `2024-03`, or an answer.
    pub part: String,
    /// Its figure.
    pub figure: Option<Thousandths>,
    /// How it stands.
    pub progress: Progress,
    /// Its last day in time.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub last_day: LocalDate,
    /// What it lacks now, where that can be counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
}

/// How one unit stands with one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assessment {
    /// In a word.
    pub progress: Progress,
    /// The figure, rounded to thousandths; none while there is nothing to divide by.
    pub figure: Option<Thousandths>,
    /// What was asked.
    pub value: Thousandths,
    /// The sum of what counted.
    pub amount: i64,
    /// What a rate is a rate of.
    pub total: i64,
    /// How many shares counted.
    pub records: u32,
    /// What is missing, where that can be counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
    /// The last day of what is overdue; of parts, of the first that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub overdue_since: Option<LocalDate>,
    /// The parts of a split figure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartState>,
}

impl Assessment {
    /// Of a unit that the target is not asked of.
    pub fn not_applicable(value: Thousandths) -> Self {
        Self {
            progress: Progress::NotApplicable,
            figure: None,
            value,
            amount: 0,
            total: 0,
            records: 0,
            missing: None,
            overdue_since: None,
            parts: Vec::new(),
        }
    }

    /// How many parts are met.
    pub fn parts_met(&self) -> usize {
        let met = |part: &&PartState| part.progress == Progress::Met;
        self.parts.iter().filter(met).count()
    }
}

/// How many units stand how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rollup {
    /// Units that have met it.
    pub met: u32,
    /// Units on track.
    pub on_track: u32,
    /// Units behind.
    pub behind: u32,
    /// Units that are overdue.
    pub overdue: u32,
    /// Units that it is not asked of.
    pub not_applicable: u32,
}

impl Rollup {
    /// Counts one more unit.
    pub fn add(&mut self, progress: Progress) {
        let count = match progress {
            Progress::Met => &mut self.met,
            Progress::OnTrack => &mut self.on_track,
            Progress::Behind => &mut self.behind,
            Progress::Overdue => &mut self.overdue,
            Progress::NotApplicable => &mut self.not_applicable,
        };
        *count += 1;
    }

    /// Units that it is asked of.
    pub fn asked(&self) -> u32 {
        self.met + self.on_track + self.behind + self.overdue
    }
}
