//! Imports contacts and companies in bulk, with their addresses, companies, events and search.

mod companies;
mod parsing;
mod writing;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use db::Tx;
use kernel::{Ctx, Kind, Object, Result, Saved, Value, column_sql};

use self::companies::Companies;
use self::parsing::{Parties as Parser, PartyRow, Role, Slot, slots};
use self::writing::Shape;
use super::accounts::{N_PREVIEW, Outcome, Severity};
use super::duplicates::Duplicates;
use super::feeds::{Note, Parsed};
use super::keys::{Ids, Key, key};
use super::links::Links;
use super::loaders::{Loader, Work};
use super::lookups::{Lookup, any};
use super::plans::Plan;
use super::records::attempt;

/// Columns of a contact point that an import fills.
pub(super) const POINT_COLUMNS: [&str; 12] = [
    "id",
    "version",
    "created_at",
    "updated_at",
    "import_id",
    "custom",
    "party_id",
    "kind",
    "value",
    "value_key",
    "main",
    "state",
];

/// Indexes that can wait for the end of a run that began with no party: what it would look up in them it remembers.
pub(super) const WAITING_INDEXES: [&str; 12] = [
    "companies_by_name",
    "companies_by_time",
    "contact_points_by_value",
    "contacts_by_name",
    "contacts_by_time",
    "events_by_import",
    "events_by_record",
    "events_by_time",
    "parties_by_city",
    "parties_by_company",
    "parties_by_import",
    "parties_by_owner",
];

/// Keys that are remembered; beyond it, the database is asked again.
const N_REMEMBERED: usize = 8_000_000;

/// Can the bulk path import this plan? A key or a unique field of an administrator's making takes the common one.
pub(super) fn takes(plan: &Plan, object: &Object) -> bool {
    let keys = ["external_id", "email", "phone", "name"];
    let plain_key = plan.key.as_deref().is_none_or(|key| keys.contains(&key));
    let unique = |key: &str| object.field(key).is_some_and(|f| f.unique && f.custom);
    let unique_mapped = plan.mapped().any(|(_, c)| c.target.as_deref().is_some_and(unique));
    object.table == "parties" && plain_key && !unique_mapped
}

/// A party that was there: what it says where the file says something, by slot.
struct Current {
    values: Vec<Value>,
    archived: bool,
    /// Further addresses, by kind and matched form.
    points: HashSet<(String, String)>,
}

