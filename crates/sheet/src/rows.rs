//! One row of a file, what was wrong with it, and where it stands.

use std::fmt;

/// Where reading stands between two rows, so that it can go on there after a crash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// Bytes of the original file that have been read.
    pub offset: u64,
    /// Rows that have been read; the header is none.
    pub row: u64,
    /// Lines that have been read, the header and lines inside quotes included.
    pub line: u64,
}

/// What was wrong with a row that could still be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The row has fewer fields than the file has columns; the missing ones read as absent.
    Short {
        /// Fields in the row.
        found: usize,
        /// Columns of the file.
        expected: usize,
    },
    /// The row has more fields than the file has columns, and the extra ones are not empty.
    Long {
        /// Fields in the row.
        found: usize,
        /// Columns of the file.
        expected: usize,
    },
    /// Bytes that the encoding does not know were replaced by U+FFFD.
    Replaced {
        /// The first column that has one, from 0.
        column: usize,
        /// Replacement characters in the row.
        n: usize,
    },
    /// A field has text after its closing quote; the text was kept.
    StrayQuote {
        /// The first such column, from 0.
        column: usize,
    },
    /// The file ends inside a quoted field.
    UnclosedQuote,
    /// NUL bytes were left out.
    Nul {
        /// How many.
        n: usize,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Short { found, expected } => write!(f, "has {found} of {expected} fields"),
            Problem::Long { found, expected } => {
                write!(f, "has {found} fields where the file has {expected} columns")
            }
            Problem::Replaced { column, n } => {
                let (n, column) = (*n, column + 1);
                write!(
                    f,
                    "has {n} unreadable character{} from column {column} on",
                    if n == 1 { "" } else { "s" }
                )
            }
            Problem::StrayQuote { column } => {
                write!(f, "has text after the closing quote in column {}", column + 1)
            }
            Problem::UnclosedQuote => f.write_str("has a quote that is never closed"),
            Problem::Nul { n } => write!(f, "had {n} NUL byte{}, left out", if *n == 1 { "" } else { "s" }),
        }
    }
}

/// One row of a file. The reader lends it and uses it again for the next one; clone it to keep it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// All fields one after the other.
    pub(crate) text: String,
    /// Where each field ends in `text`.
    pub(crate) ends: Vec<usize>,
    pub(crate) start: Place,
    pub(crate) problems: Vec<Problem>,
}

impl Row {
    /// The text of a field as it stands in the file, without quotes; `None` when the row has no such field.
    pub fn get(&self, column: usize) -> Option<&str> {
        let end = *self.ends.get(column)?;
        let start = if column == 0 { 0 } else { self.ends[column - 1] };
        self.text.get(start..end)
    }

    /// All fields in order.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|column| self.get(column).unwrap_or_default())
    }

    /// How many fields the row has.
    pub fn n_fields(&self) -> usize {
        self.ends.len()
    }

    /// Whether every field is empty or blank.
    pub fn blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The number of the row, from 1; the header is not counted.
    pub fn number(&self) -> u64 {
        self.start.row + 1
    }

    /// The number of the line on which the row begins, from 1, as a text editor shows it.
    pub fn line(&self) -> u64 {
        self.start.line + 1
    }

    /// Bytes of the original file before the row.
    pub fn offset(&self) -> u64 {
        self.start.offset
    }

    /// What was wrong with the row; empty for nearly all.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}
