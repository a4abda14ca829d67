//! What each customer has done up to a day: repeat purchases, recency, age and spend.

use crate::Refusal;

/// The unit in which times are counted; parameters of a fitted model are in this unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Calendar days.
    Day,
    /// Seven days.
    Week,
    /// 30.4375 days, a twelfth of 365.25.
    Month,
}

impl Unit {
    /// Gives the length of one unit.
    ///
    /// *Units*: days.
    pub fn days(self) -> f64 {
        match self {
            Unit::Day => 1.0,
            Unit::Week => 7.0,
            Unit::Month => 30.4375,
        }
    }

    /// Names the unit in the plural: `days`, `weeks`, `months`.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Day => "days",
            Unit::Week => "weeks",
            Unit::Month => "months",
        }
    }
}

/// Purchase columns, checked: one entry per order or return, in any order.
#[derive(Debug, Clone, Copy)]
pub struct Purchases<'a> {
    customer: &'a [u32],
    day: &'a [i32],
    amount: &'a [f64],
    margin: Option<&'a [f64]>,
}

impl<'a> Purchases<'a> {
    /// Takes the three columns of a purchase list.
    ///
    /// *Shape*: equal lengths, any order, several rows per customer and day allowed; returns are negative amounts.
    /// *Units*: `day` counts days since 1970-01-01, `amount` is in major units of one currency.
    /// *Errors*: columns of unequal length, an amount that is not a finite number.
    pub fn new(customer: &'a [u32], day: &'a [i32], amount: &'a [f64]) -> Result<Self, Refusal> {
        if customer.len() != day.len() || customer.len() != amount.len() {
            return Err(Refusal::Input { why: "the purchase columns have different lengths" });
        }
        if amount.iter().any(|a| !a.is_finite()) {
            return Err(Refusal::Input { why: "an amount is not a finite number" });
        }
        Ok(Purchases { customer, day, amount, margin: None })
    }

    /// Adds what was earned on each purchase after its costs.
    ///
    /// *Shape*: as long as the other columns. *Units*: major units, as `amount`.
    /// *Errors*: another length, a margin that is not a finite number.
    pub fn with_margin(self, margin: &'a [f64]) -> Result<Self, Refusal> {
        if margin.len() != self.customer.len() {
            return Err(Refusal::Input { why: "the margin column has a different length" });
        }
        if margin.iter().any(|m| !m.is_finite()) {
            return Err(Refusal::Input { why: "a margin is not a finite number" });
        }
        Ok(Purchases { margin: Some(margin), ..self })
    }

    /// Counts the rows.
    pub fn len(&self) -> usize {
        self.customer.len()
    }

    /// Tells whether there is no row at all.
    pub fn is_empty(&self) -> bool {
        self.customer.is_empty()
    }

    /// Tells whether margins were given.
    pub fn has_margin(&self) -> bool {
        self.margin.is_some()
    }

    /// Gives the first day on which anything happened, if any.
    pub fn first_day(&self) -> Option<i32> {
        self.day.iter().copied().min()
    }
}

/// One customer's purchases in the few numbers that the models need.
///
/// *Source*: Fader, Hardie & Lee (2005), "Counting your customers the easy way", for `x`, `t_x` and `t`; Fader & Hardie
/// (2013), "The Gamma-Gamma model of monetary value", for `mean_spend`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct History {
    /// Days with a purchase after the first such day: the repeat purchases.
    pub x: u32,
    /// Time from the first to the last purchase; 0 when there is no repeat. *Units*: the chosen unit.
    pub t_x: f64,
    /// Time from the first purchase to the day of counting: the age. *Units*: the chosen unit.
    pub t: f64,
    /// Mean of the positive daily totals among the repeat purchases; 0 when there is none. *Units*: major units.
    pub mean_spend: f64,
    /// How many daily totals `mean_spend` averages; less than `x` when some repeat days brought nothing.
    pub n_spend: u32,
    /// Day of the first purchase.
    pub first_day: i32,
    /// Day of the last purchase.
    pub last_day: i32,
    /// Days with a purchase: `x + 1`.
    pub n_orders: u32,
    /// Everything paid, returns deducted. *Units*: major units.
    pub total: f64,
    /// Everything earned on it; equals `total` when no margins were given. *Units*: major units.
    pub margin: f64,
}

/// The histories of all customers with at least one purchase, in ascending order of their index.
#[derive(Debug, Clone, PartialEq)]
pub struct Histories {
    /// The customer indexes, ascending, aligned with `rows`.
    pub customers: Vec<u32>,
    /// One history per customer.
    pub rows: Vec<History>,
    /// The day of counting.
    pub as_of: i32,
    /// The unit of all times.
    pub unit: Unit,
}

