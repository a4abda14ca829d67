//! The list of any object: contacts, deals, orders, custom objects.

use serde::Serialize;

use super::{Action, Avatar, Choice, Empty, Hidden, Link, Page, Range, Shell, Stat, Tier, Tone};

/// What kind of record a page shows.
#[derive(Clone, Debug, Serialize)]
pub struct ObjectRef {
    /// `contacts`, as in the URL.
    pub key: String,
    /// "contact".
    pub singular: String,
    /// "Contacts".
    pub plural: String,
    /// Icon name without prefix.
    pub icon: String,
    /// Its list: `/contacts`.
    pub href: String,
}

/// A list of records.
///
/// All forms that change what is shown go `GET` to `object.href` and carry `keep` along: search sends `q`;
/// adding a filter sends `add_field`, `add_op`, `add_value`; the text filter sends `filter`; columns send
/// `column` once per column. Saving the view is `POST {object.href}/views` with `name`, `shared`, `query`.
#[derive(Clone, Debug, Serialize)]
pub struct ListPage {
    /// Frame.
    pub shell: Shell,
    /// What is listed.
    pub object: ObjectRef,
    /// "4,812" or "10,000+".
    pub count: String,
    /// Saved views as tabs; the first is the plain list.
    pub views: Vec<ViewTab>,
    /// Offered when the shown filters, sorting or columns are not saved yet.
    pub save_view: Option<SaveView>,
    /// Board and list, when the object has stages.
    pub layouts: Vec<Layout>,
    /// Search words in force.
    pub search: String,
    /// Present query without paging, for forms: `filter`, `sort`, `column`, `view`, `q`.
    pub keep: Vec<Hidden>,
    /// Filters in force.
    pub filters: Vec<FilterChip>,
    /// Removes all filters, when there are any.
    pub clear: Option<String>,
    /// What can be filtered by.
    pub filter_fields: Vec<FilterField>,
    /// Operators; each says which kinds of field it fits.
    pub filter_ops: Vec<FilterOp>,
    /// The filter as text.
    pub filter_text: String,
    /// What is wrong with the text.
    pub filter_error: Option<String>,
    /// Columns shown.
    pub columns: Vec<Column>,
    /// Columns to choose from, shown ones first.
    pub column_choices: Vec<Choice>,
    /// Rows of this page.
    pub rows: Vec<Row>,
    /// Sums under the columns; one per column or none at all.
    pub totals: Vec<Cell>,
    /// Numbers above the list, when the object has any.
    pub stats: Vec<Stat>,
    /// Previous page.
    pub previous: Option<String>,
    /// Next page.
    pub next: Option<String>,
    /// "1–50 of about 3,100 · values as of 22 Nov 2026, 06:10".
    pub caption: String,
    /// Making one, when allowed.
    pub new: Option<Action>,
    /// Importing, when allowed.
    pub import: Option<Action>,
    /// Downloading as CSV, when allowed.
    pub export: Option<String>,
    /// Shown when there are no records at all.
    pub empty: Option<Empty>,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "list.html";
}

/// A saved view as a tab.
#[derive(Clone, Debug, Serialize)]
pub struct ViewTab {
    /// Its name.
    pub text: String,
    /// Its URL.
    pub href: String,
    /// Shown now.
    pub current: bool,
    /// How many, when cheap to know.
    pub count: Option<String>,
    /// `POST` here removes it; only on the current view and when allowed.
    pub remove: Option<String>,
}

/// The form that saves what is shown.
#[derive(Clone, Debug, Serialize)]
pub struct SaveView {
    /// Where it posts.
    pub action: String,
    /// The query to save, sent as `query`.
    pub query: String,
    /// The user may save it for everyone.
    pub may_share: bool,
}

/// Another way to look at the same records.
#[derive(Clone, Debug, Serialize)]
pub struct Layout {
    /// "Board", "Table".
    pub text: String,
    /// Icon name without prefix.
    pub icon: String,
    /// Where.
    pub href: String,
    /// Shown now.
    pub current: bool,
}

