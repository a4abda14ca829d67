//! Scores: what a run says of each customer, that it can be repeated, and that it tells what changed.

use std::collections::BTreeMap;

use crm::scores::{self, Options, Run, Unit};
use db::Value;
use kernel::value::days_of;
use testkit::{World, both, date};

fn run(w: &World, as_of: &str) -> Run {
    let options = Options { as_of: Some(date(as_of)), unit: Unit::Week };
    scores::run(&w.db, &w.system(), &options, |_| {}).unwrap_or_else(|e| panic!("scoring: {e}"))
}

/// The CDNOW sample: 2,357 customers who first bought in early 1997, followed to mid-1998.
fn cdnow(w: &World) {
    let start = days_of(date("1997-01-01"));
    let mut purchases: Vec<(i64, i64, i64)> = Vec::new();
    for line in include_str!("data/cdnow.csv").lines().skip(1) {
        let fields: Vec<i64> = line.split(',').map(|f| f.parse().expect("a number")).collect();
        purchases.push((fields[0], fields[1] + start, fields[2]));
    }
    fill(w, &purchases);
}

/// Parties and their orders (party, day, minor units) without the rest of what saving does.
fn fill(w: &World, purchases: &[(i64, i64, i64)]) {
    w.write(|tx| {
        let mut first: BTreeMap<i64, i64> = BTreeMap::new();
        for (party, day, _) in purchases {
            let known = first.entry(*party).or_insert(*day);
            *known = (*known).min(*day);
        }
        let empty = || Value::from("{}");
        let party_id = |party: i64| Value::from(1_000_000 + party);
        let parties = first.iter().map(|(party, day)| {
            let name = format!("Customer {party}");
            vec![
                party_id(*party),
                1.into(),
                0.into(),
                0.into(),
                empty(),
                "contact".into(),
                name.as_str().into(),
                name.to_lowercase().into(),
                (*day).into(),
            ]
        });
        let columns = [
            "id",
            "version",
            "created_at",
            "updated_at",
            "custom",
            "kind",
            "name",
            "name_key",
            "customer_since",
        ];
        tx.insert_rows("parties", &columns, parties)?;
        let orders = purchases.iter().zip(2_000_000_i64..).map(|((party, day, cents), id)| {
            vec![
                id.into(),
                1.into(),
                0.into(),
                0.into(),
                empty(),
                format!("O-{id}").into(),
                party_id(*party),
                (*day).into(),
                "completed".into(),
                "EUR".into(),
                (*cents).into(),
            ]
        });
        let columns = [
            "id",
            "version",
            "created_at",
            "updated_at",
            "custom",
            "number",
            "party_id",
            "placed_on",
            "status",
            "currency",
            "total",
        ];
        tx.insert_rows("orders", &columns, orders)?;
        Ok(())
    });
}

/// Every row of scores without what tells one run from another.
fn rows(w: &World) -> Vec<db::Row> {
    let sql = "SELECT party_id, lifetime_value, lifetime_value_low, lifetime_value_high, p_alive, expected_purchases_90d,
                  expected_spend, tier, rfm, rfm_segment, stage, stage_reason, model, as_of
               FROM scores ORDER BY party_id LIMIT 100000";
    w.read(|tx| Ok(tx.query(sql, &[])?))
}

