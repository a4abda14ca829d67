//! The house rules that a machine can hold. Each gives one line for each place that breaks it.

use crate::sources::{Source, files, read, rust};

/// A rule: what breaks it, one line each.
type Rule = fn() -> Vec<String>;

/// All rules and their names.
pub(crate) const ALL: [(&str, Rule); 9] = [
    ("files are short", files_are_short),
    ("functions are short", functions_are_short),
    ("files say what they are for", files_say_what_they_are_for),
    ("nothing is left undone", nothing_is_left_undone),
    ("no unwrap outside tests", no_unwrap),
    ("engines are named in few places", engines_are_named_in_few_places),
    ("dependencies are explained and used", dependencies_are_explained_and_used),
    ("templates have samples", templates_have_samples),
    ("pure crates have the same forbidden calls", pure_crates),
];

const MOST_LINES: usize = 800;
const MOST_LINES_OF_A_FUNCTION: usize = 120;

fn files_are_short() -> Vec<String> {
    let long = rust().into_iter().filter(|source| source.text.lines().count() > MOST_LINES);
    long.map(|source| format!("{}: has more than {MOST_LINES} lines; look for a second noun", source.path))
        .collect()
}

fn functions_are_short() -> Vec<String> {
    rust().iter().filter(|source| !source.path.contains("/samples/")).flat_map(long_functions).collect()
}

/// Formatted code closes a function at the indentation that it opened at.
fn long_functions(source: &Source) -> Vec<String> {
    let lines: Vec<&str> = source.text.lines().collect();
    let mut long = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let begun = line.trim_start();
        if !begins_function(begun) || line.trim_end().ends_with([';', '}']) {
            continue;
        }
        let end = format!("{}}}", " ".repeat(line.len() - begun.len()));
        let length = lines[start..].iter().position(|l| *l == end).map_or(0, |n| n + 1);
        if length > MOST_LINES_OF_A_FUNCTION {
            long.push(format!("{}:{}: a function of {length} lines", source.path, start + 1));
        }
    }
    long
}

fn begins_function(line: &str) -> bool {
    let mut words =
        line.split_whitespace().skip_while(|w| w.starts_with("pub") || ["const", "async"].contains(w));
    words.next() == Some("fn")
}

fn files_say_what_they_are_for() -> Vec<String> {
    let silent = rust()
        .into_iter()
        .filter(|s| s.path.contains("/src/") && !s.of_tests() && !s.text.starts_with("//!"));
    silent.map(|source| format!("{}: begins without a sentence saying what it is for", source.path)).collect()
}

fn nothing_is_left_undone() -> Vec<String> {
    // Written in two parts, so that this file does not break its own rule.
    let words = [["todo", "!("], ["unimplemented", "!("], ["dbg", "!("], ["TO", "DO:"], ["FIX", "ME"]]
        .map(|parts| parts.concat());
    let mut broken = Vec::new();
    for source in rust() {
        for (n, line) in source.text.lines().enumerate() {
            broken.extend(
                words.iter().filter(|w| line.contains(*w)).map(|w| format!("{}:{}: {w}", source.path, n + 1)),
            );
        }
    }
    broken
}

fn no_unwrap() -> Vec<String> {
    let mut broken = Vec::new();
    for source in rust().iter().filter(|source| !source.of_tests()) {
        let found = source
            .lines_of_code()
            .filter(|(_, line)| line.contains(".unwrap()") && !line.trim().starts_with("//"));
        broken.extend(found.map(|(n, _)| {
            format!("{}:{n}: unwrap; handle it, or expect(\"why this cannot happen\")", source.path)
        }));
    }
    broken
}

/// Where code may ask which engine it runs on.
const ENGINE_PLACES: [&str; 5] = [
    "crates/db/",
    "crates/kernel/src/search.rs",
    "crates/kernel/src/jobs.rs",
    "crates/kernel/src/events.rs",
    "bench/",
];

