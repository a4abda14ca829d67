//! Settings of roles: what people may do, by kind of record.

use axum::extract::{Path, Query};
use axum::response::Response;
use kernel::Value;
use serde_json::json;

use super::{administer, all, capital, page, people, picks, told};
use crate::routes::asked::{Asked, Message, Outcome};
use crate::routes::cells;
use crate::routes::forms::Posted;
use crate::views::{
    Choice, Field, Input, RoleCell, RoleRow, RolesPanel, SettingsForm, SettingsPanel, TimelineTab,
};

const RIGHTS: [(&str, &str); 5] =
    [("see", "See"), ("create", "Add"), ("change", "Change"), ("archive", "Archive"), ("export", "Export")];

/// `GET /settings/roles?role=`.
pub(crate) async fn roles(Query(pairs): Query<Vec<(String, String)>>, asked: Asked) -> Response {
    asked
        .page(move |tx, ctx, asked| {
            administer(ctx)?;
            let roles = all(tx, ctx, "roles")?;
            let wanted = pairs.iter().find(|(k, _)| k == "role").and_then(|(_, v)| v.parse::<i64>().ok());
            let role =
                roles.iter().find(|r| Some(r.id) == wanted).or(roles.first()).cloned().unwrap_or_default();
            let json: serde_json::Value = serde_json::from_str(role.text("rights")).unwrap_or_default();
            let all_rights = json["administrator"].as_bool() == Some(true);
            let rights = kernel::Rights::from_roles([&json]);
            let objects = ctx.catalogue.objects().filter(|o| o.parts.is_empty() && o.writable);
            let rows = objects
                .map(|object| RoleRow {
                    object: object.plural.clone(),
                    cells: RIGHTS
                        .iter()
                        .map(|(word, _)| {
                            let action = kernel::Action::ALL
                                .into_iter()
                                .find(|a| a.word() == *word)
                                .unwrap_or(kernel::Action::See);
                            let scope = rights.scope(&object.key, action);
                            let scopes = ["none", "own", "team", "all"];
                            RoleCell {
                                name: format!("{}.{word}", object.key),
                                text: cells::shorten(&capital(scope.word()), 10),
                                scopes: scopes
                                    .iter()
                                    .map(|s| Choice::new(*s, capital(s), *s == scope.word()))
                                    .collect(),
                            }
                        })
                        .collect(),
                })
                .collect();
            let n = tx
                .one(
                    "SELECT COUNT(*) FROM users WHERE role_id = $1 AND archived_at IS NULL",
                    &[role.id.into()],
                )?
                .int(0)?;
            let about = match all_rights {
                true => format!(
                    "Held by {}. It may do everything, settings included, and cannot be narrowed.",
                    people(n)
                ),
                false => format!(
                    "Held by {}. Own means records they own; team, those of their team and of nobody.",
                    people(n)
                ),
            };
            let panel = RolesPanel {
                roles: roles
                    .iter()
                    .map(|r| TimelineTab {
                        text: r.text("name").into(),
                        href: format!("/settings/roles?role={}", r.id),
                        current: r.id == role.id,
                    })
                    .collect(),
                about,
                action: (!all_rights).then(|| format!("/settings/roles/{}", role.id)),
                rights: RIGHTS.iter().map(|(_, label)| (*label).to_string()).collect(),
                rows,
                add: Some(SettingsForm {
                    title: Some("Add a role".into()),
                    action: "/settings/roles".into(),
                    submit: "Add role".into(),
                    error: None,
                    fields: vec![
                        Field::new("name", "Name of the role", Input::text("")).required(),
                        Field::new(
                            "like",
                            "Begin with the rights of",
                            Input::Choice { choices: picks(&roles, Some(role.id), None) },
                        ),
                    ],
                    open: false,
                }),
            };
            page(
                tx,
                ctx,
                asked,
                "Roles",
                "What people may do, by kind of record.",
                SettingsPanel::Roles(panel),
            )
        })
        .await
}

/// `POST /settings/roles` with `name` and `like`.
pub(crate) async fn add_role(asked: Asked, posted: Posted) -> Response {
    asked
        .act(move |tx, ctx, _| {
            administer(ctx)?;
            let roles = ctx.catalogue.need("roles")?.clone();
            let like = posted.one("like").and_then(|id| id.parse().ok());
            let rights = match like {
                Some(id) => kernel::find(tx, ctx, &roles, id)?.text("rights").to_string(),
                None => "{}".into(),
            };
            let name = posted.one("name").unwrap_or_default().trim().to_string();
            let values =
                crm::workspace::values([("name", Value::Text(name)), ("rights", Value::Text(rights))]);
            match kernel::create(tx, ctx, &roles, values) {
                Ok(saved) => Ok(Outcome::Go(
                    format!("/settings/roles?role={}", saved.id),
                    Message::done("Role added.", saved.event_id),
                )),
                Err(error) => told("/settings/roles", error.into()),
            }
        })
        .await
}

/// `POST /settings/roles/{id}` with `{object}.{right}`.
pub(crate) async fn change_role(Path(id): Path<i64>, asked: Asked, posted: Posted) -> Response {
    asked
        .act(move |tx, ctx, _| {
            administer(ctx)?;
            let roles = ctx.catalogue.need("roles")?.clone();
            let role = kernel::find(tx, ctx, &roles, id)?;
            let mut rights: serde_json::Value =
                serde_json::from_str(role.text("rights")).unwrap_or_else(|_| json!({}));
            for (name, scope) in &posted.0 {
                let Some((object, right)) = name.split_once('.') else { continue };
                let known =
                    ctx.catalogue.object(object).is_some() && RIGHTS.iter().any(|(word, _)| *word == right);
                if known && kernel::Scope::from_word(scope).is_some() {
                    rights["objects"][object][right] = json!(scope);
                }
            }
            let values = crm::workspace::values([("rights", Value::Text(rights.to_string()))]);
            let saved = kernel::change(tx, ctx, &roles, id, None, values)?;
            Ok(Outcome::Go(
                format!("/settings/roles?role={id}"),
                Message::done("Saved. It holds from the next page on.", saved.event_id),
            ))
        })
        .await
}