#[test]
fn the_published_fits_come_out_of_the_database() {
    both(|w| {
        cdnow(w);
        let run = run(w, "1997-09-30");
        assert_eq!(run.n_customers, 2_357);
        let near = |model: &str, wanted: &[(&str, f64, f64)], log_likelihood: Option<f64>| {
            let card = run.card(model).unwrap_or_else(|| panic!("no card of {model}"));
            for (name, value, within) in wanted {
                let param =
                    card.params.iter().find(|p| p.name == *name).unwrap_or_else(|| panic!("{model} {name}"));
                assert!(
                    (param.value - value).abs() <= *within,
                    "{model} {name}: {} is not {value}",
                    param.value
                );
            }
            if let (Some(wanted), Some(found)) = (log_likelihood, card.log_likelihood) {
                assert!((found - wanted).abs() <= 0.05, "{model}: {found} is not {wanted}");
            }
        };
        let b = [("r", 0.243, 5e-4), ("alpha", 4.414, 5e-4), ("a", 0.793, 5e-4), ("b", 2.426, 5e-4)];
        near("bg_nbd", &b, Some(-9582.4));
        let p = [("r", 0.553, 5e-4), ("alpha", 10.578, 5e-4), ("s", 0.606, 5e-4), ("beta", 11.669, 5e-4)];
        near("pareto_nbd", &p, Some(-9595.0));
        near("gamma_gamma", &[("p", 6.25, 5e-3), ("q", 3.74, 5e-3), ("gamma", 15.44, 5e-3)], None);

        // Nine months follow the day of scoring, so they judge the models: the split of the published papers.
        let backtest = run.card("bg_nbd").and_then(|c| c.backtest.clone()).expect("a back-test");
        assert_eq!((backtest.split_on, backtest.holdout_days), (days_of(date("1997-09-30")) as i32, 273));
        assert_eq!(backtest.model.actual_total, 1_882.0);
    });
}

#[test]
fn the_cards_have_the_shape_that_scripts_rely_on() {
    both(|w| {
        cdnow(w);
        let run = run(w, "1997-09-30");
        let stored = w.read(scores::latest).expect("a run");
        assert_eq!((stored.id, stored.as_of, stored.window), (run.id, run.as_of, run.window));
        assert_eq!((stored.summary.equity, &stored.summary.tiers), (run.summary.equity, &run.summary.tiers));
        assert_eq!(stored.summary.at_risk, run.summary.at_risk);
        assert_eq!(stored.cards.len(), 5);
        let json = scores::cards_json(&stored);
        assert_eq!((json["as_of"].as_str(), json["unit"].as_str()), (Some("1997-09-30"), Some("week")));
        assert_eq!(json["n_customers"], 2_357);
        let names: Vec<&str> =
            json["models"].as_array().into_iter().flatten().filter_map(|m| m["model"].as_str()).collect();
        assert_eq!(names, ["rfm", "bg_nbd", "mbg_nbd", "pareto_nbd", "gamma_gamma"]);
        let bg = &json["models"][1];
        let keys: Vec<&String> = bg.as_object().into_iter().flat_map(|card| card.keys()).collect();
        assert_eq!(
            keys,
            [
                "model",
                "chosen",
                "params",
                "standard_errors",
                "log_likelihood",
                "n_customers",
                "as_of",
                "unit",
                "window",
                "backtest",
                "refused",
                "notes"
            ]
        );
        assert_eq!(bg["window"]["first"], "1997-01-01");
        assert_eq!(bg["window"]["last"], "1997-09-30");
        assert!(bg["backtest"]["bias"].is_number() && bg["refused"].is_null(), "{bg}");
    });
}

#[test]
fn a_second_run_over_the_same_orders_changes_nothing() {
    both(|w| {
        cdnow(w);
        let first = run(w, "1997-09-30");
        let before = rows(w);
        let second = run(w, "1997-09-30");
        assert_eq!(rows(w), before);
        assert_eq!((first.summary, first.cards), (second.summary, second.cards));
        let n = w.read(|tx| {
            Ok(tx.one("SELECT COUNT(*) FROM events WHERE kind = 'contact.scored'", &[])?.int(0)?)
        });
        assert_eq!(n, 0);
    });
}

#[test]
fn both_engines_give_the_same_scores() {
    let (sqlite, postgres) = (World::sqlite(), World::postgres());
    cdnow(&sqlite);
    cdnow(&postgres);
    run(&sqlite, "1997-09-30");
    run(&postgres, "1997-09-30");
    assert_eq!(rows(&sqlite), rows(&postgres));
}

