//! Cuts bytes into the fields of one record, a chunk at a time.
//!
//! Works on the bytes of the original encoding. That is safe for every encoding that keeps ASCII, with one
//! exception: in Shift_JIS, GBK and Big5 the second byte of a character may look like `|`, `^` or a backslash, so
//! first bytes are known here and take the second one with them.

use encoding_rs::{BIG5, GB18030, GBK, SHIFT_JIS};

use crate::{Delimiter, Dialect};

/// What a byte means outside and inside quotes.
const PLAIN: u8 = 0;
const SPECIAL: u8 = 1;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first byte of a record: blank lines are passed over.
    RecordStart,
    /// In a line that is a comment.
    Comment,
    FieldStart,
    Unquoted,
    Quoted,
    /// After a quote inside a quoted field: its end, or the first of two.
    QuoteSeen,
    /// After a closed quote and blanks.
    AfterQuote,
    /// At a line end after blanks that separate fields: they begin none.
    NoField,
    Escaped {
        quoted: bool,
    },
    SecondByte {
        quoted: bool,
    },
    /// After a carriage return that ended a record or a blank line.
    CarriageReturn {
        record: bool,
    },
}

/// The fields of one record as bytes.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    pub(crate) bytes: Vec<u8>,
    pub(crate) ends: Vec<usize>,
    /// Line ends passed, in and before the record.
    pub(crate) n_lines: u64,
    /// Line ends and bytes passed before the record began (blank lines and comments).
    pub(crate) n_lines_before: u64,
    pub(crate) n_nul: usize,
    pub(crate) stray_quote: Option<usize>,
    pub(crate) unclosed_quote: bool,
}

impl Fields {
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.n_lines = 0;
        self.n_lines_before = 0;
        self.n_nul = 0;
        self.stray_quote = None;
        self.unclosed_quote = false;
    }

    fn field_start(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    fn end_field(&mut self) {
        self.ends.push(self.bytes.len());
    }
}

/// What [`Splitter::feed`] made of a chunk.
pub(crate) struct Fed {
    /// Bytes of the chunk that were used.
    pub(crate) n_used: usize,
    /// Bytes of those that came before the record began.
    pub(crate) n_before: usize,
    /// Whether the record is complete.
    pub(crate) complete: bool,
}

/// The state machine.
#[derive(Debug)]
pub(crate) struct Splitter {
    delimiter: u8,
    blanks: bool,
    quote: Option<u8>,
    escape: Option<u8>,
    comment: Option<u8>,
    outside: [u8; 256],
    inside: [u8; 256],
    state: State,
    /// The last byte inside quotes was a carriage return, so a line feed ends the same line.
    carriage_return: bool,
    /// Blanks after a closed quote, which belong to the field only if text follows.
    n_blanks: usize,
}

impl Splitter {
    pub(crate) fn new(dialect: &Dialect) -> Self {
        let (delimiter, blanks) = match dialect.delimiter {
            Delimiter::Byte(byte) => (byte, false),
            Delimiter::Blanks => (b' ', true),
        };
        let mut outside = [PLAIN; 256];
        let mut inside = [PLAIN; 256];
        for byte in [delimiter, b'\n', b'\r', 0] {
            outside[usize::from(byte)] = SPECIAL;
        }
        if blanks {
            outside[usize::from(b'\t')] = SPECIAL;
        }
        for byte in [b'\n', b'\r', 0] {
            inside[usize::from(byte)] = SPECIAL;
        }
        for byte in [dialect.quote, dialect.escape].into_iter().flatten() {
            inside[usize::from(byte)] = SPECIAL;
        }
        if let Some(byte) = dialect.escape {
            outside[usize::from(byte)] = SPECIAL;
        }
        for byte in first_bytes(dialect) {
            outside[usize::from(byte)] = SPECIAL;
            inside[usize::from(byte)] = SPECIAL;
        }
        Splitter {
            delimiter,
            blanks,
            quote: dialect.quote,
            escape: dialect.escape,
            comment: dialect.comment,
            outside,
            inside,
            state: State::RecordStart,
            carriage_return: false,
            n_blanks: 0,
        }
    }

