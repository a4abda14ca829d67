//! Dates, with or without a time, in the ways that people and programs write them.

use jiff::civil::{Date, Time, date};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use super::date_words::{Parts, split};

/// In which order a date names its parts, or what a bare number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateOrder {
    /// `2024-01-31`.
    YearFirst,
    /// `31.01.2024`, `31/1/24`.
    DayFirst,
    /// `1/31/2024`.
    MonthFirst,
    /// `20240131`, also with a time: `20240131T101500`.
    Compact,
    /// Seconds since 1970 in UTC.
    UnixSeconds,
    /// Thousandths of a second since 1970 in UTC.
    UnixMillis,
    /// Days since 1899-12-30, as spreadsheets count; decimals are the time of day.
    Serial,
}

/// How the dates of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateFormat {
    /// The order of the parts. Dates that cannot be misread (a year of four digits in front, a month in letters) are
    /// read whatever it says.
    pub order: DateOrder,
    /// The first year of two digits that means 19xx: with 69, `68` is 2068 and `69` is 1969 (POSIX).
    pub pivot: u8,
}

/// A date and, where the cell has them, its time and the distance of its clock from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The date on the clock that wrote the cell.
    pub date: Date,
    /// The time on that clock.
    pub time: Option<Time>,
    /// How far that clock was ahead of UTC.
    pub offset: Option<Offset>,
}

/// Why a cell is no date.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DateProblem {
    /// It does not look like one.
    #[error("“{text}” is not a date")]
    NotADate {
        /// The cell, shortened.
        text: String,
    },
    /// The calendar has no such day.
    #[error("there is no day {day} in month {month} of {year}")]
    NoSuchDay {
        /// The year.
        year: i32,
        /// The month.
        month: u32,
        /// The day.
        day: u32,
    },
    /// The clock has no such time.
    #[error("“{text}” has no time of day behind its date")]
    NoSuchTime {
        /// The cell, shortened.
        text: String,
    },
    /// Outside 1000 to 9999: a slip of the keyboard or a placeholder.
    #[error("the year {year} is outside 1000 to 9999")]
    YearOutOfRange {
        /// The year as written.
        year: i64,
    },
}

/// What [`DateFormat::guess`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateGuess {
    /// The likeliest format.
    pub format: DateFormat,
    /// Whether any cell has a time.
    pub with_time: bool,
    /// Day and month could be the other way round in every cell.
    pub ambiguous: bool,
    /// Cells that are dates under it.
    pub n_read: usize,
}

impl DateFormat {
    /// The format with the usual pivot.
    pub const fn new(order: DateOrder) -> Self {
        DateFormat { order, pivot: 69 }
    }

    /// Reads one cell.
    ///
    /// *Errors*: a [`DateProblem`] that says what is wrong, also for a blank cell.
    pub fn parse(&self, text: &str) -> Result<Moment, DateProblem> {
        let text = text.trim();
        match self.order {
            DateOrder::UnixSeconds => counted(text, 1_000),
            DateOrder::UnixMillis => counted(text, 1),
            DateOrder::Serial => serial(text),
            DateOrder::Compact => match compact(text) {
                Some(parts) => self.moment(text, parts),
                None => self.written(text),
            },
            DateOrder::YearFirst | DateOrder::DayFirst | DateOrder::MonthFirst => self.written(text),
        }
    }

