//! Settings: workspace, users, roles, objects and fields, tokens, password.

pub(crate) mod fields;
pub(crate) mod roles;
pub(crate) mod tokens;
pub(crate) mod users;

use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use kernel::{Ctx, Error, ListQuery, Problem};

use super::asked::{Asked, Message, Outcome};
use super::forms::{Posted, sentence};
use super::shell;
use crate::views::{Choice, Field, Input, NavItem, SettingsForm, SettingsGroup, SettingsPage, SettingsPanel};
use crate::{Refused, secrets};

/// A page of the settings around a panel.
fn page(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    asked: &Asked,
    title: &str,
    lead: &str,
    panel: SettingsPanel,
) -> Result<SettingsPage, Refused> {
    let path = asked.here.split('?').next().unwrap_or_default();
    let item = |text: &str, href: &str, icon: &str| NavItem {
        current: path == href,
        ..NavItem::new(text, href, icon)
    };
    let mut groups = vec![SettingsGroup {
        title: "You".into(),
        items: vec![item("Password", "/settings/password", "key-round")],
    }];
    if ctx.rights.administers() {
        groups.insert(
            0,
            SettingsGroup {
                title: "Workspace".into(),
                items: vec![
                    item("General", "/settings", "settings"),
                    item("Users and teams", "/settings/users", "users"),
                    item("Roles", "/settings/roles", "shield"),
                    item("Objects and fields", "/settings/fields", "shapes"),
                    item("API tokens", "/settings/tokens", "key-round"),
                ],
            },
        );
        groups
            .push(SettingsGroup { title: "Data".into(), items: vec![item("Imports", "/imports", "upload")] });
    }
    Ok(SettingsPage {
        shell: shell::shell(tx, ctx, asked, title)?,
        groups,
        title: title.into(),
        lead: lead.into(),
        panel,
    })
}

fn administer(ctx: &Ctx) -> Result<(), Refused> {
    if ctx.rights.administers() { Ok(()) } else { Err(Error::Forbidden("change the settings".into()).into()) }
}

fn with_problems(mut form: SettingsForm, problems: &[Problem]) -> SettingsForm {
    for field in &mut form.fields {
        field.error = problems.iter().find(|p| p.field == field.name).map(|p| sentence(&p.message));
    }
    let other: Vec<String> = problems
        .iter()
        .filter(|p| !form.fields.iter().any(|f| f.name == p.field))
        .map(|p| sentence(format!("{} {}", p.field, p.message).trim()))
        .collect();
    form.error = (!other.is_empty()).then(|| other.join(" "));
    form.open = form.open || !problems.is_empty();
    form
}

/// The message of a refusal that belongs to a form; other errors pass on.
fn told(to: &str, error: Refused) -> Result<Outcome, Refused> {
    match error {
        Refused::Kernel(Error::Invalid(problems)) => {
            let text = problems
                .iter()
                .map(|p| sentence(format!("{} {}", p.field.replace('_', " "), p.message).trim()));
            Ok(Outcome::Go(to.into(), Message::failed(text.collect::<Vec<_>>().join(" "))))
        }
        other => Err(other),
    }
}

/// `GET /settings`: name, currency, time zone, margin.
pub(crate) async fn workspace(asked: Asked) -> Response {
    asked
        .page(|tx, ctx, asked| {
            if !ctx.rights.administers() {
                return password_page(tx, ctx, asked, &[]);
            }
            let settings = asked.app.settings();
            workspace_page(tx, ctx, asked, &settings, &[])
        })
        .await
}

fn workspace_page(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    asked: &Asked,
    settings: &crm::settings::Settings,
    problems: &[Problem],
) -> Result<SettingsPage, Refused> {
    let mut zones: Vec<String> = jiff::tz::db().available().map(|z| z.to_string()).collect();
    zones.sort();
    let percent = |share: f64| format!("{}", (share * 1000.0).round() / 10.0);
    let currencies =
        kernel::money::CODES.split(' ').map(|c| Choice::new(c, c, c == settings.currency)).collect();
    let zones = zones.iter().map(|z| Choice::new(z.as_str(), z.as_str(), *z == settings.time_zone)).collect();
    let form = SettingsForm {
        title: None,
        action: "/settings".into(),
        submit: "Save".into(),
        error: None,
        fields: vec![
            Field::new("workspace", "Name of the firm", Input::text(settings.name.clone())).required(),
            Field::new("currency", "Currency", Input::Choice { choices: currencies })
                .help("Values are worked out in it. Orders keep their own."),
            Field::new("time_zone", "Time zone", Input::Choice { choices: zones }),
            Field::new(
                "margin_rate",
                "Margin",
                Input::Number { value: percent(settings.margin_rate), unit: Some("%".into()) },
            )
            .help("Share of revenue that is margin, for orders whose cost is not known."),
            Field::new(
                "discount_rate",
                "Discount rate a year",
                Input::Number { value: percent(settings.discount_rate), unit: Some("%".into()) },
            )
            .help("How much less money in a year is worth than money now."),
        ],
        open: true,
    };
    page(
        tx,
        ctx,
        asked,
        "General",
        "What holds for everyone in this Kith.",
        SettingsPanel::Form(with_problems(form, problems)),
    )
}

