//! Values of fields: how they are typed, stored, read from text and compared.

use jiff::civil::Date;
use serde_json::Value as Json;

use crate::catalogue::{Field, Kind};
use crate::money;

/// The value of one field.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Nothing known.
    #[default]
    Empty,
    /// Text, a choice's key, an address, a currency code.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number or a share.
    Number(f64),
    /// Minor units of the record's currency.
    Money(i64),
    /// A calendar day.
    Date(Date),
    /// A moment, microseconds UTC.
    Time(i64),
    /// Yes or no.
    Truth(bool),
    /// Another record's id.
    Link(i64),
    /// Several choices' keys.
    Many(Vec<String>),
}

/// The first and the last day that a field takes.
pub const FIRST_DAY: Date = jiff::civil::date(1000, 1, 1);
/// See [`FIRST_DAY`].
pub const LAST_DAY: Date = jiff::civil::date(9998, 12, 31);
/// The longest text that a one-line field takes, in characters; an index of PostgreSQL takes no more than 2.7 kB.
pub const TEXT_LIMIT: usize = 500;
/// The longest text that a long field takes, in characters.
pub const LONG_TEXT_LIMIT: usize = 100_000;

/// Days since 1970-01-01.
pub fn days_of(date: Date) -> i64 {
    let epoch = jiff::civil::date(1970, 1, 1);
    i64::from((date - epoch).get_days())
}

/// The day that lies `days` after 1970-01-01, if the calendar has it.
pub fn date_of(days: i64) -> Option<Date> {
    let span = jiff::Span::new().try_days(days).ok()?;
    jiff::civil::date(1970, 1, 1).checked_add(span).ok()
}

impl Value {
    /// Nothing known?
    pub fn vacant(&self) -> bool {
        matches!(self, Value::Empty)
    }

    /// The same, or nothing where it is only another spelling of nothing: blank text, an empty choice.
    pub fn or_nothing(self) -> Value {
        match self {
            Value::Text(text) if text.trim().is_empty() => Value::Empty,
            Value::Many(keys) if keys.is_empty() => Value::Empty,
            value => value,
        }
    }

    /// The text inside, if it is text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The id of a link.
    pub fn link(&self) -> Option<i64> {
        match self {
            Value::Link(id) => Some(*id),
            _ => None,
        }
    }

    /// A whole number, an amount of minor units, a moment or a link as a number.
    pub fn int(&self) -> Option<i64> {
        match self {
            Value::Whole(v) | Value::Money(v) | Value::Time(v) | Value::Link(v) => Some(*v),
            Value::Date(date) => Some(days_of(*date)),
            Value::Truth(v) => Some(i64::from(*v)),
            _ => None,
        }
    }

