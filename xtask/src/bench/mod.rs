//! `cargo xtask bench …`: figures, each beside its budget.

pub mod size;

use crate::bundle::{self, Contents};
use anyhow::Result;

#[derive(Debug, clap::Subcommand)]
pub enum Bench {
    /// Bytes that a first visit loads, compressed
    Size {
        /// Takes the bundle that is there
        #[arg(long)]
        no_bundle: bool,
    },
}

pub fn run(bench: &Bench) -> Result<()> {
    match bench {
        Bench::Size { no_bundle } => {
            if !no_bundle {
                bundle::run(&bundle::Options::default())?;
            }
            size::gate(&Contents::read()?)
        }
    }
}
