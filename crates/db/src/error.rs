//! What can go wrong between Kith and its database.

/// The result of a database call.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a database call failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A unique index holds the value already; names the index or columns.
    #[error("already taken: {0}")]
    Taken(String),
    /// A referenced row is missing, or a check of the schema failed.
    #[error("refused by the schema: {0}")]
    Refused(String),
    /// The read ran into its time limit.
    #[error("the query took too long and was stopped")]
    TooSlow,
    /// Another writer was in the way; the same work may succeed when it is done again.
    #[error("the database is busy")]
    Busy,
    /// A row had another type than the code asked for.
    #[error("column {column} holds {found}, not {wanted}")]
    Type {
        /// Position in the row.
        column: usize,
        /// What the caller wanted.
        wanted: &'static str,
        /// What was there.
        found: &'static str,
    },
    /// No row where one was promised.
    #[error("no row")]
    NoRow,
    /// A migration that was applied has changed since, or the database is newer than the program.
    #[error("{0}")]
    Migration(String),
    /// The engine can't do this.
    #[error("{0} is not supported by this engine")]
    Unsupported(&'static str),
    /// SQLite's own error.
    #[error("sqlite: {0}")]
    Sqlite(rusqlite::Error),
    /// PostgreSQL's own error.
    #[error("postgres: {0}")]
    Postgres(String),
    /// The file system refused.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        use rusqlite::ffi::ErrorCode;
        let rusqlite::Error::SqliteFailure(code, message) = &error else { return Error::Sqlite(error) };
        let text = message.clone().unwrap_or_default();
        match code.code {
            ErrorCode::ConstraintViolation if text.starts_with("UNIQUE") => Error::Taken(text),
            ErrorCode::ConstraintViolation => Error::Refused(text),
            ErrorCode::OperationInterrupted => Error::TooSlow,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Error::Busy,
            _ => Error::Sqlite(error),
        }
    }
}

impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Error {
        use postgres::error::SqlState;
        let Some(detail) = error.as_db_error() else {
            let mut text = error.to_string();
            let mut source = std::error::Error::source(&error);
            while let Some(inner) = source {
                text = format!("{text}: {inner}");
                source = inner.source();
            }
            return Error::Postgres(text);
        };
        let code = detail.code();
        if *code == SqlState::UNIQUE_VIOLATION {
            return Error::Taken(detail.constraint().unwrap_or(detail.message()).to_string());
        }
        if *code == SqlState::QUERY_CANCELED {
            return Error::TooSlow;
        }
        if *code == SqlState::T_R_SERIALIZATION_FAILURE
            || *code == SqlState::T_R_DEADLOCK_DETECTED
            || *code == SqlState::LOCK_NOT_AVAILABLE
        {
            return Error::Busy;
        }
        if code.code().starts_with("23") {
            return Error::Refused(detail.message().to_string());
        }
        Error::Postgres(format!("{} ({})", detail.message(), code.code()))
    }
}
