//! The form that makes or changes a record of any object.

use serde::Serialize;

use super::{Choice, Hidden, Link, Page, PostButton, Shell};

/// Making or changing a record: `POST {action}` with the fields' names, `version` and `hidden`.
#[derive(Clone, Debug, Serialize)]
pub struct FormPage {
    /// Frame.
    pub shell: Shell,
    /// "New contact", "Edit Mei-Ling Tan".
    pub title: String,
    /// The page above.
    pub crumb: Link,
    /// Where it posts.
    pub action: String,
    /// The button: "Add contact".
    pub submit: String,
    /// Offers "and add another": sends `another=1`.
    pub another: bool,
    /// Where leaving without saving goes.
    pub cancel: String,
    /// Version that the form was opened with.
    pub version: Option<i64>,
    /// Further values carried along.
    pub hidden: Vec<Hidden>,
    /// Fields by section.
    pub sections: Vec<FormSection>,
    /// What is wrong with the form as a whole.
    pub errors: Vec<String>,
    /// Records that may be the same; saving anyway sends `duplicates=allow`.
    pub duplicates: Vec<Duplicate>,
    /// Posting actions apart from saving: archive.
    pub danger: Vec<PostButton>,
}

impl Page for FormPage {
    const TEMPLATE: &'static str = "form.html";
}

/// Fields under one heading.
#[derive(Clone, Debug, Serialize)]
pub struct FormSection {
    /// Heading.
    pub title: Option<String>,
    /// A line under it.
    pub help: Option<String>,
    /// Fields in order.
    pub fields: Vec<Field>,
}

/// A record that may be the same as the one being made.
#[derive(Clone, Debug, Serialize)]
pub struct Duplicate {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// "Same e-mail address".
    pub reason: String,
}

/// A labelled input.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    /// Form name.
    pub name: String,
    /// Label.
    pub label: String,
    /// A line under it.
    pub help: Option<String>,
    /// What is wrong with the value.
    pub error: Option<String>,
    /// Must be filled in.
    pub required: bool,
    /// Shown but not changed.
    pub read_only: bool,
    /// Takes the whole width.
    pub wide: bool,
    /// What is typed or chosen.
    pub input: Input,
}

impl Field {
    /// An optional field; the rest is added by struct update.
    pub fn new(name: impl Into<String>, label: impl Into<String>, input: Input) -> Self {
        let wide = matches!(input, Input::LongText { .. } | Input::Choices { .. });
        Self {
            name: name.into(),
            label: label.into(),
            help: None,
            error: None,
            required: false,
            read_only: false,
            wide,
            input,
        }
    }

    /// The same, required.
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// The same, with help.
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// The same, refused.
    pub fn error(self, error: impl Into<String>) -> Self {
        Self { error: Some(error.into()), ..self }
    }
}

/// What is typed or chosen. Values are text as the user typed it, so that a refused form keeps it.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Input {
    /// One line.
    Text {
        /// As typed.
        value: String,
        /// HTML `autocomplete`; `off` when empty.
        autocomplete: String,
    },
    /// Several lines.
    LongText {
        /// As typed.
        value: String,
    },
    /// An address.
    Email {
        /// As typed.
        value: String,
    },
    /// A telephone number.
    Phone {
        /// As typed.
        value: String,
    },
    /// A web address.
    Web {
        /// As typed.
        value: String,
    },
    /// A number, typed in the reader's notation.
    Number {
        /// As typed.
        value: String,
        /// Unit behind it: "%", "days".
        unit: Option<String>,
    },
    /// An amount: `{name}` and, with more than one currency, `{name}_currency`.
    Money {
        /// As typed.
        value: String,
        /// Currencies; one means it is shown as a word.
        currencies: Vec<Choice>,
    },
    /// A date, `YYYY-MM-DD`.
    Date {
        /// As sent.
        value: String,
    },
    /// A date and time, `YYYY-MM-DDTHH:MM` in the user's zone.
    Time {
        /// As sent.
        value: String,
    },
    /// Yes or no: sends `true` when ticked, and an empty value always, so that absence is seen.
    YesNo {
        /// Ticked.
        checked: bool,
    },
    /// One of a few.
    Choice {
        /// All of them; an empty value first when nothing may be chosen.
        choices: Vec<Choice>,
    },
    /// Several of a few: sends the name once per choice.
    Choices {
        /// All of them.
        choices: Vec<Choice>,
    },
    /// Another record, by name. Sends `{name}` as "Name #id" or as typed words, which the server resolves.
    Link {
        /// Key of the object linked to, for `/search.json?object=`.
        object: String,
        /// Present value: "Harbourline Logistics #412", or empty.
        value: String,
        /// A few likely ones, in the same form.
        likely: Vec<String>,
    },
    /// A password.
    Password {
        /// `new-password` or `current-password`.
        autocomplete: String,
    },
}

impl Input {
    /// One line without automatic completion.
    pub fn text(value: impl Into<String>) -> Self {
        Self::Text { value: value.into(), autocomplete: String::new() }
    }
}
