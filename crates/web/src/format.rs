//! Numbers, amounts, dates and times as a reader writes them.
//!
//! Knows no time zone and no clock: callers convert to the reader's civil time and pass "now" in.

/// How a reader writes numbers and dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locale {
    /// BCP 47 language of the page, for `lang`.
    pub language: String,
    /// Between whole and part: `.`.
    pub decimal: char,
    /// Between thousands: `,`; a narrow no-break space in many languages.
    pub group: char,
    /// Currency symbols before the amount (`€12`) or after it (`12 €`).
    pub symbol_first: bool,
    /// First day of the week, 1 for Monday to 7 for Sunday.
    pub first_day: u8,
}

impl Locale {
    /// English with day before month.
    pub fn english() -> Self {
        Self { language: "en".to_owned(), decimal: '.', group: ',', symbol_first: true, first_day: 1 }
    }

    /// The locale of a language tag; English when unknown.
    pub fn of(language: &str) -> Self {
        let base = language.split('-').next().unwrap_or_default();
        let english = Self::english();
        match base {
            "de" | "nl" | "es" | "it" | "da" | "id" | "tr" => Self {
                language: language.to_owned(),
                decimal: ',',
                group: '.',
                symbol_first: false,
                ..english
            },
            "fr" | "sv" | "nb" | "no" | "fi" | "pl" | "cs" | "uk" | "pt" => Self {
                language: language.to_owned(),
                decimal: ',',
                group: '\u{202f}',
                symbol_first: false,
                ..english
            },
            "en" => {
                let first_day = if language == "en-US" { 7 } else { 1 };
                Self { language: language.to_owned(), first_day, ..english }
            }
            _ => english,
        }
    }

    /// A whole number with its thousands apart: `4,812`.
    pub fn integer(&self, number: i64) -> String {
        let digits = number.unsigned_abs().to_string();
        let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
        if number < 0 {
            out.push('−');
        }
        for (n, digit) in digits.chars().enumerate() {
            if n > 0 && (digits.len() - n).is_multiple_of(3) {
                out.push(self.group);
            }
            out.push(digit);
        }
        out
    }

    /// A number with so many decimal places, halves away from nought: `8.6`. Dash when it is not finite.
    pub fn decimal(&self, number: f64, places: usize) -> String {
        if !number.is_finite() {
            return "–".to_owned();
        }
        let text = format!("{:.places$}", number.abs());
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        let mut grouped = whole.parse().map_or_else(|_| whole.to_owned(), |whole| self.integer(whole));
        if !part.is_empty() {
            grouped.push(self.decimal);
            grouped.push_str(part);
        }
        let zero = text.chars().all(|c| matches!(c, '0' | '.'));
        if number < 0.0 && !zero { format!("−{grouped}") } else { grouped }
    }

    /// A share as per cent: `0.714` → `71 %`. The space does not break.
    pub fn percent(&self, share: f64, places: usize) -> String {
        format!("{}\u{a0}%", self.decimal(share * 100.0, places))
    }

    /// An amount in minor units: `(842050, "EUR")` → `€8,420.50`; whole amounts lose their noughts.
    pub fn money(&self, minor: i64, currency: &str) -> String {
        let places = minor_places(currency);
        let unit = 10_i64.pow(places);
        let whole = self.integer(minor / unit);
        let part = (minor % unit).unsigned_abs();
        let number = if part == 0 {
            whole
        } else {
            format!("{whole}{}{part:0width$}", self.decimal, width = places as usize)
        };
        // A part of one unit below nought has lost its sign with its whole.
        let number = if minor < 0 && minor / unit == 0 { format!("−{number}") } else { number };
        self.with_symbol(&number, currency)
    }

    /// An amount without minor units: `€8,421`.
    pub fn money_rounded(&self, minor: i64, currency: &str) -> String {
        let unit = 10_i64.pow(minor_places(currency));
        let half = if minor < 0 { -(unit / 2) } else { unit / 2 };
        self.with_symbol(&self.integer(minor.saturating_add(half) / unit), currency)
    }

    /// An amount in short: `€3.14m`, `€96k`, `€840`.
    pub fn money_short(&self, minor: i64, currency: &str) -> String {
        #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
        let amount = minor as f64 / 10_f64.powi(i32::try_from(minor_places(currency)).unwrap_or(2));
        let number = match amount.abs() {
            a if a >= 999_500_000.0 => format!("{}bn", self.decimal(amount / 1e9, 2)),
            a if a >= 999_500.0 => format!("{}m", self.decimal(amount / 1e6, 2)),
            a if a >= 9_999.5 => format!("{}k", self.decimal(amount / 1e3, 0)),
            _ => self.decimal(amount, 0),
        };
        self.with_symbol(&number, currency)
    }

