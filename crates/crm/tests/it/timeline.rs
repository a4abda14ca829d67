//! The timeline: everything around a record, once, newest first, and nothing that its reader may not see.

use crm::timeline::{self, Cursor, Entry, Show, What};
use kernel::{Ctx, Result};
use testkit::{DAY, HOUR, World, both};

fn read(
    w: &World,
    ctx: &Ctx,
    object: &str,
    id: i64,
    before: Option<Cursor>,
    show: Show,
    limit: usize,
) -> Result<timeline::Page> {
    let object = ctx.catalogue.need(object)?.clone();
    w.try_read(|tx| timeline::page(tx, ctx, &object, id, before, show, limit))
}

fn all(w: &World, ctx: &Ctx, object: &str, id: i64) -> Vec<Entry> {
    let page =
        read(w, ctx, object, id, None, Show::All, 200).unwrap_or_else(|e| panic!("{:?}: {e}", w.engine()));
    assert!(page.next.is_none());
    page.entries
}

/// What an entry tells, in a line.
fn told(entry: &Entry) -> String {
    let record = entry.record.as_ref();
    let words = ["name", "summary", "body", "number"]
        .iter()
        .find_map(|key| record.map(|r| r.text(key)).filter(|t| !t.is_empty()));
    let event = entry.event.as_ref().map(|event| event.kind.as_str());
    format!("{:?}: {}", entry.what, words.or(event).unwrap_or_default())
}

fn lines(entries: &[Entry]) -> Vec<String> {
    entries.iter().map(told).collect()
}

/// A contact with one of everything, an hour apart.
fn busy(w: &World) -> i64 {
    let ana = w.contact("Ana");
    let party = ana.to_string();
    w.pass(HOUR);
    w.touchpoint(ana, "call", "Asked about bikes");
    w.pass(HOUR);
    w.note(ana, "Likes blue");
    w.pass(HOUR);
    let task = w.create("tasks", &[("name", "Call back"), ("party", &party)]);
    w.pass(HOUR);
    w.change("tasks", task, &[("status", "done")]);
    w.pass(HOUR);
    let case = w.case("Late parcel", ana);
    w.pass(HOUR);
    w.change("cases", case, &[("status", "closed")]);
    w.pass(HOUR);
    let deal = w.deal("Ten bikes", ana, "5000");
    w.pass(HOUR);
    let won = w.ids("stages", "outcome = won", "")[0];
    w.change("deals", deal, &[("stage", &won.to_string())]);
    w.pass(DAY);
    let order = w.create(
        "orders",
        &[("party", &party), ("placed_on", "2026-06-15"), ("number", "O-1"), ("total", "30")],
    );
    for (description, quantity) in [("Bell", "1"), ("Lamp", "2"), ("Lock", "1"), ("Pump", "1"), ("Tyre", "1")]
    {
        let order = order.to_string();
        w.create(
            "order_lines",
            &[("order", &order), ("description", description), ("quantity", quantity), ("unit_price", "5")],
        );
    }
    w.change("contacts", ana, &[("city", "Porto")]);
    ana
}

#[test]
fn everything_around_a_party_is_told_newest_first() {
    both(|w| {
        let ana = busy(w);
        let entries = all(w, &w.ctx(), "contacts", ana);
        assert_eq!(
            lines(&entries),
            [
                "Event: contact.changed",
                "DealClosed: Ten bikes",
                "DealOpened: Ten bikes",
                "CaseClosed: Late parcel",
                "CaseOpened: Late parcel",
                "TaskDone: Call back",
                "TaskMade: Call back",
                "Note: Likes blue",
                "Touchpoint: Asked about bikes",
                "Event: contact.created",
                "Order: O-1",
            ]
        );
        let order = entries.last().and_then(|entry| entry.lines.clone()).unwrap_or_default();
        assert_eq!((order.first, order.n_more), (vec!["Bell".into(), "2 × Lamp".into(), "Lock".into()], 2));
        assert_eq!(entries[0].actor.as_deref(), Some("Fay Founder"));
    });
}

#[test]
fn pages_of_any_length_tell_everything_once() {
    both(|w| {
        let ana = w.contact("Ana");
        let party = ana.to_string();
        // The clock stands still, so that most of this falls on one instant.
        for n in 0..4 {
            w.touchpoint(ana, "call", &format!("Call {n}"));
            w.note(ana, &format!("Note {n}"));
            w.create("tasks", &[("name", &format!("Task {n}")), ("party", &party)]);
            w.order(ana, "2026-06-15", "10");
            w.order(ana, "2026-06-14", "10");
            w.change("contacts", ana, &[("city", &format!("City {n}"))]);
        }
        let ctx = w.ctx();
        let whole = lines(&all(w, &ctx, "contacts", ana));
        assert_eq!(whole.len(), 4 * 6 + 1);
        for limit in [1, 2, 3, 7] {
            let (mut found, mut before) = (Vec::new(), None);
            loop {
                let page = read(w, &ctx, "contacts", ana, before, Show::All, limit).expect("a page");
                assert!(page.entries.len() <= limit);
                found.extend(lines(&page.entries));
                let Some(next) = page.next else { break };
                before = Some(next.to_string().parse().expect("a cursor"));
            }
            assert_eq!(found, whole, "{:?} by {limit}", w.engine());
        }
    });
}

