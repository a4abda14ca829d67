//! Two people edit the same record at the same time.

use serde_json::json;
use testkit::browser::Browser;

use crate::kith::Kith;

#[test]
fn the_second_to_save_sees_both_values_and_chooses() {
    let kith = Kith::set_up();
    let ana = kith.make(
        "contacts",
        &json!({
            "given_name": "Ana", "family_name": "Prado", "job_title": "Buyer", "city": "Porto",
        }),
    );
    let tomas = kith.colleague("Tomás Ruiz", "tomas@example.com");
    let b = Browser::start();
    kith.enter(&b, &format!("/contacts/{ana}/edit"));
    b.fill("#f-job_title", "Head of buying");
    b.fill("#f-city", "Lisbon");

    // Meanwhile Tomás saves the same form in his own browser: the title too, and the street.
    let saved = kith.post(
        &format!("/contacts/{ana}"),
        &tomas,
        &[
            ("version", "1"),
            ("job_title", "Director"),
            ("was-job_title", "Buyer"),
            ("street", "Rua Nova 4"),
            ("was-street", ""),
        ],
    );
    assert_eq!(saved.status, 303, "{}", saved.body);

    b.press("button", "Save");
    b.until_shown("Changed meanwhile");
    b.until_shown("Tomás Ruiz saved this record");
    let rows = b.texts(".conflict tbody tr");
    assert_eq!(rows.len(), 1, "only the field that both changed is asked about: {rows:?}");
    for words in ["Job title", "Head of buying", "Director", "Buyer"] {
        assert!(rows[0].contains(words), "{words} in {rows:?}");
    }
    b.click("input[value=theirs]");
    b.press("button", "Save my choices");
    b.until_shown("Saved.");
    let record = kith.api("GET", &format!("/contacts/{ana}"), &json!(null));
    assert_eq!(record["job_title"], "Director", "theirs was chosen");
    assert_eq!(record["city"], "Lisbon", "what only one changed is kept");
    assert_eq!(record["street"], "Rua Nova 4", "what only the other changed is kept");

    // And the other way round.
    kith.open(&b, &format!("/contacts/{ana}/edit"));
    b.fill("#f-job_title", "Owner");
    kith.change("contacts", ana, &json!({ "job_title": "Chair" }));
    b.press("button", "Save");
    b.until_shown("Changed meanwhile");
    b.press("button", "Save my choices");
    b.until_shown("Saved.");
    assert_eq!(kith.api("GET", &format!("/contacts/{ana}"), &json!(null))["job_title"], "Owner");
}
