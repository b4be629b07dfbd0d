//! Drafts as a phone of the cast would write them.

use crate::cast::Person;
use crate::world::{CENTRE, World};
use keng_shared::geo::{Fix, LatLon};
use keng_shared::id::{OpId, RecordId, SegmentId};
use keng_shared::patrol::{Crew, Patrol, PatrolEnd};
use keng_shared::record::RecordDraft;
use keng_shared::sync::{Op, OpAction, PROTOCOL, PushRequest};
use keng_shared::time::Millis;
use keng_shared::track::{SegmentStart, TrackPoint, TrackSegment};
use serde_json::json;
use uuid::Uuid;

/// A propaganda session in Thành Sơn that ended just now.
pub fn session(world: &World, author: &Person, now: Millis) -> RecordDraft {
    RecordDraft {
        id: RecordId(Uuid::now_v7()),
        kind: "direct_propaganda_session".to_owned(),
        area_id: world.village,
        team_id: Some(world.team),
        started_at: now.plus(-90 * 60_000),
        ended_at: Some(now.plus(-10 * 60_000)),
        fix: Some(fix_at(CENTRE)),
        body: json!({"topic": "online_fraud", "venue": "Nhà văn hóa thôn", "attendee_count": 64}),
        photos: Vec::new(),
        files: Vec::new(),
        device_id: author.phone.device(),
        clock_offset_ms: Some(0),
    }
}

/// A patrol of two hours in Thành Sơn that ended just now.
pub fn patrol(world: &World, author: &Person, now: Millis) -> RecordDraft {
    let body = Patrol {
        end: Some(PatrolEnd {
            at: now,
            early_reason: None,
        }),
        ..patrol_body(author)
    };
    RecordDraft {
        kind: "patrol".to_owned(),
        started_at: now.plus(-120 * 60_000),
        ended_at: None,
        body: serde_json::to_value(body).expect("a body"),
        ..session(world, author, now)
    }
}

/// A patrol in Thành Sơn that has just begun.
pub fn open_patrol(world: &World, author: &Person, now: Millis) -> RecordDraft {
    RecordDraft {
        started_at: now,
        body: serde_json::to_value(patrol_body(author)).expect("a body"),
        ..patrol(world, author, now)
    }
}

/// A patrol's body without anything but its crew of one.
pub fn patrol_body(author: &Person) -> Patrol {
    Patrol {
        plan_id: None,
        planned_end: None,
        crew: Crew {
            members: vec![author.id],
            others: Vec::new(),
        },
        check_ins: Vec::new(),
        pauses: Vec::new(),
        findings: Vec::new(),
        end: None,
        note: String::new(),
    }
}

/// A stretch of walking north from the centre, one fix in ten seconds.
pub fn segment(record: RecordId, number: u32, start: SegmentStart, from: Millis, fixes: i32) -> TrackSegment {
    let point = |step: i32| TrackPoint {
        at: from.plus(i64::from(step) * 10_000),
        position: LatLon {
            lat_e7: CENTRE.lat_e7 + step * 900,
            lon_e7: CENTRE.lon_e7,
        },
        accuracy_cm: 500,
    };
    TrackSegment {
        id: SegmentId(Uuid::now_v7()),
        record_id: record,
        number,
        start,
        points: (0..fixes).map(point).collect(),
    }
}

/// A fresh fix with an accuracy of 5 m.
pub fn fix_at(at: LatLon) -> Fix {
    Fix {
        at,
        accuracy_cm: 500,
        age_ms: 0,
    }
}

/// A push of these actions, each as a new operation.
pub fn push(author: &Person, now: Millis, actions: impl IntoIterator<Item = OpAction>) -> PushRequest {
    PushRequest {
        protocol: PROTOCOL,
        device_id: author.phone.device(),
        device_time: now,
        ops: actions
            .into_iter()
            .map(|action| Op {
                id: OpId(Uuid::now_v7()),
                action,
            })
            .collect(),
    }
}

/// The action that stores a new record.
pub fn put(draft: RecordDraft) -> OpAction {
    OpAction::PutRecord {
        draft: Box::new(draft),
        base_revision: None,
    }
}
