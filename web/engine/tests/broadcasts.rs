//! Sentences about confirming broadcasts by the week's schedule.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that finds something else than expected should stop right there"
)]

mod support;

use keng_engine::Event;
use keng_engine::view::Stage;
use keng_shared::id::{AreaId, BroadcastScheduleId};
use keng_shared::loudspeaker::{
    BroadcastSchedule, Confirming, CoveredArea, MissReason, ScheduleTerms, SlotState, WeekSlot,
};
use keng_shared::record::RecordDraft;
use std::collections::BTreeMap;
use support::phone::Phone;
use support::server::Server;
use support::{EVENING, owner, photo_id, record_id, user};

const COMMUNE: AreaId = AreaId(1);
const HOUR: i64 = 3_600_000;

/// Monday, Wednesday and Friday at 17:00 for half an hour, in twenty areas.
fn schedule() -> BroadcastSchedule {
    BroadcastSchedule {
        id: BroadcastScheduleId(5),
        revision: 1,
        terms: ScheduleTerms {
            area_id: COMMUNE,
            name: "Chiều".into(),
            station: "Đài xã".into(),
            presenter: String::new(),
            areas: (101..=120).map(AreaId).collect(),
            weekdays: ["Mon", "Wed", "Fri"].map(|day| day.parse().unwrap()).to_vec(),
            times: vec!["17:00".parse().unwrap()],
            minutes: 30,
            topics: vec!["online_fraud".into()],
            first_day: "2026-11-09".parse().unwrap(),
            last_day: None,
            holidays: vec![],
            pauses: vec![],
        },
    }
}

fn cast() -> (Phone, Phone, Server) {
    let mut server = Server::new();
    server.schedules = vec![schedule()];
    server.join(user(1), COMMUNE);
    server.join(user(2), COMMUNE);
    let (mut one, mut two) = (Phone::new(owner(1, 1), EVENING), Phone::new(owner(2, 2), EVENING));
    one.sync(&mut server);
    two.sync(&mut server);
    (one, two, server)
}

fn slots(phone: &Phone) -> Vec<WeekSlot> {
    phone.engine.broadcasts(phone.now).remove(0).slots
}

fn waiting(phone: &Phone) -> Vec<WeekSlot> {
    slots(phone)
        .into_iter()
        .filter(|slot| slot.state.is_waiting())
        .collect()
}

fn draft(phone: &Phone, n: u128, slot: &WeekSlot, missed: Vec<CoveredArea>) -> RecordDraft {
    let confirming = Confirming {
        record_id: record_id(n),
        device_id: phone.owner.device_id,
        at: phone.now,
        clock_offset_ms: Some(0),
        missed,
    };
    schedule().confirm(&slot.planned, confirming, |_| true)
}

fn confirm(phone: &mut Phone, first: u128, slots: &[WeekSlot]) {
    let drafts = (first..)
        .zip(slots)
        .map(|(n, slot)| draft(phone, n, slot, vec![]))
        .collect();
    phone.tell(Event::SlotsConfirmed { drafts });
}

#[test]
fn slots_of_two_weeks_wait_and_are_confirmed_at_once_without_a_network() {
    let (mut phone, _, mut server) = cast();
    phone.online = false;
    // It is Sunday evening: Monday to Friday of two weeks are over.
    let open = waiting(&phone);
    assert_eq!(open.len(), 6);
    confirm(&mut phone, 1, &open);
    assert!(waiting(&phone).is_empty(), "as soon as the button is pressed");
    assert_eq!(phone.engine.status().items_waiting, 6);
    phone.sync(&mut server);
    phone.kill();
    assert!(waiting(&phone).is_empty(), "and after a kill");
    phone.online = true;
    phone.tell(Event::Online);
    phone.sync(&mut server);
    assert!(phone.engine.status().is_all_sent());
    assert_eq!(server.state.records.len(), 6);
}

