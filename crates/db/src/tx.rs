//! One transaction: the handle that all statements go through.

use crate::{Engine, Error, Result, Row, Value, pg, sqlite};

/// Steps of SQLite's machine that the two ways of [`Tx::query_by_either`] may take in turn; a row that an index gives takes
/// ten to thirty.
const ROUNDS: [[u32; 2]; 3] = [[20_000, 20_000], [160_000, 80_000], [1_280_000, 640_000]];

/// An open transaction on either engine.
pub struct Tx<'a> {
    pub(crate) conn: Conn<'a>,
}

pub(crate) enum Conn<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut pg::Client),
}

impl Tx<'_> {
    /// Which engine answers; only search, jobs, feed and backup may ask.
    pub fn engine(&self) -> Engine {
        match self.conn {
            Conn::Sqlite(_) => Engine::Sqlite,
            Conn::Postgres(_) => Engine::Postgres,
        }
    }

    /// All rows of a statement. The statement bounds its own result.
    pub fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        self.each(sql, params, |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    /// Hands each row to `f` without keeping them.
    pub fn each(&mut self, sql: &str, params: &[Value], f: impl FnMut(Row) -> Result<()>) -> Result<()> {
        refuse_nul(params)?;
        match &mut self.conn {
            Conn::Sqlite(conn) => sqlite::each(conn, sql, params, f),
            Conn::Postgres(client) => client.each(sql, params, f),
        }
    }

    /// Hands each row to `f` while the answer costs little: on SQLite up to so many steps of its machine, on PostgreSQL
    /// a millisecond for 2,000 of them. False when there was more. For what is good to know but not worth waiting for,
    /// such as a total.
    pub fn each_briefly(
        &mut self,
        n_steps: u32,
        sql: &str,
        params: &[Value],
        f: impl FnMut(Row) -> Result<()>,
    ) -> Result<bool> {
        match &mut self.conn {
            Conn::Sqlite(conn) => sqlite::each_within(conn, n_steps, sql, params, f),
            Conn::Postgres(client) => {
                let limit_ms = n_steps.div_ceil(2_000);
                client.batch(&format!("SAVEPOINT briefly; SET LOCAL statement_timeout = {limit_ms}"))?;
                let done = client.each(sql, params, f);
                // Takes the shorter limit back with it.
                client.batch("ROLLBACK TO SAVEPOINT briefly; RELEASE SAVEPOINT briefly")?;
                match done {
                    Err(Error::TooSlow) => Ok(false),
                    done => done.map(|()| true),
                }
            }
        }
    }

    /// All rows of a statement that can be put in two ways, by the one that comes first to its end: `planned` as the
    /// engine sees fit, `walked` so that it goes along the order. Each gets a small share of work, then a larger one, so
    /// that together they take little more than twice what the better one takes. PostgreSQL, which estimates for the
    /// values at hand, runs `planned` alone, and so does SQLite inside a write.
    pub fn query_by_either(
        &mut self,
        planned: &str,
        walked: &str,
        walked_first: bool,
        params: &[Value],
    ) -> Result<Vec<Row>> {
        // The limit is kept by readers alone; inside a write nobody would stop the first way.
        if let Conn::Sqlite(conn) = &self.conn
            && conn.is_readonly("main")?
        {
            refuse_nul(params)?;
            let (first, second) = if walked_first { (walked, planned) } else { (planned, walked) };
            for [first_steps, second_steps] in ROUNDS {
                for (sql, n_steps) in [(first, first_steps), (second, second_steps)] {
                    let mut rows = Vec::new();
                    let whole = sqlite::each_within(conn, n_steps, sql, params, |row| {
                        rows.push(row);
                        Ok(())
                    })?;
                    if whole {
                        return Ok(rows);
                    }
                }
            }
        }
        self.query(planned, params)
    }

    /// The first row. *Errors*: [`Error::NoRow`] when there is none.
    pub fn one(&mut self, sql: &str, params: &[Value]) -> Result<Row> {
        self.query(sql, params)?.into_iter().next().ok_or(Error::NoRow)
    }

    /// The first row, if there is one.
    pub fn opt(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>> {
        Ok(self.query(sql, params)?.into_iter().next())
    }

    /// Runs a statement that returns no rows; gives the number of rows it touched.
    pub fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        refuse_nul(params)?;
        match &mut self.conn {
            Conn::Sqlite(conn) => sqlite::execute(conn, sql, params),
            Conn::Postgres(client) => client.execute(sql, params),
        }
    }

    /// Inserts many rows into `table`: prepared inserts on SQLite, `COPY` on PostgreSQL.
    /// *Errors*: [`Error::Taken`] where a unique index refuses; nothing is skipped silently.
    pub fn insert_rows(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: impl IntoIterator<Item = impl AsRef<[Value]>>,
    ) -> Result<u64> {
        // The engines stop at the first row that is refused, so checking as they go is checking before.
        let mut refused = Ok(());
        let rows = rows.into_iter().take_while(|row| {
            refused = refuse_nul(row.as_ref());
            refused.is_ok()
        });
        let inserted = match &mut self.conn {
            Conn::Sqlite(conn) => sqlite::insert_rows(conn, table, columns, rows),
            Conn::Postgres(client) => client.insert_rows(table, columns, rows),
        };
        refused.and(inserted)
    }

    /// Holds these rows until the end of the transaction, so that what is worked out from other rows next is worked
    /// out by one writer at a time. SQLite has one writer anyway.
    pub fn lock(&mut self, table: &str, ids: &[i64]) -> Result<()> {
        let Conn::Postgres(client) = &mut self.conn else { return Ok(()) };
        // In one order for everyone, so that two writers never wait for each other.
        let sql = format!(
            "SELECT id FROM {table} WHERE id = ANY(CAST($1 AS TEXT)::bigint[]) ORDER BY id FOR UPDATE"
        );
        let list: Vec<String> = ids.iter().map(i64::to_string).collect();
        client.each(&sql, &[Value::Text(format!("{{{}}}", list.join(",")))], |_| Ok(()))
    }

    /// Runs the same statement for each set of parameters.
    pub fn execute_each(
        &mut self,
        sql: &str,
        sets: impl IntoIterator<Item = impl AsRef<[Value]>>,
    ) -> Result<u64> {
        let mut n = 0;
        for params in sets {
            n += self.execute(sql, params.as_ref())?;
        }
        Ok(n)
    }

    /// Runs several statements without parameters, as migrations need.
    pub fn batch(&mut self, sql: &str) -> Result<()> {
        match &mut self.conn {
            Conn::Sqlite(conn) => Ok(conn.execute_batch(sql)?),
            Conn::Postgres(client) => client.batch(sql),
        }
    }

    /// Checks that the engine accepts `sql` without running it.
    pub fn prepare(&mut self, sql: &str) -> Result<()> {
        match &mut self.conn {
            Conn::Sqlite(conn) => Ok(conn.prepare(sql).map(drop)?),
            Conn::Postgres(client) => client.prepare_only(sql),
        }
    }

    /// Runs a part of the work that may be refused by itself: what it wrote is undone when `f` gives an inner error,
    /// and the transaction goes on. An outer error ends the transaction as always.
    pub fn attempt<T, R, E: From<Error>>(
        &mut self,
        f: impl FnOnce(&mut Self) -> std::result::Result<std::result::Result<T, R>, E>,
    ) -> std::result::Result<std::result::Result<T, R>, E> {
        self.batch("SAVEPOINT attempt")?;
        let done = f(self)?;
        if done.is_err() {
            self.batch("ROLLBACK TO SAVEPOINT attempt")?;
        }
        self.batch("RELEASE SAVEPOINT attempt")?;
        Ok(done)
    }

    /// Takes `n` ids that no other record has or will have. *Shape*: `n` ascending numbers.
    pub fn ids(&mut self, n: usize) -> Result<Vec<i64>> {
        if n == 0 {
            return Ok(Vec::new());
        }
        let wanted = i64::try_from(n).map_err(|_| Error::Refused("too many ids".into()))?;
        match &mut self.conn {
            Conn::Sqlite(conn) => {
                let sql = "UPDATE id_sequence SET next_id = next_id + $1 RETURNING next_id";
                let mut rows = Vec::new();
                sqlite::each(conn, sql, &[Value::Int(wanted)], |row| {
                    rows.push(row.int(0)?);
                    Ok(())
                })?;
                let end = rows.first().copied().ok_or(Error::NoRow)?;
                Ok((end - wanted..end).collect())
            }
            Conn::Postgres(client) => {
                let mut ids = Vec::with_capacity(n);
                let sql = "SELECT nextval('id_sequence') FROM generate_series(1, $1::bigint)";
                client.each(sql, &[Value::Int(wanted)], |row| {
                    ids.push(row.int(0)?);
                    Ok(())
                })?;
                ids.sort_unstable();
                Ok(ids)
            }
        }
    }

    /// One fresh id.
    pub fn id(&mut self) -> Result<i64> {
        self.ids(1)?.first().copied().ok_or(Error::NoRow)
    }

    /// The transaction number below which every writer has finished: a reader of the event log that stays
    /// below it, in the order (transaction, sequence), skips nothing. On SQLite writers are one, so it is
    /// the largest number.
    pub fn horizon(&mut self) -> Result<i64> {
        match &mut self.conn {
            Conn::Sqlite(_) => Ok(i64::MAX),
            Conn::Postgres(client) => {
                let sql = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint";
                let mut horizon = 0;
                client.each(sql, &[], |row| {
                    horizon = row.int(0)?;
                    Ok(())
                })?;
                Ok(horizon)
            }
        }
    }
}

/// PostgreSQL cannot hold the character NUL in text, so neither engine takes it.
fn refuse_nul(params: &[Value]) -> Result<()> {
    let holds_nul =
        |value: &Value| matches!(value, Value::Text(text) if memchr::memchr(0, text.as_bytes()).is_some());
    match params.iter().any(holds_nul) {
        true => Err(Error::Refused("text cannot hold the character NUL".into())),
        false => Ok(()),
    }
}
