//! Says how a file of rows is written and what it would fill: `cargo run --example sniff_file -- FILE [orders|contacts|companies|products]`.

use std::fs::File;
use std::io::Read;

use sheet::names;

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
    Ok(())
}
