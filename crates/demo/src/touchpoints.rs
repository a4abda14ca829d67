//! Contacts between a party and us that are not orders.

use std::sync::LazyLock;

use jiff::civil::Date;

use crate::business::Business;
use crate::calendar::N_DAYS;
use crate::random::{Random, Stream};
use crate::users::Role;
use crate::words::{Filling, TOUCHPOINTS};

/// By what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum TouchpointKind {
    WebVisit,
    Form,
    Email,
    Chat,
    Sms,
    Call,
    StoreVisit,
    Delivery,
    Survey,
    CampaignResponse,
    Event,
}

/// Who began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The party came to us.
    In,
    /// We went to the party.
    Out,
}

/// One contact between a party and us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touchpoint {
    /// Index of the contact.
    pub contact: usize,
    /// By what.
    pub kind: TouchpointKind,
    /// Who began.
    pub direction: Direction,
    /// The day.
    pub happened_on: Date,
    /// Second of that day, shop time.
    pub happened_second: u32,
    /// A sentence for the timeline.
    pub summary: String,
    /// Who of us took part, if a person did.
    pub user: Option<usize>,
    /// How long it took, for calls and visits.
    pub minutes: Option<u32>,
    /// The answer from 0 to 10, for surveys.
    pub score: Option<u8>,
}

/// How often each kind happens: mostly people look at the web site.
fn weight(kind: TouchpointKind) -> f64 {
    match kind {
        TouchpointKind::WebVisit => 3.0,
        TouchpointKind::Email => 1.6,
        TouchpointKind::Call | TouchpointKind::CampaignResponse => 1.1,
        TouchpointKind::StoreVisit => 1.3,
        TouchpointKind::Form | TouchpointKind::Survey => 0.6,
        TouchpointKind::Chat | TouchpointKind::Delivery => 0.8,
        TouchpointKind::Sms => 0.7,
        TouchpointKind::Event => 0.4,
    }
}

/// Sentences by kind, weighted, as cumulative sums.
static SUMS: LazyLock<Vec<f64>> = LazyLock::new(|| {
    let mut sum = 0.0;
    let add = |(kind, _, _): &(TouchpointKind, Direction, &str)| {
        sum += weight(*kind);
        sum
    };
    TOUCHPOINTS.iter().map(add).collect()
});

impl Business {
    /// A contact's touchpoints, oldest first.
    pub fn touchpoints_of(&self, contact: usize) -> impl Iterator<Item = Touchpoint> + '_ {
        let life = self.life(contact);
        let mut random = Random::of(self.seed, Stream::Touchpoints, contact);
        let weight = life.touch_weight(self.employer(contact).is_some());
        let n = random.poisson(self.scales.touchpoints * weight);
        let span = self.calendar.busy_between(life.created, life.last_touch() + 1);
        let mut moments: Vec<(usize, u64)> = (0..n)
            .map(|_| (self.calendar.day_after_busy(life.created, random.unit() * span), random.bits()))
            .collect();
        moments.sort_unstable();
        let mut touchpoints: Vec<Touchpoint> = Vec::with_capacity(n);
        let city = if n > 0 { self.person(contact).city } else { "" };
        for (day, _) in moments {
            touchpoints.push(self.touchpoint(contact, day, city, &mut random));
        }
        touchpoints.sort_by_key(|touchpoint| (touchpoint.happened_on, touchpoint.happened_second));
        touchpoints.into_iter()
    }

    /// All touchpoints, contact by contact.
    pub fn touchpoints(&self) -> impl Iterator<Item = Touchpoint> + '_ {
        (0..self.counts.contacts).flat_map(|contact| self.touchpoints_of(contact))
    }

    fn touchpoint(&self, contact: usize, day: usize, city: &str, random: &mut Random) -> Touchpoint {
        let today = day + 1 == N_DAYS;
        let target = random.unit() * SUMS.last().copied().unwrap_or(1.0);
        let nth = SUMS.partition_point(|sum| *sum <= target).min(TOUCHPOINTS.len() - 1);
        let (mut kind, mut direction, mut sentence) = TOUCHPOINTS[nth];
        // Nobody of us is there on Sundays or before opening: what happens then happens on the web site.
        if today || !self.calendar.open(day) {
            (kind, direction, sentence) = TOUCHPOINTS[nth % 10];
        }
        let filling = Filling { city, ..Filling::draw(self, random) };
        let role = match kind {
            TouchpointKind::Call | TouchpointKind::StoreVisit if random.chance(0.5) => Some(Role::Sales),
            TouchpointKind::Call | TouchpointKind::StoreVisit | TouchpointKind::Chat => Some(Role::Service),
            TouchpointKind::Email if direction == Direction::Out => Some(Role::Sales),
            TouchpointKind::Event => Some(Role::Marketing),
            _ => None,
        };
        let hours = match kind {
            _ if today => 5.5 + 2.4 * random.unit(),
            TouchpointKind::WebVisit | TouchpointKind::Form | TouchpointKind::CampaignResponse => {
                (17.0 + 4.0 * random.normal()).clamp(0.2, 23.9)
            }
            TouchpointKind::Event => 18.0 + 2.5 * random.unit(),
            _ => 9.5 + 8.9 * random.unit(),
        };
        let talk = matches!(kind, TouchpointKind::Call | TouchpointKind::StoreVisit | TouchpointKind::Chat);
        let score = match sentence.as_bytes().get(3..8) {
            _ if kind != TouchpointKind::Survey => None,
            Some(b"Frien" | b"Best ") => Some(random.between(9, 10) as u8),
            Some(b"The {" | b"Nobod") => Some(random.between(0, 5) as u8),
            Some(b"Good ") => Some(random.between(7, 8) as u8),
            _ => Some((10.0 - random.gamma(1.3) * 1.4).clamp(0.0, 10.0).round() as u8),
        };
        Touchpoint {
            contact,
            kind,
            direction,
            happened_on: self.calendar.date(day),
            happened_second: (hours * 3_600.0) as u32,
            summary: filling.fill(sentence),
            user: role.map(|role| self.draw_user(role, random)),
            minutes: talk.then(|| 1 + (random.gamma(1.6) * 5.0) as u32),
            score,
        }
    }
}
