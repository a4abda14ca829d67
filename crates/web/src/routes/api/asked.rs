//! What a request brings: parameters, each known and given once, a JSON body of bounded size, entity tags.

use std::collections::BTreeMap;

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::header::{CONTENT_TYPE, IF_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri};
use serde_json::{Map, Value as Json};

use super::answers::Refusal;
use crate::{App, Refused};

/// The largest body of a batch.
const BATCH_LIMIT: usize = 10 << 20;
/// The largest body of anything else.
const BODY_LIMIT: usize = 1 << 20;

/// The longest filter here, in characters: an address holds 64 kB, and a character takes up to twelve bytes there.
pub(super) const FILTER_LIMIT: usize = 4_000;
/// The most characters to search for.
pub(super) const SEARCH_LIMIT: usize = 200;

/// The parameters of a query. A request with one that is unknown or given twice is refused: a filter with a typing
/// error in its name must not give the whole list.
#[derive(Debug)]
pub(super) struct Params(BTreeMap<String, String>);

impl FromRequestParts<App> for Params {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Params, Refusal> {
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        let Query(pairs) = pairs.map_err(|e| Refused::Bad(e.body_text()))?;
        let mut params = BTreeMap::new();
        for (key, value) in pairs {
            if params.insert(key.clone(), value).is_some() {
                return Err(Refused::shape(&key, "is given twice").into());
            }
        }
        Ok(Params(params))
    }
}

impl Params {
    /// Takes a parameter.
    pub(super) fn take(&mut self, key: &str) -> Option<String> {
        self.0.remove(key)
    }

    /// Takes a parameter of at most so many characters.
    pub(super) fn text(&mut self, key: &str, most: usize) -> Result<Option<String>, Refused> {
        match self.take(key) {
            Some(text) if text.chars().count() > most => {
                Err(Refused::shape(key, format!("is longer than {most} characters")))
            }
            text => Ok(text),
        }
    }

    /// Takes a parameter that is `true` or `false`; false when it is not given.
    pub(super) fn flag(&mut self, key: &str) -> Result<bool, Refused> {
        match self.take(key).as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(Refused::shape(key, "is neither true nor false")),
        }
    }

    /// Takes the number of entries wanted, 1 to `most`.
    pub(super) fn limit(&mut self, usual: usize, most: usize) -> Result<usize, Refused> {
        let Some(text) = self.take("limit") else { return Ok(usual) };
        let n = number(&text).and_then(|n| usize::try_from(n).ok()).filter(|n| (1..=most).contains(n));
        n.ok_or_else(|| Refused::shape("limit", format!("is not a whole number from 1 to {most}")))
    }

    /// Takes a list of different words separated by commas, each among `known`.
    pub(super) fn words(&mut self, key: &str, known: impl Fn(&str) -> bool) -> Result<Vec<String>, Refused> {
        let Some(text) = self.take(key) else { return Ok(Vec::new()) };
        let mut words: Vec<String> = Vec::new();
        for word in text.split(',') {
            if !known(word) {
                return Err(Refused::shape(key, format!("there is no field {word}")));
            }
            if words.iter().any(|w| w == word) {
                return Err(Refused::shape(key, format!("{word} is given twice")));
            }
            words.push(word.to_string());
        }
        Ok(words)
    }

    /// Refuses what nothing took.
    pub(super) fn done(self) -> Result<(), Refused> {
        match self.0.into_keys().next() {
            None => Ok(()),
            Some(key) => Err(Refused::shape(&key, "is not a parameter here")),
        }
    }
}

/// What saves takes no parameters.
pub(super) fn no_params(uri: &Uri) -> Result<(), Refused> {
    match uri.query().filter(|query| !query.is_empty()) {
        None => Ok(()),
        Some(_) => Err(Refused::shape("", "only GET takes parameters")),
    }
}

/// A whole number without sign, blanks or leading noughts.
pub(super) fn number(text: &str) -> Option<i64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text.len() == 1 || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}

/// The id in a path. What is no number names no record.
pub(super) fn id(text: &str) -> Result<i64, Refused> {
    number(text).ok_or_else(|| kernel::Error::NotFound(format!("record {text}")).into())
}

/// A JSON body, of at most 1 MB, or 10 MB for a batch.
#[derive(Debug, Clone)]
pub(super) struct Body {
    pub(super) bytes: Bytes,
    pub(super) json: Json,
}

impl FromRequest<App> for Body {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &App) -> Result<Body, Refusal> {
        no_params(request.uri())?;
        let content_type =
            request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if media_type != "application/json" {
            let detail = "send JSON, with Content-Type: application/json".to_string();
            return Err(Refusal::Http(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
        }
        let limit = if request.uri().path().ends_with("/batch") { BATCH_LIMIT } else { BODY_LIMIT };
        let bytes = to_bytes(request.into_body(), limit).await.map_err(|_| {
            let detail = format!("the body is larger than {} MB, or did not arrive as a whole", limit >> 20);
            Refusal::Http(StatusCode::PAYLOAD_TOO_LARGE, detail)
        })?;
        let json =
            serde_json::from_slice(&bytes).map_err(|e| Refused::Bad(format!("the body is not JSON: {e}")))?;
        Ok(Body { bytes, json })
    }
}

impl Body {
    /// The members of the body. *Errors*: it is no object.
    pub(super) fn object(&self) -> Result<&Map<String, Json>, Refused> {
        self.json.as_object().ok_or_else(|| Refused::shape("", "the body is not a JSON object"))
    }
}

/// The versions that `If-Match` names; `None` when any will do. Tags that we never gave out match nothing.
pub(super) fn if_match(headers: &HeaderMap) -> Option<Vec<i64>> {
    let mut versions = Vec::new();
    for header in headers.get_all(IF_MATCH) {
        for tag in header.to_str().unwrap_or_default().split(',') {
            if tag.trim() == "*" {
                return None;
            }
            let version = tag.trim().strip_prefix('"').and_then(|t| t.strip_suffix('"')).and_then(number);
            versions.push(version.unwrap_or(0));
        }
    }
    if versions.is_empty() { None } else { Some(versions) }
}
