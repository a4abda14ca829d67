//! Examples of the pages before the door and of errors.

use super::shell::{shell, shell_hostile, shell_rtl};
use super::{HOSTILE, LONG};
use crate::views::{
    Action, Choice, ConflictField, ConflictPage, DemoAccount, Direction, Door, ErrorPage, Field, Input, Link,
    Sampled, SetupPage, SignInPage, Theme,
};

fn door(title: &str) -> Door {
    Door {
        title: title.to_owned(),
        lang: "en".to_owned(),
        dir: Direction::Ltr,
        theme: Theme::System,
        workspace: Some("Alder & Wren".to_owned()),
        version: "0.1.0".to_owned(),
    }
}

impl Sampled for SetupPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let password = Input::Password { autocomplete: "new-password".to_owned() };
        let ordinary = Self {
            door: Door { workspace: None, ..door("Set up") },
            token: "k3-1f0c".to_owned(),
            error: None,
            workspace_fields: vec![
                Field::new("workspace", "Name of your firm", Input::text("Alder & Wren")).required(),
                Field::new(
                    "currency",
                    "Currency",
                    Input::Choice {
                        choices: vec![
                            Choice::new("EUR", "Euro (EUR)", true),
                            Choice::new("GBP", "Pound (GBP)", false),
                        ],
                    },
                )
                .required()
                .help("Amounts in other currencies can be kept beside it."),
                Field::new("time_zone", "Time zone", Input::text("Europe/London")).required(),
            ],
            user_fields: vec![
                Field::new("name", "Your name", Input::text("")).required(),
                Field::new("email", "E-mail", Input::Email { value: String::new() }).required(),
                Field::new("password", "Password", password.clone())
                    .required()
                    .help("At least 10 characters."),
            ],
        };
        let mut refused = ordinary.clone();
        refused.error = Some("Two things need mending. Nothing was saved yet.".to_owned());
        refused.token = HOSTILE.to_owned();
        refused.workspace_fields[0].input = Input::text(HOSTILE);
        refused.user_fields[2] = Field::new("password", "Password", password)
            .required()
            .error("This is one of the most used passwords");
        vec![("ordinary", ordinary), ("refused", refused)]
    }
}

impl Sampled for SignInPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let ordinary = Self {
            door: door("Sign in"),
            email: String::new(),
            error: None,
            return_to: "/".to_owned(),
            host: "kith.alderwren.example".to_owned(),
            demo: Vec::new(),
        };
        let refused = Self {
            email: "nadia@alderwren.example".to_owned(),
            error: Some("That address and password do not go together.".to_owned()),
            door: Door { theme: Theme::Dark, ..door("Sign in") },
            ..ordinary.clone()
        };
        let hostile = Self {
            door: Door { workspace: Some(HOSTILE.to_owned()), dir: Direction::Rtl, ..door(HOSTILE) },
            email: HOSTILE.to_owned(),
            return_to: HOSTILE.to_owned(),
            demo: vec![DemoAccount { id: "1".to_owned(), text: LONG.to_owned() }],
            ..ordinary.clone()
        };
        vec![("ordinary", ordinary), ("refused", refused), ("hostile", hostile)]
    }
}

impl Sampled for ErrorPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let not_found = Self {
            shell: Some(shell("Not found", "")),
            door: None,
            status: 404,
            error_icon: "search".to_owned(),
            title: "There is no such page".to_owned(),
            text: "The record may have been removed, or it is not shared with you.".to_owned(),
            actions: vec![
                Action::new("Search", "/search", "search"),
                Action::new("Today", "/", "sun").primary(),
            ],
            reference: None,
        };
        let forbidden = Self {
            status: 403,
            error_icon: "lock".to_owned(),
            title: "You may see this deal but not change it".to_owned(),
            text: "It belongs to Iwan Prosser. Ask them, or someone who manages roles.".to_owned(),
            shell: Some(shell_rtl("Not allowed", "")),
            actions: vec![Action::new("Back to the deal", "/deals/12", "arrow-right")],
            ..not_found.clone()
        };
        let broken = Self {
            shell: None,
            door: Some(door("Something broke")),
            status: 500,
            error_icon: "triangle-alert".to_owned(),
            title: "Something broke on our side".to_owned(),
            text: "Nothing was saved by this step. Try again; if it happens again, tell whoever runs Kith."
                .to_owned(),
            actions: vec![Action::new("Try again", "/", "history")],
            reference: Some("01JD8Q2F".to_owned()),
        };
        let hostile = Self {
            title: HOSTILE.to_owned(),
            text: LONG.to_owned(),
            reference: Some(HOSTILE.to_owned()),
            shell: Some(shell_hostile("Not found", "")),
            ..not_found.clone()
        };
        vec![("not-found", not_found), ("forbidden", forbidden), ("broken", broken), ("hostile", hostile)]
    }
}

impl Sampled for ConflictPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let field = |name: &str, label: &str, original: &str, mine: &str, theirs: &str| ConflictField {
            name: name.to_owned(),
            label: label.to_owned(),
            original: original.to_owned(),
            mine: mine.to_owned(),
            theirs: theirs.to_owned(),
            mine_raw: mine.to_owned(),
            theirs_raw: theirs.to_owned(),
        };
        let ordinary = Self {
            shell: shell("Changed meanwhile", "/contacts"),
            record: Link::new("Mei-Ling Tan", "/contacts/1042"),
            who: "Iwan Prosser".to_owned(),
            when: "2 minutes ago".to_owned(),
            action: "/contacts/1042".to_owned(),
            version: 8,
            hidden: Vec::new(),
            fields: vec![
                field("role", "Role", "Fleet manager", "Head of fleet", "Head of mobility"),
                field("phone", "Phone", "", "+44 20 7946 0184", "+44 20 7946 0185"),
            ],
            settled: vec!["City".to_owned(), "Language".to_owned()],
        };
        let hostile = Self {
            shell: shell_hostile("Changed meanwhile", "/contacts"),
            who: HOSTILE.to_owned(),
            fields: vec![field("note", HOSTILE, LONG, HOSTILE, "")],
            settled: Vec::new(),
            ..ordinary.clone()
        };
        vec![("ordinary", ordinary), ("hostile", hostile)]
    }
}
