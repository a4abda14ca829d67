//! Up to a thousand records in one request and one transaction, each judged by itself.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use db::Tx;
use kernel::{Ctx, Error, Object, Via};
use serde_json::{Map, Value as Json, json};

use super::answers::{Answer, Refusal, problem_json};
use super::asked::Body;
use super::once::Once;
use super::records::{save_by, upsert_key};
use crate::wire::read_record;
use crate::{App, Refused, Who};

/// Records in one batch at the most.
pub(super) const MOST: usize = 1_000;

/// What was sent: the records, and how they are saved.
struct Batch<'a> {
    mode: Mode,
    records: Vec<&'a Map<String, Json>>,
}

/// How the records of a batch are saved.
enum Mode {
    Create,
    /// By the values of this unique field.
    Upsert(String),
}

/// `POST /{object}/batch`: 200 with a result for each record, in their order. What one record is refused for does
/// not keep the others from being saved.
pub(super) async fn save(
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
            let Batch { mode, records } = read(ctx, &object, body.object()?)?;
            let mut results = Vec::with_capacity(records.len());
            let mut n_refused = 0;
            for record in records {
                let saved = tx.attempt(|tx| save_one(tx, ctx, &object, &mode, record))?;
                n_refused += usize::from(saved.is_err());
                results.push(saved.unwrap_or_else(|problem| problem));
            }
            Ok(Answer::json(
                &json!({ "results": results, "n_saved": results.len() - n_refused, "n_refused": n_refused }),
            ))
        })
    };
    Ok(app.write(&who, Via::Api, write).await?)
}

fn read<'a>(ctx: &Ctx, object: &Object, sent: &'a Map<String, Json>) -> Result<Batch<'a>, Refused> {
    if let Some(key) = sent.keys().find(|key| !["records", "mode", "key"].contains(&key.as_str())) {
        return Err(Refused::shape(key, "is not a member of a batch"));
    }
    let key = match sent.get("key") {
        None => None,
        Some(json) => {
            let field = json.as_str().and_then(|key| upsert_key(ctx, object, key));
            Some(
                field
                    .ok_or_else(|| Refused::shape("key", "is not a unique field of this object"))?
                    .key
                    .clone(),
            )
        }
    };
    let mode = match (sent.get("mode").map(|m| m.as_str().unwrap_or_default()), key) {
        (None | Some("create"), None) => Mode::Create,
        (Some("upsert"), Some(key)) => Mode::Upsert(key),
        (Some("upsert"), None) => {
            return Err(Refused::shape("key", "is required: the unique field to upsert by"));
        }
        (None | Some("create"), Some(_)) => return Err(Refused::shape("key", "is for the mode \"upsert\"")),
        _ => return Err(Refused::shape("mode", "is neither create nor upsert")),
    };
    let records = sent.get("records").and_then(Json::as_array);
    let records = records.filter(|r| (1..=MOST).contains(&r.len()));
    let records =
        records.ok_or_else(|| Refused::shape("records", format!("is not a list of 1 to {MOST} records")))?;
    let objects: Option<Vec<&Map<String, Json>>> = records.iter().map(Json::as_object).collect();
    let objects =
        objects.ok_or_else(|| Refused::shape("records", "holds something that is not a JSON object"))?;
    Ok(Batch { mode, records: objects })
}

/// Saves one record, or gives the result that says why not.
/// *Errors*: what ends the whole batch.
fn save_one(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    mode: &Mode,
    sent: &Map<String, Json>,
) -> Result<Result<Json, Json>, Refused> {
    let saved = match mode {
        Mode::Create => {
            let values = read_record(ctx, object, sent, None);
            values
                .and_then(|values| Ok(kernel::create(tx, ctx, object, values)?))
                .map(|s| ((s.id, s.version), true))
        }
        Mode::Upsert(key) => upsert_one(tx, ctx, object, key, sent),
    };
    let refused = match saved {
        Ok(((id, version), created)) => {
            let status = if created { StatusCode::CREATED } else { StatusCode::OK };
            return Ok(Ok(json!({ "status": status.as_u16(), "id": id, "version": version })));
        }
        Err(refused) => refused,
    };
    let (status, problems) = match &refused {
        Refused::Shape(problems) => (StatusCode::UNPROCESSABLE_ENTITY, problems.clone()),
        Refused::Kernel(Error::Invalid(problems)) => (StatusCode::CONFLICT, problems.clone()),
        Refused::Kernel(Error::Db(db::Error::Taken(_))) => (StatusCode::CONFLICT, Vec::new()),
        Refused::Kernel(Error::Forbidden(_) | Error::NotFound(_) | Error::Stale { .. }) => {
            (refused.status(), Vec::new())
        }
        _ => return Err(refused),
    };
    let problem = problem_json(status, &refused.to_string(), &problems);
    Ok(Err(json!({ "status": status.as_u16(), "problem": problem })))
}

fn upsert_one(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    key: &str,
    sent: &Map<String, Json>,
) -> Result<((i64, i64), bool), Refused> {
    let mut sent = sent.clone();
    let json =
        sent.remove(key).ok_or_else(|| Refused::shape(key, "is required: the batch is upserted by it"))?;
    let one = Map::from_iter([(key.to_string(), json)]);
    let value =
        read_record(ctx, object, &one, Some(&kernel::Record::default()))?.remove(key).unwrap_or_default();
    if value.vacant() {
        return Err(Refused::shape(key, "is required: the batch is upserted by it"));
    }
    save_by(tx, ctx, object, key, value, &sent, None)
}
