//! Model cards: what each model was made from, what it found, and how well it would have done.

use insight::Unit;
use insight::backtest::{Backtest, CalibrationRow, Errors, Revenue};
use jiff::civil::Date;
use kernel::value::{date_of, days_of};
use serde_json::{Map, Value as Json, json};

/// The card of one model of one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// `rfm`, `bg_nbd`, `mbg_nbd`, `pareto_nbd` or `gamma_gamma`.
    pub model: String,
    /// Whether the scores of the run come from it.
    pub chosen: bool,
    /// Parameters by their published names, each with its standard error. *Units*: times in the card's unit, spend in major units.
    pub params: Vec<Param>,
    /// Log-likelihood at the parameters.
    pub log_likelihood: Option<f64>,
    /// Customers that it was made from.
    pub n_customers: usize,
    /// How it would have predicted a period that it had not seen.
    pub backtest: Option<Backtest>,
    /// Why there is no fit.
    pub refused: Option<String>,
    /// When not to trust it, in sentences.
    pub notes: Vec<String>,
}

/// A parameter of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Its published name.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// How far it may be off.
    pub standard_error: f64,
}

/// What all cards of a run share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// The last day that the models saw.
    pub as_of: Date,
    /// The unit of their times.
    pub unit: Unit,
    /// First and last day of a purchase that they saw.
    pub window: Option<(Date, Date)>,
}

impl Card {
    pub(super) fn of(card: &insight::Card) -> Card {
        let errors = card.standard_errors.iter().copied().chain(std::iter::repeat(0.0));
        let param = |((name, value), standard_error): (&(&str, f64), f64)| Param {
            name: (*name).to_string(),
            value: *value,
            standard_error,
        };
        Card {
            model: card.model.to_string(),
            chosen: card.chosen,
            params: card.params.iter().zip(errors).map(param).collect(),
            log_likelihood: card.log_likelihood,
            n_customers: card.n_customers,
            backtest: card.backtest.clone(),
            refused: card.refusal.as_ref().map(ToString::to_string),
            notes: card.notes.clone(),
        }
    }

    /// As scripts read it from `kith score --json`.
    pub fn to_json(&self, frame: &Frame) -> Json {
        let pairs = |of: fn(&Param) -> f64| -> Map<String, Json> {
            self.params.iter().map(|p| (p.name.clone(), Json::from(of(p)))).collect()
        };
        json!({
            "model": self.model,
            "chosen": self.chosen,
            "params": pairs(|p| p.value),
            "standard_errors": pairs(|p| p.standard_error),
            "log_likelihood": self.log_likelihood,
            "n_customers": self.n_customers,
            "as_of": frame.as_of.to_string(),
            "unit": unit_word(frame.unit),
            "window": frame.window.map(|(first, last)| json!({ "first": first.to_string(), "last": last.to_string() })),
            "backtest": self.backtest.as_ref().map(backtest_json),
            "refused": self.refused,
            "notes": self.notes,
        })
    }

    /// The inverse of [`Card::to_json`]; parameters in their published order.
    pub(super) fn from_json(json: &Json) -> Card {
        let model = text(&json["model"]);
        let value = |key: &str, name: &str| json[key][name].as_f64();
        let param = |name: &&str| {
            Some(Param {
                name: (*name).to_string(),
                value: value("params", name)?,
                standard_error: value("standard_errors", name).unwrap_or(0.0),
            })
        };
        Card {
            params: published_names(&model).iter().filter_map(param).collect(),
            chosen: json["chosen"].as_bool() == Some(true),
            log_likelihood: json["log_likelihood"].as_f64(),
            n_customers: whole(&json["n_customers"]),
            backtest: (!json["backtest"].is_null()).then(|| backtest_of(&json["backtest"])),
            refused: json["refused"].as_str().map(String::from),
            notes: json["notes"].as_array().into_iter().flatten().map(text).collect(),
            model,
        }
    }

    /// The name under which the model was published.
    pub fn title(&self) -> &'static str {
        model_title(&self.model)
    }
}

