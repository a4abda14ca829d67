//! Who may see and do what: none, own, team and all, through every door.

use kernel::{Ctx, Error, ListQuery};
use testkit::{World, both};

use crate::{text, values};

/// Three contacts, owned by Ann, by her teammate Bob, by Cem of another team, and one by nobody.
struct Scene {
    ann: i64,
    ids: [i64; 4],
}

const NAMES: [&str; 4] = ["Of Ann", "Of Bob", "Of Cem", "Of nobody"];

fn scene(w: &World, rights: &str) -> Scene {
    w.role("Tested", rights);
    let (north, south) = (w.team("North"), w.team("South"));
    let ann = w.user_in("Tested", Some(north));
    let bob = w.user_in("Tested", Some(north));
    let cem = w.user_in("Tested", Some(south));
    let owners = [ann.to_string(), bob.to_string(), cem.to_string(), String::new()];
    let contact = |n: usize| {
        let email = format!("shared{n}@example.com");
        w.create(
            "contacts",
            &[("name", NAMES[n]), ("owner", &owners[n]), ("email", &email), ("city", "Rome")],
        )
    };
    Scene { ann, ids: [contact(0), contact(1), contact(2), contact(3)] }
}

/// What the reader gets by each door, each as the names of contacts.
fn seen(w: &World, ctx: &Ctx, ids: &[i64; 4], object: &str) -> Vec<(&'static str, Vec<String>)> {
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    let object_of = ctx.catalogue.need(object).unwrap();
    let find = |id: &i64| w.find(ctx, object, *id).ok().map(|r| r.text("name").to_string());
    let may = |id: &i64| w.read(|tx| kernel::may(tx, ctx, object_of, *id, kernel::Action::See));
    let count = w.count_as(ctx, object, "").unwrap();
    let counted = |n: i64| vec![String::new(); n as usize];
    let all = ListQuery::default();
    let grouped = w.read(|tx| kernel::aggregate(tx, ctx, object_of, &all, "owner", None));
    let query = ListQuery { search: Some("of".into()), limit: 50, ..ListQuery::default() };
    let searched_list = w.read(|tx| kernel::list(tx, ctx, object_of, &query)).records;
    vec![
        ("list", sorted(w.list_as(ctx, object, "").unwrap())),
        ("filter", sorted(w.list_as(ctx, object, "city = rome").unwrap())),
        ("find", sorted(ids.iter().filter_map(find).collect())),
        ("search", sorted(w.search_as(ctx, "of"))),
        ("search by part", sorted(w.search_as(ctx, "@exam"))),
        ("searched list", sorted(searched_list.iter().map(|r| r.text("name").to_string()).collect())),
        (
            "may see",
            sorted(
                ids.iter().zip(NAMES).filter(|(id, _)| may(id)).map(|(_, name)| name.to_string()).collect(),
            ),
        ),
        ("count", counted(count)),
        ("groups", counted(grouped.iter().map(|(_, n, _)| n).sum())),
    ]
}

