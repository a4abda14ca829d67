//! How parties hang together.

use jiff::civil::Date;

use crate::business::Party;

/// What connects two parties; read "from … to".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RelationshipKind {
    /// Live together.
    Household,
    /// From is employed by to.
    Employer,
    /// From brought to as a customer.
    Refers,
    /// From has a say in what to buys.
    Influences,
    /// From supplies to (or us, through to).
    Supplies,
    /// From reports to to.
    ReportsTo,
}

/// A connection between two parties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relationship {
    /// One end.
    pub from: Party,
    /// The other end.
    pub to: Party,
    /// What connects them.
    pub kind: RelationshipKind,
    /// Since when.
    pub since_on: Date,
}
