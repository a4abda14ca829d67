//! Says how a file of rows is written and what its columns hold, from its first bytes.

mod delimiters;
mod headers;

use crate::columns::{self, ColumnGuess};
use crate::dialects::{Delimiter, Dialect};
use crate::{Reader, Refusal, encodings, refusals};

/// Samples of at least this length may end in the middle of a row, which is then left out.
const CUT_OFF_BYTES: usize = 16 * 1024;

/// Rows of the sample that are looked at.
const MAX_ROWS: usize = 2000;

/// Rows of the sample that are shown.
const MAX_SAMPLE_ROWS: usize = 100;

/// What [`sniff`] found.
#[derive(Debug, Clone, PartialEq)]
pub struct Sniffed {
    /// How the file is written.
    pub dialect: Dialect,
    /// What its columns hold, in order.
    pub columns: Vec<ColumnGuess>,
    /// The first rows as read, up to 100, all as wide as `columns`.
    pub sample_rows: Vec<Vec<String>>,
    /// What was decided and why, and what was mended, in plain words.
    pub why: Vec<String>,
}

/// Says how a file is written, from its first bytes (up to [`crate::SAMPLE_BYTES`] are of use).
///
/// *Errors*: a [`Refusal`] when it is no table.
pub fn sniff(sample: &[u8]) -> Result<Sniffed, Refusal> {
    if sample.is_empty() {
        return Err(Refusal::Empty);
    }
    refusals::refuse_foreign(sample)?;
    let found = encodings::find(sample)?;
    let (text, _, _) = found.encoding.decode(sample);
    if text.trim().is_empty() {
        return Err(Refusal::Empty);
    }
    refusals::refuse_other_text(&text)?;

    let layout = delimiters::find(&text, cut_off(sample))?;
    let mut why = vec![found.why];
    why.extend(layout.why);
    let mut dialect = Dialect { encoding: found.encoding, ..layout.dialect };
    let records = read(sample, &dialect)?.0;
    let (first, rest) = records.split_first().ok_or(Refusal::NoColumns)?;
    let header = headers::find(first, rest);
    dialect.header = header.found;
    why.push(header.why);
    let described = describe(sample, &dialect)?;
    why.extend(described.why);
    Ok(Sniffed { why, ..described })
}

/// Describes the columns of a file whose dialect the user has set or corrected. With [`Dialect::n_columns`] 0, the
/// dialect that comes back knows their number.
///
/// *Errors*: a [`Refusal`] when the sample holds no record.
pub fn describe(sample: &[u8], dialect: &Dialect) -> Result<Sniffed, Refusal> {
    let mut dialect = dialect.clone();
    let mut why = Vec::new();
    // Without a width, no row is shortened, so that extra fields show.
    let (mut rows, header) = read(sample, &Dialect { n_columns: 0, ..dialect.clone() })?;
    if rows.is_empty() && header.is_empty() {
        return Err(Refusal::NoColumns);
    }
    let n_usual = usual_width(&rows);
    if dialect.n_columns == 0 {
        dialect.n_columns = width(&header, &rows, n_usual);
    }
    let n_columns = dialect.n_columns;
    let names = headers::names(&header, n_columns, &rows, &mut why);
    if dialect.header && !rows.is_empty() && header.len() > n_usual {
        why.push(format!(
            "the header names {} columns, but most rows have {n_usual}: the last ones stay empty",
            header.len()
        ));
    }
    for row in &mut rows {
        row.resize(n_columns, String::new());
    }
    let columns = columns::guess(&names, &rows, &dialect, &mut why);
    rows.truncate(MAX_SAMPLE_ROWS);
    Ok(Sniffed { dialect, columns, sample_rows: rows, why })
}

/// Rows of the sample and its header. A row that the end of the sample cuts off is left out.
fn read(sample: &[u8], dialect: &Dialect) -> Result<(Vec<Vec<String>>, Vec<String>), Refusal> {
    let mut reader = Reader::open(sample, dialect);
    let header = reader.header()?.to_vec();
    let mut rows = Vec::new();
    let mut at_end = true;
    loop {
        match reader.next_row() {
            Ok(Some(row)) => rows.push(row.fields().map(str::to_owned).collect()),
            Ok(None) => break,
            // What was read before the broken place is still of use.
            Err(_) if rows.len() > 1 => break,
            Err(refusal) => return Err(refusal),
        }
        if rows.len() > MAX_ROWS {
            at_end = false;
            break;
        }
    }
    if at_end && rows.len() > 1 && cut_off(sample) {
        rows.pop();
    }
    Ok((rows, header))
}

fn cut_off(sample: &[u8]) -> bool {
    let tail = &sample[sample.len().saturating_sub(2)..];
    sample.len() >= CUT_OFF_BYTES && !tail.iter().any(|byte| matches!(byte, b'\n' | b'\r'))
}

/// How many fields the rows have most often; of equals, the larger number.
fn usual_width(rows: &[Vec<String>]) -> usize {
    let mut counts = std::collections::BTreeMap::new();
    for row in rows {
        *counts.entry(row.len()).or_insert(0_usize) += 1;
    }
    counts.into_iter().max_by_key(|(width, n)| (*n, *width)).map_or(0, |(width, _)| width)
}

/// How many columns the file has: those of the header, and more only where rows often have something in them.
fn width(header: &[String], rows: &[Vec<String>], n_usual: usize) -> usize {
    if header.is_empty() {
        return n_usual.max(1);
    }
    let n_over =
        rows.iter().filter(|row| row.iter().skip(header.len()).any(|cell| !cell.trim().is_empty())).count();
    if n_usual > header.len() && n_over * 10 >= rows.len() { n_usual } else { header.len() }
}

/// The number with its noun in the plural where it belongs.
pub(crate) fn counted(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// How the delimiter is named in a sentence.
pub(crate) fn separated_by(delimiter: Delimiter) -> String {
    format!("separated by {delimiter}")
}
