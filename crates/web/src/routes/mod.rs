//! All routes. Pages live at `/`, REST at `/api/v1`, files under `/assets`.

mod api;
mod assets;
mod health;

use axum::Router;
use axum::routing::get;

use crate::App;

/// Everything that Kith answers.
pub fn router(app: App) -> Router {
    Router::new()
        .nest("/api/v1", api::router())
        .route("/assets/{*name}", get(assets::asset))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .with_state(app)
}
