//! First set-up, signing in and out.

use std::net::SocketAddr;

use axum::Extension;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use super::asked::{Asked, Outcome, local_path, set_cookie};
use super::forms::Posted;
use crate::views::{Choice, DemoAccount, Field, Input, SetupPage, SignInPage};
use crate::who::SESSION_COOKIE;
use crate::{App, Refused, Who, secrets, throttle};

#[derive(Deserialize, Default)]
pub(crate) struct SetupQuery {
    #[serde(default)]
    token: String,
}

/// `GET /setup`: the form for the first administrator, to whoever has the one-time link.
pub(crate) async fn setup(
    State(app): State<App>,
    Query(asked_for): Query<SetupQuery>,
    asked: Asked,
) -> Response {
    if let Err(refused) = app
        .blocking({
            let app = app.clone();
            move || app.reload()
        })
        .await
        .and_then(|done| done)
    {
        return asked.refuse(refused).await;
    }
    match may_set_up(&asked, &asked_for.token).await {
        Ok(()) => show_setup(&asked, StatusCode::OK, &Posted::default(), &asked_for.token, None),
        Err(refused) => asked.refuse(refused).await,
    }
}

async fn may_set_up(asked: &Asked, token: &str) -> Result<(), Refused> {
    let (db, token) = (asked.app.db().clone(), token.to_string());
    let known = asked.app.blocking(move || {
        db.read::<_, kernel::Error>(|tx| {
            let stored = crm::settings::get(tx, "setup_token_hash")?;
            Ok(crm::workspace::fresh(tx)? && stored == Some(crm::sessions::token_hash(&token)))
        })
    });
    match known.await?? {
        true => Ok(()),
        false => Err(Refused::Bad(
            "The set-up link is not valid, or set-up is done. Take the link that kith printed when it started".into(),
        )),
    }
}

fn show_setup(
    asked: &Asked,
    status: StatusCode,
    posted: &Posted,
    token: &str,
    problem: Option<&kernel::Error>,
) -> Response {
    let problems = match problem {
        Some(kernel::Error::Invalid(problems)) => problems.clone(),
        _ => Vec::new(),
    };
    let finish = |mut field: Field| {
        field.error = problems.iter().find(|p| p.field == field.name).map(|p| p.message.clone());
        field.required()
    };
    let text = |name: &str| posted.one(name).unwrap_or_default().to_string();
    // An import from the command line may have come first and brought a currency.
    let currency = posted.one("currency").unwrap_or(&asked.app.settings().currency).to_string();
    let currencies = kernel::money::CODES.split(' ').map(|c| Choice::new(c, c, c == currency)).collect();
    let zone = posted.one("time_zone").map(String::from);
    let zone = zone.unwrap_or_else(|| jiff::tz::TimeZone::system().iana_name().unwrap_or("UTC").to_string());
    let mut zones: Vec<String> = jiff::tz::db().available().map(|z| z.to_string()).collect();
    zones.sort();
    let zones = zones.iter().map(|z| Choice::new(z.as_str(), z.as_str(), *z == zone)).collect();
    let input = |value: String, autocomplete: &str| Input::Text { value, autocomplete: autocomplete.into() };
    let page = SetupPage {
        door: asked.door("Set up Kith"),
        token: token.to_string(),
        error: problems.iter().find(|p| p.field.is_empty()).map(|p| p.message.clone()),
        workspace_fields: vec![
            finish(Field::new("workspace", "Name of your firm", input(text("workspace"), "organization"))),
            finish(Field::new("currency", "Currency", Input::Choice { choices: currencies })),
            finish(Field::new("time_zone", "Time zone", Input::Choice { choices: zones })),
        ],
        user_fields: vec![
            finish(Field::new("name", "Your name", input(text("name"), "name"))),
            finish(Field::new("email", "Your e-mail address", Input::Email { value: text("email") })),
            finish(
                Field::new("password", "Password", Input::Password { autocomplete: "new-password".into() })
                    .help("At least 10 characters. A few words in a row are good."),
            ),
        ],
    };
    match asked.html(&page) {
        Ok(html) => asked.send(status, html),
        Err(_) => asked.send(StatusCode::INTERNAL_SERVER_ERROR, "the page is broken".into()),
    }
}

