use crm::imports::AmountPer;
use testkit::{World, both};

use super::{faults, import, import_as, n_rows, propose, told};

const CDNOW: &str = "\
customer_id,date,cds,dollars
00001,1997-01-01,1,11.77
00002,1997-01-12,1,12.00
00002,1997-01-12,5,77.00
00003,1997-01-02,2,20.76
00003,1997-03-30,2,20.76
00003,1997-03-30,2,20.76
";

fn customer(w: &World, external_id: &str) -> kernel::Record {
    let id = w.ids("parties", &format!("external_id = \"{external_id}\""), "")[0];
    w.record("parties", id)
}

fn total(w: &World, external_id: &str) -> (i64, i64) {
    let customer = customer(w, external_id);
    (customer.value("n_orders").int().unwrap(), customer.value("total_spent").int().unwrap())
}

#[test]
fn purchases_make_customers_with_their_totals() {
    both(|w| {
        let (_, account) = import(w, "orders", CDNOW);
        assert_eq!(told(&account), "rows 6, created 6, customers 3, orders 6");
        assert_eq!(total(w, "00003"), (3, 6228));
        let third = customer(w, "00003");
        assert_eq!(
            third.value("customer_since").int(),
            kernel::Value::Date(testkit::date("1997-01-02")).int()
        );
        assert_eq!(third.text("name"), "Customer 00003");
        assert_eq!(w.search("00003"), ["Customer 00003"]);
        assert_eq!(w.events("contacts", third.id), ["contact.created"]);
    });
}

#[test]
fn the_columns_of_cdnow_are_guessed() {
    let w = World::sqlite();
    let plan = propose(&w, &w.ctx(), "orders", CDNOW.as_bytes()).unwrap();
    let targets: Vec<&str> = plan.columns.iter().map(|c| c.target.as_deref().unwrap_or("-")).collect();
    assert_eq!(targets, ["customer_id", "placed_on", "quantity", "amount"]);
}

#[test]
fn the_same_file_again_changes_nothing() {
    both(|w| {
        import(w, "orders", CDNOW);
        let n_events = n_rows(w, "events");
        let (_, again) = import(w, "orders", CDNOW);
        assert_eq!(told(&again), "rows 6, unchanged 6");
        assert!(again.nothing_new());
        assert_eq!((n_rows(w, "orders"), n_rows(w, "events")), (6, n_events));
        assert_eq!(total(w, "00003"), (3, 6228));
    });
}

#[test]
fn a_longer_file_adds_only_what_is_new() {
    both(|w| {
        import(w, "orders", CDNOW);
        let longer = format!("{CDNOW}00003,1997-03-30,2,20.76\n00001,1998-01-01,1,5.00\n");
        let (_, account) = import(w, "orders", &longer);
        assert_eq!(told(&account), "rows 8, created 2, unchanged 6, orders 2");
        assert_eq!(total(w, "00003"), (4, 8304));
    });
}

const SHOP: &str = "\
Order ID;Order date;Customer;Email;SKU;Product name;Category;Quantity;Unit price;Discount;Status
1001;31.01.2026;Ana Silva;ana@example.com;B-1;Bell;Parts;2;9,50;;Shipped
1001;31.01.2026;Ana Silva;ana@example.com;L-1;Lamp;Parts;1;29,00;4,00;Shipped
1002;01.02.2026;Ben Ode;ben@example.com;B-1;Bell;Parts;-1;9,50;;
1003;13.02.2026;Ana Silva;ana@example.com;B-1;Bell;Parts;1;9,50;;Storniert
";

#[test]
fn rows_with_one_number_are_lines_of_one_order() {
    both(|w| {
        let (_, account) = import(w, "orders", SHOP);
        assert_eq!(told(&account), "rows 4, created 4, customers 2, products 2, orders 3, lines 4");
        let order = w.record("orders", w.ids("orders", "number = \"1001\"", "")[0]);
        assert_eq!(order.value("total").int(), Some(4400));
        assert_eq!(order.value("discount").int(), Some(400));
        assert_eq!(order.value("n_items").number(), Some(3.0));
        assert_eq!(w.list("order_lines", "order.number = \"1001\""), ["Bell", "Lamp"]);
        assert_eq!(w.list("products", "category = Parts"), ["Bell", "Lamp"]);
    });
}

