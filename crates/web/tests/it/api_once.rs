//! Requests that come twice.

use axum::http::{Method, Request};
use serde_json::json;
use testkit::both;

use crate::api::{Caller, answer};

#[test]
fn a_request_with_the_same_key_is_answered_again_and_not_done_again() {
    both(|w| {
        let api = Caller::new(w);
        let send = |name: &str| {
            api.send(Method::POST, "/contacts", &[("idempotency-key", "k1")], Some(&json!({ "name": name })))
        };
        let (first, second) = (send("Ana"), send("Ana"));
        assert_eq!((first.status, second.status), (201, 201));
        assert_eq!(first.json, second.json);
        assert_eq!(
            (first.header("location"), first.header("etag")),
            (second.header("location"), second.header("etag"))
        );
        assert_eq!(send("Ben").status, 422);
        assert_eq!(api.get("/contacts").column("name"), ["Ana"]);
    });
}

#[test]
fn a_refused_request_may_be_corrected_under_its_key() {
    both(|w| {
        let api = Caller::new(w);
        let send = |body| api.send(Method::POST, "/contacts", &[("idempotency-key", "k2")], Some(&body));
        assert_eq!(send(json!({ "name": "Ana", "email": "wrong" })).status, 422);
        assert_eq!(send(json!({ "name": "Ana" })).status, 201);
    });
}

#[test]
fn keys_of_two_tokens_do_not_meet() {
    both(|w| {
        let (one, two) = (Caller::new(w), Caller::with_role(w, "Manager"));
        let send = |api: &Caller, name: &str| {
            api.send(Method::POST, "/contacts", &[("idempotency-key", "k3")], Some(&json!({ "name": name })))
                .status
        };
        assert_eq!((send(&one, "Ana"), send(&two, "Ben")), (201, 201));
    });
}

#[test]
fn the_same_request_many_times_at_once_is_done_once() {
    both(|w| {
        let api = Caller::new(w);
        let (runtime, router, token) = api.parts();
        let replies = runtime.block_on(async {
            let mut tasks = Vec::new();
            for _ in 0..8 {
                let request = Request::post("/api/v1/contacts")
                    .header("authorization", format!("Bearer {token}"))
                    .header("content-type", "application/json")
                    .header("idempotency-key", "at once")
                    .body(r#"{"name":"Ana"}"#.into())
                    .unwrap();
                tasks.push(tokio::spawn(answer(router.clone(), request)));
            }
            let mut replies = Vec::new();
            for task in tasks {
                replies.push(task.await.unwrap());
            }
            replies
        });
        let ids: Vec<i64> = replies.iter().map(|r| r.id()).collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        assert_eq!(w.list("contacts", ""), ["Ana"]);
    });
}
