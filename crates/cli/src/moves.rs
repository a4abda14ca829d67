//! `kith move`: all data from one database to another, from either engine to either.

use std::io::Write;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use db::{Db, Options};

use crate::bar::bar;
use crate::config::without_password;
use crate::place::{Place, now};

/// Arguments of `kith move`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kith move --to postgres://kith:secret@db.example.com/kith
  kith move --database postgres://kith:secret@db.example.com/kith --to sqlite:./elsewhere/kith.db

Stop kith serve first. The data that is moved stays where it was; every table is read back and compared. Uploaded
files stay in the data folder. Afterwards set the key database in kith.toml.")]
pub(crate) struct Move {
    /// Where to: postgres://…, or sqlite:FILE.
    #[arg(long, value_name = "URL")]
    to: String,
}

/// Copies every table, builds search anew, and compares what arrived.
pub(crate) fn run(place: &Place, args: &Move) -> Result<()> {
    // A large table takes longer to read than any page may.
    let options = Options { read_limit: Duration::from_secs(86_400), ..Options::default() };
    let (folder, config) = place.prepare()?;
    let _lock = folder.lock()?;
    let from = match &config.database {
        Some(url) => Db::postgres(url, config.database_schema.as_deref(), options)?,
        None if folder.database().exists() => Db::sqlite(&folder.database(), options)?,
        None => bail!("there is no data in {} to move", folder.path().display()),
    };
    let to = match args.to.strip_prefix("sqlite:") {
        Some(path) => {
            if std::path::Path::new(path).exists() {
                bail!("{path} is there already; name a new file");
            }
            Db::sqlite(path.as_ref(), options).with_context(|| format!("cannot make {path}"))?
        }
        None if args.to.starts_with("postgres") => {
            Db::postgres(&args.to, None, options).context("cannot open the target")?
        }
        None => bail!("--to takes postgres://user:password@host/database or sqlite:FILE"),
    };
    from.migrate(&crm::migrations())?;
    to.migrate(&crm::migrations()).context("cannot make the tables of the target")?;
    let taken = to.read::<_, db::Error>(|tx| {
        let settings = tx.opt("SELECT 1 FROM settings LIMIT 1", &[])?.is_some();
        Ok(settings || tx.opt("SELECT 1 FROM events LIMIT 1", &[])?.is_some())
    })?;
    if taken {
        bail!("the target holds data already; name an empty database");
    }
    let bar = bar(0, "Copying");
    // Search is made anew from the records, for each engine keeps it in its own way.
    let copied = db::moves::copy(
        &from,
        &to,
        |table| table.starts_with("search_"),
        |_, n_rows| bar.set_position(n_rows),
    )?;
    search(&to)?;
    to.analyze()?;
    bar.finish_and_clear();
    let mut out = std::io::stdout().lock();
    for table in copied.iter().filter(|t| t.n_rows > 0) {
        writeln!(
            out,
            "{:<24} {:>10} rows{}",
            table.table,
            table.n_rows,
            if table.same { "" } else { "  DIFFERS" }
        )?;
    }
    if let Some(table) = copied.iter().find(|t| !t.same) {
        bail!("{} did not arrive as it was: {} of {} rows", table.table, table.n_arrived, table.n_rows);
    }
    writeln!(out, "Everything arrived at {}.", without_password(&args.to))?;
    Ok(())
}

/// What is made from other data: the search index, and the indexes of fields that administrators made.
fn search(to: &Db) -> Result<()> {
    let ctx = to.read::<_, kernel::Error>(|tx| crm::workspace::system_ctx(tx, now()))?;
    to.write::<_, kernel::Error>(|tx| crm::catalogue::index_fields(tx, &ctx.catalogue))?;
    for object in ctx.catalogue.objects() {
        let mut cursor = None;
        loop {
            let (docs, next) = to.read(|tx| kernel::search::docs(tx, &ctx, object, cursor.take()))?;
            to.write(|tx| kernel::search::put_many(tx, &object.key, &docs))?;
            if next.is_none() {
                break;
            }
            cursor = next;
        }
    }
    Ok(())
}
