//! The examples of docs/api.md, run as they stand and in their order.

use axum::http::Method;
use serde_json::Value as Json;
use testkit::World;

use crate::api::{Caller, Reply, encoded};

const PAGE: &str = include_str!("../../../../docs/api.md");

#[test]
fn the_examples_of_the_page_do_what_it_says() {
    let w = World::sqlite();
    let api = Caller::new(&w);
    let (mut id, mut last, mut n_run) = (String::new(), None, 0);
    for (language, text) in fences(PAGE) {
        match language {
            "sh" => {
                for command in commands(text) {
                    let reply = run(&api, &command, &id);
                    assert!((200..300).contains(&reply.status), "{command:?}: {reply:?}");
                    if let Some(fresh) = reply.json["id"].as_i64().filter(|_| id.is_empty()) {
                        id = fresh.to_string();
                    }
                    last = Some(reply.json);
                    n_run += 1;
                }
            }
            "json" => {
                let shown: Json = serde_json::from_str(text).unwrap();
                let given = last.take().unwrap();
                assert!(holds(&given, &shown), "{shown} is not in {given}");
            }
            _ => {}
        }
    }
    assert!(n_run > 10);
}

/// The language and the text of each fenced block.
fn fences(page: &str) -> Vec<(&str, &str)> {
    page.split("```").skip(1).step_by(2).filter_map(|block| block.split_once('\n')).collect()
}

/// Commands, each as its words without quotation marks.
fn commands(text: &str) -> Vec<Vec<String>> {
    let mut commands = vec![vec![]];
    let (mut word, mut quote) = (None::<String>, None);
    for c in text.chars() {
        match (quote, c) {
            (Some(mark), c) if c == mark => quote = None,
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => {
                commands.last_mut().unwrap().extend(word.take());
                if c == '\n' && !commands.last().unwrap().is_empty() {
                    commands.push(vec![]);
                }
            }
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    commands.retain(|command| !command.is_empty());
    commands
}

fn run(api: &Caller, command: &[String], id: &str) -> Reply {
    assert_eq!(command[0], "api");
    let (mut method, mut path, mut body, mut query) = (Method::GET, String::new(), None, Vec::new());
    let mut words = command[1..].iter();
    let mut in_query = false;
    while let Some(word) = words.next() {
        match word.as_str() {
            "-X" => method = words.next().unwrap().parse().unwrap(),
            "-G" => in_query = true,
            "-d" if in_query => query.push(words.next().unwrap().clone()),
            "-d" => body = Some(serde_json::from_str::<Json>(words.next().unwrap()).unwrap()),
            "--data-urlencode" => {
                let (key, value) = words.next().unwrap().split_once('=').unwrap();
                query.push(format!("{key}={}", encoded(value)));
            }
            url => path = url.strip_prefix("$API").unwrap().replace("$ID", id),
        }
    }
    if !query.is_empty() {
        path = format!("{path}?{}", query.join("&"));
    }
    api.send(method, &path, &[], body.as_ref())
}

/// Is everything that is shown in what was given?
fn holds(given: &Json, shown: &Json) -> bool {
    match (given, shown) {
        (Json::Object(given), Json::Object(shown)) => {
            shown.iter().all(|(key, value)| given.get(key).is_some_and(|g| holds(g, value)))
        }
        (Json::Array(given), Json::Array(shown)) => {
            given.len() == shown.len() && given.iter().zip(shown).all(|(g, s)| holds(g, s))
        }
        (given, shown) => given == shown,
    }
}
