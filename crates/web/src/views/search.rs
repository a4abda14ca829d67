//! What a search found, by kind of record.

use serde::Serialize;

use super::{Item, Link, Page, Shell};

/// Results of `GET /search?q=`.
#[derive(Clone, Debug, Serialize)]
pub struct SearchPage {
    /// Frame.
    pub shell: Shell,
    /// Words searched for.
    pub query: String,
    /// Found records by object; objects without any are left out.
    pub groups: Vec<SearchGroup>,
    /// Words that the search understood differently: "Also looked for mei-ling".
    pub remark: Option<String>,
}

impl Page for SearchPage {
    const TEMPLATE: &'static str = "search.html";
}

/// Found records of one object.
#[derive(Clone, Debug, Serialize)]
pub struct SearchGroup {
    /// "Contacts".
    pub title: String,
    /// How many: "12" or "50+".
    pub count: String,
    /// The best few.
    pub items: Vec<Item>,
    /// All of them.
    pub more: Option<Link>,
}

/// One hit of `GET /search.json?q=&object=`, which answers `{"results":[…]}` for the palette and link pickers.
#[derive(Clone, Debug, Serialize)]
pub struct SearchHit {
    /// Name of the record.
    pub name: String,
    /// "Platinum · Harbourline Logistics".
    pub detail: String,
    /// Its page.
    pub href: String,
    /// Icon name without prefix.
    pub icon: String,
    /// "Contacts": hits with the same group stand together.
    pub group: String,
    /// What a link picker fills in: "Mei-Ling Tan #1042".
    pub value: String,
}
