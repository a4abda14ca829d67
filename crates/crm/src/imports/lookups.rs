//! Finding many records at once by a list of values, with statements of a fixed length.

use db::Tx;
use kernel::{Action, Ctx, Object, Result, Sql, scope_sql};

/// Values in one statement; a short list is filled up with nothing, so that each statement is prepared once.
const N_VALUES: usize = 200;

/// A statement that takes a list of values.
pub(super) struct Lookup {
    text: String,
    tail: Vec<db::Value>,
}

impl Lookup {
    /// `build` gives the statement; it is handed the bracketed list for an `IN` and can bind further values.
    pub(super) fn new(build: impl FnOnce(&str, &mut Sql) -> Result<String>) -> Result<Lookup> {
        let mut sql = Sql::default();
        let places: Vec<String> = (0..N_VALUES).map(|_| sql.bind(db::Value::Null)).collect();
        let text = build(&format!("({})", places.join(", ")), &mut sql)?;
        let tail = sql.params.split_off(N_VALUES);
        Ok(Lookup { text, tail })
    }

    /// Hands each found row to `f`.
    pub(super) fn each(
        &self,
        tx: &mut Tx<'_>,
        values: impl IntoIterator<Item = db::Value>,
        mut f: impl FnMut(&db::Row) -> db::Result<()>,
    ) -> Result<()> {
        let mut values = values.into_iter().peekable();
        while values.peek().is_some() {
            let mut params: Vec<db::Value> = values.by_ref().take(N_VALUES).collect();
            params.resize(N_VALUES, db::Value::Null);
            params.extend(self.tail.iter().cloned());
            tx.each(&self.text, &params, |row| f(&row))?;
        }
        Ok(())
    }
}

/// Notes which rows made which records.
pub(super) fn put_prints(tx: &mut Tx<'_>, prints: &[[db::Value; 2]]) -> Result<()> {
    // Rows of records that are gone for good may still be known; they mean the new ones from now on.
    let places: Vec<String> = (1..=N_VALUES).map(|n| format!("${n}")).collect();
    let sql = format!("DELETE FROM import_rows WHERE fingerprint IN ({})", places.join(", "));
    for chunk in prints.chunks(N_VALUES) {
        let mut params: Vec<db::Value> = chunk.iter().map(|[print, _]| print.clone()).collect();
        params.resize(N_VALUES, db::Value::Null);
        tx.execute(&sql, &params)?;
    }
    tx.insert_rows("import_rows", &["fingerprint", "record_id"], prints)?;
    Ok(())
}

/// SQL that is 1 for rows `alias` of `object` that the actor may see, else 0.
pub(super) fn visible_sql(ctx: &Ctx, object: &Object, alias: &str, sql: &mut Sql) -> Result<String> {
    let scope = scope_sql(ctx, object, Action::See, alias, sql)?;
    Ok(scope.map_or("1".into(), |scope| format!("CASE WHEN {scope} THEN 1 ELSE 0 END")))
}

/// Is there any row in the table that `condition` holds for?
pub(super) fn any(tx: &mut Tx<'_>, table: &str, condition: &str) -> Result<bool> {
    Ok(tx.opt(&format!("SELECT 1 FROM {table} WHERE {condition} LIMIT 1"), &[])?.is_some())
}
