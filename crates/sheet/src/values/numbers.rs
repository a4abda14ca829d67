//! Numbers, amounts of money and per cent as people write them, read without loss.

use thiserror::Error;

use super::Decimal;
use super::currencies::of_sign;

/// How the numbers of a column are written. Signs, brackets for less than nothing, currencies, `%` and the digits of
/// other scripts are always understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NumberFormat {
    /// What stands before the decimals: a point or a comma. The other one, blanks and apostrophes may stand between
    /// groups of thousands.
    pub decimal: char,
}

impl Default for NumberFormat {
    fn default() -> Self {
        NumberFormat { decimal: '.' }
    }
}

/// A number read from a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    /// The number; for `12 %` it is 12.
    pub value: Decimal,
    /// The currency beside it.
    pub currency: Option<&'static str>,
    /// Whether it is per cent.
    pub percent: bool,
}

/// Why a cell is no number.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NumberProblem {
    /// It does not look like one in this format.
    #[error("“{text}” is not a number")]
    NotANumber {
        /// The cell, shortened.
        text: String,
    },
    /// Points and commas stand where this format has none.
    #[error("“{text}” is not a number with “{decimal}” before the decimals")]
    Grouping {
        /// The cell, shortened.
        text: String,
        /// What the format has before the decimals.
        decimal: char,
    },
    /// More digits than can be kept exactly.
    #[error("“{text}” has too many digits")]
    TooLong {
        /// The cell, shortened.
        text: String,
    },
}

/// What [`NumberFormat::guess`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberGuess {
    /// The likeliest format.
    pub format: NumberFormat,
    /// Every cell that would tell could be read both ways, as in `1,234`.
    pub ambiguous: bool,
    /// Whether any cell has a point or comma that tells, so that the format is known and not the usual one.
    pub certain: bool,
    /// Cells that are numbers under it.
    pub n_read: usize,
}

impl NumberFormat {
    /// Reads one cell.
    ///
    /// *Errors*: a [`NumberProblem`] that says what is wrong, also for a blank cell.
    pub fn parse(&self, text: &str) -> Result<Number, NumberProblem> {
        // The most frequent case first: a plain number, read without a copy.
        if let Some(value) = plain(text, self.decimal) {
            return Ok(Number { value, currency: None, percent: false });
        }
        let not_a_number = || NumberProblem::NotANumber { text: shortened(text) };
        let stripped = strip(text).ok_or_else(not_a_number)?;
        let core = decimal_of(&stripped.core, self.decimal).map_err(|fault| match fault {
            Fault::NotANumber => not_a_number(),
            Fault::Grouping => NumberProblem::Grouping { text: shortened(text), decimal: self.decimal },
            Fault::TooLong => NumberProblem::TooLong { text: shortened(text) },
        })?;
        let units = if stripped.negative { -core.units } else { core.units };
        let value = Decimal { units, scale: core.scale };
        Ok(Number { value, currency: stripped.currency, percent: stripped.percent })
    }

    /// Finds the format in which (nearly) all filled cells of a column are numbers.
    pub fn guess(cells: &[&str]) -> Option<NumberGuess> {
        let cells: Vec<&str> = cells.iter().copied().filter(|cell| !cell.trim().is_empty()).collect();
        let n_needed = cells.len() - cells.len() / 20;
        let read = |decimal: char| {
            let format = NumberFormat { decimal };
            cells.iter().filter(|cell| format.parse(cell).is_ok()).count()
        };
        let (n_point, n_comma) = (read('.'), read(','));
        let best = n_point.max(n_comma);
        if best == 0 || best < n_needed {
            return None;
        }
        let guess = |decimal: char, ambiguous: bool, certain: bool| {
            Some(NumberGuess { format: NumberFormat { decimal }, ambiguous, certain, n_read: best })
        };
        if n_point != n_comma {
            return guess(if n_point > n_comma { '.' } else { ',' }, false, true);
        }
        let differs = |cell: &&&str| {
            NumberFormat { decimal: '.' }.parse(cell) != NumberFormat { decimal: ',' }.parse(cell)
        };
        // All cells can be read both ways, so those that differ look like `1,234` or `1.234`.
        match cells.iter().find(differs) {
            None => guess('.', false, false),
            Some(_) => guess('.', true, false),
        }
    }
}

/// A cell without sign, currency and the like.
struct Stripped {
    core: String,
    negative: bool,
    currency: Option<&'static str>,
    percent: bool,
}

enum Fault {
    NotANumber,
    Grouping,
    TooLong,
}

/// Digits with at most a sign and one decimal mark.
fn plain(text: &str, decimal: char) -> Option<Decimal> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    if digits.is_empty() || digits.len() > 30 || !digits.as_bytes()[0].is_ascii_digit() {
        return None;
    }
    let mut units = 0_i128;
    let mut scale = None;
    for byte in digits.bytes() {
        if byte.is_ascii_digit() {
            units = units * 10 + i128::from(byte - b'0');
            scale = scale.map(|n: u8| n + 1);
        } else if char::from(byte) == decimal && scale.is_none() {
            scale = Some(0);
        } else {
            return None;
        }
    }
    let scale = match scale {
        Some(0) => return None,
        Some(n) => n,
        None => 0,
    };
    Some(Decimal { units: if negative { -units } else { units }, scale })
}

