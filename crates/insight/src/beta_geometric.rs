//! What BG/NBD and MBG/NBD share: they differ only in whether the first purchase can be the last.

use crate::fit::{self, Fit, digamma_rise};
use crate::groups::{self, Group};
use crate::special::{ln_gamma, ln_rising};
use crate::{History, Refusal};

/// Parameters of either model; `shift` is 0 for BG/NBD and 1 for MBG/NBD.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct BetaGeometric {
    pub(crate) r: f64,
    pub(crate) alpha: f64,
    pub(crate) a: f64,
    pub(crate) b: f64,
    pub(crate) shift: f64,
}

impl BetaGeometric {
    fn from_logs(p: &[f64; 4], shift: f64) -> Self {
        let [r, alpha, a, b] = p.map(f64::exp);
        BetaGeometric { r, alpha, a, b, shift }
    }

    /// Log-odds of having stopped right after the last purchase against still buying; minus infinity where impossible.
    fn log_odds_stopped(&self, x: f64, t_x: f64, t: f64) -> f64 {
        if x + self.shift < 1.0 {
            return f64::NEG_INFINITY;
        }
        (self.a / (self.b + x + self.shift - 1.0)).ln()
            + (self.r + x) * ((self.alpha + t) / (self.alpha + t_x)).ln()
    }

    pub(crate) fn p_alive(&self, history: &History) -> f64 {
        1.0 / (1.0 + self.log_odds_stopped(f64::from(history.x), history.t_x, history.t).exp())
    }

    /// Expected purchases in the next `horizon` by a customer who still buys.
    ///
    /// The published formula has a factor `1 / (a - 1)` and a hypergeometric function of large parameters. Applying the Euler
    /// transformation and cancelling both by hand leaves terms that neither overflow nor divide by zero at `a = 1`.
    pub(crate) fn expected_if_alive(&self, x: f64, t: f64, horizon: f64) -> f64 {
        if horizon <= 0.0 {
            return 0.0;
        }
        let (a, b) = (self.a, self.b + self.shift);
        let z = horizon / (self.alpha + t + horizon);
        let log_rest = -(horizon / (self.alpha + t)).ln_1p();
        let e = a - 1.0;
        let c = a + b + x - 1.0;
        // (1 - (1 - z)^e) / e, which tends to -ln(1 - z).
        let power = if (e * log_rest).abs() < 1e-12 { log_rest } else { (e * log_rest).exp_m1() / e };
        // c / e * (2F1(a + b - 1 - r, e; c; z) - 1), term by term.
        let first = a + b - 1.0 - self.r;
        if first < -3.0 || a > 20.0 {
            // There the series alternates or its factors leave the range of numbers.
            return self.expected_by_count(self.r + x, a, b + x, horizon / (self.alpha + t));
        }
        let mut term = first * z;
        let mut sum = term;
        for n in 1..200_000u32 {
            let n = f64::from(n);
            let ratio = (first + n) * (e + n) / ((c + n) * (n + 1.0)) * z;
            term *= ratio;
            sum += term;
            if term.abs() * z <= 1e-15 * (1.0 - z) * sum.abs().max(1e-300) && n > -first {
                break;
            }
        }
        (-c * power - (e * log_rest).exp() * sum).max(0.0)
    }

    /// The same expectation as a sum over the number of purchases that there would be without stopping.
    ///
    /// That number is negative binomial with shape `k` and odds `y`; of `n` purchases the `j`-th happens if none before it was
    /// the last. All terms are positive. As many terms as purchases, so it is kept for the rare parameters that need it.
    fn expected_by_count(&self, k: f64, a: f64, b: f64, y: f64) -> f64 {
        const MOST: f64 = 1e6;
        let mean = k * y;
        let spread = 12.0 * (mean * (1.0 + y)).sqrt() + 40.0 * (1.0 + y);
        let from = (mean - spread).clamp(0.0, MOST).floor();
        let upto = (mean + spread).min(MOST).ceil();
        let log_z = -(1.0 / y).ln_1p();
        let mut weight = (ln_rising(k, from) - ln_gamma(from + 1.0) + from * log_z - k * y.ln_1p()).exp();
        let (mut happens, mut happened, mut j) = (1.0, 0.0, 0.0);
        let (mut sum, mut weights) = (0.0, 0.0);
        while j <= upto {
            if j >= from {
                sum += weight * happened;
                weights += weight;
                weight *= (k + j) / (j + 1.0) * log_z.exp();
            }
            happened += happens;
            happens *= (b + j) / (a + b + j);
            j += 1.0;
        }
        // Far beyond any real base the window may miss the mass; the last sum is then as good a bound as any.
        if weights > 0.0 { sum / weights } else { happened }
    }

