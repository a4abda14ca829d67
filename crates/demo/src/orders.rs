//! Orders, from a buy-till-you-die process with seasons, trend and whales.

use jiff::civil::Date;

use crate::business::{Business, Party};
use crate::calendar::N_DAYS;
use crate::lives::Life;
use crate::products::{self, MODELS, bike};
use crate::random::{Random, Stream};

/// Where an order was placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// In one of the shops; never on a Sunday or a holiday.
    Shop,
    /// In the web shop.
    Web,
    /// By phone, in office hours.
    Phone,
}

/// How far an order got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderStatus {
    /// Placed, not yet sent.
    Placed,
    /// On its way.
    Shipped,
    /// Delivered or handed over.
    Completed,
    /// Called off before it was sent; not revenue.
    Cancelled,
}

/// One row of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Index into the products.
    pub product: usize,
    /// How many.
    pub quantity: u32,
    /// Price of one before discount, in minor units of the order's currency.
    pub unit_price_minor: i64,
    /// Taken off the whole line, in minor units of the order's currency.
    pub discount_minor: i64,
    /// How many of them came back.
    pub returned_quantity: u32,
}

/// A purchase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Who bought.
    pub party: Party,
    /// Number on the receipt, unique.
    pub number: String,
    /// Day of purchase.
    pub placed_on: Date,
    /// Second of that day, shop time.
    pub placed_second: u32,
    /// Where.
    pub channel: Channel,
    /// ISO 4217: EUR, or GBP and CHF for customers there.
    pub currency: &'static str,
    /// At least one.
    pub lines: Vec<Line>,
    /// How far it got.
    pub status: OrderStatus,
    /// When something came back; the lines say what.
    pub returned_on: Option<Date>,
}

impl Order {
    /// What was paid, returns not deducted, in minor units of the order's currency.
    pub fn total_minor(&self) -> i64 {
        self.lines
            .iter()
            .map(|line| line.unit_price_minor * i64::from(line.quantity) - line.discount_minor)
            .sum()
    }

    /// [`Order::total_minor`] in euro cents, at the fixed rate the order was priced with.
    pub fn total_eur_minor(&self) -> i64 {
        (self.total_minor() as f64 / rate(self.currency)).round() as i64
    }
}

/// What one euro costs, fixed: enough to tell currencies apart on a screen.
fn rate(currency: &str) -> f64 {
    match currency {
        "GBP" => 0.86,
        "CHF" => 0.94,
        _ => 1.0,
    }
}

fn currency_of(country: &str) -> &'static str {
    match country {
        "GB" => "GBP",
        "CH" => "CHF",
        _ => "EUR",
    }
}

/// The hidden parameters a customer's orders were drawn from, to judge models against.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Truth {
    /// Repeat orders a year while alive, in an average season.
    pub rate_per_year: f64,
    /// When the customer silently left, if before today.
    pub left_on: Option<Date>,
    /// Appetite: the customer's typical spend relative to the average of 1.
    pub spend: f64,
    /// Whether the customer ever buys; leads do not.
    pub buyer: bool,
}

/// What an order is drawn for.
struct Buyer {
    party: Party,
    currency: &'static str,
    spend: f64,
}

