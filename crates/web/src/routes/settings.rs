//! Settings: workspace, users, roles, objects and fields, tokens, password.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use kernel::{Ctx, Error, ListQuery, Problem, Value};
use serde_json::json;

use super::asked::{Asked, Message, Outcome};
use super::forms::{Posted, sentence};
use super::{cells, shell};
use crate::views::{
    Avatar, Badge, Choice, Field, FieldRow, FieldsPanel, Input, NavItem, PostButton, RoleCell, RoleRow, RolesPanel,
    Secret, SettingsForm, SettingsGroup, SettingsPage, SettingsPanel, TeamRow, TimelineTab, TokenRow, TokensPanel, Tone,
    UserRow, UsersPanel,
};
use crate::{App, Refused, secrets};

/// A page of the settings around a panel.
fn page(tx: &mut Tx<'_>, ctx: &Ctx, asked: &Asked, title: &str, lead: &str, panel: SettingsPanel) -> Result<SettingsPage, Refused> {
    let path = asked.here.split('?').next().unwrap_or_default();
    let item = |text: &str, href: &str, icon: &str| NavItem { current: path == href, ..NavItem::new(text, href, icon) };
    let mut groups = vec![SettingsGroup { title: "You".into(), items: vec![item("Password", "/settings/password", "key-round")] }];
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
        groups.push(SettingsGroup { title: "Data".into(), items: vec![item("Imports", "/imports", "upload")] });
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
            let text = problems.iter().map(|p| sentence(format!("{} {}", p.field.replace('_', " "), p.message).trim()));
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

fn workspace_page(tx: &mut Tx<'_>, ctx: &Ctx, asked: &Asked, settings: &crm::settings::Settings, problems: &[Problem]) -> Result<SettingsPage, Refused> {
    let mut zones: Vec<String> = jiff::tz::db().available().map(|z| z.to_string()).collect();
    zones.sort();
    let percent = |share: f64| format!("{}", (share * 1000.0).round() / 10.0);
    let currencies = kernel::money::CODES.split(' ').map(|c| Choice::new(c, c, c == settings.currency)).collect();
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
            Field::new("margin_rate", "Margin", Input::Number { value: percent(settings.margin_rate), unit: Some("%".into()) })
                .help("Share of revenue that is margin, for orders whose cost is not known."),
            Field::new("discount_rate", "Discount rate a year", Input::Number { value: percent(settings.discount_rate), unit: Some("%".into()) })
                .help("How much less money in a year is worth than money now."),
        ],
        open: true,
    };
    page(tx, ctx, asked, "General", "What holds for everyone in this Kith.", SettingsPanel::Form(with_problems(form, problems)))
}

/// `POST /settings`.
pub(crate) async fn save_workspace(State(app): State<App>, asked: Asked, posted: Posted) -> Response {
    let response = asked
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
        .await;
    reload(&app);
    response
}

/// Reads settings and catalogue anew. A failure leaves the old ones in force and is logged.
fn reload(app: &App) {
    if let Err(error) = app.reload() {
        tracing::error!(%error, "settings could not be read again");
    }
}

fn all(tx: &mut Tx<'_>, ctx: &Ctx, key: &str) -> Result<Vec<kernel::Record>, Refused> {
    let query = ListQuery { limit: 500, ..ListQuery::default() };
    Ok(kernel::list(tx, ctx, ctx.catalogue.need(key)?, &query)?.records)
}

fn picks(records: &[kernel::Record], present: Option<i64>, empty: Option<&str>) -> Vec<Choice> {
    let mut choices: Vec<Choice> = empty.map(|label| Choice::new("", label, present.is_none())).into_iter().collect();
    choices.extend(records.iter().map(|r| Choice::new(r.id.to_string(), r.text("name"), Some(r.id) == present)));
    choices
}

/// `GET /settings/users`.
pub(crate) async fn users(asked: Asked) -> Response {
    asked
        .page(|tx, ctx, asked| {
            administer(ctx)?;
            users_page(tx, ctx, asked, None)
        })
        .await
}

