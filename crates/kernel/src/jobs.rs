//! Jobs in the same database: wanted in the transaction that wants them, leased, run at least once.

use db::{Engine, Tx, Value};
use serde_json::Value as Json;

use crate::{Ctx, Error, Result};

/// Attempts before a job is left for a person to look at.
pub const MAX_ATTEMPTS: i64 = 5;
/// A job whose worker gave no sign for this long is taken over, microseconds.
pub const LEASE: i64 = 60_000_000;

/// A piece of work.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: i64,
    /// What it does: `import`, `score`.
    pub kind: String,
    /// What it needs to know.
    pub payload: Json,
    /// `waiting`, `running`, `done`, `failed` or `stopped`.
    pub state: String,
    /// How often it was begun.
    pub n_attempts: i64,
    /// Progress: steps done of [`Job::n_total`].
    pub n_done: i64,
    /// Steps in all; 0 while not known.
    pub n_total: i64,
    /// What it came to, or why it failed.
    pub message: Option<String>,
    /// Who wanted it.
    pub created_by: Option<i64>,
    /// When it was wanted.
    pub created_at: i64,
    /// When it ended.
    pub finished_at: Option<i64>,
}

const COLUMNS: &str =
    "id, kind, payload, state, n_attempts, n_done, n_total, message, created_by, created_at, finished_at";

fn read(row: &db::Row) -> Result<Job> {
    Ok(Job {
        id: row.int(0)?,
        kind: row.text(1)?.to_string(),
        payload: serde_json::from_str(row.text(2)?).unwrap_or_default(),
        state: row.text(3)?.to_string(),
        n_attempts: row.int(4)?,
        n_done: row.int(5)?,
        n_total: row.int(6)?,
        message: row.opt_text(7)?.map(String::from),
        created_by: row.opt_int(8)?,
        created_at: row.int(9)?,
        finished_at: row.opt_int(10)?,
    })
}

/// Wants a job done as soon as a worker is free.
pub fn enqueue(tx: &mut Tx<'_>, ctx: &Ctx, kind: &str, payload: &Json) -> Result<i64> {
    let id = tx.id()?;
    tx.execute(
        "INSERT INTO jobs (id, kind, payload, state, run_at, n_attempts, n_done, n_total, created_by, created_at)
         VALUES ($1, $2, $3, 'waiting', $4, 0, 0, 0, $5, $6)",
        &[id.into(), kind.into(), payload.to_string().into(), ctx.now.into(), ctx.user_id.into(), ctx.now.into()],
    )?;
    Ok(id)
}

/// Is there a job for [`claim`] to take? A read, so that idle workers do not take turns with writers.
pub fn due(tx: &mut Tx<'_>, now: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM jobs WHERE (state = 'waiting' AND run_at <= $1)
               OR (state = 'running' AND lease_until < $1) LIMIT 1";
    Ok(tx.opt(sql, &[now.into()])?.is_some())
}

/// Wants a job done about one thing, such as an import, by which [`latest_about`] finds it.
pub fn enqueue_about(tx: &mut Tx<'_>, ctx: &Ctx, kind: &str, subject_id: i64, payload: &Json) -> Result<i64> {
    let id = enqueue(tx, ctx, kind, payload)?;
    tx.execute("UPDATE jobs SET subject_id = $2 WHERE id = $1", &[id.into(), subject_id.into()])?;
    Ok(id)
}

/// The last job of a kind about one thing.
pub fn latest_about(tx: &mut Tx<'_>, kind: &str, subject_id: i64) -> Result<Option<Job>> {
    let sql =
        format!("SELECT {COLUMNS} FROM jobs WHERE subject_id = $1 AND kind = $2 ORDER BY id DESC LIMIT 1");
    let row = tx.opt(&sql, &[subject_id.into(), kind.into()])?;
    row.map(|row| read(&row)).transpose()
}

