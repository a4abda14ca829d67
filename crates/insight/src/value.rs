//! What each customer is worth over the coming months, with an interval that holds for that customer.

use crate::fit::Fit;
use crate::rng::Rng;
use crate::spend::Spend;
use crate::timing::Timing;
use crate::{Histories, History, parallel, special};

/// Days in a year, for discounting.
const YEAR_DAYS: f64 = 365.25;

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
    /// Outcomes drawn per customer for the interval; 0 leaves `low` and `high` at the expected value.
    pub n_draws: usize,
    /// Seed of the draws.
    pub seed: u64,
}

impl Default for Terms {
    /// A year ahead, 90 days of purchases, 10 % a year, 80 % intervals from 64 draws.
    fn default() -> Self {
        Terms {
            horizon_days: 365.0,
            purchases_days: 90.0,
            discount_yearly: 0.1,
            level: 0.8,
            n_draws: 64,
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
/// The interval holds the middle `level` of possible outcomes. Each outcome takes parameters from the fit's uncertainty,
/// draws the customer's rate and stopping given their history, then purchases, then spend; that the customer has already
/// stopped enters with its probability. So it
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
        (l.x, l.n_spend).cmp(&(r.x, r.n_spend)).then(l.t.total_cmp(&r.t)).then(l.t_x.total_cmp(&r.t_x))
    });
    let unit = histories.unit.days();
    let work = Work {
        timing: timing.model,
        spend: spend.model,
        nodes: special::gauss_legendre(4),
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
    /// Mean chance of still buying over the drawn parameters.
    p_alive_drawn: f64,
    draws: Vec<Draw>,
}

struct Work<'a> {
    timing: &'a Timing,
    spend: &'a Spend,
    nodes: Vec<(f64, f64)>,
    outlooks: Vec<(Timing, Spend)>,
    horizon: f64,
    purchases: f64,
    terms: &'a Terms,
}

impl Work<'_> {
    /// Values the customers at `order`, in which equal purchase times are neighbours.
    fn value_chunk(&self, rows: &[History], margin_rate: &[f64], order: &[u32]) -> Vec<One> {
        let mut values = Vec::with_capacity(order.len());
        let mut outcomes = Vec::new();
        let same = |l: &u32, r: &u32| {
            let (l, r) = (&rows[*l as usize], &rows[*r as usize]);
            l.x == r.x && l.n_spend == r.n_spend && l.t == r.t && l.t_x == r.t_x
        };
        for group in order.chunk_by(same) {
            let shared = self.shared(&rows[group[0] as usize]);
            for &i in group {
                let history = &rows[i as usize];
                let rate =
                    margin_rate.get(i as usize).copied().filter(|r| r.is_finite()).unwrap_or(1.0).max(0.0);
                let expected_spend = finite(self.spend.expected_spend(history));
                let value = finite(shared.n_discounted * expected_spend * rate);
                let scale = rate * shared.discount;
                let (low, high) = match self.terms.n_draws {
                    0 => (value, value),
                    _ => {
                        let (low, high) = self.interval(history, &shared, &mut outcomes);
                        (low * scale, high * scale)
                    }
                };
                values.push(One {
                    value,
                    low: finite(low).min(value),
                    high: finite(high).max(value),
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
        let whole = self.timing.expected_if_alive(history, self.horizon);
        let delta = self.terms.discount_yearly.max(-0.99).ln_1p() * self.terms.horizon_days / YEAR_DAYS;
        // Integration by parts turns the discounted stream into values of the smooth expectation, which four nodes catch:
        // the integral of exp(-delta u) dE(u) over u from 0 to 1.
        let mut discounted = (-delta).exp() * whole;
        if delta != 0.0 {
            for (u, w) in &self.nodes {
                let upto = self.timing.expected_if_alive(history, self.horizon * u);
                discounted += w * delta * (-delta * u).exp() * upto;
            }
        }
        let p_alive_drawn: Vec<f64> = match self.terms.n_draws {
            0 => Vec::new(),
            _ => self.outlooks.iter().map(|(timing, _)| timing.p_alive(history).clamp(0.0, 1.0)).collect(),
        };
        Shared {
            p_alive,
            expected_purchases: finite(p_alive * self.timing.expected_if_alive(history, self.purchases)),
            n_discounted: finite(p_alive * discounted),
            discount: if whole > 0.0 { finite(discounted / whole) } else { 1.0 },
            draws: self.draw(history, &p_alive_drawn),
            p_alive_drawn: p_alive_drawn.iter().sum::<f64>() / p_alive_drawn.len().max(1) as f64,
        }
    }

    /// Draws what customers with these purchase times may bring over the horizon, if they still buy.
    ///
    /// Only outcomes of customers who still buy are drawn; those who have stopped bring nothing with the known rest of the
    /// probability. Draws take turns among the drawn parameters, as often as each lets the customer still buy.
    fn draw(&self, history: &History, p_alive: &[f64]) -> Vec<Draw> {
        let sum: f64 = p_alive.iter().sum();
        let mean = sum / p_alive.len().max(1) as f64;
        if p_alive.is_empty() || mean <= self.tail() {
            return Vec::new();
        }
        let key = history.t.to_bits() ^ history.t_x.to_bits().rotate_left(21);
        let mut rng = Rng::for_item(self.terms.seed, key ^ u64::from(history.x));
        let (mut outlook, mut upto) = (0, p_alive[0]);
        let mut draws = Vec::with_capacity(self.terms.n_draws);
        for k in 0..self.terms.n_draws {
            let at = (k as f64 + 0.5) / self.terms.n_draws as f64 * sum;
            while upto < at && outlook + 1 < p_alive.len() {
                outlook += 1;
                upto += p_alive[outlook];
            }
            let (timing, spend) = &self.outlooks[outlook];
            let n = timing.draw_if_alive(history, self.horizon, &mut rng);
            let multiple = if n > 0 { spend.draw(history.n_spend, n, &mut rng) } else { 0.0 };
            draws.push(Draw { outlook, multiple });
        }
        draws
    }

    /// Finds the interval of what one customer brings, before margin and discount.
    fn interval(&self, history: &History, shared: &Shared, outcomes: &mut Vec<f64>) -> (f64, f64) {
        if shared.draws.is_empty() {
            return (0.0, 0.0);
        }
        let scales = self.outlooks.iter().map(|(_, spend)| spend.scale(history));
        outcomes.clear();
        outcomes.extend(scales);
        let n_scales = outcomes.len();
        for draw in &shared.draws {
            outcomes.push(finite(draw.multiple * outcomes[draw.outlook]));
        }
        let drawn = &mut outcomes[n_scales..];
        let p_alive = shared.p_alive_drawn;
        let mut at = |share: f64| match (share - (1.0 - p_alive)) / p_alive {
            within if within > 0.0 => quantile(drawn, within),
            _ => 0.0,
        };
        (at(self.tail()), at(1.0 - self.tail()))
    }

    /// Share of outcomes on each side of the interval.
    fn tail(&self) -> f64 {
        0.5 * (1.0 - self.terms.level.clamp(0.0, 1.0))
    }
}

/// One outcome: which drawn parameters it comes from, and the multiple of their spend scale that it brings.
struct Draw {
    outlook: usize,
    multiple: f64,
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
