//! The customer base: what it is worth, who carries it, who may be leaving, and how far to trust the numbers.

use axum::response::Response;
use crm::customer_base::Report;
use crm::scores::{AtRisk, Card, Run, Summary, TierGroup};
use db::Tx;
use kernel::{Action as Deed, Ctx, Scope, Total};

use super::asked::{Asked, Message, Outcome, query};
use super::{cells, shell};
use crate::Refused;
use crate::format::Locale;
use crate::views::{
    Action, Avatar, Badge, Cell, Chart, ChartColumn, ChartRow, ChartValue, CustomerBasePage, Empty, Fact,
    HeatCell, HeatRow, HeatTable, Item, Legend, Metric, ModelCard, Range, RiskRow, Stat, Tier, TierRow, Tone,
    Why,
};

/// `GET /customer-base`.
pub(crate) async fn page(asked: Asked) -> Response {
    asked
        .page(|tx, ctx, asked| {
            super::lists::seen(ctx, "customers")?;
            build(tx, ctx, asked)
        })
        .await
}

/// `POST /customer-base/scores`: wants the scores worked out anew.
pub(crate) async fn score(asked: Asked) -> Response {
    asked
        .act(|tx, ctx, _| {
            if !may_score(ctx) {
                return Err(kernel::Error::Forbidden("work scores out".into()).into());
            }
            kernel::jobs::enqueue(tx, ctx, "score", &serde_json::json!({}))?;
            let text = "The scores are being worked out. Load this page again in a moment.";
            Ok(Outcome::Go("/customer-base".into(), Message::done(text, None)))
        })
        .await
}

/// Scores belong to everyone's records, so whoever wants them anew may change every customer.
fn may_score(ctx: &Ctx) -> bool {
    ["contacts", "companies"].iter().all(|key| ctx.rights.scope(key, Deed::Change) == Scope::All)
}

fn build(tx: &mut Tx<'_>, ctx: &Ctx, asked: &Asked) -> Result<CustomerBasePage, Refused> {
    let report = crm::customer_base::report(tx, ctx)?;
    let base = report.as_ref().and_then(|report| report.base.as_ref());
    let told = Told::of(ctx, base);
    let mut page = CustomerBasePage {
        shell: shell::shell(tx, ctx, asked, "Customer base")?,
        as_of: report.as_ref().map_or(String::new(), |report| told.freshness(report)),
        tabs: Vec::new(),
        empty: None,
        stats: Vec::new(),
        charts: Vec::new(),
        rfm: None,
        tiers: Vec::new(),
        at_risk: Vec::new(),
        more_at_risk: None,
        models: Vec::new(),
        score: may_score(ctx).then(|| "/customer-base/scores".into()),
    };
    let Some(report) = &report else {
        page.empty = Some(nothing(
            ctx,
            "Nobody is scored yet",
            "Scores are worked out from orders: who bought what, when, for how much.",
        ));
        return Ok(page);
    };
    page.at_risk =
        report.at_risk.iter().filter(|one| one.at_risk > 0).map(|one| told.risk_row(one)).collect();
    if !page.at_risk.is_empty() {
        let href =
            format!("/customers?{}", query(&[("filter", "p_alive < 50%"), ("sort", "-lifetime_value")]));
        page.more_at_risk = Some(Action::new("Everyone who may have left", href, "users"));
    }
    let Some(run) = &report.base else { return Ok(page) };
    if run.summary.n_customers == 0 {
        let text = run.summary.remarks.first().map_or("There were no orders to learn from.", String::as_str);
        page.empty = Some(nothing(ctx, "There is nobody to score", text));
        return Ok(page);
    }
    page.stats = told.stats(run);
    page.charts = vec![told.concentration(&run.summary)];
    page.charts.extend(timing_card(run).and_then(|card| told.calibration(card)));
    page.rfm = Some(told.grid(&run.summary));
    page.tiers = run.summary.tiers.iter().map(|tier| told.tier_row(&run.summary, tier)).collect();
    page.models = run.cards.iter().map(|card| told.model(run, card)).collect();
    Ok(page)
}

