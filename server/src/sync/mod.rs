//! Changes of records, as they arrive from phones and desks.
//!
//! Each kind of change is one type whose `run` is a write job: it checks the change against what is stored, makes it,
//! bumps the commune's revision and writes the audit entry, all in one transaction. Push and the plain endpoints use
//! the same types, so a record means the same however it came.
//!
//! Invariants: nothing is changed without its audit entry; sending the same change again gives the same answer; only
//! the author changes the content of a record, only a reviewer its verdict.

pub mod announce;
pub mod answer_footage;
pub mod boundaries;
mod broadcast;
pub mod cases;
pub mod hold;
pub mod look;
pub mod permit;
pub mod put_record;
pub mod renditions;
pub mod reopen;
pub mod review;
mod roster;
pub mod segment;
pub mod step_task;
pub mod withdraw;

use crate::db::audit::{self, Entry};
use crate::db::operations::{self, Done, Known};
use crate::db::records::{self, StoredRecord};
use crate::db::{Conn, DbError};
use keng_shared::evidence::sha256_hex;
use keng_shared::id::{DeviceId, OpId, RecordId, UserId};
use keng_shared::problem::{Problem, ProblemCode};
use keng_shared::record::RecordStatus;
use keng_shared::time::Millis;
use serde::Serialize;
use serde_json::Value;

/// Who makes a change, on which device, when by the server's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    pub user: UserId,
    pub device: DeviceId,
    pub now: Millis,
}

impl Actor {
    pub(crate) fn audit(
        &self,
        conn: &mut Conn,
        action: &str,
        object_type: &str,
        object_id: &str,
        details: Value,
    ) -> Result<String, DbError> {
        audit::record(
            conn,
            &Entry {
                at: self.now,
                actor: Some(self.user),
                device: Some(self.device),
                action,
                object_type,
                object_id: object_id.to_owned(),
                details,
            },
        )
    }
}

/// A phone's operation: its id and the hash of its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    pub id: OpId,
    pub content_sha256: String,
}

impl Operation {
    /// The operation with this id and content.
    pub fn new(id: OpId, content: &impl Serialize) -> Self {
        Self {
            id,
            content_sha256: content_hash(content),
        }
    }

    /// What became of it, if it was done before. Another person's operation, or other content under its id, is refused.
    pub fn find(&self, conn: &mut Conn, actor: &Actor) -> Result<Option<Done>, DbError> {
        match operations::find(conn, self.id)? {
            None => Ok(None),
            Some(known) if known.user == actor.user && known.content_sha256 == self.content_sha256 => {
                Ok(Some(known.done))
            }
            Some(_) => Err(Problem::new(ProblemCode::IdTaken).with("id", self.id).into()),
        }
    }

    /// Remembers what became of it.
    pub fn remember(&self, conn: &mut Conn, actor: &Actor, done: &Done) -> Result<(), DbError> {
        let known = Known {
            user: actor.user,
            content_sha256: self.content_sha256.clone(),
            done: done.clone(),
        };
        operations::insert(conn, self.id, &known)
    }
}

/// SHA-256 (hex) of the JSON of a value.
pub fn content_hash(content: &impl Serialize) -> String {
    // Types of the protocol have no map with keys that are not text, so writing them cannot fail.
    sha256_hex(&serde_json::to_vec(content).unwrap_or_default())
}

/// The author's own record. One of another author is as good as missing.
fn own_record(conn: &mut Conn, actor: &Actor, id: RecordId) -> Result<StoredRecord, DbError> {
    let stored = records::lock(conn, id)?.ok_or(ProblemCode::NotFound)?;
    if stored.author()? == actor.user {
        Ok(stored)
    } else {
        Err(ProblemCode::NotFound.into())
    }
}

/// Refuses an edit that started from another revision than the stored one; the answer holds what is stored.
fn require_revision(conn: &mut Conn, stored: &StoredRecord, base: u32) -> Result<(), DbError> {
    if stored.revision()? == base {
        return Ok(());
    }
    let problem = Problem::new(ProblemCode::RevisionMismatch).with("revision", stored.revision);
    Err(with_stored(conn, problem, stored)?.into())
}

fn with_stored(conn: &mut Conn, problem: Problem, stored: &StoredRecord) -> Result<Problem, DbError> {
    let view = records::view_of(conn, stored.clone())?;
    let view = DbError::unless(serde_json::to_value(view).ok(), "record")?;
    Ok(problem.with_stored(view))
}

/// Refuses a step that does not fit the state of the record.
fn state_conflict(status: RecordStatus) -> DbError {
    Problem::new(ProblemCode::StateConflict)
        .with("state", status.as_str())
        .into()
}

/// The answer that the last change of an object got.
fn last_done(conn: &mut Conn, stored: &StoredRecord, object_id: &str) -> Result<Done, DbError> {
    Ok(Done {
        revision: stored.revision()?,
        audit_leaf: audit::last_leaf(conn, object_id)?,
    })
}
