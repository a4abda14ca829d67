//! What HTTP itself asks for: methods, media types, sizes, and problems for everything that goes wrong.

use axum::http::Method;
use serde_json::json;
use testkit::World;

use crate::api::{Caller, Reply};

fn is_a_problem(reply: &Reply) -> bool {
    reply.header("content-type") == "application/problem+json"
        && reply.json["status"] == reply.status
        && ["type", "title", "detail", "errors"].iter().all(|key| reply.json.get(key).is_some())
}

#[test]
fn every_refusal_is_a_problem() {
    let w = World::sqlite();
    let api = Caller::new(&w);
    let bearer = "Bearer token-of-Administrator";
    let send = |method, path: &str, headers: &[(&str, &str)], body: &str| {
        let mut all = vec![("authorization", bearer)];
        all.extend(headers);
        api.raw(method, path, &all, body.to_string())
    };
    let json_type = ("content-type", "application/json");
    let large = format!(r#"{{"name":"{}"}}"#, "x".repeat(1 << 20));
    let cases = [
        (api.raw(Method::GET, "/contacts", &[], ""), 401),
        (api.raw(Method::GET, "/contacts", &[("authorization", "Bearer wrong")], ""), 401),
        (api.raw(Method::GET, "/contacts", &[("authorization", "Basic YTpi")], ""), 401),
        (send(Method::GET, "/nothing", &[], ""), 404),
        (send(Method::GET, "/a/b/c/d/e", &[], ""), 404),
        (send(Method::GET, "/contacts/abc", &[], ""), 404),
        (send(Method::GET, "/contacts/99999999999999999999", &[], ""), 404),
        (send(Method::GET, "/contacts/%FF", &[], ""), 400),
        (send(Method::PUT, "/contacts", &[json_type], "{}"), 405),
        (send(Method::GET, "/contacts", &[("accept", "text/html")], ""), 406),
        (send(Method::POST, "/contacts", &[], "name=Ana"), 415),
        (send(Method::POST, "/contacts", &[("content-type", "text/plain")], "{}"), 415),
        (send(Method::POST, "/contacts", &[json_type], "{\"name\":"), 400),
        (send(Method::POST, "/contacts", &[json_type], ""), 400),
        (send(Method::POST, "/contacts", &[json_type], "[]"), 422),
        (send(Method::POST, "/contacts", &[json_type], &large), 413),
        (send(Method::POST, "/contacts?dry=1", &[json_type], "{}"), 422),
        (send(Method::POST, "/contacts", &[json_type, ("idempotency-key", "")], "{}"), 400),
    ];
    for (n, (reply, status)) in cases.iter().enumerate() {
        assert_eq!(reply.status, *status, "case {n}: {reply:?}");
        assert!(is_a_problem(reply), "case {n}: {reply:?}");
    }
    assert_eq!(cases[0].0.header("www-authenticate"), "Bearer realm=\"kith\"");
    assert_eq!(cases[8].0.header("allow"), "GET,HEAD,POST");
}

#[test]
fn a_reader_who_takes_json_among_others_is_served() {
    let w = World::sqlite();
    let api = Caller::new(&w);
    for accept in ["application/json", "*/*", "text/html, application/*;q=0.5", "application/problem+json"] {
        assert_eq!(api.send(Method::GET, "/contacts", &[("accept", accept)], None).status, 200, "{accept}");
    }
    assert_eq!(api.send(Method::GET, "/contacts", &[("accept", "application/json;q=0")], None).status, 406);
}

#[test]
fn models_are_empty_before_the_first_scoring() {
    let w = World::sqlite();
    let none = json!({ "as_of": null, "unit": null, "n_customers": 0, "models": [] });
    assert_eq!(Caller::new(&w).get("/models").json, none);
}
