//! Makes the province: areas by the tables themselves, records and photos by copying one that the server stored.

use crate::binary::{self, Keng};
use crate::stage::Stage;
use crate::transport::{Address, Http};
use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use keng_shared::client::Client;
use std::time::{Duration, Instant};

/// Communes.
pub const COMMUNES: i64 = 500;
/// Residential areas in each.
pub const VILLAGES: i64 = 10;
/// Ids of the communes; those of the villages follow.
pub const FIRST: i64 = 100_000;
/// Rows that are copied in one transaction.
pub const STEP: u64 = 50_000;
/// A year in milliseconds.
pub const YEAR_MS: i64 = 365 * 86_400_000;

/// Adds the areas, and one record of each sort to copy from.
pub async fn communes(stage: &Stage) {
    let province = stage.world.province.0;
    let last = FIRST + COMMUNES - 1;
    let villages = FIRST + COMMUNES;
    let end = villages + COMMUNES * VILLAGES - 1;
    let numbers = |from: i64, to: i64, body: &str| format!("{} {body}", series(stage, from, to));
    let place = "200000000 + (n * 7919 % 10000) * 500, 1050000000 + (n * 104729 % 10000) * 800";
    let script = [
        numbers(
            FIRST,
            last,
            &format!(
                "INSERT INTO area (id, kind, name, search, sort, centre_lat_e7, centre_lon_e7, created_at) \
                 SELECT n, 'commune', 'Xã ' || n, 'xa ' || n, 'xa ' || n, {place}, 0 FROM numbers"
            ),
        ),
        numbers(
            villages,
            end,
            &format!(
                "INSERT INTO area (id, kind, name, search, sort, centre_lat_e7, centre_lon_e7, created_at) \
                 SELECT n, 'residential_area', 'Thôn ' || n, 'thon ' || n, 'thon ' || n, {place}, 0 FROM numbers"
            ),
        ),
        numbers(
            FIRST,
            last,
            &format!("INSERT INTO area_edge (child_id, parent_id) SELECT n, {province} FROM numbers"),
        ),
        numbers(
            villages,
            end,
            &format!(
                "INSERT INTO area_edge (child_id, parent_id) \
                 SELECT n, {FIRST} + (n - {villages}) / {VILLAGES} FROM numbers"
            ),
        ),
    ];
    run(stage, script.to_vec()).await;
    template(stage).await;
}

/// Copies the template until there are `size` records, where there are `known` already.
pub async fn fill(stage: &Stage, known: u64, size: u64) {
    let now = stage.now().0;
    let villages = FIRST + COMMUNES;
    let count = COMMUNES * VILLAGES;
    let mut from = known;
    let mut script = Vec::new();
    while from < size {
        let to = (from + STEP).min(size);
        // Every number is somewhere else in space and time; the same number is the same record however many there are.
        let age = format!("(n * 7919 % {}) * {}", 1_000_000, YEAR_MS / 1_000_000);
        let is_new = format!("({age}) < {}", YEAR_MS / 20);
        let status = format!(
            "CASE WHEN {is_new} AND n % 5 = 0 THEN 'submitted' WHEN n % 50 = 1 THEN 'returned' ELSE 'accepted' END"
        );
        let kind = "CASE WHEN n % 3 = 0 THEN 'patrol' ELSE t.kind END";
        let words = "CASE WHEN n % 20000 = 7 THEN 'cay da lang ' || n ELSE t.search END";
        let date = day(stage, &format!("({now} - {age})"));
        let head = series_from(stage, from, to);
        script.push(format!(
            "{head} INSERT INTO record (id, kind, area_id, commune_id, team_id, author_id, device_id, local_date, \
             started_at, ended_at, lat_e7, lon_e7, accuracy_cm, fix_age_ms, clock_offset_ms, status, revision, feed_rev, \
             body, content_sha256, search, flags, photo_flags, photos_listed, photos_held, track, review_verdict, \
             review_reason, review_by, review_at, received_at, changed_at) \
             SELECT {id}, {kind}, {villages} + n % {count}, {FIRST} + (n % {count}) / {VILLAGES}, NULL, t.author_id, \
             t.device_id, {date}, {now} - {age} - 5400000, {now} - {age} - 600000, \
             200000000 + CAST((n * 7919 % 100000) * 50 AS INTEGER), 1050000000 + CAST((n * 104729 % 100000) * 80 AS INTEGER), \
             500, 1000, 0, {status}, 1, n, t.body, t.content_sha256, {words}, t.flags, t.photo_flags, 2, 2, NULL, NULL, \
             NULL, NULL, CASE WHEN {status} = 'accepted' THEN {now} - {age} END, {now} - {age}, {now} - {age} \
             FROM numbers, (SELECT * FROM record WHERE id NOT LIKE '0192%' LIMIT 1) AS t",
            id = id(stage, "0192", "n"),
        ));
        script.push(format!(
            "{head} INSERT INTO photo (id, record_id, position, sha256, caption, orientation, flags, rendition, \
             rendition_tries) SELECT {photo}, {record}, n % 2, {hash}, '', 1, '', 'made', 0 FROM \
             (SELECT n * 2 AS n FROM numbers UNION ALL SELECT n * 2 + 1 FROM numbers) AS doubled",
            photo = id(stage, "0193", "n"),
            record = id(stage, "0192", "n / 2"),
            hash = id(stage, "0194", "n"),
        ));
        script.push(format!(
            "{head} INSERT INTO review_queue (record_id, commune_id, area_id, risk, received_at) \
             SELECT {record}, {FIRST} + (n % {count}) / {VILLAGES}, {villages} + n % {count}, n % 40, {now} - {age} \
             FROM numbers WHERE {is_new} AND n % 5 = 0",
            record = id(stage, "0192", "n"),
        ));
        from = to;
    }
    script.push(if is_sqlite(stage) {
        "ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)".to_owned()
    } else {
        "ANALYZE".to_owned()
    });
    run(stage, script).await;
}

