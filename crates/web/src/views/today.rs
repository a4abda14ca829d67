//! Today: what to do next, who slips away, what waits.

use serde::Serialize;

use super::{Action, Item, Page, Shell, Stat, Tone, Why};

/// The first page of the day.
#[derive(Clone, Debug, Serialize)]
pub struct TodayPage {
    /// Frame.
    pub shell: Shell,
    /// "Sunday 22 November 2026".
    pub date: String,
    /// Shown instead of everything else while there are no customers.
    pub first_run: Option<FirstRun>,
    /// Tasks due and overdue, most urgent first.
    pub tasks: Vec<TodayTask>,
    /// All tasks, when more wait than are shown: "12 more".
    pub more_tasks: Option<Action>,
    /// `POST` here with `title` and `due_on` adds a task.
    pub add_task: Option<String>,
    /// Valuable customers slipping away.
    pub slipping: Vec<Slipping>,
    /// What they are worth together, with its reasons.
    pub slipping_sum: Option<Stat>,
    /// The list of all of them.
    pub more_slipping: Option<Action>,
    /// Deals going stale.
    pub stale_deals: Vec<Item>,
    /// The list of all of them.
    pub more_deals: Option<Action>,
    /// Open cases, soonest promise first.
    pub cases: Vec<Item>,
    /// The list of all of them.
    pub more_cases: Option<Action>,
    /// Headline numbers at the side: open pipeline, equity.
    pub stats: Vec<Stat>,
}

impl Page for TodayPage {
    const TEMPLATE: &'static str = "today.html";
}

/// The choices of someone whose workspace is empty.
#[derive(Clone, Debug, Serialize)]
pub struct FirstRun {
    /// Where an import starts, when allowed.
    pub import: Option<String>,
    /// `POST` here loads sample data, when allowed.
    pub sample: Option<String>,
    /// Where one person is added by hand, when allowed.
    pub by_hand: Option<String>,
    /// Further steps, in any order.
    pub steps: Vec<FirstStep>,
}

/// A step after the first.
#[derive(Clone, Debug, Serialize)]
pub struct FirstStep {
    /// What to do.
    pub text: String,
    /// Why.
    pub detail: String,
    /// Where.
    pub href: String,
    /// Already done.
    pub done: bool,
}

/// A task on Today.
#[derive(Clone, Debug, Serialize)]
pub struct TodayTask {
    /// Icon name without prefix: `phone`, `mail`, `square-check`.
    pub icon: String,
    /// What to do.
    pub title: String,
    /// Where it opens.
    pub href: String,
    /// Whom it concerns and why.
    pub detail: String,
    /// "Today", "3 days late", "11:00".
    pub due: String,
    /// Bad when late, warn when today.
    pub due_tone: Tone,
    /// `POST` here marks it done; none when the user may not.
    pub done: Option<String>,
    /// `POST` here with `days` puts it off; none when the user may not.
    pub later: Option<String>,
}

/// A valuable customer slipping away.
#[derive(Clone, Debug, Serialize)]
pub struct Slipping {
    /// Who.
    pub item: Item,
    /// Value at risk, formatted.
    pub at_risk: String,
    /// How it was worked out, small: "38 % × €5,500".
    pub formula: String,
    /// Why we think so.
    pub why: Option<Why>,
}