/// Takes the next job that is due, or one whose worker died, and leases it until `now` + [`LEASE`].
pub fn claim(tx: &mut Tx<'_>, now: i64) -> Result<Option<Job>> {
    // A job that took its worker along each time would do so for ever.
    tx.execute(
        "UPDATE jobs SET state = 'failed', finished_at = $1, lease_until = NULL,
            message = 'the worker ended without a word each time it tried'
         WHERE state = 'running' AND lease_until < $1 AND n_attempts >= $2",
        &[now.into(), MAX_ATTEMPTS.into()],
    )?;
    let lock = if tx.engine() == Engine::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "UPDATE jobs SET state = 'running', lease_until = $2, n_attempts = n_attempts + 1
         WHERE id = (SELECT id FROM jobs WHERE (state = 'waiting' AND run_at <= $1)
                     OR (state = 'running' AND lease_until < $1) ORDER BY run_at, id LIMIT 1{lock})
         RETURNING {COLUMNS}"
    );
    let row = tx.opt(&sql, &[now.into(), (now + LEASE).into()])?;
    row.map(|row| read(&row)).transpose()
}

/// Notes progress and renews the lease. Gives false when the job was stopped: the worker should end.
pub fn progress(tx: &mut Tx<'_>, id: i64, now: i64, n_done: i64, n_total: i64) -> Result<bool> {
    let sql =
        "UPDATE jobs SET n_done = $2, n_total = $3, lease_until = $4 WHERE id = $1 AND state = 'running'";
    Ok(tx.execute(sql, &[id.into(), n_done.into(), n_total.into(), (now + LEASE).into()])? > 0)
}

/// Renews the lease of a job whose work shows no steps for a while.
pub fn renew(tx: &mut Tx<'_>, id: i64, now: i64) -> Result<()> {
    let sql = "UPDATE jobs SET lease_until = $2 WHERE id = $1 AND state = 'running'";
    tx.execute(sql, &[id.into(), (now + LEASE).into()])?;
    Ok(())
}

/// Hands a job back that a worker leaves because it stops; the attempt does not count.
pub fn give_back(tx: &mut Tx<'_>, id: i64, now: i64) -> Result<()> {
    let sql =
        "UPDATE jobs SET state = 'waiting', run_at = $2, lease_until = NULL, n_attempts = n_attempts - 1
               WHERE id = $1 AND state = 'running'";
    tx.execute(sql, &[id.into(), now.into()])?;
    Ok(())
}

/// Ends a job that did its work; one that was stopped meanwhile stays stopped.
pub fn finish(tx: &mut Tx<'_>, id: i64, now: i64, message: &str) -> Result<()> {
    let sql = "UPDATE jobs SET state = 'done', message = $2, finished_at = $3, lease_until = NULL
               WHERE id = $1 AND state = 'running'";
    tx.execute(sql, &[id.into(), message.into(), now.into()])?;
    Ok(())
}

/// Ends an attempt that failed: tried again after a pause that doubles, up to [`MAX_ATTEMPTS`] times.
pub fn fail(tx: &mut Tx<'_>, job: &Job, now: i64, message: &str, again: bool) -> Result<()> {
    let retry = again && job.n_attempts < MAX_ATTEMPTS;
    let pause = 2_000_000 << job.n_attempts.clamp(0, 10);
    let (state, run_at) = if retry { ("waiting", now + pause) } else { ("failed", now) };
    let finished: Value = if retry { Value::Null } else { now.into() };
    let sql = "UPDATE jobs SET state = $2, run_at = $3, message = $4, finished_at = $5, lease_until = NULL
               WHERE id = $1 AND state = 'running'";
    tx.execute(sql, &[job.id.into(), state.into(), run_at.into(), message.into(), finished])?;
    Ok(())
}

/// Asks a waiting or running job to stop.
pub fn stop(tx: &mut Tx<'_>, id: i64, now: i64) -> Result<()> {
    let sql = "UPDATE jobs SET state = 'stopped', finished_at = $2 WHERE id = $1 AND state IN ('waiting', 'running')";
    tx.execute(sql, &[id.into(), now.into()])?;
    Ok(())
}

/// One job. *Errors*: not found.
pub fn get(tx: &mut Tx<'_>, id: i64) -> Result<Job> {
    let row = tx.opt(&format!("SELECT {COLUMNS} FROM jobs WHERE id = $1"), &[id.into()])?;
    read(&row.ok_or_else(|| Error::NotFound(format!("job {id}")))?)
}
