//! Days of campaigns as areas set them, and the records that a calendar is made of.

use super::records::json;
use super::schema_campaigns::campaign_days;
use super::schema_records::record;
use super::{CHUNK, Conn, DbError};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use keng_shared::api::NewCampaignDays;
use keng_shared::campaign::{CampaignDays, StoredDays};
use keng_shared::id::{AreaId, CampaignDaysId, RecordId, UserId};
use keng_shared::record::RecordStatus;
use keng_shared::text;
use keng_shared::time::{LocalDate, Millis, parse_date};
use serde_json::Value;
use std::ops::RangeInclusive;

/// The condition of the index `record_movement`, word by word: a database uses it only for what it can see to be the same.
const MOVEMENT: &str = "kind IN ('campaign_activity', 'festival_event', 'peak_campaign', 'weapon_handover', 'safe_registration', 'safe_recognition', 'movement_assessment', 'traffic_safety_activity', 'fire_safety_activity')";

/// A record that a calendar may hold: accepted, or waiting for its review.
#[derive(Debug, Clone)]
pub struct Activity {
    /// The record.
    pub id: RecordId,
    /// Its kind.
    pub kind: String,
    /// Where.
    pub area_id: AreaId,
    /// The commune of its date.
    pub commune_id: AreaId,
    /// On which day.
    pub local_date: LocalDate,
    /// Where it stands.
    pub status: RecordStatus,
    /// What it says.
    pub body: Value,
}

type Columns = (i64, i64, i32, String, String, String, String, String, i32);
const COLUMNS: (
    campaign_days::id,
    campaign_days::area_id,
    campaign_days::year,
    campaign_days::campaign,
    campaign_days::name,
    campaign_days::from_date,
    campaign_days::to_date,
    campaign_days::note,
    campaign_days::revision,
) = (
    campaign_days::id,
    campaign_days::area_id,
    campaign_days::year,
    campaign_days::campaign,
    campaign_days::name,
    campaign_days::from_date,
    campaign_days::to_date,
    campaign_days::note,
    campaign_days::revision,
);

/// What these areas set for these years, in the order in which it was set.
pub fn in_areas(
    conn: &mut Conn,
    areas: &[AreaId],
    years: &RangeInclusive<i32>,
) -> Result<Vec<StoredDays>, DbError> {
    let mut rows: Vec<Columns> = Vec::new();
    for chunk in areas.chunks(CHUNK) {
        let ids: Vec<i64> = chunk.iter().map(|id| id.0).collect();
        let query = campaign_days::table
            .filter(campaign_days::area_id.eq_any(ids))
            .filter(campaign_days::year.between(*years.start(), *years.end()))
            .select(COLUMNS);
        rows.extend(query.load::<Columns>(conn)?);
    }
    rows.sort_by_key(|row| row.0);
    rows.into_iter().map(stored).collect()
}

/// The entry with this id.
pub fn by_id(conn: &mut Conn, id: CampaignDaysId) -> Result<Option<StoredDays>, DbError> {
    let row = campaign_days::table
        .find(id.0)
        .select(COLUMNS)
        .first::<Columns>(conn)
        .optional()?;
    row.map(stored).transpose()
}

/// As [`by_id`], and nobody else changes it before this transaction ends.
pub fn lock(conn: &mut Conn, id: CampaignDaysId) -> Result<Option<StoredDays>, DbError> {
    if let Conn::Postgres(conn) = conn {
        let query = campaign_days::table.find(id.0).select(campaign_days::id);
        query.for_no_key_update().first::<i64>(conn).optional()?;
    }
    by_id(conn, id)
}

/// Whether the area has days for this campaign, or an own one of this name, in the year.
pub fn is_set(conn: &mut Conn, new: &NewCampaignDays) -> Result<bool, DbError> {
    let query = campaign_days::table
        .filter(campaign_days::area_id.eq(new.area_id.0))
        .filter(campaign_days::year.eq(new.year))
        .filter(campaign_days::campaign.eq(&new.campaign))
        .filter(campaign_days::name_key.eq(text::search_key(&new.name)));
    let found = query.select(campaign_days::id).first::<i64>(conn).optional()?;
    Ok(found.is_some())
}

