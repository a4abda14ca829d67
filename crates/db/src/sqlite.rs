//! The embedded engine: one file, WAL, one writer, several readers.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql};

use crate::pool::Pool;
use crate::tx::Conn;
use crate::{Error, Options, Result, Row, Tx, Value};

/// Steps of SQLite's machine between two looks at the clock.
const STEPS: i32 = 2_500;

thread_local! {
    /// How many looks at the clock the present statement of this thread has left; 0 sets no limit.
    static EFFORT: Cell<u32> = const { Cell::new(0) };
}

pub(crate) struct Store {
    path: PathBuf,
    options: Options,
    /// Closed before the writer: the last connection to close tidies the log away, which a reader may not.
    readers: Pool<Reader>,
    writer: Mutex<Connection>,
    /// Held by whoever is next to write, so that one that writes much does not always come before one that waits.
    turn: Mutex<()>,
}

/// A reading connection and the moment (milliseconds since `start`) at which its statement must stop.
struct Reader {
    conn: Connection,
    deadline_ms: Arc<AtomicU64>,
    start: Instant,
}

/// Ends the read when it is dropped, be it by an error or by a panic: an open snapshot would spoil the connection
/// for the next reader and keep the log from being cut.
struct OpenSnapshot<'a>(&'a mut Reader);

impl Drop for OpenSnapshot<'_> {
    fn drop(&mut self) {
        self.0.deadline_ms.store(u64::MAX, Ordering::Relaxed);
        let _ = self.0.conn.execute_batch("ROLLBACK");
    }
}

impl Store {
    pub(crate) fn open(path: &Path, options: Options) -> Result<Store> {
        let writer = Connection::open(path)?;
        writer.busy_timeout(Duration::from_secs(10))?;
        writer.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;
             PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000;
             PRAGMA journal_size_limit = 67108864;",
        )?;
        keep_plans(&writer)?;
        writer.set_prepared_statement_cache_capacity(256);
        Ok(Store {
            path: path.to_path_buf(),
            options,
            writer: Mutex::new(writer),
            turn: Mutex::new(()),
            readers: Pool::new(options.n_readers),
        })
    }

    fn reader(&self) -> Result<Reader> {
        let flags =
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let mut conn = Connection::open_with_flags(&self.path, flags)?;
        conn.busy_timeout(Duration::from_secs(10))?;
        conn.execute_batch(
            "PRAGMA cache_size = -6000; PRAGMA temp_store = MEMORY; PRAGMA query_only = ON;
             PRAGMA mmap_size = 68719476736;",
        )?;
        keep_plans(&conn)?;
        conn.set_prepared_statement_cache_capacity(256);
        let deadline_ms = Arc::new(AtomicU64::new(u64::MAX));
        let start = Instant::now();
        let watched = deadline_ms.clone();
        conn.progress_handler(
            STEPS,
            Some(move || spent() || start.elapsed().as_millis() as u64 > watched.load(Ordering::Relaxed)),
        )?;
        Ok(Reader { conn, deadline_ms, start })
    }

    pub(crate) fn read<T, E: From<Error>>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let mut lease = self.readers.take(|| self.reader())?;
        let reader = lease.conn();
        let limit = reader.start.elapsed() + self.options.read_limit;
        reader.deadline_ms.store(limit.as_millis() as u64, Ordering::Relaxed);
        reader.conn.execute_batch("BEGIN").map_err(Error::from)?;
        let snapshot = OpenSnapshot(reader);
        f(&mut Tx { conn: Conn::Sqlite(&snapshot.0.conn) })
    }

    pub(crate) fn write<T, E: From<Error>>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let conn = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        drop(turn);
        // A panic inside an earlier `f` leaves its transaction open behind the poisoned lock.
        if !conn.is_autocommit() {
            conn.execute_batch("ROLLBACK").map_err(Error::from)?;
        }
        conn.execute_batch("BEGIN IMMEDIATE").map_err(Error::from)?;
        match f(&mut Tx { conn: Conn::Sqlite(&conn) }) {
            Ok(value) => {
                if let Err(error) = conn.execute_batch("COMMIT") {
                    let _ = conn.execute_batch("ROLLBACK");
                    return Err(Error::from(error).into());
                }
                Ok(value)
            }
            Err(error) => {
                // After a full disk SQLite has rolled back by itself, and what the caller needs to hear is the cause.
                if !conn.is_autocommit() {
                    conn.execute_batch("ROLLBACK").map_err(Error::from)?;
                }
                Err(error)
            }
        }
    }

    /// Begins or ends bulk work: indexes that are filled in no order need their pages at hand, and pages that change
    /// again and again are copied from the log less often.
    pub(crate) fn set_bulk(&self, begins: bool) -> Result<()> {
        let conn = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(conn.execute_batch(match begins {
            true => "PRAGMA cache_size = -192000; PRAGMA wal_autocheckpoint = 64000;",
            false => {
                "PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 4000; PRAGMA shrink_memory;
                 PRAGMA wal_checkpoint(PASSIVE);"
            }
        })?)
    }

    pub(crate) fn analyze(&self) -> Result<()> {
        let conn = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(conn.execute_batch("PRAGMA analysis_limit = 1000; ANALYZE;")?)
    }

    pub(crate) fn copy_to(&self, path: &Path) -> Result<()> {
        let source = self.reader()?.conn;
        let mut target = Connection::open(path)?;
        let backup = rusqlite::backup::Backup::new(&source, &mut target)?;
        backup.run_to_completion(1_000, Duration::from_millis(0), None)?;
        Ok(())
    }
}

