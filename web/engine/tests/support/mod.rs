//! A server and phones in memory, for the sentences in `engine.rs` and for the simulation.
#![allow(dead_code, reason = "each test binary uses its own part")]

pub mod phone;
pub mod server;

use keng_engine::Owner;
use keng_shared::id::{AreaId, DeviceId, PhotoId, RecordId, UserId};
use keng_shared::record::RecordDraft;
use keng_shared::time::Millis;
use serde_json::json;
use uuid::Uuid;

/// The evening on which everything starts: 2026-11-22, 21:00 in Việt Nam.
pub const EVENING: Millis = Millis(1_795_356_000_000);

pub fn user(n: u128) -> UserId {
    UserId(Uuid::from_u128(0x1000 + n))
}

pub fn owner(user_number: u128, device: u128) -> Owner {
    Owner {
        user_id: user(user_number),
        device_id: DeviceId(Uuid::from_u128(0x2000 + device)),
    }
}

pub fn record_id(n: u128) -> RecordId {
    RecordId(Uuid::from_u128(0x3000_0000 + n))
}

pub fn photo_id(n: u128) -> PhotoId {
    PhotoId(Uuid::from_u128(0x4000_0000 + n))
}

/// A session of direct propaganda; `version` is its number of attendees, so that versions can be told apart.
pub fn session(id: RecordId, owner: Owner, area: AreaId, at: Millis, version: i64) -> RecordDraft {
    RecordDraft {
        id,
        kind: "direct_propaganda_session".into(),
        area_id: area,
        team_id: None,
        started_at: at,
        ended_at: None,
        fix: None,
        body: json!({"topic": "movement", "venue": "Nhà văn hóa", "attendee_count": version}),
        photos: vec![],
        files: Vec::new(),
        device_id: owner.device_id,
        clock_offset_ms: None,
    }
}

/// The same session at a place that the model server refuses.
pub fn bad_session(id: RecordId, owner: Owner, area: AreaId, at: Millis, version: i64) -> RecordDraft {
    let mut draft = session(id, owner, area, at, version);
    draft.body["venue"] = json!("refused");
    draft
}

/// A patrol that starts.
pub fn patrol(id: RecordId, owner: Owner, area: AreaId, at: Millis) -> RecordDraft {
    RecordDraft {
        kind: "patrol".into(),
        body: json!({"crew": {"members": [owner.user_id]}}),
        ..session(id, owner, area, at, 1)
    }
}

/// The version of a session.
pub fn version(body: &serde_json::Value) -> i64 {
    body["attendee_count"].as_i64().unwrap_or(0)
}
