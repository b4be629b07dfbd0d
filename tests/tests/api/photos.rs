//! Photos as evidence: resumable uploads, receipts, renditions, and files that mean harm.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, VerifyingKey};
use keng_shared::api::RecordQuery;
use keng_shared::client::{HttpRequest, HttpResponse, Method};
use keng_shared::evidence::{Origin, SignedReceipt, sha256_hex};
use keng_shared::geo::Fix;
use keng_shared::id::{PhotoId, RecordId};
use keng_shared::problem::{Problem, ProblemCode};
use keng_shared::record::{HistoryAction, PhotoState};
use keng_shared::sync::{OpAction, OpOutcome};
use keng_tests::cast::Person;
use keng_tests::drafts::{fix_at, push, put, session};
use keng_tests::errand::{OFFSET_STREAM, asking, chunk, creation, tus};
use keng_tests::phone::{Photo, Shot};
use keng_tests::world::{CENTRE, World};
use keng_tests::{Asks, TestApp, both_databases};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use uuid::Uuid;

both_databases!(
    a_photo_sent_in_one_request_is_held_with_a_receipt_that_verifies,
    an_upload_in_chunks_goes_on_after_a_restart_of_the_server,
    an_upload_that_broke_off_keeps_what_came,
    a_newer_request_takes_over_from_one_that_hangs,
    creating_an_upload_twice_gives_the_same_one,
    photos_that_arrive_at_once_are_each_counted_once,
    an_upload_at_the_wrong_offset_or_too_long_is_refused,
    other_bytes_than_announced_are_refused_and_the_upload_starts_again,
    a_photo_that_nobody_announced_has_no_upload,
    an_upload_can_be_given_up_and_expires_by_itself,
    a_request_without_the_protocol_version_is_refused,
);

fn problem(answer: &HttpResponse) -> Problem {
    serde_json::from_slice(&answer.body).unwrap()
}

pub(super) fn receipt_of(answer: &HttpResponse) -> SignedReceipt {
    let header = answer.header("keng-receipt").unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap()
}

/// Stores a record that lists these photos and announces them.
pub(super) async fn announce(app: &TestApp, world: &World, person: &Person, photos: &[Photo]) -> RecordId {
    announce_shot(app, world, person, photos, Origin::Camera, Some(fix_at(CENTRE))).await
}

pub(super) async fn announce_shot(
    app: &TestApp,
    world: &World,
    person: &Person,
    photos: &[Photo],
    origin: Origin,
    fix: Option<Fix>,
) -> RecordId {
    let mut draft = session(world, person, app.now());
    draft.photos = photos.iter().map(Photo::listed).collect();
    let record = draft.id;
    let shot = Shot {
        user: person.id,
        record,
        at: app.now(),
        origin,
        fix,
    };
    let announcements = photos.iter().map(|photo| OpAction::AnnouncePhoto {
        signed: person.phone.sign(photo, shot),
    });
    let ops = std::iter::once(put(draft)).chain(announcements);
    let answer = person.api().push(&push(person, app.now(), ops)).await.unwrap();
    for result in answer.results {
        assert!(
            matches!(result.outcome, OpOutcome::Done { .. }),
            "{:?}",
            result.outcome
        );
    }
    record
}

pub(super) async fn send_whole(person: &Person, photo: &Photo) -> HttpResponse {
    let request = creation(photo.id, photo.bytes.len()).bytes(OFFSET_STREAM, photo.bytes.clone());
    person.raw(request).await
}

