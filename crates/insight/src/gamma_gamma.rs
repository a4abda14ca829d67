//! Gamma-Gamma: how much each customer spends per purchase, shrunk towards everybody else.

use crate::fit::{self, Fit};
use crate::special::{digamma, ln_gamma};
use crate::{History, Refusal, parallel};

/// Customers with a repeat spend below which the model is not fitted.
const MIN_SPENDERS: usize = 20;

/// A fitted Gamma-Gamma model of spend per purchase.
///
/// A customer's purchases are gamma distributed with shape `p` and a rate of their own, which is gamma distributed over
/// customers with shape `q` and rate `gamma`. Assumes that spend does not depend on frequency: see [`correlation`].
///
/// *Source*: Colombo & Jiang (1999), Journal of Interactive Marketing 13(4); Fader & Hardie (2013), note 025.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GammaGamma {
    /// Shape of the purchases of one customer.
    pub p: f64,
    /// Shape of the customers' rates; above 1 in every accepted fit, so that a mean exists.
    pub q: f64,
    /// Scale of the customers' rates. *Units*: major units of money.
    pub gamma: f64,
}

impl GammaGamma {
    /// Fits the model by maximum likelihood to customers with at least one positive repeat spend.
    ///
    /// *Errors*: too few such customers, all alike, no convergence, or a fit whose mean spend does not exist or is far from
    /// the observed one (a few enormous purchases).
    pub fn fit(histories: &[History]) -> Result<(GammaGamma, Fit), Refusal> {
        let rows: Vec<(f64, f64)> = spenders(histories);
        if rows.len() < MIN_SPENDERS {
            let what = "customers with a repeat purchase";
            return Err(Refusal::TooFew { what, need: MIN_SPENDERS, have: rows.len() });
        }
        if rows.iter().all(|row| row.1 == rows[0].1) {
            return Err(Refusal::AllAlike);
        }
        let n = rows.len() as f64;
        let mean = rows.iter().map(|row| row.1 / n).sum::<f64>();
        // The geometric mean as the unit of money: unlike the mean it does not follow one enormous purchase.
        let unit = (rows.iter().map(|row| row.1.ln()).sum::<f64>() / n).exp();
        let scaled: Vec<(f64, f64)> = rows.iter().map(|row| (row.0, row.1 / unit)).collect();
        let whole = Sums::of(scaled);
        let sample = Sums::of(whole.thinned(20_000));
        let starts = [[1.0, 1.0, 1.0], [0.0, 0.5, 0.5], [2.0, 1.5, 0.0]];
        let (end, covariance) = fit::maximise(&|l| sample.objective(l), &|l| whole.objective(l), &starts)?;
        let log_likelihood = -end.value * n - n * unit.ln();
        let log_scale = [0.0, 0.0, unit.ln()];
        let fit = fit::report(["p", "q", "gamma"], log_scale, &end, &covariance, rows.len(), log_likelihood);
        let model = GammaGamma::from_params(std::array::from_fn(|i| fit.params[i].1));
        if model.q <= 1.0 || model.population_mean() > 5.0 * mean || !model.population_mean().is_finite() {
            return Err(Refusal::Implausible {
                why: "a few enormous purchases leave the mean spend undefined",
            });
        }
        Ok((model, fit))
    }

    /// Makes the model from parameters in the order `p`, `q`, `gamma`.
    pub fn from_params(p: [f64; 3]) -> GammaGamma {
        GammaGamma { p: p[0], q: p[1], gamma: p[2] }
    }

    /// Computes the log-likelihood of the mean spends of all customers who have one.
    pub fn log_likelihood(&self, histories: &[History]) -> f64 {
        Sums::of(spenders(histories)).value_and_gradient(self)[0]
    }

    /// Gives the mean spend per purchase over all customers.
    pub fn population_mean(&self) -> f64 {
        self.p * self.gamma / (self.q - 1.0)
    }

    /// Gives the expected spend per purchase of one customer; the population's when there is no repeat spend.
    ///
    /// *Units*: major units.
    pub fn expected_spend(&self, history: &History) -> f64 {
        let x = f64::from(history.n_spend);
        // The weights sum to one: an own mean and the population's, without overflow for huge spends.
        let own = self.p * x / (self.p * x + self.q - 1.0);
        if x == 0.0 {
            self.population_mean()
        } else {
            own * history.mean_spend + (1.0 - own) * self.population_mean()
        }
    }
}

