//! Customers whose value is at risk, as far as the reader may see them.

use db::Tx;
use kernel::filter::{self, Expr, Literal, Op};
use kernel::{Ctx, ListQuery, Record, Result, SortKey};

/// Customers that are looked at to find those with most at risk.
const N_CANDIDATES: usize = 100;
/// Fields of a customer that such a list shows.
const FIELDS: [&str; 8] =
    ["name", "owner", "lifetime_value", "p_alive", "tier", "relationship_stage", "last_order_on", "n_orders"];

/// A customer whose value may be leaving.
#[derive(Debug, Clone, PartialEq)]
pub struct AtRisk {
    /// The customer, with the fields that such a list shows and the reader may see.
    pub customer: Record,
    /// Expected value. *Units*: minor units.
    pub value: i64,
    /// Chance that the customer has not left for good.
    pub p_alive: f64,
    /// Value times the chance that the customer has left. *Units*: minor units.
    pub at_risk: i64,
    /// The reason for the stage of the relationship, in the customer's own numbers; empty when it may not be seen.
    pub reason: String,
}

/// Of these parties the visible ones with most at risk, largest first.
pub(crate) fn among(tx: &mut Tx<'_>, ctx: &Ctx, ids: &[i64], limit: usize) -> Result<Vec<AtRisk>> {
    let literal = |id: &i64| Literal { text: id.to_string(), quoted: true };
    let values: Vec<Literal> = ids.iter().take(N_CANDIDATES).map(literal).collect();
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let filter = Expr::Compare { path: vec!["id".to_string()], op: Op::In, values };
    largest(tx, ctx, filter, "id", limit)
}

/// Platinum and gold customers who are cooling off, those with most at risk first; `mine`: only those that the reader owns.
pub(crate) fn slipping(tx: &mut Tx<'_>, ctx: &Ctx, mine: bool, limit: usize) -> Result<Vec<AtRisk>> {
    let owned = if mine { "owner = me and " } else { "" };
    let text = format!("{owned}relationship_stage = deteriorating and tier in (platinum, gold)");
    match filter::parse(&text) {
        // By value: whoever has most at risk has a high value, too.
        Ok(filter) => largest(tx, ctx, filter, "-lifetime_value", limit),
        Err(_) => Ok(Vec::new()),
    }
}

fn largest(tx: &mut Tx<'_>, ctx: &Ctx, filter: Expr, sort: &str, limit: usize) -> Result<Vec<AtRisk>> {
    let customers = ctx.catalogue.need("customers")?;
    let seen = |key: &str| customers.field(key).is_some_and(|field| ctx.sees_field(customers, field));
    if !["lifetime_value", "p_alive", "tier", "relationship_stage"].into_iter().all(seen) {
        return Ok(Vec::new());
    }
    let query = ListQuery {
        filter: Some(filter),
        sort: SortKey::parse_all(sort),
        fields: FIELDS.into_iter().filter(|key| seen(key)).map(String::from).collect(),
        limit: N_CANDIDATES,
        ..ListQuery::default()
    };
    let mut found: Vec<AtRisk> = Vec::new();
    for customer in kernel::list(tx, ctx, customers, &query)?.records {
        let value = customer.value("lifetime_value").int().unwrap_or(0);
        let p_alive = customer.value("p_alive").number().unwrap_or(1.0);
        let at_risk = (value as f64 * (1.0 - p_alive)).round() as i64;
        found.push(AtRisk { customer, value, p_alive, at_risk, reason: String::new() });
    }
    found.sort_by(|l, r| r.at_risk.cmp(&l.at_risk).then(l.customer.id.cmp(&r.customer.id)));
    found.truncate(limit);
    for one in &mut found {
        let row = tx.opt("SELECT stage_reason FROM scores WHERE party_id = $1", &[one.customer.id.into()])?;
        one.reason = row
            .map(|row| row.opt_text(0).map(|t| t.unwrap_or_default().to_string()))
            .transpose()?
            .unwrap_or_default();
    }
    Ok(found)
}
