//! What must hold for any data, however wild.

use insight::bg_nbd::BgNbd;
use insight::gamma_gamma::GammaGamma;
use insight::mbg_nbd::MbgNbd;
use insight::pareto_nbd::ParetoNbd;
use insight::rfm;
use insight::rng::Rng;
use insight::summary;
use insight::timing::Timing;
use insight::value::Terms;
use insight::{History, Options, Purchases, Scored, Unit, score};
use proptest::prelude::*;

fn a_history() -> impl Strategy<Value = History> {
    let x = prop_oneof![4 => 0u32..10, 2 => 10u32..500, 1 => 500u32..5000];
    let t = prop_oneof![1 => Just(0.0), 4 => 0.01f64..10.0, 4 => 10.0f64..2000.0];
    let spend = prop_oneof![1 => Just(0.0), 5 => 0.01f64..1e3, 1 => 1e6f64..1e12];
    (x, t, 0.0f64..=1.0, spend).prop_map(|(x, t, share, mean_spend)| {
        let x = if t == 0.0 { 0 } else { x };
        History {
            x,
            t_x: if x == 0 { 0.0 } else { share * t },
            t,
            mean_spend: if x == 0 { 0.0 } else { mean_spend },
            n_spend: if mean_spend > 0.0 { x } else { 0 },
            first_day: 0,
            last_day: 0,
            n_orders: x + 1,
            total: mean_spend * f64::from(x + 1),
            margin: mean_spend,
        }
    })
}

fn a_scale() -> impl Strategy<Value = f64> {
    (-5.0f64..5.0).prop_map(f64::exp)
}

fn models(p: [f64; 4]) -> [Timing; 3] {
    [
        Timing::BgNbd(BgNbd::from_params(p)),
        Timing::MbgNbd(MbgNbd::from_params(p)),
        Timing::ParetoNbd(ParetoNbd::from_params(p)),
    ]
}

/// A base that buys as the models assume.
fn base(n: u32, seed: u64) -> (Vec<u32>, Vec<i32>, Vec<f64>) {
    let (mut customer, mut day, mut amount) = (Vec::new(), Vec::new(), Vec::new());
    for c in 0..n {
        let mut rng = Rng::for_item(seed, u64::from(c));
        let (rate, life) = (rng.gamma(0.8) / 30.0, rng.exponential() * 200.0);
        let spend = rng.gamma(4.0);
        let start = rng.uniform() * 100.0;
        let mut at = 0.0;
        while at <= life && start + at < 365.0 {
            customer.push(c);
            day.push((start + at) as i32);
            amount.push((rng.gamma(5.0) / spend * 2000.0).round() / 100.0);
            at += rng.exponential() / rate;
        }
    }
    (customer, day, amount)
}