impl Business {
    /// A contact's own orders, oldest first.
    pub fn orders_of(&self, contact: usize) -> impl Iterator<Item = Order> + '_ {
        let life: Life = self.life(contact);
        let mut random = Random::of(self.seed, Stream::Orders, contact);
        let days = self.order_days(&life, &mut random);
        let currency = if days.is_empty() { "EUR" } else { currency_of(self.person(contact).country.code) };
        let buyer = Buyer { party: Party::Contact(contact), currency, spend: life.spend };
        days.into_iter().enumerate().map(move |(nth, day)| {
            let number = format!("LS-{}-{}", 10_000 + contact, nth + 1);
            let lines = self.basket(&buyer, nth, day, &mut random);
            self.order(&buyer, number, day, lines, &mut random)
        })
    }

    /// A company's orders, oldest first: few, of several bikes, with a discount.
    pub fn orders_of_company(&self, company: usize) -> impl Iterator<Item = Order> + '_ {
        let mut random = Random::of(self.seed, Stream::CompanyOrders, company);
        let created = self.company_created(company);
        let n = if random.chance(0.6) { 1 + random.poisson(0.9) } else { 0 };
        let mut days: Vec<usize> = (0..n).map(|_| created + random.below(N_DAYS - created)).collect();
        days.sort_unstable();
        let currency = currency_of(self.company_place(company).0.code);
        let spend = 0.4 + random.gamma(1.5) / 2.5;
        let buyer = Buyer { party: Party::Company(company), currency, spend };
        days.into_iter().enumerate().map(move |(nth, day)| {
            let number = format!("LF-{}-{}", 10_000 + company, nth + 1);
            let lines = self.fleet(&buyer, nth, day, &mut random);
            self.order(&buyer, number, day, lines, &mut random)
        })
    }

    /// All orders: those of contacts in order of index, then those of companies.
    pub fn orders(&self) -> impl Iterator<Item = Order> + '_ {
        let own = (0..self.counts.contacts).flat_map(|contact| self.orders_of(contact));
        own.chain((0..self.counts.companies).flat_map(|company| self.orders_of_company(company)))
    }

    fn basket(&self, buyer: &Buyer, nth: usize, day: usize, random: &mut Random) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        let bike_share = if nth == 0 { 0.30 } else { 0.05 } * (0.4 + 0.6 * buyer.spend);
        if random.chance(bike_share.min(0.8)) {
            let taste = buyer.spend;
            let product = self.draw_product(random, day, |model| bike_taste(model, taste));
            lines.push(self.line(buyer, product, 1, random));
        }
        let month = self.calendar.date(day).month();
        let n_extras = random.poisson(0.55 + 0.45 * buyer.spend) + usize::from(lines.is_empty());
        for _ in 0..n_extras.min(6) {
            let product = self.draw_product(random, day, |model| season(model, month));
            let many = MODELS[product % products::N_MODELS].price_minor < 6_000 && random.chance(0.25);
            let quantity = if many { 2 + random.below(2) as u32 } else { 1 };
            if !lines.iter().any(|line| line.product == product) {
                lines.push(self.line(buyer, product, quantity, random));
            }
        }
        lines
    }

    fn fleet(&self, buyer: &Buyer, nth: usize, day: usize, random: &mut Random) -> Vec<Line> {
        let mut lines = Vec::new();
        let quantity = 1 + random.poisson(1.6 * buyer.spend) as u32;
        let large = nth == 0 || random.chance(0.4);
        if large {
            let product = self.draw_product(random, day, |model| {
                if matches!(model, 0..=16) { bike_taste(model, 0.9) } else { 0.0 }
            });
            lines.push(self.line(buyer, product, quantity, random));
        }
        for _ in 0..1 + random.below(3) {
            let product =
                self.draw_product(random, day, |model| if matches!(model, 28..=61) { 1.0 } else { 0.0 });
            if !lines.iter().any(|line: &Line| line.product == product) {
                lines.push(self.line(buyer, product, quantity, random));
            }
        }
        for line in &mut lines {
            let gross = line.unit_price_minor * i64::from(line.quantity);
            line.discount_minor = gross * random.between(4, 12) / 100;
        }
        lines
    }

    fn line(&self, buyer: &Buyer, product: usize, quantity: u32, random: &mut Random) -> Line {
        let price = self.products[product].price_minor;
        let unit_price_minor = match buyer.currency {
            "EUR" => price,
            currency => (price as f64 * rate(currency) / 10.0).round() as i64 * 10,
        };
        let percent = if random.chance(0.16) { 5 * random.between(1, 3) } else { 0 };
        let discount_minor = unit_price_minor * i64::from(quantity) * percent / 100;
        Line { product, quantity, unit_price_minor, discount_minor, returned_quantity: 0 }
    }

    fn order(
        &self,
        buyer: &Buyer,
        number: String,
        day: usize,
        lines: Vec<Line>,
        random: &mut Random,
    ) -> Order {
        let mut lines = lines;
        let draw = random.unit();
        let today = day + 1 == N_DAYS;
        let channel = match () {
            () if today || !self.calendar.open(day) => Channel::Web,
            () if draw < 0.55 => Channel::Shop,
            () if draw < 0.93 => Channel::Web,
            () => Channel::Phone,
        };
        let placed_second = second(channel, today, random);
        let age = N_DAYS - 1 - day;
        let cancelled = channel != Channel::Shop && random.chance(0.02);
        let sent_after = random.below(3);
        let status = match channel {
            _ if cancelled => OrderStatus::Cancelled,
            Channel::Shop => OrderStatus::Completed,
            _ if age <= sent_after => OrderStatus::Placed,
            _ if age <= sent_after + 3 => OrderStatus::Shipped,
            _ => OrderStatus::Completed,
        };
        let returned_day = day + 3 + random.below(20);
        let share = if channel == Channel::Shop { 0.02 } else { 0.07 };
        let mut returned_on = None;
        if status == OrderStatus::Completed && returned_day + 1 < N_DAYS && random.chance(share) {
            let nth = random.below(lines.len());
            if MODELS[lines[nth].product % products::N_MODELS].category != "Workshop" {
                lines[nth].returned_quantity = 1;
                returned_on = Some(self.calendar.date(returned_day));
            }
        }
        let (party, currency, placed_on) = (buyer.party, buyer.currency, self.calendar.date(day));
        Order { party, number, placed_on, placed_second, channel, currency, lines, status, returned_on }
    }
}

/// Shops open from 9:30 to 18:30; the web shop has its evening; today has only just begun.
fn second(channel: Channel, today: bool, random: &mut Random) -> u32 {
    let hours = match channel {
        _ if today => 5.5 + 2.4 * random.unit(),
        Channel::Shop => 9.5 + 8.9 * random.unit(),
        Channel::Phone => 9.0 + 8.9 * random.unit(),
        Channel::Web => (17.0 + 4.0 * random.normal()).clamp(0.2, 23.9),
    };
    (hours * 3_600.0) as u32
}

/// Who spends more chooses dearer bikes.
fn bike_taste(model: usize, spend: f64) -> f64 {
    if !bike(model) {
        return 0.0;
    }
    let price = MODELS[model].price_minor as f64 / 150_000.0;
    (1.0 / (0.5 + price)).powf(1.6 / (0.3 + spend))
}

/// Lights and winter clothes before winter, the workshop in spring; no bikes.
fn season(model: usize, month: i8) -> f64 {
    if bike(model) {
        return 0.0;
    }
    match (MODELS[model].category, month) {
        ("Lights and locks", 9..=12) => 2.2,
        ("Lights and locks", 4..=7) => 0.6,
        ("Clothing and bags", 10..=12 | 1) => 1.7,
        ("Workshop", 3..=5) => 1.8,
        ("Workshop", 12 | 1) => 0.7,
        _ => 1.0,
    }
}
