//! The cards of the models that scored the customers last.

use axum::extract::State;
use db::Tx;
use kernel::{Ctx, Via};
use serde_json::json;

use super::answers::{Answer, Refusal};
use super::asked::Params;
use crate::{App, Refused, Who};

/// `GET /models`: as `kith score --json` prints them; no models before the first scoring.
pub(super) async fn latest(State(app): State<App>, who: Who, params: Params) -> Result<Answer, Refusal> {
    let read = move |tx: &mut Tx<'_>, _: &Ctx| {
        params.done()?;
        let run = crm::scores::latest(tx)?;
        let none = || json!({ "as_of": null, "unit": null, "n_customers": 0, "models": [] });
        Ok::<_, Refused>(Answer::json(&run.map_or_else(none, |run| crm::scores::cards_json(&run))))
    };
    Ok(app.read(&who, Via::Api, read).await?)
}
