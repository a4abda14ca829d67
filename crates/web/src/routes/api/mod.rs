//! REST over the catalogue.

use axum::Router;

use crate::App;

/// Routes below `/api/v1`.
pub(crate) fn router() -> Router<App> {
    Router::new()
}
