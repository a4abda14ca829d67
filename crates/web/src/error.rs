//! Why a request is refused, and how that is told: a page that helps, or problem+json.

use axum::http::StatusCode;

/// Why a request is not served.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Nobody is signed in, or the token is not known.
    #[error("sign in first")]
    SignIn,
    /// The domain refused.
    #[error(transparent)]
    Kernel(#[from] kernel::Error),
    /// The request itself makes no sense.
    #[error("{0}")]
    Bad(String),
    /// What was sent has not the shape that the API describes; each problem names its field or parameter.
    #[error("{}", .0.iter().map(|p| format!("{}: {}", p.field, p.message)).collect::<Vec<_>>().join("; "))]
    Shape(Vec<kernel::Problem>),
    /// Too many attempts; seconds to wait.
    #[error("too many attempts; wait {0} seconds")]
    Throttled(i64),
    /// The request did not come from one of our own pages.
    #[error("this request came from another site")]
    Foreign,
    /// What was sent is larger than is taken.
    #[error("what was sent is too large")]
    TooLarge,
    /// Something broke on our side.
    #[error("{0}")]
    Broken(String),
}

impl From<db::Error> for Refused {
    fn from(error: db::Error) -> Refused {
        Refused::Kernel(kernel::Error::Db(error))
    }
}

impl Refused {
    /// One problem with the shape of one field or parameter.
    pub(crate) fn shape(field: &str, message: impl Into<String>) -> Refused {
        Refused::Shape(vec![kernel::Problem::new(field, message)])
    }

    /// The HTTP status that says it.
    pub fn status(&self) -> StatusCode {
        use kernel::Error::{Db, Forbidden, Invalid, NotFound, Stale};
        match self {
            Refused::SignIn => StatusCode::UNAUTHORIZED,
            Refused::Kernel(NotFound(_)) => StatusCode::NOT_FOUND,
            Refused::Kernel(Forbidden(_)) | Refused::Foreign => StatusCode::FORBIDDEN,
            Refused::Kernel(Stale { .. }) => StatusCode::CONFLICT,
            Refused::Kernel(Invalid(_)) | Refused::Shape(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Refused::Kernel(Db(db::Error::Busy | db::Error::TooSlow)) => StatusCode::SERVICE_UNAVAILABLE,
            Refused::Kernel(Db(_)) | Refused::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Refused::Bad(_) => StatusCode::BAD_REQUEST,
            Refused::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
            Refused::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }
}
