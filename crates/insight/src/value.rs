//! What each customer is worth over the coming months, with an interval that holds for that customer.

use crate::fit::Fit;
use crate::rng::Rng;
use crate::spend::Spend;
use crate::timing::Timing;
use crate::{Histories, History, parallel};

/// Days in a year, for discounting.
const YEAR_DAYS: f64 = 365.25;
/// Steps into which the horizon is cut for discounting: months, when it is a year.
const STEPS: usize = 12;

/// What to value and how surely.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// How far to look ahead for the value. *Units*: days.
    pub horizon_days: f64,
    /// How far to look ahead for the number of purchases. *Units*: days.
    pub purchases_days: f64,
    /// Yearly discount rate: 0.1 makes 110 in a year worth 100 today.
    pub discount_yearly: f64,
    /// Share of outcomes that the interval should hold, between 0 and 1.
    pub level: f64,
    /// Outcomes drawn per customer for the interval.
    pub n_draws: usize,
    /// Seed of the draws.
    pub seed: u64,
}

impl Default for Terms {
    /// A year ahead, 90 days of purchases, 10 % a year, 80 % intervals from 100 draws.
    fn default() -> Self {
        Terms {
            horizon_days: 365.0,
            purchases_days: 90.0,
            discount_yearly: 0.1,
            level: 0.8,
            n_draws: 100,
            seed: 1,
        }
    }
}

/// The value columns, one entry per customer, aligned with the histories.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Values {
    /// Expected discounted margin over the horizon. *Units*: major units.
    pub lifetime_value: Vec<f64>,
    /// Lower end of the interval; often 0, since many customers do not return. *Units*: major units.
    pub low: Vec<f64>,
    /// Upper end of the interval, never below `lifetime_value`. *Units*: major units.
    pub high: Vec<f64>,
    /// Probability that the customer still buys.
    pub p_alive: Vec<f64>,
    /// Expected purchases over `purchases_days`.
    pub expected_purchases: Vec<f64>,
    /// Expected spend per purchase. *Units*: major units.
    pub expected_spend: Vec<f64>,
}

/// A model and, unless it is the pooled estimate, how sure its parameters are.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a, M> {
    /// The model.
    pub model: &'a M,
    /// Its fit; none for the pooled estimate.
    pub fit: Option<&'a Fit>,
}

/// Values each customer: expected purchases times expected spend times margin rate, discounted over the horizon.
///
/// The interval holds the middle `level` of drawn outcomes. Each draw takes parameters from the fit's uncertainty, decides
/// whether the customer still buys, draws their rate and stopping given their history, then purchases, then spend: so it
/// holds what the customer may do, not only what the mean may be. Skewed outcomes can put the mean above the upper quantile (a
/// customer who most likely never returns, but brings much if they do); then `high` is raised to the mean and holds
/// slightly more than was asked. Equal histories get equal intervals.
///
/// *Shape*: `margin_rate` is aligned with the histories; rates below zero or not finite count as zero.
/// *Source*: Fader, Hardie & Lee (2005), "RFM and CLV"; Laplace approximation for parameters, predictive simulation for
/// purchases.
pub fn values(
    histories: &Histories,
    timing: Source<'_, Timing>,
    spend: Source<'_, Spend>,
    margin_rate: &[f64],
    terms: &Terms,
) -> Values {
    let rows = &histories.rows;
    let mut order: Vec<u32> = (0..rows.len() as u32).collect();
    order.sort_unstable_by(|&l, &r| {
        let (l, r) = (&rows[l as usize], &rows[r as usize]);
        l.x.cmp(&r.x).then(l.t.total_cmp(&r.t)).then(l.t_x.total_cmp(&r.t_x))
    });
    let unit = histories.unit.days();
    let work = Work {
        timing: timing.model,
        spend: spend.model,
        outlooks: outlooks(&timing, &spend, rows.len(), terms),
        horizon: terms.horizon_days.max(0.0) / unit,
        purchases: terms.purchases_days.max(0.0) / unit,
        terms,
    };
    let parts =
        parallel::map_chunks(rows.len(), 4_096, |range| work.value_chunk(rows, margin_rate, &order[range]));
    let n = rows.len();
    let mut values = Values {
        lifetime_value: vec![0.0; n],
        low: vec![0.0; n],
        high: vec![0.0; n],
        p_alive: vec![0.0; n],
        expected_purchases: vec![0.0; n],
        expected_spend: vec![0.0; n],
    };
    for (&i, one) in order.iter().zip(parts.iter().flatten()) {
        let i = i as usize;
        values.lifetime_value[i] = one.value;
        values.low[i] = one.low;
        values.high[i] = one.high;
        values.p_alive[i] = one.p_alive;
        values.expected_purchases[i] = one.expected_purchases;
        values.expected_spend[i] = one.expected_spend;
    }
    values
}

/// Draws of the parameters of both models. Fewer for large bases, whose parameters are hardly uncertain.
fn outlooks(
    timing: &Source<'_, Timing>,
    spend: &Source<'_, Spend>,
    n_customers: usize,
    terms: &Terms,
) -> Vec<(Timing, Spend)> {
    let n = if n_customers > 100_000 { 4 } else { 32 }.min(terms.n_draws.max(1));
    let timings = timing.fit.map(|fit| fit.draws(n, terms.seed));
    let spends = spend.fit.map(|fit| fit.draws(n, terms.seed.wrapping_add(1)));
    (0..n)
        .map(|k| {
            let timing = timings.as_ref().map_or(*timing.model, |draws| timing.model.with_params(&draws[k]));
            let spend = spends.as_ref().map_or(*spend.model, |draws| spend.model.with_params(&draws[k]));
            (timing, spend)
        })
        .collect()
}

