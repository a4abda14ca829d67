//! Fleet sales and service contracts in their pipelines.

use jiff::civil::Date;

/// A step of a pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stage {
    /// Shown name.
    pub name: &'static str,
    /// Chance of winning from here, in percent.
    pub probability_percent: u8,
}

/// A kind of selling with its own steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pipeline {
    /// Shown name.
    pub name: &'static str,
    /// The open steps in order; won and lost are a deal's status.
    pub stages: &'static [Stage],
    /// Why deals here are lost.
    pub lost_reasons: &'static [&'static str],
}

/// Whether a deal is still open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum DealStatus {
    Open,
    Won,
    Lost,
}

/// A sale in the making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deal {
    /// Position among the deals.
    pub index: usize,
    /// What it is about.
    pub title: String,
    /// The company, unless a private customer.
    pub company: Option<usize>,
    /// The person we talk to.
    pub contact: usize,
    /// Index into [`crate::Business::pipelines`].
    pub pipeline: usize,
    /// Index into that pipeline's stages: the current one, or the last one before it closed.
    pub stage: usize,
    /// Worth, in euro cents.
    pub amount_minor: i64,
    /// Chance of winning in percent: the stage's for open ones, else 100 or 0.
    pub probability_percent: u8,
    /// When it was opened.
    pub opened_on: Date,
    /// When we expect the decision.
    pub expected_close_on: Date,
    /// When it was decided.
    pub closed_on: Option<Date>,
    /// Whether it is still open.
    pub status: DealStatus,
    /// Why it was lost, one of its pipeline's reasons.
    pub lost_reason: Option<&'static str>,
    /// The salesperson.
    pub owner: usize,
    /// The last day anybody was in touch about it; some open deals have gone quiet.
    pub touched_on: Date,
    /// What it is for: product and quantity.
    pub products: Vec<(usize, u32)>,
}
