//! MBG/NBD: as BG/NBD, but the first purchase can already be the last.

use crate::beta_geometric::{self, BetaGeometric};
use crate::fit::Fit;
use crate::{History, Refusal};

/// A fitted MBG/NBD model; scale parameters are in the unit of the histories it was fitted to.
///
/// While active a customer buys at random with a rate of their own, gamma distributed over customers with shape `r` and
/// rate `alpha`. After each purchase, the first included, they stop for good with a chance of their own, beta
/// distributed with parameters `a` and `b`.
///
/// *Source*: Batislam, Denizel & Filiztekin (2007), International Journal of Research in Marketing 24(3); Hoppe & Wagner
/// (2007), Marketing JRM 29(2).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MbgNbd {
    /// Shape of the purchase rates.
    pub r: f64,
    /// Scale of the purchase rates. *Units*: the unit of the histories.
    pub alpha: f64,
    /// First parameter of the chance of stopping.
    pub a: f64,
    /// Second parameter of the chance of stopping.
    pub b: f64,
}

impl MbgNbd {
    /// Fits the model by maximum likelihood.
    ///
    /// *Errors*: too few customers or repeat buyers, no repeat at all, all alike, no convergence.
    pub fn fit(histories: &[History]) -> Result<(MbgNbd, Fit), Refusal> {
        let (model, fit) = beta_geometric::fit(histories, 1.0)?;
        Ok((MbgNbd { r: model.r, alpha: model.alpha, a: model.a, b: model.b }, fit))
    }

    /// Makes the model from parameters in the order `r`, `alpha`, `a`, `b`.
    pub fn from_params(p: [f64; 4]) -> MbgNbd {
        MbgNbd { r: p[0], alpha: p[1], a: p[2], b: p[3] }
    }

    /// Computes the log-likelihood of the histories.
    pub fn log_likelihood(&self, histories: &[History]) -> f64 {
        beta_geometric::log_likelihood(&self.shared(), histories)
    }

    /// Gives the probability that a customer still buys, between 0 and 1.
    pub fn p_alive(&self, history: &History) -> f64 {
        self.shared().p_alive(history)
    }

    /// Gives the expected number of purchases in the next `horizon`.
    ///
    /// *Units*: `horizon` in the unit of the histories.
    pub fn expected_purchases(&self, history: &History, horizon: f64) -> f64 {
        self.p_alive(history) * self.expected_if_alive(history, horizon)
    }

    /// Gives the expected number of purchases in the next `horizon` if the customer still buys.
    pub fn expected_if_alive(&self, history: &History, horizon: f64) -> f64 {
        self.shared().expected_if_alive(f64::from(history.x), history.t, horizon)
    }

    fn shared(&self) -> BetaGeometric {
        BetaGeometric { r: self.r, alpha: self.alpha, a: self.a, b: self.b, shift: 1.0 }
    }
}
