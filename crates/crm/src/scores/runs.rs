//! Scoring runs: purchases in, one row of scores beside each customer and one record of the run out.

use std::collections::BTreeMap;

use db::{Db, Tx};
use insight::stage::Stage;
use insight::tiers::{self, Tier};
use insight::{Scored, Unit, score};
use jiff::civil::Date;
use kernel::events::{self, Event};
use kernel::value::{date_of, days_of};
use kernel::{Ctx, Error, Result, Value, money};
use serde_json::{Value as Json, json};

use super::cards::{Card, Frame, unit_of, unit_word};
use super::purchases::{self, Columns};
use super::summary::{Summary, minor};
use crate::settings;

/// Rows that are written in one transaction; other writers get their turn in between. Up to so many customers, all scores are
/// replaced in one; more are written beside the old ones.
const CHUNK: usize = 20_000;
/// A customer changes tier only when its value lies this much past the bound.
const SLACK: f64 = 0.1;
/// Rows of old scores and archived parties that are read at a time.
const READ_CHUNK: usize = 50_000;

/// How to score.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The last day that the models may see; none is today.
    pub as_of: Option<Date>,
    /// The unit of times, and so of the parameters.
    pub unit: Unit,
}

impl Default for Options {
    /// Today, in weeks.
    fn default() -> Options {
        Options { as_of: None, unit: Unit::Week }
    }
}

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Reading orders.
    Read,
    /// Fitting models and valuing customers.
    Fit,
    /// Writing scores.
    Write,
}

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What it is doing.
    pub step: Step,
    /// Orders or customers done.
    pub n_done: u64,
    /// Orders or customers in all; 0 while that is not known.
    pub n_total: u64,
}

/// A scoring run that is over.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Its id.
    pub id: i64,
    /// The last day that the models saw.
    pub as_of: Date,
    /// The unit of times and parameters.
    pub unit: Unit,
    /// First and last day of a purchase that the models saw.
    pub window: Option<(Date, Date)>,
    /// Customers that were scored, archived ones too.
    pub n_customers: usize,
    /// One card each for `rfm`, `bg_nbd`, `mbg_nbd`, `pareto_nbd` and `gamma_gamma`.
    pub cards: Vec<Card>,
    /// The customer base as a whole.
    pub summary: Summary,
    /// When it ran, microseconds UTC.
    pub created_at: i64,
    /// Who wanted it.
    pub created_by: Option<i64>,
}

impl Run {
    /// The card of a model.
    pub fn card(&self, model: &str) -> Option<&Card> {
        self.cards.iter().find(|card| card.model == model)
    }

    fn frame(&self) -> Frame {
        Frame { as_of: self.as_of, unit: self.unit, window: self.window }
    }
}

/// Scores every customer as of a day and keeps the result beside the records.
///
/// Reads in short transactions, computes outside of any, and writes the new scores beside the old, which take their place at
/// once, together with the events and the record of the run. A run that is cut off changes nothing.
///
/// *Errors*: a day in the future.
/// *Effects*: rows of `scores` and `score_runs`; `contact.scored` or `company.scored` for each customer whose tier or stage of
/// relationship changed since an earlier run.
pub fn run(db: &Db, ctx: &Ctx, options: &Options, mut progress: impl FnMut(Progress)) -> Result<Run> {
    let as_of = options.as_of.unwrap_or(ctx.today);
    if as_of > ctx.today {
        return Err(Error::invalid("as_of", format!("{as_of} lies in the future")));
    }
    let day = days_of(as_of) as i32;
    let (settings, n_total, before) =
        db.read::<_, Error>(|tx| Ok((settings::read(tx)?, purchases::count(tx)?, latest(tx)?)))?;
    let on_read = |n_done| progress(Progress { step: Step::Read, n_done, n_total });
    let columns = purchases::read(db, ctx, settings.margin_rate, on_read)?;
    progress(Progress { step: Step::Fit, n_done: 0, n_total: columns.party_ids.len() as u64 });

    let mut wanted = score::Options { margin_rate: settings.margin_rate, ..score::Options::default() };
    wanted.terms.discount_yearly = settings.discount_rate;
    wanted.holdout_until = holdout_until(&columns, day, days_of(ctx.today) as i32);
    wanted.complaints = complaints(db, &columns)?;
    let scored = score::score(&columns.purchases()?, day, options.unit, &wanted);

    // A look back at an earlier day is no movement of customers: it neither steadies their tiers nor tells of changes.
    let onwards = before.as_ref().is_some_and(|before| as_of >= before.as_of);
    let known = if onwards { known_scores(db, &scored, &columns)? } else { Known::none(&scored) };
    let tiers = tiers::steady(&scored.tiers, &scored.values.lifetime_value, &known.tiers, SLACK);

    let archived = archived_customers(db)?;
    let scale = 10f64.powi(money::decimals(&ctx.currency) as i32);
    let mut summary = Summary::of(&scored, &columns.party_ids, &tiers, scale, &wanted, |id| {
        archived.binary_search(&id).is_err()
    });
    summary.n_orders = columns.len();
    summary.n_orders_after = columns.n_after(day) as usize;
    summary.n_foreign = columns.n_foreign as usize;
    summary.n_costed = columns.n_costed as usize;
    let window =
        columns.window(day).and_then(|(first, last)| Some((date_of(first.into())?, date_of(last.into())?)));
    summary.remarks = remarks(&summary, as_of, options.as_of.is_none(), window, &ctx.currency);

    let run = Run {
        id: db.write::<_, Error>(|tx| Ok(tx.id()?))?,
        as_of,
        unit: options.unit,
        window,
        n_customers: scored.histories.rows.len(),
        cards: scored.models.iter().map(Card::of).collect(),
        summary,
        created_at: ctx.now,
        created_by: ctx.user_id,
    };
    let work = Work {
        ctx,
        run: &run,
        scored: &scored,
        party_ids: &columns.party_ids,
        tiers: &tiers,
        known: &known,
        scale,
    };
    work.write(db, &mut progress)?;
    forget_missing(db)?;
    db.analyze()?;
    Ok(run)
}

