//! While one person works on a page, another changes a record and the page is refreshed: nothing that the first
//! was doing may be lost, also on a slow machine. docs/decisions/0012-turbo-morphing.md tells what was found.

use serde_json::{Value as Json, json};
use testkit::browser::Browser;

use crate::kith::Kith;

/// How many times slower than this machine the reader's is.
const SLOWNESS: u32 = 6;

/// Refreshes the page as a message from the server would, waits until it is drawn, and prints how long it took.
fn refresh(b: &Browser, what: &str) {
    let script = "const done = arguments[arguments.length - 1], begun = performance.now();
        let arrived;
        document.addEventListener('turbo:before-render', () => { arrived = performance.now(); }, { once: true });
        document.addEventListener('turbo:render', () => {
          const changed = performance.now();
          requestAnimationFrame(() => setTimeout(() => done([arrived - begun, changed - arrived, performance.now() - changed])));
        }, { once: true });
        Turbo.session.refresh(location.href);";
    let took = b.later(script, &[]);
    let ms = |n: usize| took[n].as_f64().unwrap_or(0.0).round();
    println!(
        "{what}: fetched in {} ms, morphed in {} ms, drawn in {} ms, {SLOWNESS} times slowed",
        ms(0),
        ms(1),
        ms(2)
    );
}

/// Notes on the page what must survive: the focused element, its place on the screen and its selection, and where
/// everything is scrolled.
const NOTE: &str = "const e = document.activeElement;
    e.noted = true;
    window.blurs = [];
    e.addEventListener('blur', () => blurs.push(new Error().stack), { once: true });
    const at = e.getBoundingClientRect();
    window.before = {
      top: at.top, left: at.left, value: e.value, start: e.selectionStart, end: e.selectionEnd,
      places: [...document.querySelectorAll('*')].filter(p => p.scrollTop || p.scrollLeft).map(p => [p, p.scrollTop, p.scrollLeft]),
    };
    return window.before.places.length;";

/// What of it did not.
const LOST: &str = "const e = document.activeElement, b = window.before, lost = [];
    if (!e.noted) lost.push('the focus is on ' + e.outerHTML.slice(0, 80));
    if (e.value !== b.value) lost.push(`the text was ${b.value} and is ${e.value}`);
    if (e.selectionStart !== b.start || e.selectionEnd !== b.end) lost.push(`the selection is ${e.selectionStart} to ${e.selectionEnd}`);
    const at = e.getBoundingClientRect();
    if (Math.abs(at.top - b.top) > 1 || Math.abs(at.left - b.left) > 1) lost.push(`the focus moved by ${at.left - b.left}, ${at.top - b.top}: ` + b.places.map(([p, top]) => `${p.className} ${top} ${p.scrollTop}`));
    for (const [p, top, left] of b.places) {
      if (!p.isConnected) lost.push('a scrolled part was replaced: ' + p.className);
      // Where something above the view has gone, the browser scrolls so that what is in view stays where it is.
      else if (p.contains(e)) continue;
      else if (p.scrollTop !== top || p.scrollLeft !== left) lost.push(`${p.className} was at ${top}, ${left} and is at ${p.scrollTop}, ${p.scrollLeft}`);
    }
    if (lost.length) lost.push(...blurs);
    return lost;";

fn nothing_is_lost(b: &Browser) {
    assert_eq!(b.script(LOST, &[]), json!([]));
}

fn scroll(b: &Browser, selector: &str, top: u32, left: u32) {
    let script = "const p = document.querySelector(arguments[0]); p.scrollTo(arguments[2], arguments[1]);
        return (p.scrollTop > 0) === (arguments[1] > 0) && (p.scrollLeft > 0) === (arguments[2] > 0);";
    let moved = b.script(script, &[json!(selector), json!(top), json!(left)]);
    assert_eq!(moved, json!(true), "{selector} has something to scroll to {top}, {left}");
}

#[test]
fn a_board_of_sixty_cards_keeps_focus_scroll_and_text_when_it_is_refreshed() {
    let kith = Kith::set_up();
    let stages = kith.api("GET", "/stages?sort=position", &Json::Null);
    let stages: Vec<i64> =
        stages["data"].as_array().unwrap().iter().map(|s| s["id"].as_i64().unwrap()).collect();
    let ana = kith.make("contacts", &json!({ "given_name": "Ana" }));
    let deal = |n: usize| {
        json!({
            "name": format!("Deal {n:02}"), "party": ana, "stage": stages[n % 3], "amount": { "amount": format!("{}.00", 1000 + n), "currency": "EUR" },
        })
    };
    let deals = kith.make_all("deals", &(0..60).map(deal).collect::<Vec<_>>());
    let b = Browser::start();
    b.screen(1000, 700);
    kith.enter(&b, "/deals/board");
    assert_eq!(b.count(".deal"), 60);
    b.slower(SLOWNESS);

    // A card has the focus, the board and one of its columns are scrolled.
    let column = format!("[data-stage=\"{}\"] ul", stages[1]);
    b.script(
        "document.querySelector(arguments[0]).focus({ preventScroll: true })",
        &[json!(format!("#card-{}", deals[13]))],
    );
    scroll(&b, &column, 300, 0);
    scroll(&b, ".board", 0, 240);
    b.script(NOTE, &[]);
    kith.change("deals", deals[4], &json!({ "name": "Renamed meanwhile", "stage": stages[2] }));
    refresh(&b, "board of 60 cards");
    b.until_shown("Renamed meanwhile");
    assert_eq!(
        b.count(&format!("[data-stage=\"{}\"] #card-{}", stages[2], deals[4])),
        1,
        "the card stands in its new stage"
    );
    nothing_is_lost(&b);

    // Half-typed words in the search, with some of them selected.
    b.type_into("[data-search]", "half a na");
    b.script("document.activeElement.setSelectionRange(2, 6)", &[]);
    b.script(NOTE, &[]);
    kith.change("deals", deals[7], &json!({ "amount": { "amount": "999999.00", "currency": "EUR" } }));
    refresh(&b, "board while typing");
    b.until_shown("€999,999");
    nothing_is_lost(&b);

    // An open menu of a card.
    b.click(&format!("#card-{} [popovertarget]", deals[16]));
    kith.change("deals", deals[10], &json!({ "name": "Renamed again" }));
    refresh(&b, "board with an open menu");
    b.until_shown("Renamed again");
    assert_eq!(
        b.eval(&format!("document.querySelector('#move-{}').matches(':popover-open')", deals[16])),
        json!(true)
    );
}

