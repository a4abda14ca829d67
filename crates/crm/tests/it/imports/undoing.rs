use crm::imports::{self, State};
use kernel::Error;
use testkit::{World, both};

use super::{begin, import, n_rows, propose, told, undo};

const ORDERS: &str = "\
Order ID,Customer ID,Date,SKU,Quantity,Amount
1,A,2026-01-01,B-1,1,10.00
1,A,2026-01-01,B-2,1,5.00
2,B,2026-01-02,B-1,2,20.00
";

/// Everything that an import writes, counted.
fn tables(w: &World) -> Vec<(&'static str, i64)> {
    let all =
        ["parties", "contact_points", "products", "orders", "order_lines", "search_docs", "import_rows"];
    all.into_iter().map(|table| (table, n_rows(w, table))).collect()
}

#[test]
fn undo_leaves_nothing_of_a_file_of_purchases() {
    both(|w| {
        let before = tables(w);
        let (id, account) = import(w, "orders", ORDERS);
        assert_eq!(told(&account), "rows 3, created 3, customers 2, products 2, orders 2, lines 3");
        let undone = undo(w, id);
        assert_eq!((undone.n_removed, undone.n_kept), (6, 0), "{undone:?}");
        assert_eq!(tables(w), before);
        let import = w.read(|tx| imports::get(tx, &w.ctx(), id));
        assert_eq!((import.state, import.undone), (State::Undone, undone));
        let (_, again) = super::import(w, "orders", ORDERS);
        assert_eq!(told(&again), told(&account));
    });
}

#[test]
fn undo_leaves_nothing_of_contacts() {
    both(|w| {
        let before = tables(w);
        let file = "name,email,phone,company\nAna,ana@example.com,+351 21 000 0001,Linden\nBen,,,Linden\n";
        let (id, _) = import(w, "contacts", file);
        let undone = undo(w, id);
        assert_eq!((undone.n_removed, undone.n_kept), (3, 0), "{undone:?}");
        assert_eq!(tables(w), before);
        assert_eq!(w.search("linden"), [""; 0]);
    });
}

#[test]
fn changed_values_come_back() {
    both(|w| {
        let ana = w.create(
            "contacts",
            &[("name", "Ana"), ("external_id", "1"), ("city", "Lisbon"), ("email", "ana@example.com")],
        );
        let (id, account) = import(
            w,
            "contacts",
            "id,name,email,city\n1,Anna,anna@example.com,Porto\n2,Ben,ben@example.com,\n",
        );
        assert_eq!(told(&account), "rows 2, created 1, updated 1");
        let undone = undo(w, id);
        assert_eq!((undone.n_removed, undone.n_restored, undone.n_kept), (1, 1, 0), "{undone:?}");
        let record = w.record("contacts", ana);
        assert_eq!(
            (record.text("name"), record.text("city"), record.text("email")),
            ("Ana", "Lisbon", "ana@example.com")
        );
        assert_eq!(w.list("contact_points", ""), ["ana@example.com"]);
        assert_eq!(w.list("contacts", ""), ["Ana"]);
    });
}

#[test]
fn a_value_that_was_changed_since_stays() {
    both(|w| {
        let ana = w.create(
            "contacts",
            &[("name", "Ana"), ("external_id", "1"), ("city", "Lisbon"), ("job_title", "Baker")],
        );
        let (id, _) = import(w, "contacts", "id,city,job title\n1,Porto,Cook\n");
        w.change("contacts", ana, &[("city", "Faro")]);
        let undone = undo(w, id);
        assert_eq!((undone.n_restored, undone.n_kept), (1, 1));
        assert_eq!(undone.kept[0].reason, "City changed since");
        let record = w.record("contacts", ana);
        assert_eq!((record.text("city"), record.text("job_title")), ("Faro", "Baker"));
    });
}

