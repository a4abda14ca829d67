//! Why a customer's scores are what they are: the own numbers, the model, its date and how wrong it was.

use db::Tx;
use insight::rfm::Cell;
use jiff::civil::Date;
use kernel::value::{date_of, days_of};
use kernel::{Action, Ctx, Object, Result, Scope, money};

use super::cards::{Card, model_title};
use super::runs::{Run, latest};

/// What a record page shows behind the scores of a party. What the reader may not see is absent.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// The last day that the models saw.
    pub as_of: Date,
    /// When the scores were written, microseconds UTC.
    pub scored_at: i64,
    /// The customer's own numbers up to that day.
    pub own: Option<Own>,
    /// What the customer is expected to bring, with its interval.
    pub value: Option<Estimate>,
    /// Chance that the customer has not left for good.
    pub p_alive: Option<f64>,
    /// Expected purchases in 90 days.
    pub expected_purchases: Option<f64>,
    /// Tier: key, and the rule that made it.
    pub tier: Option<Reasoned>,
    /// Recency, frequency and money: the scores `5-4-3`, and what each of them means.
    pub rfm: Option<Reasoned>,
    /// RFM group: key, and the scores that make it.
    pub segment: Option<Reasoned>,
    /// Stage of the relationship: key, and the reason in the customer's own numbers.
    pub stage: Option<Reasoned>,
    /// The models behind the numbers and how far to trust them.
    pub models: Models,
}

/// A customer's own numbers. *Units*: money in minor units of the workspace's currency.
#[derive(Debug, Clone, PartialEq)]
pub struct Own {
    /// Days with a purchase.
    pub n_purchases: i64,
    /// The first such day.
    pub first_on: Date,
    /// The last such day.
    pub last_on: Date,
    /// Mean days between purchases; none before the second.
    pub gap_days: Option<f64>,
    /// Days from the last purchase to the day of the scores.
    pub silence_days: i64,
    /// Everything paid, returns deducted; orders in other currencies are left out.
    pub total: i64,
    /// Mean paid on a day with a purchase.
    pub mean_spend: i64,
    /// Orders since, which the scores do not know of.
    pub n_since: i64,
}

/// A number with its interval. *Units*: minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// The expected value.
    pub value: i64,
    /// Lower end.
    pub low: i64,
    /// Upper end.
    pub high: i64,
    /// Expected spend on a day with a purchase.
    pub spend: i64,
}

/// A word about a customer with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reasoned {
    /// The word's key: `gold`.
    pub key: String,
    /// The rule or reason, in a sentence.
    pub reason: String,
}

/// The models behind the scores of a customer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Models {
    /// `MBG/NBD with Gamma-Gamma`.
    pub name: String,
    /// Customers that they were made from.
    pub n_customers: usize,
    /// What the back-test found, in sentences, or why there was none.
    pub proof: Vec<String>,
    /// When not to trust them, in sentences.
    pub cautions: Vec<String>,
    /// How far ahead the value looks. *Units*: days.
    pub horizon_days: f64,
    /// Share of outcomes that the interval holds.
    pub level: f64,
}

