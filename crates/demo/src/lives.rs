//! The hidden life of each customer: when they came, how often they buy, how much, and when they silently leave.
//!
//! A Pareto/NBD process (Schmittlein, Morrison, Colombo 1987): Poisson purchases with gamma rates, exponential
//! lifetimes with gamma dropout rates, here in the calendar's busy time so that seasons and Sundays count;
//! spend has its own gamma spread (Fader, Hardie, Lee 2005). A few whales, a few heavy buyers who left, and
//! a few who paused are mixed in.

use crate::business::Business;
use crate::calendar::N_DAYS;
use crate::orders::Truth;
use crate::random::{Random, Stream};

/// Lives looked at to reach the expected totals; the same for every size, so that sizes share their customers.
const N_SAMPLED: usize = 16_000;
/// Repeat orders a year before scaling.
const RATE: f64 = 2.0;
/// Days at the beginning in which earlier customers were entered.
const N_TAKE_OVER: usize = 45;
const DAYS_PER_YEAR: f64 = 365.25;

/// One customer's hidden parameters; days are numbered by the calendar.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Life {
    pub(crate) created: usize,
    /// Day of the first order.
    pub(crate) first: usize,
    pub(crate) buyer: bool,
    /// Repeat orders a year, unscaled.
    pub(crate) rate: f64,
    pub(crate) spend: f64,
    /// First day without the customer; `N_DAYS` for those still there.
    pub(crate) left: usize,
    /// Days without orders, for those who came back.
    pub(crate) pause: Option<(usize, usize)>,
    pub(crate) whale: bool,
}

/// What brings drawn totals to the wanted ones.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scales {
    /// Multiplies the share of buyers; 1 unless fewer orders than customers are wanted.
    pub(crate) buyers: f64,
    pub(crate) repeats: f64,
    pub(crate) touchpoints: f64,
}

impl Scales {
    pub(crate) const UNIT: Scales = Scales { buyers: 1.0, repeats: 1.0, touchpoints: 1.0 };

    /// Finds the scales by looking at some lives.
    pub(crate) fn of(business: &Business) -> Scales {
        let (mut buyers, mut repeats, mut touches) = (0.0, 0.0, 0.0);
        for index in 0..N_SAMPLED {
            let life = business.life(index);
            touches += life.touch_weight(business.employer(index).is_some());
            if life.buyer {
                buyers += 1.0;
                repeats += life.expected_repeats(business);
            }
        }
        let share = N_SAMPLED as f64 / business.counts.contacts.max(1) as f64;
        let orders = business.counts.orders as f64 * share;
        Scales {
            buyers: (orders / buyers).min(1.0),
            repeats: ((orders - buyers) / repeats).max(0.0),
            touchpoints: business.counts.touchpoints as f64 * share / touches,
        }
    }
}

impl Life {
    fn expected_repeats(&self, business: &Business) -> f64 {
        let calendar = &business.calendar;
        let paused = self.pause.map_or(0.0, |(from, to)| calendar.busy_between(from, to.min(self.left)));
        self.rate / DAYS_PER_YEAR * (calendar.busy_between(self.first, self.left) - paused)
    }

    /// How much contact there is apart from orders, before scaling.
    pub(crate) fn touch_weight(&self, employed: bool) -> f64 {
        let known = (self.last_touch() - self.created) as f64 / DAYS_PER_YEAR;
        let interest = 0.5 + 0.3 * self.rate.min(8.0) + if employed { 0.6 } else { 0.0 };
        interest * (known + 0.05)
    }

    /// The last day somebody may hear from them.
    pub(crate) fn last_touch(&self) -> usize {
        (self.left + 45).clamp(self.created, N_DAYS - 1)
    }
}

impl Business {
    pub(crate) fn life(&self, index: usize) -> Life {
        let mut random = Random::of(self.seed, Stream::Lives, index);
        let mut created = self.day_of_arrival(&mut random);
        let employer = self.employer(index);
        if let Some(company) = employer {
            created = created.max(self.company_created(company));
        }
        let buyers = if employer.is_some() { 0.55 } else { 0.92 };
        let buyer = random.chance(buyers * self.scales.buyers);
        let pause_before = if created < N_TAKE_OVER { 50.0 } else { 9.0 };
        let delay = if random.chance(0.75) { 0.0 } else { random.exponential() * pause_before };
        let first = (created + delay as usize).min(N_DAYS - 1);
        let mut rate = RATE * random.gamma(0.62) / 0.62;
        let dropout = 0.55 * random.gamma(1.6) / 1.6;
        let lifetime = random.exponential() / dropout.max(1e-6) * DAYS_PER_YEAR;
        let mut left = (first as f64 + 1.0 + lifetime).min(N_DAYS as f64) as usize;
        let mut spend = random.gamma(2.4) / 2.4;
        let mut pause = None;
        let fate = random.unit();
        let whale = fate < 0.012;
        if whale {
            rate = rate.max(RATE) * 2.5;
            spend = spend.max(0.8) * 2.2;
            left = N_DAYS;
        } else if fate < 0.035 && first + 240 < N_DAYS {
            rate = rate.max(5.0) * 1.4;
            left = N_DAYS - 90 - random.below(120);
        } else if fate < 0.075 && first + 400 < N_DAYS {
            rate = rate.max(4.0);
            left = N_DAYS;
            let from = first + 60 + random.below(60);
            pause = Some((from, N_DAYS - 5 - random.below(45)));
        }
        Life { created, first, buyer, rate, spend, left, pause, whale }
    }

    /// The day a company entered the record: when its first contact did.
    pub(crate) fn company_created(&self, company: usize) -> usize {
        let main = self.main_contact(company);
        let mut random = Random::of(self.seed, Stream::Lives, main);
        self.day_of_arrival(&mut random)
    }

    /// Some came over from the card index in the first weeks, the others with the trade.
    fn day_of_arrival(&self, random: &mut Random) -> usize {
        let days = if random.chance(0.27) { N_TAKE_OVER } else { N_DAYS };
        let total = self.calendar.busy_between(0, days);
        self.calendar.day_after_busy(0, random.unit() * total)
    }

    /// What a contact's orders were drawn from.
    pub fn truth_of(&self, contact: usize) -> Truth {
        let life = self.life(contact);
        Truth {
            rate_per_year: life.rate * self.scales.repeats,
            left_on: (life.buyer && life.left < N_DAYS).then(|| self.calendar.date(life.left)),
            spend: life.spend,
            buyer: life.buyer,
        }
    }

    /// The days of a contact's orders, in order.
    pub(crate) fn order_days(&self, life: &Life, random: &mut Random) -> Vec<usize> {
        if !life.buyer {
            return Vec::new();
        }
        let mut days = vec![life.first];
        let span = self.calendar.busy_between(life.first, life.left);
        let n = random.poisson(life.rate * self.scales.repeats / DAYS_PER_YEAR * span);
        for _ in 0..n {
            let day = self.calendar.day_after_busy(life.first, random.unit() * span);
            let paused = life.pause.is_some_and(|(from, to)| (from..to).contains(&day));
            if !paused {
                days.push(day.min(N_DAYS - 1));
            }
        }
        days.sort_unstable();
        days
    }
}
