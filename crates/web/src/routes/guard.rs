//! What every answer carries, and what every change must show: that it came from one of our own pages.

use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::App;

/// Refuses changes that another site asked the browser for, by `Sec-Fetch-Site` and `Origin`.
/// Requests with a bearer token carry no cookie and are let through.
pub(crate) async fn own_pages_only(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let headers = request.headers();
    let bearer = headers.contains_key(axum::http::header::AUTHORIZATION);
    if !safe && !bearer {
        let text = |name: HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
        let site = text(HeaderName::from_static("sec-fetch-site"));
        let foreign_site = site.is_some_and(|site| site != "same-origin" && site != "none");
        let host = text(HOST).unwrap_or_default();
        let foreign_origin = text(ORIGIN).is_some_and(|origin| origin.split("://").nth(1) != Some(host));
        if foreign_site || foreign_origin {
            return (StatusCode::FORBIDDEN, "this request came from another site; nothing was changed\n")
                .into_response();
        }
    }
    next.run(request).await
}

/// Headers that keep browsers from guessing, framing and leaking.
pub(crate) async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let fixed = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=()"),
    ];
    for (name, value) in fixed {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

/// Counts every request and how long it took.
pub(crate) async fn count(State(app): State<App>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let response = next.run(request).await;
    app.metrics().answered(response.status().as_u16(), start.elapsed());
    response
}
