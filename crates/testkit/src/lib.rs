//! Throw-away worlds for tests: a migrated and set-up Kith on either engine, a fixed clock, and helpers that
//! speak the product's words.
//!
//! ```
//! let w = testkit::World::sqlite();
//! let ana = w.contact("Ana Silva");
//! w.order(ana, "2026-05-01", "12.50");
//! assert_eq!(w.list("customers", "total_spent = 12.50"), ["Ana Silva"]);
//! ```
//!
//! Everything here panics when it goes wrong: in a test that is the report.
#![allow(clippy::unwrap_used, reason = "what fails here fails the test that asked for it")]

pub mod browser;
mod clock;
pub mod postgres;
mod verbs;
mod world;

pub use clock::{DAY, HOUR, NOW, at, date};
pub use world::{FOUNDER_EMAIL, PASSWORD, World, both, empty_postgres};