fn nothing(ctx: &Ctx, title: &str, text: &str) -> Empty {
    let may = ctx.rights.scope("orders", Deed::Create) > Scope::None;
    Empty {
        icon: "chart-no-axes-combined".into(),
        title: title.into(),
        text: text.into(),
        actions: if may {
            vec![Action::new("Import orders", "/imports/new", "upload").primary()]
        } else {
            Vec::new()
        },
    }
}

/// The card of the purchase model behind the values; none when means stood in for it.
fn timing_card(run: &Run) -> Option<&Card> {
    run.card(&run.summary.method)
}

/// A count that may go on: `10,000+`.
pub(super) fn count(locale: &Locale, n: Total) -> String {
    match n {
        Total::Exact(n) => locale.integer(n),
        Total::AtLeast(n) => format!("{}+", locale.integer(n)),
    }
}

/// Tells numbers to their reader.
pub(super) struct Told<'a> {
    pub(super) locale: Locale,
    ctx: &'a Ctx,
    run: Option<&'a Run>,
}

impl<'a> Told<'a> {
    /// For a reader and the run that the reader may see the sums of.
    pub(super) fn of(ctx: &'a Ctx, run: Option<&'a Run>) -> Told<'a> {
        Told { locale: Locale::english(), ctx, run }
    }

    pub(super) fn money(&self, minor: i64) -> String {
        self.locale.money_rounded(minor, &self.ctx.currency)
    }

    pub(super) fn money_short(&self, minor: i64) -> String {
        self.locale.money_short(minor, &self.ctx.currency)
    }

    fn n(&self, n: usize) -> String {
        self.locale.integer(i64::try_from(n).unwrap_or(i64::MAX))
    }

    fn freshness(&self, report: &Report) -> String {
        let as_of = cells::day(report.as_of).short();
        let since = match report.n_orders_since {
            Total::Exact(0) => String::new(),
            n => format!(" · {} orders since then are not counted", count(&self.locale, n)),
        };
        format!("as of {as_of}, worked out {}{since}", cells::in_full(self.ctx, report.scored_at))
    }

    /// A customer in a list, with the reason for being in it.
    pub(super) fn person(&self, one: &AtRisk) -> Item {
        let name = cells::named(one.customer.text("name"), one.customer.id);
        let mut reason = one.reason.clone();
        if let Some(first) = reason.get_mut(0..1) {
            first.make_ascii_uppercase();
        }
        Item {
            icon: "user".into(),
            avatar: Some(Avatar::of(&name, one.customer.object == "companies")),
            title: name,
            href: Some(cells::href(&one.customer.object, one.customer.id)),
            detail: reason,
            end: None,
            end_tone: Tone::Plain,
        }
    }

    /// Why so much is at risk.
    pub(super) fn why_at_risk(&self, one: &AtRisk, prefix: &str) -> Why {
        let source = self.run.map_or_else(String::new, |run| {
            format!(
                "{}, as of {}.",
                crm::scores::model_title(&run.summary.method),
                cells::day(run.as_of).short()
            )
        });
        Why {
            id: format!("why-{prefix}-{}", one.customer.id),
            title: format!("Why {}?", self.money(one.at_risk)),
            lead: Some(
                "What this customer is expected to bring, times the chance of having left for good.".into(),
            ),
            facts: vec![
                Fact::new("Expected to bring in the coming year", self.money(one.value)),
                Fact::new("Chance of having left", self.locale.percent(1.0 - one.p_alive, 0)),
                Fact::new("At risk", self.money(one.at_risk)),
            ],
            reasons: Vec::new(),
            note: (!one.reason.is_empty()).then(|| self.person(one).detail),
            source,
            link: Some(crate::views::Link::new(
                "The whole record",
                cells::href(&one.customer.object, one.customer.id),
            )),
        }
    }

    fn risk_row(&self, one: &AtRisk) -> RiskRow {
        let tier = one.customer.text("tier");
        RiskRow {
            item: self.person(one),
            tier: (!tier.is_empty()).then(|| Tier::new(tier)),
            p_alive: Cell::Percent { text: self.locale.percent(one.p_alive, 0), value: one.p_alive * 100.0 },
            value: self.money(one.value),
            at_risk: self.money(one.at_risk),
            why: Some(self.why_at_risk(one, "risk")),
        }
    }

    fn stats(&self, run: &Run) -> Vec<Stat> {
        let s = &run.summary;
        let words =
            format!("Likely {} – {}", self.money_short(s.equity_low), self.money_short(s.equity_high));
        let range = Range::on_scale(
            s.equity_low as f64,
            s.equity as f64,
            s.equity_high as f64,
            s.equity_high as f64 * 1.2,
            words.clone(),
        );
        let mut stats = vec![
            Stat {
                range: Some(range),
                why: Some(self.why_equity(run, words)),
                ..Stat::new("Customer equity, coming year", self.money_short(s.equity))
            },
            Stat {
                note: Some(format!("of {} who ever bought", self.n(s.n_customers))),
                meter: Some((s.n_alive / s.n_customers.max(1) as f64 * 1_000.0).round() / 10.0),
                ..Stat::new("Still customers", self.locale.decimal(s.n_alive, 0))
            },
            Stat {
                tone: Tone::Bad,
                note: Some("value × chance of having left, over all customers".into()),
                ..Stat::new("Value at risk", self.money_short(s.value_at_risk))
            },
        ];
        stats.push(Stat {
            note: Some(format!(
                "{} of what was earned so far",
                self.locale.percent(s.best_fifth_share_past, 0)
            )),
            ..Stat::new("Value held by the best fifth", self.locale.percent(s.best_fifth_share, 0))
        });
        stats
    }

    fn why_equity(&self, run: &Run, words: String) -> Why {
        let s = &run.summary;
        let mut facts = vec![
            Fact::new("Customers", self.n(s.n_customers)),
            Fact::new("Orders read", self.n(s.n_orders)),
            Fact::new("Looking ahead", format!("{} days", self.locale.decimal(s.horizon_days, 0))),
            Fact::new("Discounted by, a year", self.locale.percent(s.discount_rate, 1)),
            Fact::new("Margin where no cost is known", self.locale.percent(s.margin_rate, 1)),
            Fact::new("Range that holds 80 %", words),
        ];
        if s.n_orders_after > 0 {
            facts.push(Fact::new("Orders after the day, not seen", self.n(s.n_orders_after)));
        }
        Why {
            id: "why-equity".into(),
            title: format!("Why {}?", self.money_short(s.equity)),
            lead: Some(
                "The values of all customers together: what each is expected to bring, discounted.".into(),
            ),
            facts,
            reasons: Vec::new(),
            note: Some(format!(
                "The range allows for the chance in single customers, and for the models being off by {} in revenue, as in the back-test.{}",
                self.locale.percent(s.equity_error, 0),
                s.remarks.iter().map(|remark| format!(" {remark}")).collect::<String>()
            )),
            source: format!(
                "{} with {}, as of {}.",
                crm::scores::model_title(&s.method),
                crm::scores::model_title(&s.spend_method),
                cells::day(run.as_of).short()
            ),
            link: Some(crate::views::Link::new("The models", "#models")),
        }
    }

    fn concentration(&self, s: &Summary) -> Chart {
        let percent = |share: f64| (share * 1_000.0).round() / 10.0;
        let point = |(x, y): (f64, f64)| ChartRow {
            label: self.locale.decimal(percent(x), 0),
            x: Some(percent(x)),
            values: vec![ChartValue { value: Some(percent(y)), text: self.locale.decimal(percent(y), 1) }],
        };
        let mut points: Vec<(f64, f64)> =
            s.curve.iter().copied().filter(|(x, _)| (*x - 0.2).abs() > 1e-9).collect();
        // The point that the picture labels.
        let at = points.iter().position(|(x, _)| *x > 0.2).unwrap_or(points.len());
        points.insert(at, (0.2, s.best_fifth_share));
        Chart {
            kind: "curve".into(),
            format: "pct".into(),
            currency: self.ctx.currency.clone(),
            height: 260,
            title: format!(
                "The best fifth of customers hold {} of the value",
                self.locale.percent(s.best_fifth_share, 0)
            ),
            note: "Share of expected value held by the best customers · % of customers against % of value"
                .into(),
            legend: vec![
                legend("Your customers", "line", 1),
                legend("If all were worth the same", "dash", 0),
            ],
            columns: vec![column("x", "Best % of customers"), column("mid", "% of value")],
            rows: points.into_iter().map(point).collect(),
        }
    }

    /// Purchases expected and made in the back-test, by how often customers had come back before it.
    fn calibration(&self, card: &Card) -> Option<Chart> {
        let backtest = card.backtest.as_ref()?;
        let last = backtest.calibration.last()?.x;
        let value = |v: f64| ChartValue {
            value: Some((v * 1_000.0).round() / 1_000.0),
            text: self.locale.decimal(v, 2),
        };
        let row = |row: &insight::backtest::CalibrationRow| ChartRow {
            label: format!("{}{}", row.x, if row.x == last && last > 0 { "+" } else { "" }),
            x: None,
            values: vec![
                value(row.actual),
                value(row.predicted),
                ChartValue { value: Some(row.n_customers as f64), text: self.n(row.n_customers) },
            ],
        };
        Some(Chart {
            kind: "bars".into(),
            format: "n".into(),
            currency: self.ctx.currency.clone(),
            height: 300,
            title: self.plain(card),
            note: format!(
                "Purchases of each customer in {} days, by how often the customer had come back before · {} customers",
                backtest.holdout_days,
                self.n(backtest.n_customers)
            ),
            legend: vec![legend("Came", "blob", 1), legend("Expected", "line", 0)],
            columns: vec![
                column("x", "Had come back"),
                column("mid", "Came"),
                column("base", "Expected"),
                column("n", "Customers"),
            ],
            rows: backtest.calibration.iter().map(row).collect(),
        })
    }

    fn grid(&self, s: &Summary) -> HeatTable {
        let most = s.rfm_grid.iter().map(|group| group.n_customers).max().unwrap_or(1).max(1) as f64;
        let word = |recency: usize, frequency: usize| match (recency, frequency) {
            (5, 5) => Some("Best".to_string()),
            (1 | 2, 5) => Some("Win back".to_string()),
            _ => None,
        };
        let cell = |recency: usize, frequency: usize| {
            let empty = crm::scores::Group::default();
            let group = s.rfm_grid.get((recency - 1) * 5 + frequency - 1).unwrap_or(&empty);
            let filter = format!("rfm ^= \"{recency}-{frequency}-\"");
            HeatCell {
                text: self.n(group.n_customers),
                tint: (group.n_customers as f64 / most * 1_000.0).round() / 10.0,
                word: word(recency, frequency).filter(|_| group.n_customers > 0),
                href: (group.n_customers > 0)
                    .then(|| format!("/customers?{}", query(&[("filter", &filter)]))),
                title: format!(
                    "{} {} with recency {recency} and frequency {frequency}, worth {}",
                    self.n(group.n_customers),
                    if group.n_customers == 1 { "customer" } else { "customers" },
                    self.money_short(group.value)
                ),
            }
        };
        let heading = |n: usize, low: &str, high: &str| match n {
            1 => format!("1 · {low}"),
            5 => format!("5 · {high}"),
            n => n.to_string(),
        };
        let row = |recency: usize| HeatRow {
            label: heading(recency, "longest ago", "latest"),
            cells: (1..=5).map(|frequency| cell(recency, frequency)).collect(),
        };
        let (largest, group) =
            s.rfm_grid.iter().enumerate().max_by_key(|(_, g)| g.n_customers).unwrap_or((0, &s.rfm_grid[0]));
        HeatTable {
            title: format!(
                "Most customers, {}, have recency {} and frequency {}",
                self.n(group.n_customers),
                largest / 5 + 1,
                largest % 5 + 1
            ),
            note: "Customers by how recently and how often they bought, in fifths of all customers · equal customers have equal scores"
                .into(),
            corner: "Last bought".into(),
            columns: (1..=5).map(|n| heading(n, "least often", "most often")).collect(),
            rows: (1..=5).rev().map(row).collect(),
        }
    }

    fn tier_row(&self, s: &Summary, tier: &TierGroup) -> TierRow {
        let group = &tier.group;
        let share =
            |part: f64, whole: f64| if whole > 0.0 { (part / whole * 1_000.0).round() / 10.0 } else { 0.0 };
        let value_share = share(group.value as f64, s.equity as f64);
        let rule = match (tier.share, tier.from) {
            (Some(share), Some(from)) => {
                let which = if group.key == "platinum" { "Best" } else { "Next" };
                format!("{which} {} by value: {} or more", self.locale.percent(share, 0), self.money(from))
            }
            (Some(_), None) => "Nobody at present".into(),
            _ => "Everyone else".into(),
        };
        TierRow {
            tier: Tier::new(&group.key),
            href: format!("/customers?{}", query(&[("filter", &format!("tier = {}", group.key))])),
            rule,
            customers: self.n(group.n_customers),
            customers_share: share(group.n_customers as f64, s.n_customers as f64),
            value: self.money_short(group.value),
            value_share,
            value_share_text: format!("{}\u{a0}%", self.locale.decimal(value_share, 1)),
        }
    }

    /// What the back-test found, in a sentence.
    fn plain(&self, card: &Card) -> String {
        match &card.backtest {
            Some(backtest) => format!(
                "Expected {} purchases in {} days that it had not seen; {} came",
                self.locale.decimal(backtest.model.predicted_total, 0),
                backtest.holdout_days,
                self.locale.decimal(backtest.model.actual_total, 0)
            ),
            None => "Not tested against a later period".into(),
        }
    }

    fn model(&self, run: &Run, card: &Card) -> ModelCard {
        let title = match card.model.as_str() {
            "rfm" => "Recency, frequency, money",
            "gamma_gamma" => "Spend on a purchase",
            _ => "Buying again",
        };
        let verdict = match (&card.refused, &card.backtest) {
            (Some(_), _) => Badge::new("No fit", Tone::Warn),
            (None, Some(b)) if b.model.deviance > b.baseline.deviance => {
                Badge::new("Worse than the past rate", Tone::Bad)
            }
            (None, Some(b)) if b.model.bias.abs() <= 0.1 => Badge::new("Good", Tone::Good),
            (None, Some(b)) if b.model.bias.abs() <= 0.25 => Badge::new("Fair", Tone::Warn),
            (None, Some(_)) => Badge::new("Off in level", Tone::Bad),
            (None, None) if card.chosen => Badge::new("In use", Tone::Plain),
            (None, None) => Badge::new("Not tested", Tone::Plain),
        };
        let plain = match (&card.refused, card.model.as_str()) {
            (Some(reason), _) => format!("Not used: {reason}."),
            (None, "rfm") => {
                "Counts, no forecast: each customer's place among all by last purchase, number and amount."
                    .into()
            }
            (None, "gamma_gamma") => {
                "What each customer spends on a purchase, between the own mean and that of all.".into()
            }
            (None, _) => format!(
                "{}.{}",
                self.plain(card),
                if card.chosen { " The scores come from this model." } else { "" }
            ),
        };
        let mut data = vec![Fact::new("Customers", self.n(card.n_customers))];
        if let Some((first, last)) = run.window {
            data.push(Fact::new(
                "Purchases",
                format!("{} – {}", cells::day(first).short(), cells::day(last).short()),
            ));
        }
        data.push(Fact::new("As of", cells::day(run.as_of).short()));
        data.push(Fact::new("Unit of time", crm::scores::unit_word(run.unit)));
        if let Some(likelihood) = card.log_likelihood {
            data.push(Fact::new("Log-likelihood", self.locale.decimal(likelihood, 1)));
        }
        let param = |p: &crm::scores::Param| {
            Fact::new(
                p.name.clone(),
                format!("{} ± {}", self.locale.decimal(p.value, 3), self.locale.decimal(p.standard_error, 3)),
            )
        };
        ModelCard {
            id: if card.chosen && title == "Buying again" {
                "models".into()
            } else {
                format!("model-{}", card.model.replace('_', "-"))
            },
            title: title.into(),
            method: card.title().into(),
            verdict,
            plain,
            parameters: card.params.iter().map(param).collect(),
            data,
            metrics: self.metrics(card),
            caution: (!card.notes.is_empty()).then(|| card.notes.join(" ")),
            source: source(&card.model).into(),
        }
    }

    fn metrics(&self, card: &Card) -> Vec<Metric> {
        let Some(backtest) = &card.backtest else { return Vec::new() };
        let (model, baseline, revenue) = (&backtest.model, &backtest.baseline, &backtest.revenue);
        let metric = |name: &str, value: String, meaning: String, tone: Tone| Metric {
            name: name.into(),
            value,
            meaning,
            tone,
        };
        let level = |bias: f64| match bias.abs() {
            b if b <= 0.1 => Tone::Good,
            b if b <= 0.25 => Tone::Warn,
            _ => Tone::Bad,
        };
        let way = |bias: f64| if bias < 0.0 { "too few" } else { "too many" };
        let held = if revenue.coverage_top_decile < revenue.level - 0.1 { Tone::Warn } else { Tone::Good };
        vec![
            metric(
                "Purchases",
                self.locale.percent(model.bias.abs(), 1),
                format!(
                    "{}; at everyone's past rate it would be {}",
                    way(model.bias),
                    self.locale.percent(baseline.bias.abs(), 0)
                ),
                level(model.bias),
            ),
            metric(
                "Revenue",
                self.locale.percent(revenue.bias.abs(), 1),
                way(revenue.bias).replace("many", "much").replace("few", "little"),
                level(revenue.bias),
            ),
            metric(
                "Ranking",
                self.locale.decimal(model.spearman, 2),
                format!(
                    "rank correlation; the best tenth made {} of the purchases",
                    self.locale.percent(model.top_decile_share, 0)
                ),
                Tone::Plain,
            ),
            metric(
                "Ranges that held",
                self.locale.percent(revenue.coverage, 0),
                format!(
                    "{} were promised; {} of the best tenth",
                    self.locale.percent(revenue.level, 0),
                    self.locale.percent(revenue.coverage_top_decile, 0)
                ),
                held,
            ),
        ]
    }
}

fn legend(text: &str, mark: &str, color: u8) -> Legend {
    Legend { text: text.into(), mark: mark.into(), color }
}

fn column(key: &str, label: &str) -> ChartColumn {
    ChartColumn { key: key.into(), label: label.into() }
}

/// Where a model was published.
fn source(model: &str) -> &'static str {
    match model {
        "bg_nbd" => "Fader, Hardie and Lee (2005), Marketing Science 24 (2).",
        "mbg_nbd" => {
            "Batislam, Denizel and Filiztekin (2007), International Journal of Research in Marketing 24 (3)."
        }
        "pareto_nbd" => "Schmittlein, Morrison and Colombo (1987), Management Science 33 (1).",
        "gamma_gamma" => "Fader and Hardie (2013), The Gamma-Gamma model of monetary value.",
        _ => "Hughes (1994), Strategic Database Marketing; equal customers get equal scores.",
    }
}
