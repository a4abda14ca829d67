//! Everything at once: purchases in, cards and scores out.

use crate::backtest::{self, Backtest, Split};
use crate::card::Card;
use crate::concentration::{self, Concentration};
use crate::fit::Fit;
use crate::gamma_gamma::{self, GammaGamma};
use crate::pooled::Pooled;
use crate::rfm::{self, CellSummary, Rfm};
use crate::spend::Spend;
use crate::stage::{self, Facts, Standing};
use crate::summary::{self, Histories, Purchases, Unit};
use crate::tiers::{self, Shares, Tiers};
use crate::timing::{self, Timing};
use crate::value::{self, Source, Terms, Values};
use crate::{History, Refusal};

/// How to score.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Horizon, discount and interval of the values, and the seed.
    pub terms: Terms,
    /// Margin per unit of revenue where purchases carry no margin of their own; 1 values revenue.
    pub margin_rate: f64,
    /// Sizes of the tiers.
    pub tiers: Shares,
    /// Length of the back-test's hold-out period; none takes a quarter of the data, at most 180 days. *Units*: days.
    pub holdout_days: Option<i32>,
    /// A day after `as_of` up to which purchases are known, too: the back-test then hides nothing from the models and judges
    /// them by what came between the two days. A period of less than a week does not count. *Units*: days since 1970-01-01.
    pub holdout_until: Option<i32>,
    /// The purchase model to use, one of [`timing::MODELS`]; none lets the back-test choose.
    pub model: Option<&'static str>,
    /// Indexes of customers with an open complaint, in any order.
    pub complaints: Vec<u32>,
}

impl Default for Options {
    /// A year ahead, revenue as margin, the back-test chooses.
    fn default() -> Self {
        Options {
            terms: Terms::default(),
            margin_rate: 1.0,
            tiers: Shares::default(),
            holdout_days: None,
            holdout_until: None,
            model: None,
            complaints: Vec::new(),
        }
    }
}

/// The scores of all customers who bought, and the cards of all models.
///
/// *Shape*: every per-customer column is aligned with `histories.customers`.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// Who was scored and what they did.
    pub histories: Histories,
    /// One card each for `rfm`, `bg_nbd`, `mbg_nbd`, `pareto_nbd` and `gamma_gamma`, in that order.
    pub models: Vec<Card>,
    /// Value, interval, chance of still buying, expected purchases and spend.
    pub values: Values,
    /// The purchase model behind the values: a model's name, or `pooled`.
    pub method: &'static str,
    /// The spend model behind the values: `gamma_gamma` or `pooled`.
    pub spend_method: &'static str,
    /// Recency, frequency and monetary scores and cells.
    pub rfm: Rfm,
    /// Size and mean value of each cell.
    pub cells: Vec<CellSummary>,
    /// Tiers by value.
    pub tiers: Tiers,
    /// Stage of the relationship, with its reason.
    pub stages: Vec<Standing>,
    /// How concentrated past margin is; none without positive margin.
    pub concentration: Option<Concentration>,
    /// Sum over all customers of value times one minus the chance of still buying. *Units*: major units.
    pub value_at_risk: f64,
}

/// Scores every customer who bought up to `as_of` and says how far each model can be trusted.
///
/// Fits all models, back-tests them on the last period, takes the purchase model that predicted it best (by Poisson
/// deviance; without a back-test MBG/NBD, which copes with one-time buyers), and falls back to pooled means where all
/// refuse. Never fails: without purchases all columns are empty and the cards carry refusals.
///
/// *Units*: money in major units as in `purchases`; times in `unit`; `as_of` in days since 1970-01-01.
pub fn score(purchases: &Purchases<'_>, as_of: i32, unit: Unit, options: &Options) -> Scored {
    let histories = summary::histories(purchases, as_of, unit);
    let rows = &histories.rows;
    let fits = ["bg_nbd", "mbg_nbd", "pareto_nbd"].map(|name| (name, Timing::fit(name, rows)));
    let split = split_for(purchases, &histories, options);
    let tests = fits.each_ref().map(|(name, _)| test(name, &split, &options.terms));
    let chosen = choose(&fits, &tests, options.model);
    let pooled = Pooled::of(rows);
    let spend_fit = GammaGamma::fit(rows);
    let (timing, timing_fit) = match chosen.map(|i| &fits[i].1) {
        Some(Ok((model, fit))) => (*model, Some(fit)),
        _ => (Timing::Pooled(pooled), None),
    };
    let (spend, spend_of) = match &spend_fit {
        Ok((model, fit)) => (Spend::GammaGamma(*model), Some(fit)),
        Err(_) => (Spend::Pooled(pooled), None),
    };
    let values = value::values(
        &histories,
        Source { model: &timing, fit: timing_fit },
        Source { model: &spend, fit: spend_of },
        &margin_rates(purchases, rows, options.margin_rate),
        &options.terms,
    );
    let rfm = rfm::rfm(&histories);
    let margins: Vec<f64> = rows.iter().map(|h| h.margin).collect();
    Scored {
        models: cards(&histories, split.as_ref(), &rfm, &fits, &tests, chosen, &spend_fit),
        method: timing.name(),
        spend_method: spend.name(),
        cells: rfm::cell_summary(&rfm.cell, &values.lifetime_value),
        tiers: tiers::tiers(&values.lifetime_value, options.tiers),
        stages: stages(&histories, &values, &options.complaints),
        concentration: concentration::concentration(&margins),
        value_at_risk: concentration::value_at_risk(&values.lifetime_value, &values.p_alive),
        rfm,
        values,
        histories,
    }
}

type TimingFit = Result<(Timing, Fit), Refusal>;

