//! What a run says of the customer base as a whole; worked out once, when the scores are, so that pages need not add up.

use insight::concentration::concentration;
use insight::rfm::Cell;
use insight::stage::Stage;
use insight::tiers::Tier;
use insight::{Scored, score};
use serde_json::{Value as Json, json};

use super::cards::{number, text, whole};

/// Points of the concentration curve.
const N_POINTS: usize = 50;
/// How many customers with the largest value at risk are remembered.
const N_AT_RISK: usize = 200;
/// The relative error that is assumed where no back-test tells the real one.
const UNTESTED_ERROR: f64 = 0.25;
/// The least relative error that is assumed: one back-test may be right by luck.
const LEAST_ERROR: f64 = 0.05;
/// Standard deviations that hold the middle 80 % of a normal distribution.
const SPREAD: f64 = 1.2816;

/// The customer base of one run, archived customers left out. *Units*: money in minor units of the workspace's currency.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Summary {
    /// Customers with at least one purchase.
    pub n_customers: usize,
    /// How many of them are expected to be customers still: the sum of their chances.
    pub n_alive: f64,
    /// What all customers together are expected to bring: the sum of their values.
    pub equity: i64,
    /// Lower end of its 80 % interval; see [`Summary::equity_error`].
    pub equity_low: i64,
    /// Upper end of its 80 % interval.
    pub equity_high: i64,
    /// Relative error of the models that the interval allows for: that of the revenue in the back-test, at least 5 %.
    pub equity_error: f64,
    /// Sum of value times the chance that the customer has left.
    pub value_at_risk: i64,
    /// Share of customers, best first, and share of the value that they hold. *Shape*: at most 50 points from (0, 0) to (1, 1).
    pub curve: Vec<(f64, f64)>,
    /// Share of the value that the best fifth of customers hold.
    pub best_fifth_share: f64,
    /// Share of what was earned so far that the best fifth of customers brought.
    pub best_fifth_share_past: f64,
    /// Inequality of the values, 0 to 1.
    pub gini: f64,
    /// Customers by recency and frequency score. *Shape*: 25 groups, recency 1 first, within it frequency 1 first.
    pub rfm_grid: Vec<Group>,
    /// Customers by RFM group, the most engaged first.
    pub segments: Vec<Group>,
    /// Customers by tier, platinum first.
    pub tiers: Vec<TierGroup>,
    /// Customers by stage of the relationship, in the order of the life cycle.
    pub stages: Vec<Group>,
    /// Parties with the largest value at risk, largest first; at most 200.
    pub at_risk: Vec<i64>,
    /// Platinum and gold customers who are cooling off; their value is what is at risk of it.
    pub slipping: Group,
    /// The purchase model behind the values: a model's name or `pooled`.
    pub method: String,
    /// The spend model behind the values: `gamma_gamma` or `pooled`.
    pub spend_method: String,
    /// Orders that the run read.
    pub n_orders: usize,
    /// Of them, orders after the day of the run, which the models did not see.
    pub n_orders_after: usize,
    /// Of them, orders in another currency, which count as purchases without an amount.
    pub n_foreign: usize,
    /// Of them, orders whose cost is known; the others have the margin rate of the settings.
    pub n_costed: usize,
    /// How far ahead values look. *Units*: days.
    pub horizon_days: f64,
    /// Yearly rate at which the future is discounted.
    pub discount_rate: f64,
    /// Share of revenue that is margin where no cost is known.
    pub margin_rate: f64,
    /// Share of outcomes that each customer's interval holds.
    pub level: f64,
    /// What the reader should know about this run, in sentences.
    pub remarks: Vec<String>,
}

/// Some customers and what they are worth. *Units*: minor units.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Group {
    /// What they have in common: `deteriorating`, `champions`, or the scores `5-1`.
    pub key: String,
    /// How many they are.
    pub n_customers: usize,
    /// Their value together.
    pub value: i64,
    /// Their mean chance of still being customers.
    pub p_alive: f64,
}

/// A tier, who is in it and by which rule.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TierGroup {
    /// Its customers; the key is `platinum`, `gold`, `iron` or `lead`.
    pub group: Group,
    /// Share of the customers with an expected value that the tier is cut to hold; none for the last.
    pub share: Option<f64>,
    /// The least value in it; none when the tier is empty, and for the last. *Units*: minor units.
    pub from: Option<i64>,
}

impl Group {
    fn add(&mut self, value: f64, p_alive: f64, scale: f64) {
        self.n_customers += 1;
        self.value = self.value.saturating_add(minor(value, scale));
        self.p_alive += (p_alive - self.p_alive) / self.n_customers as f64;
    }

