//! Taking an import back, as far as nobody built on it since.

use db::Db;
use kernel::{Ctx, Error, Result};

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

/// Takes an import back: what it made goes, what it changed gets its values back, except where somebody changed or used
/// it since. In batches; after a crash, a second call goes on. `progress` is told how many events of the import are
/// dealt with, and ends the work by giving false; a later call goes on.
/// *Errors*: not found or forbidden; an import that still runs.
/// *Effects*: an event `….removed` or `….changed` for each record.
pub fn undo(
    _db: &Db,
    _ctx: &Ctx,
    _import_id: i64,
    _clock: &dyn Fn() -> i64,
    _progress: &mut dyn FnMut(&Undone) -> bool,
) -> Result<Undone> {
    Err(Error::Forbidden("undo imports yet".into()))
}
