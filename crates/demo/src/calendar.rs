//! The two years of history as numbered days, with how busy each one is.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// Days of history, today included.
pub(crate) const N_DAYS: usize = 730;

/// Numbered days: 0 is the first, `N_DAYS - 1` is today.
#[derive(Debug, Clone)]
pub(crate) struct Calendar {
    dates: Vec<Date>,
    open: Vec<bool>,
    /// `busy[d]` is the purchasing intensity of all days before `d`, in average days; one longer than `dates`.
    busy: Vec<f64>,
}

/// Bikes sell in spring, lights before winter, gifts in December; January to December, mean about 1.
const MONTH: [f64; 12] = [0.62, 0.74, 1.18, 1.42, 1.38, 1.20, 0.98, 0.86, 0.97, 0.92, 0.84, 0.95];
/// Monday to Sunday; on Sundays only the web shop sells.
const WEEKDAY: [f64; 7] = [0.92, 0.88, 0.95, 1.02, 1.22, 1.56, 0.45];

impl Calendar {
    pub(crate) fn until(today: Date) -> Calendar {
        let first = today.saturating_sub((N_DAYS as i64 - 1).days());
        let mut calendar = Calendar { dates: Vec::new(), open: Vec::new(), busy: vec![0.0] };
        let mut total = 0.0;
        for (day, date) in first.series(1.day()).take(N_DAYS).enumerate() {
            let open = date.weekday() != Weekday::Sunday && !holiday(date);
            let trend = 0.85 + 0.3 * day as f64 / N_DAYS as f64;
            let month = MONTH[(date.month() as usize).saturating_sub(1)];
            let weekday = WEEKDAY[date.weekday().to_monday_zero_offset() as usize];
            let today_so_far = if day + 1 == N_DAYS { 0.25 } else { 1.0 };
            total += trend * month * today_so_far * if holiday(date) { 0.3 } else { weekday };
            calendar.dates.push(date);
            calendar.open.push(open);
            calendar.busy.push(total);
        }
        calendar
    }

    pub(crate) fn first(&self) -> Date {
        self.dates[0]
    }

    pub(crate) fn today(&self) -> Date {
        self.dates[self.dates.len() - 1]
    }

    /// The date of a day; days after today count as today.
    pub(crate) fn date(&self, day: usize) -> Date {
        self.dates[day.min(self.dates.len() - 1)]
    }

    /// Whether the shops are open.
    pub(crate) fn open(&self, day: usize) -> bool {
        self.open[day.min(self.open.len() - 1)]
    }

    /// Purchasing intensity from the start of one day to the start of another.
    pub(crate) fn busy_between(&self, from: usize, to: usize) -> f64 {
        (self.busy[to.min(N_DAYS)] - self.busy[from.min(N_DAYS)]).max(0.0)
    }

    /// The day on which the intensity since `from` reaches `amount`.
    pub(crate) fn day_after_busy(&self, from: usize, amount: f64) -> usize {
        let target = self.busy[from.min(N_DAYS)] + amount;
        self.busy.partition_point(|total| *total <= target).saturating_sub(1).clamp(from, N_DAYS - 1)
    }
}

fn holiday(date: Date) -> bool {
    matches!((date.month(), date.day()), (1, 1) | (12, 25) | (12, 26))
}
