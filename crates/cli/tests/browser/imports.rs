//! Importing a file of purchases in the browser, from the upload to the undo.

use testkit::browser::Browser;

use crate::kith::{Kith, file};

/// Forty rows that can be read, and one whose day does not exist.
pub(crate) fn purchases() -> String {
    let mut text = "customer_id,name,date,product,quantity,amount\n".to_string();
    for n in 0..10 {
        for (customer, name, product) in [
            ("c-1", "Ana Prado", "City bike"),
            ("c-2", "Bo Lind", "Helmet"),
            ("c-3", "=HYPERLINK(1)", "Lamp"),
            ("c-4", "Cem Aydın", "Bell"),
        ] {
            text.push_str(&format!(
                "{customer},{name},2026-{:02}-{:02},{product},1,{}.50\n",
                1 + n,
                3 + n,
                20 + n
            ));
        }
    }
    text + "c-5,Nobody,2026-02-30,Lamp,1,25.00\n"
}

#[test]
fn purchases_are_uploaded_matched_checked_imported_and_undone() {
    let kith = Kith::set_up();
    let (_folder, path) = file("purchases.csv", &purchases());
    let b = Browser::start();
    kith.enter(&b, "/");
    b.press("a", "Import your customers");
    b.until("location.pathname === '/imports/new'");
    b.press("button", "Match columns");
    b.until_shown("Choose a file first, or paste a table.");
    b.type_into("#import-file", &path);
    b.press("button", "Match columns");

    b.until("location.pathname.startsWith('/imports/files/')");
    let matched = b.texts("tbody tr th[scope=row]");
    assert_eq!(matched, ["customer_id", "name", "date", "product", "quantity", "amount"]);
    b.press("button", "Check every row");

    b.until_shown("This is what would happen. Nothing is saved yet.");
    b.until_shown("Rows that cannot be read");
    b.until_shown("2026-02-30");
    assert!(kith.api("GET", "/customers", &serde_json::Value::Null)["data"].as_array().unwrap().is_empty());
    b.press(".top button", "Import");

    b.until_shown("Undo the import");
    b.until_shown("New customers");
    b.until_shown("Download these rows");
    b.press("a", "See the customers");
    b.until("location.pathname === '/customers'");
    b.until_shown("Ana Prado");
    b.until_shown("Cem Aydın");
    b.press("tbody a", "Ana Prado");
    b.until_shown("City bike");

    kith.open(&b, "/imports");
    b.press("tbody a", "purchases.csv");
    b.press("button", "Undo the import");
    b.until_shown("The import was undone");
    kith.open(&b, "/customers");
    b.until("location.pathname === '/customers'");
    assert!(!b.shows("Ana Prado"), "undo takes the customers away");
}
