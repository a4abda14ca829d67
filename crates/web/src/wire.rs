//! Values of the catalogue as JSON, both ways: the one place that knows how the API writes money, days and links.

use std::collections::BTreeMap;
use std::io::Write as _;

use kernel::{Ctx, Field, Kind, Object, Problem, Record, Value, money, value};
use serde_json::{Map, Value as Json};

use crate::Refused;

/// Whole numbers that survive a trip through a JavaScript number.
pub(crate) const WHOLE_LIMIT: i64 = money::LIMIT;
/// The largest measured number that is taken, either side of nought.
pub(crate) const NUMBER_LIMIT: f64 = 1e15;
/// The longest e-mail address, in characters.
pub(crate) const EMAIL_LIMIT: usize = 254;
/// The longest telephone number, in characters.
pub(crate) const PHONE_LIMIT: usize = 60;
/// The longest web address, in characters.
pub(crate) const URL_LIMIT: usize = 2_000;
/// Members of a record's JSON that are no fields of its object.
pub(crate) const BESIDE_FIELDS: [&str; 3] = ["object", "version", "archived_at"];

/// Writes a record as JSON: its id, the object it is saved through, its version, its fields, and when it was archived.
/// `chosen` names the fields that were asked for; none means all.
pub(crate) fn write_record(
    out: &mut Vec<u8>,
    ctx: &Ctx,
    object: &Object,
    record: &Record,
    chosen: &[String],
) {
    let currency = record.currency(object, &ctx.currency);
    // Writing to memory does not fail.
    let _ =
        write!(out, "{{\"id\":{},\"object\":\"{}\",\"version\":{}", record.id, record.object, record.version);
    for field in &object.fields {
        let system = matches!(field.key.as_str(), "created_at" | "updated_at");
        if field.key == "id" || !(system || chosen.is_empty() || chosen.contains(&field.key)) {
            continue;
        }
        if let Some(value) = record.values.get(&field.key) {
            let _ = write!(out, ",\"{}\":", field.key);
            let name = record.names.get(&field.key).map(String::as_str);
            write_value(out, &field.kind, value, currency, name);
        }
    }
    out.extend_from_slice(b",\"archived_at\":");
    write_value(out, &Kind::Time, &record.archived_at.map_or(Value::Empty, Value::Time), "", None);
    out.push(b'}');
}

/// Writes one value. `name` is that of a linked record, when the reader may know it.
pub(crate) fn write_value(out: &mut Vec<u8>, kind: &Kind, value: &Value, currency: &str, name: Option<&str>) {
    let _ = match value {
        Value::Empty if matches!(kind, Kind::Choices(_)) => out.write_all(b"[]"),
        Value::Empty => out.write_all(b"null"),
        Value::Text(text) => return write_text(out, text),
        Value::Whole(v) => write!(out, "{v}"),
        Value::Number(v) => return write_json(out, v),
        Value::Money(minor) => {
            write!(out, "{{\"amount\":\"{}\",\"currency\":\"{currency}\"}}", money::plain(*minor, currency))
        }
        Value::Date(date) => write!(out, "\"{date}\""),
        Value::Time(micros) => match jiff::Timestamp::from_microsecond(*micros) {
            Ok(timestamp) => write!(out, "\"{timestamp}\""),
            Err(_) => out.write_all(b"null"),
        },
        Value::Truth(v) => write!(out, "{v}"),
        Value::Link(id) => {
            let _ = write!(out, "{{\"id\":{id},\"name\":");
            match name {
                Some(name) => write_text(out, name),
                None => out.extend_from_slice(b"null"),
            }
            out.write_all(b"}")
        }
        Value::Many(keys) => return write_json(out, keys),
    };
}

/// Writes text as a JSON string.
pub(crate) fn write_text(out: &mut Vec<u8>, text: &str) {
    write_json(out, text);
}

fn write_json(out: &mut Vec<u8>, value: &(impl serde::Serialize + ?Sized)) {
    if serde_json::to_writer(&mut *out, value).is_err() {
        out.extend_from_slice(b"null");
    }
}

/// One value as JSON, for answers that are built as a whole.
pub(crate) fn to_json(kind: &Kind, value: &Value, currency: &str) -> Json {
    let mut out = Vec::new();
    write_value(&mut out, kind, value, currency, None);
    serde_json::from_slice(&out).unwrap_or_default()
}

/// What is wrong with a value: its shape, which the description of the API excludes, or its fit with the record.
enum Wrong {
    Shape(String),
    Fit(String),
}

