//! Gives records that an import changed their values back, as far as nobody changed those since.

use std::collections::BTreeMap;

use db::Tx;
use kernel::events::{self, Event};
use kernel::{Ctx, Error, Object, Result, Value};

use super::Undone;

pub(super) fn restore(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    event: &Event,
    customers: &mut Vec<i64>,
    undone: &mut Undone,
) -> Result<()> {
    let record = match kernel::find(tx, ctx, object, event.record_id) {
        Ok(record) => record,
        // It was removed since, and there is nothing to restore.
        Err(Error::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut values = BTreeMap::new();
    let mut changed: Vec<&str> = Vec::new();
    for (key, pair) in event.changes.iter().flatten() {
        let Some(field) = object.field(key).filter(|f| !f.computed) else { continue };
        let was = Value::from_stored_json(&field.kind, &pair[0]);
        let became = Value::from_stored_json(&field.kind, &pair[1]);
        if *record.value(key) == became {
            values.insert(key.clone(), was);
        } else if *record.value(key) != was {
            changed.push(&field.label);
        }
    }
    if object.key == "order_lines" {
        return restore_line(tx, ctx, object, event, &values, undone);
    }
    if object.key == "orders" {
        customers.extend(event.party_id);
        // Lines that somebody added since make the sums, not the import.
        changed.retain(|label| !["Total", "Items", "Cost"].contains(label));
        if event.changes.iter().flatten().any(|(key, _)| key == "total") && !values.contains_key("total") {
            sum_lines(tx, event.record_id)?;
        }
    }
    if values.is_empty() && changed.is_empty() {
        return Ok(());
    }
    let restored = values.is_empty()
        || match kernel::change(tx, ctx, object, event.record_id, None, values) {
            Ok(saved) => {
                tx.execute(
                    "UPDATE events SET undone_by = $2 WHERE id = $1",
                    &[event.id.into(), saved.event_id.into()],
                )?;
                undone.n_restored += 1;
                true
            }
            Err(error @ (Error::Invalid(_) | Error::Forbidden(_))) => {
                undone.keep(&object.key, event.record_id, error.to_string());
                false
            }
            Err(error) => return Err(error),
        };
    if restored && !changed.is_empty() {
        undone.keep(&object.key, event.record_id, format!("{} changed since", changed.join(", ")));
    }
    Ok(())
}

/// A line's values go back as they were; the common door would work some of them out anew.
fn restore_line(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    event: &Event,
    values: &BTreeMap<String, Value>,
    undone: &mut Undone,
) -> Result<()> {
    if values.is_empty() {
        return Ok(());
    }
    let mut sql = kernel::Sql::default();
    let sets: Vec<String> =
        values.iter().map(|(key, value)| format!("{key} = {}", sql.bind(value.to_db()))).collect();
    let (now, id) = (sql.bind(ctx.now), sql.bind(event.record_id));
    let text = format!(
        "UPDATE order_lines SET {}, updated_at = {now}, version = version + 1 WHERE id = {id}",
        sets.join(", ")
    );
    tx.execute(&text, &sql.params)?;
    let changes = event.changes.iter().flatten().filter(|(key, _)| values.contains_key(*key)).filter_map(
        |(key, pair)| {
            let field = object.field(key)?;
            let value = |at: usize| Value::from_stored_json(&field.kind, &pair[at]);
            Some((key.clone(), (value(1), value(0))))
        },
    );
    let changes = changes.collect();
    let id =
        events::put(tx, &Event::of(ctx, object, event.record_id, event.party_id, "changed", Some(&changes)))?;
    tx.execute("UPDATE events SET undone_by = $2 WHERE id = $1", &[event.id.into(), id.into()])?;
    undone.n_restored += 1;
    Ok(())
}

/// An order is worth the sum of the lines that it has.
fn sum_lines(tx: &mut Tx<'_>, order_id: i64) -> Result<()> {
    tx.execute(
        "UPDATE orders SET version = version + 1,
             total = (SELECT CAST(COALESCE(SUM(l.amount), 0) AS BIGINT) FROM order_lines l
                 WHERE l.order_id = orders.id AND l.archived_at IS NULL),
             n_items = (SELECT SUM(l.quantity) FROM order_lines l WHERE l.order_id = orders.id AND l.archived_at IS NULL)
         WHERE id = $1 AND EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = orders.id AND l.archived_at IS NULL)",
        &[order_id.into()],
    )?;
    Ok(())
}
