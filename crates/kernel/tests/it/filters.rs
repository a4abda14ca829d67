//! Generated filters find the same records on SQLite, on PostgreSQL and in a plain loop over records in memory.

use kernel::ListQuery;
use kernel::filter::{Expr, Literal, Op};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};
use testkit::World;

use crate::naive::{AMOUNTS, CHOICES, DAYS, Model, NUMBERS, REALS, SHARES, WORDS, populate};

const ORDER: [Op; 6] = [Op::Eq, Op::Ne, Op::Lt, Op::Le, Op::Gt, Op::Ge];

fn literals(texts: &'static [&'static str], quoted: bool) -> BoxedStrategy<Literal> {
    select(texts).prop_map(move |text| Literal { text: text.into(), quoted }).boxed()
}

fn comparison(path: &'static str, ops: Vec<Op>, values: BoxedStrategy<Literal>) -> BoxedStrategy<Expr> {
    let path: Vec<String> = path.split('.').map(String::from).collect();
    let with_values = (select(ops), proptest::collection::vec(values, 1..4));
    let empty = Just(Expr::Empty(path.clone()));
    let compared = with_values.prop_map(move |(op, mut values)| {
        let n = match op {
            Op::In => values.len(),
            Op::Between => 2,
            _ => 1,
        };
        values.resize(n, values[0].clone());
        Expr::Compare { path: path.clone(), op, values }
    });
    prop_oneof![5 => compared, 1 => empty].boxed()
}

fn with(ops: &[Op], more: &[Op]) -> Vec<Op> {
    ops.iter().chain(more).copied().collect()
}

/// One comparison or existence over contacts, of every kind of field.
fn leaf() -> impl Strategy<Value = Expr> {
    let sets = [Op::In];
    let ranges = with(&ORDER, &[Op::In, Op::Between]);
    let texts = with(&ranges, &[Op::Contains, Op::Starts]);
    let parts: &'static [&'static str] =
        &["Ana", "a", "é", "É", "%", "_", "\\", "'", "", "ANA X", "b", "京", "ß", "E4"];
    let words = || prop_oneof![literals(&WORDS, true), literals(parts, true)].boxed();
    let days =
        || select(&DAYS[..]).prop_map(|(text, _)| Literal { text: text.into(), quoted: false }).boxed();
    let keys = [Op::Eq, Op::Ne, Op::In];
    let mut all = Vec::new();
    for path in [
        "name",
        "city",
        "about",
        "x_text",
        "x_long_text",
        "external_id",
        "company.name",
        "company.industry",
        "x_link.name",
    ] {
        all.push(comparison(path, texts.clone(), words()));
    }
    for (path, values) in [("x_whole", &NUMBERS[..]), ("n_orders", &NUMBERS[..]), ("x_number", &REALS[..])] {
        all.push(comparison(path, ranges.clone(), literals(values, false)));
    }
    for path in ["x_money", "total_spent", "lifetime_value"] {
        all.push(comparison(path, ranges.clone(), literals(&AMOUNTS, false)));
    }
    for path in ["x_percent", "p_alive"] {
        all.push(comparison(path, ranges.clone(), literals(&SHARES, false)));
    }
    for path in ["birth_on", "x_date", "x_time", "customer_since", "created_at"] {
        all.push(comparison(path, ranges.clone(), days()));
    }
    all.push(comparison("x_yes_no", keys.to_vec(), literals(&["yes", "no"], false)));
    all.push(comparison("x_choice", keys.to_vec(), literals(&CHOICES, false)));
    all.push(comparison("tier", keys.to_vec(), literals(&["gold", "iron", "platinum"], false)));
    all.push(comparison("x_choices", keys.to_vec(), literals(&CHOICES, false)));
    all.push(comparison(
        "market_roles",
        keys.to_vec(),
        literals(&["customer", "recruit", "internal"], false),
    ));
    let people = prop_oneof![literals(&["me", "1"], false), literals(&["Fay Founder"], true)].boxed();
    all.push(comparison("owner", with(&sets, &[Op::Eq, Op::Ne]), people));
    let names: &'static [&'static str] = &["Ana 0", "émile", "zoe", "a", "5"];
    all.push(comparison("company", with(&keys, &[Op::Contains, Op::Starts]), literals(names, true)));
    let order = prop_oneof![
        comparison("placed_on", ranges.clone(), days()),
        comparison("total", ranges.clone(), literals(&AMOUNTS, false)),
        comparison("party.city", texts.clone(), words()),
    ];
    let has_orders = proptest::option::of(order.prop_map(Box::new))
        .prop_map(|inner| Expr::Has { relation: "orders".into(), inner });
    let deal = comparison("name", texts, words()).prop_map(Box::new);
    let has_deals =
        proptest::option::of(deal).prop_map(|inner| Expr::Has { relation: "deals".into(), inner });
    all.push(has_orders.boxed());
    all.push(has_deals.boxed());
    proptest::strategy::Union::new(all)
}