/// Explains the scores of a party.
///
/// *Shape*: none when the party has no scores, or lies outside the reader's scope.
pub fn why(tx: &mut Tx<'_>, ctx: &Ctx, party_id: i64) -> Result<Option<Why>> {
    let parties = ctx.catalogue.need("parties")?;
    if !kernel::may(tx, ctx, parties, party_id, Action::See)? {
        return Ok(None);
    }
    let row = tx.opt(
        "SELECT lifetime_value, lifetime_value_low, lifetime_value_high, expected_spend, p_alive, expected_purchases_90d,
            tier, rfm, rfm_segment, stage, stage_reason, as_of, scored_at
         FROM scores
         WHERE party_id = $1",
        &[party_id.into()],
    )?;
    let (Some(row), Some(run)) = (row, latest(tx)?) else { return Ok(None) };
    let seen = |key: &str| sees(ctx, parties, key);
    let as_of = row.opt_int(11)?.and_then(date_of).unwrap_or(run.as_of);
    let own = own_numbers(tx, ctx, party_id, as_of)?;
    let text = |at: usize| row.opt_text(at).map(|text| text.unwrap_or_default().to_string());
    let money = |at: usize| row.opt_int(at).map(Option::unwrap_or_default);
    let value = Estimate { value: money(0)?, low: money(1)?, high: money(2)?, spend: money(3)? };
    let whole_value = seen("lifetime_value") && seen("lifetime_value_low") && seen("lifetime_value_high");
    let reasoned = |key: &str, at: usize, reason: fn(&str) -> String| -> Result<Option<Reasoned>> {
        let text = text(at)?;
        Ok((seen(key) && !text.is_empty()).then(|| Reasoned { reason: reason(&text), key: text }))
    };
    let tier = reasoned("tier", 6, |_| String::new())?;
    let stage = reasoned("relationship_stage", 9, |_| String::new())?;
    let stage_reason = text(10)?;
    Ok(Some(Why {
        as_of,
        scored_at: row.opt_int(12)?.unwrap_or(run.created_at),
        value: whole_value.then_some(value),
        p_alive: row.opt_real(4)?.filter(|_| seen("p_alive")),
        expected_purchases: row.opt_real(5)?.filter(|_| seen("expected_purchases_90d")),
        tier: tier.map(|t| Reasoned { reason: tier_rule(&run, &t.key, ctx, seen("lifetime_value")), ..t }),
        rfm: reasoned("rfm", 7, rfm_meaning)?,
        segment: reasoned("rfm_segment", 8, segment_rule)?,
        // The reason quotes the chance of being alive and the orders.
        stage: stage
            .filter(|_| seen("p_alive") && own.is_some())
            .map(|s| Reasoned { reason: stage_reason, ..s }),
        models: models(&run, own.as_ref()),
        own,
    }))
}

fn sees(ctx: &Ctx, object: &Object, key: &str) -> bool {
    object.field(key).is_some_and(|field| ctx.sees_field(object, field))
}

/// The party's orders in a few numbers; none when there are none, or when the reader may not see orders.
fn own_numbers(tx: &mut Tx<'_>, ctx: &Ctx, party_id: i64, as_of: Date) -> Result<Option<Own>> {
    let orders = ctx.catalogue.need("orders")?;
    if ctx.scope(orders, Action::See) == Scope::None
        || !sees(ctx, orders, "total")
        || !sees(ctx, orders, "placed_on")
    {
        return Ok(None);
    }
    let row = tx.one(
        "SELECT COUNT(DISTINCT CASE WHEN placed_on <= $2 AND total >= 0 THEN placed_on END),
            MIN(CASE WHEN placed_on <= $2 AND total >= 0 THEN placed_on END),
            MAX(CASE WHEN placed_on <= $2 AND total >= 0 THEN placed_on END),
            CAST(COALESCE(SUM(CASE WHEN placed_on <= $2 AND currency = $3 AND (status <> 'returned' OR total < 0)
                THEN total END), 0) AS BIGINT),
            COUNT(CASE WHEN placed_on > $2 THEN 1 END)
         FROM orders
         WHERE party_id = $1 AND archived_at IS NULL AND status <> 'cancelled'",
        &[party_id.into(), days_of(as_of).into(), ctx.currency.as_str().into()],
    )?;
    let (Some(first), Some(last)) = (row.opt_int(1)?, row.opt_int(2)?) else { return Ok(None) };
    let (Some(first_on), Some(last_on)) = (date_of(first), date_of(last)) else { return Ok(None) };
    let (n_purchases, total) = (row.int(0)?, row.int(3)?);
    Ok(Some(Own {
        n_purchases,
        first_on,
        last_on,
        gap_days: (n_purchases > 1).then(|| (last - first) as f64 / (n_purchases - 1) as f64),
        silence_days: days_of(as_of) - last,
        total,
        mean_spend: total / n_purchases.max(1),
        n_since: row.int(4)?,
    }))
}

