//! What a column holds, as far as a sample of its cells tells.

mod guessing;
mod settling;

use std::fmt;

use crate::Dialect;
use crate::values::{self, DateFormat, NumberFormat};

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// No cell is filled.
    Empty,
    /// Whole numbers.
    Integer,
    /// Numbers with decimals, or per cent.
    Decimal,
    /// Numbers with a currency; `None` when cells differ in it.
    Money {
        /// The ISO 4217 code.
        currency: Option<&'static str>,
    },
    /// Calendar dates.
    Date,
    /// Dates with a time of day.
    DateTime,
    /// Yes or no, in several languages.
    Boolean,
    /// E-mail addresses.
    Email,
    /// Phone numbers.
    Phone,
    /// Web addresses.
    Url,
    /// A few texts again and again.
    Choice,
    /// Numbers or codes that name something: nearly all different, or with zeros in front.
    Id,
    /// Anything else.
    Text,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Empty => "nothing",
            Kind::Integer => "whole numbers",
            Kind::Decimal => "numbers",
            Kind::Money { .. } => "money",
            Kind::Date => "dates",
            Kind::DateTime => "dates with times",
            Kind::Boolean => "yes or no",
            Kind::Email => "e-mail addresses",
            Kind::Phone => "phone numbers",
            Kind::Url => "web addresses",
            Kind::Choice => "choices",
            Kind::Id => "codes",
            Kind::Text => "text",
        })
    }
}

/// How the cells of a column are written, where their kind leaves a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text as it stands.
    Plain,
    /// Numbers and money.
    Number(NumberFormat),
    /// Dates, with or without time.
    Date(DateFormat),
}

/// What a column holds, guessed from a sample.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnGuess {
    /// The name from the header, made unique (`amount (2)`), or `Column 3`.
    pub name: String,
    /// What its cells are.
    pub kind: Kind,
    /// How they are written.
    pub format: Format,
    /// Cells of the sample that are not blank.
    pub n_filled: usize,
    /// Different texts among those.
    pub n_distinct: usize,
    /// Up to three different cells.
    pub samples: Vec<String>,
    /// What the user should decide, in plain words, when the sample allows two readings; the format holds the
    /// likelier one.
    pub ambiguous: Option<String>,
}

/// Guesses what each column holds; cells of all columns together settle what one column leaves open.
pub(crate) fn guess(
    names: &[String],
    rows: &[Vec<String>],
    dialect: &Dialect,
    why: &mut Vec<String>,
) -> Vec<ColumnGuess> {
    let mut columns: Vec<guessing::Guess> = names
        .iter()
        .enumerate()
        .map(|(column, name)| {
            let cells: Vec<&str> =
                rows.iter().filter_map(|row| row.get(column)).map(String::as_str).collect();
            guessing::guess(name, &cells)
        })
        .collect();
    settling::settle(&mut columns, dialect, why);
    columns.into_iter().map(|guess| guess.column).collect()
}

/// Whether a cell is a value at first sight (a number, a date, an address) and not a word.
pub(crate) fn obvious(cell: &str) -> bool {
    let cell = cell.trim();
    let number = |decimal: char| NumberFormat { decimal }.parse(cell).is_ok();
    let has_digit = cell.chars().any(char::is_numeric);
    (has_digit
        && (number('.')
            || number(',')
            || values::DateFormat::guess(&[cell]).is_some()
            || values::phone(cell)
            || values::time(cell).is_some()))
        || values::email(cell)
        || values::url(cell)
}
