//! Streams the rows of a file in bounded memory and remembers where it stands.

use std::io::{ErrorKind, Read, Seek, SeekFrom};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::rows::{Place, Problem, Row};
use crate::splitter::{Fields, Splitter};
use crate::{Dialect, MAX_RECORD_BYTES, Refusal};

const CHUNK_BYTES: usize = 64 * 1024;

/// Streams the rows of a file.
///
/// ```
/// let dialect = sheet::Dialect::default();
/// let mut reader = sheet::Reader::open("name,city\nAda,London\n".as_bytes(), &dialect);
/// while let Some(row) = reader.next_row()? {
///     println!("{} {:?}", row.number(), row.get(0));
/// }
/// # Ok::<(), sheet::Refusal>(())
/// ```
pub struct Reader<'a> {
    source: Source<'a>,
    splitter: Splitter,
    encoding: &'static Encoding,
    fields: Fields,
    row: Row,
    header: Vec<String>,
    /// Where the next row begins at the latest.
    place: Place,
    n_columns: usize,
    n_lines_to_skip: usize,
    header_to_read: bool,
}

impl<'a> Reader<'a> {
    /// Reads from the beginning of a file.
    pub fn open(source: impl Read + Send + 'a, dialect: &Dialect) -> Self {
        Reader {
            source: Source::new(Box::new(source), dialect.encoding, true),
            splitter: Splitter::new(dialect),
            encoding: dialect.encoding,
            fields: Fields::default(),
            row: Row::default(),
            header: Vec::new(),
            place: Place::default(),
            n_columns: dialect.n_columns,
            n_lines_to_skip: dialect.skip_lines,
            header_to_read: dialect.header,
        }
    }

    /// Goes on where another reader of the same file and dialect stood ([`Reader::place`]).
    ///
    /// The header is not read again, so [`Reader::header`] is empty, and with [`Dialect::n_columns`] 0 no row counts
    /// as too short or too long.
    ///
    /// *Errors*: [`Refusal::Unreadable`] when the source cannot be wound forward.
    pub fn resume_at(
        mut source: impl Read + Seek + Send + 'a,
        dialect: &Dialect,
        place: Place,
    ) -> Result<Self, Refusal> {
        if place == Place::default() {
            return Ok(Self::open(source, dialect));
        }
        source
            .seek(SeekFrom::Start(place.offset))
            .map_err(|error| Refusal::Unreadable { line: place.line, message: error.to_string() })?;
        let mut reader = Self::open(std::io::empty(), dialect);
        reader.source = Source::new(Box::new(source), dialect.encoding, false);
        reader.place = place;
        reader.n_lines_to_skip = 0;
        reader.header_to_read = false;
        Ok(reader)
    }

    /// The names in the first record, as they stand there; empty for a dialect without header.
    ///
    /// *Errors*: as [`Reader::next_row`].
    pub fn header(&mut self) -> Result<&[String], Refusal> {
        self.start()?;
        Ok(&self.header)
    }

    /// The next row, or `None` at the end. Blank lines are passed over and not counted.
    ///
    /// *Errors*: [`Refusal::LongLine`] and [`Refusal::Unreadable`]; reading cannot go on after either.
    pub fn next_row(&mut self) -> Result<Option<&Row>, Refusal> {
        self.start()?;
        loop {
            if !self.read_record()? {
                return Ok(None);
            }
            if self.n_columns > 1 && self.row.ends.len() == 1 && self.row.blank() {
                continue;
            }
            self.place.row += 1;
            self.check_width();
            return Ok(Some(&self.row));
        }
    }

    /// Where reading stands: just after the row that was given last.
    pub fn place(&self) -> Place {
        self.place
    }

    fn start(&mut self) -> Result<(), Refusal> {
        self.place.offset += self.source.skip_mark(self.place.line)?;
        while self.n_lines_to_skip > 0 {
            self.n_lines_to_skip -= 1;
            self.skip_line()?;
        }
        if self.header_to_read {
            self.header_to_read = false;
            if self.read_record()? {
                self.header = self.row.fields().map(str::to_owned).collect();
                if self.n_columns == 0 {
                    self.n_columns = self.header.len();
                }
            }
        }
        Ok(())
    }

