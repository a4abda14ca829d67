//! Reads all orders as the columns that the models take.

use db::{Db, Tx};
use insight::Purchases;
use kernel::{Ctx, Error, Result, money};

/// Orders read at a time: short reads, so that neither a time limit nor an old snapshot is in the way.
const CHUNK: i64 = 50_000;

/// Everything that was bought, one entry per order, and what was noticed while reading.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// Ids of the parties that have orders, ascending; a customer's number is its place here.
    pub(super) party_ids: Vec<i64>,
    customer: Vec<u32>,
    day: Vec<i32>,
    amount: Vec<f64>,
    margin: Vec<f64>,
    /// Orders in another currency than the workspace's: they count as purchases without an amount.
    pub(super) n_foreign: u64,
    /// Orders whose cost is known.
    pub(super) n_costed: u64,
}

impl Columns {
    /// The orders of the columns as `insight` takes them.
    pub(super) fn purchases(&self) -> Result<Purchases<'_>> {
        let refused = |refusal: insight::Refusal| Error::invalid("orders", refusal.to_string());
        let purchases = Purchases::new(&self.customer, &self.day, &self.amount).map_err(refused)?;
        match self.n_costed {
            // Without a single cost the margin rate alone decides, and insight applies it to what it expects.
            0 => Ok(purchases),
            _ => purchases.with_margin(&self.margin).map_err(refused),
        }
    }

    /// How many orders there are.
    pub(super) fn len(&self) -> usize {
        self.day.len()
    }

    /// The first and the last day of an order up to `until`. *Units*: days since 1970-01-01.
    pub(super) fn window(&self, until: i32) -> Option<(i32, i32)> {
        let days = || self.day.iter().copied().filter(|day| *day <= until);
        Some((days().min()?, days().max()?))
    }

    /// How many orders lie after `day`.
    pub(super) fn n_after(&self, day: i32) -> u64 {
        self.day.iter().filter(|d| **d > day).count() as u64
    }
}

/// How many orders there are to read.
pub(super) fn count(tx: &mut Tx<'_>) -> Result<u64> {
    let n = tx.one("SELECT COUNT(*) FROM orders", &[])?.int(0)?;
    Ok(u64::try_from(n).unwrap_or(0))
}

/// Reads every order that was neither cancelled nor archived.
///
/// Margin is total less cost where the cost is known, else total times `margin_rate`. An order in another currency, or one
/// that was sent back as a whole, was a purchase all the same, but brought nothing that could be counted.
pub(super) fn read(db: &Db, ctx: &Ctx, margin_rate: f64, mut on_read: impl FnMut(u64)) -> Result<Columns> {
    let sql = format!(
        "SELECT id, party_id, placed_on,
            CASE WHEN currency <> $2 THEN NULL WHEN status = 'returned' AND total > 0 THEN 0 ELSE total END,
            CASE WHEN status = 'returned' AND total > 0 THEN 0 ELSE cost END
         FROM orders
         WHERE id > $1 AND archived_at IS NULL AND status <> 'cancelled'
         ORDER BY id
         LIMIT {CHUNK}"
    );
    let scale = 10f64.powi(money::decimals(&ctx.currency) as i32);
    let mut columns = Columns::default();
    let mut party_ids: Vec<i64> = Vec::new();
    let mut last_id = i64::MIN;
    loop {
        let mut n = 0;
        db.read::<(), Error>(|tx| {
            Ok(tx.each(&sql, &[last_id.into(), ctx.currency.as_str().into()], |row| {
                last_id = row.int(0)?;
                n += 1;
                // Days outside the calendar of 32 bits can't be entered; one that is there all the same is passed over.
                let Ok(day) = i32::try_from(row.int(2)?) else { return Ok(()) };
                party_ids.push(row.int(1)?);
                columns.day.push(day);
                let (total, cost) = (row.opt_int(3)?, row.opt_int(4)?);
                let margin = match (total, cost) {
                    (Some(total), Some(cost)) => total as f64 - cost as f64,
                    (Some(total), None) => total as f64 * margin_rate,
                    (None, _) => 0.0,
                };
                columns.n_foreign += u64::from(total.is_none());
                columns.n_costed += u64::from(total.is_some() && cost.is_some());
                columns.amount.push(total.unwrap_or(0) as f64 / scale);
                columns.margin.push(margin / scale);
                Ok(())
            })?)
        })?;
        on_read(columns.len() as u64);
        if n < CHUNK {
            break;
        }
    }
    let mut known = party_ids.clone();
    known.sort_unstable();
    known.dedup();
    columns.customer = party_ids.iter().map(|id| known.partition_point(|k| k < id) as u32).collect();
    columns.party_ids = known;
    Ok(columns)
}

/// Parties with an open complaint, each once, ascending.
pub(super) fn complainers(tx: &mut Tx<'_>) -> Result<Vec<i64>> {
    let mut ids = Vec::new();
    tx.each(
        "SELECT DISTINCT party_id FROM cases
         WHERE kind = 'complaint' AND status <> 'closed' AND archived_at IS NULL AND party_id IS NOT NULL
         ORDER BY party_id",
        &[],
        |row| {
            ids.push(row.int(0)?);
            Ok(())
        },
    )?;
    Ok(ids)
}
