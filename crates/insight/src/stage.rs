//! The stage of the relationship with each customer, by rules that can be read and argued with.

/// How far a relationship has come, or how far it has gone.
///
/// *Source*: the relationship life cycle of Dwyer, Schurr & Oh (1987), in seven steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Known to us, has not bought, or once and not come back.
    Contact,
    /// Has begun to buy.
    Growing,
    /// Buys regularly.
    Involved,
    /// Has bought for long, often, and keeps doing so.
    Intimate,
    /// Has come back before, and now buys less than its own rhythm promises.
    Deteriorating,
    /// Has an open complaint.
    Repair,
    /// Has in all likelihood stopped.
    Dissolved,
}

impl Stage {
    /// All stages in the order of the life cycle.
    pub const ALL: [Stage; 7] = [
        Stage::Contact,
        Stage::Growing,
        Stage::Involved,
        Stage::Intimate,
        Stage::Deteriorating,
        Stage::Repair,
        Stage::Dissolved,
    ];

    /// Names the stage in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Contact => "contact",
            Stage::Growing => "growing",
            Stage::Involved => "involved",
            Stage::Intimate => "intimate",
            Stage::Deteriorating => "deteriorating",
            Stage::Repair => "repair",
            Stage::Dissolved => "dissolved",
        }
    }
}

/// What the rules look at for one customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Facts {
    /// Days with a purchase.
    pub n_orders: u32,
    /// Own mean gap between purchases; none before the second purchase. *Units*: days.
    pub own_gap_days: Option<f64>,
    /// The usual gap over all customers, used until there is an own one. *Units*: days.
    pub usual_gap_days: f64,
    /// Days since the last purchase.
    pub silence_days: f64,
    /// Probability that the customer still buys, between 0 and 1.
    pub p_alive: f64,
    /// Whether a complaint is open.
    pub complaint_open: bool,
}

/// A stage and the sentence that justifies it with the customer's own numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The stage.
    pub stage: Stage,
    /// Why, in words: `usually every 21 days, silent for 74`.
    pub reason: String,
}

/// Finds the stage of one customer; the first rule that holds decides.
///
/// 1. No purchase: contact.
/// 2. Chance of still buying below 10 % and silent for more than 3 gaps, or below 30 % and more than 6: dissolved.
/// 3. Open complaint: repair.
/// 4. Chance of still buying below 50 % and silent for more than 1.5 gaps, or silent for more than 3: deteriorating, or
///    contact after a single purchase, for what never grew cannot deteriorate.
/// 5. Ten or more orders: intimate. Four or more: involved. Otherwise: growing.
///
/// The gap is the customer's own mean gap, or the usual one of all customers before the second purchase.
pub fn standing(facts: &Facts) -> Standing {
    let stage = stage(facts);
    Standing { stage, reason: reason(stage, facts) }
}

/// Finds the stage of one customer without the sentence.
pub fn stage(facts: &Facts) -> Stage {
    if facts.n_orders == 0 {
        return Stage::Contact;
    }
    let gap = facts.own_gap_days.unwrap_or(facts.usual_gap_days).max(1.0);
    let n_gaps = facts.silence_days / gap;
    if (facts.p_alive < 0.1 && n_gaps > 3.0) || (facts.p_alive < 0.3 && n_gaps > 6.0) {
        return Stage::Dissolved;
    }
    if facts.complaint_open {
        return Stage::Repair;
    }
    if (facts.p_alive < 0.5 && n_gaps > 1.5) || n_gaps > 3.0 {
        return if facts.n_orders == 1 { Stage::Contact } else { Stage::Deteriorating };
    }
    match facts.n_orders {
        10.. => Stage::Intimate,
        4.. => Stage::Involved,
        _ => Stage::Growing,
    }
}

/// Justifies a stage in words, with the customer's numbers.
pub fn reason(stage: Stage, facts: &Facts) -> String {
    let silence = whole_days(facts.silence_days);
    let rhythm = match facts.own_gap_days {
        Some(gap) => format!("usually every {}, silent for {silence}", every(gap)),
        None => {
            format!("one purchase, silent for {silence}; others return after {}", every(facts.usual_gap_days))
        }
    };
    match stage {
        Stage::Contact if facts.n_orders == 0 => "has not bought yet".to_owned(),
        Stage::Repair => format!("a complaint is open; {rhythm}"),
        Stage::Dissolved | Stage::Deteriorating | Stage::Contact => {
            format!("{rhythm}: {:.0} % likely to buy again", (facts.p_alive * 100.0).clamp(0.0, 100.0))
        }
        Stage::Growing | Stage::Involved | Stage::Intimate => match facts.n_orders {
            1 => rhythm,
            n => format!("{n} orders, {rhythm}"),
        },
    }
}

fn every(gap: f64) -> String {
    match gap.round() as i64 {
        ..=1 => "day".to_owned(),
        n => format!("{n} days"),
    }
}

fn whole_days(days: f64) -> String {
    format!("{:.0}", days.max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        Facts {
            n_orders: 6,
            own_gap_days: Some(21.2),
            usual_gap_days: 40.0,
            silence_days: 12.0,
            p_alive: 0.9,
            complaint_open: false,
        }
    }

    #[test]
    fn each_rule_has_its_case() {
        let of = |facts: Facts| stage(&facts);
        assert_eq!(of(Facts { n_orders: 0, ..facts() }), Stage::Contact);
        assert_eq!(of(Facts { n_orders: 1, own_gap_days: None, ..facts() }), Stage::Growing);
        let once = Facts { n_orders: 1, own_gap_days: None, p_alive: 0.4, ..facts() };
        assert_eq!(of(Facts { silence_days: 150.0, ..once }), Stage::Contact);
        assert_eq!(of(facts()), Stage::Involved);
        assert_eq!(of(Facts { n_orders: 10, ..facts() }), Stage::Intimate);
        assert_eq!(of(Facts { silence_days: 74.0, p_alive: 0.4, ..facts() }), Stage::Deteriorating);
        assert_eq!(of(Facts { complaint_open: true, ..facts() }), Stage::Repair);
        assert_eq!(of(Facts { silence_days: 300.0, p_alive: 0.02, ..facts() }), Stage::Dissolved);
        assert_eq!(
            of(Facts { silence_days: 300.0, p_alive: 0.02, complaint_open: true, ..facts() }),
            Stage::Dissolved
        );
    }

    #[test]
    fn a_reason_carries_the_customers_numbers() {
        let silent = Facts { silence_days: 74.0, p_alive: 0.4, ..facts() };
        assert_eq!(
            standing(&silent).reason,
            "usually every 21 days, silent for 74: 40 % likely to buy again"
        );
        let once = Facts { n_orders: 1, own_gap_days: None, ..facts() };
        assert_eq!(standing(&once).reason, "one purchase, silent for 12; others return after 40 days");
        assert_eq!(standing(&facts()).reason, "6 orders, usually every 21 days, silent for 12");
    }
}
