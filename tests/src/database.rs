//! A database of its own for every test.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use std::path::Path;
use uuid::Uuid;

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// Names the PostgreSQL server; `cargo xtask test` starts one and sets it.
const POSTGRES_URL: &str = "KENG_TEST_POSTGRES_URL";

/// An empty database. Dropping it removes it.
#[derive(Debug)]
pub struct Database {
    pub url: String,
    schema: Option<Schema>,
}

#[derive(Debug)]
struct Schema {
    server: String,
    name: String,
}

impl Database {
    /// A file in `folder`, or a schema on the PostgreSQL server of the tests.
    pub fn create(kind: Kind, folder: &Path) -> Self {
        match kind {
            Kind::Sqlite => Self {
                url: format!("sqlite:{}", folder.join("keng.db").display()),
                schema: None,
            },
            Kind::Postgres => {
                let schema = Schema {
                    server: postgres_url(),
                    name: format!("test_{}", Uuid::now_v7().simple()),
                };
                schema.run(&format!("CREATE SCHEMA {}", schema.name));
                let separator = if schema.server.contains('?') { '&' } else { '?' };
                Self {
                    url: format!(
                        "{}{separator}options=-csearch_path%3D{name}&application_name={name}",
                        schema.server,
                        name = schema.name
                    ),
                    schema: Some(schema),
                }
            }
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(schema) = self.schema.as_ref().filter(|_| !std::thread::panicking()) {
            schema.run(&format!("DROP SCHEMA {} CASCADE", schema.name));
        }
    }
}

impl Schema {
    fn run(&self, sql: &str) {
        let mut conn = PgConnection::establish(&self.server).expect("the PostgreSQL server of the tests");
        conn.batch_execute("SET client_min_messages = warning")
            .expect("a setting");
        conn.batch_execute(sql).expect(sql);
    }
}

/// The PostgreSQL server of the tests. Without one its half of the tests fails; it is never skipped in silence.
fn postgres_url() -> String {
    std::env::var(POSTGRES_URL).unwrap_or_else(|_| {
        panic!("{POSTGRES_URL} is not set: run `cargo xtask test`, which starts a PostgreSQL, or name one yourself")
    })
}
