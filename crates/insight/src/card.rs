//! The card of a model: what it was made from, what it found, how well it does, and when not to trust it.

use crate::backtest::{Backtest, BuyRate};
use crate::fit::Fit;
use crate::summary::Unit;
use crate::{Histories, Refusal};

/// Customers below which a fitted model carries a warning.
const FEW_CUSTOMERS: usize = 500;

/// What a reader must know about a model before acting on its scores.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// Name: `rfm`, `bg_nbd`, `mbg_nbd`, `pareto_nbd` or `gamma_gamma`.
    pub model: &'static str,
    /// Why there is no fit; none when there is one.
    pub refusal: Option<Refusal>,
    /// Whether the scores of this run come from this model.
    pub chosen: bool,
    /// Parameters by their published names; empty for rules and refusals. *Units*: those of [`Fit::params`].
    pub params: Vec<(&'static str, f64)>,
    /// Standard error of each parameter.
    pub standard_errors: Vec<f64>,
    /// Log-likelihood at the parameters.
    pub log_likelihood: Option<f64>,
    /// Gradient of the mean log-likelihood at the parameters.
    pub gradient_norm: Option<f64>,
    /// Customers the model was made from.
    pub n_customers: usize,
    /// Last day it was allowed to see.
    pub as_of: i32,
    /// Unit of its time parameters.
    pub unit: Unit,
    /// How it would have predicted the last period.
    pub backtest: Option<Backtest>,
    /// For `rfm`: how many of each score bought again in the last period; empty for the others.
    pub buy_rates: Vec<BuyRate>,
    /// When not to trust it, in sentences.
    pub notes: Vec<String>,
}

impl Card {
    /// Starts the card of a model without a fit.
    pub(crate) fn new(model: &'static str, histories: &Histories) -> Card {
        Card {
            model,
            refusal: None,
            chosen: false,
            params: Vec::new(),
            standard_errors: Vec::new(),
            log_likelihood: None,
            gradient_norm: None,
            n_customers: histories.rows.len(),
            as_of: histories.as_of,
            unit: histories.unit,
            backtest: None,
            buy_rates: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Writes the outcome of a fit on the card.
    pub(crate) fn with_outcome(mut self, outcome: Result<&Fit, &Refusal>) -> Card {
        let fit = match outcome {
            Ok(fit) => fit,
            Err(refusal) => {
                self.notes.push(format!("Not used: {refusal}. A simpler estimate takes its place."));
                self.refusal = Some(refusal.clone());
                return self;
            }
        };
        self.params.clone_from(&fit.params);
        self.standard_errors.clone_from(&fit.standard_errors);
        self.log_likelihood = Some(fit.log_likelihood);
        self.gradient_norm = Some(fit.gradient_norm);
        self.n_customers = fit.n_customers;
        if fit.n_customers < FEW_CUSTOMERS {
            self.notes.push(format!(
                "Made from {} customers; below {FEW_CUSTOMERS} the parameters are rough, so look at the intervals.",
                fit.n_customers
            ));
        }
        if !fit.at_edge.is_empty() {
            self.notes.push(format!(
                "The data do not bound {}: customers hardly differ in that respect. Predictions hold, the parameter itself means nothing.",
                fit.at_edge.join(" and ")
            ));
        }
        self
    }

    /// Adds what the back-test says about the model, with its warnings.
    pub(crate) fn with_backtest(mut self, outcome: &Result<Backtest, Refusal>) -> Card {
        match outcome {
            Err(refusal) => self.notes.push(format!("Not back-tested: {refusal}.")),
            Ok(backtest) => {
                let bias = backtest.model.bias;
                if bias.abs() > 0.2 {
                    let way = if bias > 0.0 { "too many" } else { "too few" };
                    self.notes.push(format!(
                        "In the back-test it predicted {:.0} % {way} purchases over {} days.",
                        bias.abs() * 100.0,
                        backtest.holdout_days
                    ));
                }
                if backtest.model.deviance > backtest.baseline.deviance {
                    self.notes
                        .push("In the back-test everybody's own past rate predicted better.".to_owned());
                }
                let revenue = &backtest.revenue;
                if revenue.coverage_top_decile < revenue.level - 0.1 {
                    self.notes.push(format!(
                        "Among the best tenth, {:.0} % of the {:.0} % intervals held: take those of top customers as too narrow.",
                        revenue.coverage_top_decile * 100.0,
                        revenue.level * 100.0
                    ));
                }
                self.backtest = Some(backtest.clone());
            }
        }
        self
    }
}
