//! Records of any object: list, read, make, change, archive, restore, upsert.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use db::Tx;
use kernel::{Ctx, Error, Field, Kind, ListQuery, Object, Record, SortKey, Total, Value, Via, filter, value};
use serde_json::{Map, Value as Json};

use super::answers::{Answer, Refusal};
use super::asked::{Body, FILTER_LIMIT, Params, SEARCH_LIMIT, id, if_match, no_params, number};
use super::once::Once;
use crate::wire::{read_record, write_record};
use crate::{App, Refused, Who};

/// `GET /{object}`.
pub(super) async fn list(
    State(app): State<App>,
    who: Who,
    Path(object): Path<String>,
    params: Params,
) -> Result<Answer, Refusal> {
    Ok(app.read(&who, Via::Api, move |tx, ctx| page(tx, ctx, &object, params)).await?)
}

fn page(tx: &mut Tx<'_>, ctx: &Ctx, object: &str, mut params: Params) -> Result<Answer, Refused> {
    let object = ctx.catalogue.need(object)?.clone();
    let sees = |key: &str| object.field(key).is_some_and(|f| ctx.sees_field(&object, f));
    let filter = params.text("filter", FILTER_LIMIT)?.map(|text| filter::parse(&text));
    let filter = filter.transpose().map_err(|trouble| Refused::shape("filter", trouble.to_string()))?;
    let sort = params.words("sort", |word| sees(word.strip_prefix('-').unwrap_or(word)))?;
    let chosen = params.words("fields", sees)?;
    let counted = params.flag("count")?;
    let query = ListQuery {
        filter,
        search: params.text("q", SEARCH_LIMIT)?,
        sort: SortKey::parse_all(&sort.join(",")),
        fields: needed(ctx, &object, &chosen),
        cursor: params.take("cursor"),
        limit: params.limit(50, 1_000)?,
        archived: params.flag("archived")?,
        export: false,
    };
    params.done()?;
    let page = kernel::list(tx, ctx, &object, &query).map_err(misread)?;
    let mut out = Vec::with_capacity(512 * page.records.len() + 64);
    out.extend_from_slice(b"{\"data\":[");
    for (n, record) in page.records.iter().enumerate() {
        if n > 0 {
            out.push(b',');
        }
        write_record(&mut out, ctx, &object, record, &chosen);
    }
    out.extend_from_slice(b"],\"next\":");
    out.extend_from_slice(Json::from(page.next).to_string().as_bytes());
    if counted {
        let (count, exact) = match kernel::count(tx, ctx, &object, &query).map_err(misread)? {
            Total::Exact(n) => (n, true),
            Total::AtLeast(n) => (n, false),
        };
        out.extend_from_slice(format!(",\"total\":{{\"count\":{count},\"exact\":{exact}}}").as_bytes());
    }
    out.push(b'}');
    Ok(Answer::written(out))
}

/// What is wrong with a filter or an order is wrong with the request. A cursor names a page, and one that this list
/// never gave out names none.
fn misread(error: Error) -> Refused {
    match error {
        Error::Invalid(problems) if problems.iter().any(|p| p.field == "cursor") => {
            Error::NotFound("the page of this cursor".into()).into()
        }
        Error::Invalid(problems) => Refused::Shape(problems),
        other => other.into(),
    }
}

/// The fields to read for those that were chosen: the times of the record, and the currency of its amounts.
fn needed(ctx: &Ctx, object: &Object, chosen: &[String]) -> Vec<String> {
    if chosen.is_empty() {
        return Vec::new();
    }
    let money = |key: &String| object.field(key).is_some_and(|f| f.kind == Kind::Money);
    let currency = object.currency_field().filter(|f| ctx.sees_field(object, f) && chosen.iter().any(money));
    let also = ["created_at", "updated_at"].into_iter().chain(currency.map(|f| f.key.as_str()));
    let mut fields = chosen.to_vec();
    for key in also {
        if object.field(key).is_some_and(|f| ctx.sees_field(object, f)) && !fields.iter().any(|f| f == key) {
            fields.push(key.to_string());
        }
    }
    fields
}

/// `GET /{object}/{id}`.
pub(super) async fn record(
    State(app): State<App>,
    who: Who,
    Path((object, id_text)): Path<(String, String)>,
    params: Params,
) -> Result<Answer, Refusal> {
    let read = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        let object = ctx.catalogue.need(&object)?.clone();
        params.done()?;
        let record = living(tx, ctx, &object, id(&id_text)?)?;
        Ok(answer(ctx, &object, &record))
    };
    Ok(app.read(&who, Via::Api, read).await?)
}

/// A record that is not archived. One that is has left its address until it is restored.
pub(super) fn living(tx: &mut Tx<'_>, ctx: &Ctx, object: &Object, id: i64) -> Result<Record, Refused> {
    let record = kernel::find(tx, ctx, object, id)?;
    if record.archived_at.is_none() {
        return Ok(record);
    }
    let restoration = format!("POST /api/v1/{}/{id}/restoration brings it back", record.object);
    let restore = format!("{} {id} is archived ({restoration}): here it was", object.singular.to_lowercase());
    Err(Error::NotFound(restore).into())
}

