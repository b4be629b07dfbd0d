//! Records as files to take away.

use super::broadcasts;
use super::incidents::incident;
use diesel::connection::SimpleConnection;
use keng_shared::api::{ExportFormat, ExportView, FileLanguage, JobState, MAX_BULK, NewExport, RecordQuery};
use keng_shared::client::{Client, HttpRequest, Method};
use keng_shared::id::JobId;
use keng_shared::loudspeaker::{CoveredArea, MissReason};
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_shared::record::RecordStatus;
use keng_tests::transport::Http;
use keng_tests::{Asks, Refused, TestApp, both_databases, drafts};
use serde_json::Value;
use std::io::{Cursor, Read};
use std::time::Duration;

both_databases!(
    the_records_of_a_filter_come_as_csv_excel_and_geojson,
    a_broadcast_a_patrol_and_an_incident_have_columns_of_their_own,
    a_selection_comes_alone_and_only_as_far_as_it_may_be_seen,
    a_download_that_broke_off_goes_on_where_it_stopped,
    an_export_is_its_owners_and_only_while_they_hold_the_area,
    an_export_whose_worker_is_gone_is_taken_up_again,
    a_file_goes_away_after_seven_days,
    nobody_has_more_than_three_exports_under_way,
);

const FORMULA: &str = "=HYPERLINK(\"http://x\")";

/// Three sessions in Thành Sơn, the last with words that a spreadsheet would run.
async fn three_sessions(app: &TestApp) -> (keng_tests::World, keng_tests::Cast) {
    let (world, cast) = app.cast().await;
    for venue in ["Nhà văn hóa thôn", "Sân đình", FORMULA] {
        let mut draft = drafts::session(&world, &cast.member, app.now());
        draft.body["venue"] = venue.into();
        cast.member.api().create_record(&draft).await.unwrap();
    }
    (world, cast)
}

pub(super) fn of_sessions(format: ExportFormat) -> NewExport {
    NewExport {
        format,
        language: FileLanguage::Vi,
        filter: RecordQuery {
            kind: Some("direct_propaganda_session".to_owned()),
            ..RecordQuery::default()
        },
        only: Vec::new(),
    }
}

