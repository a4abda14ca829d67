use crm::imports::{self, Severity};
use testkit::{World, both};

use super::{faults, import, import_as, n_rows, propose, told};

const PEOPLE: &str = "\
id,given name,family name,email,phone,mobile,company,city,birthday
C1,Ana,Silva,ana@example.com,+351 21 000 0001,+351 91 000 0001,Linden Ltd,Lisbon,1980-02-29
C2,سارة,الخطيب,sara@example.com,,,Linden Ltd,عمّان,
C3,Zoë 🦊,O'Neil,zoe@example.com,,,,Cork,
";

#[test]
fn contacts_come_with_addresses_companies_events_and_search() {
    both(|w| {
        let (_, account) = import(w, "contacts", PEOPLE);
        assert_eq!(told(&account), "rows 3, created 3, companies 1");
        let ana = w.ids("contacts", "external_id = C1", "")[0];
        assert_eq!(w.record("contacts", ana).names["company"], "Linden Ltd");
        assert_eq!(w.list("contact_points", "party.external_id = C1").len(), 3);
        assert_eq!(w.events("contacts", ana), ["contact.created"]);
        assert_eq!(w.search("silva"), ["Ana Silva"]);
        assert_eq!(w.search("zoe@exa"), ["Zoë 🦊 O'Neil"]);
        assert_eq!(w.search("21 000 0001"), ["Ana Silva"]);
        assert_eq!(w.search("الخطيب"), ["سارة الخطيب"]);
        assert_eq!(w.search("linden"), ["Linden Ltd"]);
    });
}

#[test]
fn the_same_contacts_again_change_nothing() {
    both(|w| {
        import(w, "contacts", PEOPLE);
        let n_events = n_rows(w, "events");
        let (_, again) = import(w, "contacts", PEOPLE);
        assert_eq!(told(&again), "rows 3, unchanged 3");
        assert_eq!((n_rows(w, "events"), n_rows(w, "contact_points")), (n_events, 5));
    });
}

#[test]
fn only_filled_cells_change_a_contact() {
    both(|w| {
        import(w, "contacts", PEOPLE);
        let file = "id,given name,email,phone,city\nC1,Anna,,,\nC2,,sara@new.example,,\nC9,New,,,\n";
        let (_, account) = import(w, "contacts", file);
        assert_eq!(told(&account), "rows 3, created 1, updated 2");
        let ana = w.ids("contacts", "external_id = C1", "")[0];
        let record = w.record("contacts", ana);
        assert_eq!((record.text("name"), record.text("email")), ("Anna Silva", "ana@example.com"));
        assert_eq!(w.events("contacts", ana), ["contact.created", "contact.changed"]);
        assert_eq!(w.list("contact_points", "party.external_id = C2"), ["sara@new.example"]);
    });
}

#[test]
fn contacts_without_a_number_are_known_by_their_address() {
    both(|w| {
        let ana = w.create("contacts", &[("name", "Ana"), ("email", "Ana@Example.com")]);
        let (_, account) = import(
            w,
            "contacts",
            "name,email,city\nAna,ana@example.com,Porto\nBen,ben@example.com,\nBen,BEN@example.com,Cork\n",
        );
        assert_eq!(told(&account), "rows 3, created 1, updated 2");
        assert_eq!(w.record("contacts", ana).text("city"), "Porto");
        assert_eq!(w.list("contacts", "city = Cork"), ["Ben"]);
    });
}

#[test]
fn rows_without_any_key_are_not_made_twice() {
    both(|w| {
        let file = "first name,last name\nAna,Silva\nBen,Ode\nAna,Silva\n";
        let (_, account) = import(w, "contacts", file);
        assert_eq!(told(&account), "rows 3, created 3");
        let (_, again) = import(w, "contacts", file);
        assert_eq!(told(&again), "rows 3, unchanged 3");
        assert_eq!(w.list("contacts", "").len(), 3);
    });
}

#[test]
fn possible_duplicates_are_told_and_still_imported() {
    both(|w| {
        let old = w.create(
            "contacts",
            &[("name", "Ana S."), ("email", "ana@example.com"), ("phone", "0351 21 000 0002")],
        );
        let file = "\
id,name,email,phone,postal code
1,Ana Silva,ana@example.com,,
2,Ben Ode,ben@example.com,+351 21 000 0002,1000
3,Carla,ben@example.com,,
4,Dora Field,,,1200
5,dora FIELD,,,1200
6,Dora Field,,,9999
";
        let (id, account) = import(w, "contacts", file);
        assert_eq!((account.n_created, account.n_duplicates), (6, 4));
        let problems = w.read(|tx| imports::problems(tx, id, 0, 100));
        let ben = w.ids("contacts", "external_id = 2", "")[0];
        let said: Vec<String> = problems.iter().map(|p| p.message.clone()).collect();
        assert_eq!(said[0], format!("may be a duplicate: it has the same e-mail address as record {old}"));
        assert_eq!(said[1], format!("may be a duplicate: it has the same phone number as record {old}"));
        assert_eq!(said[2], format!("may be a duplicate: it has the same e-mail address as record {ben}"));
        assert!(said[3].contains("the same name and place or birthday"), "{}", said[3]);
        assert!(problems.iter().all(|p| p.severity == Severity::Duplicate));
    });
}