/// A party that was erased or merged while the models were at work must not come back with its scores.
fn forget_missing(db: &Db) -> Result<()> {
    let missing = "SELECT party_id FROM scores
         WHERE NOT EXISTS (SELECT 1 FROM parties p WHERE p.id = scores.party_id)
         LIMIT 10000";
    let rows = db.read::<_, Error>(|tx| Ok(tx.query(missing, &[])?))?;
    if !rows.is_empty() {
        let ids: Vec<_> = rows.into_iter().map(|row| row.0).collect();
        db.write::<_, Error>(|tx| Ok(tx.execute_each("DELETE FROM scores WHERE party_id = $1", ids)?))?;
    }
    Ok(())
}

/// The last run, if there was one.
pub fn latest(tx: &mut Tx<'_>) -> Result<Option<Run>> {
    let row = tx.opt(
        "SELECT id, as_of, unit, n_customers, cards, summary, created_at, created_by
         FROM score_runs
         ORDER BY id DESC
         LIMIT 1",
        &[],
    )?;
    let Some(row) = row else { return Ok(None) };
    let cards: Json = serde_json::from_str(row.text(4)?).unwrap_or_default();
    let summary: Json = serde_json::from_str(row.text(5)?).unwrap_or_default();
    let day = |json: &Json| json.as_str().and_then(|day| day.parse::<Date>().ok());
    let window = &cards[0]["window"];
    Ok(Some(Run {
        id: row.int(0)?,
        as_of: date_of(row.int(1)?).unwrap_or_default(),
        unit: unit_of(row.text(2)?).unwrap_or(Unit::Week),
        window: day(&window["first"]).zip(day(&window["last"])),
        n_customers: usize::try_from(row.int(3)?).unwrap_or(0),
        cards: cards.as_array().into_iter().flatten().map(Card::from_json).collect(),
        summary: Summary::from_json(&summary),
        created_at: row.int(6)?,
        created_by: row.opt_int(7)?,
    }))
}

/// The model cards as `kith score --json` and the API give them.
pub fn cards_json(run: &Run) -> Json {
    let frame = run.frame();
    json!({
        "as_of": run.as_of.to_string(),
        "unit": unit_word(run.unit),
        "n_customers": run.n_customers,
        "models": run.cards.iter().map(|card| card.to_json(&frame)).collect::<Vec<Json>>(),
    })
}

fn keep(tx: &mut Tx<'_>, run: &Run) -> Result<()> {
    let cards = cards_json(run)["models"].to_string();
    tx.execute(
        "INSERT INTO score_runs (id, as_of, unit, n_customers, cards, summary, created_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            run.id.into(),
            days_of(run.as_of).into(),
            unit_word(run.unit).into(),
            (run.n_customers as i64).into(),
            cards.into(),
            run.summary.to_json().to_string().into(),
            run.created_at.into(),
            run.created_by.into(),
        ],
    )?;
    Ok(())
}

/// The last day of the purchases that came after `day`, when they cover enough time to judge the models by: a quarter of
/// what the models saw. Otherwise the end of what they saw is hidden from them for the back-test.
fn holdout_until(columns: &Columns, day: i32, today: i32) -> Option<i32> {
    let (first, _) = columns.window(day)?;
    let (_, last) = columns.window(today)?;
    let quarter = (i64::from(day) - i64::from(first)) / 4;
    (i64::from(last) - i64::from(day) >= quarter.max(7)).then_some(last)
}

