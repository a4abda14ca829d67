//! Why a model declines to answer, in words that can be shown to its user.

use std::fmt;

/// Why there is no answer: the data cannot carry one, or the input has no meaning.
///
/// A refusal is a result, not a crash: callers show it on the model's card and use the simpler estimate instead.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// Fewer customers than the method needs.
    TooFew {
        /// What is counted, in the plural: `customers`, `customers who came back`.
        what: &'static str,
        /// How many the method needs.
        need: usize,
        /// How many there are.
        have: usize,
    },
    /// Nobody bought a second time, so nothing can be learnt about coming back.
    NoRepeat,
    /// All customers look the same, so differences between them cannot be estimated.
    AllAlike,
    /// No time passes in the data, so no rate exists.
    NoTime,
    /// The search for the best parameters stopped before it arrived.
    NotConverged {
        /// Length of the gradient per customer where the search stopped; near zero at an optimum.
        gradient_norm: f64,
    },
    /// The best parameters contradict the data they come from.
    Implausible {
        /// What is implausible, as the end of a sentence.
        why: &'static str,
    },
    /// The input itself is malformed.
    Input {
        /// What is wrong, as the end of a sentence.
        why: &'static str,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::TooFew { what, need, have } => {
                write!(f, "too little data: {have} {what}, at least {need} needed")
            }
            Refusal::NoRepeat => write!(f, "nobody has bought twice yet, so coming back cannot be predicted"),
            Refusal::AllAlike => {
                write!(f, "all customers have the same history, so differences cannot be estimated")
            }
            Refusal::NoTime => write!(f, "all purchases fall on one day, so no rate can be estimated"),
            Refusal::NotConverged { gradient_norm } => {
                write!(f, "the fit did not settle (gradient {gradient_norm:.1e} per customer)")
            }
            Refusal::Implausible { why } => write!(f, "the fitted model contradicts its data: {why}"),
            Refusal::Input { why } => write!(f, "unusable input: {why}"),
        }
    }
}

impl std::error::Error for Refusal {}
