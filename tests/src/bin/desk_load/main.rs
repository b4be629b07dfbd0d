//! `cargo xtask bench desk`: what the desk of a province waits for, on both databases, and how that grows with the records.
//!
//! The province has 500 communes with ten residential areas each. Records lie evenly over its areas and over a year, each
//! with two photos as rows; a fifth of the newest wait for review. Every figure is a whole request with one client, on
//! the same cores as the server.
#![expect(
    clippy::expect_used,
    reason = "a driver that cannot set up its stage has nothing to measure"
)]

mod ask;

use ask::Asked;
use keng_tests::binary::{self, Keng};
use keng_tests::stage::Stage;
use keng_tests::transport::Address;
use keng_tests::{Kind, bench, province};

/// Numbers of records that are compared, unless `KENG_BENCH_RECORDS` names others.
const SIZES: [u64; 2] = [10_000, 1_000_000];

fn main() {
    let sizes = bench::sizes(&SIZES);
    let runtime = bench::runtime();
    for kind in bench::databases() {
        runtime.block_on(drive(kind, &sizes));
    }
}

async fn drive(kind: Kind, sizes: &[u64]) {
    println!("\n{kind:?}");
    let stage = Stage::set(kind, 1).await;
    province::communes(&stage).await;
    let mut columns: Vec<(u64, Vec<Asked>)> = Vec::new();
    let mut known = 0;
    for &size in sizes {
        province::fill(&stage, known, size).await;
        known = known.max(size);
        let server = Keng::start(&binary::keng(), &stage);
        let address = Address::default();
        address.set(server.origin.clone());
        let took = province::indexed(&stage).await;
        println!(
            "  {size} records: the index of words took {:.1} s",
            took.as_secs_f64()
        );
        columns.push((size, ask::everything(&stage, &address).await));
    }
    let heads: Vec<String> = columns
        .iter()
        .map(|(size, _)| format!("{:<26}", format!("{size} records")))
        .collect();
    println!("  {:<44}{}growth", "median / 95 %", heads.concat());
    let Some((_, first)) = columns.first() else { return };
    for (number, asked) in first.iter().enumerate() {
        let figures: Vec<&Asked> = columns.iter().filter_map(|(_, all)| all.get(number)).collect();
        let cells: Vec<String> = figures
            .iter()
            .map(|asked| format!("{:<26}", asked.to_string()))
            .collect();
        let growth = figures
            .last()
            .map(|last| last.median.as_secs_f64() / asked.median.as_secs_f64());
        println!(
            "  {:<44}{}× {:.1}",
            asked.what,
            cells.concat(),
            growth.unwrap_or_default()
        );
    }
    stage.strike();
}
