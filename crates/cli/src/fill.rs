//! Puts a generated company into an empty database, in bulk, with everything that ordinary saving would have left:
//! events, search, contact points, customers' totals.

mod events;
mod moments;
mod orders;
mod parties;
mod staff;
mod work;

use std::sync::Arc;

use anyhow::Result;
use db::{Db, Tx, Value};
use demo::{Business, Party};
use kernel::Catalogue;
use kernel::search::Doc;

use self::events::Log;
use self::moments::Moments;

/// The setting that stands while a company is being filled in, so that a half-filled one is told from a whole one.
pub const BEGUN: &str = "demo_begun";
/// With more contacts than this, indexes are made at the end.
const LARGE: usize = 50_000;
/// How many contacts are written in one transaction.
const CHUNK: usize = 2_000;

/// Fills an empty, migrated database with `business`. `progress` hears of steps done and steps in all.
/// *Effects*: the settings `demo` and `demo_user` (id of the administrator), scores, fresh statistics.
/// *Errors*: the database's; what was written until then stays.
pub fn fill(db: &Db, business: &Business, now: i64, progress: &dyn Fn(u64, u64)) -> Result<()> {
    let catalogue = db.write::<_, kernel::Error>(|tx| {
        crm::settings::put(tx, BEGUN, "yes")?;
        crm::catalogue::load(tx)
    })?;
    let _bulk = db.bulk()?;
    let mut filler = Filler::new(db, business, catalogue)?;
    filler.defer_indexes()?;
    let counts = business.counts();
    let (companies, contacts) = (counts.companies, counts.contacts);
    let others = counts.deals + counts.cases + counts.tasks + counts.notes;
    // Events are written last; they take about as long as half of the contacts.
    let total = (companies + contacts + others + contacts / 2) as u64;
    let mut done = 0;
    for range in chunks(companies) {
        done += range.len() as u64;
        filler.companies(range)?;
        progress(done, total);
    }
    for range in chunks(contacts) {
        done += range.len() as u64;
        filler.contacts(range)?;
        progress(done, total);
    }
    filler.company_relationships()?;
    filler.deals()?;
    filler.cases()?;
    filler.tasks()?;
    filler.notes()?;
    done += others as u64;
    progress(done, total);
    let n_events = filler.log.len().max(1) as u64;
    filler.log.write(db, |n_written| progress(done + (total - done) * n_written / n_events, total))?;
    db.make_deferred_indexes()?;
    db.write::<_, kernel::Error>(|tx| {
        crm::settings::put(tx, "demo", "yes")?;
        crm::settings::put(tx, "demo_user", &filler.users[0].to_string())?;
        crm::settings::remove(tx, BEGUN)
    })?;
    db.analyze()?;
    score(db, business, now)?;
    Ok(())
}

/// Scores everyone, as `kith score` does on the company's last day.
fn score(db: &Db, business: &Business, now: i64) -> Result<()> {
    let ctx = db.read::<_, kernel::Error>(|tx| crm::workspace::system_ctx(tx, now))?;
    let as_of = business.today().min(ctx.today);
    let earlier = as_of.checked_sub(jiff::Span::new().days(45))?;
    // With an earlier run to compare with, the last one tells who moved. Millions need not be scored twice for it.
    let days = if business.counts().contacts > 100_000 { vec![as_of] } else { vec![earlier, as_of] };
    for day in days {
        let options = crm::scores::Options { as_of: Some(day), ..crm::scores::Options::default() };
        crm::scores::run(db, &ctx, &options, |_| {})?;
    }
    Ok(())
}

fn chunks(n: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    (0..n).step_by(CHUNK).map(move |start| start..(start + CHUNK).min(n))
}

/// What is known while a company is filled in: ids by index, and the events to come.
struct Filler<'a> {
    db: &'a Db,
    business: &'a Business,
    catalogue: Arc<Catalogue>,
    moments: Moments,
    users: Vec<i64>,
    products: Vec<i64>,
    pipelines: Vec<Steps>,
    companies: Vec<i64>,
    contacts: Vec<i64>,
    /// When each party entered the record; nothing of theirs is earlier.
    company_since: Vec<i64>,
    contact_since: Vec<i64>,
    deals: Vec<Work>,
    cases: Vec<Work>,
    log: Log,
}

/// A pipeline in the database and its stages: the open ones in order, then won and lost.
struct Steps {
    pipeline: i64,
    stages: Vec<i64>,
}

