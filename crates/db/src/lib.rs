//! SQLite and PostgreSQL behind one SQL text: connections, transactions, rows and migrations.
//!
//! A caller opens a [`Db`], and inside [`Db::read`] or [`Db::write`] gets a [`Tx`] that takes the same
//! statements on both engines: `$n` parameters, `ON CONFLICT`, `RETURNING`, window functions, row values.
//! What differs between the engines lives in this crate, in search, in jobs and in the event feed.

mod deferred;
mod error;
mod migrate;
pub mod moves;
mod pg;
mod pool;
mod rebuild;
mod sqlite;
mod tx;
mod value;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub use error::{Error, Result};
pub use migrate::{Migration, render};
pub use tx::Tx;
pub use value::{Row, Value};

/// Which engine answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The embedded engine: one file, one writer.
    Sqlite,
    /// A PostgreSQL server, version 15 or later.
    Postgres,
}

/// A database: cheap to clone, shared by all threads.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

enum Inner {
    Sqlite(sqlite::Store),
    Postgres(pg::Store),
}

/// How many connections to keep and how long a read may take.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Reading connections at the most; writers on SQLite are always one.
    pub n_readers: usize,
    /// A read that takes longer is stopped with [`Error::TooSlow`].
    pub read_limit: Duration,
}

impl Default for Options {
    fn default() -> Options {
        Options { n_readers: 8, read_limit: Duration::from_secs(20) }
    }
}

/// Bulk work in progress; see [`Db::bulk`].
pub struct Bulk<'a> {
    db: &'a Db,
}

impl Drop for Bulk<'_> {
    fn drop(&mut self) {
        if let Inner::Sqlite(store) = &*self.db.inner {
            let _ = store.set_bulk(false);
        }
    }
}

impl Db {
    /// Opens the SQLite file at `path`, and makes it when it is not there.
    pub fn sqlite(path: &Path, options: Options) -> Result<Db> {
        Ok(Db { inner: Arc::new(Inner::Sqlite(sqlite::Store::open(path, options)?)) })
    }

    /// Connects to the PostgreSQL server of `url` (`postgres://user:password@host/database`).
    /// A `schema` other than `public` is created when it is missing.
    pub fn postgres(url: &str, schema: Option<&str>, options: Options) -> Result<Db> {
        Ok(Db { inner: Arc::new(Inner::Postgres(pg::Store::open(url, schema, options)?)) })
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match &*self.inner {
            Inner::Sqlite(_) => Engine::Sqlite,
            Inner::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs `f` on one consistent snapshot; what it writes is refused.
    pub fn read<T, E: From<Error>>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        match &*self.inner {
            Inner::Sqlite(store) => store.read(f),
            Inner::Postgres(store) => store.read(f),
        }
    }

    /// Runs `f` in a transaction that is committed when `f` succeeds and undone when it fails.
    /// *Errors*: whatever `f` returns, or the engine's error at commit.
    pub fn write<T, E: From<Error>>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        match &*self.inner {
            Inner::Sqlite(store) => store.write(f),
            Inner::Postgres(store) => store.write(f),
        }
    }

    /// Brings the schema up to the last of `migrations`, each in a transaction of its own.
    /// *Errors*: a migration that was applied before with another text, or a database that is newer.
    pub fn migrate(&self, migrations: &[Migration]) -> Result<usize> {
        migrate::run(self, migrations)
    }

    /// Says that much will be written until the answer is dropped: SQLite then takes up to 200 MB for it.
    pub fn bulk(&self) -> Result<Bulk<'_>> {
        if let Inner::Sqlite(store) = &*self.inner {
            store.set_bulk(true)?;
        }
        Ok(Bulk { db: self })
    }

    /// Refreshes the engine's statistics, which choose the plan of a statement; after bulk work.
    pub fn analyze(&self) -> Result<()> {
        match &*self.inner {
            Inner::Sqlite(store) => store.analyze(),
            Inner::Postgres(store) => store.analyze(),
        }
    }

    /// Reads the database through and says what is wrong with it, if anything is. Takes a while on a large one.
    pub fn check(&self) -> Result<Vec<String>> {
        let rows = match &*self.inner {
            Inner::Sqlite(_) => self.read::<_, Error>(|tx| tx.query("PRAGMA quick_check(20)", &[]))?,
            // The server keeps checksums of its own; what can be asked is whether it answers.
            Inner::Postgres(_) => self.read::<_, Error>(|tx| tx.query("SELECT 'ok'", &[]))?,
        };
        let answers: Result<Vec<String>> = rows.iter().map(|row| row.text(0).map(String::from)).collect();
        Ok(answers?.into_iter().filter(|answer| answer != "ok").collect())
    }

    /// Copies a SQLite database to `path` while it is in use. *Errors*: [`Error::Unsupported`] on PostgreSQL.
    pub fn copy_to(&self, path: &Path) -> Result<()> {
        match &*self.inner {
            Inner::Sqlite(store) => store.copy_to(path),
            Inner::Postgres(_) => Err(Error::Unsupported("an online copy of a PostgreSQL database")),
        }
    }
}
