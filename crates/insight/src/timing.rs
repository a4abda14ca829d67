//! The models of when customers buy, behind one face.

use crate::bg_nbd::BgNbd;
use crate::fit::Fit;
use crate::mbg_nbd::MbgNbd;
use crate::pareto_nbd::ParetoNbd;
use crate::pooled::Pooled;
use crate::rng::Rng;
use crate::{History, Refusal};

/// The names of the models that can be fitted, the default first.
pub const MODELS: [&str; 3] = ["mbg_nbd", "bg_nbd", "pareto_nbd"];

/// A model of when customers buy and whether they still do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Timing {
    /// See [`crate::bg_nbd`].
    BgNbd(BgNbd),
    /// See [`crate::mbg_nbd`].
    MbgNbd(MbgNbd),
    /// See [`crate::pareto_nbd`].
    ParetoNbd(ParetoNbd),
    /// See [`crate::pooled`].
    Pooled(Pooled),
}

impl Timing {
    /// Fits the model of that name, one of [`MODELS`].
    ///
    /// *Errors*: those of the model; unusable input for another name.
    pub fn fit(name: &str, histories: &[History]) -> Result<(Timing, Fit), Refusal> {
        match name {
            "bg_nbd" => BgNbd::fit(histories).map(|(model, fit)| (Timing::BgNbd(model), fit)),
            "mbg_nbd" => MbgNbd::fit(histories).map(|(model, fit)| (Timing::MbgNbd(model), fit)),
            "pareto_nbd" => ParetoNbd::fit(histories).map(|(model, fit)| (Timing::ParetoNbd(model), fit)),
            _ => Err(Refusal::Input { why: "there is no purchase model of that name" }),
        }
    }

    /// Names the model: `bg_nbd`, `mbg_nbd`, `pareto_nbd` or `pooled`.
    pub fn name(&self) -> &'static str {
        match self {
            Timing::BgNbd(_) => "bg_nbd",
            Timing::MbgNbd(_) => "mbg_nbd",
            Timing::ParetoNbd(_) => "pareto_nbd",
            Timing::Pooled(_) => "pooled",
        }
    }

    /// Gives the probability that a customer still buys, between 0 and 1.
    pub fn p_alive(&self, history: &History) -> f64 {
        match self {
            Timing::BgNbd(model) => model.p_alive(history),
            Timing::MbgNbd(model) => model.p_alive(history),
            Timing::ParetoNbd(model) => model.p_alive(history),
            Timing::Pooled(model) => model.p_alive(history),
        }
    }

    /// Gives the expected number of purchases in the next `horizon` if the customer still buys.
    ///
    /// *Units*: `horizon` in the unit of the histories.
    pub fn expected_if_alive(&self, history: &History, horizon: f64) -> f64 {
        match self {
            Timing::BgNbd(model) => model.expected_if_alive(history, horizon),
            Timing::MbgNbd(model) => model.expected_if_alive(history, horizon),
            Timing::ParetoNbd(model) => model.expected_if_alive(history, horizon),
            Timing::Pooled(model) => model.expected_if_alive(history, horizon),
        }
    }

    /// Gives the expected number of purchases in the next `horizon`.
    pub fn expected_purchases(&self, history: &History, horizon: f64) -> f64 {
        self.p_alive(history) * self.expected_if_alive(history, horizon)
    }

    /// Makes the same kind of model with other parameters, in the order of [`Fit::params`].
    ///
    /// The pooled estimate has no fitted parameters and stays as it is, as does any model given the wrong number of them.
    pub fn with_params(&self, params: &[f64]) -> Timing {
        let Ok(p) = <[f64; 4]>::try_from(params) else { return *self };
        match self {
            Timing::BgNbd(_) => Timing::BgNbd(BgNbd::from_params(p)),
            Timing::MbgNbd(_) => Timing::MbgNbd(MbgNbd::from_params(p)),
            Timing::ParetoNbd(_) => Timing::ParetoNbd(ParetoNbd::from_params(p)),
            Timing::Pooled(_) => *self,
        }
    }

    /// Draws the number of purchases in the next `horizon` of a customer who still buys.
    ///
    /// Exact under the model: rate and stopping are drawn from their distributions given the history, then the purchases.
    pub(crate) fn draw_if_alive(&self, history: &History, horizon: f64, rng: &mut Rng) -> u64 {
        let x = f64::from(history.x);
        let geometric = |r: f64, alpha: f64, a: f64, b: f64, rng: &mut Rng| {
            let rate = rng.gamma(r + x) / (alpha + history.t);
            let n = rng.poisson(rate * horizon);
            if n <= 1 {
                // The customer can only stop after a purchase, so the first one always happens.
                return n;
            }
            let (stop, stay) = (rng.gamma(a), rng.gamma(b));
            let per_purchase = -(-(stop / (stop + stay)).min(1.0 - 1e-12)).ln_1p();
            let last = (rng.exponential() / per_purchase.max(1e-300)).floor() + 1.0;
            n.min(last as u64)
        };
        match *self {
            Timing::BgNbd(m) => geometric(m.r, m.alpha, m.a, m.b + x, rng),
            Timing::MbgNbd(m) => geometric(m.r, m.alpha, m.a, m.b + x + 1.0, rng),
            Timing::ParetoNbd(m) => {
                let rate = rng.gamma(m.r + x) / (m.alpha + history.t);
                let stopping = rng.gamma(m.s) / (m.beta + history.t);
                let active = (rng.exponential() / stopping.max(1e-300)).min(horizon);
                rng.poisson(rate * active)
            }
            Timing::Pooled(m) => {
                let (shape, scale) = m.rate_of(history);
                let rate = rng.gamma(shape.max(1e-6)) / scale;
                rng.poisson(rate * horizon)
            }
        }
    }
}