/// Reads the members of a record that someone sent. `before` is the record as it is, none for a new one.
///
/// *Errors*: [`Refused::Shape`] with every problem that the description of the API excludes; else the rules' own
/// [`kernel::Error::Invalid`] with those that do not fit the record, such as an amount in another currency.
pub(crate) fn read_record(
    ctx: &Ctx,
    object: &Object,
    sent: &Map<String, Json>,
    before: Option<&Record>,
) -> Result<BTreeMap<String, Value>, Refused> {
    let mut values = BTreeMap::new();
    let (mut misshapen, mut unfit) = (Vec::new(), Vec::new());
    let currency = currency_of(ctx, object, sent, before);
    for (key, json) in sent {
        let field = object.field(key).filter(|f| ctx.sees_field(object, f));
        let read = match field {
            _ if BESIDE_FIELDS.contains(&key.as_str()) => {
                Err(Wrong::Shape("is kept by Kith and cannot be set".into()))
            }
            None => Err(Wrong::Shape(format!("{} have no such field", object.plural.to_lowercase()))),
            Some(field) if field.computed => {
                Err(Wrong::Shape("is worked out by Kith and cannot be set".into()))
            }
            Some(field) => read_value(field, json, &currency),
        };
        match read {
            Ok(value) => drop(values.insert(key.clone(), value)),
            Err(Wrong::Shape(message)) => misshapen.push(Problem::new(key, message)),
            Err(Wrong::Fit(message)) => unfit.push(Problem::new(key, message)),
        }
    }
    for field in object.fields.iter().filter(|f| demanded(f)) {
        let missing = before.is_none() && !sent.contains_key(&field.key);
        if missing || values.get(&field.key).is_some_and(Value::vacant) {
            misshapen.push(Problem::new(&field.key, "is required"));
        }
    }
    if !misshapen.is_empty() {
        return Err(Refused::Shape(misshapen));
    }
    if !unfit.is_empty() {
        return Err(kernel::Error::Invalid(unfit).into());
    }
    // The first amount of a record without a currency says in which currency all of them are.
    if let Some(field) = object.currency_field()
        && values.values().any(|v| matches!(v, Value::Money(_)))
        && values.get(&field.key).or(before.map(|b| b.value(&field.key))).is_none_or(Value::vacant)
    {
        values.insert(field.key.clone(), Value::Text(currency));
    }
    Ok(values)
}

/// Is a record without this field refused whatever rules this workspace added?
pub(crate) fn demanded(field: &Field) -> bool {
    field.required && !field.computed && !field.custom
}

/// The currency of the amounts that were sent: the one sent beside them, the record's own, that of the first amount
/// where the record has none yet, or the workspace's.
fn currency_of(ctx: &Ctx, object: &Object, sent: &Map<String, Json>, before: Option<&Record>) -> String {
    let Some(field) = object.currency_field() else { return ctx.currency.clone() };
    let known = |code: &&str| money::known(code);
    if let Some(code) = sent.get(&field.key).and_then(Json::as_str).filter(known) {
        return code.to_string();
    }
    if let Some(code) = before.and_then(|b| b.value(&field.key).text()) {
        return code.to_string();
    }
    let first = sent.iter().filter(|(key, _)| object.field(key).is_some_and(|f| f.kind == Kind::Money));
    let first = first.filter_map(|(_, json)| json["currency"].as_str()).find(known);
    first.map_or_else(|| ctx.currency.clone(), String::from)
}

fn read_value(field: &Field, json: &Json, currency: &str) -> Result<Value, Wrong> {
    let shape = |message: &str| Err(Wrong::Shape(message.to_string()));
    if json.is_null() {
        return Ok(Value::Empty);
    }
    match &field.kind {
        Kind::Text => read_text(field, json, value::TEXT_LIMIT),
        Kind::LongText => read_text(field, json, value::LONG_TEXT_LIMIT),
        Kind::Email => read_address(field, json, EMAIL_LIMIT),
        Kind::Phone => read_address(field, json, PHONE_LIMIT),
        Kind::Url => match json
            .as_str()
            .filter(|t| !t.is_empty() && !t.starts_with("https://") && !t.starts_with("http://"))
        {
            Some(_) => shape("is not a web address that begins with https:// or http://"),
            None => read_address(field, json, URL_LIMIT),
        },
        Kind::Currency => match json.as_str() {
            Some(code) if money::known(code) => Ok(Value::Text(code.to_string())),
            _ => shape("is not a currency code such as EUR"),
        },
        Kind::Whole => match whole(json) {
            Some(v) if v.abs() <= WHOLE_LIMIT => Ok(Value::Whole(v)),
            Some(_) => Err(Wrong::Shape(format!("lies beyond {WHOLE_LIMIT}"))),
            None => shape("is not a whole number"),
        },
        Kind::Number => match json.as_f64() {
            Some(v) if v.abs() <= NUMBER_LIMIT => Ok(Value::Number(v)),
            Some(_) => Err(Wrong::Shape(format!("lies beyond {NUMBER_LIMIT}"))),
            None => shape("is not a number"),
        },
        Kind::Percent => match json.as_f64() {
            Some(v) if (0.0..=1.0).contains(&v) => Ok(Value::Number(v)),
            _ => shape("is not a share between 0 and 1"),
        },
        Kind::Money => read_money(json, currency),
        Kind::Date => match json.as_str().map(value::day) {
            Some(day) => day.map(Value::Date).map_err(Wrong::Shape),
            None => shape("is not a date such as 2026-01-31"),
        },
        Kind::Time => match json.as_str() {
            // Without an offset it would not name a moment.
            Some(text) if text.parse::<jiff::Timestamp>().is_ok() => {
                value::moment(text).map(Value::Time).map_err(Wrong::Shape)
            }
            _ => shape("is not a time such as 2026-01-31T09:30:00Z"),
        },
        Kind::Truth => match json.as_bool() {
            Some(v) => Ok(Value::Truth(v)),
            None => shape("is neither true nor false"),
        },
        Kind::Choice(choices) => match json.as_str().filter(|key| choices.iter().any(|c| c.key == *key)) {
            Some(key) => Ok(Value::Text(key.to_string())),
            None => Err(Wrong::Shape(format!("is not one of {}", keys(choices)))),
        },
        Kind::Choices(choices) => read_choices(choices, json),
        Kind::Link(_) => match whole(if json.is_object() { &json["id"] } else { json }) {
            Some(id) if (1..=WHOLE_LIMIT).contains(&id) => Ok(Value::Link(id)),
            _ => shape("is not the id of a record, such as 1024 or {\"id\":1024}"),
        },
    }
}

