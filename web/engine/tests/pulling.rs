//! Sentences about pulling, scope, restored servers, photos and the running patrol.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that finds something else than expected should stop right there"
)]

mod support;

use keng_engine::view::{PhotoStage, Stage};
use keng_engine::{Answer, Call, Event, Failure, ItemKey, PatrolEvent, Reason, StorageLevel};
use keng_shared::id::AreaId;
use keng_shared::patrol::PatrolEnd;
use keng_shared::problem::ProblemCode;
use keng_shared::record::RecordStatus;
use keng_shared::sync::OpAction;
use keng_shared::track::{GapReason, SegmentStart};
use support::phone::Phone;
use support::server::{Server, State, problem};
use support::{EVENING, bad_session, owner, patrol, photo_id, record_id, session, user};

const COMMUNE: AreaId = AreaId(1);
const NEIGHBOUR: AreaId = AreaId(2);
const DAY_MS: i64 = 86_400_000;

fn cast() -> (Phone, Server) {
    let mut server = Server::new();
    server.join(user(1), COMMUNE);
    server.join(user(2), COMMUNE);
    (Phone::new(owner(1, 1), EVENING), server)
}

fn write(phone: &mut Phone, n: u128, area: AreaId) {
    let draft = session(record_id(n), phone.owner, area, phone.now, 1);
    phone.tell(Event::Submitted { draft });
}

fn write_with_photo(phone: &mut Phone, n: u128) {
    let draft = session(record_id(n), phone.owner, COMMUNE, phone.now, 1);
    phone.tell(Event::DraftChanged { draft: draft.clone() });
    phone.take_photo(photo_id(n), record_id(n));
    phone.tell(Event::Submitted { draft });
}

fn refresh(phone: &mut Phone, server: &mut Server) {
    phone.tell(Event::Visible);
    phone.sync(server);
}

fn photo_stage(phone: &Phone, n: u128) -> PhotoStage {
    let entry = phone.engine.entry(record_id(n)).unwrap();
    entry
        .photos
        .into_iter()
        .find(|p| p.id == photo_id(n))
        .unwrap()
        .stage
}

#[test]
fn records_of_team_mates_come_page_by_page_and_survive_a_kill_between_pages() {
    let (mut phone, mut server) = cast();
    let mut mate = Phone::new(owner(2, 2), EVENING);
    for n in 0..8 {
        write(&mut mate, n, COMMUNE);
    }
    mate.sync(&mut server);
    for _ in 0..4 {
        let (request, call) = phone.calls.pop_front().unwrap();
        let result = server.answer(user(1), &call, EVENING);
        phone.answer(request, result);
    }
    let first_page = phone.engine.team_records().len();
    assert!((1..8).contains(&first_page), "{first_page}");
    phone.kill();
    assert_eq!(phone.engine.team_records().len(), first_page);
    phone.sync(&mut server);
    assert_eq!(phone.engine.team_records().len(), 8);
}

#[test]
fn a_returned_photo_asks_for_its_record_to_be_mended_until_the_record_is_sent_again() {
    let (mut phone, mut server) = cast();
    write_with_photo(&mut phone, 1);
    phone.sync(&mut server);
    assert_eq!(phone.engine.entry(record_id(1)).unwrap().stage, Stage::Sent);
    server.return_photo(record_id(1), photo_id(1), "Ảnh mờ", EVENING.plus(60_000));
    phone.now = EVENING.plus(120_000);
    refresh(&mut phone, &mut server);
    assert!(matches!(photo_stage(&phone, 1), PhotoStage::Returned(Some(_))));
    assert_eq!(
        phone.engine.entry(record_id(1)).unwrap().stage,
        Stage::Returned(None)
    );
    assert_eq!(phone.engine.status().to_mend, 1);
    let draft = phone.engine.edit(record_id(1)).unwrap();
    phone.tell(Event::Submitted { draft });
    phone.sync(&mut server);
    refresh(&mut phone, &mut server);
    assert_eq!(phone.engine.entry(record_id(1)).unwrap().stage, Stage::Sent);
}

#[test]
fn a_kind_that_this_app_does_not_know_is_kept() {
    let (mut phone, mut server) = cast();
    let mut mate = Phone::new(owner(2, 2), EVENING);
    write(&mut mate, 1, COMMUNE);
    mate.sync(&mut server);
    let stored = server.state.records.get_mut(&record_id(1)).unwrap();
    stored.draft.kind = "drone_flight".into();
    refresh(&mut phone, &mut server);
    phone.kill();
    assert_eq!(phone.engine.team_records()[0].kind, "drone_flight");
}

