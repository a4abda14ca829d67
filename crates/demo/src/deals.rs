//! Fleet sales and service contracts in their pipelines.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::business::Business;
use crate::calendar::N_DAYS;
use crate::random::{Random, Stream};
use crate::words::{DEALS, Filling};

/// A step of a pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stage {
    /// Shown name.
    pub name: &'static str,
    /// Chance of winning from here, in percent.
    pub probability_percent: u8,
}

/// A kind of selling with its own steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pipeline {
    /// Shown name.
    pub name: &'static str,
    /// The open steps in order; won and lost are a deal's status.
    pub stages: &'static [Stage],
    /// Why deals here are lost.
    pub lost_reasons: &'static [&'static str],
}

/// Whether a deal is still open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum DealStatus {
    Open,
    Won,
    Lost,
}

/// A sale in the making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deal {
    /// Position among the deals.
    pub index: usize,
    /// What it is about.
    pub title: String,
    /// The company, unless a private customer.
    pub company: Option<usize>,
    /// The person we talk to.
    pub contact: usize,
    /// Index into [`crate::Business::pipelines`].
    pub pipeline: usize,
    /// Index into that pipeline's stages: the current one, or the last one before it closed.
    pub stage: usize,
    /// Worth, in euro cents.
    pub amount_minor: i64,
    /// Chance of winning in percent: the stage's for open ones, else 100 or 0.
    pub probability_percent: u8,
    /// When it was opened.
    pub opened_on: Date,
    /// When we expect the decision.
    pub expected_close_on: Date,
    /// When it was decided.
    pub closed_on: Option<Date>,
    /// Whether it is still open.
    pub status: DealStatus,
    /// Why it was lost, one of its pipeline's reasons.
    pub lost_reason: Option<&'static str>,
    /// The salesperson.
    pub owner: usize,
    /// The last day anybody was in touch about it; some open deals have gone quiet.
    pub touched_on: Date,
    /// What it is for: product and quantity.
    pub products: Vec<(usize, u32)>,
}

const fn stage(name: &'static str, probability_percent: u8) -> Stage {
    Stage { name, probability_percent }
}

/// All pipelines.
const PIPELINES: &[Pipeline] = &[
    Pipeline {
        name: "Fleet sales",
        stages: &[
            stage("Qualify", 10),
            stage("Test ride", 25),
            stage("Proposal", 45),
            stage("Negotiation", 65),
            stage("Verbal yes", 90),
        ],
        lost_reasons: &[
            "Price",
            "No budget this year",
            "Bought elsewhere",
            "Went silent",
            "Delivery too late",
            "No need any more",
        ],
    },
    Pipeline {
        name: "Service contracts",
        stages: &[stage("Inquiry", 15), stage("Site visit", 35), stage("Offer", 55), stage("Legal", 80)],
        lost_reasons: &[
            "Price",
            "Own workshop",
            "Went silent",
            "Fleet too small",
            "Stays with the present partner",
        ],
    },
];

