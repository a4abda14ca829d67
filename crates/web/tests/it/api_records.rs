//! Reading and saving single records.

use axum::http::Method;
use serde_json::json;
use testkit::both;

use crate::api::Caller;

#[test]
fn a_record_is_made_and_read_at_its_location() {
    both(|w| {
        let api = Caller::new(w);
        let made = api.post("/contacts", &json!({ "name": "Ana Silva", "email": "ana@example.com" }));
        assert_eq!(made.status, 201);
        assert_eq!(made.header("location"), format!("/api/v1/contacts/{}", made.id()));
        let read = api.get(&format!("/contacts/{}", made.id()));
        assert_eq!((read.status, read.header("etag"), &read.json), (200, "\"1\"", &made.json));
        assert_eq!(read.json["owner"], json!({ "id": w.founder_id, "name": "Fay Founder" }));
        assert_eq!(read.json["created_at"], "2026-06-15T09:30:00Z");
        assert_eq!(read.json["archived_at"], json!(null));
    });
}

#[test]
fn every_kind_of_field_comes_back_as_it_was_sent() {
    both(|w| {
        let kinds = [
            ("a_text", "text", json!("Ünïcode, \"quotes\" and \\")),
            ("a_long_text", "long_text", json!("two\nlines")),
            ("a_whole", "whole", json!(-42)),
            ("a_number", "number", json!(2.5)),
            ("a_money", "money", json!({ "amount": "-12.50", "currency": "EUR" })),
            ("a_percent", "percent", json!(0.25)),
            ("a_date", "date", json!("1990-02-28")),
            ("a_time", "time", json!("2026-01-31T09:30:00.123456Z")),
            ("a_yes_no", "yes_no", json!(false)),
            ("a_choice", "choice", json!("red")),
            ("a_choices", "choices", json!(["red", "blue"])),
            ("a_link", "link", json!({ "id": w.founder_id, "name": "Fay Founder" })),
            ("an_email", "email", json!("ana@example.com")),
            ("a_phone", "phone", json!("+49 30 1234567")),
            ("a_url", "url", json!("https://example.com/a?b=c")),
        ];
        let api = Caller::new(w);
        assert_eq!(api.post("/objects", &json!({ "singular": "Thing", "plural": "Things" })).status, 201);
        let mut thing = json!({ "name": "All of it" });
        for (key, kind, value) in &kinds {
            let field = json!({ "key": key, "label": key, "kind": kind, "choices": ["Red", "Blue"], "target": "users" });
            assert_eq!(api.post("/objects/things/fields", &field).told(), "201", "{key}");
            thing[*key] = if *kind == "link" { value["id"].clone() } else { value.clone() };
        }
        let made = api.post("/things", &thing);
        assert_eq!(made.told(), "201");
        let read = api.get(&format!("/things/{}", made.id()));
        let listed = api.get("/things");
        for (key, _, value) in &kinds {
            assert_eq!(&read.json[*key], value, "{key}");
            assert_eq!(&listed.json["data"][0][*key], value, "{key}");
        }
        let emptied: serde_json::Map<String, _> =
            kinds.iter().map(|(key, ..)| (key.to_string(), json!(null))).collect();
        let empty = api.patch(&format!("/things/{}", made.id()), &json!(emptied));
        for (key, kind, _) in &kinds {
            assert_eq!(empty.json[*key], if *kind == "choices" { json!([]) } else { json!(null) }, "{key}");
        }
    });
}

#[test]
fn what_does_not_fit_is_told_field_by_field() {
    both(|w| {
        let api = Caller::new(w);
        let wrong = json!({ "name": 5, "email": "no address", "birth_on": "31.1.1990", "nickname": "A", "market_roles": ["king"],
                            "owner": "Fay", "n_orders": 3, "version": 1, "tags": "x".repeat(2_000) });
        let refused = api.post("/contacts", &wrong);
        assert_eq!(refused.header("content-type"), "application/problem+json");
        let told = refused.told();
        assert!(told.starts_with("422 "), "{told}");
        for part in [
            "name: is not text",
            "email: no address is not an e-mail address",
            "birth_on: 31.1.1990 is not a date such as 2026-01-31",
            "nickname: contacts have no such field",
            "market_roles: is not a list of different keys among customer,",
            "owner: is not the id of a record, such as 1024 or {\"id\":1024}",
            "n_orders: is worked out by Kith and cannot be set",
            "version: is kept by Kith and cannot be set",
            "tags: is longer than",
        ] {
            assert!(told.contains(part), "{part} in {told}");
        }
        assert_eq!(api.get("/contacts").json["data"], json!([]));
    });
}

#[test]
fn empty_text_is_nothing_and_blanks_at_the_ends_are_dropped() {
    both(|w| {
        let api = Caller::new(w);
        let made = api.post(
            "/contacts",
            &json!({ "name": " Ana ", "city": "  ", "email": "", "phone": "", "website": "" }),
        );
        assert_eq!((made.status, &made.json["name"]), (201, &json!("Ana")));
        for key in ["city", "email", "phone", "website"] {
            assert_eq!(made.json[key], json!(null), "{key}");
        }
        assert_eq!(
            api.post("/contacts", &json!({ "phone": " 030 123" })).told(),
            "422 phone: begins or ends with a blank"
        );
    });
}

