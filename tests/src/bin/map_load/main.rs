//! `cargo xtask bench map`: whether the desk's map stays smooth over the records of a province, in Chromium.
//!
//! The province is that of `bench desk`. A page is moved and zoomed as a person does it; frames, long tasks and the
//! answers that it waits for are timed by `tests/browser/bench/map.mjs`, on the same cores as server and browser.
#![expect(
    clippy::expect_used,
    reason = "a driver that cannot set up its stage has nothing to measure"
)]

use keng_server::db::{Db, boundaries};
use keng_shared::id::AreaId;
use keng_tests::binary::{self, Keng};
use keng_tests::stage::Stage;
use keng_tests::{Kind, bench, province};
use std::process::Command;

/// Records of the province, unless `KENG_BENCH_RECORDS` names other numbers.
const SIZE: u64 = 100_000;
/// Moves the map.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/browser/bench/map.mjs");
const PASSWORD: &str = "ban do cua tinh";

fn main() {
    let sizes = bench::sizes(&[SIZE]);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let stage = Stage::set(Kind::Sqlite, 1).await;
        stage.set_password(&stage.viewer, PASSWORD).await;
        province::communes(&stage).await;
        outlines(&stage).await;
        let mut known = 0;
        for size in sizes {
            province::fill(&stage, known, size).await;
            known = known.max(size);
            let server = Keng::start(&binary::keng(), &stage);
            // Taking in the words of so many new records would be measured too.
            province::indexed(&stage).await;
            println!("\n{size} records");
            let ended = Command::new("node")
                .arg(SCRIPT)
                .args([&server.origin, "tinh", PASSWORD])
                .status()
                .expect("node");
            assert!(ended.success(), "the browser's part failed");
        }
        stage.strike();
    });
}

/// Outlines of the province and its communes, as a grid: the map draws them under the records.
async fn outlines(stage: &Stage) {
    const SOUTH: f64 = 20.0;
    const WEST: f64 = 105.0;
    const ACROSS: i64 = 25;
    const HEIGHT: f64 = 0.025;
    const WIDTH: f64 = 0.032;
    let rectangle = |row: i64, column: i64, rows: i64, columns: i64| {
        let at = |row: i64, column: i64| [WEST + column as f64 * WIDTH, SOUTH + row as f64 * HEIGHT];
        let (north, east) = (row + rows, column + columns);
        vec![vec![vec![
            at(row, column),
            at(row, east),
            at(north, east),
            at(north, column),
            at(row, column),
        ]]]
    };
    let mut all = vec![(
        stage.world.province,
        rectangle(0, 0, province::COMMUNES / ACROSS, ACROSS),
    )];
    all.extend((0..province::COMMUNES).map(|number| {
        let commune = AreaId(province::FIRST + number);
        (commune, rectangle(number / ACROSS, number % ACROSS, 1, 1))
    }));
    let (db, now) = (Db::open(stage.database_url()).expect("a database"), stage.now());
    let put = db.write(move |conn| {
        for (area, outline) in &all {
            boundaries::put(conn, *area, outline, now)?;
        }
        Ok(())
    });
    put.await.expect("outlines");
}
