//! Records as files to take away.

use diesel::connection::SimpleConnection;
use keng_server::db::Db;
use keng_shared::api::{ExportFormat, ExportView, FileLanguage, JobState, MAX_BULK, NewExport, RecordQuery};
use keng_shared::client::{Client, HttpRequest, Method};
use keng_shared::id::JobId;
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_shared::record::RecordStatus;
use keng_tests::binary::{self, Keng};
use keng_tests::errand::Errands;
use keng_tests::phone::Photo;
use keng_tests::stage::Stage;
use keng_tests::transport::Http;
use keng_tests::{Asks, Kind, Refused, TestApp, both_databases, drafts};
use serde_json::Value;
use std::io::{Cursor, Read};
use std::time::Duration;

both_databases!(
    the_records_of_a_filter_come_as_csv_excel_and_geojson,
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

fn of_sessions(format: ExportFormat) -> NewExport {
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
async fn finished(client: &Client<Http>, id: JobId) -> ExportView {
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

/// Memory is a figure of the process, so the server runs in one of its own.
mod a_hundred_thousand_rows_cost_no_more_memory_than_a_few {
    use super::*;

    #[test]
    fn on_sqlite() {
        run(
            Kind::Sqlite,
            &[
                ExportFormat::Csv,
                ExportFormat::Xlsx,
                ExportFormat::Geojson,
                ExportFormat::Gpx,
                ExportFormat::Zip,
                ExportFormat::Zip,
            ],
        );
    }

    #[test]
    fn on_postgres() {
        run(Kind::Postgres, &[ExportFormat::Csv, ExportFormat::Zip]);
    }
}

/// What exports may cost however many rows they have, with what those before left behind: 48 MiB.
const GROWTH: u64 = 48 << 20;
const ROWS: u64 = 100_000;
/// Folders of the store, and ids that end in them.
const SHARDS: u64 = 256;

fn run(kind: Kind, formats: &[ExportFormat]) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let stage = Stage::set(kind, 1).await;
        let server = Keng::start(&binary::keng(), &stage);
        let errands = Errands::at(&stage, &server);
        let photo = Photo::small();
        errands.announce(&photo).await;
        let officer = errands.officer();
        exported_size(&officer, formats[0]).await;
        multiply(kind, &stage).await;
        add_tracks_and_photos(kind, &stage, &photo).await;
        let before = server.own_bytes();
        for format in formats {
            let exporting = std::pin::pin!(exported_size(&officer, *format));
            let ((rows, size), peak) = watched(&server, exporting).await;
            let growth = peak.saturating_sub(before);
            println!(
                "{kind:?}, {}: {rows} rows, {} MiB; server {} MiB before, {} MiB more at the peak",
                format.as_str(),
                size >> 20,
                before >> 20,
                growth >> 20
            );
            let expected = match format {
                ExportFormat::Gpx | ExportFormat::Zip => ROWS,
                _ => ROWS + 1,
            };
            assert_eq!(rows, expected);
            assert!(before > 0 && growth <= GROWTH, "{growth}");
        }
        let server = an_export_outlives_a_kill(server, &stage).await;
        drop(server);
        stage.strike();
    });
}

