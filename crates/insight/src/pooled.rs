//! The simple estimate that still holds when data are too few for a model: everybody's mean, bent by own experience.

use crate::History;

/// Mean purchase rate and spend of a whole base, with which single customers are shrunk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pooled {
    /// Repeat purchases per unit of time, over all customers. *Units*: per unit of the histories.
    pub rate: f64,
    /// How much time of own experience weighs as much as everybody's: the mean age. *Units*: unit of the histories.
    pub weight: f64,
    /// Mean spend per purchase day over all customers. *Units*: major units.
    pub spend: f64,
}

impl Pooled {
    /// Computes the means; works from one customer on, and gives zeros for none.
    ///
    /// Half a purchase is added, so that a base without repeat purchases is not expected to stay without for ever.
    pub fn of(histories: &[History]) -> Pooled {
        let n = histories.len().max(1) as f64;
        let age: f64 = histories.iter().map(|h| h.t).sum();
        let x: f64 = histories.iter().map(|h| f64::from(h.x)).sum();
        let n_orders: f64 = histories.iter().map(|h| f64::from(h.n_orders)).sum();
        let total: f64 = histories.iter().map(|h| h.total.max(0.0) / n).sum::<f64>();
        let weight = (age / n).max(1.0);
        Pooled {
            rate: if histories.is_empty() { 0.0 } else { (x + 0.5) / (age + weight) },
            weight,
            spend: if n_orders > 0.0 { total / (n_orders / n) } else { 0.0 },
        }
    }

    /// Gives shape and scale of one customer's purchase rate.
    pub fn rate_of(&self, history: &History) -> (f64, f64) {
        (self.rate * self.weight + f64::from(history.x), self.weight + history.t)
    }

    /// Gives the chance that a customer still buys: one over one plus the purchases missing since the last one.
    ///
    /// A rule of thumb, not a model: half when one purchase is overdue, a quarter when three are.
    pub fn p_alive(&self, history: &History) -> f64 {
        let (shape, scale) = self.rate_of(history);
        1.0 / (1.0 + shape / scale * (history.t - history.t_x))
    }

    /// Gives the expected number of purchases in the next `horizon` if the customer still buys.
    pub fn expected_if_alive(&self, history: &History, horizon: f64) -> f64 {
        let (shape, scale) = self.rate_of(history);
        shape / scale * horizon.max(0.0)
    }

    /// Gives the expected spend per purchase: the own mean and one purchase at everybody's.
    pub fn expected_spend(&self, history: &History) -> f64 {
        let n = f64::from(history.n_orders);
        let own = history.total.max(0.0) / n.max(1.0);
        own * (n / (n + 1.0)) + self.spend / (n + 1.0)
    }
}
