//! What surrounds every signed-in page: rail, search, user menu, theme, messages.

use serde::Serialize;

use super::{Avatar, Hidden};

/// The frame of a page.
#[derive(Clone, Debug, Serialize)]
pub struct Shell {
    /// Title of the window, without the product's name.
    pub title: String,
    /// BCP 47 language of the page.
    pub lang: String,
    /// Writing direction.
    pub dir: Direction,
    /// Name of the workspace, at the head of the rail.
    pub workspace: String,
    /// Who is signed in.
    pub user: Viewer,
    /// The rail, in order; the first group has no title.
    pub nav: Vec<NavGroup>,
    /// The bar at the foot of a phone's screen, at most four places.
    pub quick: Vec<NavItem>,
    /// Link to the settings, when the user may open them.
    pub settings: Option<NavItem>,
    /// What can be made here, for the New menu and the key C.
    pub creatable: Vec<NavItem>,
    /// Light, dark or as the system says.
    pub theme: Theme,
    /// Row height.
    pub density: Density,
    /// Path and query of this page: where preference forms return to.
    pub here: String,
    /// What just happened.
    pub flash: Option<Flash>,
    /// Single-letter keys are on.
    pub shortcuts: bool,
    /// A line above everything: demonstration data, maintenance.
    pub banner: Option<String>,
    /// Version of Kith, for the foot of the user menu.
    pub version: String,
}

/// Writing direction of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Left to right.
    #[default]
    Ltr,
    /// Right to left.
    Rtl,
}

/// Colours. Kept in the cookie `kith-theme`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Row height. Kept in the cookie `kith-density`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// Rows of 40 pixels.
    #[default]
    Comfortable,
    /// Rows of 32 pixels.
    Compact,
}

/// The signed-in user.
#[derive(Clone, Debug, Serialize)]
pub struct Viewer {
    /// Display name.
    pub name: String,
    /// Address they sign in with.
    pub email: String,
    /// Picture.
    pub avatar: Avatar,
    /// Page about themselves.
    pub href: String,
}

/// Places under one heading of the rail.
#[derive(Clone, Debug, Serialize)]
pub struct NavGroup {
    /// Heading; none for the daily entry at the top.
    pub title: Option<String>,
    /// Places.
    pub items: Vec<NavItem>,
}

/// A place in the rail.
#[derive(Clone, Debug, Serialize)]
pub struct NavItem {
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub href: String,
    /// Icon name without prefix.
    pub icon: String,
    /// Things waiting there.
    pub count: Option<String>,
    /// The page we are on is in this place.
    pub current: bool,
    /// Letter that goes there after G.
    pub key: Option<String>,
}

impl NavItem {
    /// A place without count and key.
    pub fn new(text: impl Into<String>, href: impl Into<String>, icon: &str) -> Self {
        Self {
            text: text.into(),
            href: href.into(),
            icon: icon.to_owned(),
            count: None,
            current: false,
            key: None,
        }
    }

    /// The same, reached by G and this letter.
    pub fn key(self, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..self }
    }
}

/// A message about what just happened, shown once.
#[derive(Clone, Debug, Serialize)]
pub struct Flash {
    /// "Deal moved to Proposal."
    pub text: String,
    /// True when it did not work.
    pub failed: bool,
    /// How to take it back.
    pub undo: Option<Undo>,
}

/// A form that takes back what was just done.
#[derive(Clone, Debug, Serialize)]
pub struct Undo {
    /// Where it posts.
    pub action: String,
    /// Values sent along.
    pub hidden: Vec<Hidden>,
}