#[test]
fn an_area_without_power_is_told_apart() {
    let (mut phone, _, mut server) = cast();
    let slot = waiting(&phone).pop().unwrap();
    let missed = CoveredArea {
        area_id: AreaId(107),
        missed: Some(MissReason::PowerCut),
        note: String::new(),
    };
    let drafts = vec![draft(&phone, 1, &slot, vec![missed])];
    phone.tell(Event::SlotsConfirmed { drafts });
    phone.sync(&mut server);
    match &slots(&phone).last().unwrap().state {
        SlotState::Aired(confirmed) => assert_eq!((confirmed.aired, confirmed.missed), (19, 1)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_slot_that_somebody_else_confirmed_first_is_done_and_nothing_to_mend() {
    let (mut one, mut two, mut server) = cast();
    let open = waiting(&one);
    two.online = false;
    confirm(&mut two, 11, &open);
    two.sync(&mut server);
    confirm(&mut one, 1, &open[..1]);
    one.sync(&mut server);
    two.online = true;
    two.tell(Event::Online);
    two.sync(&mut server);
    let status = two.engine.status();
    assert!(status.is_all_sent(), "{status:?}");
    let stages: BTreeMap<_, _> = two
        .engine
        .entries()
        .into_iter()
        .map(|entry| (entry.id, entry.stage))
        .collect();
    let Stage::Superseded(Some(by)) = &stages[&record_id(11)] else {
        panic!("{stages:?}");
    };
    assert_eq!(by.id, user(1));
    assert_eq!(stages[&record_id(12)], Stage::Sent);
    assert!(two.engine.unsent().is_nothing());
    let first = slots(&two).remove(0);
    let SlotState::Aired(confirmed) = first.state else {
        panic!("{:?}", first.state);
    };
    assert_eq!(confirmed.by.id, user(1));
    assert_eq!(server.state.records.len(), 6);
    // It is still so after a kill, and is forgotten after a fortnight.
    two.kill();
    assert!(matches!(
        two.engine.entry(record_id(11)).unwrap().stage,
        Stage::Superseded(_)
    ));
    two.later(15 * 24 * HOUR);
    two.tell(Event::StorageMeasured { used: 0, quota: 1 });
    assert!(two.engine.entry(record_id(11)).is_none());
}

#[test]
fn photos_of_a_slot_that_was_taken_wait_for_the_person() {
    let (mut one, mut two, mut server) = cast();
    let open = waiting(&one);
    confirm(&mut one, 1, &open[..1]);
    one.sync(&mut server);
    let draft = draft(&two, 11, &open[0], vec![]);
    two.tell(Event::DraftChanged { draft: draft.clone() });
    two.take_photo(photo_id(1), record_id(11));
    two.tell(Event::Submitted { draft });
    two.sync(&mut server);
    assert!(matches!(
        two.engine.entry(record_id(11)).unwrap().stage,
        Stage::SetAside(_)
    ));
    assert_eq!(two.engine.status().to_mend, 1);
}

#[test]
fn a_slot_confirmed_elsewhere_leaves_the_list_with_the_next_scope() {
    let (mut one, mut two, mut server) = cast();
    let open = waiting(&one);
    confirm(&mut one, 1, &open[..2]);
    one.sync(&mut server);
    two.tell(Event::SendNow);
    two.sync(&mut server);
    assert_eq!(waiting(&two).len(), 4);
}

#[test]
fn a_phone_with_a_wrong_clock_confirms_the_slot_at_its_own_time() {
    let (_, _, mut server) = cast();
    let mut phone = Phone::new(owner(1, 3), EVENING.plus(-48 * HOUR));
    phone.sync_at(&mut server, EVENING);
    let open = waiting(&phone);
    assert_eq!(open.len(), 6, "by the server's clock it is Sunday");
    let mut confirmed = draft(&phone, 1, &open[5], vec![]);
    confirmed.body["confirmed_at"] = serde_json::json!(EVENING.0);
    phone.tell(Event::SlotsConfirmed {
        drafts: vec![confirmed],
    });
    phone.sync_at(&mut server, EVENING);
    let stored = &server.state.records[&record_id(1)].draft;
    assert_eq!(stored.started_at, open[5].planned.starts_at());
}
