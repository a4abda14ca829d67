//! Imports records of any object through the common doors, custom objects and fields included.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use db::Tx;
use kernel::fold::fold;
use kernel::{Ctx, Error, Field, Kind, Object, Result, Saved, Storage, Value, column_sql};
use sheet::Format;

use super::accounts::{Outcome, Severity};
use super::cells;
use super::feeds::{Note, Parsed, Parser};
use super::keys::{Key, Occurrences, Print, RowPrint, key, row_print};
use super::links::Links;
use super::loaders::{Loader, Work};
use super::lookups::Lookup;
use super::plans::Plan;

/// A column that fills a field.
#[derive(Clone)]
struct Slot {
    column: usize,
    format: Format,
    field: Field,
}

/// One row.
#[derive(Debug, Clone)]
pub(super) struct RecordRow {
    /// By slot; links are still text.
    values: Vec<Value>,
    /// What it is recognised by: hashed, and as the database has it.
    key: Option<(Key, db::Value)>,
    print: Option<RowPrint>,
}

/// Reads rows of any object.
pub(super) struct Records {
    slots: Vec<Slot>,
    key: Option<(usize, bool)>,
    object: String,
    currency: String,
    currency_at: Option<usize>,
    zone: jiff::tz::TimeZone,
    seen: Occurrences,
}

/// Loads records of any object.
pub(super) struct AnyRecords {
    ctx: Ctx,
    plan: Plan,
    object: Arc<Object>,
    slots: Vec<Slot>,
    by_key: Option<Lookup>,
    by_print: Lookup,
    current: Lookup,
    links: Vec<Option<Links>>,
    /// In a dry run, what earlier batches would have made or changed: values by key.
    shadows: HashMap<Key, Vec<Value>>,
    dry: bool,
}

/// The slot of the key, and whether it is matched by the folded name.
fn key_slot(plan: &Plan, object: &Object, slots: &[Slot]) -> Option<(usize, bool)> {
    let target = plan.key.as_deref()?;
    let at = slots.iter().position(|slot| slot.field.key == target)?;
    let field = &slots[at].field;
    let folded = field.key == object.title && field.storage == Storage::Column("name".into());
    Some((at, folded))
}

impl AnyRecords {
    pub(super) fn new(
        _: &mut Tx<'_>,
        ctx: &Ctx,
        plan: &Plan,
        object: &Arc<Object>,
        dry: bool,
    ) -> Result<AnyRecords> {
        let slots: Vec<Slot> = plan
            .mapped()
            .filter_map(|(column, c)| {
                let field = object.field(c.target.as_deref()?)?.clone();
                Some(Slot { column, format: c.format, field })
            })
            .collect();
        let fixed =
            object.fixed.as_ref().map(|f| format!(" AND {}", f.replace("{t}", "t"))).unwrap_or_default();
        let by_key = match key_slot(plan, object, &slots) {
            Some((at, folded)) => {
                let column = if folded { "t.name_key".into() } else { column_sql(&slots[at].field, "t") };
                // A name is no unique field: among equals the oldest living one is meant.
                let living = if slots[at].field.unique { "" } else { " AND t.archived_at IS NULL" };
                Some(Lookup::new(|list, _| {
                    Ok(format!(
                        "SELECT {column}, t.id FROM {} t WHERE {column} IN {list}{fixed}{living} ORDER BY t.id",
                        object.table
                    ))
                })?)
            }
            None => None,
        };
        let columns: Vec<String> =
            slots.iter().map(|slot| format!(", {}", column_sql(&slot.field, "t"))).collect();
        let links = slots.iter().map(|slot| match slot.field.kind {
            Kind::Link(_) => Links::new(ctx, &slot.field).map(Some),
            _ => Ok(None),
        });
        Ok(AnyRecords {
            links: links.collect::<Result<_>>()?,
            by_key,
            by_print: Lookup::new(|list, _| {
                Ok(format!("SELECT fingerprint FROM import_rows WHERE fingerprint IN {list}"))
            })?,
            current: Lookup::new(|list, _| {
                Ok(format!("SELECT t.id{} FROM {} t WHERE t.id IN {list}", columns.concat(), object.table))
            })?,
            shadows: HashMap::new(),
            slots,
            ctx: ctx.clone(),
            plan: plan.clone(),
            object: object.clone(),
            dry,
        })
    }
}

impl Parser for Records {
    type Row = RecordRow;