/// One customer's entries.
#[derive(Clone, Copy)]
struct One {
    value: f64,
    low: f64,
    high: f64,
    p_alive: f64,
    expected_purchases: f64,
    expected_spend: f64,
}

/// What customers with the same purchase times share.
struct Shared {
    p_alive: f64,
    expected_purchases: f64,
    n_discounted: f64,
    discount: f64,
    p_alive_drawn: Vec<f64>,
}

struct Work<'a> {
    timing: &'a Timing,
    spend: &'a Spend,
    outlooks: Vec<(Timing, Spend)>,
    horizon: f64,
    purchases: f64,
    terms: &'a Terms,
}

impl Work<'_> {
    /// Values the customers at `order`, in which equal purchase times are neighbours.
    fn value_chunk(&self, rows: &[History], margin_rate: &[f64], order: &[u32]) -> Vec<One> {
        let mut values = Vec::with_capacity(order.len());
        let mut drawn = Vec::with_capacity(self.terms.n_draws);
        let same = |l: &u32, r: &u32| {
            let (l, r) = (&rows[*l as usize], &rows[*r as usize]);
            l.x == r.x && l.t == r.t && l.t_x == r.t_x
        };
        for group in order.chunk_by(same) {
            let shared = self.shared(&rows[group[0] as usize]);
            for &i in group {
                let history = &rows[i as usize];
                let rate =
                    margin_rate.get(i as usize).copied().filter(|r| r.is_finite()).unwrap_or(1.0).max(0.0);
                let expected_spend = finite(self.spend.expected_spend(history));
                let value = finite(shared.n_discounted * expected_spend * rate);
                self.draw(history, &shared, &mut drawn);
                let (low, high) = interval(&mut drawn, self.terms.level);
                let scale = rate * shared.discount;
                values.push(One {
                    value,
                    low: finite(low * scale).min(value),
                    high: finite(high * scale).max(value),
                    p_alive: shared.p_alive,
                    expected_purchases: shared.expected_purchases,
                    expected_spend,
                });
            }
        }
        values
    }

    fn shared(&self, history: &History) -> Shared {
        let p_alive = self.timing.p_alive(history).clamp(0.0, 1.0);
        let mut before = 0.0;
        let mut discounted = 0.0;
        for step in 1..=STEPS {
            let upto = self.timing.expected_if_alive(history, self.horizon * step as f64 / STEPS as f64);
            let years = self.terms.horizon_days * (step as f64 - 0.5) / STEPS as f64 / YEAR_DAYS;
            discounted +=
                (upto - before).max(0.0) * (1.0 + self.terms.discount_yearly).max(1e-6).powf(-years);
            before = upto;
        }
        Shared {
            p_alive,
            expected_purchases: finite(p_alive * self.timing.expected_if_alive(history, self.purchases)),
            n_discounted: finite(p_alive * discounted),
            discount: if before > 0.0 { finite(discounted / before) } else { 1.0 },
            p_alive_drawn: self.outlooks.iter().map(|(timing, _)| timing.p_alive(history)).collect(),
        }
    }

    /// Draws what the customer may bring over the horizon, before margin and discount.
    fn draw(&self, history: &History, shared: &Shared, drawn: &mut Vec<f64>) {
        drawn.clear();
        let key = history.t.to_bits()
            ^ history.t_x.to_bits().rotate_left(21)
            ^ history.mean_spend.to_bits().rotate_left(42);
        let mut rng = Rng::for_item(self.terms.seed, key ^ u64::from(history.x));
        for k in 0..self.terms.n_draws.max(1) {
            let which = k % self.outlooks.len();
            let (timing, spend) = &self.outlooks[which];
            let mut outcome = 0.0;
            if rng.uniform() < shared.p_alive_drawn[which] {
                let n = timing.draw_if_alive(history, self.horizon, &mut rng);
                if n > 0 {
                    outcome = finite(spend.draw(history, n, &mut rng));
                }
            }
            drawn.push(outcome);
        }
    }
}

/// Finds the quantiles that leave equal tails outside `level`.
fn interval(drawn: &mut [f64], level: f64) -> (f64, f64) {
    let tail = 0.5 * (1.0 - level.clamp(0.0, 1.0));
    (quantile(drawn, tail), quantile(drawn, 1.0 - tail))
}

fn quantile(drawn: &mut [f64], share: f64) -> f64 {
    let position = share * (drawn.len() - 1) as f64;
    let below = position.floor() as usize;
    let (_, low, above) = drawn.select_nth_unstable_by(below, f64::total_cmp);
    let low = *low;
    let high = above.iter().copied().fold(f64::INFINITY, f64::min);
    if high.is_finite() { low + (high - low) * (position - below as f64) } else { low }
}

/// Keeps a number between 0 and the largest amount of money that still adds up exactly.
fn finite(value: f64) -> f64 {
    if value.is_nan() { 0.0 } else { value.clamp(0.0, 1e15) }
}
