//! Who asks, and what they may do.

use axum::extract::State;
use db::Tx;
use kernel::{Action, Ctx, Via};
use serde_json::{Map, Value as Json, json};

use super::answers::{Answer, Refusal};
use super::asked::Params;
use crate::{App, Refused, Who};

/// `GET /me`.
pub(super) async fn me(State(app): State<App>, who: Who, params: Params) -> Result<Answer, Refusal> {
    let token = matches!(who, Who::Token(_));
    let read = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        params.done()?;
        let users = ctx.catalogue.need("users")?;
        let user = match ctx.user_id {
            Some(id) => Some(kernel::find(tx, &ctx.system(), users, id)?),
            None => None,
        };
        let rights: Map<String, Json> =
            ctx.catalogue.objects().map(|o| (o.key.clone(), actions(ctx, o))).collect();
        Ok::<_, Refused>(Answer::json(&json!({
            "user": user.map(|u| json!({ "id": u.id, "name": u.text("name"), "email": u.text("email") })),
            "token": token,
            "administrator": ctx.rights.administers(),
            "currency": ctx.currency,
            "time_zone": ctx.zone.iana_name().unwrap_or("UTC"),
            "rights": rights,
        })))
    };
    Ok(app.read(&who, Via::Api, read).await?)
}

/// How far each action reaches: `{"see":"all","change":"own"}`.
fn actions(ctx: &Ctx, object: &kernel::Object) -> Json {
    let scopes =
        Action::ALL.into_iter().map(|a| (a.word().to_string(), Json::from(ctx.scope(object, a).word())));
    Json::Object(scopes.collect())
}
