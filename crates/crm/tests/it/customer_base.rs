//! The customer base, the reasons behind scores, and Today, each as far as its reader may see.

use crm::scores::{self, Options, Run};
use crm::workspace::values;
use crm::{customer_base, today};
use jiff::ToSpan;
use kernel::{Ctx, Total, Value};
use testkit::{DAY, World, both, date};

/// Customers of whom some keep buying, some have stopped and some bought once; all are the founder's.
fn shop(w: &World) -> Vec<i64> {
    let ctx = w.ctx();
    let object = |key: &str| ctx.catalogue.need(key).cloned().expect("an object");
    let (contacts, orders) = (object("contacts"), object("orders"));
    w.write(|tx| {
        let mut ids = Vec::new();
        for n in 0..60_i64 {
            let name = Value::Text(format!("Customer {n:02}"));
            let id = kernel::create(tx, &ctx, &contacts, values([("name", name)]))?.id;
            // Those who stopped were the ones who spent most.
            let (n_orders, last, total) = match n % 3 {
                0 => (6, 10, 20 + n),
                1 => (5, 60 + n / 4, 200 + 10 * n),
                _ => (1, 30 + 3 * n, 20 + n),
            };
            for k in 0..n_orders {
                let day = ctx.today.checked_sub((last + k * (14 + n % 7)).days()).expect("a day");
                let order = [
                    ("party", Value::Link(id)),
                    ("placed_on", Value::Date(day)),
                    ("total", Value::Money(total * 100)),
                ];
                kernel::create(tx, &ctx, &orders, values(order))?;
            }
            ids.push(id);
        }
        Ok(ids)
    })
}

fn run(w: &World) -> Run {
    scores::run(&w.db, &w.system(), &Options::default(), |_| {}).expect("a run")
}

fn report(w: &World, ctx: &Ctx) -> customer_base::Report {
    w.read(|tx| customer_base::report(tx, ctx)).expect("a report")
}

#[test]
fn the_sums_of_the_base_agree_with_the_rows() {
    both(|w| {
        shop(w);
        let run = run(w);
        let report = report(w, &w.ctx());
        let base = report.base.expect("the whole base").summary;
        let sql = "SELECT COUNT(*), CAST(SUM(lifetime_value) AS BIGINT), SUM(p_alive) FROM scores";
        let row = w.read(|tx| Ok(tx.one(sql, &[])?));
        assert_eq!(base.n_customers as i64, row.int(0).expect("a count"));
        assert!((base.equity - row.int(1).expect("a sum")).abs() <= 60);
        assert!((base.n_alive - row.real(2).expect("a sum")).abs() < 1e-6);
        assert!(base.equity_low < base.equity && base.equity < base.equity_high);
        let groups = |n: Vec<usize>| n.into_iter().sum::<usize>();
        assert_eq!(groups(base.rfm_grid.iter().map(|g| g.n_customers).collect()), 60);
        assert_eq!(groups(base.tiers.iter().map(|t| t.group.n_customers).collect()), 60);
        assert_eq!(groups(base.stages.iter().map(|g| g.n_customers).collect()), 60);
        assert_eq!((base.curve.len(), base.curve[0], base.curve[49]), (50, (0.0, 0.0), (1.0, 1.0)));
        assert!(base.best_fifth_share > 0.2);
        assert_eq!(report.n_orders_since, Total::Exact(0));
        assert_eq!(run.cards.len(), 5);
    });
}

#[test]
fn the_largest_risks_come_first_with_their_reasons() {
    both(|w| {
        shop(w);
        run(w);
        let risks = report(w, &w.ctx()).at_risk;
        assert_eq!(risks.len(), 20);
        assert!(risks.windows(2).all(|pair| pair[0].at_risk >= pair[1].at_risk));
        let first = &risks[0];
        assert_eq!(first.at_risk, (first.value as f64 * (1.0 - first.p_alive)).round() as i64);
        assert!(first.reason.contains("silent for"), "{}", first.reason);
    });
}

