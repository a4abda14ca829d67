//! REST over the catalogue: every object answers here, those that an administrator made included.

mod answers;
mod asked;
mod batches;
mod events;
mod guard;
mod me;
mod models;
mod objects;
mod once;
mod openapi;
mod records;
mod searches;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post, put};

use crate::App;

/// Routes below `/api/v1`.
pub(crate) fn router(app: &App) -> Router<App> {
    Router::new()
        .route("/openapi.json", get(openapi::document))
        .route("/me", get(me::me))
        .route("/search", get(searches::search))
        .route("/models", get(models::latest))
        .route("/events", get(events::feed))
        .route("/events/{id}/undo", post(events::undo))
        .route("/objects", get(objects::list).post(objects::create))
        .route("/objects/{object}/fields", get(objects::fields).post(objects::add_field))
        .route("/{object}", get(records::list).post(records::create))
        .route("/{object}/batch", post(batches::save))
        .route("/{object}/by/{key}/{value}", put(records::upsert))
        .route("/{object}/{id}", get(records::record).patch(records::change).delete(records::archive))
        .route("/{object}/{id}/restoration", post(records::restore))
        .route("/{object}/{id}/events", get(events::of_record))
        .fallback(guard::nowhere)
        .layer(from_fn_with_state(app.clone(), guard::guard))
}
