//! Speed of the server: a driver of `tests/src/bin` against a release build, on SQLite and on an own PostgreSQL.

use crate::process::{self, cargo, step};
use crate::test::postgres::{Commit, Postgres};
use crate::{node, system, workspace};
use anyhow::Result;
use std::process::Command;

/// Runs the driver of this name.
pub fn measure(driver: &str) -> Result<()> {
    let mut driver = built(driver)?;
    let postgres = step("PostgreSQL: start", || Postgres::start(Commit::OnDisk))?;
    process::run(driver.env("KENG_TEST_POSTGRES_URL", postgres.url()))
}

/// Runs the driver of this name, which opens pages in Chromium. The server holds the bundle.
pub fn measure_in_browser(driver: &str) -> Result<()> {
    let mut driver = built(driver)?;
    driver
        .env("KENG_TEST_NPM", node::packages()?)
        .env("KENG_TEST_CHROMIUM", system::chromium()?);
    process::run(&mut driver)
}

/// Builds the server, and gives the command that builds and runs a driver against it.
fn built(driver: &str) -> Result<Command> {
    process::run(cargo().args(["build", "--release", "--package", "keng-server"]))?;
    let mut command = cargo();
    command
        .args(["run", "--release", "--package", "keng-tests", "--bin", driver])
        .env("KENG_TEST_BINARY", workspace::keng("release"));
    Ok(command)
}
