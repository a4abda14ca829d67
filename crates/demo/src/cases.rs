//! Complaints, questions and requests.

use jiff::civil::Date;

use crate::business::Business;
use crate::calendar::N_DAYS;
use crate::products::bike;
use crate::random::{Random, Stream};
use crate::users::Role;
use crate::words::{CASES, CaseWords, Filling};

/// What kind of case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum CaseKind {
    Complaint,
    Question,
    Request,
}

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CaseStatus {
    /// Nobody has looked yet.
    New,
    /// Somebody works on it.
    Open,
    /// We wait for the customer or a supplier.
    Waiting,
    /// Done.
    Closed,
}

/// How much it presses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Priority {
    Low,
    Normal,
    High,
    Urgent,
}

/// Something a customer wants solved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Position among the cases.
    pub index: usize,
    /// One line.
    pub subject: String,
    /// What the customer wrote, in their words and sometimes their language.
    pub body: String,
    /// What kind.
    pub kind: CaseKind,
    /// Where it stands.
    pub status: CaseStatus,
    /// How much it presses.
    pub priority: Priority,
    /// Day it came in.
    pub opened_on: Date,
    /// Second of that day, shop time.
    pub opened_second: u32,
    /// Day and second it was closed.
    pub closed: Option<(Date, u32)>,
    /// Whose case.
    pub contact: usize,
    /// Who works on it; new ones have nobody yet.
    pub owner: Option<usize>,
    /// The product it is about.
    pub product: Option<usize>,
}

impl Business {
    /// The case with this index, below `counts().cases`.
    pub fn case(&self, index: usize) -> Case {
        let mut random = Random::of(self.seed, Stream::Cases, index);
        let contact = self.draw_customer(&mut random);
        let created = self.life(contact).created;
        let recent = random.chance(0.16);
        let opened = if recent {
            (N_DAYS - 1).saturating_sub((random.exponential() * 3.0) as usize).max(created)
        } else {
            created + random.below(N_DAYS - created)
        };
        let language = self.contact(contact).language;
        let words = draw_words(language, &mut random);
        let product = self.bike_of(contact).unwrap_or_else(|| self.draw_bike(&mut random));
        let filling = Filling { bike: &self.products[product].name, ..Filling::draw(self, &mut random) };
        let (subject, body) = (filling.fill(words.subject), filling.fill(words.body));
        let about_product = words.body.contains("{p}") || words.subject.contains("{p}");
        let weights = if words.kind == CaseKind::Complaint {
            [0.05, 0.45, 0.38, 0.12]
        } else {
            [0.25, 0.6, 0.13, 0.02]
        };
        let priority =
            [Priority::Low, Priority::Normal, Priority::High, Priority::Urgent][random.weighted(&weights)];
        let today = opened + 1 == N_DAYS;
        let opened_second =
            (3_600.0 * if today { 5.5 + 2.4 * random.unit() } else { 8.0 + 13.0 * random.unit() }) as u32;
        let patience = [4.0, 2.2, 1.3, 0.5][priority as usize];
        let closed_day = self.next_open_day(opened + 1 + (random.exponential() * patience) as usize);
        let closed_second = ((9.5 + 8.5 * random.unit()) * 3_600.0) as u32;
        let closed = (closed_day + 1 < N_DAYS).then(|| (self.calendar.date(closed_day), closed_second));
        let age = N_DAYS - 1 - opened;
        let status = match closed {
            Some(_) => CaseStatus::Closed,
            None if age <= 1 && random.chance(0.7) => CaseStatus::New,
            None if random.chance(0.35) => CaseStatus::Waiting,
            None => CaseStatus::Open,
        };
        let owner = (status != CaseStatus::New).then(|| self.draw_user(Role::Service, &mut random));
        Case {
            index,
            subject,
            body,
            kind: words.kind,
            status,
            priority,
            opened_on: self.calendar.date(opened),
            opened_second,
            closed,
            contact,
            owner,
            product: about_product.then_some(product),
        }
    }

    /// All cases, in order of index; none without contacts.
    pub fn cases(&self) -> impl Iterator<Item = Case> + '_ {
        let n = if self.counts.contacts == 0 { 0 } else { self.counts.cases };
        (0..n).map(|index| self.case(index))
    }

    /// A contact, most likely one who bought.
    pub(crate) fn draw_customer(&self, random: &mut Random) -> usize {
        let mut contact = random.below(self.counts.contacts);
        for _ in 0..3 {
            if self.life(contact).buyer {
                break;
            }
            contact = random.below(self.counts.contacts);
        }
        contact
    }

    /// The bicycle a contact last bought.
    fn bike_of(&self, contact: usize) -> Option<usize> {
        let lines = self.orders_of(contact).flat_map(|order| order.lines);
        lines.map(|line| line.product).filter(|product| bike(*product)).last()
    }

    /// The day itself or the next one with open shops; `N_DAYS` or more when that is after today.
    pub(crate) fn next_open_day(&self, day: usize) -> usize {
        let mut day = day;
        while day + 1 < N_DAYS && !self.calendar.open(day) {
            day += 1;
        }
        day
    }
}

/// Some of those with another language than English write in it.
fn draw_words(language: &str, random: &mut Random) -> &'static CaseWords {
    let own: Vec<&CaseWords> = CASES.iter().filter(|words| words.language == language).collect();
    if language != "en" && !own.is_empty() && random.chance(0.3) {
        return random.pick(&own);
    }
    let n_english = CASES.iter().take_while(|words| words.language == "en").count();
    &CASES[random.below(n_english)]
}
