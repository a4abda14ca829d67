//! The rules of the domain, held on both engines.
#![allow(clippy::unwrap_used, missing_docs)]

mod custom;
mod customer_base;
mod deals_and_cases;
mod doors;
mod first_run;
mod imports;
mod indexes;
mod orders;
mod parties;
mod scores;
mod timeline;
mod users;

use kernel::Error;

/// The problems of an answer that should have been refused, as `field: message`.
fn problems<T: std::fmt::Debug>(result: kernel::Result<T>) -> Vec<String> {
    match result {
        Err(Error::Invalid(problems)) => {
            problems.iter().map(|p| format!("{}: {}", p.field, p.message)).collect()
        }
        other => panic!("expected problems, got {other:?}"),
    }
}
