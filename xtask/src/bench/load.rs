//! Speed of the server: `tests/src/bin/load` against a release build, on SQLite and on an own PostgreSQL.

use crate::process::{self, cargo, step};
use crate::test::postgres::{Commit, Postgres};
use crate::workspace;
use anyhow::Result;

pub fn measure() -> Result<()> {
    process::run(cargo().args(["build", "--release", "--package", "keng-server"]))?;
    let postgres = step("PostgreSQL: start", || Postgres::start(Commit::OnDisk))?;
    process::run(
        cargo()
            .args(["run", "--release", "--package", "keng-tests", "--bin", "load"])
            .env("KENG_TEST_BINARY", workspace::keng("release"))
            .env("KENG_TEST_POSTGRES_URL", postgres.url()),
    )
}
