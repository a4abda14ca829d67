//! Copies everything from one database to another, from either engine to either, and compares what arrived.

use std::collections::BTreeMap;

use crate::{Db, Engine, Error, Result, Row, Tx, Value};

/// Rows that are written in one transaction.
const CHUNK: usize = 2_000;

/// One table that was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Its name.
    pub table: String,
    /// Rows read.
    pub n_rows: u64,
    /// Rows that are there now.
    pub n_arrived: u64,
    /// Whether the contents agree, row by row, whatever their order.
    pub same: bool,
}

/// Copies all tables from `from` to `to`, whose schema is there and which holds nothing. `skip` says which tables are
/// left out, because they are made anew from others. `progress` hears of each table and its rows so far.
///
/// Numbers of transactions mean something in one database only, so events get new ones, in the order of their own
/// numbers, and readers of the log go on with the first event that they have not seen.
/// *Errors*: the databases'; what was copied until then stays.
pub fn copy(
    from: &Db,
    to: &Db,
    skip: impl Fn(&str) -> bool,
    mut progress: impl FnMut(&str, u64),
) -> Result<Vec<Copied>> {
    let tables: Vec<String> = from.read(tables)?.into_iter().filter(|t| !skip(t) && !own(t)).collect();
    let mut copied = Vec::new();
    for table in &tables {
        copied.push(copy_table(from, to, table, &mut progress)?);
    }
    carry_positions(from, to)?;
    carry_sequences(from, to)?;
    Ok(copied)
}

/// Tables that this crate keeps itself, or that need another way.
fn own(table: &str) -> bool {
    ["migrations", "id_sequence", "event_cursors", "deferred_indexes"].contains(&table)
}

/// Names of the tables, in alphabetical order.
fn tables(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let sql = match tx.engine() {
        Engine::Sqlite => {
            "SELECT name FROM sqlite_master
             WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
             ORDER BY name"
        }
        Engine::Postgres => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables
             WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
             ORDER BY table_name"
        }
    };
    tx.query(sql, &[])?.iter().map(|row| row.text(0).map(String::from)).collect()
}

fn columns(tx: &mut Tx<'_>, table: &str) -> Result<Vec<String>> {
    let sql = match tx.engine() {
        Engine::Sqlite => "SELECT name FROM pragma_table_info($1) ORDER BY cid",
        Engine::Postgres => {
            "SELECT CAST(column_name AS TEXT) FROM information_schema.columns
             WHERE table_schema = current_schema() AND table_name = $1
             ORDER BY ordinal_position"
        }
    };
    tx.query(sql, &[table.into()])?.iter().map(|row| row.text(0).map(String::from)).collect()
}

fn copy_table(from: &Db, to: &Db, table: &str, progress: &mut impl FnMut(&str, u64)) -> Result<Copied> {
    let mut names = from.read(|tx| columns(tx, table))?;
    names.retain(|name| !(table == "events" && name == "xid"));
    let shape: Vec<&str> = names.iter().map(String::as_str).collect();
    let select = format!("SELECT {} FROM {table} ORDER BY 1", shape.join(", "));
    let (mut n_rows, mut sum) = (0, 0_u64);
    let mut waiting: Vec<Vec<Value>> = Vec::with_capacity(CHUNK);
    let flush = |rows: &mut Vec<Vec<Value>>| -> Result<()> {
        to.write(|tx| tx.insert_rows(table, &shape, rows.iter()))?;
        rows.clear();
        Ok(())
    };
    from.read(|tx| {
        tx.each(&select, &[], |row| {
            sum = sum.wrapping_add(digest(&row));
            n_rows += 1;
            waiting.push(row.0);
            if waiting.len() == CHUNK {
                flush(&mut waiting)?;
                progress(table, n_rows);
            }
            Ok(())
        })
    })?;
    flush(&mut waiting)?;
    let (mut n_arrived, mut arrived) = (0, 0_u64);
    to.read(|tx| {
        tx.each(&select, &[], |row| {
            arrived = arrived.wrapping_add(digest(&row));
            n_arrived += 1;
            Ok(())
        })
    })?;
    progress(table, n_rows);
    Ok(Copied { table: table.to_string(), n_rows, n_arrived, same: n_rows == n_arrived && sum == arrived })
}

/// A number that says what a row holds. Summed over a table it does not depend on the order of the rows.
fn digest(row: &Row) -> u64 {
    // FNV-1a, 64 bits.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for value in &row.0 {
        match value {
            Value::Null => add(&[0]),
            Value::Int(v) => add(&v.to_le_bytes()),
            Value::Real(v) => add(&v.to_bits().to_le_bytes()),
            // One engine stores JSON as it came, the other in an order and spacing of its own.
            Value::Text(text) if text.starts_with(['{', '[']) => {
                let mut bytes: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
                bytes.sort_unstable();
                add(&bytes);
            }
            Value::Text(text) => add(text.as_bytes()),
            Value::Bytes(bytes) => add(bytes),
        }
        add(&[0xff]);
    }
    hash
}

/// Readers of the event log go on where they were.
fn carry_positions(from: &Db, to: &Db) -> Result<()> {
    let mut last_read: BTreeMap<String, i64> = BTreeMap::new();
    from.read::<_, Error>(|tx| {
        for row in tx.query("SELECT reader, xid, event_id FROM event_cursors ORDER BY reader", &[])? {
            let position = [row.get(1).clone(), row.get(2).clone()];
            // The first event that was not read; all before it were.
            let sql = "SELECT COALESCE(
                    (SELECT MIN(id) FROM events WHERE (xid, id) > ($1, $2)) - 1,
                    (SELECT MAX(id) FROM events), 0)";
            last_read.insert(row.text(0)?.to_string(), tx.one(sql, &position)?.int(0)?);
        }
        Ok(())
    })?;
    to.write::<_, Error>(|tx| {
        for (reader, event_id) in &last_read {
            let sql = "INSERT INTO event_cursors (reader, xid, event_id)
                       VALUES ($1, COALESCE((SELECT xid FROM events WHERE id <= $2 ORDER BY id DESC LIMIT 1), 0), $2)
                       ON CONFLICT (reader) DO UPDATE SET xid = excluded.xid, event_id = excluded.event_id";
            tx.execute(sql, &[reader.as_str().into(), (*event_id).into()])?;
        }
        Ok(())
    })
}

/// The next id and the next number of an event follow the last ones.
fn carry_sequences(from: &Db, to: &Db) -> Result<()> {
    // Taking an id works on both engines and gives the next one.
    let next = from.write::<_, Error>(|tx| tx.id())?;
    to.write::<_, Error>(|tx| match tx.engine() {
        Engine::Sqlite => tx.execute("UPDATE id_sequence SET next_id = $1", &[next.into()]).map(drop),
        Engine::Postgres => {
            tx.query("SELECT setval('id_sequence', $1, false)", &[next.into()])?;
            tx.query(
                "SELECT setval(pg_get_serial_sequence('events', 'id'), (SELECT COALESCE(MAX(id), 0) FROM events) + 1, false)",
                &[],
            )?;
            Ok(())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_the_same_in_any_order_and_spacing() {
        let row = |text: &str| Row(vec![Value::from(text)]);
        assert_eq!(digest(&row(r#"{"a":1,"b":[2]}"#)), digest(&row(r#"{"b": [2], "a": 1}"#)));
        assert_ne!(digest(&row(r#"{"a":1}"#)), digest(&row(r#"{"a":2}"#)));
        assert_ne!(digest(&row("ab")), digest(&row("ba")));
    }
}
