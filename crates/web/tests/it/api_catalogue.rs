//! Objects and fields that are made at run time, and the description of all of them.

use serde_json::{Value as Json, json};
use testkit::{World, both};

use crate::api::Caller;

#[test]
fn an_object_made_at_run_time_behaves_like_a_built_in_one() {
    both(|w| {
        let api = Caller::new(w);
        let made =
            api.post("/objects", &json!({ "singular": "Boat", "plural": "Boats", "help": "What we moor." }));
        assert_eq!((made.status, made.header("location")), (201, "/api/v1/boats"));
        let field = api
            .post("/objects/boats/fields", &json!({ "label": "Length", "kind": "number", "required": true }));
        assert_eq!((field.status, &field.json["key"]), (201, &json!("length")));
        let field = api.post(
            "/objects/boats/fields",
            &json!({ "label": "Owned by", "kind": "link", "target": "parties" }),
        );
        assert_eq!(field.json["key"], "owned_by");
        let ana = w.contact("Ana");
        assert_eq!(api.post("/boats", &json!({ "name": "Nixe" })).told(), "409 length: is required");
        for (name, length) in [("Nixe", 7.5), ("Undine", 12.0)] {
            let boat =
                json!({ "name": name, "length": length, "owned_by": { "id": ana }, "external_id": name });
            assert_eq!(api.post("/boats", &boat).told(), "201");
        }
        assert_eq!(api.get("/boats?filter=length%20%3E%208").column("name"), ["Undine"]);
        assert_eq!(api.get("/boats?sort=-length").column("name"), ["Undine", "Nixe"]);
        assert_eq!(api.get("/contacts?filter=has%20boats(length%20%3C%208)").column("name"), ["Ana"]);
        assert_eq!(api.get("/boats").json["data"][0]["owned_by"], json!({ "id": ana, "name": "Ana" }));
        assert_eq!(api.put("/boats/by/external_id/Nixe", &json!({ "length": 8 })).json["length"], 8.0);
        assert_eq!(api.get("/search?q=und").column("object"), ["boats"]);
        let document = api.get("/openapi.json").json;
        assert_eq!(document["components"]["schemas"]["boats.create"]["required"], json!(["name", "length"]));
    });
}

#[test]
fn a_field_made_at_run_time_is_there_for_the_next_request() {
    both(|w| {
        let api = Caller::new(w);
        let colours =
            json!({ "label": "Colour", "kind": "choice", "choices": ["Red", "Blue"], "default": "red" });
        assert_eq!(api.post("/objects/contacts/fields", &colours).status, 201);
        assert_eq!(api.post("/contacts", &json!({ "name": "Ana" })).json["colour"], "red");
        assert_eq!(
            api.post("/contacts", &json!({ "name": "Ben", "colour": "green" })).told(),
            "422 colour: is not one of red, blue"
        );
        assert_eq!(api.get("/parties?filter=colour%20%3D%20red").column("name"), ["Ana"]);
        let again = api.post("/objects/contacts/fields", &colours);
        assert_eq!(again.told(), "409 key: is already a field of this object");
        let wrong =
            api.post("/objects/contacts/fields", &json!({ "label": " ", "kind": "colour", "reqired": true }));
        assert!(
            wrong.told().starts_with("422 label: is required; kind: is not one of text,"),
            "{}",
            wrong.told()
        );
        assert!(wrong.told().ends_with("reqired: is not known here"), "{}", wrong.told());
    });
}

#[test]
fn the_catalogue_names_its_objects_and_their_fields() {
    let w = World::sqlite();
    let api = Caller::new(&w);
    assert!(api.get("/objects").column("key").contains(&"deals".to_string()));
    let fields = api.get("/objects/deals/fields").json["data"].as_array().unwrap().clone();
    let stage = fields.iter().find(|f| f["key"] == "stage").unwrap();
    assert_eq!(
        (&stage["kind"], &stage["target"], &stage["writable"]),
        (&json!("link"), &json!("stages"), &json!(true))
    );
    let status = fields.iter().find(|f| f["key"] == "status").unwrap();
    assert_eq!(
        (&status["writable"], &status["choices"][0]),
        (&json!(false), &json!({ "key": "open", "label": "Open" }))
    );
}

#[test]
fn every_reference_in_the_description_leads_somewhere() {
    let w = World::sqlite();
    let document = Caller::new(&w).get("/openapi.json").json;
    assert_eq!(document["openapi"], "3.1.0");
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 100);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
    let mut ids: Vec<&str> = Vec::new();
    for operations in document["paths"].as_object().unwrap().values() {
        ids.extend(operations.as_object().unwrap().values().map(|o| o["operationId"].as_str().unwrap()));
    }
    let n = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), n);
}

#[test]
fn every_example_of_a_new_record_is_taken() {
    both(|w| {
        let api = Caller::new(w);
        let party = w.contact("Ana");
        let order = w.order(party, "2026-05-01", "12.50");
        let schemas = api.get("/openapi.json").json["components"]["schemas"].as_object().unwrap().clone();
        let links = [("party", party), ("from", party), ("order", order), ("to", w.company("Acme"))];
        for (name, schema) in schemas.iter().filter(|(name, _)| name.ends_with(".create")) {
            let Some(object) =
                name.strip_suffix(".create").filter(|o| o.starts_with(|c: char| c.is_ascii_lowercase()))
            else {
                continue;
            };
            let mut example = schema["examples"][0].clone();
            for (key, value) in example.as_object_mut().unwrap() {
                let first = |object: &str| w.ids(object, "", "id")[0];
                if *value == json!(1024) {
                    let linked = links.iter().find(|(link, _)| link == key).map(|(_, id)| *id);
                    *value = json!(linked.unwrap_or_else(|| first(&format!("{key}s"))));
                }
                if key == "rights" {
                    *value = json!("{}");
                }
            }
            assert_eq!(api.post(&format!("/{object}"), &example).told(), "201", "{object}: {example}");
        }
    });
}

fn collect(json: &Json, references: &mut Vec<String>) {
    match json {
        Json::Object(members) => {
            references.extend(members.get("$ref").and_then(Json::as_str).map(String::from));
            members.values().for_each(|member| collect(member, references));
        }
        Json::Array(items) => items.iter().for_each(|item| collect(item, references)),
        _ => {}
    }
}
