//! Reads any file of rows that people have, and says how it read it.
//!
//! Knows no CRM and no database. The usual path:
//!
//! 1. [`sniff`] looks at the first bytes (give it up to [`SAMPLE_BYTES`]) and says which [`Dialect`] the file is
//!    written in, what its columns are, and why; [`describe`] does the same for a dialect the user has corrected.
//! 2. [`names::guess_mapping`] proposes which column fills which field.
//! 3. [`Reader`] streams the rows; nothing is ever read whole. [`Reader::place`] is where to go on after a crash.
//! 4. [`values`] turns the text of a cell into a date, an exact number or an address, under the format that was
//!    guessed over the whole column.
//! 5. [`write`] makes the file again, safe to open in a spreadsheet.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod columns;
mod dialects;
mod encodings;
pub mod names;
mod reader;
mod refusals;
mod rows;
mod sniffing;
mod splitter;
pub mod values;
pub mod write;

pub use columns::{ColumnGuess, Format, Kind};
pub use dialects::{Delimiter, Dialect};
pub use encodings::encoding_of;
pub use reader::Reader;
pub use refusals::Refusal;
pub use rows::{Place, Problem, Row};
pub use sniffing::{Sniffed, describe, sniff};

/// How many bytes of the beginning [`sniff`] makes good use of.
pub const SAMPLE_BYTES: usize = 256 * 1024;

/// The longest record that is read; a longer one is refused, because it is a broken quote or no table at all.
pub const MAX_RECORD_BYTES: usize = 1024 * 1024;
