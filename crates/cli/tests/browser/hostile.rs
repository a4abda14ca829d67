//! Markup, scripts and tricks of direction in any field are text and nothing else, wherever they are shown.

use serde_json::{Value as Json, json};
use testkit::browser::{Browser, keys};

use crate::kith::{Kith, encode, file};

const NASTY: [&str; 6] = [
    "<img src=x onerror=alert(1)>",
    "\"><script>alert(2)</script>",
    "'-alert(3)-' javascript:alert(4)",
    "\u{202e}evil\u{202c} \u{2067}rtl\u{2069}",
    "👩‍👩‍👧‍👦 Zoë {{ 7*7 }} ${7*7} </textarea></title><svg onload=alert(5)>",
    "=HYPERLINK(\"http://evil.example\") & co",
];

/// The page opened no dialog, runs no script of ours only, and has no element that came out of a field.
fn inert(b: &Browser, place: &str) {
    assert_eq!(b.dialog(), None, "{place} opened a dialog");
    let strange = b.eval(
        "[...document.querySelectorAll('script:not([src]), img[src=x], svg[onload], [onerror], iframe, object, embed, base, a[href^=\"javascript:\" i]')]
            .concat([...document.querySelectorAll('script[src]')].filter(s => !new URL(s.src).pathname.startsWith('/assets/')))
            .map(e => e.outerHTML.slice(0, 120))",
    );
    assert_eq!(strange, json!([]), "{place} has elements that came out of a field");
}

#[test]
fn scripts_and_markup_in_fields_are_inert_wherever_they_are_shown() {
    let kith = Kith::set_up();
    let mut ids = Vec::new();
    for (n, nasty) in NASTY.iter().enumerate() {
        let contact = kith.make("contacts", &json!({
            "given_name": nasty, "family_name": nasty, "job_title": nasty, "city": nasty, "street": nasty, "email": format!("n{n}@example.com"),
        }));
        kith.change("contacts", contact, &json!({ "job_title": format!("{nasty} again"), "city": "", "street": nasty, "postal_code": "<b>1</b>" }));
        let company = kith.make("companies", &json!({ "name": nasty, "industry": nasty }));
        let deal = kith.make(
            "deals",
            &json!({ "name": nasty, "party": contact, "amount": { "amount": "10.00", "currency": "EUR" } }),
        );
        kith.make("notes", &json!({ "body": format!("{nasty}\n{nasty}"), "party": contact }));
        kith.make("tasks", &json!({ "name": nasty, "party": contact }));
        kith.make("cases", &json!({ "name": nasty, "party": contact }));
        ids.push((contact, company, deal));
    }
    kith.api(
        "POST",
        "/objects/contacts/fields",
        &json!({ "label": "<img src=x onerror=alert(6)>", "kind": "text", "listed": true }),
    );
    let b = Browser::start();
    kith.enter(&b, "/");
    let mut places: Vec<String> = [
        "/",
        "/contacts",
        "/companies",
        "/deals",
        "/deals/board",
        "/tasks",
        "/cases",
        "/customers",
        "/customer-base",
        "/settings/fields",
        "/contacts/new",
    ]
    .map(String::from)
    .into();
    for (contact, company, deal) in &ids {
        for place in [
            format!("/contacts/{contact}"),
            format!("/contacts/{contact}/edit"),
            format!("/companies/{company}"),
            format!("/deals/{deal}"),
        ] {
            places.push(place);
        }
    }
    for nasty in NASTY {
        let words = encode(nasty);
        places.push(format!("/search?q={words}"));
        places.push(format!("/contacts?q={words}"));
        places.push(format!("/contacts?filter={words}"));
        places.push(format!(
            "/contacts?filter=city+%3D+%22{}%22",
            encode(&nasty.replace('\\', "\\\\").replace('"', "\\\""))
        ));
        places.push(format!("/contacts?sort={words}"));
        places.push(format!("/contacts/new?given_name={words}"));
        places.push(format!("/imports/new?object={words}"));
        places.push(format!("/{words}"));
    }
    for place in &places {
        kith.open(&b, place);
        inert(&b, place);
    }

    // What scripts of Kith show from answers: the palette, and the tabs of a saved view.
    kith.open(&b, "/contacts");
    b.keys(&[keys::CONTROL], &["k"]);
    b.type_text("onerror");
    b.until("document.querySelector('[data-found] [role=option]')");
    b.until("document.querySelector('[data-found]').innerText.includes('<img src=x onerror=alert(1)>')");
    inert(&b, "the palette");
    kith.open(&b, "/contacts?sort=name");
    b.press(".tabs button", "Save view");
    b.fill("#view-name", "<img src=x onerror=alert(7)>");
    b.press("#save-view button", "Save view");
    b.until_shown("View saved.");
    inert(&b, "a saved view");

    // The first step of an import shows what the file holds, and its name.
    let text = format!(
        "customer_id,date,amount,<script>alert(8)</script>\n{}\n",
        NASTY.map(|n| format!("\"{}\",2026-01-01,5.00,x", n.replace('"', "\"\""))).join("\n")
    );
    let (_folder, path) = file("<img src=x onerror=alert(9)>.csv", &text);
    kith.open(&b, "/imports/new");
    b.type_into("#import-file", &path);
    b.press("button", "Match columns");
    b.until("location.pathname.startsWith('/imports/files/')");
    b.until_shown("onerror=alert(9)");
    inert(&b, "matching columns");
    b.press("button", "Check every row");
    b.until_shown("This is what would happen");
    inert(&b, "the preview of an import");
}

#[test]
fn every_answer_that_is_a_page_says_that_only_our_scripts_may_run() {
    let kith = Kith::set_up();
    let session = kith.session(crate::kith::EMAIL, crate::kith::PASSWORD);
    let ana = kith.make("contacts", &json!({ "given_name": "Ana" }));
    let record = format!("/contacts/{ana}");
    let places = [
        "/",
        "/contacts",
        record.as_str(),
        "/deals/board",
        "/contacts/new",
        "/search?q=a",
        "/imports",
        "/imports/new",
        "/settings",
        "/settings/fields",
        "/customer-base",
        "/contacts/999999",
        "/nowhere/at/all",
        "/contacts/x",
        "/setup",
        "/contacts?limit=%FF",
        "/contacts/9999999999999999999999",
    ];
    for place in places {
        for who in [session.as_str(), ""] {
            let answer = kith.page(place, who);
            if !answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
                assert!(
                    answer.status == 303 || !answer.body.contains('<'),
                    "{place} answers {} with markup that is no page",
                    answer.status
                );
                continue;
            }
            let policy = answer.header("content-security-policy").unwrap_or_default();
            assert!(
                policy.contains("script-src 'self';") && policy.contains("default-src 'self'"),
                "{place}: {policy:?}"
            );
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{place}");
        }
    }
    // A change that another site asked for is refused.
    let foreign = kith.api("GET", &format!("/contacts/{ana}"), &Json::Null);
    assert_eq!(foreign["given_name"], "Ana");
}
