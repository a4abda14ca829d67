//! Reading one cell into a value, under the format of its column.

use jiff::civil::Date;
use kernel::{Field, Kind, Value, value};
use sheet::Format;
use sheet::values::{self, DateFormat, DateOrder, Moment, Number, NumberFormat};

/// What a cell says: without blanks around it, and without the apostrophe by which a spreadsheet or an export of ours
/// keeps it from being run as a formula.
pub(super) fn said(cell: &str) -> &str {
    sheet::write::unguard(cell.trim()).trim()
}

/// The number in a cell. *Errors*: one sentence.
pub(super) fn number(format: Format, text: &str) -> Result<Number, String> {
    let format = match format {
        Format::Number(format) => format,
        _ => NumberFormat::default(),
    };
    format.parse(text).map_err(|problem| problem.to_string())
}

/// The date in a cell, with its time if it has one. *Errors*: one sentence.
pub(super) fn moment(format: Format, text: &str) -> Result<Moment, String> {
    let format = match format {
        Format::Date(format) => format,
        _ => DateFormat::new(DateOrder::YearFirst),
    };
    format.parse(text).map_err(|problem| problem.to_string())
}

/// The moment in microseconds UTC; a clock that says no zone is the workspace's.
pub(super) fn micros(moment: &Moment, zone: &jiff::tz::TimeZone) -> Option<i64> {
    let civil = moment.date.to_datetime(moment.time.unwrap_or_default());
    match moment.offset {
        Some(offset) => offset.to_timestamp(civil).ok().map(|t| t.as_microsecond()),
        None => civil.to_zoned(zone.clone()).ok().map(|z| z.timestamp().as_microsecond()),
    }
}

/// An amount in minor units of `currency`; more decimals than it has are rounded.
/// *Errors*: one sentence.
pub(super) fn money(format: Format, text: &str, currency: &str) -> Result<i64, String> {
    let number = number(format, text)?;
    if number.percent {
        return Err(format!("“{text}” is a share, not an amount"));
    }
    let other = number.currency.filter(|code| *code != currency && !values::currency_unsure(text));
    if let Some(code) = other {
        return Err(format!("“{text}” is in {code}, not in {currency}"));
    }
    minor(&number, currency).ok_or_else(|| format!("“{text}” is too large"))
}

/// A number as minor units of `currency`; nothing when it is too large.
pub(super) fn minor(number: &Number, currency: &str) -> Option<i64> {
    let exponent = kernel::money::decimals(currency) as u8;
    number.value.to_minor_rounded(exponent).filter(|minor| minor.abs() <= kernel::money::LIMIT)
}

/// Reads a cell into a field. A link stays text: it is looked up later.
/// *Errors*: one sentence that says what is wrong.
pub(super) fn read(
    field: &Field,
    format: Format,
    cell: &str,
    currency: &str,
    zone: &jiff::tz::TimeZone,
) -> Result<Value, String> {
    let text = said(cell);
    if text.is_empty() {
        return Ok(Value::Empty);
    }
    let wordy = matches!(
        field.kind,
        Kind::Text | Kind::LongText | Kind::Link(_) | Kind::Choice(_) | Kind::Choices(_)
    );
    if !wordy && values::blank(text) {
        return Ok(Value::Empty);
    }
    match &field.kind {
        Kind::Whole => {
            let whole = number(format, text)?.value.trimmed().to_integer();
            whole.map(Value::Whole).ok_or_else(|| format!("“{text}” is not a whole number"))
        }
        Kind::Number => Ok(Value::Number(number(format, text)?.value.to_f64())),
        Kind::Percent => {
            let number = number(format, text)?;
            let share = number.value.to_f64() * if number.percent { 0.01 } else { 1.0 };
            let fits = (0.0..=1.0).contains(&share);
            fits.then_some(Value::Number(share))
                .ok_or_else(|| format!("“{text}” is not a share between 0 and 1, or between 0 % and 100 %"))
        }
        Kind::Money => money(format, text, currency).map(Value::Money),
        Kind::Date => day(moment(format, text)?.date).map(Value::Date),
        Kind::Time => {
            let moment = moment(format, text)?;
            day(moment.date)?;
            micros(&moment, zone).map(Value::Time).ok_or_else(|| format!("“{text}” is not a time"))
        }
        Kind::Truth => {
            let truth = values::boolean(text).map(Value::Truth);
            truth.ok_or_else(|| format!("“{text}” is neither yes nor no"))
        }
        Kind::Currency => match values::currency_of(text).filter(|code| kernel::money::known(code)) {
            Some(code) => Ok(Value::Text(code.into())),
            None => value::parse(field, text, currency),
        },
        Kind::Choice(_) => match value::parse(field, text, currency) {
            Err(_) if values::blank(text) => Ok(Value::Empty),
            read => read,
        },
        Kind::Choices(_) => value::parse(field, &text.replace([';', '|'], ","), currency),
        Kind::Link(_) if text.len() > 1_000 => Err("is longer than 1000 characters".into()),
        Kind::Link(_) => Ok(Value::Text(text.to_string())),
        Kind::Text | Kind::LongText | Kind::Email | Kind::Phone | Kind::Url => {
            value::parse(field, text, currency)
        }
    }
}

fn day(date: Date) -> Result<Date, String> {
    if (value::FIRST_DAY..=value::LAST_DAY).contains(&date) {
        Ok(date)
    } else {
        Err(format!("{date} lies outside the years 1000 to 9998"))
    }
}
