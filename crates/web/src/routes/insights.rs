//! What the models say of a customer, as the record page shows it.

use crm::scores::{Reasoned, Why as Reasons};
use db::Tx;
use kernel::{Ctx, Record};

use super::cells;
use crate::Refused;
use crate::format::Locale;
use crate::views::{Fact, Insight, InsightFact, Link, Range, Reason, Stat, Tone, Why};

/// Headline numbers and the insight panel of a party; nothing for one who has no scores.
pub(crate) fn of_party(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    record: &Record,
) -> Result<Option<(Vec<Stat>, Insight)>, Refused> {
    let Some(why) = crm::scores::why(tx, ctx, record.id)? else { return Ok(None) };
    let told = Told { ctx, why: &why, locale: Locale::english() };
    Ok(Some((told.headline(), told.panel())))
}

struct Told<'a> {
    ctx: &'a Ctx,
    why: &'a Reasons,
    locale: Locale,
}

impl Told<'_> {
    fn money(&self, minor: i64) -> String {
        self.locale.money_rounded(minor, &self.ctx.currency)
    }

    fn date(&self, date: jiff::civil::Date) -> String {
        cells::day(date).short()
    }

    /// Model, date and size: where a number comes from.
    fn source(&self) -> String {
        let models = &self.why.models;
        format!(
            "{}, made from {} customers, as of {}.",
            models.name,
            self.locale.integer(models.n_customers as i64),
            self.date(self.why.as_of)
        )
    }

    /// The customer's own numbers, which every reason starts from.
    fn own_facts(&self) -> Vec<Fact> {
        let Some(own) = &self.why.own else { return Vec::new() };
        let mut facts = vec![
            Fact::new("Days with a purchase", self.locale.integer(own.n_purchases)),
            Fact::new("First", self.date(own.first_on)),
            Fact::new(
                "Last",
                format!("{}, {} days before", self.date(own.last_on), self.locale.integer(own.silence_days)),
            ),
        ];
        if let Some(gap) = own.gap_days {
            facts.push(Fact::new("Usually", format!("every {} days", self.locale.decimal(gap, 0))));
        }
        facts.push(Fact::new("Paid in all", self.money(own.total)));
        facts.push(Fact::new("Paid on a day with a purchase", self.money(own.mean_spend)));
        if own.n_since > 0 {
            facts.push(Fact::new("Orders since, not yet counted", self.locale.integer(own.n_since)));
        }
        facts
    }

    fn why(&self, id: &str, title: String, lead: &str, facts: Vec<Fact>, note: Option<String>) -> Why {
        let reasons: Vec<Reason> = Vec::new();
        Why {
            id: format!("why-{id}"),
            title,
            lead: Some(lead.to_string()),
            facts,
            reasons,
            note,
            source: self.source(),
            link: Some(Link::new("The model's card", "/customer-base#models")),
        }
    }

    /// How often the model was right before, and when not to trust it.
    fn proof(&self) -> Option<String> {
        let mut sentences = self.why.models.proof.clone();
        sentences.extend(self.why.models.cautions.first().cloned());
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }

    fn value(&self) -> Option<Stat> {
        let value = self.why.value?;
        let words = format!("Likely {} – {}", self.money(value.low), self.money(value.high));
        let scale = (value.high.max(value.value).max(1) as f64) * 1.15;
        let mut facts = self.own_facts();
        facts.push(Fact::new("Expected on a day with a purchase", self.money(value.spend)));
        facts.push(Fact::new(
            format!("Range that holds {} of outcomes", self.locale.percent(self.why.models.level, 0)),
            words.clone(),
        ));
        let lead = format!(
            "The margin that this customer is expected to bring in the next {} days, discounted: chance of still buying × purchases × spend × margin.",
            self.locale.decimal(self.why.models.horizon_days, 0)
        );
        Some(Stat {
            range: Some(Range::on_scale(
                value.low as f64,
                value.value as f64,
                value.high as f64,
                scale,
                words,
            )),
            why: Some(self.why(
                "value",
                format!("Why {}?", self.money(value.value)),
                &lead,
                facts,
                self.proof(),
            )),
            ..Stat::new("Lifetime value, coming year", self.money(value.value))
        })
    }

    fn alive(&self) -> Option<Stat> {
        let share = self.why.p_alive?;
        let text = cells::chance(&self.locale, share);
        let lead = "The chance that this customer has not left for good, from the own rhythm of buying and the silence since.";
        Some(Stat {
            meter: Some((share * 1000.0).round() / 10.0),
            why: Some(self.why("alive", format!("Why {text}?"), lead, self.own_facts(), self.proof())),
            ..Stat::new("Still a customer", text)
        })
    }

    fn expected(&self) -> Option<Stat> {
        let n = self.why.expected_purchases?;
        let text = self.locale.decimal(n, if n < 10.0 { 1 } else { 0 });
        let lead = "Purchases that this customer is expected to make in the next 90 days, the chance of having left counted in.";
        Some(Stat {
            why: Some(self.why("expected", format!("Why {text}?"), lead, self.own_facts(), self.proof())),
            ..Stat::new("Purchases in 90 days", text)
        })
    }

    /// The customer's past in three numbers and the three estimates.
    fn headline(&self) -> Vec<Stat> {
        let mut stats: Vec<Stat> =
            [self.value(), self.alive(), self.expected()].into_iter().flatten().collect();
        if let Some(own) = &self.why.own {
            let usual = own.gap_days.map(|gap| format!("usually every {} days", self.locale.decimal(gap, 0)));
            let last = cells::day(own.last_on).relative(cells::day(self.ctx.today));
            stats.push(Stat { note: usual, ..Stat::new("Last bought", last) });
            let times = format!("on {} days", self.locale.integer(own.n_purchases));
            stats.push(Stat { note: Some(times), ..Stat::new("Spent so far", self.money(own.total)) });
        }
        stats
    }

    fn fact(&self, reasoned: &Reasoned, text: String, tone: Tone) -> InsightFact {
        InsightFact { text, tone, reason: reasoned.reason.clone(), why: None }
    }

    fn panel(&self) -> Insight {
        let label = |key: &str, value: &str| {
            let field = self.ctx.catalogue.object("parties").and_then(|o| o.field(key));
            let choice = field.and_then(|f| f.kind.choices().iter().find(|c| c.key == value));
            choice.map_or_else(|| value.to_string(), |c| c.label.clone())
        };
        let few = self.why.models.n_customers < 30;
        let too_few = few.then(|| {
            format!(
                "Only {} customers are known, too few to say much: the numbers are rough.",
                self.why.models.n_customers
            )
        });
        let rfm = self.why.rfm.as_ref().map(|rfm| {
            let group = self.why.segment.as_ref();
            let named = |key: &str| super::settings::capital(&key.replace('_', " "));
            let text = group.map_or(rfm.key.clone(), |g| format!("{} · {}", rfm.key, named(&g.key)));
            let reason = group.map_or_else(|| rfm.reason.clone(), |g| g.reason.clone());
            InsightFact { text, tone: Tone::Plain, reason, why: None }
        });
        Insight {
            too_few,
            figures: Vec::new(),
            tier: self.why.tier.as_ref().map(|t| self.fact(t, label("tier", &t.key), Tone::Plain)),
            stage: self
                .why
                .stage
                .as_ref()
                .map(|s| self.fact(s, label("relationship_stage", &s.key), cells::tone(&s.key))),
            rfm,
            model: self.source(),
            model_href: "/customer-base#models".into(),
        }
    }
}
