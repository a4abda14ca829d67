//! Says how a file of rows is written, what it would fill and what does not fit: `cargo run --example sniff_file -- FILE [orders|contacts|companies|products]`.

use std::fs::File;
use std::io::Read;

use sheet::{Format, names, values};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("name a file")?;
    let targets = match arguments.next().as_deref() {
        Some("contacts") => names::CONTACTS,
        Some("companies") => names::COMPANIES,
        Some("products") => names::PRODUCTS,
        _ => names::ORDERS,
    };
    let mut sample = Vec::new();
    File::open(&path)?.take(sheet::SAMPLE_BYTES as u64).read_to_end(&mut sample)?;
    let sniffed = sheet::sniff(&sample)?;
    for line in &sniffed.why {
        println!("- {line}");
    }
    let matches = names::guess_mapping(&sniffed.columns, targets);
    for (column, found) in sniffed.columns.iter().zip(matches) {
        let field = found.map(|m| format!("{} ({:.2}: {})", m.key, m.confidence, m.why)).unwrap_or_default();
        let note = column.ambiguous.as_deref().unwrap_or_default();
        println!(
            "{:24} {:18} {:40} {} {:?}",
            column.name,
            column.kind.to_string(),
            field,
            note,
            column.samples
        );
    }
    let mut reader = sheet::Reader::open(File::open(&path)?, &sniffed.dialect);
    let (mut n_rows, mut n_odd, mut n_unread) = (0_u64, 0_u64, 0_u64);
    while let Some(row) = reader.next_row()? {
        n_rows += 1;
        n_odd += u64::from(!row.problems().is_empty());
        for (column, cell) in
            sniffed.columns.iter().zip(row.fields()).filter(|(_, cell)| !values::blank(cell))
        {
            n_unread += u64::from(match column.format {
                Format::Plain => false,
                Format::Number(format) => format.parse(cell).is_err(),
                Format::Date(format) => format.parse(cell).is_err(),
            });
        }
    }
    println!(
        "{n_rows} rows, {n_odd} of them with a problem; {n_unread} cells do not fit the format of their column"
    );
    Ok(())
}