/// A whole number, also when it is written `3.0`, which JSON does not tell from `3`.
fn whole(json: &Json) -> Option<i64> {
    json.as_i64().or_else(|| {
        let float = json.as_f64().filter(|v| v.fract() == 0.0 && v.abs() <= WHOLE_LIMIT as f64);
        float.map(|v| v as i64)
    })
}

fn read_text(field: &Field, json: &Json, limit: usize) -> Result<Value, Wrong> {
    let text = json.as_str().ok_or_else(|| Wrong::Shape("is not text".into()))?;
    if text.chars().count() > limit {
        return Err(Wrong::Shape(format!("is longer than {limit} characters")));
    }
    value::parse(field, text, "").map_err(Wrong::Shape)
}

/// An address is taken as it is, so blanks around it, which a form would lose, are refused.
fn read_address(field: &Field, json: &Json, limit: usize) -> Result<Value, Wrong> {
    if json.as_str().is_some_and(|text| text.trim() != text) {
        return Err(Wrong::Shape("begins or ends with a blank".into()));
    }
    read_text(field, json, limit)
}

fn read_choices(choices: &[kernel::Choice], json: &Json) -> Result<Value, Wrong> {
    let wrong = || Wrong::Shape(format!("is not a list of different keys among {}", keys(choices)));
    let mut chosen: Vec<String> = Vec::new();
    for item in json.as_array().ok_or_else(wrong)? {
        let key = item.as_str().filter(|key| choices.iter().any(|c| c.key == *key)).ok_or_else(wrong)?;
        if chosen.iter().any(|c| c == key) {
            return Err(wrong());
        }
        chosen.push(key.to_string());
    }
    Ok(if chosen.is_empty() { Value::Empty } else { Value::Many(chosen) })
}

fn keys(choices: &[kernel::Choice]) -> String {
    choices.iter().map(|c| c.key.as_str()).collect::<Vec<_>>().join(", ")
}

/// Digits before the point that an amount in a currency with so many decimals may have.
pub(crate) fn money_digits(decimals: u32) -> u32 {
    15 - decimals
}

fn read_money(json: &Json, currency: &str) -> Result<Value, Wrong> {
    let members = json.as_object().filter(|o| o.len() == 2);
    let texts = members.and_then(|o| o.get("amount")?.as_str().zip(o.get("currency")?.as_str()));
    let Some((amount, code)) = texts.filter(|(_, code)| money::known(code)) else {
        return Err(Wrong::Shape(
            "is not an amount such as {\"amount\":\"12.50\",\"currency\":\"EUR\"}".into(),
        ));
    };
    let decimals = money::decimals(code);
    let (whole, part) = amount.split_once('.').unwrap_or((amount, ""));
    let n_digits = whole.trim_start_matches('-').len();
    // One currency has one way to write an amount: no spaces, no code, no more decimals than it has.
    if amount.bytes().any(|b| !b.is_ascii_digit() && b != b'.' && b != b'-')
        || part.len() > decimals as usize
        || n_digits > money_digits(decimals) as usize
    {
        return Err(Wrong::Shape(format!(
            "{amount} is not an amount in {code}: at most {} digits and {decimals} decimals",
            money_digits(decimals)
        )));
    }
    let minor = money::parse(amount, code).map_err(Wrong::Shape)?;
    if code == currency {
        Ok(Value::Money(minor))
    } else {
        Err(Wrong::Fit(format!("is in {code}, but the amounts of this record are in {currency}")))
    }
}
