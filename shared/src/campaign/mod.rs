//! The campaign calendar: days, months and seasons of the year that activities respond to.
//!
//! [`catalogue`] is the one home of the campaigns that plans name, with their sources. Some recur on the same days each year;
//! others have dates "by plan", which whoever runs an area sets for a year ([`StoredDays`]) and areas below inherit, the
//! nearest first. An area may also have campaigns of its own. [`of_year`] says which there are and when, [`attach`] whether a
//! record belongs to one. Both are pure; nothing about a record is stored, so what a record is of never differs from what
//! it says.

mod catalogue;

pub use catalogue::{CATALOGUE, answers};

use crate::id::{AreaId, CampaignDaysId};
use crate::json::{FromJson, ToJson};
use crate::kind::Label;
use crate::problem::{FieldCode, FieldError};
use crate::target::Span;
use crate::text;
use crate::time::LocalDate;
use chrono::{Datelike, Days};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::ops::RangeInclusive;

/// Longest name of an own campaign, in characters.
pub const MAX_NAME: usize = 200;
/// Longest note, in characters.
pub const MAX_NOTE: usize = 300;
/// Years that have a calendar.
pub const YEARS: RangeInclusive<i32> = 2020..=2100;
/// The answer of the form for a campaign that the catalogue does not have; the record then gives its name.
pub const OTHER: &str = "other";
/// The kind of record that says which campaign it responds to.
pub const ACTIVITY: &str = "campaign_activity";
/// The field of [`ACTIVITY`] that holds the answer.
pub const ANSWER: &str = "campaign";
/// The field of [`ACTIVITY`] that holds the name of an own campaign.
pub const NAME: &str = "campaign_name";
/// Where no source says since when a day is prepared for, work of so many days before it is of it.
pub const LEAD_DAYS: u64 = 15;

/// What sort of campaign it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CampaignKind {
    /// Ngày.
    Day,
    /// Tháng.
    Month,
    /// Mùa.
    Season,
    /// Đợt theo kế hoạch.
    Campaign,
    /// Phong trào thi đua.
    Emulation,
    /// Sơ kết, tổng kết.
    Review,
}

/// When a campaign is, before anybody set dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Each year on this day (month, day); work counts as of it since the first day, or [`LEAD_DAYS`] before.
    On {
        /// The day itself.
        day: (u32, u32),
        /// The first day of its window, where a source says so.
        since: Option<(u32, u32)>,
    },
    /// Each year from one day to another of the same year.
    Between((u32, u32), (u32, u32)),
    /// The whole of each year.
    AllYear,
    /// The whole of one year.
    Once(i32),
    /// When a plan says so.
    ByPlan,
}

/// Which records of other kinds are of a campaign, though they do not name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Also {
    /// This kind is about the campaign: always.
    Always(&'static str),
    /// This kind, when its day lies within the campaign's days.
    Within(&'static str),
}

/// A campaign of the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct CampaignSpec {
    /// Stable id: the answer of the form.
    pub id: &'static str,
    /// What sort it is.
    pub kind: CampaignKind,
    /// Name.
    pub label: Label,
    /// When it is.
    pub when: When,
    /// Kinds that belong to it by themselves.
    pub also: &'static [Also],
    /// Plans and decisions that name it.
    pub sources: &'static [&'static str],
}

/// Dates that an area set for a campaign in a year, or a campaign of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDays {
    /// Names the entry.
    pub id: CampaignDaysId,
    /// Who set them; areas below inherit.
    pub area_id: AreaId,
    /// Id of the catalogue, or [`OTHER`].
    pub campaign: String,
    /// The name of an own campaign; empty for one of the catalogue.
    pub name: String,
    /// The year whose calendar it stands in.
    pub year: i32,
    /// Its days.
    pub days: CampaignDays,
    /// Counts changes, for `If-Match`.
    pub revision: u32,
}

/// First and last day of a campaign in a year, with words. Body of `PUT /campaigns/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CampaignDays {
    /// First day: in the year or the one before.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: LocalDate,
    /// Last day: in the year or the one after.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub to: LocalDate,
    /// By which plan, at most [`MAX_NOTE`] characters.
    #[serde(default)]
    pub note: String,
}

impl CampaignDays {
    /// The days as they are stored, for the calendar of `year`.
    pub fn parse(mut self, year: i32) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        self.note = text::clean(&self.note);
        if self.note.chars().count() > MAX_NOTE {
            errors.push(FieldError::new("note", FieldCode::TooLong).with("max", MAX_NOTE));
        }
        if self.to < self.from {
            errors.push(FieldError::new("to", FieldCode::EndBeforeStart));
        }
        // Around the turn of the year a campaign stands in the calendar of either.
        if self.from.year() > year || self.to.year() < year || self.span().days() > 366 {
            errors.push(FieldError::new("from", FieldCode::NotAChoice));
        }
        match errors.is_empty() {
            true => Ok(self),
            false => Err(errors),
        }
    }

    /// First and last day.
    pub fn span(&self) -> Span {
        Span {
            from: self.from,
            to: self.to,
        }
    }
}

/// A campaign of a year in an area.
#[derive(Debug, Clone)]
pub struct Campaign<'a> {
    /// Its entry in the catalogue; none for an own campaign.
    pub spec: Option<&'static CampaignSpec>,
    /// Who set its days, if anybody did.
    pub set: Option<&'a StoredDays>,
    /// The day itself, for a campaign of one day.
    pub day: Option<LocalDate>,
    /// Its days; none until somebody sets them.
    pub days: Option<Span>,
}

