//! The desk's queries walk indexes: every statement that its pages send is explained by the database, and none may read a
//! large table from end to end.
//!
//! In a process of its own: what diesel sends is listened to for the whole process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a story that goes wrong ends its test"
)]

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use keng_shared::api::{MapQuery, ModelQuery, NewBulk, OnTree, RecordQuery, RecordSort};
use keng_shared::permission::Role;
use keng_shared::record::{RecordStatus, Verdict};
use keng_shared::target::PlanTerms;
use keng_tests::cast::active;
use keng_tests::filler::{self, MORE_THAN_IS_READ};
use keng_tests::{Asks, Cast, Kind, Person, TestApp, World, drafts};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Mutex;

/// Tables that grow with the work of a province.
const LARGE: [&str; 13] = [
    "record",
    "photo",
    "track_segment",
    "record_event",
    "review_queue",
    "broadcast",
    "broadcast_area",
    "incident_case",
    "bulk_row",
    "record_number",
    "record_words",
    "target_share",
    "target_figure",
];

/// Partial indexes of the few records that calendars and registers are made of.
const OF_FEW: [&str; 2] = ["record_movement", "record_model"];

/// Walks that go along an index in its order and stop when a page is full.
const WALKS: [&str; 2] = ["record_received", "review_queue_risk"];

static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

struct Listener;

impl Instrumentation for Listener {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            SEEN.lock().unwrap().insert(query.to_string());
        }
    }
}

#[test]
fn no_page_of_the_desk_reads_a_large_table_from_end_to_end() {
    // Both databases in one test, one after the other, so that neither hears the other's statements.
    set_default_instrumentation(|| Some(Box::new(Listener))).unwrap();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        SEEN.lock().unwrap().clear();
        keng_tests::app::run(kind, move |app: TestApp| async move {
            let (world, cast) = many_communes(&app).await;
            let roles = vec![active(Role::DistrictStaff, world.province, None)];
            let judge = app.person("binh", "Hà Văn Bình", roles).await;
            SEEN.lock().unwrap().clear();
            ask_everything(&world, &cast, &judge).await;
            let seen: Vec<String> = SEEN.lock().unwrap().iter().cloned().collect();
            let reads: Vec<&String> = seen.iter().filter(|text| text.starts_with("SELECT")).collect();
            assert!(reads.iter().any(|text| text.contains("case_pair")));
            let is_searched = |text: &&&String| text.contains("record_words");
            assert!(reads.iter().filter(is_searched).count() >= 2);
            assert!(reads.iter().any(|text| text.contains("FROM (VALUES (")));
            let about_records = reads.iter().filter(|text| text.contains("record")).count();
            assert!(about_records >= 15, "{about_records} of {}", reads.len());
            let url = app.state().config.database_url.clone();
            let mut faults = Vec::new();
            let mut used: BTreeSet<&str> = BTreeSet::new();
            for text in reads {
                let plan = match kind {
                    Kind::Sqlite => sqlite_plan(&url, text),
                    Kind::Postgres => postgres_plan(&url, text),
                };
                used.extend(
                    OF_FEW
                        .iter()
                        .filter(|index| plan.iter().any(|line| line.contains(**index))),
                );
                if let Some(line) = plan.iter().find(|line| is_full_scan(line, text)) {
                    faults.push(format!("{line}\n    {text}"));
                }
            }
            assert!(faults.is_empty(), "{kind:?}\n{}", faults.join("\n"));
            assert_eq!(used, BTreeSet::from(OF_FEW), "{kind:?}");
        });
    }
}

/// More communes than are walked one by one, and a few records.
async fn many_communes(app: &TestApp) -> (World, Cast) {
    let (world, cast) = app.cast().await;
    let communes: String = (0..20)
        .map(|number| format!("commune,2{number:04},Xã Số {number},38,2025-07-01,,20.0,105.4\n"))
        .collect();
    let csv = format!("kind,code,name,parent_code,valid_from,valid_to,lat,lon\n{communes}");
    let administrator = cast.administrator.api();
    administrator
        .import_areas("text/csv", csv.into_bytes(), false)
        .await
        .unwrap();
    for number in 0..3 {
        let mut draft = drafts::session(&world, &cast.member, app.now());
        // Each alone in its square of the map.
        if let Some(fix) = &mut draft.fix {
            fix.at.lat_e7 += number * 1_000_000;
        }
        cast.member.api().create_record(&draft).await.unwrap();
    }
    // Two reports of one event, so that the board counts what may repeat.
    for _ in 0..2 {
        let mut incident = drafts::session(&world, &cast.member, app.now());
        incident.kind = "incident".to_owned();
        incident.ended_at = None;
        incident.body =
            json!({"category": "theft", "severity": "high", "place": "Chợ", "description": "Mất xe"});
        cast.member.api().create_record(&incident).await.unwrap();
    }
    filler::bury(app, MORE_THAN_IS_READ).await;
    (world, cast)
}

