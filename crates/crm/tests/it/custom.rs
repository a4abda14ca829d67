//! A field and an object made at run time behave like those that Kith brings. See docs/decisions/0003.

use crm::catalogue::{FIELD_KINDS, NewField, add_field, add_object, key_of};
use kernel::{Error, ListQuery};
use testkit::{World, both};

use crate::problems;

fn field(object: &str, label: &str, kind: &str) -> NewField {
    NewField { object: object.into(), label: label.into(), kind: kind.into(), ..NewField::default() }
}

fn add(w: &World, new: &NewField) -> kernel::Result<String> {
    let ctx = w.ctx();
    w.try_write(|tx| add_field(tx, &ctx, new))
}

/// Subscriptions with a plan, a seat count, a price, a start and a customer.
fn subscriptions(w: &World) {
    let ctx = w.ctx();
    w.write(|tx| add_object(tx, &ctx, "Subscription", "Subscriptions", "", "What customers have booked."));
    let choices = vec!["Basic".into(), "Pro plus".into()];
    for new in [
        NewField { choices, default: "basic".into(), ..field("subscriptions", "Plan", "choice") },
        NewField { required: true, ..field("subscriptions", "Seats", "whole") },
        field("subscriptions", "Price", "money"),
        field("subscriptions", "Starts", "date"),
        NewField { unique: true, ..field("subscriptions", "Contract", "text") },
        NewField { target: "parties".into(), ..field("subscriptions", "Customer", "link") },
        field("subscriptions", "Contact mail", "email"),
    ] {
        add(w, &new).unwrap();
    }
}

#[test]
fn a_field_made_at_run_time_is_listed_filtered_sorted_searched_and_read() {
    both(|w| {
        add(w, &NewField { listed: true, ..field("contacts", "Shoe size (EU)", "whole") }).unwrap();
        add(w, &field("contacts", "Nickname", "text")).unwrap();
        w.create("contacts", &[("name", "Ana"), ("shoe_size_eu", "38"), ("nickname", "Bärchen")]);
        w.create("contacts", &[("name", "Ben"), ("shoe_size_eu", "45")]);
        w.create("contacts", &[("name", "Cem")]);
        assert_eq!(w.list("contacts", "shoe_size_eu > 40"), ["Ben"]);
        assert_eq!(w.list("contacts", "shoe_size_eu is empty"), ["Cem"]);
        assert_eq!(w.list("parties", "shoe_size_eu in (38, 39)"), ["Ana"]);
        let by_size: Vec<String> = w
            .records(&w.ctx(), "contacts", "", "-shoe_size_eu")
            .unwrap()
            .iter()
            .map(|r| r.text("name").into())
            .collect();
        assert_eq!(by_size, ["Ben", "Ana", "Cem"]);
        assert_eq!(w.search("barch"), ["Ana"]);
        assert_eq!(w.list("deals", "party.shoe_size_eu = 38"), [""; 0]);
    });
}

#[test]
fn a_required_field_a_default_and_a_unique_one_hold_as_built_in_ones_do() {
    both(|w| {
        subscriptions(w);
        let ctx = w.ctx();
        assert_eq!(problems(w.try_create(&ctx, "subscriptions", &[("name", "A")])), ["seats: is required"]);
        let first = w.create("subscriptions", &[("name", "A"), ("seats", "3"), ("contract", "C-1")]);
        assert_eq!(w.record("subscriptions", first).text("plan"), "basic");
        let again =
            w.try_create(&ctx, "subscriptions", &[("name", "B"), ("seats", "3"), ("contract", "C-1")]);
        assert_eq!(problems(again), ["contract: is already taken by another record"]);
        w.create("subscriptions", &[("name", "C"), ("seats", "3")]);
        w.create("subscriptions", &[("name", "D"), ("seats", "3")]);
        assert_eq!(
            problems(w.try_change(&ctx, "subscriptions", first, &[("seats", "")])),
            ["seats: is required"]
        );
        let object = ctx.catalogue.need("subscriptions").unwrap();
        let found =
            w.read(|tx| kernel::find_by(tx, &ctx, object, "contract", &kernel::Value::Text("C-1".into())));
        assert_eq!(found, Some(first));
    });
}

#[test]
fn two_who_take_the_same_unique_value_at_once_do_not_both_get_it() {
    both(|w| {
        subscriptions(w);
        let ctx = w.ctx();
        let n_made: usize = std::thread::scope(|scope| {
            let make = || {
                w.try_create(&ctx, "subscriptions", &[("name", "A"), ("seats", "1"), ("contract", "C-1")])
                    .is_ok()
            };
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(make)).collect();
            threads.into_iter().map(|t| usize::from(t.join().unwrap())).sum()
        });
        assert_eq!(n_made, 1);
    });
}

