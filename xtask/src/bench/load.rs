//! Speed of the server: a driver of `tests/src/bin` against a release build, on SQLite and on an own PostgreSQL.

use crate::process::{self, cargo, step};
use crate::test::postgres::{Commit, Postgres};
use crate::workspace;
use anyhow::Result;

/// Runs the driver of this name.
pub fn measure(driver: &str) -> Result<()> {
    process::run(cargo().args(["build", "--release", "--package", "keng-server"]))?;
    let postgres = step("PostgreSQL: start", || Postgres::start(Commit::OnDisk))?;
    process::run(
        cargo()
            .args(["run", "--release", "--package", "keng-tests", "--bin", driver])
            .env("KENG_TEST_BINARY", workspace::keng("release"))
            .env("KENG_TEST_POSTGRES_URL", postgres.url()),
    )
}
