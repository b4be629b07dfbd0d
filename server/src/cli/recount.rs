//! `keng recount`.

use super::{CommandError, progress};
use crate::app;
use crate::clock::Clock;
use crate::config::Config;
use crate::targets::recount;
use clap::Args;
use tokio::runtime::Runtime;

/// Count the figures of every target anew; a server may run meanwhile.
#[derive(Args)]
pub struct Recount {
    /// Change nothing; say where stored figures differ from a count, and fail if any does
    #[arg(long)]
    check: bool,
}

impl Recount {
    pub(super) fn run(self, runtime: &Runtime, config: Config) -> Result<(), CommandError> {
        runtime.block_on(async {
            let state = app::prepare(config, Clock::system()).await?;
            let bar = progress::bar("count");
            let on_commune = |count: usize| {
                bar.set_length(count as u64);
                bar.inc(1);
            };
            let started = std::time::Instant::now();
            if self.check {
                let (communes, differences) = recount::check(&state.db, on_commune).await?;
                bar.finish_and_clear();
                for difference in &differences {
                    println!(
                        "target {}, commune {}: {} shares that add up to {} by the count, {} that add up to {} stored",
                        difference.code,
                        difference.commune,
                        difference.shares.0,
                        difference.amount.0,
                        difference.shares.1,
                        difference.amount.1,
                    );
                }
                if !differences.is_empty() {
                    return Err(format!("{} figures differ; run keng recount", differences.len()).into());
                }
                println!("{communes} communes of plans checked in {:.1?}: every figure is right", started.elapsed());
            } else {
                let communes = recount::all(&state.db, on_commune).await?;
                bar.finish_and_clear();
                println!("{communes} communes of plans counted in {:.1?}", started.elapsed());
            }
            Ok(())
        })
    }
}
