//! Settings: workspace, users, roles, objects and fields, tokens, sessions.

use serde::Serialize;

use super::{Avatar, Badge, Choice, Empty, Field, Moment, Page, PostButton, Shell, TimelineTab};

/// A page of the settings.
#[derive(Clone, Debug, Serialize)]
pub struct SettingsPage {
    /// Frame.
    pub shell: Shell,
    /// Pages of the settings, by group.
    pub groups: Vec<SettingsGroup>,
    /// Heading.
    pub title: String,
    /// A line under it.
    pub lead: String,
    /// What is set here.
    pub panel: SettingsPanel,
}

impl Page for SettingsPage {
    const TEMPLATE: &'static str = "settings.html";
}

/// Pages under one heading.
#[derive(Clone, Debug, Serialize)]
pub struct SettingsGroup {
    /// Heading.
    pub title: String,
    /// Pages.
    pub items: Vec<super::NavItem>,
}

/// What is set on a page.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SettingsPanel {
    /// Plain fields: the workspace, the user's own profile.
    Form(SettingsForm),
    /// Who may sign in.
    Users(UsersPanel),
    /// What roles may do.
    Roles(RolesPanel),
    /// Objects and their fields.
    Fields(FieldsPanel),
    /// Keys for programs.
    Tokens(TokensPanel),
    /// Where one is signed in.
    Sessions(SessionsPanel),
    /// Nothing to set, with a reason.
    Nothing {
        /// The reason.
        empty: Empty,
    },
}

/// Plain fields: `POST {action}` with their names.
#[derive(Clone, Debug, Serialize)]
pub struct SettingsForm {
    /// Heading, when it stands beside a list.
    pub title: Option<String>,
    /// Where it posts.
    pub action: String,
    /// The button.
    pub submit: String,
    /// What is wrong with it as a whole.
    pub error: Option<String>,
    /// Fields.
    pub fields: Vec<Field>,
    /// Opened at once: there was an error, or it is the only thing.
    pub open: bool,
}

/// Users and teams.
#[derive(Clone, Debug, Serialize)]
pub struct UsersPanel {
    /// Everyone who may sign in.
    pub users: Vec<UserRow>,
    /// Invitation, shown once after it was made: a link to hand over.
    pub invitation: Option<Secret>,
    /// Inviting: `name`, `email`, `role`, `team`.
    pub add: Option<SettingsForm>,
    /// Teams.
    pub teams: Vec<TeamRow>,
    /// Adding a team: `name`, `parent`.
    pub add_team: Option<SettingsForm>,
}

/// A user.
#[derive(Clone, Debug, Serialize)]
pub struct UserRow {
    /// Name.
    pub name: String,
    /// Picture.
    pub avatar: Avatar,
    /// Address.
    pub email: String,
    /// Role: `POST {change}` with `role`; none when it may not be changed.
    pub roles: Vec<Choice>,
    /// Team: sent with the same form as `team`.
    pub teams: Vec<Choice>,
    /// Where changes post.
    pub change: Option<String>,
    /// "Active", "Invited", "Off".
    pub state: Badge,
    /// Last seen.
    pub seen: Option<Moment>,
    /// Switch off, switch on, invite again.
    pub actions: Vec<PostButton>,
}

/// A team.
#[derive(Clone, Debug, Serialize)]
pub struct TeamRow {
    /// Name.
    pub name: String,
    /// "5 people".
    pub members: String,
    /// Removing it, when empty.
    pub remove: Option<PostButton>,
}

/// One role's rights: `POST {action}` with `{object}.{right}` = `none`, `own`, `team` or `all`.
#[derive(Clone, Debug, Serialize)]
pub struct RolesPanel {
    /// Roles as tabs.
    pub roles: Vec<TimelineTab>,
    /// "4 people have this role."
    pub about: String,
    /// Where it posts; none when it may not be changed.
    pub action: Option<String>,
    /// Headings: "See", "Add", "Change", "Archive", "Export".
    pub rights: Vec<String>,
    /// Objects.
    pub rows: Vec<RoleRow>,
    /// Adding a role: `name`, `like`.
    pub add: Option<SettingsForm>,
}

/// Rights on one object.
#[derive(Clone, Debug, Serialize)]
pub struct RoleRow {
    /// "Deals".
    pub object: String,
    /// One per right.
    pub cells: Vec<RoleCell>,
}

/// One right on one object.
#[derive(Clone, Debug, Serialize)]
pub struct RoleCell {
    /// Form name: `deals.see`.
    pub name: String,
    /// In words: "Team".
    pub text: String,
    /// Scopes to choose from.
    pub scopes: Vec<Choice>,
}

/// Objects and the fields of one.
#[derive(Clone, Debug, Serialize)]
pub struct FieldsPanel {
    /// Objects as tabs.
    pub objects: Vec<TimelineTab>,
    /// "Contact": the one shown.
    pub object: String,
    /// Its fields, in order.
    pub fields: Vec<FieldRow>,
    /// Adding a field: `label`, `key`, `kind`, `options`, `object`, `required`, `unique`, `help`.
    pub add: Option<SettingsForm>,
    /// Adding an object: `singular`, `plural`, `key`, `icon`.
    pub add_object: Option<SettingsForm>,
}

/// A field.
#[derive(Clone, Debug, Serialize)]
pub struct FieldRow {
    /// Label.
    pub label: String,
    /// Key in the API.
    pub key: String,
    /// "Text", "Choice of 4".
    pub kind: String,
    /// "Required", "Unique".
    pub marks: Vec<String>,
    /// Defined here rather than built in.
    pub custom: bool,
    /// Editing it, when allowed.
    pub edit: Option<String>,
    /// Archiving it, when allowed.
    pub archive: Option<PostButton>,
}

/// Something shown only once.
#[derive(Clone, Debug, Serialize)]
pub struct Secret {
    /// What it is: "Copy this token now. It is not shown again."
    pub text: String,
    /// The thing itself.
    pub value: String,
}

/// Keys for programs.
#[derive(Clone, Debug, Serialize)]
pub struct TokensPanel {
    /// Shown once after it was made.
    pub fresh: Option<Secret>,
    /// Keys in force.
    pub tokens: Vec<TokenRow>,
    /// Making one: `name`, `expires_on`, `scope`.
    pub add: SettingsForm,
}

/// A key.
#[derive(Clone, Debug, Serialize)]
pub struct TokenRow {
    /// What it is for.
    pub name: String,
    /// Its first letters.
    pub prefix: String,
    /// What it may do.
    pub scope: String,
    /// Made.
    pub made: Moment,
    /// Last used.
    pub used: Option<Moment>,
    /// Ends.
    pub ends: Option<Moment>,
    /// Ending it now.
    pub revoke: Option<PostButton>,
}

/// Where one is signed in.
#[derive(Clone, Debug, Serialize)]
pub struct SessionsPanel {
    /// Sessions, the present one first.
    pub sessions: Vec<SessionRow>,
    /// Ending all others.
    pub end_others: Option<PostButton>,
}

/// A session.
#[derive(Clone, Debug, Serialize)]
pub struct SessionRow {
    /// "Firefox on Linux".
    pub device: String,
    /// Address it came from.
    pub address: String,
    /// Signed in.
    pub since: Moment,
    /// Last seen.
    pub seen: Moment,
    /// This one.
    pub current: bool,
    /// Ending it.
    pub end: Option<PostButton>,
}