fn engines_are_named_in_few_places() -> Vec<String> {
    let mut broken = Vec::new();
    let elsewhere = |source: &&Source| {
        !source.of_tests() && !ENGINE_PLACES.iter().any(|place| source.path.starts_with(place))
    };
    for source in rust().iter().filter(elsewhere) {
        let found = source
            .lines_of_code()
            .filter(|(_, line)| ["Engine::Sqlite", "Engine::Postgres"].iter().any(|e| line.contains(e)));
        broken.extend(found.map(|(n, _)| {
            format!("{}:{n}: names an engine; search, jobs, the feed and db may", source.path)
        }));
    }
    broken
}

fn dependencies_are_explained_and_used() -> Vec<String> {
    let explained = read("docs/dependencies.md");
    let crates: String =
        files(&["crates", "bench", "xtask"], "Cargo.toml").into_iter().map(|source| source.text).collect();
    let mut broken = Vec::new();
    for name in third_party(&read("Cargo.toml")) {
        if !explained.contains(&format!("`{name}`")) && !explained.contains(&format!("`{name}` ")) {
            broken.push(format!("docs/dependencies.md: has no line for {name}"));
        }
        if !crates.contains(&format!("\n{name}.workspace"))
            && !crates.contains(&format!("\n{name} = {{ workspace"))
        {
            broken.push(format!("Cargo.toml: {name} is used by no crate"));
        }
    }
    broken
}

/// The workspace's dependencies that are not our own crates.
fn third_party(manifest: &str) -> Vec<String> {
    let section = manifest.split("[workspace.dependencies]").nth(1).unwrap_or_default();
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    let foreign =
        lines.filter(|line| line.contains('=') && !line.contains("path =") && !line.starts_with('#'));
    foreign.filter_map(|line| Some(line.split('=').next()?.trim().to_string())).collect()
}

fn templates_have_samples() -> Vec<String> {
    let views: String = files(&["crates/web/src"], ".rs").into_iter().map(|source| source.text).collect();
    let mut broken = Vec::new();
    for template in files(&["crates/web/templates"], ".html") {
        let name = template.path.trim_start_matches("crates/web/templates/");
        let shown_by_page = views.contains(&format!("\"{name}\""));
        let part_of_another =
            files(&["crates/web/templates"], ".html").iter().any(|t| t.text.contains(&format!("\"{name}\"")));
        if !shown_by_page && !part_of_another {
            broken.push(format!("{}: no page and no template uses it", template.path));
        }
    }
    broken
}

/// The crates that read neither clock nor randomness and touch no file.
const PURE: [&str; 3] = ["kernel", "crm", "insight"];

fn pure_crates() -> Vec<String> {
    let lists: Vec<String> = PURE.iter().map(|name| read(&format!("crates/{name}/clippy.toml"))).collect();
    let complete = lists.iter().all(|list| list.contains("SystemTime::now") && *list == lists[0]);
    if complete {
        Vec::new()
    } else {
        vec!["crates/{kernel,crm,insight}/clippy.toml: differ, or forbid no clock".into()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::root;

    #[test]
    fn the_house_rules_hold() {
        let broken: Vec<String> = ALL
            .iter()
            .flat_map(|(name, rule)| rule().into_iter().map(move |line| format!("{name}: {line}")))
            .collect();
        assert!(broken.is_empty(), "\n{}", broken.join("\n"));
    }

    #[test]
    fn the_rules_look_at_the_repository() {
        assert!(root().join("Cargo.toml").exists());
        assert!(rust().len() > 100 && !third_party(&read("Cargo.toml")).is_empty());
    }

    #[test]
    fn a_long_function_is_noticed() {
        let body = "        work();\n".repeat(MOST_LINES_OF_A_FUNCTION);
        let text = format!(
            "impl X {{\n    pub(crate) async fn long() {{\n{body}    }}\n\n    fn short() {{}}\n}}\n"
        );
        let source = Source { path: "x.rs".into(), text };
        assert_eq!(long_functions(&source), ["x.rs:2: a function of 122 lines"]);
    }
}
