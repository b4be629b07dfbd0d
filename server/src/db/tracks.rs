//! Track segments as they are stored. A stored segment never changes.

use super::records;
use super::schema_records::track_segment;
use super::{CHUNK, Conn, DbError};
use diesel::prelude::*;
use keng_shared::id::{RecordId, SegmentId};
use keng_shared::track::TrackSegment;

type SegmentColumns = (String, String, i32, String, String);

/// The segment with this id.
pub fn find(conn: &mut Conn, id: SegmentId) -> Result<Option<TrackSegment>, DbError> {
    track_segment::table
        .find(id.to_string())
        .first::<SegmentColumns>(conn)
        .optional()?
        .map(segment_of)
        .transpose()
}

/// The track of a record, in the order of `number`.
pub fn of_record(conn: &mut Conn, record: RecordId) -> Result<Vec<TrackSegment>, DbError> {
    track_segment::table
        .filter(track_segment::record_id.eq(record.to_string()))
        .order(track_segment::number)
        .load::<SegmentColumns>(conn)?
        .into_iter()
        .map(segment_of)
        .collect()
}

/// Whether the record has a segment with this number.
pub fn has_number(conn: &mut Conn, record: RecordId, number: u32) -> Result<bool, DbError> {
    let found: Option<i32> = track_segment::table
        .filter(track_segment::record_id.eq(record.to_string()))
        .filter(track_segment::number.eq(i32::try_from(number).unwrap_or(i32::MAX)))
        .select(track_segment::number)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Stores a new segment.
pub fn insert(conn: &mut Conn, segment: &TrackSegment) -> Result<(), DbError> {
    let written = |value: serde_json::Result<String>| DbError::unless(value.ok(), "a track segment");
    diesel::insert_into(track_segment::table)
        .values((
            track_segment::id.eq(segment.id.to_string()),
            track_segment::record_id.eq(segment.record_id.to_string()),
            track_segment::number.eq(i32::try_from(segment.number).unwrap_or(i32::MAX)),
            track_segment::joins.eq(written(serde_json::to_string(&segment.start))?),
            track_segment::points.eq(written(serde_json::to_string(&segment.points))?),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ids of the segments of these records.
pub fn held_ids(conn: &mut Conn, records: &[String]) -> Result<Vec<SegmentId>, DbError> {
    let mut found = Vec::new();
    for chunk in records.chunks(CHUNK) {
        let ids: Vec<String> = track_segment::table
            .filter(track_segment::record_id.eq_any(chunk))
            .select(track_segment::id)
            .load(conn)?;
        for id in ids {
            found.push(DbError::unless(id.parse().ok(), "track_segment.id")?);
        }
    }
    Ok(found)
}

fn segment_of((id, record, number, joins, points): SegmentColumns) -> Result<TrackSegment, DbError> {
    Ok(TrackSegment {
        id: DbError::unless(id.parse().ok(), "track_segment.id")?,
        record_id: DbError::unless(record.parse().ok(), "track_segment.record_id")?,
        number: DbError::unless(u32::try_from(number).ok(), "track_segment.number")?,
        start: records::json(&joins, "track_segment.joins")?,
        points: records::json(&points, "track_segment.points")?,
    })
}
