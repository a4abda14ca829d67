use crm::export;
use kernel::ListQuery;
use testkit::{World, both};

use super::{import, propose, told};

fn csv(w: &World, object: &str, fields: &[&str]) -> String {
    let ctx = w.ctx();
    let object = ctx.catalogue.need(object).unwrap().clone();
    let query = ListQuery { fields: fields.iter().map(|f| f.to_string()).collect(), ..ListQuery::default() };
    let (file, next) = w.read(|tx| export::csv_page(tx, &ctx, &object, &query));
    assert_eq!(next, None);
    String::from_utf8(file).unwrap().trim_start_matches('\u{feff}').to_string()
}

#[test]
fn an_export_imported_again_changes_nothing() {
    both(|w| {
        import(
            w,
            "contacts",
            "id,given name,family name,email,phone,company,birthday,tags\n1,=Ana,+Silva,ana@example.com,+351 21 000 0001,Linden,1980-02-29,\"a,b\"\n2,Ben,\"O\"\"dd\n\",,,,,\n",
        );
        let fields = [
            "external_id",
            "name",
            "given_name",
            "family_name",
            "email",
            "phone",
            "company",
            "birth_on",
            "tags",
        ];
        let file = csv(w, "contacts", &fields);
        assert!(file.contains("'=Ana"), "{file}");
        let plan = propose(w, &w.ctx(), "contacts", file.as_bytes()).unwrap();
        assert!(plan.columns.iter().all(|c| c.target.as_deref() == Some(c.name.as_str())), "{plan:?}");
        let (_, again) = super::import_as(w, &plan, file.as_bytes());
        assert_eq!(told(&again), "rows 2, unchanged 2");
    });
}

#[test]
fn amounts_and_links_are_written_as_an_import_reads_them() {
    both(|w| {
        let ana = w.contact("Ana");
        w.order(ana, "2026-01-01", "1234.50");
        let file = csv(w, "orders", &["party", "placed_on", "total"]);
        assert_eq!(file, "party,placed_on,total\r\nAna,2026-01-01,1234.50\r\n");
    });
}

#[test]
fn readers_without_the_right_export_nothing() {
    let w = World::sqlite();
    let ctx = w.ctx_of(w.user("Reader"));
    let object = ctx.catalogue.need("contacts").unwrap().clone();
    let refused = w.try_read(|tx| export::csv_page(tx, &ctx, &object, &ListQuery::default()));
    assert!(matches!(refused, Err(kernel::Error::Forbidden(_))));
}
