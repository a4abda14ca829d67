//! Is the program alive, can it serve, and how busy is it?

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

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

/// `GET /metrics`: counters for Prometheus; numbers only, nothing of any record.
pub(crate) async fn metrics(State(app): State<App>) -> Response {
    let db = app.db().clone();
    let jobs = app.blocking(move || {
        db.read::<_, db::Error>(|tx| {
            // Jobs that ended are many and of no use here; the two states below have an index.
            let sql = "SELECT state, COUNT(*) FROM jobs WHERE state IN ('waiting', 'running') GROUP BY state";
            let rows = tx.query(sql, &[])?;
            rows.iter().map(|row| Ok((row.text(0)?.to_string(), row.int(1)?))).collect()
        })
    });
    let jobs: Vec<(String, i64)> = jobs.await.ok().and_then(Result::ok).unwrap_or_default();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics().text(&jobs)).into_response()
}
