//! The working calendar: on which days due times stand still.

use crate::incident::calendar::Holiday;
use crate::json::{FromJson, ToJson};
use crate::time::LocalDate;
use serde::{Deserialize, Serialize};

/// Most days that are set at once.
pub const MAX_SPAN_DAYS: i64 = 31;
/// Longest name, in characters.
pub const MAX_DAY_NAME: usize = 100;

/// Query of `GET /working-days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct WorkingYearQuery {
    /// The year; this one if missing.
    #[serde(default)]
    pub year: Option<i32>,
}

/// A year: the days off beside weekends, and the weekends on which people work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkingYear {
    /// The year.
    pub year: i32,
    /// Spans of days, by their first day.
    pub spans: Vec<DaySpan>,
    /// Whether the days of Tết are known. Without them due times of the weeks before are too early.
    pub has_tet: bool,
    /// Whether the caller may set days.
    pub may_set: bool,
}

/// Days in a row of which the same is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DaySpan {
    /// The first day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: LocalDate,
    /// The last day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub to: LocalDate,
    /// Whether people work.
    pub works: bool,
    /// The holiday that ships with the program; none for what was set.
    pub holiday: Option<Holiday>,
    /// What it was called when it was set.
    pub name: String,
}

/// Body of `PUT /working-days`: what holds on each day of a span, whatever was said of it before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewDaySpan {
    /// The first day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: LocalDate,
    /// The last day, at most [`MAX_SPAN_DAYS`] days in all.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub to: LocalDate,
    /// Whether people work.
    pub works: bool,
    /// What it is: "Tết Nguyên đán 2028", 1 to 100 characters.
    pub name: String,
}

/// Query of `DELETE /working-days`: from these days on what ships holds again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct SpanQuery {
    /// The first day.
    #[cfg_attr(feature = "openapi", param(value_type = String, format = Date))]
    pub from: LocalDate,
    /// The last day.
    #[cfg_attr(feature = "openapi", param(value_type = String, format = Date))]
    pub to: LocalDate,
}
