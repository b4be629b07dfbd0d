//! `cargo xtask bench load`: how fast the built server stores and lists, on both databases, beside the machine's own fsync rate.
//!
//! The server is a release build in a process of its own; clients are lean connections in this process, on the same
//! cores. Every created record and photo is durable when it is counted: the server answers after its synced commit.
#![expect(
    clippy::expect_used,
    reason = "a driver that cannot set up its stage has nothing to measure"
)]

mod machine;
mod seed;
mod work;

use keng_tests::binary::{self, Keng};
use keng_tests::stage::Stage;
use keng_tests::{Kind, bench};
use std::sync::Arc;
use std::time::Duration;
use work::{Job, Photos, Rate, measure};

const CLIENTS: [usize; 3] = [1, 8, 32];
const SIZES: [u64; 2] = [10_000, 1_000_000];
/// How long each figure is measured.
const SECONDS: u64 = 5;

fn main() {
    let seconds = std::env::var("KENG_BENCH_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok());
    let time = Duration::from_secs(seconds.unwrap_or(SECONDS));
    let runtime = bench::runtime();
    let folder = tempfile::tempdir().expect("a folder");
    println!("{}", machine::describe(folder.path()));
    for kind in bench::databases() {
        runtime.block_on(drive(kind, time));
    }
}

async fn drive(kind: Kind, time: Duration) {
    println!("\n{kind:?}");
    let binary = binary::keng();
    let clients = CLIENTS.into_iter().max().unwrap_or(1);
    let stage = Arc::new(Stage::set(kind, clients).await);
    let server = Keng::start(&binary, &stage);
    tokio::time::sleep(Duration::from_secs(2)).await;
    line(
        "start",
        "",
        format!("{} ms", server.started_in.as_millis()),
        "≤ 100 ms",
    );
    let idle = server.resident_bytes() / 1_000_000;
    line("idle memory", "", format!("{idle} MB"), "≤ 40 MB");

    for clients in CLIENTS {
        let rate = measure(&stage, &server.origin, clients, time, Job::Create).await;
        line(
            "create",
            &plural(clients),
            rate.to_string(),
            aim(clients, 32, "≥ 4,000/s"),
        );
    }
    let photos = Photos::new();
    for clients in CLIENTS {
        let rate = measure(&stage, &server.origin, clients, time, Job::Photo(photos.clone())).await;
        line(
            "create + 300 KB photo",
            &plural(clients),
            rate.to_string(),
            aim(clients, 32, "≥ 1,100/s"),
        );
    }
    for size in SIZES {
        seed::fill(&stage, size).await;
        for clients in CLIENTS {
            let rate = measure(&stage, &server.origin, clients, time, Job::List).await;
            let what = format!("newest 50 of {size}");
            line(
                &what,
                &plural(clients),
                rate.to_string(),
                aim(clients, 1, "≥ 2,000/s"),
            );
        }
    }
    let after = server.resident_bytes() / 1_000_000;
    line("memory after all that", "", format!("{after} MB"), "");
    drop(server);
    if let Some(stage) = Arc::into_inner(stage) {
        stage.strike();
    }
}

fn aim(clients: usize, at: usize, words: &'static str) -> &'static str {
    if clients == at { words } else { "" }
}

fn plural(clients: usize) -> String {
    format!("{clients} client{}", if clients == 1 { "" } else { "s" })
}

fn line(what: &str, clients: &str, figure: String, aim: &str) {
    println!("  {what:<24} {clients:<11} {figure:<34} {aim}");
}

impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let per_second = self.done as f64 / self.time.as_secs_f64();
        write!(
            f,
            "{per_second:.0}/s, median {:.1} ms, p99 {:.1} ms",
            self.median.as_secs_f64() * 1e3,
            self.p99.as_secs_f64() * 1e3
        )?;
        if self.failed > 0 {
            write!(f, ", {} refused", self.failed)?;
        }
        if let Some(refusal) = &self.refusal {
            write!(f, ", the first by {refusal}")?;
        }
        Ok(())
    }
}
