//! A request for a page: who asks, with which preferences, and how the answer is rendered.

use axum::extract::FromRequestParts;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use db::Tx;
use kernel::{Ctx, Via};

use crate::routes::shell;
use crate::views::{Action, Density, Direction, Door, ErrorPage, Flash, Hidden, Page, Theme, Undo};
use crate::who::cookie;
use crate::{App, Refused, Who, templates};

/// The cookie that carries a message over a redirect.
const FLASH_COOKIE: &str = "kith-flash";

/// Who asks for which page, and how they like it.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) app: App,
    pub(crate) who: Who,
    pub(crate) theme: Theme,
    pub(crate) density: Density,
    /// Path and query of the request.
    pub(crate) here: String,
    /// Host name the browser asked for.
    pub(crate) host: String,
    /// What just happened, from the redirect that led here.
    pub(crate) flash: Option<Flash>,
}

impl FromRequestParts<App> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Asked, Self::Rejection> {
        let Ok(who) = Who::from_request_parts(parts, app).await;
        let theme = match cookie(parts, "kith-theme").as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::System,
        };
        let density = match cookie(parts, "kith-density").as_deref() {
            Some("compact") => Density::Compact,
            _ => Density::Comfortable,
        };
        let host = parts.headers.get(HOST).and_then(|v| v.to_str().ok()).unwrap_or_default().to_string();
        let here = parts.uri.path_and_query().map_or("/", |p| p.as_str()).to_string();
        let flash = cookie(parts, FLASH_COOKIE).and_then(|text| read_flash(&text));
        Ok(Asked { app: app.clone(), who, theme, density, here, host, flash })
    }
}

/// What a handler that writes leads to.
pub(crate) enum Outcome {
    /// Go there (303), and say this.
    Go(String, Option<Message>),
    /// Show this HTML with this status, usually the form with its problems (422).
    Show(StatusCode, String),
}

/// A message that the next page shows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Message {
    pub(crate) text: String,
    pub(crate) failed: bool,
    /// The event that a press of Undo takes back.
    pub(crate) undo: Option<i64>,
}

impl Message {
    pub(crate) fn done(text: impl Into<String>, undo: Option<i64>) -> Option<Message> {
        Some(Message { text: text.into(), failed: false, undo })
    }

    pub(crate) fn failed(text: impl Into<String>) -> Option<Message> {
        Some(Message { text: text.into(), failed: true, undo: None })
    }
}

