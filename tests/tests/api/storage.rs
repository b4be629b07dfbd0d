//! What the storage layer promises: writes share commits but not failures, both databases have the same tables.

use diesel::prelude::*;
use diesel::sql_types::Text;
use keng_server::db::audit::{self, Entry};
use keng_server::db::schema::setting;
use keng_server::db::{Conn, DbError};
use keng_shared::id::AreaId;
use keng_shared::problem::ProblemCode;
use keng_tests::{Kind, TestApp, both_databases};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

both_databases!(
    four_hundred_parallel_read_then_writes_lose_nothing,
    a_write_that_fails_takes_nobody_along_and_leaves_nothing,
    a_write_that_panics_takes_nobody_along,
    writes_of_many_communes_all_arrive,
    a_refused_write_says_why,
    the_pool_for_reading_refuses_to_write,
    an_audit_entry_can_be_checked_by_hand,
    the_tables_are_those_that_diesel_knows,
);

fn put(conn: &mut Conn, name: &str, value: &str) -> Result<(), DbError> {
    diesel::insert_into(setting::table)
        .values((setting::name.eq(name), setting::value.eq(value)))
        .execute(conn)?;
    Ok(())
}

fn get(conn: &mut Conn, name: &str) -> Result<Option<String>, DbError> {
    let value = setting::table.find(name).select(setting::value).first(conn);
    Ok(value.optional()?)
}

async fn four_hundred_parallel_read_then_writes_lose_nothing(app: TestApp) {
    app.write(|conn| put(conn, "counter", "0")).await;
    let state = app.state();
    let writes = (0..400).map(|_| {
        state.db.write(|conn| {
            let count: u32 = get(conn, "counter")?.unwrap().parse().unwrap();
            diesel::update(setting::table.find("counter"))
                .set(setting::value.eq((count + 1).to_string()))
                .execute(conn)?;
            Ok(())
        })
    });
    for outcome in futures::future::join_all(writes).await {
        outcome.unwrap();
    }
    assert_eq!(
        app.read(|conn| get(conn, "counter")).await.as_deref(),
        Some("400")
    );
}

async fn a_write_that_fails_takes_nobody_along_and_leaves_nothing(app: TestApp) {
    let state = app.state();
    let writes = (0..100).map(|number| {
        state.db.write(move |conn| {
            put(conn, &format!("row {number}"), "before")?;
            if number % 3 == 0 {
                // The same key again: the database itself refuses.
                put(conn, &format!("row {number}"), "twice")?;
            }
            Ok(())
        })
    });
    let outcomes = futures::future::join_all(writes).await;
    for (number, outcome) in outcomes.iter().enumerate() {
        match outcome {
            Ok(()) => assert_ne!(number % 3, 0),
            Err(error) => assert!(
                number % 3 == 0 && error.is_unique_violation(),
                "{number}: {error}"
            ),
        }
    }
    let stored: Vec<String> = app
        .read(|conn| {
            Ok(setting::table
                .select(setting::name)
                .filter(setting::name.like("row %"))
                .load(conn)?)
        })
        .await;
    assert_eq!(stored.len(), 66);
}

async fn a_write_that_panics_takes_nobody_along(app: TestApp) {
    let state = app.state();
    let panics = state.db.write::<(), _>(|conn| {
        put(conn, "half", "written")?;
        panic!("on purpose")
    });
    let (panicked, stored) = tokio::join!(panics, state.db.write(|conn| put(conn, "whole", "written")));
    assert!(panicked.is_err());
    stored.unwrap();
    assert_eq!(app.read(|conn| get(conn, "half")).await, None);
    assert_eq!(
        app.read(|conn| get(conn, "whole")).await.as_deref(),
        Some("written")
    );
}

async fn writes_of_many_communes_all_arrive(app: TestApp) {
    for lock in 0..8 {
        app.write(move |conn| put(conn, &format!("lock {lock}"), "0"))
            .await;
    }
    let state = app.state();
    // Each write touches two rows in an order of its own, so that writers of different communes can deadlock.
    let writes = (0..200_i64).map(|number| {
        let (first, second) = (number % 8, (number * 5 + 3) % 8);
        state.db.write_in(AreaId(number), move |conn| {
            for lock in [first, second] {
                diesel::update(setting::table.find(format!("lock {lock}")))
                    .set(setting::value.eq(number.to_string()))
                    .execute(conn)?;
            }
            put(conn, &format!("written {number}"), "")
        })
    });
    for outcome in futures::future::join_all(writes).await {
        outcome.unwrap();
    }
    let written: i64 = app
        .read(|conn| {
            Ok(setting::table
                .filter(setting::name.like("written %"))
                .count()
                .get_result(conn)?)
        })
        .await;
    assert_eq!(written, 200);
}

