//! Distinct histories with counts: equal customers are computed once.

use crate::{History, Refusal, parallel};

/// The timing part of a history and how many customers share it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Group {
    pub(crate) x: u32,
    pub(crate) t_x: f64,
    pub(crate) t: f64,
    pub(crate) n: f64,
}

/// Customers without which no model of buying is fitted: below, parameters mean nothing.
pub(crate) const MIN_CUSTOMERS: usize = 50;
/// Repeat buyers without which no model of buying is fitted.
pub(crate) const MIN_REPEAT: usize = 20;

/// Collects equal histories, ordered by `x`, `t_x` and `t`.
pub(crate) fn groups(histories: &[History]) -> Vec<Group> {
    let mut keys: Vec<(u32, f64, f64)> = histories.iter().map(|h| (h.x, h.t_x, h.t)).collect();
    keys.sort_unstable_by(|l, r| l.0.cmp(&r.0).then(l.1.total_cmp(&r.1)).then(l.2.total_cmp(&r.2)));
    let mut groups: Vec<Group> = Vec::new();
    for (x, t_x, t) in keys {
        match groups.last_mut() {
            Some(group) if group.x == x && group.t_x == t_x && group.t == t => group.n += 1.0,
            _ => groups.push(Group { x, t_x, t, n: 1.0 }),
        }
    }
    groups
}

/// Refuses data from which no model of coming back can be learnt.
pub(crate) fn check(histories: &[History]) -> Result<(), Refusal> {
    for h in histories {
        if !(h.t_x >= 0.0 && h.t >= h.t_x && h.t.is_finite()) {
            return Err(Refusal::Input { why: "a last purchase lies outside the customer's age" });
        }
    }
    let n_repeat = histories.iter().filter(|h| h.x > 0).count();
    if histories.len() < MIN_CUSTOMERS {
        return Err(Refusal::TooFew { what: "customers", need: MIN_CUSTOMERS, have: histories.len() });
    }
    if histories.iter().all(|h| h.t <= 0.0) {
        return Err(Refusal::NoTime);
    }
    if n_repeat == 0 {
        return Err(Refusal::NoRepeat);
    }
    let same = |h: &History| h.x == histories[0].x && h.t_x == histories[0].t_x && h.t == histories[0].t;
    if histories.iter().all(same) {
        return Err(Refusal::AllAlike);
    }
    if n_repeat < MIN_REPEAT {
        return Err(Refusal::TooFew { what: "customers who came back", need: MIN_REPEAT, have: n_repeat });
    }
    Ok(())
}

/// Sums that depend on the number of purchases only, precomputed: how many customers have each `x`.
pub(crate) fn counts_by_x(groups: &[Group]) -> Vec<(f64, f64)> {
    let mut counts: Vec<(f64, f64)> = Vec::new();
    for group in groups {
        match counts.last_mut() {
            Some(last) if last.0 == f64::from(group.x) => last.1 += group.n,
            _ => counts.push((f64::from(group.x), group.n)),
        }
    }
    counts
}

/// Takes an even, repeatable sample of about `n` groups for the first steps of a fit, keeping the count of each.
pub(crate) fn thinned(groups: &[Group], n: usize) -> Vec<Group> {
    if groups.len() <= n {
        return groups.to_vec();
    }
    // Sorted groups, every k-th one: a stratified sample over x, recency and age.
    let step = groups.len().div_ceil(n);
    groups.iter().skip(step / 2).step_by(step).copied().collect()
}

/// Measures time in the unit in which the longest age is 10, where the parameters of most data are near 1.
pub(crate) fn time_scale(groups: &[Group]) -> f64 {
    let longest = groups.iter().map(|g| g.t).fold(0.0, f64::max);
    10.0 / longest
}

/// Sums a value and a gradient over groups.
pub(crate) fn sum_groups<const K: usize>(
    groups: &[Group],
    f: impl Fn(&Group, &mut [f64; K]) + Sync,
) -> [f64; K] {
    parallel::sum(groups.len(), |range| {
        let mut total = [0.0; K];
        for group in &groups[range] {
            f(group, &mut total);
        }
        total
    })
}
