//! Matches the columns of a file to the fields that an import can fill.

mod companies;
mod contacts;
mod matching;
mod normal;
mod orders;
mod parties;
mod products;
mod targets;

pub(crate) use matching::known;
pub use matching::{Match, guess_mapping};
pub(crate) use normal::words;
pub use targets::{COMPANIES, CONTACTS, ORDERS, PRODUCTS};

/// What kind of values a field takes, as far as it tells columns apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wanted {
    /// Text of any kind.
    Text,
    /// A number or code that names something elsewhere.
    Id,
    /// A whole number.
    Integer,
    /// A small whole number above nothing: how many.
    Count,
    /// Any number.
    Decimal,
    /// An amount of money.
    Money,
    /// A date, with or without time.
    Date,
    /// Yes or no.
    Boolean,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A web address.
    Url,
    /// One of a few texts.
    Choice,
}

/// A field that an import can fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target<'t> {
    /// The name of the field for programs: `placed_on`.
    pub key: &'t str,
    /// Its name for people; matched as a synonym too.
    pub label: &'t str,
    /// What values it takes.
    pub kind: Wanted,
    /// Other names, in any language; case, accents and signs do not matter. `~` in
    /// front marks one that could as well mean something else.
    pub synonyms: &'t [&'t str],
    /// Whether an import makes no sense without it.
    pub required: bool,
}