    /// Finds the format in which (nearly) all filled cells of a column are dates.
    ///
    /// Bare counts of seconds or days are never guessed here, because any number could be one.
    pub fn guess(cells: &[&str]) -> Option<DateGuess> {
        let cells: Vec<&str> = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
        let n_needed = cells.len() - cells.len() / 20;
        if cells.is_empty() {
            return None;
        }
        let order = [DateOrder::YearFirst, DateOrder::DayFirst, DateOrder::MonthFirst, DateOrder::Compact];
        let counts = order.map(|order| {
            let format = DateFormat::new(order);
            cells.iter().filter(|cell| plausible(order, cell, format.parse(cell))).count()
        });
        let [year, day, month, compact] = counts;
        let best = counts.into_iter().max().unwrap_or(0);
        if best == 0 || best < n_needed {
            return None;
        }
        let order = if day == best && month == best {
            // Neither is contradicted; where no cell depends on the order there is nothing to ask.
            let differ = cells.iter().any(|cell| {
                DateFormat::new(DateOrder::DayFirst).parse(cell)
                    != DateFormat::new(DateOrder::MonthFirst).parse(cell)
            });
            if !differ {
                if year == best { DateOrder::YearFirst } else { DateOrder::DayFirst }
            } else {
                likelier(&cells)
            }
        } else if day == best {
            DateOrder::DayFirst
        } else if month == best {
            DateOrder::MonthFirst
        } else if year == best {
            DateOrder::YearFirst
        } else {
            debug_assert_eq!(compact, best);
            DateOrder::Compact
        };
        let format = DateFormat::new(order);
        let read: Vec<Moment> = cells.iter().filter_map(|cell| format.parse(cell).ok()).collect();
        let ambiguous = day == best && month == best && read != other_way_round(&cells, order);
        Some(DateGuess { format, with_time: read.iter().any(|m| m.time.is_some()), ambiguous, n_read: best })
    }

    fn written(&self, text: &str) -> Result<Moment, DateProblem> {
        let parts = split(text).ok_or_else(|| not_a_date(text))?;
        self.moment(text, parts)
    }

    fn moment(&self, text: &str, parts: Parts<'_>) -> Result<Moment, DateProblem> {
        let (year, month, day) = self.in_order(&parts).ok_or_else(|| not_a_date(text))?;
        let year = match year.n_digits {
            2 if year.value < u32::from(self.pivot) => i64::from(year.value) + 2000,
            2 => i64::from(year.value) + 1900,
            _ => i64::from(year.value),
        };
        if !(1000..=9999).contains(&year) {
            return Err(DateProblem::YearOutOfRange { year });
        }
        let date = i16::try_from(year)
            .ok()
            .zip(i8::try_from(month).ok().zip(i8::try_from(day).ok()))
            .and_then(|(year, (month, day))| Date::new(year, month, day).ok());
        let Some(date) = date else {
            let year = i32::try_from(year).unwrap_or_default();
            return Err(DateProblem::NoSuchDay { year, month, day });
        };
        let (time, offset) = super::times::parse(parts.time)
            .ok_or_else(|| DateProblem::NoSuchTime { text: shortened(text) })?;
        Ok(Moment { date, time, offset })
    }

    /// Year, month and day; `None` when the parts cannot be a date in this order.
    fn in_order(&self, parts: &Parts<'_>) -> Option<(Digits, u32, u32)> {
        let [a, b, c] = parts.numbers;
        if let Some(month) = parts.month {
            // Two numbers beside the name: the one of four digits is the year, otherwise the last.
            let (year, day) = if a.n_digits == 4 { (a, b) } else { (b, a) };
            return (year.is_year() && day.n_digits <= 2).then_some((year, month, day.value));
        }
        let (year, month, day) = if a.n_digits == 4 {
            (a, b, c)
        } else {
            match self.order {
                DateOrder::YearFirst | DateOrder::Compact => (a, b, c),
                DateOrder::MonthFirst => (c, a, b),
                _ => (c, b, a),
            }
        };
        (year.is_year() && month.n_digits <= 2 && day.n_digits <= 2).then_some((year, month.value, day.value))
    }
}

/// A number as written.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Digits {
    pub(super) value: u32,
    pub(super) n_digits: u8,
}

impl Digits {
    fn is_year(self) -> bool {
        self.n_digits == 2 || self.n_digits == 4
    }
}

