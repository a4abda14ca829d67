//! The same statements, rows, errors and migrations on both engines.
#![allow(clippy::unwrap_used, missing_docs)]

mod connections;
mod deferred;
mod migrations;
mod rebuilds;
mod statements;

use db::{Db, Options};
use tempfile::TempDir;

/// Runs a test on an empty database of each engine.
fn both(test: impl Fn(&Db)) {
    let (db, _folder) = sqlite();
    test(&db);
    test(&testkit::empty_postgres().0);
}

fn sqlite() -> (Db, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::sqlite(&folder.path().join("kith.sqlite"), Options::default()).unwrap();
    (db, folder)
}

fn run(db: &Db, sql: &str) {
    db.write::<_, db::Error>(|tx| tx.batch(&db::render(sql, tx.engine()))).unwrap();
}
