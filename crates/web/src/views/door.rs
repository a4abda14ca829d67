//! Pages before the door: first set-up and signing in.

use serde::Serialize;

use super::{Direction, Field, Page, Theme};

/// What a page without rail needs.
#[derive(Clone, Debug, Serialize)]
pub struct Door {
    /// Title of the window.
    pub title: String,
    /// BCP 47 language.
    pub lang: String,
    /// Writing direction.
    pub dir: Direction,
    /// Colours.
    pub theme: Theme,
    /// Name of the workspace, once it has one.
    pub workspace: Option<String>,
    /// Version of Kith.
    pub version: String,
}

/// First set-up: `POST /setup` with `token` and the fields' names.
#[derive(Clone, Debug, Serialize)]
pub struct SetupPage {
    /// Frame.
    pub door: Door,
    /// One-time token from the link.
    pub token: String,
    /// What was wrong with the form as a whole.
    pub error: Option<String>,
    /// About the workspace: `workspace`, `currency`, `time_zone`.
    pub workspace_fields: Vec<Field>,
    /// About the first user: `name`, `email`, `password`.
    pub user_fields: Vec<Field>,
}

impl Page for SetupPage {
    const TEMPLATE: &'static str = "door/setup.html";
}

/// Signing in: `POST /sign-in` with `email`, `password`, `stay`, `return_to`.
#[derive(Clone, Debug, Serialize)]
pub struct SignInPage {
    /// Frame.
    pub door: Door,
    /// Address typed before.
    pub email: String,
    /// Why it did not work.
    pub error: Option<String>,
    /// Where to go afterwards: a path on this site.
    pub return_to: String,
    /// Host name shown under the form.
    pub host: String,
    /// Accounts of a demonstration, offered as buttons.
    pub demo: Vec<DemoAccount>,
}

impl Page for SignInPage {
    const TEMPLATE: &'static str = "door/sign_in.html";
}

/// An account that a demonstration signs in with at one press: `POST /sign-in/demo` with `user`.
#[derive(Clone, Debug, Serialize)]
pub struct DemoAccount {
    /// Sent as `user`.
    pub id: String,
    /// "Nadia Rahimi, sales".
    pub text: String,
}