#[test]
fn what_fits_its_shape_but_not_what_is_there_is_a_conflict() {
    both(|w| {
        let api = Caller::new(w);
        w.create("contacts", &[("name", "Ana"), ("external_id", "K-1")]);
        let taken = api.post("/contacts", &json!({ "name": "Ben", "external_id": "K-1" }));
        assert_eq!(taken.told(), "409 external_id: is already taken by another record");
        let nobody = api.post("/deals", &json!({ "name": "Big", "party": 999_999 }));
        assert_eq!(nobody.told(), "409 party: there is no such record: 999999");
        let required = api.post("/orders", &json!({ "number": "1" }));
        assert_eq!(required.told(), "422 party: is required; placed_on: is required");
    });
}

#[test]
fn an_amount_is_in_the_currency_of_its_record() {
    both(|w| {
        let api = Caller::new(w);
        let dollars = |amount: &str| json!({ "amount": amount, "currency": "USD" });
        let first = api.post("/deals", &json!({ "name": "First amount says", "amount": dollars("12.5") }));
        assert_eq!((&first.json["currency"], &first.json["amount"]), (&json!("USD"), &dollars("12.50")));
        let path = format!("/deals/{}", first.id());
        let other = api.patch(&path, &json!({ "amount": { "amount": "1", "currency": "EUR" } }));
        assert_eq!(other.told(), "409 amount: is in EUR, but the amounts of this record are in USD");
        let yen =
            api.post("/deals", &json!({ "name": "Yen", "amount": { "amount": "12.50", "currency": "JPY" } }));
        assert_eq!(yen.told(), "422 amount: 12.50 is not an amount in JPY: at most 15 digits and 0 decimals");
        let spent =
            api.post("/products", &json!({ "name": "Vase", "currency": "GBP", "price": dollars("5") }));
        assert_eq!(spent.told(), "409 price: is in USD, but the amounts of this record are in GBP");
        assert_eq!(api.get("/deals?fields=amount").json["data"][0]["amount"], dollars("12.50"));
    });
}

#[test]
fn a_change_is_done_only_to_the_version_that_was_read() {
    both(|w| {
        let api = Caller::new(w);
        let path = format!("/contacts/{}", w.contact("Ana"));
        let matched = |tag: &str, name: &str| {
            api.send(Method::PATCH, &path, &[("if-match", tag)], Some(&json!({ "name": name })))
        };
        assert_eq!(matched("\"1\"", "Anna").header("etag"), "\"2\"");
        assert_eq!(matched("\"1\"", "Anne").status, 412);
        assert_eq!(matched("W/\"2\"", "Anne").status, 412);
        assert_eq!(matched("\"7\", \"2\"", "Anne").status, 200);
        assert_eq!(matched("*", "Any").status, 200);
        assert_eq!(api.patch(&path, &json!({ "name": "Stale", "version": 2 })).status, 409);
        assert_eq!(api.patch(&path, &json!({ "name": "Fresh", "version": 4 })).json["version"], 5);
        let same = api.patch(&path, &json!({ "name": "Fresh" }));
        assert_eq!((same.status, &same.json["version"]), (200, &json!(5)));
        assert_eq!(api.send(Method::DELETE, &path, &[("if-match", "\"1\"")], None).status, 412);
    });
}

#[test]
fn an_archived_record_leaves_its_address_until_it_is_restored() {
    both(|w| {
        let api = Caller::new(w);
        let path = format!("/contacts/{}", w.contact("Ana"));
        assert_eq!(api.delete(&path).status, 204);
        let gone = api.get(&path);
        assert_eq!(gone.status, 404);
        assert!(gone.json["detail"].as_str().unwrap().contains("/restoration brings it back"), "{gone:?}");
        assert_eq!(api.delete(&path).status, 404);
        assert_eq!(api.patch(&path, &json!({ "name": "Anna" })).status, 404);
        assert_eq!(api.get("/contacts").column("name"), Vec::<String>::new());
        assert_eq!(api.get("/contacts?archived=true").column("name"), ["Ana"]);
        let restored = api.send(Method::POST, &format!("{path}/restoration"), &[], None);
        assert_eq!((restored.status, &restored.json["archived_at"]), (200, &json!(null)));
        assert_eq!(api.get(&path).status, 200);
    });
}

#[test]
fn an_upsert_makes_a_record_once_and_changes_it_then() {
    both(|w| {
        let api = Caller::new(w);
        let path = "/contacts/by/external_id/K%2F9%20%C3%A4";
        let made = api.put(path, &json!({ "name": "Ana" }));
        assert_eq!((made.status, &made.json["external_id"]), (201, &json!("K/9 ä")));
        let changed = api.put(path, &json!({ "city": "Porto", "external_id": "K/9 ä" }));
        assert_eq!((changed.status, changed.id(), &changed.json["name"]), (200, made.id(), &json!("Ana")));
        assert_eq!(
            api.put(path, &json!({ "external_id": "other" })).told(),
            "409 external_id: is not the value in the address"
        );
        assert_eq!(api.put("/contacts/by/name/Ana", &json!({})).status, 404);
        assert_eq!(api.put("/companies/by/external_id/C-1", &json!({})).told(), "409 name: is required");
    });
}

#[test]
fn a_list_over_several_objects_is_read_only() {
    both(|w| {
        let api = Caller::new(w);
        let ana = w.contact("Ana");
        w.order(ana, "2026-05-01", "12.50");
        let customer = api.get(&format!("/customers/{ana}"));
        assert_eq!((customer.status, &customer.json["object"]), (200, &json!("contacts")));
        let refused = api.patch(&format!("/customers/{ana}"), &json!({ "name": "Anna" }));
        assert_eq!((refused.status, refused.header("allow")), (405, "GET,HEAD"));
        assert_eq!(api.post("/parties", &json!({ "name": "Anna" })).status, 405);
        assert_eq!(api.post("/customers/batch", &json!({ "records": [{}] })).status, 404);
    });
}
