//! The customer base: what it is worth, who carries it, who leaves, and how far to trust the numbers.

use serde::Serialize;

use super::{Action, Badge, Cell, Empty, Fact, Item, Page, Shell, Stat, Tier, Tone, Why};

/// The customer base as a whole.
#[derive(Clone, Debug, Serialize)]
pub struct CustomerBasePage {
    /// Frame.
    pub shell: Shell,
    /// "22 Nov 2026, 06:10".
    pub as_of: String,
    /// Parts as tabs.
    pub tabs: Vec<super::TimelineTab>,
    /// Shown instead when there are no scores yet.
    pub empty: Option<Empty>,
    /// Headline numbers: equity, alive, at risk.
    pub stats: Vec<Stat>,
    /// Share of customers against share of value, and other pictures, two in a row.
    pub charts: Vec<Chart>,
    /// Recency against frequency.
    pub rfm: Option<HeatTable>,
    /// Tiers with their rules.
    pub tiers: Vec<TierRow>,
    /// Largest values at risk.
    pub at_risk: Vec<RiskRow>,
    /// The list of all of them.
    pub more_at_risk: Option<Action>,
    /// Models behind the numbers.
    pub models: Vec<ModelCard>,
    /// `POST` here works the scores out anew, when allowed.
    pub score: Option<String>,
}

impl Page for CustomerBasePage {
    const TEMPLATE: &'static str = "customer_base.html";
}

/// A picture drawn from its own table.
#[derive(Clone, Debug, Serialize)]
pub struct Chart {
    /// `curve`, `band`, `bars`, `stack`, `scatter`, `calibration`: see `charts.js`.
    pub kind: String,
    /// `pct`, `n`, `money`, `money_k`, `money_m`: how axis numbers are written.
    pub format: String,
    /// ISO currency for the money formats.
    pub currency: String,
    /// Height in pixels.
    pub height: u16,
    /// The finding, as a sentence.
    pub title: String,
    /// Measure, unit, period.
    pub note: String,
    /// What the marks are.
    pub legend: Vec<Legend>,
    /// Columns; the first is what the rest is plotted against.
    pub columns: Vec<ChartColumn>,
    /// Rows.
    pub rows: Vec<ChartRow>,
}

/// A mark and its meaning.
#[derive(Clone, Debug, Serialize)]
pub struct Legend {
    /// What it is.
    pub text: String,
    /// `line`, `area`, `dash` or `blob`.
    pub mark: String,
    /// Colour token: 0 for the comparison, 1 for the subject, up to 6.
    pub color: u8,
}

/// A column of the table behind a picture.
#[derive(Clone, Debug, Serialize)]
pub struct ChartColumn {
    /// `x`, `mid`, `lo`, `hi`, `base`, `plan`, or a series' name.
    pub key: String,
    /// Label.
    pub label: String,
}

/// A row of the table behind a picture.
#[derive(Clone, Debug, Serialize)]
pub struct ChartRow {
    /// Label of the row.
    pub label: String,
    /// Number behind the label, when it is one.
    pub x: Option<f64>,
    /// Numbers with their text; none where nothing is known.
    pub values: Vec<ChartValue>,
}

/// A number with its text.
#[derive(Clone, Debug, Serialize)]
pub struct ChartValue {
    /// The number.
    pub value: Option<f64>,
    /// As shown in the table.
    pub text: String,
}

/// A table with tinted cells.
#[derive(Clone, Debug, Serialize)]
pub struct HeatTable {
    /// The finding.
    pub title: String,
    /// Measure, unit, period.
    pub note: String,
    /// Heading of the row labels.
    pub corner: String,
    /// Column headings.
    pub columns: Vec<String>,
    /// Rows.
    pub rows: Vec<HeatRow>,
}

/// A row of a heat table.
#[derive(Clone, Debug, Serialize)]
pub struct HeatRow {
    /// Label.
    pub label: String,
    /// Cells.
    pub cells: Vec<HeatCell>,
}

/// A tinted cell.
#[derive(Clone, Debug, Serialize)]
pub struct HeatCell {
    /// The number.
    pub text: String,
    /// Tint, 0–100.
    pub tint: f64,
    /// A word in it: "Win back".
    pub word: Option<String>,
    /// The list of these customers.
    pub href: Option<String>,
    /// Spoken in full: "402 customers with one order over a year ago".
    pub title: String,
}

/// A tier with its rule and its share.
#[derive(Clone, Debug, Serialize)]
pub struct TierRow {
    /// Which.
    pub tier: Tier,
    /// The list of them.
    pub href: String,
    /// The rule: "Best 1 % by lifetime value".
    pub rule: String,
    /// How many.
    pub customers: String,
    /// Share of all customers, 0–100.
    pub customers_share: f64,
    /// Their value together.
    pub value: String,
    /// Share of all value, 0–100.
    pub value_share: f64,
    /// That share as text.
    pub value_share_text: String,
}

/// A customer whose value is at risk.
#[derive(Clone, Debug, Serialize)]
pub struct RiskRow {
    /// Who.
    pub item: Item,
    /// Tier.
    pub tier: Option<Tier>,
    /// Chance of still being a customer.
    pub p_alive: Cell,
    /// Lifetime value.
    pub value: String,
    /// Value at risk.
    pub at_risk: String,
    /// How it was worked out.
    pub why: Option<Why>,
}

/// A model in short: what it says, from what, and how well it did.
#[derive(Clone, Debug, Serialize)]
pub struct ModelCard {
    /// Unique on the page; letters, digits and hyphens.
    pub id: String,
    /// "Buying again".
    pub title: String,
    /// "BG/NBD".
    pub method: String,
    /// The verdict: "Good".
    pub verdict: Badge,
    /// In a sentence: "Forecast 1,204 orders for the last half-year; 1,187 came."
    pub plain: String,
    /// Parameters.
    pub parameters: Vec<Fact>,
    /// Window, customers, likelihood.
    pub data: Vec<Fact>,
    /// Back-test: metric, value, what it means.
    pub metrics: Vec<Metric>,
    /// When not to trust it.
    pub caution: Option<String>,
    /// Published source.
    pub source: String,
}

/// A measure of how well a model did.
#[derive(Clone, Debug, Serialize)]
pub struct Metric {
    /// "Error of total".
    pub name: String,
    /// "1.4 %".
    pub value: String,
    /// What it means in plain words.
    pub meaning: String,
    /// Meaning as colour.
    pub tone: Tone,
}