async fn a_photo_sent_in_one_request_is_held_with_a_receipt_that_verifies(app: TestApp) {
    let (world, cast) = app.cast().await;
    let photo = Photo::sized(400, 300);
    let record = announce(&app, &world, &cast.member, std::slice::from_ref(&photo)).await;
    let before = cast.officer.api().record(record).await.unwrap().record;
    assert_eq!(before.photos[0].state, PhotoState::Expected);
    let answer = send_whole(&cast.member, &photo).await;
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
    let signed: SignedReceipt = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(receipt_of(&answer), signed);
    assert_eq!(cast.member.api().photo_receipt(photo.id).await.unwrap(), signed);
    assert_eq!(receipt_of(&send_whole(&cast.member, &photo).await), signed);
    assert_eq!(receipt_of(&cast.member.raw(asking(photo.id)).await), signed);

    let keys = app.visitor().raw(HttpRequest::new(Method::Get, "/keys")).await;
    let keys: Value = serde_json::from_slice(&keys.body).unwrap();
    assert_eq!(keys[0]["key_id"], signed.receipt.key_id.as_str());
    let key = BASE64_URL_SAFE_NO_PAD
        .decode(keys[0]["public_key"].as_str().unwrap())
        .unwrap();
    let key = VerifyingKey::from_bytes(&key.try_into().unwrap()).unwrap();
    let signature = BASE64_URL_SAFE_NO_PAD.decode(&signed.signature).unwrap();
    let signature = Signature::from_slice(&signature).unwrap();
    key.verify_strict(&signed.receipt.canonical(), &signature)
        .unwrap();

    let receipt = &signed.receipt;
    assert_eq!((receipt.photo_id, receipt.record_id), (photo.id, record));
    assert_eq!(
        (&receipt.sha256, receipt.size),
        (&photo.sha256(), photo.bytes.len() as u64)
    );
    assert_eq!(receipt.held_at, app.now());
    let after = cast.officer.api().record(record).await.unwrap();
    let shown = &after.record.photos[0];
    assert!(after.record.is_complete());
    assert_eq!(
        (shown.width, shown.height, shown.size),
        (Some(400), Some(300), Some(receipt.size))
    );
    assert_eq!(after.history.last().unwrap().action, HistoryAction::PhotoHeld);
    let held = cast.member.api().held(after.record.local_date).await.unwrap();
    assert_eq!(held.photos, [photo.id]);
    let row = cast
        .officer
        .api()
        .records(&RecordQuery::default())
        .await
        .unwrap()
        .items
        .remove(0);
    assert_eq!((row.photos, row.photos_held), (1, 1));
}

async fn an_upload_in_chunks_goes_on_after_a_restart_of_the_server(app: TestApp) {
    let (world, cast) = app.cast().await;
    let photo = Photo::sized(640, 480);
    let record = announce(&app, &world, &cast.member, std::slice::from_ref(&photo)).await;
    let total = photo.bytes.len();
    let begun = cast.member.raw(creation(photo.id, total)).await;
    assert_eq!((begun.status, begun.header("upload-offset")), (201, Some("0")));
    assert_eq!(
        begun.header("location"),
        Some(format!("/api/v1/uploads/{}", photo.id).as_str())
    );
    assert!(begun.header("upload-expires").is_some());
    let third = total / 3;
    let answer = cast.member.raw(chunk(photo.id, 0, &photo.bytes[..third])).await;
    assert_eq!(answer.status, 204);
    app.restart().await;
    let answer = cast.member.raw(asking(photo.id)).await;
    assert_eq!(answer.header("upload-offset"), Some(third.to_string().as_str()));
    assert_eq!(answer.header("upload-length"), Some(total.to_string().as_str()));
    let rest = &photo.bytes[third..];
    let checksum = BASE64_STANDARD.encode(hex::decode(sha256_hex(rest)).unwrap());
    let last = chunk(photo.id, third, rest).header("upload-checksum", format!("sha256 {checksum}"));
    let answer = cast.member.raw(last).await;
    assert_eq!(answer.status, 204, "{}", String::from_utf8_lossy(&answer.body));
    let receipt = receipt_of(&answer);
    assert_eq!(receipt.receipt.sha256, photo.sha256());
    app.restart().await;
    assert_eq!(cast.member.api().photo_receipt(photo.id).await.unwrap(), receipt);
    assert!(
        cast.officer
            .api()
            .record(record)
            .await
            .unwrap()
            .record
            .is_complete()
    );
    let unfinished = std::fs::read_dir(app.folder().join("uploads")).unwrap().count();
    assert_eq!(unfinished, 0);
}

