use kernel::{Error, Value};
use testkit::{World, both};

use crate::{problems, text, values};

fn n_events(w: &World) -> i64 {
    w.read(|tx| Ok(tx.one("SELECT COUNT(*) FROM events", &[])?.int(0)?))
}

#[test]
fn a_stale_version_is_refused_and_says_which_is_there_now() {
    both(|w| {
        let ana = w.contact("Ana");
        w.change("contacts", ana, &[("city", "Lisbon")]);
        let ctx = w.ctx();
        let object = ctx.catalogue.need("contacts").unwrap();
        let stale = w.try_write(|tx| {
            kernel::change(tx, &ctx, object, ana, Some(1), values([("city", text("Porto"))]))
        });
        assert!(matches!(stale, Err(Error::Stale { version: 2, .. })), "{stale:?}");
        assert_eq!(w.record("contacts", ana).text("city"), "Lisbon");
        let archived = w.try_write(|tx| kernel::archive(tx, &ctx, object, ana, Some(1)));
        assert!(matches!(archived, Err(Error::Stale { .. })), "{archived:?}");
        let fresh =
            w.write(|tx| kernel::change(tx, &ctx, object, ana, Some(2), values([("city", text("Porto"))])));
        assert_eq!(fresh.version, 3);
    });
}

#[test]
fn of_two_who_save_the_same_version_at_once_one_is_refused() {
    both(|w| {
        let ana = w.contact("Ana");
        let ctx = w.ctx();
        let object = ctx.catalogue.need("contacts").unwrap();
        let outcomes: Vec<bool> = std::thread::scope(|scope| {
            let save = |city: &'static str| {
                let ctx = &ctx;
                move || {
                    w.try_write(|tx| {
                        kernel::change(tx, ctx, object, ana, Some(1), values([("city", text(city))]))
                    })
                    .is_ok()
                }
            };
            let threads: Vec<_> =
                ["A", "B", "C", "D"].map(|city| scope.spawn(save(city))).into_iter().collect();
            threads.into_iter().map(|t| t.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|saved| **saved).count(), 1);
        assert_eq!(w.record("contacts", ana).version, 2);
        assert_eq!(w.events("contacts", ana), ["contact.created", "contact.changed"]);
    });
}

#[test]
fn an_event_is_written_with_the_change_or_not_at_all() {
    both(|w| {
        let before = n_events(w);
        let ctx = w.ctx();
        let object = ctx.catalogue.need("contacts").unwrap();
        let undone = w.try_write::<()>(|tx| {
            let saved = kernel::create(tx, &ctx, object, values([("name", text("Ana"))]))?;
            assert!(saved.event_id.is_some());
            Err(Error::Forbidden("go on".into()))
        });
        assert!(undone.is_err());
        assert_eq!(n_events(w), before);
        assert_eq!(w.list("contacts", ""), [""; 0]);
        assert_eq!(w.search("ana"), [""; 0]);
    });
}

#[test]
fn an_event_says_who_what_and_the_values_before_and_after() {
    both(|w| {
        let ana = w.contact("Ana");
        w.pass(testkit::HOUR);
        w.change("contacts", ana, &[("city", "Lisbon"), ("birth_on", "1990-05-06")]);
        let ctx = w.ctx();
        let object = ctx.catalogue.need("contacts").unwrap();
        let events = w.read(|tx| kernel::events::of_record(tx, &ctx, object, ana, None, 10));
        let event = &events[0];
        assert_eq!((event.actor_id, event.at, event.via.as_str()), (Some(w.founder_id), w.now(), "web"));
        let changes = serde_json::to_value(event.changes.clone().unwrap()).unwrap();
        assert_eq!(changes, serde_json::json!({ "birth_on": [null, 7430], "city": [null, "Lisbon"] }));
    });
}

#[test]
fn saving_what_is_there_already_writes_nothing() {
    both(|w| {
        let ana =
            w.create("contacts", &[("name", "Ana"), ("city", "Lisbon"), ("market_roles", "influencer")]);
        let before = n_events(w);
        let saved = w.change(
            "contacts",
            ana,
            &[("name", "Ana"), ("city", " Lisbon "), ("market_roles", "influencer")],
        );
        assert_eq!((saved.version, saved.event_id, saved.changes.len()), (1, None, 0));
        assert_eq!(n_events(w), before);
    });
}