#[test]
fn an_object_made_at_run_time_has_lists_links_relations_events_undo_and_rights() {
    both(|w| {
        subscriptions(w);
        let ana = w.contact("Ana");
        let customer = ana.to_string();
        let texts = [
            ("name", "Gold"),
            ("seats", "12"),
            ("plan", "pro_plus"),
            ("price", "99.90"),
            ("starts", "2026-02-01"),
        ];
        let id = w.create("subscriptions", &[&texts[..], &[("customer", customer.as_str())]].concat());
        w.create("subscriptions", &[("name", "Silver"), ("seats", "2")]);

        let record = w.record("subscriptions", id);
        assert_eq!(
            (record.names["customer"].as_str(), record.value("price")),
            ("Ana", &kernel::Value::Money(9_990))
        );
        assert_eq!(
            w.list("subscriptions", "price > 50 and starts < 2026-03-01 and customer.name = ana"),
            ["Gold"]
        );
        assert_eq!(w.list("contacts", "has subscriptions(plan = pro_plus)"), ["Ana"]);
        assert_eq!(w.search("gol"), ["Gold"]);

        w.change("subscriptions", id, &[("seats", "20")]);
        assert_eq!(w.events("subscriptions", id), ["subscription.created", "subscription.changed"]);
        let ctx = w.ctx();
        let object = ctx.catalogue.need("subscriptions").unwrap();
        let events = w.read(|tx| kernel::events::of_record(tx, &ctx, object, id, None, 1));
        assert_eq!(events[0].party_id, Some(ana), "it stands on the customer's timeline");
        w.write(|tx| kernel::undo::undo(tx, &ctx, events[0].id));
        assert_eq!(w.list("subscriptions", "seats = 12"), ["Gold"]);

        w.role("Outsider", r#"{"default":{"see":"all"},"objects":{"subscriptions":{"see":"own"}},"fields":{"subscriptions.price":"hidden"}}"#);
        let outsider = w.user("Outsider");
        assert_eq!(w.list_as(&w.ctx_of(outsider), "subscriptions", "").unwrap(), [""; 0]);
        w.change("subscriptions", id, &[("owner", &outsider.to_string())]);
        let seen = w.find(&w.ctx_of(outsider), "subscriptions", id).unwrap();
        assert!(!seen.values.contains_key("price") && seen.text("plan") == "pro_plus");
        assert!(matches!(
            w.try_change(&w.ctx_of(outsider), "subscriptions", id, &[("seats", "1")]),
            Err(Error::Forbidden(_))
        ));

        w.archive("subscriptions", id);
        assert_eq!(w.list("subscriptions", ""), ["Silver"]);
    });
}

#[test]
fn two_objects_made_at_run_time_keep_apart_though_they_share_a_table() {
    both(|w| {
        let ctx = w.ctx();
        for (singular, plural) in [("Boat", "Boats"), ("Car", "Cars")] {
            w.write(|tx| add_object(tx, &ctx, singular, plural, "", ""));
        }
        for object in ["boats", "cars"] {
            add(w, &NewField { unique: true, ..field(object, "Plate", "text") }).unwrap();
        }
        let boat = w.create("boats", &[("name", "Anna"), ("plate", "1"), ("external_id", "x")]);
        w.create("cars", &[("name", "Bob"), ("plate", "1"), ("external_id", "x")]);
        assert_eq!(
            (w.list("boats", ""), w.list("cars", "plate = 1")),
            (vec!["Anna".into()], vec!["Bob".into()])
        );
        assert!(matches!(w.find(&w.ctx(), "cars", boat), Err(Error::NotFound(_))));
    });
}

#[test]
fn a_field_of_every_kind_can_be_made_and_used() {
    both(|w| {
        for kind in FIELD_KINDS {
            let choices = if kind.starts_with("choice") { vec!["One".into(), "Two".into()] } else { vec![] };
            let target = if kind == "link" { "contacts".into() } else { String::new() };
            add(
                w,
                &NewField { choices, target, listed: true, ..field("products", &format!("My {kind}"), kind) },
            )
            .unwrap();
        }
        let products = w.ctx().catalogue.need("products").unwrap().clone();
        let made: Vec<&str> = products.fields.iter().filter(|f| f.custom).map(|f| f.kind.word()).collect();
        assert_eq!(made, FIELD_KINDS);
    });
}

#[test]
fn what_cannot_be_a_field_is_refused_with_reasons() {
    both(|w| {
        let refused = |new: NewField| problems(add(w, &new));
        assert_eq!(refused(field("contacts", "City", "text")), ["key: is already a field of this object"]);
        assert_eq!(
            refused(field("contacts", "Industry", "text")),
            ["key: is already a field of another kind among customers; choose another key"]
        );
        assert_eq!(
            refused(field("contacts", "", "text")),
            ["key: begins with a letter and holds only a-z, 0-9 and _"]
        );
        assert_eq!(
            refused(field("contacts", "Has", "text")),
            ["key: is a word that filters and records use themselves"]
        );
        assert_eq!(refused(field("contacts", "Mood", "colour")).len(), 1);
        assert_eq!(refused(field("contacts", "Mood", "choice")).len(), 1);
        let doubled =
            NewField { choices: vec!["A".into(), "a".into()], ..field("contacts", "Mood", "choice") };
        assert_eq!(refused(doubled).len(), 1);
        assert_eq!(
            refused(NewField { target: "nowhere".into(), ..field("contacts", "Mood", "link") }).len(),
            1
        );
        assert_eq!(refused(field("customers", "Mood", "text")).len(), 1);
        for key in ["x'; DROP TABLE parties; --", "Ünï", "1st", "a b", &"x".repeat(41)] {
            refused(NewField { key: key.into(), ..field("contacts", "Mood", "text") });
        }
        add(w, &field("contacts", "Level", "text")).unwrap();
        assert_eq!(refused(field("companies", "Level", "whole")).len(), 1, "customers could not hold both");
        add(w, &field("companies", "Level", "text")).unwrap();
        w.create("companies", &[("name", "Firm"), ("level", "high")]);
        assert_eq!(w.list("parties", "level = high"), ["Firm"]);

        let manager = w.ctx_of(w.user("Manager"));
        let by_manager = w.try_write(|tx| add_field(tx, &manager, &field("contacts", "Mood", "text")));
        assert!(matches!(by_manager, Err(Error::Forbidden(_))));
        let by_manager = w.try_write(|tx| add_object(tx, &manager, "Boat", "Boats", "", ""));
        assert!(matches!(by_manager, Err(Error::Forbidden(_))));
        let ctx = w.ctx();
        for (plural, key) in [("Contacts", ""), ("Searches", "search"), ("", "x"), ("船", "")] {
            problems(w.try_write(|tx| add_object(tx, &ctx, "Thing", plural, key, "")));
        }
    });
}

#[test]
fn keys_are_made_from_labels_in_any_language() {
    let made: Vec<String> =
        ["Größe (cm)", "E-mail 2", "  Straße ", "船", "__x__"].iter().map(|l| key_of(l)).collect();
    assert_eq!(made, ["grosse_cm", "e_mail_2", "strasse", "", "x"]);
}

#[test]
fn a_list_sorted_by_a_field_made_at_run_time_uses_its_index() {
    let w = World::sqlite();
    subscriptions(&w);
    let plan = w.read(|tx| {
        let sql = "EXPLAIN QUERY PLAN SELECT t.id FROM records t WHERE t.kind = 'subscriptions'
            AND CAST((t.custom->>'seats') AS BIGINT) IS NOT NULL ORDER BY CAST((t.custom->>'seats') AS BIGINT), t.id LIMIT 5";
        Ok(tx.query(sql, &[])?)
    });
    let steps: Vec<&str> = plan.iter().map(|row| row.text(3).unwrap()).collect();
    assert!(steps.len() == 1 && steps[0].contains("INDEX custom_"), "{steps:?}");
    let ctx = w.ctx();
    let object = ctx.catalogue.need("subscriptions").unwrap();
    let seats = object.field("seats").unwrap();
    assert_eq!(
        kernel::column_sql(seats, "t"),
        "CAST((t.custom->>'seats') AS BIGINT)",
        "the statement above is the one lists make"
    );
    w.read(|tx| kernel::list(tx, &ctx, object, &ListQuery { limit: 1, ..ListQuery::default() }));
}

#[test]
fn a_default_that_does_not_fit_its_field_is_refused() {
    let w = World::sqlite();
    let wrong = NewField { default: "many".into(), ..field("contacts", "Seats", "whole") };
    assert_eq!(problems(add(&w, &wrong)), ["default: many is not a whole number"]);
}