fn users_page(tx: &mut Tx<'_>, ctx: &Ctx, asked: &Asked, invitation: Option<Secret>) -> Result<SettingsPage, Refused> {
    let (roles, teams, users) = (all(tx, ctx, "roles")?, all(tx, ctx, "teams")?, all(tx, ctx, "users")?);
    let row = |u: &kernel::Record| UserRow {
        name: u.text("name").into(),
        avatar: Avatar::of(u.text("name"), false),
        email: u.text("email").into(),
        roles: picks(&roles, u.value("role").link(), None),
        teams: picks(&teams, u.value("team").link(), Some("No team")),
        change: Some(format!("/settings/users/{}", u.id)),
        state: Badge::new("Active", Tone::Good),
        seen: None,
        actions: Vec::new(),
    };
    let members = |team: i64| users.iter().filter(|u| u.value("team").link() == Some(team)).count();
    let add = SettingsForm {
        title: Some("Add a user".into()),
        action: "/settings/users".into(),
        submit: "Add user".into(),
        error: None,
        fields: vec![
            Field::new("name", "Name", Input::text("")).required(),
            Field::new("email", "E-mail", Input::Email { value: String::new() }).required(),
            Field::new("role", "Role", Input::Choice { choices: picks(&roles, None, None) }).required(),
            Field::new("team", "Team", Input::Choice { choices: picks(&teams, None, Some("No team")) }),
        ],
        open: false,
    };
    let add_team = SettingsForm {
        title: Some("Add a team".into()),
        action: "/settings/teams".into(),
        submit: "Add team".into(),
        error: None,
        fields: vec![Field::new("name", "Name of the team", Input::text("")).required()],
        open: false,
    };
    let panel = UsersPanel {
        users: users.iter().map(row).collect(),
        invitation,
        add: Some(add),
        teams: teams
            .iter()
            .map(|t| TeamRow { name: t.text("name").into(), members: people(members(t.id) as i64), remove: None })
            .collect(),
        add_team: Some(add_team),
    };
    page(tx, ctx, asked, "Users and teams", "Who may sign in, and with whom they share records.", SettingsPanel::Users(panel))
}

fn link_value(posted: &Posted, name: &str) -> Value {
    posted.one(name).and_then(|id| id.parse().ok()).map_or(Value::Empty, Value::Link)
}

/// `POST /settings/users`: adds a user with a first password that is shown once.
pub(crate) async fn add_user(asked: Asked, posted: Posted) -> Response {
    asked
        .act(move |tx, ctx, asked| {
            administer(ctx)?;
            let text = |name: &str| Value::Text(posted.one(name).unwrap_or_default().trim().to_string());
            let values = crm::workspace::values([
                ("name", text("name")),
                ("email", text("email")),
                ("role", link_value(&posted, "role")),
                ("team", link_value(&posted, "team")),
            ]);
            let users = ctx.catalogue.need("users")?.clone();
            let made = (|| -> Result<String, Refused> {
                let email = users.field("email").map(|f| kernel::value::parse(f, values["email"].text().unwrap_or_default(), ""));
                if let Some(Err(message)) = email {
                    return Err(Error::invalid("email", message).into());
                }
                let saved = kernel::create(tx, ctx, &users, values.clone())?;
                let password: String = crate::secret().map_err(|e| Refused::Broken(e.to_string()))?.chars().take(16).collect();
                let salt = secrets::random::<16>().map_err(|e| Refused::Broken(e.to_string()))?;
                crm::users::set_password(tx, saved.id, &crm::users::hash_password(&password, &salt)?)?;
                Ok(password)
            })();
            match made {
                Ok(password) => {
                    let text = "Give this first password to the new user. It is not shown again; they change it under Settings, Password.";
                    let secret = Secret { text: text.into(), value: password };
                    let page = users_page(tx, ctx, asked, Some(secret))?;
                    Ok(Outcome::Show(StatusCode::OK, asked.html(&page)?))
                }
                Err(error) => told("/settings/users", error),
            }
        })
        .await
}

/// `POST /settings/users/{id}` with `role` and `team`.
pub(crate) async fn change_user(Path(id): Path<i64>, asked: Asked, posted: Posted) -> Response {
    asked
        .act(move |tx, ctx, _| {
            administer(ctx)?;
            if Some(id) == ctx.user_id {
                return Ok(Outcome::Go("/settings/users".into(), Message::failed("Ask another administrator to change your own role, so that nobody locks themselves out.")));
            }
            let values = crm::workspace::values([("role", link_value(&posted, "role")), ("team", link_value(&posted, "team"))]);
            let users = ctx.catalogue.need("users")?.clone();
            match kernel::change(tx, ctx, &users, id, None, values) {
                Ok(saved) => Ok(Outcome::Go("/settings/users".into(), Message::done("Saved.", saved.event_id))),
                Err(error) => told("/settings/users", error.into()),
            }
        })
        .await
}

