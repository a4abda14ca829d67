//! The OpenAPI 3.1 description of the live catalogue, as far as its reader may see and do things.

mod schemas;

use axum::extract::State;
use db::Tx;
use kernel::{Action, Ctx, Field, Object, Scope, Via};
use serde_json::{Map, Value as Json, json};

use super::answers::{Answer, Refusal};
use super::asked::Params;
use super::batches;
use super::records::upsertable;
use crate::{App, Refused, Who};

/// `GET /openapi.json`.
pub(super) async fn document(State(app): State<App>, who: Who, params: Params) -> Result<Answer, Refusal> {
    let read = move |_: &mut Tx<'_>, ctx: &Ctx| {
        params.done()?;
        Ok::<_, Refused>(Answer::json(&describe(ctx)))
    };
    Ok(app.read(&who, Via::Api, read).await?)
}

const ABOUT: &str = "Every object of this Kith, those that administrators added included, with the fields that you may see.\n\n\
    Times are RFC 3339 in UTC, days ISO 8601, amounts `{\"amount\":\"12.50\",\"currency\":\"EUR\"}`. Text loses blanks at both ends; \
    empty text is `null`. Refusals are RFC 9457 problems: 422 when a request has not the shape described here, 409 when it has, \
    but does not fit what Kith holds (a value that is taken, a linked record that is not there, a record that someone else changed).\n\n\
    Records carry their version as `ETag`: with `If-Match`, PATCH, PUT and DELETE are done only when it is still that (else 412); \
    `version` in a body does the same (else 409). With `Idempotency-Key`, a POST that is sent again within a day is answered again, not done again.";

fn describe(ctx: &Ctx) -> Json {
    let fixed: Json =
        serde_json::from_str(include_str!("openapi/fixed.json")).expect("the tests read the file");
    let (mut paths, mut schemas) = (Map::new(), schemas::shared());
    schemas.extend(fixed["schemas"].as_object().cloned().unwrap_or_default());
    fixed_paths(ctx, &fixed["paths"], &mut paths);
    for object in ctx.catalogue.objects().filter(|o| ctx.scope(o, Action::See) > Scope::None) {
        object_paths(ctx, object, &mut paths);
        schemas.extend(schemas::of_object(ctx, object));
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Kith", "version": env!("CARGO_PKG_VERSION"), "description": ABOUT, "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" } },
        "servers": [{ "url": "/api/v1" }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": fixed["parameters"],
            "responses": { "Problem": answer("Why it is not served, and what to do.", json!({ "$ref": "#/components/schemas/Problem" }), "application/problem+json") },
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer", "description": "From `kith token create`, or Settings, Tokens." } },
        },
    })
}

