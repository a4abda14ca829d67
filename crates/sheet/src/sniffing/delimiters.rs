//! Finds what separates the fields, how they are quoted, and where the table begins.

use super::{counted, separated_by, usual_width};
use crate::columns::obvious;
use crate::dialects::{Delimiter, Dialect};
use crate::{Reader, Refusal};

/// Enough text to tell; more would only cost time, since every way of reading is tried.
const MAX_TEXT_BYTES: usize = 48 * 1024;
const MAX_RECORDS: usize = 100;

/// Delimiters that nearly all files have, tried first.
const USUAL: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How a table is laid out.
pub(super) struct Layout {
    pub(super) dialect: Dialect,
    pub(super) why: Vec<String>,
}

/// One way of reading the text, and how well it fits.
struct Reading {
    dialect: Dialect,
    records: Vec<Record>,
    n_fields: usize,
    n_fitting: usize,
    score: f64,
}

struct Record {
    fields: Vec<String>,
    /// The line on which it begins, from 1.
    line: usize,
}

/// Finds the layout of a decoded sample.
pub(super) fn find(text: &str, cut_off: bool) -> Result<Layout, Refusal> {
    let (announced, text) = announced_delimiter(text);
    let n_announced = usize::from(announced.is_some());
    let (text, cut_off) = beginning(text, cut_off);
    let comment = comment(text);
    let delimiters = announced.map_or(USUAL.to_vec(), |delimiter| vec![delimiter]);
    let mut best: Option<Reading> = None;
    for base in candidates(text, &delimiters, comment) {
        let reading = fit(text, base, cut_off);
        let accepted = reading.n_fields >= 2 && reading.n_fitting * 2 >= reading.records.len();
        if (accepted || announced.is_some()) && best.as_ref().is_none_or(|best| reading.score > best.score) {
            best = Some(reading);
        }
    }
    let reading = match best {
        Some(reading) => reading,
        None => rare(text, comment, cut_off).unwrap_or_else(|| single_column(text, comment, cut_off)),
    };
    if reading.records.is_empty() {
        return Err(Refusal::NoColumns);
    }
    let mut why = vec![reason(&reading, announced.is_some())];
    let mut dialect = reading.dialect;
    let n_preamble = preamble(&reading.records, reading.n_fields);
    if n_preamble > 0 {
        why.push(format!("{} before the table passed over", counted(n_preamble, "line")));
    }
    if comment.is_some() {
        why.push("lines that begin with # passed over".to_owned());
    }
    dialect.skip_lines = n_announced + n_preamble;
    Ok(Layout { dialect, why })
}

/// Excel's first line `sep=;`, and the text behind it.
fn announced_delimiter(text: &str) -> (Option<u8>, &str) {
    let line = text.lines().next().unwrap_or_default();
    let content = line.trim().trim_matches('"');
    let rest = content.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).map(|_| &content[4..]);
    // A tab is trimmed away with the blanks.
    let delimiter = match rest.map(str::as_bytes) {
        Some([byte]) if byte.is_ascii() => *byte,
        Some([]) if line.contains('\t') => b'\t',
        _ => return (None, text),
    };
    let behind = &text[line.len()..];
    (
        Some(delimiter),
        behind.strip_prefix("\r\n").or_else(|| behind.strip_prefix(['\n', '\r'])).unwrap_or(behind),
    )
}

/// The first lines, and whether the last of them may be cut off.
fn beginning(text: &str, cut_off: bool) -> (&str, bool) {
    if text.len() <= MAX_TEXT_BYTES {
        return (text, cut_off);
    }
    let end = (0..=MAX_TEXT_BYTES).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    (&text[..end], true)
}

