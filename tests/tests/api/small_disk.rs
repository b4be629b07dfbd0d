//! A disk without room (TRUST R2): writes are refused with 507, reads go on, and room is all that it takes to go on.

use keng_shared::api::RecordQuery;
use keng_shared::client::{HttpRequest, Method};
use keng_shared::problem::{Problem, ProblemCode};
use keng_shared::record::PhotoState;
use keng_tests::Kind;
use keng_tests::binary::{self, Keng, SmallDisk};
use keng_tests::errand::{self, Errands};
use keng_tests::phone::Photo;
use keng_tests::stage::Stage;

/// Enough for an empty database with its log, too little for much more.
const MEBIBYTES: u32 = 24;

mod a_full_disk_refuses_writes_shows_what_is_there_and_recovers_without_a_restart {
    use super::*;

    #[test]
    fn on_sqlite() {
        run(Kind::Sqlite);
    }

    /// Only photos and uploads lie on the full disk; the database goes on.
    #[test]
    fn on_postgres() {
        run(Kind::Postgres);
    }
}

fn run(kind: Kind) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let stage = Stage::set(kind, 1).await;
        let disk = SmallDisk::of_mebibytes(MEBIBYTES);
        let server = Keng::start_on_small_disk(&binary::keng(), &stage, &disk);
        let errands = Errands::at(&stage, &server);
        fill_and_make_room(kind, &errands, &disk, &server).await;
        drop(server);
        stage.strike();
    });
}

async fn fill_and_make_room(kind: Kind, errands: &Errands<'_>, disk: &SmallDisk, server: &Keng) {
    let held = Photo::sized(640, 480);
    let record = errands.announce(&held).await;
    assert_eq!(errands.send_whole(&held).await.status, 201);
    let (whole, parts) = (Photo::sized(640, 480), Photo::sized(640, 480));
    let whole_record = errands.announce(&whole).await;
    let parts_record = errands.announce(&parts).await;
    let me = errands.client();
    let begun = errand::raw(&me, errand::creation(parts.id, parts.bytes.len())).await;
    assert_eq!(begun.status, 201);

    disk.fill(server);
    let draft = errands.stage.session(errands.member());
    if kind == Kind::Sqlite {
        let json = serde_json::to_vec(&draft).unwrap();
        let post = HttpRequest::new(Method::Post, "/records").bytes("application/json", json);
        must_be_full(&errand::raw(&me, post).await);
    }
    must_be_full(&errands.send_whole(&whole).await);
    must_be_full(&errand::raw(&me, errand::chunk(parts.id, 0, &parts.bytes)).await);
    // What is there is shown as before.
    let listed = errands.officer().records(&RecordQuery::default()).await.unwrap();
    assert_eq!(listed.items.len(), 3);
    assert_eq!(errands.photo_state(record).await, PhotoState::Held);
    assert_eq!(errands.photo_state(whole_record).await, PhotoState::Expected);
    let receipt = me.photo_receipt(held.id).await.unwrap();
    assert_eq!(receipt.receipt.sha256, held.sha256());

    disk.make_room(server);
    me.create_record(&draft).await.unwrap();
    assert_eq!(errands.send_whole(&whole).await.status, 201);
    assert_eq!(
        errand::raw(&me, errand::chunk(parts.id, 0, &parts.bytes))
            .await
            .status,
        204
    );
    for (photo, record) in [(&held, record), (&whole, whole_record), (&parts, parts_record)] {
        assert_eq!(errands.photo_state(record).await, PhotoState::Held);
        let original = errands.officer().photo_bytes(photo.id, "original").await.unwrap();
        assert_eq!(original.body, photo.bytes);
    }
}

fn must_be_full(answer: &keng_shared::client::HttpResponse) {
    let problem: Problem = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!((answer.status, problem.code), (507, ProblemCode::StorageFull));
}
