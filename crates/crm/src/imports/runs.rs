//! Doing an import, or only looking what it would do.

use std::io::Read;
use std::sync::Arc;

use db::Db;
use kernel::{Ctx, Error, Object, Result, Via};
use sha2::{Digest as _, Sha256};

use super::accounts::Account;
use super::feeds::feed;
use super::ledger::{self, State};
use super::loaders::{Loader, Work};
use super::orders::Orders;
use super::parties::{self, Parties};
use super::plans::Plan;
use super::problems;
use super::records::AnyRecords;
use super::targets::importable;

/// A file from here on makes indexes wait, when there is nothing yet that they would be used for.
const LARGE_BYTES: i64 = 8 * 1024 * 1024;
/// They wait for so many rows at the most: loaders remember what they have seen only so far, and then ask the database.
const MANY_ROWS: i64 = 2_000_000;

/// What tells a file from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// SHA-256 in hexadecimal digits.
    pub sha256: String,
    /// Length of the file.
    pub size_bytes: i64,
}

/// How far a run has come.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// Bytes of the file that are done.
    pub done_bytes: u64,
    /// What came of the rows so far.
    pub account: &'a Account,
}

/// Reads a file through and says what tells it from others.
/// *Errors*: what the source says.
pub fn digest(mut source: impl Read) -> std::io::Result<Digest> {
    let mut hash = Sha256::new();
    let mut size_bytes = 0;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let n = source.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        size_bytes += n as i64;
        hash.update(&buffer[..n]);
    }
    let sha256 = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
    Ok(Digest { sha256, size_bytes })
}

