//! What a maximum-likelihood fit found, how sure it is, and whether to believe it.

use crate::optimum::{self, Matrix, Objective, Optimum};
use crate::rng::Rng;
use crate::{Refusal, special};

/// Gradient per customer up to which a fit is accepted.
const ACCEPTED: f64 = 1e-6;

/// The statistics of one fit; the parameters are in the unit of the histories.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The parameters by their published names.
    ///
    /// *Units*: scale parameters of time models are in the unit of the histories, that of spend in major units.
    pub params: Vec<(&'static str, f64)>,
    /// Standard error of each parameter, by the delta method; 0 for a parameter at the edge.
    pub standard_errors: Vec<f64>,
    /// Covariance of the logarithms of the parameters, row by row.
    pub log_covariance: Vec<Vec<f64>>,
    /// Log-likelihood of the data at the parameters.
    pub log_likelihood: f64,
    /// Length of the gradient of the mean log-likelihood over the log-parameters; below 1e-6 in every accepted fit.
    pub gradient_norm: f64,
    /// How often the likelihood of the whole data was computed.
    pub n_evaluations: usize,
    /// Customers in the data.
    pub n_customers: usize,
    /// Parameters that the data push beyond the range that is searched: customers hardly differ in that respect.
    pub at_edge: Vec<&'static str>,
}

impl Fit {
    /// Draws parameters from the normal approximation around the optimum, in the space of logarithms.
    ///
    /// *Shape*: `n` vectors of parameters in the order of `params`; the same seed gives the same draws.
    /// *Source*: Laplace approximation (Tierney & Kadane 1986).
    pub fn draws(&self, n: usize, seed: u64) -> Vec<Vec<f64>> {
        let k = self.params.len();
        let factor = lower_factor(&self.log_covariance);
        let mut rng = Rng::new(seed);
        let mut draws = Vec::with_capacity(n);
        for _ in 0..n {
            let z: Vec<f64> = (0..k).map(|_| rng.normal()).collect();
            let moved = |i: usize| (0..=i).map(|j| factor[i][j] * z[j]).sum::<f64>();
            // A log-parameter further than 3 from the optimum says that the normal approximation has ended, not more.
            draws.push((0..k).map(|i| self.params[i].1 * moved(i).clamp(-3.0, 3.0).exp()).collect());
        }
        draws
    }
}

/// Factors a covariance that may have zero rows.
fn lower_factor(a: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let n = a.len();
    let mut l = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| l[i][k] * l[j][k]).sum();
            let rest = a[i][j] - known;
            l[i][j] = match i == j {
                true => rest.max(0.0).sqrt(),
                false if l[j][j] > 0.0 => rest / l[j][j],
                false => 0.0,
            };
        }
    }
    l
}

/// Fits `N` log-parameters: first on a sample from several starts, then on everything.
///
/// Both objectives are mean negative log-likelihoods. The sample may be the whole data.
pub(crate) fn maximise<const N: usize>(
    sample: &impl Objective<N>,
    whole: &impl Objective<N>,
    starts: &[[f64; N]],
) -> Result<(Optimum<N>, Matrix<N>), Refusal> {
    let mut best: Option<Optimum<N>> = None;
    for start in starts {
        let end = optimum::bfgs(sample, *start, None, 500);
        if end.value.is_finite() && best.is_none_or(|best| end.value < best.value) {
            best = Some(end);
        }
    }
    let Some(best) = best else {
        return Err(Refusal::NotConverged { gradient_norm: f64::INFINITY });
    };
    let curvature = optimum::inverse(&optimum::hessian(sample, &best.at), &best.frozen);
    let end = optimum::bfgs(whole, best.at, curvature, 60);
    let gradient_norm = end.gradient_norm();
    if gradient_norm >= ACCEPTED || !gradient_norm.is_finite() {
        return Err(Refusal::NotConverged { gradient_norm });
    }
    let curvature = optimum::hessian(whole, &end.at);
    let covariance =
        optimum::inverse(&curvature, &end.frozen).ok_or(Refusal::NotConverged { gradient_norm })?;
    Ok((end, covariance))
}

/// Puts the statistics of a fit together.
///
/// `log_scale` is what to add to each log-parameter to get from the units of the fit to those of the data.
pub(crate) fn report<const N: usize>(
    names: [&'static str; N],
    log_scale: [f64; N],
    end: &Optimum<N>,
    covariance: &Matrix<N>,
    n_customers: usize,
    log_likelihood: f64,
) -> Fit {
    let n = n_customers as f64;

    let params: Vec<(&'static str, f64)> =
        (0..N).map(|i| (names[i], (end.at[i] + log_scale[i]).exp())).collect();
    let log_covariance: Vec<Vec<f64>> =
        covariance.iter().map(|row| row.iter().map(|c| c / n).collect()).collect();
    Fit {
        standard_errors: (0..N).map(|i| params[i].1 * log_covariance[i][i].max(0.0).sqrt()).collect(),
        params,
        log_covariance,
        log_likelihood,
        gradient_norm: end.gradient_norm(),
        n_evaluations: end.n_evaluations,
        n_customers,
        at_edge: (0..N).filter(|&i| end.frozen[i]).map(|i| names[i]).collect(),
    }
}

/// Digamma difference `digamma(x + n) - digamma(x)` for a whole number of steps, short sums exactly.
pub(crate) fn digamma_rise(x: f64, n: f64) -> f64 {
    if n <= 16.0 {
        return (0..n as u32).map(|k| 1.0 / (x + f64::from(k))).sum();
    }
    special::digamma(x + n) - special::digamma(x)
}
