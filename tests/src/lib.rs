//! Support of the tests: a whole server in this process, on either database, with a fixed cast of people.
//!
//! A test is an async function that gets a [`TestApp`] and reads as a story: people of the [`Cast`] ask through the
//! typed client of `keng_shared`, the clock stands until the test moves it. [`both_databases!`] runs it on SQLite and
//! on PostgreSQL.
#![expect(
    clippy::expect_used,
    reason = "where the support of a test fails, the test ends"
)]

pub mod app;
pub mod bench;
pub mod binary;
pub mod cast;
pub mod database;
pub mod drafts;
pub mod errand;
pub mod filler;
pub mod phone;
pub mod province;
pub mod push_service;
pub mod stage;
pub mod transport;
pub mod wire;
pub mod world;

pub use app::TestApp;
pub use cast::{Asks, Cast, Person, Refused, Visitor};
pub use database::Kind;
pub use phone::Phone;
pub use transport::Http;
pub use world::World;

/// Runs each of these `async fn(TestApp)` on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! both_databases {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[test]
            fn on_sqlite() {
                $crate::app::run($crate::Kind::Sqlite, super::$name);
            }

            #[test]
            fn on_postgres() {
                $crate::app::run($crate::Kind::Postgres, super::$name);
            }
        }
    )+};
}
