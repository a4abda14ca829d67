//! The published and independently computed figures for the CDNOW sample.
//!
//! Reference values: Lifetimes 0.11.3 and an independent maximisation in mpmath and scipy, on the rounded weekly summary.

use insight::bg_nbd::BgNbd;
use insight::gamma_gamma::{self, GammaGamma};
use insight::mbg_nbd::MbgNbd;
use insight::pareto_nbd::ParetoNbd;
use insight::{History, Unit};

fn cdnow() -> Vec<History> {
    let text = include_str!("data/cdnow_summary.csv");
    let mut histories = Vec::new();
    for line in text.lines().skip(2) {
        let fields: Vec<f64> = line.split(',').map(|f| f.parse().expect("a number")).collect();
        histories.push(history(fields[0] as u32, fields[1], fields[2], fields[3]));
    }
    histories
}

fn history(x: u32, t_x: f64, t: f64, mean_spend: f64) -> History {
    let total = mean_spend * f64::from(x + 1);
    let day = |time: f64| (time * Unit::Week.days()).round() as i32;
    History {
        x,
        t_x,
        t,
        mean_spend,
        n_spend: if mean_spend > 0.0 { x } else { 0 },
        first_day: 0,
        last_day: day(t_x),
        n_orders: x + 1,
        total,
        margin: total,
    }
}

#[track_caller]
fn near(value: f64, expected: f64, relative: f64) {
    assert!((value / expected - 1.0).abs() < relative, "{value} is not {expected}");
}

#[track_caller]
fn holds(fit: &insight::fit::Fit, params: &[f64], errors: &[f64], log_likelihood: f64) {
    for ((_, value), expected) in fit.params.iter().zip(params) {
        near(*value, *expected, 1e-4);
    }
    for (value, expected) in fit.standard_errors.iter().zip(errors) {
        near(*value, *expected, 1e-2);
    }
    assert!((fit.log_likelihood - log_likelihood).abs() < 1e-3, "{}", fit.log_likelihood);
    assert!(fit.gradient_norm < 1e-6);
}

#[test]
fn the_sample_has_the_published_totals() {
    let histories = cdnow();
    assert_eq!(histories.len(), 2357);
    assert_eq!(histories.iter().map(|h| h.x).sum::<u32>(), 2457);
    let spends: Vec<f64> = histories.iter().filter(|h| h.x > 0).map(|h| h.mean_spend).collect();
    assert_eq!(spends.len(), 946);
    near(spends.iter().sum::<f64>() / 946.0, 35.078, 1e-4);
}

#[test]
fn bg_nbd_finds_the_published_optimum() {
    let (_, fit) = BgNbd::fit(&cdnow()).expect("fits");
    holds(
        &fit,
        &[0.24259291631082422, 4.413531829211766, 0.7928860078847609, 2.4257528497478695],
        &[0.012557318685713135, 0.3782213815909843, 0.18571756943791723, 0.7053397346229127],
        -9582.42556056736,
    );
}

#[test]
fn mbg_nbd_finds_the_reference_optimum() {
    let (_, fit) = MbgNbd::fit(&cdnow()).expect("fits");
    holds(
        &fit,
        &[0.5248379785397169, 6.182991877218529, 0.8913561704932704, 1.6139993441996177],
        &[0.08326395380104286, 0.6955970026920729, 0.1547853067884185, 0.5374719969964545],
        -9582.132684899902,
    );
}

#[test]
fn pareto_nbd_finds_the_published_optimum() {
    let (_, fit) = ParetoNbd::fit(&cdnow()).expect("fits");
    holds(
        &fit,
        &[0.5532755370874813, 10.577612681948452, 0.606213574884635, 11.667910119862649],
        &[0.04762845017793503, 0.842721809272734, 0.18727507961953208, 6.210878053368213],
        -9594.973929826861,
    );
}

