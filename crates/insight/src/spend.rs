//! The models of how much customers spend per purchase, behind one face.

use crate::History;
use crate::gamma_gamma::GammaGamma;
use crate::pooled::Pooled;
use crate::rng::Rng;

/// A model of spend per purchase.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spend {
    /// See [`crate::gamma_gamma`].
    GammaGamma(GammaGamma),
    /// See [`crate::pooled`].
    Pooled(Pooled),
}

impl Spend {
    /// Names the model: `gamma_gamma` or `pooled`.
    pub fn name(&self) -> &'static str {
        match self {
            Spend::GammaGamma(_) => "gamma_gamma",
            Spend::Pooled(_) => "pooled",
        }
    }

    /// Gives the expected spend per purchase. *Units*: major units.
    pub fn expected_spend(&self, history: &History) -> f64 {
        match self {
            Spend::GammaGamma(model) => model.expected_spend(history),
            Spend::Pooled(model) => model.expected_spend(history),
        }
    }

    /// Makes the same kind of model with other parameters, in the order of [`crate::fit::Fit::params`].
    pub fn with_params(&self, params: &[f64]) -> Spend {
        match (self, <[f64; 3]>::try_from(params)) {
            (Spend::GammaGamma(_), Ok(p)) => Spend::GammaGamma(GammaGamma::from_params(p)),
            _ => *self,
        }
    }

    /// Gives what a drawn outcome is a multiple of; the only part of it that depends on the customer's own amounts.
    pub(crate) fn scale(&self, history: &History) -> f64 {
        match self {
            Spend::GammaGamma(m) => m.gamma + f64::from(history.n_spend) * history.mean_spend,
            Spend::Pooled(m) => m.expected_spend(history),
        }
    }

    /// Draws what `n` purchases bring together, as a multiple of [`Spend::scale`].
    pub(crate) fn draw(&self, n_spend: u32, n: u64, rng: &mut Rng) -> f64 {
        let n = n as f64;
        match self {
            Spend::GammaGamma(m) => {
                let rate = rng.gamma(m.q + m.p * f64::from(n_spend));
                rng.gamma(m.p * n) / rate.max(1e-300)
            }
            // Purchases as spread out as waiting times: wide, as befits a rule of thumb.
            Spend::Pooled(_) => rng.gamma(n),
        }
    }
}
