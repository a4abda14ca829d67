//! Is the program alive, and can it serve?

use axum::extract::State;
use axum::http::StatusCode;

use crate::App;

/// `GET /healthz`: the process answers.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers.
pub(crate) async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    let db = app.db().clone();
    let answered = app.blocking(move || db.read::<_, db::Error>(|tx| tx.query("SELECT 1", &[]))).await;
    match answered {
        Ok(Ok(_)) => (StatusCode::OK, "ready\n"),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}
