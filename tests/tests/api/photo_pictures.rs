//! What is shown of photos: renditions, originals, EXIF beside the report, and files that mean harm.

use super::photos::{announce, announce_shot, receipt_of, send_whole};
use crate::hostile;
use keng_shared::client::{HttpRequest, Method};
use keng_shared::evidence::{Origin, sha256_hex};
use keng_shared::geo::LatLon;
use keng_shared::id::PhotoId;
use keng_shared::problem::ProblemCode;
use keng_shared::record::{Flag, PhotoState};
use keng_tests::cast::Person;
use keng_tests::drafts::fix_at;
use keng_tests::errand::{chunk, creation};
use keng_tests::phone::Photo;
use keng_tests::world::CENTRE;
use keng_tests::{Asks, Refused, TestApp, both_databases};
use std::path::Path;
use uuid::Uuid;

both_databases!(
    pictures_go_out_upright_small_and_sandboxed,
    an_original_is_shown_only_after_the_look_was_written_down,
    a_photo_of_strangers_is_as_good_as_missing,
    exif_is_compared_with_what_the_phone_states,
    an_undecodable_photo_is_kept_and_flagged,
    hostile_files_neither_crash_nor_confuse_the_server,
);

async fn pictures_go_out_upright_small_and_sandboxed(app: TestApp) {
    let (world, cast) = app.cast().await;
    // 60 × 40 stored, turned by EXIF: upright it is 40 × 60.
    let photo = Photo {
        id: PhotoId(Uuid::now_v7()),
        bytes: hostile::with_orientation(&Photo::sized(600, 400).bytes, 6),
        width: 600,
        height: 400,
    };
    let record = announce(&app, &world, &cast.member, std::slice::from_ref(&photo)).await;
    let expected = cast.officer.api().photo_bytes(photo.id, "thumbnail").await;
    assert_eq!(expected.code(), ProblemCode::StateConflict);
    send_whole(&cast.member, &photo).await;
    let shown = cast
        .officer
        .api()
        .record(record)
        .await
        .unwrap()
        .record
        .photos
        .remove(0);
    assert_eq!((shown.width, shown.height), (Some(400), Some(600)));
    for (name, size) in [("thumbnail", (213, 320)), ("preview", (400, 600))] {
        let answer = cast.officer.api().photo_bytes(photo.id, name).await.unwrap();
        let picture = image::load_from_memory(&answer.body).unwrap();
        assert_eq!((picture.width(), picture.height()), size, "{name}");
        assert!(!answer.body.windows(4).any(|window| window == b"Exif"));
        assert_eq!(answer.header("content-type"), Some("image/jpeg"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert!(
            answer
                .header("content-security-policy")
                .unwrap()
                .starts_with("sandbox")
        );
        let tag = answer.header("etag").unwrap();
        let again = HttpRequest::new(Method::Get, &format!("/photos/{}/{name}", photo.id));
        assert_eq!(
            cast.officer.raw(again.header("if-none-match", tag)).await.status,
            304
        );
    }
}

async fn an_original_is_shown_only_after_the_look_was_written_down(app: TestApp) {
    let (world, cast) = app.cast().await;
    let photo = Photo::small();
    announce(&app, &world, &cast.member, std::slice::from_ref(&photo)).await;
    send_whole(&cast.member, &photo).await;
    let answer = cast
        .officer
        .api()
        .photo_bytes(photo.id, "original")
        .await
        .unwrap();
    assert_eq!(answer.body, photo.bytes);
    let disposition = answer.header("content-disposition").unwrap();
    assert!(disposition.starts_with("attachment; filename="), "{disposition}");
    assert!(
        answer
            .header("content-security-policy")
            .unwrap()
            .starts_with("sandbox")
    );
    let seen = app.read(looks).await;
    assert_eq!(seen, [(Some(cast.officer.id.to_string()), photo.id.to_string())]);
    for other in [&cast.member, &cast.leader, &cast.province_viewer] {
        let refused = other.api().photo_bytes(photo.id, "original").await;
        assert_eq!(refused.code(), ProblemCode::Forbidden, "{}", other.username);
    }
    let refused = cast.neighbour.api().photo_bytes(photo.id, "original").await;
    assert_eq!(refused.code(), ProblemCode::NotFound);
    assert_eq!(app.read(looks).await.len(), 1);
}

fn looks(
    conn: &mut keng_server::db::Conn,
) -> Result<Vec<(Option<String>, String)>, keng_server::db::DbError> {
    use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
    use keng_server::db::schema::audit_entry;
    Ok(audit_entry::table
        .filter(audit_entry::action.eq("photo.view_original"))
        .select((audit_entry::actor_id, audit_entry::object_id))
        .load(conn)?)
}

async fn a_photo_of_strangers_is_as_good_as_missing(app: TestApp) {
    let (world, cast) = app.cast().await;
    let photo = Photo::small();
    announce(&app, &world, &cast.member, std::slice::from_ref(&photo)).await;
    send_whole(&cast.member, &photo).await;
    for path in ["thumbnail", "preview", "original", "receipt"] {
        for stranger in [&cast.neighbour, &cast.administrator, &cast.camera_volunteer] {
            let refused = stranger.api().photo_bytes(photo.id, path).await;
            assert_eq!(
                refused.code(),
                ProblemCode::NotFound,
                "{path} {}",
                stranger.username
            );
        }
        let missing = cast
            .officer
            .api()
            .photo_bytes(PhotoId(Uuid::now_v7()), path)
            .await;
        assert_eq!(missing.code(), ProblemCode::NotFound);
    }
    for (reader, path) in [
        (&cast.member, "preview"),
        (&cast.leader, "thumbnail"),
        (&cast.province_viewer, "receipt"),
    ] {
        reader.api().photo_bytes(photo.id, path).await.unwrap();
    }
}

async fn exif_is_compared_with_what_the_phone_states(app: TestApp) {
    let (world, cast) = app.cast().await;
    let bytes = real_photo("DSCN0010.jpg").unwrap_or_else(|| {
        let place = LatLon::from_degrees(43.4674, 11.8851).unwrap();
        hostile::with_camera_exif(&Photo::sized(640, 480).bytes, "2008:10:22 16:28:39", place)
    });
    let photo = Photo {
        id: PhotoId(Uuid::now_v7()),
        bytes,
        width: 640,
        height: 480,
    };
    let record = announce_shot(
        &app,
        &world,
        &cast.member,
        std::slice::from_ref(&photo),
        Origin::File,
        Some(fix_at(CENTRE)),
    )
    .await;
    send_whole(&cast.member, &photo).await;
    let shown = cast
        .officer
        .api()
        .record(record)
        .await
        .unwrap()
        .record
        .photos
        .remove(0);
    let exif = shown.exif.unwrap();
    assert_eq!(exif.taken_at.as_deref(), Some("2008-10-22T16:28:39"));
    assert!((exif.position.unwrap().lat() - 43.4674).abs() < 0.001);
    assert_eq!(
        shown.flags,
        [Flag::ExifTimeDiffers, Flag::ExifPlaceDiffers, Flag::PickedFile]
    );
}

async fn an_undecodable_photo_is_kept_and_flagged(app: TestApp) {
    let (world, cast) = app.cast().await;
    let whole = Photo::sized(640, 480);
    let photo = Photo {
        bytes: [
            &whole.bytes[..2],
            b"\xff\xe0 and then nothing that makes sense".as_slice(),
        ]
        .concat(),
        ..whole
    };
    let record = announce(&app, &world, &cast.member, std::slice::from_ref(&photo)).await;
    let answer = send_whole(&cast.member, &photo).await;
    assert_eq!(receipt_of(&answer).receipt.sha256, photo.sha256());
    let shown = cast
        .officer
        .api()
        .record(record)
        .await
        .unwrap()
        .record
        .photos
        .remove(0);
    assert_eq!(
        (shown.state, shown.flags),
        (PhotoState::Held, vec![Flag::Undecodable])
    );
    let refused = cast
        .officer
        .api()
        .photo_bytes(photo.id, "preview")
        .await
        .problem();
    assert_eq!(
        (refused.code, refused.params["state"].as_str()),
        (ProblemCode::StateConflict, "undecodable")
    );
    let original = cast
        .officer
        .api()
        .photo_bytes(photo.id, "original")
        .await
        .unwrap();
    assert_eq!(original.body, photo.bytes);
}

/// Every file is either refused as what it is, or held byte for byte; never a 5xx, and the server works afterwards.
async fn hostile_files_neither_crash_nor_confuse_the_server(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut files = hostile::files();
    for name in [
        "corrupted.jpg",
        "iphone_hdr_NO.jpg",
        "no_exif.jpg",
        "portrait_3.jpg",
    ] {
        files.extend(real_photo(name).map(|bytes| (name.to_owned(), bytes, hostile::Fate::Held)));
    }
    assert!(files.len() >= 60, "{}", files.len());
    for (name, bytes, fate) in files {
        let photo = Photo {
            id: PhotoId(Uuid::now_v7()),
            bytes,
            width: 1,
            height: 1,
        };
        let record = announce(&app, &world, &cast.member, std::slice::from_ref(&photo)).await;
        let status = send_in_chunks(&cast.member, &photo).await;
        match fate {
            hostile::Fate::Held => assert!((200..300).contains(&status), "{name}: {status}"),
            hostile::Fate::Refused(code) => assert_eq!(status, code, "{name}"),
        }
        for rendition in ["thumbnail", "preview"] {
            let path = format!("/photos/{}/{rendition}", photo.id);
            let answer = cast.officer.raw(HttpRequest::new(Method::Get, &path)).await;
            assert!(answer.status < 500, "{name} {rendition}: {}", answer.status);
        }
        if fate == hostile::Fate::Held {
            let original = cast
                .officer
                .api()
                .photo_bytes(photo.id, "original")
                .await
                .unwrap();
            assert_eq!(sha256_hex(&original.body), photo.sha256(), "{name}");
            assert!(
                original.header("content-type").unwrap().starts_with("image/"),
                "{name}"
            );
        }
        cast.officer.api().record(record).await.unwrap();
    }
    let photo = Photo::small();
    announce(&app, &world, &cast.member, std::slice::from_ref(&photo)).await;
    assert_eq!(send_whole(&cast.member, &photo).await.status, 201);
}

async fn send_in_chunks(person: &Person, photo: &Photo) -> u16 {
    let begun = person.raw(creation(photo.id, photo.bytes.len())).await;
    let mut status = begun.status;
    let mut offset = 0;
    for bytes in photo.bytes.chunks(512 * 1024) {
        status = person.raw(chunk(photo.id, offset, bytes)).await.status;
        offset += bytes.len();
    }
    status
}

fn real_photo(name: &str) -> Option<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/photos");
    std::fs::read(folder.join(name)).ok()
}
