//! Removes records that an import made, except those that somebody changed or used since.

use std::collections::{BTreeMap, BTreeSet};

use db::Tx;
use kernel::events::{self, Event};
use kernel::{Ctx, Object, Result, column_sql, search};

use super::Undone;
use crate::imports::lookups::Lookup;

/// Rows that go with the record they belong to, when the same import made them: object, its table, and the link.
const OWNED: [(&str, &str, &str, &str); 3] = [
    ("contacts", "contact_points", "contact_points", "party_id"),
    ("companies", "contact_points", "contact_points", "party_id"),
    ("orders", "order_lines", "order_lines", "order_id"),
];

pub(super) fn remove(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    run: &[Event],
    customers: &mut Vec<i64>,
    undone: &mut Undone,
) -> Result<()> {
    let ids: Vec<i64> = run.iter().map(|event| event.record_id).collect();
    let there = existing(tx, object, &ids)?;
    let kept = kept(tx, ctx, object, &there)?;
    for (id, reason) in &kept {
        undone.keep(&object.key, *id, reason.clone());
    }
    let gone: Vec<i64> = there.iter().copied().filter(|id| !kept.contains_key(id)).collect();
    if gone.is_empty() {
        return Ok(());
    }
    if object.key == "orders" {
        forget_lines(tx, &gone)?;
    }
    for (_, _, table, link) in OWNED.iter().filter(|(owner, ..)| *owner == object.key) {
        delete(tx, table, link, &gone)?;
    }
    if object.table == "parties" {
        delete(tx, "scores", "party_id", &gone)?;
    }
    delete(tx, "import_rows", "record_id", &gone)?;
    delete(tx, &object.table, "id", &gone)?;
    for id in &gone {
        search::remove(tx, *id)?;
    }
    undone.n_removed += gone.len() as i64;
    let gone: BTreeSet<i64> = gone.into_iter().collect();
    let removed = run.iter().filter(|event| gone.contains(&event.record_id));
    let rows: Vec<Vec<db::Value>> = removed
        .inspect(|event| {
            if object.key == "orders" {
                customers.extend(event.party_id);
            }
        })
        .map(|event| Event::of(ctx, object, event.record_id, event.party_id, "removed", None).row())
        .collect();
    tx.insert_rows("events", &events::COLUMNS, &rows)?;
    Ok(())
}

/// Those of the records that are still there.
fn existing(tx: &mut Tx<'_>, object: &Object, ids: &[i64]) -> Result<Vec<i64>> {
    let lookup = Lookup::new(|list, _| Ok(format!("SELECT id FROM {} WHERE id IN {list}", object.table)))?;
    let mut there = Vec::new();
    lookup.each(tx, ids.iter().map(|id| (*id).into()), |row| {
        there.push(row.int(0)?);
        Ok(())
    })?;
    Ok(there)
}

/// Records that somebody changed or used since, with what happened to them.
fn kept(tx: &mut Tx<'_>, ctx: &Ctx, object: &Object, ids: &[i64]) -> Result<BTreeMap<i64, String>> {
    let import_id = ctx.import_id.unwrap_or(0);
    let mut kept = BTreeMap::new();
    let changed = Lookup::new(|list, sql| {
        let import = sql.bind(import_id);
        Ok(format!(
            "SELECT DISTINCT record_id FROM events WHERE record_id IN {list} AND (import_id IS NULL OR import_id <> {import})"
        ))
    })?;
    changed.each(tx, ids.iter().map(|id| (*id).into()), |row| {
        kept.insert(row.int(0)?, "was changed since".to_string());
        Ok(())
    })?;
    for relation in ctx.catalogue.relations(&object.key) {
        let many = ctx.catalogue.need(&relation.object)?;
        let Some(field) = many.field(&relation.field) else { continue };
        let link = column_sql(field, "t");
        // What goes with the record is no use that somebody made of it.
        let owned = OWNED.iter().any(|(owner, key, ..)| *owner == object.key && *key == many.key);
        let used = Lookup::new(|list, sql| {
            let fixed =
                many.fixed.as_ref().map(|f| format!(" AND {}", f.replace("{t}", "t"))).unwrap_or_default();
            let others = match owned {
                true => format!(" AND (t.import_id IS NULL OR t.import_id <> {})", sql.bind(import_id)),
                false => String::new(),
            };
            Ok(format!("SELECT DISTINCT {link} FROM {} t WHERE {link} IN {list}{fixed}{others}", many.table))
        })?;
        used.each(tx, ids.iter().map(|id| (*id).into()), |row| {
            let reason = format!("has {}", many.plural.to_lowercase());
            kept.entry(row.int(0)?).or_insert(reason);
            Ok(())
        })?;
    }
    Ok(kept)
}

/// Forgets by which rows the lines of these orders were made.
fn forget_lines(tx: &mut Tx<'_>, order_ids: &[i64]) -> Result<()> {
    let lookup = Lookup::new(|list, _| Ok(format!("SELECT id FROM order_lines WHERE order_id IN {list}")))?;
    let mut ids = Vec::new();
    lookup.each(tx, order_ids.iter().map(|id| (*id).into()), |row| {
        ids.push(row.int(0)?);
        Ok(())
    })?;
    delete(tx, "import_rows", "record_id", &ids)
}

fn delete(tx: &mut Tx<'_>, table: &str, column: &str, ids: &[i64]) -> Result<()> {
    // As many places for each statement, so that it is prepared once.
    let places: Vec<String> = (1..=200).map(|n| format!("${n}")).collect();
    let sql = format!("DELETE FROM {table} WHERE {column} IN ({})", places.join(", "));
    for chunk in ids.chunks(200) {
        let mut params: Vec<db::Value> = chunk.iter().map(|id| (*id).into()).collect();
        params.resize(200, db::Value::Null);
        tx.execute(&sql, &params)?;
    }
    Ok(())
}