impl Campaign<'_> {
    /// The answer of the form.
    pub fn answer(&self) -> &'static str {
        self.spec.map_or(OTHER, |spec| spec.id)
    }

    /// The name of an own campaign; empty for one of the catalogue.
    pub fn own_name(&self) -> &str {
        match (self.spec, self.set) {
            (None, Some(set)) => &set.name,
            _ => "",
        }
    }

    /// Names it within the calendar of its area.
    pub fn key(&self) -> String {
        match (self.spec, self.set) {
            (None, Some(set)) => format!("own-{}", set.id),
            _ => self.answer().to_owned(),
        }
    }

    /// What sort it is.
    pub fn kind(&self) -> CampaignKind {
        self.spec.map_or(CampaignKind::Campaign, |spec| spec.kind)
    }

    fn is_same(&self, other: &Campaign<'_>) -> bool {
        self.answer() == other.answer()
            && text::search_key(self.own_name()) == text::search_key(other.own_name())
    }
}

/// The campaign of the catalogue with this id.
pub fn find(id: &str) -> Option<&'static CampaignSpec> {
    CATALOGUE.iter().find(|spec| spec.id == id)
}

/// The campaigns of a year in an area, in the order of the catalogue, own ones last. `chain` is the area and those above it,
/// nearest first; dates of the nearest hold.
pub fn of_year<'a>(year: i32, chain: &[AreaId], stored: &'a [StoredDays]) -> Vec<Campaign<'a>> {
    let distance = |days: &StoredDays| chain.iter().position(|area| *area == days.area_id);
    let in_force = |days: &&StoredDays| days.year == year && distance(days).is_some();
    let of_catalogue = CATALOGUE.iter().filter_map(|spec| {
        let set = stored.iter().filter(in_force);
        let set = set
            .filter(|days| days.campaign == spec.id)
            .min_by_key(|days| distance(days));
        let (day, usual) = spec.when.in_year(year)?;
        Some(Campaign {
            spec: Some(spec),
            set,
            day,
            days: set.map(|set| set.days.span()).or(usual),
        })
    });
    let own = stored
        .iter()
        .filter(in_force)
        .filter(|days| days.campaign == OTHER)
        .map(|days| Campaign {
            spec: None,
            set: Some(days),
            day: None,
            days: Some(days.days.span()),
        });
    of_catalogue.chain(own).collect()
}

impl When {
    /// Whether an area may set the days of a year.
    pub fn may_be_set(self) -> bool {
        !matches!(self, Self::AllYear | Self::Once(_))
    }

    /// The day itself and the usual days in a year; none when it is not in that year at all.
    fn in_year(self, year: i32) -> Option<(Option<LocalDate>, Option<Span>)> {
        let date = |(month, day): (u32, u32)| LocalDate::from_ymd_opt(year, month, day);
        let whole = || Span::between(date((1, 1)), date((12, 31)));
        match self {
            Self::On { day, since } => {
                let day = date(day)?;
                let lead = || day.checked_sub_days(Days::new(LEAD_DAYS));
                let from = since.and_then(date).or_else(lead);
                Some((Some(day), Span::between(from, Some(day))))
            }
            Self::Between(from, to) => Some((None, Span::between(date(from), date(to)))),
            Self::AllYear => Some((None, whole())),
            Self::Once(only) => (only == year).then(|| (None, whole())),
            Self::ByPlan => Some((None, None)),
        }
    }
}

/// How a record stands to a campaign of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Attachment {
    /// Of it, and within its days; or nobody set its days.
    Within,
    /// It names the campaign, but its day is another.
    Outside,
}

/// Which campaigns of `year` a record of this kind and day belongs to, by their place in `calendars.1`, which is that of the year;
/// the others are of the year before and after, since a campaign around the turn of the year belongs to one of them.
pub fn attach(
    calendars: (&[Campaign<'_>], &[Campaign<'_>], &[Campaign<'_>]),
    year: i32,
    kind: &str,
    date: LocalDate,
    body: &Value,
) -> Vec<(usize, Attachment)> {
    let (before, of_year, after) = calendars;
    let holds = |campaign: &Campaign<'_>| campaign.days.is_some_and(|days| days.holds(date));
    let is_of_another_year = |campaign: &Campaign<'_>| {
        let mut others = before.iter().chain(after);
        others.any(|other| other.is_same(campaign) && holds(other))
    };
    let mut found = Vec::new();
    for (place, campaign) in of_year.iter().enumerate() {
        let Some(claim) = claim(campaign, kind, body) else {
            continue;
        };
        let attachment = match campaign.days {
            Some(days) if days.holds(date) => Attachment::Within,
            _ if claim == Claim::ByDay || date.year() != year || is_of_another_year(campaign) => continue,
            Some(_) => Attachment::Outside,
            None => Attachment::Within,
        };
        found.push((place, attachment));
    }
    found
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    ByName,
    ByDay,
}

/// Whether a record speaks of the campaign.
fn claim(campaign: &Campaign<'_>, kind: &str, body: &Value) -> Option<Claim> {
    if kind == ACTIVITY {
        let answer = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default();
        let is_named = answer(ANSWER) == campaign.answer()
            && (campaign.spec.is_some()
                || text::search_key(answer(NAME)) == text::search_key(campaign.own_name()));
        return is_named.then_some(Claim::ByName);
    }
    campaign.spec?.also.iter().find_map(|also| match also {
        Also::Always(name) => (*name == kind).then_some(Claim::ByName),
        Also::Within(name) => (*name == kind).then_some(Claim::ByDay),
    })
}
