use kernel::Error;
use testkit::both;

use crate::problems;

#[test]
fn a_password_fits_its_own_hash_only() {
    let hash = crm::users::hash_password("correct horse", b"0123456789abcdef").unwrap();
    assert!(crm::users::password_fits("correct horse", &hash));
    assert!(!crm::users::password_fits("correct horsE", &hash));
    assert!(!crm::users::password_fits("", "not a hash"));
    assert_eq!(
        problems(crm::users::hash_password("too short", b"0123456789abcdef")),
        ["password: has at least 10 characters"]
    );
    assert_eq!(problems(crm::users::hash_password(&"x".repeat(201), b"0123456789abcdef")).len(), 1);
}

#[test]
fn addresses_of_users_are_told_apart_without_regard_to_case() {
    both(|w| {
        let role = w.ids("roles", "name = reader", "")[0].to_string();
        w.create("users", &[("name", "Ana"), ("email", "Ana@Example.com"), ("role", &role)]);
        let again = w.try_create(
            &w.ctx(),
            "users",
            &[("name", "Ana"), ("email", "ana@example.COM"), ("role", &role)],
        );
        assert_eq!(problems(again), ["email: is already taken by another record"]);
    });
}

#[test]
fn rights_are_json_or_refused() {
    both(|w| {
        for wrong in ["nonsense", "[]", "5", "{"] {
            let made = w.try_create(&w.ctx(), "roles", &[("name", "Odd"), ("rights", wrong)]);
            assert!(problems(made)[0].starts_with("rights: is "), "{wrong}");
        }
        let role = w.create("roles", &[("name", "Empty")]);
        assert_eq!(w.record("roles", role).text("rights"), "{}");
    });
}

#[test]
fn a_session_lives_as_long_as_it_is_used_and_ends_with_the_password() {
    both(|w| {
        use crm::sessions;
        let user = w.user("Sales");
        w.write(|tx| sessions::begin(tx, "secret", user, "a browser", w.now()));
        let find = || w.read(|tx| sessions::find(tx, "secret", w.now()));
        assert_eq!(find(), Some((user, false)));
        w.pass(sessions::LIFETIME - 1);
        assert_eq!(find(), Some((user, true)));
        w.write(|tx| sessions::note_use(tx, "secret", w.now()));
        w.pass(sessions::LIFETIME - 1);
        assert!(find().is_some());
        w.pass(2);
        assert_eq!(find(), None);
        w.write(|tx| sessions::begin(tx, "another", user, "a browser", w.now()));
        w.write(|tx| crm::users::set_password(tx, user, "hash"));
        assert_eq!(w.read(|tx| sessions::find(tx, "another", w.now())), None);
        let stored = w.read(|tx| Ok(tx.query("SELECT token_hash FROM sessions", &[])?));
        assert!(stored.is_empty());
    });
}

#[test]
fn a_token_has_the_rights_of_its_role_until_it_is_revoked() {
    both(|w| {
        use crm::tokens;
        let ctx = w.ctx();
        let id = w.write(|tx| tokens::create(tx, &ctx, "Shop", "reader", "secret"));
        let act = || {
            let mut acting = w.system();
            w.read(|tx| Ok(tokens::act_as(tx, &mut acting, "secret")?.then_some(acting)))
        };
        let reader = act().unwrap();
        assert!(w.try_create(&reader, "contacts", &[("name", "Ana")]).is_err());
        assert!(w.list_as(&reader, "contacts", "").is_ok());
        assert_eq!(w.read(tokens::list).len(), 1);
        w.write(|tx| tokens::revoke(tx, &ctx, id));
        assert!(act().is_none());
        let unknown = w.try_write(|tx| tokens::create(tx, &ctx, "Shop", "king", "other"));
        assert!(problems(unknown)[0].starts_with("role: there is no role king; there are Administrator, "));
        let sales = w.ctx_of(w.user("Sales"));
        assert!(matches!(
            w.try_write(|tx| tokens::create(tx, &sales, "Mine", "administrator", "x")),
            Err(Error::Forbidden(_))
        ));
        assert!(matches!(w.try_write(|tx| tokens::revoke(tx, &sales, id)), Err(Error::Forbidden(_))));
    });
}

