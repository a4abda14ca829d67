//! What a role does not allow is not served, not listed and not described.

use axum::http::Method;
use serde_json::json;
use testkit::{World, both};

use crate::api::Caller;

#[test]
fn a_reader_reads_and_does_nothing_else() {
    both(|w| {
        let api = Caller::with_role(w, "Reader");
        let path = format!("/contacts/{}", w.contact("Ana"));
        assert_eq!(api.get(&path).status, 200);
        assert_eq!(api.post("/contacts", &json!({ "name": "Ben" })).status, 403);
        assert_eq!(api.patch(&path, &json!({ "name": "Anna" })).status, 403);
        assert_eq!(api.delete(&path).status, 403);
        assert_eq!(api.get("/events").status, 403);
        assert_eq!(api.post("/objects", &json!({ "singular": "Boat", "plural": "Boats" })).status, 403);
        let batch = api.post("/contacts/batch", &json!({ "records": [{ "name": "Ben" }] }));
        assert_eq!(batch.json["results"][0]["status"], 403);
        let contacts = api.get("/openapi.json").json["paths"]["/contacts"].clone();
        let methods: Vec<&String> = contacts.as_object().unwrap().keys().collect();
        assert_eq!(methods, ["get"]);
    });
}

#[test]
fn a_record_outside_the_scope_is_not_there() {
    both(|w| {
        w.role("Own only", r#"{"default":{"see":"own","create":"all","change":"own"}}"#);
        let (token, other) = (Caller::with_role(w, "Own only"), w.user("Sales"));
        let own = w.contact("Mine");
        let path = format!("/contacts/{own}");
        let theirs = w.create("contacts", &[("name", "Theirs"), ("owner", &other.to_string())]);
        assert_eq!(token.get(&path).status, 200);
        assert_eq!(token.get(&format!("/contacts/{theirs}")).status, 404);
        assert_eq!(token.patch(&format!("/contacts/{theirs}"), &json!({ "name": "X" })).status, 404);
        assert_eq!(token.get(&format!("/contacts/{theirs}/events")).status, 404);
        assert_eq!(token.get("/contacts").column("name"), ["Mine"]);
        let given = token.patch(&path, &json!({ "owner": other }));
        // It has left the scope: what remains to be told is that it was saved.
        assert_eq!((given.status, given.id(), given.json.get("name")), (200, own, None));
        assert_eq!(token.get(&path).status, 404);
    });
}

#[test]
fn a_hidden_field_is_not_known_to_anyone_who_may_not_see_it() {
    both(|w| {
        let rights = r#"{"default":{"see":"all","create":"all","change":"all"},
                         "fields":{"contacts.birth_on":"hidden","contacts.phone":"read"}}"#;
        w.role("Discreet", rights);
        let api = Caller::with_role(w, "Discreet");
        let id =
            w.create("contacts", &[("name", "Ana"), ("birth_on", "1990-02-28"), ("phone", "+49 30 1234567")]);
        let record = api.get(&format!("/contacts/{id}")).json;
        assert_eq!((record.get("birth_on"), &record["phone"]), (None, &json!("+49 30 1234567")));
        assert_eq!(
            api.get("/contacts?filter=birth_on%20%3C%20today").told(),
            "422 filter: contacts have no field birth_on"
        );
        assert_eq!(api.get("/contacts?sort=birth_on").told(), "422 sort: there is no field birth_on");
        let path = format!("/contacts/{id}");
        assert_eq!(
            api.patch(&path, &json!({ "birth_on": "1990-03-01" })).told(),
            "422 birth_on: contacts have no such field"
        );
        assert_eq!(
            api.patch(&path, &json!({ "phone": "+49 30 7654321" })).told(),
            "409 phone: may not be changed by you"
        );
        let document = api.get("/openapi.json").json.to_string();
        assert!(!document.contains("birth_on"));
        let created = &api.get(&format!("/contacts/{id}/events")).json["data"][0]["changes"];
        assert_eq!((created.get("birth_on"), created.get("phone").is_some()), (None, true));
        assert!(!api.get(&format!("/parties/{id}")).json.to_string().contains("1990"));
    });
}

#[test]
fn me_says_who_asks_and_how_far_each_right_reaches() {
    let w = World::sqlite();
    let me = Caller::with_role(&w, "Reader").get("/me").json;
    assert_eq!(me["user"]["name"], "Fay Founder");
    assert_eq!(me["administrator"], false);
    assert_eq!(
        (&me["rights"]["deals"]["see"], &me["rights"]["deals"]["change"]),
        (&json!("all"), &json!("none"))
    );
}

#[test]
fn a_session_changes_things_only_from_our_own_pages() {
    let w = World::sqlite();
    w.write(|tx| crm::sessions::begin(tx, "the-session", w.founder_id, "a browser", testkit::NOW));
    let api = Caller::new(&w);
    let send = |site: &[(&str, &str)]| {
        let mut headers = vec![("cookie", "kith-session=the-session"), ("content-type", "application/json")];
        headers.extend(site);
        api.raw(Method::POST, "/contacts", &headers, r#"{"name":"Ana"}"#).status
    };
    assert_eq!(send(&[("sec-fetch-site", "same-origin")]), 201);
    assert_eq!(send(&[]), 403);
    assert_eq!(api.raw(Method::GET, "/contacts", &[("cookie", "kith-session=the-session")], "").status, 200);
}
