//! Undoing one event: puts back what it changed, as far as nobody changed it since.

use std::collections::BTreeMap;

use db::Tx;

use crate::{Ctx, Error, Result, Saved, Value, archive, change, events, find, restore};

/// Undoes the event, itself with an event. A created record is archived, an archived one restored, changed fields
/// get their values back.
/// *Errors*: a field was changed again since; the actor may not change the record.
pub fn undo(tx: &mut Tx<'_>, ctx: &Ctx, event_id: i64) -> Result<Saved> {
    let event = events::get(tx, event_id)?;
    let object = ctx.catalogue.need(&event.object)?.clone();
    let record = find(tx, ctx, &object, event.record_id)?;
    let saved = match event.kind.rsplit('.').next() {
        Some("created") => archive(tx, ctx, &object, event.record_id, None)?,
        Some("archived") => restore(tx, ctx, &object, event.record_id, None)?,
        Some("restored") => archive(tx, ctx, &object, event.record_id, None)?,
        Some("changed") => {
            let mut values = BTreeMap::new();
            for (key, pair) in event.changes.iter().flatten() {
                let Some(field) = object.field(key).filter(|f| !f.computed) else { continue };
                let was = Value::from_stored_json(&field.kind, &pair[0]);
                let became = Value::from_stored_json(&field.kind, &pair[1]);
                if *record.value(key) != became {
                    return Err(Error::invalid(key, "was changed again since, so this cannot be undone"));
                }
                values.insert(key.clone(), was);
            }
            change(tx, ctx, &object, event.record_id, None, values)?
        }
        _ => return Err(Error::Forbidden("undo this".into())),
    };
    tx.execute("UPDATE events SET undone_by = $2 WHERE id = $1", &[event_id.into(), saved.event_id.into()])?;
    Ok(saved)
}
