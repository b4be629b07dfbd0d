//! Plans with targets, how far units are, and what a record counts for.

use crate::id::{AreaId, RecordId, TargetPlanId};
use crate::json::{FromJson, ToJson};
use crate::target::{
    Assessment, Comparator, Missing, NotCounted, PartState, PlanTerms, Progress, Rollup, Rule, Span, Target,
    Thousandths,
};
use crate::time::LocalDate;
use serde::{Deserialize, Serialize};

/// Most records in the list behind a figure.
pub const MAX_BEHIND: usize = 500;

/// A plan in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TargetPlanRow {
    /// The plan.
    pub id: TargetPlanId,
    /// Whose.
    pub area_id: AreaId,
    /// The name of that area.
    pub area_name: String,
    /// Title.
    pub title: String,
    /// First day of its period.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: LocalDate,
    /// Last day of its period.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub to: LocalDate,
    /// Accepted after this day counts no more.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub cut_off: Option<LocalDate>,
    /// When it is to be reported.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub due: Option<LocalDate>,
    /// How many targets it has.
    pub targets: u32,
    /// Counts up at every change; the ETag.
    pub revision: u32,
    /// Whether the caller may change it.
    pub may_change: bool,
}

/// A plan as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TargetPlanView {
    /// The plan.
    pub id: TargetPlanId,
    /// Counts up at every change; the ETag.
    pub revision: u32,
    /// What it says.
    pub terms: PlanTerms,
    /// Whether the caller may change it.
    pub may_change: bool,
}

/// Which area tree figures are shown on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OnTree {
    /// That of the date of each record.
    #[default]
    Then,
    /// That of today.
    Now,
}

/// Which of the records behind a figure are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BehindShow {
    /// Those that count.
    Counted,
    /// Those that came after the deadline or the cut-off.
    Late,
    /// Those that are the same as others, or more than may count.
    NotCounted,
}

impl BehindShow {
    /// Names of the standings that are shown, as they are stored.
    pub fn standings(self) -> &'static [&'static str] {
        match self {
            Self::Counted => &["counted"],
            Self::Late => &["after_deadline", "after_cut_off"],
            Self::NotCounted => &["same_as", "cap_reached"],
        }
    }
}

/// How far the units of an area are with the targets of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProgressMatrix {
    /// The plan.
    pub plan: TargetPlanRow,
    /// Whose units these are.
    pub area_id: AreaId,
    /// The day that figures are compared on.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub today: LocalDate,
    /// Communes whose figures are still being counted.
    pub waiting: u32,
    /// The rows: communes of the area, or residential areas of a commune.
    pub units: Vec<MatrixUnit>,
    /// The columns, in the order of the plan.
    pub targets: Vec<MatrixTarget>,
}

/// A row of a matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatrixUnit {
    /// The area.
    pub area_id: AreaId,
    /// Its name.
    pub name: String,
    /// Its last day, where another unit of the matrix is called the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub until: Option<LocalDate>,
    /// How many of its targets stand how.
    pub rollup: Rollup,
}

/// A column of a matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatrixTarget {
    /// Number in the plan.
    pub code: String,
    /// Words of the plan.
    pub text: String,
    /// Unit of measure.
    pub measure: String,
    /// How it is compared.
    pub comparator: Comparator,
    /// What is asked of each unit.
    pub value: Thousandths,
    /// The last day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub last_day: LocalDate,
    /// What is asked of all units together, where that adds up.
    pub asked: Option<Thousandths>,
    /// How many units stand how.
    pub rollup: Rollup,
    /// The figure of the whole area.
    pub whole: Assessment,
    /// How each unit stands, in the order of the rows.
    pub cells: Vec<MatrixCell>,
    /// Shares that came too late.
    pub late: u32,
}

/// How one unit stands with one target, as briefly as a matrix of many needs it: what says nothing is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatrixCell {
    /// In a word.
    pub progress: Progress,
    /// The figure; none while there is nothing to divide by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<Thousandths>,
    /// What is asked of this unit, where that differs from the column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Thousandths>,
    /// The sum of what counted.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub amount: i64,
    /// What is missing, where that can be counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
    /// The last day of what is overdue, where that is not the column's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub overdue_since: Option<LocalDate>,
    /// Parts of a split figure.
    #[serde(default, skip_serializing_if = "is_none")]
    pub parts: u32,
    /// How many of them are met.
    #[serde(default, skip_serializing_if = "is_none")]
    pub parts_met: u32,
}

