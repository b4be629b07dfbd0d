//! Tracks and photos as files to take away.

use keng_shared::api::{ExportFormat, FileLanguage, JobState, NewExport, RecordQuery};
use keng_shared::client::Client;
use keng_shared::evidence::{Origin, sha256_hex};
use keng_shared::sync::OpAction;
use keng_shared::track::{GapReason, SegmentStart};
use keng_tests::drafts::{patrol, push, put, segment, session};
use keng_tests::errand::{OFFSET_STREAM, creation};
use keng_tests::phone::{Photo, Shot};
use keng_tests::transport::Http;
use keng_tests::{Asks, TestApp, both_databases};
use std::io::{Cursor, Read};
use std::time::Duration;

both_databases!(
    tracks_come_as_gpx_and_no_stretch_goes_across_a_gap,
    photos_come_as_a_zip_with_a_list_and_without_metadata,
);

pub(super) async fn exported(client: &Client<Http>, format: ExportFormat) -> (u64, Vec<u8>) {
    let new = NewExport {
        format,
        language: FileLanguage::Vi,
        filter: RecordQuery::default(),
        only: Vec::new(),
    };
    let mut export = client.create_export(&new).await.unwrap();
    while !matches!(export.state, JobState::Done | JobState::Failed) {
        tokio::time::sleep(Duration::from_millis(30)).await;
        export = client.export(export.id).await.unwrap();
    }
    assert_eq!(export.state, JobState::Done);
    let file = client.export_file(export.id, 0).await.unwrap();
    (export.done, file.body)
}

async fn tracks_come_as_gpx_and_no_stretch_goes_across_a_gap(app: TestApp) {
    let (world, cast) = app.cast().await;
    let draft = patrol(&world, &cast.member, app.now());
    let (record, from) = (draft.id, draft.started_at);
    let gap = SegmentStart::AfterGap {
        reason: GapReason::ScreenOff,
    };
    let stretches = [
        segment(record, 0, SegmentStart::First, from, 3),
        segment(record, 1, SegmentStart::Continues, from.plus(60_000), 2),
        segment(record, 2, gap, from.plus(600_000), 4),
    ];
    let segments = stretches.map(|segment| OpAction::PutSegment { segment });
    let ops = std::iter::once(put(draft)).chain(segments);
    cast.member
        .api()
        .push(&push(&cast.member, app.now(), ops))
        .await
        .unwrap();
    let plain = session(&world, &cast.member, app.now());
    cast.member.api().create_record(&plain).await.unwrap();

    let (records, gpx) = exported(&cast.officer.api(), ExportFormat::Gpx).await;
    let gpx = String::from_utf8(gpx).unwrap();
    assert_eq!(records, 1, "what has no track is not counted");
    assert_eq!(gpx.matches("<trk>").count(), 1);
    assert_eq!(gpx.matches("<trkpt ").count(), 9);
    let stretches: Vec<usize> = gpx
        .split("<trkseg>")
        .skip(1)
        .map(|stretch| stretch.matches("<trkpt ").count())
        .collect();
    assert_eq!(stretches, [5, 4], "{gpx}");
    assert!(gpx.contains("<name>Ca tuần tra, Thôn Thành Sơn, "), "{gpx}");
    assert!(gpx.contains("lat=\"19.9620000\" lon=\"105.3450000\""), "{gpx}");
    assert!(gpx.starts_with("<?xml") && gpx.ends_with("</gpx>\n"));
}

async fn photos_come_as_a_zip_with_a_list_and_without_metadata(app: TestApp) {
    let (world, cast) = app.cast().await;
    let (held, expected) = (Photo::sized(400, 300), Photo::small());
    let mut draft = session(&world, &cast.member, app.now());
    draft.photos = vec![held.listed(), expected.listed()];
    draft.photos[0].caption = "=1+1, \"cổng\"".to_owned();
    let shot = Shot {
        user: cast.member.id,
        record: draft.id,
        at: app.now(),
        origin: Origin::Camera,
        fix: None,
    };
    let announced = [&held, &expected].map(|photo| OpAction::AnnouncePhoto {
        signed: cast.member.phone.sign(photo, shot),
    });
    let record = draft.id;
    let ops = std::iter::once(put(draft)).chain(announced);
    cast.member
        .api()
        .push(&push(&cast.member, app.now(), ops))
        .await
        .unwrap();
    let upload = creation(held.id, held.bytes.len()).bytes(OFFSET_STREAM, held.bytes.clone());
    assert_eq!(cast.member.raw(upload).await.status, 201);
    // The preview is made on the first look at the latest.
    cast.officer.api().photo_bytes(held.id, "preview").await.unwrap();

    let (records, zip) = exported(&cast.officer.api(), ExportFormat::Zip).await;
    assert_eq!(records, 1);
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
    let mut list = String::new();
    archive
        .by_name("manifest.csv")
        .unwrap()
        .read_to_string(&mut list)
        .unwrap();
    let lines: Vec<&str> = list.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines.len(), 2, "{list}");
    let picture = names.iter().find(|name| name.ends_with(".jpg")).unwrap();
    assert!(picture.ends_with(&format!("/{record}-01.jpg")), "{picture}");
    let mut bytes = Vec::new();
    archive.by_name(picture).unwrap().read_to_end(&mut bytes).unwrap();
    let cells: Vec<&str> = lines[1].split(',').collect();
    assert_eq!(cells[0], picture);
    assert_eq!(cells[1], sha256_hex(&bytes));
    assert_eq!(cells[2], held.id.to_string());
    assert_eq!(cells[3], held.sha256());
    assert!(lines[1].ends_with("\"'=1+1, \"\"cổng\"\"\","), "{}", lines[1]);
    assert!(!bytes.windows(4).any(|window| window == b"Exif"));
    let preview = cast.officer.api().photo_bytes(held.id, "preview").await.unwrap();
    assert_eq!(bytes, preview.body);
}
