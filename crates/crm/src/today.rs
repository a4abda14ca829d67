//! Today: what to do next, who slips away, which deals stand still, which cases wait.

use std::collections::BTreeMap;

use db::Tx;
use jiff::ToSpan;
use kernel::filter::{self, Expr};
use kernel::{Action, Ctx, Error, ListQuery, Object, Record, Result, Scope, SortKey, Total};

use crate::customer_base::sees_all;
use crate::deals::STALE_DAYS;
use crate::scores::{self, AtRisk, Group, Run};

/// Tasks shown.
const N_TASKS: usize = 10;
/// Customers, deals and cases shown, of each.
const N_SHOWN: usize = 6;

/// The first page of the day, as far as its reader may see it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Today {
    /// Nobody is known yet: the reader needs a beginning rather than a day.
    pub empty: bool,
    /// The reader's open tasks that are due or overdue, the longest overdue first.
    pub tasks: Vec<Record>,
    /// How many there are.
    pub n_tasks: Option<Total>,
    /// Platinum and gold customers who are cooling off: the reader's own first, then by what is at risk.
    pub slipping: Vec<AtRisk>,
    /// All of them, with their value at risk together; only for readers who may see all customers. *Units*: minor units.
    pub slipping_whole: Option<Group>,
    /// Open deals that have not moved for a fortnight, the longest first.
    pub stale_deals: Vec<Record>,
    /// How many there are.
    pub n_stale_deals: Option<Total>,
    /// Open cases, the oldest first.
    pub cases: Vec<Record>,
    /// How many there are.
    pub n_cases: Option<Total>,
    /// The last scoring run; only for readers who may see all customers.
    pub run: Option<Run>,
    /// Open deals together.
    pub pipeline: Option<Pipeline>,
}

/// Open deals that the reader may see, in the workspace's currency. *Units*: minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pipeline {
    /// How many deals.
    pub n_deals: i64,
    /// Their amounts together.
    pub amount: i64,
    /// The same, each weighted by the probability of its stage.
    pub weighted: i64,
}

/// Gathers the day of the reader; each part is short and read by an index.
pub fn page(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Today> {
    let run = scores::latest(tx)?.filter(|_| sees_all(ctx).unwrap_or(false));
    let mut today = Today {
        empty: tx.opt("SELECT 1 FROM parties LIMIT 1", &[])?.is_none(),
        slipping: slipping(tx, ctx)?,
        slipping_whole: run.as_ref().map(|run| run.summary.slipping.clone()),
        pipeline: pipeline(tx, ctx)?,
        run,
        ..Today::default()
    };
    if ctx.user_id.is_some() {
        let due = "owner = me and status = open and due_on <= today";
        if let Some((records, n)) = part(tx, ctx, "tasks", due, "due_on", N_TASKS)? {
            (today.tasks, today.n_tasks) = (records, Some(n));
        }
    }
    let since = ctx.today.checked_sub(STALE_DAYS.days()).unwrap_or(ctx.today);
    let stale = format!("status = open and stage_since < {since}");
    if let Some((records, n)) = part(tx, ctx, "deals", &stale, "stage_since", N_SHOWN)? {
        (today.stale_deals, today.n_stale_deals) = (records, Some(n));
    }
    (today.cases, today.n_cases) = open_cases(tx, ctx)?;
    Ok(today)
}

/// The first records of a list and how many there are; none when the reader may not see such records or such fields.
fn part(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &str,
    filter: &str,
    sort: &str,
    limit: usize,
) -> Result<Option<(Vec<Record>, Total)>> {
    let object = ctx.catalogue.need(object)?;
    let filter = filter::parse(filter).map_err(|trouble| Error::invalid("filter", trouble.to_string()))?;
    if ctx.scope(object, Action::See) == Scope::None || !sees_all_of(ctx, object, &filter, sort) {
        return Ok(None);
    }
    let query =
        ListQuery { filter: Some(filter), sort: SortKey::parse_all(sort), limit, ..ListQuery::default() };
    let records = kernel::list(tx, ctx, object, &query)?.records;
    let n = match records.len() < limit {
        true => Total::Exact(records.len() as i64),
        false => kernel::count(tx, ctx, object, &query)?,
    };
    Ok(Some((records, n)))
}

/// May the reader see the fields that the list is made by? A list by a hidden field would be refused.
fn sees_all_of(ctx: &Ctx, object: &Object, filter: &Expr, sort: &str) -> bool {
    let seen = |key: &str| object.field(key).is_some_and(|field| ctx.sees_field(object, field));
    let by_filter = match filter {
        Expr::And(parts) => parts.iter().all(|part| sees_all_of(ctx, object, part, sort)),
        Expr::Compare { path, .. } => path.first().is_some_and(|key| seen(key)),
        _ => true,
    };
    by_filter && SortKey::parse_all(sort).iter().all(|key| seen(&key.field))
}

/// The reader's own customers come first: they can be called right away.
fn slipping(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<AtRisk>> {
    let mut found = match ctx.user_id {
        Some(_) => scores::slipping(tx, ctx, true, N_SHOWN)?,
        None => Vec::new(),
    };
    if found.len() < N_SHOWN {
        for one in scores::slipping(tx, ctx, false, 2 * N_SHOWN)? {
            if found.len() < N_SHOWN && !found.iter().any(|known| known.customer.id == one.customer.id) {
                found.push(one);
            }
        }
    }
    Ok(found)
}

/// Open cases are those in any state but closed; each state has its own stretch of the index.
fn open_cases(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(Vec<Record>, Option<Total>)> {
    let (mut records, mut n, mut whole) = (Vec::new(), 0, true);
    for status in ["new", "open", "waiting"] {
        let Some((some, total)) =
            part(tx, ctx, "cases", &format!("status = {status}"), "created_at", N_SHOWN)?
        else {
            return Ok((Vec::new(), None));
        };
        records.extend(some);
        n += match total {
            Total::Exact(n) => n,
            Total::AtLeast(n) => {
                whole = false;
                n
            }
        };
    }
    records.sort_by_key(|record: &Record| (record.value("created_at").int(), record.id));
    records.truncate(N_SHOWN);
    Ok((records, Some(if whole { Total::Exact(n) } else { Total::AtLeast(n) })))
}

fn pipeline(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Option<Pipeline>> {
    let deals = ctx.catalogue.need("deals")?;
    let text = format!("status = open and currency = {}", ctx.currency);
    let filter = filter::parse(&text).map_err(|trouble| Error::invalid("filter", trouble.to_string()))?;
    let seen = |key: &str| deals.field(key).is_some_and(|field| ctx.sees_field(deals, field));
    if ctx.scope(deals, Action::See) == Scope::None
        || !["status", "currency", "stage", "amount"].into_iter().all(seen)
    {
        return Ok(None);
    }
    let query = ListQuery { filter: Some(filter), ..ListQuery::default() };
    let mut probabilities: BTreeMap<i64, f64> = BTreeMap::new();
    for row in tx.query("SELECT id, probability FROM stages LIMIT 1000", &[])? {
        probabilities.insert(row.int(0)?, row.opt_real(1)?.unwrap_or(0.0));
    }
    let mut pipeline = Pipeline { n_deals: 0, amount: 0, weighted: 0 };
    for (stage, n, amount) in kernel::aggregate(tx, ctx, deals, &query, "stage", Some("amount"))? {
        let probability = stage.link().and_then(|id| probabilities.get(&id)).copied().unwrap_or(0.0);
        pipeline.n_deals += n;
        pipeline.amount += amount;
        pipeline.weighted += (amount as f64 * probability).round() as i64;
    }
    Ok(Some(pipeline))
}