/// The record as the answer.
pub(super) fn answer(ctx: &Ctx, object: &Object, record: &Record) -> Answer {
    let mut out = Vec::with_capacity(1024);
    write_record(&mut out, ctx, object, record, &[]);
    Answer::written(out).tagged(record.version)
}

/// The record as it is after it was saved; only its id when it has left what the actor may see.
fn saved_answer(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    id: i64,
    version: i64,
) -> Result<Answer, Refused> {
    match kernel::find(tx, ctx, object, id) {
        Ok(record) => Ok(answer(ctx, object, &record)),
        Err(Error::NotFound(_)) => {
            let record = Record { id, version, object: object.key.clone(), ..Record::default() };
            Ok(answer(ctx, object, &record))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /{object}`.
pub(super) async fn create(
    State(app): State<App>,
    who: Who,
    Path(object): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Answer, Refusal> {
    let once = Once::new(&headers, &who, uri.path(), &body.bytes)?;
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        once.run(tx, ctx, |tx| {
            let object = ctx.catalogue.need(&object)?.clone();
            let values = read_record(ctx, &object, body.object()?, None)?;
            let saved = kernel::create(tx, ctx, &object, values)?;
            let answer = saved_answer(tx, ctx, &object, saved.id, saved.version)?;
            Ok(answer.created(format!("/{}/{}", object.key, saved.id)))
        })
    };
    Ok(app.write(&who, Via::Api, write).await?)
}

/// `PATCH /{object}/{id}`.
pub(super) async fn change(
    State(app): State<App>,
    who: Who,
    Path((object, id_text)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Answer, Refusal> {
    let wanted = if_match(&headers);
    let conditional = wanted.is_some();
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        let object = ctx.catalogue.need(&object)?.clone();
        let before = living(tx, ctx, &object, id(&id_text)?)?;
        check_version(&object, &before, wanted.as_deref())?;
        apply(tx, ctx, &object, before, body.object()?)
    };
    unless_matched(app.write(&who, Via::Api, write).await, conditional)
}

/// Changes a record to what was sent. A `version` among it is the one that the sender read.
fn apply(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    before: Record,
    sent: &Map<String, Json>,
) -> Result<Answer, Refused> {
    let mut sent = sent.clone();
    let version = read_version(&mut sent)?;
    let values = read_record(ctx, object, &sent, Some(&before))?;
    let saved = kernel::change(tx, ctx, object, before.id, version, values)?;
    saved_answer(tx, ctx, object, saved.id, saved.version)
}

fn read_version(sent: &mut Map<String, Json>) -> Result<Option<i64>, Refused> {
    let Some(json) = sent.remove("version") else { return Ok(None) };
    let version =
        json.as_f64().filter(|v| v.fract() == 0.0 && *v >= 1.0 && *v <= crate::wire::WHOLE_LIMIT as f64);
    match version {
        Some(version) => Ok(Some(version as i64)),
        None => Err(Refused::shape("version", "is not the version of a record")),
    }
}

/// Is the record as the sender of `If-Match` knew it?
fn check_version(object: &Object, record: &Record, wanted: Option<&[i64]>) -> Result<(), Refused> {
    if wanted.is_none_or(|versions| versions.contains(&record.version)) {
        return Ok(());
    }
    let what = format!("{} {}", object.singular.to_lowercase(), record.id);
    Err(Error::Stale { what, version: record.version }.into())
}

/// A stale record is a failed precondition when the request had one, else a conflict.
fn unless_matched(result: Result<Answer, Refused>, conditional: bool) -> Result<Answer, Refusal> {
    result.map_err(|refused| match refused {
        Refused::Kernel(Error::Stale { .. }) if conditional => {
            Refusal::Http(axum::http::StatusCode::PRECONDITION_FAILED, refused.to_string())
        }
        other => other.into(),
    })
}

/// `DELETE /{object}/{id}`: archives.
pub(super) async fn archive(
    State(app): State<App>,
    who: Who,
    Path((object, id_text)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Answer, Refusal> {
    no_params(&uri)?;
    let wanted = if_match(&headers);
    let conditional = wanted.is_some();
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        let object = ctx.catalogue.need(&object)?.clone();
        let before = living(tx, ctx, &object, id(&id_text)?)?;
        check_version(&object, &before, wanted.as_deref())?;
        kernel::archive(tx, ctx, &object, before.id, None)?;
        Ok(Answer::nothing())
    };
    unless_matched(app.write(&who, Via::Api, write).await, conditional)
}

/// `POST /{object}/{id}/restoration`: brings an archived record back.
pub(super) async fn restore(
    State(app): State<App>,
    who: Who,
    Path((object, id_text)): Path<(String, String)>,
    uri: Uri,
) -> Result<Answer, Refusal> {
    no_params(&uri)?;
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        let object = ctx.catalogue.need(&object)?.clone();
        let saved = kernel::restore(tx, ctx, &object, id(&id_text)?, None)?;
        saved_answer(tx, ctx, &object, saved.id, saved.version)
    };
    Ok(app.write(&who, Via::Api, write).await?)
}

/// `PUT /{object}/by/{key}/{value}`: changes the record with this unique value, or makes it.
pub(super) async fn upsert(
    State(app): State<App>,
    who: Who,
    Path((object, key, text)): Path<(String, String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Answer, Refusal> {
    let wanted = if_match(&headers);
    let conditional = wanted.is_some();
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        let object = ctx.catalogue.need(&object)?.clone();
        let field = upsert_key(ctx, &object, &key).ok_or_else(|| {
            Refused::from(Error::NotFound(format!(
                "a unique field {key} of {}",
                object.plural.to_lowercase()
            )))
        })?;
        let value = path_value(ctx, field, &text)?;
        let mut sent = body.object()?.clone();
        let read = sent.remove(&key).map(|json| read_record_value(ctx, &object, &key, json)).transpose()?;
        if read.is_some_and(|read| read != value) {
            return Err(Error::invalid(&key, "is not the value in the address").into());
        }
        let (saved, created) = save_by(tx, ctx, &object, &key, value, &sent, wanted.as_deref())?;
        let (id, version) = saved;
        let answer = saved_answer(tx, ctx, &object, id, version)?;
        Ok(if created { answer.created(format!("/{}/{id}", object.key)) } else { answer })
    };
    unless_matched(app.write(&who, Via::Api, write).await, conditional)
}

/// A field by which records can be upserted.
pub(super) fn upsert_key<'a>(ctx: &Ctx, object: &'a Object, key: &str) -> Option<&'a Field> {
    object.field(key).filter(|f| upsertable(ctx, object, f))
}

/// Can records be upserted by this field?
pub(super) fn upsertable(ctx: &Ctx, object: &Object, field: &Field) -> bool {
    let plain =
        !matches!(field.kind, Kind::Choices(_) | Kind::Money | Kind::Number | Kind::Percent | Kind::LongText);
    field.unique && !field.computed && plain && ctx.sees_field(object, field)
}

fn path_value(ctx: &Ctx, field: &Field, text: &str) -> Result<Value, Refused> {
    let json = match field.kind {
        Kind::Whole | Kind::Link(_) => {
            number(text.strip_prefix('-').unwrap_or(text)).and(text.parse::<i64>().ok()).map(Json::from)
        }
        Kind::Truth => text.parse::<bool>().ok().map(Json::from),
        _ => Some(Json::from(text)),
    };
    let parsed = json
        .and_then(|json| value::parse(field, json.as_str().unwrap_or(&json.to_string()), &ctx.currency).ok());
    let parsed = parsed.filter(|v| !v.vacant() && text.chars().count() <= value::TEXT_LIMIT);
    parsed.ok_or_else(|| Refused::shape(&field.key, format!("{text} is not a value of this field")))
}

fn read_record_value(ctx: &Ctx, object: &Object, key: &str, json: Json) -> Result<Value, Refused> {
    let one = Map::from_iter([(key.to_string(), json)]);
    // As if for a change: what else a new record needs is not asked for here.
    let mut values = read_record(ctx, object, &one, Some(&Record::default()))?;
    Ok(values.remove(key).unwrap_or_default())
}

/// Saves by a unique field: id and version, and whether the record was made.
pub(super) fn save_by(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    key: &str,
    value: Value,
    sent: &Map<String, Json>,
    wanted: Option<&[i64]>,
) -> Result<((i64, i64), bool), Refused> {
    let mut sent = sent.clone();
    let version = read_version(&mut sent)?;
    match kernel::find_by(tx, ctx, object, key, &value)? {
        Some(id) => {
            let before = kernel::find(tx, ctx, object, id)?;
            if before.archived_at.is_some() {
                return Err(Error::invalid(
                    key,
                    format!("belongs to archived record {id}; restore it first"),
                )
                .into());
            }
            check_version(object, &before, wanted)?;
            let values = read_record(ctx, object, &sent, Some(&before))?;
            let saved = kernel::change(tx, ctx, object, id, version, values)?;
            Ok(((id, saved.version), false))
        }
        None => {
            // Whether the record is new shows only here, so a missing field is a conflict, not a wrong shape.
            let mut values = read_record(ctx, object, &sent, Some(&Record::default()))?;
            values.insert(key.to_string(), value);
            if version.is_some() || wanted.is_some() {
                let what = format!("a {} with this {key}", object.singular.to_lowercase());
                return Err(Error::Stale { what, version: 0 }.into());
            }
            let saved = kernel::create(tx, ctx, object, values)?;
            Ok(((saved.id, saved.version), true))
        }
    }
}