/// The name under which a model was published: `BG/NBD`.
pub fn model_title(model: &str) -> &'static str {
    match model {
        "rfm" => "Recency, frequency, monetary",
        "bg_nbd" => "BG/NBD",
        "mbg_nbd" => "MBG/NBD",
        "pareto_nbd" => "Pareto/NBD",
        "gamma_gamma" => "Gamma-Gamma",
        _ => "Means of all customers",
    }
}

fn published_names(model: &str) -> &'static [&'static str] {
    match model {
        "bg_nbd" | "mbg_nbd" => &["r", "alpha", "a", "b"],
        "pareto_nbd" => &["r", "alpha", "s", "beta"],
        "gamma_gamma" => &["p", "q", "gamma"],
        _ => &[],
    }
}

/// The word for a unit in options and JSON: `week`.
pub fn unit_word(unit: Unit) -> &'static str {
    match unit {
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
    }
}

/// The inverse of [`unit_word`].
pub fn unit_of(word: &str) -> Option<Unit> {
    [Unit::Day, Unit::Week, Unit::Month].into_iter().find(|unit| unit_word(*unit) == word)
}

fn backtest_json(b: &Backtest) -> Json {
    let mut json = errors_json(&b.model);
    if let Json::Object(map) = &mut json {
        map.insert("split_on".into(), Json::from(date_of(b.split_on.into()).map(|d| d.to_string())));
        map.insert("holdout_days".into(), Json::from(b.holdout_days));
        map.insert("n_customers".into(), Json::from(b.n_customers));
        map.insert("baseline".into(), errors_json(&b.baseline));
        let row = |r: &CalibrationRow| json!({ "x": r.x, "n_customers": r.n_customers, "predicted": r.predicted, "actual": r.actual });
        map.insert("calibration".into(), b.calibration.iter().map(row).collect());
        let r = &b.revenue;
        map.insert(
            "revenue".into(),
            json!({
                "predicted": r.predicted, "actual": r.actual, "bias": r.bias, "coverage": r.coverage,
                "coverage_top_decile": r.coverage_top_decile, "level": r.level,
            }),
        );
    }
    json
}

fn errors_json(e: &Errors) -> Json {
    json!({
        "predicted_purchases": e.predicted_total, "actual_purchases": e.actual_total, "bias": e.bias, "mae": e.mae,
        "rmse": e.rmse, "deviance": e.deviance, "spearman": e.spearman, "top_decile_share": e.top_decile_share,
    })
}

fn backtest_of(json: &Json) -> Backtest {
    let row = |r: &Json| CalibrationRow {
        x: whole(&r["x"]) as u32,
        n_customers: whole(&r["n_customers"]),
        predicted: number(&r["predicted"]),
        actual: number(&r["actual"]),
    };
    let r = &json["revenue"];
    let split_on = json["split_on"].as_str().and_then(|day| day.parse::<Date>().ok());
    Backtest {
        split_on: split_on.map_or(0, |day| days_of(day) as i32),
        holdout_days: whole(&json["holdout_days"]) as i32,
        n_customers: whole(&json["n_customers"]),
        model: errors_of(json),
        baseline: errors_of(&json["baseline"]),
        calibration: json["calibration"].as_array().into_iter().flatten().map(row).collect(),
        revenue: Revenue {
            predicted: number(&r["predicted"]),
            actual: number(&r["actual"]),
            bias: number(&r["bias"]),
            coverage: number(&r["coverage"]),
            coverage_top_decile: number(&r["coverage_top_decile"]),
            level: number(&r["level"]),
        },
    }
}

fn errors_of(json: &Json) -> Errors {
    Errors {
        predicted_total: number(&json["predicted_purchases"]),
        actual_total: number(&json["actual_purchases"]),
        bias: number(&json["bias"]),
        mae: number(&json["mae"]),
        rmse: number(&json["rmse"]),
        deviance: number(&json["deviance"]),
        spearman: number(&json["spearman"]),
        top_decile_share: number(&json["top_decile_share"]),
    }
}

pub(super) fn text(json: &Json) -> String {
    json.as_str().unwrap_or_default().to_string()
}

pub(super) fn number(json: &Json) -> f64 {
    json.as_f64().unwrap_or(0.0)
}

pub(super) fn whole(json: &Json) -> usize {
    json.as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0)
}
