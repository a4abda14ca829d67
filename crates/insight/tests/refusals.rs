//! Data that cannot carry a model get a refusal in plain words and a simpler estimate, never nonsense.

use insight::gamma_gamma::GammaGamma;
use insight::timing::{MODELS, Timing};
use insight::{Histories, Options, Purchases, Refusal, Scored, Unit, score, summary};

fn histories(rows: &[(u32, i32, f64)]) -> Histories {
    with_purchases(rows, |purchases| summary::histories(purchases, 100, Unit::Day))
}

fn scored(rows: &[(u32, i32, f64)]) -> Scored {
    with_purchases(rows, |purchases| score(purchases, 100, Unit::Day, &Options::default()))
}

fn with_purchases<T>(rows: &[(u32, i32, f64)], f: impl Fn(&Purchases<'_>) -> T) -> T {
    let customer: Vec<u32> = rows.iter().map(|r| r.0).collect();
    let day: Vec<i32> = rows.iter().map(|r| r.1).collect();
    let amount: Vec<f64> = rows.iter().map(|r| r.2).collect();
    f(&Purchases::new(&customer, &day, &amount).expect("columns are equal"))
}

fn refusals(rows: &[(u32, i32, f64)]) -> Vec<Refusal> {
    let histories = histories(rows);
    MODELS.map(|name| Timing::fit(name, &histories.rows).expect_err("refused")).to_vec()
}

#[test]
fn one_time_buyers_alone_teach_nothing_about_coming_back() {
    let rows: Vec<_> = (0..200).map(|c| (c, (c % 90) as i32, 10.0)).collect();
    assert_eq!(refusals(&rows), vec![Refusal::NoRepeat; 3]);
    assert_eq!(
        Refusal::NoRepeat.to_string(),
        "nobody has bought twice yet, so coming back cannot be predicted"
    );
}

#[test]
fn two_customers_are_too_few() {
    let refusal = Refusal::TooFew { what: "customers", need: 50, have: 2 };
    assert_eq!(refusals(&[(1, 0, 5.0), (1, 50, 5.0), (2, 3, 5.0)]), vec![refusal.clone(); 3]);
    assert_eq!(refusal.to_string(), "too little data: 2 customers, at least 50 needed");
}

#[test]
fn identical_customers_leave_nothing_to_estimate() {
    let mut rows = Vec::new();
    for c in 0..200 {
        rows.extend([(c, 0, 10.0), (c, 30, 10.0), (c, 60, 10.0)]);
    }
    assert_eq!(refusals(&rows), vec![Refusal::AllAlike; 3]);
    assert_eq!(GammaGamma::fit(&histories(&rows).rows).expect_err("refused"), Refusal::AllAlike);
}

#[test]
fn purchases_of_one_day_have_no_rate() {
    let rows: Vec<_> = (0..200).map(|c| (c, 100, 10.0)).collect();
    assert_eq!(refusals(&rows), vec![Refusal::NoTime; 3]);
}

#[test]
fn a_handful_of_returners_is_too_few() {
    let mut rows: Vec<_> = (0..200).map(|c| (c, (c % 90) as i32, 10.0)).collect();
    rows.push((3, 95, 10.0));
    assert_eq!(
        refusals(&rows),
        vec![Refusal::TooFew { what: "customers who came back", need: 20, have: 1 }; 3]
    );
}

#[test]
fn one_enormous_purchase_does_not_become_everybodys_mean() {
    let mut rows = Vec::new();
    for c in 0..100 {
        rows.extend([(c, (c % 40) as i32, 10.0), (c, 50 + (c % 40) as i32, 8.0 + f64::from(c % 7))]);
    }
    rows.push((7, 99, 1e12));
    match GammaGamma::fit(&histories(&rows).rows) {
        Err(Refusal::Implausible { .. } | Refusal::NotConverged { .. }) => {}
        Ok((model, _)) => assert!(model.population_mean() < 1e11, "{model:?}"),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn where_models_refuse_the_pooled_estimate_still_ranks() {
    let scored = scored(&[(1, 0, 50.0), (1, 40, 50.0), (1, 90, 60.0), (2, 3, 5.0)]);
    assert_eq!((scored.method, scored.spend_method), ("pooled", "pooled"));
    assert!(scored.values.lifetime_value[0] > scored.values.lifetime_value[1]);
    assert!(scored.values.low[0] < scored.values.high[0]);
    assert!(scored.models[1..].iter().all(|card| card.refusal.is_some()));
    assert_eq!(
        scored.models[4].notes[0],
        "Not used: too little data: 1 customers with a repeat purchase, at least 20 needed. A simpler estimate takes its place."
    );
}

#[test]
fn no_purchases_give_empty_columns() {
    let scored = scored(&[]);
    assert!(
        scored.histories.customers.is_empty() && scored.values.low.is_empty() && scored.stages.is_empty()
    );
    assert!(scored.models.iter().all(|card| card.refusal.is_some()));
    assert_eq!(scored.concentration, None);
}
