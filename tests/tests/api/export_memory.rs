//! What exports of many rows cost, in a server of their own that is killed in the middle.

use super::exports::{finished, of_sessions};
use diesel::connection::SimpleConnection;
use keng_server::db::Db;
use keng_shared::api::{ExportFormat, FileLanguage, JobState, NewExport, RecordQuery};
use keng_shared::client::Client;
use keng_tests::Kind;
use keng_tests::binary::{self, Keng};
use keng_tests::errand::Errands;
use keng_tests::phone::Photo;
use keng_tests::stage::Stage;
use keng_tests::transport::Http;
use std::time::Duration;

/// Memory is a figure of the process, so the server runs in one of its own.
mod a_hundred_thousand_rows_cost_no_more_memory_than_a_few {
    use super::run;
    use keng_shared::api::ExportFormat;
    use keng_tests::Kind;

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

/// What exports may cost however many rows they have, with what those before left behind: 32 MiB.
const GROWTH: u64 = 32 << 20;
/// One heap for all threads: how much glibc keeps in a heap for each of them says nothing of what an export holds, and
/// differs from one machine to the next.
const ONE_HEAP: (&str, &str) = ("MALLOC_ARENA_MAX", "1");
const ROWS: u64 = 100_000;
/// Folders of the store, and ids that end in them.
const SHARDS: u64 = 256;

fn run(kind: Kind, formats: &[ExportFormat]) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let stage = Stage::set(kind, 1).await;
        let server = Keng::start_with(&binary::keng(), &stage, &[(ONE_HEAP.0, ONE_HEAP.1.to_owned())]);
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
