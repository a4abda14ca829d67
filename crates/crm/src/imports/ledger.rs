//! The imports themselves: what was imported when, by whom, how far it came.

use db::Tx;
use kernel::{Ctx, Error, Result};
use serde_json::Value as Json;

use super::accounts::Account;
use super::plans::Plan;
use super::targets::importable;
use super::undoing::Undone;

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Noted, not begun.
    Ready,
    /// In work; when its worker died, [`super::run`] goes on where it stood.
    Running,
    /// Finished.
    Done,
    /// Ended by a fault of the file; what was imported before stays and can be taken back.
    Failed,
    /// Stopped by a person; it can go on or be taken back.
    Stopped,
    /// Being taken back.
    Undoing,
    /// Taken back.
    Undone,
}

/// One import.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// Its id; its records carry it.
    pub id: i64,
    /// What its rows are.
    pub object: String,
    /// Name of the file as the person knows it.
    pub file_name: String,
    /// What tells the file from others.
    pub sha256: String,
    /// The file in the data folder, when it was uploaded.
    pub file_id: Option<i64>,
    /// Its length.
    pub size_bytes: i64,
    /// How it is read.
    pub plan: Plan,
    /// Where it stands.
    pub state: State,
    /// Rows that are done for good.
    pub n_done: i64,
    /// What came of them.
    pub account: Account,
    /// What taking it back did, as far as that was begun.
    pub undone: Undone,
    /// When it was noted, microseconds UTC.
    pub created_at: i64,
    /// Who did it.
    pub created_by: Option<i64>,
    /// When it ended.
    pub finished_at: Option<i64>,
    /// When it was taken back.
    pub undone_at: Option<i64>,
    /// Why it failed, or what taking it back left.
    pub message: Option<String>,
}

/// An import that someone wants.
#[derive(Debug, Clone)]
pub struct NewImport<'a> {
    /// How to read the file.
    pub plan: &'a Plan,
    /// Name of the file as the person knows it.
    pub file_name: &'a str,
    /// Its digest, from [`super::digest`].
    pub sha256: &'a str,
    /// Its length.
    pub size_bytes: i64,
    /// The file in the data folder, when it was uploaded.
    pub file_id: Option<i64>,
}

impl State {
    /// The word for it: `ready`.
    pub fn word(self) -> &'static str {
        match self {
            State::Ready => "ready",
            State::Running => "running",
            State::Done => "done",
            State::Failed => "failed",
            State::Stopped => "stopped",
            State::Undoing => "undoing",
            State::Undone => "undone",
        }
    }

    fn from_word(word: &str) -> State {
        let all = [State::Ready, State::Running, State::Done, State::Failed, State::Stopped, State::Undoing];
        all.into_iter().find(|s| s.word() == word).unwrap_or(State::Undone)
    }
}

/// Notes an import; [`super::run`] then does it. The plan is remembered for files with the same columns.
/// *Errors*: a plan that does not hold (see [`Plan::check`]).
pub fn begin(tx: &mut Tx<'_>, ctx: &Ctx, new: &NewImport<'_>) -> Result<i64> {
    new.plan.check(ctx)?;
    let id = tx.id()?;
    let name: String = new.file_name.chars().filter(|c| !c.is_control()).take(200).collect();
    tx.execute(
        "INSERT INTO imports (id, object, file_name, sha256, file_id, size_bytes, mapping, state, n_done, counts,
             created_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'ready', 0, '{}', $8, $9)",
        &[
            id.into(),
            new.plan.object.as_str().into(),
            name.into(),
            new.sha256.into(),
            new.file_id.into(),
            new.size_bytes.into(),
            new.plan.to_json().to_string().into(),
            ctx.now.into(),
            ctx.user_id.into(),
        ],
    )?;
    remember(tx, ctx, new.plan)?;
    Ok(id)
}

