//! `cargo xtask bench …`: figures, each beside its budget.

mod lighthouse;
mod load;
pub mod size;

use crate::bundle::{self, Contents};
use anyhow::Result;

#[derive(Debug, clap::Subcommand)]
pub enum Bench {
    /// Creates, photos and lists a second on both databases, beside the machine's fsync rate
    Load,
    /// What the desk of a province of a million records waits for, on both databases
    Desk,
    /// Whether the desk's map stays smooth over a province of 100,000 records, in Chromium
    Map {
        /// Takes the bundle that is there
        #[arg(long)]
        no_bundle: bool,
    },
    /// What 82 targets over 500 communes cost: matrix, review, count of everything, on both databases
    Targets,
    /// Bytes that a first visit loads, compressed
    Size {
        /// Takes the bundle that is there
        #[arg(long)]
        no_bundle: bool,
    },
    /// Lighthouse on the field app, mobile: the median of five runs
    Lighthouse {
        /// Takes the bundle that is there
        #[arg(long)]
        no_bundle: bool,
    },
}

pub fn run(bench: &Bench) -> Result<()> {
    match bench {
        Bench::Load => load::measure("load"),
        Bench::Desk => load::measure("desk_load"),
        Bench::Targets => load::measure("target_load"),
        Bench::Map { no_bundle } => {
            make_bundle(*no_bundle)?;
            load::measure_in_browser("map_load")
        }
        Bench::Size { no_bundle } => {
            make_bundle(*no_bundle)?;
            size::gate(&Contents::read()?, size::Against::Budget)
        }
        Bench::Lighthouse { no_bundle } => {
            make_bundle(*no_bundle)?;
            lighthouse::measure()
        }
    }
}

fn make_bundle(skip: bool) -> Result<()> {
    if skip {
        return Ok(());
    }
    bundle::run(&bundle::Options::default())
}