/// Waits until the export is finished, however long that takes.
pub(super) async fn finished(client: &Client<Http>, id: JobId) -> ExportView {
    loop {
        let export = client.export(id).await.unwrap();
        if matches!(export.state, JobState::Done | JobState::Failed) {
            return export;
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

async fn exported(client: &Client<Http>, new: &NewExport) -> (ExportView, Vec<u8>) {
    let queued = client.create_export(new).await.unwrap();
    let export = finished(client, queued.id).await;
    assert_eq!(export.state, JobState::Done, "{export:?}");
    let file = client.export_file(export.id, 0).await.unwrap();
    assert_eq!(Some(file.body.len() as u64), export.size);
    assert_eq!(file.header("accept-ranges"), Some("bytes"));
    assert!(
        file.header("content-disposition")
            .unwrap()
            .starts_with("attachment; filename=\"keng-2026-11-22.")
    );
    (export, file.body)
}

async fn a_selection_comes_alone_and_only_as_far_as_it_may_be_seen(app: TestApp) {
    let (world, cast) = three_sessions(&app).await;
    let officer = cast.officer.api();
    let page = officer.records(&RecordQuery::default()).await.unwrap();
    let ids: Vec<_> = page.items.iter().map(|row| row.id).collect();
    let mut draft = drafts::session(&world, &cast.neighbour, app.now());
    (draft.area_id, draft.team_id) = (world.neighbour_village, Some(world.neighbour_team));
    cast.neighbour.api().create_record(&draft).await.unwrap();

    let some = NewExport {
        only: vec![ids[2], draft.id, ids[0]],
        ..of_sessions(ExportFormat::Csv)
    };
    let (export, csv) = exported(&officer, &some).await;
    assert_eq!((export.done, export.total), (2, 2));
    let text = String::from_utf8(csv).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert!(
        lines[1].contains("HYPERLINK") && lines[2].contains("Nhà văn hóa"),
        "{text}"
    );
    assert_eq!(lines.len(), 3);

    // What was chosen still has to fit the filter, and there is an end to choosing.
    let patrols = NewExport {
        filter: RecordQuery {
            kind: Some("patrol".to_owned()),
            ..RecordQuery::default()
        },
        ..some.clone()
    };
    assert_eq!(exported(&officer, &patrols).await.0.total, 0);
    let many = NewExport {
        only: vec![ids[0]; MAX_BULK + 1],
        ..some
    };
    let refused = officer.create_export(&many).await.wrong_fields();
    assert_eq!(refused, [("only".to_owned(), FieldCode::TooLong)]);
}

async fn the_records_of_a_filter_come_as_csv_excel_and_geojson(app: TestApp) {
    let (_, cast) = three_sessions(&app).await;
    let officer = cast.officer.api();
    let (export, csv) = exported(&officer, &of_sessions(ExportFormat::Csv)).await;
    assert_eq!((export.done, export.total), (3, 3));
    let text = String::from_utf8(csv).unwrap();
    let lines: Vec<_> = text.strip_prefix('\u{feff}').unwrap().lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(
        lines[0].starts_with("Ngày,Loại việc,Địa bàn,Xã,Người ghi,"),
        "{text}"
    );
    // Newest first, as in the list; what looks like a formula is quoted.
    assert!(
        lines[1].contains("\"'=HYPERLINK(\"\"http://x\"\")\""),
        "{}",
        lines[1]
    );
    assert!(
        lines[2].starts_with("2026-11-22,") && lines[2].contains("Sân đình"),
        "{}",
        lines[2]
    );
    assert!(
        lines[3].contains("Bùi Văn Thành") && lines[3].contains("Xã Kiên Thọ"),
        "{}",
        lines[3]
    );

    let (_, xlsx) = exported(&officer, &of_sessions(ExportFormat::Xlsx)).await;
    let mut book = zip::ZipArchive::new(Cursor::new(xlsx)).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        book.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let sheet = part("xl/worksheets/sheet1.xml");
    assert_eq!(sheet.matches("<row ").count(), 4);
    assert!(
        sheet.contains("Sân đình") && sheet.contains("=HYPERLINK"),
        "{sheet}"
    );
    assert!(!sheet.contains("<f>"), "no cell is a formula");
    assert!(part("xl/styles.xml").contains("quotePrefix=\"1\""));

    let english = NewExport {
        language: FileLanguage::En,
        filter: RecordQuery::default(),
        ..of_sessions(ExportFormat::Geojson)
    };
    let (_, geojson) = exported(&officer, &english).await;
    let features: Value = serde_json::from_slice(&geojson).unwrap();
    let features = features["features"].as_array().unwrap();
    assert_eq!(features.len(), 3);
    assert_eq!(features[0]["geometry"]["type"], "Point");
    assert_eq!(features[0]["properties"]["State"], "Waiting for review");
    let details = features[0]["properties"]["Details"].as_str().unwrap();
    assert!(details.contains(FORMULA), "{details}");

    let none = NewExport {
        filter: RecordQuery {
            status: Some(RecordStatus::Accepted),
            ..RecordQuery::default()
        },
        ..of_sessions(ExportFormat::Geojson)
    };
    let (export, empty) = exported(&officer, &none).await;
    let empty: Value = serde_json::from_slice(&empty).unwrap();
    assert_eq!(
        (export.done, empty["features"].as_array().map(Vec::len)),
        (0, Some(0))
    );
    assert_eq!(officer.exports().await.unwrap().len(), 4);
}

async fn a_broadcast_a_patrol_and_an_incident_have_columns_of_their_own(app: TestApp) {
    let (world, cast) = app.cast().await;
    let schedule = broadcasts::schedule(&world, &cast).await;
    let officer = cast.officer.api();
    let mut asked = broadcasts::confirm(&broadcasts::slots(&schedule)[..1]);
    asked.slots[0].missed.push(CoveredArea {
        area_id: world.village,
        missed: Some(MissReason::PowerCut),
        note: "từ chiều".to_owned(),
    });
    officer.confirm_slots(&asked).await.unwrap();
    let patrol = drafts::patrol(&world, &cast.member, app.now());
    cast.member.api().create_record(&patrol).await.unwrap();
    let report = incident(&world, &cast.member, app.now(), "low");
    cast.member.api().create_record(&report).await.unwrap();
    let of = |kind: Option<&str>| NewExport {
        filter: RecordQuery {
            kind: kind.map(str::to_owned),
            ..RecordQuery::default()
        },
        ..of_sessions(ExportFormat::Csv)
    };
    let text = async |kind: Option<&str>| {
        let (_, csv) = exported(&officer, &of(kind)).await;
        String::from_utf8(csv).unwrap()
    };
    let broadcasts = text(Some("loudspeaker_session")).await;
    for said in [
        "Khu không nghe được",
        "Thôn Thành Sơn (Mất điện, từ chiều)",
        "Xác nhận muộn",
    ] {
        assert!(broadcasts.contains(said), "{said}: {broadcasts}");
    }
    let patrols = text(Some("patrol")).await;
    for said in ["Quãng đường (km)", "Tổ bảo vệ ANTT thôn Thành Sơn"] {
        assert!(patrols.contains(said), "{said}: {patrols}");
    }
    let incidents = text(Some("incident")).await;
    assert!(incidents.contains("Công an xã đã nhận"), "{incidents}");
    let mixed = text(None).await;
    for said in ["Chủ đề: ", "Số phút: ", "Tình trạng vụ việc: Công an xã đã nhận"] {
        assert!(mixed.contains(said), "{said}: {mixed}");
    }
}

async fn a_download_that_broke_off_goes_on_where_it_stopped(app: TestApp) {
    let (_, cast) = three_sessions(&app).await;
    let officer = cast.officer.api();
    let (export, whole) = exported(&officer, &of_sessions(ExportFormat::Csv)).await;
    let path = format!("/exports/{}/file", export.id);
    let part = async |range: &str, tag: Option<&str>| {
        let mut request = HttpRequest::new(Method::Get, &path).header("range", range);
        if let Some(tag) = tag {
            request = request.header("if-range", tag);
        }
        cast.officer.raw(request).await
    };
    let first = part("bytes=0-99", None).await;
    assert_eq!((first.status, first.body.len()), (206, 100));
    let size = whole.len();
    assert_eq!(
        first.header("content-range"),
        Some(format!("bytes 0-99/{size}").as_str())
    );
    let tag = first.header("etag").unwrap().to_owned();
    let rest = part("bytes=100-", Some(&tag)).await;
    assert_eq!(rest.status, 206);
    assert_eq!([first.body, rest.body].concat(), whole);
    assert_eq!(
        officer.export_file(export.id, 100).await.unwrap().body,
        whole[100..]
    );
    assert_eq!(part("bytes=100-", Some("\"another\"")).await.body, whole);
    assert_eq!(part(&format!("bytes={size}-"), None).await.status, 416);
}

async fn an_export_is_its_owners_and_only_while_they_hold_the_area(app: TestApp) {
    let (world, cast) = three_sessions(&app).await;
    let officer = cast.officer.api();
    let (export, _) = exported(&officer, &of_sessions(ExportFormat::Csv)).await;
    for stranger in [&cast.province_viewer, &cast.member, &cast.administrator] {
        let client = stranger.api();
        assert_eq!(
            client.export(export.id).await.problem().code,
            ProblemCode::NotFound
        );
        assert_eq!(
            client.export_file(export.id, 0).await.problem().code,
            ProblemCode::NotFound
        );
        assert_eq!(client.exports().await.unwrap(), []);
    }
    let new = of_sessions(ExportFormat::Csv);
    assert_eq!(
        cast.member.api().create_export(&new).await.problem().code,
        ProblemCode::Forbidden
    );
    let foreign = NewExport {
        filter: RecordQuery {
            area: Some(world.neighbour_commune),
            ..RecordQuery::default()
        },
        ..new.clone()
    };
    assert_eq!(
        officer.create_export(&foreign).await.problem().code,
        ProblemCode::NotFound
    );
    let paged = NewExport {
        filter: RecordQuery {
            limit: Some(10),
            ..RecordQuery::default()
        },
        ..new
    };
    let refused = officer.create_export(&paged).await;
    assert_eq!(
        refused.wrong_fields(),
        [("filter.limit".to_owned(), FieldCode::Unknown)]
    );

    let id = cast.officer.id;
    sql(
        &app,
        &format!("UPDATE membership SET state = 'suspended' WHERE user_id = '{id}'"),
    )
    .await;
    app.state().auth.people.forget_user(id);
    let lost = officer.export_file(export.id, 0).await.problem().code;
    assert_eq!(lost, ProblemCode::NotFound);
}

/// The state that a process leaves behind when it is killed at work.
async fn an_export_whose_worker_is_gone_is_taken_up_again(app: TestApp) {
    let (_, cast) = three_sessions(&app).await;
    let officer = cast.officer.api();
    let (export, whole) = exported(&officer, &of_sessions(ExportFormat::Csv)).await;
    at_work(&app, 30_000).await;
    let path = format!("/exports/{}/file", export.id);
    let early = cast.officer.raw(HttpRequest::new(Method::Get, &path)).await;
    assert_eq!(early.status, 409);
    app.advance(60_000);
    let again = finished(&officer, export.id).await;
    assert_eq!((again.state, again.done), (JobState::Done, 3));
    assert_eq!(officer.export_file(export.id, 0).await.unwrap().body, whole);

    // What brings its worker down again and again is given up.
    sql(&app, "UPDATE job SET tries = 3").await;
    at_work(&app, -1).await;
    assert_eq!(finished(&officer, export.id).await.state, JobState::Failed);
}

/// Every job is being worked on, for so long.
async fn at_work(app: &TestApp, ms: i64) {
    let lease = app.now().plus(ms).0;
    sql(
        app,
        &format!("UPDATE job SET state = 'running', size = NULL, lease_until = {lease}"),
    )
    .await;
}

async fn a_file_goes_away_after_seven_days(app: TestApp) {
    let (_, cast) = three_sessions(&app).await;
    let officer = cast.officer.api();
    let (export, _) = exported(&officer, &of_sessions(ExportFormat::Csv)).await;
    let file = app.folder().join("photos/export").join(export.id.to_string());
    assert!(file.is_file());
    app.advance(7 * 86_400_000 + 1);
    let officer = cast.officer.api();
    while officer.export(export.id).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    assert_eq!(
        officer.export(export.id).await.problem().code,
        ProblemCode::NotFound
    );
    assert!(!file.exists());
}

async fn nobody_has_more_than_three_exports_under_way(app: TestApp) {
    let (_, cast) = three_sessions(&app).await;
    let officer = cast.officer.api();
    let new = of_sessions(ExportFormat::Csv);
    for _ in 0..3 {
        exported(&officer, &new).await;
    }
    at_work(&app, 86_400_000).await;
    let refused = officer.create_export(&new).await;
    assert_eq!(refused.problem().code, ProblemCode::TooManyRequests);
    assert!(cast.province_viewer.api().create_export(&new).await.is_ok());
}

async fn sql(app: &TestApp, sql: &str) {
    let sql = sql.to_owned();
    app.write(move |conn| Ok(conn.batch_execute(&sql)?)).await;
}
