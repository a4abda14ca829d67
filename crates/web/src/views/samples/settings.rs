//! Examples of the settings.

use super::shell::{shell, shell_hostile, shell_rtl};
use super::{HOSTILE, LONG};
use crate::views::{
    Avatar, Badge, Choice, Empty, Field, FieldRow, FieldsPanel, Input, Moment, NavItem, PostButton, RoleCell,
    RoleRow, RolesPanel, Sampled, Secret, SessionRow, SessionsPanel, SettingsForm, SettingsGroup,
    SettingsPage, SettingsPanel, TeamRow, TimelineTab, TokenRow, TokensPanel, Tone, UserRow, UsersPanel,
};

fn page(title: &str, lead: &str, panel: SettingsPanel) -> SettingsPage {
    let place = |text: &str, href: &str, icon: &str| NavItem {
        current: text == title,
        ..NavItem::new(text, href, icon)
    };
    SettingsPage {
        shell: shell("Settings", "/settings"),
        groups: vec![
            SettingsGroup {
                title: "You".to_owned(),
                items: vec![
                    place("Profile", "/settings/profile", "user"),
                    place("Sessions", "/settings/sessions", "key-round"),
                ],
            },
            SettingsGroup {
                title: "Workspace".to_owned(),
                items: vec![
                    place("General", "/settings/workspace", "settings"),
                    place("Users and teams", "/settings/users", "users"),
                    place("Roles", "/settings/roles", "shield"),
                    place("Objects and fields", "/settings/fields", "shapes"),
                    place("API tokens", "/settings/tokens", "blocks"),
                ],
            },
        ],
        title: title.to_owned(),
        lead: lead.to_owned(),
        panel,
    }
}

fn moment(text: &str) -> Moment {
    Moment::new("2026-11-20T16:42:00Z", text, "20 Nov 2026, 16:42")
}

fn button(text: &str, action: &str) -> PostButton {
    PostButton {
        text: text.to_owned(),
        action: action.to_owned(),
        icon: None,
        hidden: Vec::new(),
        danger: text != "Save",
    }
}

fn form(title: &str, action: &str, submit: &str, fields: Vec<Field>) -> SettingsForm {
    SettingsForm {
        title: Some(title.to_owned()),
        action: action.to_owned(),
        submit: submit.to_owned(),
        error: None,
        fields,
        open: false,
    }
}

fn tab(text: &str, current: bool) -> TimelineTab {
    TimelineTab { text: text.to_owned(), href: "/settings/fields/contacts".to_owned(), current }
}

fn users(name: &str) -> UsersPanel {
    let roles = vec![Choice::new("sales", "Sales", true), Choice::new("admin", "Administrator", false)];
    let teams = vec![Choice::new("", "No team", false), Choice::new("3", "Bermondsey", true)];
    let row = |name: &str, state: Badge, change: Option<String>| UserRow {
        name: name.to_owned(),
        avatar: Avatar::of(name, false),
        email: "iwan@alderwren.example".to_owned(),
        roles: roles.clone(),
        teams: teams.clone(),
        seen: change.as_ref().map(|_| moment("2 days ago")),
        change,
        state,
        actions: vec![button("Switch off", "/users/2/suspension")],
    };
    UsersPanel {
        users: vec![
            row("Nadia Rahimi", Badge::new("Active", Tone::Good), None),
            row(name, Badge::new("Invited", Tone::Info), Some("/users/2".to_owned())),
        ],
        invitation: Some(Secret {
            text: "Hand this link to Iwan. It works once, for 7 days.".to_owned(),
            value: "https://kith.example/join?token=3f".to_owned(),
        }),
        add: Some(form(
            "Invite someone",
            "/users",
            "Invite",
            vec![
                Field::new("name", "Name", Input::text("")).required(),
                Field::new("email", "E-mail", Input::Email { value: String::new() }).required(),
                Field::new("role", "Role", Input::Choice { choices: roles.clone() }).required(),
            ],
        )),
        teams: vec![TeamRow {
            name: "Bermondsey".to_owned(),
            members: "5 people".to_owned(),
            remove: Some(button("Remove", "/teams/3/removal")),
        }],
        add_team: Some(form(
            "New team",
            "/teams",
            "Add team",
            vec![Field::new("name", "Name", Input::text("")).required()],
        )),
    }
}

fn fields(label: &str) -> FieldsPanel {
    let row = |label: &str, key: &str, kind: &str, custom: bool| FieldRow {
        label: label.to_owned(),
        key: key.to_owned(),
        kind: kind.to_owned(),
        marks: if custom { vec!["Required".to_owned()] } else { Vec::new() },
        custom,
        edit: custom.then(|| "/settings/fields/contacts/size/edit".to_owned()),
        archive: custom.then(|| button("Archive", "/settings/fields/contacts/size/archival")),
    };
    let mut add = form(
        "New field",
        "/settings/fields/contacts",
        "Add field",
        vec![
            Field::new("label", "Label", Input::text("")).required(),
            Field::new("key", "Key", Input::text(""))
                .help("In the API and in filters. Made from the label when left empty."),
            Field::new(
                "kind",
                "Kind",
                Input::Choice {
                    choices: vec![Choice::new("text", "Text", true), Choice::new("choice", "Choice", false)],
                },
            ),
            Field::new("options", "Options", Input::LongText { value: String::new() })
                .help("One a line, for choices."),
            Field::new("required", "Must be filled in", Input::YesNo { checked: false }),
            Field::new("help", "Help", Input::text("")),
        ],
    );
    add.open = true;
    add.error = Some("A field with this key exists already.".to_owned());
    FieldsPanel {
        objects: vec![tab("Contacts", true), tab("Deals", false), tab("Bikes", false)],
        object: "Contact".to_owned(),
        fields: vec![row("Name", "name", "Text", false), row(label, "size", "Choice of 4", true)],
        add: Some(add),
        add_object: Some(form(
            "New object",
            "/settings/objects",
            "Add object",
            vec![
                Field::new("singular", "One is called", Input::text("")).required(),
                Field::new("plural", "Many are called", Input::text("")).required(),
            ],
        )),
    }
}

