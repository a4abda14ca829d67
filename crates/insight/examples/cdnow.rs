//! Checks the CDNOW purchases against the published figures: `cargo run --release --example cdnow FILE`.
//!
//! FILE is a table of purchases with the columns `customer_id`, `date` and `dollars`, separated by commas.
#![allow(clippy::disallowed_methods, reason = "a program of its own may read files")]

use std::collections::HashMap;

use insight::backtest;
use insight::summary;
use insight::tiers::{Shares, tiers};
use insight::value::Terms;
use insight::{Options, Purchases, Unit, score};

/// Days from 1970-01-01 to a date such as `1997-09-30` (Hinnant, "chrono-compatible low-level date algorithms").
fn day(date: &str) -> i32 {
    let part = |range: std::ops::Range<usize>| date[range].parse::<i32>().expect("a date");
    let (year, month, day) = (part(0..4), part(5..7), part(8..10));
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn main() {
    let path = std::env::args().nth(1).expect("the path of the purchases");
    let text = std::fs::read_to_string(path).expect("a readable file");
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let column = |name: &str| header.iter().position(|h| *h == name).expect("a column of that name");
    let (id, date, dollars) = (column("customer_id"), column("date"), column("dollars"));
    let mut indexes: HashMap<&str, u32> = HashMap::new();
    let (mut customer, mut days, mut amount) = (Vec::new(), Vec::new(), Vec::new());
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        let next = indexes.len() as u32;
        customer.push(*indexes.entry(fields[id]).or_insert(next));
        days.push(day(fields[date]));
        amount.push(fields[dollars].parse::<f64>().expect("an amount"));
    }
    let purchases = Purchases::new(&customer, &days, &amount).expect("columns are equal");
    let calibration = summary::histories(&purchases, day("1997-09-30"), Unit::Week);
    let repeat: Vec<f64> = calibration.rows.iter().filter(|h| h.x > 0).map(|h| h.mean_spend).collect();
    println!(
        "{} customers, {} repeat purchases, {} repeat customers, mean of their mean spends {:.4}",
        calibration.rows.len(),
        calibration.rows.iter().map(|h| h.x).sum::<u32>(),
        repeat.len(),
        repeat.iter().sum::<f64>() / repeat.len() as f64
    );
    let split = backtest::split(&purchases, day("1998-06-30"), 273, Unit::Week);
    for name in ["bg_nbd", "mbg_nbd", "pareto_nbd", "pooled"] {
        println!("{name} {:#?}", backtest::backtest(name, &split, &Terms::default()));
    }
    println!("{:.5?}", backtest::buy_rates(&split));
    let scored = score(&purchases, day("1998-07-01"), Unit::Week, &Options::default());
    println!("by {}, value at risk {:.0}", scored.method, scored.value_at_risk);
    for card in &scored.models {
        println!("{}: {:.4?} {:?} {:?}", card.model, card.params, card.log_likelihood, card.notes);
    }
    for cell in &scored.cells {
        println!("{:?}", cell);
    }
    let count = |column: &[u8]| -> Vec<usize> {
        (1..=5).map(|s| column.iter().filter(|c| **c == s).count()).collect()
    };
    println!(
        "{:?} {:?} {:?}",
        count(&scored.rfm.recency),
        count(&scored.rfm.frequency),
        count(&scored.rfm.monetary)
    );
    let totals: Vec<f64> = scored.histories.rows.iter().map(|h| h.total).collect();
    let pyramid = tiers(&totals, Shares { platinum: 0.01, gold: 0.04, iron: 0.15 });
    println!("{:?} {:?}", pyramid.from, scored.concentration.as_ref().map(|c| (c.gini, c.top_fifth_share)));
    let mut stages: HashMap<&str, usize> = HashMap::new();
    for standing in &scored.stages {
        *stages.entry(standing.stage.name()).or_default() += 1;
    }
    println!("{stages:?}");
    for i in 0..8 {
        let v = &scored.values;
        println!(
            "{:>8.2} [{:.2}, {:.2}] {:.3} {:.2} {:.2} {:?} {}",
            v.lifetime_value[i],
            v.low[i],
            v.high[i],
            v.p_alive[i],
            v.expected_purchases[i],
            v.expected_spend[i],
            scored.tiers.tier[i],
            scored.stages[i].reason
        );
    }
}