fn holds_together(scored: &Scored) {
    let n = scored.histories.customers.len();
    let v = &scored.values;
    assert_eq!(
        scored.models.iter().map(|c| c.model).collect::<Vec<_>>(),
        ["rfm", "bg_nbd", "mbg_nbd", "pareto_nbd", "gamma_gamma"]
    );
    assert_eq!(
        [v.low.len(), v.high.len(), scored.stages.len(), scored.tiers.tier.len(), scored.rfm.cell.len()],
        [n; 5]
    );
    for i in 0..n {
        assert!(
            v.low[i] >= 0.0 && v.low[i] <= v.lifetime_value[i] && v.lifetime_value[i] <= v.high[i],
            "{i}"
        );
        assert!(
            v.high[i].is_finite() && v.expected_spend[i].is_finite() && v.expected_purchases[i].is_finite()
        );
        assert!((0.0..=1.0).contains(&v.p_alive[i]));
    }
    for card in &scored.models {
        assert_eq!(
            card.refusal.is_some(),
            card.params.is_empty() && !(card.model == "rfm" && n > 0),
            "{card:?}"
        );
        assert!(card.params.iter().all(|p| p.1.is_finite() && p.1 > 0.0));
        assert!(card.standard_errors.iter().all(|e| e.is_finite()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn predictions_are_finite_and_grow_with_the_horizon(
        history in a_history(), r in a_scale(), alpha in a_scale(), a in a_scale(), b in a_scale(),
    ) {
        for model in models([r, alpha, a, b]) {
            let p_alive = model.p_alive(&history);
            prop_assert!((0.0..=1.0).contains(&p_alive), "{model:?} {p_alive}");
            let mut before = 0.0;
            for horizon in [0.0, 1.0, 13.0, 52.0] {
                let expected = model.expected_if_alive(&history, horizon);
                prop_assert!(expected.is_finite(), "{model:?} {horizon} {expected}");
                prop_assert!(expected >= before * (1.0 - 1e-6) - 1e-9, "{model:?} {horizon} {expected} {before}");
                before = expected;
            }
        }
    }

    #[test]
    fn likelihoods_are_finite(
        histories in prop::collection::vec(a_history(), 1..20),
        r in a_scale(), alpha in a_scale(), a in a_scale(), b in a_scale(),
    ) {
        prop_assert!(BgNbd::from_params([r, alpha, a, b]).log_likelihood(&histories).is_finite());
        prop_assert!(MbgNbd::from_params([r, alpha, a, b]).log_likelihood(&histories).is_finite());
        prop_assert!(ParetoNbd::from_params([r, alpha, a, b]).log_likelihood(&histories).is_finite());
        prop_assert!(GammaGamma::from_params([r, alpha, a]).log_likelihood(&histories).is_finite());
    }

    #[test]
    fn silence_never_makes_a_customer_livelier(
        history in a_history(), more in 0.0f64..500.0, r in a_scale(), alpha in a_scale(), a in a_scale(), b in a_scale(),
    ) {
        let later = History { t: history.t + more, ..history };
        for model in models([r, alpha, a, b]) {
            prop_assert!(model.p_alive(&later) <= model.p_alive(&history) + 1e-9, "{model:?}");
        }
    }

    #[test]
    fn equal_values_share_a_score(values in prop::collection::vec(0u8..12, 0..200)) {
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let scores = rfm::scores(&values);
        for i in 0..values.len() {
            prop_assert!((1..=5).contains(&scores[i]));
            for j in 0..values.len() {
                prop_assert_eq!(values[i].total_cmp(&values[j]).is_lt() && scores[i] > scores[j], false);
                prop_assert!(values[i] != values[j] || scores[i] == scores[j]);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_purchases_can_be_scored(
        rows in prop::collection::vec(
            (0u32..90, prop_oneof![0i32..400, -30_000i32..30_000],
             prop_oneof![5 => 0.0f64..200.0, 1 => Just(0.0), 1 => -100.0f64..0.0, 1 => 1e6f64..1e11]),
            0..600),
        as_of in prop_oneof![Just(400), -30_000i32..40_000],
    ) {
        let customer: Vec<u32> = rows.iter().map(|r| r.0).collect();
        let day: Vec<i32> = rows.iter().map(|r| r.1).collect();
        let amount: Vec<f64> = rows.iter().map(|r| r.2).collect();
        let purchases = Purchases::new(&customer, &day, &amount).expect("columns are equal");
        holds_together(&score(&purchases, as_of, Unit::Day, &Options::default()));
    }

    #[test]
    fn the_order_of_purchases_does_not_matter(seed in 0u64..1000) {
        let (customer, day, amount) = base(150, seed);
        let mut order: Vec<usize> = (0..customer.len()).collect();
        let mut rng = Rng::new(seed);
        for i in (1..order.len()).rev() {
            order.swap(i, (rng.next_u64() % (i as u64 + 1)) as usize);
        }
        let (c, d, a): (Vec<u32>, Vec<i32>, Vec<f64>) = (
            order.iter().map(|&i| customer[i]).collect(),
            order.iter().map(|&i| day[i]).collect(),
            order.iter().map(|&i| amount[i]).collect(),
        );
        let options = Options { terms: Terms { n_draws: 20, ..Terms::default() }, ..Options::default() };
        let left = score(&Purchases::new(&customer, &day, &amount).expect("equal"), 365, Unit::Week, &options);
        let right = score(&Purchases::new(&c, &d, &a).expect("equal"), 365, Unit::Week, &options);
        holds_together(&left);
        prop_assert_eq!(left, right);
    }
}

#[test]
fn another_unit_of_time_scales_alpha_and_nothing_else() {
    let (customer, day, amount) = base(1500, 5);
    let purchases = Purchases::new(&customer, &day, &amount).expect("columns are equal");
    let (days, weeks) =
        (summary::histories(&purchases, 365, Unit::Day), summary::histories(&purchases, 365, Unit::Week));
    let n_repeat: f64 = days.rows.iter().map(|h| f64::from(h.x)).sum();
    for (name, factors) in [
        ("bg_nbd", [1.0, 7.0, 1.0, 1.0]),
        ("mbg_nbd", [1.0, 7.0, 1.0, 1.0]),
        ("pareto_nbd", [1.0, 7.0, 1.0, 7.0]),
    ] {
        let (by_day, by_week) =
            (Timing::fit(name, &days.rows).expect("fits"), Timing::fit(name, &weeks.rows).expect("fits"));
        for ((day, week), factor) in by_day.1.params.iter().zip(&by_week.1.params).zip(factors) {
            assert!((day.1 / week.1 / factor - 1.0).abs() < 1e-4, "{name} {day:?} {week:?}");
        }
        let difference = by_week.1.log_likelihood - by_day.1.log_likelihood;
        assert!((difference - n_repeat * 7f64.ln()).abs() < 1e-4, "{name} {difference}");
        let (p, q) = (by_day.0.p_alive(&days.rows[7]), by_week.0.p_alive(&weeks.rows[7]));
        assert!((p - q).abs() < 1e-5);
    }
}

#[test]
fn intervals_hold_about_what_they_promise() {
    let (customer, day, amount) = base(4000, 11);
    let purchases = Purchases::new(&customer, &day, &amount).expect("columns are equal");
    let split = insight::backtest::split(&purchases, 365, 120, Unit::Week);
    for level in [0.5, 0.8, 0.95] {
        let terms = Terms { level, ..Terms::default() };
        let test = insight::backtest::backtest("pareto_nbd", &split, &terms).expect("fits");
        assert!(test.revenue.coverage > level - 0.03, "{level} {}", test.revenue.coverage);
        assert!(
            (test.revenue.coverage_top_decile - level).abs() < 0.1,
            "{level} {}",
            test.revenue.coverage_top_decile
        );
        assert!(test.model.bias.abs() < 0.15, "{}", test.model.bias);
    }
}
