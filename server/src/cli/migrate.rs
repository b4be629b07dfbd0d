//! `keng migrate`.

use super::CommandError;
use crate::config::Config;
use crate::db::Db;
use clap::Args;

/// Bring the database up to date. `keng serve` does it too; this is for doing it before a new version takes over.
#[derive(Args)]
pub struct Migrate {}

impl Migrate {
    pub(super) fn run(self, config: &Config) -> Result<(), CommandError> {
        let ran = Db::open(&config.database_url)?.migrate()?;
        for name in &ran {
            println!("migrated {name}");
        }
        println!("{} migrations run, the database is up to date", ran.len());
        Ok(())
    }
}
