//! Loudspeaker sessions as lists need them: which slot is which session, and which areas a session covered. Both are
//! made from the body of the record, in the transaction that stores it.

use super::records::{self, StoredRecord, json};
use super::schema_broadcasts::{broadcast_area, broadcast_slot};
use super::schema_records::record;
use super::{CHUNK, Conn, DbError, people};
use crate::both;
use diesel::dsl::count_star;
use diesel::prelude::*;
use keng_shared::api::{BroadcastRow, SlotHolder};
use keng_shared::id::{AreaId, BroadcastScheduleId, RecordId, UserId};
use keng_shared::loudspeaker::{ConfirmedSlot, LoudspeakerSession, Slot};
use keng_shared::record::{Flag, RecordStatus};
use keng_shared::time::{LocalDate, Millis, TimeOfDay};
use std::collections::{BTreeSet, HashMap};

/// Who has confirmed this slot.
pub fn holder(conn: &mut Conn, slot: &Slot) -> Result<Option<SlotHolder>, DbError> {
    let row: Option<(String, String)> = broadcast_slot::table
        .find((
            slot.schedule_id.0,
            slot.date.to_string(),
            i32::from(slot.time.minutes()),
        ))
        .select((broadcast_slot::record_id, broadcast_slot::author_id))
        .first(conn)
        .optional()?;
    let Some((record_id, author)) = row else {
        return Ok(None);
    };
    let names = people::names(conn, [author.clone()])?;
    Ok(Some(SlotHolder {
        record_id: DbError::unless(record_id.parse().ok(), "broadcast_slot.record_id")?,
        by: records::person(&names, &author)?,
    }))
}

/// Brings slot and areas of a session in line with its body.
pub fn project(
    conn: &mut Conn,
    id: RecordId,
    author: UserId,
    started_at: Millis,
    local_date: LocalDate,
    session: &LoudspeakerSession,
) -> Result<(), DbError> {
    release(conn, &id.to_string())?;
    let date = local_date.to_string();
    let rows: Vec<_> = session
        .areas
        .iter()
        .map(|area| {
            (
                broadcast_area::record_id.eq(id.to_string()),
                broadcast_area::area_id.eq(area.area_id.0),
                broadcast_area::local_date.eq(&date),
                broadcast_area::aired.eq(i32::from(area.missed.is_none())),
            )
        })
        .collect();
    both!(conn, |conn| diesel::insert_into(broadcast_area::table)
        .values(&rows)
        .execute(conn))?;
    let Some(slot) = &session.slot else {
        return Ok(());
    };
    let count = |areas: usize| i32::try_from(areas).unwrap_or(i32::MAX);
    let aired = session.aired().count();
    diesel::insert_into(broadcast_slot::table)
        .values((
            broadcast_slot::schedule_id.eq(slot.schedule_id.0),
            broadcast_slot::local_date.eq(&date),
            broadcast_slot::minute.eq(i32::from(slot.time.minutes())),
            broadcast_slot::record_id.eq(id.to_string()),
            broadcast_slot::author_id.eq(author.to_string()),
            broadcast_slot::topic.eq(&session.topic),
            broadcast_slot::minutes.eq(i32::from(session.minutes)),
            broadcast_slot::aired.eq(count(aired)),
            broadcast_slot::missed.eq(count(session.areas.len() - aired)),
            broadcast_slot::late.eq(i32::from(session.is_late(started_at))),
        ))
        .execute(conn)?;
    Ok(())
}

/// Frees the slot of a session and takes its areas out of every figure.
pub fn release(conn: &mut Conn, id: &str) -> Result<(), DbError> {
    diesel::delete(broadcast_area::table.filter(broadcast_area::record_id.eq(id))).execute(conn)?;
    diesel::delete(broadcast_slot::table.filter(broadcast_slot::record_id.eq(id))).execute(conn)?;
    Ok(())
}

type SlotColumns = (i64, String, i32, String, String, String, i32, i32, i32, i32);

/// Confirmed slots of these schedules from one date to another, in the order of their keys.
pub fn confirmed(
    conn: &mut Conn,
    schedules: &[BroadcastScheduleId],
    from: LocalDate,
    to: LocalDate,
) -> Result<Vec<ConfirmedSlot>, DbError> {
    let mut rows: Vec<SlotColumns> = Vec::new();
    for chunk in schedules.chunks(CHUNK) {
        rows.extend(
            broadcast_slot::table
                .filter(broadcast_slot::schedule_id.eq_any(chunk.iter().map(|id| id.0)))
                .filter(broadcast_slot::local_date.between(from.to_string(), to.to_string()))
                .load::<SlotColumns>(conn)?,
        );
    }
    rows.sort();
    let names = people::names(
        conn,
        rows.iter().map(|row| row.4.clone()).collect::<BTreeSet<_>>(),
    )?;
    rows.into_iter().map(|row| confirmed_of(row, &names)).collect()
}