/// `POST /settings`.
pub(crate) async fn save_workspace(asked: Asked, posted: Posted) -> Response {
    asked
        .act(move |tx, ctx, asked| {
            administer(ctx)?;
            let share = |name: &str| -> f64 {
                let text = posted.one(name).unwrap_or_default().replace([',', '%', ' '], "");
                text.parse::<f64>().map_or(f64::NAN, |v| v / 100.0)
            };
            let text = |name: &str| posted.one(name).unwrap_or_default().to_string();
            let settings = crm::settings::Settings {
                name: text("workspace"),
                currency: text("currency"),
                time_zone: text("time_zone"),
                margin_rate: share("margin_rate"),
                discount_rate: share("discount_rate"),
                demo: asked.app.settings().demo,
            };
            match crm::settings::write(tx, &settings) {
                Ok(()) => Ok(Outcome::Go("/settings".into(), Message::done("Saved.", None))),
                Err(Error::Invalid(problems)) => {
                    let page = workspace_page(tx, ctx, asked, &settings, &problems)?;
                    Ok(Outcome::Show(StatusCode::UNPROCESSABLE_ENTITY, asked.html(&page)?))
                }
                Err(error) => Err(error.into()),
            }
        })
        .await
}

fn all(tx: &mut Tx<'_>, ctx: &Ctx, key: &str) -> Result<Vec<kernel::Record>, Refused> {
    let query = ListQuery { limit: 500, ..ListQuery::default() };
    Ok(kernel::list(tx, ctx, ctx.catalogue.need(key)?, &query)?.records)
}

fn picks(records: &[kernel::Record], present: Option<i64>, empty: Option<&str>) -> Vec<Choice> {
    let mut choices: Vec<Choice> =
        empty.map(|label| Choice::new("", label, present.is_none())).into_iter().collect();
    choices
        .extend(records.iter().map(|r| Choice::new(r.id.to_string(), r.text("name"), Some(r.id) == present)));
    choices
}
/// `GET /settings/password`.
pub(crate) async fn password(asked: Asked) -> Response {
    asked.page(|tx, ctx, asked| password_page(tx, ctx, asked, &[])).await
}

fn password_page(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    asked: &Asked,
    problems: &[Problem],
) -> Result<SettingsPage, Refused> {
    let input = |kind: &str| Input::Password { autocomplete: kind.into() };
    let form = SettingsForm {
        title: None,
        action: "/settings/password".into(),
        submit: "Set new password".into(),
        error: None,
        fields: vec![
            Field::new("old", "Present password", input("current-password")).required(),
            Field::new("password", "New password", input("new-password"))
                .required()
                .help("At least 10 characters."),
        ],
        open: true,
    };
    page(
        tx,
        ctx,
        asked,
        "Password",
        "A new password ends all your sessions.",
        SettingsPanel::Form(with_problems(form, problems)),
    )
}

/// `POST /settings/password` with `old` and `password`.
pub(crate) async fn change_password(asked: Asked, posted: Posted) -> Response {
    asked
        .act(move |tx, ctx, asked| {
            let me = ctx.user_id.ok_or(Refused::SignIn)?;
            let row = tx.one("SELECT password_hash FROM users WHERE id = $1", &[me.into()])?;
            let fits = crm::users::password_fits(
                posted.one("old").unwrap_or_default(),
                row.opt_text(0)?.unwrap_or_default(),
            );
            let salt = secrets::random::<16>().map_err(|e| Refused::Broken(e.to_string()))?;
            let hash = match fits {
                true => crm::users::hash_password(posted.one("password").unwrap_or_default(), &salt),
                false => Err(Error::invalid("old", "does not fit")),
            };
            match hash {
                Ok(hash) => {
                    crm::users::set_password(tx, me, &hash)?;
                    Ok(Outcome::Go(
                        "/sign-in".into(),
                        Message::done("New password set. Sign in with it.", None),
                    ))
                }
                Err(Error::Invalid(problems)) => {
                    let page = password_page(tx, ctx, asked, &problems)?;
                    Ok(Outcome::Show(StatusCode::UNPROCESSABLE_ENTITY, asked.html(&page)?))
                }
                Err(error) => Err(error.into()),
            }
        })
        .await
}

fn people(n: i64) -> String {
    if n == 1 { "1 person".into() } else { format!("{n} people") }
}

/// A word with a capital letter.
pub(crate) fn capital(word: &str) -> String {
    let mut chars = word.chars();
    let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}", chars.as_str())
}
