//! Sentences about drafts, the outbox and sending.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that finds something else than expected should stop right there"
)]

mod support;

use keng_engine::view::{Connection, Stage};
use keng_engine::{
    Answer, Call, Effect, Engine, Event, Failure, ItemKey, OpenError, Question, Reason, SignOutChoice,
};
use keng_shared::id::AreaId;
use keng_shared::problem::ProblemCode;
use keng_shared::record::Verdict;
use keng_shared::sync::{OpAction, PROTOCOL, PushRequest};
use support::phone::Phone;
use support::server::{Server, problem};
use support::{EVENING, bad_session, owner, record_id, session, user, version};

const COMMUNE: AreaId = AreaId(1);

fn cast() -> (Phone, Server) {
    let mut server = Server::new();
    server.join(user(1), COMMUNE);
    (Phone::new(owner(1, 1), EVENING), server)
}

fn write(phone: &mut Phone, n: u128, version: i64) {
    let draft = session(record_id(n), phone.owner, COMMUNE, phone.now, version);
    phone.tell(Event::Submitted { draft });
}

fn stage(phone: &Phone, n: u128) -> Stage {
    phone.engine.entry(record_id(n)).unwrap().stage
}

fn stored_version(server: &Server, n: u128) -> i64 {
    version(&server.state.records[&record_id(n)].draft.body)
}

#[test]
fn a_draft_survives_a_kill_at_every_field_change() {
    let (mut phone, _) = cast();
    let mut draft = session(record_id(1), phone.owner, COMMUNE, EVENING, 1);
    draft.body["venue"] = "Nhà v".into();
    phone.tell(Event::DraftChanged { draft: draft.clone() });
    draft.body["venue"] = "Nhà văn".into();
    phone.tell(Event::DraftChanged { draft: draft.clone() });
    phone.kill();
    assert_eq!(phone.engine.edit(record_id(1)), Some(draft));
    assert_eq!(stage(&phone, 1), Stage::Draft);
}

#[test]
fn nothing_is_sent_before_it_is_durable() {
    let (mut phone, mut server) = cast();
    phone.sync(&mut server);
    let draft = session(record_id(1), phone.owner, COMMUNE, EVENING, 1);
    phone.step_only(Event::Submitted { draft });
    assert!(phone.calls.is_empty() && phone.batches.len() == 1);
    let (ticket, batch) = phone.batches.pop_front().unwrap();
    phone.store.write(&batch);
    phone.step_only(Event::Persisted(ticket));
    assert!(matches!(phone.calls.front(), Some((_, Call::Push(_)))));
}

#[test]
fn an_acknowledgement_is_shown_only_when_it_is_durable() {
    let (mut phone, mut server) = cast();
    phone.sync(&mut server);
    write(&mut phone, 1, 1);
    let (request, call) = phone.calls.pop_front().unwrap();
    let result = server.answer(user(1), &call, EVENING);
    phone.step_only(Event::Answered { request, result });
    assert_eq!(stage(&phone, 1), Stage::Sending);
    assert_eq!(phone.engine.status().items_waiting, 1);
    let (ticket, batch) = phone.batches.pop_front().unwrap();
    phone.store.write(&batch);
    phone.step_only(Event::Persisted(ticket));
    assert_eq!(stage(&phone, 1), Stage::Sent);
    assert_eq!(phone.engine.status().items_waiting, 0);
}

#[test]
fn a_record_written_without_a_network_arrives_when_it_is_back() {
    let (mut phone, mut server) = cast();
    phone.online = false;
    write(&mut phone, 1, 1);
    phone.sync(&mut server);
    let status = phone.engine.status();
    assert_eq!(
        (status.items_waiting, status.connection),
        (1, Connection::Offline)
    );
    phone.kill();
    phone.online = true;
    phone.tell(Event::Online);
    phone.sync(&mut server);
    assert!(phone.engine.status().is_all_sent());
    assert_eq!(stored_version(&server, 1), 1);
}

#[test]
fn a_newer_edit_replaces_one_that_was_not_sent() {
    let (mut phone, mut server) = cast();
    write(&mut phone, 1, 1);
    write(&mut phone, 1, 2);
    phone.sync(&mut server);
    assert_eq!(server.versions[&record_id(1)], [2]);
}