/// Stores days that have been checked.
pub fn insert(
    conn: &mut Conn,
    new: &NewCampaignDays,
    by: UserId,
    now: Millis,
) -> Result<CampaignDaysId, DbError> {
    let id: i64 = diesel::insert_into(campaign_days::table)
        .values((
            campaign_days::area_id.eq(new.area_id.0),
            campaign_days::year.eq(new.year),
            campaign_days::campaign.eq(&new.campaign),
            campaign_days::name.eq(&new.name),
            campaign_days::name_key.eq(text::search_key(&new.name)),
            campaign_days::from_date.eq(new.days.from.to_string()),
            campaign_days::to_date.eq(new.days.to.to_string()),
            campaign_days::note.eq(&new.days.note),
            campaign_days::revision.eq(1),
            campaign_days::changed_by.eq(by.to_string()),
            campaign_days::changed_at.eq(now.0),
        ))
        .returning(campaign_days::id)
        .get_result(conn)?;
    Ok(CampaignDaysId(id))
}

/// Replaces days; the revision grows by one.
pub fn update(
    conn: &mut Conn,
    id: CampaignDaysId,
    days: &CampaignDays,
    by: UserId,
    now: Millis,
) -> Result<(), DbError> {
    diesel::update(campaign_days::table.find(id.0))
        .set((
            campaign_days::from_date.eq(days.from.to_string()),
            campaign_days::to_date.eq(days.to.to_string()),
            campaign_days::note.eq(&days.note),
            campaign_days::revision.eq(campaign_days::revision + 1),
            campaign_days::changed_by.eq(by.to_string()),
            campaign_days::changed_at.eq(now.0),
        ))
        .execute(conn)?;
    Ok(())
}

/// Takes days away: what the area above says holds again. The audit keeps what they were.
pub fn delete(conn: &mut Conn, id: CampaignDaysId) -> Result<(), DbError> {
    diesel::delete(campaign_days::table.find(id.0)).execute(conn)?;
    Ok(())
}

type ActivityColumns = (String, String, i64, i64, String, String, String);

/// Records of these communes on these days that may be of a campaign, by day.
pub fn activities(
    conn: &mut Conn,
    communes: &[AreaId],
    days: (LocalDate, LocalDate),
) -> Result<Vec<Activity>, DbError> {
    let mut rows: Vec<ActivityColumns> = Vec::new();
    for chunk in communes.chunks(CHUNK) {
        let ids: Vec<i64> = chunk.iter().map(|id| id.0).collect();
        let query = record::table
            .filter(record::commune_id.eq_any(ids))
            .filter(record::local_date.between(days.0.to_string(), days.1.to_string()))
            .filter(sql::<Bool>(MOVEMENT))
            .filter(
                record::status.eq_any([RecordStatus::Accepted.as_str(), RecordStatus::Submitted.as_str()]),
            )
            .select((
                record::id,
                record::kind,
                record::area_id,
                record::commune_id,
                record::local_date,
                record::status,
                record::body,
            ));
        rows.extend(query.load::<ActivityColumns>(conn)?);
    }
    rows.sort_by(|a, b| (&a.4, &a.0).cmp(&(&b.4, &b.0)));
    rows.into_iter().map(activity).collect()
}

fn activity(row: ActivityColumns) -> Result<Activity, DbError> {
    let (id, kind, area, commune, date, status, body) = row;
    Ok(Activity {
        id: DbError::unless(id.parse().ok(), "record.id")?,
        kind,
        area_id: AreaId(area),
        commune_id: AreaId(commune),
        local_date: DbError::unless(parse_date(&date), "record.local_date")?,
        status: DbError::unless(RecordStatus::parse(&status), "record.status")?,
        body: json(&body, "record.body")?,
    })
}

fn stored(row: Columns) -> Result<StoredDays, DbError> {
    let (id, area, year, campaign, name, from, to, note, revision) = row;
    Ok(StoredDays {
        id: CampaignDaysId(id),
        area_id: AreaId(area),
        campaign,
        name,
        year,
        days: CampaignDays {
            from: DbError::unless(parse_date(&from), "campaign_days.from_date")?,
            to: DbError::unless(parse_date(&to), "campaign_days.to_date")?,
            note,
        },
        revision: DbError::unless(u32::try_from(revision).ok(), "campaign_days.revision")?,
    })
}

#[cfg(test)]
mod tests {
    use super::MOVEMENT;
    use keng_shared::campaign::{ACTIVITY, Also, CATALOGUE};

    #[test]
    fn the_index_holds_every_kind_that_a_calendar_asks_for() {
        let also = CATALOGUE.iter().flat_map(|spec| spec.also);
        let kinds = also.map(|also| match also {
            Also::Always(kind) | Also::Within(kind) => *kind,
        });
        for kind in kinds.chain([ACTIVITY]) {
            assert!(MOVEMENT.contains(&format!("'{kind}'")), "{kind}");
        }
    }
}
