//! Sentences about questions for footage that are answered on the phone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that finds something else than expected should stop right there"
)]

mod support;

use keng_engine::view::{FootageEntry, FootageWord};
use keng_engine::{Event, ItemKey};
use keng_shared::api::{FootageAnswer, FootageTaskView, MyFootageTask};
use keng_shared::camera::FootageState;
use keng_shared::id::{AreaId, CameraId, FootageRequestId, FootageTaskId};
use keng_shared::problem::ProblemCode;
use support::phone::Phone;
use support::server::Server;
use support::{EVENING, owner, user};
use uuid::Uuid;

const COMMUNE: AreaId = AreaId(1);
const ID: FootageTaskId = FootageTaskId(Uuid::from_u128(700));

fn asked() -> MyFootageTask {
    MyFootageTask {
        request_id: FootageRequestId(Uuid::from_u128(7)),
        from: EVENING,
        to: EVENING.plus(3_600_000),
        request_words: "Xe máy màu đỏ".into(),
        task: FootageTaskView {
            id: ID,
            camera_id: CameraId(3),
            camera_name: "Ngã ba chợ".into(),
            keeper: None,
            state: FootageState::Asked,
            overwritten_at: EVENING.plus(7 * 86_400_000),
            words: String::new(),
            answered_at: None,
            custody: Vec::new(),
            revision: 1,
        },
    }
}

fn cast() -> (Phone, Server) {
    let mut server = Server::new();
    server.footage.insert(ID, asked());
    server.join(user(1), COMMUNE);
    let mut phone = Phone::new(owner(1, 1), EVENING);
    phone.sync(&mut server);
    (phone, server)
}

fn answer(state: FootageState) -> FootageAnswer {
    let holder = match state {
        FootageState::Kept => "Tổ camera Thành Sơn",
        _ => "",
    };
    FootageAnswer {
        state,
        words: String::new(),
        holder: holder.into(),
        place: String::new(),
        until: None,
    }
}

fn say(phone: &mut Phone, state: FootageState) {
    phone.tell(Event::FootageAnswered {
        task_id: ID,
        answer: answer(state),
    });
}

/// An officer who called the holder writes the answer down.
fn officer_answers(server: &mut Server, state: FootageState) {
    let task = &mut server.footage.get_mut(&ID).unwrap().task;
    task.state = state;
    task.revision += 1;
}

fn seen(phone: &Phone) -> FootageEntry {
    phone.engine.footage().remove(0)
}

fn online(phone: &mut Phone, server: &mut Server) {
    phone.online = true;
    phone.tell(Event::Online);
    phone.sync(server);
}

fn said(state: FootageState, is_waiting: bool) -> FootageWord {
    FootageWord::Said {
        answer: answer(state),
        is_waiting,
    }
}

#[test]
fn an_answer_without_a_network_survives_a_kill_and_arrives_once() {
    let (mut phone, mut server) = cast();
    assert!(seen(&phone).is_open());
    phone.online = false;
    say(&mut phone, FootageState::Kept);
    phone.sync(&mut server);
    phone.kill();
    assert_eq!(seen(&phone).answer, said(FootageState::Kept, true));
    assert!(!seen(&phone).is_open());
    assert_eq!(phone.engine.status().items_waiting, 1);
    online(&mut phone, &mut server);
    assert_eq!(server.footage_answers, 1);
    assert_eq!(seen(&phone).answer, FootageWord::Told);
    assert_eq!(seen(&phone).asked.task.custody[0].holder, "Tổ camera Thành Sơn");
    assert_eq!(seen(&phone).asked.task.answered_at, Some(EVENING));
    assert!(phone.engine.status().is_all_sent());
}

#[test]
fn an_answer_whose_acknowledgement_is_lost_is_not_given_twice() {
    let (mut phone, mut server) = cast();
    say(&mut phone, FootageState::NothingSeen);
    phone.lose_answers(&mut server);
    phone.kill();
    online(&mut phone, &mut server);
    assert_eq!(server.footage_answers, 1);
    assert_eq!(server.footage[&ID].task.revision, 2);
    assert_eq!(seen(&phone).answer, FootageWord::Told);
}

