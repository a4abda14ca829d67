use crm::workspace;
use kernel::Value;
use testkit::{World, both};

use crate::problems;

fn bought(w: &World, party: i64) -> (i64, i64, String) {
    let record = w.record("parties", party);
    let last = record
        .value("last_order_on")
        .int()
        .and_then(kernel::value::date_of)
        .map_or(String::new(), |d| d.to_string());
    (record.value("n_orders").int().unwrap_or(0), record.value("total_spent").int().unwrap_or(0), last)
}

#[test]
fn a_party_is_a_customer_from_its_first_order_on() {
    both(|w| {
        let ana = w.contact("Ana");
        assert_eq!(w.list("customers", ""), [""; 0]);
        w.order(ana, "2026-05-01", "10");
        w.order(ana, "2026-03-01", "2.50");
        assert_eq!(w.list("customers", "customer_since = 2026-03-01"), ["Ana"]);
        assert_eq!(bought(w, ana), (2, 1250, "2026-05-01".into()));
    });
}

#[test]
fn cancelled_archived_and_reassigned_orders_count_no_longer() {
    both(|w| {
        let (ana, ben) = (w.contact("Ana"), w.contact("Ben"));
        let orders = [
            w.order(ana, "2026-05-01", "10"),
            w.order(ana, "2026-05-02", "20"),
            w.order(ana, "2026-05-03", "40"),
        ];
        w.change("orders", orders[0], &[("status", "cancelled")]);
        assert_eq!(bought(w, ana).1, 6_000);
        w.archive("orders", orders[1]);
        assert_eq!(bought(w, ana).1, 4_000);
        w.change("orders", orders[2], &[("party", &ben.to_string())]);
        assert_eq!(
            (bought(w, ana), bought(w, ben)),
            ((0, 0, String::new()), (1, 4_000, "2026-05-03".into()))
        );
        assert_eq!(w.list("customers", ""), ["Ben"]);
        let ctx = w.ctx();
        let object = ctx.catalogue.need("orders").unwrap();
        w.write(|tx| kernel::restore(tx, &ctx, object, orders[1], None));
        assert_eq!(bought(w, ana).1, 2_000);
    });
}

#[test]
fn orders_in_another_currency_are_orders_but_are_not_added_up() {
    both(|w| {
        let ana = w.contact("Ana");
        w.order(ana, "2026-05-01", "10");
        let abroad = w.order(ana, "2026-06-01", "2000");
        w.change("orders", abroad, &[("currency", "JPY")]);
        assert_eq!(bought(w, ana), (2, 1_000, "2026-06-01".into()));
        let file =
            "number,customer_id,date,amount,currency\n1,C1,2026-05-01,5,EUR\n2,C1,2026-05-02,700,JPY\n";
        crate::imports::import(w, "orders", file);
        let known = w.list("customers", "external_id = C1 and n_orders = 2 and total_spent = 5");
        assert_eq!(known.len(), 1);

        // With another currency of the workspace the same orders add up to something else.
        let mut settings = w.read(crm::settings::read);
        settings.currency = "JPY".into();
        w.write(|tx| crm::settings::write(tx, &settings));
        assert_eq!(w.list("customers", "external_id = C1 and n_orders = 2 and total_spent = 700").len(), 1);
    });
}

#[test]
fn an_order_is_worth_the_sum_of_its_lines_and_tells_so() {
    both(|w| {
        let ana = w.contact("Ana");
        let order = w.order(ana, "2026-05-01", "0");
        let tea = w.create("products", &[("name", "Tea"), ("price", "4"), ("cost", "1.50")]).to_string();
        let order_id = order.to_string();
        let line = w.create(
            "order_lines",
            &[("order", &order_id), ("product", &tea), ("quantity", "3"), ("discount", "1")],
        );
        let record = w.record("order_lines", line);
        assert_eq!((record.text("description"), record.value("amount")), ("Tea", &Value::Money(1_100)));
        let record = w.record("orders", order);
        let sums = ["total", "cost", "n_items"].map(|key| record.value(key).clone());
        assert_eq!(sums, [Value::Money(1_100), Value::Money(450), Value::Number(3.0)]);
        assert_eq!(bought(w, ana).1, 1_100);
        assert_eq!(w.events("orders", order), ["order.created", "order.changed"]);
        w.change("order_lines", line, &[("quantity", "1")]);
        assert_eq!(w.record("orders", order).value("total"), &Value::Money(300));
        w.change("order_lines", line, &[("description", "Green tea")]);
        assert_eq!(w.events("orders", order).len(), 3, "nothing about the order changed");
        w.archive("order_lines", line);
        assert_eq!(w.record("orders", order).value("total"), &Value::Money(0));
        assert_eq!(bought(w, ana).1, 0);
    });
}

/// Two people add a line to one order; the second sums while the first has not committed.
#[test]
fn totals_are_right_when_two_sell_to_one_customer_at_once() {
    for w in [World::sqlite(), World::postgres_alone()] {
        let ana = w.contact("Ana");
        let order = w.order(ana, "2026-05-01", "0");
        let ctx = w.ctx();
        let lines = ctx.catalogue.need("order_lines").unwrap();
        let orders = ctx.catalogue.need("orders").unwrap();
        let line = || workspace::values([("order", Value::Link(order)), ("amount", Value::Money(100))]);
        let other = || {
            let placed_on = Value::Date(testkit::date("2026-05-02"));
            workspace::values([
                ("party", Value::Link(ana)),
                ("placed_on", placed_on),
                ("total", Value::Money(100)),
            ])
        };
        for (object, values) in [(lines, &line as &(dyn Fn() -> _ + Sync)), (orders, &other)] {
            std::thread::scope(|scope| {
                w.write(|tx| {
                    kernel::create(tx, &ctx, object, values())?;
                    scope.spawn(|| w.write(|tx| kernel::create(tx, &ctx, object, values())));
                    w.until_someone_waits();
                    Ok(())
                });
            });
        }
        assert_eq!(w.record("orders", order).value("total"), &Value::Money(200), "{:?}", w.engine());
        assert_eq!(bought(&w, ana), (3, 400, "2026-05-02".into()), "{:?}", w.engine());
    }
}

#[test]
fn amounts_that_no_order_has_are_refused() {
    both(|w| {
        let ana = w.contact("Ana");
        let order = w.order(ana, "2026-05-01", "0").to_string();
        for (quantity, price) in [("1e300", "99"), ("-1e300", "99"), ("1e17", "-1")] {
            let line = [
                ("order", order.as_str()),
                ("quantity", quantity),
                ("unit_price", price),
                ("discount", "-5"),
            ];
            assert_eq!(problems(w.try_create(&w.ctx(), "order_lines", &line)), ["amount: is too large"]);
        }
        let missing = w.try_create(&w.ctx(), "orders", &[("total", "5")]);
        assert_eq!(problems(missing), ["party: is required", "placed_on: is required"]);
    });
}
