//! API tests: stories of the cast, each on SQLite and on PostgreSQL. One binary, so that linking happens once.

mod areas;
mod teams;