/// `#` when the text begins with lines that it marks and that are no header.
fn comment(text: &str) -> Option<u8> {
    let n = text.lines().take_while(|line| line.starts_with('#')).count();
    let header = text.lines().nth(n)?;
    if n == 0 || header.trim().is_empty() {
        return None;
    }
    // A header may begin with # as well; then it has as many delimiters as the line after it.
    let marked = text.lines().nth(n - 1).unwrap_or_default();
    let like_a_header = USUAL.iter().any(|delimiter| {
        let n_of = |line: &str| line.bytes().filter(|byte| byte == delimiter).count();
        n_of(header) > 0 && n_of(header) == n_of(marked)
    });
    (n > 1 || !like_a_header).then_some(b'#')
}

/// Every usual way of reading that the text gives cause for.
fn candidates(text: &str, delimiters: &[u8], comment: Option<u8>) -> Vec<Dialect> {
    let mut all = Vec::new();
    for &delimiter in delimiters {
        let base =
            Dialect { delimiter: Delimiter::Byte(delimiter), comment, header: false, ..Dialect::default() };
        all.push(base.clone());
        if text.contains('"') {
            all.push(Dialect { quote: None, ..base.clone() });
        }
        if text.contains("\\\"") {
            all.push(Dialect { escape: Some(b'\\'), ..base.clone() });
        }
        let opened = format!("{}'", char::from(delimiter));
        if text.contains(&opened) || text.starts_with('\'') {
            all.push(Dialect { quote: Some(b'\''), ..base });
        }
    }
    all
}

/// Reads the text and says how well that went.
fn fit(text: &str, dialect: Dialect, cut_off: bool) -> Reading {
    let mut records = Vec::new();
    let mut n_faults = 0;
    let mut reader = Reader::open(text.as_bytes(), &dialect);
    let mut at_end = false;
    while records.len() < MAX_RECORDS {
        match reader.next_row() {
            Ok(Some(row)) => {
                let quote_faults = row.problems().iter().filter(|p| {
                    matches!(p, crate::Problem::StrayQuote { .. } | crate::Problem::UnclosedQuote)
                });
                n_faults += quote_faults.count();
                let line = usize::try_from(row.line()).unwrap_or(usize::MAX);
                records.push(Record { fields: row.fields().map(str::to_owned).collect(), line });
            }
            Ok(None) => {
                at_end = true;
                break;
            }
            Err(_) => {
                n_faults += 1;
                break;
            }
        }
    }
    if at_end && cut_off && records.len() > 1 {
        records.pop();
    }
    let widths: Vec<Vec<String>> = records.iter().map(|record| record.fields.clone()).collect();
    let n_fields = usual_width(&widths);
    let fitting: Vec<&Record> = records.iter().filter(|record| record.fields.len() == n_fields).collect();
    let n_fitting = fitting.len();
    let cells = fitting.iter().flat_map(|record| &record.fields);
    let clean: f64 =
        cells.map(|cell| cleanness(cell, &dialect)).sum::<f64>() / (n_fitting * n_fields).max(1) as f64;
    let share = n_fitting as f64 / records.len().max(1) as f64;
    let faults = n_faults as f64 / records.len().max(1) as f64;
    // A backslash is looked for last: it must read better, not as well.
    let plainness = if dialect.escape.is_some() || dialect.quote != Some(b'"') { 0.99 } else { 1.0 };
    let breadth = 1.0 + 0.02 * n_fields.min(20) as f64;
    let score = share * clean * clean * plainness * breadth * (1.0 - 0.5 * faults.min(1.0));
    Reading { dialect, records, n_fields, n_fitting, score }
}

/// How little a cell looks as if it should have been cut further: 1 is perfect.
fn cleanness(cell: &str, dialect: &Dialect) -> f64 {
    let trimmed = cell.trim();
    if trimmed.is_empty() || obvious(trimmed) {
        return 1.0;
    }
    let wrapped = |quote: char| trimmed.starts_with(quote) || trimmed.ends_with(quote);
    if (wrapped('"') && dialect.quote != Some(b'"')) || (trimmed.starts_with('\'') && trimmed.ends_with('\''))
    {
        return 0.4;
    }
    let other = |byte: u8| dialect.delimiter != Delimiter::Byte(byte) && trimmed.bytes().any(|b| b == byte);
    if other(b'\t') || other(b';') || other(b'|') {
        return 0.4;
    }
    // A comma with a blank behind it is one of a sentence.
    if other(b',') && trimmed.matches(',').count() > trimmed.matches(", ").count() { 0.7 } else { 0.98 }
}

