//! Files that are broken, enormous or no table at all: nothing may panic, and memory stays bounded.

#![allow(clippy::unwrap_used)]

use std::io::Read;

use proptest::prelude::*;
use sheet::{Delimiter, Dialect, Problem, Reader, Refusal, describe, sniff};

/// A file made up as it is read.
struct Endless {
    beginning: &'static [u8],
    filling: u8,
    n_left: u64,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if !self.beginning.is_empty() {
            let n = self.beginning.len().min(buffer.len());
            buffer[..n].copy_from_slice(&self.beginning[..n]);
            self.beginning = &self.beginning[n..];
            return Ok(n);
        }
        let n = usize::try_from(self.n_left).unwrap_or(usize::MAX).min(buffer.len());
        buffer[..n].fill(self.filling);
        self.n_left -= n as u64;
        Ok(n)
    }
}

fn read(bytes: &[u8], dialect: &Dialect) -> String {
    let mut reader = Reader::open(bytes, dialect);
    let mut lines = Vec::new();
    loop {
        match reader.next_row() {
            Ok(Some(row)) => {
                let problems: Vec<String> = row.problems().iter().map(ToString::to_string).collect();
                let fields: Vec<&str> = row.fields().collect();
                lines.push(format!(
                    "{} line {} byte {}: {fields:?} {}",
                    row.number(),
                    row.line(),
                    row.offset(),
                    problems.join("; ")
                ));
            }
            Ok(None) => break,
            Err(refusal) => {
                lines.push(refusal.to_string());
                break;
            }
        }
    }
    lines.join("\n")
}

#[test]
fn a_line_of_a_gigabyte_is_refused_after_its_first_megabyte() {
    for (beginning, filling) in
        [(&b"a,b\n1,2\n"[..], b'x'), (b"a,b\n1,2\n", b','), (b"a,b\n1,2\n\"", b'\n'), (b"a,b\n1,2\n", 0)]
    {
        let source = Endless { beginning, filling, n_left: 1 << 30 };
        let mut reader = Reader::open(source, &Dialect::default());
        assert!(reader.next_row().unwrap().is_some());
        assert_eq!(reader.next_row().unwrap_err(), Refusal::LongLine { line: 3 });
        assert!(reader.place().offset < 3 << 20);
    }
}

#[test]
fn a_gigabyte_without_line_ends_is_refused_in_the_header() {
    let source = Endless { beginning: b"", filling: b'x', n_left: 1 << 30 };
    let mut reader = Reader::open(source, &Dialect::default());
    assert_eq!(reader.header().unwrap_err(), Refusal::LongLine { line: 1 });
}

#[test]
fn rows_that_do_not_fit_are_read_and_reported() {
    let file = b"a,b,c\n1,2\n1,2,3,4\n1,2,3,,\n\n\"x\"y,2,3\n1,\"open,3\n4,5,6\n";
    insta::assert_snapshot!(read(file, &Dialect::default()));
}

#[test]
fn bytes_that_are_no_text_are_replaced_and_reported() {
    insta::assert_snapshot!(read(
        b"a,b\n\xFF\xFE,2\nM\xC3\xBCller,M\xFCller\n\x00x\x00,2\n\xC3,\xBC\n",
        &Dialect::default()
    ));
}

#[test]
fn every_kind_of_line_end_ends_a_line() {
    for ends in ["\n", "\r\n", "\r"] {
        let file = "a,b\n1,\"x\ny\"\n\n3,4\n".replace('\n', ends);
        let rows = read(file.as_bytes(), &Dialect::default());
        assert!(rows.contains("1 line 2 ") && rows.contains("2 line 5 "), "{ends:?}: {rows}");
        let sniffed = sniff(file.as_bytes()).unwrap();
        assert_eq!(
            sniffed.sample_rows,
            [vec!["1".to_owned(), format!("x{ends}y")], vec!["3".to_owned(), "4".to_owned()]]
        );
    }
}

#[test]
fn files_that_are_no_table_are_named() {
    let files: [&[u8]; 10] = [
        b"",
        b"  \r\n\t \n",
        b"\xEF\xBB\xBF",
        b"%PDF-1.7 ...",
        b"PK\x03\x04 ... xl/workbook.xml",
        b"\x89PNG\r\n\x1A\n",
        b"BEGIN:VCARD\r\nVERSION:4.0",
        b"[\n {\"a\": 1}]",
        b"a\0b\0\0\0c,1,2\n\0\0",
        b"<!DOCTYPE html><table>",
    ];
    let lines: Vec<String> = files.iter().map(|file| sniff(file).unwrap_err().to_string()).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn right_to_left_text_and_emoji_come_through() {
    let file = "الاسم,note\nمحمد ‏,👩‍👩‍👧 \u{202e}evil\nZ\u{0308}a\u{0301}lgo,﷽\n";
    let sniffed = sniff(file.as_bytes()).unwrap();
    assert_eq!(sniffed.sample_rows[0], ["محمد ‏", "👩‍👩‍👧 \u{202e}evil"]);
    assert_eq!(sniffed.columns[0].name, "الاسم");
}

#[test]
fn a_source_that_fails_is_reported_once_with_its_place() {
    struct Broken(u8);
    impl Read for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            self.0 += 1;
            match self.0 {
                1 => {
                    buffer[..8].copy_from_slice(b"a,b\n1,2\n");
                    Ok(8)
                }
                2 => Err(std::io::ErrorKind::Interrupted.into()),
                _ => Err(std::io::Error::other("the disk is gone")),
            }
        }
    }
    let mut reader = Reader::open(Broken(0), &Dialect::default());
    assert!(reader.next_row().unwrap().is_some());
    insta::assert_snapshot!(reader.next_row().unwrap_err(), @"the file could not be read after line 2: the disk is gone; try again");
}

