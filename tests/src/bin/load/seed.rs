//! Fills the area up to a number of records, by copying one that the server stored itself.

use diesel::connection::SimpleConnection;
use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query, sql_types,
};
use keng_tests::stage::Stage;

/// Rows that are copied in one transaction.
const STEP: u64 = 50_000;

const COLUMNS: &str = "kind, area_id, commune_id, team_id, author_id, device_id, local_date, started_at, ended_at, \
    lat_e7, lon_e7, accuracy_cm, fix_age_ms, clock_offset_ms, status, revision, feed_rev, body, content_sha256, search, \
    flags, photo_flags, photos_listed, photos_held, track, review_verdict, review_reason, review_by, review_at, changed_at";

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = sql_types::BigInt)]
    count: i64,
}

/// Copies until the area has `size` records, and lets the database look at its tables.
pub async fn fill(stage: &Stage, size: u64) {
    let (url, area) = (stage.database_url().to_owned(), stage.world.village.0);
    let filled = tokio::task::spawn_blocking(move || match url.strip_prefix("sqlite:") {
        Some(file) => {
            let mut conn = SqliteConnection::establish(file).expect("the database");
            conn.batch_execute("PRAGMA busy_timeout = 20000; PRAGMA synchronous = OFF;")
                .expect("settings");
            let known = count(&mut conn, area);
            steps(known, size, |from, to| {
                let sql = format!(
                    "WITH RECURSIVE n(n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM n WHERE n < {to} - 1) \
                     INSERT INTO record (id, received_at, {COLUMNS}) \
                     SELECT printf('0192%04x-0000-7000-8000-%012x', n % 65536, n), received_at - n, {COLUMNS} \
                     FROM n, (SELECT * FROM record WHERE area_id = {area} LIMIT 1)"
                );
                conn.batch_execute(&sql).expect("copies");
            });
            conn.batch_execute("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);")
                .expect("statistics");
        }
        None => {
            let mut conn = PgConnection::establish(&url).expect("the database");
            let known = count(&mut conn, area);
            steps(known, size, |from, to| {
                let sql = format!(
                    "INSERT INTO record (id, received_at, {COLUMNS}) \
                     SELECT '0192' || lpad(to_hex(n % 65536), 4, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'), \
                     received_at - n, {COLUMNS} \
                     FROM generate_series({from}::bigint, {to} - 1) AS n, \
                     (SELECT * FROM record WHERE area_id = {area} LIMIT 1) AS template"
                );
                conn.batch_execute(&sql).expect("copies");
            });
            conn.batch_execute("ANALYZE record").expect("statistics");
        }
    });
    filled.await.expect("the copying");
}

fn count<C>(conn: &mut C, area: i64) -> u64
where
    C: Connection,
    diesel::query_builder::SqlQuery: diesel::query_dsl::methods::LoadQuery<'static, C, Count>,
{
    let found = sql_query(format!(
        "SELECT count(*) AS count FROM record WHERE area_id = {area}"
    ));
    let found: Count = found.get_result(conn).expect("a count");
    u64::try_from(found.count).unwrap_or(0)
}

fn steps(known: u64, size: u64, mut copy: impl FnMut(u64, u64)) {
    let mut from = known;
    while from < size {
        let to = (from + STEP).min(size);
        copy(from, to);
        from = to;
    }
}