fn strip(text: &str) -> Option<Stripped> {
    let text: String = text.chars().filter(|c| !is_mark(*c)).map(western).collect();
    let mut rest = text.trim();
    let (mut n_signs, mut negative, mut percent, mut currency) = (0, false, false, None);
    if let Some(inner) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        rest = inner.trim();
        negative = true;
        n_signs += 1;
    }
    loop {
        let first = rest.chars().next()?;
        if first.is_ascii_digit() || matches!(first, '.' | ',') {
            break;
        }
        if first == '-' || first == '+' {
            n_signs += 1;
            negative |= first == '-';
            rest = rest[1..].trim_start();
            continue;
        }
        let end = rest.find(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+') || c.is_whitespace())?;
        currency = Some(of_sign(&rest[..end]).filter(|_| currency.is_none())?);
        rest = rest[end..].trim_start();
    }
    loop {
        let last = rest.chars().next_back()?;
        if last.is_ascii_digit()
            || (last == '.' && rest.len() > 1 && rest.as_bytes()[rest.len() - 2].is_ascii_digit())
        {
            break;
        }
        if last == '-' || last == '+' {
            n_signs += 1;
            negative |= last == '-';
            rest = rest[..rest.len() - 1].trim_end();
            continue;
        }
        if last == '%' {
            if percent {
                return None;
            }
            percent = true;
            rest = rest[..rest.len() - 1].trim_end();
            continue;
        }
        let start =
            rest.char_indices().rev().find(|(_, c)| c.is_ascii_digit() || matches!(c, '-' | '+' | '%'))?.0
                + 1;
        let sign = rest[start..].trim();
        currency = Some(of_sign(sign).filter(|_| currency.is_none())?);
        rest = rest[..start].trim_end();
    }
    (n_signs <= 1).then(|| Stripped { core: rest.to_owned(), negative, currency, percent })
}

/// Reads digits with points, commas, blanks and apostrophes between them.
fn decimal_of(core: &str, decimal: char) -> Result<Decimal, Fault> {
    let (core, exponent) = match core.split_once(['e', 'E']) {
        Some((core, exponent)) => (core, exponent.parse::<i32>().map_err(|_| Fault::NotANumber)?),
        None => (core, 0),
    };
    if !core
        .chars()
        .all(|c| c.is_ascii_digit() || c == '.' || c == ',' || is_group(c) || c == '٫' || c == '٬')
    {
        return Err(Fault::NotANumber);
    }
    let mark = if core.contains('٫') { '٫' } else { decimal };
    let (whole, decimals) = core.split_once(mark).unwrap_or((core, ""));
    if !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Fault::Grouping);
    }
    let groups: Vec<&str> = whole.split(|c: char| !c.is_ascii_digit()).collect();
    if groups.len() > 1 {
        let mut signs = whole.chars().filter(|c| !c.is_ascii_digit());
        let sign = signs.next();
        // Groups of two digits before the last are Indian: 1,23,456.
        let sizes = groups[1..groups.len() - 1].iter().all(|group| group.len() == 3 || group.len() == 2);
        let fits = (1..=3).contains(&groups[0].len()) && sizes && groups[groups.len() - 1].len() == 3;
        if !fits || signs.any(|c| Some(c) != sign) || (groups[0].starts_with('0') && sign != Some(' ')) {
            return Err(Fault::Grouping);
        }
    }
    let mut units = 0_i128;
    let digits = groups.iter().flat_map(|group| group.bytes()).chain(decimals.bytes());
    let mut n_digits = 0;
    for byte in digits {
        n_digits += 1;
        units = units
            .checked_mul(10)
            .and_then(|units| units.checked_add(i128::from(byte - b'0')))
            .ok_or(Fault::TooLong)?;
    }
    if n_digits == 0 {
        return Err(Fault::NotANumber);
    }
    let scale = i32::try_from(decimals.len()).map_err(|_| Fault::TooLong)?;
    let scale = scale.checked_sub(exponent).ok_or(Fault::TooLong)?;
    if scale < 0 {
        let factor = 10_i128.checked_pow(scale.unsigned_abs()).ok_or(Fault::TooLong)?;
        return Ok(Decimal { units: units.checked_mul(factor).ok_or(Fault::TooLong)?, scale: 0 });
    }
    if scale > 38 {
        return Err(Fault::TooLong);
    }
    Ok(Decimal { units, scale: u8::try_from(scale).map_err(|_| Fault::TooLong)? })
}

/// What may stand between groups of three digits beside points and commas: blanks of any width and apostrophes.
fn is_group(c: char) -> bool {
    matches!(c, ' ' | '\'' | '’')
}

/// Marks that only say in which direction to write.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Digits and signs of other scripts as ASCII ones.
fn western(c: char) -> char {
    let digit = match c {
        '٠'..='٩' => u32::from(c) - u32::from('٠'),
        '۰'..='۹' => u32::from(c) - u32::from('۰'),
        '０'..='９' => u32::from(c) - u32::from('０'),
        '−' | '–' | '－' => return '-',
        '٪' | '％' => return '%',
        '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}' | '\t' => return ' ',
        _ => return c,
    };
    char::from_digit(digit, 10).unwrap_or(c)
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
#[path = "numbers_tests.rs"]
mod tests;
