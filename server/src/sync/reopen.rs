//! An officer takes a verdict back: the record waits for one again, with the verdict before, if there was one.

use super::Actor;
use crate::db::bulk_rows::Before;
use crate::db::records::{self, Event, StoredRecord};
use crate::db::{Conn, DbError, feed};
use keng_shared::record::HistoryAction;
use serde_json::json;

/// The verdict that a record has now.
pub fn verdict_of(row: &StoredRecord) -> Before {
    Before {
        status: row.status.clone(),
        verdict: row.review_verdict.clone(),
        reason: row.review_reason.clone(),
        by: row.review_by.clone(),
        at: row.review_at,
    }
}

/// Puts the verdict `before` back on a record that was read with [`records::lock`]. Who may do this has been checked.
pub fn reopen(conn: &mut Conn, actor: &Actor, mut row: StoredRecord, before: &Before) -> Result<(), DbError> {
    row.status.clone_from(&before.status);
    row.review_verdict.clone_from(&before.verdict);
    row.review_reason.clone_from(&before.reason);
    row.review_by.clone_from(&before.by);
    row.review_at = before.at;
    let event = Event {
        record_id: &row.id,
        at: actor.now,
        by: Some(actor.user),
        action: HistoryAction::Reopened,
        photo: None,
        words: "",
        revision: row.revision,
    };
    records::add_event(conn, &event)?;
    row.feed_rev = feed::bump(conn, row.commune())?;
    row.changed_at = actor.now.0;
    records::update(conn, &row)?;
    let details = json!({ "revision": row.revision, "status": row.status });
    actor.audit(conn, "record.reopen", "record", &row.id, details)?;
    Ok(())
}
