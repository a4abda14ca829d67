//! Doing an import, or only looking what it would do.

use std::io::Read;

use db::Db;
use kernel::{Ctx, Error, Result};
use sha2::{Digest as _, Sha256};

use super::accounts::Account;
use super::plans::Plan;

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
    _db: &Db,
    _ctx: &Ctx,
    _import_id: i64,
    _source: impl Read + Send,
    _clock: &dyn Fn() -> i64,
    _progress: &mut dyn FnMut(Progress<'_>) -> bool,
) -> Result<Account> {
    Err(Error::Forbidden("import yet".into()))
}

/// Reads the whole file and says what an import would do; nothing is kept. `progress` ends it by giving false, the
/// account is then that of the rows so far.
/// *Errors*: a plan that does not hold; a file that cannot be read on.
pub fn dry_run(
    _db: &Db,
    _ctx: &Ctx,
    _plan: &Plan,
    _source: impl Read + Send,
    _progress: &mut dyn FnMut(Progress<'_>) -> bool,
) -> Result<Account> {
    Err(Error::Forbidden("import yet".into()))
}