/// Customers with an open complaint, by their place among the columns' parties.
fn complaints(db: &Db, columns: &Columns) -> Result<Vec<u32>> {
    let complainers = db.read(purchases::complainers)?;
    let place = |id: &i64| columns.party_ids.binary_search(id).ok().map(|place| place as u32);
    Ok(complainers.iter().filter_map(place).collect())
}

fn archived_customers(db: &Db) -> Result<Vec<i64>> {
    let sql = format!(
        "SELECT id FROM parties
         WHERE id > $1 AND archived_at IS NOT NULL AND customer_since IS NOT NULL
         ORDER BY id
         LIMIT {READ_CHUNK}"
    );
    let mut ids: Vec<i64> = Vec::new();
    loop {
        let after = ids.last().copied().unwrap_or(i64::MIN);
        let rows = db.read::<_, Error>(|tx| Ok(tx.query(&sql, &[after.into()])?))?;
        for row in &rows {
            ids.push(row.int(0)?);
        }
        if rows.len() < READ_CHUNK {
            return Ok(ids);
        }
    }
}

/// What a reader of the scores should know beforehand.
fn remarks(
    summary: &Summary,
    as_of: Date,
    today: bool,
    window: Option<(Date, Date)>,
    currency: &str,
) -> Vec<String> {
    let mut remarks = Vec::new();
    let Some((first, last)) = window else {
        remarks.push(format!("There is no order up to {as_of}, so nobody is scored."));
        return remarks;
    };
    let (span, silence) = (days_of(as_of) - days_of(first), days_of(as_of) - days_of(last));
    if silence > 30 && silence * 10 > span {
        let hint =
            if today { format!(" To see how things stood then, score as of {last}.") } else { String::new() };
        remarks.push(format!(
            "The last order is from {last}, {silence} days before {as_of}: to the models it looks as if customers had left.{hint}"
        ));
    }
    if summary.n_foreign > 0 {
        remarks.push(format!(
            "{} of {} orders are not in {currency}: they count as purchases, but their amounts are left out.",
            summary.n_foreign, summary.n_orders
        ));
    }
    if summary.n_costed > 0 && summary.n_costed < summary.n_orders {
        remarks.push(format!(
            "{} of {} orders have no cost: {:.0} % of their amount counts as margin.",
            summary.n_orders - summary.n_costed,
            summary.n_orders,
            summary.margin_rate * 100.0
        ));
    }
    remarks
}

/// What was known of the customers before the run, aligned with them.
struct Known {
    tiers: Vec<Option<Tier>>,
    stages: Vec<Option<Stage>>,
}

impl Known {
    fn none(scored: &Scored) -> Known {
        let n = scored.histories.customers.len();
        Known { tiers: vec![None; n], stages: vec![None; n] }
    }
}

fn known_scores(db: &Db, scored: &Scored, columns: &Columns) -> Result<Known> {
    let sql = format!(
        "SELECT party_id, tier, stage FROM scores WHERE party_id > $1 ORDER BY party_id LIMIT {READ_CHUNK}"
    );
    let mut known = Known::none(scored);
    let customers = &scored.histories.customers;
    let (mut place, mut last_id) = (0, i64::MIN);
    loop {
        let mut n = 0;
        db.read::<(), Error>(|tx| {
            Ok(tx.each(&sql, &[last_id.into()], |row| {
                n += 1;
                last_id = row.int(0)?;
                while place < customers.len() && columns.party_ids[customers[place] as usize] < last_id {
                    place += 1;
                }
                if place < customers.len() && columns.party_ids[customers[place] as usize] == last_id {
                    let (tier, stage) = (row.opt_text(1)?, row.opt_text(2)?);
                    known.tiers[place] = Tier::ALL.into_iter().find(|t| Some(t.name()) == tier);
                    known.stages[place] = Stage::ALL.into_iter().find(|s| Some(s.name()) == stage);
                }
                Ok(())
            })?)
        })?;
        if n < READ_CHUNK {
            return Ok(known);
        }
    }
}

/// Everything that the writing of scores needs.
struct Work<'a> {
    ctx: &'a Ctx,
    run: &'a Run,
    scored: &'a Scored,
    party_ids: &'a [i64],
    tiers: &'a [Tier],
    known: &'a Known,
    scale: f64,
}

const COLUMNS: [&str; 17] = [
    "party_id",
    "lifetime_value",
    "lifetime_value_low",
    "lifetime_value_high",
    "p_alive",
    "expected_purchases_90d",
    "expected_spend",
    "tier",
    "rfm",
    "rfm_segment",
    "stage",
    "stage_reason",
    "value_method",
    "model",
    "as_of",
    "scored_at",
    "run_id",
];