#[test]
fn records_that_were_used_or_changed_since_stay_with_what_they_need() {
    both(|w| {
        let (id, _) = import(w, "orders", ORDERS);
        let a = w.ids("contacts", "external_id = A", "")[0];
        let b = w.ids("contacts", "external_id = B", "")[0];
        w.note(b, "called");
        let first = w.ids("orders", "number = 1", "")[0];
        w.change("orders", first, &[("remark", "left at the door")]);
        let undone = undo(w, id);
        let reasons: Vec<(i64, &str)> =
            undone.kept.iter().map(|k| (k.record_id, k.reason.as_str())).collect();
        assert!(reasons.contains(&(first, "was changed since")), "{reasons:?}");
        assert!(reasons.contains(&(b, "has notes")), "{reasons:?}");
        assert!(reasons.contains(&(a, "has orders")), "{reasons:?}");
        assert_eq!(w.list("orders", ""), ["1"]);
        assert_eq!(w.list("products", "").len(), 2);
        assert_eq!(w.record("contacts", b).value("n_orders").int(), Some(0));
    });
}

#[test]
fn lines_and_values_of_orders_that_were_there_go_back() {
    both(|w| {
        import(w, "orders", ORDERS);
        let more = ORDERS.replace("B-2,1,5.00", "B-2,3,15.00") + "2,B,2026-01-02,B-3,1,7.00\n";
        let (id, account) = import(w, "orders", &more);
        assert_eq!(told(&account), "rows 4, created 1, updated 1, unchanged 2, products 1, lines 1");
        let totals = || {
            let records = w.records(&w.ctx(), "orders", "", "number").unwrap();
            records.iter().map(|r| r.value("total").int().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(totals(), [2500, 2700]);
        let undone = undo(w, id);
        assert_eq!(undone.n_kept, 0, "{undone:?}");
        assert_eq!(totals(), [1500, 2000]);
        assert_eq!(n_rows(w, "order_lines"), 3);
        assert_eq!(w.list("products", "").len(), 2);
        let a = w.record("contacts", w.ids("contacts", "external_id = A", "")[0]);
        assert_eq!(a.value("total_spent").int(), Some(1500));
        let (_, again) = import(w, "orders", ORDERS);
        assert_eq!(told(&again), "rows 3, unchanged 3");
    });
}

#[test]
fn an_undo_that_was_cut_off_goes_on() {
    both(|w| {
        let mut file = String::from("id,name,email\n");
        (0..2_500).for_each(|n| file.push_str(&format!("{n},Ana {n},ana{n}@example.com\n")));
        let (id, _) = import(w, "contacts", &file);
        let ctx = w.ctx();
        let mut n_runs = 0;
        while w.read(|tx| imports::get(tx, &ctx, id)).state != State::Undone {
            imports::undo(&w.db, &ctx, id, &|| w.now(), &mut |_| false).unwrap();
            n_runs += 1;
        }
        assert_eq!((n_runs, n_rows(w, "parties")), (3, 0));
        assert_eq!(w.read(|tx| imports::get(tx, &ctx, id)).undone.n_removed, 2_500);
    });
}

#[test]
fn only_its_maker_or_an_administrator_takes_an_import_back() {
    let w = World::sqlite();
    let (maker, other) = (w.ctx_of(w.user("Manager")), w.ctx_of(w.user("Manager")));
    let file = b"name\nAna\n".as_slice();
    let plan = propose(&w, &maker, "contacts", file).unwrap();
    let id = begin(&w, &maker, &plan, file).unwrap();
    imports::run(&w.db, &maker, id, file, &|| w.now(), &mut |_| true).unwrap();
    let refused = imports::undo(&w.db, &other, id, &|| w.now(), &mut |_| true);
    assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    imports::undo(&w.db, &maker, id, &|| w.now(), &mut |_| true).unwrap();
    let twice = imports::undo(&w.db, &maker, id, &|| w.now(), &mut |_| true);
    assert!(matches!(twice, Err(Error::Invalid(_))), "{twice:?}");
}