fn roles(action: Option<&str>) -> RolesPanel {
    let scopes = |now: &str| {
        ["none", "own", "team", "all"].iter().map(|s| Choice::new(*s, *s, *s == now)).collect::<Vec<_>>()
    };
    let rights = ["See", "Add", "Change", "Archive", "Export"];
    let row = |object: &str, now: &str| RoleRow {
        object: object.to_owned(),
        cells: rights
            .iter()
            .map(|right| RoleCell {
                name: format!("{}.{}", object.to_lowercase(), right.to_lowercase()),
                text: now.to_owned(),
                scopes: scopes(now),
            })
            .collect(),
    };
    RolesPanel {
        roles: vec![tab("Sales", true), tab("Service", false), tab("Analyst", false)],
        about: "4 people have this role.".to_owned(),
        action: action.map(ToOwned::to_owned),
        rights: rights.iter().map(|r| (*r).to_owned()).collect(),
        rows: vec![row("Contacts", "all"), row("Deals", "team"), row("Cases", "own")],
        add: action.map(|_| {
            form(
                "New role",
                "/roles",
                "Add role",
                vec![Field::new("name", "Name", Input::text("")).required()],
            )
        }),
    }
}

fn tokens(name: &str, fresh: bool) -> TokensPanel {
    let token = |name: &str| TokenRow {
        name: name.to_owned(),
        prefix: "kith_3f9".to_owned(),
        scope: "Read and write".to_owned(),
        made: moment("20 Nov"),
        used: fresh.then(|| moment("2 hours ago")),
        ends: None,
        revoke: Some(button("Revoke", "/tokens/4/revocation")),
    };
    TokensPanel {
        fresh: fresh.then(|| Secret {
            text: "Copy this token now. It is not shown again.".to_owned(),
            value: "kith_3f9a".to_owned(),
        }),
        tokens: if fresh { vec![token(name), token("Warehouse")] } else { Vec::new() },
        add: form(
            "New token",
            "/tokens",
            "Make token",
            vec![
                Field::new("name", "What is it for?", Input::text("")).required(),
                Field::new("expires_on", "Ends on", Input::Date { value: String::new() }),
            ],
        ),
    }
}

impl Sampled for SettingsPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let general = SettingsForm {
            title: None,
            ..form(
                "",
                "/settings/workspace",
                "Save settings",
                vec![
                    Field::new("workspace", "Name of your firm", Input::text("Alder & Wren")).required(),
                    Field::new("time_zone", "Time zone", Input::text("Europe/London")).required(),
                ],
            )
        };
        let session = |device: &str, current| SessionRow {
            device: device.to_owned(),
            address: "203.0.113.7".to_owned(),
            since: moment("3 Nov"),
            seen: moment("now"),
            current,
            end: (!current).then(|| button("Sign out", "/sessions/8/end")),
        };
        let sessions = SessionsPanel {
            sessions: vec![session("Firefox on Linux", true), session(LONG, false)],
            end_others: Some(button("Sign out everywhere else", "/sessions/end")),
        };
        let nothing = SettingsPanel::Nothing {
            empty: Empty {
                icon: "lock".to_owned(),
                title: "Nothing here for you".to_owned(),
                text: "Your role may not see these settings.".to_owned(),
                actions: Vec::new(),
            },
        };
        vec![
            (
                "general",
                page("General", "What your firm is called and where it is.", SettingsPanel::Form(general)),
            ),
            (
                "users",
                page(
                    "Users and teams",
                    "Who may sign in, and what they belong to.",
                    SettingsPanel::Users(users("Iwan Prosser")),
                ),
            ),
            (
                "roles",
                page(
                    "Roles",
                    "What people of a role may see and do.",
                    SettingsPanel::Roles(roles(Some("/roles/sales"))),
                ),
            ),
            (
                "roles-viewer",
                page("Roles", "What people of a role may see and do.", SettingsPanel::Roles(roles(None))),
            ),
            (
                "fields",
                page(
                    "Objects and fields",
                    "What a record can hold.",
                    SettingsPanel::Fields(fields("Frame size")),
                ),
            ),
            ("tokens", page("API tokens", "Keys for programs.", SettingsPanel::Tokens(tokens("Till", true)))),
            (
                "tokens-empty",
                Self {
                    shell: shell_rtl("Settings", "/settings"),
                    ..page("API tokens", "Keys for programs.", SettingsPanel::Tokens(tokens("", false)))
                },
            ),
            ("sessions", page("Sessions", "Where you are signed in.", SettingsPanel::Sessions(sessions))),
            ("forbidden", page("Roles", "What people of a role may see and do.", nothing)),
            (
                "hostile-users",
                Self {
                    shell: shell_hostile("x", "/settings"),
                    ..page("Users and teams", HOSTILE, SettingsPanel::Users(users(HOSTILE)))
                },
            ),
            (
                "hostile-fields",
                Self {
                    shell: shell_hostile("x", "/settings"),
                    ..page("Objects and fields", LONG, SettingsPanel::Fields(fields(HOSTILE)))
                },
            ),
            ("hostile-tokens", page("API tokens", "x", SettingsPanel::Tokens(tokens(HOSTILE, true)))),
        ]
    }
}