#[test]
fn who_does_not_see_all_customers_sees_no_sums() {
    both(|w| {
        let ids = shop(w);
        run(w);
        w.role("Own", r#"{"default":{"see":"own"}}"#);
        let user = w.user("Own");
        let own = w.ctx_of(user);
        assert_eq!(report(w, &own).base, None);
        assert_eq!(report(w, &own).at_risk, []);
        let leaving = w.read(|tx| today::page(tx, &w.ctx())).slipping[1].customer.id;
        for id in [leaving, ids[0]] {
            w.change("contacts", id, &[("owner", &user.to_string())]);
        }
        let at_risk: Vec<i64> = report(w, &own).at_risk.iter().map(|one| one.customer.id).collect();
        assert_eq!(at_risk, [leaving]);

        w.role("Blind", r#"{"default":{"see":"all"},"fields":{"contacts.p_alive":"hidden"}}"#);
        let blind = report(w, &w.ctx_of(w.user("Blind")));
        assert_eq!((blind.base, blind.at_risk), (None, Vec::new()));
    });
}

#[test]
fn before_the_first_run_there_is_no_report() {
    both(|w| assert_eq!(w.read(|tx| customer_base::report(tx, &w.ctx())), None));
}

#[test]
fn scores_are_explained_by_the_customers_own_numbers() {
    both(|w| {
        let ids = shop(w);
        run(w);
        let why = w.read(|tx| scores::why(tx, &w.ctx(), ids[0])).expect("reasons");
        let own = why.own.expect("own numbers");
        assert_eq!((own.n_purchases, own.gap_days, own.silence_days), (6, Some(14.0), 10));
        assert_eq!((own.total, own.mean_spend, own.n_since), (12_000, 2_000, 0));
        assert_eq!(own.last_on, date("2026-06-05"));
        let value = why.value.expect("a value");
        assert!(value.low <= value.value && value.value <= value.high);
        let stage = why.stage.expect("a stage");
        assert_eq!(stage.reason, "6 orders, usually every 14 days, silent for 10");
        let tier = why.tier.expect("a tier");
        assert!(tier.reason.contains("% of the customers") || tier.key == "lead", "{}", tier.reason);
        assert!(why.rfm.is_some_and(|rfm| rfm.reason.starts_with("Recency 4: the second fifth")));
        assert!(!why.models.name.is_empty());
    });
}

#[test]
fn reasons_keep_what_is_hidden() {
    both(|w| {
        let ids = shop(w);
        run(w);
        let hidden = r#""parties.lifetime_value":"hidden","contacts.lifetime_value":"hidden""#;
        w.role("Desk", &format!(r#"{{"default":{{"see":"all"}},"objects":{{"orders":{{"see":"none"}}}},"fields":{{{hidden}}}}}"#));
        let desk = w.ctx_of(w.user("Desk"));
        let why = w.read(|tx| scores::why(tx, &desk, ids[0])).expect("reasons");
        assert_eq!((why.value, why.own, why.stage), (None, None, None));
        assert!(why.p_alive.is_some());
        assert!(why.tier.is_some_and(|tier| !tier.reason.contains("EUR")));

        w.role("Own", r#"{"default":{"see":"own"}}"#);
        let own = w.ctx_of(w.user("Own"));
        assert_eq!(w.read(|tx| scores::why(tx, &own, ids[0])), None);
        let unknown = w.contact("No orders");
        assert_eq!(w.read(|tx| scores::why(tx, &w.ctx(), unknown)), None);
    });
}

#[test]
fn today_begins_empty() {
    both(|w| {
        let today = w.read(|tx| today::page(tx, &w.ctx()));
        assert!(today.empty && today.run.is_none() && today.slipping.is_empty());
        assert_eq!((today.n_tasks, today.n_cases), (Some(Total::Exact(0)), Some(Total::Exact(0))));
    });
}

#[test]
fn today_shows_what_is_mine_and_due_and_what_waits() {
    both(|w| {
        let ana = w.contact("Ana");
        w.task("Overdue", "2026-06-01");
        w.task("Due", "2026-06-15");
        w.task("Later", "2026-06-16");
        let done = w.task("Done", "2026-06-01");
        w.change("tasks", done, &[("status", "done")]);
        let other = w.user("Sales").to_string();
        w.create("tasks", &[("name", "Not mine"), ("due_on", "2026-06-01"), ("owner", &other)]);
        w.deal("Standing", ana, "100");
        let oldest = w.case("Oldest", ana);
        w.pass(20 * DAY);
        w.deal("Moving", ana, "50");
        w.case("Newest", ana);
        let closed = w.case("Closed", ana);
        w.change("cases", closed, &[("status", "closed")]);
        w.change("cases", oldest, &[("status", "waiting")]);

        let today = w.read(|tx| today::page(tx, &w.ctx()));
        let names = |records: &[kernel::Record]| -> Vec<String> {
            records.iter().map(|r| r.text("name").to_string()).collect()
        };
        assert_eq!(names(&today.tasks), ["Overdue", "Due", "Later"]);
        assert_eq!(today.n_tasks, Some(Total::Exact(3)));
        assert_eq!(names(&today.stale_deals), ["Standing"]);
        assert_eq!(names(&today.cases), ["Oldest", "Newest"]);
        assert_eq!(today.n_cases, Some(Total::Exact(2)));
        let pipeline = today.pipeline.expect("a pipeline");
        assert_eq!((pipeline.n_deals, pipeline.amount, pipeline.weighted), (2, 15_000, 1_500));
        assert!(!today.empty);
    });
}

#[test]
fn my_own_slipping_customers_come_first() {
    both(|w| {
        let ids = shop(w);
        run(w);
        let ctx = w.ctx();
        let slipping = |ctx: &Ctx| w.read(|tx| today::page(tx, ctx)).slipping;
        let everyone = slipping(&ctx);
        assert!(everyone.len() > 2, "{}", everyone.len());
        let user = w.user("Manager");
        let last = everyone.last().expect("someone").customer.id;
        assert!(ids.contains(&last));
        w.change("contacts", last, &[("owner", &user.to_string())]);
        assert_eq!(slipping(&w.ctx_of(user))[0].customer.id, last);
        let whole = w.read(|tx| today::page(tx, &ctx)).slipping_whole.expect("a sum");
        assert!(whole.n_customers >= everyone.len() && whole.value > 0);
    });
}
