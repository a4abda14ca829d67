//! Why the kernel refuses.

/// The result of a kernel call.
pub type Result<T> = std::result::Result<T, Error>;

/// One thing wrong with what was sent, tied to a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Key of the field, or empty when the whole record is meant.
    pub field: String,
    /// What is wrong and what would be right, in plain words.
    pub message: String,
}

impl Problem {
    /// A problem of one field.
    pub fn new(field: &str, message: impl Into<String>) -> Problem {
        Problem { field: field.to_string(), message: message.into() }
    }
}

/// Why a call was refused; mapped once, in `web`, to a page or to problem+json.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such record, or the user may not know that there is.
    #[error("{0} not found")]
    NotFound(String),
    /// The user may see it but not do this.
    #[error("you may not {0}")]
    Forbidden(String),
    /// Somebody else saved in between; carries the version that is there now.
    #[error("{what} was changed by someone else in the meantime")]
    Stale {
        /// Kind and id of the record.
        what: String,
        /// The version that is there now.
        version: i64,
    },
    /// What was sent breaks a rule; each problem names its field.
    #[error("{}", .0.iter().map(|p| format!("{}: {}", p.field, p.message)).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<Problem>),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Error {
    /// One problem with one field.
    pub fn invalid(field: &str, message: impl Into<String>) -> Error {
        Error::Invalid(vec![Problem::new(field, message)])
    }
}