/// A change that a row makes to a party that was there.
struct Change {
    id: i64,
    values: BTreeMap<String, Value>,
    points: Vec<(&'static str, String)>,
}

/// What becomes of a row.
enum Fate {
    Settled(Outcome),
    Changes(Change),
}

/// Loads contacts or companies.
pub(super) struct Parties {
    ctx: Ctx,
    plan: Plan,
    object: Arc<Object>,
    slots: Vec<Slot>,
    /// Records by key, and by external id where that is not the key.
    known: HashMap<Key, i64>,
    by_key: Option<Lookup>,
    by_external_id: Lookup,
    by_print: Lookup,
    current: Lookup,
    points: Option<Lookup>,
    companies: Option<Companies>,
    links: Vec<Option<Links>>,
    duplicates: Duplicates,
    /// What a dry run would have made of records, by id and slot.
    shadows: HashMap<i64, Box<[u32]>>,
    ids: Ids,
    fresh: bool,
    fresh_prints: bool,
    /// There was no party when the run began.
    alone: bool,
    dry: bool,
    writing: Arc<Shape>,
}

impl Parties {
    pub(super) fn new(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        plan: &Plan,
        object: &Arc<Object>,
        dry: bool,
    ) -> Result<Parties> {
        let slots = slots(plan, object);
        let kind = if object.key == "companies" { "company" } else { "contact" };
        let party = |column: &str| {
            Lookup::new(|list, _| {
                Ok(format!(
                    "SELECT {column}, id FROM parties WHERE kind = '{kind}' AND {column} IN {list} ORDER BY id"
                ))
            })
        };
        let living = |column: &str| {
            Lookup::new(|list, _| {
                Ok(format!(
                    "SELECT {column}, id FROM parties WHERE kind = '{kind}' AND archived_at IS NULL AND {column} IN {list} ORDER BY id"
                ))
            })
        };
        let point = |point: &str| {
            Lookup::new(|list, _| {
                Ok(format!(
                    "SELECT c.value_key, p.id FROM contact_points c JOIN parties p ON p.id = c.party_id
                     WHERE c.value_key IN {list} AND c.kind = '{point}' AND p.kind = '{kind}' AND p.archived_at IS NULL
                     ORDER BY p.id"
                ))
            })
        };
        let by_key = match plan.key.as_deref() {
            Some("external_id") => Some(party("external_id")?),
            Some("name") => Some(living("name_key")?),
            Some(address) => Some(point(address)?),
            None => None,
        };
        let columns: Vec<String> = slots
            .iter()
            .map(|slot| match slot.role {
                Role::Field(at) => format!(", {}", column_sql(&object.fields[at], "t")),
                Role::Mobile | Role::OtherEmail => ", NULL".into(),
            })
            .collect();
        let further = slots.iter().any(|s| !matches!(s.role, Role::Field(_)));
        let mut links = Vec::new();
        let mut companies = None;
        for slot in &slots {
            let field = slot.field(object).filter(|f| matches!(f.kind, Kind::Link(_)));
            let to_company = field.is_some_and(|f| f.key == "company" && object.key == "contacts");
            if to_company {
                companies = Some(Companies::new(tx, ctx, dry)?);
            }
            links.push(field.filter(|_| !to_company).map(|f| Links::new(ctx, f)).transpose()?);
        }
        Ok(Parties {
            known: HashMap::new(),
            by_key,
            by_external_id: party("external_id")?,
            by_print: Lookup::new(|list, _| {
                Ok(format!("SELECT fingerprint, record_id FROM import_rows WHERE fingerprint IN {list}"))
            })?,
            current: Lookup::new(|list, _| {
                Ok(format!(
                    "SELECT t.id, t.archived_at{} FROM parties t WHERE t.id IN {list}",
                    columns.concat()
                ))
            })?,
            points: match further {
                true => Some(Lookup::new(|list, _| {
                    Ok(format!(
                        "SELECT party_id, kind, value_key FROM contact_points WHERE party_id IN {list}"
                    ))
                })?),
                false => None,
            },
            companies,
            links,
            duplicates: Duplicates::new(tx, object.key == "companies")?,
            shadows: HashMap::new(),
            ids: Ids::new(dry),
            fresh: !any(tx, "parties", &format!("kind = '{kind}'"))?,
            fresh_prints: !any(tx, "import_rows", "record_id > 0")?,
            writing: Arc::new(Shape::new(ctx, object, &slots)),
            alone: !any(tx, "parties", "id > 0")? && !any(tx, "contact_points", "id > 0")?,
            slots,
            ctx: ctx.clone(),
            plan: plan.clone(),
            object: object.clone(),
            dry,
        })
    }
}

/// The parties that a batch makes.
struct Made {
    /// By row.
    ids: Vec<Option<i64>>,
    /// The row by the id.
    rows: HashMap<i64, usize>,
}

/// What the database knows of a batch.
#[derive(Default)]
struct Found {
    prints: HashSet<Vec<u8>>,
    current: HashMap<i64, Current>,
}

impl Parties {
    /// Is there no party yet, so that nothing has to be looked up, and nobody is kept waiting?
    pub(super) fn alone(&self) -> bool {
        self.alone
    }
}

impl Loader for Parties {
    type Parser = Parser;

    fn parser(&self) -> Result<Parser> {
        Parser::new(&self.ctx, &self.plan, &self.object, &self.slots, self.writing.clone())
    }

    fn n_rows(&self) -> usize {
        if self.alone { 12_500 } else { 5_000 }
    }

