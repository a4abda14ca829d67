//! Writes rows as CSV that a spreadsheet can open without running anything.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return for a formula, and a
//! formula in an export can have been typed by a stranger (OWASP, *CSV injection*). Such a cell gets an apostrophe in
//! front, unless it is a plain number. The inverse, [`unguard`], takes one apostrophe away from a cell that begins
//! with apostrophes and one of these characters; [`guard`] therefore also guards cells that already look guarded, so
//! that `unguard(guard(cell)) == cell` for any text.

use std::borrow::Cow;
use std::io::{self, Write};

/// How to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// What stands between two fields.
    pub delimiter: u8,
    /// A byte order mark in front, by which Excel knows UTF-8.
    pub mark: bool,
    /// Whether cells are guarded against being run as formulas; off only for machines that read the file.
    pub guard: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { delimiter: b',', mark: false, guard: true }
    }
}

/// Writes rows as CSV in UTF-8 with CR LF line ends (RFC 4180).
#[derive(Debug)]
pub struct Writer<W: Write> {
    out: W,
    options: Options,
    buffer: Vec<u8>,
    begun: bool,
}

impl<W: Write> Writer<W> {
    /// Writes into `out`, a row at a time; give it a buffered one.
    pub fn new(out: W, options: Options) -> Self {
        Writer { out, options, buffer: Vec::new(), begun: false }
    }

    /// Writes one row.
    ///
    /// *Errors*: what `out` says.
    pub fn write_row<'t>(&mut self, fields: impl IntoIterator<Item = &'t str>) -> io::Result<()> {
        self.buffer.clear();
        if !self.begun && self.options.mark {
            self.buffer.extend_from_slice(b"\xEF\xBB\xBF");
        }
        self.begun = true;
        let mut n_fields = 0;
        let before = self.buffer.len();
        for field in fields {
            if n_fields > 0 {
                self.buffer.push(self.options.delimiter);
            }
            n_fields += 1;
            let field = if self.options.guard { guard(field) } else { Cow::Borrowed(field) };
            self.push_field(&field);
        }
        // A line with nothing on it would be passed over by every reader.
        if n_fields == 1 && self.buffer.len() == before {
            self.buffer.extend_from_slice(b"\"\"");
        }
        self.buffer.extend_from_slice(b"\r\n");
        self.out.write_all(&self.buffer)
    }

    /// Flushes and gives `out` back.
    ///
    /// *Errors*: what `out` says.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }

    fn push_field(&mut self, field: &str) {
        let delimiter = self.options.delimiter;
        let special = |byte: u8| byte == delimiter || matches!(byte, b'"' | b'\n' | b'\r');
        // Blanks at either end are kept by quotes; some readers drop them otherwise. A mark at the very beginning of
        // the file would be taken for the encoding's.
        let edges = field.starts_with([' ', '\t', '\u{feff}', '#']) || field.ends_with([' ', '\t']);
        if !edges && !field.bytes().any(special) {
            self.buffer.extend_from_slice(field.as_bytes());
            return;
        }
        self.buffer.push(b'"');
        for part in field.split_inclusive('"') {
            self.buffer.extend_from_slice(part.as_bytes());
            if part.ends_with('"') {
                self.buffer.push(b'"');
            }
        }
        self.buffer.push(b'"');
    }
}

/// The cell with an apostrophe in front if a spreadsheet could run it.
pub fn guard(cell: &str) -> Cow<'_, str> {
    if looks_like_formula(cell) && !plain_number(cell) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// The cell without the apostrophe that [`guard`], or a careful spreadsheet, has put in front.
pub fn unguard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if looks_like_formula(rest) => rest,
        _ => cell,
    }
}

fn looks_like_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn plain_number(cell: &str) -> bool {
    let digits = cell.strip_prefix(['+', '-']).unwrap_or(cell);
    let points = digits.bytes().filter(|byte| matches!(byte, b'.' | b',')).count();
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && points <= 1
        && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(rows: &[&[&str]], options: Options) -> String {
        let mut writer = Writer::new(Vec::new(), options);
        for row in rows {
            writer.write_row(row.iter().copied()).unwrap();
        }
        String::from_utf8(writer.finish().unwrap()).unwrap()
    }

    #[test]
    fn cells_that_a_spreadsheet_would_run_are_guarded() {
        let rows: &[&[&str]] =
            &[&["=1+1", "+49 30", "-12.50", "@x", "a=b", "'=x", "-1+cmd|' /C calc'!A0", "+4930"]];
        insta::assert_snapshot!(written(rows, Options::default()).trim_end(), @"'=1+1,'+49 30,-12.50,'@x,a=b,''=x,'-1+cmd|' /C calc'!A0,+4930");
    }

    #[test]
    fn delimiters_quotes_and_line_ends_are_quoted() {
        let rows: &[&[&str]] = &[&["a,b", "say \"hi\"", "two\nlines", " x", ""], &[""]];
        insta::assert_snapshot!(written(rows, Options::default()).replace('\r', ""), @r#"
        "a,b","say ""hi""","two
        lines"," x",
        ""
        "#);
    }

    #[test]
    fn the_mark_comes_once() {
        let options = Options { mark: true, ..Options::default() };
        assert_eq!(written(&[&["a"], &["b"]], options), "\u{feff}a\r\nb\r\n");
    }
}