impl Business {
    /// All pipelines.
    pub fn pipelines(&self) -> &'static [Pipeline] {
        PIPELINES
    }

    /// The deal with this index, below `counts().deals`.
    pub fn deal(&self, index: usize) -> Deal {
        let mut random = Random::of(self.seed, Stream::Deals, index);
        let contact = self.deal_contact(&mut random);
        let company = self.employer(contact);
        let (pipeline, title) = random.pick(&DEALS);
        let filling = Filling::draw(self, &mut random);
        let products = self.deal_products(pipeline, title, filling.n as u32, &mut random);
        let list: i64 =
            products.iter().map(|(product, n)| self.products[*product].price_minor * i64::from(*n)).sum();
        // Offers are round: to ten euros, after a discount.
        let amount_minor = (list * random.between(86, 97) / 100_000 * 1_000).max(10_000);
        let created = self.life(contact).created;
        let age = (random.exponential() * 32.0) as usize;
        let still_open = random.chance(0.5);
        let opened = if still_open {
            (N_DAYS - 1).saturating_sub(age).max(created)
        } else {
            created + random.below(N_DAYS - created)
        };
        let opened = self.next_open_day(opened).min(N_DAYS - 1);
        let stages = PIPELINES[pipeline].stages;
        let cycle = 6.0 + random.gamma(2.2) * 16.0;
        let closing = self.next_open_day(opened + cycle as usize);
        let closed = (!still_open && closing + 1 < N_DAYS).then_some(closing);
        let status = match closed {
            None => DealStatus::Open,
            Some(_) if random.chance(0.42) => DealStatus::Won,
            Some(_) => DealStatus::Lost,
        };
        let progress = ((N_DAYS - 1 - opened) as f64 / cycle).min(1.0) * random.unit().sqrt();
        let stage = match status {
            DealStatus::Open => ((progress * stages.len() as f64) as usize).min(stages.len() - 1),
            DealStatus::Won => stages.len() - 1,
            DealStatus::Lost => random.below(stages.len()),
        };
        let probability_percent = match status {
            DealStatus::Open => stages[stage].probability_percent,
            DealStatus::Won => 100,
            DealStatus::Lost => 0,
        };
        let lost = status == DealStatus::Lost;
        let silence = (random.exponential() * if random.chance(0.3) { 30.0 } else { 4.0 }) as usize;
        let touched = closed.unwrap_or((N_DAYS - 1).saturating_sub(silence)).max(opened);
        Deal {
            index,
            title: filling.fill(title),
            company,
            contact,
            pipeline,
            stage,
            amount_minor,
            probability_percent,
            opened_on: self.calendar.date(opened),
            expected_close_on: self.expected_close(opened, cycle, closed, &mut random),
            closed_on: closed.map(|day| self.calendar.date(day)),
            status,
            lost_reason: lost.then(|| random.pick(PIPELINES[pipeline].lost_reasons)),
            owner: self.deal_owner(company, &mut random),
            touched_on: self.calendar.date(touched),
            products,
        }
    }

    /// All deals, in order of index; none without contacts.
    pub fn deals(&self) -> impl Iterator<Item = Deal> + '_ {
        let n = if self.counts.contacts == 0 { 0 } else { self.counts.deals };
        (0..n).map(|index| self.deal(index))
    }

    /// Mostly the person we know at a company, sometimes a private customer.
    fn deal_contact(&self, random: &mut Random) -> usize {
        if self.counts.companies > 0 && random.chance(0.85) {
            let main = self.main_contact(random.below(self.counts.companies));
            if main < self.counts.contacts {
                return main;
            }
        }
        random.below(self.counts.contacts)
    }

    fn deal_owner(&self, company: Option<usize>, random: &mut Random) -> usize {
        match company {
            Some(company) => self.company_owner(company),
            None => self.draw_user(crate::users::Role::Sales, random),
        }
    }

    fn deal_products(&self, pipeline: usize, title: &str, n: u32, random: &mut Random) -> Vec<(usize, u32)> {
        if pipeline == 1 {
            return vec![(61, n), (56 + random.below(2), n * 2)];
        }
        let lower = title.to_lowercase();
        let mentions = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        let bike = match () {
            () if mentions(&["trike"]) => 10,
            () if mentions(&["long-tail"]) => 7,
            () if mentions(&["cargo", "courier"]) => 7 + random.below(4),
            () if mentions(&["school"]) => 21 + random.below(4),
            () if mentions(&["folding"]) => 4,
            () if mentions(&["e-bike", "nurses", "family pair"]) => random.below(4),
            () => random.pick(&[0, 1, 2, 13, 14, 15, 16]),
        };
        let n = match () {
            () if mentions(&["long-tail"]) => 1,
            () if mentions(&["family pair"]) => 2,
            () => n,
        };
        vec![(bike, n), (43 + random.below(2), n)]
    }

    /// Estimates are off by some days; of what is still open, some are overdue already.
    fn expected_close(&self, opened: usize, cycle: f64, closed: Option<usize>, random: &mut Random) -> Date {
        let opened_on = self.calendar.date(opened);
        let estimate = (cycle * (0.7 + 0.6 * random.unit())) as i64;
        let age = (N_DAYS - 1 - opened) as i64;
        let days = match closed {
            None if estimate < age => age + random.between(-9, 40),
            _ => estimate,
        };
        opened_on.saturating_add(days.max(1).days())
    }
}
