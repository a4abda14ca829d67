//! The record page: adding notes, calls and tasks, editing, taking back.

use serde_json::json;
use testkit::browser::{Browser, keys};

use crate::kith::Kith;

#[test]
fn notes_calls_and_tasks_are_added_on_the_record_and_appear_on_its_timeline() {
    let kith = Kith::set_up();
    let ana = kith.make("contacts", &json!({ "given_name": "Ana", "family_name": "Prado" }));
    let b = Browser::start();
    kith.enter(&b, &format!("/contacts/{ana}"));

    // N puts the cursor into the note, Ctrl Enter sends it.
    b.until("document.querySelector('[data-tabs] [role=tab]')");
    b.keys(&[], &["n"]);
    b.until("document.activeElement.id === 'note-body'");
    b.type_text("Prefers the phone");
    b.keys(&[keys::CONTROL], &[keys::ENTER]);
    b.until_shown("Note added.");
    b.until("document.querySelector('.timeline').innerText.includes('Prefers the phone')");
    assert_eq!(b.value("#note-body"), "", "a note that was sent is not kept as a draft");

    b.press("[role=tab]", "Call or visit");
    b.fill("#call-body", "Wants two more bikes");
    b.choose("#call-channel", "Visit");
    b.choose("#call-direction", "They did");
    b.press("button", "Log it");
    b.until("document.querySelector('.timeline').innerText.includes('Wants two more bikes')");

    b.press("[role=tab]", "Task");
    b.fill("#task-title", "Send the offer");
    b.press("button", "Add task");
    b.until_shown("Task added.");
    b.until("document.querySelector('.timeline').innerText.includes('Send the offer')");

    // The task is on its owner's list and can be taken back by Ctrl Z.
    b.script("document.activeElement.blur()", &[]);
    b.keys(&[keys::CONTROL], &["z"]);
    b.until_shown("Undone.");
    kith.open(&b, "/tasks");
    assert!(!b.shows("Send the offer"), "the task is gone after undo");
}

#[test]
fn an_edit_is_saved_by_the_form_and_taken_back_from_the_message() {
    let kith = Kith::set_up();
    let ana =
        kith.make("contacts", &json!({ "given_name": "Ana", "family_name": "Prado", "job_title": "Buyer" }));
    let b = Browser::start();
    kith.enter(&b, &format!("/contacts/{ana}"));
    b.keys(&[], &["e"]);
    b.until("location.pathname.endsWith('/edit')");
    b.fill("#f-job_title", "Head of buying");
    b.fill("#f-email", "no address");
    b.script("document.querySelector('#record-form').noValidate = true", &[]);
    b.press("button", "Save");
    b.until("document.querySelector('#f-email[aria-invalid]')");
    assert_eq!(b.value("#f-job_title"), "Head of buying", "a refused form keeps what was typed");
    b.fill("#f-email", "ana@example.com");
    b.press("button", "Save");
    b.until_shown("Saved.");
    b.until_shown("Head of buying");
    b.press(".toasts button", "Undo");
    b.until_shown("Undone.");
    b.until("document.querySelector('.pane-details').innerText.includes('Buyer')");
    assert!(
        !b.eval("document.querySelector('.pane-details').innerText")
            .as_str()
            .unwrap()
            .contains("Head of buying")
    );
}

#[test]
fn leaving_a_form_with_unsaved_words_asks_first() {
    let kith = Kith::set_up();
    let b = Browser::start();
    kith.enter(&b, "/contacts/new");
    b.fill("#f-given_name", "Ana");
    b.press(".form-foot a", "Cancel");
    b.answer_dialog(false);
    assert_eq!(b.value("#f-given_name"), "Ana");
    b.press(".form-foot a", "Cancel");
    b.answer_dialog(true);
    b.until("location.pathname === '/contacts'");
}

#[test]
fn a_possible_duplicate_is_shown_before_it_is_made() {
    let kith = Kith::set_up();
    kith.make(
        "contacts",
        &json!({ "given_name": "Ana", "family_name": "Prado", "email": "ana@example.com" }),
    );
    let b = Browser::start();
    kith.enter(&b, "/contacts/new");
    b.fill("#f-given_name", "Anna");
    b.fill("#f-email", "ANA@example.com");
    b.press("button", "Add contact");
    b.until_shown("This may already be here");
    b.press("label", "Save it anyway");
    b.press("button", "Add contact");
    b.until_shown("Contact added.");
}
