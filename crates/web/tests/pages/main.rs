//! What holds for every page: well-formed, labelled, ordered, escaped, and within the policies.
#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

mod markup;
mod rules;
