//! The board: records moving through stages.

use serde::Serialize;

use super::{Action, Avatar, FilterChip, Hidden, Layout, ObjectRef, Page, Shell, Stat, ViewTab};

/// Deals, or any object with stages, by stage.
#[derive(Clone, Debug, Serialize)]
pub struct BoardPage {
    /// Frame.
    pub shell: Shell,
    /// What moves.
    pub object: ObjectRef,
    /// "29 open".
    pub count: String,
    /// Pipelines or saved views as tabs.
    pub views: Vec<ViewTab>,
    /// Board and table.
    pub layouts: Vec<Layout>,
    /// Numbers above.
    pub stats: Vec<Stat>,
    /// Search words in force; the form goes `GET` to `here` with `q` and `keep`.
    pub search: String,
    /// Path of this page.
    pub here: String,
    /// Present query, for the search form.
    pub keep: Vec<Hidden>,
    /// Filters in force.
    pub filters: Vec<FilterChip>,
    /// Stages, first to last.
    pub columns: Vec<BoardColumn>,
    /// Making one, when allowed.
    pub new: Option<Action>,
}

impl Page for BoardPage {
    const TEMPLATE: &'static str = "board.html";
}

/// A stage with its cards.
#[derive(Clone, Debug, Serialize)]
pub struct BoardColumn {
    /// Sent as `stage` when a card moves here.
    pub value: String,
    /// Name of the stage.
    pub title: String,
    /// How many, also those not shown.
    pub count: String,
    /// Sum of amounts.
    pub sum: String,
    /// "45 % · €54,500": chance and weighted sum.
    pub weighted: Option<String>,
    /// Cards, in order.
    pub cards: Vec<BoardCard>,
    /// The list of the rest.
    pub more: Option<Action>,
    /// Making one in this stage, when allowed.
    pub new: Option<String>,
    /// Won and lost take cards but ask nothing here.
    pub closing: bool,
}

/// A card. Moving it is `POST {move_action}` with `stage` and `version`.
#[derive(Clone, Debug, Serialize)]
pub struct BoardCard {
    /// Id of the record.
    pub id: String,
    /// Its page.
    pub href: String,
    /// Its name.
    pub title: String,
    /// Whose deal.
    pub party: Option<String>,
    /// Owner's name.
    pub owner: Option<String>,
    /// Owner's picture.
    pub owner_avatar: Option<Avatar>,
    /// Amount, formatted.
    pub amount: Option<String>,
    /// "closes 18 Dec".
    pub closes: Option<String>,
    /// A line at the foot: next step.
    pub note: Option<String>,
    /// "No contact for 31 days": the card is marked.
    pub stale: Option<String>,
    /// Version, sent along with a move.
    pub version: i64,
    /// Where a move posts; none when the user may not move it.
    pub move_action: Option<String>,
}
