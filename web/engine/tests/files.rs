//! Sentences about files of records: queued, signed, announced, uploaded and acknowledged as photos are.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that finds something else than expected should stop right there"
)]

mod support;

use keng_engine::Event;
use keng_engine::view::PhotoStage;
use keng_shared::id::{AreaId, PhotoId};
use keng_shared::record::RecordDraft;
use serde_json::json;
use support::phone::Phone;
use support::server::Server;
use support::{EVENING, owner, record_id, session, user};
use uuid::Uuid;

const COMMUNE: AreaId = AreaId(1);
const FILE: PhotoId = PhotoId(Uuid::from_u128(70));
const PHOTO: PhotoId = PhotoId(Uuid::from_u128(71));

fn cast() -> (Phone, Server) {
    let mut server = Server::new();
    server.join(user(1), COMMUNE);
    (Phone::new(owner(1, 1), EVENING), server)
}

/// A document as a form in the making.
fn opened(phone: &mut Phone) -> RecordDraft {
    let draft = RecordDraft {
        kind: "document".into(),
        body: json!({
            "type": "plan", "number": "12/KH-UBND", "issued_on": "2024-11-20",
            "issuer": "UBND xã", "subject": "Kế hoạch",
        }),
        ..session(record_id(1), phone.owner, COMMUNE, phone.now, 1)
    };
    phone.tell(Event::DraftChanged { draft: draft.clone() });
    draft
}

fn stage(phone: &Phone) -> PhotoStage {
    phone.engine.entry(record_id(1)).unwrap().files[0].stage.clone()
}

#[test]
fn a_file_waits_without_a_network_and_is_held_when_there_is_one() {
    let (mut phone, mut server) = cast();
    phone.online = false;
    let draft = opened(&mut phone);
    phone.pick_file(FILE, record_id(1), "Kế hoạch 12.pdf");
    phone.take_photo(PHOTO, record_id(1));
    phone.tell(Event::Submitted { draft });
    phone.sync(&mut server);
    assert_eq!(stage(&phone), PhotoStage::Waiting);
    phone.kill();
    let entry = phone.engine.entry(record_id(1)).unwrap();
    assert_eq!((entry.files.len(), entry.photos.len()), (1, 1));
    assert_eq!(entry.files[0].name, "Kế hoạch 12.pdf");
    phone.online = true;
    phone.tell(Event::Online);
    phone.sync(&mut server);
    assert_eq!(stage(&phone), PhotoStage::Held);
    let stored = &server.state.records[&record_id(1)].draft;
    assert_eq!((stored.files[0].id, stored.photos[0].id), (FILE, PHOTO));
    assert!(server.state.held.contains_key(&FILE) && server.state.held.contains_key(&PHOTO));
}

#[test]
fn a_file_stands_outside_of_the_chain_of_photos() {
    let (mut phone, mut server) = cast();
    let draft = opened(&mut phone);
    phone.pick_file(FILE, record_id(1), "Kế hoạch 12.pdf");
    phone.take_photo(PHOTO, record_id(1));
    phone.tell(Event::Submitted { draft });
    phone.sync(&mut server);
    let of_file = &server.state.announced[&FILE].manifest;
    let of_photo = &server.state.announced[&PHOTO].manifest;
    assert_eq!((of_file.seq, of_photo.seq), (0, 1));
    assert!(of_file.check().is_empty() && of_photo.check().is_empty());
}

#[test]
fn a_file_that_was_taken_away_is_not_sent() {
    let (mut phone, mut server) = cast();
    opened(&mut phone);
    phone.pick_file(FILE, record_id(1), "Nhầm.pdf");
    phone.tell(Event::FileRemoved {
        record_id: record_id(1),
        photo_id: FILE,
    });
    let draft = phone.engine.edit(record_id(1)).unwrap();
    assert!(draft.files.is_empty());
    phone.tell(Event::Submitted { draft });
    phone.sync(&mut server);
    assert!(server.state.records[&record_id(1)].draft.files.is_empty());
    assert!(server.state.held.is_empty());
}

#[test]
fn a_file_that_the_server_holds_can_be_taken_out_of_the_record() {
    let (mut phone, mut server) = cast();
    let draft = opened(&mut phone);
    phone.pick_file(FILE, record_id(1), "Kế hoạch 12.pdf");
    phone.tell(Event::Submitted { draft });
    phone.sync(&mut server);
    phone.tell(Event::FileRemoved {
        record_id: record_id(1),
        photo_id: FILE,
    });
    let draft = phone.engine.edit(record_id(1)).unwrap();
    phone.tell(Event::Submitted { draft });
    phone.sync(&mut server);
    assert!(server.state.records[&record_id(1)].draft.files.is_empty());
    assert!(phone.engine.entry(record_id(1)).unwrap().files.is_empty());
}