/// Summarises purchases up to and including `as_of`, one history per customer who bought.
///
/// A row with an amount of zero or more is a purchase, one below zero a return. Rows of one day are one transaction. A day
/// with nothing but returns is no purchase, though it lowers `total`. A day that brings nothing (free goods, or an exchange
/// that costs us more than it brings) counts as a purchase in `x` but not in `mean_spend`, which must be positive to have a
/// gamma distribution. Rows after `as_of` are ignored.
///
/// *Shape*: customers without a purchase are left out; the order of rows does not matter.
/// *Source*: reproduces the CDNOW summary of Fader & Hardie (2,457 repeat purchases of 2,357 customers).
pub fn histories(purchases: &Purchases<'_>, as_of: i32, unit: Unit) -> Histories {
    let mut order: Vec<(u32, i32, u32)> = (0..purchases.len())
        .filter(|&i| purchases.day[i] <= as_of)
        .map(|i| (purchases.customer[i], purchases.day[i], i as u32))
        .collect();
    order.sort_unstable_by(|l, r| {
        // Amounts of one day are added in ascending order, so that shuffled rows give the same bits.
        let amounts = purchases.amount[l.2 as usize].total_cmp(&purchases.amount[r.2 as usize]);
        (l.0, l.1).cmp(&(r.0, r.1)).then(amounts).then_with(|| match purchases.margin {
            Some(margin) => margin[l.2 as usize].total_cmp(&margin[r.2 as usize]),
            None => std::cmp::Ordering::Equal,
        })
    });
    let mut customers = Vec::new();
    let mut rows = Vec::new();
    for of_customer in order.chunk_by(|l, r| l.0 == r.0) {
        if let Some(history) = history_of(of_customer, purchases, as_of, unit) {
            customers.push(of_customer[0].0);
            rows.push(history);
        }
    }
    Histories { customers, rows, as_of, unit }
}

fn history_of(
    rows: &[(u32, i32, u32)],
    purchases: &Purchases<'_>,
    as_of: i32,
    unit: Unit,
) -> Option<History> {
    let mut first_day = None;
    let mut last_day = 0;
    let mut n_orders = 0u32;
    let mut n_spend = 0u32;
    let mut spend = 0.0;
    let mut total = 0.0;
    let mut margin = 0.0;
    for of_day in rows.chunk_by(|l, r| l.1 == r.1) {
        let mut day_total = 0.0;
        let mut purchased = false;
        for &(_, _, i) in of_day {
            let amount = purchases.amount[i as usize];
            day_total += amount;
            purchased |= amount >= 0.0;
            margin += purchases.margin.map_or(amount, |margin| margin[i as usize]);
        }
        total += day_total;
        if !purchased {
            continue;
        }
        n_orders += 1;
        last_day = of_day[0].1;
        if first_day.is_none() {
            first_day = Some(last_day);
        } else if day_total > 0.0 {
            n_spend += 1;
            spend += day_total;
        }
    }
    let first_day = first_day?;
    let days = |from: i32, to: i32| (i64::from(to) - i64::from(from)) as f64 / unit.days();
    Some(History {
        x: n_orders - 1,
        t_x: days(first_day, last_day),
        t: days(first_day, as_of),
        mean_spend: if n_spend == 0 { 0.0 } else { spend / f64::from(n_spend) },
        n_spend,
        first_day,
        last_day,
        n_orders,
        total,
        margin,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(rows: &[(i32, f64)], as_of: i32) -> Option<History> {
        let customer = vec![7; rows.len()];
        let day: Vec<i32> = rows.iter().map(|r| r.0).collect();
        let amount: Vec<f64> = rows.iter().map(|r| r.1).collect();
        let purchases = Purchases::new(&customer, &day, &amount).expect("columns are equal");
        histories(&purchases, as_of, Unit::Day).rows.first().copied()
    }

    #[test]
    fn rows_of_one_day_are_one_purchase() {
        let history = one(&[(10, 5.0), (10, 6.0), (20, 1.0), (20, 2.0)], 30).expect("bought");
        assert_eq!((history.x, history.t_x, history.t, history.mean_spend), (1, 10.0, 20.0, 3.0));
        assert_eq!(history.total, 14.0);
    }

    #[test]
    fn free_goods_are_a_purchase_without_a_spend() {
        let history = one(&[(10, 5.0), (12, 0.0), (20, 8.0)], 30).expect("bought");
        assert_eq!((history.x, history.n_spend, history.mean_spend), (2, 1, 8.0));
    }

    #[test]
    fn a_day_of_returns_is_no_purchase_but_lowers_the_total() {
        let history = one(&[(10, 5.0), (12, -5.0)], 30).expect("bought");
        assert_eq!((history.x, history.last_day, history.total), (0, 10, 0.0));
        assert_eq!(one(&[(12, -5.0)], 30), None);
    }

    #[test]
    fn the_future_is_invisible() {
        assert_eq!(one(&[(10, 5.0), (31, 9.0)], 30), one(&[(10, 5.0)], 30));
    }

    #[test]
    fn uneven_columns_are_refused() {
        assert!(Purchases::new(&[1], &[1, 2], &[1.0]).is_err());
        assert!(Purchases::new(&[1], &[1], &[f64::NAN]).is_err());
    }
}
