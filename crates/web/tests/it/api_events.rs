//! Timelines, the feed and undo.

use axum::http::Method;
use serde_json::json;
use testkit::{World, both};

use crate::api::Caller;

#[test]
fn the_timeline_of_a_record_says_what_changed() {
    both(|w| {
        let api = Caller::new(w);
        let made =
            api.post("/deals", &json!({ "name": "Tables", "amount": { "amount": "5", "currency": "USD" } }));
        let path = format!("/deals/{}", made.id());
        api.patch(
            &path,
            &json!({ "amount": { "amount": "7.50", "currency": "USD" }, "expected_close_on": "2026-12-01" }),
        );
        let events = api.get(&format!("{path}/events"));
        assert_eq!(events.column("kind"), ["deal.changed", "deal.created"]);
        let changed = &events.json["data"][0];
        assert_eq!((&changed["via"], &changed["actor_id"]), (&json!("api"), &json!(w.founder_id)));
        let dollars = |amount: &str| json!({ "amount": amount, "currency": "USD" });
        assert_eq!(
            changed["changes"]["amount"],
            json!({ "before": dollars("5.00"), "after": dollars("7.50") })
        );
        assert_eq!(changed["changes"]["expected_close_on"], json!({ "before": null, "after": "2026-12-01" }));
        let first = api.get(&format!("{path}/events?limit=1"));
        let next = api.get(&format!("{path}/events?limit=1&cursor={}", first.json["next"].as_str().unwrap()));
        assert_eq!(
            (next.column("kind"), &next.json["next"]),
            (vec!["deal.created".to_string()], &json!(null))
        );
    });
}

#[test]
fn an_event_is_undone_unless_something_happened_since() {
    both(|w| {
        let api = Caller::new(w);
        let path = format!("/contacts/{}", w.contact("Ana"));
        api.patch(&path, &json!({ "name": "Anna" }));
        let event = |n: usize| api.get(&format!("{path}/events")).json["data"][n]["id"].as_i64().unwrap();
        let renaming = event(0);
        let undone = api.send(Method::POST, &format!("/events/{renaming}/undo"), &[], None);
        assert_eq!((undone.status, &undone.json["archived"]), (200, &json!(false)));
        assert_eq!(api.get(&path).json["name"], "Ana");
        let again = api.send(Method::POST, &format!("/events/{renaming}/undo"), &[], None);
        assert_eq!(again.told(), "409 name: was changed again since, so this cannot be undone");
        assert_eq!(api.send(Method::POST, "/events/999999/undo", &[], None).status, 404);
    });
}

#[test]
fn a_follower_of_the_feed_goes_on_where_it_stopped() {
    // A server of its own: elsewhere an event waits until transactions of other tests have ended.
    for w in [World::sqlite(), World::postgres_alone()] {
        let api = Caller::new(&w);
        let follow = |mut after: String| {
            let mut kinds = Vec::new();
            loop {
                let page = api.get(&format!("/events?limit=7&after={after}"));
                let found = page.column("kind");
                after = page.json["next"].as_str().unwrap().to_string();
                if found.is_empty() {
                    return (kinds, after);
                }
                kinds.extend(found);
            }
        };
        let (before, position) = follow("0:0".into());
        assert!(before.contains(&"user.created".to_string()), "{before:?}");
        w.contact("Ana");
        assert_eq!(follow(position).0, ["contact.created"]);
        let wrong = api.get("/events?after=5");
        assert_eq!(wrong.told(), "422 after: is not the \"next\" of an earlier answer, such as 0:1024");
    }
}

#[test]
fn search_finds_records_of_any_object() {
    both(|w| {
        let api = Caller::new(w);
        w.contact("Ana Silva");
        w.company("Silva Lda");
        w.contact("Ben Costa");
        let mut found = api.get("/search?q=silv").column("object");
        found.sort();
        assert_eq!(found, ["companies", "contacts"]);
        assert_eq!(api.get("/search").told(), "422 q: is required: the words to find");
    });
}
