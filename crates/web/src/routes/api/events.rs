//! What happened: to one record, to all of them for readers who follow along, and undoing it.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use db::Tx;
use kernel::events::{Event, Position};
use kernel::filter::{Expr, Literal, Op};
use kernel::{Ctx, Error, ListQuery, Object, Record, Value, Via, events};
use serde_json::{Map, Value as Json, json};

use super::answers::{Answer, Refusal};
use super::asked::{Params, id, no_params, number};
use super::once::Once;
use super::records::living;
use crate::wire::to_json;
use crate::{App, Refused, Who};

/// `GET /{object}/{id}/events`: what happened to a record, the newest first.
pub(super) async fn of_record(
    State(app): State<App>,
    who: Who,
    Path((object, id_text)): Path<(String, String)>,
    mut params: Params,
) -> Result<Answer, Refusal> {
    let read = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        let object = ctx.catalogue.need(&object)?.clone();
        let limit = params.limit(50, 500)?;
        let before = params.take("cursor").map(|text| number(&text).ok_or_else(no_page)).transpose()?;
        params.done()?;
        let record = living(tx, ctx, &object, id(&id_text)?)?;
        let mut found = events::of_record(tx, ctx, &object, record.id, before, limit + 1)?;
        let more = found.len() > limit;
        found.truncate(limit);
        let currency = record.currency(&object, &ctx.currency);
        let data: Vec<Json> = found.iter().map(|event| event_json(ctx, event, currency)).collect();
        let next = found.last().filter(|_| more).map(|event| event.id.to_string());
        Ok(Answer::json(&json!({ "data": data, "next": next })))
    };
    Ok(app.read(&who, Via::Api, read).await?)
}

fn no_page() -> Refused {
    Error::NotFound("the page of this cursor".into()).into()
}

/// `GET /events`: all events in an order in which a follower misses none. `next` is where to go on, also when there
/// is nothing yet.
pub(super) async fn feed(State(app): State<App>, who: Who, mut params: Params) -> Result<Answer, Refusal> {
    let read = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        if !ctx.rights.administers() {
            return Err(Error::Forbidden("follow all events".into()).into());
        }
        let limit = params.limit(100, 1_000)?;
        let after =
            params.take("after").map(|text| position(&text).ok_or_else(wrong_position)).transpose()?;
        params.done()?;
        let (found, last) = events::after(tx, after.unwrap_or_default(), limit)?;
        let currencies = currencies(tx, ctx, &found)?;
        let currency = |event: &Event| currencies.get(&event.record_id).unwrap_or(&ctx.currency);
        let data: Vec<Json> = found.iter().map(|event| event_json(ctx, event, currency(event))).collect();
        Ok(Answer::json(&json!({ "data": data, "next": format!("{}:{}", last.xid, last.id) })))
    };
    Ok(app.read(&who, Via::Api, read).await?)
}

fn position(text: &str) -> Option<Position> {
    let (xid, id) = text.split_once(':')?;
    Some(Position { xid: number(xid)?, id: number(id)? })
}

fn wrong_position() -> Refused {
    Refused::shape("after", "is not the \"next\" of an earlier answer, such as 0:1024")
}

/// The currencies of the records that these events are about, where those differ from the workspace's.
fn currencies(tx: &mut Tx<'_>, ctx: &Ctx, found: &[Event]) -> Result<BTreeMap<i64, String>, Refused> {
    let mut by_object: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for event in found {
        by_object.entry(event.object.as_str()).or_default().push(event.record_id);
    }
    let mut currencies = BTreeMap::new();
    for (key, mut ids) in by_object {
        let Some(object) = ctx.catalogue.object(key) else { continue };
        let Some(field) = object.currency_field() else { continue };
        ids.sort_unstable();
        ids.dedup();
        for archived in [false, true] {
            let query = ListQuery {
                filter: Some(one_of(&ids)),
                fields: vec![field.key.clone()],
                limit: ids.len(),
                archived,
                ..ListQuery::default()
            };
            for record in kernel::list(tx, ctx, object, &query)?.records {
                currencies.insert(record.id, record.currency(object, &ctx.currency).to_string());
            }
        }
    }
    Ok(currencies)
}

fn one_of(ids: &[i64]) -> Expr {
    let values = ids.iter().map(|id| Literal { text: id.to_string(), quoted: false }).collect();
    Expr::Compare { path: vec!["id".into()], op: Op::In, values }
}

fn event_json(ctx: &Ctx, event: &Event, currency: &str) -> Json {
    let object = ctx.catalogue.object(&event.object);
    let changes: Option<Map<String, Json>> = event.changes.as_ref().map(|changes| {
        let pair = |key: &String, pair: &Json| {
            json!({
                "before": stored(object.map(|o| &**o), key, &pair[0], currency),
                "after": stored(object.map(|o| &**o), key, &pair[1], currency),
            })
        };
        changes.iter().map(|(key, values)| (key.clone(), pair(key, values))).collect()
    });
    json!({
        "id": event.id,
        "at": to_json(&kernel::Kind::Time, &Value::Time(event.at), ""),
        "kind": event.kind,
        "object": event.object,
        "record_id": event.record_id,
        "party_id": event.party_id,
        "actor_id": event.actor_id,
        "via": event.via,
        "import_id": event.import_id,
        "changes": changes,
    })
}

/// A value from the event log as the API writes it; as it was stored when its field is gone.
fn stored(object: Option<&Object>, key: &str, json: &Json, currency: &str) -> Json {
    match object.and_then(|o| o.field(key)) {
        Some(field) => to_json(&field.kind, &Value::from_stored_json(&field.kind, json), currency),
        None => json.clone(),
    }
}

/// `POST /events/{id}/undo`: puts back what the event changed, as far as nobody changed it since.
pub(super) async fn undo(
    State(app): State<App>,
    who: Who,
    Path(id_text): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Answer, Refusal> {
    no_params(&uri)?;
    let once = Once::new(&headers, &who, uri.path(), b"")?;
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        once.run(tx, ctx, |tx| {
            let event = events::get(tx, id(&id_text)?)?;
            let saved = kernel::undo::undo(tx, ctx, event.id)?;
            let object = ctx.catalogue.need(&event.object)?.clone();
            let record: Record = kernel::find(tx, ctx, &object, saved.id)?;
            Ok(Answer::json(&json!({
                "event_id": saved.event_id,
                "object": event.object,
                "record_id": saved.id,
                "version": record.version,
                "archived": record.archived_at.is_some(),
            })))
        })
    };
    Ok(app.write(&who, Via::Api, write).await?)
}