    fn named(key: impl Into<String>) -> Group {
        Group { key: key.into(), ..Group::default() }
    }

    fn to_json(&self) -> Json {
        json!({ "key": self.key, "n_customers": self.n_customers, "value": self.value, "p_alive": self.p_alive })
    }

    fn from_json(json: &Json) -> Group {
        Group {
            key: text(&json["key"]),
            n_customers: whole(&json["n_customers"]),
            value: json["value"].as_i64().unwrap_or(0),
            p_alive: number(&json["p_alive"]),
        }
    }

    /// Their mean value. *Units*: minor units.
    pub fn mean_value(&self) -> i64 {
        if self.n_customers == 0 { 0 } else { self.value / self.n_customers as i64 }
    }
}

/// Major units as minor ones, within what a field of money takes.
pub(super) fn minor(value: f64, scale: f64) -> i64 {
    let limit = kernel::money::LIMIT;
    ((value * scale).round() as i64).clamp(-limit, limit)
}

impl Summary {
    /// Adds up a run. `counted` says which customers belong to the base; `tiers` are those that the run gives.
    pub(super) fn of(
        scored: &Scored,
        party_ids: &[i64],
        tiers: &[Tier],
        scale: f64,
        options: &score::Options,
        counted: impl Fn(i64) -> bool,
    ) -> Summary {
        let mut summary = Summary {
            rfm_grid: (0..25).map(|n| Group::named(format!("{}-{}", n / 5 + 1, n % 5 + 1))).collect(),
            segments: Cell::ALL.iter().map(|cell| Group::named(cell.name())).collect(),
            stages: Stage::ALL.iter().map(|stage| Group::named(stage.name())).collect(),
            tiers: tier_groups(scored, scale),
            slipping: Group::named("slipping"),
            method: scored.method.to_string(),
            spend_method: scored.spend_method.to_string(),
            horizon_days: options.terms.horizon_days,
            discount_rate: options.terms.discount_yearly,
            margin_rate: options.margin_rate,
            level: options.terms.level,
            ..Summary::default()
        };
        let (values, rfm) = (&scored.values, &scored.rfm);
        let (mut equity, mut variance, mut value_at_risk) = (0.0, 0.0, 0.0);
        let (mut kept, mut earned) = (Vec::new(), Vec::new());
        let mut risks: Vec<(f64, i64)> = Vec::new();
        for (i, customer) in scored.histories.customers.iter().enumerate() {
            let party_id = party_ids[*customer as usize];
            if !counted(party_id) {
                continue;
            }
            let (value, p_alive) = (values.lifetime_value[i], values.p_alive[i]);
            summary.n_customers += 1;
            summary.n_alive += p_alive;
            equity += value;
            let spread = (values.high[i] - values.low[i]) / (2.0 * SPREAD);
            // Purchases that come at random and differ in size as widely as waiting times spread at least this much.
            let least = 2.0 * value * values.expected_spend[i] * options.margin_rate;
            variance += (spread * spread).max(least);
            let risk = value * (1.0 - p_alive);
            value_at_risk += risk;
            if risk > 0.0 {
                risks.push((risk, party_id));
            }
            let place = usize::from(rfm.recency[i] - 1) * 5 + usize::from(rfm.frequency[i] - 1);
            summary.rfm_grid[place].add(value, p_alive, scale);
            summary.segments[rfm.cell[i] as usize].add(value, p_alive, scale);
            summary.stages[scored.stages[i].stage as usize].add(value, p_alive, scale);
            summary.tiers[tiers[i] as usize].group.add(value, p_alive, scale);
            let valuable = matches!(tiers[i], Tier::Platinum | Tier::Gold);
            if valuable && scored.stages[i].stage == Stage::Deteriorating {
                summary.slipping.add(risk, p_alive, scale);
            }
            kept.push(value);
            earned.push(scored.histories.rows[i].margin);
        }
        let error = revenue_error(scored);
        let spread = SPREAD * (variance + (equity * error) * (equity * error)).sqrt();
        summary.equity = minor(equity, scale);
        summary.equity_low = minor((equity - spread).max(0.0), scale);
        summary.equity_high = minor(equity + spread, scale);
        summary.equity_error = error;
        summary.value_at_risk = minor(value_at_risk, scale);
        risks.sort_unstable_by(|l, r| r.0.total_cmp(&l.0).then(l.1.cmp(&r.1)));
        summary.at_risk = risks.into_iter().take(N_AT_RISK).map(|(_, id)| id).collect();
        if let Some(c) = concentration(&kept) {
            let last = c.curve.len() - 1;
            let at = |n: usize| (n as f64 * last as f64 / (N_POINTS - 1) as f64).round() as usize;
            summary.curve = (0..N_POINTS).map(|n| c.curve[at(n)]).collect();
            summary.best_fifth_share = c.top_fifth_share;
            summary.gini = c.gini;
        }
        summary.best_fifth_share_past = concentration(&earned).map_or(0.0, |c| c.top_fifth_share);
        summary
    }

