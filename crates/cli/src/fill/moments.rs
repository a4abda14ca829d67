//! Civil times of the shops as moments.

use std::cell::Cell;

use anyhow::{Context, Result};
use demo::Business;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Turns the shops' days and seconds into microseconds UTC.
pub(super) struct Moments {
    zone: TimeZone,
    today: Date,
    /// The last day that was asked for, its first moment, and whether it has 24 hours: days come in runs.
    last: Cell<(Date, i64, bool)>,
}

/// A second in microseconds.
const SECOND: i64 = 1_000_000;

impl Moments {
    pub(super) fn of(business: &Business) -> Result<Moments> {
        let name = business.time_zone();
        let zone = TimeZone::get(name).with_context(|| format!("the time zone data lacks {name}"))?;
        let last = Cell::new((Date::MIN, 0, false));
        Ok(Moments { zone, today: business.today(), last })
    }

    /// The moment of a civil time.
    pub(super) fn at(&self, on: Date, second: u32) -> i64 {
        let (date, midnight, plain) = self.last.get();
        if date == on && plain {
            return midnight + i64::from(second) * SECOND;
        }
        let start = |day: Date| day.to_zoned(self.zone.clone()).map_or(0, |z| z.timestamp().as_microsecond());
        let (midnight, next) = (start(on), start(on.tomorrow().unwrap_or(on)));
        let plain = next - midnight == 86_400 * SECOND;
        self.last.set((on, midnight, plain));
        if plain {
            return midnight + i64::from(second) * SECOND;
        }
        let civil = demo::datetime(on, second);
        civil.to_zoned(self.zone.clone()).map_or(midnight, |z| z.timestamp().as_microsecond())
    }

    /// Some moment in working hours of a day whose time is not told; before eight if the day is today.
    pub(super) fn some(&self, on: Date, salt: usize) -> i64 {
        // A multiplicative hash spreads neighbours over the day.
        let spread = (salt as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        let (first, length) = if on >= self.today { (6 * 3_600, 3_600) } else { (9 * 3_600, 9 * 3_600) };
        self.at(on, first + (spread % length) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shop_time_becomes_universal_time_also_when_clocks_change() {
        let business = demo::company(demo::Size::Small, 1, jiff::civil::date(2026, 11, 22));
        let moments = Moments::of(&business).unwrap();
        let text =
            |date, second| jiff::Timestamp::from_microsecond(moments.at(date, second)).unwrap().to_string();
        assert_eq!(text(jiff::civil::date(2026, 7, 1), 36_000), "2026-07-01T08:00:00Z");
        assert_eq!(text(jiff::civil::date(2026, 7, 1), 36_001), "2026-07-01T08:00:01Z");
        assert_eq!(text(jiff::civil::date(2026, 10, 25), 36_000), "2026-10-25T09:00:00Z");
        assert_eq!(text(jiff::civil::date(2026, 10, 25), 3_600), "2026-10-24T23:00:00Z");
    }
}
