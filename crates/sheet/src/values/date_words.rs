//! Cuts a written date into its three parts and the time behind them.

use super::dates::Digits;
use super::months::month;

/// A date before its order is known.
#[derive(Debug)]
pub(super) struct Parts<'t> {
    /// The numbers in the order in which they stand; with a month in letters, the third is nothing.
    pub(super) numbers: [Digits; 3],
    /// The month, where it stands in letters.
    pub(super) month: Option<u32>,
    /// What comes after the date.
    pub(super) time: &'t str,
}

/// Words between the parts that mean nothing: `3 de marzo de 2024`, `1st of May`.
const FILLERS: &[&str] =
    &["de", "del", "di", "do", "of", "the", "st", "nd", "rd", "th", "er", "e", "le", "il", "den", "d"];

/// Beginnings of the names of the days in the languages of the months.
const DAYS: &[&str] = &[
    "mo", "tu", "we", "th", "fr", "sa", "su", "di", "mi", "do", "so", "lu", "ma", "me", "je", "ve", "ju",
    "vi", "dom", "gi", "se", "qu", "te", "wo", "za", "zo",
];

/// Cuts a written date; `None` when it does not have three parts.
pub(super) fn split(text: &str) -> Option<Parts<'_>> {
    let mut numbers = [Digits::default(); 3];
    let mut n_numbers = 0;
    let mut month_in_letters = None;
    let mut rest = text;
    let mut n_separators = 0;
    while n_numbers + usize::from(month_in_letters.is_some()) < 3 {
        let c = rest.chars().next()?;
        if c.is_ascii_digit() {
            let end = rest.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
            // A number with a colon behind it is an hour: the date should have been complete.
            if end > 4 || rest[end..].starts_with(':') {
                return None;
            }
            numbers[n_numbers] =
                Digits { value: rest[..end].parse().ok()?, n_digits: u8::try_from(end).ok()? };
            n_numbers += 1;
            n_separators = 0;
            rest = &rest[end..];
        } else if matches!(c, '年' | '月' | '日') {
            rest = &rest[c.len_utf8()..];
        } else if c.is_alphabetic() {
            let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
            let word = rest[..end].to_lowercase();
            let first = n_numbers == 0 && month_in_letters.is_none();
            if let Some(month) = month(&word) {
                if month_in_letters.is_some() {
                    return None;
                }
                month_in_letters = Some(u32::from(month.unsigned_abs()));
            } else if !(FILLERS.contains(&word.as_str())
                || (first && DAYS.iter().any(|day| word.starts_with(day))))
            {
                return None;
            }
            n_separators = 0;
            rest = &rest[end..];
        } else {
            let separates = c.is_whitespace() || matches!(c, '.' | '/' | '-' | ',' | '_' | '\'' | '’' | 'º');
            n_separators += usize::from(!c.is_whitespace());
            if !separates || n_separators > 2 || (n_numbers == 0 && month_in_letters.is_none() && c == '-') {
                return None;
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    let rest = rest.strip_prefix('日').unwrap_or(rest);
    let time = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | 'T' | 't' | '.'));
    // A date ends where its digits end: `31.1.20245` and `2024-01-311` are none, `1.2.3.4` neither.
    let clean = rest.is_empty() || time.is_empty() || rest.starts_with([' ', ',', 'T', 't', '\u{a0}']);
    clean.then_some(Parts { numbers, month: month_in_letters, time })
}
