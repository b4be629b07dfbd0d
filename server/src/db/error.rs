//! What a query or a write can end in.

use diesel::result::{ConnectionError, DatabaseErrorKind, Error};
use keng_shared::problem::{FieldError, Problem, ProblemCode};

/// Why a read or a write did not happen. A write that ends in an error changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The job itself says no, and this is what the caller is told.
    #[error("refused: {}", .0.code.as_str())]
    Refused(Box<Problem>),
    /// A query failed.
    #[error("query failed: {0}")]
    Query(#[source] Error),
    /// Too much waits already; nothing was done.
    #[error("too busy")]
    Busy,
    /// The disk of the database is full; nothing was done.
    #[error("the disk is full")]
    StorageFull,
    /// The database cannot be reached; nothing was done.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The database cannot be used as it is configured.
    #[error("{0}")]
    Config(String),
    /// A stored row does not have the form that this program writes.
    #[error("stored data cannot be read: {0}")]
    Corrupt(String),
}

impl DbError {
    /// The value of a column `what` that has a form of its own, or [`DbError::Corrupt`].
    pub fn unless<T>(value: Option<T>, what: &str) -> Result<T, Self> {
        value.ok_or_else(|| Self::Corrupt(what.to_owned()))
    }

    /// Whether a unique index refused the write.
    pub fn is_unique_violation(&self) -> bool {
        matches!(
            self,
            Self::Query(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _))
        )
    }

    /// Whether the cause lies with one job alone. Everything else (deadlock, serialisation failure, lost connection)
    /// may come from the company that the job was in, so it is worth running again by itself.
    pub(super) fn is_final(&self) -> bool {
        match self {
            Self::Refused(_) | Self::Corrupt(_) | Self::Config(_) | Self::StorageFull => true,
            Self::Busy | Self::Unavailable(_) => false,
            Self::Query(Error::DatabaseError(kind, _)) => matches!(
                kind,
                DatabaseErrorKind::UniqueViolation
                    | DatabaseErrorKind::ForeignKeyViolation
                    | DatabaseErrorKind::NotNullViolation
                    | DatabaseErrorKind::CheckViolation
            ),
            Self::Query(error) => matches!(
                error,
                Error::NotFound
                    | Error::DeserializationError(_)
                    | Error::SerializationError(_)
                    | Error::QueryBuilderError(_)
            ),
        }
    }

    /// Whether the connection that gave this error should be thrown away.
    pub(super) fn spoils_connection(&self) -> bool {
        match self {
            Self::Query(Error::DatabaseError(kind, _)) => matches!(
                kind,
                DatabaseErrorKind::ClosedConnection
                    | DatabaseErrorKind::UnableToSendCommand
                    | DatabaseErrorKind::Unknown
            ),
            Self::Query(Error::BrokenTransactionManager | Error::AlreadyInTransaction) => true,
            Self::Unavailable(_) => true,
            _ => false,
        }
    }
}

impl From<Error> for DbError {
    fn from(error: Error) -> Self {
        if let Error::DatabaseError(kind, info) = &error {
            let message = info.message();
            // SQLite says it in these words; PostgreSQL passes on the words of the operating system.
            if message.contains("database or disk is full") || message.contains("No space left on device") {
                return Self::StorageFull;
            }
            if message.contains("database is locked") {
                return Self::Busy;
            }
            // PostgreSQL says goodbye in these words when it stops; diesel knows no kind for it.
            let is_gone = matches!(
                kind,
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand
            ) || message.starts_with("terminating connection");
            if is_gone {
                return Self::Unavailable(message.to_owned());
            }
        }
        Self::Query(error)
    }
}

impl From<ConnectionError> for DbError {
    fn from(error: ConnectionError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

/// A file that a read writes to.
impl From<std::io::Error> for DbError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Self::StorageFull,
            _ => Self::Unavailable(error.to_string()),
        }
    }
}

impl From<FieldError> for DbError {
    fn from(error: FieldError) -> Self {
        Problem::fields(vec![error]).into()
    }
}

impl From<Problem> for DbError {
    fn from(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }
}

impl From<ProblemCode> for DbError {
    fn from(code: ProblemCode) -> Self {
        Problem::new(code).into()
    }
}
