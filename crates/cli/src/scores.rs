//! `kith score`: what each customer is worth, and how good the models are.

use std::io::Write;

use anyhow::Result;
use clap::{Args, ValueEnum};
use crm::scores::{self, Options, Run, Step, Unit};
use jiff::civil::Date;

use crate::bar::bar;
use crate::place::Place;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum UnitWord {
    Day,
    Week,
    Month,
}

/// Arguments of `kith score`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kith score
  kith score --as-of 2026-06-30      how things stood, and how well the models saw what came
  kith score --json                  the model cards for programs")]
pub(crate) struct Command {
    /// The last day that the models may see; today when not given.
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// The unit of time in the models' parameters.
    #[arg(long, value_enum, default_value = "week")]
    unit: UnitWord,
    /// Print the model cards as one JSON object.
    #[arg(long)]
    json: bool,
}

/// Scores every customer and prints the models' cards.
pub(crate) fn run(place: &Place, args: &Command) -> Result<()> {
    let open = place.open_existing()?;
    let ctx = open.ctx()?;
    let unit = match args.unit {
        UnitWord::Day => Unit::Day,
        UnitWord::Week => Unit::Week,
        UnitWord::Month => Unit::Month,
    };
    let bar = bar(0, "Scoring");
    let run = scores::run(&open.db, &ctx, &Options { as_of: args.as_of, unit }, |progress| {
        bar.set_message(match progress.step {
            Step::Read => "Reading orders",
            Step::Fit => "Fitting models",
            Step::Write => "Writing scores",
        });
        bar.set_length(progress.n_total);
        bar.set_position(progress.n_done);
    })?;
    bar.finish_and_clear();
    if args.json {
        writeln!(std::io::stdout(), "{:#}", scores::cards_json(&run))?;
        return Ok(());
    }
    tell(&run, &ctx.currency)
}

fn tell(run: &Run, currency: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let unit = scores::unit_word(run.unit);
    writeln!(out, "{} customers as of {}, time in {unit}s", run.n_customers, run.as_of)?;
    for card in &run.cards {
        let params: Vec<String> = card.params.iter().map(|p| format!("{} {:.3}", p.name, p.value)).collect();
        let likelihood = card.log_likelihood.map_or(String::new(), |ll| format!("  log-likelihood {ll:.1}"));
        writeln!(out, "  {:<24} {}{likelihood}", scores::model_title(&card.model), params.join(", "))?;
    }
    let summary = &run.summary;
    let money = |minor: i64| format!("{} {currency}", kernel::money::plain(minor, currency));
    writeln!(
        out,
        "Together they are worth {} (likely {} to {}); {} of it is at risk.",
        money(summary.equity),
        money(summary.equity_low),
        money(summary.equity_high),
        money(summary.value_at_risk)
    )?;
    for tier in &summary.tiers {
        let group = &tier.group;
        writeln!(out, "  {:<10} {:>8} customers  {:>20}", group.key, group.n_customers, money(group.value))?;
    }
    for remark in &summary.remarks {
        writeln!(out, "{remark}")?;
    }
    Ok(())
}