#[test]
fn what_comes_back_counts_and_what_was_cancelled_does_not() {
    both(|w| {
        import(w, "orders", SHOP);
        assert_eq!(w.list("orders", "status = returned"), ["1002"]);
        let spent = |email: &str| {
            let id = w.ids("parties", &format!("email = \"{email}\""), "")[0];
            let record = w.record("parties", id);
            (record.value("n_orders").int().unwrap(), record.value("total_spent").int().unwrap())
        };
        assert_eq!(spent("ben@example.com"), (1, -950));
        assert_eq!(spent("ana@example.com"), (1, 4400));
    });
}

#[test]
fn an_order_that_changed_is_changed_not_doubled() {
    both(|w| {
        import(w, "orders", SHOP);
        let changed = SHOP
            .replace("1;29,00;4,00;Shipped", "2;29,00;4,00;Refunded")
            .replace("2;9,50;;Shipped", "2;9,50;;Refunded");
        let (_, account) = import(w, "orders", &changed);
        assert_eq!(told(&account), "rows 4, updated 2, unchanged 2");
        let id = w.ids("orders", "number = \"1001\"", "")[0];
        let order = w.record("orders", id);
        assert_eq!((order.text("status"), order.value("total").int()), ("returned", Some(7300)));
        assert_eq!(w.list("order_lines", "order.number = \"1001\"").len(), 2);
        let (_, again) = import(w, "orders", &changed);
        assert_eq!(told(&again), "rows 4, unchanged 4");
    });
}

#[test]
fn a_line_that_is_new_joins_the_order_that_is_there() {
    both(|w| {
        import(w, "orders", SHOP);
        let more =
            format!("{SHOP}1001;31.01.2026;Ana Silva;ana@example.com;B-1;Bell;Parts;1;9,50;;Shipped\n");
        let (_, account) = import(w, "orders", &more);
        assert_eq!(told(&account), "rows 5, created 1, unchanged 4, lines 1");
        let order = w.record("orders", w.ids("orders", "number = \"1001\"", "")[0]);
        assert_eq!(order.value("total").int(), Some(5350));
    });
}

#[test]
fn totals_of_whole_orders_are_not_added_up() {
    both(|w| {
        let file = "\
Name,Email,Created at,Total,Lineitem quantity,Lineitem name,Lineitem price
#1,ana@example.com,2026-03-01 10:00:00,35.00,1,Bell,10.00
#1,ana@example.com,2026-03-01 10:00:00,,2,Lamp,10.00
#2,ben@example.com,2026-03-02 11:00:00,20.00,2,Bell,10.00
#2,ben@example.com,2026-03-02 11:00:00,,1,Lamp,0.00
";
        let mut plan = propose(w, &w.ctx(), "orders", file.as_bytes()).unwrap();
        plan.set_target("Name", Some("order_number")).unwrap();
        plan.set_target("Lineitem name", Some("product_name")).unwrap();
        plan.amount_per = AmountPer::Order;
        let (_, account) = import_as(w, &plan, file.as_bytes());
        assert_eq!(told(&account), "rows 4, created 4, customers 2, products 2, orders 2, lines 4");
        let order = w.record("orders", w.ids("orders", "number = \"#1\"", "")[0]);
        assert_eq!(order.value("total").int(), Some(3500));
        assert_eq!(order.value("placed_at").int(), Some(testkit::at("2026-03-01T10:00:00Z")));
        let (_, again) = import_as(w, &plan, file.as_bytes());
        assert_eq!(told(&again), "rows 4, unchanged 4");
    });
}

