//! `keng serve`.

use super::CommandError;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::users;
use clap::Args;
use tokio::runtime::Runtime;

/// Run the server until SIGTERM or Ctrl-C; requests in flight get 20 seconds to finish.
#[derive(Args)]
pub struct Serve {}

impl Serve {
    pub(super) fn run(self, runtime: &Runtime, config: Config) -> Result<(), CommandError> {
        let running = runtime.block_on(crate::start(config, Clock::system()))?;
        println!("Kẻng listens on http://{}", running.addr);
        let db = running.state.db.clone();
        if !runtime.block_on(db.read(users::any))? {
            println!(
                "Nobody is registered yet. Load areas with `keng area import`, then run `keng user first-admin`."
            );
        }
        running.wait()?;
        Ok(())
    }
}