    fn parse(&mut self, row: &sheet::Row, notes: &mut Vec<Note>) -> Option<RecordRow> {
        let said = self.currency_at.and_then(|at| row.get(at)).map(|c| cells::said(c).to_ascii_uppercase());
        let currency =
            said.filter(|code| kernel::money::known(code)).unwrap_or_else(|| self.currency.clone());
        let mut values = Vec::with_capacity(self.slots.len());
        let mut missing = false;
        for slot in &self.slots {
            let cell = row.get(slot.column).unwrap_or_default();
            let required = slot.field.required && slot.field.default.is_none();
            let value = cells::read(&slot.field, slot.format, cell, &currency, &self.zone).unwrap_or_else(
                |message| {
                    let severity = if required { Severity::Failed } else { Severity::Warning };
                    let message = if required { message } else { format!("{message}; it was left out") };
                    notes.push(Note { column: Some(slot.column), message, severity });
                    Value::Empty
                },
            );
            if required && value.vacant() {
                missing = true;
                notes.push(Note::failed(Some(slot.column), format!("{} is missing", slot.field.label)));
            }
            values.push(value);
        }
        let key = self.key.filter(|(at, _)| !values[*at].vacant()).map(|(at, folded)| {
            let value = match folded {
                true => db::Value::Text(fold(values[at].text().unwrap_or_default())),
                false => values[at].to_db(),
            };
            (hash(&value), value)
        });
        let print = if key.is_none() { Some(self.print(&values)) } else { None };
        if missing { None } else { Some(RecordRow { values, key, print }) }
    }
}

impl Records {
    fn print(&mut self, values: &[Value]) -> RowPrint {
        let mut print = Print::new(&self.object);
        for (slot, value) in self.slots.iter().zip(values).filter(|(_, value)| !value.vacant()) {
            print.text(&slot.field.key);
            print.value(value);
        }
        let print = print.finish();
        let occurrence = self.seen.of(&print);
        row_print(&print, occurrence)
    }
}

fn hash(value: &db::Value) -> Key {
    match value {
        db::Value::Text(text) => key("text", text),
        db::Value::Int(n) => key("int", &n.to_string()),
        db::Value::Real(n) => key("real", &n.to_bits().to_string()),
        db::Value::Null | db::Value::Bytes(_) => key("null", ""),
    }
}

impl Loader for AnyRecords {
    type Parser = Records;

    fn parser(&self) -> Result<Records> {
        Ok(Records {
            key: key_slot(&self.plan, &self.object, &self.slots),
            object: self.object.key.clone(),
            currency: self.plan.currency.clone().unwrap_or_else(|| self.ctx.currency.clone()),
            currency_at: self.slots.iter().find(|s| s.field.kind == Kind::Currency).map(|s| s.column),
            zone: self.ctx.zone.clone(),
            slots: self.slots.clone(),
            seen: Occurrences::default(),
        })
    }

    fn n_rows(&self) -> usize {
        500
    }

    /// The doors do the checking, so that a dry run goes through them as well and is rolled back.
    fn rehearses(&self) -> bool {
        true
    }

    fn load(&mut self, tx: &mut Tx<'_>, rows: &mut [Parsed<RecordRow>], work: &mut Work<'_>) -> Result<()> {
        let rows: &[Parsed<RecordRow>] = rows;
        let said = || rows.iter().filter_map(|parsed| parsed.row.as_ref());
        let mut ids: HashMap<Key, i64> = HashMap::new();
        if let Some(by_key) = &self.by_key {
            let values = said().filter_map(|row| row.key.as_ref()).map(|(_, value)| value.clone());
            by_key.each(tx, values, |row| {
                ids.entry(hash(row.get(0))).or_insert(row.int(1)?);
                Ok(())
            })?;
        }
        let mut prints: HashSet<Vec<u8>> = HashSet::new();
        let wanted = said().filter_map(|row| row.print).map(|print| db::Value::Bytes(print.to_vec()));
        self.by_print.each(tx, wanted, |row| {
            prints.insert(row.bytes(0)?.to_vec());
            Ok(())
        })?;
        let mut current: HashMap<i64, Vec<Value>> = HashMap::new();
        let slots = &self.slots;
        self.current.each(tx, ids.values().map(|id| db::Value::from(*id)), |row| {
            let values =
                slots.iter().enumerate().map(|(n, slot)| Value::from_db(&slot.field.kind, row.get(1 + n)));
            current.insert(row.int(0)?, values.collect());
            Ok(())
        })?;
        for (at, links) in self.links.iter_mut().enumerate() {
            if let Some(links) = links {
                links.fetch(tx, said().filter_map(|row| row.values[at].text()))?;
            }
        }
        for parsed in rows {
            let Some(row) = &parsed.row else {
                let outcome = work.settle_refused(parsed);
                let cells = work.shows().then(|| work.raw_cells(&parsed.raw));
                work.show(parsed, outcome, cells);
                continue;
            };
            let mut notes = Vec::new();
            let outcome = match row.print.is_some_and(|print| prints.contains(print.as_slice())) {
                true => Outcome::Unchanged,
                false => self.save(tx, row, &mut ids, &mut current, &mut notes)?,
            };
            let cells = work.shows().then(|| self.cells(row));
            work.show(parsed, outcome, cells);
            work.settle(parsed, outcome, &notes);
        }
        Ok(())
    }

