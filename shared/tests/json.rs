//! The derives of `keng_shared::json` and serde mean the same JSON.
//!
//! The server reads and writes with serde, the app and the typed client with the derives. Every form that the types
//! of the project use is held here against serde; the API tests hold the types themselves, for they go through the
//! client.

#![allow(
    clippy::unwrap_used,
    reason = "a test that finds something else than expected should stop right there"
)]

use keng_shared::geo::{Fix, LatLon};
use keng_shared::id::*;
use keng_shared::json::{self, FromJson, ToJson};
use keng_shared::patrol::{CheckIn, CheckInProof, Crew, EarlyEnd, Patrol, PatrolEnd, Pause};
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::record::{PhotoRef, RecordDraft};
use keng_shared::sync::{Envelope, Op, OpAction, OpOutcome, OpResult, PROTOCOL, PushAnswer, PushRequest};
use keng_shared::time::Millis;
use keng_shared::track::{GapReason, SegmentStart, TrackPoint, TrackSegment};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::fmt::Debug;
use uuid::Uuid;

/// Both write the same, and each reads what the other wrote.
fn agree<T: Serialize + DeserializeOwned + FromJson + ToJson + PartialEq + Debug>(value: &T) {
    let theirs = serde_json::to_value(value).unwrap();
    assert_eq!(value.to_json(), theirs);
    assert_eq!(&T::from_json(theirs).unwrap(), value);
    assert_eq!(&serde_json::from_str::<T>(&json::write(value)).unwrap(), value);
}

/// Both refuse it.
fn both_refuse<T: DeserializeOwned + FromJson + Debug>(json: &Value) {
    assert!(
        serde_json::from_value::<T>(json.clone()).is_err(),
        "serde takes {json}"
    );
    assert!(T::from_json(json.clone()).is_err(), "the derive takes {json}");
}

