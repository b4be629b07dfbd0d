//! The audit trail: one entry a change, in the transaction of the change.
//!
//! The body of an entry is canonical JSON and its leaf is the RFC 6962 leaf hash of that body, so that a public log
//! can be built over the entries later without touching them.

use super::schema::audit_entry;
use super::{Conn, DbError};
use crate::both;
use diesel::prelude::*;
use keng_shared::evidence::canonical_json;
use keng_shared::id::{DeviceId, UserId};
use keng_shared::time::Millis;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Mutex;
use uuid::{ContextV7, Timestamp, Uuid};

/// A change to be written down.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// When, by the server's clock.
    pub at: Millis,
    /// Who; none for the command line and for somebody who is not signed in.
    pub actor: Option<UserId>,
    /// On which device.
    pub device: Option<DeviceId>,
    /// What was done: `<object>.<verb>`, such as `record.create`.
    pub action: &'a str,
    /// Kind of the object: its table.
    pub object_type: &'a str,
    /// Id of the object.
    pub object_id: String,
    /// What else must be provable later: integers, texts and hashes, no personal data.
    pub details: Value,
}

#[derive(Insertable)]
#[diesel(table_name = audit_entry, treat_none_as_default_value = false)]
struct Row<'a> {
    id: String,
    at: i64,
    actor_id: Option<String>,
    device_id: Option<String>,
    action: &'a str,
    object_type: &'a str,
    object_id: &'a str,
    body: String,
    leaf: String,
}

/// Writes the entry and returns its leaf (hex). Call it inside the write job that makes the change.
pub fn record(conn: &mut Conn, entry: &Entry<'_>) -> Result<String, DbError> {
    let id = time_ordered_id(entry.at);
    let actor_id = entry.actor.map(|id| id.to_string());
    let device_id = entry.device.map(|id| id.to_string());
    let body = canonical_json(&json!({
        "v": 1,
        "id": id,
        "at": entry.at,
        "actor": actor_id,
        "device": device_id,
        "action": entry.action,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "details": entry.details,
    }));
    let leaf = leaf_hash(&body);
    let body =
        String::from_utf8(body).map_err(|_| DbError::Corrupt("an audit body is not UTF-8".to_owned()))?;
    let row = Row {
        id,
        at: entry.at.0,
        actor_id,
        device_id,
        action: entry.action,
        object_type: entry.object_type,
        object_id: &entry.object_id,
        body,
        leaf: leaf.clone(),
    };
    both!(conn, |conn| diesel::insert_into(audit_entry::table)
        .values(row)
        .execute(conn))?;
    Ok(leaf)
}

/// The leaf of the newest entry about an object.
pub fn last_leaf(conn: &mut Conn, object_id: &str) -> Result<String, DbError> {
    Ok(audit_entry::table
        .filter(audit_entry::object_id.eq(object_id))
        .order(audit_entry::id.desc())
        .select(audit_entry::leaf)
        .first(conn)?)
}

/// The RFC 6962 hash of a leaf: SHA-256 of a zero byte and the leaf's bytes, in hex.
pub fn leaf_hash(body: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update([0]);
    hash.update(body);
    hex::encode(hash.finalize())
}

/// Orders the entries of one millisecond.
static COUNTER: Mutex<ContextV7> = Mutex::new(ContextV7::new());

fn time_ordered_id(at: Millis) -> String {
    let millis = u64::try_from(at.0).unwrap_or(0);
    let timestamp = Timestamp::from_unix(&COUNTER, millis / 1_000, (millis % 1_000) as u32 * 1_000_000);
    Uuid::new_v7(timestamp).to_string()
}