    /// Log-likelihood of all groups and its gradient in `(r, alpha, a, b)`.
    fn log_likelihood(&self, groups: &[Group], by_x: &[(f64, f64)]) -> [f64; 5] {
        let mut total = [0.0; 5];
        for &(x, n) in by_x {
            for (t, part) in total.iter_mut().zip(self.part_of_x(x)) {
                *t += n * part;
            }
        }
        let (r, alpha, a, b) = (self.r, self.alpha, self.a, self.b + self.shift);
        let bracket = groups::sum_groups::<5>(groups, |g, total| {
            let x = f64::from(g.x);
            let shape = r + x;
            let log_t = (g.t / alpha).ln_1p();
            let (mut ll, mut w, mut log_x) = (-shape * log_t, 0.0, 0.0);
            if x + self.shift >= 1.0 {
                log_x = (g.t_x / alpha).ln_1p();
                let odds = (a / (b + x - 1.0)).ln() + shape * (log_t - log_x);
                let e = (-odds.abs()).exp();
                ll += odds.max(0.0) + e.ln_1p();
                w = if odds > 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) };
                total[3] += g.n * w / a;
                total[4] -= g.n * w / (b + x - 1.0);
            }
            // Of alpha, after the r / alpha of the whole is taken in: exact when r and alpha grow together without end.
            let of_alpha = |y: f64| (r * y - x * alpha) / (alpha * (alpha + y));
            total[0] += g.n * ll;
            total[1] -= g.n * ((1.0 - w) * log_t + w * log_x);
            total[2] += g.n * ((1.0 - w) * of_alpha(g.t) + w * of_alpha(g.t_x));
        });
        for (t, part) in total.iter_mut().zip(bracket) {
            *t += part;
        }
        total
    }

    /// The part of a customer's log-likelihood that depends on `x` alone, with its gradient apart from that in `alpha`.
    fn part_of_x(&self, x: f64) -> [f64; 5] {
        let (r, alpha, a, b) = (self.r, self.alpha, self.a, self.b);
        let rate = ln_rising(r, x) - x * alpha.ln();
        // ln B(a, b + k) - ln B(a, b), where k counts the chances of stopping that were not taken.
        let k = x + self.shift;
        let stay = ln_rising(b, k) - ln_rising(a + b, k);
        let stay_ab = digamma_rise(a + b, k);
        [rate + stay, digamma_rise(r, x), 0.0, -stay_ab, digamma_rise(b, k) - stay_ab]
    }
}

/// Fits either model.
pub(crate) fn fit(histories: &[History], shift: f64) -> Result<(BetaGeometric, Fit), Refusal> {
    groups::check(histories)?;
    let mut whole = groups::groups(histories);
    let scale = groups::time_scale(&whole);
    for group in &mut whole {
        group.t_x *= scale;
        group.t *= scale;
    }
    let sample = groups::thinned(&whole, 20_000);
    let objective = |groups: &[Group], by_x: &[(f64, f64)], p: &[f64; 4]| {
        let n: f64 = by_x.iter().map(|(_, n)| n).sum();
        let model = BetaGeometric::from_logs(p, shift);
        let [ll, r, alpha, a, b] = model.log_likelihood(groups, by_x);
        (-ll / n, [-r * model.r / n, -alpha * model.alpha / n, -a * model.a / n, -b * model.b / n])
    };
    let (whole_by_x, sample_by_x) = (groups::counts_by_x(&whole), groups::counts_by_x(&sample));
    let starts = [[0.0, 0.0, 0.0, 0.5], [-1.0, 0.0, -1.0, 1.5], [1.0, 1.5, -1.5, 0.0]];
    let on_whole = |p: &[f64; 4]| objective(&whole, &whole_by_x, p);
    let on_sample = |p: &[f64; 4]| objective(&sample, &sample_by_x, p);
    let (end, covariance) = fit::maximise(&on_sample, &on_whole, &starts)?;
    let n_repeat: f64 = histories.iter().map(|h| f64::from(h.x)).sum();
    let log_likelihood = -end.value * histories.len() as f64 + n_repeat * scale.ln();
    let log_scale = [0.0, -scale.ln(), 0.0, 0.0];
    let fit =
        fit::report(["r", "alpha", "a", "b"], log_scale, &end, &covariance, histories.len(), log_likelihood);
    let p = std::array::from_fn(|i| end.at[i] + log_scale[i]);
    Ok((BetaGeometric::from_logs(&p, shift), fit))
}

/// Log-likelihood of the histories at given parameters.
pub(crate) fn log_likelihood(model: &BetaGeometric, histories: &[History]) -> f64 {
    let groups = groups::groups(histories);
    model.log_likelihood(&groups, &groups::counts_by_x(&groups))[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_to_the_expectation_agree() {
        for (r, alpha, a, b) in
            [(0.24, 4.4, 0.79, 2.4), (2.0, 8.0, 1.0, 1.5), (0.6, 0.5, 12.0, 9.0), (0.9, 3.0, 0.2, 0.3)]
        {
            let model = BetaGeometric { r, alpha, a, b, shift: 0.0 };
            for (x, t, horizon) in [(0.0, 0.0, 1.0), (1.0, 20.0, 52.0), (9.0, 5.0, 13.0), (150.0, 60.0, 52.0)]
            {
                let series = model.expected_if_alive(x, t, horizon);
                let count = model.expected_by_count(r + x, a, b + x, horizon / (alpha + t));
                assert!((series / count - 1.0).abs() < 1e-9, "{model:?} {x} {t} {horizon}: {series} {count}");
            }
        }
    }
}