/// `POST /settings/teams` with `name`.
pub(crate) async fn add_team(asked: Asked, posted: Posted) -> Response {
    asked
        .act(move |tx, ctx, _| {
            let teams = ctx.catalogue.need("teams")?.clone();
            let name = Value::Text(posted.one("name").unwrap_or_default().trim().into());
            match kernel::create(tx, ctx, &teams, crm::workspace::values([("name", name)])) {
                Ok(saved) => Ok(Outcome::Go("/settings/users".into(), Message::done("Team added.", saved.event_id))),
                Err(error) => told("/settings/users", error.into()),
            }
        })
        .await
}

const RIGHTS: [(&str, &str); 5] =
    [("see", "See"), ("create", "Add"), ("change", "Change"), ("archive", "Archive"), ("export", "Export")];

/// `GET /settings/roles?role=`.
pub(crate) async fn roles(Query(pairs): Query<Vec<(String, String)>>, asked: Asked) -> Response {
    asked
        .page(move |tx, ctx, asked| {
            administer(ctx)?;
            let roles = all(tx, ctx, "roles")?;
            let wanted = pairs.iter().find(|(k, _)| k == "role").and_then(|(_, v)| v.parse::<i64>().ok());
            let role = roles.iter().find(|r| Some(r.id) == wanted).or(roles.first()).cloned().unwrap_or_default();
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
                            let action = kernel::Action::ALL.into_iter().find(|a| a.word() == *word).unwrap_or(kernel::Action::See);
                            let scope = rights.scope(&object.key, action);
                            let scopes = ["none", "own", "team", "all"];
                            RoleCell {
                                name: format!("{}.{word}", object.key),
                                text: cells::shorten(&capital(scope.word()), 10),
                                scopes: scopes.iter().map(|s| Choice::new(*s, capital(s), *s == scope.word())).collect(),
                            }
                        })
                        .collect(),
                })
                .collect();
            let n = tx.one("SELECT COUNT(*) FROM users WHERE role_id = $1 AND archived_at IS NULL", &[role.id.into()])?.int(0)?;
            let about = match all_rights {
                true => format!("Held by {}. It may do everything, settings included, and cannot be narrowed.", people(n)),
                false => format!("Held by {}. Own means records they own; team, those of their team and of nobody.", people(n)),
            };
            let panel = RolesPanel {
                roles: roles
                    .iter()
                    .map(|r| TimelineTab { text: r.text("name").into(), href: format!("/settings/roles?role={}", r.id), current: r.id == role.id })
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
                        Field::new("like", "Begin with the rights of", Input::Choice { choices: picks(&roles, Some(role.id), None) }),
                    ],
                    open: false,
                }),
            };
            page(tx, ctx, asked, "Roles", "What people may do, by kind of record.", SettingsPanel::Roles(panel))
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
            let values = crm::workspace::values([("name", Value::Text(name)), ("rights", Value::Text(rights))]);
            match kernel::create(tx, ctx, &roles, values) {
                Ok(saved) => Ok(Outcome::Go(format!("/settings/roles?role={}", saved.id), Message::done("Role added.", saved.event_id))),
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
            let mut rights: serde_json::Value = serde_json::from_str(role.text("rights")).unwrap_or_else(|_| json!({}));
            for (name, scope) in &posted.0 {
                let Some((object, right)) = name.split_once('.') else { continue };
                let known = ctx.catalogue.object(object).is_some() && RIGHTS.iter().any(|(word, _)| *word == right);
                if known && kernel::Scope::from_word(scope).is_some() {
                    rights["objects"][object][right] = json!(scope);
                }
            }
            let values = crm::workspace::values([("rights", Value::Text(rights.to_string()))]);
            let saved = kernel::change(tx, ctx, &roles, id, None, values)?;
            Ok(Outcome::Go(format!("/settings/roles?role={id}"), Message::done("Saved. It holds from the next page on.", saved.event_id)))
        })
        .await
}

