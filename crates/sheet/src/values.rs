//! Turns the text of a cell into a value under a known format, and guesses the format from a column.

mod booleans;
mod contacts;
mod currencies;
mod date_words;
mod dates;
mod decimals;
mod months;
mod numbers;
mod times;

pub use booleans::boolean;
pub use contacts::{email, phone, url};
pub use currencies::{currency_of, currency_unsure};
pub use dates::{DateFormat, DateGuess, DateOrder, DateProblem, Moment};
pub use decimals::Decimal;
pub use numbers::{Number, NumberFormat, NumberGuess, NumberProblem};
