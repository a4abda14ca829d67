//! What holds for every page: well-formed, labelled, ordered, escaped, and within the policies.

mod markup;
mod rules;