impl MatrixCell {
    /// The cell of an assessment, in a column of which `value` is asked until `last_day`.
    pub fn of(how: &Assessment, value: Thousandths, last_day: LocalDate) -> Self {
        let count = |parts: usize| u32::try_from(parts).unwrap_or(u32::MAX);
        Self {
            progress: how.progress,
            figure: how.figure,
            value: (how.value != value).then_some(how.value),
            amount: how.amount,
            missing: how.missing,
            overdue_since: how.overdue_since.filter(|day| *day != last_day),
            parts: count(how.parts.len()),
            parts_met: count(how.parts_met()),
        }
    }
}

fn is_nothing(amount: &i64) -> bool {
    *amount == 0
}

fn is_none(count: &u32) -> bool {
    *count == 0
}

/// Whether a figure rises to what is asked, or is to keep a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PaceShape {
    /// It is expected in proportion to the days.
    Rising,
    /// It is asked at any time.
    Level,
}

/// A figure at the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PacePoint {
    /// The day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub day: LocalDate,
    /// The figure; none while there was nothing to divide by.
    pub figure: Option<Thousandths>,
}

/// How a figure grew, where it leads, and how it was a year before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TargetPace {
    /// Number in the plan.
    pub code: String,
    /// Words of the plan.
    pub text: String,
    /// Unit of measure.
    pub measure: String,
    /// How it is compared.
    pub comparator: Comparator,
    /// Whose figure it is.
    pub area_id: AreaId,
    /// The name of that area.
    pub area_name: String,
    /// First and last day.
    pub span: Span,
    /// The day that figures are compared on.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub today: LocalDate,
    /// What is asked of the area.
    pub value: Thousandths,
    /// Of a split figure, how many parts it has: the figures are then how many of them are met. 0 for one without parts.
    #[serde(default, skip_serializing_if = "is_none")]
    pub parts: u32,
    /// Whether it rises or keeps a level.
    pub shape: PaceShape,
    /// Week by week, the last one of today or of the last day.
    pub points: Vec<PacePoint>,
    /// The figure on the last day at the pace so far; none when that has passed.
    pub forecast: Option<Thousandths>,
    /// When what is asked is reached at the pace so far.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub reached_on: Option<LocalDate>,
    /// The year before; empty where its plan had no such target.
    pub before: Vec<PacePoint>,
}

/// A record behind a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BehindRow {
    /// The record.
    pub record_id: RecordId,
    /// Where it counts.
    pub area_id: AreaId,
    /// The name of that area.
    pub area_name: String,
    /// The day that decided.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub date: LocalDate,
    /// What it adds.
    pub amount: i64,
    /// What it adds to the total of a rate.
    pub total: i64,
    /// Quarter, month or answer.
    pub part: String,
    /// Why it does not count; none when it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_not: Option<NotCounted>,
}

/// What a record means for one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordTarget {
    /// The plan.
    pub plan_id: TargetPlanId,
    /// Its title.
    pub plan: String,
    /// Number of the target.
    pub code: String,
    /// Words of the target.
    pub text: String,
    /// What it adds; 0 when it does not count.
    pub amount: i64,
    /// Why it does not count; none when it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_not: Option<NotCounted>,
}

/// A target of the caller's own area, with what a phone needs to say by itself what a record counts for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyTarget {
    /// The plan.
    pub plan_id: TargetPlanId,
    /// Its title.
    pub plan: String,
    /// The target.
    pub target: Target,
    /// Its period.
    pub period: Span,
    /// Accepted after this day counts no more.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub cut_off: Option<LocalDate>,
    /// The residential area or commune whose figure it is.
    pub area_id: AreaId,
    /// How it stands.
    pub progress: Progress,
    /// The figure.
    pub figure: Option<Thousandths>,
    /// What was asked of the area.
    pub value: Thousandths,
    /// What is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
    /// The parts of a split figure, each with what it lacks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartState>,
    /// How much of what is missing belongs to this week, for an average by the week; the rest is owed from earlier weeks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub this_week: Option<i64>,
    /// Records of the caller's that count for it.
    #[serde(default)]
    pub by_me: u32,
    /// Records of the caller's teams that count for it, the caller's own in them among them.
    #[serde(default)]
    pub by_team: u32,
    /// The last day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub last_day: LocalDate,
}

impl MyTarget {
    /// Its rule.
    pub fn rule(&self) -> Rule<'_> {
        Rule {
            target: &self.target,
            period: self.period,
            cut_off: self.cut_off,
        }
    }

    /// Id of the kind that counts for it; empty for a sum of others.
    pub fn kind(&self) -> &str {
        self.target
            .source
            .as_ref()
            .map_or("", |source| source.kind.as_str())
    }
}
