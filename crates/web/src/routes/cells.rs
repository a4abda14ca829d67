//! Values of fields as cells of a table, as text, and as inputs of a form.

use jiff::Timestamp;
use kernel::{Ctx, Field, Kind, Object, Record, Value, money};

use crate::format::{Date, Locale};
use crate::views::{Avatar, Cell, Choice, Input, Moment, Tier, Tone};

/// A calendar day for the formatter.
pub(crate) fn day(date: jiff::civil::Date) -> Date {
    Date { year: date.year(), month: date.month() as u8, day: date.day() as u8 }
}

/// A moment in the workspace's time zone.
pub(crate) fn civil(ctx: &Ctx, micros: i64) -> jiff::civil::DateTime {
    let timestamp = Timestamp::from_microsecond(micros).unwrap_or_default();
    timestamp.to_zoned(ctx.zone.clone()).datetime()
}

/// `20 Nov 2026, 16:42`.
pub(crate) fn in_full(ctx: &Ctx, micros: i64) -> String {
    let at = civil(ctx, micros);
    format!("{}, {:02}:{:02}", day(at.date()).short(), at.hour(), at.minute())
}

/// A moment as a reader sees it: the time today, else the distance in days.
pub(crate) fn moment(ctx: &Ctx, micros: i64) -> Moment {
    let at = civil(ctx, micros);
    let text = match at.date() == ctx.today {
        true => format!("{:02}:{:02}", at.hour(), at.minute()),
        false => day(at.date()).relative(day(ctx.today)),
    };
    Moment::new(iso(micros), text, in_full(ctx, micros))
}

/// RFC 3339, UTC.
pub(crate) fn iso(micros: i64) -> String {
    Timestamp::from_microsecond(micros).unwrap_or_default().to_string()
}

/// The page of a record.
pub(crate) fn href(object: &str, id: i64) -> String {
    format!("/{object}/{id}")
}

/// Which object a link field's record is opened through; parties answer for people and companies alike.
fn target(kind: &Kind) -> &str {
    match kind {
        Kind::Link(object) => object,
        _ => "",
    }
}

/// Words that mean well or ill wherever they are chosen.
pub(crate) fn tone(key: &str) -> Tone {
    match key {
        "won" | "done" | "completed" | "verified" | "closed" | "intimate" | "involved" | "praise" => {
            Tone::Good
        }
        "deteriorating" | "waiting" | "high" | "returned" | "repair" | "unverified" => Tone::Warn,
        "lost" | "cancelled" | "urgent" | "bounced" | "invalid" | "dissolved" | "complaint" => Tone::Bad,
        "growing" | "new" | "contact" => Tone::Info,
        _ => Tone::Plain,
    }
}

/// A value as a cell.
pub(crate) fn cell(ctx: &Ctx, object: &Object, record: &Record, field: &Field, locale: &Locale) -> Cell {
    let value = record.value(&field.key);
    if value.vacant() {
        return Cell::Nothing;
    }
    match (&field.kind, value) {
        (Kind::Choice(_), Value::Text(key)) if field.key == "tier" => Cell::Tier { tier: Tier::new(key) },
        (Kind::Choice(_), Value::Text(key)) => {
            let text = text(ctx, object, record, field, locale);
            match field.key.as_str() {
                "relationship_stage" | "status" => Cell::Stage { text, tone: tone(key) },
                _ => Cell::Badge { text, tone: tone(key) },
            }
        }
        (Kind::Choices(choices), Value::Many(keys)) => {
            let label = |key: &String| {
                choices.iter().find(|c| c.key == *key).map_or(key.clone(), |c| c.label.clone())
            };
            Cell::Tags { tags: keys.iter().map(label).collect() }
        }
        (Kind::Percent, Value::Number(share)) => {
            Cell::Percent { text: chance(locale, *share), value: (share * 1000.0).round() / 10.0 }
        }
        (Kind::Money | Kind::Whole | Kind::Number, _) => {
            Cell::number(text(ctx, object, record, field, locale))
        }
        (Kind::Date, Value::Date(date)) => {
            let date = day(*date);
            let today = day(ctx.today);
            Cell::When { iso: date.iso(), text: date.brief(today), title: date.long() }
        }
        (Kind::Time, Value::Time(micros)) => {
            let moment = moment(ctx, *micros);
            Cell::When { iso: moment.iso, text: moment.text, title: moment.title }
        }
        (Kind::Truth, Value::Truth(yes)) => Cell::YesNo { yes: *yes },
        (Kind::Email, Value::Text(address)) => Cell::Email { address: address.clone() },
        (Kind::Phone, Value::Text(number)) => {
            let dialled: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
            Cell::Phone { number: number.clone(), href: format!("tel:{dialled}") }
        }
        (Kind::Url, Value::Text(url)) if url.starts_with("https://") || url.starts_with("http://") => {
            let short = url.split("://").nth(1).unwrap_or(url).trim_end_matches('/');
            Cell::Web { text: short.to_string(), href: url.clone() }
        }
        (Kind::Link(_), Value::Link(id)) => match record.names.get(&field.key) {
            Some(name) => Cell::Link {
                text: named(name, *id),
                href: href(target(&field.kind), *id),
                avatar: (target(&field.kind) == "users").then(|| Avatar::of(name, false)),
                sub: None,
            },
            None => Cell::Nothing,
        },
        _ => Cell::text(shorten(&text(ctx, object, record, field, locale), 160)),
    }
}

/// A name, or the number when there is none.
pub(crate) fn named(name: &str, id: i64) -> String {
    if name.trim().is_empty() { format!("#{id}") } else { shorten(name, 120) }
}

