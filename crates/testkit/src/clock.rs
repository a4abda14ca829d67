//! The clock of a world: it stands still until a test moves it.

use jiff::civil::Date;

/// The moment at which every world begins: Monday, 15 June 2026, 09:30 UTC, in microseconds.
pub const NOW: i64 = 1_781_515_800_000_000;
/// A day in microseconds.
pub const DAY: i64 = 24 * HOUR;
/// An hour in microseconds.
pub const HOUR: i64 = 3_600_000_000;

/// A day written as `2026-01-31`.
pub fn date(text: &str) -> Date {
    text.parse().unwrap_or_else(|e| panic!("{text} is not a date: {e}"))
}

/// A moment written as `2026-01-31T09:30:00Z`, in microseconds UTC.
pub fn at(text: &str) -> i64 {
    let moment: jiff::Timestamp = text.parse().unwrap_or_else(|e| panic!("{text} is not a moment: {e}"));
    moment.as_microsecond()
}

#[test]
fn every_world_begins_on_a_monday_morning() {
    assert_eq!(NOW, at("2026-06-15T09:30:00Z"));
    assert_eq!(date("2026-06-15").weekday(), jiff::civil::Weekday::Monday);
}