/// What the pages of the desk ask for, by an officer of a commune and by staff of the province.
async fn ask_everything(world: &World, cast: &Cast, judge: &Person) {
    for client in [cast.officer.api(), cast.province_viewer.api()] {
        let mut queries = Vec::new();
        for status in [
            None,
            Some(RecordStatus::Submitted),
            Some(RecordStatus::Accepted),
            Some(RecordStatus::Returned),
        ] {
            queries.push(RecordQuery {
                status,
                ..RecordQuery::default()
            });
        }
        for sort in [
            RecordSort::Newest,
            RecordSort::Date,
            RecordSort::Area,
            RecordSort::Author,
        ] {
            queries.push(RecordQuery {
                sort: Some(sort),
                reverse: Some(true),
                ..RecordQuery::default()
            });
        }
        queries.push(RecordQuery {
            sort: Some(RecordSort::Risk),
            status: Some(RecordStatus::Submitted),
            ..RecordQuery::default()
        });
        queries.push(RecordQuery {
            search: Some("Nhà văn hoá".to_owned()),
            ..RecordQuery::default()
        });
        queries.push(RecordQuery {
            search: Some("Gốc đa làng".to_owned()),
            ..RecordQuery::default()
        });
        queries.push(RecordQuery {
            search: Some("Gốc đa làng".to_owned()),
            sort: Some(RecordSort::Area),
            ..RecordQuery::default()
        });
        queries.push(RecordQuery {
            area: Some(world.village),
            ..RecordQuery::default()
        });
        for query in queries {
            let first = client
                .records(&RecordQuery {
                    limit: Some(1),
                    ..query.clone()
                })
                .await
                .unwrap();
            if first.next.is_some() {
                client
                    .records(&RecordQuery {
                        after: first.next,
                        ..query
                    })
                    .await
                    .unwrap();
            }
        }
        client.record_counts(None).await.unwrap();
        client.map_records(&map_query()).await.unwrap();
        let long_ago = "2020-01-01".parse().unwrap();
        let from_long_ago = MapQuery {
            from: long_ago,
            ..map_query()
        };
        client.map_records(&from_long_ago).await.unwrap();
        client.cases(&Default::default()).await.unwrap();
        client.broadcast_week(world.commune, None).await.unwrap();
        client
            .broadcast_coverage(world.commune, None, Some(4))
            .await
            .unwrap();
        client.saved_views().await.unwrap();
        client.campaigns(world.commune, None).await.unwrap();
        client.models(&ModelQuery::default()).await.unwrap();
        let page = client.records(&RecordQuery::default()).await.unwrap();
        client.record(page.items[0].id).await.unwrap();
    }
    ask_targets(world, cast).await;
    let bulk = NewBulk {
        verdict: Verdict::Accepted,
        reason: String::new(),
        filter: RecordQuery::default(),
        only: Vec::new(),
        expected: None,
    };
    cast.officer.api().preview_bulk(&bulk).await.unwrap();
    let searched = NewBulk {
        filter: RecordQuery {
            search: Some("Gốc đa làng".to_owned()),
            ..RecordQuery::default()
        },
        ..bulk
    };
    judge.api().preview_bulk(&searched).await.unwrap();
}

