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

/// A time of day alone: `10:15`, `3:05:07 PM`.
pub fn time(text: &str) -> Option<jiff::civil::Time> {
    let text = text.trim();
    let (time, _) = times::parse(text)?;
    time.filter(|_| text.contains(':'))
}

/// Whether the cell says that there is nothing: empty, or one of the words by which programs say so. In a column of
/// text such a word may be meant; in one of numbers or dates it is not.
pub fn blank(text: &str) -> bool {
    const WORDS: &[&str] =
        &["", "null", "\\n", "n/a", "#n/a", "na", "nan", "nat", "none", "-", "--", "–", "—", "?"];
    let text = text.trim();
    text.len() <= 4 && WORDS.contains(&text.to_lowercase().as_str())
}
