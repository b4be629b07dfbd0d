//! A year of accepted records of the kinds that targets count, as rows copied from one that the server stored.

use keng_tests::province::{self, COMMUNES, FIRST, STEP, VILLAGES, YEAR_MS, day, id, is_sqlite, series_from};
use keng_tests::stage::Stage;

/// Of twenty records, kind and body of each that is no broadcast. `$n` is the number of the record, `$day` its date.
const BODIES: [(&str, &str); 10] = [
    (
        "direct_propaganda_session",
        r#"{"topic":"online_fraud","venue":"Nhà văn hóa","attendee_count":60}"#,
    ),
    (
        "direct_propaganda_session",
        r#"{"topic":"fire_safety","venue":"Trường học","attendee_count":90,"audience":["officials"]}"#,
    ),
    (
        "document",
        r#"{"type":"plan","number":"$n/KH","issued_on":"$day","issuer":"UBND","subject":"Sơ kết phong trào"}"#,
    ),
    (
        "document",
        r#"{"type":"resolution","number":"$n/NQ","issued_on":"$day","issuer":"UBND","subject":"Bảo đảm ANTT"}"#,
    ),
    (
        "campaign_activity",
        r#"{"campaign":"anti_drug_day","content":"Ra quân","venue":"Trung tâm xã"}"#,
    ),
    (
        "self_management_model",
        r#"{"name":"Mô hình $n","category":"atgt","state":"launched","launched_on":"$day"}"#,
    ),
    (
        "safe_recognition",
        r#"{"year":2026,"unit_type":"area","recognised_count":9,"total_count":10}"#,
    ),
    (
        "movement_assessment",
        r#"{"year":2026,"unit_type":"school","own_score":80,"rating":"good"}"#,
    ),
    (
        "reported_figure",
        r#"{"indicator":"people_reached","period":{"from":"2026-01-01","to":"$day"},"value":90,"total_count":100,"unit_type":"area"}"#,
    ),
    (
        "quarterly_notice",
        r#"{"number":"$n/TB","issued_on":"$day","quarter":"q_one"}"#,
    ),
];

/// Adds records until there are `size`, where there are `known` already.
pub async fn fill(stage: &Stage, known: u64, size: u64) {
    let now = stage.now().0;
    let villages = FIRST + COMMUNES;
    let count = COMMUNES * VILLAGES;
    let commune = format!("{FIRST} + (n % {count}) / {VILLAGES}");
    let age = format!("(n * 7919 % 1000000) * {}", YEAR_MS / 1_000_000);
    let date = day(stage, &format!("({now} - {age})"));
    // A broadcast of the commune is heard in two of its villages.
    let first = format!("({villages} + ((n % {count}) / {VILLAGES}) * {VILLAGES} + n % {VILLAGES})");
    let second = format!("({villages} + ((n % {count}) / {VILLAGES}) * {VILLAGES} + (n + 3) % {VILLAGES})");
    let broadcast = format!(
        "'{{\"topic\":\"fire_safety\",\"minutes\":15,\"areas\":[{{\"area_id\":' || {first} || '}},{{\"area_id\":' || {second} || '}}]}}'"
    );
    let (mut kind, mut body) = ("CASE".to_owned(), "CASE".to_owned());
    for (number, (of_kind, text)) in BODIES.iter().enumerate() {
        let filled = text
            .replace("$n", "' || n || '")
            .replace("$day", &format!("' || {date} || '"));
        kind += &format!(" WHEN (n + n / {count}) % 20 = {number} THEN '{of_kind}'");
        body += &format!(" WHEN (n + n / {count}) % 20 = {number} THEN '{filled}'");
    }
    kind += " ELSE 'loudspeaker_session' END";
    body += &format!(" ELSE {broadcast} END");
    // Broadcasts and office work are the commune's, the rest its villages'.
    let area = format!("CASE WHEN (n + n / {count}) % 20 IN (0, 1) THEN {first} ELSE {commune} END");
    let mut script = Vec::new();
    let mut from = known;
    while from < size {
        let to = (from + STEP).min(size);
        script.push(format!(
            "{head} INSERT INTO record (id, kind, area_id, commune_id, team_id, author_id, device_id, local_date, \
             started_at, ended_at, lat_e7, lon_e7, accuracy_cm, fix_age_ms, clock_offset_ms, status, revision, feed_rev, \
             body, content_sha256, search, flags, photo_flags, photos_listed, photos_held, track, review_verdict, \
             review_reason, review_by, review_at, received_at, changed_at) \
             SELECT {id}, {kind}, {area}, {commune}, NULL, t.author_id, t.device_id, {date}, {now} - {age} - 5400000, \
             {now} - {age} - 600000, NULL, NULL, NULL, NULL, 0, 'accepted', 1, n, {body}, t.content_sha256, t.search, \
             t.flags, t.photo_flags, 0, 0, NULL, NULL, NULL, NULL, {now} - {age}, {now} - {age}, {now} - {age} \
             FROM numbers, (SELECT * FROM record WHERE id NOT LIKE '0192%' LIMIT 1) AS t",
            head = series_from(stage, from, to),
            id = id(stage, "0192", "n"),
        ));
        from = to;
    }
    // Words are not searched here, and their index would be filled beside what is measured.
    script.push("DELETE FROM record_due".to_owned());
    script.push(if is_sqlite(stage) {
        "ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)".to_owned()
    } else {
        "ANALYZE".to_owned()
    });
    province::run(stage, script).await;
}
