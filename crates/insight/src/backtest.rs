//! How well a model would have predicted the last months, had it been used then.

use crate::gamma_gamma::GammaGamma;
use crate::pooled::Pooled;
use crate::rfm;
use crate::spend::Spend;
use crate::summary::{self, Histories, Purchases};
use crate::timing::Timing;
use crate::value::{self, Source, Terms, Values};
use crate::{Refusal, Unit};

/// Customers on whom the coverage of intervals is checked: enough to know it to a percent.
const COVERAGE_SAMPLE: usize = 20_000;

/// Errors of predicted against actual purchases of the hold-out period, over all customers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Errors {
    /// Purchases that were predicted.
    pub predicted_total: f64,
    /// Purchases that happened.
    pub actual_total: f64,
    /// Predicted over actual minus one: the error in level; 0 when nothing happened.
    pub bias: f64,
    /// Mean absolute error per customer.
    pub mae: f64,
    /// Root of the mean squared error per customer.
    pub rmse: f64,
    /// Mean Poisson deviance per customer: the smaller the better; punishes wrong levels as well as wrong order.
    pub deviance: f64,
    /// Rank correlation of predicted and actual, between -1 and 1; 0 when one of them does not vary.
    pub spearman: f64,
    /// Share of the actual purchases that the predicted best tenth of customers made.
    pub top_decile_share: f64,
}

/// Predicted against actual for customers with the same number of repeat purchases before the split.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CalibrationRow {
    /// Repeat purchases before the split; the last row stands for that many or more.
    pub x: u32,
    /// Customers in the row.
    pub n_customers: usize,
    /// Mean predicted purchases.
    pub predicted: f64,
    /// Mean actual purchases.
    pub actual: f64,
}

/// Predicted against actual revenue of the hold-out period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Revenue {
    /// Revenue that was predicted. *Units*: major units.
    pub predicted: f64,
    /// Revenue that came, returns deducted. *Units*: major units.
    pub actual: f64,
    /// Predicted over actual minus one; 0 when nothing came.
    pub bias: f64,
    /// Share of customers whose actual revenue fell within their interval.
    pub coverage: f64,
    /// The same among the predicted best tenth, where intervals are hardest.
    pub coverage_top_decile: f64,
    /// Share of customers that the intervals promised to hold.
    pub level: f64,
}

/// A back-test: fitted on everything up to a day, judged by what came after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Backtest {
    /// Last day the model was allowed to see.
    pub split_on: i32,
    /// Length of the hold-out period. *Units*: days.
    pub holdout_days: i32,
    /// Customers known at the split.
    pub n_customers: usize,
    /// Errors of the model.
    pub model: Errors,
    /// Errors of the baseline: everybody goes on at their own past rate.
    pub baseline: Errors,
    /// Calibration by number of repeat purchases: 0, 1, … 6, 7 and more; rows without customers are left out.
    pub calibration: Vec<CalibrationRow>,
    /// Revenue against its prediction.
    pub revenue: Revenue,
}

/// Purchases before a day, and what the same customers did after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// Histories up to the split.
    pub before: Histories,
    /// Purchase days of each customer after the split.
    pub n_after: Vec<f64>,
    /// Revenue of each customer after the split, returns deducted. *Units*: major units.
    pub revenue_after: Vec<f64>,
    /// Length of the hold-out period. *Units*: days.
    pub holdout_days: i32,
}

/// Splits purchases at `holdout_days` before `as_of`; customers who first bought later are left out.
pub fn split(purchases: &Purchases<'_>, as_of: i32, holdout_days: i32, unit: Unit) -> Split {
    let after = summary::histories(purchases, as_of, unit);
    split_against(purchases, &after, holdout_days)
}

/// Splits purchases whose histories up to the end are already known.
pub(crate) fn split_against(purchases: &Purchases<'_>, after: &Histories, holdout_days: i32) -> Split {
    let before = summary::histories(purchases, after.as_of.saturating_sub(holdout_days), after.unit);
    let mut n_after = Vec::with_capacity(before.rows.len());
    let mut revenue_after = Vec::with_capacity(before.rows.len());
    let mut end = 0;
    for (customer, row) in before.customers.iter().zip(&before.rows) {
        while after.customers[end] != *customer {
            end += 1;
        }
        n_after.push(f64::from(after.rows[end].n_orders - row.n_orders));
        revenue_after.push(after.rows[end].total - row.total);
    }
    Split { before, n_after, revenue_after, holdout_days }
}