/// A plan of this year and one of the year before, and every page of a figure.
async fn ask_targets(world: &World, cast: &Cast) {
    let staff = cast.province_viewer.api();
    let session = json!({
        "code": "1", "text": "Tuyên truyền trực tiếp", "measure": "buổi", "comparator": "at_least", "value": 12_000,
        "levels": ["area", "commune"], "aggregation": {"by": "sum"},
        "source": {"kind": "direct_propaganda_session", "amount": {"of": "records"}},
    });
    let terms = json!({
        "area_id": world.province, "title": "Kế hoạch", "period": {"from": "2026-01-01", "to": "2026-12-31"},
        "targets": [session],
    });
    let terms: PlanTerms = serde_json::from_value(terms).unwrap();
    let before = terms.clone().years_later(-1);
    staff.create_target_plan(&before).await.unwrap();
    let plan = staff.create_target_plan(&terms).await.unwrap().id;
    let october = Some("2026-10-01".parse().unwrap());
    for on in [OnTree::Then, OnTree::Now] {
        staff.target_progress(plan, None, Some(on), None).await.unwrap();
        for area in [world.province, world.commune, world.village] {
            staff.behind_figure(plan, "1", area, Some(on)).await.unwrap();
            staff.target_pace(plan, "1", area, Some(on), None).await.unwrap();
        }
    }
    staff
        .target_years(plan, "1", world.province, october)
        .await
        .unwrap();
    staff.year_before(plan, world.commune, october).await.unwrap();
}

fn map_query() -> MapQuery {
    MapQuery {
        area: None,
        kind: None,
        status: None,
        from: "2026-11-01".parse().unwrap(),
        to: "2026-11-30".parse().unwrap(),
        south_e7: 198_000_000,
        west_e7: 1_052_000_000,
        north_e7: 201_000_000,
        east_e7: 1_055_000_000,
        square_e7: 100_000,
    }
}

/// The statement without the values that diesel writes behind it.
fn statement(text: &str) -> &str {
    text.split(" -- binds: ").next().unwrap_or(text)
}

/// The values, as a list of JSON: Rust writes numbers, texts and lists in the same way.
fn values(text: &str) -> Vec<serde_json::Value> {
    let written = text.split(" -- binds: ").nth(1).unwrap_or("[]");
    serde_json::from_str(written).unwrap_or_else(|error| panic!("{error}: {written}"))
}

#[derive(QueryableByName)]
struct Detail {
    #[diesel(sql_type = Text)]
    detail: String,
}

fn sqlite_plan(url: &str, text: &str) -> Vec<String> {
    let mut conn = SqliteConnection::establish(url.trim_start_matches("sqlite:")).unwrap();
    // Without values the plan is the one that a kept statement has.
    let explained = sql_query(format!("EXPLAIN QUERY PLAN {}", statement(text)));
    let rows: Vec<Detail> = explained.load(&mut conn).unwrap();
    rows.into_iter().map(|row| row.detail).collect()
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

fn postgres_plan(url: &str, text: &str) -> Vec<String> {
    let mut conn = PgConnection::establish(url).unwrap();
    let mut run = |sql: &str| sql_query(sql.to_owned()).execute(&mut conn).unwrap();
    // Small tables are always read whole; where that is forbidden it happens only for want of an index.
    run("SET enable_seqscan = off");
    run(&format!("PREPARE asked AS {}", statement(text)));
    let values: Vec<String> = values(text).iter().map(literal).collect();
    let arguments = match values.is_empty() {
        true => String::new(),
        false => format!("({})", values.join(", ")),
    };
    let rows: Vec<Line> = sql_query(format!("EXPLAIN EXECUTE asked{arguments}"))
        .load(&mut conn)
        .unwrap();
    rows.into_iter().map(|row| row.line).collect()
}

fn literal(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => format!("'{}'", text.replace('\'', "''")),
        serde_json::Value::Array(items) => {
            let items: Vec<String> = items.iter().map(serde_json::Value::to_string).collect();
            format!("'{{{}}}'", items.join(","))
        }
        other => other.to_string(),
    }
}

fn is_full_scan(line: &str, text: &str) -> bool {
    let line = line.trim().trim_start_matches("->").trim();
    // A walk along the order of a list ends with its page.
    // A full-text table is read by its index when it is asked to match.
    if line.contains("VIRTUAL TABLE INDEX") && text.contains(" MATCH ") {
        return false;
    }
    let is_walk = text.contains(" LIMIT ") && WALKS.iter().any(|index| line.contains(index));
    if is_walk {
        return false;
    }
    LARGE.iter().any(|table| {
        let whole = format!("SCAN {table}");
        let begins = line == whole || line.starts_with(&format!("{whole} "));
        begins || line.contains(&format!("Seq Scan on {table} "))
    })
}
