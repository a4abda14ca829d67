//! Pareto/NBD: random buying until an unseen moment at which the customer stops.

use std::sync::OnceLock;

use crate::fit::{self, Fit, digamma_rise};
use crate::groups::{self, Group};
use crate::special::{gauss_legendre, ln_rising};
use crate::{History, Refusal};

/// A fitted Pareto/NBD model; scale parameters are in the unit of the histories it was fitted to.
///
/// While active a customer buys at random with a rate of their own, gamma distributed over customers with shape `r` and
/// rate `alpha`; the time until they stop is exponential with a rate of their own, gamma distributed with shape `s` and rate
/// `beta`.
///
/// *Source*: Schmittlein, Morrison & Colombo (1987), "Counting your customers", Management Science 33(1); Fader & Hardie,
/// note 009.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParetoNbd {
    /// Shape of the purchase rates.
    pub r: f64,
    /// Scale of the purchase rates. *Units*: the unit of the histories.
    pub alpha: f64,
    /// Shape of the rates of stopping.
    pub s: f64,
    /// Scale of the rates of stopping. *Units*: the unit of the histories.
    pub beta: f64,
}

impl ParetoNbd {
    /// Fits the model by maximum likelihood.
    ///
    /// *Errors*: too few customers or repeat buyers, no repeat at all, all alike, no convergence.
    pub fn fit(histories: &[History]) -> Result<(ParetoNbd, Fit), Refusal> {
        groups::check(histories)?;
        let mut whole = groups::groups(histories);
        let scale = groups::time_scale(&whole);
        for group in &mut whole {
            group.t_x *= scale;
            group.t *= scale;
        }
        let sample = groups::thinned(&whole, 8_000);
        let objective = |groups: &[Group], by_x: &[(f64, f64)], p: &[f64; 4]| {
            let n: f64 = by_x.iter().map(|(_, n)| n).sum();
            let model = ParetoNbd::from_params(p.map(f64::exp));
            let [ll, r, alpha, s, beta] = model.sum(groups, by_x);
            (-ll / n, [-r * model.r / n, -alpha * model.alpha / n, -s * model.s / n, -beta * model.beta / n])
        };
        let (whole_by_x, sample_by_x) = (groups::counts_by_x(&whole), groups::counts_by_x(&sample));
        let starts = [[0.0, 0.0, 0.0, 0.5], [-0.5, 1.0, -0.5, 1.0], [0.5, 1.5, -1.0, -0.5]];
        let on_whole = |p: &[f64; 4]| objective(&whole, &whole_by_x, p);
        let on_sample = |p: &[f64; 4]| objective(&sample, &sample_by_x, p);
        let (end, covariance) = fit::maximise(&on_sample, &on_whole, &starts)?;
        let n_repeat: f64 = histories.iter().map(|h| f64::from(h.x)).sum();
        let log_likelihood = -end.value * histories.len() as f64 + n_repeat * scale.ln();
        let log_scale = [0.0, -scale.ln(), 0.0, -scale.ln()];
        let names = ["r", "alpha", "s", "beta"];
        let fit = fit::report(names, log_scale, &end, &covariance, histories.len(), log_likelihood);
        Ok((ParetoNbd::from_params(std::array::from_fn(|i| fit.params[i].1)), fit))
    }

    /// Makes the model from parameters in the order `r`, `alpha`, `s`, `beta`.
    pub fn from_params(p: [f64; 4]) -> ParetoNbd {
        ParetoNbd { r: p[0], alpha: p[1], s: p[2], beta: p[3] }
    }

    /// Computes the log-likelihood of the histories.
    pub fn log_likelihood(&self, histories: &[History]) -> f64 {
        let groups = groups::groups(histories);
        self.sum(&groups, &groups::counts_by_x(&groups))[0]
    }

    /// Gives the probability that a customer still buys, between 0 and 1.
    pub fn p_alive(&self, history: &History) -> f64 {
        let moments = self.stopped::<false>(f64::from(history.x), history.t_x, history.t);
        1.0 / (1.0 + moments.log_odds.exp())
    }

