//! `cargo xtask serve`: the product with its demo commune, from nothing to an address in one command.

use crate::process::{self, cargo, program, step};
use crate::{bundle, workspace};
use anyhow::Result;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

#[derive(Debug, clap::Args)]
pub struct Options {
    /// Port on 127.0.0.1
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Folder of the database and the photos
    #[arg(long, default_value = "data")]
    data_dir: PathBuf,
    /// A PostgreSQL database to use instead of the embedded one: postgres://user@host/database
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// Starts empty, without the demo commune
    #[arg(long)]
    no_demo: bool,
    /// Takes the bundle that is there
    #[arg(long)]
    no_bundle: bool,
    #[command(flatten)]
    bundle: bundle::Options,
}

pub fn run(options: &Options) -> Result<()> {
    if !options.no_bundle {
        bundle::run(&options.bundle)?;
    }
    step("server: compile", || {
        process::run(cargo().args(["build", "--workspace", "--bin", "keng"]))
    })?;
    fs::create_dir_all(workspace::root().join(&options.data_dir))?;
    if !options.no_demo {
        // Loading it again changes nothing that is there already.
        step("demo commune", || {
            process::run(keng(options).args(["demo", "load"]))
        })?;
    }
    process::run(keng(options).arg("serve"))
}

/// The server's program with its configuration. It prints the address, and `demo load` the accounts.
fn keng(options: &Options) -> Command {
    let mut keng = program(workspace::keng("debug"));
    keng.env("KENG_DATA_DIR", &options.data_dir)
        .env("KENG_LISTEN", format!("127.0.0.1:{}", options.port));
    if let Some(url) = &options.postgres {
        keng.env("KENG_DATABASE_URL", url);
    }
    keng
}
