//! The customer pyramid: platinum, gold, iron and lead by what each customer is expected to bring.

/// A layer of the customer pyramid.
///
/// *Source*: Zeithaml, Rust & Lemon (2001), "The customer pyramid".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// The few who bring most.
    Platinum,
    /// The next best.
    Gold,
    /// The broad middle.
    Iron,
    /// The rest, and everybody expected to bring nothing.
    Lead,
}

impl Tier {
    /// All tiers, the best first.
    pub const ALL: [Tier; 4] = [Tier::Platinum, Tier::Gold, Tier::Iron, Tier::Lead];

    /// Names the tier in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Tier::Platinum => "platinum",
            Tier::Gold => "gold",
            Tier::Iron => "iron",
            Tier::Lead => "lead",
        }
    }
}

/// How large each tier is, as shares of the customers with a positive value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shares {
    /// Share at the top that is platinum.
    pub platinum: f64,
    /// Share below it that is gold.
    pub gold: f64,
    /// Share below it that is iron; what remains is lead.
    pub iron: f64,
}

impl Default for Shares {
    /// Top 5 %, next 15 %, next 40 %, and the rest.
    fn default() -> Self {
        Shares { platinum: 0.05, gold: 0.15, iron: 0.40 }
    }
}

/// The tier of each customer and the values that bound the tiers.
#[derive(Debug, Clone, PartialEq)]
pub struct Tiers {
    /// One tier per customer, aligned with the values.
    pub tier: Vec<Tier>,
    /// The lowest value that is platinum, gold and iron; infinite when the tier is empty.
    pub from: [f64; 3],
    /// The shares that were asked for.
    pub shares: Shares,
}

impl Tiers {
    /// Says in words what makes a tier, with the value that bounds it.
    pub fn rule(&self, tier: Tier) -> String {
        let percent = |share: f64| format!("{} %", (share * 1000.0).round() / 10.0);
        let line = |which: String, from: f64| match from.is_finite() {
            true => format!("{which} of the customers with an expected value above zero: {from:.2} or more"),
            false => format!("{which} of the customers with an expected value above zero: nobody at present"),
        };
        match tier {
            Tier::Platinum => line(format!("the top {}", percent(self.shares.platinum)), self.from[0]),
            Tier::Gold => line(format!("the next {}", percent(self.shares.gold)), self.from[1]),
            Tier::Iron => line(format!("the next {}", percent(self.shares.iron)), self.from[2]),
            Tier::Lead => "all others, among them everybody expected to bring nothing".to_owned(),
        }
    }
}

/// Ranks customers by expected value and cuts the ranking into tiers; equal values share a tier, the better one.
///
/// Only customers with a value above zero are ranked; the others are lead. A tier asked to hold a positive share holds at
/// least one customer while there are customers left to rank.
///
/// *Shape*: one tier per value, same order.
pub fn tiers(values: &[f64], shares: Shares) -> Tiers {
    let mut ranked: Vec<f64> = values.iter().copied().filter(|v| *v > 0.0).collect();
    ranked.sort_unstable_by(|l, r| r.total_cmp(l));
    let n = ranked.len() as f64;
    let mut from = [f64::INFINITY; 3];
    let mut share = 0.0;
    let mut last = 0;
    for (tier, add) in [shares.platinum, shares.gold, shares.iron].into_iter().enumerate() {
        share += add.max(0.0);
        let upto = ((share * n).round() as usize).max(last + usize::from(add > 0.0)).min(ranked.len());
        if upto > last {
            from[tier] = ranked[upto - 1];
        }
        last = upto;
    }
    let tier = values.iter().map(|&value| tier_of(value, &from)).collect();
    Tiers { tier, from, shares }
}

fn tier_of(value: f64, from: &[f64; 3]) -> Tier {
    if value <= 0.0 || value.is_nan() {
        return Tier::Lead;
    }
    for (tier, from) in [Tier::Platinum, Tier::Gold, Tier::Iron].into_iter().zip(from) {
        if value >= *from {
            return tier;
        }
    }
    Tier::Lead
}

/// Keeps customers in their previous tier unless they clear its bound by a margin, so that nobody flaps between two tiers.
///
/// `slack` 0.1 means: up only from 10 % above the bound, down only from 10 % below it. Customers without a previous tier
/// take the new one.
///
/// *Shape*: `previous` and `values` are aligned with the customers of `tiers`.
pub fn steady(tiers: &Tiers, values: &[f64], previous: &[Option<Tier>], slack: f64) -> Vec<Tier> {
    let harder = tiers.from.map(|from| from * (1.0 + slack));
    let easier = tiers.from.map(|from| from * (1.0 - slack));
    let mut steady = Vec::with_capacity(values.len());
    for ((&tier, &value), &before) in tiers.tier.iter().zip(values).zip(previous) {
        steady.push(match before {
            Some(before) if tier < before => tier_of(value, &harder).min(before),
            Some(before) if tier > before => tier_of(value, &easier).max(before),
            _ => tier,
        });
    }
    steady
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_customers_split_five_fifteen_forty_forty() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        let tiers = tiers(&values, Shares::default());
        let count = |tier| tiers.tier.iter().filter(|t| **t == tier).count();
        assert_eq!(Tier::ALL.map(count), [5, 15, 40, 40]);
        assert_eq!(
            tiers.rule(Tier::Gold),
            "the next 15 % of the customers with an expected value above zero: 81.00 or more"
        );
    }

    #[test]
    fn equal_customers_share_a_tier_and_worthless_ones_are_lead() {
        let tiers = tiers(&[5.0, 5.0, 5.0, 0.0, -3.0, f64::NAN], Shares::default());
        assert_eq!(tiers.tier[..3], [Tier::Platinum; 3]);
        assert_eq!(tiers.tier[3..], [Tier::Lead; 3]);
    }

    #[test]
    fn a_small_move_across_a_bound_keeps_the_tier() {
        let values = [100.0, 81.0, 79.0, 10.0];
        let shares = Shares { platinum: 0.5, gold: 0.25, iron: 0.25 };
        let now = tiers(&values, shares);
        let before = [Some(Tier::Platinum), Some(Tier::Gold), Some(Tier::Platinum), None];
        assert_eq!(now.tier, [Tier::Platinum, Tier::Platinum, Tier::Gold, Tier::Iron]);
        let steady = steady(&now, &values, &before, 0.1);
        assert_eq!(steady, [Tier::Platinum, Tier::Gold, Tier::Platinum, Tier::Iron]);
    }
}