async fn a_refused_write_says_why(app: TestApp) {
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let state = app.state();
    let refused = state.db.write::<(), _>(move |conn| {
        counted.fetch_add(1, Ordering::SeqCst);
        put(conn, "refused", "")?;
        Err(ProblemCode::StateConflict.into())
    });
    match refused.await {
        Err(DbError::Refused(problem)) => assert_eq!(problem.code, ProblemCode::StateConflict),
        other => panic!("{other:?}"),
    }
    assert_eq!(runs.load(Ordering::SeqCst), 1, "a refusal is final");
    assert_eq!(app.read(|conn| get(conn, "refused")).await, None);
}

async fn the_pool_for_reading_refuses_to_write(app: TestApp) {
    let written = app.state().db.read(|conn| put(conn, "sneaked in", "")).await;
    assert!(written.is_err());
    assert_eq!(app.read(|conn| get(conn, "sneaked in")).await, None);
}

async fn an_audit_entry_can_be_checked_by_hand(app: TestApp) {
    let at = app.now();
    let leaf = app
        .write(move |conn| {
            audit::record(
                conn,
                &Entry {
                    at,
                    actor: None,
                    device: None,
                    action: "test.entry",
                    object_type: "setting",
                    object_id: "x".into(),
                    details: json!({"b": 1, "a": "ngõ"}),
                },
            )
        })
        .await;
    let (body, stored): (String, String) = app
        .read(|conn| {
            use keng_server::db::schema::audit_entry::{self, action};
            let rows = audit_entry::table.filter(action.eq("test.entry"));
            Ok(rows.select((audit_entry::body, audit_entry::leaf)).first(conn)?)
        })
        .await;
    assert_eq!(stored, leaf);
    let mut bytes = vec![0];
    bytes.extend_from_slice(body.as_bytes());
    assert_eq!(keng_shared::evidence::sha256_hex(&bytes), leaf);
    assert!(body.contains(r#""details":{"a":"ngõ","b":1}"#), "{body}");
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    data_type: String,
}

/// Tables and columns as the sources of the server declare them.
fn declared() -> BTreeMap<String, BTreeSet<(String, bool)>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../server/src/db");
    let mut tables: BTreeMap<String, BTreeSet<(String, bool)>> = BTreeMap::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if !path.file_name().unwrap().to_string_lossy().starts_with("schema") {
            continue;
        }
        let mut table = String::new();
        for line in std::fs::read_to_string(path).unwrap().lines().map(str::trim) {
            if line.ends_with(") {") {
                table = line.split(' ').next().unwrap().to_owned();
            } else if let Some((name, sql_type)) = line.split_once(" -> ").filter(|_| line.ends_with(',')) {
                let column = (name.to_owned(), sql_type.contains("Text"));
                tables.entry(table.clone()).or_default().insert(column);
            }
        }
    }
    tables
}

async fn the_tables_are_those_that_diesel_knows(app: TestApp) {
    let sql = match app.kind() {
        Kind::Sqlite => {
            "SELECT m.name AS table_name, c.name AS column_name, lower(c.type) AS data_type \
             FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table'"
        }
        Kind::Postgres => {
            "SELECT table_name::text, column_name::text, data_type::text \
             FROM information_schema.columns WHERE table_schema = current_schema()"
        }
    };
    let columns: Vec<Column> = app
        .read(move |conn| match conn {
            Conn::Sqlite(conn) => Ok(diesel::sql_query(sql).load(conn)?),
            Conn::Postgres(conn) => Ok(diesel::sql_query(sql).load(conn)?),
        })
        .await;
    let mut found: BTreeMap<String, BTreeSet<(String, bool)>> = BTreeMap::new();
    for column in columns {
        if column.table_name.starts_with("sqlite_") || column.table_name.starts_with("__diesel") {
            continue;
        }
        // The index of words: each database has one of its own.
        if column.table_name.starts_with("record_words") {
            continue;
        }
        let is_text = column.data_type == "text";
        found
            .entry(column.table_name)
            .or_default()
            .insert((column.column_name, is_text));
    }
    assert!(found.len() >= 18, "{:?}", found.keys());
    assert_eq!(found, declared());
}

#[derive(QueryableByName)]
struct CompileOption {
    #[diesel(sql_type = Text)]
    compile_options: String,
}

#[test]
fn the_bundled_sqlite_keeps_to_the_plans_of_prepared_statements() {
    keng_tests::app::run(Kind::Sqlite, |app: TestApp| async move {
        let options: Vec<CompileOption> = app
            .read(|conn| Ok(diesel::sql_query("PRAGMA compile_options").load(conn)?))
            .await;
        assert!(
            options
                .iter()
                .any(|option| option.compile_options == "ENABLE_QPSG"),
            "SQLite was built without the flags of .cargo/config.toml"
        );
    });
}