/// Splits off the hold-out period; none when the data are too short for one.
fn split_for(purchases: &Purchases<'_>, histories: &Histories, options: &Options) -> Option<Split> {
    if let Some(until) = options.holdout_until
        && let Some(days) = until.checked_sub(histories.as_of).filter(|days| *days >= 7)
    {
        return Some(backtest::split(purchases, until, days, histories.unit));
    }
    let first = histories.rows.iter().map(|h| h.first_day).min()?;
    let span = i64::from(histories.as_of) - i64::from(first);
    let days = match options.holdout_days {
        Some(days) => i64::from(days),
        None => (span / 4).min(180),
    };
    if days < 7 || days >= span {
        return None;
    }
    Some(backtest::split_against(purchases, histories, days as i32))
}

fn test(name: &str, split: &Option<Split>, terms: &Terms) -> Result<Backtest, Refusal> {
    match split {
        Some(split) => backtest::backtest(name, split, terms),
        None => Err(Refusal::TooFew { what: "days of data for a hold-out period", need: 28, have: 0 }),
    }
}

/// Picks the wanted model, or the one with the smallest error in the back-test; none when all refuse.
fn choose(
    fits: &[(&'static str, TimingFit); 3],
    tests: &[Result<Backtest, Refusal>; 3],
    wanted: Option<&str>,
) -> Option<usize> {
    if let Some(i) = fits.iter().position(|(name, fit)| Some(*name) == wanted && fit.is_ok()) {
        return Some(i);
    }
    let deviance = |i: usize| tests[i].as_ref().map_or(f64::INFINITY, |test| test.model.deviance);
    let mut best: Option<usize> = None;
    for name in timing::MODELS {
        let Some(i) = fits.iter().position(|(n, fit)| *n == name && fit.is_ok()) else { continue };
        if best.is_none_or(|best| deviance(i) < deviance(best)) {
            best = Some(i);
        }
    }
    best
}

/// Each customer's margin per unit of revenue: the given rate, or the own one shrunk towards that of all customers.
///
/// The own rate weighs as much as everybody's once a customer has paid as much as the mean customer.
fn margin_rates(purchases: &Purchases<'_>, rows: &[History], given: f64) -> Vec<f64> {
    let n = rows.len().max(1) as f64;
    let paid: f64 = rows.iter().map(|h| h.total).sum();
    let earned: f64 = rows.iter().map(|h| h.margin).sum();
    if !purchases.has_margin() || paid <= 0.0 {
        return vec![given; rows.len()];
    }
    let weight = paid / n;
    rows.iter()
        .map(|h| ((h.margin + weight * (earned / paid)) / (h.total.max(0.0) + weight)).clamp(0.0, 1.0))
        .collect()
}

fn stages(histories: &Histories, values: &Values, complaints: &[u32]) -> Vec<Standing> {
    let mut complaints = complaints.to_vec();
    complaints.sort_unstable();
    let unit = histories.unit.days();
    let (mut time, mut repeats) = (0.0, 0.0);
    for h in &histories.rows {
        time += h.t_x * unit;
        repeats += f64::from(h.x);
    }
    // Without a single repeat, a quarter is as good a guess as any.
    let usual_gap_days = if repeats > 0.0 { time / repeats } else { 91.0 };
    let mut stages = Vec::with_capacity(histories.rows.len());
    for (i, h) in histories.rows.iter().enumerate() {
        stages.push(stage::standing(&Facts {
            n_orders: h.n_orders,
            own_gap_days: (h.x > 0).then(|| h.t_x * unit / f64::from(h.x)),
            usual_gap_days,
            silence_days: f64::from(histories.as_of) - f64::from(h.last_day),
            p_alive: values.p_alive[i],
            complaint_open: complaints.binary_search(&histories.customers[i]).is_ok(),
        }));
    }
    stages
}

fn cards(
    histories: &Histories,
    split: Option<&Split>,
    rfm: &Rfm,
    fits: &[(&'static str, TimingFit); 3],
    tests: &[Result<Backtest, Refusal>; 3],
    chosen: Option<usize>,
    spend: &Result<(GammaGamma, Fit), Refusal>,
) -> Vec<Card> {
    let mut of_rules = Card::new("rfm", histories);
    of_rules.chosen = true;
    of_rules.buy_rates = split.map(backtest::buy_rates).unwrap_or_default();
    if histories.rows.is_empty() {
        of_rules.refusal = Some(Refusal::TooFew { what: "customers", need: 1, have: 0 });
    }
    let n_least = rfm.frequency.iter().filter(|f| **f == 1).count();
    if n_least * 2 > rfm.frequency.len() {
        let share = 100.0 * n_least as f64 / rfm.frequency.len() as f64;
        of_rules.notes.push(format!(
            "{share:.0} % of customers share the lowest frequency; they are not told apart by it."
        ));
    }
    let mut cards = vec![of_rules];
    for (i, ((name, fit), test)) in fits.iter().zip(tests).enumerate() {
        let mut card = Card::new(name, histories).with_outcome(fit.as_ref().map(|(_, fit)| fit));
        card.chosen = chosen == Some(i);
        if *name == "bg_nbd" && fit.is_ok() {
            card.notes.push("Counts everybody who bought once as still buying.".to_owned());
        }
        cards.push(card.with_backtest(test));
    }
    let mut card = Card::new("gamma_gamma", histories).with_outcome(spend.as_ref().map(|(_, fit)| fit));
    card.chosen = spend.is_ok();
    if let Some(r) = gamma_gamma::correlation(&histories.rows).filter(|r| r.abs() > 0.3) {
        card.notes.push(format!(
            "Frequency and spend are correlated ({r:.2}); the model assumes that they are not, so values of frequent customers are off."
        ));
    }
    cards.push(card);
    cards
}