/// Back-tests the model of that name (see [`crate::timing::MODELS`], or `pooled`) on a split.
///
/// Spend comes from Gamma-Gamma, or the pooled mean where that refuses. Values are not discounted and count revenue.
///
/// *Errors*: those of the fit on the purchases before the split; too few when nobody had bought by then.
pub fn backtest(name: &str, split: &Split, terms: &Terms) -> Result<Backtest, Refusal> {
    let rows = &split.before.rows;
    if rows.is_empty() {
        return Err(Refusal::TooFew { what: "customers before the split", need: 1, have: 0 });
    }
    let pooled = Pooled::of(rows);
    let (timing, timing_fit) = match name {
        "pooled" => (Timing::Pooled(pooled), None),
        _ => Timing::fit(name, rows).map(|(model, fit)| (model, Some(fit)))?,
    };
    let (spend, spend_fit) = match GammaGamma::fit(rows) {
        Ok((model, fit)) => (Spend::GammaGamma(model), Some(fit)),
        Err(_) => (Spend::Pooled(pooled), None),
    };
    let days = f64::from(split.holdout_days);
    let terms = Terms { horizon_days: days, purchases_days: days, discount_yearly: 0.0, ..*terms };
    let timing = Source { model: &timing, fit: timing_fit.as_ref() };
    let spend = Source { model: &spend, fit: spend_fit.as_ref() };
    let values = value::values(&split.before, timing, spend, &[], &Terms { n_draws: 0, ..terms });
    let horizon = days / split.before.unit.days();
    // Whoever first bought on the day of the split has no rate yet; a day of age keeps the baseline defined.
    let one_day = 1.0 / split.before.unit.days();
    let own_rate: Vec<f64> = rows.iter().map(|h| f64::from(h.x) / h.t.max(one_day) * horizon).collect();
    Ok(Backtest {
        split_on: split.before.as_of,
        holdout_days: split.holdout_days,
        n_customers: rows.len(),
        model: errors(&values.expected_purchases, &split.n_after),
        baseline: errors(&own_rate, &split.n_after),
        calibration: calibration(split, &values.expected_purchases),
        revenue: revenue(
            split,
            &values,
            |before| value::values(before, timing, spend, &[], &terms),
            terms.level,
        ),
    })
}

/// Compares predicted with actual counts, one of each per customer.
pub fn errors(predicted: &[f64], actual: &[f64]) -> Errors {
    let n = predicted.len().max(1) as f64;
    let (mut predicted_total, mut actual_total) = (0.0, 0.0);
    let (mut absolute, mut squared, mut deviance) = (0.0, 0.0, 0.0);
    for (&p, &a) in predicted.iter().zip(actual) {
        predicted_total += p;
        actual_total += a;
        absolute += (p - a).abs();
        squared += (p - a) * (p - a);
        // A prediction of exactly zero that comes out wrong would cost infinitely much.
        let p = p.max(1e-4);
        deviance += 2.0 * (if a > 0.0 { a * (a / p).ln() } else { 0.0 } - (a - p));
    }
    let top = best_tenth(predicted);
    let captured: f64 = top.iter().map(|&i| actual[i]).sum();
    Errors {
        predicted_total,
        actual_total,
        bias: ratio(predicted_total, actual_total) - if actual_total > 0.0 { 1.0 } else { 0.0 },
        mae: absolute / n,
        rmse: (squared / n).sqrt(),
        deviance: deviance / n,
        spearman: spearman(predicted, actual),
        top_decile_share: ratio(captured, actual_total),
    }
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// Indexes of the tenth of customers with the highest prediction; ties in order of the rows.
fn best_tenth(predicted: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..predicted.len()).collect();
    order.sort_unstable_by(|&l, &r| predicted[r].total_cmp(&predicted[l]).then(l.cmp(&r)));
    order.truncate(predicted.len().div_ceil(10));
    order
}

/// Computes Spearman's rank correlation with mean ranks for ties; 0 when one column does not vary.
pub fn spearman(left: &[f64], right: &[f64]) -> f64 {
    let (left, right) = (ranks(left), ranks(right));
    let n = left.len() as f64;
    let mean = (n - 1.0) / 2.0;
    let (mut ll, mut rr, mut lr) = (0.0, 0.0, 0.0);
    for (l, r) in left.iter().zip(&right) {
        ll += (l - mean) * (l - mean);
        rr += (r - mean) * (r - mean);
        lr += (l - mean) * (r - mean);
    }
    if ll > 0.0 && rr > 0.0 { lr / (ll * rr).sqrt() } else { 0.0 }
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|&l, &r| values[l].total_cmp(&values[r]));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    for tied in order.chunk_by(|&l, &r| values[l] == values[r]) {
        let rank = start as f64 + (tied.len() - 1) as f64 / 2.0;
        for &i in tied {
            ranks[i] = rank;
        }
        start += tied.len();
    }
    ranks
}

