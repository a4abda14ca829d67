//! The whole company and the doors to its records.

use jiff::civil::{Date, DateTime};

use crate::calendar::Calendar;
use crate::{
    Case, Company, Contact, Counts, Deal, Note, Order, Pipeline, Product, Relationship, Size, Task, Team,
    Touchpoint, Truth, User,
};

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
}

/// A company of a named size with two years of history up to `today`.
pub fn company(size: Size, seed: u64, today: Date) -> Business {
    company_of(size.counts(), seed, today)
}

/// A company with these counts and two years of history up to `today`.
pub fn company_of(counts: Counts, seed: u64, today: Date) -> Business {
    Business {
        seed,
        counts,
        calendar: Calendar::until(today),
        teams: Vec::new(),
        users: Vec::new(),
        products: Vec::new(),
    }
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

    /// All pipelines.
    pub fn pipelines(&self) -> &'static [Pipeline] {
        &[]
    }

    /// All contacts, in order of index.
    pub fn contacts(&self) -> impl Iterator<Item = Contact> + '_ {
        std::iter::empty()
    }

    /// All companies, in order of index.
    pub fn companies(&self) -> impl Iterator<Item = Company> + '_ {
        std::iter::empty()
    }

    /// A contact's own orders, oldest first.
    pub fn orders_of(&self, _contact: usize) -> impl Iterator<Item = Order> + '_ {
        std::iter::empty()
    }

    /// A company's orders, oldest first.
    pub fn orders_of_company(&self, _company: usize) -> impl Iterator<Item = Order> + '_ {
        std::iter::empty()
    }

    /// All orders: those of contacts in order of index, then those of companies.
    pub fn orders(&self) -> impl Iterator<Item = Order> + '_ {
        std::iter::empty()
    }

    /// A contact's touchpoints, oldest first.
    pub fn touchpoints_of(&self, _contact: usize) -> impl Iterator<Item = Touchpoint> + '_ {
        std::iter::empty()
    }

    /// All touchpoints, contact by contact.
    pub fn touchpoints(&self) -> impl Iterator<Item = Touchpoint> + '_ {
        std::iter::empty()
    }

    /// All relationships.
    pub fn relationships(&self) -> impl Iterator<Item = Relationship> + '_ {
        std::iter::empty()
    }

    /// All deals.
    pub fn deals(&self) -> impl Iterator<Item = Deal> + '_ {
        std::iter::empty()
    }

    /// All cases.
    pub fn cases(&self) -> impl Iterator<Item = Case> + '_ {
        std::iter::empty()
    }

    /// All tasks.
    pub fn tasks(&self) -> impl Iterator<Item = Task> + '_ {
        std::iter::empty()
    }

    /// All notes.
    pub fn notes(&self) -> impl Iterator<Item = Note> + '_ {
        std::iter::empty()
    }

    /// What a contact's orders were drawn from.
    pub fn truth_of(&self, _contact: usize) -> Truth {
        Truth { rate_per_year: 0.0, left_on: None, spend: 1.0, buyer: false }
    }
}
