//! An author takes a record back. It stays stored, so that what was reviewed can be explained, but counts no more.

use super::{Actor, Operation, cases, last_done, own_record, require_revision, roster, state_conflict};
use crate::db::operations::Done;
use crate::db::records::{self, Event};
use crate::db::{Conn, DbError, broadcasts, feed, patrol_plans};
use keng_shared::id::RecordId;
use keng_shared::record::{HistoryAction, RecordStatus};
use serde_json::json;

/// A withdrawal.
pub struct Withdraw {
    pub actor: Actor,
    pub record: RecordId,
    /// The revision that the person saw.
    pub base_revision: u32,
    pub operation: Option<Operation>,
}

impl Withdraw {
    /// The write job. Withdrawing a withdrawn record changes nothing.
    pub fn run(&self, conn: &mut Conn) -> Result<Done, DbError> {
        let mut row = own_record(conn, &self.actor, self.record)?;
        if let Some(operation) = &self.operation
            && let Some(done) = operation.find(conn, &self.actor)?
        {
            return Ok(done);
        }
        let status = row.status()?;
        if status == RecordStatus::Withdrawn {
            return last_done(conn, &row, &row.id);
        }
        require_revision(conn, &row, self.base_revision)?;
        if !status.is_editable() {
            return Err(state_conflict(status));
        }
        row.feed_rev = feed::bump(conn, row.commune())?;
        row.status = RecordStatus::Withdrawn.as_str().to_owned();
        row.revision = row.revision.saturating_add(1);
        row.changed_at = self.actor.now.0;
        records::update(conn, &row)?;
        cases::withdraw(conn, &self.actor, self.record)?;
        broadcasts::release(conn, &row.id)?;
        if roster::is_of_shifts(&row.kind) {
            patrol_plans::forget_record(conn, &row.id)?;
        }
        records::add_event(
            conn,
            &Event {
                record_id: &row.id,
                at: self.actor.now,
                by: Some(self.actor.user),
                action: HistoryAction::Withdrawn,
                photo: None,
                words: "",
                revision: row.revision,
            },
        )?;
        let details = json!({ "revision": row.revision });
        let audit_leaf = self
            .actor
            .audit(conn, "record.withdraw", "record", &row.id, details)?;
        let done = Done {
            revision: row.revision()?,
            audit_leaf,
        };
        if let Some(operation) = &self.operation {
            operation.remember(conn, &self.actor, &done)?;
        }
        Ok(done)
    }
}
