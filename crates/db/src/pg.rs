//! A PostgreSQL server: pooled connections, statements prepared once for each connection.

use std::collections::HashMap;

use postgres::binary_copy::BinaryCopyInWriter;
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::private::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type};
use postgres::{Config, NoTls, Statement};

use crate::pool::{Lease, Pool};
use crate::tx::Conn;
use crate::{Error, Options, Result, Row, Tx, Value};

type BoxError = Box<dyn std::error::Error + Sync + Send>;

pub(crate) struct Store {
    config: Config,
    clients: Pool<Client>,
    read_limit_ms: u128,
}

/// One connection and its prepared statements.
pub(crate) struct Client {
    client: postgres::Client,
    statements: HashMap<String, Statement>,
}

/// Statements here are short: compiling one takes longer than running it. And on today's disks, or in memory, a page read
/// out of order costs little more than one in order; only so are lists walked along their index.
const SERVER_OPTIONS: &str = "-c jit=off -c random_page_cost=1.1";

impl Store {
    pub(crate) fn open(url: &str, schema: Option<&str>, options: Options) -> Result<Store> {
        let mut config: Config = url.parse().map_err(Error::from)?;
        config.application_name("kith");
        // What the address itself says comes later and holds.
        let own = config.get_options().unwrap_or_default();
        let mut server_options = format!("{SERVER_OPTIONS} {own}");
        if let Some(schema) = schema {
            if !schema.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
                return Err(Error::Refused(format!("{schema} is not a schema name")));
            }
            let mut client = config.connect(NoTls)?;
            client.batch_execute(&format!("CREATE SCHEMA IF NOT EXISTS {schema}"))?;
            server_options.push_str(&format!(" -c search_path={schema},public"));
        }
        config.options(&server_options);
        let store = Store {
            config,
            clients: Pool::new(options.n_readers + 8),
            read_limit_ms: options.read_limit.as_millis(),
        };
        drop(store.client()?);
        Ok(store)
    }

    fn client(&self) -> Result<Lease<'_, Client>> {
        loop {
            let mut lease = self.clients.take(|| {
                let client = self.config.connect(NoTls)?;
                Ok::<Client, Error>(Client { client, statements: HashMap::new() })
            })?;
            // A connection that the server closed while it was idle is replaced, not reported.
            if lease.conn().client.is_closed() {
                lease.discard();
                continue;
            }
            return Ok(lease);
        }
    }

    pub(crate) fn read<T, E: From<Error>>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let begin = format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = {}",
            self.read_limit_ms
        );
        self.run(&begin, "ROLLBACK", f)
    }

    pub(crate) fn write<T, E: From<Error>>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.run("BEGIN", "COMMIT", f)
    }

    fn run<T, E: From<Error>>(
        &self,
        begin: &str,
        end: &str,
        f: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let mut lease = self.client()?;
        let guard = OpenTransaction { client: lease.conn(), finished: false };
        guard.client.client.batch_execute(begin).map_err(Error::from)?;
        let mut guard = guard;
        let value = f(&mut Tx { conn: Conn::Postgres(guard.client) })?;
        guard.client.client.batch_execute(end).map_err(Error::from)?;
        guard.finished = true;
        Ok(value)
    }

    pub(crate) fn analyze(&self) -> Result<()> {
        Ok(self.client()?.conn().client.batch_execute("ANALYZE")?)
    }
}

/// Rolls back when it is dropped before the end, be it by an error or by a panic.
struct OpenTransaction<'a> {
    client: &'a mut Client,
    finished: bool,
}

impl Drop for OpenTransaction<'_> {
    fn drop(&mut self) {
        if !self.finished {
            let _ = self.client.client.batch_execute("ROLLBACK");
        }
    }
}

impl Client {
    fn prepared(&mut self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        if self.statements.len() >= 512 {
            self.statements.clear();
        }
        let statement = self.client.prepare(sql)?;
        self.statements.insert(sql.to_string(), statement.clone());
        Ok(statement)
    }