fn confirmed_of(row: SlotColumns, names: &HashMap<String, String>) -> Result<ConfirmedSlot, DbError> {
    let (schedule, date, minute, record_id, author, topic, minutes, aired, missed, late) = row;
    let small = |number: i32, what| DbError::unless(u16::try_from(number).ok(), what);
    Ok(ConfirmedSlot {
        slot: Slot {
            schedule_id: BroadcastScheduleId(schedule),
            date: DbError::unless(date.parse().ok(), "broadcast_slot.local_date")?,
            time: DbError::unless(
                TimeOfDay::from_minutes(small(minute, "broadcast_slot.minute")?),
                "broadcast_slot.minute",
            )?,
        },
        record_id: DbError::unless(record_id.parse().ok(), "broadcast_slot.record_id")?,
        by: records::person(names, &author)?,
        topic,
        minutes: small(minutes, "broadcast_slot.minutes")?,
        aired: small(aired, "broadcast_slot.aired")?,
        missed: small(missed, "broadcast_slot.missed")?,
        late: late != 0,
    })
}

/// Sessions that covered any of these areas, from one date to another, by start.
pub fn sessions(
    conn: &mut Conn,
    areas: &[AreaId],
    from: LocalDate,
    to: LocalDate,
) -> Result<Vec<BroadcastRow>, DbError> {
    let mut ids: BTreeSet<String> = BTreeSet::new();
    for chunk in areas.chunks(CHUNK) {
        ids.extend(
            broadcast_area::table
                .filter(broadcast_area::area_id.eq_any(chunk.iter().map(|id| id.0)))
                .filter(broadcast_area::local_date.between(from.to_string(), to.to_string()))
                .select(broadcast_area::record_id)
                .distinct()
                .load::<String>(conn)?,
        );
    }
    let ids: Vec<String> = ids.into_iter().collect();
    let mut rows: Vec<StoredRecord> = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        rows.extend(
            record::table
                .filter(record::id.eq_any(chunk))
                .load::<StoredRecord>(conn)?,
        );
    }
    rows.sort_by(|a, b| (a.started_at, &a.id).cmp(&(b.started_at, &b.id)));
    let names = people::names(
        conn,
        rows.iter()
            .map(|row| row.author_id.clone())
            .collect::<BTreeSet<_>>(),
    )?;
    rows.into_iter()
        .map(|row| {
            Ok(BroadcastRow {
                record_id: row.record_id()?,
                area_id: row.area(),
                started_at: Millis(row.started_at),
                status: row.status()?,
                author: records::person(&names, &row.author_id)?,
                late: row.own_flags().contains(&Flag::LateConfirmation),
                photos: u32::try_from(row.photos_listed).unwrap_or(0),
                session: json(&row.body, "record.body")?,
            })
        })
        .collect()
}

/// What became of the sessions that covered one area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Heard {
    /// Heard, and accepted by an officer.
    pub accepted: u32,
    /// Heard, and waiting for review.
    pub waiting: u32,
    /// Not heard there.
    pub missed: u32,
}

/// Sessions of each of these areas from one date to another. A returned session counts nowhere until it is mended.
pub fn heard(
    conn: &mut Conn,
    areas: &[AreaId],
    from: LocalDate,
    to: LocalDate,
) -> Result<HashMap<AreaId, Heard>, DbError> {
    let mut found: HashMap<AreaId, Heard> = HashMap::new();
    for chunk in areas.chunks(CHUNK) {
        let rows: Vec<(i64, i32, String, i64)> = broadcast_area::table
            .inner_join(record::table)
            .filter(broadcast_area::area_id.eq_any(chunk.iter().map(|id| id.0)))
            .filter(broadcast_area::local_date.between(from.to_string(), to.to_string()))
            .group_by((broadcast_area::area_id, broadcast_area::aired, record::status))
            .select((
                broadcast_area::area_id,
                broadcast_area::aired,
                record::status,
                count_star(),
            ))
            .load(conn)?;
        for (area, aired, status, count) in rows {
            let heard = found.entry(AreaId(area)).or_default();
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            match (aired, RecordStatus::parse(&status)) {
                (0, Some(RecordStatus::Accepted | RecordStatus::Submitted)) => heard.missed += count,
                (_, Some(RecordStatus::Accepted)) => heard.accepted += count,
                (_, Some(RecordStatus::Submitted)) => heard.waiting += count,
                (_, Some(RecordStatus::Returned | RecordStatus::Open | RecordStatus::Withdrawn)) => {}
                (_, None) => return Err(DbError::Corrupt("record.status".to_owned())),
            }
        }
    }
    Ok(found)
}