/// The rule that makes a tier, in a sentence.
pub(super) fn tier_rule(run: &Run, key: &str, ctx: &Ctx, with_bound: bool) -> String {
    let Some(place) = run.summary.tiers.iter().position(|tier| tier.group.key == key) else {
        return String::new();
    };
    let tier = &run.summary.tiers[place];
    let Some(share) = tier.share else {
        return "All others, among them everybody who is expected to bring nothing.".into();
    };
    let which = if place == 0 { "best" } else { "next" };
    let share = (share * 1_000.0).round() / 10.0;
    let mut rule = format!("The {which} {share} % of the customers who are expected to bring something");
    if let Some(from) = tier.from.filter(|_| with_bound) {
        rule.push_str(&format!(
            ": at present {} {} or more",
            money::plain(from, &ctx.currency),
            ctx.currency
        ));
    }
    rule.push_str(". A customer changes tier only when the value lies a tenth past the bound.");
    rule
}

/// `5-4-3` in words.
fn rfm_meaning(scores: &str) -> String {
    let score: Vec<&str> = scores.split('-').collect();
    let [recency, frequency, monetary] = score[..] else { return String::new() };
    let place = |score: &str| match score {
        "5" => "the highest fifth",
        "4" => "the second fifth",
        "3" => "the middle fifth",
        "2" => "the fourth fifth",
        _ => "the lowest fifth",
    };
    format!(
        "Recency {recency}: {} of all customers by the day of the last purchase. Frequency {frequency}: {} by the number \
         of purchases. Money {monetary}: {} by what was paid. Equal customers always get equal scores.",
        place(recency),
        place(frequency),
        place(monetary)
    )
}

fn segment_rule(key: &str) -> String {
    let cell = Cell::ALL.into_iter().find(|cell| cell.name() == key);
    let rule = cell.map_or_else(String::new, |cell| format!("{}.", cell.rule()));
    let mut letters = rule.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

fn models(run: &Run, own: Option<&Own>) -> Models {
    let summary = &run.summary;
    let timing = run.card(&summary.method);
    let mut cautions: Vec<String> = timing.map(|card| card.notes.clone()).unwrap_or_default();
    cautions.extend(run.card(&summary.spend_method).into_iter().flat_map(|card| card.notes.clone()));
    if timing.is_none() {
        cautions.extend(
            run.cards.iter().filter(|c| c.model != "rfm").flat_map(|card| card.notes.first().cloned()),
        );
    }
    cautions.extend(summary.remarks.clone());
    cautions.dedup();
    let name = match (summary.method.as_str(), summary.spend_method.as_str()) {
        ("pooled", "pooled") => model_title("pooled").to_string(),
        (method, spend) => format!("{} with {}", model_title(method), lower_title(spend)),
    };
    Models {
        name,
        n_customers: run.n_customers,
        proof: timing.map(|card| proof(card, own)).unwrap_or_default(),
        cautions,
        horizon_days: summary.horizon_days,
        level: summary.level,
    }
}

fn lower_title(model: &str) -> &'static str {
    if model == "pooled" { "mean spend" } else { model_title(model) }
}

/// What the back-test of a model found, in sentences; of customers like this one, too.
pub(crate) fn proof(card: &Card, own: Option<&Own>) -> Vec<String> {
    let Some(backtest) = &card.backtest else { return Vec::new() };
    let mut sentences = vec![format!(
        "Tested on {} days that it had not seen: it expected {:.0} purchases, and {:.0} came{}.",
        backtest.holdout_days,
        backtest.model.predicted_total,
        backtest.model.actual_total,
        match (backtest.model.bias * 100.0).round() {
            off if off > 0.0 => format!(" ({off} % too many)"),
            off if off < 0.0 => format!(" ({} % too few)", -off),
            _ => String::new(),
        }
    )];
    let last_x = backtest.calibration.last().map_or(0, |row| row.x);
    let x = own.map(|own| u32::try_from(own.n_purchases - 1).unwrap_or(u32::MAX).min(last_x));
    if let Some(row) = backtest.calibration.iter().find(|row| Some(row.x) == x) {
        let more = if row.x == last_x && last_x > 0 { " or more" } else { "" };
        sentences.push(format!(
            "Of {} customers who had come back {} times{more} by then, it expected {:.2} purchases each; they made {:.2}.",
            row.n_customers, row.x, row.predicted, row.actual
        ));
    }
    sentences.push(format!(
        "Its {:.0} % intervals held for {:.0} % of customers, and for {:.0} % of the best tenth.",
        backtest.revenue.level * 100.0,
        backtest.revenue.coverage * 100.0,
        backtest.revenue.coverage_top_decile * 100.0
    ));
    sentences
}
