//! How a file of rows is written: its encoding, what separates its fields, and where its rows begin.

use std::fmt;

use encoding_rs::{Encoding, UTF_8};

/// What stands between two fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Delimiter {
    /// One character, such as a comma; each one begins a new field.
    Byte(u8),
    /// Any run of blanks, as in text laid out for reading; blanks at either end of a line mean nothing.
    Blanks,
}

impl fmt::Display for Delimiter {
    /// The plural, in words: `commas`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Delimiter::Byte(b',') => f.write_str("commas"),
            Delimiter::Byte(b';') => f.write_str("semicolons"),
            Delimiter::Byte(b'\t') => f.write_str("tabs"),
            Delimiter::Byte(b'|') => f.write_str("vertical bars"),
            Delimiter::Byte(b':') => f.write_str("colons"),
            Delimiter::Byte(b'^') => f.write_str("carets"),
            Delimiter::Byte(other) => write!(f, "“{}”", char::from(*other)),
            Delimiter::Blanks => f.write_str("blanks"),
        }
    }
}

/// How a file of rows is written. [`crate::sniff`] finds it; the user may correct it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// The character encoding. A byte order mark at the beginning is always left out.
    pub encoding: &'static Encoding,
    /// What stands between two fields.
    pub delimiter: Delimiter,
    /// The character around fields that hold a delimiter or a line end; inside, two of them mean one.
    pub quote: Option<u8>,
    /// The character that takes the meaning from the next quote, delimiter or itself, as a backslash does.
    pub escape: Option<u8>,
    /// Lines that begin with this character are not rows.
    pub comment: Option<u8>,
    /// How many lines stand before the header, blank ones included.
    pub skip_lines: usize,
    /// Whether the first record holds the names of the columns.
    pub header: bool,
    /// How many fields a row should have; 0 means as many as the first record.
    pub n_columns: usize,
}

impl Default for Dialect {
    /// RFC 4180 in UTF-8 with a header.
    fn default() -> Self {
        Dialect {
            encoding: UTF_8,
            delimiter: Delimiter::Byte(b','),
            quote: Some(b'"'),
            escape: None,
            comment: None,
            skip_lines: 0,
            header: true,
            n_columns: 0,
        }
    }
}