#[test]
fn who_leaves_a_commune_keeps_unsent_work_and_nothing_else_of_it() {
    let (mut phone, mut server) = cast();
    let mut mate = Phone::new(owner(2, 2), EVENING);
    write(&mut mate, 1, COMMUNE);
    mate.sync(&mut server);
    write(&mut phone, 2, COMMUNE);
    phone.sync(&mut server);
    phone.online = false;
    write(&mut phone, 3, COMMUNE);
    phone.sync(&mut server);
    server.leave(user(1), COMMUNE);
    server.join(user(1), NEIGHBOUR);
    phone.online = true;
    phone.tell(Event::Online);
    phone.sync(&mut server);
    assert!(phone.engine.team_records().is_empty());
    assert_eq!(phone.engine.entry(record_id(2)), None);
    let unsent = phone.engine.entry(record_id(3)).unwrap();
    assert!(matches!(unsent.stage, Stage::SetAside(Reason::Refused(_))));
}

#[test]
fn a_village_that_moves_to_another_commune_takes_its_records_along() {
    let (mut phone, mut server) = cast();
    let village = AreaId(11);
    server.move_area(village, COMMUNE);
    let mut mate = Phone::new(owner(2, 2), EVENING);
    write(&mut mate, 1, village);
    mate.sync(&mut server);
    refresh(&mut phone, &mut server);
    assert_eq!(phone.engine.team_records().len(), 1);
    server.move_area(village, NEIGHBOUR);
    refresh(&mut phone, &mut server);
    assert!(phone.engine.team_records().is_empty());
}

#[test]
fn a_withdrawn_record_of_a_team_mate_disappears() {
    let (mut phone, mut server) = cast();
    let mut mate = Phone::new(owner(2, 2), EVENING);
    write(&mut mate, 1, COMMUNE);
    mate.sync(&mut server);
    refresh(&mut phone, &mut server);
    mate.tell(Event::Withdrawn {
        record_id: record_id(1),
    });
    mate.sync(&mut server);
    assert_eq!(
        server.state.records[&record_id(1)].status,
        RecordStatus::Withdrawn
    );
    refresh(&mut phone, &mut server);
    assert!(phone.engine.team_records().is_empty());
}

#[test]
fn a_server_restored_from_a_backup_is_filled_again() {
    let (mut phone, mut server) = cast();
    refresh(&mut phone, &mut server);
    write_with_photo(&mut phone, 1);
    phone.sync(&mut server);
    assert_eq!(server.state.held.len(), 1);
    server.restore(State::default());
    phone.kill();
    phone.sync(&mut server);
    assert!(server.state.records.contains_key(&record_id(1)));
    assert!(server.state.held.contains_key(&photo_id(1)));
    assert!(phone.engine.status().is_all_sent());
}

#[test]
fn a_photo_travels_as_record_then_announcement_then_bytes() {
    let (mut phone, mut server) = cast();
    write_with_photo(&mut phone, 1);
    let mut order = Vec::new();
    while let Some((request, call)) = phone.calls.pop_front() {
        match &call {
            Call::Push(push) => order.extend(push.ops.iter().map(|op| match op.action {
                OpAction::PutRecord { .. } => "record",
                OpAction::AnnouncePhoto { .. } => "announcement",
                OpAction::StepTask { .. } => "task",
                _ => "other",
            })),
            Call::Upload { .. } => order.push("bytes"),
            _ => {}
        }
        let result = server.answer(user(1), &call, EVENING);
        phone.answer(request, result);
    }
    assert_eq!(order, ["record", "announcement", "bytes"]);
    assert_eq!(photo_stage(&phone, 1), PhotoStage::Held);
    let held = phone.engine.held_today(phone.now).unwrap();
    assert_eq!((held.photos.held, held.photos.all), (1, 1));
}

#[test]
fn manifests_are_numbered_and_chained_across_a_kill() {
    let (mut phone, mut server) = cast();
    write_with_photo(&mut phone, 1);
    phone.kill();
    write_with_photo(&mut phone, 2);
    phone.sync(&mut server);
    let [first, second] = [1, 2].map(|n| &server.state.announced[&photo_id(n)].manifest);
    assert_eq!((first.seq, second.seq), (1, 2));
    assert_eq!(second.prev, first.digest());
}

