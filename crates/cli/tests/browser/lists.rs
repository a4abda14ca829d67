//! Lists: filter chips, order, pages, saved views, keys, and the palette.

use serde_json::{Value as Json, json};
use testkit::browser::{Browser, keys};

use crate::kith::Kith;

fn people(n: usize) -> Vec<Json> {
    (1..=n)
        .map(|n| {
            json!({
                "given_name": format!("Person {n:03}"), "family_name": if n % 2 == 0 { "Even" } else { "Odd" },
                "city": if n % 10 == 0 { "Porto" } else { "Lisbon" }, "email": format!("person{n}@example.com"),
            })
        })
        .collect()
}

#[test]
fn a_list_is_filtered_sorted_paged_and_saved_as_a_view() {
    let kith = Kith::set_up();
    kith.make_all("contacts", &people(120));
    let b = Browser::start();
    kith.enter(&b, "/contacts");
    assert_eq!(b.count("tbody tr"), 50);

    b.press("thead a", "Name");
    b.until("location.search.includes('sort=')");
    let first = b.texts("tbody th")[0].clone();
    b.press("thead a", "Name");
    b.until("document.querySelector('th[aria-sort]')");
    b.until("!document.querySelector('html').hasAttribute('aria-busy')");
    b.wait_until_other("tbody th", &first);
    b.press(".pager a", "Next");
    b.until("location.search.includes('cursor=')");
    b.press(".pager a", "Previous");
    b.until("document.querySelector('.pager a[rel=next]') && !document.querySelector('.pager a[rel=prev]')");

    // F opens the filter; the chip says it in words and can be taken off.
    b.keys(&[], &["f"]);
    b.choose("#add-field", "City");
    b.choose("#add-op", "is");
    b.fill("#add-value", "Porto");
    b.press("#add-filter button", "Add filter");
    b.until("document.querySelectorAll('tbody tr').length === 12");
    assert_eq!(b.texts(".toolbar .chip:not(.add)"), ["Cityis Porto"]);

    b.press(".tabs button", "Save view");
    b.fill("#view-name", "Porto people");
    b.press("#save-view button", "Save view");
    b.until_shown("View saved.");
    assert_eq!(b.text(".tabs [aria-current]"), "Porto people");
    b.click(".toolbar .chip a");
    b.until("document.querySelectorAll('tbody tr').length === 50");
    b.press(".tabs a", "Porto people");
    b.until("document.querySelectorAll('tbody tr').length === 12");
    b.back();
    b.until("document.querySelectorAll('tbody tr').length === 50");

    b.fill("input[data-search]", "Person 033");
    b.keys(&[], &[keys::ENTER]);
    b.until("document.querySelectorAll('tbody tr').length === 1");
    b.until_shown("1 of 1");
    b.press("a", "Clear all");
    b.until("document.querySelectorAll('tbody tr').length === 50");
}

#[test]
fn a_list_is_walked_and_opened_by_keys() {
    let kith = Kith::set_up();
    kith.make_all("contacts", &people(5));
    let b = Browser::start();
    kith.enter(&b, "/contacts");
    let row = "[...document.querySelectorAll('tbody tr')].indexOf(document.activeElement)";
    b.keys(&[], &["j", "j", "j", "k"]);
    assert_eq!(b.eval(row), 1);
    let name = b.texts("tbody th")[1].clone();
    b.keys(&[], &[keys::ENTER]);
    b.until("/^\\/contacts\\/\\d+$/.test(location.pathname)");
    b.until("document.querySelector('.record-name')");
    assert!(name.contains(&b.text(".record-name")), "{name}");
    b.back();
    b.until("location.pathname === '/contacts'");
    // A press on the row outside the link opens it too.
    b.press("tbody td", "Lisbon");
    b.until("/^\\/contacts\\/\\d+$/.test(location.pathname)");
    b.until("document.querySelector('.record-name')");
    b.keys(&[], &["g", "p"]);
    // The address changes before the page does, and a key pressed in between belongs to the old page.
    b.until("location.pathname === '/contacts' && document.querySelector('tbody tr') && !document.documentElement.hasAttribute('aria-busy')");
    b.keys(&[], &["/"]);
    b.until("document.activeElement.matches('[data-search]')");
    b.type_text("jjg");
    assert_eq!(b.value("[data-search]"), "jjg", "single keys rest while typing");
}

#[test]
fn the_palette_finds_records_and_places() {
    let kith = Kith::set_up();
    let ana = kith.make(
        "contacts",
        &json!({ "given_name": "Ána", "family_name": "Prado", "phone": "+351 912 345 678" }),
    );
    let b = Browser::start();
    kith.enter(&b, "/cases");
    b.keys(&[keys::CONTROL], &["k"]);
    b.until("document.querySelector('dialog.palette').open");
    b.type_text("ana pr");
    b.until("document.querySelector('[data-found] [role=option]')");
    b.keys(&[], &[keys::ENTER]);
    b.until(&format!("location.pathname === '/contacts/{ana}'"));

    b.keys(&[keys::CONTROL], &["k"]);
    b.type_text("custo");
    b.keys(&[], &[keys::ENTER]);
    b.until("location.pathname === '/customers'");

    b.keys(&[keys::CONTROL], &["k"]);
    b.until("document.querySelector('dialog.palette').open");
    b.keys(&[], &[keys::ESCAPE]);
    b.until("!document.querySelector('dialog.palette').open");

    // The same words on the page of search.
    kith.open(&b, "/search?q=912345");
    b.until_shown("Ána Prado");
}
