//! Who asks: a session cookie, a bearer token, or nobody.

use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;

use crate::App;

/// Name of the session cookie.
pub(crate) const SESSION_COOKIE: &str = "kith-session";

/// The credentials that came with a request; looked up inside the transaction that serves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A browser with a session token.
    Session(String),
    /// A program with an API token.
    Token(String),
    /// No credentials.
    Nobody,
}

impl FromRequestParts<App> for Who {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Who, Self::Rejection> {
        let header = |name| parts.headers.get(name).and_then(|v| v.to_str().ok());
        if let Some(value) = header(AUTHORIZATION) {
            let token = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
            return Ok(token.map_or(Who::Nobody, |(_, token)| Who::Token(token.trim().to_string())));
        }
        Ok(cookie(parts, SESSION_COOKIE).map_or(Who::Nobody, Who::Session))
    }
}

/// The value of a cookie.
pub(crate) fn cookie(parts: &Parts, name: &str) -> Option<String> {
    let headers = parts.headers.get_all(COOKIE).iter().filter_map(|v| v.to_str().ok());
    let mut pairs = headers.flat_map(|v| v.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_string())
}
