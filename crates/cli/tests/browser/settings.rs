//! Fields, objects, users and tokens made at run time are used at once.

use testkit::browser::Browser;

use crate::kith::Kith;

#[test]
fn a_field_that_was_added_is_in_the_form_on_the_record_in_the_list_and_the_filter() {
    let kith = Kith::set_up();
    let b = Browser::start();
    kith.enter(&b, "/settings/fields?object=contacts");
    b.press("summary", "Add a field");
    b.fill("#n-label", "Frame size");
    b.choose("#n-kind", "Choice");
    b.fill("#n-options", "Small\nLarge");
    b.press("label", "Shown in lists");
    b.press("button", "Add field");
    b.until_shown("Field added.");

    kith.open(&b, "/contacts/new");
    b.fill("#f-given_name", "Ana");
    b.choose("select[name*=frame_size]", "Large");
    b.press("button", "Add contact");
    b.until_shown("Contact added.");
    b.until("document.querySelector('.pane-details').innerText.includes('Frame size')");
    kith.open(&b, "/contacts");
    b.until("[...document.querySelectorAll('th')].some(e => e.textContent.includes('Frame size'))");
    b.keys(&[], &["f"]);
    b.choose("#add-field", "Frame size");
    b.fill("#add-value", "Large");
    b.press("#add-filter button", "Add filter");
    b.until_shown("1 of 1");
}

#[test]
fn an_object_that_was_added_has_a_place_in_the_rail_a_list_a_form_and_a_page() {
    let kith = Kith::set_up();
    let b = Browser::start();
    kith.enter(&b, "/settings/fields");
    b.press("summary", "Add an object");
    b.fill("#o-singular", "Bicycle");
    b.fill("#o-plural", "Bicycles");
    b.press("button", "Add object");
    b.until_shown("added");
    b.until("[...document.querySelectorAll('.nav a')].some(e => e.textContent.includes('Bicycles'))");
    b.press(".nav a", "Bicycles");
    b.until("document.querySelector('h1').textContent.includes('Bicycles')");
    b.press("a", "New bicycle");
    b.until("document.querySelector('#record-form')");
    b.fill("#f-name", "Old red one");
    b.press("button", "Add bicycle");
    b.until_shown("Bicycle added.");
    assert_eq!(b.text(".record-name"), "Old red one");
}

#[test]
fn a_new_users_first_password_and_a_new_token_are_shown_once() {
    let kith = Kith::set_up();
    let b = Browser::start();
    kith.enter(&b, "/settings/users");
    b.press("summary", "Add a user");
    b.fill("#u-name", "Tomás Ruiz");
    b.fill("#u-email", "tomas@example.com");
    b.choose("#u-role", "Sales");
    b.press("button", "Add user");
    b.until_shown("Give this first password to the new user");
    let password = b.value("#secret");
    assert!(password.len() >= 12, "{password}");
    kith.session("tomas@example.com", &password);

    kith.open(&b, "/settings/tokens");
    b.press("summary", "token");
    b.fill("#k-name", "Shop");
    b.press("form button.primary", "");
    b.until("document.querySelector('#secret')");
    assert!(b.value("#secret").len() > 20);
}
