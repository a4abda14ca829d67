//! Scores: what the models say of each party, one row beside each, filterable and sortable like any field.

mod cards;
mod purchases;
mod risks;
mod runs;
mod summary;
mod why;

use kernel::{Choice, Field, Kind};

pub use cards::{Card, Param, model_title, unit_of, unit_word};
pub use insight::Unit;
pub use risks::AtRisk;
pub(crate) use risks::{among, slipping};
pub use runs::{Options, Progress, Run, Step, cards_json, latest, run};
pub use summary::{Group, Summary, TierGroup};
pub use why::{Estimate, Models, Own, Reasoned, Why, why};

/// The fields that scores add to contacts, companies and customers.
pub(crate) fn fields() -> Vec<Field> {
    let tiers = [("platinum", "Platinum"), ("gold", "Gold"), ("iron", "Iron"), ("lead", "Lead")];
    let stages = [
        ("contact", "Contact"),
        ("growing", "Growing"),
        ("involved", "Involved"),
        ("intimate", "Close"),
        ("deteriorating", "Cooling off"),
        ("repair", "In repair"),
        ("dissolved", "Gone"),
    ];
    let score = |key: &str, label: &str, kind: Kind| {
        Field::new(key, label, kind).beside("scores", "party_id").group("Insight")
    };
    let mut stage = score("relationship_stage", "Relationship", Kind::Choice(Choice::list(&stages)));
    if let kernel::Storage::Beside { column, .. } = &mut stage.storage {
        *column = "stage".into();
    }
    vec![
        score("lifetime_value", "Lifetime value", Kind::Money)
            .help("Expected margin of the coming year, discounted; see the range beside it."),
        score("lifetime_value_low", "Lifetime value, low", Kind::Money),
        score("lifetime_value_high", "Lifetime value, high", Kind::Money),
        score("p_alive", "Still a customer", Kind::Percent)
            .help("Chance that this customer has not left for good."),
        score("expected_purchases_90d", "Purchases in 90 days", Kind::Number),
        score("tier", "Tier", Kind::Choice(Choice::list(&tiers))),
        score("rfm", "RFM", Kind::Text).help("Recency, frequency and money, each from 1 to 5."),
        score("rfm_segment", "RFM group", Kind::Text),
        stage,
    ]
}