/// A filter over contacts.
pub(crate) fn expr() -> impl Strategy<Value = Expr> {
    leaf().prop_recursive(3, 10, 3, |inner| {
        let several = || proptest::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            several().prop_map(Expr::And),
            several().prop_map(Expr::Or),
            inner.clone().prop_map(|e| Expr::Not(Box::new(e))),
        ]
    })
}

fn found(w: &World, ctx: &kernel::Ctx, object: &str, filter: &Expr) -> Vec<i64> {
    let object = ctx.catalogue.need(object).unwrap();
    let sort = kernel::SortKey::parse_all("id");
    let query = ListQuery {
        filter: Some(filter.clone()),
        sort,
        fields: vec!["name".into()],
        limit: 1_000,
        ..ListQuery::default()
    };
    let page = w.try_read(|tx| kernel::list(tx, ctx, object, &query));
    page.unwrap_or_else(|e| panic!("{:?}: {filter}: {e}", w.engine())).records.iter().map(|r| r.id).collect()
}

#[test]
fn both_engines_and_a_plain_loop_agree_on_what_a_filter_finds() {
    for seed in [1, 2] {
        let worlds = [World::sqlite(), World::postgres()];
        worlds.iter().for_each(|w| populate(w, seed));
        let model = Model::of(&worlds[0]);
        let ctxs = [worlds[0].ctx(), worlds[1].ctx()];
        let mut n_found = 0;
        let mut runner =
            TestRunner::new(Config { cases: 400, failure_persistence: None, ..Config::default() });
        let outcome = runner.run(&expr(), |filter| {
            for object in ["contacts", "parties"] {
                let expected = match object {
                    "contacts" => model.filter(object, &filter),
                    _ if has(&filter) => continue,
                    _ => model.filter(object, &filter),
                };
                for (w, ctx) in worlds.iter().zip(&ctxs) {
                    prop_assert_eq!(
                        &found(w, ctx, object, &filter),
                        &expected,
                        "{:?}: {} where {}",
                        w.engine(),
                        object,
                        &filter
                    );
                }
            }
            Ok(())
        });
        outcome.unwrap_or_else(|e| panic!("{e}"));
        // The filters are worth something only when they tell records apart.
        let mut runner = TestRunner::deterministic();
        for _ in 0..200 {
            let filter = expr().new_tree(&mut runner).unwrap().current();
            let n = model.filter("contacts", &filter).len();
            n_found += usize::from(n > 0 && n < model.tables["contacts"].len());
        }
        assert!(n_found > 60, "only {n_found} of 200 filters find some and not all");
    }
}

/// Relations of a list over several objects are compared on contacts only: the plain loop knows no unions there.
fn has(expr: &Expr) -> bool {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().any(has),
        Expr::Not(inner) => has(inner),
        Expr::Has { .. } => true,
        _ => false,
    }
}

#[test]
fn what_does_not_fit_a_field_is_refused_with_a_sentence() {
    testkit::both(|w| {
        let ctx = w.ctx();
        let refused = [
            ("nonsense = 1", "filter: contacts have no field nonsense"),
            ("birth_on = spring", "filter: birth_on: spring is not a date such as 2026-01-31"),
            ("birth_on ~ 5", "filter: birth_on is a date; compare it with = < >"),
            ("n_orders = many", "filter: n_orders: many is not a whole number"),
            ("n_orders = \"\"", "filter: n_orders: use \"is empty\" to find what has no value"),
            ("tier > gold", "filter: tier can only be compared with =, != and in"),
            ("tier = tin", "filter: tier: tin is not one of platinum, gold, iron, lead"),
            ("company > 5", "filter: company is a link: compare it with = and a number or a name"),
            ("city.name = x", "filter: city is not a link, so name cannot follow it"),
            (
                "p_alive = 150%",
                "filter: p_alive: 150% is not a share between 0 and 1, or between 0% and 100%",
            ),
            (
                "birth_on > today+99999999y",
                "filter: birth_on: today+99999999y is not a date such as 2026-01-31",
            ),
        ];
        for (filter, sentence) in refused {
            assert_eq!(crate::problems(w.records(&ctx, "contacts", filter, "")), [sentence], "{filter}");
        }
        let unknown = crate::problems(w.records(&ctx, "contacts", "has horses", ""));
        assert!(unknown[0].starts_with("filter: contacts have no horses; they have deals, "), "{unknown:?}");
    });
}
