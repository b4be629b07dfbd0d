//! Weekly schedules of loudspeaker sessions. An ended schedule stays stored, for sessions name it.

use super::records::json;
use super::schema_broadcasts::broadcast_schedule;
use super::{CHUNK, Conn, DbError};
use diesel::prelude::*;
use keng_shared::id::{AreaId, BroadcastScheduleId, UserId};
use keng_shared::loudspeaker::{BroadcastSchedule, ScheduleTerms};
use keng_shared::text;
use keng_shared::time::Millis;

type Columns = (i64, String, i32, String);
const COLUMNS: (
    broadcast_schedule::id,
    broadcast_schedule::terms,
    broadcast_schedule::revision,
    broadcast_schedule::sort,
) = (
    broadcast_schedule::id,
    broadcast_schedule::terms,
    broadcast_schedule::revision,
    broadcast_schedule::sort,
);

/// Schedules of stations in these areas that have not ended, by name.
pub fn in_areas(conn: &mut Conn, areas: &[AreaId]) -> Result<Vec<BroadcastSchedule>, DbError> {
    let mut rows: Vec<Columns> = Vec::new();
    for chunk in areas.chunks(CHUNK) {
        rows.extend(
            broadcast_schedule::table
                .filter(broadcast_schedule::area_id.eq_any(chunk.iter().map(|id| id.0)))
                .filter(broadcast_schedule::ended_at.is_null())
                .select(COLUMNS)
                .load::<Columns>(conn)?,
        );
    }
    rows.sort_by(|a, b| (&a.3, a.0).cmp(&(&b.3, b.0)));
    rows.into_iter().map(schedule_of).collect()
}

/// Whether a schedule still proposes broadcasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasts {
    /// It does.
    Still,
    /// It has ended.
    Ended,
}

/// Schedules of stations in these areas that had not ended at this time, by name. Of one that has ended since, the terms
/// end on the day of its end.
pub fn in_areas_since(
    conn: &mut Conn,
    areas: &[AreaId],
    since: Millis,
) -> Result<Vec<(BroadcastSchedule, Lasts)>, DbError> {
    let mut rows: Vec<(Columns, Option<i64>)> = Vec::new();
    for chunk in areas.chunks(CHUNK) {
        let lasted = broadcast_schedule::ended_at
            .is_null()
            .or(broadcast_schedule::ended_at.gt(since.0));
        rows.extend(
            broadcast_schedule::table
                .filter(broadcast_schedule::area_id.eq_any(chunk.iter().map(|id| id.0)))
                .filter(lasted)
                .select((COLUMNS, broadcast_schedule::ended_at))
                .load::<(Columns, Option<i64>)>(conn)?,
        );
    }
    rows.sort_by(|((a_id, .., a), _), ((b_id, .., b), _)| (a, a_id).cmp(&(b, b_id)));
    let lasts = |ended_at: Option<i64>| ended_at.map_or(Lasts::Still, |_| Lasts::Ended);
    rows.into_iter()
        .map(|row| Ok((ended_schedule_of(&row)?, lasts(row.1))))
        .collect()
}

/// The schedule with this id, ended or not, as [`in_areas_since`] gives it.
pub fn ever(conn: &mut Conn, id: BroadcastScheduleId) -> Result<Option<BroadcastSchedule>, DbError> {
    broadcast_schedule::table
        .find(id.0)
        .select((COLUMNS, broadcast_schedule::ended_at))
        .first::<(Columns, Option<i64>)>(conn)
        .optional()?
        .map(|row| ended_schedule_of(&row))
        .transpose()
}

/// The schedule with this id, unless it has ended.
pub fn by_id(conn: &mut Conn, id: BroadcastScheduleId) -> Result<Option<BroadcastSchedule>, DbError> {
    broadcast_schedule::table
        .find(id.0)
        .filter(broadcast_schedule::ended_at.is_null())
        .select(COLUMNS)
        .first::<Columns>(conn)
        .optional()?
        .map(schedule_of)
        .transpose()
}

