//! Why a file cannot be read as rows, in one sentence that says what to do.

use thiserror::Error;

/// Why a file cannot be read as rows. The message says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Nothing, or nothing but blanks.
    #[error("the file is empty: choose another one, or export it again")]
    Empty,
    /// A file of another kind that is known by its first bytes.
    #[error("this is {what}: {advice}")]
    Foreign {
        /// What it is, with its article: `an Excel workbook`.
        what: &'static str,
        /// What to do, as an imperative.
        advice: &'static str,
    },
    /// NUL bytes in text that is not UTF-16.
    #[error("this is not a text file (it has NUL bytes): export it again as CSV in UTF-8")]
    Binary,
    /// No table in the text.
    #[error(
        "there are no columns in this file: it should have one row a line, with commas, semicolons or tabs between the fields"
    )]
    NoColumns,
    /// A record longer than [`crate::MAX_RECORD_BYTES`].
    #[error(
        "line {line} is longer than 1 MiB: check it for a quote that is never closed, or for missing line ends"
    )]
    LongLine {
        /// The line on which the record begins, from 1.
        line: u64,
    },
    /// The file could not be read.
    #[error("the file could not be read after line {line}: {message}; try again")]
    Unreadable {
        /// Lines that had been read.
        line: u64,
        /// What the system said.
        message: String,
    },
}

const SAVE_AS_CSV: &str = "open it in a spreadsheet program, save the sheet as CSV, and choose that file";
const UNPACK: &str = "unpack it and choose the CSV file inside";

/// First bytes and what they mean. Zip files are looked at more closely.
const KINDS: &[(&[u8], &str, &str)] = &[
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Excel workbook or another Office file", SAVE_AS_CSV),
    (b"%PDF", "a PDF document", "ask whoever made it for the table as CSV"),
    (b"\x89PNG\r\n", "a picture", "choose the file that holds the rows as text"),
    (b"\xFF\xD8\xFF", "a picture", "choose the file that holds the rows as text"),
    (b"GIF8", "a picture", "choose the file that holds the rows as text"),
    (b"\x1F\x8B", "a gzip archive", UNPACK),
    (b"BZh", "a bzip2 archive", UNPACK),
    (b"\xFD7zXZ\x00", "an xz archive", UNPACK),
    (b"\x28\xB5\x2F\xFD", "a zstd archive", UNPACK),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive", UNPACK),
    (b"Rar!\x1A\x07", "a RAR archive", UNPACK),
    (b"SQLite format 3\x00", "an SQLite database", "export the table as CSV and choose that file"),
    (b"PAR1", "a Parquet file", "convert it to CSV and choose that file"),
    (b"{\\rtf", "a rich text document", "save it as plain text"),
    (b"\x7FELF", "a program", "choose the file that holds the rows"),
    (b"MZ\x90\x00", "a program", "choose the file that holds the rows"),
];

/// Text formats that are no table, known by how they begin; in lower case and without blanks.
const TEXTS: &[(&str, &str, &str)] = &[
    ("begin:vcard", "a vCard file", "import it as vCard"),
    ("begin:vcalendar", "a calendar file", "choose a file of contacts, companies, products or orders"),
    ("<!doctypehtml", "a web page", SAVE_AS_CSV),
    ("<html", "a web page", SAVE_AS_CSV),
    ("<table", "a web page", SAVE_AS_CSV),
    ("<?xml", "an XML file", SAVE_AS_CSV),
    ("{\"", "a JSON file", "convert it to CSV with one object a row"),
    ("[\"", "a JSON file", "convert it to CSV with one object a row"),
    ("[{", "a JSON file", "convert it to CSV with one object a row"),
];

/// Refuses files that are known by their first bytes to be something else than text.
pub(crate) fn refuse_foreign(sample: &[u8]) -> Result<(), Refusal> {
    if sample.starts_with(b"PK\x03\x04") {
        let (what, advice) = zip_kind(sample);
        return Err(Refusal::Foreign { what, advice });
    }
    for (magic, what, advice) in KINDS {
        if sample.starts_with(magic) {
            return Err(Refusal::Foreign { what, advice });
        }
    }
    Ok(())
}

/// Refuses text that is known by its beginning to be no table.
pub(crate) fn refuse_other_text(text: &str) -> Result<(), Refusal> {
    let start: String = text.chars().filter(|c| !c.is_whitespace()).take(20).collect();
    let start = start.to_ascii_lowercase();
    for (beginning, what, advice) in TEXTS {
        if start.starts_with(beginning) {
            return Err(Refusal::Foreign { what, advice });
        }
    }
    Ok(())
}

fn zip_kind(sample: &[u8]) -> (&'static str, &'static str) {
    let holds = |name: &[u8]| sample.windows(name.len()).any(|window| window == name);
    if holds(b"opendocument.spreadsheet") {
        ("an OpenDocument spreadsheet", SAVE_AS_CSV)
    } else if holds(b"word/") {
        ("a Word document", "copy the table into a spreadsheet program and save it as CSV")
    } else if holds(b"xl/") || holds(b"[Content_Types].xml") {
        ("an Excel workbook", SAVE_AS_CSV)
    } else if holds(b"Index/") && holds(b".iwa") {
        ("a Numbers spreadsheet", SAVE_AS_CSV)
    } else {
        ("a zip archive", UNPACK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excel_workbook_is_named_and_advised() {
        let refusal =
            refuse_foreign(b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml....xl/workbook.xml").unwrap_err();
        insta::assert_snapshot!(refusal, @"this is an Excel workbook: open it in a spreadsheet program, save the sheet as CSV, and choose that file");
    }

    #[test]
    fn json_and_web_pages_are_no_tables() {
        assert!(refuse_other_text("[\n  {\"a\": 1}]").is_err());
        assert!(refuse_other_text("  <HTML><table>").is_err());
        assert!(refuse_other_text("name,mail\n").is_ok());
    }
}
