//! What the drivers of `cargo xtask bench` have in common: which databases and how many records they are asked to measure.

use crate::Kind;
use std::env;
use tokio::runtime::{Builder, Runtime};

/// Sizes to compare: those of `KENG_BENCH_RECORDS`, with commas between, or `otherwise`.
pub fn sizes(otherwise: &[u64]) -> Vec<u64> {
    let Ok(named) = env::var("KENG_BENCH_RECORDS") else {
        return otherwise.to_vec();
    };
    let sizes = named.split(',').map(|size| size.trim().parse());
    sizes
        .collect::<Result<_, _>>()
        .expect("KENG_BENCH_RECORDS are numbers")
}

/// SQLite, and PostgreSQL where there is a server; `KENG_BENCH_DATABASE` (`sqlite`, `postgres`) leaves one of them.
pub fn databases() -> Vec<Kind> {
    let only = env::var("KENG_BENCH_DATABASE").ok();
    let is_asked = |name: &str| only.as_deref().is_none_or(|only| only == name);
    let mut kinds = Vec::new();
    if is_asked("sqlite") {
        kinds.push(Kind::Sqlite);
    }
    if !is_asked("postgres") {
        return kinds;
    }
    match env::var_os("KENG_TEST_POSTGRES_URL") {
        Some(_) => kinds.push(Kind::Postgres),
        None => println!("PostgreSQL is not measured: KENG_TEST_POSTGRES_URL is not set"),
    }
    kinds
}

/// A runtime of one thread, so that the clients leave the cores to the server.
pub fn runtime() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1).enable_all();
    builder.build().expect("a runtime")
}