    /// Reads on in the current record until it is complete or the chunk is used up.
    pub(crate) fn feed(&mut self, chunk: &[u8], fields: &mut Fields) -> Fed {
        let mut i = 0;
        let mut n_before = 0;
        while i < chunk.len() {
            let byte = chunk[i];
            match self.state {
                State::RecordStart | State::Comment => {
                    self.before_record(byte, fields, &mut i);
                    n_before = i;
                }
                State::CarriageReturn { record } => {
                    self.state = State::RecordStart;
                    let both = byte == b'\n';
                    i += usize::from(both);
                    if record {
                        return Fed { n_used: i, n_before, complete: true };
                    }
                    n_before = i;
                }
                State::FieldStart => self.field_start(byte, fields, &mut i),
                State::Unquoted => {
                    let n = plain_length(&chunk[i..], &self.outside);
                    fields.bytes.extend_from_slice(&chunk[i..i + n]);
                    i += n;
                    if i < chunk.len() {
                        let byte = chunk[i];
                        i += 1;
                        if self.unquoted(byte, fields) {
                            return Fed { n_used: i, n_before, complete: true };
                        }
                    }
                }
                State::Quoted => {
                    let n = plain_length(&chunk[i..], &self.inside);
                    fields.bytes.extend_from_slice(&chunk[i..i + n]);
                    i += n;
                    self.carriage_return &= n == 0;
                    if i < chunk.len() {
                        self.quoted(chunk[i], fields);
                        i += 1;
                    }
                }
                State::QuoteSeen | State::AfterQuote => {
                    i += 1;
                    if self.after_quote(byte, fields) {
                        return Fed { n_used: i, n_before, complete: true };
                    }
                }
                State::NoField => {
                    i += 1;
                    if self.end_record(byte, fields) {
                        return Fed { n_used: i, n_before, complete: true };
                    }
                }
                State::Escaped { quoted } => {
                    i += 1;
                    self.escaped(byte, quoted, fields);
                }
                State::SecondByte { quoted } => {
                    self.state = if quoted { State::Quoted } else { State::Unquoted };
                    // A line end is never a second byte: the first one was damaged.
                    if !matches!(byte, b'\n' | b'\r' | 0) {
                        fields.bytes.push(byte);
                        i += 1;
                    }
                }
            }
        }
        Fed { n_used: i, n_before, complete: false }
    }

    /// The file ends here; says whether there was one more record.
    pub(crate) fn finish(&mut self, fields: &mut Fields) -> bool {
        let state = std::mem::replace(&mut self.state, State::RecordStart);
        match state {
            State::RecordStart | State::Comment | State::CarriageReturn { record: false } => return false,
            State::CarriageReturn { record: true } => return true,
            State::Escaped { .. } => fields.bytes.extend(self.escape),
            _ => {}
        }
        fields.unclosed_quote = matches!(
            state,
            State::Quoted | State::Escaped { quoted: true } | State::SecondByte { quoted: true }
        );
        if !(self.blanks && state == State::FieldStart) {
            fields.end_field();
        }
        true
    }

    fn before_record(&mut self, byte: u8, fields: &mut Fields, i: &mut usize) {
        match byte {
            b'\n' => {
                fields.n_lines_before += 1;
                self.state = State::RecordStart;
                *i += 1;
            }
            b'\r' => {
                fields.n_lines_before += 1;
                self.state = State::CarriageReturn { record: false };
                *i += 1;
            }
            _ if self.state == State::Comment => *i += 1,
            _ if self.comment == Some(byte) => {
                self.state = State::Comment;
                *i += 1;
            }
            b' ' | b'\t' if self.blanks => *i += 1,
            _ => self.state = State::FieldStart,
        }
    }

    fn field_start(&mut self, byte: u8, fields: &mut Fields, i: &mut usize) {
        if self.quote == Some(byte) {
            // Blanks between the delimiter and the quote are no part of the field.
            fields.bytes.truncate(fields.field_start());
            self.state = State::Quoted;
            *i += 1;
        } else if byte == b' ' && self.delimiter != b' ' {
            fields.bytes.push(byte);
            *i += 1;
        } else if self.blanks && matches!(byte, b' ' | b'\t') {
            *i += 1;
        } else if self.blanks && matches!(byte, b'\n' | b'\r') {
            self.state = State::NoField;
        } else {
            self.state = State::Unquoted;
        }
    }

