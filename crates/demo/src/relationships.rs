//! How parties hang together.

use jiff::civil::Date;

use crate::business::{Business, Party};
use crate::random::{Random, Stream};

/// What connects two parties; read "from … to".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RelationshipKind {
    /// Live together.
    Household,
    /// From is employed by to.
    Employer,
    /// From brought to as a customer.
    Refers,
    /// From has a say in what to buys.
    Influences,
    /// From supplies to.
    Supplies,
    /// From reports to to.
    ReportsTo,
}

/// A connection between two parties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relationship {
    /// One end.
    pub from: Party,
    /// The other end.
    pub to: Party,
    /// What connects them.
    pub kind: RelationshipKind,
    /// Since when.
    pub since_on: Date,
}

impl Business {
    /// The relationships that begin at a contact, each found at one contact only.
    pub fn relationships_of(&self, contact: usize) -> impl Iterator<Item = Relationship> + '_ {
        let mut random = Random::of(self.seed, Stream::Relationships, contact);
        let created = self.life(contact).created;
        let from = Party::Contact(contact);
        let mut relationships = Vec::new();
        let mut add = |to, kind, day| {
            relationships.push(Relationship { from, to, kind, since_on: self.calendar.date(day) });
        };
        if let Some(company) = self.employer(contact) {
            let main = self.main_contact(company);
            add(Party::Company(company), RelationshipKind::Employer, created);
            if contact != main && random.chance(0.5) {
                add(Party::Contact(main), RelationshipKind::ReportsTo, created);
            } else if contact != main && random.chance(0.4) {
                add(Party::Contact(main), RelationshipKind::Influences, created);
            }
        }
        if self.shares_household(contact) {
            let both = created.max(self.life(contact - 1).created);
            add(Party::Contact(contact - 1), RelationshipKind::Household, both);
        }
        // Who brought this one is older; who this one brought is younger. Look at a few others only.
        if random.chance(0.14) {
            for _ in 0..4 {
                let other = random.below(self.counts.contacts);
                let came = self.life(other).created;
                if other != contact && came > created {
                    add(Party::Contact(other), RelationshipKind::Refers, came);
                    break;
                }
            }
        }
        relationships.into_iter()
    }

    /// All relationships: those of contacts, then who among the companies supplies whom.
    pub fn relationships(&self) -> impl Iterator<Item = Relationship> + '_ {
        let people = (0..self.counts.contacts).flat_map(|contact| self.relationships_of(contact));
        people.chain(self.company_relationships())
    }

    /// Who among the companies supplies whom.
    pub fn company_relationships(&self) -> impl Iterator<Item = Relationship> + '_ {
        (0..self.counts.companies).filter_map(|company| self.supplies(company))
    }

    fn supplies(&self, company: usize) -> Option<Relationship> {
        let mut random = Random::of(!self.seed, Stream::Relationships, company);
        if self.counts.companies < 2 || !random.chance(0.07) {
            return None;
        }
        let other = (company + 1 + random.below(self.counts.companies - 1)) % self.counts.companies;
        let day = self.company_created(company).max(self.company_created(other));
        Some(Relationship {
            from: Party::Company(company),
            to: Party::Company(other),
            kind: RelationshipKind::Supplies,
            since_on: self.calendar.date(day),
        })
    }
}
