//! Forward-only migrations: one text for both engines, with tokens where types differ.

use sha2::{Digest, Sha256};

use crate::deferred;
use crate::{Db, Engine, Error, Result, Value};

/// One step of the schema's history. Versions ascend; a text that was released never changes.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Position in the history, from 1.
    pub version: i64,
    /// Short name for messages, `parties`.
    pub name: &'static str,
    /// The statements, with tokens (see [`render`]).
    pub sql: &'static str,
}

/// Turns a migration's tokens into what `engine` understands.
///
/// Tokens: `@id` (primary key), `@int`, `@real`, `@text`, `@json`, `@bytes`, `@xid` (transaction number, for
/// the event feed), `@strict` (after the closing bracket of a table). Lines between `-- only sqlite` or
/// `-- only postgres` and `-- end` are for that engine alone.
pub fn render(sql: &str, engine: Engine) -> String {
    let mut kept = String::with_capacity(sql.len());
    let mut skipping = false;
    for line in sql.lines() {
        match line.trim() {
            "-- only sqlite" => skipping = engine != Engine::Sqlite,
            "-- only postgres" => skipping = engine != Engine::Postgres,
            "-- end" => skipping = false,
            _ if skipping => {}
            _ => {
                kept.push_str(line);
                kept.push('\n');
            }
        }
    }
    let tokens: [(&str, &str); 8] = match engine {
        Engine::Sqlite => [
            ("@id", "INTEGER PRIMARY KEY"),
            ("@int", "INTEGER"),
            ("@real", "REAL"),
            ("@text", "TEXT"),
            ("@json", "TEXT"),
            ("@bytes", "BLOB"),
            ("@xid", "INTEGER NOT NULL DEFAULT 0"),
            ("@strict", "STRICT"),
        ],
        Engine::Postgres => [
            ("@id", "BIGINT PRIMARY KEY"),
            ("@int", "BIGINT"),
            ("@real", "DOUBLE PRECISION"),
            ("@text", "TEXT COLLATE \"C\""),
            ("@json", "JSONB"),
            ("@bytes", "BYTEA"),
            ("@xid", "BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text::bigint)"),
            ("@strict", ""),
        ],
    };
    for (token, text) in tokens {
        kept = kept.replace(token, text);
    }
    kept
}

pub(crate) fn run(db: &Db, migrations: &[Migration]) -> Result<usize> {
    let ledger = "CREATE TABLE IF NOT EXISTS migrations
        (version @id, name @text NOT NULL, checksum @text NOT NULL) @strict;";
    let engine = db.engine();
    db.write::<_, Error>(|tx| {
        take_turns(tx, engine)?;
        tx.batch(&render(ledger, engine))?;
        tx.batch(&render(deferred::LEDGER, engine))
    })?;
    let applied =
        db.read::<_, Error>(|tx| tx.query("SELECT version, checksum FROM migrations ORDER BY version", &[]))?;
    let mut n_applied = 0;
    for row in &applied {
        let version = row.int(0)?;
        let Some(migration) = migrations.iter().find(|m| m.version == version) else {
            return Err(Error::Migration(format!(
                "this data was written by a newer kith (schema {version}); start that version, or restore a backup"
            )));
        };
        if row.text(1)? != checksum(migration.sql) {
            return Err(Error::Migration(format!(
                "migration {version} ({}) has changed since it ran",
                migration.name
            )));
        }
    }
    let applied: Vec<i64> = applied.iter().map(|row| row.int(0)).collect::<Result<_>>()?;
    // Not simply the ones after the last: a later kernel migration has a lower number than the domain's first.
    for migration in migrations.iter().filter(|m| !applied.contains(&m.version)) {
        let mut done_now = false;
        db.write::<_, Error>(|tx| {
            take_turns(tx, engine)?;
            // The second of two servers that start at once finds the work done.
            let done =
                tx.opt("SELECT 1 FROM migrations WHERE version = $1", &[Value::Int(migration.version)])?;
            if done.is_some() {
                return Ok(());
            }
            done_now = true;
            tx.batch(&render(migration.sql, engine))?;
            tx.execute(
                "INSERT INTO migrations (version, name, checksum) VALUES ($1, $2, $3)",
                &[migration.version.into(), migration.name.into(), checksum(migration.sql).into()],
            )?;
            Ok(())
        })?;
        n_applied += usize::from(done_now);
    }
    // Left by a process that died while it filled tables.
    db.make_deferred_indexes()?;
    Ok(n_applied)
}

/// Two servers that start at once take turns at the schema, `IF NOT EXISTS` included, which PostgreSQL does not guard.
fn take_turns(tx: &mut crate::Tx<'_>, engine: Engine) -> Result<()> {
    match engine {
        // There is one writer anyway.
        Engine::Sqlite => Ok(()),
        Engine::Postgres => tx.batch("SELECT pg_advisory_xact_lock(7250)"),
    }
}

fn checksum(sql: &str) -> String {
    Sha256::digest(sql.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}