#[test]
fn nothing_in_any_spelling_is_nothing() {
    both(|w| {
        let ana = w.contact("Ana");
        let ctx = w.ctx();
        let object = ctx.catalogue.need("contacts").unwrap();
        let nothing = [("city", text("")), ("about", text("  ")), ("market_roles", Value::Many(vec![]))];
        let saved = w.write(|tx| kernel::change(tx, &ctx, object, ana, None, values(nothing)));
        assert_eq!(saved.version, 1, "nothing changed");
        let companies = ctx.catalogue.need("companies").unwrap();
        let nameless = w.try_write(|tx| kernel::create(tx, &ctx, companies, values([("name", text(" "))])));
        assert_eq!(problems(nameless), ["name: is required"]);
    });
}

#[test]
fn a_value_of_another_kind_is_refused_and_named() {
    both(|w| {
        let ctx = w.ctx();
        let object = ctx.catalogue.need("contacts").unwrap();
        let wrong = [
            ("birth_on", text("1990-05-06")),
            ("city", Value::Whole(5)),
            ("company", Value::Link(999_999)),
            ("market_roles", Value::Many(vec!["king".into()])),
            ("nonsense", text("x")),
            ("total_spent", Value::Money(5)),
        ];
        let mut found = Vec::new();
        for (key, value) in wrong {
            let pair = values([("name", text("Ana")), (key, value)]);
            found.extend(problems(w.try_write(|tx| kernel::create(tx, &ctx, object, pair))));
        }
        assert_eq!(
            found,
            [
                "birth_on: does not fit a field of kind date",
                "city: does not fit a field of kind text",
                "company: there is no such record: 999999",
                "market_roles: holds something that is not one of the choices",
                "nonsense: is not a field of this object",
                "total_spent: is worked out by Kith and cannot be set",
            ]
        );
        let products = ctx.catalogue.need("products").unwrap();
        let dear = values([("name", text("Car")), ("price", Value::Money(kernel::money::LIMIT + 1))]);
        assert_eq!(
            problems(w.try_write(|tx| kernel::create(tx, &ctx, products, dear))),
            ["price: is too large"]
        );
        let nul = values([("name", text("a\0b"))]);
        assert_eq!(problems(w.try_write(|tx| kernel::create(tx, &ctx, products, nul))).len(), 1);
    });
}

#[test]
fn a_taken_unique_value_is_a_problem_of_its_field() {
    both(|w| {
        w.create("products", &[("name", "Tea"), ("sku", "T-1")]);
        let again = w.try_create(&w.ctx(), "products", &[("name", "Coffee"), ("sku", "T-1")]);
        assert_eq!(problems(again), ["sku: is already taken by another record"]);
        w.create("contacts", &[("name", "Ana"), ("external_id", "1")]);
        w.create("companies", &[("name", "Silva"), ("external_id", "1")]);
        let again = w.try_create(&w.ctx(), "contacts", &[("name", "Ben"), ("external_id", "1")]);
        assert_eq!(problems(again), ["external_id: is already taken by another record"]);
    });
}

#[test]
fn an_archived_record_leaves_lists_and_search_and_comes_back() {
    both(|w| {
        let ana = w.contact("Ana");
        w.archive("contacts", ana);
        assert_eq!((w.list("contacts", ""), w.search("ana")), (vec![], vec![]));
        assert!(w.record("contacts", ana).archived_at.is_some());
        let ctx = w.ctx();
        let object = ctx.catalogue.need("contacts").unwrap();
        w.write(|tx| kernel::restore(tx, &ctx, object, ana, None));
        assert_eq!(
            (w.list("contacts", ""), w.search("ana")),
            (vec!["Ana".to_string()], vec!["Ana".to_string()])
        );
        assert_eq!(w.events("contacts", ana), ["contact.created", "contact.archived", "contact.restored"]);
    });
}

#[test]
fn a_list_over_several_objects_is_not_written_through() {
    both(|w| {
        let ana = w.contact("Ana");
        let ctx = w.ctx();
        for key in ["parties", "customers"] {
            let object = ctx.catalogue.need(key).unwrap();
            let made = w.try_write(|tx| kernel::create(tx, &ctx, object, values([("name", text("Ben"))])));
            assert!(matches!(made, Err(Error::Forbidden(_))));
            let changed = w
                .try_write(|tx| kernel::change(tx, &ctx, object, ana, None, values([("name", text("Ben"))])));
            assert!(matches!(changed, Err(Error::Forbidden(_))));
            assert!(w.try_write(|tx| kernel::archive(tx, &ctx, object, ana, None)).is_err());
        }
    });
}
