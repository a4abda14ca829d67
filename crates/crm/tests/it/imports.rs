//! Imports: what files become, that every row is accounted for, that crashes lose nothing, that undo leaves nothing.

mod contacts;
mod crashes;
mod exports;
mod hostile;
mod plans;
mod purchases;
mod records;
mod undoing;

use crm::imports::{self, Account, NewImport, Plan, Undone};
use kernel::{Ctx, Result};
use testkit::World;

/// Proposes a plan for a file.
fn propose(w: &World, ctx: &Ctx, object: &str, file: &[u8]) -> Result<Plan> {
    w.try_write(|tx| imports::propose(tx, ctx, object, file))
}

/// Begins an import and gives its id.
fn begin(w: &World, ctx: &Ctx, plan: &Plan, file: &[u8]) -> Result<i64> {
    let digest = imports::digest(file).unwrap();
    let new = NewImport {
        plan,
        file_name: "file.csv",
        sha256: &digest.sha256,
        size_bytes: digest.size_bytes,
        file_id: None,
    };
    w.try_write(|tx| imports::begin(tx, ctx, &new))
}

/// Imports a file as the founder under a plan; gives the import's id and account.
fn import_as(w: &World, plan: &Plan, file: &[u8]) -> (i64, Account) {
    let ctx = w.ctx();
    let rehearsed = imports::dry_run(&w.db, &ctx, plan, file, &mut |_| true).unwrap();
    let id = begin(w, &ctx, plan, file).unwrap();
    let account = imports::run(&w.db, &ctx, id, file, &|| w.now(), &mut |_| true).unwrap();
    assert!(account.complete(), "{account:?}");
    assert_eq!(rehearsed.numbers(), account.numbers(), "the dry run said something else");
    assert_eq!(w.read(|tx| imports::get(tx, &ctx, id)).account.numbers(), account.numbers());
    (id, account)
}

/// Imports a file as the founder under the proposed plan.
pub(crate) fn import(w: &World, object: &str, file: &str) -> (i64, Account) {
    let plan = propose(w, &w.ctx(), object, file.as_bytes()).unwrap();
    import_as(w, &plan, file.as_bytes())
}

/// The numbers of an account that are not nought.
fn told(account: &Account) -> String {
    let numbers = account.numbers().into_iter().filter(|(_, n)| *n != 0);
    numbers.map(|(name, n)| format!("{} {n}", &name[2..])).collect::<Vec<_>>().join(", ")
}

/// The problems of an account, one a line.
fn faults(account: &Account) -> Vec<String> {
    let line = |p: &imports::RowProblem| {
        format!("{} {}: {} ({})", p.row_number, p.field, p.message, p.severity.word())
    };
    account.problems.iter().map(line).collect()
}

fn undo(w: &World, id: i64) -> Undone {
    imports::undo(&w.db, &w.ctx(), id, &|| w.now(), &mut |_| true).unwrap()
}

/// How many rows a table has.
fn n_rows(w: &World, table: &str) -> i64 {
    w.read(|tx| Ok(tx.one(&format!("SELECT COUNT(*) FROM {table}"), &[])?.int(0)?))
}