    /// Gives the expected number of purchases in the next `horizon`.
    ///
    /// *Units*: `horizon` in the unit of the histories.
    pub fn expected_purchases(&self, history: &History, horizon: f64) -> f64 {
        self.p_alive(history) * self.expected_if_alive(history, horizon)
    }

    /// Gives the expected number of purchases in the next `horizon` if the customer still buys.
    pub fn expected_if_alive(&self, history: &History, horizon: f64) -> f64 {
        if horizon <= 0.0 {
            return 0.0;
        }
        let base = self.beta + history.t;
        let log_rest = -(horizon / base).ln_1p();
        let e = self.s - 1.0;
        // (1 - rest^e) / e, which tends to -ln(rest) at s = 1.
        let time = if (e * log_rest).abs() < 1e-12 { -log_rest } else { -(e * log_rest).exp_m1() / e };
        (self.r + f64::from(history.x)) / (self.alpha + history.t) * base * time
    }

    /// Gives the discounted expected residual transactions: all future purchases, each worth less the later it comes.
    ///
    /// *Units*: `rate` is the continuous discount rate per unit of the histories, above zero.
    /// *Source*: Fader, Hardie & Lee (2005), "RFM and CLV", Journal of Marketing Research 42(4), by quadrature instead of the
    /// confluent hypergeometric function.
    pub fn discounted_residual(&self, history: &History, rate: f64) -> f64 {
        let base = self.beta + history.t;
        // u = exp(-rate * t) maps the future to (0, 1); panels narrow towards the far end, where the integrand is steep.
        let mut sum = 0.0;
        let mut high = 1.0f64;
        for _ in 0..60 {
            let low = high * 0.5;
            for (x, w) in gauss_legendre(16) {
                let u = low + (high - low) * x;
                let later = -u.ln() / rate;
                sum += w * (high - low) * (-self.s * (later / base).ln_1p()).exp();
            }
            high = low;
        }
        let per_time = (self.r + f64::from(history.x)) / (self.alpha + history.t);
        self.p_alive(history) * per_time * sum / rate
    }

