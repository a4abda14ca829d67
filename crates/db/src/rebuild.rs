//! Replacing all rows of a derived table: written beside it without indexes, which are built at the end, then put in its place.
//!
//! Inserting a million rows into a table with seven indexes writes each page of each index again and again: twenty gigabytes
//! on SQLite, where building the indexes over the finished rows writes half of one. Readers see the old rows to the end.

use crate::{Engine, Error, Result, Tx};

impl Tx<'_> {
    /// Makes an empty table for the new rows of `table`, with its columns. `n` tells rebuilds apart; what an earlier one
    /// left behind goes, so that of two rebuilds at once the later wins and the earlier fails. Gives the table's name.
    pub fn begin_rebuild(&mut self, table: &str, n: i64) -> Result<String> {
        check_name(table)?;
        let next = format!("{table}_next_{n}");
        let sql = match self.engine() {
            Engine::Sqlite => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE $1 ESCAPE '\\'"
            }
            Engine::Postgres => {
                "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename LIKE $1 ESCAPE '\\'"
            }
        };
        let pattern = format!("{table}_next_%").replace('_', "\\_");
        for row in self.query(sql, &[pattern.into()])? {
            let left_behind = row.text(0)?;
            check_name(left_behind)?;
            self.batch(&format!("DROP TABLE {left_behind}"))?;
        }
        match self.engine() {
            Engine::Sqlite => {
                let made = self.one(
                    "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = $1",
                    &[table.into()],
                )?;
                let columns = made.text(0)?.split_once('(').map(|(_, columns)| columns.to_string());
                let columns = columns.ok_or_else(|| Error::Refused(format!("{table} has no columns")))?;
                self.batch(&format!("CREATE TABLE {next} ({columns}"))?;
            }
            Engine::Postgres => self.batch(&format!("CREATE UNLOGGED TABLE {next} (LIKE {table})"))?,
        }
        Ok(next)
    }

    /// The statements that give `next` the indexes of `table`; each may run in a transaction of its own. None on PostgreSQL,
    /// where the rows move at the end.
    pub fn rebuild_indexes(&mut self, table: &str, next: &str) -> Result<Vec<String>> {
        check_name(next)?;
        if self.engine() == Engine::Postgres {
            return Ok(Vec::new());
        }
        let sql = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = $1 AND sql IS NOT NULL ORDER BY name";
        let mut statements = Vec::new();
        for row in self.query(sql, &[table.into()])? {
            let (name, made) = (row.text(0)?, row.text(1)?);
            // Both tables exist for a while, and SQLite does not rename indexes: their names take turns.
            let name = name.strip_suffix("_2").map_or_else(|| format!("{name}_2"), String::from);
            let wrong = || Error::Refused(format!("the index {name} can't be read"));
            let (head, rest) = made.split_once(" ON ").ok_or_else(wrong)?;
            let (_, columns) = rest.split_once('(').ok_or_else(wrong)?;
            let unique = if head.contains("UNIQUE") { "UNIQUE " } else { "" };
            statements.push(format!("CREATE {unique}INDEX {name} ON {next} ({columns}"));
        }
        Ok(statements)
    }

    /// Puts the rows of `next` in the place of those of `table`; `next` is gone afterwards.
    pub fn finish_rebuild(&mut self, table: &str, next: &str) -> Result<()> {
        check_name(table)?;
        check_name(next)?;
        self.batch(&match self.engine() {
            Engine::Sqlite => format!("DROP TABLE {table}; ALTER TABLE {next} RENAME TO {table};"),
            // A new table would have to wait for all readers of the old one, and keep new ones waiting meanwhile.
            Engine::Postgres => {
                format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM {next}; DROP TABLE {next};")
            }
        })
    }
}

/// Names come from code, and are put into statements as they are.
pub(crate) fn check_name(name: &str) -> Result<()> {
    match name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') && !name.is_empty()
    {
        true => Ok(()),
        false => Err(Error::Refused(format!("{name} is not a table's name"))),
    }
}