#[test]
fn bytes_leave_the_phone_only_after_the_receipt_and_at_once_when_it_is_filling_up() {
    let (mut phone, mut server) = cast();
    phone.online = false;
    write_with_photo(&mut phone, 1);
    let nearly_full = Event::StorageMeasured {
        used: 990_000_000,
        quota: 1_000_000_000,
    };
    phone.tell(nearly_full.clone());
    phone.sync(&mut server);
    assert!(phone.store.read_photo(photo_id(1)).is_some());
    assert!(!phone.engine.has_room_for(300_000));
    assert_eq!(phone.engine.status().storage.unwrap().0, StorageLevel::Full);
    phone.online = true;
    phone.tell(Event::Online);
    phone.sync(&mut server);
    assert_eq!(phone.store.read_photo(photo_id(1)), None);
    assert_eq!(photo_stage(&phone, 1), PhotoStage::Held);
}

#[test]
fn with_room_the_bytes_stay_two_days_after_the_receipt() {
    let (mut phone, mut server) = cast();
    write_with_photo(&mut phone, 1);
    phone.sync(&mut server);
    phone.later(DAY_MS);
    assert!(phone.store.read_photo(photo_id(1)).is_some());
    phone.later(DAY_MS + 60_000);
    assert_eq!(phone.store.read_photo(photo_id(1)), None);
}

#[test]
fn a_receipt_for_other_bytes_sets_the_photo_aside_and_keeps_the_bytes() {
    let (mut phone, mut server) = cast();
    write_with_photo(&mut phone, 1);
    while let Some((request, call)) = phone.calls.pop_front() {
        let mut result = server.answer(user(1), &call, EVENING);
        if let Ok(Answer::Uploaded(receipt)) = &mut result {
            receipt.receipt.sha256 = "0".repeat(64);
        }
        phone.answer(request, result);
    }
    assert_eq!(photo_stage(&phone, 1), PhotoStage::SetAside(Reason::WrongReceipt));
    phone.later(5 * DAY_MS);
    assert!(phone.store.read_photo(photo_id(1)).is_some());
}

#[test]
fn bytes_that_the_browser_removed_are_told_and_the_record_goes_its_way() {
    let (mut phone, mut server) = cast();
    phone.online = false;
    write_with_photo(&mut phone, 1);
    phone.store.write(&keng_engine::store::Batch(vec![
        keng_engine::store::Write::DeletePhoto(photo_id(1)),
    ]));
    phone.kill();
    phone.online = true;
    phone.sync(&mut server);
    assert_eq!(photo_stage(&phone, 1), PhotoStage::SetAside(Reason::BytesMissing));
    assert!(server.state.records.contains_key(&record_id(1)));
}

#[test]
fn bytes_that_no_photo_names_are_removed_at_the_next_start() {
    let (mut phone, _) = cast();
    phone
        .store
        .write_photo(photo_id(9), b"stored by a page that was killed");
    phone.kill();
    assert_eq!(phone.store.read_photo(photo_id(9)), None);
}

#[test]
fn a_chunk_that_something_on_the_way_refuses_is_halved() {
    let (mut phone, mut server) = cast();
    write_with_photo(&mut phone, 1);
    let mut chunks = Vec::new();
    while let Some((request, call)) = phone.calls.pop_front() {
        let result = match &call {
            Call::Upload { chunk, .. } if *chunk > 70_000 => {
                chunks.push(*chunk);
                Err(problem(ProblemCode::TooLarge))
            }
            call => server.answer(user(1), call, EVENING),
        };
        phone.answer(request, result);
    }
    assert_eq!(chunks, [262_144, 131_072]);
    assert_eq!(photo_stage(&phone, 1), PhotoStage::Held);
}

#[test]
fn photos_of_a_record_that_was_set_aside_wait_for_its_mending() {
    let (mut phone, mut server) = cast();
    let draft = bad_session(record_id(1), phone.owner, COMMUNE, EVENING, 1);
    phone.tell(Event::DraftChanged { draft: draft.clone() });
    phone.take_photo(photo_id(1), record_id(1));
    phone.tell(Event::Submitted { draft });
    phone.sync(&mut server);
    let status = phone.engine.status();
    assert_eq!((status.photos_waiting, status.to_mend), (0, 1));
    write(&mut phone, 1, COMMUNE);
    phone.sync(&mut server);
    assert_eq!(photo_stage(&phone, 1), PhotoStage::Held);
}

#[test]
fn a_removed_photo_is_gone_from_the_draft_and_the_store() {
    let (mut phone, mut server) = cast();
    let draft = session(record_id(1), phone.owner, COMMUNE, EVENING, 1);
    phone.tell(Event::DraftChanged { draft: draft.clone() });
    phone.take_photo(photo_id(1), record_id(1));
    phone.tell(Event::PhotoRemoved {
        photo_id: photo_id(1),
    });
    phone.tell(Event::Submitted { draft });
    phone.sync(&mut server);
    assert_eq!(phone.store.read_photo(photo_id(1)), None);
    assert!(server.state.records[&record_id(1)].draft.photos.is_empty());
}