/// Keeps the plan for files with the same column names.
pub fn remember(tx: &mut Tx<'_>, ctx: &Ctx, plan: &Plan) -> Result<()> {
    let mut kept = plan.clone();
    // Samples are data of customers; a map needs none.
    kept.columns.iter_mut().for_each(|column| column.samples.clear());
    tx.execute(
        "INSERT INTO import_maps (columns_hash, object, mapping, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (columns_hash) DO UPDATE SET mapping = excluded.mapping, created_at = excluded.created_at",
        &[
            plan.columns_hash().into(),
            plan.object.as_str().into(),
            kept.to_json().to_string().into(),
            ctx.now.into(),
        ],
    )?;
    Ok(())
}

const SELECT: &str =
    "SELECT id, object, file_name, sha256, file_id, size_bytes, mapping, state, n_done, counts,
    created_at, created_by, finished_at, undone_at, message FROM imports";

fn read(row: &db::Row) -> Result<Import> {
    let mapping: Json = serde_json::from_str(row.text(6)?).unwrap_or_default();
    let counts: Json = serde_json::from_str(row.text(9)?).unwrap_or_default();
    Ok(Import {
        id: row.int(0)?,
        object: row.text(1)?.to_string(),
        file_name: row.text(2)?.to_string(),
        sha256: row.text(3)?.to_string(),
        file_id: row.opt_int(4)?,
        size_bytes: row.int(5)?,
        plan: Plan::from_json(&mapping)?,
        state: State::from_word(row.text(7)?),
        n_done: row.int(8)?,
        account: Account::from_json(&counts),
        undone: Undone::from_json(&counts["undone"]),
        created_at: row.int(10)?,
        created_by: row.opt_int(11)?,
        finished_at: row.opt_int(12)?,
        undone_at: row.opt_int(13)?,
        message: row.opt_text(14)?.map(String::from),
    })
}

/// One import. *Errors*: not found, also for one of an object that the actor may not import.
pub fn get(tx: &mut Tx<'_>, ctx: &Ctx, id: i64) -> Result<Import> {
    let missing = || Error::NotFound(format!("import {id}"));
    let row = tx.opt(&format!("{SELECT} WHERE id = $1"), &[id.into()])?.ok_or_else(missing)?;
    let import = read(&row)?;
    importable(ctx, &import.object).map_err(|_| missing())?;
    Ok(import)
}

/// The imports of objects that the actor may import, the newest first, before the import `before` when given.
/// *Shape*: at most `limit`, at most 200.
pub fn list(tx: &mut Tx<'_>, ctx: &Ctx, before: Option<i64>, limit: usize) -> Result<Vec<Import>> {
    let sql = format!("{SELECT} WHERE id < $1 ORDER BY id DESC LIMIT {}", limit.min(200));
    let rows = tx.query(&sql, &[before.unwrap_or(i64::MAX).into()])?;
    let imports: Vec<Import> = rows.iter().map(read).collect::<Result<_>>()?;
    Ok(imports.into_iter().filter(|i| importable(ctx, &i.object).is_ok()).collect())
}

/// The last import of this very file into `object` that was begun and did not end: what [`super::run`] goes on with.
pub fn unfinished(tx: &mut Tx<'_>, ctx: &Ctx, object: &str, sha256: &str) -> Result<Option<Import>> {
    let sql = format!(
        "{SELECT} WHERE object = $1 AND sha256 = $2 AND state IN ('ready', 'running', 'stopped')
         ORDER BY id DESC LIMIT 1"
    );
    let row = tx.opt(&sql, &[object.into(), sha256.into()])?;
    let import = row.map(|row| read(&row)).transpose()?;
    Ok(import.filter(|i| importable(ctx, &i.object).is_ok()))
}

/// Asks a waiting or running import to stop after the batch it is at.
/// *Errors*: it has ended already.
pub fn stop(tx: &mut Tx<'_>, ctx: &Ctx, id: i64) -> Result<()> {
    let import = get(tx, ctx, id)?;
    let sql = "UPDATE imports SET state = 'stopped' WHERE id = $1 AND state IN ('ready', 'running')";
    match tx.execute(sql, &[id.into()])? {
        0 => Err(Error::invalid(
            "state",
            format!("import {id} is {} and cannot be stopped", import.state.word()),
        )),
        _ => Ok(()),
    }
}
