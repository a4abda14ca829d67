//! A field that is hidden from a role is as if it did not exist, whatever way one asks.

use kernel::{Ctx, Error, ListQuery};
use testkit::{World, both};

use crate::{problems, text, values};

/// Ana, born in 1990 with an address, and a reader from whom birthday, e-mail and amounts are hidden.
fn ana_and_a_reader(w: &World) -> (i64, Ctx) {
    w.role(
        "Guest",
        r#"{"default":{"see":"all","create":"all","change":"all","export":"all"},
            "fields":{"contacts.birth_on":"hidden","contacts.email":"hidden","deals.amount":"hidden","orders.number":"hidden",
                      "contacts.city":"read"}}"#,
    );
    let ana =
        w.create("contacts", &[("name", "Ana"), ("birth_on", "1990-05-06"), ("email", "secret@example.com")]);
    let guest = w.user("Guest");
    (ana, w.ctx_of(guest))
}

#[test]
fn it_is_not_read() {
    both(|w| {
        let (ana, guest) = ana_and_a_reader(w);
        w.order(ana, "2026-05-01", "10");
        for key in ["contacts", "parties", "customers"] {
            let record = w.find(&guest, key, ana).unwrap();
            assert!(!record.values.contains_key("birth_on") && !record.values.contains_key("email"), "{key}");
            let listed = w.records(&guest, key, "", "").unwrap();
            assert!(listed.iter().all(|r| !r.values.contains_key("birth_on")), "{key}");
            let object = guest.catalogue.need(key).unwrap();
            let query = ListQuery { fields: vec!["birth_on".into()], limit: 5, ..ListQuery::default() };
            problems(w.try_read(|tx| kernel::list(tx, &guest, object, &query)));
        }
    });
}

#[test]
fn it_is_not_filtered_sorted_or_grouped_by_not_even_across_links() {
    both(|w| {
        let (ana, guest) = ana_and_a_reader(w);
        w.deal("Big", ana, "100");
        let deal = w.ids("deals", "", "")[0];
        w.change("deals", deal, &[("contact", &ana.to_string())]);
        for filter in
            ["birth_on < 2000-01-01", "birth_on is empty", "email ~ \"secret\"", "has deals(amount > 5)"]
        {
            problems(w.records(&guest, "contacts", filter, ""));
        }
        problems(w.records(&guest, "parties", "birth_on < 2000-01-01", ""));
        problems(w.records(&guest, "deals", "contact.birth_on < 2000-01-01", ""));
        problems(w.records(&guest, "deals", "party.birth_on < 2000-01-01", ""));
        problems(w.records(&guest, "contacts", "", "-birth_on"));
        problems(w.records(&guest, "customers", "", "email"));
        let deals = guest.catalogue.need("deals").unwrap();
        let all = ListQuery::default();
        problems(w.try_read(|tx| kernel::aggregate(tx, &guest, deals, &all, "stage", Some("amount"))));
        let contacts = guest.catalogue.need("contacts").unwrap();
        problems(
            w.try_read(|tx| kernel::find_by(tx, &guest, contacts, "email", &text("secret@example.com"))),
        );
    });
}

#[test]
fn it_is_not_told_by_events() {
    both(|w| {
        let (ana, guest) = ana_and_a_reader(w);
        let contacts = guest.catalogue.need("contacts").unwrap();
        let events = w.read(|tx| kernel::events::of_record(tx, &guest, contacts, ana, None, 10));
        let told: Vec<&String> =
            events.iter().flat_map(|e| e.changes.iter().flat_map(|c| c.keys())).collect();
        assert_eq!(told, ["name", "owner"]);
    });
}

#[test]
fn it_is_not_found_by_search() {
    both(|w| {
        let (_, guest) = ana_and_a_reader(w);
        assert_eq!(w.search("secret"), ["Ana"]);
        assert_eq!(w.search_as(&guest, "ana"), ["Ana"]);
        for words in ["secret", "secret@example", "ret@exam", "ana secret"] {
            assert_eq!(w.search_as(&guest, words), [""; 0], "{words}");
            let contacts = guest.catalogue.need("contacts").unwrap();
            let query = ListQuery { search: Some(words.into()), limit: 5, ..ListQuery::default() };
            assert_eq!(w.read(|tx| kernel::list(tx, &guest, contacts, &query)).records.len(), 0, "{words}");
            let n = w.read(|tx| kernel::count(tx, &guest, contacts, &query));
            assert_eq!(n, kernel::Total::Exact(0), "{words}");
        }
    });
}

#[test]
fn it_does_not_name_linked_records() {
    both(|w| {
        let (ana, guest) = ana_and_a_reader(w);
        let order = w.create(
            "orders",
            &[("party", &ana.to_string()), ("placed_on", "2026-01-01"), ("number", "SECRET-1")],
        );
        let line = w.create("order_lines", &[("order", &order.to_string()), ("amount", "5")]);
        assert_eq!(w.record("order_lines", line).names["order"], "SECRET-1");
        let seen = w.find(&guest, "order_lines", line).unwrap();
        assert_eq!(seen.names.get("order"), None);
        assert!(problems(w.records(&guest, "order_lines", "order = \"SECRET-1\"", "")).len() == 1);
    });
}

#[test]
fn it_is_not_written_and_survives_the_changes_of_those_who_do_not_see_it() {
    both(|w| {
        let (ana, guest) = ana_and_a_reader(w);
        let contacts = guest.catalogue.need("contacts").unwrap();
        let set = |key: &str, value: &str| {
            w.try_write(|tx| kernel::change(tx, &guest, contacts, ana, None, values([(key, text(value))])))
        };
        assert_eq!(problems(set("email", "x@example.com")), ["email: is not a field of this object"]);
        assert_eq!(problems(set("city", "Porto")), ["city: may not be changed by you"]);
        set("job_title", "Boss").unwrap();
        assert_eq!(w.record("contacts", ana).text("email"), "secret@example.com");
        assert!(!matches!(set("name", ""), Err(Error::Db(_))));
    });
}
