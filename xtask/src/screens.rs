//! `cargo xtask screens`: every screen and its main states, photographed in Chromium, in one page to look through.

use crate::process::{cargo, run as run_program, step};
use crate::{bundle, node, system, workspace};
use anyhow::Result;

#[derive(Debug, clap::Args)]
pub struct Options {
    /// Takes the bundle that is there
    #[arg(long)]
    no_bundle: bool,
    /// Only screens whose name contains this
    filter: Option<String>,
}

pub fn run(options: &Options) -> Result<()> {
    if !options.no_bundle {
        bundle::run(&bundle::Options::default())?;
    }
    step("server: compile", || {
        run_program(cargo().args(["build", "--workspace", "--bin", "keng"]))
    })?;
    let mut script = node::node()?;
    script
        .arg(workspace::root().join("tests/browser/screens.mjs"))
        .args(&options.filter)
        .env("KENG_TEST_BINARY", workspace::keng("debug"))
        .env("KENG_TEST_NPM", node::packages()?)
        .env("KENG_TEST_CHROMIUM", system::chromium()?);
    run_program(&mut script)
}
