//! Prints how fast a million rows of ten columns are read, and how fast with dates and numbers parsed.

use std::time::Instant;

use sheet::values::{DateFormat, DateOrder, NumberFormat};
use sheet::{Dialect, Reader};

const N_ROWS: usize = 1_000_000;

fn main() -> Result<(), sheet::Refusal> {
    let mut file = String::from("id,name,email,date,city,amount,quantity,sku,status,note\n");
    for i in 0..N_ROWS {
        let (day, cents) = (i % 28 + 1, i % 100);
        file.push_str(&format!(
            "{i},Jörg Müller {i},joerg{i}@example.com,2024-03-{day:02},Köln,{}.{cents:02},{},SKU{:05},paid,\"said \"\"hello\"\"\"\n",
            i % 900,
            i % 9 + 1,
            i % 5000
        ));
    }
    let dialect = Dialect { n_columns: 10, ..Dialect::default() };
    measure("UTF-8 with umlauts and quotes", file.as_bytes(), &dialect, |row| row.n_fields());
    let (date, number) = (DateFormat::new(DateOrder::YearFirst), NumberFormat::default());
    measure("with a date and two numbers parsed", file.as_bytes(), &dialect, |row| {
        let parsed = |column| number.parse(row.get(column).unwrap_or_default()).is_ok();
        let dated = date.parse(row.get(3).unwrap_or_default()).is_ok();
        usize::from(dated) + usize::from(parsed(5)) + usize::from(parsed(6)) + 7
    });
    let ascii: String =
        file.chars().map(|c| if c.is_ascii() { c } else { 'o' }).filter(|c| *c != '"').collect();
    measure("ASCII without quotes", ascii.as_bytes(), &dialect, |row| row.n_fields());
    let latin: Vec<u8> = encoding_rs::WINDOWS_1252.encode(&file).0.into_owned();
    let dialect_latin = Dialect { encoding: encoding_rs::WINDOWS_1252, ..dialect.clone() };
    measure("Windows-1252", &latin, &dialect_latin, |row| row.n_fields());
    let wide: Vec<u8> = file.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let dialect_wide = Dialect { encoding: encoding_rs::UTF_16LE, ..dialect };
    measure("UTF-16", &wide, &dialect_wide, |row| row.n_fields());
    Ok(())
}

fn measure(what: &str, file: &[u8], dialect: &Dialect, count: impl Fn(&sheet::Row) -> usize) {
    let start = Instant::now();
    let mut reader = Reader::open(file, dialect);
    let (mut n_rows, mut n_fields) = (0_u64, 0);
    while let Ok(Some(row)) = reader.next_row() {
        n_rows += 1;
        n_fields += count(row);
    }
    let seconds = start.elapsed().as_secs_f64();
    let megabytes = file.len() as f64 / 1e6;
    println!(
        "{what}: {n_rows} rows, {n_fields} fields, {megabytes:.0} MB in {seconds:.2} s: {:.0} rows/s, {:.0} MB/s",
        n_rows as f64 / seconds,
        megabytes / seconds
    );
}
