//! Schema changes, built into the binary: the same names in both trees.

use super::connection::Conn;
use super::error::DbError;
use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

/// Any number that nothing else in the same database locks; two instances that start together take turns.
const LOCK: i64 = 0x6b65_6e67;

/// Runs what is pending and returns the names.
pub fn run(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    let ran = match conn {
        Conn::Sqlite(conn) => conn.run_pending_migrations(SQLITE).map(names),
        Conn::Postgres(conn) => {
            conn.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})"))?;
            let ran = conn.run_pending_migrations(POSTGRES).map(names);
            conn.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})"))?;
            ran
        }
    };
    ran.map_err(|error| DbError::Unavailable(format!("migration failed: {error}")))
}

fn names(versions: Vec<diesel::migration::MigrationVersion<'_>>) -> Vec<String> {
    versions.iter().map(ToString::to_string).collect()
}
