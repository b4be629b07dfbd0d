//! One connection type for both databases, and how a connection is opened and set up.

use super::error::DbError;
use diesel::connection::{AnsiTransactionManager, SimpleConnection};
use diesel::{Connection, PgConnection, SqliteConnection};
use std::path::{Path, PathBuf};

/// A connection to whichever database is configured. Queries through it run on both.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL.
    Postgres(PgConnection),
    /// SQLite.
    Sqlite(SqliteConnection),
}

/// Compiles the same body once for each database, with `$conn` of the concrete type. It carries what [`Conn`] cannot:
/// inserting several rows in one statement, `on_conflict`, `for_update`.
///
/// ```ignore
/// both!(conn, |conn| diesel::insert_into(area::table).values(&rows).execute(conn))?;
/// ```
#[macro_export]
macro_rules! both {
    ($conn:expr, |$name:ident| $body:expr) => {
        match $conn {
            $crate::db::Conn::Postgres($name) => $body,
            $crate::db::Conn::Sqlite($name) => $body,
        }
    };
}

/// Which database, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Backend {
    /// A file on this machine.
    Sqlite(PathBuf),
    /// A libpq connection URL.
    Postgres(String),
}

/// What a connection is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Only reading; the database itself refuses writes.
    Reading,
    /// Reading and writing.
    Writing,
}

/// The oldest SQLite with the fixes for WAL that durability relies on.
const OLDEST_SQLITE: i32 = 3_051_003;

impl Backend {
    /// Reads a database URL. Only the schemes `sqlite:`, `postgres:` and `postgresql:` mean anything.
    pub fn parse(url: &str) -> Result<Self, DbError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.starts_with(':') {
                return Err(DbError::Config(format!(
                    "`{url}` names no file: write sqlite:<file>, for example sqlite:keng-data/keng.db"
                )));
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        // The URL may hold a password, so only its scheme is repeated.
        let scheme = url
            .split(':')
            .next()
            .filter(|_| url.contains(':'))
            .unwrap_or("none");
        Err(DbError::Config(format!(
            "the database URL must begin with sqlite: or postgres:// (its scheme is `{scheme}`)"
        )))
    }

    /// Opens a connection.
    pub fn open(&self, purpose: Purpose) -> Result<Conn, DbError> {
        match self {
            Self::Sqlite(path) => open_sqlite(path, purpose).map(Conn::Sqlite),
            Self::Postgres(url) => open_postgres(url, purpose).map(Conn::Postgres),
        }
    }
}

fn open_sqlite(path: &Path, purpose: Purpose) -> Result<SqliteConnection, DbError> {
    assert_sqlite_version()?;
    if purpose == Purpose::Writing
        && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
    {
        create_private_folder(folder)
            .map_err(|error| DbError::Unavailable(format!("cannot create {}: {error}", folder.display())))?;
    }
    let mut conn = SqliteConnection::establish(&path.display().to_string())?;
    // 16 MiB of cache for the writer, 4 MiB a reader; reads go through the mapped file anyway.
    conn.batch_execute(
        "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         PRAGMA foreign_keys = ON; PRAGMA mmap_size = 268435456; PRAGMA temp_store = MEMORY;",
    )?;
    conn.batch_execute(match purpose {
        Purpose::Reading => "PRAGMA cache_size = -4096; PRAGMA query_only = ON;",
        Purpose::Writing => "PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4000;",
    })?;
    Ok(conn)
}

/// The database holds secrets of the server, so a folder that is made for it is for its owner only.
fn create_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn assert_sqlite_version() -> Result<(), DbError> {
    // The version is compiled in: the bundled library is the one that is linked.
    if libsqlite3_sys::SQLITE_VERSION_NUMBER < OLDEST_SQLITE {
        return Err(DbError::Config("SQLite is older than 3.51.3".to_owned()));
    }
    Ok(())
}

fn open_postgres(url: &str, purpose: Purpose) -> Result<PgConnection, DbError> {
    let mut conn = PgConnection::establish(url)?;
    conn.batch_execute(
        "SET synchronous_commit = on; SET client_min_messages = warning; SET TIME ZONE 'UTC';",
    )?;
    if purpose == Purpose::Reading {
        conn.batch_execute("SET default_transaction_read_only = on;")?;
    }
    Ok(conn)
}

/// Opens a write transaction. On SQLite it takes the write lock at once: a transaction that reads first and writes
/// later fails when another writer came between.
pub fn begin_write(conn: &mut Conn) -> diesel::QueryResult<()> {
    match conn {
        Conn::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE"),
        Conn::Postgres(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN"),
    }
}

/// Opens a read transaction that sees one state of the database.
pub fn begin_snapshot(conn: &mut Conn) -> diesel::QueryResult<()> {
    match conn {
        Conn::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN"),
        Conn::Postgres(conn) => AnsiTransactionManager::begin_transaction_sql(
            conn,
            "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_chosen_by_its_scheme_and_nothing_else_is_accepted() {
        assert_eq!(
            Backend::parse("sqlite:data/keng.db").unwrap(),
            Backend::Sqlite("data/keng.db".into())
        );
        assert!(matches!(
            Backend::parse("postgresql://keng@db/keng").unwrap(),
            Backend::Postgres(_)
        ));
        for typo in [
            "keng.db",
            "/var/keng.db",
            "sqlite",
            "sqlite:",
            "sqlite::memory:",
            "postgre://db/x",
            "mysql://x",
        ] {
            assert!(Backend::parse(typo).is_err(), "{typo}");
        }
    }

    #[test]
    fn a_refused_url_does_not_repeat_its_password() {
        let error = Backend::parse("postgress://keng:s3cret@db/keng")
            .unwrap_err()
            .to_string();
        assert!(!error.contains("s3cret"), "{error}");
    }
}
