//! Everyone can use every page: axe finds nothing in either theme and at either size, everything is reached by
//! keyboard in view, and nothing is lost at 320 px or at twice the size of text.

use serde_json::{Value as Json, json};
use testkit::browser::{Browser, keys};

use crate::imports::purchases;
use crate::kith::{Kith, encode, file};

/// axe-core 4.14.1 by Deque Systems, MPL-2.0; only the tests use it. Its licences lie beside it.
const AXE: &str = include_str!("vendor/axe.min.js");

/// Every page of a Kith full of records. Those of one record are those of the first on the list.
fn pages(kith: &Kith) -> Vec<(&'static str, String)> {
    let first = |object: &str, more: &str| {
        let found = kith.api("GET", &format!("/{object}?limit=1{more}"), &Json::Null);
        format!(
            "/{object}/{}",
            found["data"][0]["id"].as_i64().unwrap_or_else(|| panic!("no {object}: {found}"))
        )
    };
    let contact = first("contacts", "&sort=-lifetime_value");
    let mut pages: Vec<(&str, String)> = [
        ("today", "/"),
        ("customer-base", "/customer-base"),
        ("customers", "/customers"),
        ("contacts", "/contacts"),
        ("filtered", "/contacts?filter=city+is+not+empty&sort=-created_at"),
        ("nothing-matches", "/contacts?q=zzzzqqqq"),
        ("refused-filter", "/contacts?filter=nonsense+%3D"),
        ("companies", "/companies"),
        ("board", "/deals/board"),
        ("deals", "/deals"),
        ("cases", "/cases"),
        ("tasks", "/tasks"),
        ("orders", "/orders"),
        ("products", "/products"),
        ("search", "/search?q=an"),
        ("search-nothing", "/search?q=zzzzqqqq"),
        ("new-contact", "/contacts/new"),
        ("new-deal", "/deals/new"),
        ("imports", "/imports"),
        ("import-upload", "/imports/new"),
        ("general", "/settings"),
        ("users", "/settings/users"),
        ("roles", "/settings/roles"),
        ("fields", "/settings/fields"),
        ("tokens", "/settings/tokens"),
        ("password", "/settings/password"),
        ("not-here", "/contacts/999999999"),
    ]
    .map(|(name, path)| (name, path.to_string()))
    .into();
    pages.push(("edit-contact", format!("{contact}/edit")));
    pages.push(("contact", contact));
    pages.push(("company", first("companies", "")));
    pages.push(("deal", first("deals", "")));
    pages.push(("case", first("cases", "")));
    pages.push(("task", first("tasks", "")));
    pages.push(("order", first("orders", "")));
    pages.push(("product", first("products", "")));
    pages
}

