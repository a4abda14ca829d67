//! Times the fits and the values on a generated base: `cargo run --release --example fit_million [CUSTOMERS [DRAWS]]`.
//!
//! Every customer has a rate, a life and a spend of their own and buys on single days over two years. No history is copied, but
//! equal histories do occur, as they do in life. Two bases: one with lives that differ (as the models assume) and one in which
//! all lives have the same mean, where the fits must cope with a parameter that has no end.

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

fn main() {
    let n: u32 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    for lives_differ in [true, false] {
        let (customer, day, amount) = base(n, lives_differ);
        let purchases = Purchases::new(&customer, &day, &amount).expect("columns are equal");
        let clock = Instant::now();
        let histories = summary::histories(&purchases, DAYS as i32, Unit::Week);
        let mut keys: Vec<_> =
            histories.rows.iter().map(|h| (h.x, h.last_day - h.first_day, h.first_day)).collect();
        println!(
            "\n{} customers, {} purchases, lives {}: summary {:.2} s",
            histories.rows.len(),
            customer.len(),
            if lives_differ { "differ" } else { "alike" },
            clock.elapsed().as_secs_f64()
        );
        keys.sort_unstable();
        keys.dedup();
        println!("{} distinct histories", keys.len());
        let clock = Instant::now();
        let spend = GammaGamma::fit(&histories.rows);
        println!("gamma_gamma {:.2} s", clock.elapsed().as_secs_f64());
        for name in ["bg_nbd", "mbg_nbd", "pareto_nbd"] {
            let clock = Instant::now();
            let fit = Timing::fit(name, &histories.rows);
            let seconds = clock.elapsed().as_secs_f64();
            let (timing, fit) = match &fit {
                Ok(pair) => pair,
                Err(refusal) => {
                    println!("{name} {seconds:.2} s: {refusal}");
                    continue;
                }
            };
            println!(
                "{name} {seconds:.2} s, {} evaluations, gradient {:.1e}, {:.4?} {:?}",
                fit.n_evaluations, fit.gradient_norm, fit.params, fit.at_edge
            );
            let Ok((spend, spend_fit)) = &spend else { continue };
            let clock = Instant::now();
            let values = values(
                &histories,
                Source { model: timing, fit: Some(fit) },
                Source { model: &Spend::GammaGamma(*spend), fit: Some(spend_fit) },
                &[],
                &Terms {
                    n_draws: std::env::args().nth(2).and_then(|n| n.parse().ok()).unwrap_or(64),
                    ..Terms::default()
                },
            );
            println!(
                "  values and intervals {:.2} s, sum {:.0}",
                clock.elapsed().as_secs_f64(),
                values.lifetime_value.iter().sum::<f64>()
            );
        }
        let clock = Instant::now();
        let scored = score(&purchases, DAYS as i32, Unit::Week, &Options::default());
        println!("score, all together {:.2} s, by {}", clock.elapsed().as_secs_f64(), scored.method);
        for card in &scored.models {
            if let Some(b) = &card.backtest {
                println!(
                    "  {} {:+.3} deviance {:.4} against {:.4}, coverage {:.3} top {:.3}",
                    card.model,
                    b.model.bias,
                    b.model.deviance,
                    b.baseline.deviance,
                    b.revenue.coverage,
                    b.revenue.coverage_top_decile
                );
            }
            println!("  {}: {:?}", card.model, card.notes);
        }
    }
}
