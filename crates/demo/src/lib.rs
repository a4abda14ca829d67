//! A believable company, generated: same seed, same data; knows no database.
//!
//! Linden & Sparrow sells bicycles in four shops and on the web, repairs them, and equips companies with fleets.
//! Everything about it is derived from `(seed, index)`, so that a record can be made alone, in any order, and
//! a million of them stream in constant memory.
//!
//! ```
//! let today = jiff::civil::date(2026, 11, 22);
//! let business = demo::company(demo::Size::Small, 1, today);
//! for contact in business.contacts() {
//!     for order in business.orders_of(contact.index) {
//!         assert!(order.placed_on >= contact.created_on && order.placed_on <= today);
//!     }
//! }
//! ```
//!
//! People and firms are invented by combining common names; nobody real is meant. E-mail addresses and web
//! sites are under `.example` (RFC 2606). Phone numbers come from the ranges that regulators keep for fiction
//! where there is one, see [`Phone`]. Times are civil times of the shops; nothing is dated after 08:00 of
//! `today`, so that a demonstration started in the morning has no future in its past.

mod business;
mod calendar;
mod cases;
mod companies;
mod contacts;
mod deals;
mod lives;
mod names;
mod notes;
mod orders;
mod places;
mod products;
mod random;
mod relationships;
mod sizes;
mod tasks;
mod touchpoints;
mod users;
mod words;

pub use business::{Business, Party, company, company_of, datetime};
pub use cases::{Case, CaseKind, CaseStatus, Priority};
pub use companies::Company;
pub use contacts::{Contact, Permission, Permissions, Phone};
pub use deals::{Deal, DealStatus, Pipeline, Stage};
pub use notes::Note;
pub use orders::{Channel, Line, Order, OrderStatus, Truth};
pub use products::Product;
pub use relationships::{Relationship, RelationshipKind};
pub use sizes::{Counts, Size};
pub use tasks::{Task, TaskAbout};
pub use touchpoints::{Direction, Touchpoint, TouchpointKind};
pub use users::{Role, Team, User};