    pub(crate) fn prepare_only(&mut self, sql: &str) -> Result<()> {
        self.client.prepare(sql)?;
        Ok(())
    }

    pub(crate) fn each(
        &mut self,
        sql: &str,
        params: &[Value],
        mut f: impl FnMut(Row) -> Result<()>,
    ) -> Result<()> {
        let statement = self.prepared(sql)?;
        let mut rows = self.client.query_raw(&statement, params.iter())?;
        while let Some(row) = rows.next()? {
            let mut values = Vec::with_capacity(row.len());
            for column in 0..row.len() {
                values.push(row.try_get::<usize, Value>(column)?);
            }
            f(Row(values))?;
        }
        Ok(())
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        let statement = self.prepared(sql)?;
        let borrowed: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as &(dyn ToSql + Sync)).collect();
        let n = self.client.execute(&statement, &borrowed)?;
        Ok(n)
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        Ok(self.client.batch_execute(sql)?)
    }

    pub(crate) fn insert_rows(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: impl IntoIterator<Item = impl AsRef<[Value]>>,
    ) -> Result<u64> {
        let shape = self.prepared(&format!("SELECT {} FROM {table} LIMIT 0", columns.join(", ")))?;
        let types: Vec<Type> = shape.columns().iter().map(|c| c.type_().clone()).collect();
        let copy = format!("COPY {table} ({}) FROM STDIN BINARY", columns.join(", "));
        let mut writer = BinaryCopyInWriter::new(self.client.copy_in(&copy)?, &types);
        for row in rows {
            writer.write_raw(row.as_ref().iter())?;
        }
        Ok(writer.finish()?)
    }
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, BoxError> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(v) if *ty == Type::FLOAT8 => (*v as f64).to_sql(ty, out),
            Value::Int(v) if *ty == Type::INT4 => i32::try_from(*v)?.to_sql(ty, out),
            Value::Int(v) if *ty == Type::INT8 => v.to_sql(ty, out),
            Value::Int(v) => v.to_string().to_sql(ty, out),
            Value::Real(v) if *ty == Type::FLOAT8 => v.to_sql(ty, out),
            Value::Real(v) => v.to_string().to_sql(ty, out),
            Value::Text(v) if *ty == Type::JSONB => {
                out.extend_from_slice(&[1]);
                out.extend_from_slice(v.as_bytes());
                Ok(IsNull::No)
            }
            Value::Text(v) => v.as_str().to_sql(ty, out),
            Value::Bytes(v) => v.as_slice().to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> std::result::Result<Value, BoxError> {
        match *ty {
            Type::INT8 => i64::from_sql(ty, raw).map(Value::Int),
            Type::INT4 => i32::from_sql(ty, raw).map(|v| Value::Int(v.into())),
            Type::INT2 => i16::from_sql(ty, raw).map(|v| Value::Int(v.into())),
            Type::BOOL => bool::from_sql(ty, raw).map(Value::from),
            Type::FLOAT8 => f64::from_sql(ty, raw).map(Value::Real),
            Type::FLOAT4 => f32::from_sql(ty, raw).map(|v| Value::Real(v.into())),
            Type::BYTEA => Ok(Value::Bytes(raw.to_vec())),
            Type::JSONB => {
                Ok(Value::Text(std::str::from_utf8(raw.get(1..).unwrap_or_default())?.to_string()))
            }
            Type::TEXT | Type::VARCHAR | Type::NAME | Type::BPCHAR | Type::JSON | Type::UNKNOWN => {
                Ok(Value::Text(std::str::from_utf8(raw)?.to_string()))
            }
            _ => Err(format!("a column of type {ty} has no place here; cast it in the statement").into()),
        }
    }

    fn from_sql_null(_: &Type) -> std::result::Result<Value, BoxError> {
        Ok(Value::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