#[test]
fn gamma_gamma_finds_the_published_optimum() {
    let (model, fit) = GammaGamma::fit(&cdnow()).expect("fits");
    holds(
        &fit,
        &[6.248801552898265, 3.7445886968444384, 15.447751460111704],
        &[1.1896820777030184, 0.2901650161439775, 4.159978786541303],
        -4055.923243502859,
    );
    near(model.population_mean(), 35.17100155069381, 1e-5);
    near(gamma_gamma::correlation(&cdnow()).expect("varies"), 0.11388391048600437, 1e-6);
}

/// One column of the reference predictions; rows without a value are skipped.
fn predictions(column: usize) -> Vec<(History, f64)> {
    let text = include_str!("data/cdnow_predictions.csv");
    let mut rows = Vec::new();
    for line in text.lines().skip(2) {
        let fields: Vec<Option<f64>> = line.split(',').map(|f| f.parse().ok()).collect();
        if let (Some(x), Some(t_x), Some(t), Some(value)) = (fields[0], fields[1], fields[2], fields[column])
        {
            rows.push((history(x as u32, t_x, t, fields[3].unwrap_or(0.0)), value));
        }
    }
    assert!(rows.len() >= 15, "{}", rows.len());
    rows
}

const BG: BgNbd =
    BgNbd { r: 0.24259291631082422, alpha: 4.413531829211766, a: 0.7928860078847609, b: 2.4257528497478695 };
const MBG: MbgNbd =
    MbgNbd { r: 0.5248379785397169, alpha: 6.182991877218529, a: 0.8913561704932704, b: 1.6139993441996177 };
const PARETO: ParetoNbd = ParetoNbd {
    r: 0.5532755370874813,
    alpha: 10.577612681948452,
    s: 0.606213574884635,
    beta: 11.667910119862649,
};
const SPEND: GammaGamma =
    GammaGamma { p: 6.248801552898265, q: 3.7445886968444384, gamma: 15.447751460111704 };

#[test]
fn likelihoods_at_given_parameters_match() {
    let near =
        |value: f64, expected: f64| assert!((value - expected).abs() < 1e-5, "{value} is not {expected}");
    near(BG.log_likelihood(&cdnow()), -9582.42556056736);
    near(MBG.log_likelihood(&cdnow()), -9582.132684899902);
    near(PARETO.log_likelihood(&cdnow()), -9594.973929826861);
    near(SPEND.log_likelihood(&cdnow()), -4055.923243502859);
}

#[test]
fn expected_purchases_match_the_reference() {
    for (history, expected) in predictions(4) {
        near(BG.expected_purchases(&history, 39.0), expected, 1e-9);
    }
    for (history, expected) in predictions(5) {
        near(MBG.expected_purchases(&history, 39.0), expected, 1e-9);
    }
    for (history, expected) in predictions(6) {
        near(PARETO.expected_purchases(&history, 39.0), expected, 1e-9);
    }
}

#[test]
fn chances_of_still_buying_match_the_reference() {
    for (history, expected) in predictions(7) {
        near(BG.p_alive(&history), expected, 1e-9);
    }
    for (history, expected) in predictions(8) {
        near(MBG.p_alive(&history), expected, 1e-9);
    }
    for (history, expected) in predictions(9) {
        near(PARETO.p_alive(&history), expected, 1e-9);
    }
}

#[test]
fn expected_spend_matches_the_reference() {
    for (history, expected) in predictions(10) {
        near(SPEND.expected_spend(&history), expected, 1e-9);
    }
}

#[test]
fn discounted_residual_purchases_match_the_reference() {
    for (history, expected) in predictions(11) {
        near(PARETO.discounted_residual(&history, 0.002687729661060743), expected, 1e-8);
    }
}

#[test]
fn the_published_single_customer_is_reproduced() {
    let published = BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
    let customer = history(2, 30.43, 38.86, 0.0);
    near(published.expected_purchases(&customer, 39.0), 1.226028174767135, 1e-10);
}