/// A deal or a case that other records refer to.
struct Work {
    id: i64,
    party: i64,
    since: i64,
}

impl<'a> Filler<'a> {
    fn new(db: &'a Db, business: &'a Business, catalogue: Arc<Catalogue>) -> Result<Filler<'a>> {
        let counts = business.counts();
        let moments = Moments::of(business)?;
        let mut filler = Filler {
            db,
            business,
            catalogue,
            moments,
            users: Vec::new(),
            products: Vec::new(),
            pipelines: Vec::new(),
            companies: Vec::new(),
            contacts: Vec::new(),
            company_since: Vec::with_capacity(counts.companies),
            contact_since: Vec::with_capacity(counts.contacts),
            deals: Vec::new(),
            cases: Vec::new(),
            log: Log::default(),
        };
        filler.staff()?;
        db.write::<_, db::Error>(|tx| {
            filler.companies = tx.ids(counts.companies)?;
            filler.contacts = tx.ids(counts.contacts)?;
            Ok(())
        })?;
        Ok(filler)
    }

    /// Lets the indexes of the large tables wait until the end.
    fn defer_indexes(&self) -> Result<()> {
        if self.business.counts().contacts <= LARGE {
            return Ok(());
        }
        for table in ["parties", "contact_points", "orders", "order_lines", "touchpoints", "events"] {
            self.db.defer_indexes(&self.db.read(|tx| tx.plain_indexes(table))?)?;
        }
        Ok(())
    }

    fn party(&self, party: Party) -> i64 {
        match party {
            Party::Contact(index) => self.contacts[index],
            Party::Company(index) => self.companies[index],
        }
    }

    fn since(&self, party: Party) -> i64 {
        match party {
            Party::Contact(index) => self.contact_since[index],
            Party::Company(index) => self.company_since[index],
        }
    }

    /// What a record is found by: the searched fields of its object, from `values`.
    fn doc(&self, object: &str, values: &[(&str, Option<&str>)]) -> Doc {
        let mut doc = Doc::default();
        let fields = self.catalogue.object(object).map(|o| o.fields.as_slice()).unwrap_or_default();
        for field in fields.iter().filter(|f| f.searched) {
            let value = values.iter().find(|(key, _)| *key == field.key).and_then(|(_, value)| *value);
            if let Some(text) = value {
                doc.add(&field.kind, text);
            }
        }
        doc
    }
}

/// Rows for one table, written together.
struct Rows {
    table: &'static str,
    columns: Vec<&'static str>,
    rows: Vec<Vec<Value>>,
}

/// The columns that every record's table begins with.
const SYSTEM: [&str; 5] = ["id", "version", "created_at", "updated_at", "custom"];

impl Rows {
    fn of(table: &'static str, columns: &[&'static str]) -> Rows {
        Rows { table, columns: [&SYSTEM, columns].concat(), rows: Vec::new() }
    }

    /// Adds a record; ids are given out when the rows are written.
    fn add<const N: usize>(&mut self, created_at: i64, updated_at: i64, values: [Value; N]) -> usize {
        debug_assert_eq!(self.columns.len(), SYSTEM.len() + N, "{}", self.table);
        let mut row = Vec::with_capacity(SYSTEM.len() + N);
        row.push(Value::Null);
        row.push(1.into());
        row.push(created_at.into());
        row.push(updated_at.max(created_at).into());
        row.push("{}".into());
        row.extend(values);
        self.rows.push(row);
        self.rows.len() - 1
    }

    /// Gives the rows their ids, in order.
    fn number(&mut self, tx: &mut Tx<'_>) -> db::Result<Vec<i64>> {
        let ids = tx.ids(self.rows.len())?;
        for (row, id) in self.rows.iter_mut().zip(&ids) {
            row[0] = (*id).into();
        }
        Ok(ids)
    }

    /// Sets a column of a row that was added.
    fn set(&mut self, row: usize, column: &str, value: impl Into<Value>) {
        if let Some(place) = self.columns.iter().position(|c| *c == column) {
            self.rows[row][place] = value.into();
        }
    }

    fn write(&self, tx: &mut Tx<'_>) -> db::Result<()> {
        tx.insert_rows(self.table, &self.columns, &self.rows)?;
        Ok(())
    }
}

/// A list of words as the field `tags` keeps it.
fn joined(words: &[&str]) -> Option<String> {
    (!words.is_empty()).then(|| words.join(", "))
}
