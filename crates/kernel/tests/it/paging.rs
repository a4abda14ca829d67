//! Paging through a list gives the whole list in order: no record twice, none missing, forward and backward.

use kernel::{Ctx, ListQuery, SortKey};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use testkit::{World, both};

use crate::naive::{Model, populate};

/// Pages through all records; checks each page's way back as it goes. Gives the ids forward and backward.
fn page_through(w: &World, ctx: &Ctx, object: &str, sort: &[SortKey], limit: usize) -> (Vec<i64>, Vec<i64>) {
    let object = ctx.catalogue.need(object).unwrap();
    let fetch = |cursor: Option<String>| {
        let query = ListQuery {
            sort: sort.to_vec(),
            limit,
            cursor,
            fields: vec!["name".into()],
            ..ListQuery::default()
        };
        w.read(|tx| kernel::list(tx, ctx, object, &query))
    };
    let mut forward = Vec::new();
    let mut page = fetch(None);
    assert_eq!(page.previous, None, "nothing precedes the first page");
    loop {
        forward.extend(page.records.iter().map(|r| r.id));
        match page.next.clone() {
            Some(next) => page = fetch(Some(next)),
            None => break,
        }
        assert!(!page.records.is_empty(), "a next page was promised");
    }
    let mut backward: Vec<i64> = page.records.iter().rev().map(|r| r.id).collect();
    while let Some(previous) = page.previous.clone() {
        page = fetch(Some(previous));
        assert!(!page.records.is_empty(), "a page before was promised");
        assert!(page.next.is_some());
        backward.extend(page.records.iter().rev().map(|r| r.id));
    }
    backward.reverse();
    (forward, backward)
}

const SORTS: [&str; 22] = [
    "id",
    "name",
    "city",
    "about",
    "birth_on",
    "company",
    "external_id",
    "n_orders",
    "total_spent",
    "customer_since",
    "owner",
    "x_text",
    "x_whole",
    "x_number",
    "x_money",
    "x_percent",
    "x_date",
    "x_time",
    "x_yes_no",
    "x_choice",
    "lifetime_value",
    "tier",
];

fn sort() -> impl Strategy<Value = Vec<SortKey>> {
    let key = (select(&SORTS[..]), any::<bool>());
    let key = key.prop_map(|(field, descending)| SortKey { field: field.into(), descending });
    proptest::collection::vec(key, 1..4)
}

