//! Guesses what one column holds from its cells and, where they leave it open, from its name.

use std::collections::HashSet;

use super::{ColumnGuess, Format, Kind};
use crate::names::words;
use crate::values::{self, DateFormat, DateGuess, DateOrder, NumberFormat, NumberGuess};

/// A column before the others have been heard.
pub(super) struct Guess {
    pub(super) column: ColumnGuess,
    pub(super) date: Option<DateGuess>,
    pub(super) number: Option<NumberGuess>,
}

/// What a column may be by its cells, before it is described.
struct Finding {
    kind: Kind,
    format: Format,
    date: Option<DateGuess>,
    number: Option<NumberGuess>,
    ambiguous: Option<String>,
}

impl Finding {
    fn plain(kind: Kind) -> Self {
        Finding { kind, format: Format::Plain, date: None, number: None, ambiguous: None }
    }
}

/// Guesses what the cells of one column are.
pub(super) fn guess(name: &str, cells: &[&str]) -> Guess {
    let filled: Vec<&str> = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
    let known: Vec<&str> = filled.iter().copied().filter(|cell| !values::blank(cell)).collect();
    let distinct: HashSet<&str> = filled.iter().copied().collect();
    let mut samples: Vec<String> = Vec::new();
    for cell in &known {
        if samples.len() < 3 && !samples.iter().any(|sample| sample == cell) {
            samples.push(cell.chars().take(200).collect());
        }
    }
    let words = words(name);
    let finding = find(name, &words, &known, &distinct);
    Guess {
        column: ColumnGuess {
            name: name.to_owned(),
            kind: finding.kind,
            format: finding.format,
            n_filled: filled.len(),
            n_distinct: distinct.len(),
            samples,
            ambiguous: finding.ambiguous,
        },
        date: finding.date,
        number: finding.number,
    }
}

fn find(name: &str, words: &[String], cells: &[&str], distinct: &HashSet<&str>) -> Finding {
    if cells.is_empty() {
        return Finding::plain(Kind::Empty);
    }
    if booleans(distinct) {
        return Finding::plain(Kind::Boolean);
    }
    let nearly_all = |test: &dyn Fn(&str) -> bool| {
        cells.iter().filter(|cell| test(cell)).count() >= cells.len() - cells.len() / 20
    };
    let date = DateFormat::guess(cells);
    let compact = date.as_ref().is_some_and(|date| date.format.order == DateOrder::Compact);
    if !compact && nearly_all(&values::phone) && phone_like(words, cells) && date.is_none() {
        return Finding::plain(Kind::Phone);
    }
    let number = if compact && !named(words, IDS) { None } else { NumberFormat::guess(cells) };
    if let Some(number) = number {
        return numbers(name, words, cells, distinct, number);
    }
    if let Some(date) = date {
        return dates(date);
    }
    if nearly_all(&values::email) {
        return Finding::plain(Kind::Email);
    }
    if nearly_all(&values::url) {
        return Finding::plain(Kind::Url);
    }
    if nearly_all(&code) && (named(words, IDS) || distinct.len() * 10 >= cells.len() * 9 || same_shape(cells))
    {
        return Finding::plain(Kind::Id);
    }
    let few = distinct.len() <= 30
        && distinct.len() * 2 <= cells.len()
        && distinct.iter().all(|cell| cell.len() <= 60);
    Finding::plain(if few { Kind::Choice } else { Kind::Text })
}

fn dates(date: DateGuess) -> Finding {
    let kind = if date.with_time { Kind::DateTime } else { Kind::Date };
    let ambiguous = date.ambiguous.then(|| "the day and the month could be the other way round".to_owned());
    Finding { kind, format: Format::Date(date.format), date: Some(date), number: None, ambiguous }
}

fn numbers(
    name: &str,
    words: &[String],
    cells: &[&str],
    distinct: &HashSet<&str>,
    guess: NumberGuess,
) -> Finding {
    let read: Vec<values::Number> = cells.iter().filter_map(|cell| guess.format.parse(cell).ok()).collect();
    let whole = read.iter().all(|number| number.value.scale == 0 && !number.percent);
    let mut currencies: Vec<&str> = read.iter().filter_map(|number| number.currency).collect();
    currencies.sort_unstable();
    currencies.dedup();
    if whole && currencies.is_empty() {
        if let Some(order) = counted_time(words, &read) {
            let format = DateFormat::new(order);
            let with_time = order != DateOrder::Serial;
            let date = DateGuess { format, with_time, ambiguous: false, n_read: read.len() };
            return dates(date);
        }
        let padded = cells.iter().any(|cell| cell.len() > 1 && cell.starts_with('0'));
        let counts =
            read.len() >= 3 && read.windows(2).all(|pair| pair[1].value.units == pair[0].value.units + 1);
        let names_ids = (named(words, IDS) || words.iter().any(|word| word.ends_with("nummer")))
            && !words.iter().any(|word| word == "of");
        if padded || counts || (names_ids && distinct.len() > 1) || long_codes(cells) {
            return Finding::plain(Kind::Id);
        }
    }
    let by_name = values::currency_of(name).filter(|_| !whole || named(words, MONEY) || words.len() == 1);
    let percent = read.iter().any(|number| number.percent);
    let kind = match (currencies.as_slice(), by_name) {
        ([], Some(currency)) if !percent => Kind::Money { currency: Some(currency) },
        ([], _) if whole => Kind::Integer,
        ([], _) => Kind::Decimal,
        ([one], _) => Kind::Money { currency: values::currency_of(one) },
        _ => Kind::Money { currency: None },
    };
    let shared = cells.iter().find(|cell| values::currency_unsure(cell));
    let ambiguous = if guess.ambiguous {
        let other = if guess.format.decimal == '.' { "comma" } else { "point" };
        Some(format!("the {other} could stand before decimals or between thousands"))
    } else if let (Some(_), Kind::Money { currency: Some(currency) }) = (shared, kind) {
        Some(format!("the sign is taken for {currency}, but other countries use it too"))
    } else {
        None
    };
    Finding { kind, format: Format::Number(guess.format), date: None, number: Some(guess), ambiguous }
}

