//! The page of one record, of any object: who or what it is, what happened, what to do.

use serde::Serialize;

use super::{
    Action, Avatar, Badge, Cell, Choice, Item, Link, Moment, Notice, ObjectRef, Page, PostButton, Shell,
    Stat, Tier, Tone, Why,
};

/// A record.
#[derive(Clone, Debug, Serialize)]
pub struct RecordPage {
    /// Frame.
    pub shell: Shell,
    /// What kind it is.
    pub object: ObjectRef,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Picture.
    pub avatar: Option<Avatar>,
    /// "Head of fleet at Harbourline Logistics": words and links in a row.
    pub subtitle: Vec<Subtitle>,
    /// Tier, for customers.
    pub tier: Option<Tier>,
    /// States.
    pub badges: Vec<Badge>,
    /// Owner, when it has one.
    pub owner: Option<Owner>,
    /// Key numbers.
    pub stats: Vec<Stat>,
    /// Remarks: archived, merged into another.
    pub notices: Vec<Notice>,
    /// Links drawn as buttons; at most one primary.
    pub actions: Vec<Action>,
    /// Posting actions, in the menu: archive, merge, erase.
    pub menu: Vec<PostButton>,
    /// Stages to move through, for deals and cases.
    pub stages: Option<StagePath>,
    /// Facts by group.
    pub facts: Vec<FactGroup>,
    /// Editing, when allowed.
    pub edit: Option<String>,
    /// Adding to the timeline, when allowed.
    pub composer: Option<Composer>,
    /// Filters of the timeline.
    pub timeline_tabs: Vec<TimelineTab>,
    /// What happened, newest day first.
    pub days: Vec<TimelineDay>,
    /// Earlier entries.
    pub older: Option<String>,
    /// What the numbers say, for customers.
    pub insight: Option<Insight>,
    /// Records around it.
    pub related: Vec<Related>,
    /// Table of lines, for orders and quotes.
    pub lines: Option<Lines>,
}

impl Page for RecordPage {
    const TEMPLATE: &'static str = "record.html";
}

/// A piece of the line under the name.
#[derive(Clone, Debug, Serialize)]
pub struct Subtitle {
    /// Quiet word before: "at".
    pub before: Option<String>,
    /// The words.
    pub text: String,
    /// Where they lead.
    pub href: Option<String>,
}

/// Who looks after it.
#[derive(Clone, Debug, Serialize)]
pub struct Owner {
    /// Name.
    pub name: String,
    /// Picture.
    pub avatar: Avatar,
}

/// The stages of a deal or case. Moving is `POST {action}` with `stage` and `version`.
#[derive(Clone, Debug, Serialize)]
pub struct StagePath {
    /// Where it posts; none when the user may not.
    pub action: Option<String>,
    /// Version sent along.
    pub version: i64,
    /// Stages, the present one selected.
    pub stages: Vec<Choice>,
}

/// Facts under one heading.
#[derive(Clone, Debug, Serialize)]
pub struct FactGroup {
    /// Heading.
    pub title: String,
    /// Facts.
    pub facts: Vec<FactRow>,
}

/// A field with its value.
#[derive(Clone, Debug, Serialize)]
pub struct FactRow {
    /// Label.
    pub label: String,
    /// Value by kind.
    pub value: Cell,
}

/// Adding to the timeline: plain forms, one per kind.
#[derive(Clone, Debug, Serialize)]
pub struct Composer {
    /// `POST` here with `body` adds a note.
    pub note: Option<String>,
    /// `POST` here with `title`, `due_on`, `assignee` adds a task.
    pub task: Option<String>,
    /// `POST` here with `body`, `channel` (`call`, `meeting`, `visit`) and `direction` logs a touchpoint.
    pub call: Option<String>,
    /// Who may be given a task.
    pub assignees: Vec<Choice>,
    /// Text that was refused, to be mended.
    pub draft: String,
    /// Why it was refused.
    pub error: Option<String>,
    /// "Visible to everyone who may see this record".
    pub audience: String,
}

/// A filter of the timeline.
#[derive(Clone, Debug, Serialize)]
pub struct TimelineTab {
    /// "All", "Purchases".
    pub text: String,
    /// Where.
    pub href: String,
    /// In force.
    pub current: bool,
}

/// One day, or one month further back.
#[derive(Clone, Debug, Serialize)]
pub struct TimelineDay {
    /// "Today", "Thursday 19 November", "October".
    pub label: String,
    /// Entries, newest first.
    pub entries: Vec<TimelineEntry>,
}

/// Something that happened.
#[derive(Clone, Debug, Serialize)]
pub struct TimelineEntry {
    /// Name of the entry on the page, so that it stays itself when the page is refreshed; may be empty.
    pub id: String,
    /// Icon name without prefix.
    pub icon: String,
    /// Colour of the node: accent for what the customer did, good, bad.
    pub tone: Tone,
    /// Who, in bold.
    pub actor: Option<String>,
    /// What they did: "moved the deal to Proposal".
    pub text: String,
    /// The record it concerns.
    pub link: Option<Link>,
    /// A quiet addition.
    pub detail: Option<String>,
    /// Words said or written.
    pub body: Option<String>,
    /// Written by us rather than by the customer.
    pub ours: bool,
    /// Fields that changed.
    pub changes: Vec<Change>,
    /// When.
    pub at: Moment,
}

/// A field that changed.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// Label.
    pub field: String,
    /// Value before; empty for none.
    pub before: String,
    /// Value after; empty for none.
    pub after: String,
}

/// What the models say about a customer.
#[derive(Clone, Debug, Serialize)]
pub struct Insight {
    /// Too little is known: says so instead of numbers.
    pub too_few: Option<String>,
    /// Lifetime value, chance of being alive, expected purchases: each with range and reasons.
    pub figures: Vec<Stat>,
    /// Tier and the rule that made it.
    pub tier: Option<InsightFact>,
    /// Relationship stage and its reason.
    pub stage: Option<InsightFact>,
    /// Recency, frequency, monetary cell.
    pub rfm: Option<InsightFact>,
    /// "BG/NBD with gamma-gamma · fitted 22 Nov 2026 on 4,812 customers · off by 9 % last half-year".
    pub model: String,
    /// The page about the model.
    pub model_href: String,
}

/// A word about a customer with its reason.
#[derive(Clone, Debug, Serialize)]
pub struct InsightFact {
    /// What is said: "Gold", "Cooling off", "4–5–3".
    pub text: String,
    /// Meaning of it.
    pub tone: Tone,
    /// The rule or reason in a sentence.
    pub reason: String,
    /// More reasons, opened.
    pub why: Option<Why>,
}

/// Records around this one.
#[derive(Clone, Debug, Serialize)]
pub struct Related {
    /// "Deals".
    pub title: String,
    /// How many.
    pub count: String,
    /// The first few.
    pub items: Vec<Item>,
    /// Adding one, when allowed.
    pub add: Option<Action>,
    /// All of them.
    pub more: Option<Link>,
}

/// Lines of an order or quote.
#[derive(Clone, Debug, Serialize)]
pub struct Lines {
    /// Column labels; numbers align to the end.
    pub columns: Vec<LineColumn>,
    /// Rows.
    pub rows: Vec<Vec<Cell>>,
    /// Sums, label and value.
    pub totals: Vec<super::Fact>,
}

/// A column of lines.
#[derive(Clone, Debug, Serialize)]
pub struct LineColumn {
    /// Label.
    pub label: String,
    /// Aligned to the end.
    pub end: bool,
}
