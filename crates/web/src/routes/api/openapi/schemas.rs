//! The schemas of the description: what every object shares, and each object as it is read, made and changed.

use kernel::{Ctx, Field, Kind, Object, money, value};
use serde_json::{Map, Value as Json, json};

use super::{schema, writable};
use crate::routes::api::asked::FILTER_LIMIT;
use crate::routes::api::objects::{CHOICE_LIMIT, TEXT_LIMIT};
use crate::wire::{EMAIL_LIMIT, NUMBER_LIMIT, PHONE_LIMIT, URL_LIMIT, WHOLE_LIMIT, demanded, money_digits};

/// Text that holds something besides blanks. PostgreSQL cannot hold the character NUL.
const SAYS_SOMETHING: &str = r"^[^\u0000]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000]*$";
const ANY_TEXT: &str = r"^[^\u0000]*$";
const PHONE: &str = r"(?:[+\-()./#xXext,;*][+\-()./#xXext,;* ]*)?[0-9](?:[+\-()./#xXext,;* ]*[0-9]){2,23}(?:[+\-()./#xXext,;* ]*[+\-()./#xXext,;*])?";
const URL: &str = r#"https?://[^\s/?#<>"\u0000-\u001f\u007f-\u009f][^\s<>"\u0000-\u001f\u007f-\u009f]*"#;
/// Years 1000 to 9998 at the beginning of a day or a time.
const YEAR: &str = "^(?:[1-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])-";

/// The id of a record.
pub(super) fn id() -> Json {
    json!({ "type": "integer", "minimum": 1, "maximum": WHOLE_LIMIT })
}

/// Schemas that all objects use and that follow from rules in the code; the fixed ones are in a file.
pub(super) fn shared() -> Map<String, Json> {
    let mut schemas = Map::new();
    let label = json!({ "type": "string", "maxLength": TEXT_LIMIT, "pattern": SAYS_SOMETHING });
    let remark = json!({ "type": "string", "maxLength": TEXT_LIMIT, "pattern": ANY_TEXT });
    let key = json!({ "type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$" });
    let flag = json!({ "type": "boolean", "default": false });
    let made = |required: [&str; 2], example: Json, properties: Json| {
        json!({ "type": "object", "additionalProperties": false, "required": required,
                "properties": properties, "examples": [example] })
    };
    let mut add = |name: &str, schema: Json| schemas.insert(name.to_string(), schema);
    add("Currency", json!({ "type": "string", "enum": money::CODES.split(' ').collect::<Vec<_>>() }));
    let amounts = [money_sent(2), money_sent(0), money_sent(3), money_sent(4)];
    add("Money.sent", json!({ "anyOf": amounts, "examples": [{ "amount": "12.50", "currency": "EUR" }] }));
    let properties = json!({ "singular": label, "plural": label, "key": key, "help": remark });
    add(
        "Object.create",
        made(["singular", "plural"], json!({ "singular": "Boat", "plural": "Boats" }), properties),
    );
    let properties = json!({
        "label": label, "kind": { "type": "string", "enum": crm::catalogue::FIELD_KINDS }, "key": key,
        "target": remark, "help": remark, "default": remark, "required": flag, "unique": flag, "listed": flag,
        "choices": { "type": "array", "items": remark, "maxItems": CHOICE_LIMIT },
    });
    add("Field.create", made(["label", "kind"], json!({ "label": "Length", "kind": "number" }), properties));
    schemas
}

/// An amount in a currency with so many decimals.
fn money_sent(decimals: u32) -> Json {
    let codes: Vec<&str> = money::CODES.split(' ').filter(|code| money::decimals(code) == decimals).collect();
    let part = if decimals == 0 { String::new() } else { format!(r"(?:\.[0-9]{{1,{decimals}}})?") };
    let amount =
        json!({ "type": "string", "pattern": format!("^-?[0-9]{{1,{}}}{part}$", money_digits(decimals)) });
    json!({ "type": "object", "additionalProperties": false, "required": ["amount", "currency"],
            "properties": { "amount": amount, "currency": { "type": "string", "enum": codes } } })
}

