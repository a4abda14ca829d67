//! The account of an import: what became of every row.

use serde_json::{Map, Value as Json, json};

/// Problems that an account carries itself; all of them are kept with the import.
pub(super) const N_PROBLEMS: usize = 100;
/// Rows that an account shows as they will be saved.
pub(super) const N_PREVIEW: usize = 20;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It made a record, or a line of an order.
    Created,
    /// It changed a record.
    Updated,
    /// Everything was like that already.
    Unchanged,
    /// It is blank.
    Skipped,
    /// It was refused; a problem says why.
    Failed,
}

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The row was refused.
    Failed,
    /// The row went in, but not all of it or not as it stood there.
    Warning,
    /// The row made a record that may be the same as another one.
    Duplicate,
}

/// Something about one row that a person should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// Number of the row, from 1; the header is not counted.
    pub row_number: i64,
    /// Name of the column, or empty when the whole row is meant.
    pub field: String,
    /// What is wrong and what became of it, in plain words.
    pub message: String,
    /// How much it matters.
    pub severity: Severity,
    /// The cells of the row as they stand in the file; long ones are shortened.
    pub content: Vec<String>,
}

/// One of the first rows as it was, or would be, saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewRow {
    /// Number of the row, from 1.
    pub row_number: i64,
    /// What became of it.
    pub outcome: Outcome,
    /// What each mapped column was read as, in the order of [`super::Plan::mapped`].
    pub cells: Vec<String>,
}

/// What an import did, or would do. Each row is counted once: created, updated, unchanged, skipped and failed
/// together make `n_rows`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Rows that were read.
    pub n_rows: i64,
    /// Rows that made a record.
    pub n_created: i64,
    /// Rows that changed a record.
    pub n_updated: i64,
    /// Rows that changed nothing, because everything was like that already.
    pub n_unchanged: i64,
    /// Rows that are blank.
    pub n_skipped: i64,
    /// Rows that were refused.
    pub n_failed: i64,
    /// Rows that went in, but of which something was left out or put right.
    pub n_warned: i64,
    /// Rows whose e-mail address, phone or name another record has as well.
    pub n_duplicates: i64,
    /// New customers, for a file of purchases.
    pub n_customers: i64,
    /// New products, for a file of purchases.
    pub n_products: i64,
    /// New orders, for a file of purchases.
    pub n_orders: i64,
    /// New lines of orders, for a file of purchases.
    pub n_lines: i64,
    /// New companies that contacts work for.
    pub n_companies: i64,
    /// What holds for many rows: sentences with their number of rows, the most frequent first.
    pub warnings: Vec<(String, i64)>,
    /// The first problems; [`super::problems`] has all of an import.
    pub problems: Vec<RowProblem>,
    /// The first rows; empty for an import that was read back.
    pub preview: Vec<PreviewRow>,
}

impl Outcome {
    /// The word for it: `created`.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Created => "created",
            Outcome::Updated => "updated",
            Outcome::Unchanged => "unchanged",
            Outcome::Skipped => "skipped",
            Outcome::Failed => "failed",
        }
    }
}

impl Severity {
    /// The word for it: `warning`.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Failed => "failed",
            Severity::Warning => "warning",
            Severity::Duplicate => "duplicate",
        }
    }

    pub(super) fn from_word(word: &str) -> Severity {
        match word {
            "warning" => Severity::Warning,
            "duplicate" => Severity::Duplicate,
            _ => Severity::Failed,
        }
    }
}

impl Account {
    /// Is every row accounted for?
    pub fn complete(&self) -> bool {
        self.n_rows == self.n_created + self.n_updated + self.n_unchanged + self.n_skipped + self.n_failed
    }

    /// Did, or would, nothing change?
    pub fn nothing_new(&self) -> bool {
        self.n_created == 0 && self.n_updated == 0
    }

    pub(super) fn count(&mut self, outcome: Outcome) {
        self.n_rows += 1;
        match outcome {
            Outcome::Created => self.n_created += 1,
            Outcome::Updated => self.n_updated += 1,
            Outcome::Unchanged => self.n_unchanged += 1,
            Outcome::Skipped => self.n_skipped += 1,
            Outcome::Failed => self.n_failed += 1,
        }
    }

    pub(super) fn warn(&mut self, sentence: &str) {
        match self.warnings.iter().position(|(known, _)| known == sentence) {
            Some(at) => self.warnings[at].1 += 1,
            None if self.warnings.len() < 200 => self.warnings.push((sentence.to_string(), 1)),
            None => {}
        }
        self.warnings.sort_by_key(|(_, n_rows)| std::cmp::Reverse(*n_rows));
    }

    /// The numbers by name, in reading order.
    pub fn numbers(&self) -> [(&'static str, i64); 13] {
        [
            ("n_rows", self.n_rows),
            ("n_created", self.n_created),
            ("n_updated", self.n_updated),
            ("n_unchanged", self.n_unchanged),
            ("n_skipped", self.n_skipped),
            ("n_failed", self.n_failed),
            ("n_warned", self.n_warned),
            ("n_duplicates", self.n_duplicates),
            ("n_customers", self.n_customers),
            ("n_products", self.n_products),
            ("n_orders", self.n_orders),
            ("n_lines", self.n_lines),
            ("n_companies", self.n_companies),
        ]
    }

    /// As JSON: the numbers and the warnings, without problems and preview.
    pub fn to_json(&self) -> Json {
        let mut json: Map<String, Json> =
            self.numbers().into_iter().map(|(name, n)| (name.to_string(), n.into())).collect();
        let warnings =
            self.warnings.iter().map(|(message, n)| json!({ "message": message, "n_rows": n })).collect();
        json.insert("warnings".into(), Json::Array(warnings));
        Json::Object(json)
    }

    /// The inverse of [`Account::to_json`]; what is missing is nought.
    pub fn from_json(json: &Json) -> Account {
        let n = |name: &str| json[name].as_i64().unwrap_or(0);
        let warnings = json["warnings"].as_array().into_iter().flatten();
        Account {
            n_rows: n("n_rows"),
            n_created: n("n_created"),
            n_updated: n("n_updated"),
            n_unchanged: n("n_unchanged"),
            n_skipped: n("n_skipped"),
            n_failed: n("n_failed"),
            n_warned: n("n_warned"),
            n_duplicates: n("n_duplicates"),
            n_customers: n("n_customers"),
            n_products: n("n_products"),
            n_orders: n("n_orders"),
            n_lines: n("n_lines"),
            n_companies: n("n_companies"),
            warnings: warnings
                .filter_map(|w| Some((w["message"].as_str()?.to_string(), w["n_rows"].as_i64()?)))
                .collect(),
            problems: Vec::new(),
            preview: Vec::new(),
        }
    }
}