fn check(scope: &str, expected: &[&str]) {
    both(|w| {
        let scene = scene(w, &format!(r#"{{"default":{{"see":"{scope}"}}}}"#));
        let ctx = w.ctx_of(scene.ann);
        for object in ["contacts", "parties"] {
            for (door, names) in seen(w, &ctx, &scene.ids, object) {
                match door {
                    "count" | "groups" => {
                        assert_eq!(names.len(), expected.len(), "{door} of {object} with {scope}")
                    }
                    _ => assert_eq!(names, expected, "{door} of {object} with {scope}"),
                }
            }
        }
    });
}

#[test]
fn none_sees_nothing() {
    check("none", &[]);
}

#[test]
fn own_sees_what_the_user_owns() {
    check("own", &NAMES[..1]);
}

#[test]
fn team_sees_what_teammates_own_and_what_nobody_owns() {
    check("team", &["Of Ann", "Of Bob", "Of nobody"]);
}

#[test]
fn all_sees_everything() {
    check("all", &NAMES);
}

#[test]
fn a_list_over_contacts_and_companies_keeps_the_scope_of_each() {
    both(|w| {
        let rights =
            r#"{"default":{"see":"all"},"objects":{"contacts":{"see":"own"},"companies":{"see":"none"}}}"#;
        let scene = scene(w, rights);
        let firm = w.company("Firm");
        for party in scene.ids.iter().chain([&firm]) {
            w.order(*party, "2026-05-01", "10");
        }
        let ctx = w.ctx_of(scene.ann);
        for object in ["parties", "customers"] {
            assert_eq!(w.list_as(&ctx, object, "").unwrap(), ["Of Ann"], "{object}");
            assert!(matches!(w.find(&ctx, object, firm), Err(Error::NotFound(_))));
            assert!(matches!(w.find(&ctx, object, scene.ids[1]), Err(Error::NotFound(_))));
        }
        assert_eq!(w.search_as(&ctx, "firm"), [""; 0]);
        assert_eq!(w.records(&ctx, "orders", "", "").unwrap().len(), 1, "orders follow their party");
    });
}

#[test]
fn links_to_records_out_of_reach_have_no_name_and_are_not_filtered_through() {
    both(|w| {
        let rights = r#"{"default":{"see":"all","change":"all"},"objects":{"companies":{"see":"own"}}}"#;
        let scene = scene(w, rights);
        let firm = w.create("companies", &[("name", "Hidden Firm"), ("industry", "Secret")]);
        w.change("contacts", scene.ids[0], &[("company", &firm.to_string())]);
        let ctx = w.ctx_of(scene.ann);
        let record = w.find(&ctx, "contacts", scene.ids[0]).unwrap();
        assert_eq!(record.names.get("company"), None);
        assert_eq!(record.names.get("owner").map(String::as_str), Some("Tested 1"));
        let listed = w.records(&ctx, "contacts", "name = \"Of Ann\"", "").unwrap();
        assert_eq!(listed[0].names.get("company"), None);
        for filter in [
            "company = \"Hidden Firm\"",
            "company.industry = secret",
            "company.industry is not empty",
            "company ~ hid",
        ] {
            assert_eq!(w.list_as(&ctx, "contacts", filter).unwrap(), [""; 0], "{filter}");
            assert_eq!(w.list("contacts", filter), ["Of Ann"], "{filter}");
        }
        let contacts = ctx.catalogue.need("contacts").unwrap();
        let link = values([("company", kernel::Value::Link(firm))]);
        let linked = w.try_write(|tx| kernel::change(tx, &ctx, contacts, scene.ids[1], None, link));
        assert_eq!(crate::problems(linked), [format!("company: there is no such record: {firm}")]);
    });
}

#[test]
fn related_records_out_of_reach_do_not_count() {
    both(|w| {
        let rights = r#"{"default":{"see":"all"},"objects":{"deals":{"see":"own"},"cases":{"see":"none"}}}"#;
        let scene = scene(w, rights);
        w.deal("Of the founder", scene.ids[0], "5");
        w.case("A complaint", scene.ids[0]);
        let ctx = w.ctx_of(scene.ann);
        for filter in ["has deals", "has cases", "has deals(amount > 1)", "has cases(name ~ complaint)"] {
            assert_eq!(w.list_as(&ctx, "contacts", filter).unwrap(), [""; 0], "{filter}");
            assert_eq!(w.list("contacts", filter), ["Of Ann"], "{filter}");
        }
    });
}

#[test]
fn a_note_is_seen_only_by_those_who_see_all_that_it_is_about() {
    both(|w| {
        let rights = r#"{"default":{"see":"all"},"objects":{"deals":{"see":"own"}}}"#;
        let scene = scene(w, rights);
        let deal = w.deal("Secret deal", scene.ids[0], "5").to_string();
        w.note(scene.ids[0], "on the contact");
        w.create("notes", &[("deal", &deal), ("body", "on the deal alone")]);
        w.create("notes", &[("deal", &deal), ("party", &scene.ids[0].to_string()), ("body", "on both")]);
        let ctx = w.ctx_of(scene.ann);
        assert_eq!(w.list_as(&ctx, "notes", "").unwrap(), ["on the contact"]);
    });
}

#[test]
fn changing_and_archiving_have_scopes_of_their_own() {
    both(|w| {
        let scene = scene(w, r#"{"default":{"see":"all","change":"team","archive":"own","create":"none"}}"#);
        let ctx = w.ctx_of(scene.ann);
        let contacts = ctx.catalogue.need("contacts").unwrap();
        let change = |id: i64| {
            w.try_write(|tx| {
                kernel::change(tx, &ctx, contacts, id, None, values([("job_title", text("Boss"))]))
            })
        };
        let changed: Vec<bool> = scene.ids.iter().map(|id| change(*id).is_ok()).collect();
        assert_eq!(changed, [true, true, false, true]);
        assert!(
            matches!(change(scene.ids[2]), Err(Error::Forbidden(_))),
            "it is visible, so the refusal says so"
        );
        let archive = |id: i64| w.try_write(|tx| kernel::archive(tx, &ctx, contacts, id, None));
        let archived: Vec<bool> = scene.ids.iter().map(|id| archive(*id).is_ok()).collect();
        assert_eq!(archived, [true, false, false, false]);
        assert!(matches!(w.try_create(&ctx, "contacts", &[("name", "New")]), Err(Error::Forbidden(_))));
    });
}

#[test]
fn what_is_out_of_sight_is_not_found_whatever_one_may_do() {
    both(|w| {
        let scene = scene(w, r#"{"default":{"see":"own","change":"all","archive":"all"}}"#);
        let ctx = w.ctx_of(scene.ann);
        let contacts = ctx.catalogue.need("contacts").unwrap();
        let changed = w.try_write(|tx| kernel::change(tx, &ctx, contacts, scene.ids[2], None, values([])));
        assert!(matches!(changed, Err(Error::NotFound(_))), "{changed:?}");
        let archived = w.try_write(|tx| kernel::archive(tx, &ctx, contacts, scene.ids[2], None));
        assert!(matches!(archived, Err(Error::NotFound(_))), "{archived:?}");
    });
}

#[test]
fn a_creator_of_own_records_does_not_create_for_others() {
    both(|w| {
        let scene = scene(w, r#"{"default":{"see":"own","create":"own"},"objects":{"users":{"see":"all"}}}"#);
        let ctx = w.ctx_of(scene.ann);
        let other = w.founder_id.to_string();
        w.try_create(&ctx, "contacts", &[("name", "Mine")]).unwrap();
        let theirs = w.try_create(&ctx, "contacts", &[("name", "Theirs"), ("owner", &other)]);
        assert_eq!(crate::problems(theirs), ["owner: you may only create records of your own"]);
    });
}

#[test]
fn an_export_reaches_only_what_may_be_exported() {
    both(|w| {
        let scene = scene(w, r#"{"default":{"see":"team","export":"own"}}"#);
        let ctx = w.ctx_of(scene.ann);
        let contacts = ctx.catalogue.need("contacts").unwrap();
        let query = ListQuery { export: true, limit: 50, ..ListQuery::default() };
        let names: Vec<String> = w
            .read(|tx| kernel::list(tx, &ctx, contacts, &query))
            .records
            .iter()
            .map(|r| r.text("name").into())
            .collect();
        assert_eq!(names, ["Of Ann"]);
    });
}

#[test]
fn a_narrow_reader_finds_the_own_record_among_many_of_others() {
    both(|w| {
        let scene = scene(w, r#"{"default":{"see":"own"}}"#);
        for n in 0..140 {
            w.contact(&format!("Maria {n}"));
        }
        w.create("contacts", &[("name", "Maria mine"), ("owner", &scene.ann.to_string())]);
        assert_eq!(w.search_as(&w.ctx_of(scene.ann), "maria"), ["Maria mine"]);
    });
}

#[test]
fn only_administrators_touch_users_teams_and_roles() {
    both(|w| {
        let manager = w.ctx_of(w.user("Manager"));
        let team = w.team("North");
        let role = w.role("Other", "{}");
        for (object, id) in [("users", w.founder_id), ("teams", team), ("roles", role)] {
            let object = manager.catalogue.need(object).unwrap();
            let archived = w.try_write(|tx| kernel::archive(tx, &manager, object, id, None));
            assert!(matches!(archived, Err(Error::Forbidden(_))), "archiving {}: {archived:?}", object.key);
            let renamed = w.try_write(|tx| {
                kernel::change(tx, &manager, object, id, None, values([("name", text("X"))]))
            });
            assert!(matches!(renamed, Err(Error::Forbidden(_))), "changing {}: {renamed:?}", object.key);
            let made = w.try_create(&manager, &object.key, &[("name", "X")]);
            assert!(matches!(made, Err(Error::Forbidden(_))), "making {}: {made:?}", object.key);
        }
        assert!(
            w.try_write(|tx| kernel::archive(
                tx,
                &w.ctx(),
                w.ctx().catalogue.need("teams").unwrap(),
                team,
                None
            ))
            .is_ok()
        );
    });
}
