//! `kith export`: the records of an object as a file.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use clap::{Args, ValueEnum};
use kernel::{ListQuery, SortKey, filter};

use crate::place::Place;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For spreadsheets and for `kith import`.
    Csv,
    /// One JSON object on each line, as the API gives records.
    Jsonl,
}

/// Arguments of `kith export`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kith export customers --sort -lifetime_value > customers.csv
  kith export contacts --filter 'city = Utrecht and n_orders > 2' --fields name,email
  kith export orders --filter 'placed_on >= 2026-01-01' --format jsonl --out orders.jsonl")]
pub(crate) struct Command {
    /// What to export: customers, contacts, companies, orders, deals …
    object: String,
    /// Only records that meet it, as in the lists of the web pages.
    #[arg(long)]
    filter: Option<String>,
    /// Order, such as -lifetime_value,name.
    #[arg(long, allow_hyphen_values = true)]
    sort: Option<String>,
    /// Fields to write, separated by commas; all when not given.
    #[arg(long, value_delimiter = ',')]
    fields: Vec<String>,
    /// How to write them.
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    /// The file to write instead of standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Writes page after page; each is consistent in itself.
pub(crate) fn run(place: &Place, args: &Command) -> Result<()> {
    let open = place.open_existing()?;
    let ctx = open.ctx()?;
    let object = ctx.catalogue.need(&args.object)?;
    let parsed = args.filter.as_deref().map(filter::parse).transpose().map_err(|e| anyhow!("filter: {e}"))?;
    let mut query = ListQuery {
        filter: parsed,
        sort: SortKey::parse_all(args.sort.as_deref().unwrap_or_default()),
        fields: args.fields.iter().map(|f| f.trim().to_string()).filter(|f| !f.is_empty()).collect(),
        ..ListQuery::default()
    };
    let format = match args.format {
        Format::Csv => web::exports::Format::Csv,
        Format::Jsonl => web::exports::Format::JsonLines,
    };
    // The first page is read before a file is made, so that a wrong filter leaves no empty file.
    let (mut bytes, mut next) = open.db.read(|tx| web::exports::page(tx, &ctx, object, &query, format))?;
    let mut out: Box<dyn Write> = match &args.out {
        Some(path) => {
            let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
            Box::new(BufWriter::new(file))
        }
        None => Box::new(BufWriter::new(std::io::stdout().lock())),
    };
    loop {
        out.write_all(&bytes)?;
        let Some(cursor) = next else { break };
        query.cursor = Some(cursor);
        (bytes, next) = open.db.read(|tx| web::exports::page(tx, &ctx, object, &query, format))?;
    }
    out.flush()?;
    Ok(())
}
