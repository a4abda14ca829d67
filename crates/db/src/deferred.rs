//! Indexes that wait until a table is filled.
//!
//! An index over finished rows is made in a second for a million of them. Kept up to date row by row, in no order, each
//! of its pages is written again and again: half of the time of a large import. Which indexes wait is noted in the
//! database, in the transaction that drops them, so that whoever opens it next makes them when this process dies.

use crate::rebuild::check_name;
use crate::{Db, Engine, Result, Tx};

pub(crate) const LEDGER: &str =
    "CREATE TABLE IF NOT EXISTS deferred_indexes (name @text PRIMARY KEY, made_by @text NOT NULL) @strict;";

impl Db {
    /// Drops these indexes until [`Db::make_deferred_indexes`]; names that are not there are passed over. For tables
    /// that are empty, or that nobody reads meanwhile: what the indexes were for is slow until then.
    pub fn defer_indexes(&self, names: &[impl AsRef<str>]) -> Result<()> {
        self.write(|tx| {
            for name in names {
                let name = name.as_ref();
                check_name(name)?;
                if let Some(made_by) = definition(tx, name)? {
                    let sql = "INSERT INTO deferred_indexes (name, made_by) VALUES ($1, $2)
                               ON CONFLICT (name) DO UPDATE SET made_by = excluded.made_by";
                    tx.execute(sql, &[name.into(), made_by.into()])?;
                    tx.batch(&format!("DROP INDEX {name}"))?;
                }
            }
            Ok(())
        })
    }

    /// Makes the indexes that wait, each in a transaction of its own; gives their number. None waiting is no error.
    pub fn make_deferred_indexes(&self) -> Result<usize> {
        let mut n_made = 0;
        loop {
            let made = self.write::<_, crate::Error>(|tx| {
                let sql = "SELECT name, made_by FROM deferred_indexes ORDER BY name LIMIT 1";
                let Some(row) = tx.opt(sql, &[])? else { return Ok(false) };
                let name = row.text(0)?;
                // Of two processes at once the second waits here, and finds it made.
                let taken = tx.execute("DELETE FROM deferred_indexes WHERE name = $1", &[name.into()])? > 0;
                if taken && definition(tx, name)?.is_none() {
                    tx.batch(row.text(1)?)?;
                }
                Ok(true)
            })?;
            match made {
                true => n_made += 1,
                false => return Ok(n_made),
            }
        }
    }
}

impl Tx<'_> {
    /// Names of the indexes of `table`, but for unique ones, which hold a rule and cannot wait.
    pub fn plain_indexes(&mut self, table: &str) -> Result<Vec<String>> {
        let sql = match self.engine() {
            Engine::Sqlite => {
                "SELECT name, sql FROM sqlite_master
                 WHERE type = 'index' AND tbl_name = $1 AND sql IS NOT NULL
                 ORDER BY name"
            }
            Engine::Postgres => {
                "SELECT CAST(indexname AS TEXT), indexdef FROM pg_indexes
                 WHERE schemaname = current_schema() AND tablename = $1
                 ORDER BY indexname"
            }
        };
        let rows = self.query(sql, &[table.into()])?;
        let mut names = Vec::new();
        for row in &rows {
            if !row.text(1)?.starts_with("CREATE UNIQUE") {
                names.push(row.text(0)?.to_string());
            }
        }
        Ok(names)
    }
}

/// The statement that makes this index.
fn definition(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>> {
    let sql = match tx.engine() {
        Engine::Sqlite => {
            "SELECT sql FROM sqlite_master WHERE type = 'index' AND name = $1 AND sql IS NOT NULL"
        }
        Engine::Postgres => {
            "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND indexname = $1"
        }
    };
    tx.opt(sql, &[name.into()])?.map(|row| row.text(0).map(String::from)).transpose()
}