#[test]
fn each_refused_row_says_why_and_the_others_go_in() {
    both(|w| {
        let file = "\
customer_id,date,quantity,amount
1,2026-01-01,1,10.00
,2026-01-02,1,10.00
2,0000-01-03,1,10.00
3,9999-12-31,1,10.00
4,2026-02-30,1,10.00
5,2026-01-05,1,ten
6,2026-01-06,two,10.00
7,,1,10.00
8,2026-01-08,1,
9,2026-01-09,0,0.00
10,1899-12-31,1,1.00
11,2027-06-16,1,1.00
12,2026-01-10,1,99999999999999999.00
";
        let (_, account) = import(w, "orders", file);
        assert_eq!(told(&account), "rows 13, created 2, failed 11, customers 2, orders 2");
        let faults = faults(&account).join("\n");
        for part in [
            "2 customer_id: says no customer (failed)",
            "4 date: ",
            "6 amount: “ten” is not a number (failed)",
            "7 quantity: “two” is not a number (failed)",
            "8 date: says no date (failed)",
            "9 amount: says neither an amount nor a price (failed)",
            "11 date: 1899-12-31 is not between 1900-01-01 and 2027-06-15 (failed)",
            "12 date: 2027-06-16 is not between 1900-01-01 and 2027-06-15 (failed)",
            "13 amount: is too large (failed)",
        ] {
            assert!(faults.contains(part), "{part} is not in\n{faults}");
        }
    });
}

#[test]
fn customers_are_found_by_number_then_address_then_name() {
    both(|w| {
        let ana = w.create("contacts", &[("name", "Ana"), ("email", "ANA@example.com")]);
        let acme = w.create("companies", &[("name", "Acme Ltd"), ("external_id", "K7")]);
        w.contact("Zoë Twin");
        w.contact("Zoe Twin");
        let file = "\
customer id,customer email,customer name,date,amount
77,ana@example.com,,2026-01-01,1.00
77,,,2026-01-02,1.00
K7,,,2026-01-03,1.00
,,acme ltd,2026-01-04,1.00
,,Zoe twin,2026-01-05,1.00
,,Newman,2026-01-06,1.00
,,NEWMAN,2026-01-07,1.00
";
        let (_, account) = import(w, "orders", file);
        assert_eq!(told(&account), "rows 7, created 6, failed 1, customers 1, orders 6");
        assert_eq!(
            faults(&account),
            ["5 : several customers are named Zoe twin; a customer number would tell them apart (failed)"]
        );
        let n_orders = |id: i64| w.record("parties", id).value("n_orders").int();
        assert_eq!((n_orders(ana), n_orders(acme)), (Some(2), Some(2)));
        assert_eq!(w.record("contacts", ana).text("external_id"), "77");
    });
}

#[test]
fn other_currencies_are_kept_and_told() {
    both(|w| {
        let file = "\
customer_id,date,amount
1,2026-01-01,\"1.234,56 €\"
2,2026-01-02,\"1.000,00 CHF\"
3,2026-01-03,\"-10,00 €\"
";
        let (_, account) = import(w, "orders", file);
        assert_eq!(told(&account), "rows 3, created 3, customers 3, orders 3");
        assert_eq!(w.list("orders", "currency = CHF").len(), 1);
        assert_eq!(w.ids("orders", "total = 1234.56", "").len(), 1);
        assert_eq!(w.ids("orders", "status = returned", "").len(), 1);
        assert_eq!(account.warnings[0].1, 1);
        assert!(account.warnings[0].0.contains("amounts in CHF keep their currency"));
    });
}

#[test]
fn an_unknown_status_is_taken_for_completed_and_told() {
    both(|w| {
        let file = "customer_id,date,amount,status\n1,2026-01-01,1.00,gift wrapped\n2,2026-01-02,1.00,paid\n";
        let (_, account) = import(w, "orders", file);
        assert_eq!(w.list("orders", "status = completed").len(), 2);
        assert_eq!(
            account.warnings,
            [("the status “gift wrapped” is not known and was taken for completed".into(), 1)]
        );
    });
}

#[test]
fn an_order_number_belongs_to_one_customer() {
    both(|w| {
        let file = "customer_id,order_id,date,amount\n1,17,2026-01-01,1.00\n2,17,2026-01-02,1.00\n";
        let (_, account) = import(w, "orders", file);
        assert_eq!(
            faults(&account),
            ["2 : has the order number 17, which belongs to another customer's order (failed)"]
        );
        assert_eq!(w.list("customers", "").len(), 1);
    });
}