/// `POST /setup`: makes the first administrator and signs them in.
pub(crate) async fn set_up(State(app): State<App>, asked: Asked, posted: Posted) -> Response {
    let token = posted.one("token").unwrap_or_default().to_string();
    if let Err(refused) = may_set_up(&asked, &token).await {
        return asked.refuse(refused).await;
    }
    let form = posted.clone();
    let (db, now) = (app.db().clone(), app.now());
    let made = app.blocking(move || -> Result<i64, Refused> {
        let text = |name: &str| form.one(name).unwrap_or_default().to_string();
        let salt = secrets::random::<16>().map_err(|e| Refused::Broken(e.to_string()))?;
        let password_hash = crm::users::hash_password(&text("password"), &salt)?;
        let settings = crm::settings::Settings {
            name: text("workspace"),
            currency: text("currency"),
            time_zone: text("time_zone"),
            ..crm::settings::Settings::default()
        };
        let founder = crm::workspace::Founder { name: text("name"), email: text("email"), password_hash };
        Ok(db.write(|tx| crm::workspace::set_up(tx, now, &settings, &founder))?)
    });
    match made.await.and_then(|made| made) {
        Ok(user_id) => {
            if let Err(refused) = app.reload() {
                return asked.refuse(refused).await;
            }
            begin_session(&asked, user_id, "/", true, "").await
        }
        Err(Refused::Kernel(problem @ kernel::Error::Invalid(_))) => {
            show_setup(&asked, StatusCode::UNPROCESSABLE_ENTITY, &posted, &token, Some(&problem))
        }
        Err(refused) => asked.refuse(refused).await,
    }
}

#[derive(Deserialize, Default)]
pub(crate) struct SignInQuery {
    #[serde(default)]
    return_to: String,
}

/// `GET /sign-in`. A demonstration on loopback signs in at once.
pub(crate) async fn sign_in(State(app): State<App>, Query(to): Query<SignInQuery>, asked: Asked) -> Response {
    if app.config().demo && app.settings().demo {
        let db = app.db().clone();
        let user = app.blocking(move || db.read(|tx| crm::settings::get(tx, "demo_user"))).await;
        if let Ok(Ok(Some(id))) = user
            && let Ok(id) = id.parse()
        {
            return begin_session(&asked, id, &to.return_to, true, "demonstration").await;
        }
    }
    show_sign_in(&asked, StatusCode::OK, "", &to.return_to, None)
}

fn show_sign_in(
    asked: &Asked,
    status: StatusCode,
    email: &str,
    return_to: &str,
    error: Option<String>,
) -> Response {
    let page = SignInPage {
        door: asked.door("Sign in"),
        email: email.to_string(),
        error,
        return_to: local_path(return_to),
        host: asked.host.clone(),
        demo: Vec::<DemoAccount>::new(),
    };
    match asked.html(&page) {
        Ok(html) => asked.send(status, html),
        Err(_) => asked.send(StatusCode::INTERNAL_SERVER_ERROR, "the page is broken".into()),
    }
}