    /// Meets a special byte outside quotes; says whether the record is complete.
    fn unquoted(&mut self, byte: u8, fields: &mut Fields) -> bool {
        if byte == self.delimiter || (self.blanks && byte == b'\t') {
            fields.end_field();
            self.state = State::FieldStart;
            return false;
        }
        match byte {
            b'\n' | b'\r' => return self.end_record(byte, fields),
            0 => fields.n_nul += 1,
            _ if self.escape == Some(byte) => self.state = State::Escaped { quoted: false },
            _ => {
                fields.bytes.push(byte);
                self.state = State::SecondByte { quoted: false };
            }
        }
        false
    }

    fn end_record(&mut self, byte: u8, fields: &mut Fields) -> bool {
        if self.state != State::NoField {
            fields.end_field();
        }
        fields.n_lines += 1;
        if byte == b'\r' {
            self.state = State::CarriageReturn { record: true };
            return false;
        }
        self.state = State::RecordStart;
        true
    }

    fn quoted(&mut self, byte: u8, fields: &mut Fields) {
        if self.escape == Some(byte) {
            self.state = State::Escaped { quoted: true };
        } else if self.quote == Some(byte) {
            self.state = State::QuoteSeen;
        } else if byte == 0 {
            fields.n_nul += 1;
        } else if byte == b'\n' || byte == b'\r' {
            fields.n_lines += u64::from(!(byte == b'\n' && self.carriage_return));
            fields.bytes.push(byte);
        } else {
            fields.bytes.push(byte);
            self.state = State::SecondByte { quoted: true };
        }
        self.carriage_return = byte == b'\r';
    }

    fn after_quote(&mut self, byte: u8, fields: &mut Fields) -> bool {
        if self.state == State::QuoteSeen && self.quote == Some(byte) {
            fields.bytes.push(byte);
            self.state = State::Quoted;
            return false;
        }
        if byte == self.delimiter || matches!(byte, b'\n' | b'\r') || (self.blanks && byte == b'\t') {
            return self.unquoted(byte, fields);
        }
        if self.state == State::QuoteSeen {
            self.n_blanks = 0;
            self.state = State::AfterQuote;
        }
        if byte == 0 {
            fields.n_nul += 1;
        } else if byte == b' ' {
            self.n_blanks += 1;
        } else {
            fields.stray_quote.get_or_insert(fields.ends.len());
            let with_blanks = fields.bytes.len() + self.n_blanks;
            fields.bytes.resize(with_blanks, b' ');
            fields.bytes.push(byte);
            self.state = State::Unquoted;
        }
        false
    }

    fn escaped(&mut self, byte: u8, quoted: bool, fields: &mut Fields) {
        let meant = self.quote == Some(byte) || self.escape == Some(byte) || byte == self.delimiter;
        if !meant {
            fields.bytes.extend(self.escape);
        }
        self.state = if quoted { State::Quoted } else { State::Unquoted };
        if byte == b'\n' || byte == b'\r' {
            fields.n_lines += u64::from(!(byte == b'\n' && self.carriage_return));
            self.carriage_return = byte == b'\r';
        }
        if byte == 0 {
            fields.n_nul += 1;
        } else {
            fields.bytes.push(byte);
        }
    }
}

fn plain_length(bytes: &[u8], table: &[u8; 256]) -> usize {
    bytes.iter().position(|byte| table[usize::from(*byte)] != PLAIN).unwrap_or(bytes.len())
}

/// Bytes that begin a character of two bytes whose second one may look like ASCII.
fn first_bytes(dialect: &Dialect) -> Vec<u8> {
    let encoding = dialect.encoding;
    if encoding == SHIFT_JIS {
        (0x81..=0x9F).chain(0xE0..=0xFC).collect()
    } else if encoding == GBK || encoding == GB18030 || encoding == BIG5 {
        (0x81..=0xFE).collect()
    } else {
        Vec::new()
    }
}
