use crm::imports::{self, Plan, State};
use kernel::Error;
use testkit::{World, both};

use super::{begin, n_rows, propose, told};

/// More rows than two transactions take, every third one like the one before it.
fn purchases(n: usize) -> String {
    let mut file = String::from("customer_id,date,quantity,amount\n");
    for row in 0..n {
        let said = row - usize::from(row % 3 == 2);
        file.push_str(&format!("{},2026-01-{:02},1,{}.50\n", said % 2_000, said % 28 + 1, said % 900));
    }
    file
}

fn plan(w: &World, object: &str, file: &str) -> Plan {
    propose(w, &w.ctx(), object, &file.as_bytes()[..file.len().min(sheet::SAMPLE_BYTES)]).unwrap()
}

#[test]
fn an_import_that_was_cut_off_goes_on_where_it_was() {
    both(|w| {
        let ctx = w.ctx();
        let file = purchases(12_000);
        let plan = plan(w, "orders", &file);
        let id = begin(w, &ctx, &plan, file.as_bytes()).unwrap();
        // Ended after each batch, as if the process had been killed: what is remembered in memory is gone.
        let mut n_runs = 0;
        loop {
            n_runs += 1;
            imports::run(&w.db, &ctx, id, file.as_bytes(), &|| w.now(), &mut |_| false).unwrap();
            let import = w.read(|tx| imports::get(tx, &ctx, id));
            assert_eq!(import.n_done, import.account.n_rows);
            assert_eq!(n_rows(w, "orders"), import.account.n_orders);
            if import.state == State::Done {
                assert_eq!(told(&import.account), "rows 12000, created 12000, customers 2000, orders 12000");
                break;
            }
            assert_eq!(import.state, State::Stopped);
        }
        assert_eq!(n_runs, 3);
        let again = begin(w, &ctx, &plan, file.as_bytes()).unwrap();
        let again = imports::run(&w.db, &ctx, again, file.as_bytes(), &|| w.now(), &mut |_| true).unwrap();
        assert_eq!(told(&again), "rows 12000, unchanged 12000");
        let sums = "SELECT COUNT(*) FROM parties p WHERE p.n_orders <> (SELECT COUNT(*) FROM orders o WHERE o.party_id = p.id)
                    OR p.total_spent <> (SELECT SUM(o.total) FROM orders o WHERE o.party_id = p.id)";
        assert_eq!(w.read(|tx| Ok(tx.one(sums, &[])?.int(0)?)), 0);
    });
}

#[test]
fn contacts_without_keys_go_on_as_well() {
    both(|w| {
        let ctx = w.ctx();
        let mut file = String::from("first name,last name\n");
        for row in 0..19_000 {
            file.push_str(&format!("Ana,Silva {}\n", row / 2 % 3_000));
        }
        let plan = plan(w, "contacts", &file);
        let id = begin(w, &ctx, &plan, file.as_bytes()).unwrap();
        // A large batch into the empty database, then smaller ones.
        for _ in 0..3 {
            imports::run(&w.db, &ctx, id, file.as_bytes(), &|| w.now(), &mut |_| false).unwrap();
        }
        let import = w.read(|tx| imports::get(tx, &ctx, id));
        assert_eq!((import.state, told(&import.account)), (State::Done, "rows 19000, created 19000".into()));
        let again = begin(w, &ctx, &plan, file.as_bytes()).unwrap();
        let again = imports::run(&w.db, &ctx, again, file.as_bytes(), &|| w.now(), &mut |_| true).unwrap();
        assert_eq!(told(&again), "rows 19000, unchanged 19000");
    });
}

#[test]
fn a_stop_from_elsewhere_ends_the_run_after_its_batch() {
    both(|w| {
        let ctx = w.ctx();
        let file = purchases(12_000);
        let plan = plan(w, "orders", &file);
        let id = begin(w, &ctx, &plan, file.as_bytes()).unwrap();
        let stop = &mut |_: imports::Progress<'_>| {
            let _ = w.try_write(|tx| imports::stop(tx, &ctx, id));
            true
        };
        imports::run(&w.db, &ctx, id, file.as_bytes(), &|| w.now(), stop).unwrap();
        let import = w.read(|tx| imports::get(tx, &ctx, id));
        assert_eq!((import.state, import.n_done, n_rows(w, "orders")), (State::Stopped, 5_000, 5_000));
        let unfinished = w.read(|tx| imports::unfinished(tx, &ctx, "orders", &import.sha256));
        assert_eq!(unfinished.map(|i| i.id), Some(id));
    });
}

#[test]
fn an_import_that_has_ended_is_not_done_again() {
    both(|w| {
        let ctx = w.ctx();
        let file = purchases(3);
        let plan = plan(w, "orders", &file);
        let id = begin(w, &ctx, &plan, file.as_bytes()).unwrap();
        imports::run(&w.db, &ctx, id, file.as_bytes(), &|| w.now(), &mut |_| true).unwrap();
        let again = imports::run(&w.db, &ctx, id, file.as_bytes(), &|| w.now(), &mut |_| true);
        assert!(matches!(again, Err(Error::Invalid(_))), "{again:?}");
    });
}

#[test]
fn a_file_that_breaks_off_keeps_what_was_read_and_says_where() {
    both(|w| {
        let ctx = w.ctx();
        let good = "customer_id,date,quantity,amount\n1,2026-01-01,1,1.00\n2,2026-01-01,1,2.00\n";
        let plan = plan(w, "orders", good);
        let broken = format!("{good}3,2026-01-01,1,\"{}", "x".repeat(2 * 1024 * 1024));
        let id = begin(w, &ctx, &plan, broken.as_bytes()).unwrap();
        let refused = imports::run(&w.db, &ctx, id, broken.as_bytes(), &|| w.now(), &mut |_| true);
        assert!(crate::problems(refused)[0].starts_with("file: line 4 is longer than 1 MiB"));
        let import = w.read(|tx| imports::get(tx, &ctx, id));
        assert_eq!((import.state, import.account.n_created, n_rows(w, "orders")), (State::Failed, 2, 2));
        let undone = super::undo(w, id);
        assert_eq!((undone.n_removed, n_rows(w, "orders"), n_rows(w, "parties")), (4, 0, 0));
    });
}