/// Both read it, and as the same.
fn both_read<T: DeserializeOwned + FromJson + PartialEq + Debug>(json: &Value) -> T {
    let theirs: T = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(T::from_json(json.clone()).unwrap(), theirs);
    theirs
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn fix() -> Fix {
    Fix {
        at: LatLon {
            lat_e7: 199_555_000,
            lon_e7: -1_053_776_000,
        },
        accuracy_cm: 500,
        age_ms: 0,
    }
}

fn patrol() -> Patrol {
    let proofs = [
        CheckInProof::Gps { fix: fix() },
        CheckInProof::Qr {
            token: "K7\"QF\u{1}đ".into(),
            fix: None,
        },
        CheckInProof::Photo {
            photo_id: PhotoId(id(4)),
        },
    ];
    Patrol {
        plan_id: Some(PatrolPlanId(3)),
        planned_end: None,
        crew: Crew {
            members: vec![UserId(id(1)), UserId(id(2))],
            others: vec![],
        },
        check_ins: proofs
            .into_iter()
            .map(|proof| CheckIn {
                id: EntryId(id(9)),
                checkpoint_id: CheckpointId(7),
                at: Millis(1_732_280_000_000),
                proof,
            })
            .collect(),
        pauses: vec![Pause {
            from: Millis(1),
            to: None,
        }],
        findings: vec![],
        end: Some(PatrolEnd {
            at: Millis(-5),
            early_reason: Some(EarlyEnd::CalledAway),
        }),
        note: "Đêm yên".into(),
    }
}

fn draft() -> RecordDraft {
    RecordDraft {
        id: RecordId(id(1)),
        kind: "patrol".into(),
        area_id: AreaId(5),
        team_id: None,
        started_at: Millis(1_732_280_000_000),
        ended_at: Some(Millis(1_732_280_000_001)),
        fix: Some(fix()),
        body: patrol().to_json(),
        photos: vec![PhotoRef {
            id: PhotoId(id(4)),
            sha256: "ab".into(),
            caption: String::new(),
        }],
        files: Vec::new(),
        device_id: DeviceId(id(6)),
        clock_offset_ms: Some(-40),
    }
}

fn segment(start: SegmentStart) -> TrackSegment {
    TrackSegment {
        id: SegmentId(id(1)),
        record_id: RecordId(id(2)),
        number: 3,
        start,
        points: vec![TrackPoint {
            at: Millis(1),
            position: fix().at,
            accuracy_cm: 7,
        }],
    }
}

#[test]
fn structs_options_lists_ids_and_tagged_enums_are_written_and_read_alike() {
    agree(&patrol());
    agree(&draft());
    for start in [
        SegmentStart::First,
        SegmentStart::Continues,
        SegmentStart::AfterGap {
            reason: GapReason::ScreenOff,
        },
    ] {
        agree(&segment(start));
    }
    agree(&PushRequest {
        protocol: PROTOCOL,
        device_id: DeviceId(id(1)),
        device_time: Millis(5),
        ops: vec![
            Op {
                id: OpId(id(1)),
                action: OpAction::PutRecord {
                    draft: Box::new(draft()),
                    base_revision: None,
                },
            },
            Op {
                id: OpId(id(2)),
                action: OpAction::PutSegment {
                    segment: segment(SegmentStart::First),
                },
            },
        ],
    });
}

#[test]
fn flattened_renamed_and_skipped_fields_are_written_and_read_alike() {
    let mut problem = Problem::fields(vec![
        FieldError::new("name", FieldCode::TooLong).with("max", 3),
        FieldError::new("x", FieldCode::TooLongAgo),
    ]);
    agree(&problem);
    problem.stored = Some(json!({"a": [1, null, 1.5]}));
    problem.request_id = Some("r".into());
    agree(&PushAnswer {
        envelope: Envelope {
            keng: 1,
            server_time: Millis(9),
        },
        results: vec![
            OpResult {
                id: OpId(id(1)),
                outcome: OpOutcome::Done {
                    revision: 2,
                    audit_leaf: "ff".into(),
                },
            },
            OpResult {
                id: OpId(id(2)),
                outcome: OpOutcome::Refused {
                    problem: Box::new(problem),
                },
            },
        ],
    });
}

#[test]
fn every_word_of_a_closed_list_is_written_and_read_alike() {
    ProblemCode::ALL.iter().for_each(agree);
    FieldCode::ALL.iter().for_each(agree);
    keng_shared::permission::Role::ALL.iter().for_each(agree);
    keng_shared::record::RecordStatus::ALL.iter().for_each(agree);
    for number in 0..7 {
        agree(&chrono::Weekday::try_from(number).unwrap());
    }
}

#[test]
fn what_may_be_left_out_is_the_same() {
    let bare = json!({"crew": {"members": []}});
    assert_eq!(both_read::<Patrol>(&bare).check_ins, []);
    both_read::<FieldError>(&json!({"field": "a", "code": "required", "more": 1}));
}

#[test]
fn what_is_refused_is_the_same() {
    both_refuse::<Patrol>(&json!({}));
    both_refuse::<Patrol>(&json!({"crew": {"members": []}, "stranger": 1}));
    both_refuse::<Patrol>(&json!({"crew": {"members": [1]}}));
    both_refuse::<Patrol>(&json!({"crew": null}));
    both_refuse::<CheckInProof>(&json!({"type": "gps"}));
    both_refuse::<CheckInProof>(&json!({"type": "smell"}));
    both_refuse::<CheckInProof>(&json!({"token": "x"}));
    both_refuse::<CheckInProof>(&json!({"type": "qr", "token": "x", "more": 1}));
    both_refuse::<TrackPoint>(&json!([1, 2, 3]));
    both_refuse::<TrackPoint>(&json!([1, 2, 3, -4]));
    both_refuse::<LatLon>(&json!({"lat_e7": 3_000_000_000_i64, "lon_e7": 1}));
    both_refuse::<LatLon>(&json!({"lat_e7": 1.5, "lon_e7": 1}));
    both_refuse::<RecordId>(&json!("x"));
    both_refuse::<ProblemCode>(&json!("internal_"));
    both_refuse::<ProblemCode>(&json!(null));
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let wrong = Patrol::from_json(json!({"crew": {"members": "all"}})).unwrap_err();
    assert_eq!(wrong.to_string(), "crew.members: expected a list");
}

/// The forms that only the engine's own store uses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson, ToJson)]
enum Outside {
    Nothing,
    Inside(Box<LatLon>),
    Named { first: u64, second: Option<i64> },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson, ToJson)]
struct Holder<T> {
    items: Vec<T>,
    #[serde(skip)]
    forgotten: bool,
    #[serde(rename = "as")]
    own: String,
}

#[test]
fn externally_tagged_enums_generics_and_forgotten_fields_are_written_and_read_alike() {
    agree(&Holder {
        items: vec![
            Outside::Nothing,
            Outside::Inside(Box::new(fix().at)),
            Outside::Named {
                first: u64::MAX,
                second: None,
            },
        ],
        forgotten: false,
        own: "x".into(),
    });
    both_refuse::<Outside>(&json!({"Nothing": null, "Inside": 1}));
    both_refuse::<Outside>(&json!("Else"));
    both_refuse::<Outside>(&json!({"Named": {"first": -1}}));
}
