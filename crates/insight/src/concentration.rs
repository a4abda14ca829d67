//! How much hangs on how few customers, and how much of it is at risk.

/// The share of a total that the best customers hold together.
#[derive(Debug, Clone, PartialEq)]
pub struct Concentration {
    /// Points of the whale curve: share of customers, best first, and the share of the total that they hold.
    ///
    /// *Shape*: 101 points from (0, 0) to (1, 1). The curve passes above 1 where some customers cost more than they bring.
    pub curve: Vec<(f64, f64)>,
    /// Share of the total held by the best 20 % of customers.
    pub top_fifth_share: f64,
    /// Gini coefficient: 0 when all are equal, near 1 when one holds everything.
    pub gini: f64,
    /// Sum over all customers.
    pub total: f64,
    /// Number of customers.
    pub n_customers: usize,
}

/// Measures how concentrated a value is; none when there are no customers or the total is not positive.
///
/// *Source*: Lorenz (1905), Gini (1912); the descending form is the whale curve of Kaplan & Narayanan (2001).
pub fn concentration(values: &[f64]) -> Option<Concentration> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(|l, r| r.total_cmp(l));
    let n = sorted.len();
    let total: f64 = sorted.iter().sum();
    if n == 0 || total <= 0.0 || !total.is_finite() {
        return None;
    }
    let mut held = Vec::with_capacity(n + 1);
    held.push(0.0);
    let mut sum = 0.0;
    let mut weighted = 0.0;
    for (i, value) in sorted.iter().enumerate() {
        sum += value;
        held.push(sum / total);
        weighted += (i + 1) as f64 * value;
    }
    held[n] = 1.0;
    let share_at = |share: f64| -> f64 {
        let position = share * n as f64;
        let below = (position.floor() as usize).min(n);
        let above = (below + 1).min(n);
        held[below] + (held[above] - held[below]) * (position - below as f64)
    };
    let curve =
        (0..=100).map(|percent| (f64::from(percent) / 100.0, share_at(f64::from(percent) / 100.0))).collect();
    let n_f = n as f64;
    Some(Concentration {
        curve,
        top_fifth_share: share_at(0.2),
        gini: (n_f + 1.0) / n_f - 2.0 * weighted / (n_f * total),
        total,
        n_customers: n,
    })
}

/// Adds up the value that leaves with the customers who may have stopped: value times one minus the chance of still buying.
///
/// *Shape*: two columns of equal length. *Units*: those of `value`. With expected values, which count the chance of having
/// left already, the sum is a cautious one: less than what those who left would have brought.
pub fn value_at_risk(value: &[f64], p_alive: &[f64]) -> f64 {
    value.iter().zip(p_alive).map(|(value, p_alive)| value * (1.0 - p_alive)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_customers_are_not_concentrated() {
        let even = concentration(&[3.0; 10]).expect("positive total");
        assert!(even.gini.abs() < 1e-12);
        assert!((even.top_fifth_share - 0.2).abs() < 1e-12);
    }

    #[test]
    fn one_customer_of_four_holds_everything() {
        let one = concentration(&[0.0, 8.0, 0.0, 0.0]).expect("positive total");
        assert!((one.gini - 0.75).abs() < 1e-12);
        assert!((one.top_fifth_share - 0.8).abs() < 1e-12);
        assert_eq!(one.curve[25], (0.25, 1.0));
    }

    #[test]
    fn customers_who_cost_lift_the_curve_above_one() {
        let whale = concentration(&[10.0, 2.0, -2.0]).expect("positive total");
        assert!(whale.curve.iter().any(|point| point.1 > 1.0));
        assert_eq!(concentration(&[]), None);
        assert_eq!(concentration(&[-1.0]), None);
    }

    #[test]
    fn risk_is_value_times_the_chance_of_having_stopped() {
        assert_eq!(value_at_risk(&[100.0, 50.0], &[0.75, 1.0]), 25.0);
    }
}