    fn skip_line(&mut self) -> Result<(), Refusal> {
        let mut after_return = false;
        loop {
            let chunk = self.source.chunk(self.place.line)?;
            let Some(&byte) = chunk.first() else { return Ok(()) };
            if after_return && byte != b'\n' {
                self.place.line += 1;
                return Ok(());
            }
            self.place.offset += self.source.take(1);
            if byte == b'\n' {
                self.place.line += 1;
                return Ok(());
            }
            after_return = byte == b'\r';
        }
    }

    /// Reads one record into `row`; says whether there was one.
    fn read_record(&mut self) -> Result<bool, Refusal> {
        self.fields.bytes = std::mem::take(&mut self.row.text).into_bytes();
        self.fields.ends = std::mem::take(&mut self.row.ends);
        self.fields.clear();
        self.row.problems.clear();
        self.row.start = self.place;
        let mut n_record = 0;
        loop {
            let chunk = self.source.chunk(self.place.line)?;
            let complete = if chunk.is_empty() {
                if !self.splitter.finish(&mut self.fields) {
                    self.place.line += self.fields.n_lines_before;
                    return Ok(false);
                }
                true
            } else {
                let fed = self.splitter.feed(chunk, &mut self.fields);
                self.row.start.offset = if fed.n_before > 0 || n_record == 0 {
                    self.place.offset + self.source.original_length(fed.n_before)
                } else {
                    self.row.start.offset
                };
                n_record += fed.n_used - fed.n_before;
                self.place.offset += self.source.take(fed.n_used);
                fed.complete
            };
            if n_record > MAX_RECORD_BYTES {
                return Err(Refusal::LongLine { line: self.place.line + self.fields.n_lines_before + 1 });
            }
            if complete {
                self.row.start.line = self.place.line + self.fields.n_lines_before;
                self.place.line += self.fields.n_lines_before + self.fields.n_lines;
                self.fill_row();
                return Ok(true);
            }
        }
    }

    /// Decodes the fields into the row and notes what was wrong with them.
    fn fill_row(&mut self) {
        let bytes = std::mem::take(&mut self.fields.bytes);
        let ends = std::mem::take(&mut self.fields.ends);
        let text_is_utf8 = self.encoding == UTF_8 || self.source.decoder.is_some() || bytes.is_ascii();
        self.row.ends = ends;
        if text_is_utf8 {
            match String::from_utf8(bytes) {
                Ok(text) if self.row.ends.iter().all(|end| text.is_char_boundary(*end)) => {
                    self.row.text = text
                }
                Ok(text) => self.decode(text.as_bytes(), UTF_8),
                Err(error) => self.decode(error.as_bytes(), UTF_8),
            }
        } else {
            self.decode(&bytes, self.encoding);
        }
        let damaged = self.source.decoder.is_some() && self.row.text.contains(char::REPLACEMENT_CHARACTER);
        if damaged {
            self.note_replaced();
        }
        if self.fields.n_nul > 0 {
            self.row.problems.push(Problem::Nul { n: self.fields.n_nul });
        }
        if let Some(column) = self.fields.stray_quote {
            self.row.problems.push(Problem::StrayQuote { column });
        }
        if self.fields.unclosed_quote {
            self.row.problems.push(Problem::UnclosedQuote);
        }
    }

    fn decode(&mut self, bytes: &[u8], encoding: &'static Encoding) {
        let mut text = String::with_capacity(bytes.len() + bytes.len() / 2);
        let mut start = 0;
        let mut damaged = false;
        for end in &mut self.row.ends {
            let (field, errors) = encoding.decode_without_bom_handling(&bytes[start..*end]);
            damaged |= errors;
            start = *end;
            text.push_str(&field);
            *end = text.len();
        }
        self.row.text = text;
        if damaged {
            self.note_replaced();
        }
    }

    fn note_replaced(&mut self) {
        let n = self.row.text.matches(char::REPLACEMENT_CHARACTER).count();
        let column =
            self.row.fields().position(|field| field.contains(char::REPLACEMENT_CHARACTER)).unwrap_or(0);
        self.row.problems.push(Problem::Replaced { column, n });
    }

