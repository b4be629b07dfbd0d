//! Kẻng's build, serve, test and measure commands. `cargo xtask --help` lists them.
//!
//! Every command finds or installs what it needs, works from a fresh clone, and writes only below `target/`
//! (and `data/`, where `serve` keeps its database).

mod bench;
mod bundle;
mod clean;
mod node;
mod process;
mod screens;
mod serve;
mod system;
mod test;
mod workspace;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Builds, serves, tests and measures Kẻng.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    after_help = "Start here:\n  cargo xtask serve    opens Kẻng with a demo commune on http://127.0.0.1:8080\n  \
                  cargo xtask test     checks everything, as CI does\n\nBoth install what is missing: the wasm target, \
                  npm packages below target/, and, on Debian as root, Node.js, PostgreSQL and Chromium."
)]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Builds the web app into target/bundle, from where the server embeds it
    Bundle(bundle::Options),
    /// Bundles, builds and starts the server with demo data
    Serve(serve::Options),
    /// Checks formatting, lints and runs every test, with its own PostgreSQL and Chromium
    Test(test::Options),
    /// The same as `test`: what `.ci/run` calls
    Ci(test::Options),
    /// Photographs every screen and main state into target/screens/index.html
    Screens(screens::Options),
    /// Measures speed and size
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Removes what the other commands left below target/, but no compiled code
    Clean,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Task::Bundle(options) => bundle::run(&options),
        Task::Serve(options) => serve::run(&options),
        Task::Test(options) | Task::Ci(options) => test::run(&options),
        Task::Screens(options) => screens::run(&options),
        Task::Bench(bench) => bench::run(&bench),
        Task::Clean => clean::run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\ncargo xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
