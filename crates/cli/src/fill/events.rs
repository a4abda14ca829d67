//! The events of a generated company, kept small until all are known, then written in the order of time.

use db::{Db, Value};

/// What happened to which kind of record: the object and the event's kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct What(pub(super) &'static str, pub(super) &'static str);

/// One event to come.
struct Happening {
    at: i64,
    what: &'static What,
    record: i64,
    /// 0 for none.
    party: i64,
    /// 0 for Kith itself.
    actor: i64,
    changes: Option<Box<str>>,
}

/// All events to come.
#[derive(Default)]
pub(super) struct Log {
    happenings: Vec<Happening>,
}

const CHUNK: usize = 20_000;

impl Log {
    /// Notes an event. `party` is on whose timeline it belongs; `actor` the user who did it, or 0.
    pub(super) fn add(&mut self, what: &'static What, at: i64, record: i64, party: i64, actor: i64) {
        self.happenings.push(Happening { at, what, record, party, actor, changes: None });
    }

    /// Notes a change: for each field, what it was and what it became, as stored JSON.
    pub(super) fn change(
        &mut self,
        what: &'static What,
        at: i64,
        [record, party, actor]: [i64; 3],
        fields: &[(&str, serde_json::Value, serde_json::Value)],
    ) {
        let pairs = fields.iter().map(|(key, old, new)| ((*key).to_string(), serde_json::json!([old, new])));
        let changes = serde_json::Value::Object(pairs.collect()).to_string().into_boxed_str();
        self.happenings.push(Happening { at, what, record, party, actor, changes: Some(changes) });
    }

    pub(super) fn len(&self) -> usize {
        self.happenings.len()
    }

    /// Writes all events, oldest first: the log's numbers follow time, as they do when people work.
    pub(super) fn write(&mut self, db: &Db, progress: impl Fn(u64)) -> db::Result<()> {
        self.happenings.sort_by_key(|h| (h.at, h.record));
        let id = |id: i64| if id == 0 { Value::Null } else { Value::Int(id) };
        let mut n_written = 0;
        for chunk in self.happenings.chunks(CHUNK) {
            let rows = chunk.iter().map(|h| {
                vec![
                    h.at.into(),
                    id(h.actor),
                    Value::from(if h.actor == 0 { "system" } else { "web" }),
                    h.what.0.into(),
                    h.record.into(),
                    if h.party == h.record { Value::Null } else { id(h.party) },
                    h.what.1.into(),
                    h.changes.as_deref().map(String::from).into(),
                    Value::Null,
                ]
            });
            db.write(|tx| tx.insert_rows("events", &kernel::events::COLUMNS, rows))?;
            n_written += chunk.len() as u64;
            progress(n_written);
        }
        self.happenings = Vec::new();
        Ok(())
    }
}

pub(super) const CONTACT: What = What("contacts", "contact.created");
pub(super) const COMPANY: What = What("companies", "company.created");
pub(super) const ORDER: What = What("orders", "order.created");
pub(super) const TOUCHPOINT: What = What("touchpoints", "touchpoint.created");
pub(super) const RELATIONSHIP: What = What("relationships", "relationship.created");
pub(super) const DEAL: What = What("deals", "deal.created");
pub(super) const DEAL_CHANGED: What = What("deals", "deal.changed");
pub(super) const CASE: What = What("cases", "case.created");
pub(super) const CASE_CHANGED: What = What("cases", "case.changed");
pub(super) const TASK: What = What("tasks", "task.created");
pub(super) const TASK_CHANGED: What = What("tasks", "task.changed");
pub(super) const NOTE: What = What("notes", "note.created");
