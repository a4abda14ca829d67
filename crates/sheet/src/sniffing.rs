//! Says how a file of rows is written and what its columns hold, from its first bytes.

use crate::columns::{Format, Kind};
use crate::{ColumnGuess, Dialect, Reader, Refusal, encodings, refusals};

/// What [`sniff`] found.
#[derive(Debug, Clone, PartialEq)]
pub struct Sniffed {
    /// How the file is written.
    pub dialect: Dialect,
    /// What its columns hold, in order.
    pub columns: Vec<ColumnGuess>,
    /// The first rows as read, up to 100, all as wide as `columns`.
    pub sample_rows: Vec<Vec<String>>,
    /// What was decided and why, and what was mended, in plain words.
    pub why: Vec<String>,
}

/// Says how a file is written, from its first bytes (up to [`crate::SAMPLE_BYTES`] are of use).
///
/// *Errors*: a [`Refusal`] when it is no table.
pub fn sniff(sample: &[u8]) -> Result<Sniffed, Refusal> {
    if sample.is_empty() {
        return Err(Refusal::Empty);
    }
    refusals::refuse_foreign(sample)?;
    let found = encodings::find(sample)?;
    let dialect = Dialect { encoding: found.encoding, ..Dialect::default() };
    let mut sniffed = describe(sample, &dialect)?;
    sniffed.why.insert(0, found.why);
    Ok(sniffed)
}

/// Describes the columns of a file whose dialect the user has set or corrected.
///
/// *Errors*: a [`Refusal`] when the sample holds no record.
pub fn describe(sample: &[u8], dialect: &Dialect) -> Result<Sniffed, Refusal> {
    let mut reader = Reader::open(sample, dialect);
    let names = reader.header()?.to_vec();
    let mut sample_rows = Vec::new();
    while let Some(row) = reader.next_row()? {
        if sample_rows.len() < 100 {
            sample_rows.push(row.fields().map(str::to_owned).collect());
        }
    }
    let columns = names
        .into_iter()
        .map(|name| ColumnGuess {
            name,
            kind: Kind::Text,
            format: Format::Plain,
            n_filled: 0,
            n_distinct: 0,
            samples: Vec::new(),
            ambiguous: None,
        })
        .collect();
    Ok(Sniffed { dialect: dialect.clone(), columns, sample_rows, why: Vec::new() })
}
