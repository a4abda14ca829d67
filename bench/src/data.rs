//! The data that is loaded: a generated company with a million contacts, kept in a folder to be used again.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use db::Db;

/// What to fill and to load.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// The data folder.
    pub(crate) data: PathBuf,
    /// A PostgreSQL database instead of the SQLite file.
    pub(crate) postgres: Option<String>,
    /// Percent of the full size.
    pub(crate) scale: usize,
    /// How long each row of the table is measured.
    pub(crate) seconds: u64,
    /// Clients at the same time.
    pub(crate) clients: usize,
    /// How long a client waits between an answer and its next request.
    pub(crate) pause: Duration,
    /// Measure only what has this word in its name.
    pub(crate) only: String,
    /// A program that is built already; none builds it.
    pub(crate) program: Option<PathBuf>,
}

impl Options {
    /// Reads the arguments of a subcommand.
    pub(crate) fn read(mut arguments: impl Iterator<Item = String>) -> Result<Options> {
        let data = std::env::temp_dir().join("kith-bench");
        let mut options = Options {
            data,
            postgres: None,
            scale: 100,
            seconds: 10,
            clients: 8,
            program: None,
            only: String::new(),
            pause: Duration::ZERO,
        };
        while let Some(argument) = arguments.next() {
            let value = arguments.next().with_context(|| format!("{argument} takes a value"))?;
            match argument.as_str() {
                "--data" => options.data = value.into(),
                "--only" => options.only = value,
                "--program" => options.program = Some(value.into()),
                "--postgres" => options.postgres = Some(value),
                "--scale" => {
                    options.scale = value.parse().context("--scale takes a whole number of percent")?
                }
                "--seconds" => options.seconds = value.parse().context("--seconds takes a whole number")?,
                "--clients" => options.clients = value.parse().context("--clients takes a whole number")?,
                other => bail!("{other} is not an option"),
            }
        }
        Ok(options)
    }

    /// Opens the database and brings its schema up to date.
    pub(crate) fn open(&self) -> Result<Db> {
        std::fs::create_dir_all(&self.data)?;
        let limits = db::Options { read_limit: Duration::from_secs(3_600), ..db::Options::default() };
        let db = match &self.postgres {
            Some(url) => Db::postgres(url, None, limits)?,
            None => Db::sqlite(&self.data.join("kith.db"), limits)?,
        };
        db.migrate(&crm::migrations())?;
        Ok(db)
    }
}

/// How many records of each kind.
fn counts(scale: usize) -> demo::Counts {
    let part = |n: usize| n * scale / 100;
    demo::Counts {
        contacts: part(1_000_000),
        companies: part(100_000),
        products: 1_000,
        orders: part(2_000_000),
        touchpoints: part(5_000_000),
        deals: part(50_000),
        cases: part(100_000),
        tasks: part(100_000),
        notes: part(100_000),
        users: 50,
    }
}

/// Fills the database, unless it is filled already.
pub(crate) fn build(options: &Options) -> Result<Db> {
    let db = options.open()?;
    let filled = db.read::<_, kernel::Error>(|tx| Ok(crm::settings::read(tx)?.demo))?;
    if filled {
        println!("data: {} is filled already", options.data.display());
        return Ok(db);
    }
    let business = demo::company_of(counts(options.scale), 1, jiff::civil::date(2026, 11, 22));
    let start = Instant::now();
    let mut last = 0;
    let progress = std::cell::RefCell::new(&mut last);
    cli::fill::fill(&db, &business, jiff::Timestamp::now().as_microsecond(), &|done, total| {
        let percent = done * 100 / total.max(1);
        let mut last = progress.borrow_mut();
        if percent >= **last + 5 {
            **last = percent;
            println!("data: {percent} % after {:.0} s", start.elapsed().as_secs_f64());
        }
    })?;
    println!("data: filled in {:.0} s", start.elapsed().as_secs_f64());
    Ok(db)
}