/// `GET /settings/fields?object=`.
pub(crate) async fn fields(Query(pairs): Query<Vec<(String, String)>>, asked: Asked) -> Response {
    asked
        .page(move |tx, ctx, asked| {
            administer(ctx)?;
            let wanted = pairs.iter().find(|(k, _)| k == "object").map_or("contacts", |(_, v)| v.as_str()).to_string();
            let object = ctx.catalogue.need(&wanted)?.clone();
            let shown = ctx.catalogue.objects().filter(|o| o.parts.is_empty() && o.writable);
            let objects = shown
                .map(|o| TimelineTab { text: o.plural.clone(), href: format!("/settings/fields?object={}", o.key), current: o.key == wanted })
                .collect();
            let panel = FieldsPanel {
                objects,
                object: object.singular.clone(),
                fields: object.fields.iter().map(field_row).collect(),
                add: Some(add_field_form(ctx, &wanted)),
                add_object: Some(SettingsForm {
                    title: Some("Add an object".into()),
                    action: "/settings/objects".into(),
                    submit: "Add object".into(),
                    error: None,
                    fields: vec![
                        Field::new("singular", "Name of one", Input::text("")).required().help("Bicycle"),
                        Field::new("plural", "Name of many", Input::text("")).required().help("Bicycles"),
                        Field::new("help", "What it is for", Input::text("")),
                    ],
                    open: false,
                }),
            };
            page(tx, ctx, asked, "Objects and fields", "Fields you add work at once in lists, forms, filters, imports and the API.", SettingsPanel::Fields(panel))
        })
        .await
}

fn field_row(field: &kernel::Field) -> FieldRow {
    let choices = field.kind.choices().len();
    let kind = if choices > 0 { format!("{} of {choices}", field.kind.word()) } else { field.kind.word().replace('_', " ") };
    let marks = [(field.required, "Required"), (field.unique, "Unique"), (field.computed, "Worked out")];
    FieldRow {
        label: field.label.clone(),
        key: field.key.clone(),
        kind,
        marks: marks.iter().filter(|(on, _)| *on).map(|(_, text)| (*text).to_string()).collect(),
        custom: field.custom,
        edit: None,
        archive: None,
    }
}

fn add_field_form(ctx: &Ctx, object: &str) -> SettingsForm {
    let kinds = crm::catalogue::FIELD_KINDS.iter().map(|k| Choice::new(*k, capital(&k.replace('_', " ")), *k == "text"));
    let mut targets: Vec<Choice> = vec![Choice::new("", "—", true)];
    targets.extend(ctx.catalogue.objects().map(|o| Choice::new(o.key.as_str(), o.plural.as_str(), false)));
    SettingsForm {
        title: Some("Add a field".into()),
        action: format!("/settings/fields?object={object}"),
        submit: "Add field".into(),
        error: None,
        fields: vec![
            Field::new("label", "Name", Input::text("")).required(),
            Field::new("kind", "Kind", Input::Choice { choices: kinds.collect() }).required(),
            Field::new("options", "Choices", Input::LongText { value: String::new() }).help("For choices: one on each line."),
            Field::new("target", "Links to", Input::Choice { choices: targets }).help("For links."),
            Field::new("help", "Help", Input::text("")).help("A sentence under the input."),
            Field::new("required", "Required", Input::YesNo { checked: false }),
            Field::new("unique", "Unique", Input::YesNo { checked: false }).help("No two records share a value."),
            Field::new("listed", "Shown in lists", Input::YesNo { checked: false }),
        ],
        open: false,
    }
}

/// `POST /settings/fields?object=`.
pub(crate) async fn add_field(State(app): State<App>, Query(pairs): Query<Vec<(String, String)>>, asked: Asked, posted: Posted) -> Response {
    let object = pairs.iter().find(|(k, _)| k == "object").map(|(_, v)| v.clone()).unwrap_or_default();
    let response = asked
        .act(move |tx, ctx, _| {
            let text = |name: &str| posted.one(name).unwrap_or_default().trim().to_string();
            let ticked = |name: &str| posted.one(name) == Some("true");
            let new = crm::catalogue::NewField {
                object: object.clone(),
                key: String::new(),
                label: text("label"),
                kind: text("kind"),
                choices: text("options").lines().map(String::from).collect(),
                target: text("target"),
                help: text("help"),
                required: ticked("required"),
                unique: ticked("unique"),
                listed: ticked("listed"),
                default: String::new(),
            };
            let to = format!("/settings/fields?object={object}");
            match crm::catalogue::add_field(tx, ctx, &new) {
                Ok(_) => Ok(Outcome::Go(to, Message::done("Field added. It is in lists, forms, filters and the API.", None))),
                Err(error) => told(&to, error.into()),
            }
        })
        .await;
    reload(&app);
    response
}