#[test]
fn costs_of_known_products_reach_their_orders() {
    both(|w| {
        w.create("products", &[("name", "Bell"), ("sku", "B-1"), ("cost", "4.00")]);
        import(w, "orders", "customer_id,date,sku,quantity,amount\n1,2026-01-01,B-1,3,30.00\n");
        let order = w.record("orders", w.ids("orders", "", "")[0]);
        assert_eq!(order.value("cost").int(), Some(1200));
    });
}

#[test]
fn whoever_may_not_make_customers_books_only_on_known_ones() {
    both(|w| {
        w.create("contacts", &[("name", "Ana"), ("external_id", "1")]);
        w.role("Booker", r#"{"default":{"see":"all"},"objects":{"orders":{"create":"all","change":"all"}}}"#);
        let ctx = w.ctx_of(w.user("Booker"));
        let file = b"customer_id,date,amount\n1,2026-01-01,1.00\n2,2026-01-01,1.00\n".as_slice();
        let plan = propose(w, &ctx, "orders", file).unwrap();
        let id = super::begin(w, &ctx, &plan, file).unwrap();
        let account = crm::imports::run(&w.db, &ctx, id, file, &|| w.now(), &mut |_| true).unwrap();
        assert_eq!(told(&account), "rows 2, created 1, failed 1, orders 1");
    });
}

#[test]
fn refused_rows_between_the_lines_of_an_order_do_not_double_them() {
    both(|w| {
        let file = "\
customer_id,order_id,date,amount
1,17,2026-01-01,1.00
2,17,2026-01-01,2.00
1,17,2026-01-01,3.00
1,17,2026-01-01,1.00
";
        let (_, account) = import(w, "orders", file);
        assert_eq!(told(&account), "rows 4, created 3, failed 1, customers 1, orders 1, lines 3");
        let (_, again) = import(w, "orders", file);
        assert_eq!(told(&again), "rows 4, unchanged 3, failed 1");
        let mended = file.replace("2,17", "1,17");
        let (_, mended) = import(w, "orders", &mended);
        assert_eq!(told(&mended), "rows 4, created 1, unchanged 3, lines 1");
    });
}

#[test]
fn lines_that_a_person_made_are_recognised_and_archived_ones_stay_away() {
    both(|w| {
        let party = w.create("contacts", &[("name", "Ana"), ("external_id", "A")]);
        let bell = w.create("products", &[("name", "Bell"), ("sku", "B-1")]);
        let order = w
            .create("orders", &[("party", &party.to_string()), ("placed_on", "2026-01-01"), ("number", "1")]);
        let line = [("order", order.to_string()), ("product", bell.to_string())];
        let line: Vec<(&str, &str)> = line.iter().map(|(k, v)| (*k, v.as_str())).collect();
        w.create("order_lines", &[line.as_slice(), &[("quantity", "1"), ("amount", "10.00")]].concat());
        let file = "Order ID,Customer ID,Date,SKU,Quantity,Amount\n1,A,2026-01-01,B-1,1,10.00\n1,A,2026-01-01,B-1,2,20.00\n";
        let (_, account) = import(w, "orders", file);
        assert_eq!(told(&account), "rows 2, created 1, unchanged 1, lines 1");
        let added = w.ids("order_lines", "quantity = 2", "")[0];
        w.archive("order_lines", added);
        let (_, again) = import(w, "orders", file);
        assert_eq!(told(&again), "rows 2, unchanged 2");
        assert_eq!(w.record("orders", order).value("total").int(), Some(1000));
    });
}

#[test]
fn a_number_that_a_contact_and_a_company_share_names_neither() {
    both(|w| {
        w.create("contacts", &[("name", "Ana"), ("external_id", "7")]);
        w.create("companies", &[("name", "Acme"), ("external_id", "7")]);
        let (_, account) =
            import(w, "orders", "customer_id,date,amount\n7,2026-01-01,1.00\n8,2026-01-01,1.00\n");
        assert_eq!(faults(&account), ["1 : both a contact and a company have the number 7 (failed)"]);
    });
}