#[test]
fn an_answer_that_is_changed_before_it_was_sent_is_sent_as_changed() {
    let (mut phone, mut server) = cast();
    phone.online = false;
    say(&mut phone, FootageState::Overwritten);
    phone.sync(&mut server);
    say(&mut phone, FootageState::Kept);
    assert_eq!(seen(&phone).answer, said(FootageState::Kept, true));
    online(&mut phone, &mut server);
    assert_eq!(server.footage[&ID].task.state, FootageState::Kept);
    assert_eq!(seen(&phone).answer, FootageWord::Told);
    assert!(phone.engine.status().is_all_sent());
}

#[test]
fn an_answer_that_an_officer_gave_first_stands_and_the_own_words_are_kept() {
    let (mut phone, mut server) = cast();
    phone.online = false;
    say(&mut phone, FootageState::Kept);
    officer_answers(&mut server, FootageState::Overwritten);
    online(&mut phone, &mut server);
    assert_eq!(server.footage[&ID].task.state, FootageState::Overwritten);
    let FootageWord::Refused { answer: own, problem } = seen(&phone).answer else {
        panic!("the answer was not refused");
    };
    assert_eq!(
        (own, problem.code),
        (answer(FootageState::Kept), ProblemCode::RevisionMismatch)
    );
    assert!(phone.engine.status().is_all_sent(), "it holds nothing up");
    // The person insists: the clip is there.
    say(&mut phone, FootageState::Kept);
    online(&mut phone, &mut server);
    assert_eq!(server.footage[&ID].task.state, FootageState::Kept);
    assert_eq!(seen(&phone).answer, FootageWord::Told);
}

#[test]
fn a_refused_answer_is_given_up_by_the_person_alone() {
    let (mut phone, mut server) = cast();
    phone.online = false;
    say(&mut phone, FootageState::NothingSeen);
    officer_answers(&mut server, FootageState::Overwritten);
    online(&mut phone, &mut server);
    phone.kill();
    assert!(matches!(seen(&phone).answer, FootageWord::Refused { .. }));
    phone.tell(Event::GivenUp {
        key: ItemKey::Footage(ID),
    });
    assert_eq!(seen(&phone).answer, FootageWord::Told);
}

#[test]
fn an_answer_that_says_what_an_officer_had_written_is_told() {
    let (mut phone, mut server) = cast();
    phone.online = false;
    say(&mut phone, FootageState::Overwritten);
    officer_answers(&mut server, FootageState::Overwritten);
    online(&mut phone, &mut server);
    assert_eq!(seen(&phone).answer, FootageWord::Told);
}

#[test]
fn an_answer_for_a_camera_that_went_to_somebody_else_is_shown_and_holds_nothing_up() {
    let (mut phone, mut server) = cast();
    phone.online = false;
    say(&mut phone, FootageState::Kept);
    server.footage.clear();
    online(&mut phone, &mut server);
    assert!(phone.engine.footage().is_empty());
    assert_eq!(phone.engine.footage_lost(), [answer(FootageState::Kept)]);
    assert!(phone.engine.status().is_all_sent());
}

#[test]
fn a_question_that_was_taken_back_leaves_the_phone() {
    let (mut phone, mut server) = cast();
    server.footage_withdrawn = true;
    phone.later(60_000);
    online(&mut phone, &mut server);
    assert!(phone.engine.footage().is_empty());
}

#[test]
fn an_answer_given_before_the_phone_heard_that_the_question_was_taken_back_is_sent_and_stays() {
    let (mut phone, mut server) = cast();
    phone.online = false;
    say(&mut phone, FootageState::Kept);
    server.footage_withdrawn = true;
    online(&mut phone, &mut server);
    assert_eq!(server.footage_answers, 1);
    assert_eq!(phone.engine.footage_lost(), []);
    online(&mut phone, &mut server);
    assert_eq!(seen(&phone).answer, FootageWord::Told);
    assert!(phone.engine.status().is_all_sent());
}

#[test]
fn a_restored_server_hears_again_an_answer_that_it_has_lost() {
    let (mut phone, mut server) = cast();
    say(&mut phone, FootageState::Kept);
    phone.sync(&mut server);
    assert_eq!(seen(&phone).asked.task.revision, 2);
    server.footage.insert(ID, asked());
    let backup = server.state.clone();
    server.restore(backup);
    phone.later(3_600_000);
    online(&mut phone, &mut server);
    online(&mut phone, &mut server);
    assert_eq!(server.footage[&ID].task.state, FootageState::Kept);
    assert_eq!(seen(&phone).answer, FootageWord::Told);
}
