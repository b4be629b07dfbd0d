//! Statements whose prepared form is kept.
//!
//! diesel prepares anew what *may* change its text from call to call: every update, every insert of several rows, every
//! `IN (…)`. Parsing and planning then costs more than the change itself; with it a photo cost the writer 1.3 ms.
//! Kept statements are found by their text, so a text that does change is only a second statement that is kept.

use super::Conn;
use crate::both;
use diesel::RunQueryDsl;
use diesel::backend::Backend;
use diesel::connection::{DefaultLoadingMode, LoadConnection};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::Untyped;
use diesel::sqlite::Sqlite;

/// Keeps the prepared form of a statement. Only for statements with few different texts: one for each number of rows
/// or values, so they have to be bounded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prepared<T>(pub T);

impl<T> QueryId for Prepared<T> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T: Query> Query for Prepared<T> {
    type SqlType = T::SqlType;
}

impl<T, DB> QueryFragment<DB> for Prepared<T>
where
    DB: Backend,
    T: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _backend: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<T, C> RunQueryDsl<C> for Prepared<T> {}

impl<T> Prepared<T>
where
    T: QueryFragment<Pg> + QueryFragment<Sqlite>,
{
    /// Runs a statement that gives no rows back.
    ///
    /// diesel's `execute` hands a *reference* to the connection, and a reference does not pass on that the statement may be
    /// kept; loading takes it by value.
    pub fn run(self, conn: &mut Conn) -> QueryResult<()> {
        both!(conn, |conn| {
            for row in LoadConnection::<DefaultLoadingMode>::load(conn, Rowless(self))? {
                row?;
            }
            Ok(())
        })
    }
}

/// A statement whose rows, if any, nobody reads.
struct Rowless<T>(Prepared<T>);

impl<T> QueryId for Rowless<T> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T> Query for Rowless<T> {
    type SqlType = Untyped;
}

impl<T, DB> QueryFragment<DB> for Rowless<T>
where
    DB: Backend,
    T: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, backend: &DB) -> QueryResult<bool> {
        self.0.is_safe_to_cache_prepared(backend)
    }
}
