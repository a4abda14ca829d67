//! Examples of the form.

use super::shell::{shell, shell_hostile, shell_rtl};
use super::{HOSTILE, LONG};
use crate::views::{
    Choice, Duplicate, Field, FormPage, FormSection, Hidden, Input, Link, PostButton, Sampled,
};

fn value(value: &str) -> String {
    value.to_owned()
}

fn every_input() -> Vec<Field> {
    let colours = |selected: &str| {
        ["Red", "Green", "Blue"].iter().map(|c| Choice::new(*c, *c, *c == selected)).collect::<Vec<_>>()
    };
    vec![
        Field::new("name", "Name", Input::text("Mei-Ling Tan")).required(),
        Field::new("email", "E-mail", Input::Email { value: value("meiling.tan@harbour.example") }),
        Field::new("phone", "Phone", Input::Phone { value: value("+44 20 7946 0184") })
            .help("With the country code, such as +44."),
        Field::new("website", "Website", Input::Web { value: value("") }),
        Field::new(
            "company",
            "Company",
            Input::Link {
                object: value("companies"),
                value: value("Harbourline Logistics #412"),
                likely: vec![value("Harbourline Logistics #412"), value("Harbour & Sons #77")],
            },
        ),
        Field::new("tier", "Preferred colour", Input::Choice { choices: colours("Green") }),
        Field::new("born_on", "Birthday", Input::Date { value: value("1984-03-09") }),
        Field::new("call_at", "Call at", Input::Time { value: value("2026-11-24T11:00") }),
        Field::new(
            "budget",
            "Budget",
            Input::Money {
                value: value("38,400"),
                currencies: vec![Choice::new("EUR", "EUR", true), Choice::new("GBP", "GBP", false)],
            },
        ),
        Field::new(
            "fee",
            "Fee",
            Input::Money { value: value("12"), currencies: vec![Choice::new("EUR", "EUR", true)] },
        ),
        Field::new("discount", "Discount", Input::Number { value: value("5"), unit: Some(value("%")) }),
        Field::new("number", "Number in old system", Input::Number { value: value("10482"), unit: None }),
        Field { read_only: true, ..Field::new("since", "Customer since", Input::text("14 May 2022")) },
        Field::new("news", "Wants the newsletter", Input::YesNo { checked: true })
            .help("They said so themselves."),
        Field::new("likes", "Likes", Input::Choices { choices: colours("Blue") }),
        Field::new("note", "Note", Input::LongText { value: value("Prefers mornings.") }),
    ]
}

fn ordinary() -> FormPage {
    let mut fields = every_input();
    let rest = fields.split_off(6);
    FormPage {
        shell: shell("Edit Mei-Ling Tan", "/contacts"),
        title: value("Edit Mei-Ling Tan"),
        crumb: Link::new("Mei-Ling Tan", "/contacts/1042"),
        action: value("/contacts/1042"),
        submit: value("Save contact"),
        another: false,
        cancel: value("/contacts/1042"),
        version: Some(7),
        hidden: Vec::new(),
        sections: vec![
            FormSection { title: Some(value("Who")), help: None, fields },
            FormSection {
                title: Some(value("More")),
                help: Some(value("All of it is optional.")),
                fields: rest,
            },
        ],
        errors: Vec::new(),
        duplicates: Vec::new(),
        danger: vec![PostButton {
            text: value("Archive"),
            action: value("/contacts/1042/archival"),
            icon: None,
            hidden: Vec::new(),
            danger: true,
        }],
    }
}

impl Sampled for FormPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let new = Self {
            title: value("New lead"),
            crumb: Link::new("Leads", "/leads"),
            action: value("/leads"),
            submit: value("Add lead"),
            another: true,
            version: None,
            hidden: vec![Hidden::new("return_to", "/leads")],
            sections: vec![FormSection {
                title: None,
                help: None,
                fields: vec![Field::new("name", "Name", Input::text("")).required()],
            }],
            danger: Vec::new(),
            ..ordinary()
        };
        let duplicate = |name: &str| Duplicate {
            name: value(name),
            href: value("/contacts/9"),
            reason: value("Same e-mail address"),
        };
        let mut refused = Self {
            errors: vec![value("Two fields need mending. Nothing was saved yet.")],
            duplicates: vec![duplicate("Mei Ling Tan"), duplicate("M. Tan")],
            shell: shell_rtl("Edit", "/contacts"),
            ..ordinary()
        };
        for section in &mut refused.sections {
            for field in &mut section.fields {
                field.error = Some(value("This cannot be read"));
            }
        }
        let mut hostile = Self {
            shell: shell_hostile("x", "/contacts"),
            title: value(HOSTILE),
            duplicates: vec![duplicate(HOSTILE)],
            ..ordinary()
        };
        hostile.sections[0].title = Some(value(HOSTILE));
        hostile.sections[0].fields = vec![
            Field::new("a", HOSTILE, Input::text(HOSTILE)).help(HOSTILE),
            Field::new("b", LONG, Input::LongText { value: format!("</textarea>{HOSTILE}") }).error(HOSTILE),
            Field::new(
                "c",
                "Company",
                Input::Link { object: value(HOSTILE), value: value(HOSTILE), likely: vec![value(HOSTILE)] },
            ),
            Field::new("d", "Choice", Input::Choice { choices: vec![Choice::new(HOSTILE, HOSTILE, true)] }),
        ];
        vec![("ordinary", ordinary()), ("new", new), ("refused-rtl", refused), ("hostile", hostile)]
    }
}
