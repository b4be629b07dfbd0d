//! `keng serve`.

use super::CommandError;
use crate::clock::Clock;
use crate::config::Config;
use clap::Args;
use tokio::runtime::Runtime;

/// Run the server until SIGTERM or Ctrl-C; requests in flight get 20 seconds to finish.
#[derive(Args)]
pub struct Serve {}

impl Serve {
    pub(super) fn run(self, runtime: &Runtime, config: Config) -> Result<(), CommandError> {
        let running = runtime.block_on(crate::start(config, Clock::system()))?;
        println!("Kẻng listens on http://{}", running.addr);
        running.wait()?;
        Ok(())
    }
}