    fn cells(&self, row: &RecordRow) -> Vec<String> {
        let shown = |(slot, value): (&Slot, &Value)| match value {
            Value::Text(text) => text.clone(),
            value => crate::export::text_of(&slot.field.kind, value, &self.ctx.currency),
        };
        self.slots.iter().zip(&row.values).map(shown).collect()
    }
}

impl AnyRecords {
    fn save(
        &mut self,
        tx: &mut Tx<'_>,
        row: &RecordRow,
        ids: &mut HashMap<Key, i64>,
        current: &mut HashMap<i64, Vec<Value>>,
        notes: &mut Vec<Note>,
    ) -> Result<Outcome> {
        let mut values = row.values.clone();
        for (at, (slot, links)) in self.slots.iter().zip(&self.links).enumerate() {
            let (Some(links), Some(text)) = (links, values[at].text()) else { continue };
            values[at] = match links.find(text) {
                Ok(id) => Value::Link(id),
                Err(message) if slot.field.required => {
                    notes.push(Note::failed(Some(slot.column), message));
                    return Ok(Outcome::Failed);
                }
                Err(message) => {
                    notes.push(Note::warning(slot.column, format!("{message}; it was left out")));
                    Value::Empty
                }
            };
        }
        let hash = row.key.as_ref().map(|(hash, _)| *hash);
        if let Some(known) = hash.and_then(|hash| self.shadows.get_mut(&hash)) {
            return Ok(if lay_over(known, &values) { Outcome::Updated } else { Outcome::Unchanged });
        }
        let id = hash.and_then(|hash| ids.get(&hash).copied());
        let said = |values: &[Value], than: Option<&Vec<Value>>| -> BTreeMap<String, Value> {
            let fields = self.slots.iter().zip(values).enumerate();
            fields
                .filter(|(at, (_, value))| !value.vacant() && than.is_none_or(|than| than[*at] != **value))
                .map(|(_, (slot, value))| (slot.field.key.clone(), value.clone()))
                .collect()
        };
        let saved = match id {
            Some(id) => {
                let known = current.entry(id).or_insert_with(|| vec![Value::Empty; values.len()]);
                let changes = said(&values, Some(known));
                if changes.is_empty() {
                    return Ok(Outcome::Unchanged);
                }
                let saved = attempt(tx, |tx| kernel::change(tx, &self.ctx, &self.object, id, None, changes))?;
                if saved.is_ok() {
                    lay_over(known, &values);
                }
                saved
            }
            None => attempt(tx, |tx| kernel::create(tx, &self.ctx, &self.object, said(&values, None)))?,
        };
        let saved = match saved {
            Ok(saved) => saved,
            Err(Error::Invalid(problems)) => {
                for problem in problems {
                    let column = self.slots.iter().find(|s| s.field.key == problem.field).map(|s| s.column);
                    let message = match column {
                        Some(_) => problem.message,
                        None => format!("{}: {}", problem.field, problem.message),
                    };
                    notes.push(Note::failed(column, message));
                }
                return Ok(Outcome::Failed);
            }
            Err(error) => {
                notes.push(Note::failed(None, error.to_string()));
                return Ok(Outcome::Failed);
            }
        };
        if let Some(print) = row.print {
            let sql = "INSERT INTO import_rows (fingerprint, record_id) VALUES ($1, $2)";
            tx.execute(sql, &[db::Value::Bytes(print.to_vec()), saved.id.into()])?;
        }
        if let Some(hash) = hash {
            if self.dry {
                let known = id.and_then(|id| current.get(&id)).unwrap_or(&values);
                self.shadows.insert(hash, known.clone());
            } else {
                ids.insert(hash, saved.id);
                current.entry(saved.id).or_insert(values);
            }
        }
        Ok(if id.is_some() { Outcome::Updated } else { Outcome::Created })
    }
}

/// Saves one row by itself: a refusal leaves nothing of it and lets the batch go on.
pub(super) fn attempt(
    tx: &mut Tx<'_>,
    save: impl FnOnce(&mut Tx<'_>) -> Result<Saved>,
) -> Result<std::result::Result<Saved, Error>> {
    tx.attempt(|tx| match save(tx) {
        Ok(saved) => Ok(Ok(saved)),
        Err(error @ (Error::Invalid(_) | Error::Forbidden(_) | Error::NotFound(_) | Error::Stale { .. })) => {
            Ok(Err(error))
        }
        Err(error) => Err(error),
    })
}

/// Lays what is said over what is known; says whether anything differs.
fn lay_over(known: &mut [Value], said: &[Value]) -> bool {
    let mut changed = false;
    for (known, said) in known.iter_mut().zip(said) {
        if !said.vacant() && known != said {
            *known = said.clone();
            changed = true;
        }
    }
    changed
}
