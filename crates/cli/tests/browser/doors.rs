//! Setting Kith up, signing in and out.

use testkit::browser::Browser;

use crate::kith::{EMAIL, Kith, PASSWORD};

#[test]
fn the_printed_link_sets_kith_up_once_and_the_password_signs_in() {
    let (kith, link) = Kith::fresh();
    let b = Browser::start();
    kith.open(&b, "/");
    b.until_shown("The set-up link is not valid");
    b.go(&link);
    b.fill("#f-workspace", "Fern & Sons");
    b.choose("#f-currency", "EUR");
    b.choose("#f-time_zone", "Europe/Amsterdam");
    b.fill("#f-name", "Noor Haddad");
    b.fill("#f-email", EMAIL);
    b.fill("#f-password", "short");
    b.press("button", "Create the workspace");
    b.until("document.querySelector('#f-password[aria-invalid]')");
    assert_eq!(b.value("#f-workspace"), "Fern & Sons", "what was typed is kept");
    b.fill("#f-password", PASSWORD);
    b.press("button", "Create the workspace");
    b.until_shown("Who are your customers?");

    // The frame has what signing out needs, without a script too.
    b.click("[popovertarget=user-menu]");
    b.press("#user-menu button", "Sign out");
    b.until("location.pathname === '/sign-in'");
    kith.open(&b, "/contacts?q=fern");
    assert!(b.url().contains("/sign-in?return_to="), "a page asks who is there: {}", b.url());
    b.fill("#email", EMAIL);
    b.fill("#password", "not the password");
    b.press("button", "Sign in");
    b.until_shown("do not fit");
    assert_eq!(b.value("#email"), EMAIL);
    b.fill("#password", PASSWORD);
    b.press("button", "Sign in");
    b.until("location.pathname === '/contacts' && location.search === '?q=fern'");

    b.go(&link);
    b.until_shown("The set-up link is not valid, or set-up is done");
}

#[test]
fn the_colours_that_are_chosen_stay() {
    let kith = Kith::set_up();
    let b = Browser::start();
    b.colours("light");
    kith.enter(&b, "/contacts");
    b.click("[popovertarget=user-menu]");
    b.click("#user-menu button[value=dark]");
    b.until("document.documentElement.dataset.theme === 'dark'");
    kith.open(&b, "/deals");
    assert_eq!(b.eval("document.documentElement.dataset.theme"), "dark");
    assert_eq!(b.eval("getComputedStyle(document.documentElement).colorScheme"), "dark");
}
