//! What every object gets from the kernel, held on both engines with the objects of the domain.
#![allow(clippy::unwrap_used, missing_docs)]

mod feed;
mod filter_text;
mod filters;
mod hidden_fields;
mod jobs;
mod naive;
mod paging;
mod saving;
mod scopes;
mod searching;
mod statements;
mod undoing;
mod values;

use std::collections::BTreeMap;

use kernel::{Error, Value};

/// The problems of an answer that should have been refused, as `field: message`.
fn problems<T: std::fmt::Debug>(result: kernel::Result<T>) -> Vec<String> {
    match result {
        Err(Error::Invalid(problems)) => {
            problems.iter().map(|p| format!("{}: {}", p.field, p.message)).collect()
        }
        other => panic!("expected problems, got {other:?}"),
    }
}

/// Values by field key.
fn values<const N: usize>(pairs: [(&str, Value); N]) -> BTreeMap<String, Value> {
    pairs.into_iter().map(|(key, value)| (key.to_string(), value)).collect()
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}