fn calibration(split: &Split, predicted: &[f64]) -> Vec<CalibrationRow> {
    const LAST: u32 = 7;
    let mut rows: Vec<CalibrationRow> =
        (0..=LAST).map(|x| CalibrationRow { x, n_customers: 0, predicted: 0.0, actual: 0.0 }).collect();
    for (i, history) in split.before.rows.iter().enumerate() {
        let row = &mut rows[history.x.min(LAST) as usize];
        row.n_customers += 1;
        row.predicted += predicted[i];
        row.actual += split.n_after[i];
    }
    rows.retain(|row| row.n_customers > 0);
    for row in &mut rows {
        row.predicted /= row.n_customers as f64;
        row.actual /= row.n_customers as f64;
    }
    rows
}

/// Compares revenue, and checks intervals on an even sample of customers and of their predicted best tenth.
fn revenue(
    split: &Split,
    values: &Values,
    with_intervals: impl Fn(&Histories) -> Values,
    level: f64,
) -> Revenue {
    let actual: f64 = split.revenue_after.iter().sum();
    let predicted: f64 = values.lifetime_value.iter().sum();
    let coverage = |of: &[usize]| {
        let step = of.len().div_ceil(COVERAGE_SAMPLE).max(1);
        let sample: Vec<usize> = of.iter().copied().step_by(step).collect();
        let values = with_intervals(&Histories {
            customers: sample.iter().map(|&i| split.before.customers[i]).collect(),
            rows: sample.iter().map(|&i| split.before.rows[i]).collect(),
            ..split.before
        });
        let mut n_held = 0usize;
        for (k, &i) in sample.iter().enumerate() {
            let actual = split.revenue_after[i].max(0.0);
            // Half a cent of slack: sums of money in binary do not meet their bounds exactly.
            n_held += usize::from(actual >= values.low[k] - 0.005 && actual <= values.high[k] + 0.005);
        }
        n_held as f64 / sample.len().max(1) as f64
    };
    let everybody: Vec<usize> = (0..split.before.rows.len()).collect();
    Revenue {
        predicted,
        actual,
        bias: ratio(predicted, actual) - if actual > 0.0 { 1.0 } else { 0.0 },
        coverage: coverage(&everybody),
        coverage_top_decile: coverage(&best_tenth(&values.lifetime_value)),
        level,
    }
}

/// How often the customers of each recency, frequency and monetary score bought after the split; none where nobody has
/// the score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BuyRate {
    /// The score, 1 to 5.
    pub score: u8,
    /// Share that bought again by recency score, between 0 and 1.
    pub recency: Option<f64>,
    /// Share that bought again by frequency score, between 0 and 1.
    pub frequency: Option<f64>,
    /// Share that bought again by monetary score, between 0 and 1.
    pub monetary: Option<f64>,
}

/// Back-tests the scores of [`rfm::rfm`]: how many of each score bought again after the split.
///
/// *Shape*: five rows, score 1 first.
pub fn buy_rates(split: &Split) -> Vec<BuyRate> {
    let scores = rfm::rfm(&split.before);
    let rate = |column: &[u8], score: u8| {
        let (mut n, mut n_bought) = (0usize, 0usize);
        for (s, after) in column.iter().zip(&split.n_after) {
            if *s == score {
                n += 1;
                n_bought += usize::from(*after > 0.0);
            }
        }
        (n > 0).then(|| n_bought as f64 / n as f64)
    };
    let mut rows = Vec::with_capacity(5);
    for score in 1..=5 {
        rows.push(BuyRate {
            score,
            recency: rate(&scores.recency, score),
            frequency: rate(&scores.frequency, score),
            monetary: rate(&scores.monetary, score),
        });
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_a_small_table_are_those_by_hand() {
        let errors = errors(&[1.0, 0.5, 2.0, 0.5], &[1.0, 0.0, 4.0, 1.0]);
        assert_eq!((errors.predicted_total, errors.actual_total), (4.0, 6.0));
        assert!((errors.bias + 1.0 / 3.0).abs() < 1e-12);
        assert_eq!((errors.mae, errors.rmse), (0.75, (4.5f64 / 4.0).sqrt()));
        assert!((errors.top_decile_share - 4.0 / 6.0).abs() < 1e-12);
    }

    #[test]
    fn rank_correlation_keeps_ties_together() {
        assert!((spearman(&[1.0, 2.0, 3.0], &[10.0, 20.0, 90.0]) - 1.0).abs() < 1e-12);
        assert!((spearman(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]) + 1.0).abs() < 1e-12);
        assert_eq!(spearman(&[1.0, 1.0], &[1.0, 2.0]), 0.0);
    }

    #[test]
    fn the_split_hides_the_hold_out_period() {
        let (customer, day, amount) = ([1, 1, 1, 2, 3], [0, 10, 95, 20, 99], [5.0, 6.0, 7.0, 8.0, 9.0]);
        let purchases = Purchases::new(&customer, &day, &amount).expect("columns are equal");
        let split = split(&purchases, 100, 30, Unit::Day);
        assert_eq!(split.before.customers, [1, 2]);
        assert_eq!((split.n_after, split.revenue_after), (vec![1.0, 0.0], vec![7.0, 0.0]));
    }
}
