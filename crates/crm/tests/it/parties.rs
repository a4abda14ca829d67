use testkit::{World, both};

use crate::problems;

#[test]
fn a_contact_is_named_by_its_parts_unless_it_has_a_name() {
    both(|w| {
        let name = |texts: &[(&str, &str)]| {
            let id = w.create("contacts", texts);
            w.record("contacts", id).text("name").to_string()
        };
        assert_eq!(name(&[("given_name", "Ana"), ("family_name", "Silva")]), "Ana Silva");
        assert_eq!(name(&[("name", "Dr. Silva"), ("given_name", "Ana")]), "Dr. Silva");
        assert_eq!(name(&[("email", "ana@example.com")]), "ana@example.com");
        assert_eq!(name(&[("phone", "+49 30 1234")]), "+49 30 1234");
        let nameless = w.try_create(&w.ctx(), "contacts", &[("city", "Rome")]);
        assert_eq!(problems(nameless), ["name: give a name, an e-mail address or a phone number"]);
        let ana = w.create("contacts", &[("given_name", "Ana"), ("family_name", "Silva")]);
        w.change("contacts", ana, &[("family_name", "Costa")]);
        assert_eq!(w.record("contacts", ana).text("name"), "Ana Costa");
    });
}

fn points(w: &World, party: i64) -> Vec<String> {
    let records = w.records(&w.ctx(), "contact_points", &format!("party = {party}"), "kind,value").unwrap();
    let main =
        |r: &kernel::Record| if r.value("main") == &kernel::Value::Truth(true) { " (main)" } else { "" };
    records.iter().map(|r| format!("{} {}{}", r.text("kind"), r.text("value"), main(r))).collect()
}

#[test]
fn the_main_address_of_a_party_is_a_contact_point_and_others_stay() {
    both(|w| {
        let ana = w.create("contacts", &[("name", "Ana"), ("email", "a@example.com"), ("phone", "030 1234")]);
        let party = ana.to_string();
        w.create(
            "contact_points",
            &[("party", &party), ("kind", "email"), ("value", "old@example.com"), ("label", "Old")],
        );
        assert_eq!(
            points(w, ana),
            ["email a@example.com (main)", "email old@example.com", "phone 030 1234 (main)"]
        );
        w.change("contacts", ana, &[("email", "b@example.com"), ("phone", "")]);
        assert_eq!(points(w, ana), ["email b@example.com (main)", "email old@example.com"]);
    });
}

#[test]
fn contact_points_of_a_party_out_of_reach_are_out_of_reach() {
    both(|w| {
        w.create("contacts", &[("name", "Ana"), ("email", "a@example.com")]);
        w.role("Own", r#"{"default":{"see":"own"}}"#);
        let ctx = w.ctx_of(w.user("Own"));
        assert_eq!(w.list_as(&ctx, "contact_points", "").unwrap(), [""; 0]);
    });
}

#[test]
fn a_relationship_needs_two_parties_and_ends_after_it_began() {
    both(|w| {
        let (ana, ben) = (w.contact("Ana").to_string(), w.contact("Ben").to_string());
        let make = |from: &str, to: &str, more: &[(&str, &str)]| {
            let texts = [&[("from", from), ("to", to), ("kind", "refers")], more].concat();
            w.try_create(&w.ctx(), "relationships", &texts)
        };
        make(&ana, &ben, &[("since_on", "2026-01-01")]).unwrap();
        assert_eq!(problems(make(&ana, &ana, &[])), ["to: is the same party; a relationship needs two"]);
        let backwards = make(&ana, &ben, &[("since_on", "2026-01-02"), ("until_on", "2026-01-01")]);
        assert_eq!(problems(backwards), ["until_on: is before the relationship began"]);
        assert_eq!(w.list("contacts", "has relationships(kind = refers)"), ["Ana"]);
        assert_eq!(w.list("contacts", "has relationships_by_to"), ["Ben"]);
    });
}

#[test]
fn what_is_saved_with_a_party_stands_on_its_timeline() {
    both(|w| {
        let ana = w.contact("Ana");
        let note = w.note(ana, "Likes tea");
        let touch = w.touchpoint(ana, "call", "Asked about tea");
        let ctx = w.ctx();
        for (key, id) in [("notes", note), ("touchpoints", touch)] {
            let object = ctx.catalogue.need(key).unwrap();
            let events = w.read(|tx| kernel::events::of_record(tx, &ctx, object, id, None, 5));
            assert_eq!(events[0].party_id, Some(ana), "{key}");
        }
        assert_eq!(w.record("touchpoints", touch).value("at"), &kernel::Value::Time(w.now()));
    });
}