    fn load(&mut self, tx: &mut Tx<'_>, rows: &mut [Parsed<PartyRow>], work: &mut Work<'_>) -> Result<()> {
        let mut found = self.fetch(tx, rows)?;
        let mut made = Made { ids: vec![None; rows.len()], rows: HashMap::new() };
        let mut fates = Vec::with_capacity(rows.len());
        for at in 0..rows.len() {
            let parsed = &mut rows[at];
            let first = at < 2 * N_PREVIEW && work.shows();
            let cells = first.then(|| match &parsed.row {
                Some(row) => self.cells(row),
                None => work.raw_cells(&parsed.raw),
            });
            // Taken out while it is placed, for it may be laid over another row of the batch.
            let Some(mut row) = parsed.row.take() else {
                fates.push((None, Vec::new(), cells));
                continue;
            };
            let mut notes = Vec::new();
            let fate = self.place(tx, (at, &mut row), rows, &mut found, &mut made, &mut notes)?;
            if let Fate::Settled(Outcome::Unchanged) | Fate::Changes(_) = fate
                && let Some(id) = row.key.and_then(|key| self.known.get(&key))
                && found.current.get(id).is_some_and(|current| current.archived)
            {
                work.account.warn("rows belong to records that are archived, and were laid over those");
            }
            rows[at].row = Some(row);
            fates.push((Some(fate), notes, cells));
        }
        if let Some(companies) = &mut self.companies {
            work.account.n_companies += companies.write(tx, &self.ctx)?;
        }
        let mut duplicates = Vec::new();
        for (id, row) in writing::new(rows, &made.ids) {
            duplicates.push(self.duplicates.check(id, &row.signs));
            if self.dry {
                self.shadows.insert(id, shadow(&row.values));
            }
        }
        let mut duplicates = duplicates.into_iter();
        if !self.dry {
            self.write(tx, rows, &made.ids)?;
        }
        for (parsed, (fate, mut notes, cells)) in rows.iter().zip(fates) {
            let outcome = match fate {
                None => {
                    let outcome = work.settle_refused(parsed);
                    work.show(parsed, outcome, cells);
                    continue;
                }
                Some(Fate::Settled(outcome)) => outcome,
                Some(Fate::Changes(change)) => self.change(tx, change, &mut notes)?,
            };
            if outcome == Outcome::Created
                && let Some(Some(message)) = duplicates.next()
            {
                notes.push(Note { column: None, message, severity: Severity::Duplicate });
            }
            work.show(parsed, outcome, cells);
            work.settle(parsed, outcome, &notes);
        }
        Ok(())
    }

