//! What a loudspeaker session adds to the change of its record: its slot is taken by nobody else and never moves, and
//! the tables of slots and areas follow the body.

use crate::db::broadcasts;
use crate::db::records::StoredRecord;
use crate::db::{Conn, DbError, broadcast_schedules};
use keng_shared::id::UserId;
use keng_shared::loudspeaker::LoudspeakerSession;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::record::{Body, Record};

/// Refuses a new session whose slot is held or whose schedule is not one of its station. The commune's revision has
/// been bumped in this transaction, so nobody takes the slot in between.
pub fn require_free_slot(conn: &mut Conn, record: &Record) -> Result<(), DbError> {
    let Body::Loudspeaker(session) = record.body() else {
        return Ok(());
    };
    let Some(slot) = &session.slot else {
        return Ok(());
    };
    let station = broadcast_schedules::station_area(conn, slot.schedule_id)?;
    if station != Some(record.draft().area_id) {
        let error = FieldError::new("body.slot.schedule_id", FieldCode::NoSuchObject);
        return Err(Problem::fields(vec![error]).into());
    }
    match broadcasts::holder(conn, slot)? {
        None => Ok(()),
        Some(holder) => {
            let stored = DbError::unless(serde_json::to_value(&holder).ok(), "a slot's holder")?;
            Err(Problem::new(ProblemCode::SlotTaken).with_stored(stored).into())
        }
    }
}

/// Refuses an edit that moves a session to another slot or changes when it was confirmed.
pub fn require_same_slot(stored: &StoredRecord, record: &Record) -> Result<(), DbError> {
    let Body::Loudspeaker(session) = record.body() else {
        return Ok(());
    };
    let before: LoudspeakerSession = DbError::unless(serde_json::from_str(&stored.body).ok(), "record.body")?;
    if (before.slot, before.confirmed_at) == (session.slot, session.confirmed_at) {
        return Ok(());
    }
    let error = FieldError::new("body.slot", FieldCode::ServerOwned);
    Err(Problem::fields(vec![error]).into())
}

/// Writes slot and areas of a session that was stored or changed just now.
pub fn project(conn: &mut Conn, author: UserId, record: &Record) -> Result<(), DbError> {
    let Body::Loudspeaker(session) = record.body() else {
        return Ok(());
    };
    let draft = record.draft();
    broadcasts::project(
        conn,
        draft.id,
        author,
        draft.started_at,
        record.local_date(),
        session,
    )
}
