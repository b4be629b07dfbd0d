//! `keng demo`.

use super::CommandError;
use super::progress;
use crate::app;
use crate::clock::Clock;
use crate::config::Config;
use crate::demo;
use clap::{Args, Subcommand};
use tokio::runtime::Runtime;

/// A district to try Kẻng with: areas, teams, people, and what they did lately.
#[derive(Args)]
pub struct Demo {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Load the demo into an empty database, or complete it and plan the coming night; prints the accounts
    Load,
}

impl Demo {
    pub(super) fn run(self, runtime: &Runtime, config: Config) -> Result<(), CommandError> {
        let Action::Load = self.action;
        let bar = progress::bar("demo");
        let loaded = runtime.block_on(async {
            let state = app::prepare(config, Clock::system()).await?;
            demo::load(&state, &bar).await.map_err(CommandError::from)
        })?;
        match loaded.complete_since.and_then(|since| since.local_date()) {
            Some(day) => println!(
                "The demo was already there, complete since {day}: nothing was loaded again, only the coming night is planned."
            ),
            None => {
                println!("The demo is loaded: Ngọc Lặc (Thanh Hóa), with Kiên Thọ as the commune to look at.")
            }
        }
        println!("Everybody's password is {}\n", demo::PASSWORD);
        for account in loaded.accounts {
            println!("  {:<14} {:<20} {}", account.username, account.name, account.role);
        }
        println!("\nEverybody knows these accounts: never load the demo where real work is kept.");
        Ok(())
    }
}