    pub(super) fn to_json(&self) -> Json {
        let groups = |groups: &[Group]| groups.iter().map(Group::to_json).collect::<Vec<Json>>();
        let tier = |t: &TierGroup| json!({ "group": t.group.to_json(), "share": t.share, "from": t.from });
        json!({
            "n_customers": self.n_customers, "n_alive": self.n_alive, "equity": self.equity,
            "equity_low": self.equity_low, "equity_high": self.equity_high, "equity_error": self.equity_error,
            "value_at_risk": self.value_at_risk,
            "curve": self.curve.iter().map(|(x, y)| json!([x, y])).collect::<Vec<Json>>(),
            "best_fifth_share": self.best_fifth_share, "best_fifth_share_past": self.best_fifth_share_past,
            "gini": self.gini, "rfm_grid": groups(&self.rfm_grid), "segments": groups(&self.segments),
            "tiers": self.tiers.iter().map(tier).collect::<Vec<Json>>(), "stages": groups(&self.stages),
            "at_risk": self.at_risk, "slipping": self.slipping.to_json(), "method": self.method, "spend_method": self.spend_method,
            "n_orders": self.n_orders, "n_orders_after": self.n_orders_after, "n_foreign": self.n_foreign,
            "n_costed": self.n_costed, "horizon_days": self.horizon_days, "discount_rate": self.discount_rate,
            "margin_rate": self.margin_rate, "level": self.level, "remarks": self.remarks,
        })
    }

    pub(super) fn from_json(json: &Json) -> Summary {
        let items = |key: &str| json[key].as_array().map(Vec::as_slice).unwrap_or_default();
        let groups = |key: &str| items(key).iter().map(Group::from_json).collect();
        let money = |key: &str| json[key].as_i64().unwrap_or(0);
        let tier = |t: &Json| TierGroup {
            group: Group::from_json(&t["group"]),
            share: t["share"].as_f64(),
            from: t["from"].as_i64(),
        };
        Summary {
            n_customers: whole(&json["n_customers"]),
            n_alive: number(&json["n_alive"]),
            equity: money("equity"),
            equity_low: money("equity_low"),
            equity_high: money("equity_high"),
            equity_error: number(&json["equity_error"]),
            value_at_risk: money("value_at_risk"),
            curve: items("curve").iter().map(|p| (number(&p[0]), number(&p[1]))).collect(),
            best_fifth_share: number(&json["best_fifth_share"]),
            best_fifth_share_past: number(&json["best_fifth_share_past"]),
            gini: number(&json["gini"]),
            rfm_grid: groups("rfm_grid"),
            segments: groups("segments"),
            tiers: items("tiers").iter().map(tier).collect(),
            stages: groups("stages"),
            at_risk: items("at_risk").iter().filter_map(Json::as_i64).collect(),
            slipping: Group::from_json(&json["slipping"]),
            method: text(&json["method"]),
            spend_method: text(&json["spend_method"]),
            n_orders: whole(&json["n_orders"]),
            n_orders_after: whole(&json["n_orders_after"]),
            n_foreign: whole(&json["n_foreign"]),
            n_costed: whole(&json["n_costed"]),
            horizon_days: number(&json["horizon_days"]),
            discount_rate: number(&json["discount_rate"]),
            margin_rate: number(&json["margin_rate"]),
            level: number(&json["level"]),
            remarks: items("remarks").iter().map(text).collect(),
        }
    }
}

/// The tiers without customers yet, with the rules that this run made.
fn tier_groups(scored: &Scored, scale: f64) -> Vec<TierGroup> {
    let shares = [scored.tiers.shares.platinum, scored.tiers.shares.gold, scored.tiers.shares.iron];
    let mut groups = Vec::new();
    for (n, tier) in Tier::ALL.iter().enumerate() {
        let from = scored.tiers.from.get(n).filter(|from| from.is_finite());
        groups.push(TierGroup {
            group: Group::named(tier.name()),
            share: shares.get(n).copied(),
            from: from.map(|from| minor(*from, scale)),
        });
    }
    groups
}

/// How far the revenue of the back-test was off, as a share: what the interval of the equity allows for.
fn revenue_error(scored: &Scored) -> f64 {
    let tested =
        scored.models.iter().find(|card| card.model == scored.method).and_then(|card| card.backtest.as_ref());
    tested.map_or(UNTESTED_ERROR, |backtest| backtest.revenue.bias.abs().max(LEAST_ERROR))
}
