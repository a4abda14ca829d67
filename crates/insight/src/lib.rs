//! Statistics and learning about customers as pure functions over columns.
//!
//! Nothing here reads a clock, a file, a database or a source of randomness: days come in as numbers, draws
//! come from a seed that the caller gives, and the same input gives the same output on every machine.
//!
//! Start at [`score::score`]: purchases in, one card per model and one row of scores per customer out.
//! The pieces below it can be used alone:
//!
//! | module | answers |
//! | --- | --- |
//! | [`summary`] | what has each customer done up to a day? |
//! | [`bg_nbd`], [`mbg_nbd`], [`pareto_nbd`] | will they buy again, how often, are they still here? |
//! | [`gamma_gamma`] | how much do they spend when they buy? |
//! | [`value`] | what are they worth over the next year, with an interval? |
//! | [`rfm`], [`tiers`], [`stage`] | which group are they in, and why? |
//! | [`backtest`] | how well would this have predicted the last months? |
//! | [`concentration`] | how much hangs on how few, and how much is at risk? |

#![forbid(unsafe_code)]

pub mod backtest;
mod beta_geometric;
pub mod bg_nbd;
pub mod card;
pub mod concentration;
pub mod fit;
pub mod gamma_gamma;
mod groups;
pub mod mbg_nbd;
mod optimum;
mod parallel;
pub mod pareto_nbd;
pub mod pooled;
mod refusal;
pub mod rfm;
pub mod rng;
pub mod score;
pub mod special;
pub mod spend;
pub mod stage;
pub mod summary;
pub mod tiers;
pub mod timing;
pub mod value;

pub use card::Card;
pub use refusal::Refusal;
pub use score::{Options, Scored, score};
pub use summary::{Histories, History, Purchases, Unit};
