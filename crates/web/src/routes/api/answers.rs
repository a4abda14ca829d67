//! Answers of the API: JSON, or an RFC 9457 problem that says what to do.

use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_TYPE, ETAG, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use kernel::{Error, Problem};
use serde_json::{Value as Json, json};

use crate::Refused;
use crate::routes::asked::chain;

/// What a request is answered with when it is served.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) location: Option<String>,
    pub(super) version: Option<i64>,
    /// JSON; empty for none.
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// 200 with JSON that is written already.
    pub(super) fn written(body: Vec<u8>) -> Answer {
        Answer { status: StatusCode::OK, location: None, version: None, body }
    }

    /// 200 with JSON.
    pub(super) fn json(body: &Json) -> Answer {
        Answer::written(body.to_string().into_bytes())
    }

    /// 204.
    pub(super) fn nothing() -> Answer {
        Answer { status: StatusCode::NO_CONTENT, ..Answer::written(Vec::new()) }
    }

    /// The same as 201, with where the new thing is.
    pub(super) fn created(self, path: String) -> Answer {
        Answer { status: StatusCode::CREATED, location: Some(format!("/api/v1{path}")), ..self }
    }

    /// The same with the version as its entity tag.
    pub(super) fn tagged(self, version: i64) -> Answer {
        Answer { version: Some(version), ..self }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        let mut set = |name: HeaderName, value: String| {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        };
        if self.status != StatusCode::NO_CONTENT {
            set(CONTENT_TYPE, "application/json".into());
        }
        if let Some(version) = self.version {
            set(ETAG, format!("\"{version}\""));
        }
        if let Some(location) = self.location {
            set(LOCATION, location);
        }
        response
    }
}

/// Why a request is not served: what the program refuses, or what HTTP itself has a status for.
#[derive(Debug)]
pub(super) enum Refusal {
    Refused(Refused),
    Http(StatusCode, String),
    /// The methods that would be allowed.
    Method(&'static str),
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Refusal {
        Refusal::Refused(refused)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Refusal::Refused(refused) => of_refused(&refused),
            Refusal::Http(status, detail) => problem(status, &detail, &[]),
            Refusal::Method(allowed) => {
                let mut response =
                    problem(StatusCode::METHOD_NOT_ALLOWED, &format!("only {allowed} here"), &[]);
                response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
                response
            }
        }
    }
}

fn of_refused(refused: &Refused) -> Response {
    // The shape of a request is refused with 422. What breaks a rule only because of what Kith holds, such as a
    // value that is taken or a linked record that is not there, is a conflict: the same request may fit tomorrow.
    let status = match refused {
        Refused::Kernel(Error::Invalid(_) | Error::Db(db::Error::Taken(_) | db::Error::Refused(_))) => {
            StatusCode::CONFLICT
        }
        other => other.status(),
    };
    let problems: &[Problem] = match refused {
        Refused::Shape(problems) | Refused::Kernel(Error::Invalid(problems)) => problems,
        _ => &[],
    };
    let detail = match refused {
        Refused::SignIn => "send a valid token: Authorization: Bearer …".to_string(),
        Refused::Kernel(Error::Db(db::Error::TooSlow)) => {
            "the query was stopped after some seconds; add a filter that leaves fewer records".to_string()
        }
        refused if status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE => {
            tracing::error!(error = %chain(refused), "a request to the API failed");
            "something broke on our side; what was saved before is safe".to_string()
        }
        _ if !problems.is_empty() => {
            let each = problems.iter().map(|p| format!("{} {}", p.field, p.message).trim().to_string());
            each.collect::<Vec<_>>().join("; ")
        }
        refused => refused.to_string(),
    };
    let mut response = problem(status, &detail, problems);
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"kith\""));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

/// An RFC 9457 problem.
pub(super) fn problem(status: StatusCode, detail: &str, problems: &[Problem]) -> Response {
    let body = problem_json(status, detail, problems).to_string();
    (status, [(CONTENT_TYPE, "application/problem+json")], body).into_response()
}

pub(super) fn problem_json(status: StatusCode, detail: &str, problems: &[Problem]) -> Json {
    let title = status.canonical_reason().unwrap_or("Refused");
    let errors: Vec<Json> = problems
        .iter()
        .map(|p| {
            let pointer = if p.field.is_empty() {
                String::new()
            } else {
                format!("/{}", p.field.replace('~', "~0").replace('/', "~1"))
            };
            json!({ "field": p.field, "message": p.message, "pointer": pointer })
        })
        .collect();
    json!({
        "type": format!("urn:kith:problem:{}", title.to_lowercase().replace(' ', "-")),
        "title": title,
        "status": status.as_u16(),
        "detail": detail,
        "errors": errors,
    })
}