#[test]
fn orders_after_the_day_are_not_seen() {
    both(|w| {
        let ana = w.contact("Ana");
        for day in ["2026-01-05", "2026-02-05", "2026-03-05"] {
            w.order(ana, day, "100");
        }
        run(w, "2026-04-01");
        let before = rows(w);
        w.order(ana, "2026-04-02", "9999");
        run(w, "2026-04-01");
        assert_eq!(rows(w), before);
    });
}

#[test]
fn a_day_in_the_future_is_refused() {
    let w = World::sqlite();
    let options = Options { as_of: Some(date("2026-06-16")), unit: Unit::Week };
    let refused = scores::run(&w.db, &w.system(), &options, |_| {});
    assert_eq!(
        refused.map_err(|e| e.to_string()).err().as_deref(),
        Some("as_of: 2026-06-16 lies in the future")
    );
}

#[test]
fn an_empty_workspace_gives_cards_that_say_why() {
    both(|w| {
        let run = scores::run(&w.db, &w.system(), &Options::default(), |_| {}).expect("a run");
        assert_eq!(run.n_customers, 0);
        assert!(run.cards.iter().all(|card| card.refused.is_some()));
        assert_eq!(run.summary.remarks, ["There is no order up to 2026-06-15, so nobody is scored."]);
        assert_eq!(w.read(scores::latest), Some(run));
    });
}

#[test]
fn a_silent_shop_is_told_how_long_it_was_silent() {
    let w = World::sqlite();
    let ana = w.contact("Ana");
    w.order(ana, "2024-01-05", "100");
    w.order(ana, "2024-06-05", "100");
    let run = scores::run(&w.db, &w.system(), &Options::default(), |_| {}).expect("a run");
    assert_eq!(run.as_of, date("2026-06-15"));
    assert_eq!(
        run.summary.remarks,
        [
            "The last order is from 2024-06-05, 740 days before 2026-06-15: to the models it looks as if customers had left. \
             To see how things stood then, score as of 2024-06-05."
        ]
    );
}

#[test]
fn cancelled_and_archived_orders_and_other_currencies_bring_no_money() {
    both(|w| {
        let (ana, bo) = (w.contact("Ana"), w.contact("Bo"));
        w.order(ana, "2026-01-05", "100");
        let id = bo.to_string();
        let order = |extra: &[(&str, &str)]| {
            let mut texts = vec![("party", id.as_str()), ("placed_on", "2026-02-05")];
            texts.extend(extra);
            w.create("orders", &texts)
        };
        order(&[("total", "1000"), ("status", "cancelled")]);
        let put_away = order(&[("total", "1000")]);
        w.archive("orders", put_away);
        let first = run(w, "2026-03-01");
        assert_eq!((first.n_customers, first.summary.n_orders), (1, 1));

        order(&[("total", "1000"), ("currency", "USD")]);
        let second = run(w, "2026-03-01");
        assert_eq!((second.n_customers, second.summary.n_foreign), (2, 1));
        assert_eq!(
            second.summary.remarks,
            ["1 of 2 orders are not in EUR: they count as purchases, but their amounts are left out."]
        );
    });
}

#[test]
fn a_known_cost_makes_the_margin() {
    both(|w| {
        let (ana, bo) = (w.contact("Ana"), w.contact("Bo"));
        for day in ["2026-01-05", "2026-02-05", "2026-03-05", "2026-04-05"] {
            for (party, cost) in [(ana, "20"), (bo, "90")] {
                let party = party.to_string();
                w.create(
                    "orders",
                    &[("party", &party), ("placed_on", day), ("total", "100"), ("cost", cost)],
                );
            }
        }
        run(w, "2026-05-01");
        let value = |id| w.record("contacts", id).value("lifetime_value").int().expect("a value");
        assert!(value(ana) > 2 * value(bo), "{} against {}", value(ana), value(bo));
    });
}