/// At most `n` characters, with an ellipsis when more were there.
pub(crate) fn shorten(text: &str, n: usize) -> String {
    if text.chars().count() <= n {
        return text.to_string();
    }
    let kept: String = text.chars().take(n.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A value as plain text for a reader.
pub(crate) fn text(ctx: &Ctx, object: &Object, record: &Record, field: &Field, locale: &Locale) -> String {
    let value = record.value(&field.key);
    match value {
        Value::Link(id) => record.names.get(&field.key).map_or(String::new(), |name| named(name, *id)),
        value => value_text(ctx, field, value, record.currency(object, &ctx.currency), locale),
    }
}

/// The group of fields that models estimate.
const ESTIMATES: &str = "Insight";

/// A share in per cent; what is nearly certain is not called certain.
pub(crate) fn chance(locale: &Locale, share: f64) -> String {
    match share {
        s if s > 0.99 && s < 1.0 => format!("over {}", locale.percent(0.99, 0)),
        s if s > 0.0 && s < 0.01 => format!("under {}", locale.percent(0.01, 0)),
        s => locale.percent(s, 0),
    }
}

/// A value without its record, as events hold it.
pub(crate) fn value_text(ctx: &Ctx, field: &Field, value: &Value, currency: &str, locale: &Locale) -> String {
    match (&field.kind, value) {
        (_, Value::Empty) => String::new(),
        (Kind::Choice(choices), Value::Text(key)) => {
            choices.iter().find(|c| c.key == *key).map_or(key.clone(), |c| c.label.clone())
        }
        (_, Value::Text(text)) => text.clone(),
        (Kind::Choices(choices), Value::Many(keys)) => {
            let label = |key: &String| {
                choices.iter().find(|c| c.key == *key).map_or(key.clone(), |c| c.label.clone())
            };
            keys.iter().map(label).collect::<Vec<_>>().join(", ")
        }
        (Kind::Percent, Value::Number(share)) => chance(locale, *share),
        (_, Value::Number(n)) => {
            let places = if n.fract() == 0.0 { 0 } else { 2 };
            locale.decimal(*n, places)
        }
        (_, Value::Whole(n)) if field.key == "id" => n.to_string(),
        (_, Value::Whole(n)) => locale.integer(*n),
        // An estimate to the cent would claim more than anyone can know.
        (_, Value::Money(minor)) if field.group == ESTIMATES => locale.money_rounded(*minor, currency),
        (_, Value::Money(minor)) => locale.money(*minor, currency),
        (_, Value::Date(date)) => day(*date).short(),
        (_, Value::Time(micros)) => in_full(ctx, *micros),
        (_, Value::Truth(yes)) => if *yes { "Yes" } else { "No" }.to_string(),
        (_, Value::Link(id)) => format!("#{id}"),
        (_, Value::Many(keys)) => keys.join(", "),
    }
}

/// A value as it stands in an input, in the form that `kernel::value::parse` reads back.
pub(crate) fn raw(ctx: &Ctx, object: &Object, record: &Record, field: &Field) -> String {
    match record.value(&field.key) {
        Value::Empty => String::new(),
        Value::Text(text) => text.clone(),
        Value::Whole(n) => n.to_string(),
        Value::Number(n) if field.kind == Kind::Percent => format!("{}%", (n * 10_000.0).round() / 100.0),
        Value::Number(n) => n.to_string(),
        Value::Money(minor) => money::plain(*minor, record.currency(object, &ctx.currency)),
        Value::Date(date) => date.to_string(),
        Value::Time(micros) => {
            let at = civil(ctx, *micros);
            format!("{}T{:02}:{:02}", at.date(), at.hour(), at.minute())
        }
        Value::Truth(yes) => if *yes { "true" } else { "false" }.to_string(),
        Value::Many(keys) => keys.join(","),
        Value::Link(id) => match record.names.get(&field.key) {
            Some(name) => format!("{} #{id}", named(name, *id)),
            None => format!("#{id}"),
        },
    }
}

/// The input of a field with what is typed in it.
pub(crate) fn input(field: &Field, typed: &str, currency: &str, likely: Vec<String>) -> Input {
    let value = typed.to_string();
    match &field.kind {
        Kind::Text | Kind::Currency => Input::text(value),
        Kind::LongText => Input::LongText { value },
        Kind::Email => Input::Email { value },
        Kind::Phone => Input::Phone { value },
        Kind::Url => Input::Web { value },
        Kind::Whole | Kind::Number => Input::Number { value, unit: None },
        Kind::Percent => {
            Input::Number { value: value.trim_end_matches('%').to_string(), unit: Some("%".into()) }
        }
        Kind::Money => Input::Money { value, currencies: vec![Choice::new(currency, currency, true)] },
        Kind::Date => Input::Date { value },
        Kind::Time => Input::Time { value },
        Kind::Truth => Input::YesNo { checked: value == "true" || value == "yes" },
        Kind::Choice(choices) => {
            let mut all = vec![Choice::new("", "—", typed.is_empty())];
            all.extend(choices.iter().map(|c| Choice::new(c.key.as_str(), c.label.as_str(), c.key == typed)));
            Input::Choice { choices: all }
        }
        Kind::Choices(choices) => {
            let picked: Vec<&str> = typed.split(',').collect();
            let all = choices
                .iter()
                .map(|c| Choice::new(c.key.as_str(), c.label.as_str(), picked.contains(&c.key.as_str())));
            Input::Choices { choices: all.collect() }
        }
        Kind::Link(object) => Input::Link { object: object.clone(), value, likely },
    }
}