impl Asked {
    /// Reads a page and sends it.
    pub(crate) async fn page<P, F>(&self, f: F) -> Response
    where
        P: Page,
        F: FnOnce(&mut Tx<'_>, &Ctx, &Asked) -> Result<P, Refused> + Send + 'static,
    {
        let asked = self.clone();
        let html = self.app.read(&self.who, Via::Web, move |tx, ctx| asked.html(&f(tx, ctx, &asked)?)).await;
        match html {
            Ok(html) => self.send(StatusCode::OK, html),
            Err(refused) => self.refuse(refused).await,
        }
    }

    /// Does something and sends where it led.
    pub(crate) async fn act<F>(&self, f: F) -> Response
    where
        F: Fn(&mut Tx<'_>, &Ctx, &Asked) -> Result<Outcome, Refused> + Send + 'static,
    {
        let asked = self.clone();
        match self.app.write(&self.who, Via::Web, move |tx, ctx| f(tx, ctx, &asked)).await {
            Ok(outcome) => self.lead(outcome),
            Err(refused) => self.refuse(refused).await,
        }
    }

    /// Sends an outcome.
    pub(crate) fn lead(&self, outcome: Outcome) -> Response {
        match outcome {
            Outcome::Show(status, html) => self.send(status, html),
            Outcome::Go(to, message) => {
                let mut response = (StatusCode::SEE_OTHER, [(LOCATION, local_path(&to))]).into_response();
                if let Some(message) = message {
                    set_cookie(
                        &mut response,
                        &format!(
                            "{FLASH_COOKIE}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=60",
                            write_flash(&message)
                        ),
                    );
                }
                response
            }
        }
    }

    /// A page as HTML.
    pub(crate) fn html<P: Page>(&self, page: &P) -> Result<String, Refused> {
        self.app.templates().render(page).map_err(|e| Refused::Broken(format!("{e}: {}", e.source)))
    }

    /// Sends HTML with the headers of a page.
    pub(crate) fn send(&self, status: StatusCode, html: String) -> Response {
        let headers = [
            (CONTENT_SECURITY_POLICY, HeaderValue::from_static(templates::CONTENT_SECURITY_POLICY)),
            (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        let mut response = (status, headers, axum::response::Html(html)).into_response();
        if self.flash.is_some() {
            set_cookie(&mut response, &format!("{FLASH_COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"));
        }
        response
    }

    /// The frame of a page before the door.
    pub(crate) fn door(&self, title: &str) -> Door {
        let settings = self.app.settings();
        Door {
            title: title.to_string(),
            lang: "en".into(),
            dir: Direction::Ltr,
            theme: self.theme,
            workspace: (settings.name != "Kith").then(|| settings.name.clone()),
            version: env!("CARGO_PKG_VERSION").into(),
        }
    }

    /// Tells why a request is refused, on a page that helps.
    pub(crate) async fn refuse(&self, refused: Refused) -> Response {
        if matches!(refused, Refused::SignIn) {
            return self.to_sign_in().await;
        }
        let status = refused.status();
        let mut reference = None;
        if status.is_server_error() {
            let name = crate::secret().unwrap_or_default().chars().take(8).collect::<String>();
            tracing::error!(error = %chain(&refused), reference = %name, path = %self.here, "a page could not be served");
            reference = Some(name);
        }
        let (icon, title, text) = words(&refused);
        let page = |shell, door| ErrorPage {
            shell,
            door,
            status: status.as_u16(),
            error_icon: icon.into(),
            title: title.clone(),
            text: text.clone(),
            actions: vec![Action::new("Go to Today", "/", "sun")],
            reference: reference.clone(),
        };
        let asked = self.clone();
        let heading = title.clone();
        let framed =
            self.app.read(&self.who, Via::Web, move |tx, ctx| shell::shell(tx, ctx, &asked, &heading)).await;
        let page = match framed {
            Ok(shell) => page(Some(shell), None),
            Err(_) => page(None, Some(self.door(&title))),
        };
        match self.html(&page) {
            Ok(html) => self.send(status, html),
            Err(error) => {
                tracing::error!(error = %chain(&error), "the error page could not be rendered");
                (status, title).into_response()
            }
        }
    }

    async fn to_sign_in(&self) -> Response {
        let db = self.app.db().clone();
        let fresh = self.app.blocking(move || db.read(crm::workspace::fresh)).await;
        let to = match fresh {
            Ok(Ok(true)) => "/setup".to_string(),
            _ if self.here == "/" => "/sign-in".to_string(),
            _ => format!("/sign-in?{}", query(&[("return_to", &self.here)])),
        };
        self.lead(Outcome::Go(to, None))
    }
}

/// What happened, what still works, what to do: icon, title and text.
fn words(refused: &Refused) -> (&'static str, String, String) {
    use kernel::Error::{Db, Forbidden, Invalid, NotFound, Stale};
    match refused {
        Refused::Kernel(NotFound(_)) => (
            "search",
            "This is not here".into(),
            "It may have been removed, or it belongs to someone whose records you don't see. Search finds what you may see.".into(),
        ),
        Refused::Kernel(Forbidden(what)) => (
            "lock",
            "Your role does not allow this".into(),
            format!("You may not {what}. Nothing was changed. An administrator can widen your role under Settings, Roles."),
        ),
        Refused::Kernel(Stale { .. }) => (
            "users",
            "Someone else saved first".into(),
            "Your change was not saved, and theirs is kept. Open the record again and repeat what you changed.".into(),
        ),
        Refused::Kernel(Invalid(problems)) | Refused::Shape(problems) => {
            let all: Vec<String> = problems.iter().map(|p| format!("{} {}", p.field, p.message).trim().to_string()).collect();
            ("circle-alert", "That does not fit".into(), format!("{}. Nothing was changed.", all.join("; ")))
        }
        Refused::Kernel(Db(db::Error::TooSlow)) => (
            "clock",
            "That takes too long".into(),
            "The search was stopped after some seconds so that others are not slowed. Add a filter that leaves fewer records.".into(),
        ),
        Refused::Kernel(Db(db::Error::Busy)) => (
            "clock",
            "Kith is busy".into(),
            "Another change is being written. Nothing was lost; try again in a moment.".into(),
        ),
        Refused::Bad(text) => ("circle-alert", "This request makes no sense".into(), format!("{text}.")),
        Refused::Throttled(seconds) => (
            "clock",
            "Too many attempts".into(),
            format!("Wait {seconds} seconds, then try again."),
        ),
        Refused::Foreign => (
            "lock",
            "This came from another site".into(),
            "Nothing was changed. Open the page here in Kith and do it again.".into(),
        ),
        Refused::TooLarge => (
            "circle-alert",
            "That is too large".into(),
            "Nothing was saved. Files may have up to 1 GB, forms up to 2 MB.".into(),
        ),
        Refused::SignIn | Refused::Broken(_) | Refused::Kernel(Db(_)) => (
            "circle-alert",
            "Something broke on our side".into(),
            "Nothing you did was wrong, and what was saved before is safe. Try again; if it happens again, tell your administrator the reference below.".into(),
        ),
    }
}

/// An error with all its causes.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}

/// A path on this site; anything else becomes the first page, so that no redirect leads away.
pub(crate) fn local_path(to: &str) -> String {
    let local = to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\r', '\n', '\0']);
    let visible = to.bytes().all(|b| (0x21..0x7f).contains(&b));
    if local && visible { to.to_string() } else { "/".to_string() }
}

/// `a=1&b=2`, encoded as a form.
pub(crate) fn query(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<String> =
        pairs.iter().map(|(key, value)| format!("{}={}", encode(key), encode(value))).collect();
    pairs.join("&")
}

/// Percent-encoding of everything but unreserved characters.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

pub(crate) fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

fn write_flash(message: &Message) -> String {
    use base64::Engine as _;
    let undo = message.undo.map(|id| id.to_string()).unwrap_or_default();
    let failed = if message.failed { "1" } else { "" };
    let text: String = message.text.chars().take(300).collect();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(format!("{failed}\n{undo}\n{text}"))
}

fn read_flash(text: &str) -> Option<Flash> {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let mut parts = text.splitn(3, '\n');
    let failed = parts.next()? == "1";
    let undo = parts.next()?.parse::<i64>().ok();
    let text = parts.next()?.to_string();
    let undo = undo.map(|id| Undo { action: format!("/events/{id}/undo"), hidden: Vec::<Hidden>::new() });
    Some(Flash { text, failed, undo })
}
