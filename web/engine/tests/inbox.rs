//! Sentences about the inbox on the phone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that finds something else than expected should stop right there"
)]

mod support;

use keng_engine::{Answer, Call, Event, SignOutChoice};
use keng_shared::api::Inbox;
use keng_shared::id::{AreaId, InboxItemId, RecordId};
use keng_shared::inbox::{InboxItem, News};
use keng_shared::problem::ProblemCode;
use support::phone::Phone;
use support::server::{Server, problem};
use support::{EVENING, owner, user};
use uuid::Uuid;

fn line(n: u128) -> InboxItem {
    InboxItem {
        id: InboxItemId(Uuid::from_u128(n)),
        at: EVENING,
        news: News::RecordReturned {
            record_id: RecordId(Uuid::from_u128(50 + n)),
        },
        read_at: None,
    }
}

fn cast() -> (Phone, Server) {
    let mut server = Server::new();
    server.join(user(1), AreaId(1));
    server.inbox = Inbox {
        items: vec![line(2), line(1)],
        unread: 2,
    };
    let mut phone = Phone::new(owner(1, 1), EVENING);
    phone.sync(&mut server);
    (phone, server)
}

fn read(phone: &mut Phone, n: u128) {
    let ids = vec![InboxItemId(Uuid::from_u128(n))];
    phone.tell(Event::InboxRead { ids });
}

fn online(phone: &mut Phone, server: &mut Server) {
    phone.online = true;
    phone.tell(Event::Online);
    phone.sync(server);
}

#[test]
fn the_inbox_is_there_after_a_kill_without_a_network_and_says_when_it_came() {
    let (mut phone, mut server) = cast();
    phone.online = false;
    phone.now = EVENING.plus(3_600_000);
    phone.kill();
    phone.sync(&mut server);
    let kept = phone.engine.inbox().unwrap();
    assert_eq!((kept.inbox.items.len(), phone.engine.unread()), (2, 2));
    assert_eq!(kept.brought_at, Some(EVENING));
}

#[test]
fn a_line_that_is_read_without_a_network_is_read_at_once_and_told_once() {
    let (mut phone, mut server) = cast();
    phone.online = false;
    read(&mut phone, 1);
    read(&mut phone, 1);
    phone.sync(&mut server);
    phone.kill();
    assert_eq!(phone.engine.unread(), 1);
    assert!(phone.engine.inbox().unwrap().inbox.items[1].read_at.is_some());
    assert!(
        phone.engine.status().is_all_sent(),
        "it is no work of the person's"
    );
    online(&mut phone, &mut server);
    assert_eq!((server.inbox.unread, server.marks), (1, 1));
    online(&mut phone, &mut server);
    assert_eq!(server.marks, 1, "nothing is left to tell");
    assert_eq!(phone.engine.unread(), 1);
}

#[test]
fn an_inbox_that_was_made_before_the_mark_arrived_does_not_make_a_line_unread_again() {
    let (mut phone, mut server) = cast();
    phone.tell(Event::Online);
    while let Some((request, call)) = phone.calls.pop_front() {
        let result = server.answer(user(1), &call, EVENING);
        if matches!(call, Call::Inbox) {
            read(&mut phone, 2);
        }
        phone.answer(request, result);
    }
    assert_eq!((phone.engine.unread(), server.inbox.unread), (1, 1));
}

#[test]
fn marks_that_the_server_does_not_take_are_not_sent_for_ever() {
    let (mut phone, mut server) = cast();
    read(&mut phone, 1);
    let mut tries = 0;
    for _ in 0..20 {
        let Some((request, call)) = phone.calls.pop_front() else {
            break;
        };
        let result = match &call {
            Call::MarkRead { .. } => {
                tries += 1;
                Err(problem(ProblemCode::InvalidFields))
            }
            _ => server.answer(user(1), &call, EVENING),
        };
        phone.answer(request, result);
    }
    assert_eq!(tries, 1);
    online(&mut phone, &mut server);
    assert_eq!(phone.engine.unread(), 2, "the server's word counts again");
}

#[test]
fn a_mark_whose_answer_is_lost_is_told_again_and_changes_nothing() {
    let (mut phone, mut server) = cast();
    read(&mut phone, 2);
    phone.lose_answers(&mut server);
    online(&mut phone, &mut server);
    assert_eq!((server.inbox.unread, phone.engine.unread()), (1, 1));
}

#[test]
fn who_signs_out_leaves_no_news_on_the_phone() {
    let (mut phone, mut server) = cast();
    phone.sync(&mut server);
    phone.tell(Event::SignOutAnyway(SignOutChoice::Keep));
    let left = phone.store.snapshot();
    let rows: Vec<_> = left.rows.values().flatten().map(|(_, row)| row.clone()).collect();
    assert!(
        !rows.iter().any(|row| row.contains("record_returned")),
        "{rows:?}"
    );
}

#[test]
fn an_answer_to_another_call_is_no_inbox() {
    let (mut phone, mut server) = cast();
    phone.tell(Event::Online);
    let (request, _) = phone.calls.pop_front().unwrap();
    phone.answer(request, Ok(Answer::Inbox(Inbox::default())));
    assert_eq!(phone.engine.unread(), 2);
    phone.later(3_600_000);
    phone.sync(&mut server);
    assert_eq!(phone.engine.unread(), 2);
}