/// Waits until the server has taken every record into the index of words; gives how long that took.
pub async fn indexed(stage: &Stage) -> Duration {
    let began = Instant::now();
    while due(stage).await > 0 {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    began.elapsed()
}

async fn due(stage: &Stage) -> i64 {
    let url = stage.database_url().to_owned();
    let counted = tokio::task::spawn_blocking(move || {
        let sql = "SELECT count(*) AS count FROM (SELECT 1 FROM record_due LIMIT 1) AS due";
        let rows: Vec<Count> = match url.strip_prefix("sqlite:") {
            Some(file) => {
                let mut conn = SqliteConnection::establish(file).expect("the database");
                conn.batch_execute("PRAGMA busy_timeout = 20000")
                    .expect("settings");
                sql_query(sql).load(&mut conn).expect("a count")
            }
            None => {
                let mut conn = PgConnection::establish(&url).expect("the database");
                sql_query(sql).load(&mut conn).expect("a count")
            }
        };
        rows.first().map_or(0, |row| row.count)
    });
    counted.await.expect("the count")
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// One record that the server's own code checked and stored.
async fn template(stage: &Stage) {
    let server = Keng::start(&binary::keng(), stage);
    let address = Address::default();
    address.set(server.origin.clone());
    let client = Client::new(Http::new(address));
    let worker = stage.workers.first().expect("a member");
    client.set_token(Some(stage.token(worker)));
    client
        .create_record(&stage.session(worker))
        .await
        .expect("a record");
}

/// Whether the stage is on SQLite.
pub fn is_sqlite(stage: &Stage) -> bool {
    stage.database_url().starts_with("sqlite:")
}

/// The head of a statement that gives the numbers from `from` to `to`, both included.
fn series(stage: &Stage, from: i64, to: i64) -> String {
    match is_sqlite(stage) {
        true => format!(
            "WITH RECURSIVE numbers(n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM numbers WHERE n < {to})"
        ),
        false => format!("WITH numbers(n) AS (SELECT generate_series({from}::bigint, {to}))"),
    }
}

/// As [`series`], without the last number.
pub fn series_from(stage: &Stage, from: u64, to: u64) -> String {
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    series(stage, whole(from), whole(to) - 1)
}

/// A UUID that tells its number.
pub fn id(stage: &Stage, head: &str, number: &str) -> String {
    match is_sqlite(stage) {
        true => format!("printf('{head}0000-0000-7000-8000-%012x', {number})"),
        false => format!("'{head}0000-0000-7000-8000-' || lpad(to_hex({number}), 12, '0')"),
    }
}

/// The date of an instant in Việt Nam.
pub fn day(stage: &Stage, at: &str) -> String {
    match is_sqlite(stage) {
        true => format!("strftime('%Y-%m-%d', ({at} + 25200000) / 1000, 'unixepoch')"),
        false => format!("to_char(to_timestamp(({at} + 25200000) / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD')"),
    }
}

/// Runs statements one after the other, without waiting for the disk.
pub async fn run(stage: &Stage, script: Vec<String>) {
    let url = stage.database_url().to_owned();
    let ran = tokio::task::spawn_blocking(move || match url.strip_prefix("sqlite:") {
        Some(file) => {
            let mut conn = SqliteConnection::establish(file).expect("the database");
            conn.batch_execute("PRAGMA busy_timeout = 20000; PRAGMA synchronous = OFF;")
                .expect("settings");
            for sql in script {
                conn.batch_execute(&sql).expect("rows");
            }
        }
        None => {
            let mut conn = PgConnection::establish(&url).expect("the database");
            for sql in script {
                conn.batch_execute(&sql).expect("rows");
            }
        }
    });
    ran.await.expect("the copying");
}