/// A statement keeps the plan it was prepared with. Otherwise SQLite looks at the bound values wherever they could
/// decide between indexes, and prepares the statement anew for each value: a third of the time of a page.
fn keep_plans(conn: &Connection) -> Result<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Notes one look at the clock; true when the statement has had its share.
fn spent() -> bool {
    EFFORT.with(|left| match left.get() {
        0 => false,
        1 => true,
        n => {
            left.set(n - 1);
            false
        }
    })
}

/// As [`each`], for at most so many steps. False when the answer was cut off. Steps rather than time, so that the
/// same data gives the same answer however busy the machine is.
pub(crate) fn each_within(
    conn: &Connection,
    n_steps: u32,
    sql: &str,
    params: &[Value],
    f: impl FnMut(Row) -> Result<()>,
) -> Result<bool> {
    EFFORT.set(n_steps.div_ceil(STEPS as u32) + 1);
    let done = each(conn, sql, params, f);
    let cut_off = EFFORT.replace(0) == 1;
    match done {
        Err(Error::TooSlow) if cut_off => Ok(false),
        done => done.map(|()| true),
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(v) => ValueRef::Integer(*v),
            Value::Real(v) => ValueRef::Real(*v),
            Value::Text(v) => ValueRef::Text(v.as_bytes()),
            Value::Bytes(v) => ValueRef::Blob(v),
        }))
    }
}

fn value_of(column: ValueRef<'_>) -> Value {
    match column {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(v) => Value::Int(v),
        ValueRef::Real(v) => Value::Real(v),
        ValueRef::Text(v) => Value::Text(String::from_utf8_lossy(v).into_owned()),
        ValueRef::Blob(v) => Value::Bytes(v.to_vec()),
    }
}

/// Binds `$n` to the n-th value. To SQLite `$2` is a name, not a position: it numbers parameters in the order in
/// which a statement mentions them first.
fn bind(statement: &mut rusqlite::Statement<'_>, params: &[Value]) -> Result<()> {
    let n_parameters = statement.parameter_count();
    if n_parameters != params.len() {
        return Err(rusqlite::Error::InvalidParameterCount(params.len(), n_parameters).into());
    }
    for index in 1..=n_parameters {
        let number =
            statement.parameter_name(index).and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
        let value = number.and_then(|number| params.get(number.wrapping_sub(1)));
        let value = value.ok_or(rusqlite::Error::InvalidParameterCount(params.len(), n_parameters))?;
        statement.raw_bind_parameter(index, value)?;
    }
    Ok(())
}

pub(crate) fn each(
    conn: &Connection,
    sql: &str,
    params: &[Value],
    mut f: impl FnMut(Row) -> Result<()>,
) -> Result<()> {
    let mut statement = conn.prepare_cached(sql)?;
    let n_columns = statement.column_count();
    bind(&mut statement, params)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let mut values = Vec::with_capacity(n_columns);
        for column in 0..n_columns {
            values.push(value_of(row.get_ref(column)?));
        }
        f(Row(values))?;
    }
    Ok(())
}

pub(crate) fn execute(conn: &Connection, sql: &str, params: &[Value]) -> Result<u64> {
    let mut statement = conn.prepare_cached(sql)?;
    bind(&mut statement, params)?;
    Ok(statement.raw_execute()? as u64)
}

/// Values in one statement of [`insert_rows`]: a statement opens its table and each index of it once, however many
/// rows it brings.
const N_VALUES: usize = 400;

pub(crate) fn insert_rows(
    conn: &Connection,
    table: &str,
    columns: &[&str],
    rows: impl IntoIterator<Item = impl AsRef<[Value]>>,
) -> Result<u64> {
    // A virtual table takes its rows one by one: the full-text index writes out what it gathered at each end of a
    // statement of several.
    let n_together =
        if columns.contains(&"rowid") { 1 } else { (N_VALUES / columns.len().max(1)).clamp(1, 50) };
    let statement = |n_rows: usize| {
        let places = format!("({})", vec!["?"; columns.len()].join(", "));
        let places = vec![places; n_rows].join(", ");
        // `OR FAIL` keeps what came before a row that is refused, as statements row by row would. The default would
        // copy each page before it is touched, to be able to take the whole statement back.
        conn.prepare_cached(&format!("INSERT OR FAIL INTO {table} ({}) VALUES {places}", columns.join(", ")))
    };
    let (mut n, mut together) = (0, None);
    let mut waiting = Vec::with_capacity(n_together);
    for row in rows {
        waiting.push(row);
        if waiting.len() == n_together {
            let statement = match &mut together {
                Some(statement) => statement,
                None => together.insert(statement(n_together)?),
            };
            let values = waiting.iter().flat_map(|row| row.as_ref());
            n += statement.execute(rusqlite::params_from_iter(values))? as u64;
            waiting.clear();
        }
    }
    if !waiting.is_empty() {
        let mut statement = statement(1)?;
        for row in &waiting {
            n += statement.execute(rusqlite::params_from_iter(row.as_ref()))? as u64;
        }
    }
    Ok(n)
}