/// What axe complains about on the open page. The themes differ in nothing but colours, so that of the second one only
/// these are judged.
fn complaints(b: &Browser, place: &str, theme: &str) -> Vec<String> {
    let script = "const done = arguments[arguments.length - 1];
        const all = { resultTypes: ['violations'] };
        const colours = { ...all, runOnly: ['color-contrast', 'link-in-text-block'] };
        axe.run(document, arguments[0] === 'dark' ? colours : all).then(
          r => done(r.violations.map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 90) + ' ' + (n.any[0]?.message || n.all[0]?.message || n.none[0]?.message || '')).join(' | ')}`)),
          e => done([String(e)]));";
    b.colours(theme);
    let found = b.later(script, &[json!(theme)]);
    found
        .as_array()
        .into_iter()
        .flatten()
        .map(|c| format!("{place}: {}", c.as_str().unwrap_or_default()))
        .collect()
}

/// Leaves a picture where `KITH_TEST_PICTURES` says, for people who want to see what the tests saw.
fn picture(b: &Browser, name: &str) {
    if let Some(folder) = std::env::var_os("KITH_TEST_PICTURES") {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.png")), b.picture()).unwrap();
    }
}

fn check(size: &str, width: u32, height: u32) {
    let kith = Kith::demo();
    let b = Browser::start();
    b.tools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": AXE }));
    b.screen(width, height);
    kith.enter(&b, "/");
    let mut found = Vec::new();
    for (name, path) in pages(&kith) {
        kith.open(&b, &path);
        b.until("document.readyState === 'complete'");
        for theme in ["light", "dark"] {
            found.extend(complaints(&b, &format!("{name}, {size}, {theme}"), theme));
            picture(&b, &format!("{name}-{size}-{theme}"));
        }
        if name == "contact" {
            b.click(".why");
            found.extend(complaints(&b, &format!("why, {size}"), "light"));
            picture(&b, &format!("why-{size}"));
        }
        let over = b.eval("document.documentElement.scrollWidth - innerWidth").as_f64().unwrap_or(0.0);
        if over > 0.0 {
            found.push(format!("{name}, {size}: {over} px wider than the screen"));
        }
        let under = b.eval("document.documentElement.scrollHeight - innerHeight").as_f64().unwrap_or(0.0);
        if width > 1000 && under > 0.0 {
            found.push(format!("{name}, {size}: the page scrolls by {under} px beside its own parts"));
        }
    }
    assert!(found.is_empty(), "{} complaints:\n{}", found.len(), found.join("\n"));
}

#[test]
fn axe_finds_nothing_on_any_page_on_a_desk() {
    check("desk", 1440, 900);
}

#[test]
fn axe_finds_nothing_on_any_page_on_a_phone() {
    check("phone", 390, 844);
}

#[test]
fn axe_finds_nothing_before_the_door_on_an_empty_kith_and_in_what_opens_over_a_page() {
    let (fresh, link) = Kith::fresh();
    let kith = Kith::set_up();
    let ana = kith.make("contacts", &json!({ "given_name": "Ana", "family_name": "Prado" }));
    kith.make(
        "deals",
        &json!({ "name": "Cargo fleet", "party": ana, "amount": { "amount": "1200.00", "currency": "EUR" } }),
    );
    let b = Browser::start();
    b.tools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": AXE }));
    let mut found = Vec::new();
    let mut look = |name: &str| {
        for theme in ["light", "dark"] {
            found.extend(complaints(&b, &format!("{name}, {theme}"), theme));
            picture(&b, &format!("{name}-{theme}"));
        }
    };
    b.go(&link);
    look("set-up");
    b.screen(390, 844);
    look("set-up-phone");
    drop(fresh);
    kith.open(&b, "/sign-in");
    look("sign-in-phone");
    b.screen(1440, 900);
    look("sign-in");
    kith.enter(&b, "/");
    look("first-run");
    kith.open(&b, "/companies");
    look("empty-list");
    kith.open(&b, "/customer-base");
    look("empty-customer-base");
    kith.open(&b, "/contacts");
    b.click("[popovertarget=add-filter]");
    look("add-filter");
    b.keys(&[], &[keys::ESCAPE]);
    b.click("[popovertarget=columns]");
    look("columns");
    b.keys(&[], &[keys::ESCAPE]);
    b.click("[popovertarget=user-menu]");
    look("user-menu");
    b.keys(&[], &[keys::ESCAPE]);
    b.keys(&[], &["?"]);
    b.until("document.querySelector('#shortcuts').matches(':popover-open')");
    look("shortcuts");
    b.keys(&[], &[keys::ESCAPE]);
    b.keys(&[keys::CONTROL], &["k"]);
    b.type_text("ana");
    b.until("document.querySelector('[data-found] [role=option]')");
    look("palette");
    b.keys(&[], &[keys::ESCAPE]);
    kith.open(&b, "/deals/board");
    b.click(".deal [popovertarget]");
    look("move-menu");
    kith.open(&b, &format!("/contacts/{ana}/edit"));
    b.fill("#f-email", "no address");
    b.script("document.querySelector('#record-form').noValidate = true", &[]);
    b.press("button", "Save");
    b.until("document.querySelector('[aria-invalid]')");
    look("refused-form");
    b.fill("#f-email", "ana@example.com");
    kith.change("contacts", ana, &json!({ "email": "ana.prado@example.com" }));
    b.press("button", "Save");
    b.until_shown("Changed meanwhile");
    look("conflict");
    b.press("button", "Save my choices");
    b.until_shown("Saved.");
    look("toast");
    assert!(found.is_empty(), "{} complaints:\n{}", found.len(), found.join("\n"));
}

#[test]
fn axe_finds_nothing_in_the_steps_of_an_import() {
    let kith = Kith::set_up();
    let (_folder, path) = file("purchases.csv", &purchases());
    let b = Browser::start();
    b.tools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": AXE }));
    let mut found = Vec::new();
    let mut look = |name: &str| {
        for (size, width, height) in [("phone", 390, 844), ("desk", 1440, 900)] {
            b.screen(width, height);
            for theme in ["light", "dark"] {
                found.extend(complaints(&b, &format!("{name}, {size}, {theme}"), theme));
                picture(&b, &format!("import-{name}-{size}-{theme}"));
            }
        }
    };
    kith.enter(&b, "/imports/new");
    b.type_into("#import-file", &path);
    b.press("button", "Match columns");
    b.until("location.pathname.startsWith('/imports/files/')");
    look("match");
    b.press("button", "Check every row");
    b.until_shown("This is what would happen");
    look("check");
    b.press(".top button", "Import");
    b.until_shown("Undo the import");
    look("result");
    assert!(found.is_empty(), "{} complaints:\n{}", found.len(), found.join("\n"));
}

/// Walks the page by Tab and tells what could be pressed but was not reached, or was reached out of sight.
fn unreached(kith: &Kith, b: &Browser, path: &str) -> Vec<String> {
    kith.open(b, path);
    b.until("window.kith && document.readyState === 'complete'");
    b.script(
        "window.reached = new Set(); window.unseen = [];
         document.addEventListener('focusin', e => {
           const t = e.target, r = t.getBoundingClientRect();
           reached.add(t);
           const x = Math.max(0, Math.min(innerWidth - 1, r.x + r.width / 2)), y = Math.max(0, Math.min(innerHeight - 1, r.y + Math.min(r.height, 40) / 2));
           const top = document.elementFromPoint(x, y);
           const ring = getComputedStyle(t), around = t.closest('.search, .find-form, .composer, .unit');
           const ringed = e => e && (getComputedStyle(e).outlineStyle !== 'none' && getComputedStyle(e).outlineWidth !== '0px' || getComputedStyle(e).boxShadow !== 'none');
           if (!top || !(t.contains(top) || top.contains(t) || t.labels && [...t.labels].some(l => l.contains(top)))) unseen.push('covered: ' + t.outerHTML.slice(0, 120));
           else if (!ringed(t) && !ringed(around)) unseen.push('no ring: ' + t.outerHTML.slice(0, 120));
         });
         document.body.focus();",
        &[],
    );
    let n = b
        .eval("document.querySelectorAll('a, button, input, select, textarea, summary, [tabindex]').length")
        .as_u64()
        .unwrap_or(0);
    let tabs = vec![keys::TAB; n.min(400) as usize];
    b.keys(&[], &tabs);
    let left = b.script(
        "const shown = e => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length;
         const wanted = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
           .filter(e => shown(e) && !e.disabled && e.tabIndex >= 0 && e.type !== 'hidden' && !e.matches('[data-palette] input'))
           .filter(e => !(e.type === 'radio' && [...document.getElementsByName(e.name)].some(o => reached.has(o))));
         return [...wanted.filter(e => !reached.has(e)).map(e => 'not reached: ' + e.outerHTML.slice(0, 120)), ...new Set(unseen)];",
        &[],
    );
    left.as_array()
        .into_iter()
        .flatten()
        .map(|l| format!("{path}: {}", l.as_str().unwrap_or_default()))
        .collect()
}

#[test]
fn everything_is_reached_by_tab_in_view_with_a_ring() {
    let kith = Kith::demo();
    let b = Browser::start();
    kith.enter(&b, "/");
    let mut found = Vec::new();
    let wanted = ["today", "contacts", "board", "contact", "new-contact", "import-upload", "roles", "fields"];
    for (name, path) in pages(&kith) {
        if wanted.contains(&name) {
            found.extend(unreached(&kith, &b, &path));
        }
    }
    // The first stop leads past the rail.
    kith.open(&b, "/contacts");
    b.keys(&[], &[keys::TAB]);
    assert_eq!(b.eval("document.activeElement.textContent"), json!("Skip to content"));
    b.keys(&[], &[keys::ENTER]);
    b.until("document.activeElement.id === 'main'");

    // Focus goes into what opens, and back to what opened it.
    b.script("document.querySelector('[popovertarget=add-filter]').focus()", &[]);
    b.keys(&[], &[keys::ENTER]);
    b.keys(&[], &[keys::TAB]);
    b.until("document.activeElement.closest('#add-filter')");
    b.keys(&[], &[keys::ESCAPE]);
    b.keys(&[], &[keys::ESCAPE]);
    b.until("document.activeElement.matches('[popovertarget=add-filter]')");
    assert!(found.is_empty(), "{} complaints:\n{}", found.len(), found.join("\n"));
}

#[test]
fn nothing_is_wider_than_a_narrow_screen_with_large_text_or_from_right_to_left() {
    let kith = Kith::demo();
    let b = Browser::start();
    kith.enter(&b, "/");
    let mut found = Vec::new();
    for (name, path) in pages(&kith) {
        b.screen(320, 640);
        kith.open(&b, &path);
        let mut narrow = |how: &str| {
            let over = "[...document.querySelectorAll('body *')].filter(e => e.getClientRects().length
                && e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.table-wrap, .board, .steps, .tabs, .path, .vh, [popover], .filters, .stats'))
                .slice(0, 3).map(e => e.outerHTML.slice(0, 100))";
            if b.eval("document.documentElement.scrollWidth > innerWidth") == json!(true) {
                found.push(format!("{name}, {how}: {}", b.eval(over)));
            }
            picture(&b, &format!("{name}-{}", encode(how)));
        };
        narrow("320 px");
        b.screen(1280, 800);
        b.script("document.documentElement.style.fontSize = '200%'", &[]);
        narrow("text of twice the size");
        b.script("document.documentElement.style.fontSize = ''; document.documentElement.dir = 'rtl'", &[]);
        narrow("right to left");
    }
    assert!(found.is_empty(), "{} complaints:\n{}", found.len(), found.join("\n"));
}
