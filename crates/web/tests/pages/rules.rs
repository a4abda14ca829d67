//! The rules, each over every example of every page.

use std::collections::BTreeSet;

use super::markup::{Element, read};
use web::templates::Templates;
use web::views::samples::{HOSTILE, Rendered, render_all};

fn pages() -> Vec<Rendered> {
    render_all(&Templates::load().unwrap()).unwrap()
}

/// Collects complaints about all pages, so that one run shows all of them.
fn check(rule: impl Fn(&str, &[Element]) -> Vec<String>) {
    let mut complaints = BTreeSet::new();
    for page in pages() {
        match read(&page.html) {
            Ok(elements) => {
                complaints
                    .extend(rule(&page.html, &elements).into_iter().map(|c| format!("{}: {c}", page.name)));
            }
            Err(error) => {
                complaints.insert(format!("{}: {error}", page.name));
            }
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn every_page_is_well_formed() {
    check(|_, _| Vec::new());
}

#[test]
fn every_page_has_one_main_heading_and_headings_in_order() {
    check(|_, elements| {
        let mut levels = Vec::new();
        for element in elements {
            if let Some(level) = element.name.strip_prefix('h').and_then(|n| n.parse::<u8>().ok()) {
                levels.push((level, element.text.trim().to_owned()));
            }
        }
        let mut found = Vec::new();
        if levels.iter().filter(|(level, _)| *level == 1).count() != 1 {
            found.push(format!("not one h1: {levels:?}"));
        }
        for pair in levels.windows(2) {
            if pair[1].0 > pair[0].0 + 1 {
                found.push(format!("h{} after h{}: {}", pair[1].0, pair[0].0, pair[1].1));
            }
        }
        found.extend(levels.iter().filter(|(_, text)| text.is_empty()).map(|_| "empty heading".to_owned()));
        found
    });
}

#[test]
fn every_control_has_a_name() {
    check(|_, elements| {
        let labels: BTreeSet<&str> =
            elements.iter().filter(|e| e.name == "label").filter_map(|e| e.get("for")).collect();
        let mut found = Vec::new();
        for e in elements {
            let named = e.get("aria-label").is_some_and(|name| !name.trim().is_empty());
            let labelled = e.get("id").is_some_and(|id| labels.contains(id))
                || e.around.iter().any(|&n| elements[n].name == "label");
            let nameless = match e.name.as_str() {
                "input" => e.get("type") != Some("hidden") && !named && !labelled,
                "select" | "textarea" => !named && !labelled,
                "button" | "a" | "summary" => !named && e.text.trim().is_empty(),
                "dialog" | "nav" | "aside" => !named && e.get("aria-labelledby").is_none(),
                _ => false,
            };
            if nameless {
                found.push(format!("<{} {:?}> has no name", e.name, e.attributes));
            }
        }
        found
    });
}

#[test]
fn references_within_a_page_lead_somewhere() {
    check(|_, elements| {
        let mut ids = BTreeSet::new();
        let mut found = Vec::new();
        for id in elements.iter().filter_map(|e| e.get("id")) {
            if !ids.insert(id) {
                found.push(format!("id {id} twice"));
            }
        }
        let references =
            ["for", "form", "list", "popovertarget", "aria-controls", "aria-describedby", "aria-labelledby"];
        for e in elements {
            for name in references {
                if let Some(id) = e.get(name).filter(|id| !ids.contains(id)) {
                    found.push(format!("{name}={id} leads nowhere"));
                }
            }
        }
        found
    });
}

#[test]
fn popovers_do_not_stand_where_html_forbids_them() {
    check(|_, elements| {
        let phrasing = ["p", "span", "a", "button", "label", "h1", "h2", "h3", "bdi"];
        let blocks = ["div", "form", "ul", "ol", "table", "section", "p", "h1", "h2", "h3", "dl", "details"];
        elements
            .iter()
            .filter(|e| blocks.contains(&e.name.as_str()))
            .filter_map(|e| {
                let around =
                    e.around.iter().map(|&n| &elements[n]).find(|a| phrasing.contains(&a.name.as_str()))?;
                // A choice that posts is a button with a bold line in it; its parts are spans.
                Some(format!("<{}> within <{}>", e.name, around.name))
            })
            .collect()
    });
}

#[test]
fn forms_are_not_nested() {
    check(|_, elements| {
        elements
            .iter()
            .filter(|e| e.name == "form" && e.around.iter().any(|&n| elements[n].name == "form"))
            .map(|e| format!("form {:?} within a form", e.get("action")))
            .collect()
    });
}

#[test]
fn nothing_on_a_page_runs_or_styles_inline() {
    check(|_, elements| {
        let mut found = Vec::new();
        for e in elements {
            if e.name == "style" || e.name == "script" && (e.get("src").is_none() || !e.text.is_empty()) {
                found.push(format!("inline <{}>", e.name));
            }
            found.extend(
                e.attributes.keys().filter(|key| key.starts_with("on")).map(|key| format!("attribute {key}")),
            );
            if let Some(style) = e.get("style")
                && !style.split(';').all(is_number_property)
            {
                found.push(format!("style {style}"));
            }
        }
        found
    });
}

/// `--v:71`: a custom property with a plain number.
fn is_number_property(declaration: &str) -> bool {
    declaration.split_once(':').is_some_and(|(name, value)| {
        name.trim().starts_with("--") && !value.is_empty() && value.trim().parse::<f64>().is_ok()
    })
}

#[test]
fn hostile_text_stays_text() {
    let mut seen = 0;
    for page in pages() {
        assert!(!page.html.contains("<script>alert"), "{}", page.name);
        assert!(!page.html.contains("<img src=x"), "{}", page.name);
        seen += page.html.matches("&lt;script&gt;alert").count();
    }
    // The samples do carry the text: otherwise the above proves nothing.
    assert!(HOSTILE.contains("<script>alert"));
    assert!(seen > 100, "{seen}");
}

#[test]
fn no_value_is_written_as_its_type() {
    check(|_, elements| {
        elements
            .iter()
            .filter(|e| matches!(e.name.as_str(), "td" | "dd" | "p" | "span" | "div" | "a" | "button"))
            .filter(|e| matches!(e.text.trim(), "none" | "true" | "false" | "undefined" | "[]" | "{}"))
            .filter(|e| e.name != "td")
            .map(|e| format!("<{}> says {}", e.name, e.text.trim()))
            .collect()
    });
}

#[test]
fn every_form_says_how_and_where() {
    check(|_, elements| {
        elements
            .iter()
            .filter(|e| e.name == "form")
            .filter(|e| {
                !matches!(e.get("method"), Some("post" | "get")) || e.get("action").is_none_or(str::is_empty)
            })
            .map(|e| format!("form {:?}", e.attributes))
            .collect()
    });
}

#[test]
fn icons_named_in_templates_exist() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut folders = vec![folder];
    let mut missing = BTreeSet::new();
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for call in text.split("icon(\"").skip(1) {
                let name = call.split('"').next().unwrap_or_default();
                if !web::assets::has_icon(name) {
                    missing.insert(name.to_owned());
                }
            }
        }
    }
    assert_eq!(missing, BTreeSet::new());
}

#[test]
fn assets_named_by_pages_are_served() {
    check(|_, elements| {
        elements
            .iter()
            .filter_map(|e| e.get("src").or(e.get("href")))
            .filter_map(|url| url.strip_prefix("/assets/"))
            .filter_map(|url| url.split(['?', '#']).next())
            .filter(|name| web::assets::asset(name).is_none())
            .map(ToOwned::to_owned)
            .collect()
    });
}