#[test]
fn paging_by_any_keys_equals_sorting_in_memory_on_both_engines() {
    let worlds = [World::sqlite(), World::postgres()];
    worlds.iter().for_each(|w| populate(w, 3));
    let model = Model::of(&worlds[0]);
    let ctxs = [worlds[0].ctx(), worlds[1].ctx()];
    let mut runner = TestRunner::new(Config { cases: 150, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(
        &(sort(), 1_usize..20, select(&["contacts", "parties", "customers"][..])),
        |(sort, limit, object)| {
            let expected = model.sort(object, &sort);
            for (w, ctx) in worlds.iter().zip(&ctxs) {
                let (forward, backward) = page_through(w, ctx, object, &sort, limit);
                let written = SortKey::write_all(&sort);
                prop_assert_eq!(
                    &forward,
                    &expected,
                    "{:?}: {} by {}, {} a page",
                    w.engine(),
                    object,
                    &written,
                    limit
                );
                prop_assert_eq!(
                    &backward,
                    &expected,
                    "{:?}: {} back by {}, {} a page",
                    w.engine(),
                    object,
                    &written,
                    limit
                );
            }
            Ok(())
        },
    );
    outcome.unwrap_or_else(|e| panic!("{e}"));
}

#[test]
fn a_record_added_meanwhile_neither_repeats_nor_hides_others() {
    both(|w| {
        for name in ["b", "d", "f", "h"] {
            w.contact(name);
        }
        let ctx = w.ctx();
        let contacts = ctx.catalogue.need("contacts").unwrap();
        let query = ListQuery { limit: 2, ..ListQuery::default() };
        let first = w.read(|tx| kernel::list(tx, &ctx, contacts, &query));
        w.contact("a");
        w.contact("e");
        let query = ListQuery { cursor: first.next, ..query };
        let second = w.read(|tx| kernel::list(tx, &ctx, contacts, &query));
        assert_eq!(second.records.iter().map(|r| r.text("name")).collect::<Vec<_>>(), ["e", "f"]);
    });
}

#[test]
fn a_cursor_that_is_none_is_refused_with_a_sentence() {
    both(|w| {
        w.contact("Ana");
        let ctx = w.ctx();
        let contacts = ctx.catalogue.need("contacts").unwrap();
        let encode = |json: &str| {
            use base64::Engine as _;
            base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json)
        };
        let wrong = [
            String::new(),
            "x".into(),
            "-".into(),
            "!!!".into(),
            encode("[]"),
            encode("{}"),
            encode("[1]"),
            encode("[\"a\",\"b\"]"),
            encode("[\"a\",1,2]"),
            encode("[\"a\\u0000\",5]"),
            encode("[5,5]"),
            encode("[true,5]"),
            encode("[{\"r\":\"x\"},5]"),
            encode("[\"a\",5.5]"),
            encode("[\"a\",99999999999999999999]"),
        ];
        for cursor in wrong {
            let query = ListQuery { cursor: Some(cursor.clone()), limit: 5, ..ListQuery::default() };
            let refused = crate::problems(w.try_read(|tx| kernel::list(tx, &ctx, contacts, &query)));
            assert_eq!(refused, ["cursor: is not a cursor of this list; start again without it"], "{cursor}");
        }
        for (sort, cursor) in
            [("birth_on", "[\"a\",5]"), ("-p_alive", "[\"a\",5]"), ("n_orders", "[{\"r\":\"0\"},5]")]
        {
            let sort = SortKey::parse_all(sort);
            let query = ListQuery { cursor: Some(encode(cursor)), sort, limit: 5, ..ListQuery::default() };
            crate::problems(w.try_read(|tx| kernel::list(tx, &ctx, contacts, &query)));
        }
    });
}

#[test]
fn an_order_by_what_does_not_exist_or_by_too_much_is_refused() {
    both(|w| {
        let ctx = w.ctx();
        assert_eq!(
            crate::problems(w.records(&ctx, "contacts", "", "nonsense")),
            ["sort: contacts have no field nonsense"]
        );
        let four = crate::problems(w.records(&ctx, "contacts", "", "name,city,-id,phone"));
        assert_eq!(four, ["sort: at most three fields can be sorted by"]);
    });
}

/// Ten thousand and one contacts of one name.
fn many(w: &World) {
    let rows: Vec<[db::Value; 8]> = (0..10_001_i64)
        .map(|n| {
            [
                (1_000_000 + n).into(),
                1.into(),
                0.into(),
                0.into(),
                "{}".into(),
                "contact".into(),
                "x".into(),
                "x".into(),
            ]
        })
        .collect();
    let columns = ["id", "version", "created_at", "updated_at", "custom", "kind", "name", "name_key"];
    w.write(|tx| Ok(tx.insert_rows("parties", &columns, &rows)?));
}

#[test]
fn counting_stops_at_ten_thousand() {
    let w = World::sqlite();
    many(&w);
    let ctx = w.ctx();
    let contacts = ctx.catalogue.need("contacts").unwrap();
    let total = w.read(|tx| kernel::count(tx, &ctx, contacts, &ListQuery::default()));
    assert_eq!(total, kernel::Total::AtLeast(10_000));

    // A page does not wait for so many; for a few that are quickly found it says how many they are.
    let scanning = ListQuery {
        filter: kernel::filter::parse("job_title = a or city = b or street = c or region = d or phone = e")
            .ok(),
        ..ListQuery::default()
    };
    let briefly = |query: &ListQuery| w.read(|tx| kernel::count_briefly(tx, &ctx, contacts, query));
    assert_eq!(briefly(&scanning), kernel::Total::AtLeast(0));
    assert_eq!(w.read(|tx| kernel::count(tx, &ctx, contacts, &scanning)), kernel::Total::Exact(0));
    let few =
        ListQuery { filter: kernel::filter::parse("id in (1000001, 1000002)").ok(), ..ListQuery::default() };
    assert_eq!(briefly(&few), kernel::Total::Exact(2));
    // The limit of one statement is not that of the next.
    assert_eq!(
        w.read(|tx| kernel::count(tx, &ctx, contacts, &ListQuery::default())),
        kernel::Total::AtLeast(10_000)
    );
}

#[test]
fn a_record_is_found_however_long_each_way_to_it_is() {
    let w = World::sqlite();
    many(&w);
    let ctx = w.ctx();
    let contacts = ctx.catalogue.need("contacts").unwrap();
    // Both ways look at all records, which is more than they are allowed at first.
    w.write(|tx| {
        let last = "UPDATE parties SET job_title = 'Keeper', name_key = 'zz' WHERE id = 1000777";
        Ok(tx.execute(last, &[])?)
    });
    let keeper = |sort: &str| {
        let query = ListQuery {
            filter: Some(kernel::filter::parse("job_title = keeper").unwrap()),
            sort: kernel::SortKey::parse_all(sort),
            limit: 10,
            ..ListQuery::default()
        };
        w.read(|tx| kernel::list(tx, &ctx, contacts, &query)).records.iter().map(|r| r.id).collect::<Vec<_>>()
    };
    for sort in ["name", "-name", "created_at", "postal_code", "-lifetime_value"] {
        assert_eq!(keeper(sort), [1_000_777], "by {sort}");
    }
}
