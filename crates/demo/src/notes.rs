//! What staff wrote down about a customer.

use jiff::civil::Date;

use crate::business::Party;

/// A note on a party's timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Position among the notes.
    pub index: usize,
    /// About whom.
    pub party: Party,
    /// Who wrote it.
    pub author: usize,
    /// The text; `@handle` mentions a user.
    pub body: String,
    /// The user mentioned, if any.
    pub mentioned: Option<usize>,
    /// Day written.
    pub written_on: Date,
    /// Second of that day, shop time.
    pub written_second: u32,
}