    /// A count that is only known up to a limit: `4,812` or `10,000+`.
    pub fn count(&self, count: i64, limit: i64) -> String {
        if count > limit { format!("{}+", self.integer(limit)) } else { self.integer(count) }
    }

    fn with_symbol(&self, number: &str, currency: &str) -> String {
        let symbol = symbol(currency);
        let (sign, digits) = number.strip_prefix('−').map_or(("", number), |digits| ("−", digits));
        match (self.symbol_first, symbol) {
            (true, Some(symbol)) => format!("{sign}{symbol}{digits}"),
            (false, Some(symbol)) => format!("{sign}{digits}\u{a0}{symbol}"),
            (true, None) => format!("{sign}{currency}\u{a0}{digits}"),
            (false, None) => format!("{sign}{digits}\u{a0}{currency}"),
        }
    }
}

/// Decimal places of a currency's minor unit (ISO 4217).
pub fn minor_places(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND"
        | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

fn symbol(currency: &str) -> Option<&'static str> {
    Some(match currency {
        "EUR" => "€",
        "GBP" => "£",
        "USD" => "$",
        "JPY" => "¥",
        "INR" => "₹",
        "KRW" => "₩",
        "TRY" => "₺",
        "UAH" => "₴",
        "VND" => "₫",
        "ILS" => "₪",
        _ => return None,
    })
}

/// A civil date: year, month 1–12, day 1–31.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Year.
    pub year: i16,
    /// Month, 1–12.
    pub month: u8,
    /// Day, 1–31.
    pub day: u8,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

impl Date {
    /// `22 Nov 2026`.
    pub fn short(self) -> String {
        format!("{} {} {}", self.day, &self.month_name()[..3], self.year)
    }

    /// `22 Nov`, with the year when it is another one than `today`'s.
    pub fn brief(self, today: Self) -> String {
        if self.year == today.year {
            format!("{} {}", self.day, &self.month_name()[..3])
        } else {
            self.short()
        }
    }

    /// `Sunday 22 November 2026`.
    pub fn long(self) -> String {
        format!("{} {} {} {}", self.weekday(), self.day, self.month_name(), self.year)
    }

    /// Heading of a day on a timeline: "Today", "Yesterday", "Thursday 19 November", then "October", "October 2025".
    pub fn heading(self, today: Self) -> String {
        match today.days() - self.days() {
            0 => "Today".to_owned(),
            1 => "Yesterday".to_owned(),
            2..=13 => format!("{} {} {}", self.weekday(), self.day, self.month_name()),
            _ if self.year == today.year => self.month_name().to_owned(),
            _ => format!("{} {}", self.month_name(), self.year),
        }
    }

    /// Distance from `today` in words: "today", "3 days ago", "in 2 weeks", "7 months ago".
    pub fn relative(self, today: Self) -> String {
        let days = self.days() - today.days();
        match days {
            0 => "today".to_owned(),
            -1 => "yesterday".to_owned(),
            1 => "tomorrow".to_owned(),
            _ => {
                let (n, unit) = match days.abs() {
                    n @ ..=20 => (n, "day"),
                    n @ ..=60 => ((n + 3) / 7, "week"),
                    n @ ..=700 => ((n + 15) / 30, "month"),
                    n => ((n + 182) / 365, "year"),
                };
                let s = if n == 1 { "" } else { "s" };
                if days < 0 { format!("{n} {unit}{s} ago") } else { format!("in {n} {unit}{s}") }
            }
        }
    }

    /// `2026-11-22`, for `datetime` and date inputs.
    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    fn month_name(self) -> &'static str {
        MONTHS[usize::from(self.month.clamp(1, 12)) - 1]
    }

    fn weekday(self) -> &'static str {
        // 1970-01-01 was a Thursday.
        DAYS[usize::try_from((self.days() + 3).rem_euclid(7)).unwrap_or_default()]
    }

    /// Days since 1970-01-01.
    ///
    /// *Source*: Howard Hinnant, "chrono-compatible low-level date algorithms", `days_from_civil`.
    fn days(self) -> i64 {
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month = i64::from(self.month);
        let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }
}

#[cfg(test)]
mod tests;