/// The schemas of one object: as it is read, made, changed, listed and filtered.
pub(super) fn of_object(ctx: &Ctx, object: &Object) -> Vec<(String, Json)> {
    let named = |part: &str| format!("{}{part}", object.key);
    let mut properties = Map::new();
    properties.insert(
        "object".into(),
        json!({ "type": "string", "description": "The object it is saved through." }),
    );
    properties.insert("version".into(), json!({ "type": "integer", "minimum": 1 }));
    for field in ctx.visible_fields(object) {
        properties.insert(field.key.clone(), described(field, read(field)));
    }
    properties.insert(
        "archived_at".into(),
        json!({ "type": ["string", "null"], "format": "date-time", "readOnly": true }),
    );
    let record = json!({ "type": "object", "description": object.help, "required": ["id", "object", "version"], "properties": properties });
    let page = json!({ "type": "object", "required": ["data", "next"], "properties": {
        "data": { "type": "array", "items": schema(&object.key) },
        "next": { "type": ["string", "null"], "description": "Cursor of the next page." },
        "total": schema("Total"),
    } });
    let filter = json!({ "type": "string", "maxLength": FILTER_LIMIT, "pattern": filter_pattern(ctx, object), "examples": ["created_at >= this_year"] });
    let mut schemas = vec![(named(""), record), (named(".page"), page), (named(".filter"), filter)];
    if object.writable && object.parts.is_empty() {
        let all: Map<String, Json> =
            writable(ctx, object).map(|f| (f.key.clone(), described(f, write(f)))).collect();
        let required: Vec<&str> =
            writable(ctx, object).filter(|f| f.required).map(|f| f.key.as_str()).collect();
        let mut create = json!({ "type": "object", "additionalProperties": false, "properties": all, "examples": [example(ctx, object)] });
        let mut change = create.clone();
        if !required.is_empty() {
            create["required"] = json!(required);
        }
        change["properties"]["version"] = json!({ "type": "integer", "minimum": 1, "maximum": WHOLE_LIMIT, "description": "The version that was read: refused with 409 when it is another by now." });
        schemas.extend([(named(".create"), create), (named(".change"), change)]);
    }
    schemas
}

fn described(field: &Field, mut schema: Json) -> Json {
    schema["title"] = field.label.as_str().into();
    if !field.help.is_empty() {
        schema["description"] = field.help.as_str().into();
    }
    if field.computed {
        schema["readOnly"] = true.into();
    }
    schema
}

fn or_null(mut schema: Json) -> Json {
    match schema["type"].as_str().map(String::from) {
        Some(kind) => schema["type"] = json!([kind, "null"]),
        None => return json!({ "anyOf": [schema, { "type": "null" }] }),
    }
    if let Some(choices) = schema.get_mut("enum").and_then(Json::as_array_mut) {
        choices.push(Json::Null);
    }
    schema
}

fn keys(field: &Field) -> Json {
    json!({ "type": "string", "enum": field.kind.choices().iter().map(|c| c.key.as_str()).collect::<Vec<_>>() })
}

/// A field as it is read.
fn read(field: &Field) -> Json {
    let plain = match &field.kind {
        Kind::Whole if field.key == "id" => return id(),
        Kind::Choices(_) => return json!({ "type": "array", "items": keys(field) }),
        Kind::Choice(_) => keys(field),
        Kind::Whole => json!({ "type": "integer" }),
        Kind::Number | Kind::Percent => json!({ "type": "number" }),
        Kind::Money => schema("Money"),
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::Time => json!({ "type": "string", "format": "date-time" }),
        Kind::Truth => json!({ "type": "boolean" }),
        Kind::Link(_) => schema("Link"),
        Kind::Text | Kind::LongText | Kind::Email | Kind::Phone | Kind::Url | Kind::Currency => {
            json!({ "type": "string" })
        }
    };
    or_null(plain)
}

/// A field as it is sent.
fn write(field: &Field) -> Json {
    let schema = sent(field);
    if demanded(field) { schema } else { or_null(schema) }
}

fn sent(field: &Field) -> Json {
    let text =
        |pattern: &str, most: usize| json!({ "type": "string", "pattern": pattern, "maxLength": most });
    let free = if demanded(field) { SAYS_SOMETHING } else { ANY_TEXT };
    let or_empty = if demanded(field) { "" } else { "?" };
    let address = |pattern: &str, most: usize| text(&format!("^(?:{pattern}){or_empty}$"), most);
    match &field.kind {
        Kind::Text => text(free, value::TEXT_LIMIT),
        Kind::LongText => text(free, value::LONG_TEXT_LIMIT),
        Kind::Email => address(&email_pattern(), EMAIL_LIMIT),
        Kind::Phone => address(PHONE, PHONE_LIMIT),
        Kind::Url => address(URL, URL_LIMIT),
        Kind::Currency => schema("Currency"),
        Kind::Whole => json!({ "type": "integer", "minimum": -WHOLE_LIMIT, "maximum": WHOLE_LIMIT }),
        Kind::Number => json!({ "type": "number", "minimum": -NUMBER_LIMIT, "maximum": NUMBER_LIMIT }),
        Kind::Percent => json!({ "type": "number", "minimum": 0, "maximum": 1 }),
        Kind::Money => schema("Money.sent"),
        Kind::Date => json!({ "type": "string", "format": "date", "pattern": YEAR }),
        Kind::Time => json!({ "type": "string", "format": "date-time", "pattern": YEAR }),
        Kind::Truth => json!({ "type": "boolean" }),
        Kind::Choice(_) => keys(field),
        Kind::Choices(_) => json!({ "type": "array", "items": keys(field), "uniqueItems": true }),
        Kind::Link(_) => schema("Link.sent"),
    }
}