#[test]
fn an_edit_during_sending_goes_back_to_queued_and_follows_with_the_acknowledged_revision() {
    let (mut phone, mut server) = cast();
    phone.sync(&mut server);
    write(&mut phone, 1, 1);
    write(&mut phone, 1, 2);
    assert_eq!(stage(&phone, 1), Stage::Queued);
    phone.sync(&mut server);
    assert_eq!(server.versions[&record_id(1)], [1, 2]);
    assert_eq!(stage(&phone, 1), Stage::Sent);
}

#[test]
fn an_edit_after_a_lost_answer_does_not_conflict_with_what_arrived() {
    let (mut phone, mut server) = cast();
    phone.sync(&mut server);
    write(&mut phone, 1, 1);
    phone.lose_answers(&mut server);
    phone.kill();
    write(&mut phone, 1, 2);
    phone.tell(Event::SendNow);
    phone.sync(&mut server);
    assert_eq!(server.versions[&record_id(1)], [1, 2]);
    assert_eq!(stage(&phone, 1), Stage::Sent);
}

#[test]
fn one_bad_item_is_set_aside_with_its_fields_and_does_not_block_the_others() {
    let (mut phone, mut server) = cast();
    let draft = bad_session(record_id(1), phone.owner, COMMUNE, EVENING, 1);
    phone.tell(Event::Submitted { draft });
    write(&mut phone, 2, 1);
    phone.sync(&mut server);
    assert_eq!(stage(&phone, 2), Stage::Sent);
    let Stage::SetAside(Reason::Refused(problem)) = stage(&phone, 1) else {
        panic!("not set aside: {:?}", stage(&phone, 1));
    };
    assert_eq!(problem.fields[0].field, "body.venue");
    assert_eq!(phone.engine.status().to_mend, 1);
}

#[test]
fn a_set_aside_record_can_be_mended_and_sent_again() {
    let (mut phone, mut server) = cast();
    let draft = bad_session(record_id(1), phone.owner, COMMUNE, EVENING, 1);
    phone.tell(Event::Submitted { draft });
    phone.sync(&mut server);
    phone.kill();
    write(&mut phone, 1, 2);
    phone.sync(&mut server);
    assert_eq!((stage(&phone, 1), stored_version(&server, 1)), (Stage::Sent, 2));
}

#[test]
fn a_returned_record_comes_back_with_the_officers_words_and_can_be_mended() {
    let (mut phone, mut server) = cast();
    write(&mut phone, 1, 1);
    phone.sync(&mut server);
    server.review(record_id(1), Verdict::Returned, "Ảnh mờ, chụp lại", EVENING);
    phone.tell(Event::Visible);
    phone.sync(&mut server);
    let Stage::Returned(Some(review)) = stage(&phone, 1) else {
        panic!("not returned");
    };
    assert_eq!(review.reason, "Ảnh mờ, chụp lại");
    assert_eq!(phone.engine.status().to_mend, 1);
    let mut draft = phone.engine.edit(record_id(1)).unwrap();
    draft.body["attendee_count"] = 2.into();
    phone.tell(Event::Submitted { draft });
    phone.sync(&mut server);
    assert_eq!((stage(&phone, 1), stored_version(&server, 1)), (Stage::Sent, 2));
}

#[test]
fn a_form_that_is_not_valid_stays_a_draft_and_names_its_fields() {
    let (mut phone, _) = cast();
    let mut draft = session(record_id(1), phone.owner, COMMUNE, EVENING, 1);
    draft.body["attendee_count"] = "nhiều".into();
    phone.tell(Event::Submitted { draft });
    let Some(Effect::Invalid { errors, .. }) = phone.others.first() else {
        panic!("the form was taken");
    };
    assert_eq!(errors[0].field, "body.attendee_count");
    assert_eq!(stage(&phone, 1), Stage::Draft);
}

#[test]
fn another_devices_edit_is_a_conflict_and_sending_again_after_seeing_it_wins() {
    let (mut phone, mut server) = cast();
    let mut other = Phone::new(owner(1, 2), EVENING);
    write(&mut phone, 1, 1);
    phone.sync(&mut server);
    other.tell(Event::Visible);
    other.sync(&mut server);
    let mut draft = other.engine.edit(record_id(1)).unwrap();
    draft.body["attendee_count"] = 5.into();
    other.tell(Event::Submitted { draft });
    other.sync(&mut server);
    write(&mut phone, 1, 2);
    phone.sync(&mut server);
    let Stage::SetAside(Reason::Refused(problem)) = stage(&phone, 1) else {
        panic!("no conflict: {:?}", stage(&phone, 1));
    };
    assert_eq!(problem.code, ProblemCode::RevisionMismatch);
    phone.tell(Event::Resent {
        key: ItemKey::Record(record_id(1)),
    });
    phone.sync(&mut server);
    assert_eq!(stored_version(&server, 1), 2);
}

