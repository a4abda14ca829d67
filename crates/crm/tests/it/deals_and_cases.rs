//! Two objects as different as deals and cases go through the same generic functions, and differ by their rules
//! alone. See docs/decisions/0001.

use kernel::{ListQuery, Object, Total, aggregate, count};
use testkit::{World, both};

use crate::problems;

/// Everything that a page, an API or an import does with a record, without a word about which object it is.
fn live_through(
    w: &World,
    object: &Object,
    texts: &[(&str, &str)],
    change: (&str, &str),
    title: &str,
) -> Vec<String> {
    let ctx = w.ctx();
    let key = object.key.as_str();
    let mut told = Vec::new();
    assert!(!problems(w.try_create(&ctx, key, &[])).is_empty());
    let id = w.create(key, texts);
    assert_eq!(w.list(key, ""), [title]);
    assert_eq!(w.list(key, &format!("{} is not empty and owner = me", change.0)).len(), 1);
    assert_eq!(w.search(&title[..4]), [title]);
    assert_eq!(w.read(|tx| count(tx, &ctx, object, &ListQuery::default())), Total::Exact(1));
    told.extend(
        w.read(|tx| aggregate(tx, &ctx, object, &ListQuery::default(), change.0, None))
            .iter()
            .map(|g| format!("{:?}", g.0)),
    );
    let saved = w.change(key, id, &[change]);
    told.push(saved.changes.keys().cloned().collect::<Vec<_>>().join(" "));
    assert_eq!(w.records(&ctx, "parties", &format!("has {key}"), "").unwrap().len(), 1);
    let external = kernel::Value::Text("X-1".into());
    assert_eq!(w.read(|tx| kernel::find_by(tx, &ctx, object, "external_id", &external)), Some(id));
    w.write(|tx| kernel::undo::undo(tx, &ctx, saved.event_id.unwrap()));
    w.archive(key, id);
    w.write(|tx| kernel::restore(tx, &ctx, object, id, None));
    told.extend(w.events(key, id));
    told
}

#[test]
fn deals_and_cases_live_through_the_same_functions() {
    both(|w| {
        let ana = w.contact("Zoe").to_string();
        let ctx = w.ctx();
        let won = w.ids("stages", "outcome = won", "")[0].to_string();
        let deals = ctx.catalogue.need("deals").unwrap();
        let deal =
            [("name", "Big order"), ("party", ana.as_str()), ("amount", "1000"), ("external_id", "X-1")];
        let told = live_through(w, deals, &deal, ("stage", &won), "Big order");
        let stage = w.ids("stages", "name = New", "")[0];
        let expected = [
            &format!("Link({stage})"),
            "closed_at probability stage status",
            "deal.created",
            "deal.changed",
            "deal.changed",
            "deal.archived",
            "deal.restored",
        ];
        assert_eq!(told, expected);
        let cases = ctx.catalogue.need("cases").unwrap();
        let case =
            [("name", "Lamp broken"), ("party", ana.as_str()), ("kind", "complaint"), ("external_id", "X-1")];
        let told = live_through(w, cases, &case, ("status", "closed"), "Lamp broken");
        let expected = [
            "Text(\"new\")",
            "closed_at status",
            "case.created",
            "case.changed",
            "case.changed",
            "case.archived",
            "case.restored",
        ];
        assert_eq!(told, expected);
    });
}

#[test]
fn a_deal_follows_its_stage() {
    both(|w| {
        let ana = w.contact("Ana");
        let deal = w.deal("Big", ana, "100");
        let record = w.record("deals", deal);
        assert_eq!(
            (record.names["stage"].as_str(), record.text("status"), record.text("currency")),
            ("New", "open", "EUR")
        );
        assert_eq!(record.names["pipeline"], "Sales");
        w.pass(testkit::DAY);
        let lost = w.ids("stages", "outcome = lost", "")[0].to_string();
        w.change("deals", deal, &[("stage", &lost)]);
        let record = w.record("deals", deal);
        assert_eq!(record.value("closed_at"), &kernel::Value::Time(w.now()));
        assert_eq!(record.value("probability"), &kernel::Value::Number(0.0));
        let refused = w.try_change(&w.ctx(), "deals", deal, &[("status", "won")]);
        assert_eq!(problems(refused), ["status: is worked out by Kith and cannot be set"]);
    });
}

#[test]
fn a_stage_belongs_to_the_pipeline_that_is_named_with_it() {
    both(|w| {
        let other = w.create("pipelines", &[("name", "Renewals"), ("position", "2")]).to_string();
        let stage =
            w.create("stages", &[("name", "Due"), ("pipeline", &other), ("position", "1")]).to_string();
        let deal = w.create("deals", &[("name", "Renewal"), ("pipeline", &other)]);
        assert_eq!(w.record("deals", deal).names["stage"], "Due");
        let new = w.ids("stages", "name = New", "")[0].to_string();
        let wrong = w.try_create(&w.ctx(), "deals", &[("name", "X"), ("pipeline", &other), ("stage", &new)]);
        assert_eq!(problems(wrong), ["stage: belongs to another pipeline"]);
        w.change("deals", deal, &[("stage", &new)]);
        assert_eq!(w.record("deals", deal).names["pipeline"], "Sales");
        w.change("deals", deal, &[("stage", &stage)]);
        assert_eq!(w.record("deals", deal).names["pipeline"], "Renewals");
        w.change("deals", deal, &[("pipeline", "")]);
        assert_eq!(w.record("deals", deal).names["pipeline"], "Renewals");
    });
}

#[test]
fn a_case_and_a_task_note_when_they_ended_and_forget_it_when_they_go_on() {
    both(|w| {
        let ana = w.contact("Ana");
        let case = w.case("Lamp broken", ana);
        let task = w.task("Call back", "2026-06-20");
        w.change("cases", case, &[("status", "closed")]);
        w.change("tasks", task, &[("status", "done")]);
        let now = kernel::Value::Time(w.now());
        assert_eq!(
            (w.record("cases", case).value("closed_at"), w.record("tasks", task).value("done_at")),
            (&now, &now)
        );
        w.change("cases", case, &[("status", "open")]);
        w.change("tasks", task, &[("status", "open")]);
        assert!(
            w.record("cases", case).value("closed_at").vacant()
                && w.record("tasks", task).value("done_at").vacant()
        );
    });
}