/// `POST /sign-in`.
pub(crate) async fn signed_in(
    State(app): State<App>,
    address: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    asked: Asked,
    posted: Posted,
) -> Response {
    let email = kernel::fold::email_key(posted.one("email").unwrap_or_default());
    let return_to = posted.one("return_to").unwrap_or("/").to_string();
    let address =
        address.map_or_else(String::new, |Extension(ConnectInfo(from))| format!("from {}", from.ip()));
    let wait = app.throttle().wait_seconds(&email, throttle::FREE, app.now());
    let wait = wait.max(app.throttle().wait_seconds(&address, throttle::FREE_FROM_ADDRESS, app.now()));
    if wait > 0 {
        let text = format!("Too many attempts. Wait {wait} seconds, then try again.");
        return show_sign_in(&asked, StatusCode::TOO_MANY_REQUESTS, &email, &return_to, Some(text));
    }
    let (db, key) = (app.db().clone(), email.clone());
    let password = posted.one("password").unwrap_or_default().to_string();
    let found = app.blocking(move || -> Result<Option<i64>, Refused> {
        let row = db.read::<_, db::Error>(|tx| {
            let sql = "SELECT id, password_hash FROM users WHERE email = $1 AND archived_at IS NULL";
            tx.opt(sql, &[key.into()])
        })?;
        let hash = row.as_ref().and_then(|r| r.opt_text(1).ok().flatten()).unwrap_or_default().to_string();
        let fits = crm::users::password_fits(&password, &hash);
        Ok(row.filter(|_| fits).map(|r| r.int(0)).transpose()?)
    });
    let agent = headers.get("user-agent").and_then(|v| v.to_str().ok()).unwrap_or_default().to_string();
    match found.await.and_then(|found| found) {
        Ok(Some(user_id)) => {
            app.throttle().passed(&email);
            begin_session(&asked, user_id, &return_to, posted.one("stay").is_some(), &agent).await
        }
        Ok(None) => {
            app.throttle().failed(&email, app.now());
            app.throttle().failed(&address, app.now());
            let text = "E-mail address and password do not fit. Check both; an administrator can set a new password.";
            show_sign_in(&asked, StatusCode::UNPROCESSABLE_ENTITY, &email, &return_to, Some(text.into()))
        }
        Err(refused) => asked.refuse(refused).await,
    }
}

async fn begin_session(asked: &Asked, user_id: i64, return_to: &str, stay: bool, agent: &str) -> Response {
    let app = &asked.app;
    let Ok(token) = secrets::secret() else {
        return asked.refuse(Refused::Broken("no randomness".into())).await;
    };
    let (db, now, stored, agent) = (app.db().clone(), app.now(), token.clone(), agent.to_string());
    let begun = app.blocking(move || db.write(|tx| crm::sessions::begin(tx, &stored, user_id, &agent, now)));
    if let Err(refused) = begun.await.and_then(|r| r.map_err(Refused::from)) {
        return asked.refuse(refused).await;
    }
    let mut response = asked.lead(Outcome::Go(local_path(return_to), None));
    let secure = if app.config().secure_cookies { "; Secure" } else { "" };
    let lasts =
        if stay { format!("; Max-Age={}", crm::sessions::LIFETIME / 1_000_000) } else { String::new() };
    set_cookie(
        &mut response,
        &format!("{SESSION_COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{lasts}"),
    );
    response
}

/// `POST /sign-out`.
pub(crate) async fn sign_out(State(app): State<App>, asked: Asked) -> Response {
    if let Who::Session(token) = asked.who.clone() {
        let db = app.db().clone();
        let ended = app.blocking(move || db.write(|tx| crm::sessions::end(tx, &token))).await;
        if let Ok(Err(error)) = ended {
            tracing::warn!(%error, "a session could not be ended");
        }
    }
    let mut response = asked.lead(Outcome::Go("/sign-in".into(), None));
    set_cookie(&mut response, &format!("{SESSION_COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"));
    response
}

/// `POST /preferences`: colours and row height, kept in cookies.
pub(crate) async fn preferences(asked: Asked, posted: Posted) -> Response {
    let back = local_path(posted.one("return_to").or(posted.one("here")).unwrap_or("/"));
    let mut response = asked.lead(Outcome::Go(back, None));
    for (name, allowed) in
        [("theme", &["system", "light", "dark"][..]), ("density", &["comfortable", "compact"][..])]
    {
        if let Some(value) = posted.one(name).filter(|v| allowed.contains(v)) {
            set_cookie(
                &mut response,
                &format!("kith-{name}={value}; Path=/; SameSite=Lax; Max-Age=31536000"),
            );
        }
    }
    response
}