#[test]
fn a_tab_shows_its_kind_alone() {
    both(|w| {
        let ana = busy(w);
        let ctx = w.ctx();
        let kinds = |show| -> Vec<What> {
            read(w, &ctx, "contacts", ana, None, show, 50)
                .expect("a page")
                .entries
                .iter()
                .map(|e| e.what)
                .collect()
        };
        assert_eq!(kinds(Show::Purchases), [What::Order]);
        assert_eq!(kinds(Show::Conversations), [What::Note, What::Touchpoint]);
        assert_eq!(kinds(Show::Changes), [What::Event, What::Event]);
        assert_eq!(kinds(Show::Work).len(), 6);
    });
}

#[test]
fn a_deal_tells_its_own_changes_notes_and_tasks() {
    both(|w| {
        let ana = w.contact("Ana");
        let deal = w.deal("Ten bikes", ana, "5000");
        let id = deal.to_string();
        w.pass(HOUR);
        w.create("notes", &[("deal", &id), ("body", "Wants a discount")]);
        w.pass(HOUR);
        w.create("tasks", &[("deal", &id), ("name", "Send quote")]);
        w.pass(HOUR);
        w.change("deals", deal, &[("amount", "4500")]);
        let entries = all(w, &w.ctx(), "deals", deal);
        assert_eq!(
            lines(&entries),
            ["Event: deal.changed", "TaskMade: Send quote", "Note: Wants a discount", "Event: deal.created"]
        );
        assert!(
            entries[0]
                .event
                .as_ref()
                .and_then(|e| e.changes.as_ref())
                .is_some_and(|c| c.contains_key("amount"))
        );
    });
}

#[test]
fn scores_that_change_are_told() {
    both(|w| {
        let ana = w.contact("Ana");
        for day in ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26", "2026-02-02"] {
            w.order(ana, day, "100");
        }
        for as_of in ["2026-02-05", "2026-04-05"] {
            let options = crm::scores::Options { as_of: Some(testkit::date(as_of)), ..Default::default() };
            crm::scores::run(&w.db, &w.system(), &options, |_| {}).expect("a run");
        }
        let page = read(w, &w.ctx(), "contacts", ana, None, Show::Changes, 1).expect("a page");
        let event = page.entries[0].event.clone().expect("an event");
        let changes = serde_json::Value::Object(event.changes.unwrap_or_default()).to_string();
        assert_eq!((event.kind.as_str(), event.via.as_str()), ("contact.scored", "system"));
        assert_eq!(changes, r#"{"relationship_stage":["involved","deteriorating"]}"#);
    });
}

#[test]
fn what_a_reader_may_not_see_is_not_told() {
    both(|w| {
        let ana = busy(w);
        w.change("contacts", ana, &[("birth_on", "1980-01-01")]);
        w.role(
            "Desk",
            r#"{"default":{"see":"all"},"objects":{"deals":{"see":"none"},"orders":{"see":"all"}},
                "fields":{"contacts.birth_on":"hidden","orders.total":"hidden","touchpoints.at":"hidden","notes.party":"hidden"}}"#,
        );
        let desk = w.ctx_of(w.user("Desk"));
        let entries = all(w, &desk, "contacts", ana);
        assert_eq!(
            lines(&entries),
            [
                "Event: contact.changed",
                "CaseClosed: Late parcel",
                "CaseOpened: Late parcel",
                "TaskDone: Call back",
                "TaskMade: Call back",
                "Event: contact.created",
                "Order: O-1",
            ]
        );
        let order = entries.last().and_then(|entry| entry.record.as_ref()).expect("an order");
        assert!(!order.values.contains_key("total"));
        let told = format!("{entries:?}");
        assert!(!told.contains("birth_on"), "{told}");
    });
}

#[test]
fn a_record_outside_the_scope_is_not_found() {
    both(|w| {
        let ana = w.contact("Ana");
        w.role("Own", r#"{"default":{"see":"own"}}"#);
        let own = w.ctx_of(w.user("Own"));
        let refused = read(w, &own, "contacts", ana, None, Show::All, 10);
        assert_eq!(refused.map_err(|e| e.to_string()), Err(format!("contact {ana} not found")));
    });
}

#[test]
fn a_place_that_is_no_place_is_refused() {
    for wrong in ["", "1.2", "1.99.3", "x.y.z", "9223372036854775807.0.1", "1.0.1 OR 1=1"] {
        assert!(wrong.parse::<Cursor>().is_err(), "{wrong}");
    }
}
