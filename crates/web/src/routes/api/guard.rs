//! What holds for every route of the API: what the reader takes, who may change, and that every refusal is a problem.

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{ACCEPT, ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::answers::{Refusal, problem};
use crate::{App, Refused};

/// Routes on which a list over several objects, such as `customers`, has nothing.
const SAVING: [&str; 3] = ["/{object}/batch", "/{object}/by/{key}/{value}", "/{object}/{id}/restoration"];

/// Checks a request before its handler, and turns what axum itself refuses into problems.
pub(super) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = match check(&app, &request) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    };
    let json = response.headers().get(CONTENT_TYPE).is_some_and(|v| v.as_bytes().ends_with(b"json"));
    let status = response.status();
    if (status.is_client_error() || status.is_server_error()) && !json {
        let allow = response.headers().get(ALLOW).cloned();
        let detail = status.canonical_reason().unwrap_or("Refused").to_lowercase();
        response = problem(status, &detail, &[]);
        response.headers_mut().extend(allow.map(|allow| (ALLOW, allow)));
    }
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Everything that is not a route.
pub(super) async fn nowhere() -> Response {
    problem(StatusCode::NOT_FOUND, "there is nothing at this address", &[])
}

fn check(app: &App, request: &Request) -> Result<(), Refusal> {
    let headers = request.headers();
    if !takes_json(headers) {
        return Err(Refusal::Http(StatusCode::NOT_ACCEPTABLE, "answers are application/json".into()));
    }
    check_method(app, request)?;
    // What reads checks its own parameters; a method that is not known here is refused by the routes.
    if !matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH | Method::DELETE) {
        return Ok(());
    }
    // A browser sends its cookie along whoever asks it to; a program sends its token only when it means to.
    let own_page = headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin");
    if !headers.contains_key(AUTHORIZATION) && headers.contains_key(axum::http::header::COOKIE) && !own_page {
        return Err(Refused::Foreign.into());
    }
    Ok(())
}

/// Lists over several objects are read here and saved through their parts.
fn check_method(app: &App, request: &Request) -> Result<(), Refusal> {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let route = route.strip_prefix("/api/v1").unwrap_or(route);
    if !route.starts_with("/{object}") {
        return Ok(());
    }
    let path = request.uri().path();
    let key =
        path.trim_start_matches("/api/v1").trim_start_matches('/').split('/').next().unwrap_or_default();
    let catalogue = app.catalogue();
    let Some(object) = catalogue.object(key).filter(|o| !o.parts.is_empty() || !o.writable) else {
        return Ok(());
    };
    if SAVING.contains(&route) {
        let of = if object.parts.is_empty() {
            "they are kept by Kith"
        } else {
            "save contacts or companies instead"
        };
        return Err(Refusal::Http(StatusCode::NOT_FOUND, format!("{key} cannot be saved: {of}")));
    }
    match *request.method() {
        Method::GET | Method::HEAD => Ok(()),
        _ => Err(Refusal::Method("GET,HEAD")),
    }
}

/// Does the reader take JSON? One who does not say takes anything.
fn takes_json(headers: &HeaderMap) -> bool {
    let mut ranges =
        headers.get_all(ACCEPT).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')).peekable();
    if ranges.peek().is_none() {
        return true;
    }
    ranges.any(|range| {
        let mut parts = range.split(';').map(|part| part.trim().to_ascii_lowercase());
        let media = parts.next().unwrap_or_default();
        let refused = parts.any(|p| matches!(p.as_str(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        let fits = matches!(
            media.as_str(),
            "" | "*/*" | "application/*" | "application/json" | "application/problem+json"
        );
        fits && !refused
    })
}