/// `POST /settings/objects`.
pub(crate) async fn add_object(State(app): State<App>, asked: Asked, posted: Posted) -> Response {
    let response = asked
        .act(move |tx, ctx, _| {
            let text = |name: &str| posted.one(name).unwrap_or_default().trim().to_string();
            match crm::catalogue::add_object(tx, ctx, &text("singular"), &text("plural"), "", &text("help")) {
                Ok(key) => Ok(Outcome::Go(format!("/settings/fields?object={key}"), Message::done("Object added.", None))),
                Err(error) => told("/settings/fields", error.into()),
            }
        })
        .await;
    reload(&app);
    response
}

/// `GET /settings/tokens`.
pub(crate) async fn tokens(asked: Asked) -> Response {
    asked
        .page(|tx, ctx, asked| {
            administer(ctx)?;
            tokens_page(tx, ctx, asked, None)
        })
        .await
}

fn tokens_page(tx: &mut Tx<'_>, ctx: &Ctx, asked: &Asked, fresh: Option<Secret>) -> Result<SettingsPage, Refused> {
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
    let choices = roles.iter().map(|r| Choice::new(r.text("name"), r.text("name"), r.text("name") == "Reader")).collect();
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
    page(tx, ctx, asked, "API tokens", "Keys for programs. Each has the rights of a role.", SettingsPanel::Tokens(panel))
}

/// `POST /settings/tokens` with `name` and `scope`: makes a token and shows it once.
pub(crate) async fn add_token(asked: Asked, posted: Posted) -> Response {
    asked
        .act(move |tx, ctx, asked| {
            let token = format!("kith_{}", crate::secret().map_err(|e| Refused::Broken(e.to_string()))?);
            let made = crm::tokens::create(tx, ctx, posted.one("name").unwrap_or_default(), posted.one("scope").unwrap_or_default(), &token);
            match made {
                Ok(_) => {
                    let secret = Secret { text: "Copy this token now. It is not shown again.".into(), value: token };
                    let page = tokens_page(tx, ctx, asked, Some(secret))?;
                    Ok(Outcome::Show(StatusCode::OK, asked.html(&page)?))
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

/// `GET /settings/password`.
pub(crate) async fn password(asked: Asked) -> Response {
    asked.page(|tx, ctx, asked| password_page(tx, ctx, asked, &[])).await
}

fn password_page(tx: &mut Tx<'_>, ctx: &Ctx, asked: &Asked, problems: &[Problem]) -> Result<SettingsPage, Refused> {
    let input = |kind: &str| Input::Password { autocomplete: kind.into() };
    let form = SettingsForm {
        title: None,
        action: "/settings/password".into(),
        submit: "Set new password".into(),
        error: None,
        fields: vec![
            Field::new("old", "Present password", input("current-password")).required(),
            Field::new("password", "New password", input("new-password")).required().help("At least 10 characters."),
        ],
        open: true,
    };
    page(tx, ctx, asked, "Password", "A new password ends all your sessions.", SettingsPanel::Form(with_problems(form, problems)))
}

/// `POST /settings/password` with `old` and `password`.
pub(crate) async fn change_password(asked: Asked, posted: Posted) -> Response {
    asked
        .act(move |tx, ctx, asked| {
            let me = ctx.user_id.ok_or(Refused::SignIn)?;
            let row = tx.one("SELECT password_hash FROM users WHERE id = $1", &[me.into()])?;
            let fits = crm::users::password_fits(posted.one("old").unwrap_or_default(), row.opt_text(0)?.unwrap_or_default());
            let salt = secrets::random::<16>().map_err(|e| Refused::Broken(e.to_string()))?;
            let hash = match fits {
                true => crm::users::hash_password(posted.one("password").unwrap_or_default(), &salt),
                false => Err(Error::invalid("old", "does not fit")),
            };
            match hash {
                Ok(hash) => {
                    crm::users::set_password(tx, me, &hash)?;
                    Ok(Outcome::Go("/sign-in".into(), Message::done("New password set. Sign in with it.", None)))
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