#[test]
fn who_is_no_longer_a_customer_loses_the_scores() {
    both(|w| {
        let (ana, bo) = (w.contact("Ana"), w.contact("Bo"));
        w.order(ana, "2026-01-05", "100");
        let only = w.order(bo, "2026-02-05", "100");
        run(w, "2026-03-01");
        assert_eq!(rows(w).len(), 2);
        w.archive("orders", only);
        run(w, "2026-03-01");
        assert_eq!(rows(w).len(), 1);
        assert!(w.record("contacts", bo).value("tier").vacant());
    });
}

#[test]
fn a_change_of_stage_is_an_event_and_a_first_score_is_not() {
    both(|w| {
        let ana = w.contact("Ana");
        for day in ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26", "2026-02-02"] {
            w.order(ana, day, "100");
        }
        run(w, "2026-02-05");
        assert_eq!(w.events("contacts", ana), ["contact.created"]);
        assert_eq!(w.record("contacts", ana).text("relationship_stage"), "involved");
        run(w, "2026-04-05");
        assert_eq!(w.events("contacts", ana), ["contact.created", "contact.scored"]);
        assert_ne!(w.record("contacts", ana).text("relationship_stage"), "involved");
        // Looking back at an earlier day is no movement of the customer.
        run(w, "2026-02-05");
        assert_eq!(w.events("contacts", ana).len(), 2);
    });
}

#[test]
fn an_open_complaint_puts_the_relationship_in_repair() {
    both(|w| {
        let ana = w.contact("Ana");
        w.order(ana, "2026-05-05", "100");
        w.order(ana, "2026-05-25", "100");
        let party = ana.to_string();
        let case = w.create("cases", &[("name", "Late"), ("party", &party), ("kind", "complaint")]);
        run(w, "2026-06-01");
        assert_eq!(w.record("contacts", ana).text("relationship_stage"), "repair");
        w.change("cases", case, &[("status", "closed")]);
        run(w, "2026-06-01");
        assert_ne!(w.record("contacts", ana).text("relationship_stage"), "repair");
    });
}

#[test]
fn archived_customers_are_scored_but_do_not_count_in_the_base() {
    both(|w| {
        let (ana, bo) = (w.contact("Ana"), w.contact("Bo"));
        w.order(ana, "2026-01-05", "100");
        w.order(bo, "2026-02-05", "100");
        w.archive("contacts", bo);
        let run = run(w, "2026-03-01");
        assert_eq!((run.n_customers, run.summary.n_customers), (2, 1));
    });
}

#[test]
fn many_customers_are_written_beside_the_old_scores_and_put_in_their_place_at_once() {
    both(|w| {
        // More than are replaced in one transaction; each buys once or twice.
        let start = days_of(date("2026-01-01"));
        let mut purchases: Vec<(i64, i64, i64)> = Vec::new();
        for n in 0..20_100 {
            purchases.push((n, start + n % 100, 1_000 + n % 7 * 100));
            if n % 3 == 0 {
                purchases.push((n, start + n % 100 + 20 + n % 11, 2_000));
            }
        }
        fill(w, &purchases);
        let indexes = |w: &World| -> Vec<String> {
            let ctx = w.ctx();
            let customers = ctx.catalogue.need("customers").expect("customers").clone();
            let query = kernel::ListQuery {
                sort: kernel::SortKey::parse_all("-p_alive"),
                limit: 3,
                ..Default::default()
            };
            let page = w.read(|tx| kernel::list(tx, &ctx, &customers, &query));
            page.records.iter().map(|r| r.text("rfm").to_string()).collect()
        };
        run(w, "2026-06-01");
        assert_eq!(rows(w).len(), 20_100);
        let (before, best) = (rows(w), indexes(w));
        run(w, "2026-06-01");
        assert_eq!((rows(w), indexes(w)), (before, best));
        let runs = w.read(|tx| Ok(tx.one("SELECT COUNT(*) FROM score_runs", &[])?.int(0)?));
        assert_eq!(runs, 2);
    });
}