#[test]
fn a_record_that_was_never_sent_is_withdrawn_without_a_call() {
    let (mut phone, mut server) = cast();
    phone.sync(&mut server);
    phone.online = false;
    write(&mut phone, 1, 1);
    phone.kill();
    phone.calls.clear();
    let fresh = session(record_id(2), phone.owner, COMMUNE, EVENING, 1);
    phone.tell(Event::Submitted { draft: fresh });
    phone.tell(Event::Withdrawn {
        record_id: record_id(2),
    });
    assert_eq!(phone.engine.entry(record_id(2)), None);
}

#[test]
fn a_captive_portal_is_no_success() {
    let (mut phone, mut server) = cast();
    phone.sync(&mut server);
    write(&mut phone, 1, 1);
    let (request, _) = phone.calls.pop_front().unwrap();
    phone.answer(request, Err(Failure::NotOurs { status: 200 }));
    assert_eq!(phone.engine.status().connection, Connection::Portal);
    assert_eq!(phone.engine.status().items_waiting, 1);
}

#[test]
fn a_token_that_ran_out_is_refreshed_and_the_push_goes_on() {
    let (mut phone, mut server) = cast();
    phone.sync(&mut server);
    write(&mut phone, 1, 1);
    let (request, _) = phone.calls.pop_front().unwrap();
    phone.answer(request, Err(problem(ProblemCode::TokenExpired)));
    assert!(matches!(phone.calls.front(), Some((_, Call::Refresh))));
    phone.sync(&mut server);
    assert_eq!(stage(&phone, 1), Stage::Sent);
}

#[test]
fn an_ended_session_asks_to_sign_in_and_keeps_what_waits() {
    let (mut phone, mut server) = cast();
    let (request, call) = phone.calls.pop_front().unwrap();
    assert_eq!(call, Call::Refresh);
    phone.answer(request, Err(problem(ProblemCode::SessionEnded)));
    write(&mut phone, 1, 1);
    assert_eq!(phone.engine.status().connection, Connection::SignInAgain);
    assert!(phone.calls.is_empty());
    phone.tell(Event::SignedIn { server_time: EVENING });
    phone.sync(&mut server);
    assert_eq!(stage(&phone, 1), Stage::Sent);
}

#[test]
fn a_push_that_is_too_large_is_halved_until_it_fits() {
    let (mut phone, mut server) = cast();
    server.most_ops = Some(3);
    phone.online = false;
    for n in 0..20 {
        write(&mut phone, n, 1);
    }
    phone.sync(&mut server);
    phone.online = true;
    phone.tell(Event::Online);
    phone.sync(&mut server);
    assert!(phone.engine.status().is_all_sent());
    assert_eq!(server.state.records.len(), 20);
}

#[test]
fn a_push_has_at_most_200_operations_and_one_mebibyte() {
    let (mut phone, mut server) = cast();
    phone.online = false;
    for n in 0..250 {
        let mut draft = session(record_id(n), phone.owner, COMMUNE, EVENING, 1);
        draft.body["note"] = "đ".repeat(if n < 10 { 2_000 } else { 4 }).into();
        phone.tell(Event::Submitted { draft });
    }
    phone.sync(&mut server);
    phone.online = true;
    phone.tell(Event::Online);
    let mut sizes = Vec::new();
    while let Some((request, call)) = phone.calls.pop_front() {
        if let Call::Push(push) = &call {
            sizes.push((push.ops.len(), serde_json::to_vec(push).unwrap().len()));
        }
        let result = server.answer(user(1), &call, EVENING);
        phone.answer(request, result);
    }
    assert!(
        sizes
            .iter()
            .all(|(ops, bytes)| *ops <= 200 && *bytes <= 1024 * 1024)
    );
    assert_eq!(sizes.iter().map(|(ops, _)| ops).sum::<usize>(), 250);
}

#[test]
fn waiting_doubles_with_every_failure_and_the_person_may_end_it() {
    let (mut phone, mut server) = cast();
    phone.sync(&mut server);
    write(&mut phone, 1, 1);
    let mut waits = Vec::new();
    for _ in 0..5 {
        let (request, _) = phone.calls.pop_front().unwrap();
        phone.answer(request, Err(Failure::NoAnswer));
        let from = phone.now;
        while phone.calls.is_empty() {
            phone.later(250);
        }
        waits.push(phone.now.since(from));
    }
    assert!(
        waits.is_sorted() && waits[4] >= 8 * waits[0].min(2_000),
        "{waits:?}"
    );
    let (request, _) = phone.calls.pop_front().unwrap();
    phone.answer(request, Err(Failure::NoAnswer));
    assert!(phone.calls.is_empty());
    phone.tell(Event::SendNow);
    assert!(matches!(phone.calls.front(), Some((_, Call::Push(_)))));
}

