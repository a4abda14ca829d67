//! The whole company and the doors to its records.

use jiff::civil::{Date, DateTime};

use crate::calendar::Calendar;
use crate::lives::Scales;
use crate::{Company, Contact, Counts, Product, Size, Team, User, products, users};

/// A contact or a company, by index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Party {
    /// Index into the contacts.
    Contact(usize),
    /// Index into the companies.
    Company(usize),
}

/// A generated company: a recipe, not a heap of records.
///
/// Teams, users and products are held; everything else is made when asked for, each record from the seed and
/// its index alone.
#[derive(Debug, Clone)]
pub struct Business {
    pub(crate) seed: u64,
    pub(crate) counts: Counts,
    pub(crate) calendar: Calendar,
    pub(crate) teams: Vec<Team>,
    pub(crate) users: Vec<User>,
    pub(crate) products: Vec<Product>,
    pub(crate) scales: Scales,
}

/// A company of a named size with two years of history up to `today`.
pub fn company(size: Size, seed: u64, today: Date) -> Business {
    company_of(size.counts(), seed, today)
}

/// A company with these counts and two years of history up to `today`.
pub fn company_of(counts: Counts, seed: u64, today: Date) -> Business {
    let mut business = Business {
        seed,
        counts,
        calendar: Calendar::until(today),
        teams: users::teams(),
        users: users::users(seed, counts.users),
        products: products::products(counts.products),
        scales: Scales::UNIT,
    };
    business.scales = Scales::of(&business);
    business
}

/// A day and its second as one civil time.
pub fn datetime(on: Date, second: u32) -> DateTime {
    let (hour, minute, second) = ((second / 3_600) as i8, (second / 60 % 60) as i8, (second % 60) as i8);
    on.at(hour.min(23), minute, second, 0)
}

impl Business {
    /// The company's name.
    pub fn name(&self) -> &'static str {
        "Linden & Sparrow"
    }

    /// The currency of its books, ISO 4217.
    pub fn currency(&self) -> &'static str {
        "EUR"
    }

    /// Where its clocks are, an IANA time zone.
    pub fn time_zone(&self) -> &'static str {
        "Europe/Amsterdam"
    }

    /// What it was made with.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The first day of the history.
    pub fn starts_on(&self) -> Date {
        self.calendar.first()
    }

    /// The last day of the history.
    pub fn today(&self) -> Date {
        self.calendar.today()
    }

    /// All teams.
    pub fn teams(&self) -> &[Team] {
        &self.teams
    }

    /// All staff.
    pub fn users(&self) -> &[User] {
        &self.users
    }

    /// All products.
    pub fn products(&self) -> &[Product] {
        &self.products
    }

    /// All contacts, in order of index.
    pub fn contacts(&self) -> impl Iterator<Item = Contact> + '_ {
        (0..self.counts.contacts).map(|index| self.contact(index))
    }

    /// All companies, in order of index.
    pub fn companies(&self) -> impl Iterator<Item = Company> + '_ {
        (0..self.counts.companies).map(|index| self.company(index))
    }
}
