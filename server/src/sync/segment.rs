//! Stretches of a patrol's track. They may arrive at any time and in any order, and a stored one never changes.

use super::{Actor, Operation, content_hash, last_done, own_record};
use crate::db::flags as flag_text;
use crate::db::operations::Done;
use crate::db::records::{self, Arrival, StoredRecord};
use crate::db::{Conn, DbError, feed, tracks};
use crate::evidence::flags;
use keng_shared::id::RecordId;
use keng_shared::kind::PATROL;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::record::{Flag, RecordStatus};
use keng_shared::track::{self, TrackSegment, TrackSummary};
use serde_json::json;

/// Segments of one record; [`TrackSegment::check`] has passed for each.
pub struct PutSegments {
    pub actor: Actor,
    pub record: RecordId,
    pub segments: Vec<TrackSegment>,
    pub operation: Option<Operation>,
}

impl PutSegments {
    /// The write job: the outcome and what the track adds up to.
    pub fn run(&self, conn: &mut Conn) -> Result<(Done, TrackSummary), DbError> {
        let row = own_record(conn, &self.actor, self.record)?;
        if row.status()? == RecordStatus::Withdrawn {
            return Err(ProblemCode::Gone.into());
        }
        if row.kind != PATROL.id {
            return Err(field("record_id", FieldCode::NotAChoice));
        }
        if let Some(operation) = &self.operation
            && let Some(done) = operation.find(conn, &self.actor)?
        {
            let track = tracks::of_record(conn, self.record)?;
            return Ok((done, track::summarise(&track)));
        }
        let mut digests = Vec::new();
        for segment in &self.segments {
            if self.store(conn, segment)? == Stored::Now {
                digests.push(content_hash(segment));
            }
        }
        let track = tracks::of_record(conn, self.record)?;
        let summary = track::summarise(&track);
        let done = if digests.is_empty() {
            last_done(conn, &row, &row.id)?
        } else {
            self.tell(conn, row, &summary, &digests)?
        };
        if let Some(operation) = &self.operation {
            operation.remember(conn, &self.actor, &done)?;
        }
        Ok((done, summary))
    }

    fn store(&self, conn: &mut Conn, segment: &TrackSegment) -> Result<Stored, DbError> {
        if let Some(known) = tracks::find(conn, segment.id)? {
            return match known == *segment {
                true => Ok(Stored::Before),
                false => Err(ProblemCode::IdTaken.into()),
            };
        }
        if tracks::has_number(conn, self.record, segment.number)? {
            return Err(field("number", FieldCode::Duplicate));
        }
        tracks::insert(conn, segment)?;
        Ok(Stored::Now)
    }

    fn tell(
        &self,
        conn: &mut Conn,
        row: StoredRecord,
        summary: &TrackSummary,
        digests: &[String],
    ) -> Result<Done, DbError> {
        let mut own = row.own_flags();
        own.retain(|flag| !matches!(flag, Flag::ImpossibleSpeed | Flag::LongGap));
        own.extend(flags::of_track(summary));
        let summary = DbError::unless(serde_json::to_string(summary).ok(), "record.track")?;
        let arrival = Arrival {
            feed_rev: feed::bump(conn, row.commune())?,
            flags: flag_text::to_text(&own),
            photo_flags: row.photo_flags.clone(),
            photos_held: row.photos_held,
            track: Some(summary),
            changed_at: self.actor.now.0,
        };
        records::update_arrival(conn, &row.id, &arrival)?;
        let details = json!({ "segments_sha256": digests });
        let audit_leaf = self
            .actor
            .audit(conn, "record.track", "record", &row.id, details)?;
        Ok(Done {
            revision: row.revision()?,
            audit_leaf,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stored {
    Now,
    Before,
}

fn field(name: &str, code: FieldCode) -> DbError {
    Problem::fields(vec![FieldError::new(name, code)]).into()
}
