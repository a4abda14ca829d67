//! Lets the columns of a file settle for one another what a single one leaves open.

use super::guessing::Guess;
use super::{Format, Kind};
use crate::dialects::{Delimiter, Dialect};
use crate::values::{DateFormat, DateOrder, NumberFormat};

/// One file is written by one program in one country: what one column shows holds for its neighbours.
pub(super) fn settle(columns: &mut [Guess], dialect: &Dialect, why: &mut Vec<String>) {
    let decimal = agreed(columns.iter().filter_map(|guess| {
        let number = guess.number.as_ref()?;
        number.certain.then_some(number.format.decimal)
    }));
    let order = agreed(columns.iter().filter_map(|guess| {
        let date = guess.date.as_ref()?;
        let told =
            matches!(date.format.order, DateOrder::DayFirst | DateOrder::MonthFirst) && !date.ambiguous;
        told.then_some(date.format.order)
    }));
    for guess in columns.iter_mut() {
        settle_number(guess, decimal, why);
        settle_date(guess, order, decimal, dialect, why);
    }
}

fn settle_number(guess: &mut Guess, decimal: Option<char>, why: &mut Vec<String>) {
    let Some(number) = guess.number.as_ref().filter(|number| !number.certain) else { return };
    let Some(decimal) = decimal else { return };
    if number.ambiguous {
        guess.column.ambiguous = None;
        why.push(format!(
            "“{}” has “{decimal}” before the decimals, as another column has",
            guess.column.name
        ));
    }
    // Read the other way round, `1.234` is a thousand and not one and a bit.
    if number.ambiguous && number.format.decimal != decimal {
        guess.column.kind = match guess.column.kind {
            Kind::Integer => Kind::Decimal,
            Kind::Decimal => Kind::Integer,
            other => other,
        };
    }
    guess.column.format = Format::Number(NumberFormat { decimal });
}

fn settle_date(
    guess: &mut Guess,
    order: Option<DateOrder>,
    decimal: Option<char>,
    dialect: &Dialect,
    why: &mut Vec<String>,
) {
    let Some(date) = guess.date.as_ref().filter(|date| date.ambiguous) else { return };
    let name = &guess.column.name;
    if let Some(order) = order {
        guess.column.ambiguous = None;
        guess.column.format = Format::Date(DateFormat { order, ..date.format });
        let first = if order == DateOrder::DayFirst { "day" } else { "month" };
        why.push(format!("“{name}” has the {first} first, as another column has"));
    } else if decimal == Some(',') || dialect.delimiter == Delimiter::Byte(b';') {
        // Nobody who writes decimals with a comma writes the month first; still, the user is asked.
        guess.column.format = Format::Date(DateFormat { order: DateOrder::DayFirst, ..date.format });
    }
}

/// What all say; nothing if they differ.
fn agreed<T: PartialEq>(mut votes: impl Iterator<Item = T>) -> Option<T> {
    let first = votes.next()?;
    votes.all(|vote| vote == first).then_some(first)
}