/// A unique value in a path.
pub(super) fn in_path(field: &Field) -> Json {
    let mut schema = match field.kind {
        Kind::Text => json!({ "type": "string", "pattern": SAYS_SOMETHING, "maxLength": value::TEXT_LIMIT }),
        Kind::Link(_) => return id(),
        _ => sent(field),
    };
    if schema["type"] == "string" {
        schema["minLength"] = 1.into();
    }
    schema
}

fn email_pattern() -> String {
    let unfit = r#"\s\u0000-\u001f\u007f-\u009f<>()",;:\\@"#;
    let label = format!(r"[^{unfit}.\-](?:[^{unfit}.]*[^{unfit}.\-])?");
    format!(r"[^{unfit}]+@{label}(?:\.{label})*")
}

/// A record as it could be sent: the required fields and those that lists show.
pub(super) fn example(ctx: &Ctx, object: &Object) -> Json {
    let shown =
        writable(ctx, object).filter(|f| f.required || (f.listed && !matches!(f.kind, Kind::Link(_))));
    Json::Object(shown.map(|f| (f.key.clone(), example_of(f))).collect())
}

fn example_of(field: &Field) -> Json {
    match &field.kind {
        Kind::Text | Kind::LongText => field.label.as_str().into(),
        Kind::Email => "ana@example.com".into(),
        Kind::Phone => "+49 30 1234567".into(),
        Kind::Url => "https://example.com".into(),
        Kind::Currency => "EUR".into(),
        Kind::Whole => 3.into(),
        Kind::Number => 2.5.into(),
        Kind::Percent => 0.5.into(),
        Kind::Money => json!({ "amount": "12.50", "currency": "EUR" }),
        Kind::Date => "2026-01-31".into(),
        Kind::Time => "2026-01-31T09:30:00Z".into(),
        Kind::Truth => true.into(),
        Kind::Choice(choices) => choices.first().map_or(Json::Null, |c| c.key.as_str().into()),
        Kind::Choices(choices) => choices.iter().take(1).map(|c| c.key.as_str()).collect(),
        Kind::Link(_) => 1024.into(),
    }
}

/// The plain form of the filter language for an object: comparisons of its fields, joined by `and` or `or`.
/// A regular expression cannot say the whole of it, which nests.
fn filter_pattern(ctx: &Ctx, object: &Object) -> String {
    let fields: Vec<&Field> = ctx.visible_fields(object).collect();
    let decimals = money::decimals(&ctx.currency);
    let quoted = r#""[^"\\\u0000]*""#;
    let day = "(?:today|this_month|this_year)(?:[+-][0-9]{1,3}[dwmy])?|[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])";
    let order = "(?:=|!=|<|<=|>|>=)";
    let mut forms = Vec::new();
    let mut add = |fits: &dyn Fn(&Kind) -> bool, form: String| {
        let keys: Vec<&str> = fields.iter().filter(|f| fits(&f.kind)).map(|f| f.key.as_str()).collect();
        if !keys.is_empty() {
            forms.push(format!("(?:{}) {form}", keys.join("|")));
        }
    };
    add(&|kind| kind.textual(), format!(r"(?:=|!=|~|\^=) {quoted}"));
    add(&|kind| *kind == Kind::Whole, format!("{order} -?[0-9]{{1,12}}"));
    add(&|kind| *kind == Kind::Number, format!(r"{order} -?[0-9]{{1,12}}(?:\.[0-9]{{1,6}})?"));
    add(&|kind| *kind == Kind::Percent, format!(r"{order} (?:0\.[0-9]{{1,4}}|0|1)"));
    let part = if decimals == 0 { String::new() } else { format!(r"(?:\.[0-9]{{1,{decimals}}})?") };
    add(&|kind| *kind == Kind::Money, format!("{order} -?[0-9]{{1,11}}{part}"));
    add(&|kind| matches!(kind, Kind::Date | Kind::Time), format!("{order} (?:{day})"));
    add(&|kind| *kind == Kind::Truth, "(?:=|!=) (?:yes|no)".into());
    add(&|kind| matches!(kind, Kind::Link(_)), "(?:=|!=) (?:me|[0-9]{1,15})".into());
    add(&|_| true, "is (?:not )?empty".into());
    for field in fields.iter().filter(|f| !f.kind.choices().is_empty()) {
        let choices: Vec<&str> = field.kind.choices().iter().map(|c| c.key.as_str()).collect();
        forms.push(format!("{} (?:=|!=) (?:{})", field.key, choices.join("|")));
    }
    let condition = format!("(?:not )?(?:{})", forms.join("|"));
    format!("^(?:{condition}(?: (?:and|or) {condition}){{0,9}})?$")
}
