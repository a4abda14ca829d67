//! The event log: what happened to which record, by whom, when. Audit, timeline, undo and feed read the same rows.

use std::collections::BTreeMap;

use db::{Engine, Tx};
use serde_json::{Map, Value as Json};

use crate::catalogue::Object;
use crate::{Ctx, Result, Value};

/// One thing that happened to a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its number; 0 before it is written.
    pub id: i64,
    /// When, microseconds UTC.
    pub at: i64,
    /// The user who did it; `None` for Kith itself.
    pub actor_id: Option<i64>,
    /// The door it came through: `web`, `api`, `cli`, `import`, `system`.
    pub via: String,
    /// Object of the record.
    pub object: String,
    /// The record.
    pub record_id: i64,
    /// The party on whose timeline it belongs.
    pub party_id: Option<i64>,
    /// `deal.changed`.
    pub kind: String,
    /// Field → [before, after] as stored JSON.
    pub changes: Option<Map<String, Json>>,
    /// The import that did it.
    pub import_id: Option<i64>,
}

/// How far a reader of the log has come: the transaction number and the event's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub struct Position {
    /// Transaction of the last event that was read.
    pub xid: i64,
    /// Number of the last event that was read.
    pub id: i64,
}

impl Event {
    /// An event of this actor, now.
    pub fn of(
        ctx: &Ctx,
        object: &Object,
        record_id: i64,
        party_id: Option<i64>,
        word: &str,
        changes: Option<&BTreeMap<String, (Value, Value)>>,
    ) -> Event {
        let changes = changes.map(|changes| {
            let pair =
                |(old, new): &(Value, Value)| Json::from(vec![old.to_stored_json(), new.to_stored_json()]);
            changes.iter().map(|(key, values)| (key.clone(), pair(values))).collect()
        });
        Event {
            id: 0,
            at: ctx.now,
            actor_id: ctx.user_id,
            via: ctx.via.word().to_string(),
            object: object.key.clone(),
            record_id,
            party_id: party_id.filter(|id| *id != record_id),
            kind: format!("{}.{word}", object.singular.to_lowercase().replace(' ', "_")),
            changes,
            import_id: ctx.import_id,
        }
    }

    /// Its columns in the order of [`COLUMNS`].
    pub fn row(&self) -> Vec<db::Value> {
        vec![
            self.at.into(),
            self.actor_id.into(),
            self.via.as_str().into(),
            self.object.as_str().into(),
            self.record_id.into(),
            self.party_id.into(),
            self.kind.as_str().into(),
            self.changes.as_ref().map(|c| Json::Object(c.clone()).to_string()).into(),
            self.import_id.into(),
        ]
    }
}

/// The columns that [`Event::row`] fills, for bulk inserts.
pub const COLUMNS: [&str; 9] =
    ["at", "actor_id", "via", "object", "record_id", "party_id", "kind", "changes", "import_id"];

const SELECT: &str =
    "SELECT id, at, actor_id, via, object, record_id, party_id, kind, changes, import_id, xid FROM events";

/// Writes an event; part of the transaction that changes the record. Gives its number.
pub fn put(tx: &mut Tx<'_>, event: &Event) -> Result<i64> {
    let sql = "INSERT INTO events (at, actor_id, via, object, record_id, party_id, kind, changes, import_id)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id";
    Ok(tx.one(sql, &event.row())?.int(0)?)
}

fn read(row: &db::Row) -> Result<Event> {
    let changes = row.opt_text(8)?.and_then(|text| serde_json::from_str(text).ok());
    Ok(Event {
        id: row.int(0)?,
        at: row.int(1)?,
        actor_id: row.opt_int(2)?,
        via: row.text(3)?.to_string(),
        object: row.text(4)?.to_string(),
        record_id: row.int(5)?,
        party_id: row.opt_int(6)?,
        kind: row.text(7)?.to_string(),
        changes,
        import_id: row.opt_int(9)?,
    })
}

/// One event by its number. *Errors*: not found.
pub fn get(tx: &mut Tx<'_>, id: i64) -> Result<Event> {
    let row = tx.opt(&format!("{SELECT} WHERE id = $1"), &[id.into()])?;
    read(&row.ok_or_else(|| crate::Error::NotFound(format!("event {id}")))?)
}

/// The events of one record, the newest first, before the event `before` when given.
/// Fields that the reader may not see are left out of the changes.
pub fn of_record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    record_id: i64,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<Event>> {
    let sql = format!("{SELECT} WHERE record_id = $1 AND id < $2 ORDER BY id DESC LIMIT {}", limit.min(500));
    let rows = tx.query(&sql, &[record_id.into(), before.unwrap_or(i64::MAX).into()])?;
    let mut found: Vec<Event> = rows.iter().map(read).collect::<Result<_>>()?;
    for event in &mut found {
        if let Some(changes) = &mut event.changes {
            changes.retain(|key, _| object.field(key).is_none_or(|f| ctx.sees_field(object, f)));
        }
    }
    Ok(found)
}

/// The events of an import, the newest first.
pub fn of_import(tx: &mut Tx<'_>, import_id: i64, before: i64, limit: usize) -> Result<Vec<Event>> {
    let sql = format!("{SELECT} WHERE import_id = $1 AND id < $2 ORDER BY id DESC LIMIT {limit}");
    tx.query(&sql, &[import_id.into(), before.into()])?.iter().map(read).collect()
}

/// The events after `position` in the order in which a reader can rely on having seen all before them.
///
/// On PostgreSQL numbers are given out before commit, so a reader by ascending number would skip an event whose
/// transaction commits late. This reads only below the oldest running transaction, in (transaction, number) order.
/// *Shape*: at most `limit` events and the position after the last of them.
pub fn after(tx: &mut Tx<'_>, position: Position, limit: usize) -> Result<(Vec<Event>, Position)> {
    let limit = limit.min(10_000);
    let rows = match tx.engine() {
        // One writer at a time: numbers are given out in the order of commits, and the primary key answers.
        Engine::Sqlite => {
            let sql = format!("{SELECT} WHERE id > $1 ORDER BY id LIMIT {limit}");
            tx.query(&sql, &[position.id.into()])?
        }
        Engine::Postgres => {
            let horizon = tx.horizon()?;
            let sql =
                format!("{SELECT} WHERE (xid, id) > ($1, $2) AND xid < $3 ORDER BY xid, id LIMIT {limit}");
            tx.query(&sql, &[position.xid.into(), position.id.into(), horizon.into()])?
        }
    };
    let mut last = position;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        last = Position { xid: row.int(10)?, id: row.int(0)? };
        found.push(read(row)?);
    }
    Ok((found, last))
}

/// How far `reader` has come; the beginning for a new one.
pub fn position(tx: &mut Tx<'_>, reader: &str) -> Result<Position> {
    let row = tx.opt("SELECT xid, event_id FROM event_cursors WHERE reader = $1", &[reader.into()])?;
    row.map_or(Ok(Position::default()), |row| Ok(Position { xid: row.int(0)?, id: row.int(1)? }))
}

/// Notes how far `reader` has come.
pub fn set_position(tx: &mut Tx<'_>, reader: &str, position: Position) -> Result<()> {
    let sql = "INSERT INTO event_cursors (reader, xid, event_id) VALUES ($1, $2, $3)
               ON CONFLICT (reader) DO UPDATE SET xid = excluded.xid, event_id = excluded.event_id";
    tx.execute(sql, &[reader.into(), position.xid.into(), position.id.into()])?;
    Ok(())
}
