//! What became of a phone's operations, so that a lost answer can be given again.

use super::schema_records::operation;
use super::{Conn, DbError};
use crate::both;
use diesel::prelude::*;
use keng_shared::id::{OpId, UserId};

/// The durable outcome of a change: what the phone is told, again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The record's revision afterwards.
    pub revision: u32,
    /// SHA-256 (hex) of the audit entry.
    pub audit_leaf: String,
}

/// An operation that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Whose.
    pub user: UserId,
    /// SHA-256 (hex) of its content.
    pub content_sha256: String,
    /// What became of it.
    pub done: Done,
}

/// The operation with this id, if it was done.
pub fn find(conn: &mut Conn, id: OpId) -> Result<Option<Known>, DbError> {
    let row = operation::table
        .find(id.to_string())
        .select((
            operation::user_id,
            operation::content_sha256,
            operation::revision,
            operation::audit_leaf,
        ))
        .first::<(String, String, i32, String)>(conn)
        .optional()?;
    let Some((user, content_sha256, revision, audit_leaf)) = row else {
        return Ok(None);
    };
    Ok(Some(Known {
        user: DbError::unless(user.parse().ok(), "operation.user_id")?,
        content_sha256,
        done: Done {
            revision: DbError::unless(u32::try_from(revision).ok(), "operation.revision")?,
            audit_leaf,
        },
    }))
}

/// Remembers what became of an operation.
pub fn insert(conn: &mut Conn, id: OpId, known: &Known) -> Result<(), DbError> {
    let row = (
        operation::id.eq(id.to_string()),
        operation::user_id.eq(known.user.to_string()),
        operation::content_sha256.eq(&known.content_sha256),
        operation::revision.eq(known.done.revision as i32),
        operation::audit_leaf.eq(&known.done.audit_leaf),
    );
    both!(conn, |conn| diesel::insert_into(operation::table)
        .values(row)
        .execute(conn))?;
    Ok(())
}
