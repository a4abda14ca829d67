//! Taking an import back, as far as nobody built on it since.

mod removing;
mod restoring;

use std::sync::Arc;

use db::{Db, Tx};
use kernel::events::{self, Event};
use kernel::{Ctx, Error, Result, Rights, Via};
use serde_json::{Value as Json, json};

use super::ledger::{self, State};
use crate::parties;

/// Events that one transaction takes back.
const N_EVENTS: usize = 1_000;
/// Kept records that are named.
const N_KEPT: usize = 100;

/// A record that taking back left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its object.
    pub object: String,
    /// Its id.
    pub record_id: i64,
    /// Why: what happened to it since.
    pub reason: String,
}

/// What taking back an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Undone {
    /// Records that the import had made and that are gone.
    pub n_removed: i64,
    /// Records that the import had changed and that are as before.
    pub n_restored: i64,
    /// Records that were changed or used since, and stay as they are.
    pub n_kept: i64,
    /// The first hundred of those.
    pub kept: Vec<Kept>,
}

impl Undone {
    fn keep(&mut self, object: &str, record_id: i64, reason: String) {
        self.n_kept += 1;
        if self.kept.len() < N_KEPT {
            self.kept.push(Kept { object: object.to_string(), record_id, reason });
        }
    }

    fn to_json(&self) -> Json {
        let kept: Vec<Json> = self
            .kept
            .iter()
            .map(|k| json!({ "object": k.object, "record_id": k.record_id, "reason": k.reason }))
            .collect();
        json!({ "n_removed": self.n_removed, "n_restored": self.n_restored, "n_kept": self.n_kept, "kept": kept })
    }

    /// What [`super::Import`] kept of it; nothing for an import that was never taken back.
    pub(super) fn from_json(json: &Json) -> Undone {
        let n = |name: &str| json[name].as_i64().unwrap_or(0);
        let kept = json["kept"].as_array().into_iter().flatten();
        Undone {
            n_removed: n("n_removed"),
            n_restored: n("n_restored"),
            n_kept: n("n_kept"),
            kept: kept
                .filter_map(|k| {
                    Some(Kept {
                        object: k["object"].as_str()?.to_string(),
                        record_id: k["record_id"].as_i64()?,
                        reason: k["reason"].as_str()?.to_string(),
                    })
                })
                .collect(),
        }
    }
}

/// Takes an import back: what it made goes, what it changed gets its values back, except where somebody changed or used
/// it since. In batches; after a crash, a second call goes on. `clock` gives the present moment in microseconds UTC;
/// `progress` is told after each batch and ends the work by giving false: a later call goes on.
/// *Errors*: not found; another one's import, unless the actor is an administrator; an import that still runs.
/// *Effects*: an event `….removed` or `….changed` for each record.
pub fn undo(
    db: &Db,
    ctx: &Ctx,
    import_id: i64,
    clock: &dyn Fn() -> i64,
    progress: &mut dyn FnMut(&Undone) -> bool,
) -> Result<Undone> {
    let (mut cursor, mut undone) = db.write(|tx| open(tx, ctx, import_id))?;
    // Whoever may take back an import takes back all of it. Its events belong to the import, too: otherwise a change
    // that was taken back would look like one that somebody made since.
    let ctx = &Ctx {
        rights: Arc::new(Rights::administrator()),
        via: Via::Import,
        import_id: Some(import_id),
        ..ctx.clone()
    };
    let _bulk = db.bulk()?;
    loop {
        let ended = db.write::<_, Error>(|tx| {
            let events = events::of_import(tx, import_id, cursor, N_EVENTS)?;
            let next = events.last().map_or(0, |event| event.id);
            let ended = events.len() < N_EVENTS;
            // Taken before the work, so that two workers do not both do it.
            let sql = "UPDATE imports SET undo_event_id = $2 WHERE id = $1 AND undo_event_id = $3 AND state = 'undoing'";
            if tx.execute(sql, &[import_id.into(), next.into(), cursor.into()])? == 0 {
                return Err(Error::invalid("state", format!("import {import_id} is being taken back elsewhere")));
            }
            cursor = next;
            take_back(tx, ctx, &events, &mut undone)?;
            let row = tx.one("SELECT counts FROM imports WHERE id = $1", &[import_id.into()])?;
            let mut counts: Json = serde_json::from_str(row.text(0)?).unwrap_or_default();
            counts["undone"] = undone.to_json();
            tx.execute("UPDATE imports SET counts = $2 WHERE id = $1", &[import_id.into(), counts.to_string().into()])?;
            if ended {
                let sql = "UPDATE imports SET state = 'undone', undone_at = $2 WHERE id = $1";
                tx.execute(sql, &[import_id.into(), clock().into()])?;
            }
            Ok(ended)
        })?;
        if !progress(&undone) || ended {
            return Ok(undone);
        }
    }
}

/// Checks that the import may be taken back, and where to begin.
fn open(tx: &mut Tx<'_>, ctx: &Ctx, import_id: i64) -> Result<(i64, Undone)> {
    let import = ledger::get(tx, ctx, import_id)?;
    if !ctx.rights.administers() && (import.created_by.is_none() || import.created_by != ctx.user_id) {
        return Err(Error::Forbidden("take back an import that another user made".into()));
    }
    match import.state {
        State::Undoing => {
            let row = tx.one("SELECT undo_event_id FROM imports WHERE id = $1", &[import_id.into()])?;
            return Ok((row.int(0)?, import.undone));
        }
        State::Done | State::Failed | State::Stopped => {}
        state => {
            let advice = if state == State::Running { "; stop it first" } else { "" };
            let message = format!("import {import_id} is {} and cannot be taken back{advice}", state.word());
            return Err(Error::invalid("state", message));
        }
    }
    let last = tx
        .one("SELECT COALESCE(MAX(id), 0) FROM events WHERE import_id = $1", &[import_id.into()])?
        .int(0)?;
    let sql = "UPDATE imports SET state = 'undoing', undo_event_id = $2 WHERE id = $1";
    tx.execute(sql, &[import_id.into(), (last + 1).into()])?;
    Ok((last + 1, Undone::default()))
}

/// Takes back events, the newest first: what depends on a record was made after it and goes before it.
fn take_back(tx: &mut Tx<'_>, ctx: &Ctx, events: &[Event], undone: &mut Undone) -> Result<()> {
    let mut customers: Vec<i64> = Vec::new();
    let same_kind = |a: &Event, b: &Event| a.object == b.object && a.kind == b.kind;
    for run in events.chunk_by(same_kind) {
        let Some(object) = ctx.catalogue.object(&run[0].object).cloned() else { continue };
        match run[0].kind.rsplit('.').next() {
            Some("created") => removing::remove(tx, ctx, &object, run, &mut customers, undone)?,
            Some("changed") => {
                for event in run {
                    restoring::restore(tx, ctx, &object, event, &mut customers, undone)?;
                }
            }
            _ => {}
        }
    }
    customers.sort_unstable();
    customers.dedup();
    parties::count_orders(tx, &ctx.currency, &customers)
}
