//! Lists.

use serde_json::json;
use testkit::both;

use crate::api::{Caller, encoded};

#[test]
fn pages_follow_each_other_until_all_records_were_seen() {
    both(|w| {
        let api = Caller::new(w);
        for name in ["Ana", "Ben", "Cem", "Dia", "Eva"] {
            w.contact(name);
        }
        let (mut seen, mut path) = (Vec::new(), "/contacts?limit=2&sort=-name".to_string());
        loop {
            let page = api.get(&path);
            seen.extend(page.column("name"));
            let Some(next) = page.json["next"].as_str() else { break };
            path = format!("/contacts?limit=2&sort=-name&cursor={}", encoded(next));
        }
        assert_eq!(seen, ["Eva", "Dia", "Cem", "Ben", "Ana"]);
    });
}

#[test]
fn a_filter_a_search_and_an_order_work_together() {
    both(|w| {
        let api = Caller::new(w);
        for (name, city) in [("Ana Silva", "Porto"), ("Ana Costa", "Lisboa"), ("Ben Silva", "Porto")] {
            w.create("contacts", &[("name", name), ("city", city)]);
        }
        let path = format!("/contacts?q=silv&sort=name&filter={}", encoded("city = Porto and name ^= \"b\""));
        assert_eq!(api.get(&path).column("name"), ["Ben Silva"]);
        assert_eq!(api.get("/contacts?q=silv&sort=name").column("name"), ["Ana Silva", "Ben Silva"]);
    });
}

#[test]
fn only_the_fields_that_were_asked_for_are_given() {
    both(|w| {
        let api = Caller::new(w);
        w.create("contacts", &[("name", "Ana"), ("city", "Porto")]);
        let record = api.get("/contacts?fields=city").json["data"][0].clone();
        let keys: Vec<&String> = record.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["id", "object", "version", "city", "created_at", "updated_at", "archived_at"]);
    });
}

#[test]
fn a_count_is_given_when_it_is_asked_for() {
    both(|w| {
        let api = Caller::new(w);
        for name in ["Ana", "Ben", "Cem"] {
            w.contact(name);
        }
        let page = api.get("/contacts?count=true&limit=1");
        assert_eq!(page.json["total"], json!({ "count": 3, "exact": true }));
        assert_eq!(api.get("/contacts").json.get("total"), None);
    });
}

#[test]
fn a_parameter_that_makes_no_sense_is_refused_by_name() {
    both(|w| {
        let api = Caller::new(w);
        let told = |query: &str| api.get(&format!("/contacts?{query}")).told();
        assert_eq!(told("filtre=x"), "422 filtre: is not a parameter here");
        assert_eq!(told("limit=5&limit=6"), "422 limit: is given twice");
        assert_eq!(told("limit=0"), "422 limit: is not a whole number from 1 to 1000");
        assert_eq!(told("limit=1e2"), "422 limit: is not a whole number from 1 to 1000");
        assert_eq!(told("count=yes"), "422 count: is neither true nor false");
        assert_eq!(told("sort=shoe_size"), "422 sort: there is no field shoe_size");
        assert_eq!(told("sort=name,name"), "422 sort: name is given twice");
        assert_eq!(told("fields="), "422 fields: there is no field");
        assert_eq!(told("filter=name%20%3D"), "422 filter: expected a value (at character 7)");
        assert_eq!(told("filter=age%20%3D%205"), "422 filter: contacts have no field age");
        assert_eq!(
            told(&format!("filter={}", "x".repeat(4_001))),
            "422 filter: is longer than 4000 characters"
        );
        assert_eq!(told(&format!("q={}", "x".repeat(201))), "422 q: is longer than 200 characters");
        assert_eq!(told("cursor=abc"), "404");
    });
}

#[test]
fn customers_come_with_what_they_are_worth() {
    both(|w| {
        let api = Caller::new(w);
        for (name, value) in [("Ana", 1_250), ("Ben", 990_000)] {
            let id = w.create("contacts", &[("name", name), ("external_id", &format!("K-{name}"))]);
            w.order(id, "2026-05-01", "12.50");
            w.write(|tx| {
                let sql = "INSERT INTO scores (party_id, lifetime_value, lifetime_value_low, lifetime_value_high, p_alive,
                               expected_purchases_90d, tier, rfm) VALUES ($1, $2, 100, 999999, 0.75, 1.5, 'gold', '555')";
                Ok(tx.execute(sql, &[id.into(), value.into()])?)
            });
        }
        let page = api.get("/customers?sort=-lifetime_value&limit=1");
        let ben = &page.json["data"][0];
        assert_eq!(ben["external_id"], "K-Ben");
        assert_eq!(ben["lifetime_value"], json!({ "amount": "9900.00", "currency": "EUR" }));
        assert_eq!(ben["lifetime_value_low"], json!({ "amount": "1.00", "currency": "EUR" }));
        assert_eq!(ben["lifetime_value_high"], json!({ "amount": "9999.99", "currency": "EUR" }));
        assert_eq!((&ben["p_alive"], &ben["expected_purchases_90d"]), (&json!(0.75), &json!(1.5)));
        assert_eq!(
            (&ben["tier"], &ben["rfm"], &ben["object"]),
            (&json!("gold"), &json!("555"), &json!("contacts"))
        );
    });
}