#[test]
fn an_archived_user_acts_no_more() {
    both(|w| {
        let user = w.user("Sales");
        w.archive("users", user);
        let mut ctx = w.system();
        let acting = w.try_read(|tx| crm::workspace::act_as(tx, &mut ctx, user));
        assert!(matches!(acting, Err(Error::NotFound(_))));
    });
}

#[test]
fn views_are_ones_own_or_everyones() {
    both(|w| {
        use crm::views;
        let (founder, sales) = (w.ctx(), w.ctx_of(w.user("Sales")));
        let own = w.write(|tx| views::save(tx, &founder, "contacts", "Mine", "filter=owner+%3D+me", false));
        w.write(|tx| views::save(tx, &founder, "contacts", "Ours", "sort=name", true));
        let names = |ctx: &kernel::Ctx| {
            let views = w.read(|tx| views::list(tx, ctx, "contacts"));
            views.into_iter().map(|v| v.name).collect::<Vec<_>>()
        };
        assert_eq!(
            (names(&founder), names(&sales)),
            (vec!["Mine".into(), "Ours".into()], vec!["Ours".into()])
        );
        assert!(w.try_write(|tx| views::remove(tx, &sales, own)).is_err());
        w.write(|tx| views::remove(tx, &founder, own));
        assert_eq!(names(&founder), ["Ours"]);
        problems(w.try_write(|tx| views::save(tx, &founder, "contacts", " ", "", false)));
    });
}

#[test]
fn the_last_administrator_stays_one() {
    both(|w| {
        let sales = w.ids("roles", "name = \"Sales\"", "")[0].to_string();
        let administrator = w.ids("roles", "name = \"Administrator\"", "")[0];
        let told =
            ["role: would leave nobody to administer this Kith; make someone else an administrator first"];
        assert_eq!(problems(w.try_change(&w.ctx(), "users", w.founder_id, &[("role", &sales)])), told);
        assert_eq!(problems(w.try_change(&w.ctx(), "roles", administrator, &[("rights", "{}")])), told);
        let ctx = w.ctx();
        let users = ctx.catalogue.need("users").unwrap().clone();
        assert_eq!(problems(w.try_write(|tx| kernel::archive(tx, &ctx, &users, w.founder_id, None))), told);
        w.user("Administrator");
        w.change("users", w.founder_id, &[("role", &sales)]);
    });
}

#[test]
fn a_role_stays_while_someone_has_it() {
    both(|w| {
        let (ctx, role) = (w.ctx(), w.role("Guests", "{}"));
        let user = w.user("Guests");
        let roles = ctx.catalogue.need("roles").unwrap().clone();
        let refused = problems(w.try_write(|tx| kernel::archive(tx, &ctx, &roles, role, None)));
        assert_eq!(refused, [": 1 of the users have this role; give them another first"]);
        w.archive("users", user);
        w.archive("roles", role);
    });
}

#[test]
fn a_word_that_rights_do_not_know_is_refused_rather_than_passed_over() {
    both(|w| {
        for (wrong, about) in [
            (r#"{"fields":{"contacts.birth_on":"hiden"}}"#, "contacts.birth_on"),
            (r#"{"default":{"see":"non"}}"#, "default.see"),
            (r#"{"objects":{"deals":{"look":"all"}}}"#, "look"),
            (r#"{"administrater":true}"#, "administrater"),
        ] {
            let made = w.try_create(&w.ctx(), "roles", &[("name", "Odd"), ("rights", wrong)]);
            let told = problems(made);
            assert!(told.len() == 1 && told[0].contains(about), "{wrong}: {told:?}");
        }
    });
}