fn parameter(name: &str) -> Json {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

pub(super) fn schema(name: &str) -> Json {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn answer(description: &str, schema: Json, media_type: &str) -> Json {
    json!({ "description": description, "content": { media_type: { "schema": schema } } })
}

/// One operation: what it is called, what it takes, what it answers when it succeeds, and with which statuses it refuses.
fn operation(
    tag: &str,
    id: &str,
    summary: &str,
    takes: Json,
    answers: &[(&str, Json)],
    refusals: &[u16],
) -> Json {
    let mut responses: Json =
        answers.iter().map(|(status, answer)| ((*status).to_string(), answer.clone())).collect();
    add_refusals(&mut responses, refusals);
    let mut operation =
        json!({ "tags": [tag], "operationId": id, "summary": summary, "responses": responses });
    for (key, value) in takes.as_object().into_iter().flatten() {
        operation[key] = value.clone();
    }
    operation
}

fn add_refusals(responses: &mut Json, statuses: &[u16]) {
    for status in [400, 401, 406, 503].iter().chain(statuses) {
        responses[status.to_string()] = json!({ "$ref": "#/components/responses/Problem" });
    }
}

fn body(schema: Json) -> Json {
    json!({ "requestBody": { "required": true, "content": { "application/json": { "schema": schema } } } })
}

fn put(paths: &mut Map<String, Json>, path: &str, method: &str, operation: Json) {
    paths.entry(path).or_insert_with(|| json!({}))[method] = operation;
}

/// The statuses with which anything that saves may refuse.
const SAVING: [u16; 7] = [403, 404, 409, 412, 413, 415, 422];

/// The paths of one object, as far as the reader may do what they do.
fn object_paths(ctx: &Ctx, object: &Object, paths: &mut Map<String, Json>) {
    let (key, one, many) =
        (object.key.as_str(), object.singular.to_lowercase(), object.plural.to_lowercase());
    let may = |action| object.writable && object.parts.is_empty() && ctx.scope(object, action) > Scope::None;
    let at = |path: &str| format!("/{key}{path}");
    let op = |verb: &str, summary: String, takes: Json, answers: &[(&str, Json)], refusals: &[u16]| {
        operation(key, &format!("{verb}_{key}"), &summary, takes, answers, refusals)
    };
    let page = answer("A page.", schema(&format!("{key}.page")), "application/json");
    let mut record = answer("The record.", schema(key), "application/json");
    record["headers"] = json!({ "ETag": { "description": "Its version.", "schema": { "type": "string" }, "required": true } });
    let mut created = record.clone();
    created["description"] = "The new record.".into();
    created["headers"]["Location"] =
        json!({ "description": "Its address.", "schema": { "type": "string" }, "required": true });
    let nothing = json!({ "description": "It is done." });

    let listed = json!({ "parameters": list_parameters(ctx, object) });
    put(paths, &at(""), "get", op("list", format!("List {many}"), listed, &[("200", page)], &[404, 422]));
    let by_id = json!({ "parameters": [parameter("id")] });
    put(
        paths,
        &at("/{id}"),
        "get",
        op("read", format!("Read a {one}"), by_id.clone(), &[("200", record.clone())], &[404, 422]),
    );
    let timeline = json!({ "parameters": [parameter("id"), parameter("event_limit"), parameter("cursor")] });
    let events = answer("The newest first.", schema("Events"), "application/json");
    put(
        paths,
        &at("/{id}/events"),
        "get",
        op("trace", format!("What happened to a {one}"), timeline, &[("200", events)], &[404, 422]),
    );
    if may(Action::Create) {
        let sent = body(schema(&format!("{key}.create")));
        put(
            paths,
            &at(""),
            "post",
            op("create", format!("Make a {one}"), sent, &[("201", created.clone())], &SAVING),
        );
        let sent = body(batch_schema(ctx, object));
        let results =
            answer("A result for each record, in their order.", schema("Results"), "application/json");
        put(
            paths,
            &at("/batch"),
            "post",
            op("batch", format!("Save up to {} {many}", batches::MOST), sent, &[("200", results)], &SAVING),
        );
    }
    if may(Action::Change) {
        let mut sent = body(schema(&format!("{key}.change")));
        sent["parameters"] = by_id["parameters"].clone();
        put(
            paths,
            &at("/{id}"),
            "patch",
            op("change", format!("Change a {one}"), sent, &[("200", record.clone())], &SAVING),
        );
    }
    if may(Action::Archive) {
        put(
            paths,
            &at("/{id}"),
            "delete",
            op("archive", format!("Archive a {one}"), by_id.clone(), &[("204", nothing)], &SAVING),
        );
        put(
            paths,
            &at("/{id}/restoration"),
            "post",
            op(
                "restore",
                format!("Bring an archived {one} back"),
                by_id,
                &[("200", record.clone())],
                &SAVING,
            ),
        );
    }
    if may(Action::Create) && may(Action::Change) {
        for field in object.fields.iter().filter(|f| upsertable(ctx, object, f)) {
            let mut sent = body(schema(&format!("{key}.change")));
            sent["parameters"] = json!([{ "name": "value", "in": "path", "required": true, "schema": schemas::in_path(field) }]);
            let verb = format!("upsert_by_{}", field.key);
            let summary = format!("Change the {one} with this {}, or make it", field.label.to_lowercase());
            let answers = [("200", record.clone()), ("201", created.clone())];
            put(
                paths,
                &at(&format!("/by/{}/{{value}}", field.key)),
                "put",
                op(&verb, summary, sent, &answers, &SAVING),
            );
        }
    }
}

fn list_parameters(ctx: &Ctx, object: &Object) -> Json {
    let keys: Vec<&str> = ctx.visible_fields(object).map(|f| f.key.as_str()).collect();
    let orders: Vec<String> = keys.iter().flat_map(|key| [(*key).to_string(), format!("-{key}")]).collect();
    let words = |name: &str, description: &str, words: Json, most: usize| {
        let schema = json!({ "type": "array", "items": { "type": "string", "enum": words }, "minItems": 1, "maxItems": most, "uniqueItems": true });
        json!({ "name": name, "in": "query", "description": description, "style": "form", "explode": false, "schema": schema })
    };
    json!([
        { "name": "filter", "in": "query", "schema": schema(&format!("{}.filter", object.key)),
          "description": "Only records that meet a condition. The pattern is its plain form; brackets, fields of linked records and conditions on related records work as well, see docs/filter.md." },
        parameter("q"),
        words("sort", "Order; a minus puts the largest first. What has no value comes last.", json!(orders), 3),
        words("fields", "Fields to read; all without it.", json!(keys), keys.len()),
        parameter("limit"), parameter("cursor"), parameter("archived"), parameter("count"),
    ])
}

/// The records of a batch are judged one by one, so that here they are any JSON objects.
fn batch_schema(ctx: &Ctx, object: &Object) -> Json {
    let records = json!({
        "type": "array", "minItems": 1, "maxItems": batches::MOST, "items": { "type": "object" },
        "description": format!("Each as in `{}.create`.", object.key),
        "examples": [[schemas::example(ctx, object)]],
    });
    let shape = |mode: &str, required: Json| {
        json!({ "type": "object", "additionalProperties": false, "required": required,
                "properties": { "records": records, "mode": { "const": mode } } })
    };
    let keys: Vec<&str> =
        object.fields.iter().filter(|f| upsertable(ctx, object, f)).map(|f| f.key.as_str()).collect();
    if keys.is_empty() || ctx.scope(object, Action::Change) == Scope::None {
        return shape("create", json!(["records"]));
    }
    let mut upsert = shape("upsert", json!(["records", "mode", "key"]));
    upsert["properties"]["key"] =
        json!({ "type": "string", "enum": keys, "description": "The unique field to upsert by." });
    json!({ "oneOf": [shape("create", json!(["records"])), upsert] })
}

/// What is not about one object, as far as the reader may do it.
fn fixed_paths(ctx: &Ctx, fixed: &Json, paths: &mut Map<String, Json>) {
    const FOR_ADMINISTRATORS: [&str; 3] = ["follow_events", "create_object", "create_field"];
    for (path, operations) in fixed.as_object().into_iter().flatten() {
        for (method, fixed) in operations.as_object().into_iter().flatten() {
            let id = fixed["operationId"].as_str().unwrap_or_default();
            if FOR_ADMINISTRATORS.contains(&id) && !ctx.rights.administers() {
                continue;
            }
            let mut operation = fixed.clone();
            operation["tags"] = json!(["kith"]);
            let refusals: &[u16] = if method == "get" { &[403, 404, 422] } else { &SAVING };
            add_refusals(&mut operation["responses"], refusals);
            put(paths, path, method, operation);
        }
    }
}

/// Fields that the reader may write.
fn writable<'a>(ctx: &'a Ctx, object: &'a Object) -> impl Iterator<Item = &'a Field> {
    object.fields.iter().filter(|f| !f.computed && ctx.field_right(object, f) == kernel::FieldRight::Write)
}