    /// Log-likelihood of all groups and its gradient in `(r, alpha, s, beta)`.
    ///
    /// Written in ratios such as `ln(1 + t / beta)`, so that it stays exact when shape and scale grow together without end, as
    /// they do where customers hardly differ.
    fn sum(&self, groups: &[Group], by_x: &[(f64, f64)]) -> [f64; 5] {
        let ParetoNbd { r, alpha, s, beta } = *self;
        let mut total = [0.0; 5];
        for &(x, n) in by_x {
            total[0] += n * (ln_rising(r, x) - x * alpha.ln());
            total[1] += n * digamma_rise(r, x);
        }
        let bracket = groups::sum_groups::<5>(groups, |g, total| {
            let x = f64::from(g.x);
            let m = self.stopped::<true>(x, g.t_x, g.t);
            let (log_a, log_b) = ((g.t / alpha).ln_1p(), (g.t / beta).ln_1p());
            let e = (-m.log_odds.abs()).exp();
            let w = if m.log_odds > 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) };
            let v = 1.0 - w;
            total[0] += g.n * (-(r + x) * log_a - s * log_b + m.log_odds.max(0.0) + e.ln_1p());
            total[1] -= g.n * (v * log_a + w * m.log_alpha);
            total[2] += g.n * (v * (r * g.t - x * alpha) / (alpha + g.t) + w * m.of_alpha) / alpha;
            total[3] += g.n * (w / s - v * log_b - w * m.log_beta);
            total[4] += g.n * (v * s * g.t / (beta + g.t) + w * m.of_beta) / beta;
        });
        for (t, part) in total.iter_mut().zip(bracket) {
            *t += part;
        }
        total
    }

    /// Integrates over the moment at which the customer stopped, between the last purchase and now.
    ///
    /// The published form is a difference of two hypergeometric functions, which cancels and whose parameter derivatives have
    /// no closed form. The integral behind it,
    /// `s * integral of (alpha + y)^-(r + x) * (beta + y)^-(s + 1) over y from t_x to t`,
    /// is smooth in `v = ln(m + y)`, `m` the smaller of `alpha` and `beta`: Gauss-Legendre on that scale gives it to about
    /// twelve digits together with all moments that the gradient needs.
    fn stopped<const GRADIENT: bool>(&self, x: f64, t_x: f64, t: f64) -> Stopped {
        let ParetoNbd { r, alpha, s, beta } = *self;
        if t <= t_x {
            return Stopped { log_odds: f64::NEG_INFINITY, ..Stopped::default() };
        }
        let (k, l) = (r + x, s + 1.0);
        let start = alpha.min(beta) + t_x;
        let (a0, b0) = (alpha + t_x, beta + t_x);
        // How far the integrand, scaled to 1 at t_x, has fallen at v, as a logarithm.
        let fall = |v: f64| {
            let y = start * v.exp_m1();
            k * (y / a0).ln_1p() + l * (y / b0).ln_1p() - v
        };
        let whole = ((t - t_x) / start).ln_1p();
        let (upto, depth) = cut(whole, fall);
        let (log_a0, log_b0) = ((t_x / alpha).ln_1p(), (t_x / beta).ln_1p());
        let near_alpha = alpha <= beta;
        let far0 = if near_alpha { b0 } else { a0 };
        let mut sum = Stopped::default();
        let mut weight = 0.0;
        for &(node, w) in rule(upto, depth.abs()) {
            // `v` is the log-ratio of the nearer scale at y to that at t_x; the other needs a logarithm of its own.
            let v = upto * node;
            let later = start * v.exp_m1();
            let far = (later / far0).ln_1p();
            let (la, lb) = if near_alpha { (v, far) } else { (far, v) };
            let g = w * (v - k * la - l * lb).exp();
            weight += g;
            if GRADIENT {
                let y = t_x + later;
                sum.log_alpha += g * la;
                sum.log_beta += g * lb;
                sum.of_alpha += g * (r * y - x * alpha) / (alpha + y);
                sum.of_beta += g * (s * y - beta) / (beta + y);
            }
        }
        if GRADIENT {
            sum.log_alpha = sum.log_alpha / weight + log_a0;
            sum.log_beta = sum.log_beta / weight + log_b0;
            sum.of_alpha /= weight;
            sum.of_beta /= weight;
        }
        // dy = start * exp(v) dv.
        let (to_a, to_b) = (((t - t_x) / a0).ln_1p(), ((t - t_x) / b0).ln_1p());
        sum.log_odds = s.ln() + (weight * upto * start / b0).ln() + k * to_a + s * to_b;
        sum
    }
}

/// Means over the moment of stopping `y`, given that the customer has stopped, and the log-odds of that.
#[derive(Debug, Clone, Copy, Default)]
struct Stopped {
    log_odds: f64,
    /// Of `ln(1 + y / alpha)`.
    log_alpha: f64,
    /// Of `ln(1 + y / beta)`.
    log_beta: f64,
    /// Of `(r y - x alpha) / (alpha + y)`.
    of_alpha: f64,
    /// Of `(s y - beta) / (beta + y)`.
    of_beta: f64,
}

/// Shortens the interval to where the integrand has fallen below what rounding leaves of it; gives its fall there too.
fn cut(whole: f64, fall: impl Fn(f64) -> f64) -> (f64, f64) {
    let (mut upto, mut depth) = (whole, fall(whole));
    let (mut low, mut high) = (0.0, whole);
    for _ in 0..12 {
        if depth > 1.2 * DEEPEST {
            high = upto;
        } else if depth < DEEPEST && upto < whole {
            low = upto;
        } else {
            break;
        }
        // The fall is convex: a step along the chord stays on the safe side, halving bounds the worst case.
        let along = upto * 1.1 * DEEPEST / depth.max(1.0);
        upto = if along > low && along < high { along } else { 0.5 * (low + high) };
        depth = fall(upto);
    }
    (upto, depth)
}

/// Fall of the integrand, as a logarithm, at which it is cut off.
const DEEPEST: f64 = 34.0;

