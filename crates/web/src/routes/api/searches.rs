//! Search over all objects.

use axum::extract::State;
use db::Tx;
use kernel::{Ctx, Via};
use serde_json::{Value as Json, json};

use super::answers::{Answer, Refusal};
use super::asked::{Params, SEARCH_LIMIT};
use crate::{App, Refused, Who};

/// `GET /search?q=`: the best matches among all records that the reader may see.
pub(super) async fn search(State(app): State<App>, who: Who, mut params: Params) -> Result<Answer, Refusal> {
    let read = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        let words = params
            .text("q", SEARCH_LIMIT)?
            .ok_or_else(|| Refused::shape("q", "is required: the words to find"))?;
        let limit = params.limit(20, 100)?;
        params.done()?;
        let found = kernel::search::find(tx, ctx, &words, limit)?;
        let mut data: Vec<Json> = Vec::new();
        for record in &found {
            let object = ctx.catalogue.need(&record.object)?;
            data.push(json!({ "object": record.object, "id": record.id, "name": record.title(object) }));
        }
        Ok::<_, Refused>(Answer::json(&json!({ "data": data })))
    };
    Ok(app.read(&who, Via::Api, read).await?)
}