    fn cells(&self, row: &PartyRow) -> Vec<String> {
        let shown = |(slot, value): (&Slot, &Value)| match slot.field(&self.object) {
            Some(field) => crate::export::text_of(&field.kind, value, &self.ctx.currency),
            None => value.text().unwrap_or_default().to_string(),
        };
        self.slots.iter().zip(&row.values).map(shown).collect()
    }
}

impl Parties {
    fn fetch(&mut self, tx: &mut Tx<'_>, rows: &[Parsed<PartyRow>]) -> Result<Found> {
        let mut found = Found::default();
        if self.known.len() > N_REMEMBERED && !self.dry {
            self.known.clear();
            self.fresh = false;
        }
        let said = || rows.iter().filter_map(|parsed| parsed.row.as_ref());
        if !self.fresh {
            let known = &mut self.known;
            if let (Some(by_key), Some(target)) = (&self.by_key, self.plan.key.as_deref()) {
                let keys = said().filter_map(|row| row.key_text.as_deref()).map(db::Value::from);
                by_key.each(tx, keys, |row| {
                    known.entry(key(target, row.text(0)?)).or_insert(row.int(1)?);
                    Ok(())
                })?;
            }
            if self.plan.key.as_deref() != Some("external_id") {
                let ids = said().filter_map(|row| row.external_text.as_deref()).map(db::Value::from);
                self.by_external_id.each(tx, ids, |row| {
                    known.entry(key("external_id", row.text(0)?)).or_insert(row.int(1)?);
                    Ok(())
                })?;
            }
        }
        if !self.fresh_prints {
            let prints = said().filter_map(|row| row.print).map(|print| db::Value::Bytes(print.to_vec()));
            self.by_print.each(tx, prints, |row| {
                found.prints.insert(row.bytes(0)?.to_vec());
                Ok(())
            })?;
        }
        let mut ids: Vec<i64> =
            said().filter_map(|row| self.known.get(&row.key?).copied()).filter(|id| *id > 0).collect();
        ids.sort_unstable();
        ids.dedup();
        let values = || ids.iter().map(|id| db::Value::from(*id));
        let (slots, object) = (&self.slots, &self.object);
        self.current.each(tx, values(), |row| {
            let read = |(n, slot): (usize, &Slot)| {
                slot.field(object).map_or(Value::Empty, |f| Value::from_db(&f.kind, row.get(2 + n)))
            };
            let values = slots.iter().enumerate().map(read).collect();
            let archived = row.opt_int(1)?.is_some();
            found.current.insert(row.int(0)?, Current { values, archived, points: HashSet::new() });
            Ok(())
        })?;
        if let Some(points) = &self.points {
            points.each(tx, values(), |row| {
                if let Some(current) = found.current.get_mut(&row.int(0)?) {
                    current.points.insert((row.text(1)?.to_string(), row.text(2)?.to_string()));
                }
                Ok(())
            })?;
        }
        let known = &self.known;
        let unknown = |row: &&PartyRow| row.key.is_none_or(|key| !known.contains_key(&key));
        self.duplicates.fetch(tx, said().filter(unknown).map(|row| row.signs.as_slice()))?;
        for (at, links) in self.links.iter_mut().enumerate() {
            if let Some(links) = links {
                links.fetch(tx, said().filter_map(|row| row.values[at].text()))?;
            }
        }
        if let Some(companies) = &mut self.companies {
            let at =
                self.slots.iter().position(|s| s.field(&self.object).is_some_and(|f| f.key == "company"));
            companies.fetch(tx, said().filter_map(|row| row.values[at?].text()))?;
        }
        Ok(found)
    }

    /// Decides what becomes of a row.
    fn place(
        &mut self,
        tx: &mut Tx<'_>,
        (at, row): (usize, &mut PartyRow),
        rows: &mut [Parsed<PartyRow>],
        found: &mut Found,
        made: &mut Made,
        notes: &mut Vec<Note>,
    ) -> Result<Fate> {
        if let Some(print) = &row.print
            && found.prints.contains(print.as_slice())
        {
            return Ok(Fate::Settled(Outcome::Unchanged));
        }
        let id = row.key.and_then(|key| self.known.get(&key).copied());
        let owner = row.external.and_then(|key| self.known.get(&key).copied());
        if let Some(other) = owner.filter(|other| Some(*other) != id) {
            let whom = if other < 0 { "an earlier row".to_string() } else { format!("record {other}") };
            notes.push(Note::failed(None, format!("has the external id of {whom}")));
            return Ok(Fate::Settled(Outcome::Failed));
        }
        self.resolve(tx, row, notes)?;
        if let Some(id) = id {
            if let Some(first) = made.rows.get(&id).and_then(|first| rows[*first].row.as_mut()) {
                let changed = overlay(&mut first.values, &row.values);
                if changed {
                    first.ready = self.writing.ready(&first.values);
                }
                return Ok(Fate::Settled(if changed { Outcome::Updated } else { Outcome::Unchanged }));
            }
            return Ok(self.compare(id, &row.values, found));
        }
        let id = self.ids.take(tx)?;
        for key in [row.key, row.external].into_iter().flatten() {
            self.known.insert(key, id);
        }
        made.ids[at] = Some(id);
        made.rows.insert(id, at);
        Ok(Fate::Settled(Outcome::Created))
    }

