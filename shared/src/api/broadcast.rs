//! Loudspeaker sessions by week, their schedules and coverage.

use crate::id::{AreaId, BroadcastScheduleId, RecordId};
use crate::json::{FromJson, ToJson};
use crate::loudspeaker::{BroadcastSchedule, ConfirmedSlot, CoveredArea, LoudspeakerSession, Slot};
use crate::problem::Problem;
use crate::record::{PersonName, RecordStatus};
use crate::time::{LocalDate, Millis};
use serde::{Deserialize, Serialize};

/// Most slots in one confirmation.
pub const MAX_CONFIRMED: usize = 200;
/// Most weeks in one coverage.
pub const MAX_WEEKS: u32 = 53;
/// Weeks in a coverage when the caller does not say.
pub const DEFAULT_WEEKS: u32 = 4;

/// A week of an area: the schedules of its stations and what was broadcast. The slots follow from them
/// ([`crate::loudspeaker::week`]).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BroadcastWeek {
    /// The Monday.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub monday: LocalDate,
    /// The server's clock.
    pub now: Millis,
    /// Schedules of stations in the area, by name, with those that have ended since the week began.
    pub schedules: Vec<BroadcastSchedule>,
    /// Which of them have ended; the last day of their terms is that of their end.
    pub ended: Vec<BroadcastScheduleId>,
    /// Slots of the week that somebody has confirmed.
    pub confirmed: Vec<ConfirmedSlot>,
    /// Sessions of the week, planned or not, by start.
    pub sessions: Vec<BroadcastRow>,
}

/// A session of a week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BroadcastRow {
    /// The record.
    pub record_id: RecordId,
    /// Area of the station.
    pub area_id: AreaId,
    /// Start.
    pub started_at: Millis,
    /// Where it stands.
    pub status: RecordStatus,
    /// Who wrote it.
    pub author: PersonName,
    /// Whether its slot was confirmed late.
    pub late: bool,
    /// How many photos it lists.
    pub photos: u32,
    /// What was broadcast.
    pub session: LoudspeakerSession,
}

/// How often areas were reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Coverage {
    /// First day of the period, a Monday.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: LocalDate,
    /// Last day of the period: the Sunday of the week that was asked for.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub to: LocalDate,
    /// Days of the period that have begun.
    pub days: u32,
    /// Sessions a week that an area should hear on average.
    pub target: u32,
    /// Residential areas of today, by name.
    pub areas: Vec<AreaCoverage>,
}

/// How often one residential area was reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AreaCoverage {
    /// The area.
    pub area_id: AreaId,
    /// Its name.
    pub name: String,
    /// Sessions of the last week that were heard and accepted.
    pub accepted: u32,
    /// Sessions of the last week that were heard and wait for review.
    pub waiting: u32,
    /// Sessions of the last week that were not heard here.
    pub missed: u32,
    /// Sessions of the whole period that were heard and accepted.
    pub period_accepted: u32,
    /// Sessions of the whole period that were heard and wait for review.
    pub period_waiting: u32,
}

/// Body of `POST /broadcast/confirmations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmSlots {
    /// 1 to [`MAX_CONFIRMED`] slots, each once.
    pub slots: Vec<SlotConfirmation>,
}

/// One slot to confirm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SlotConfirmation {
    /// Id of the record, made by the caller; the guard against confirming twice by accident.
    pub record_id: RecordId,
    /// Which slot.
    pub slot: Slot,
    /// Areas that did not hear it.
    #[serde(default)]
    pub missed: Vec<CoveredArea>,
}

/// What became of a confirmed slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SlotResult {
    /// The record that it was confirmed with.
    pub record_id: RecordId,
    /// Why it was not confirmed; none when it was.
    pub problem: Option<Box<Problem>>,
}

/// Who holds a slot: `stored` of the problem `slot_taken`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SlotHolder {
    /// The session.
    pub record_id: RecordId,
    /// Who confirmed it.
    pub by: PersonName,
}