/// Picks the quadrature rule for an interval of length `upto` over which the integrand falls by `depth`.
fn rule(upto: f64, depth: f64) -> &'static [(f64, f64)] {
    static RULES: OnceLock<[Vec<(f64, f64)>; 4]> = OnceLock::new();
    let rules = RULES.get_or_init(|| [6, 10, 16, 32].map(gauss_legendre));
    if upto < 0.3 && depth < 1.0 {
        &rules[0]
    } else if upto < 1.2 && depth < 5.0 {
        &rules[1]
    } else if upto < 3.0 && depth < 14.0 {
        &rules[2]
    } else {
        &rules[3]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected values: adaptive quadrature in mpmath 1.4.1 with 30 digits.
    #[test]
    fn the_odds_of_having_stopped_are_exact_far_out() {
        let cases: [([f64; 4], u32, f64, f64, f64); 14] = [
            ([0.55, 10.6, 0.61, 11.7], 2, 30.43, 38.86, -1.887789477991454),
            ([0.55, 10.6, 0.61, 11.7], 0, 0.0, 38.86, 0.8744587679553257),
            ([0.05, 0.02, 0.9, 50.0], 0, 0.0, 100.0, 0.6059004401041801),
            ([0.05, 0.02, 0.9, 50.0], 3, 1.0, 100.0, 10.18956510315181),
            ([2.0, 50.0, 0.3, 0.01], 0, 0.0, 500.0, 7.917107555102909),
            ([2.0, 50.0, 0.3, 0.01], 40, 300.0, 500.0, 14.33700407504279),
            ([1.0, 1.0, 1.0, 1.0], 200, 10.0, 50.0, 304.5456650076418),
            ([1.0, 30.0, 2.0, 0.5], 500, 100.0, 110.0, 32.04599868251886),
            ([300.0, 400.0, 0.5, 2.0], 6, 3.0, 10.0, 3.390702422136753),
            ([0.5, 2.0, 300.0, 5000.0], 6, 3.0, 10.0, 3.132095622243259),
            ([5.0, 0.01, 5.0, 0.02], 1000, 364.0, 365.0, -2.602105516441518),
            ([1.5, 100.0, 0.1, 0.005], 500, 2.0, 10.0, 33.34076555535507),
            ([0.7, 6.0, 1.2, 43.0], 2500, 600.0, 730.0, 478.5306396088142),
            ([0.001, 0.001, 0.001, 0.001], 1, 0.5, 1000.0, 0.7038564213946699),
        ];
        for (params, x, t_x, t, expected) in cases {
            let log_odds = ParetoNbd::from_params(params).stopped::<false>(f64::from(x), t_x, t).log_odds;
            assert!(
                (log_odds - expected).abs() < 1e-9 * expected.abs().max(1.0),
                "{params:?} {x}: {log_odds} {expected}"
            );
        }
    }

    #[test]
    fn the_gradient_is_that_of_the_likelihood() {
        let groups: Vec<Group> =
            [(0, 0.0, 9.0), (1, 0.5, 9.0), (4, 6.0, 9.5), (60, 9.0, 10.0), (7, 0.2, 10.0)]
                .map(|(x, t_x, t)| Group { x, t_x, t, n: 2.0 })
                .to_vec();
        let by_x: Vec<(f64, f64)> = groups.iter().map(|g| (f64::from(g.x), g.n)).collect();
        for params in [[0.6, 2.0, 0.7, 3.0], [0.1, 0.01, 4.0, 9.0], [20.0, 30.0, 0.3, 0.02]] {
            let gradient = ParetoNbd::from_params(params).sum(&groups, &by_x);
            for i in 0..4 {
                let at = |by: f64| {
                    let mut moved = params;
                    moved[i] *= 1.0 + by;
                    ParetoNbd::from_params(moved).sum(&groups, &by_x)[0]
                };
                let slope = (at(1e-5) - at(-1e-5)) / (2e-5 * params[i]);
                let error = (gradient[i + 1] - slope).abs();
                assert!(error < 1e-5 * slope.abs().max(1.0), "{params:?} {i}: {} {slope}", gradient[i + 1]);
            }
        }
    }
}