/// As [`by_id`], and nobody else changes it before this transaction ends.
pub fn lock(conn: &mut Conn, id: BroadcastScheduleId) -> Result<Option<BroadcastSchedule>, DbError> {
    let query = broadcast_schedule::table
        .find(id.0)
        .filter(broadcast_schedule::ended_at.is_null())
        .select(COLUMNS);
    let found = match conn {
        Conn::Postgres(conn) => query.for_update().first::<Columns>(conn).optional(),
        Conn::Sqlite(conn) => query.first::<Columns>(conn).optional(),
    };
    found?.map(schedule_of).transpose()
}

/// The area of the station of a schedule, ended or not.
pub fn station_area(conn: &mut Conn, id: BroadcastScheduleId) -> Result<Option<AreaId>, DbError> {
    let area: Option<i64> = broadcast_schedule::table
        .find(id.0)
        .select(broadcast_schedule::area_id)
        .first(conn)
        .optional()?;
    Ok(area.map(AreaId))
}

/// Stores a schedule whose terms have been checked.
pub fn insert(
    conn: &mut Conn,
    terms: &ScheduleTerms,
    by: UserId,
    now: Millis,
) -> Result<BroadcastSchedule, DbError> {
    let id: i64 = diesel::insert_into(broadcast_schedule::table)
        .values((
            broadcast_schedule::area_id.eq(terms.area_id.0),
            broadcast_schedule::sort.eq(text::sort_key(&terms.name)),
            broadcast_schedule::terms.eq(written(terms)?),
            broadcast_schedule::revision.eq(1),
            broadcast_schedule::created_by.eq(by.to_string()),
            broadcast_schedule::created_at.eq(now.0),
            broadcast_schedule::changed_at.eq(now.0),
        ))
        .returning(broadcast_schedule::id)
        .get_result(conn)?;
    Ok(BroadcastSchedule {
        id: BroadcastScheduleId(id),
        revision: 1,
        terms: terms.clone(),
    })
}

/// Writes new terms of a schedule.
pub fn update(conn: &mut Conn, schedule: &BroadcastSchedule, now: Millis) -> Result<(), DbError> {
    let revision = DbError::unless(
        i32::try_from(schedule.revision).ok(),
        "broadcast_schedule.revision",
    )?;
    diesel::update(broadcast_schedule::table.find(schedule.id.0))
        .set((
            broadcast_schedule::area_id.eq(schedule.terms.area_id.0),
            broadcast_schedule::sort.eq(text::sort_key(&schedule.terms.name)),
            broadcast_schedule::terms.eq(written(&schedule.terms)?),
            broadcast_schedule::revision.eq(revision),
            broadcast_schedule::changed_at.eq(now.0),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ends a schedule: it proposes nothing any more.
pub fn end(conn: &mut Conn, id: BroadcastScheduleId, now: Millis) -> Result<(), DbError> {
    diesel::update(broadcast_schedule::table.find(id.0))
        .set((
            broadcast_schedule::ended_at.eq(now.0),
            broadcast_schedule::changed_at.eq(now.0),
        ))
        .execute(conn)?;
    Ok(())
}

fn written(terms: &ScheduleTerms) -> Result<String, DbError> {
    DbError::unless(serde_json::to_string(terms).ok(), "the terms of a schedule")
}

fn ended_schedule_of(row: &(Columns, Option<i64>)) -> Result<BroadcastSchedule, DbError> {
    let (columns, ended_at) = row;
    let mut schedule = schedule_of(columns.clone())?;
    if let Some(end) = ended_at.and_then(|at| Millis(at).local_date()) {
        let last = schedule.terms.last_day.map_or(end, |last| last.min(end));
        schedule.terms.last_day = Some(last);
    }
    Ok(schedule)
}

fn schedule_of((id, terms, revision, _): Columns) -> Result<BroadcastSchedule, DbError> {
    Ok(BroadcastSchedule {
        id: BroadcastScheduleId(id),
        revision: DbError::unless(u32::try_from(revision).ok(), "broadcast_schedule.revision")?,
        terms: json(&terms, "broadcast_schedule.terms")?,
    })
}