#[test]
fn a_wrong_cell_is_left_out_and_told_the_row_goes_in() {
    both(|w| {
        let file = "name,email,phone,website,birthday,owner\nAna,ana@,12,ftp://x y,1980-02-30,Nobody\nBen,ben@example.com,+49 30 1,ben.example,1980-02-28,Fay Founder\n";
        let mut plan = propose(w, &w.ctx(), "contacts", file.as_bytes()).unwrap();
        plan.set_target("owner", Some("owner")).unwrap();
        plan.set_target("birthday", Some("birth_on")).unwrap();
        plan.key = None;
        let (_, account) = import_as(w, &plan, file.as_bytes());
        assert_eq!(told(&account), "rows 2, created 2, warned 1");
        let faults = faults(&account);
        assert_eq!(faults.len(), 5, "{faults:?}");
        assert_eq!(faults[0], "1 email: ana@ is not an e-mail address; it was left out (warning)");
        assert!(
            faults.contains(&"1 owner: there is no user “Nobody”; it was left out (warning)".to_string()),
            "{faults:?}"
        );
        let ana = w.record("contacts", w.ids("contacts", "name = Ana", "")[0]);
        assert!(ana.value("email").vacant());
    });
}

#[test]
fn a_row_that_says_nobody_is_refused() {
    both(|w| {
        let (_, account) = import(w, "contacts", "name,email,city\nAna,,Lisbon\n,,Lisbon\n ,\" \",\n");
        assert_eq!(told(&account), "rows 3, created 1, skipped 1, failed 1");
        assert_eq!(
            faults(&account),
            ["2 : says no name, e-mail address, phone number or external id (failed)"]
        );
    });
}

#[test]
fn two_numbers_for_one_address_do_not_mix_people_up() {
    both(|w| {
        w.create("contacts", &[("name", "Ana"), ("email", "ana@example.com"), ("external_id", "1")]);
        let mut plan = propose(w, &w.ctx(), "contacts", b"id,name,email\n1,Ben,ben@example.com\n").unwrap();
        plan.key = Some("email".into());
        let (_, account) = import_as(w, &plan, b"id,name,email\n1,Ben,ben@example.com\n");
        assert_eq!(told(&account), "rows 1, failed 1");
        assert!(faults(&account)[0].contains("has the external id of record"));
    });
}

#[test]
fn companies_are_known_by_name_and_products_by_number() {
    both(|w| {
        let acme = w.company("Acme Ltd");
        let (_, account) = import(
            w,
            "companies",
            "company,industry,employees\nACME ltd,Tools,12\nBolt GmbH,Tools,\"1,200\"\n",
        );
        assert_eq!(told(&account), "rows 2, created 1, updated 1");
        assert_eq!(w.record("companies", acme).text("industry"), "Tools");
        let products = "sku,name,price,cost,category\nB-1,Bell,9.50,4.00,Parts\nL-1,Lamp,€29.00,,Parts\n,Nameless,1.00,,\n";
        let (_, account) = import(w, "products", products);
        assert_eq!(told(&account), "rows 3, created 3");
        assert_eq!(w.list("products", "price > 9 and active = yes"), ["Bell", "Lamp"]);
        let (_, again) = import(w, "products", products);
        assert_eq!(told(&again), "rows 3, unchanged 3");
    });
}

#[test]
fn fields_that_may_not_be_written_cannot_be_mapped() {
    let w = World::sqlite();
    w.role("Careful", r#"{"default":{"see":"all","create":"all","change":"all"},"fields":{"contacts.birth_on":"read","contacts.phone":"hidden"}}"#);
    let ctx = w.ctx_of(w.user("Careful"));
    let file = b"name,phone,birthday\nAna,+351 21 000 0001,1980-01-01\n".as_slice();
    let mut plan = propose(&w, &ctx, "contacts", file).unwrap();
    assert!(plan.column_of("birth_on").is_none() && plan.column_of("phone").is_none());
    plan.set_target("phone", Some("phone")).unwrap();
    let refused = crate::problems(plan.check(&ctx));
    assert_eq!(refused, ["phone: cannot fill phone: there is no such field, or you may not write it"]);
}

#[test]
fn readers_may_not_import() {
    let w = World::sqlite();
    let ctx = w.ctx_of(w.user("Reader"));
    assert!(matches!(propose(&w, &ctx, "contacts", b"name\nAna\n"), Err(kernel::Error::Forbidden(_))));
}