/// Words in names of columns whose numbers count nothing.
const IDS: &[&str] = &[
    "id",
    "ids",
    "nr",
    "no",
    "num",
    "number",
    "nummer",
    "numero",
    "code",
    "key",
    "sku",
    "ean",
    "gtin",
    "upc",
    "isbn",
    "plz",
    "zip",
    "zipcode",
    "postcode",
    "postal",
    "postleitzahl",
    "cep",
    "cap",
    "kundennr",
    "kundennummer",
    "uuid",
    "reference",
    "ref",
    "codigo",
    "kod",
    "invoiceno",
    "orderid",
    "customerid",
    "userid",
];

const MONEY: &[&str] = &[
    "amount", "price", "total", "revenue", "sales", "cost", "value", "betrag", "preis", "umsatz", "summe",
    "montant", "prix", "importe", "precio", "valor", "bedrag", "prijs", "prezzo", "importo", "fee", "tax",
    "discount",
];

const TIMES: &[&str] = &[
    "date",
    "datum",
    "fecha",
    "data",
    "time",
    "timestamp",
    "at",
    "created",
    "updated",
    "on",
    "day",
    "tag",
    "ts",
    "zeit",
    "epoch",
    "unix",
];

const PHONES: &[&str] = &[
    "phone",
    "tel",
    "telephone",
    "telefon",
    "telefono",
    "mobile",
    "mobil",
    "handy",
    "cell",
    "fax",
    "gsm",
    "movil",
    "portable",
    "celular",
];

fn named(words: &[String], list: &[&str]) -> bool {
    words.iter().any(|word| list.contains(&word.as_str()))
}

/// Numbers that count seconds, milliseconds or days, which only the name of the column tells.
fn counted_time(words: &[String], read: &[values::Number]) -> Option<DateOrder> {
    if !named(words, TIMES) {
        return None;
    }
    let all_in = |from: i128, to: i128| read.iter().all(|number| (from..to).contains(&number.value.units));
    if all_in(946_684_800, 4_294_967_296) {
        Some(DateOrder::UnixSeconds)
    } else if all_in(946_684_800_000, 4_294_967_296_000) {
        Some(DateOrder::UnixMillis)
    } else if all_in(20_000, 60_000) {
        Some(DateOrder::Serial)
    } else {
        None
    }
}

/// Article and account numbers: at least nine digits, all of one length.
fn long_codes(cells: &[&str]) -> bool {
    let length = cells.first().map_or(0, |cell| cell.len());
    length >= 9
        && cells.iter().all(|cell| cell.len() == length && cell.bytes().all(|byte| byte.is_ascii_digit()))
}

fn booleans(distinct: &HashSet<&str>) -> bool {
    let read: Vec<Option<bool>> = distinct.iter().map(|cell| values::boolean(cell)).collect();
    if read.contains(&None) {
        return false;
    }
    // One letter or digit alone, again and again, is more likely a code.
    let telling = distinct.len() == 1
        && distinct.iter().any(|cell| cell.chars().count() > 1 || matches!(*cell, "x" | "X" | "✓"));
    (read.contains(&Some(true)) && read.contains(&Some(false))) || telling
}

fn phone_like(words: &[String], cells: &[&str]) -> bool {
    let marked = |cell: &&&str| {
        let n_signs = cell.chars().filter(|c| !c.is_ascii_digit()).count();
        (cell.starts_with('+') && n_signs > 0)
            || cell.starts_with('(')
            || (n_signs >= 2 && !cell.contains(['.', '$']))
    };
    named(words, PHONES) || cells.iter().filter(marked).count() * 2 > cells.len()
}

/// A short word with a digit in it and no blank.
fn code(cell: &str) -> bool {
    cell.len() <= 64
        && cell.chars().any(|c| c.is_ascii_digit())
        && cell.chars().all(|c| c.is_alphanumeric() || "-_./#".contains(c))
}

/// Letters and digits stand in the same places in (nearly) all cells: `SKU1004`, `SKU1002`.
fn same_shape(cells: &[&str]) -> bool {
    let shape = |cell: &str| -> String {
        cell.chars()
            .map(|c| {
                if c.is_ascii_digit() {
                    '0'
                } else if c.is_alphabetic() {
                    'a'
                } else {
                    c
                }
            })
            .collect()
    };
    let first = cells.first().map(|cell| shape(cell));
    let n_digits = first.as_ref().map_or(0, |shape| shape.matches('0').count());
    n_digits >= 2 && cells.iter().filter(|cell| Some(shape(cell)) == first).count() * 10 >= cells.len() * 9
}