fn dialects() -> impl Strategy<Value = Dialect> {
    let encodings = [
        encoding_rs::UTF_8,
        encoding_rs::UTF_16LE,
        encoding_rs::UTF_16BE,
        encoding_rs::WINDOWS_1252,
        encoding_rs::SHIFT_JIS,
        encoding_rs::GBK,
        encoding_rs::ISO_2022_JP,
        encoding_rs::REPLACEMENT,
    ];
    let delimiters = [
        Delimiter::Byte(b','),
        Delimiter::Byte(b';'),
        Delimiter::Byte(b'|'),
        Delimiter::Byte(b'"'),
        Delimiter::Blanks,
    ];
    let quotes = [None, Some(b'"'), Some(b'\'')];
    (
        prop::sample::select(encodings.to_vec()),
        prop::sample::select(delimiters.to_vec()),
        prop::sample::select(quotes.to_vec()),
        prop::sample::select(vec![None, Some(b'\\')]),
        prop::sample::select(vec![None, Some(b'#')]),
        0_usize..3,
        any::<bool>(),
        0_usize..4,
    )
        .prop_map(|(encoding, delimiter, quote, escape, comment, skip_lines, header, n_columns)| {
            Dialect { encoding, delimiter, quote, escape, comment, skip_lines, header, n_columns }
        })
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let awkward = prop::sample::select(&b",;|\t\"'\\#\r\n \0\xFF\xFE\xEF\xBB\xBF\x81\xC3ab1="[..]);
    prop_oneof![prop::collection::vec(any::<u8>(), 0..400), prop::collection::vec(awkward, 0..400)]
}

proptest! {
    #[test]
    fn sniffing_never_panics(bytes in bytes()) {
        if let Ok(sniffed) = sniff(&bytes) {
            prop_assert!(sniffed.sample_rows.iter().all(|row| row.len() == sniffed.columns.len()));
        }
    }

    #[test]
    fn reading_never_panics_and_uses_every_byte(bytes in bytes(), dialect in dialects()) {
        let mut reader = Reader::open(bytes.as_slice(), &dialect);
        let mut before = reader.place();
        while let Some(row) = reader.next_row().unwrap() {
            prop_assert!(row.fields().count() == row.n_fields());
            prop_assert!(row.offset() >= before.offset && row.line() > before.line);
            let place = reader.place();
            prop_assert!(place.row == before.row + 1);
            before = place;
        }
        let utf_16 = dialect.encoding == encoding_rs::UTF_16LE || dialect.encoding == encoding_rs::UTF_16BE;
        let n = reader.place().offset;
        prop_assert!(n == bytes.len() as u64 || (utf_16 && n.abs_diff(bytes.len() as u64) <= 2));
        let _ = describe(&bytes, &dialect);
    }

    #[test]
    fn reading_in_small_pieces_gives_the_same(bytes in bytes(), dialect in dialects(), piece in 1_usize..5) {
        struct Pieces<'a>(&'a [u8], usize);
        impl Read for Pieces<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                let n = self.1.min(buffer.len()).min(self.0.len());
                buffer[..n].copy_from_slice(&self.0[..n]);
                self.0 = &self.0[n..];
                Ok(n)
            }
        }
        let mut whole = Reader::open(bytes.as_slice(), &dialect);
        let mut pieces = Reader::open(Pieces(&bytes, piece), &dialect);
        loop {
            let (a, b) = (whole.next_row().unwrap().cloned(), pieces.next_row().unwrap().cloned());
            prop_assert_eq!(&a, &b);
            if a.is_none() { break }
        }
    }
}

#[test]
fn a_stray_quote_names_its_column() {
    let mut reader = Reader::open(&b"a,b\n1,\"x\" y\n"[..], &Dialect::default());
    let row = reader.next_row().unwrap().unwrap();
    assert_eq!(row.problems(), [Problem::StrayQuote { column: 1 }]);
    assert_eq!(row.get(1), Some("x y"));
}