/// Kills the server in the middle of an export; the next one ends it, and a download in two parts is the whole file.
async fn an_export_outlives_a_kill(server: Keng, stage: &Stage) -> Keng {
    let officer = Errands::at(stage, &server).officer();
    let new = of_sessions(ExportFormat::Csv);
    let whole = RecordQuery::default();
    let queued = officer
        .create_export(&NewExport { filter: whole, ..new })
        .await
        .unwrap();
    loop {
        let export = officer.export(queued.id).await.unwrap();
        assert_ne!(export.state, JobState::Done, "it is still being written");
        let draft = stage.folder().join(format!("exports/{}.part", queued.id));
        if std::fs::metadata(draft).is_ok_and(|draft| draft.len() > 0) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    drop(server);

    let server = Keng::start(&binary::keng(), stage);
    let db = Db::open(stage.database_url()).unwrap();
    db.write(|conn| Ok(conn.batch_execute("UPDATE job SET lease_until = 0")?))
        .await
        .unwrap();
    let officer = Errands::at(stage, &server).officer();
    let export = finished(&officer, queued.id).await;
    assert_eq!((export.state, export.done), (JobState::Done, ROWS + 1));
    let file = officer.export_file(export.id, 0).await.unwrap().body;
    assert_eq!(Some(file.len() as u64), export.size);
    assert_eq!(
        file.iter().filter(|byte| **byte == b'\n').count() as u64,
        ROWS + 2
    );
    let middle = file.len() / 3;
    let rest = officer.export_file(export.id, middle as u64).await.unwrap();
    assert_eq!(rest.status, 206);
    assert_eq!(rest.body, &file[middle..]);
    server
}

/// What comes of the work, and the most memory that was seen meanwhile.
async fn watched<T>(server: &Keng, mut work: impl Future<Output = T> + Unpin) -> (T, u64) {
    let mut peak = 0;
    loop {
        peak = peak.max(server.own_bytes());
        tokio::select! {
            done = &mut work => return (done, peak),
            () = tokio::time::sleep(Duration::from_millis(10)) => {}
        }
    }
}

async fn exported_size(officer: &Client<Http>, format: ExportFormat) -> (u64, u64) {
    let new = NewExport {
        format,
        language: FileLanguage::Vi,
        filter: RecordQuery::default(),
        only: Vec::new(),
    };
    let queued = officer.create_export(&new).await.unwrap();
    let export = finished(officer, queued.id).await;
    assert_eq!(export.state, JobState::Done);
    (export.done, export.size.unwrap())
}

/// A track for each copy, and a photo whose bytes the store holds.
async fn add_tracks_and_photos(kind: Kind, stage: &Stage, photo: &Photo) {
    let (numbers, hex) = numbers(kind);
    let insert = |table: &str, columns: &str, select: &str| match kind {
        Kind::Sqlite => format!("{numbers} INSERT INTO {table} ({columns}) SELECT {select}"),
        Kind::Postgres => format!("INSERT INTO {table} ({columns}) {numbers} SELECT {select}"),
    };
    let point = |n: u32| {
        format!(
            "[{},{},1053000000,500]",
            1_750_000_000_000_i64 + i64::from(n) * 10_000,
            199_620_000 + n * 900
        )
    };
    let points: Vec<String> = (0..30).map(point).collect();
    let record = format!("'0190aaaa-bbbb-7000-8000-' || {hex}");
    let script = [
        insert(
            "track_segment",
            "id, record_id, number, joins, points",
            &format!(
                "'0191aaaa-bbbb-7000-8000-' || {hex}, {record}, 0, '{{\"type\":\"first\"}}', '[{}]' FROM numbers",
                points.join(",")
            ),
        ),
        insert(
            "photo",
            "id, record_id, position, sha256, caption, size, media_type, width, height, orientation, flags, held_at, \
             rendition, rendition_tries",
            &format!(
                "'0193aaaa-bbbb-7000-8000-' || {hex}, {record}, 0, {hex}, '', 1, 'image/jpeg', 64, 48, 1, '', 1, 'made', 0 \
                 FROM numbers"
            ),
        ),
    ];
    let db = Db::open(stage.database_url()).unwrap();
    db.write(move |conn| Ok(conn.batch_execute(&script.join(";"))?))
        .await
        .unwrap();
    let previews = stage.folder().join("photos/rendition/preview");
    for shard in 0..SHARDS {
        let folder = previews.join(format!("{shard:02x}"));
        std::fs::create_dir_all(&folder).unwrap();
        // One file under many names: a disk has room for it, and allows so many names of one file.
        let bytes = folder.join("one.jpg");
        std::fs::write(&bytes, &photo.bytes).unwrap();
        for n in (1..=ROWS).filter(|n| n % SHARDS == shard) {
            let id = format!("0193aaaa-bbbb-7000-8000-{n:012x}");
            std::fs::hard_link(&bytes, folder.join(format!("{id}.jpg"))).unwrap();
        }
    }
}

/// The head of a statement that counts to [`ROWS`], and its number as the end of an id.
fn numbers(kind: Kind) -> (String, &'static str) {
    match kind {
        Kind::Sqlite => (
            format!(
                "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {ROWS})"
            ),
            "printf('%012x', n)",
        ),
        Kind::Postgres => (
            format!("WITH numbers(n) AS (SELECT generate_series(1, {ROWS}))"),
            "lpad(to_hex(n), 12, '0')",
        ),
    }
}

/// Copies the only record of the database, each copy with an id and a time of receipt of its own.
async fn multiply(kind: Kind, stage: &Stage) {
    let (numbers, hex) = numbers(kind);
    let columns = "kind, area_id, commune_id, team_id, author_id, device_id, local_date, started_at, ended_at, lat_e7, \
                   lon_e7, accuracy_cm, fix_age_ms, clock_offset_ms, status, revision, feed_rev, body, content_sha256, \
                   search, flags, photo_flags, photos_listed, photos_held, track, review_verdict, review_reason, \
                   review_by, review_at, changed_at";
    let copy = format!(
        "INSERT INTO record (id, received_at, {columns}) {numbers} \
         SELECT '0190aaaa-bbbb-7000-8000-' || {hex}, received_at - n, {columns} FROM record, numbers"
    );
    // SQLite wants the numbers before the insert, PostgreSQL takes either.
    let copy = match kind {
        Kind::Postgres => copy,
        Kind::Sqlite => {
            copy.replace(&format!("{numbers} "), "")
                .replacen("INSERT", &format!("{numbers} INSERT"), 1)
        }
    };
    let db = Db::open(stage.database_url()).unwrap();
    db.write(move |conn| Ok(conn.batch_execute(&copy)?))
        .await
        .unwrap();
}