/// Colons, carets and blanks, which also stand in ordinary text: every line has to fit.
fn rare(text: &str, comment: Option<u8>, cut_off: bool) -> Option<Reading> {
    let whole = |reading: &Reading| {
        reading.n_fields >= 2 && reading.records.len() >= 2 && reading.n_fitting == reading.records.len()
    };
    for delimiter in [b'^', b':'] {
        let base =
            Dialect { delimiter: Delimiter::Byte(delimiter), comment, header: false, ..Dialect::default() };
        let reading = fit(text, base, cut_off);
        let cells = || reading.records.iter().flat_map(|record| &record.fields);
        // Times and web addresses have colons that separate nothing.
        let n_short_numbers =
            cells().filter(|cell| cell.len() <= 2 && cell.bytes().all(|byte| byte.is_ascii_digit())).count();
        let inside = cells().any(|cell| cell.starts_with("//")) || n_short_numbers * 2 > cells().count();
        if whole(&reading) && !(delimiter == b':' && inside) {
            return Some(reading);
        }
    }
    let base = Dialect { delimiter: Delimiter::Blanks, comment, header: false, ..Dialect::default() };
    let reading = fit(text, base, cut_off);
    let aligned = text.contains("  ") || text.contains("\t");
    let typed = (0..reading.n_fields).any(|column| {
        let n_typed =
            reading.records.iter().filter(|r| r.fields.get(column).is_some_and(|cell| obvious(cell))).count();
        n_typed * 10 >= reading.records.len() * 8
            || (reading.records.len() < 5 && n_typed + 1 >= reading.records.len())
    });
    (whole(&reading) && aligned && typed).then_some(reading)
}

fn single_column(text: &str, comment: Option<u8>, cut_off: bool) -> Reading {
    // Whatever separates the fields must not occur; no text has a unit separator.
    let quote = Some(b'"').filter(|_| text.contains('"'));
    let base =
        Dialect { delimiter: Delimiter::Byte(0x1F), quote, comment, header: false, ..Dialect::default() };
    fit(text, base, cut_off)
}

/// How many lines stand before the table: titles and notes, which fill at most half of the columns.
fn preamble(records: &[Record], n_fields: usize) -> usize {
    let n_filled = |record: &Record| record.fields.iter().filter(|field| !field.trim().is_empty()).count();
    let titles = records
        .iter()
        .take(20)
        .take_while(|record| {
            let short = record.fields.len() < n_fields && n_filled(record) * 2 <= n_fields;
            short || (n_fields >= 4 && n_filled(record) <= 1)
        })
        .count();
    match records.get(titles) {
        Some(record) if titles > 0 && n_fields >= 2 && record.fields.len() * 2 > n_fields => record.line - 1,
        _ => 0,
    }
}

fn reason(reading: &Reading, announced: bool) -> String {
    let Reading { dialect, records, n_fields, n_fitting, .. } = reading;
    if announced {
        return format!("{}, as the first line says", separated_by(dialect.delimiter));
    }
    if *n_fields == 1 && dialect.delimiter == Delimiter::Byte(0x1F) {
        return "one column, because no character separates the lines into the same number of fields"
            .to_owned();
    }
    let delimiter = separated_by(dialect.delimiter);
    let n = records.len();
    if n == 1 {
        return format!("{delimiter}, which give {n_fields} fields");
    }
    format!("{delimiter}, because {n_fitting} of {n} lines have {n_fields} fields")
}