#[test]
fn a_waiting_time_set_by_a_clock_that_was_set_back_does_not_last_for_days() {
    let (mut phone, mut server) = cast();
    phone.sync(&mut server);
    write(&mut phone, 1, 1);
    let (request, _) = phone.calls.pop_front().unwrap();
    phone.answer(request, Err(Failure::NoAnswer));
    phone.later(-2 * 86_400_000);
    assert!(!phone.calls.is_empty());
}

#[test]
fn only_one_call_is_under_way_however_often_the_person_presses() {
    let (mut phone, mut server) = cast();
    phone.sync(&mut server);
    write(&mut phone, 1, 1);
    for _ in 0..5 {
        phone.tell(Event::SendNow);
        phone.tell(Event::Online);
    }
    assert_eq!(phone.calls.len(), 1);
}

#[test]
fn the_answer_to_a_call_that_was_given_up_is_ignored() {
    let (mut phone, mut server) = cast();
    phone.sync(&mut server);
    write(&mut phone, 1, 1);
    let (request, call) = phone.calls.pop_front().unwrap();
    phone.later(6 * 60_000);
    let late = server.answer(user(1), &call, EVENING);
    phone.answer(request, late);
    assert_ne!(stage(&phone, 1), Stage::Sent);
    phone.tell(Event::SendNow);
    phone.sync(&mut server);
    assert_eq!(stage(&phone, 1), Stage::Sent);
    assert_eq!(server.versions[&record_id(1)], [1]);
}

#[test]
fn a_phone_two_days_ahead_sends_corrected_times_and_says_so() {
    let (mut phone, mut server) = cast();
    phone.now = EVENING.plus(2 * 86_400_000);
    write(&mut phone, 1, 1);
    phone.sync_at(&mut server, EVENING);
    let stored = &server.state.records[&record_id(1)].draft;
    assert_eq!(stored.started_at, EVENING);
    assert_eq!(stored.clock_offset_ms, Some(-2 * 86_400_000));
    assert_eq!(phone.engine.status().clock_off_ms, Some(-2 * 86_400_000));
    assert_eq!(stage(&phone, 1), Stage::Sent);
}

#[test]
fn a_server_with_a_newer_protocol_prompts_for_an_update_and_still_takes_what_waits() {
    let (mut phone, mut server) = cast();
    server.protocol = Some(PROTOCOL + 1);
    write(&mut phone, 1, 1);
    phone.sync(&mut server);
    assert!(phone.engine.status().update_wanted);
    assert_eq!(stage(&phone, 1), Stage::Sent);
}

#[test]
fn signing_out_with_unsent_work_asks_and_staying_changes_nothing() {
    let (mut phone, mut server) = cast();
    phone.online = false;
    write(&mut phone, 1, 1);
    phone.sync(&mut server);
    phone.tell(Event::SignOut);
    let asked = phone.questions();
    assert!(matches!(asked[..], [Question::SignOutWithUnsent(unsent)] if unsent.items == 1));
    phone.tell(Event::SignOutAnyway(SignOutChoice::Stay));
    phone.online = true;
    phone.tell(Event::Online);
    phone.sync(&mut server);
    assert_eq!(stage(&phone, 1), Stage::Sent);
}

#[test]
fn signing_out_and_keeping_goes_on_when_the_same_person_signs_in() {
    let (mut phone, mut server) = cast();
    phone.online = false;
    write(&mut phone, 1, 1);
    phone.sync(&mut server);
    phone.tell(Event::SignOut);
    phone.tell(Event::SignOutAnyway(SignOutChoice::Keep));
    assert!(phone.others.contains(&Effect::SignedOut));
    let other = Engine::open(phone.store.snapshot(), owner(2, 1));
    assert_eq!(other.unwrap_err(), OpenError::SomebodyElses);
    phone.kill();
    phone.online = true;
    phone.tell(Event::SignedIn { server_time: EVENING });
    phone.sync(&mut server);
    assert_eq!(stored_version(&server, 1), 1);
}