/// Does an import that was begun, or goes on with one that stopped or whose worker died; `source` is the file from its
/// beginning. Each batch is one transaction that also notes how far it came. `clock` gives the present moment in
/// microseconds UTC; `progress` is told after each batch and ends the run by giving false: the import is then stopped
/// and can go on later.
/// *Errors*: not found or forbidden; an import that has ended; a file that cannot be read on (the import has failed,
/// what was imported before stays and can be taken back); another worker at the same import.
pub fn run(
    db: &Db,
    ctx: &Ctx,
    import_id: i64,
    source: impl Read + Send,
    clock: &dyn Fn() -> i64,
    progress: &mut dyn FnMut(Progress<'_>) -> bool,
) -> Result<Account> {
    let import = db.write::<_, Error>(|tx| {
        let import = ledger::get(tx, ctx, import_id)?;
        match import.state {
            State::Ready | State::Running | State::Stopped | State::Failed => {}
            state => {
                let message = format!("import {import_id} is {} and cannot go on", state.word());
                return Err(Error::invalid("state", message));
            }
        }
        tx.execute(
            "UPDATE imports SET state = 'running', message = NULL WHERE id = $1",
            &[import_id.into()],
        )?;
        Ok(import)
    })?;
    import.plan.check(ctx)?;
    let ctx = &Ctx { via: Via::Import, import_id: Some(import_id), ..ctx.clone() };
    let _bulk = db.bulk()?;
    let begun = Begun { db, import_id, account: import.account, n_done: import.n_done };
    let done = match Way::of(ctx, &import.plan)? {
        Way::Orders => {
            let loader = db.read(|tx| Orders::new(tx, ctx, &import.plan, false))?;
            work(begun, loader, &import.plan, source, clock, progress)
        }
        Way::Parties(object) => {
            let loader = db.read(|tx| Parties::new(tx, ctx, &import.plan, &object, false))?;
            if import.size_bytes > LARGE_BYTES && loader.alone() {
                db.defer_indexes(&parties::WAITING_INDEXES)?;
            }
            work(begun, loader, &import.plan, source, clock, progress)
        }
        Way::Records(object) => {
            let loader = db.read(|tx| AnyRecords::new(tx, ctx, &import.plan, &object, false))?;
            work(begun, loader, &import.plan, source, clock, progress)
        }
    };
    db.make_deferred_indexes()?;
    done
}

/// Reads the whole file and says what an import would do; nothing is kept. `progress` ends it by giving false, the
/// account is then that of the rows so far.
/// *Errors*: a plan that does not hold; a file that cannot be read on.
pub fn dry_run(
    db: &Db,
    ctx: &Ctx,
    plan: &Plan,
    source: impl Read + Send,
    progress: &mut dyn FnMut(Progress<'_>) -> bool,
) -> Result<Account> {
    plan.check(ctx)?;
    match Way::of(ctx, plan)? {
        Way::Orders => rehearse(db, db.read(|tx| Orders::new(tx, ctx, plan, true))?, plan, source, progress),
        Way::Parties(object) => {
            rehearse(db, db.read(|tx| Parties::new(tx, ctx, plan, &object, true))?, plan, source, progress)
        }
        Way::Records(object) => {
            rehearse(db, db.read(|tx| AnyRecords::new(tx, ctx, plan, &object, true))?, plan, source, progress)
        }
    }
}

/// Which loader imports a plan.
enum Way {
    Orders,
    Parties(Arc<Object>),
    Records(Arc<Object>),
}

impl Way {
    fn of(ctx: &Ctx, plan: &Plan) -> Result<Way> {
        let object = importable(ctx, &plan.object)?.clone();
        Ok(if object.key == "orders" {
            Way::Orders
        } else if parties::takes(plan, &object) {
            Way::Parties(object)
        } else {
            Way::Records(object)
        })
    }
}

/// An import at the point where the run takes it up.
struct Begun<'a> {
    db: &'a Db,
    import_id: i64,
    account: Account,
    n_done: i64,
}

fn work<L: Loader>(
    begun: Begun<'_>,
    mut loader: L,
    plan: &Plan,
    source: impl Read + Send,
    clock: &dyn Fn() -> i64,
    progress: &mut dyn FnMut(Progress<'_>) -> bool,
) -> Result<Account> {
    let Begun { db, import_id, mut account, mut n_done } = begun;
    let (mut ended, mut refusal) = (false, None);
    feed(source, &plan.dialect, loader.parser()?, n_done, loader.n_rows(), |batch| {
        let n_after = n_done + batch.rows.len() as i64;
        ended = batch.last;
        refusal = batch.refusal.as_ref().map(|r| r.to_string());
        let state = match (&refusal, ended) {
            (Some(_), _) => State::Failed,
            (None, true) => State::Done,
            (None, false) => State::Running,
        };
        let kept = db.write::<_, Error>(|tx| {
            let mut work = Work { account: &mut account, columns: &plan.columns, problems: Vec::new() };
            // Taken before the work, so that two workers at one import do not both do it.
            let sql = "UPDATE imports SET n_done = $2 WHERE id = $1 AND n_done = $3 AND state = 'running'";
            if tx.execute(sql, &[import_id.into(), n_after.into(), n_done.into()])? == 0 {
                return Ok(false);
            }
            loader.load(tx, &mut batch.rows, &mut work)?;
            problems::put(tx, import_id, &work.problems)?;
            let finished: db::Value = if state == State::Running { db::Value::Null } else { clock().into() };
            tx.execute(
                "UPDATE imports SET state = $2, counts = $3, finished_at = $4, message = $5 WHERE id = $1",
                &[
                    import_id.into(),
                    state.word().into(),
                    account.to_json().to_string().into(),
                    finished,
                    refusal.clone().into(),
                ],
            )?;
            Ok(true)
        })?;
        if !kept {
            return Ok(false);
        }
        n_done = n_after;
        if n_after > MANY_ROWS {
            db.make_deferred_indexes()?;
        }
        Ok(progress(Progress { done_bytes: batch.done_bytes, account: &account }) && !ended)
    })?;
    if let Some(message) = refusal {
        return Err(Error::invalid("file", message));
    }
    if !ended {
        let sql = "UPDATE imports SET state = 'stopped' WHERE id = $1 AND state = 'running' AND n_done = $2";
        db.write::<_, Error>(|tx| Ok(tx.execute(sql, &[import_id.into(), n_done.into()])?))?;
    }
    Ok(account)
}

/// What ends a transaction that must leave nothing.
enum Rehearsed {
    Rolled,
    Failed(Error),
}

impl From<db::Error> for Rehearsed {
    fn from(error: db::Error) -> Rehearsed {
        Rehearsed::Failed(Error::Db(error))
    }
}

fn rehearse<L: Loader>(
    db: &Db,
    mut loader: L,
    plan: &Plan,
    source: impl Read + Send,
    progress: &mut dyn FnMut(Progress<'_>) -> bool,
) -> Result<Account> {
    let mut account = Account::default();
    let mut refusal = None;
    feed(source, &plan.dialect, loader.parser()?, 0, loader.n_rows(), |batch| {
        refusal = batch.refusal.as_ref().map(|r| r.to_string());
        let mut work = Work { account: &mut account, columns: &plan.columns, problems: Vec::new() };
        if loader.rehearses() {
            let ended = db.write::<(), Rehearsed>(|tx| {
                loader.load(tx, &mut batch.rows, &mut work).map_err(Rehearsed::Failed)?;
                Err(Rehearsed::Rolled)
            });
            if let Err(Rehearsed::Failed(error)) = ended {
                return Err(error);
            }
        } else {
            db.read(|tx| loader.load(tx, &mut batch.rows, &mut work))?;
        }
        Ok(progress(Progress { done_bytes: batch.done_bytes, account: &account }))
    })?;
    match refusal {
        Some(message) => Err(Error::invalid("file", message)),
        None => Ok(account),
    }
}
