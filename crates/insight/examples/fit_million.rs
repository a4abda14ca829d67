//! Times the fits and the values on a generated base: `cargo run --release --example fit_million [CUSTOMERS [DRAWS]]`.
//!
//! Every customer has a rate, a life and a spend of their own and buys on single days over two years. No history is copied, but
//! equal histories do occur, as they do in life. Two bases: one with lives that differ (as the models assume) and one in which
//! all lives have the same mean, where the fits must cope with a parameter that has no end.
#![allow(clippy::disallowed_methods, reason = "a program of its own may read files")]

use std::time::Instant;

use insight::gamma_gamma::GammaGamma;
use insight::rng::Rng;
use insight::spend::Spend;
use insight::summary;
use insight::timing::Timing;
use insight::value::{Source, Terms, values};
use insight::{Options, Purchases, Unit, score};

const DAYS: f64 = 729.0;

fn base(n: u32, lives_differ: bool) -> (Vec<u32>, Vec<i32>, Vec<f64>) {
    let (mut customer, mut day, mut amount) = (Vec::new(), Vec::new(), Vec::new());
    for c in 0..n {
        let mut rng = Rng::for_item(20_261_122, u64::from(c));
        let start = (rng.uniform() * 540.0).floor();
        let mean_life = if lives_differ { 300.0 / rng.gamma(1.2).max(1e-9) } else { 260.0 };
        let life = (rng.exponential() * mean_life).min(DAYS - start);
        let rate = rng.gamma(0.7) / 40.0;
        let spend = rng.gamma(3.7);
        let mut at = 0.0;
        while at <= life {
            customer.push(c);
            day.push((start + at).floor() as i32);
            amount.push((rng.gamma(6.0) / spend * 1500.0).round() / 100.0 + 0.01);
            at += rng.exponential() / rate;
        }
    }
    (customer, day, amount)
}

/// Processor seconds used so far by all threads, where the system tells (Linux, in hundredths).
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    fields.get(11).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(0.0) / 100.0
}

/// Runs a step and prints how long it took, on the wall and on the processor.
fn timed<T>(name: &str, step: impl FnOnce() -> T) -> T {
    let (clock, cpu) = (Instant::now(), cpu_seconds());
    let result = step();
    println!("{name}: {:.2} s, {:.2} s of processor", clock.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    result
}

fn main() {
    let n: u32 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let n_draws = std::env::args().nth(2).and_then(|n| n.parse().ok()).unwrap_or(Terms::default().n_draws);
    for lives_differ in [true, false] {
        let (customer, day, amount) = base(n, lives_differ);
        let purchases = Purchases::new(&customer, &day, &amount).expect("columns are equal");
        println!("\nlives {}", if lives_differ { "differ" } else { "alike" });
        let histories = timed("summary", || summary::histories(&purchases, DAYS as i32, Unit::Week));
        let mut keys: Vec<_> =
            histories.rows.iter().map(|h| (h.x, h.last_day - h.first_day, h.first_day)).collect();
        keys.sort_unstable();
        keys.dedup();
        println!(
            "{} customers, {} purchases, {} distinct histories",
            histories.rows.len(),
            customer.len(),
            keys.len()
        );
        let spend = timed("gamma_gamma", || GammaGamma::fit(&histories.rows));
        for name in ["bg_nbd", "mbg_nbd", "pareto_nbd"] {
            let (timing, fit) = match timed(name, || Timing::fit(name, &histories.rows)) {
                Ok(pair) => pair,
                Err(refusal) => {
                    println!("  {refusal}");
                    continue;
                }
            };
            println!(
                "  {} evaluations, gradient {:.1e}, {:.4?}",
                fit.n_evaluations, fit.gradient_norm, fit.params
            );
            let Ok((spend, spend_fit)) = &spend else { continue };
            let timing = Source { model: &timing, fit: Some(&fit) };
            let spend = Source { model: &Spend::GammaGamma(*spend), fit: Some(spend_fit) };
            let terms = Terms { n_draws, ..Terms::default() };
            timed("  values and intervals", || values(&histories, timing, spend, &[], &terms));
        }
        let options = Options::default();
        let scored = timed("score, all together", || score(&purchases, DAYS as i32, Unit::Week, &options));
        for card in &scored.models {
            if let Some(test) = &card.backtest {
                let (errors, revenue) = (&test.model, &test.revenue);
                println!(
                    "  {}{} bias {:+.3}, deviance {:.4} against {:.4}, coverage {:.3}, of the best tenth {:.3}",
                    card.model,
                    if card.chosen { " (chosen)" } else { "" },
                    errors.bias,
                    errors.deviance,
                    test.baseline.deviance,
                    revenue.coverage,
                    revenue.coverage_top_decile
                );
            }
        }
    }
}
