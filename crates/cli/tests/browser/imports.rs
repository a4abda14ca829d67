//! Importing a file of purchases in the browser, from the upload to the undo.

use testkit::browser::Browser;

use crate::kith::{Kith, file};

const PURCHASES: &str = "customer_id,name,date,product,quantity,amount\n\
    c-1,Ana Prado,2026-01-03,City bike,1,899.00\n\
    c-1,Ana Prado,2026-03-09,Bell,2,19.80\n\
    c-2,Bo Lind,2026-02-11,Helmet,1,59.00\n\
    c-3,=HYPERLINK(\"x\"),2026-02-30,Lamp,1,25.00\n\
    c-4,Cem Aydın,2026-04-01,City bike,1,899.00\n";

#[test]
fn purchases_are_uploaded_matched_checked_imported_and_undone() {
    let kith = Kith::set_up();
    let (_folder, path) = file("purchases.csv", PURCHASES);
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
    b.press("a", "See the customers");
    b.until("location.pathname === '/customers'");
    b.until_shown("Ana Prado");
    b.until_shown("Cem Aydın");
    b.press("tbody a", "Ana Prado");
    b.until_shown("City bike");

    kith.open(&b, "/imports");
    b.press("tbody a", "purchases.csv");
    b.press("button", "Undo the import");
    b.until_shown("Undone");
    kith.open(&b, "/customers");
    b.until("location.pathname === '/customers'");
    assert!(!b.shows("Ana Prado"), "undo takes the customers away");
}
