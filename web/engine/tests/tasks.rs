//! Sentences about tasks that are done on the phone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that finds something else than expected should stop right there"
)]

mod support;

use keng_engine::Event;
use keng_engine::view::TaskEntry;
use keng_shared::id::{AreaId, TaskId};
use keng_shared::problem::ProblemCode;
use keng_shared::record::PersonName;
use keng_shared::task::{Task, TaskState, TaskStep};
use support::phone::Phone;
use support::server::Server;
use support::{EVENING, owner, user};
use uuid::Uuid;

const COMMUNE: AreaId = AreaId(1);
const ID: TaskId = TaskId(Uuid::from_u128(900));

fn task() -> Task {
    Task {
        id: ID,
        area_id: COMMUNE,
        title: "Thay bóng đèn".into(),
        words: String::new(),
        place: String::new(),
        record_id: None,
        due_at: EVENING.plus(86_400_000),
        team_id: None,
        person: None,
        by: PersonName {
            id: user(9),
            name: "Lê Văn Hùng".into(),
        },
        at: EVENING,
        state: TaskState::Open,
        said: None,
        revision: 1,
    }
}

fn cast() -> (Phone, Phone, Server) {
    let mut server = Server::new();
    server.tasks.insert(ID, task());
    server.join(user(1), COMMUNE);
    server.join(user(2), COMMUNE);
    let (mut one, mut two) = (Phone::new(owner(1, 1), EVENING), Phone::new(owner(2, 2), EVENING));
    one.sync(&mut server);
    two.sync(&mut server);
    (one, two, server)
}

fn seen(phone: &Phone) -> TaskEntry {
    phone.engine.tasks().remove(0)
}

fn done(phone: &mut Phone, note: &str) {
    let step = TaskStep::Done {
        note: note.into(),
        record_id: None,
    };
    phone.tell(Event::TaskStepped { task_id: ID, step });
}

fn withdraw(server: &mut Server) {
    let task = server.tasks.get_mut(&ID).unwrap();
    task.state = TaskState::Withdrawn;
    task.revision += 1;
}

fn online(phone: &mut Phone, server: &mut Server) {
    phone.online = true;
    phone.tell(Event::Online);
    phone.sync(server);
}

#[test]
fn a_task_done_without_a_network_survives_a_kill_and_arrives_once() {
    let (mut phone, _, mut server) = cast();
    phone.online = false;
    done(&mut phone, "Đã thay");
    assert!(seen(&phone).is_waiting && seen(&phone).task.state == TaskState::Done);
    assert_eq!(phone.engine.status().items_waiting, 1);
    phone.sync(&mut server);
    phone.kill();
    assert_eq!(seen(&phone).task.said.unwrap().note, "Đã thay");
    online(&mut phone, &mut server);
    assert_eq!(server.steps, 1);
    assert!(!seen(&phone).is_waiting);
    assert_eq!(server.tasks[&ID].said.as_ref().unwrap().note, "Đã thay");
    assert!(phone.engine.status().is_all_sent());
}

#[test]
fn an_answer_that_is_lost_says_nothing_twice() {
    let (mut phone, _, mut server) = cast();
    done(&mut phone, "");
    phone.lose_answers(&mut server);
    phone.kill();
    online(&mut phone, &mut server);
    assert_eq!(server.steps, 1);
    assert_eq!(server.tasks[&ID].revision, 2);
}

#[test]
fn what_is_taken_back_after_a_try_without_a_network_leaves_the_task_open() {
    let (mut phone, _, mut server) = cast();
    phone.online = false;
    done(&mut phone, "");
    phone.sync(&mut server);
    phone.tell(Event::TaskStepped {
        task_id: ID,
        step: TaskStep::Reopen { note: String::new() },
    });
    assert_eq!(seen(&phone).task.state, TaskState::Open);
    online(&mut phone, &mut server);
    // The try may have arrived, so both steps are told, in their order.
    assert_eq!((server.steps, server.tasks[&ID].state), (2, TaskState::Open));
    assert!(phone.engine.status().is_all_sent());
}

#[test]
fn a_task_that_another_phone_did_first_was_done_by_the_other() {
    let (mut one, mut two, mut server) = cast();
    two.online = false;
    done(&mut two, "của tôi");
    done(&mut one, "đã xong");
    one.sync(&mut server);
    online(&mut two, &mut server);
    assert_eq!(seen(&two).task.said.unwrap().by.id, user(1));
    assert!(two.engine.status().is_all_sent());
}

#[test]
fn a_task_that_was_withdrawn_meanwhile_says_so_and_holds_nothing_up() {
    let (mut phone, _, mut server) = cast();
    phone.online = false;
    done(&mut phone, "");
    withdraw(&mut server);
    online(&mut phone, &mut server);
    assert_eq!(seen(&phone).task.state, TaskState::Withdrawn);
    assert_eq!(seen(&phone).overtaken.unwrap().code, ProblemCode::StateConflict);
    assert!(phone.engine.status().is_all_sent());
    // Opened again, it is a task like any other.
    let task = server.tasks.get_mut(&ID).unwrap();
    task.state = TaskState::Open;
    task.revision += 1;
    online(&mut phone, &mut server);
    assert_eq!(
        (seen(&phone).task.state, seen(&phone).overtaken),
        (TaskState::Open, None)
    );
    done(&mut phone, "lần này xong");
    online(&mut phone, &mut server);
    assert_eq!(server.tasks[&ID].state, TaskState::Done);
}

#[test]
fn a_task_that_went_to_somebody_else_is_counted_as_lost_and_holds_nothing_up() {
    let (mut phone, _, mut server) = cast();
    phone.online = false;
    done(&mut phone, "");
    server.tasks.clear();
    online(&mut phone, &mut server);
    assert!(phone.engine.tasks().is_empty());
    assert_eq!(phone.engine.tasks_lost(), 1);
    assert!(phone.engine.status().is_all_sent());
}

#[test]
fn a_restored_server_hears_again_what_it_has_lost() {
    let (mut phone, _, mut server) = cast();
    done(&mut phone, "Đã thay");
    phone.sync(&mut server);
    phone.sync(&mut server);
    assert_eq!(seen(&phone).task.revision, 2);
    server.tasks.insert(ID, task());
    let backup = server.state.clone();
    server.restore(backup);
    phone.later(3_600_000);
    online(&mut phone, &mut server);
    online(&mut phone, &mut server);
    assert_eq!(server.tasks[&ID].state, TaskState::Done);
    assert!(!seen(&phone).is_waiting);
}
