//! Settings of users and teams.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use kernel::{Ctx, Error, Value};

use super::{administer, all, page, people, picks, told};
use crate::routes::asked::{Asked, Message, Outcome};
use crate::routes::forms::Posted;
use crate::views::{
    Avatar, Badge, Field, Input, Secret, SettingsForm, SettingsPage, SettingsPanel, TeamRow, Tone, UserRow,
    UsersPanel,
};
use crate::{Refused, secrets};

/// `GET /settings/users`.
pub(crate) async fn users(asked: Asked) -> Response {
    asked
        .page(|tx, ctx, asked| {
            administer(ctx)?;
            users_page(tx, ctx, asked, None)
        })
        .await
}

fn users_page(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    asked: &Asked,
    invitation: Option<Secret>,
) -> Result<SettingsPage, Refused> {
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
            .map(|t| TeamRow {
                name: t.text("name").into(),
                members: people(members(t.id) as i64),
                remove: None,
            })
            .collect(),
        add_team: Some(add_team),
    };
    page(
        tx,
        ctx,
        asked,
        "Users and teams",
        "Who may sign in, and with whom they share records.",
        SettingsPanel::Users(panel),
    )
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
                    // Turbo shows the answer to a form only when it redirects or is no plain 200.
                    Ok(Outcome::Show(StatusCode::CREATED, asked.html(&page)?))
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
                Ok(saved) => {
                    Ok(Outcome::Go("/settings/users".into(), Message::done("Team added.", saved.event_id)))
                }
                Err(error) => told("/settings/users", error.into()),
            }
        })
        .await
}