    fn check_width(&mut self) {
        let expected = self.n_columns;
        let found = self.row.ends.len();
        if expected == 0 {
            if self.place.row == 1 {
                self.n_columns = found;
            }
        } else if found < expected {
            self.row.problems.push(Problem::Short { found, expected });
        } else if found > expected {
            let extra = &self.row.text[self.row.ends[expected - 1]..];
            if extra.trim().is_empty() {
                self.row.ends.truncate(expected);
                let end = self.row.ends[expected - 1];
                self.row.text.truncate(end);
            } else {
                self.row.problems.push(Problem::Long { found, expected });
            }
        }
    }
}

/// The bytes of a file as the splitter wants them: as they are, or UTF-16 turned into UTF-8.
struct Source<'a> {
    input: Box<dyn Read + Send + 'a>,
    /// Only for UTF-16, whose line ends are no single bytes.
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    chunk: Vec<u8>,
    at: usize,
    len: usize,
    /// A byte order mark may come: the encoding to look for.
    mark: Option<&'static Encoding>,
    done: bool,
}

impl<'a> Source<'a> {
    fn new(input: Box<dyn Read + Send + 'a>, encoding: &'static Encoding, beginning: bool) -> Self {
        let utf_16 = encoding == UTF_16LE || encoding == UTF_16BE;
        Source {
            input,
            decoder: utf_16.then(|| encoding.new_decoder_without_bom_handling()),
            raw: vec![0; if utf_16 { CHUNK_BYTES / 4 } else { 0 }],
            chunk: vec![0; CHUNK_BYTES],
            at: 0,
            len: 0,
            mark: beginning.then_some(encoding),
            done: false,
        }
    }

    /// Passes over a byte order mark; says how many bytes of the original it took.
    fn skip_mark(&mut self, line: u64) -> Result<u64, Refusal> {
        if self.mark.take().is_none() {
            return Ok(0);
        }
        // A short read must not hide the mark, so three bytes are waited for.
        while self.len < 3 && !self.done {
            self.fill(line)?;
        }
        if self.chunk[..self.len].starts_with(b"\xEF\xBB\xBF") { Ok(self.take(3)) } else { Ok(0) }
    }

    /// What has been read and not yet used; empty only at the end of the file.
    fn chunk(&mut self, line: u64) -> Result<&[u8], Refusal> {
        while self.at == self.len && !self.done {
            self.at = 0;
            self.len = 0;
            self.fill(line)?;
        }
        Ok(&self.chunk[self.at..self.len])
    }

    /// Counts bytes of the chunk as used; says how many bytes of the original they were.
    fn take(&mut self, n: usize) -> u64 {
        let n_original = self.original_length(n);
        self.at += n;
        n_original
    }

    /// How many bytes of the original the next `n` bytes of the chunk stand for.
    fn original_length(&self, n: usize) -> u64 {
        if self.decoder.is_none() {
            return n as u64;
        }
        // UTF-8 continues a character with 10xxxxxx; four bytes are two units of UTF-16. A lone surrogate has become
        // U+FFFD, which is one unit as well.
        let used = &self.chunk[self.at..self.at + n];
        let n_units: usize =
            used.iter().map(|b| usize::from(b & 0xC0 != 0x80) + usize::from(*b >= 0xF0)).sum();
        2 * n_units as u64
    }

    /// Reads more behind what there is.
    fn fill(&mut self, line: u64) -> Result<(), Refusal> {
        let Some(decoder) = &mut self.decoder else {
            let n = read(&mut self.input, &mut self.chunk[self.len..], line)?;
            self.done = n == 0;
            self.len += n;
            return Ok(());
        };
        let n = read(&mut self.input, &mut self.raw, line)?;
        self.done = n == 0;
        // A unit of UTF-16 is at most three bytes of UTF-8, so a quarter of the chunk always fits into it.
        let (result, _, n_written, _) =
            decoder.decode_to_utf8(&self.raw[..n], &mut self.chunk[self.len..], self.done);
        debug_assert_eq!(result, CoderResult::InputEmpty);
        self.len += n_written;
        Ok(())
    }
}

fn read(input: &mut dyn Read, buffer: &mut [u8], line: u64) -> Result<usize, Refusal> {
    loop {
        match input.read(buffer) {
            Ok(n) => return Ok(n),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(Refusal::Unreadable { line, message: error.to_string() }),
        }
    }
}
