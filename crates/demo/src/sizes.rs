//! How much of everything to generate.

/// A named amount of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// 300 contacts: opens in a blink, every screen has life.
    Small,
    /// 3,000 contacts: a real shop; models have enough data.
    Medium,
    /// 30,000 contacts: a chain.
    Large,
}

/// How many records of each kind a [`crate::Business`] has.
///
/// Exact, except `orders` and `touchpoints`, which are expected numbers: each customer's are drawn at random.
/// The three sizes keep the same ratios, so that the contacts of a smaller one begin the larger one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// People.
    pub contacts: usize,
    /// Organisations.
    pub companies: usize,
    /// Things and services sold; the first 64 are distinct models, further ones are variants of them.
    pub products: usize,
    /// Expected orders of contacts over the two years; companies' orders come on top (about one each).
    pub orders: usize,
    /// Expected touchpoints over the two years.
    pub touchpoints: usize,
    /// Deals, open, won and lost.
    pub deals: usize,
    /// Cases, open and closed.
    pub cases: usize,
    /// Tasks, done and to do.
    pub tasks: usize,
    /// Notes.
    pub notes: usize,
    /// Staff.
    pub users: usize,
}

impl Size {
    /// The counts of this size.
    pub fn counts(self) -> Counts {
        let scale = match self {
            Size::Small => 1,
            Size::Medium => 10,
            Size::Large => 100,
        };
        Counts {
            contacts: 300 * scale,
            companies: 30 * scale,
            products: 64,
            orders: 900 * scale,
            touchpoints: 4_200 * scale,
            deals: 60 * scale,
            cases: 120 * scale,
            tasks: 150 * scale,
            notes: 200 * scale,
            users: 10,
        }
    }
}
