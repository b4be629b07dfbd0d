//! Records that nobody looks for, so many that a page is not filled by chance.

use crate::TestApp;
use diesel::RunQueryDsl;

/// More arrivals than a search reads before it asks the index of words.
pub const MORE_THAN_IS_READ: usize = 2_100;

/// Copies one record so many times without its words and photos, received one millisecond after the other from now on.
pub async fn bury(app: &TestApp, count: usize) {
    let now = app.now().0;
    let sql = format!(
        "INSERT INTO record (id, kind, area_id, commune_id, team_id, author_id, device_id, local_date, started_at, \
         ended_at, lat_e7, lon_e7, accuracy_cm, fix_age_ms, clock_offset_ms, status, revision, feed_rev, body, \
         content_sha256, search, flags, photo_flags, photos_listed, photos_held, received_at, changed_at) \
         WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count}) \
         SELECT substr(id, 1, 24) || (900000000000 + n), kind, area_id, commune_id, team_id, author_id, device_id, \
         local_date, started_at, ended_at, lat_e7, lon_e7, accuracy_cm, fix_age_ms, clock_offset_ms, status, \
         revision, feed_rev, body, content_sha256, 'sau', flags, photo_flags, 0, 0, {now} + n, {now} \
         FROM numbers, (SELECT * FROM record ORDER BY id LIMIT 1) AS one"
    );
    app.write(move |conn| {
        keng_server::both!(conn, |conn| diesel::sql_query(&sql).execute(conn))?;
        Ok(())
    })
    .await;
    app.advance(60_000);
}