    /// A number of any kind.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(v) => Some(*v),
            other => other.int().map(|v| v as f64),
        }
    }

    /// As a column or parameter of the database.
    pub fn to_db(&self) -> db::Value {
        match self {
            Value::Empty => db::Value::Null,
            Value::Text(text) => db::Value::Text(text.clone()),
            Value::Number(v) => db::Value::Real(*v),
            Value::Many(keys) => db::Value::Text(Json::from(keys.clone()).to_string()),
            Value::Whole(_)
            | Value::Money(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::Truth(_)
            | Value::Link(_) => self.int().map_or(db::Value::Null, db::Value::Int),
        }
    }

    /// From a column of the database.
    pub fn from_db(kind: &Kind, raw: &db::Value) -> Value {
        match (kind, raw) {
            (_, db::Value::Null) => Value::Empty,
            (Kind::Choices(_), db::Value::Text(text)) => {
                let keys: Vec<String> = serde_json::from_str(text).unwrap_or_default();
                if keys.is_empty() { Value::Empty } else { Value::Many(keys) }
            }
            (Kind::Whole, db::Value::Int(v)) => Value::Whole(*v),
            (Kind::Number | Kind::Percent, db::Value::Int(v)) => Value::Number(*v as f64),
            (Kind::Number | Kind::Percent, db::Value::Real(v)) => Value::Number(*v),
            (Kind::Money, db::Value::Int(v)) => Value::Money(*v),
            (Kind::Date, db::Value::Int(v)) => date_of(*v).map_or(Value::Empty, Value::Date),
            (Kind::Time, db::Value::Int(v)) => Value::Time(*v),
            (Kind::Truth, db::Value::Int(v)) => Value::Truth(*v != 0),
            (Kind::Link(_), db::Value::Int(v)) => Value::Link(*v),
            (_, db::Value::Text(text)) => Value::Text(text.clone()),
            (_, db::Value::Int(v)) => Value::Whole(*v),
            (_, db::Value::Real(v)) => Value::Number(*v),
            (_, db::Value::Bytes(_)) => Value::Empty,
        }
    }

    /// As JSON inside the `custom` column and inside events: numbers for days, moments and minor units.
    pub fn to_stored_json(&self) -> Json {
        match self {
            Value::Empty => Json::Null,
            Value::Text(text) => Json::from(text.as_str()),
            Value::Number(v) => Json::from(*v),
            Value::Truth(v) => Json::from(i64::from(*v)),
            Value::Many(keys) => Json::from(keys.clone()),
            other => other.int().map_or(Json::Null, Json::from),
        }
    }

    /// The inverse of [`Value::to_stored_json`].
    pub fn from_stored_json(kind: &Kind, json: &Json) -> Value {
        match json {
            Json::Null => Value::Empty,
            Json::String(text) => Value::Text(text.clone()),
            Json::Array(items) => {
                Value::Many(items.iter().filter_map(|i| i.as_str().map(String::from)).collect())
            }
            Json::Number(n) => match n.as_i64() {
                Some(v) => Value::from_db(kind, &db::Value::Int(v)),
                None => n.as_f64().map_or(Value::Empty, Value::Number),
            },
            Json::Bool(v) => Value::Truth(*v),
            Json::Object(_) => Value::Empty,
        }
    }
}

/// Reads what a person typed, or a plain wire value, into a field. Empty text means nothing known.
///
/// *Errors*: one sentence that says what would be right.
pub fn parse(field: &Field, text: &str, currency: &str) -> Result<Value, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Value::Empty);
    }
    if text.contains('\0') {
        return Err("contains a character that text cannot hold (NUL)".into());
    }
    match &field.kind {
        Kind::Text => line(text),
        Kind::LongText if text.chars().count() > LONG_TEXT_LIMIT => {
            Err(format!("is longer than {LONG_TEXT_LIMIT} characters"))
        }
        Kind::LongText => Ok(Value::Text(text.to_string())),
        Kind::Email => email(text),
        Kind::Phone => phone(text),
        Kind::Url => url(text),
        Kind::Currency => match text.to_ascii_uppercase() {
            code if money::known(&code) => Ok(Value::Text(code)),
            _ => Err(format!("{text} is not a currency code such as EUR")),
        },
        Kind::Whole => text.parse().map(Value::Whole).map_err(|_| format!("{text} is not a whole number")),
        Kind::Number => finite(text).map(Value::Number),
        Kind::Percent => percent(text),
        Kind::Money => money::parse(text, currency).map(Value::Money),
        Kind::Date => day(text).map(Value::Date),
        Kind::Time => moment(text).map(Value::Time),
        Kind::Truth => match text.to_ascii_lowercase().as_str() {
            "yes" | "true" | "1" | "on" => Ok(Value::Truth(true)),
            "no" | "false" | "0" | "off" => Ok(Value::Truth(false)),
            _ => Err(format!("{text} is neither yes nor no")),
        },
        Kind::Choice(choices) => one_of(choices, text).map(Value::Text),
        Kind::Choices(choices) => {
            let keys: Result<Vec<String>, String> =
                text.split(',').filter(|p| !p.trim().is_empty()).map(|p| one_of(choices, p.trim())).collect();
            Ok(Value::Many(keys?).or_nothing())
        }
        Kind::Link(_) => text
            .trim_start_matches('#')
            .parse()
            .map(Value::Link)
            .map_err(|_| format!("{text} is not the number of a record")),
    }
}

fn line(text: &str) -> Result<Value, String> {
    if text.chars().count() > TEXT_LIMIT {
        return Err(format!("is longer than {TEXT_LIMIT} characters"));
    }
    if text.chars().any(|c| c.is_control()) {
        let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        return Ok(Value::Text(plain.trim().to_string()).or_nothing());
    }
    Ok(Value::Text(text.to_string()))
}

