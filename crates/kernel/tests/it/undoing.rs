use kernel::{Ctx, Error, events, undo};
use testkit::{World, both};

use crate::problems;

fn last_event(w: &World, object: &str, id: i64) -> i64 {
    let ctx = w.ctx();
    let object = ctx.catalogue.need(object).unwrap();
    w.read(|tx| events::of_record(tx, &ctx, object, id, None, 1))[0].id
}

fn undo_as(w: &World, ctx: &Ctx, event: i64) -> kernel::Result<kernel::Saved> {
    w.try_write(|tx| undo::undo(tx, ctx, event))
}

#[test]
fn a_change_is_undone_and_the_undoing_too() {
    both(|w| {
        let fields = [
            ("name", "Ana"),
            ("city", "Lisbon"),
            ("birth_on", "1990-05-06"),
            ("market_roles", "recruit,supplier"),
        ];
        let ana = w.create("contacts", &fields);
        let before = w.record("contacts", ana).values;
        w.change(
            "contacts",
            ana,
            &[("city", "Porto"), ("birth_on", ""), ("market_roles", ""), ("job_title", "Boss")],
        );
        let changed = w.record("contacts", ana).values;
        undo_as(w, &w.ctx(), last_event(w, "contacts", ana)).unwrap();
        let strip = |mut values: std::collections::BTreeMap<String, kernel::Value>| {
            values.remove("updated_at");
            values
        };
        assert_eq!(strip(w.record("contacts", ana).values), strip(before));
        undo_as(w, &w.ctx(), last_event(w, "contacts", ana)).unwrap();
        assert_eq!(strip(w.record("contacts", ana).values), strip(changed));
    });
}

#[test]
fn what_was_changed_again_since_is_not_undone() {
    both(|w| {
        let ana = w.contact("Ana");
        w.change("contacts", ana, &[("city", "Porto")]);
        let event = last_event(w, "contacts", ana);
        w.change("contacts", ana, &[("city", "Faro")]);
        assert_eq!(
            problems(undo_as(w, &w.ctx(), event)),
            ["city: was changed again since, so this cannot be undone"]
        );
        w.change("contacts", ana, &[("city", "Porto"), ("job_title", "Boss")]);
        undo_as(w, &w.ctx(), event).unwrap();
        assert_eq!(
            w.record("contacts", ana).text("job_title"),
            "Boss",
            "other fields keep their later values"
        );
    });
}

#[test]
fn creating_and_archiving_are_undone_by_their_opposites() {
    both(|w| {
        let ana = w.contact("Ana");
        undo_as(w, &w.ctx(), last_event(w, "contacts", ana)).unwrap();
        assert!(w.record("contacts", ana).archived_at.is_some());
        undo_as(w, &w.ctx(), last_event(w, "contacts", ana)).unwrap();
        assert!(w.record("contacts", ana).archived_at.is_none());
    });
}

#[test]
fn undoing_needs_the_same_rights_as_doing() {
    both(|w| {
        let ana = w.contact("Ana");
        w.change("contacts", ana, &[("city", "Porto")]);
        let reader = w.ctx_of(w.user("Reader"));
        assert!(matches!(undo_as(w, &reader, last_event(w, "contacts", ana)), Err(Error::Forbidden(_))));
        w.role("Blind", "{}");
        let blind = w.ctx_of(w.user("Blind"));
        assert!(matches!(undo_as(w, &blind, last_event(w, "contacts", ana)), Err(Error::NotFound(_))));
    });
}

#[test]
fn a_deal_goes_back_to_the_stage_it_came_from() {
    both(|w| {
        let ana = w.contact("Ana");
        let deal = w.deal("Big", ana, "100");
        let won = w.ids("stages", "outcome = won", "")[0].to_string();
        w.change("deals", deal, &[("stage", &won)]);
        undo_as(w, &w.ctx(), last_event(w, "deals", deal)).unwrap();
        let deal = w.record("deals", deal);
        assert_eq!((deal.text("status"), deal.names["stage"].as_str()), ("open", "New"));
        assert!(deal.value("closed_at").vacant());
    });
}
