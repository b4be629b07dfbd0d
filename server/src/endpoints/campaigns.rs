//! The campaign calendar of an area: when campaigns are, who set that, and what was done for them.

use super::teams::require_in;
use crate::auth::Caller;
use crate::db::campaigns::{self, Activity};
use crate::db::{Conn, DbError};
use crate::extract::{IfMatch, Json, Path, Query};
use crate::problem::AppError;
use crate::state::State;
use crate::sync::permit::actor;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{Datelike, Days};
use keng_shared::api::{
    CampaignCalendar, CampaignLine, CampaignRecord, CampaignSet, CampaignUnit, ComingCampaign,
    NewCampaignDays,
};
use keng_shared::area::{AreaKind, AreaTree};
use keng_shared::campaign::{
    Attachment, Campaign, CampaignDays, CampaignKind, MAX_NAME, OTHER, StoredDays, YEARS, attach, find,
    of_year,
};
use keng_shared::id::{AreaId, CampaignDaysId};
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::record::RecordStatus;
use keng_shared::sync::COMING_DAYS;
use keng_shared::text;
use keng_shared::time::LocalDate;
use serde::Deserialize;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;

/// Query of [`calendar`].
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct CalendarQuery {
    /// A commune, or an area above communes.
    #[param(value_type = i64)]
    area: AreaId,
    /// The year; this one if missing.
    year: Option<i32>,
}

/// Query of [`records`].
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct RecordsQuery {
    /// A commune, or an area above communes.
    #[param(value_type = i64)]
    area: AreaId,
    /// The year; this one if missing.
    year: Option<i32>,
    /// Key of the campaign in that calendar.
    campaign: String,
}

/// `GET /campaigns`
pub async fn calendar(
    state: State,
    caller: Caller,
    Query(query): Query<CalendarQuery>,
) -> Result<Json<CampaignCalendar>, AppError> {
    let ground = Ground::of(&caller, query.area, query.year)?;
    let may_change = caller.can(Verb::SetTargets, query.area);
    let calendar = state.db.snapshot(move |conn| {
        let work = Work::read(conn, &ground)?;
        Ok(work.calendar(may_change))
    });
    Ok(Json(calendar.await?))
}

/// `GET /campaigns/records`: the activities behind the figures of one campaign, by day.
pub async fn records(
    state: State,
    caller: Caller,
    Query(query): Query<RecordsQuery>,
) -> Result<Json<Vec<CampaignRecord>>, AppError> {
    let ground = Ground::of(&caller, query.area, query.year)?;
    let found = state.db.snapshot(move |conn| {
        let work = Work::read(conn, &ground)?;
        let calendar = of_year(ground.year, &ground.chain, &work.stored);
        let place = calendar
            .iter()
            .position(|campaign| campaign.key() == query.campaign);
        let place = place.ok_or(ProblemCode::NotFound)?;
        let of_campaign = work.attached().into_iter().filter(|(at, ..)| *at == place);
        Ok(of_campaign
            .map(|(_, attachment, activity)| CampaignRecord {
                record_id: activity.id,
                kind: activity.kind.clone(),
                area_id: activity.area_id,
                local_date: activity.local_date,
                status: activity.status,
                attachment,
            })
            .collect())
    });
    Ok(Json(found.await?))
}

/// `POST /campaigns`: days for a campaign of the catalogue, or an own campaign.
pub async fn create(
    state: State,
    caller: Caller,
    Json(new): Json<NewCampaignDays>,
) -> Result<(Json<CampaignSet>, StatusCode), AppError> {
    require_in(&caller, Verb::SetTargets, new.area_id)?;
    let new = checked(&caller, new)?;
    let set = state
        .db
        .write(move |conn| {
            if campaigns::is_set(conn, &new)? {
                return Err(ProblemCode::NameTaken.into());
            }
            let id = campaigns::insert(conn, &new, caller.user_id(), caller.now())?;
            record(conn, &caller, "campaign.set", id, &new.days)?;
            stored(conn, id)
        })
        .await?;
    Ok((Json(set), StatusCode::CREATED))
}

/// `PUT /campaigns/{id}`: other days.
pub async fn edit(
    state: State,
    caller: Caller,
    Path(id): Path<CampaignDaysId>,
    IfMatch(revision): IfMatch,
    Json(days): Json<CampaignDays>,
) -> Result<Json<CampaignSet>, AppError> {
    let found = permitted(&state, &caller, id).await?;
    let days = days.parse(found.year).map_err(AppError::fields)?;
    let set = state
        .db
        .write(move |conn| {
            require_revision(conn, id, revision)?;
            campaigns::update(conn, id, &days, caller.user_id(), caller.now())?;
            record(conn, &caller, "campaign.change", id, &days)?;
            stored(conn, id)
        })
        .await?;
    Ok(Json(set))
}

