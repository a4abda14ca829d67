//! Many records in one request.

use serde_json::json;
use testkit::both;

use crate::api::Caller;

#[test]
fn each_record_of_a_batch_is_judged_by_itself() {
    both(|w| {
        let api = Caller::new(w);
        w.create("contacts", &[("name", "Ana"), ("external_id", "K-1")]);
        let records = json!([
            { "name": "Ben" },
            { "name": "Cem", "email": "wrong" },
            { "name": "Dia", "external_id": "K-1" },
            { "name": "Eva", "external_id": "K-2" },
        ]);
        let reply = api.post("/contacts/batch", &json!({ "records": records }));
        assert_eq!(reply.status, 200);
        let statuses: Vec<i64> =
            reply.json["results"].as_array().unwrap().iter().map(|r| r["status"].as_i64().unwrap()).collect();
        assert_eq!(statuses, [201, 422, 409, 201]);
        assert_eq!((&reply.json["n_saved"], &reply.json["n_refused"]), (&json!(2), &json!(2)));
        assert_eq!(reply.json["results"][1]["problem"]["errors"][0]["pointer"], "/email");
        assert_eq!(api.get("/contacts?sort=name").column("name"), ["Ana", "Ben", "Eva"]);
    });
}

#[test]
fn an_upserted_batch_changes_what_is_there_and_makes_the_rest() {
    both(|w| {
        let api = Caller::new(w);
        w.create("contacts", &[("name", "Ana"), ("external_id", "K-1")]);
        let records = json!([{ "external_id": "K-1", "city": "Porto" }, { "external_id": "K-2", "name": "Ben" }, { "name": "Cem" }]);
        let reply = api
            .post("/contacts/batch", &json!({ "mode": "upsert", "key": "external_id", "records": records }));
        let statuses: Vec<&serde_json::Value> =
            reply.json["results"].as_array().unwrap().iter().map(|r| &r["status"]).collect();
        assert_eq!(statuses, [200, 201, 422]);
        assert_eq!(api.get("/contacts?sort=name").column("city"), ["Porto", ""]);
    });
}

#[test]
fn a_batch_without_sense_is_refused_as_a_whole() {
    let w = testkit::World::sqlite();
    let api = Caller::new(&w);
    let told = |body| api.post("/contacts/batch", &body).told();
    assert_eq!(told(json!({ "records": [] })), "422 records: is not a list of 1 to 1000 records");
    assert_eq!(
        told(json!({ "records": vec![json!({}); 1001] })),
        "422 records: is not a list of 1 to 1000 records"
    );
    assert_eq!(told(json!({ "records": [1] })), "422 records: holds something that is not a JSON object");
    assert_eq!(
        told(json!({ "records": [{}], "mode": "upsert" })),
        "422 key: is required: the unique field to upsert by"
    );
    assert_eq!(
        told(json!({ "records": [{}], "mode": "upsert", "key": "name" })),
        "422 key: is not a unique field of this object"
    );
    assert_eq!(told(json!({ "records": [{}], "key": "external_id" })), "422 key: is for the mode \"upsert\"");
    assert_eq!(told(json!({ "records": [{}], "modus": "create" })), "422 modus: is not a member of a batch");
}

#[test]
fn a_thousand_records_are_one_batch() {
    let w = testkit::World::sqlite();
    let api = Caller::new(&w);
    let records: Vec<_> =
        (0..1_000).map(|n| json!({ "name": format!("Contact {n}"), "external_id": n.to_string() })).collect();
    let reply = api.post("/contacts/batch", &json!({ "records": records }));
    assert_eq!(reply.json["n_saved"], 1_000);
}