    /// Turns the row's links into ids; a link to nothing is left out with a note.
    fn resolve(&mut self, tx: &mut Tx<'_>, row: &mut PartyRow, notes: &mut Vec<Note>) -> Result<()> {
        let values = &mut row.values;
        for (at, slot) in self.slots.iter().enumerate() {
            let Some(text) = values[at].text() else { continue };
            let Some(field) = slot.field(&self.object).filter(|f| matches!(f.kind, Kind::Link(_))) else {
                continue;
            };
            let answer = match (&self.links[at], &mut self.companies) {
                (Some(links), _) => links.find(text),
                (None, Some(companies)) => companies.find_or_create(tx, &mut self.ids, text)?,
                (None, None) => Err(format!("cannot be found for {}", field.label)),
            };
            values[at] = match answer {
                Ok(id) => Value::Link(id),
                Err(message) => {
                    notes.push(Note::warning(slot.column, format!("{message}; it was left out")));
                    Value::Empty
                }
            };
        }
        Ok(())
    }

    /// What the row changes in a party that was there before this batch.
    fn compare(&mut self, id: i64, values: &[Value], found: &mut Found) -> Fate {
        if let Some(shadow) = self.shadows.get_mut(&id) {
            let mut changed = false;
            for (known, value) in shadow.iter_mut().zip(values) {
                if !value.vacant() && *known != short(value) {
                    *known = short(value);
                    changed = true;
                }
            }
            return Fate::Settled(if changed { Outcome::Updated } else { Outcome::Unchanged });
        }
        let Some(current) = found.current.get_mut(&id) else { return Fate::Settled(Outcome::Unchanged) };
        let mut change = Change { id, values: BTreeMap::new(), points: Vec::new() };
        for ((slot, now), said) in self.slots.iter().zip(&mut current.values).zip(values) {
            if said.vacant() {
                continue;
            }
            match slot.field(&self.object) {
                Some(field) if *now != *said => {
                    *now = said.clone();
                    change.values.insert(field.key.clone(), said.clone());
                }
                Some(_) => {}
                None => {
                    let kind = if slot.role == Role::Mobile { "phone" } else { "email" };
                    let text = said.text().unwrap_or_default();
                    let matched = crate::contact_points::value_key(kind, text);
                    if current.points.insert((kind.to_string(), matched)) {
                        change.points.push((kind, text.to_string()));
                    }
                }
            }
        }
        if change.values.is_empty() && change.points.is_empty() {
            return Fate::Settled(Outcome::Unchanged);
        }
        if self.dry {
            self.shadows.insert(id, shadow(&current.values));
            return Fate::Settled(Outcome::Updated);
        }
        Fate::Changes(change)
    }

    /// Changes a party that was there, through the common door.
    fn change(&self, tx: &mut Tx<'_>, change: Change, notes: &mut Vec<Note>) -> Result<Outcome> {
        let points = self.ctx.catalogue.need("contact_points")?.clone();
        let saved = attempt(tx, |tx| {
            let mut saved = Saved::default();
            if !change.values.is_empty() {
                saved = kernel::change(tx, &self.ctx, &self.object, change.id, None, change.values)?;
            }
            for (kind, address) in change.points {
                let values = crate::workspace::values([
                    ("party", Value::Link(change.id)),
                    ("kind", Value::Text(kind.into())),
                    ("value", Value::Text(address)),
                ]);
                kernel::create(tx, &self.ctx, &points, values)?;
            }
            Ok(saved)
        })?;
        if let Err(error) = saved {
            notes.push(Note::failed(None, error.to_string()));
            return Ok(Outcome::Failed);
        }
        Ok(Outcome::Updated)
    }
}

/// Lays what a row says over what is there; says whether anything differs.
fn overlay(values: &mut [Value], said: &[Value]) -> bool {
    let mut changed = false;
    for (value, said) in values.iter_mut().zip(said) {
        if !said.vacant() && value != said {
            *value = said.clone();
            changed = true;
        }
    }
    changed
}

fn shadow(values: &[Value]) -> Box<[u32]> {
    values.iter().map(short).collect()
}

fn short(value: &Value) -> u32 {
    let mut print = super::keys::Print::new("value");
    print.value(value);
    u32::from_le_bytes(print.finish()[..4].try_into().unwrap_or_default())
}