/// Computes the correlation between the number of repeat purchases and their mean spend; near zero where the model holds.
///
/// None when there are fewer than two customers with a repeat spend, or no variation.
pub fn correlation(histories: &[History]) -> Option<f64> {
    let rows = spenders(histories);
    let n = rows.len() as f64;
    let (mx, mz) = (rows.iter().map(|r| r.0 / n).sum::<f64>(), rows.iter().map(|r| r.1 / n).sum::<f64>());
    let (mut xx, mut zz, mut xz) = (0.0, 0.0, 0.0);
    for (x, z) in &rows {
        let (dx, dz) = (x - mx, (z - mz) / mz);
        xx += dx * dx;
        zz += dz * dz;
        xz += dx * dz;
    }
    let r = xz / (xx * zz).sqrt();
    r.is_finite().then_some(r)
}

fn spenders(histories: &[History]) -> Vec<(f64, f64)> {
    let mut rows: Vec<(f64, f64)> = Vec::new();
    for h in histories {
        if h.n_spend > 0 && h.mean_spend > 0.0 && h.mean_spend.is_finite() {
            rows.push((f64::from(h.n_spend), h.mean_spend));
        }
    }
    rows.sort_unstable_by(|l, r| l.0.total_cmp(&r.0).then(l.1.total_cmp(&r.1)));
    rows
}

/// Spend rows with the sums that no parameter changes.
struct Sums {
    rows: Vec<(f64, f64)>,
    by_x: Vec<(f64, f64)>,
    n: f64,
    ln_z: f64,
    x_ln_xz: f64,
}

impl Sums {
    /// Takes rows sorted by number of purchases.
    fn of(rows: Vec<(f64, f64)>) -> Sums {
        let mut by_x: Vec<(f64, f64)> = Vec::new();
        let (mut ln_z, mut x_ln_xz) = (0.0, 0.0);
        for &(x, z) in &rows {
            match by_x.last_mut() {
                Some(last) if last.0 == x => last.1 += 1.0,
                _ => by_x.push((x, 1.0)),
            }
            ln_z += z.ln();
            x_ln_xz += x * (x * z).ln();
        }
        Sums { n: rows.len() as f64, rows, by_x, ln_z, x_ln_xz }
    }

    fn thinned(&self, n: usize) -> Vec<(f64, f64)> {
        let step = self.rows.len().div_ceil(n).max(1);
        self.rows.iter().skip(step / 2).step_by(step).copied().collect()
    }

    fn objective(&self, logs: &[f64; 3]) -> (f64, [f64; 3]) {
        let model = GammaGamma::from_params(logs.map(f64::exp));
        let [ll, p, q, gamma] = self.value_and_gradient(&model);
        (-ll / self.n, [-p * model.p / self.n, -q * model.q / self.n, -gamma * model.gamma / self.n])
    }

    /// Log-likelihood and its gradient in `(p, q, gamma)`.
    fn value_and_gradient(&self, model: &GammaGamma) -> [f64; 4] {
        let GammaGamma { p, q, gamma } = *model;
        let fixed = self.n * (q * gamma.ln() - ln_gamma(q));
        let mut total = [
            fixed + p * self.x_ln_xz - self.ln_z,
            self.x_ln_xz,
            self.n * (gamma.ln() - digamma(q)),
            self.n * q / gamma,
        ];
        for &(x, n) in &self.by_x {
            let sum = digamma(p * x + q);
            total[0] += n * (ln_gamma(p * x + q) - ln_gamma(p * x));
            total[1] += n * x * (sum - digamma(p * x));
            total[2] += n * sum;
        }
        let rest = parallel::sum::<4>(self.rows.len(), |range| {
            let mut total = [0.0; 4];
            for &(x, z) in &self.rows[range] {
                let rate = gamma + x * z;
                let (log, shape) = (rate.ln(), p * x + q);
                total[0] -= shape * log;
                total[1] -= x * log;
                total[2] -= log;
                total[3] -= shape / rate;
            }
            total
        });
        for (t, part) in total.iter_mut().zip(rest) {
            *t += part;
        }
        total
    }
}
