//! Pages for when something is not so: not found, not allowed, changed meanwhile, broken.

use serde::Serialize;

use super::{Action, Door, Hidden, Link, Page, Shell};

/// Not found, not allowed, broken: what happened, what still works, what to do.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorPage {
    /// Frame when someone is signed in.
    pub shell: Option<Shell>,
    /// Frame when nobody is.
    pub door: Option<Door>,
    /// HTTP status.
    pub status: u16,
    /// Icon name without prefix.
    pub error_icon: String,
    /// What happened, in a few words.
    pub title: String,
    /// What still works and what to do next.
    pub text: String,
    /// Ways on.
    pub actions: Vec<Action>,
    /// Name of this occurrence in the log.
    pub reference: Option<String>,
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "errors/error.html";
}

/// Someone else saved first: both values, and a choice per field.
///
/// Posts to `action` with `version` (the present one), `hidden`, and per field `choose-{name}` = `mine` or
/// `theirs`, beside `mine-{name}` and `theirs-{name}` carrying the values.
#[derive(Clone, Debug, Serialize)]
pub struct ConflictPage {
    /// Frame.
    pub shell: Shell,
    /// The record.
    pub record: Link,
    /// Who saved meanwhile.
    pub who: String,
    /// When they did.
    pub when: String,
    /// Where the decision is sent.
    pub action: String,
    /// Version that the decision is based on.
    pub version: i64,
    /// Further values carried along: fields that do not differ.
    pub hidden: Vec<Hidden>,
    /// Fields that differ.
    pub fields: Vec<ConflictField>,
    /// Fields that both changed alike or only one changed and that are kept without asking.
    pub settled: Vec<String>,
}

impl Page for ConflictPage {
    const TEMPLATE: &'static str = "errors/conflict.html";
}

/// One field with two new values.
#[derive(Clone, Debug, Serialize)]
pub struct ConflictField {
    /// Form name.
    pub name: String,
    /// Label.
    pub label: String,
    /// Value before either change, as shown.
    pub original: String,
    /// What this user typed, as shown.
    pub mine: String,
    /// What the other saved, as shown.
    pub theirs: String,
    /// What this user typed, as sent.
    pub mine_raw: String,
    /// What the other saved, as sent.
    pub theirs_raw: String,
}
