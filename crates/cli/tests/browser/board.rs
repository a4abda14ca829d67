//! The board of deals: a card is moved by hand, by keys and by its menu.

use serde_json::{Value as Json, json};
use testkit::browser::{Browser, keys};

use crate::kith::Kith;

/// Where a deal stands, and where the board shows its card.
fn stands(kith: &Kith, b: &Browser, deal: i64, stage: i64) {
    // The board shows a move at once, so what is stored is asked first.
    b.wait_for("the deal in its new stage", || {
        kith.api("GET", &format!("/deals/{deal}"), &Json::Null)["stage"]["id"].as_i64() == Some(stage)
    });
    b.until(&format!("document.querySelector('[data-stage=\"{stage}\"] #card-{deal}')"));
    b.until("!document.documentElement.hasAttribute('aria-busy')");
    assert!(b.url().ends_with("/deals/board"), "a move stays on the board: {}", b.url());
}

#[test]
fn a_deal_is_made_on_the_board_and_moved_by_menu_by_keys_and_by_hand() {
    let kith = Kith::set_up();
    kith.make("companies", &json!({ "name": "Harbour Couriers" }));
    let names = kith.api("GET", "/stages?sort=position", &Json::Null);
    let stages: Vec<i64> =
        names["data"].as_array().unwrap().iter().map(|s| s["id"].as_i64().unwrap()).collect();
    let b = Browser::start();
    kith.enter(&b, "/deals/board");

    b.click("[data-stage] header a");
    b.until("location.pathname === '/deals/new'");
    b.fill("#f-name", "Cargo fleet");
    b.fill("#f-party", "Harbour Couriers");
    b.fill("#f-amount", "12500");
    b.press("button", "Add deal");
    b.until_shown("Deal added.");
    let deal = b.url().rsplit('/').next().unwrap().parse::<i64>().unwrap();
    kith.open(&b, "/deals/board");
    stands(&kith, &b, deal, stages[0]);

    // By the card's menu.
    let second = names["data"][1]["name"].as_str().unwrap();
    b.click(&format!("#card-{deal} [popovertarget]"));
    b.press(&format!("#move-{deal} button"), second);
    b.until_shown(&format!("Moved to {second}."));
    stands(&kith, &b, deal, stages[1]);

    // By keys: Shift and an arrow move the focused card, and the focus stays on it.
    b.script("document.querySelector(arguments[0]).focus()", &[json!(format!("#card-{deal}"))]);
    b.keys(&[keys::SHIFT], &[keys::RIGHT]);
    stands(&kith, &b, deal, stages[2]);
    b.until(&format!("document.activeElement.id === 'card-{deal}'"));
    b.keys(&[keys::SHIFT], &[keys::LEFT]);
    stands(&kith, &b, deal, stages[1]);

    // Twice in a row, faster than the server answers.
    b.keys(&[keys::SHIFT], &[keys::RIGHT, keys::RIGHT]);
    stands(&kith, &b, deal, stages[3]);
    b.keys(&[keys::SHIFT], &[keys::LEFT, keys::LEFT]);
    stands(&kith, &b, deal, stages[1]);

    // By hand.
    b.drag(&format!("#card-{deal} .d"), &format!("[data-stage=\"{}\"]", stages[3]));
    stands(&kith, &b, deal, stages[3]);

    // The message takes the move back, on the board.
    b.press(".toasts button", "Undo");
    stands(&kith, &b, deal, stages[1]);
}

#[test]
fn a_move_after_someone_elses_change_is_refused_in_words_and_shown_as_it_is() {
    let kith = Kith::set_up();
    let stages = kith.api("GET", "/stages?sort=position", &Json::Null);
    let stage = |n: usize| stages["data"][n]["id"].as_i64().unwrap();
    let ana = kith.make("contacts", &json!({ "given_name": "Ana" }));
    let deal = kith.make("deals", &json!({ "name": "Cargo fleet", "party": ana, "stage": stage(0) }));
    let b = Browser::start();
    kith.enter(&b, "/deals/board");
    b.until(&format!("document.querySelector('#card-{deal}')"));
    kith.change("deals", deal, &json!({ "stage": stage(2) }));
    b.drag(&format!("#card-{deal} .d"), &format!("[data-stage=\"{}\"]", stage(1)));
    b.until_shown("Someone else changed this deal a moment ago");
    stands(&kith, &b, deal, stage(2));
}