#[test]
fn a_list_of_five_hundred_rows_keeps_focus_scroll_and_text_when_it_is_refreshed() {
    let kith = Kith::set_up();
    let people = |n: usize| json!({ "given_name": format!("Person {n:03}"), "city": "Lisbon", "email": format!("p{n}@example.com") });
    let ids = kith.make_all("contacts", &(0..520).map(people).collect::<Vec<_>>());
    let b = Browser::start();
    kith.enter(&b, "/contacts?limit=500");
    assert_eq!(b.count("tbody tr"), 500);
    b.slower(SLOWNESS);

    // A row in the middle has the focus.
    scroll(&b, ".table-wrap", 4000, 0);
    b.script("document.querySelectorAll('tbody tr')[104].focus({ preventScroll: true })", &[]);
    b.script(NOTE, &[]);
    kith.change("contacts", ids[100], &json!({ "given_name": "Person 100 renamed" }));
    kith.api("DELETE", &format!("/contacts/{}", ids[3]), &Json::Null);
    refresh(&b, "list of 500 rows");
    b.until_shown("Person 100 renamed");
    b.until("!document.body.innerText.includes('Person 003')");
    nothing_is_lost(&b);

    // Half-typed words in the search.
    b.type_into("[data-search]", "some words");
    b.script("document.activeElement.setSelectionRange(5, 5)", &[]);
    b.script(NOTE, &[]);
    kith.change("contacts", ids[101], &json!({ "city": "Coimbra" }));
    refresh(&b, "list while typing");
    b.until_shown("Coimbra");
    nothing_is_lost(&b);

    // The filter is open, its value half typed, and its other half unfolded.
    b.keys(&[], &[testkit::browser::keys::ESCAPE]);
    b.click("[popovertarget=add-filter]");
    b.click("#add-filter summary");
    b.choose("#add-field", "City");
    b.type_into("#add-value", "Lis");
    b.script(NOTE, &[]);
    kith.change("contacts", ids[102], &json!({ "city": "Faro" }));
    refresh(&b, "list with an open filter");
    b.until("document.querySelector('tbody').innerText.includes('Faro')");
    nothing_is_lost(&b);
    assert_eq!(b.eval("document.querySelector('#add-filter').matches(':popover-open')"), json!(true));
    assert_eq!(b.eval("document.querySelector('#add-filter details').open"), json!(true));
    assert_eq!(b.eval("document.querySelector('#add-field').selectedOptions[0].textContent"), json!("City"));
}

#[test]
fn a_record_page_keeps_the_note_being_written_when_it_is_refreshed() {
    let kith = Kith::set_up();
    let ana = kith.make("contacts", &json!({ "given_name": "Ana", "family_name": "Prado" }));
    for n in 0..30 {
        kith.change("contacts", ana, &json!({ "job_title": format!("Title {n}"), "city": format!("City {n}"), "street": format!("Street {n}") }));
    }
    let b = Browser::start();
    b.screen(1200, 700);
    kith.enter(&b, &format!("/contacts/{ana}"));
    b.slower(SLOWNESS);
    b.press("[role=tab]", "Task");
    b.type_into("#task-title", "Send the off");
    b.press("[role=tab]", "Note");
    b.type_into("#note-body", "She said that");
    b.script("document.activeElement.setSelectionRange(4, 8)", &[]);
    b.press("summary", "3 fields changed");
    b.script(
        "document.querySelector('#note-body').focus(); document.activeElement.setSelectionRange(4, 8)",
        &[],
    );
    b.script(
        "const p = document.querySelector('.record-scroll'); p.scrollTo(0, 40);
        for (const pane of document.querySelectorAll('.pane')) pane.scrollTop = 60;",
        &[],
    );
    let scrolled = b.script(NOTE, &[]);
    assert!(scrolled.as_u64().unwrap() > 0, "something is scrolled");
    kith.make("notes", &json!({ "body": "A note by a colleague", "party": ana }));
    kith.change("contacts", ana, &json!({ "job_title": "Head of buying" }));
    refresh(&b, "record page");
    b.until("document.querySelector('.pane-details').innerText.includes('Head of buying')");
    b.until_shown("A note by a colleague");
    nothing_is_lost(&b);
    assert_eq!(
        b.count("details.changes[open]"),
        2,
        "the fold that was opened stays open, and the new one is open by itself"
    );
    assert_eq!(b.count("[role=tab]"), 3, "the tabs are still there, once");
    b.press("[role=tab]", "Task");
    assert_eq!(b.value("#task-title"), "Send the off");
}
