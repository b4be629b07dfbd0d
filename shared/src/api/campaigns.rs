//! The campaign calendar of a year.

use crate::campaign::{Attachment, CampaignDays, CampaignKind};
use crate::id::{AreaId, CampaignDaysId, RecordId};
use crate::json::{FromJson, ToJson};
use crate::record::RecordStatus;
use crate::target::Span;
use crate::time::LocalDate;
use serde::{Deserialize, Serialize};

/// Answer of `GET /campaigns`: the calendar of an area with what was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CampaignCalendar {
    /// The area.
    pub area_id: AreaId,
    /// The year.
    pub year: i32,
    /// Today, by the server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub today: LocalDate,
    /// Whether the caller may set days here.
    pub may_change: bool,
    /// Units directly below: the communes of a province, the residential areas of a commune.
    pub units: Vec<AreaId>,
    /// Campaigns, in the order of the catalogue, own ones last.
    pub campaigns: Vec<CampaignLine>,
}

/// A campaign of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CampaignLine {
    /// Names it within the calendar.
    pub key: String,
    /// The answer of the form; `other` for an own campaign.
    pub campaign: String,
    /// The name of an own campaign; empty for one of the catalogue.
    pub own_name: String,
    /// What sort it is.
    pub kind: CampaignKind,
    /// Plans and decisions that name it.
    pub sources: Vec<String>,
    /// The day itself, for a campaign of one day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub day: Option<LocalDate>,
    /// Its days; none until somebody sets them.
    pub days: Option<Span>,
    /// Whether an area may set its days.
    pub may_be_set: bool,
    /// Who set its days, if anybody did.
    pub set: Option<CampaignSet>,
    /// Accepted activities within its days.
    pub accepted: u32,
    /// Activities within its days that wait for a review.
    pub waiting: u32,
    /// Activities that name it on another day, accepted or waiting.
    pub outside: u32,
    /// Units with activities within its days.
    pub units: Vec<CampaignUnit>,
}

/// Days that an area set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CampaignSet {
    /// Names the entry.
    pub id: CampaignDaysId,
    /// Who set them.
    pub area_id: AreaId,
    /// The days.
    pub days: CampaignDays,
    /// Counts changes, for `If-Match`.
    pub revision: u32,
}

/// What a unit did for a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CampaignUnit {
    /// The unit.
    pub area_id: AreaId,
    /// Activities within the campaign's days, accepted or waiting.
    pub count: u32,
}

/// An activity of a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CampaignRecord {
    /// The record.
    pub record_id: RecordId,
    /// Its kind.
    pub kind: String,
    /// Where.
    pub area_id: AreaId,
    /// On which day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub local_date: LocalDate,
    /// Where it stands.
    pub status: RecordStatus,
    /// Within the campaign's days, or on another.
    pub attachment: Attachment,
}

/// Body of `POST /campaigns`: days for a campaign of the catalogue, or an own campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewCampaignDays {
    /// For this area and those below.
    pub area_id: AreaId,
    /// In the calendar of this year.
    pub year: i32,
    /// Id of the catalogue, or `other` for an own campaign.
    pub campaign: String,
    /// The name of an own campaign, at most 200 characters.
    #[serde(default)]
    pub name: String,
    /// Its days.
    pub days: CampaignDays,
}

/// A campaign that runs or comes, for phones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ComingCampaign {
    /// Names it within the calendar.
    pub key: String,
    /// The answer of the form.
    pub campaign: String,
    /// The name of an own campaign; empty for one of the catalogue.
    pub own_name: String,
    /// First day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: LocalDate,
    /// Last day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub to: LocalDate,
}