fn one_of(choices: &[crate::catalogue::Choice], text: &str) -> Result<String, String> {
    let found = choices.iter().find(|c| c.key == text).or_else(|| {
        let wanted = text.to_lowercase();
        choices.iter().find(|c| c.key.to_lowercase() == wanted || c.label.to_lowercase() == wanted)
    });
    found.map(|c| c.key.clone()).ok_or_else(|| {
        let known: Vec<&str> = choices.iter().take(12).map(|c| c.key.as_str()).collect();
        format!("{text} is not one of {}", known.join(", "))
    })
}

fn finite(text: &str) -> Result<f64, String> {
    text.parse::<f64>().ok().filter(|v| v.is_finite()).ok_or_else(|| format!("{text} is not a number"))
}

fn percent(text: &str) -> Result<Value, String> {
    let (digits, scale) = match text.strip_suffix('%') {
        Some(digits) => (digits.trim(), 0.01),
        None => (text, 1.0),
    };
    let share = finite(digits)? * scale;
    if (0.0..=1.0).contains(&share) {
        Ok(Value::Number(share))
    } else {
        Err(format!("{text} is not a share between 0 and 1, or between 0% and 100%"))
    }
}

/// A day in ISO form. *Errors*: not a day, or outside the years 1000 to 9998.
pub fn day(text: &str) -> Result<Date, String> {
    let wrong = || format!("{text} is not a date such as 2026-01-31");
    if text.len() != 10 {
        return Err(wrong());
    }
    let date: Date = text.parse().map_err(|_| wrong())?;
    if (FIRST_DAY..=LAST_DAY).contains(&date) {
        Ok(date)
    } else {
        Err(format!("{text} lies outside the years 1000 to 9998"))
    }
}

/// A moment in RFC 3339 form, or `2026-01-31T09:30` as a form sends it (taken as UTC).
pub fn moment(text: &str) -> Result<i64, String> {
    let wrong = || format!("{text} is not a time such as 2026-01-31T09:30:00Z");
    let micros = match text.parse::<jiff::Timestamp>() {
        Ok(timestamp) => timestamp.as_microsecond(),
        Err(_) => {
            let civil: jiff::civil::DateTime = text.parse().map_err(|_| wrong())?;
            let zoned = civil.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| wrong())?;
            zoned.timestamp().as_microsecond()
        }
    };
    // Years 1000 to 9998, as for dates.
    if (-30_610_224_000_000_000..=253_370_764_799_999_999).contains(&micros) {
        Ok(micros)
    } else {
        Err(wrong())
    }
}

fn email(text: &str) -> Result<Value, String> {
    let wrong = || format!("{text} is not an e-mail address");
    let (local, domain) = text.rsplit_once('@').ok_or_else(wrong)?;
    let plain = |s: &str| {
        !s.is_empty() && !s.chars().any(|c| c.is_whitespace() || c.is_control() || "<>()\",;:\\".contains(c))
    };
    let labels_fine = domain.split('.').all(|l| !l.is_empty() && !l.starts_with('-') && !l.ends_with('-'));
    if !plain(local) || local.contains('@') || !plain(domain) || !labels_fine || text.len() > 254 {
        return Err(wrong());
    }
    Ok(Value::Text(text.to_string()))
}

fn phone(text: &str) -> Result<Value, String> {
    let n_digits = text.chars().filter(|c| c.is_ascii_digit()).count();
    let shaped =
        text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "+-()./#xXext,;*".contains(c));
    if !(3..=24).contains(&n_digits) || !shaped || text.len() > 60 {
        return Err(format!("{text} is not a telephone number"));
    }
    Ok(Value::Text(text.to_string()))
}

fn url(text: &str) -> Result<Value, String> {
    let full = if text.contains("://") { text.to_string() } else { format!("https://{text}") };
    let rest = full.strip_prefix("https://").or_else(|| full.strip_prefix("http://"));
    let host = rest.map(|r| r.split(['/', '?', '#']).next().unwrap_or_default());
    match host {
        Some(host)
            if !host.is_empty()
                && !full.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"".contains(c))
                && full.len() <= 2_000 =>
        {
            Ok(Value::Text(full))
        }
        _ => Err(format!("{text} is not a web address")),
    }
}
