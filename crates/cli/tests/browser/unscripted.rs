//! The core journeys in a browser that runs no scripts.

use serde_json::{Value as Json, json};
use testkit::browser::Browser;

use crate::kith::{EMAIL, Kith, PASSWORD, file};

#[test]
fn without_scripts_kith_is_set_up_filled_and_used() {
    let (kith, link) = Kith::fresh();
    let b = Browser::without_scripts();
    b.go(&link);
    b.fill("#f-workspace", "Fern & Sons");
    b.fill("#f-name", "Noor Haddad");
    b.fill("#f-email", EMAIL);
    b.fill("#f-password", PASSWORD);
    b.press("button", "Create the workspace");
    b.until_shown("Who are your customers?");
    assert_eq!(b.eval("typeof window.kith"), json!("undefined"), "no script of the page ran");

    // A contact, found, filtered, edited, with a note, a call and a task, and taken back.
    b.press("a", "Add one person by hand");
    b.fill("#f-given_name", "Ana");
    b.fill("#f-family_name", "Prado");
    b.fill("#f-city", "Porto");
    b.press("button", "Add contact");
    b.until_shown("Contact added.");
    b.fill("#note-body", "Prefers the phone");
    b.press("button", "Add note");
    b.until_shown("Note added.");
    b.until_shown("Prefers the phone");
    b.fill("#call-body", "Wants two bikes");
    b.press("button", "Log it");
    b.until_shown("Logged.");
    b.fill("#task-title", "Send the offer");
    b.press("button", "Add task");
    b.until_shown("Task added.");
    b.press("a", "Edit");
    b.fill("#f-city", "Lisbon");
    b.press("button", "Save");
    b.until_shown("Saved.");
    b.until_shown("Lisbon");
    b.press(".toasts button", "Undo");
    b.until_shown("Undone.");
    b.until_shown("Porto");
    b.press(".nav a", "Contacts");
    b.click("[popovertarget=add-filter]");
    b.type_into("#add-field", "City");
    b.fill("#add-value", "Porto");
    b.press("#add-filter button", "Add filter");
    b.until_shown("1 of 1");
    b.fill("[data-search]", "nobody of this name");
    b.type_into("[data-search]", testkit::browser::keys::ENTER);
    b.until_shown("Nothing matches");
    b.fill(".find-form input", "prado");
    b.type_into(".find-form input", testkit::browser::keys::ENTER);
    b.until_shown("Ana Prado");

    // A deal, moved on the board by its menu.
    b.press(".nav a", "Deals");
    b.press("a", "New deal");
    b.fill("#f-name", "Cargo fleet");
    b.fill("#f-party", "Ana Prado");
    b.press("button", "Add deal");
    b.until_shown("Deal added.");
    b.go(&format!("{}/deals/board", kith.url));
    b.click(".deal [popovertarget]");
    let stage = b.texts(".deal [popover] button")[0].clone();
    b.press(".deal [popover] button", &stage);
    b.until_shown(&format!("Moved to {stage}."));
    assert!(b.url().ends_with("/deals/board"), "a move stays on the board: {}", b.url());

    // A file of purchases.
    let (_folder, path) =
        file("purchases.csv", "customer_id,date,amount\nc-1,2026-01-03,10.00\nc-2,2026-02-03,12.00\n");
    b.go(&format!("{}/imports/new", kith.url));
    b.type_into("#import-file", &path);
    b.press("button", "Match columns");
    b.press(".top button", "Check every row");
    b.until_shown_anew("This is what would happen");
    b.press(".top button", "Import");
    b.until_shown_anew("Undo the import");
    b.press("button", "Undo the import");
    b.until_shown_anew("The import was undone");

    // Preferences, and the door.
    b.click("[popovertarget=user-menu]");
    b.click("#user-menu button[value=dark]");
    b.until("document.documentElement.dataset.theme === 'dark'");
    b.click("[popovertarget=user-menu]");
    b.press("#user-menu button", "Sign out");
    b.until("location.pathname === '/sign-in'");
}

#[test]
fn without_scripts_the_second_to_save_is_asked() {
    let kith = Kith::set_up();
    let ana = kith.make("contacts", &json!({ "given_name": "Ana", "city": "Porto" }));
    let b = Browser::without_scripts();
    kith.enter(&b, &format!("/contacts/{ana}/edit"));
    b.fill("#f-city", "Lisbon");
    kith.change("contacts", ana, &json!({ "city": "Faro" }));
    b.press("button", "Save");
    b.until_shown("Changed meanwhile");
    b.click("input[value=theirs]");
    b.press("button", "Save my choices");
    b.until("location.pathname.startsWith('/contacts/') && !location.pathname.endsWith('/edit')");
    assert_eq!(kith.api("GET", &format!("/contacts/{ana}"), &Json::Null)["city"], "Faro");
}
