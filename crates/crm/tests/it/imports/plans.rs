use crm::imports::Plan;
use testkit::World;

use super::{begin, propose};

const FILE: &[u8] = b"Kunde;Datum;Betrag\n1;01.02.2026;1,50\n2;03.02.2026;2,50\n";

#[test]
fn a_plan_survives_its_map_file() {
    let w = World::sqlite();
    let mut plan = propose(&w, &w.ctx(), "orders", FILE).unwrap();
    plan.currency = Some("CHF".into());
    assert_eq!(Plan::from_json(&plan.to_json()).unwrap(), plan);
}

#[test]
fn a_short_map_is_enough() {
    let w = World::sqlite();
    let mut plan = propose(&w, &w.ctx(), "orders", FILE).unwrap();
    let map =
        r#"{"columns":{"Kunde":"customer_name","Datum":"placed_on","Betrag":"amount"},"currency":"CHF"}"#;
    plan.apply(&serde_json::from_str(map).unwrap()).unwrap();
    assert_eq!(plan.columns[0].target.as_deref(), Some("customer_name"));
    assert_eq!(plan.currency.as_deref(), Some("CHF"));
    plan.check(&w.ctx()).unwrap();
}

#[test]
fn a_map_for_other_columns_is_refused() {
    let w = World::sqlite();
    let mut plan = propose(&w, &w.ctx(), "orders", FILE).unwrap();
    let refused = plan.apply(&serde_json::from_str(r#"{"columns":{"Client":"customer_id"}}"#).unwrap());
    assert_eq!(
        crate::problems(refused),
        ["Client: is not a column of the file, which has Kunde, Datum, Betrag"]
    );
}

#[test]
fn what_was_chosen_is_offered_again_for_the_same_columns() {
    let w = World::sqlite();
    let mut plan = propose(&w, &w.ctx(), "orders", FILE).unwrap();
    plan.set_target("Kunde", Some("customer_name")).unwrap();
    begin(&w, &w.ctx(), &plan, FILE).unwrap();
    let again = propose(&w, &w.ctx(), "orders", FILE).unwrap();
    assert_eq!(again.columns[0].target.as_deref(), Some("customer_name"));
    assert!(again.columns[0].why.contains("chosen"));
}

#[test]
fn what_a_plan_lacks_is_said_all_at_once() {
    let w = World::sqlite();
    let mut plan = propose(&w, &w.ctx(), "orders", FILE).unwrap();
    for column in ["Kunde", "Datum", "Betrag"] {
        plan.set_target(column, None).unwrap();
    }
    assert_eq!(
        crate::problems(plan.check(&w.ctx())),
        [
            "placed_on: needs a column: choose the one that holds “Placed on”",
            "customer_id: needs a column: choose the one that tells the customers apart",
            "amount: needs a column: choose the one that holds what was paid",
        ]
    );
    plan.set_target("Kunde", Some("amount")).unwrap();
    plan.set_target("Betrag", Some("amount")).unwrap();
    let refused = crate::problems(plan.check(&w.ctx()));
    assert!(
        refused.contains(&"Betrag: fills amount, which another column fills as well".to_string()),
        "{refused:?}"
    );
}