/// Whether a cell speaks for an order: years of two digits in front only where nothing else fits.
fn plausible(order: DateOrder, cell: &str, result: Result<Moment, DateProblem>) -> bool {
    let Ok(moment) = result else { return false };
    // A number of eight digits is more often an article than a date of another century.
    order != DateOrder::Compact || !compact_shape(cell) || (1900..=2100).contains(&moment.date.year())
}

/// Day or month first, when every cell would do as both.
fn likelier(cells: &[&str]) -> DateOrder {
    // Files are often in order of time: the reading under which the dates only go one way is the right one.
    let one_way = |order: DateOrder| {
        let format = DateFormat::new(order);
        let dates: Vec<Date> =
            cells.iter().filter_map(|cell| format.parse(cell).ok()).map(|m| m.date).collect();
        dates.is_sorted() || dates.iter().rev().is_sorted()
    };
    match (one_way(DateOrder::DayFirst), one_way(DateOrder::MonthFirst)) {
        (true, false) => return DateOrder::DayFirst,
        (false, true) => return DateOrder::MonthFirst,
        _ => {}
    }
    // Only American dates are written with the month first, with slashes, and with a.m. and p.m.
    let american = cells.iter().any(|cell| {
        let lower = cell.to_ascii_lowercase();
        cell.contains('/') && (lower.ends_with("am") || lower.ends_with("pm"))
    });
    if american { DateOrder::MonthFirst } else { DateOrder::DayFirst }
}

fn other_way_round(cells: &[&str], order: DateOrder) -> Vec<Moment> {
    let other = if order == DateOrder::DayFirst { DateOrder::MonthFirst } else { DateOrder::DayFirst };
    let format = DateFormat::new(other);
    cells.iter().filter_map(|cell| format.parse(cell).ok()).collect()
}

/// `20240131` and `20240131T101500`, with any zone the time may have.
fn compact(text: &str) -> Option<Parts<'_>> {
    let digits = text.get(..8)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit())
        || text[8..].starts_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    let number = |from: usize, to: usize| {
        let value = digits[from..to].parse().unwrap_or(0);
        Digits { value, n_digits: u8::try_from(to - from).unwrap_or(0) }
    };
    let time = text[8..].trim_start_matches(['T', 't', ' ']);
    Some(Parts { numbers: [number(0, 4), number(4, 6), number(6, 8)], month: None, time })
}

fn compact_shape(cell: &str) -> bool {
    compact(cell).is_some()
}

fn counted(text: &str, n_millis: i64) -> Result<Moment, DateProblem> {
    let millis =
        text.parse::<i64>().ok().and_then(|n| n.checked_mul(n_millis)).ok_or_else(|| not_a_date(text))?;
    let zoned = Timestamp::from_millisecond(millis).map_err(|_| not_a_date(text))?;
    let local = Offset::UTC.to_datetime(zoned);
    in_range(local.date())?;
    Ok(Moment { date: local.date(), time: Some(local.time()), offset: Some(Offset::UTC) })
}

fn serial(text: &str) -> Result<Moment, DateProblem> {
    let days: f64 = text.replace(',', ".").parse().map_err(|_| not_a_date(text))?;
    if !(1.0..2_958_466.0).contains(&days) {
        return Err(not_a_date(text));
    }
    let seconds = (days * 86_400.0).round() as i64;
    let moment = date(1899, 12, 30)
        .at(0, 0, 0, 0)
        .checked_add(SignedDuration::from_secs(seconds))
        .map_err(|_| not_a_date(text))?;
    let time = (days.fract() != 0.0).then(|| moment.time());
    Ok(Moment { date: moment.date(), time, offset: None })
}

fn in_range(date: Date) -> Result<(), DateProblem> {
    let year = i64::from(date.year());
    if (1000..=9999).contains(&year) { Ok(()) } else { Err(DateProblem::YearOutOfRange { year }) }
}

fn not_a_date(text: &str) -> DateProblem {
    DateProblem::NotADate { text: shortened(text) }
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
#[path = "dates_tests.rs"]
mod tests;
