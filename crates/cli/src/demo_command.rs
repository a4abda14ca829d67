//! `kith demo`: a made-up company to look around in.

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use db::Db;
use jiff::civil::Date;

use crate::bar::bar;
use crate::config::Config;
use crate::fill;
use crate::folder::Folder;
use crate::place::{Place, now, open_db};
use crate::{logs, server};

/// How much of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Size {
    /// 300 contacts.
    Small,
    /// 3,000 contacts.
    Medium,
    /// 30,000 contacts.
    Large,
}

/// Arguments of `kith demo`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kith demo
  kith demo --size medium --seed 7
  kith demo --data ./look --listen 127.0.0.1:8000

Without --data the company lives in a temporary folder that goes when kith ends. The same seed on the same
day gives the same company. Whoever opens it on this machine is signed in: not for production.")]
pub(crate) struct Demo {
    /// How much of everything.
    #[arg(long, value_enum, default_value = "small")]
    size: Size,
    /// Another seed, another company.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Address and port on this machine. [default: 127.0.0.1:7250]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// The last day of the company's history, for tests.
    #[arg(long, hide = true)]
    today: Option<Date>,
    /// Fill the folder and end, for tests and measurements.
    #[arg(long, hide = true)]
    only_fill: bool,
}

/// Fills a folder, unless it holds a demonstration already, and serves it.
pub(crate) fn run(place: &Place, args: &Demo) -> Result<()> {
    let throw_away = match place.data {
        Some(_) => None,
        None => Some(
            tempfile::Builder::new()
                .prefix("kith-demo-")
                .tempdir()
                .context("cannot make a temporary folder")?,
        ),
    };
    let folder = Folder::make(throw_away.as_ref().map_or(place.path(), |t| t.path()))?;
    let mut config = Config::read(&folder, place.database.as_deref())?;
    if let Some(listen) = &args.listen {
        config.listen.clone_from(listen);
    }
    logs::begin(if config.log == "info" { "warn" } else { &config.log })?;
    let loopback = config.listen.parse::<std::net::SocketAddr>().is_ok_and(|a| a.ip().is_loopback());
    if !loopback {
        bail!(
            "kith demo signs in whoever opens it, so it listens on this machine only: 127.0.0.1, not {}",
            config.listen
        );
    }
    if args.only_fill {
        return fill_unless_filled(&open_db(&folder, &config)?, args);
    }
    server::serve(&folder, &config, true, |db| fill_unless_filled(db, args))
}

fn fill_unless_filled(db: &Db, args: &Demo) -> Result<()> {
    let (filled, begun, empty) = db.read::<_, kernel::Error>(|tx| {
        let filled = crm::settings::read(tx)?.demo;
        let begun = crm::settings::get(tx, fill::BEGUN)?.is_some();
        let empty = tx.opt("SELECT 1 FROM parties LIMIT 1", &[])?.is_none() && crm::workspace::fresh(tx)?;
        Ok((filled, begun, empty))
    })?;
    if filled {
        return Ok(());
    }
    if begun {
        bail!(
            "an earlier kith demo was stopped while it filled this folder; remove the folder and start again"
        );
    }
    if !empty {
        bail!("this folder holds data that is no demonstration; choose another with --data");
    }
    let size = match args.size {
        Size::Small => demo::Size::Small,
        Size::Medium => demo::Size::Medium,
        Size::Large => demo::Size::Large,
    };
    let today = match args.today {
        Some(today) => today,
        None => demo_day()?,
    };
    let business = demo::company(size, args.seed, today);
    let bar = bar(0, "Making a company");
    fill::fill(db, &business, now(), &|done, total| {
        bar.set_length(total);
        bar.set_position(done);
    })?;
    bar.finish_and_clear();
    Ok(())
}

/// The company's today. Its day is generated up to eight in the morning, so before that it is still yesterday.
fn demo_day() -> Result<Date> {
    let zone =
        jiff::tz::TimeZone::get("Europe/Amsterdam").context("the time zone data lacks Europe/Amsterdam")?;
    let eight_hours_ago = jiff::Timestamp::from_microsecond(now() - 8 * 3_600_000_000)?;
    Ok(eight_hours_ago.to_zoned(zone).date())
}
