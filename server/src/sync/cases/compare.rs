//! An officer says whether two reports are about one event. Both stay as they are; the pair is remembered.

use crate::db::cases;
use crate::db::{Conn, DbError, case_steps};
use crate::sync::Actor;
use keng_shared::api::{CaseAction, SameEvent};
use keng_shared::id::RecordId;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use serde_json::json;

/// A comparison on its way in. Whether the actor may handle both incidents has been checked.
pub struct Compare {
    pub actor: Actor,
    pub record: RecordId,
    pub other: RecordId,
    pub verdict: SameEvent,
}

impl Compare {
    /// The write job. Saying the same again changes nothing.
    pub fn run(&self, conn: &mut Conn) -> Result<(), DbError> {
        if self.record == self.other {
            return Err(Problem::fields(vec![FieldError::new("other", FieldCode::Duplicate)]).into());
        }
        // The smaller id first, so that two officers who compare the same pair never wait for each other.
        for id in [self.record.min(self.other), self.record.max(self.other)] {
            cases::lock(conn, id)?.ok_or(ProblemCode::NotFound)?;
        }
        if cases::compared(conn, self.record)?.get(&self.other) == Some(&self.verdict) {
            return Ok(());
        }
        let (by, at) = (self.actor.user, self.actor.now);
        cases::compare(conn, (self.record, self.other), self.verdict, by, at)?;
        for (of, other) in [(self.record, self.other), (self.other, self.record)] {
            let action = CaseAction::Compared {
                other,
                verdict: self.verdict,
            };
            case_steps::add_step(conn, of, Some(by), at, &action, "")?;
        }
        let details = json!({ "other": self.other, "verdict": self.verdict });
        let id = self.record.to_string();
        self.actor.audit(conn, "case.compare", "case", &id, details)?;
        Ok(())
    }
}