impl Work<'_> {
    /// Replaces all rows, so that those of parties that are no longer customers go, too.
    fn write(&self, db: &Db, progress: &mut impl FnMut(Progress)) -> Result<()> {
        let n = self.scored.histories.customers.len();
        let told = |n_done| Progress { step: Step::Write, n_done, n_total: n as u64 };
        let rows = |range: std::ops::Range<usize>| range.map(|i| self.row(i)).collect::<Vec<_>>();
        progress(told(0));
        if n <= CHUNK {
            let rows = rows(0..n);
            db.write(|tx| {
                tx.execute("DELETE FROM scores", &[])?;
                tx.insert_rows("scores", &COLUMNS, &rows)?;
                self.finish(tx)
            })?;
        } else {
            let next = db.write(|tx| tx.begin_rebuild("scores", self.run.id))?;
            for start in (0..n).step_by(CHUNK) {
                let end = (start + CHUNK).min(n);
                // Made before the transaction begins, so that writers who wait get their turn meanwhile.
                let rows = rows(start..end);
                db.write(|tx| tx.insert_rows(&next, &COLUMNS, &rows))?;
                progress(told(end as u64));
            }
            for statement in db.read(|tx| tx.rebuild_indexes("scores", &next))? {
                db.write(|tx| tx.batch(&statement))?;
            }
            db.write(|tx| {
                tx.finish_rebuild("scores", &next)?;
                self.finish(tx)
            })?;
        }
        progress(told(n as u64));
        Ok(())
    }

    /// What belongs to the moment at which the new scores take the place of the old.
    fn finish(&self, tx: &mut Tx<'_>) -> Result<()> {
        self.tell_changes(tx)?;
        keep(tx, self.run)
    }

    fn party_id(&self, i: usize) -> i64 {
        self.party_ids[self.scored.histories.customers[i] as usize]
    }

    fn row(&self, i: usize) -> [db::Value; COLUMNS.len()] {
        let (values, rfm, stage) = (&self.scored.values, &self.scored.rfm, &self.scored.stages[i]);
        let money = |value: f64| db::Value::Int(minor(value, self.scale));
        [
            self.party_id(i).into(),
            money(values.lifetime_value[i]),
            money(values.low[i]),
            money(values.high[i]),
            values.p_alive[i].into(),
            values.expected_purchases[i].into(),
            money(values.expected_spend[i]),
            self.tiers[i].name().into(),
            format!("{}-{}-{}", rfm.recency[i], rfm.frequency[i], rfm.monetary[i]).into(),
            rfm.cell[i].name().into(),
            stage.stage.name().into(),
            stage.reason.as_str().into(),
            self.scored.spend_method.into(),
            self.scored.method.into(),
            days_of(self.run.as_of).into(),
            self.run.created_at.into(),
            self.run.id.into(),
        ]
    }

    /// One event for each customer of whom something is said that someone may act on, and that is not what was said before.
    fn tell_changes(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut changed: BTreeMap<i64, BTreeMap<String, (Value, Value)>> = BTreeMap::new();
        let word = |word: &str| Value::Text(word.to_string());
        for i in 0..self.tiers.len() {
            let mut changes = BTreeMap::new();
            let (tier, stage) = (self.tiers[i], self.scored.stages[i].stage);
            if let Some(old) = self.known.tiers[i].filter(|old| *old != tier) {
                changes.insert("tier".to_string(), (word(old.name()), word(tier.name())));
            }
            if let Some(old) = self.known.stages[i].filter(|old| *old != stage) {
                changes.insert("relationship_stage".to_string(), (word(old.name()), word(stage.name())));
            }
            if !changes.is_empty() {
                changed.insert(self.party_id(i), changes);
            }
        }
        let ids: Vec<i64> = changed.keys().copied().collect();
        let parties = self.ctx.catalogue.need("parties")?;
        let mut rows: Vec<Vec<db::Value>> = Vec::new();
        for chunk in ids.chunks(200) {
            let mut params: Vec<db::Value> = chunk.iter().map(|id| db::Value::Int(*id)).collect();
            params.resize(200, db::Value::Null);
            let places: Vec<String> = (1..=200).map(|n| format!("${n}")).collect();
            let sql = format!("SELECT id, kind FROM parties WHERE id IN ({})", places.join(", "));
            for party in tx.query(&sql, &params)? {
                let (id, kind) = (party.int(0)?, party.text(1)?);
                let Some(part) = parties.parts.iter().find(|part| part.kind == kind) else { continue };
                let object = self.ctx.catalogue.need(&part.object)?;
                rows.push(Event::of(self.ctx, object, id, None, "scored", changed.get(&id)).row());
            }
        }
        if !rows.is_empty() {
            tx.insert_rows("events", &events::COLUMNS, rows)?;
        }
        Ok(())
    }
}
