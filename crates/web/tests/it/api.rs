//! A caller of the API of a world.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request};
use serde_json::Value as Json;
use testkit::World;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt as _;
use web::{App, Config};

/// A program with a token.
pub(crate) struct Caller {
    router: Router,
    runtime: Runtime,
    token: String,
}

/// What it was answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) json: Json,
}

impl Reply {
    /// A header's text; empty when it is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    /// The id of the record in the answer.
    pub(crate) fn id(&self) -> i64 {
        self.json["id"].as_i64().unwrap_or_else(|| panic!("no id in {self:?}"))
    }

    /// The status, and for a problem its fields and messages.
    pub(crate) fn told(&self) -> String {
        let errors = self.json["errors"].as_array();
        let errors: Vec<String> = errors
            .into_iter()
            .flatten()
            .map(|e| format!("{}: {}", e["field"].as_str().unwrap(), e["message"].as_str().unwrap()))
            .collect();
        format!("{} {}", self.status, errors.join("; ")).trim().to_string()
    }

    /// The texts of one field of a list.
    pub(crate) fn column(&self, field: &str) -> Vec<String> {
        let data = self.json["data"].as_array().unwrap_or_else(|| panic!("no list in {self:?}"));
        data.iter().map(|r| r[field].as_str().unwrap_or_default().to_string()).collect()
    }
}

impl Caller {
    /// A program with an administrator's token.
    pub(crate) fn new(w: &World) -> Caller {
        Caller::with_role(w, "Administrator")
    }

    /// A program with the rights of a role.
    pub(crate) fn with_role(w: &World, role: &str) -> Caller {
        let token = format!("token of {role}").replace(' ', "-");
        w.write(|tx| crm::tokens::create(tx, &w.ctx(), role, role, &token));
        let config =
            Config { data: std::env::temp_dir(), secure_cookies: false, demo: false, clock: || testkit::NOW };
        let app = App::new(w.db.clone(), config).unwrap();
        let runtime = Builder::new_multi_thread().worker_threads(2).build().unwrap();
        Caller { router: web::router(app), runtime, token }
    }

    /// The runtime and a router, for requests at the same time.
    pub(crate) fn parts(&self) -> (&Runtime, Router, &str) {
        (&self.runtime, self.router.clone(), &self.token)
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, &[], None)
    }

    pub(crate) fn post(&self, path: &str, body: &Json) -> Reply {
        self.send(Method::POST, path, &[], Some(body))
    }

    pub(crate) fn patch(&self, path: &str, body: &Json) -> Reply {
        self.send(Method::PATCH, path, &[], Some(body))
    }

    pub(crate) fn put(&self, path: &str, body: &Json) -> Reply {
        self.send(Method::PUT, path, &[], Some(body))
    }

    pub(crate) fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, &[], None)
    }

    /// A request with the token and more headers.
    pub(crate) fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Json>,
    ) -> Reply {
        let bearer = format!("Bearer {}", self.token);
        let mut all = vec![("authorization", bearer.as_str())];
        if body.is_some() {
            all.push(("content-type", "application/json"));
        }
        all.extend(headers);
        self.raw(method, path, &all, body.map(Json::to_string).unwrap_or_default())
    }

    /// A request as it is.
    pub(crate) fn raw(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.into()).unwrap();
        self.runtime.block_on(answer(self.router.clone(), request))
    }
}

/// Sends a request through a router.
pub(crate) async fn answer(router: Router, request: Request<Body>) -> Reply {
    let response = router.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let json = if bytes.is_empty() { Json::Null } else { serde_json::from_slice(&bytes).unwrap() };
    Reply { status: parts.status.as_u16(), headers: parts.headers, json }
}

/// Text as a part of a query or a path.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}