#[test]
fn a_patrol_that_is_killed_resumes_with_a_gap_because_the_app_was_closed() {
    let (mut phone, mut server) = cast();
    let draft = patrol(record_id(1), phone.owner, COMMUNE, EVENING);
    phone.tell(Event::Patrol(PatrolEvent::Started { draft }));
    for _ in 0..5 {
        phone.walk(5);
    }
    phone.kill();
    for _ in 0..3 {
        phone.walk(5);
    }
    let view = phone.engine.patrol(phone.now).unwrap();
    let starts: Vec<_> = view.segments.iter().map(|s| (s.start, s.points.len())).collect();
    let closed = SegmentStart::AfterGap {
        reason: GapReason::AppClosed,
    };
    assert_eq!(starts, [(SegmentStart::First, 5), (closed, 3)]);
    let end = PatrolEnd {
        at: phone.now,
        early_reason: None,
    };
    phone.tell(Event::Patrol(PatrolEvent::Ended(end)));
    phone.sync(&mut server);
    assert_eq!(server.state.segments.len(), 2);
    assert_eq!(
        server.state.records[&record_id(1)].status,
        RecordStatus::Submitted
    );
    assert_eq!(phone.engine.patrol(phone.now), None);
}

#[test]
fn a_patrol_is_with_the_server_while_it_runs() {
    let (mut phone, mut server) = cast();
    phone.sync(&mut server);
    let draft = patrol(record_id(1), phone.owner, COMMUNE, EVENING);
    phone.tell(Event::Patrol(PatrolEvent::Started { draft }));
    for _ in 0..60 {
        phone.walk(1);
    }
    phone.sync(&mut server);
    assert_eq!(server.state.records[&record_id(1)].status, RecordStatus::Open);
    assert_eq!(server.state.segments.len(), 1);
}

#[test]
fn a_photo_taken_on_patrol_is_listed_by_its_record_at_once() {
    let (mut phone, mut server) = cast();
    let draft = patrol(record_id(1), phone.owner, COMMUNE, EVENING);
    phone.tell(Event::Patrol(PatrolEvent::Started { draft }));
    phone.take_photo(photo_id(1), record_id(1));
    phone.kill();
    phone.sync(&mut server);
    assert!(server.state.held.contains_key(&photo_id(1)));
}

#[test]
fn ending_a_patrol_early_without_a_reason_names_the_field_and_the_patrol_goes_on() {
    let (mut phone, _) = cast();
    let mut draft = patrol(record_id(1), phone.owner, COMMUNE, EVENING);
    draft.body["planned_end"] = (EVENING.0 + 5 * 3_600_000).into();
    phone.tell(Event::Patrol(PatrolEvent::Started { draft }));
    phone.now = EVENING.plus(3_600_000);
    let end = PatrolEnd {
        at: phone.now,
        early_reason: None,
    };
    phone.tell(Event::Patrol(PatrolEvent::Ended(end)));
    let named = phone.others.iter().any(|effect| {
        matches!(effect, keng_engine::Effect::Invalid { errors, .. } if errors[0].field == "body.end.early_reason")
    });
    assert!(named && phone.engine.patrol(phone.now).is_some());
}

#[test]
fn a_segment_of_a_withdrawn_record_can_be_given_up() {
    let (mut phone, mut server) = cast();
    let draft = patrol(record_id(1), phone.owner, COMMUNE, EVENING);
    phone.tell(Event::Patrol(PatrolEvent::Started { draft }));
    phone.sync(&mut server);
    phone.walk(5);
    server.state.records.get_mut(&record_id(1)).unwrap().status = RecordStatus::Withdrawn;
    phone.tell(Event::Patrol(PatrolEvent::Hidden));
    phone.sync(&mut server);
    let entry = phone.engine.entry(record_id(1)).unwrap();
    let (key, _) = entry.segments_set_aside[0].clone();
    assert!(matches!(key, ItemKey::Segment(_)));
    phone.tell(Event::GivenUp { key });
    assert!(
        phone
            .engine
            .entry(record_id(1))
            .unwrap()
            .segments_set_aside
            .is_empty()
    );
}

#[test]
fn missing_bytes_are_noticed_at_the_upload_too() {
    let (mut phone, mut server) = cast();
    write_with_photo(&mut phone, 1);
    while let Some((request, call)) = phone.calls.pop_front() {
        let result = match call {
            Call::Upload { .. } => Err(Failure::BytesMissing),
            call => server.answer(user(1), &call, EVENING),
        };
        phone.answer(request, result);
    }
    assert_eq!(photo_stage(&phone, 1), PhotoStage::SetAside(Reason::BytesMissing));
}