/// `DELETE /campaigns/{id}`: what the area above says holds again; an own campaign is gone.
pub async fn delete(
    state: State,
    caller: Caller,
    Path(id): Path<CampaignDaysId>,
    IfMatch(revision): IfMatch,
) -> Result<HttpResponse, AppError> {
    permitted(&state, &caller, id).await?;
    state
        .db
        .write(move |conn| {
            let found = require_revision(conn, id, revision)?;
            campaigns::delete(conn, id)?;
            record(conn, &caller, "campaign.unset", id, &found.days)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What runs in the caller's areas or begins soon, for the phone. Movements of the whole year are always there, so they
/// are no news.
pub(super) fn coming(conn: &mut Conn, caller: &Caller) -> Result<Vec<ComingCampaign>, DbError> {
    let (today, tree) = (caller.today(), caller.tree());
    let homes = caller
        .memberships()
        .filter(|membership| membership.role.allows(Verb::LogActivity));
    let chains: Vec<Vec<AreaId>> = homes
        .map(|membership| tree.chain(membership.area_id, today))
        .collect();
    let mut areas: Vec<AreaId> = chains.iter().flatten().copied().collect();
    areas.sort_unstable();
    areas.dedup();
    let stored = campaigns::in_areas(conn, &areas, &around(today.year()))?;
    let soon = today
        .checked_add_days(Days::new(COMING_DAYS))
        .unwrap_or(LocalDate::MAX);
    let mut found: Vec<ComingCampaign> = Vec::new();
    for chain in &chains {
        for year in around(today.year()) {
            for campaign in of_year(year, chain, &stored) {
                let Some(days) = campaign.days.filter(|days| days.to >= today && days.from <= soon) else {
                    continue;
                };
                if matches!(campaign.kind(), CampaignKind::Emulation | CampaignKind::Review) {
                    continue;
                }
                let line = ComingCampaign {
                    key: campaign.key(),
                    campaign: campaign.answer().to_owned(),
                    own_name: campaign.own_name().to_owned(),
                    from: days.from,
                    to: days.to,
                };
                if !found.contains(&line) {
                    found.push(line);
                }
            }
        }
    }
    found.sort_by(|a, b| (a.to, &a.key).cmp(&(b.to, &b.key)));
    Ok(found)
}

/// A year with the one before and the one after.
fn around(year: i32) -> RangeInclusive<i32> {
    year - 1..=year + 1
}

/// Where and when a calendar is of.
struct Ground {
    area: AreaId,
    year: i32,
    today: LocalDate,
    chain: Vec<AreaId>,
    units: Vec<AreaId>,
    /// The communes of the year, each with the areas that set its days, nearest first.
    communes: Vec<(AreaId, Vec<AreaId>)>,
}

impl Ground {
    fn of(caller: &Caller, area: AreaId, year: Option<i32>) -> Result<Self, AppError> {
        caller.require(Verb::ReadRecords, area)?;
        let (tree, today) = (caller.tree(), caller.today());
        if tree.get(area).is_none_or(|found| found.kind > AreaKind::Commune) {
            return Err(FieldError::new("area", FieldCode::NotAChoice).into());
        }
        let year = year.unwrap_or(today.year());
        let ends = (
            LocalDate::from_ymd_opt(year, 1, 1),
            LocalDate::from_ymd_opt(year, 12, 31),
        );
        let (Some(first), Some(last)) = ends else {
            return Err(FieldError::new("year", FieldCode::NotAChoice).into());
        };
        if !YEARS.contains(&year) {
            return Err(FieldError::new("year", FieldCode::NotAChoice).into());
        }
        let last = last.min(today.max(first));
        let chain = tree.chain(area, today);
        let mut communes = communes_of(tree, area, last);
        communes.extend(communes_of(tree, area, first));
        communes.sort_unstable();
        communes.dedup();
        let chain_of = |commune: AreaId| {
            let found = tree.chain(commune, last);
            // One that ended within the year still has what was above it when the year began.
            if found.len() > 1 {
                found
            } else {
                tree.chain(commune, first)
            }
        };
        let communes = communes
            .into_iter()
            .map(|commune| (commune, chain_of(commune)))
            .collect();
        Ok(Self {
            area,
            year,
            today,
            chain,
            units: units_of(tree, area, last),
            communes,
        })
    }
}

fn communes_of(tree: &AreaTree, area: AreaId, date: LocalDate) -> Vec<AreaId> {
    let mut found = tree.subtree(area, date);
    found.retain(|id| tree.get(*id).is_some_and(|area| area.kind == AreaKind::Commune));
    found
}

/// The communes of a province or district, the residential areas of a commune.
fn units_of(tree: &AreaTree, area: AreaId, date: LocalDate) -> Vec<AreaId> {
    let mut units = match tree.get(area).map(|area| area.kind) {
        Some(AreaKind::Commune) => tree.children(area, date).collect(),
        _ => communes_of(tree, area, date),
    };
    let key = |id: &AreaId| tree.get(*id).map(|area| text::sort_key(&area.name));
    units.sort_by_cached_key(key);
    units
}

/// What was set and what was done in a year.
struct Work<'a> {
    ground: &'a Ground,
    stored: Vec<StoredDays>,
    activities: Vec<Activity>,
}

impl<'a> Work<'a> {
    fn read(conn: &mut Conn, ground: &'a Ground) -> Result<Self, DbError> {
        let mut areas: Vec<AreaId> = ground.chain.clone();
        areas.extend(ground.communes.iter().flat_map(|(_, chain)| chain));
        areas.sort_unstable();
        areas.dedup();
        let stored = campaigns::in_areas(conn, &areas, &around(ground.year))?;
        // A campaign of this calendar may begin in the year before and end in the one after.
        let days = (
            LocalDate::from_ymd_opt(ground.year - 1, 1, 1),
            LocalDate::from_ymd_opt(ground.year + 1, 12, 31),
        );
        let set = stored.iter().filter(|set| set.year == ground.year);
        let first = set.clone().map(|set| set.days.from).min();
        let last = set.map(|set| set.days.to).max();
        let (first_ever, last_ever) = (days.0.unwrap_or(LocalDate::MIN), days.1.unwrap_or(LocalDate::MAX));
        let begins = LocalDate::from_ymd_opt(ground.year, 1, 1).unwrap_or(first_ever);
        let ends = LocalDate::from_ymd_opt(ground.year, 12, 31).unwrap_or(last_ever);
        let days = (
            first.map_or(begins, |first| first.min(begins)),
            last.map_or(ends, |last| last.max(ends)),
        );
        let communes: Vec<AreaId> = ground.communes.iter().map(|(id, _)| *id).collect();
        let activities = campaigns::activities(conn, &communes, days)?;
        Ok(Self {
            ground,
            stored,
            activities,
        })
    }

    /// Each activity with the place of its campaign in the area's calendar. Whether its day is one of the campaign's is said
    /// by the days of its commune.
    fn attached(&self) -> Vec<(usize, Attachment, &Activity)> {
        let year = self.ground.year;
        let lines = of_year(year, &self.ground.chain, &self.stored);
        let places: HashMap<String, usize> = lines
            .iter()
            .enumerate()
            .map(|(place, campaign)| (campaign.key(), place))
            .collect();
        let mut by_commune: BTreeMap<AreaId, Vec<&Activity>> = BTreeMap::new();
        for activity in &self.activities {
            by_commune.entry(activity.commune_id).or_default().push(activity);
        }
        let mut found = Vec::new();
        for (commune, chain) in &self.ground.communes {
            let Some(activities) = by_commune.get(commune) else {
                continue;
            };
            let of = |year: i32| of_year(year, chain, &self.stored);
            let (before, now, after) = (of(year - 1), of(year), of(year + 1));
            for activity in activities {
                let (kind, date, body) = (&activity.kind, activity.local_date, &activity.body);
                for (at, attachment) in attach((&before, &now, &after), year, kind, date, body) {
                    let place = now.get(at).and_then(|campaign| places.get(&campaign.key()));
                    if let Some(place) = place {
                        found.push((*place, attachment, *activity));
                    }
                }
            }
        }
        found.sort_by_key(|(_, _, activity)| (activity.local_date, activity.id));
        found
    }

    fn calendar(&self, may_change: bool) -> CampaignCalendar {
        let ground = self.ground;
        let lines = of_year(ground.year, &ground.chain, &self.stored);
        let mut lines: Vec<CampaignLine> = lines.iter().map(line_of).collect();
        let mut counts: BTreeMap<(usize, AreaId), u32> = BTreeMap::new();
        for (place, attachment, activity) in self.attached() {
            let Some(line) = lines.get_mut(place) else {
                continue;
            };
            match (attachment, activity.status) {
                (Attachment::Outside, _) => line.outside += 1,
                (Attachment::Within, RecordStatus::Accepted) => line.accepted += 1,
                (Attachment::Within, _) => line.waiting += 1,
            }
            let units = [activity.commune_id, activity.area_id];
            let unit = units.into_iter().find(|unit| ground.units.contains(unit));
            if let (Attachment::Within, Some(unit)) = (attachment, unit) {
                *counts.entry((place, unit)).or_default() += 1;
            }
        }
        for ((place, area_id), count) in counts {
            if let Some(line) = lines.get_mut(place) {
                line.units.push(CampaignUnit { area_id, count });
            }
        }
        CampaignCalendar {
            area_id: ground.area,
            year: ground.year,
            today: ground.today,
            may_change,
            units: ground.units.clone(),
            campaigns: lines,
        }
    }
}

fn line_of(campaign: &Campaign<'_>) -> CampaignLine {
    let sources = campaign.spec.map_or(&[][..], |spec| spec.sources);
    CampaignLine {
        key: campaign.key(),
        campaign: campaign.answer().to_owned(),
        own_name: campaign.own_name().to_owned(),
        kind: campaign.kind(),
        sources: sources.iter().map(|source| (*source).to_owned()).collect(),
        day: campaign.day,
        days: campaign.days,
        may_be_set: campaign.spec.is_none_or(|spec| spec.when.may_be_set()),
        set: campaign.set.map(set_of),
        accepted: 0,
        waiting: 0,
        outside: 0,
        units: Vec::new(),
    }
}

fn set_of(stored: &StoredDays) -> CampaignSet {
    CampaignSet {
        id: stored.id,
        area_id: stored.area_id,
        days: stored.days.clone(),
        revision: stored.revision,
    }
}

/// What is wrong with new days, all at once.
fn checked(caller: &Caller, mut new: NewCampaignDays) -> Result<NewCampaignDays, AppError> {
    let mut errors = Vec::new();
    new.name = text::clean(&new.name);
    let kind = caller.tree().get(new.area_id).map(|area| area.kind);
    if kind.is_none_or(|kind| kind > AreaKind::Commune) {
        errors.push(FieldError::new("area_id", FieldCode::NotAChoice));
    }
    if !YEARS.contains(&new.year) {
        errors.push(FieldError::new("year", FieldCode::NotAChoice));
    }
    match (new.campaign.as_str(), find(&new.campaign)) {
        (OTHER, _) if new.name.is_empty() => errors.push(FieldError::new("name", FieldCode::Required)),
        (OTHER, _) if new.name.chars().count() > MAX_NAME => {
            errors.push(FieldError::new("name", FieldCode::TooLong).with("max", MAX_NAME));
        }
        (OTHER, _) => {}
        (_, Some(spec)) if spec.when.may_be_set() => new.name.clear(),
        _ => errors.push(FieldError::new("campaign", FieldCode::NotAChoice)),
    }
    match new.days.parse(new.year) {
        Ok(days) if errors.is_empty() => Ok(NewCampaignDays { days, ..new }),
        Ok(_) => Err(AppError::fields(errors)),
        Err(wrong) => {
            errors.extend(wrong);
            Err(AppError::fields(errors))
        }
    }
}

/// The entry, if the caller may change it.
async fn permitted(state: &State, caller: &Caller, id: CampaignDaysId) -> Result<StoredDays, AppError> {
    let found = state.db.read(move |conn| campaigns::by_id(conn, id)).await?;
    let found = found.ok_or(ProblemCode::NotFound)?;
    caller.require(Verb::SetTargets, found.area_id)?;
    Ok(found)
}

fn require_revision(conn: &mut Conn, id: CampaignDaysId, revision: u32) -> Result<StoredDays, DbError> {
    let found = campaigns::lock(conn, id)?.ok_or(ProblemCode::NotFound)?;
    if found.revision == revision {
        return Ok(found);
    }
    let value = DbError::unless(serde_json::to_value(set_of(&found)).ok(), "days of a campaign")?;
    let problem = Problem::new(ProblemCode::RevisionMismatch).with("revision", found.revision);
    Err(problem.with_stored(value).into())
}

fn record(
    conn: &mut Conn,
    caller: &Caller,
    action: &str,
    id: CampaignDaysId,
    days: &CampaignDays,
) -> Result<(), DbError> {
    let details = json!({"from": days.from, "to": days.to});
    let actor = actor(caller);
    actor
        .audit(conn, action, "campaign_days", &id.to_string(), details)
        .map(drop)
}

fn stored(conn: &mut Conn, id: CampaignDaysId) -> Result<CampaignSet, DbError> {
    let found = campaigns::by_id(conn, id)?;
    Ok(set_of(&DbError::unless(found, "campaign_days")?))
}