/// Sends the head of a PATCH that promises `promised` bytes, and only these bytes of its body.
async fn begin_chunk(
    app: &TestApp,
    person: &Person,
    id: PhotoId,
    promised: usize,
    bytes: &[u8],
) -> tokio::net::TcpStream {
    let host = app.origin().replace("http://", "");
    let token = app.token(person.id, person.session);
    let mut stream = tokio::net::TcpStream::connect(&host).await.unwrap();
    let head = format!(
        "PATCH /api/v1/uploads/{id} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nTus-Resumable: 1.0.0\r\n\
         Upload-Offset: 0\r\nContent-Type: {OFFSET_STREAM}\r\nContent-Length: {promised}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    stream.flush().await.unwrap();
    stream
}

async fn offset_of(person: &Person, id: PhotoId) -> usize {
    let answer = person.raw(asking(id)).await;
    answer.header("upload-offset").unwrap().parse().unwrap()
}

async fn an_upload_that_broke_off_keeps_what_came(app: TestApp) {
    let (world, cast) = app.cast().await;
    let photo = Photo::sized(640, 480);
    announce(&app, &world, &cast.member, std::slice::from_ref(&photo)).await;
    let total = photo.bytes.len();
    cast.member.raw(creation(photo.id, total)).await;
    let mut stream = begin_chunk(&app, &cast.member, photo.id, total, &photo.bytes[..1_000]).await;
    stream.shutdown().await.unwrap();
    // Once the server has closed its side, too, it has done with the request.
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert_eq!(offset_of(&cast.member, photo.id).await, 1_000);
    let answer = cast
        .member
        .raw(chunk(photo.id, 1_000, &photo.bytes[1_000..]))
        .await;
    assert_eq!(receipt_of(&answer).receipt.sha256, photo.sha256());
}

async fn a_newer_request_takes_over_from_one_that_hangs(app: TestApp) {
    let (world, cast) = app.cast().await;
    let photo = Photo::sized(640, 480);
    announce(&app, &world, &cast.member, std::slice::from_ref(&photo)).await;
    let total = photo.bytes.len();
    cast.member.raw(creation(photo.id, total)).await;
    // This connection stays open and silent until the end of the test.
    let hanging = begin_chunk(&app, &cast.member, photo.id, total, &photo.bytes[..2_000]).await;
    let offset = offset_of(&cast.member, photo.id).await;
    assert!(offset <= 2_000);
    let answer = cast
        .member
        .raw(chunk(photo.id, offset, &photo.bytes[offset..]))
        .await;
    assert_eq!(receipt_of(&answer).receipt.sha256, photo.sha256());
    drop(hanging);
}

async fn creating_an_upload_twice_gives_the_same_one(app: TestApp) {
    let (world, cast) = app.cast().await;
    let photo = Photo::small();
    announce(&app, &world, &cast.member, std::slice::from_ref(&photo)).await;
    let total = photo.bytes.len();
    let begun = creation(photo.id, total).bytes(OFFSET_STREAM, photo.bytes[..10].to_vec());
    let first = cast.member.raw(begun).await;
    assert_eq!(first.header("upload-offset"), Some("10"));
    let second = cast.member.raw(creation(photo.id, total)).await;
    assert_eq!(second.header("location"), first.header("location"));
    assert_eq!(second.header("upload-offset"), Some("10"));
    let wrong = cast.member.raw(creation(photo.id, total + 1)).await;
    assert_eq!(problem(&wrong).fields[0].field, "upload-length");
    let huge = cast.member.raw(creation(photo.id, 16 * 1024 * 1024)).await;
    assert_eq!(problem(&huge).code, ProblemCode::TooLarge);
}

async fn photos_that_arrive_at_once_are_each_counted_once(app: TestApp) {
    let (world, cast) = app.cast().await;
    let photos: Vec<Photo> = (0..6).map(|_| Photo::small()).collect();
    let record = announce(&app, &world, &cast.member, &photos).await;
    // Each of them twice, and all at the same time.
    let sends = photos
        .iter()
        .chain(&photos)
        .map(|photo| send_whole(&cast.member, photo));
    for answer in futures::future::join_all(sends).await {
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
    }
    let shown = cast.officer.api().record(record).await.unwrap();
    assert!(shown.record.is_complete());
    let held = shown
        .history
        .iter()
        .filter(|step| step.action == HistoryAction::PhotoHeld);
    assert_eq!(held.count(), photos.len());
    let row = cast
        .officer
        .api()
        .records(&RecordQuery::default())
        .await
        .unwrap()
        .items
        .remove(0);
    assert_eq!((row.photos, row.photos_held), (6, 6));
}

async fn an_upload_at_the_wrong_offset_or_too_long_is_refused(app: TestApp) {
    let (world, cast) = app.cast().await;
    let photo = Photo::small();
    announce(&app, &world, &cast.member, std::slice::from_ref(&photo)).await;
    let total = photo.bytes.len();
    cast.member.raw(creation(photo.id, total)).await;
    let answer = cast.member.raw(chunk(photo.id, 5, &photo.bytes[5..])).await;
    assert_eq!(problem(&answer).code, ProblemCode::OffsetMismatch);
    assert_eq!(problem(&answer).params["offset"], "0");
    let mut long = photo.bytes.clone();
    long.push(0);
    let answer = cast.member.raw(chunk(photo.id, 0, &long)).await;
    assert_eq!(problem(&answer).code, ProblemCode::TooLarge);
    let answer = cast
        .member
        .raw(chunk(photo.id, 0, &vec![0; 1024 * 1024 + 1]))
        .await;
    assert_eq!(problem(&answer).code, ProblemCode::TooLarge);
    let untyped = tus(Method::Patch, &format!("/uploads/{}", photo.id))
        .header("upload-offset", 0)
        .bytes("image/jpeg", photo.bytes.clone());
    assert_eq!(cast.member.raw(untyped).await.status, 415);
    let garbled = chunk(photo.id, 0, &photo.bytes).header("upload-checksum", "sha256 AAAA");
    assert_eq!(
        problem(&cast.member.raw(garbled).await).code,
        ProblemCode::ChecksumMismatch
    );
    assert_eq!(offset_of(&cast.member, photo.id).await, 0);
}

async fn other_bytes_than_announced_are_refused_and_the_upload_starts_again(app: TestApp) {
    let (world, cast) = app.cast().await;
    let photo = Photo::small();
    let record = announce(&app, &world, &cast.member, std::slice::from_ref(&photo)).await;
    let total = photo.bytes.len();
    cast.member.raw(creation(photo.id, total)).await;
    let mut other = photo.bytes.clone();
    other[total / 2] ^= 0xff;
    cast.member.raw(chunk(photo.id, 0, &other[..50])).await;
    let answer = cast.member.raw(chunk(photo.id, 50, &other[50..])).await;
    assert_eq!(
        (answer.status, problem(&answer).code),
        (460, ProblemCode::ChecksumMismatch)
    );
    let shown = cast.officer.api().record(record).await.unwrap().record;
    assert_eq!(shown.photos[0].state, PhotoState::Expected);
    let again = cast.member.raw(creation(photo.id, total)).await;
    assert_eq!(again.header("upload-offset"), Some("0"));
    let answer = cast.member.raw(chunk(photo.id, 0, &photo.bytes)).await;
    assert_eq!(receipt_of(&answer).receipt.sha256, photo.sha256());
}

async fn a_photo_that_nobody_announced_has_no_upload(app: TestApp) {
    let (world, cast) = app.cast().await;
    let photo = Photo::small();
    let missing = cast.member.raw(creation(photo.id, 10)).await;
    assert_eq!(problem(&missing).code, ProblemCode::NotFound);
    let mut draft = session(&world, &cast.member, app.now());
    draft.photos = vec![photo.listed()];
    cast.member.api().create_record(&draft).await.unwrap();
    let early = cast.member.raw(creation(photo.id, photo.bytes.len())).await;
    assert_eq!(problem(&early).code, ProblemCode::StateConflict);
    // The photo of another person is as good as missing, to the officer who may read it, too.
    for other in [&cast.leader, &cast.officer, &cast.neighbour] {
        assert_eq!(
            problem(&other.raw(creation(photo.id, 10)).await).code,
            ProblemCode::NotFound
        );
        assert_eq!(other.raw(asking(photo.id)).await.status, 404);
    }
    let nameless = tus(Method::Post, "/uploads").header("upload-length", 10);
    assert_eq!(
        problem(&cast.member.raw(nameless).await).fields[0].field,
        "upload-metadata.photo_id"
    );
    let unsized_upload = tus(Method::Post, "/uploads").header("upload-length", "-1");
    assert_eq!(
        problem(&cast.member.raw(unsized_upload).await).fields[0].field,
        "upload-length"
    );
}

async fn an_upload_can_be_given_up_and_expires_by_itself(app: TestApp) {
    let (world, cast) = app.cast().await;
    let photos = [Photo::small(), Photo::small()];
    announce(&app, &world, &cast.member, &photos).await;
    for photo in &photos {
        cast.member.raw(creation(photo.id, photo.bytes.len())).await;
        cast.member.raw(chunk(photo.id, 0, &photo.bytes[..20])).await;
    }
    let files = || std::fs::read_dir(app.folder().join("uploads")).unwrap().count();
    assert_eq!(files(), 2);
    let end = tus(Method::Delete, &format!("/uploads/{}", photos[0].id));
    assert_eq!(cast.member.raw(end).await.status, 204);
    assert_eq!(cast.member.raw(asking(photos[0].id)).await.status, 404);
    assert_eq!(files(), 1);
    app.advance(8 * 86_400_000);
    // The restart runs the round of the background at once; it has nothing else to do.
    app.restart().await;
    while files() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(cast.member.raw(asking(photos[1].id)).await.status, 404);
    let again = send_whole(&cast.member, &photos[1]).await;
    assert_eq!(receipt_of(&again).receipt.sha256, photos[1].sha256());
}

async fn a_request_without_the_protocol_version_is_refused(app: TestApp) {
    let (_, cast) = app.cast().await;
    let id = PhotoId(Uuid::now_v7());
    for request in [
        HttpRequest::new(Method::Post, "/uploads"),
        HttpRequest::new(Method::Head, &format!("/uploads/{id}")),
        HttpRequest::new(Method::Patch, &format!("/uploads/{id}"))
            .header("upload-offset", 0)
            .bytes(OFFSET_STREAM, vec![]),
        HttpRequest::new(Method::Delete, &format!("/uploads/{id}")).header("tus-resumable", "0.2.2"),
    ] {
        assert_eq!(cast.member.raw(request).await.status, 412);
    }
}
