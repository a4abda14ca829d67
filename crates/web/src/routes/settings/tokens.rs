//! Settings of API tokens.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use kernel::Ctx;

use super::{administer, all, page, told};
use crate::Refused;
use crate::routes::asked::{Asked, Message, Outcome};
use crate::routes::cells;
use crate::routes::forms::Posted;
use crate::views::{
    Choice, Field, Input, PostButton, Secret, SettingsForm, SettingsPage, SettingsPanel, TokenRow,
    TokensPanel,
};

/// `GET /settings/tokens`.
pub(crate) async fn tokens(asked: Asked) -> Response {
    asked
        .page(|tx, ctx, asked| {
            administer(ctx)?;
            tokens_page(tx, ctx, asked, None)
        })
        .await
}

fn tokens_page(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    asked: &Asked,
    fresh: Option<Secret>,
) -> Result<SettingsPage, Refused> {
    let roles = all(tx, ctx, "roles")?;
    let tokens = crm::tokens::list(tx)?;
    let rows = tokens.iter().map(|t| TokenRow {
        name: t.name.clone(),
        prefix: "kith_…".into(),
        scope: t.role.clone(),
        made: cells::moment(ctx, t.created_at),
        used: t.seen_at.map(|at| cells::moment(ctx, at)),
        ends: None,
        revoke: Some(PostButton {
            text: "Revoke".into(),
            action: format!("/settings/tokens/{}/revoke", t.id),
            icon: Some("trash-2".into()),
            hidden: Vec::new(),
            danger: true,
        }),
    });
    let choices = roles
        .iter()
        .map(|r| Choice::new(r.text("name"), r.text("name"), r.text("name") == "Reader"))
        .collect();
    let panel = TokensPanel {
        fresh,
        tokens: rows.collect(),
        add: SettingsForm {
            title: Some("Make a token".into()),
            action: "/settings/tokens".into(),
            submit: "Make token".into(),
            error: None,
            fields: vec![
                Field::new("name", "What it is for", Input::text("")).required(),
                Field::new("scope", "Rights of the role", Input::Choice { choices }).required(),
            ],
            open: tokens.is_empty(),
        },
    };
    page(
        tx,
        ctx,
        asked,
        "API tokens",
        "Keys for programs. Each has the rights of a role.",
        SettingsPanel::Tokens(panel),
    )
}

/// `POST /settings/tokens` with `name` and `scope`: makes a token and shows it once.
pub(crate) async fn add_token(asked: Asked, posted: Posted) -> Response {
    asked
        .act(move |tx, ctx, asked| {
            let token = format!("kith_{}", crate::secret().map_err(|e| Refused::Broken(e.to_string()))?);
            let made = crm::tokens::create(
                tx,
                ctx,
                posted.one("name").unwrap_or_default(),
                posted.one("scope").unwrap_or_default(),
                &token,
            );
            match made {
                Ok(_) => {
                    let secret =
                        Secret { text: "Copy this token now. It is not shown again.".into(), value: token };
                    let page = tokens_page(tx, ctx, asked, Some(secret))?;
                    Ok(Outcome::Show(StatusCode::CREATED, asked.html(&page)?))
                }
                Err(error) => told("/settings/tokens", error.into()),
            }
        })
        .await
}

/// `POST /settings/tokens/{id}/revoke`.
pub(crate) async fn revoke_token(Path(id): Path<i64>, asked: Asked) -> Response {
    asked
        .act(move |tx, ctx, _| {
            crm::tokens::revoke(tx, ctx, id)?;
            Ok(Outcome::Go("/settings/tokens".into(), Message::done("Revoked.", None)))
        })
        .await
}
