//! What the roles that every Kith begins with may do, as a table.

use std::fmt::Write as _;

use kernel::Action;
use testkit::World;

#[test]
fn the_first_roles_reach_this_far() {
    let w = World::sqlite();
    let mut table = String::new();
    for role in ["Manager", "Sales", "Service", "Marketing", "Reader"] {
        let ctx = w.ctx_of(w.user(role));
        for key in ["contacts", "deals", "cases", "products", "users"] {
            let object = ctx.catalogue.need(key).unwrap();
            let words: Vec<&str> =
                Action::ALL.iter().map(|action| ctx.scope(object, *action).word()).collect();
            writeln!(table, "{role:10}{key:10}{}", words.join(" ")).unwrap();
        }
    }
    // see create change archive export erase
    let expected = "\
Manager   contacts  all all all all all all
Manager   deals     all all all all all all
Manager   cases     all all all all all all
Manager   products  all all all all all all
Manager   users     all none none none none none
Sales     contacts  all all all own own none
Sales     deals     team all team own own none
Sales     cases     all all all own own none
Sales     products  all none none own own none
Sales     users     all none none none none none
Service   contacts  all all all own none none
Service   deals     all none none own none none
Service   cases     all all all own none none
Service   products  all none none own none none
Service   users     all none none none none none
Marketing contacts  all all all own all none
Marketing deals     all all all own all none
Marketing cases     all all all own all none
Marketing products  all all all own all none
Marketing users     all none none none none none
Reader    contacts  all none none none none none
Reader    deals     all none none none none none
Reader    cases     all none none none none none
Reader    products  all none none none none none
Reader    users     all none none none none none
";
    assert_eq!(table, expected);
}
