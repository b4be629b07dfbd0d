//! `cargo xtask test`: everything that must hold before a change lands, the same on a developer's machine and in CI.
//!
//! A failed step does not stop the others: one run tells everything. The last line is the sum over all runners.

pub mod postgres;
mod tally;

use crate::bench::size::Against;
use crate::bundle::{self, Contents};
use crate::process::{self, cargo, step};
use crate::{bench, node, system, workspace};
use anyhow::Result;
use clap::ValueEnum;
use postgres::{Commit, Postgres};
use std::fs;
use std::process::Command;
use std::time::Instant;
use tally::Tally;

#[derive(Debug, clap::Args)]
pub struct Options {
    /// Only these parts; may be given several times
    #[arg(long, value_enum)]
    only: Vec<Part>,
    /// Takes the bundle that is there instead of building it
    #[arg(long)]
    no_bundle: bool,
    /// Passed on to the test runner: a name that tests must contain
    filter: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Formatting
    Format,
    /// Clippy, native and wasm
    Lint,
    /// Bytes that a first visit loads
    Size,
    /// Unit, API and simulation tests, on both databases
    Rust,
    /// The browser stories
    Browser,
}

pub fn run(options: &Options) -> Result<()> {
    let start = Instant::now();
    let wanted = |part: Part| options.only.is_empty() || options.only.contains(&part);
    let mut tally = Tally::default();

    if wanted(Part::Format) {
        tally.check("formatting", || {
            process::run(cargo().args(["fmt", "--all", "--check"]))
        });
    }
    // Needed by everything that compiles the server, which embeds it.
    let needs_bundle = wanted(Part::Size) || wanted(Part::Browser);
    if needs_bundle && !options.no_bundle {
        tally.check("web app", || bundle::run(&bundle::Options::default()));
    }
    fs::create_dir_all(workspace::bundle())?;
    if wanted(Part::Size) {
        tally.check("size of the first visit", || {
            bench::size::gate(&Contents::read()?, Against::Ceiling)
        });
    }
    if wanted(Part::Lint) {
        tally.check("clippy (native)", || {
            lint(&["--workspace", "--exclude", "keng-web", "--all-targets"])
        });
        tally.check("clippy (wasm)", || {
            lint(&[
                "--package",
                "keng-web",
                "--lib",
                "--bins",
                "--target",
                "wasm32-unknown-unknown",
            ])
        });
    }
    if wanted(Part::Rust) {
        rust(&mut tally, options)?;
    }
    if wanted(Part::Browser) {
        browser(&mut tally, options)?;
    }
    eprintln!("  all of it took {:.1} min", start.elapsed().as_secs_f64() / 60.0);
    tally.close()
}

fn lint(what: &[&str]) -> Result<()> {
    process::run(cargo().arg("clippy").args(what).args(["--", "-D", "warnings"]))
}

/// Unit tests, API tests, the engine simulation and the kill loop: all of cargo's own.
fn rust(tally: &mut Tally, options: &Options) -> Result<()> {
    let built = tally.check("server: compile", build_server);
    if !built {
        return Ok(());
    }
    let postgres = step("PostgreSQL: start", || Postgres::start(Commit::InMemory))?;
    let mut tests = cargo();
    tests
        .args(["test", "--workspace", "--no-fail-fast"])
        .args(&options.filter)
        .env("KENG_TEST_POSTGRES_URL", postgres.url())
        .env("KENG_TEST_BINARY", workspace::keng("debug"));
    tally.runner("unit, API, simulation and kill-loop tests", &mut tests);
    Ok(())
}

/// Stories in Chromium, each against a server of its own.
fn browser(tally: &mut Tally, options: &Options) -> Result<()> {
    let packages = node::packages()?;
    let chromium = system::chromium()?;
    let built = tally.check("server: compile", build_server);
    if !built {
        return Ok(());
    }
    let contract = step("store contract: compile", bundle::contract)?;
    let mut tests = browser_runner()?;
    if let Some(filter) = &options.filter {
        tests.arg(format!("--test-name-pattern={filter}"));
    }
    tests
        .arg(workspace::root().join("tests/browser/"))
        .env("KENG_TEST_BINARY", workspace::keng("debug"))
        .env("KENG_TEST_CONTRACT", contract)
        .env("KENG_TEST_NPM", packages)
        .env("KENG_TEST_CHROMIUM", chromium);
    tally.runner("browser tests", &mut tests);
    Ok(())
}

/// The binary that kill loop, bucket and browser tests start, with the features of the whole workspace.
fn build_server() -> Result<()> {
    process::run(cargo().args(["build", "--workspace", "--bin", "keng"]))
}

fn browser_runner() -> Result<Command> {
    let mut node = node::node()?;
    node.args(["--test", "--test-reporter=spec", "--test-concurrency=2"]);
    Ok(node)
}
