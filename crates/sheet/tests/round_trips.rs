//! What is written is read back, and reading goes on after a crash where it stopped.

#![allow(clippy::unwrap_used)]

use std::io::Cursor;

use encoding_rs::{GBK, ISO_8859_15, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1256};
use proptest::prelude::*;
use sheet::write::{Options, Writer, guard, unguard};
use sheet::{Dialect, Reader};

fn written(rows: &[Vec<String>], options: Options) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), options);
    for row in rows {
        writer.write_row(row.iter().map(String::as_str)).unwrap();
    }
    writer.finish().unwrap()
}

fn read(bytes: &[u8], dialect: &Dialect) -> Vec<Vec<String>> {
    let mut reader = Reader::open(bytes, dialect);
    let mut rows = Vec::new();
    while let Some(row) = reader.next_row().unwrap() {
        assert_eq!(row.problems(), []);
        rows.push(row.fields().map(|field| unguard(field).to_owned()).collect());
    }
    rows
}

fn cell() -> impl Strategy<Value = String> {
    // NUL is the one character that no table has; the reader leaves it out.
    prop_oneof![any::<String>(), "[\"',;=+@ \t\r\n#a1-]{0,8}"].prop_map(|text: String| text.replace('\0', ""))
}

fn tables() -> impl Strategy<Value = Vec<Vec<String>>> {
    (1_usize..5)
        .prop_flat_map(|n_columns| prop::collection::vec(prop::collection::vec(cell(), n_columns), 1..8))
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(table in tables(), mark in any::<bool>(), delimiter in prop::sample::select(&b",;\t|"[..])) {
        let bytes = written(&table, Options { delimiter, mark, guard: true });
        let dialect = Dialect { delimiter: sheet::Delimiter::Byte(delimiter), header: false, ..Dialect::default() };
        prop_assert_eq!(read(&bytes, &dialect), table);
    }

    #[test]
    fn guarding_is_undone(cell in cell()) {
        let guarded = guard(&cell);
        prop_assert_eq!(unguard(&guarded), cell.as_str());
    }

    #[test]
    fn reading_goes_on_where_it_stopped(table in tables(), stop in 0_usize..8, utf_16 in any::<bool>(), blank_lines in any::<bool>()) {
        let mut text = String::from_utf8(written(&table, Options::default())).unwrap();
        if blank_lines && !text.contains('"') {
            text = text.replace("\r\n", "\r\n\n");
        }
        let encoding = if utf_16 { UTF_16LE } else { UTF_8 };
        let bytes = if utf_16 { text.encode_utf16().flat_map(u16::to_le_bytes).collect() } else { text.into_bytes() };
        let dialect = Dialect { encoding, n_columns: table[0].len(), ..Dialect::default() };
        let mut reader = Reader::open(bytes.as_slice(), &dialect);
        for _ in 0..stop {
            reader.next_row().unwrap();
        }
        let mut resumed = Reader::resume_at(Cursor::new(bytes.clone()), &dialect, reader.place()).unwrap();
        loop {
            let (expected, found) = (reader.next_row().unwrap().cloned(), resumed.next_row().unwrap().cloned());
            prop_assert_eq!(&expected, &found);
            if expected.is_none() { break }
        }
    }
}

#[test]
fn every_encoding_comes_back_as_text() {
    let cases = [
        (WINDOWS_1252, "name;Größe\nMüller;1,50 €\nJosé Núñez;2,75 €\nFrançois Lefèvre;3,20 €\n"),
        (ISO_8859_15, "nom;prénom\nLefèvre;François\nMünch;Zoë\n"),
        (WINDOWS_1256, "الاسم,المدينة\nمحمد علي,القاهرة\nفاطمة حسن,بغداد\nأحمد محمود,دمشق\n"),
        (SHIFT_JIS, "名前,都市\n山田太郎,東京都\n鈴木花子,大阪市北区\n表示能力,ソフト\n"),
        (GBK, "姓名,城市\n王小明,北京市\n李晓红,上海市浦东新区\n张伟,广州\n"),
        (UTF_8, "name,city\nJörg,Köln\n"),
    ];
    for (encoding, text) in cases {
        let (bytes, _, unmappable) = encoding.encode(text);
        assert!(!unmappable);
        let sniffed = sheet::sniff(&bytes).unwrap();
        let rows: Vec<String> = sniffed.sample_rows.iter().map(|row| row.join(",")).collect();
        let expected: Vec<String> = text.lines().skip(1).map(|line| line.replace(';', ",")).collect();
        assert_eq!(rows, expected, "{} was read as {}", encoding.name(), sniffed.dialect.encoding.name());
    }
}

#[test]
fn utf_16_is_known_with_and_without_its_mark() {
    let text = "name\tcity\nJörg\tKöln 😀\nZoë\tDüren\n";
    for mark in ["", "\u{feff}"] {
        let units: Vec<u16> = format!("{mark}{text}").encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        for (bytes, encoding) in [(little, UTF_16LE), (big, UTF_16BE)] {
            let sniffed = sheet::sniff(&bytes).unwrap();
            assert_eq!(sniffed.dialect.encoding, encoding);
            assert_eq!(sniffed.sample_rows[0], ["Jörg", "Köln 😀"]);
            assert_eq!(sniffed.columns[0].name, "name");
        }
    }
}