#[test]
fn signing_out_with_everything_sent_leaves_nothing_on_the_phone() {
    let (mut phone, mut server) = cast();
    write(&mut phone, 1, 1);
    phone.sync(&mut server);
    phone.tell(Event::SignOut);
    assert!(phone.others.contains(&Effect::SignedOut));
    assert!(phone.store.snapshot().rows.values().all(|rows| rows.is_empty()));
}

#[test]
fn a_store_that_fails_is_told_tried_again_and_does_not_stop_the_sending() {
    let (mut phone, mut server) = cast();
    phone.sync(&mut server);
    let draft = session(record_id(1), phone.owner, COMMUNE, EVENING, 1);
    phone.step_only(Event::Submitted { draft });
    for _ in 0..3 {
        if let Some((ticket, _)) = phone.batches.pop_front() {
            phone.step_only(Event::PersistFailed(ticket));
        }
        phone.now = phone.now.plus(20_000);
        phone.step_only(Event::Woke);
    }
    assert!(phone.engine.status().storage_fails);
    assert!(phone.calls.iter().any(|(_, call)| matches!(call, Call::Push(_))));
    let (ticket, batch) = phone.batches.pop_front().unwrap();
    phone.store.write(&batch);
    phone.step_only(Event::Persisted(ticket));
    assert!(!phone.engine.status().storage_fails);
}

#[test]
fn an_operation_with_an_unknown_outcome_is_repeated_with_the_same_id_and_content() {
    let (mut phone, mut server) = cast();
    phone.sync(&mut server);
    write(&mut phone, 1, 1);
    let ops = |call: &Call| match call {
        Call::Push(PushRequest { ops, .. }) => ops.clone(),
        other => panic!("{other:?}"),
    };
    let (request, first) = phone.calls.pop_front().unwrap();
    phone.answer(request, Err(Failure::NoAnswer));
    phone.kill();
    phone.tell(Event::SignedIn { server_time: EVENING });
    while !matches!(phone.calls.front(), Some((_, Call::Push(_)))) {
        let (request, call) = phone.calls.pop_front().unwrap();
        let result = server.answer(user(1), &call, EVENING);
        phone.answer(request, result);
    }
    let (_, again) = phone.calls.pop_front().unwrap();
    assert_eq!(ops(&first), ops(&again));
    assert!(matches!(
        *ops(&again)[0].action_kind(),
        OpAction::PutRecord { .. }
    ));
}

trait ActionKind {
    fn action_kind(&self) -> &OpAction;
}

impl ActionKind for keng_shared::sync::Op {
    fn action_kind(&self) -> &OpAction {
        &self.action
    }
}

#[test]
fn the_journal_names_steps_and_codes_but_no_content() {
    let (mut phone, mut server) = cast();
    let draft = bad_session(record_id(1), phone.owner, COMMUNE, EVENING, 1);
    phone.tell(Event::Submitted { draft });
    phone.sync(&mut server);
    let text = keng_shared::json::write(&phone.engine.journal().cloned().collect::<Vec<_>>());
    assert!(text.contains("submitted") && text.contains("invalid_fields"));
    assert!(!text.contains("Nhà văn") && !text.contains(&record_id(1).to_string()));
    phone.kill();
    assert!(phone.engine.journal().any(|entry| entry.what == "submitted"));
}

#[test]
fn the_server_is_said_to_hold_what_it_names_of_today() {
    let (mut phone, mut server) = cast();
    write(&mut phone, 1, 1);
    write(&mut phone, 2, 1);
    phone.sync(&mut server);
    let held = phone.engine.held_today(phone.now).unwrap();
    assert_eq!((held.records.held, held.records.all), (2, 2));
    phone.online = false;
    write(&mut phone, 3, 1);
    phone.sync(&mut server);
    let held = phone.engine.held_today(phone.now).unwrap();
    assert_eq!(
        (held.records.held, held.records.all, held.is_complete()),
        (2, 3, false)
    );
}

#[test]
fn answers_of_another_kind_than_asked_are_not_ours() {
    let (mut phone, _) = cast();
    let (request, call) = phone.calls.pop_front().unwrap();
    assert_eq!(call, Call::Refresh);
    let held = keng_shared::sync::Held {
        envelope: keng_shared::sync::Envelope {
            keng: 1,
            server_time: EVENING,
        },
        records: vec![],
        segments: vec![],
        photos: vec![],
    };
    phone.answer(request, Ok(Answer::Held(held)));
    assert_eq!(phone.engine.status().connection, Connection::Portal);
}
