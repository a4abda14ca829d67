//! The customer base as a whole: what it is worth, who carries it, who may be leaving, and how far to trust the numbers.

use db::Tx;
use jiff::civil::Date;
use kernel::value::days_of;
use kernel::{Action, Ctx, Result, Scope, Total};

use crate::scores::{self, AtRisk, Run};

/// Customers in the list of value at risk.
const N_AT_RISK: usize = 20;
/// Orders that came since are counted up to here.
const COUNT_LIMIT: i64 = 10_000;

/// What the page about the customer base shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The last day that the models saw.
    pub as_of: Date,
    /// When they ran, microseconds UTC.
    pub scored_at: i64,
    /// Orders placed after that day, which the numbers do not know of.
    pub n_orders_since: Total,
    /// The run with its sums and cards; only for readers who may see all customers, their values and their chances.
    pub base: Option<Run>,
    /// Visible customers with most value at risk, largest first.
    pub at_risk: Vec<AtRisk>,
}

/// Reports on the customer base as of the last run; none before the first.
///
/// Sums were worked out when the scores were; a request reads one row and a few lists, whatever the size of the base.
pub fn report(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Option<Report>> {
    let Some(run) = scores::latest(tx)? else { return Ok(None) };
    let whole = sees_all(ctx)?;
    let at_risk = match whole {
        true => scores::among(tx, ctx, &run.summary.at_risk, N_AT_RISK)?,
        false => scores::slipping(tx, ctx, false, N_AT_RISK)?,
    };
    Ok(Some(Report {
        as_of: run.as_of,
        scored_at: run.created_at,
        n_orders_since: n_orders_since(tx, run.as_of)?,
        base: whole.then_some(run),
        at_risk,
    }))
}

/// May the reader see every customer with value and chance, and so the sums over all of them?
pub fn sees_all(ctx: &Ctx) -> Result<bool> {
    let customers = ctx.catalogue.need("customers")?;
    // A list over several objects reaches as far as the widest; sums must not reach further than the narrowest.
    let everyone =
        customers.parts.iter().all(|part| ctx.rights.scope(&part.object, Action::See) == Scope::All);
    let fields = ["lifetime_value", "p_alive", "tier", "relationship_stage", "rfm"];
    let seen = |key: &&str| customers.field(key).is_some_and(|field| ctx.sees_field(customers, field));
    Ok(everyone && fields.iter().all(seen))
}

fn n_orders_since(tx: &mut Tx<'_>, as_of: Date) -> Result<Total> {
    let sql = format!(
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM orders WHERE placed_on > $1 AND archived_at IS NULL LIMIT {}) c",
        COUNT_LIMIT + 1
    );
    let n = tx.one(&sql, &[days_of(as_of).into()])?.int(0)?;
    Ok(if n > COUNT_LIMIT { Total::AtLeast(COUNT_LIMIT) } else { Total::Exact(n) })
}
