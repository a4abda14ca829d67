//! `kith doctor`: is everything in order, and if not, what to do?

use std::io::Write;
use std::path::Path;

use anyhow::{Result, bail};
use clap::Args;

use crate::place::{Open, Place, now};

/// Arguments of `kith doctor`.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Print one JSON array.
    #[arg(long)]
    json: bool,
}

/// One thing that was looked at.
struct Finding {
    what: &'static str,
    fine: bool,
    says: String,
}

fn fine(what: &'static str, says: impl Into<String>) -> Finding {
    Finding { what, fine: true, says: says.into() }
}

fn wrong(what: &'static str, says: impl Into<String>) -> Finding {
    Finding { what, fine: false, says: says.into() }
}

/// Looks at everything and fails when something is wrong.
pub(crate) fn run(place: &Place, args: &Doctor) -> Result<()> {
    let open = place.open_existing()?;
    let findings = vec![
        folder(&open),
        space(open.folder.path()),
        integrity(&open),
        schema(&open)?,
        clock(&open)?,
        jobs(&open)?,
    ];
    let mut out = std::io::stdout().lock();
    if args.json {
        let all: Vec<serde_json::Value> = findings
            .iter()
            .map(|f| serde_json::json!({ "what": f.what, "fine": f.fine, "says": f.says }))
            .collect();
        writeln!(out, "{}", serde_json::Value::Array(all))?;
    } else {
        for finding in &findings {
            writeln!(
                out,
                "{} {:<10} {}",
                if finding.fine { "ok  " } else { "WRONG" },
                finding.what,
                finding.says
            )?;
        }
    }
    match findings.iter().filter(|f| !f.fine).count() {
        0 => Ok(()),
        1 => bail!("one thing is wrong"),
        n => bail!("{n} things are wrong"),
    }
}

fn folder(open: &Open) -> Finding {
    let path = open.folder.path();
    let shown = path.display();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).map_or(0, |m| m.permissions().mode() & 0o777);
        if mode & 0o077 != 0 {
            return wrong(
                "folder",
                format!("{shown} can be read by others (mode {mode:o}); chmod 700 {shown}"),
            );
        }
    }
    match tempfile::NamedTempFile::new_in(path) {
        Ok(_) => fine("folder", format!("{shown} is private and can be written")),
        Err(error) => wrong("folder", format!("{shown} cannot be written: {error}")),
    }
}

/// Free space, as `df` tells it: the standard library does not.
fn space(path: &Path) -> Finding {
    let answer = std::process::Command::new("df").arg("-Pk").arg(path).output();
    let free = answer.ok().and_then(|out| {
        let text = String::from_utf8(out.stdout).ok()?;
        text.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok()
    });
    match free {
        Some(kilobytes) if kilobytes < 1_000_000 => {
            wrong("space", format!("only {} MB are free", kilobytes / 1_000))
        }
        Some(kilobytes) => fine("space", format!("{} GB are free", kilobytes / 1_000_000)),
        None => fine("space", "the system does not say how much is free"),
    }
}

fn integrity(open: &Open) -> Finding {
    match open.db.check() {
        Ok(problems) if problems.is_empty() => fine("database", "reads through without a fault"),
        Ok(problems) => wrong("database", format!("{}; restore a backup", problems.join("; "))),
        Err(db::Error::TooSlow) => fine("database", "answers, and is too large to be read through here"),
        Err(error) => wrong("database", error.to_string()),
    }
}

fn schema(open: &Open) -> Result<Finding> {
    let version =
        open.db.read::<_, db::Error>(|tx| tx.one("SELECT MAX(version) FROM migrations", &[])?.int(0))?;
    Ok(fine("schema", format!("version {version}, the newest that this kith knows")))
}

fn clock(open: &Open) -> Result<Finding> {
    let sql = "SELECT MAX(at) FROM events";
    let last = open.db.read::<_, db::Error>(|tx| tx.one(sql, &[])?.opt_int(0))?;
    // Five minutes, for machines that share a PostgreSQL server.
    match last.filter(|last| *last > now() + 300_000_000) {
        Some(last) => {
            let moment = jiff::Timestamp::from_microsecond(last).unwrap_or_default();
            Ok(wrong(
                "clock",
                format!(
                    "something is recorded for {moment}, which is to come; is this machine's clock right?"
                ),
            ))
        }
        None => Ok(fine("clock", "nothing is recorded for a time to come")),
    }
}

fn jobs(open: &Open) -> Result<Finding> {
    let week_ago = now() - 7 * 86_400_000_000;
    let sql = "SELECT kind, message FROM jobs
               WHERE state = 'failed' AND finished_at > $1
               ORDER BY finished_at DESC
               LIMIT 20";
    let failed = open.db.read::<_, db::Error>(|tx| tx.query(sql, &[week_ago.into()]))?;
    let sql = "SELECT COUNT(*) FROM jobs WHERE state = 'waiting' AND run_at < $1";
    let hour_ago = now() - 3_600_000_000;
    let n_late = open.db.read::<_, db::Error>(|tx| tx.one(sql, &[hour_ago.into()])?.int(0))?;
    if let Some(job) = failed.first() {
        let message = job.opt_text(1)?.unwrap_or("without a message");
        return Ok(wrong(
            "jobs",
            format!("{} failed in the last week; the latest, {}: {message}", failed.len(), job.text(0)?),
        ));
    }
    if n_late > 0 {
        return Ok(wrong(
            "jobs",
            format!("{n_late} wait for more than an hour; does kith serve or kith work run?"),
        ));
    }
    Ok(fine("jobs", "none failed in the last week"))
}