/// A filter in force.
#[derive(Clone, Debug, Serialize)]
pub struct FilterChip {
    /// Label of the field.
    pub field: String,
    /// Operator in words.
    pub op: String,
    /// Value in words; empty for operators without.
    pub value: String,
    /// The list without it.
    pub remove: String,
}

/// A field to filter by.
#[derive(Clone, Debug, Serialize)]
pub struct FilterField {
    /// Sent as `add_field`.
    pub key: String,
    /// Label.
    pub label: String,
    /// `text`, `number`, `money`, `date`, `time`, `yes_no`, `choice`, `link`: picks operators and input.
    pub kind: String,
    /// Values of a choice or few links.
    pub choices: Vec<Choice>,
}

/// An operator.
#[derive(Clone, Debug, Serialize)]
pub struct FilterOp {
    /// Sent as `add_op`.
    pub key: String,
    /// In words: "is", "is before", "is empty".
    pub label: String,
    /// Kinds of field it fits.
    pub kinds: Vec<String>,
    /// Takes a value.
    pub takes_value: bool,
}

/// A column.
#[derive(Clone, Debug, Serialize)]
pub struct Column {
    /// Field key.
    pub key: String,
    /// Label.
    pub label: String,
    /// Numbers and dates align to the end.
    pub end: bool,
    /// 1 always shown, 2 folds away on phones, 3 folds away under 62 rem.
    pub priority: u8,
    /// Sorting link, when sortable.
    pub sort: Option<Sort>,
}

/// How a header sorts.
#[derive(Clone, Debug, Serialize)]
pub struct Sort {
    /// The list sorted the next way.
    pub href: String,
    /// `ascending`, `descending`, or none when sorted by something else.
    pub state: Option<String>,
}

/// A row.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Id of the record.
    pub id: String,
    /// Its page.
    pub href: String,
    /// Plain name, for labels.
    pub name: String,
    /// One cell per column.
    pub cells: Vec<Cell>,
    /// Second line on phones, where columns fold away.
    pub detail: Option<String>,
}

/// A value in a table, by kind.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Cell {
    /// Nothing known.
    Nothing,
    /// Words.
    Text {
        /// The words.
        text: String,
    },
    /// A record.
    Link {
        /// Its name.
        text: String,
        /// Its page.
        href: String,
        /// Its picture.
        avatar: Option<Avatar>,
        /// A quiet addition: the company of a person.
        sub: Option<String>,
    },
    /// A tier.
    Tier {
        /// Which.
        tier: Tier,
    },
    /// A state with a dot.
    Stage {
        /// The word.
        text: String,
        /// Its meaning.
        tone: Tone,
    },
    /// A choice as a badge.
    Badge {
        /// The word.
        text: String,
        /// Its meaning.
        tone: Tone,
    },
    /// Several words as badges.
    Tags {
        /// The words.
        tags: Vec<String>,
    },
    /// A number or an amount, formatted.
    Number {
        /// As shown.
        text: String,
    },
    /// A share with a bar.
    Percent {
        /// As shown.
        text: String,
        /// 0–100.
        value: f64,
    },
    /// A likely range.
    Range {
        /// Where it lies.
        range: Range,
    },
    /// A date or time.
    When {
        /// RFC 3339.
        iso: String,
        /// Short.
        text: String,
        /// In full.
        title: String,
    },
    /// Yes or no.
    YesNo {
        /// Which.
        yes: bool,
    },
    /// An address to write to.
    Email {
        /// The address.
        address: String,
    },
    /// A number to call.
    Phone {
        /// As shown.
        number: String,
        /// As dialled: `tel:` link.
        href: String,
    },
    /// A web address.
    Web {
        /// As shown.
        text: String,
        /// Where; `http` or `https` only.
        href: String,
    },
}

impl Cell {
    /// Words, or nothing when there are none.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Nothing } else { Self::Text { text } }
    }

    /// A formatted number.
    pub fn number(text: impl Into<String>) -> Self {
        Self::Number { text: text.into() }
    }

    /// A link without picture.
    pub fn link(link: Link) -> Self {
        Self::Link { text: link.text, href: link.href, avatar: None, sub: None }
    }
}
