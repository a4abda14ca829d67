//! The plan of an import: how the file is read, which column fills what, how existing records are recognised.

use kernel::{Ctx, Error, Kind, Problem, Result};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest as _, Sha256};
use sheet::values::{DateFormat, DateOrder, NumberFormat};
use sheet::{Delimiter, Dialect, Format};

use super::targets::{Target, targets};

/// What the amounts of a file of purchases are for, where several rows make one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AmountPer {
    /// Each row has the amount of its line.
    #[default]
    Line,
    /// The amount is that of the whole order: on its first row, or repeated on each.
    Order,
}

/// One column of the file and what becomes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnPlan {
    /// Its name, unique in the file.
    pub name: String,
    /// Key of the target that it fills; `None` leaves it out.
    pub target: Option<String>,
    /// How its cells are written.
    pub format: Format,
    /// A few different cells.
    pub samples: Vec<String>,
    /// How sure the proposal is, 0 to 1; below 0.5 a person should look.
    pub confidence: f64,
    /// Why it was proposed, in plain words.
    pub why: String,
    /// What a person should decide, when the cells allow two readings.
    pub ambiguous: Option<String>,
}

/// The plan of an import. It is complete in itself: kept with the import, and written to a map file.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What the rows are: `orders`, `contacts`, any object that takes records.
    pub object: String,
    /// How the file is written.
    pub dialect: Dialect,
    /// Its columns in order.
    pub columns: Vec<ColumnPlan>,
    /// Target by which existing records are recognised; `None` makes a record of every row that was not imported
    /// before.
    pub key: Option<String>,
    /// Currency of amounts that say none; `None` means the workspace's.
    pub currency: Option<String>,
    /// What new customers of a file of purchases are: `contacts` or `companies`.
    pub customers: String,
    /// What the amounts of a file of purchases are for.
    pub amount_per: AmountPer,
    /// How the file was read and why, in plain words.
    pub why: Vec<String>,
}

const ORDERS: [(DateOrder, &str); 7] = [
    (DateOrder::YearFirst, "year_first"),
    (DateOrder::DayFirst, "day_first"),
    (DateOrder::MonthFirst, "month_first"),
    (DateOrder::Compact, "compact"),
    (DateOrder::UnixSeconds, "unix_seconds"),
    (DateOrder::UnixMillis, "unix_millis"),
    (DateOrder::Serial, "serial"),
];

impl ColumnPlan {
    /// The format as a word for forms and maps: `plain`, `decimal_point`, `decimal_comma`, `day_first` …
    pub fn format_word(&self) -> &'static str {
        match self.format {
            Format::Plain => "plain",
            Format::Number(NumberFormat { decimal: ',' }) => "decimal_comma",
            Format::Number(_) => "decimal_point",
            Format::Date(DateFormat { order, .. }) => {
                ORDERS.iter().find(|(o, _)| *o == order).map_or("year_first", |(_, word)| word)
            }
        }
    }

    /// Sets the format by its word. *Errors*: no such word.
    pub fn set_format(&mut self, word: &str) -> Result<()> {
        self.format = match word {
            "plain" => Format::Plain,
            "decimal_comma" => Format::Number(NumberFormat { decimal: ',' }),
            "decimal_point" => Format::Number(NumberFormat { decimal: '.' }),
            _ => {
                let order = ORDERS.iter().find(|(_, w)| *w == word).map(|(o, _)| *o);
                let order = order.ok_or_else(|| {
                    let dates: Vec<&str> = ORDERS.iter().map(|(_, w)| *w).collect();
                    let known = format!("plain, decimal_point, decimal_comma, {}", dates.join(", "));
                    Error::invalid(&self.name, format!("{word} is not a format; it is one of {known}"))
                })?;
                Format::Date(DateFormat::new(order))
            }
        };
        self.ambiguous = None;
        Ok(())
    }
}

impl Plan {
    /// Position of the column that fills `target`.
    pub fn column_of(&self, target: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.target.as_deref() == Some(target))
    }

    /// The columns that fill something, in the order of the file.
    pub fn mapped(&self) -> impl Iterator<Item = (usize, &ColumnPlan)> {
        self.columns.iter().enumerate().filter(|(_, c)| c.target.is_some())
    }

    /// Lets the column `name` fill `target`, or nothing. *Errors*: no such column.
    pub fn set_target(&mut self, name: &str, target: Option<&str>) -> Result<()> {
        let names: Vec<String> = self.columns.iter().map(|c| c.name.clone()).collect();
        let column = self.columns.iter_mut().find(|c| c.name == name);
        let column = column.ok_or_else(|| {
            Error::invalid(name, format!("is not a column of the file, which has {}", names.join(", ")))
        })?;
        column.target = target.filter(|t| !t.is_empty()).map(String::from);
        column.confidence = 1.0;
        column.why = "was chosen".into();
        Ok(())
    }

    /// Checks the plan against the catalogue and the actor's rights.
    /// *Errors*: unknown or doubled targets, a required one without a column, a key that cannot be one.
    pub fn check(&self, ctx: &Ctx) -> Result<()> {
        let targets = targets(ctx, &self.object)?;
        let mut problems = Vec::new();
        let mut filled: Vec<&str> = Vec::new();
        for (_, column) in self.mapped() {
            let key = column.target.as_deref().unwrap_or_default();
            if !targets.iter().any(|t| t.key == key) {
                problems.push(Problem::new(
                    &column.name,
                    format!("cannot fill {key}: there is no such field, or you may not write it"),
                ));
            } else if filled.contains(&key) {
                problems.push(Problem::new(
                    &column.name,
                    format!("fills {key}, which another column fills as well"),
                ));
            }
            filled.push(key);
        }
        self.check_needs(&targets, &filled, &mut problems);
        if let Some(key) = &self.key {
            match targets.iter().find(|t| t.key == *key) {
                Some(target) if !target.key_field => {
                    problems.push(Problem::new(
                        "key",
                        format!("records cannot be recognised by {}", target.label),
                    ));
                }
                Some(_) if !filled.contains(&key.as_str()) => {
                    problems.push(Problem::new("key", format!("no column fills {key}")));
                }
                Some(_) => {}
                None => problems.push(Problem::new("key", format!("{key} is not a field"))),
            }
        }
        if let Some(code) = self.currency.as_deref().filter(|c| !kernel::money::known(c)) {
            problems.push(Problem::new("currency", format!("{code} is not a currency code such as EUR")));
        }
        if !["contacts", "companies"].contains(&self.customers.as_str()) {
            problems.push(Problem::new("customers", "is either contacts or companies"));
        }
        if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
    }

    fn check_needs(&self, targets: &[Target], filled: &[&str], problems: &mut Vec<Problem>) {
        let has = |key: &str| filled.contains(&key);
        for target in targets.iter().filter(|t| t.required && !has(&t.key)) {
            problems.push(Problem::new(
                &target.key,
                format!("needs a column: choose the one that holds “{}”", target.label),
            ));
        }
        if self.object == "orders" {
            if !["customer_id", "customer_email", "customer_name"].into_iter().any(has) {
                problems.push(Problem::new(
                    "customer_id",
                    "needs a column: choose the one that tells the customers apart",
                ));
            }
            if !has("amount") && !has("unit_price") {
                problems
                    .push(Problem::new("amount", "needs a column: choose the one that holds what was paid"));
            }
        } else if self.object == "contacts" {
            let names = ["name", "given_name", "family_name", "email", "phone", "mobile", "external_id"];
            if !names.into_iter().any(has) {
                problems.push(Problem::new(
                    "name",
                    "needs a column: choose one with names, e-mail addresses or phone numbers",
                ));
            }
        } else if filled.is_empty() {
            problems.push(Problem::new("", "no column fills anything"));
        }
    }

    /// As JSON: a map file, and what is kept with the import.
    pub fn to_json(&self) -> Json {
        let byte = |b: Option<u8>| b.map(|b| char::from(b).to_string());
        let delimiter = match self.dialect.delimiter {
            Delimiter::Byte(b) => char::from(b).to_string(),
            Delimiter::Blanks => "blanks".into(),
        };
        let columns: Vec<Json> = self
            .columns
            .iter()
            .map(|c| {
                json!({
                    "name": c.name, "target": c.target, "format": c.format_word(), "samples": c.samples,
                    "confidence": c.confidence, "why": c.why, "ambiguous": c.ambiguous,
                })
            })
            .collect();
        json!({
            "object": self.object,
            "key": self.key,
            "currency": self.currency,
            "customers": self.customers,
            "amount_per": if self.amount_per == AmountPer::Order { "order" } else { "line" },
            "file": {
                "encoding": self.dialect.encoding.name(), "delimiter": delimiter,
                "quote": byte(self.dialect.quote), "escape": byte(self.dialect.escape),
                "comment": byte(self.dialect.comment), "skip_lines": self.dialect.skip_lines,
                "header": self.dialect.header, "n_columns": self.dialect.n_columns,
            },
            "columns": columns,
            "why": self.why,
        })
    }

    /// The inverse of [`Plan::to_json`]. *Errors*: what is missing or no word of a plan.
    pub fn from_json(json: &Json) -> Result<Plan> {
        let object =
            json["object"].as_str().ok_or_else(|| Error::invalid("object", "is missing in the map"))?;
        let names =
            json["columns"].as_array().ok_or_else(|| Error::invalid("columns", "are missing in the map"))?;
        let columns = names
            .iter()
            .map(|c| ColumnPlan {
                name: c["name"].as_str().unwrap_or_default().to_string(),
                target: None,
                format: Format::Plain,
                samples: strings(&c["samples"]),
                confidence: 0.0,
                why: c["why"].as_str().unwrap_or_default().to_string(),
                ambiguous: None,
            })
            .collect();
        let mut plan = Plan {
            object: object.to_string(),
            dialect: Dialect::default(),
            columns,
            key: None,
            currency: None,
            customers: "contacts".into(),
            amount_per: AmountPer::Line,
            why: strings(&json["why"]),
        };
        plan.apply(json)?;
        for (column, c) in plan.columns.iter_mut().zip(names) {
            column.confidence = c["confidence"].as_f64().unwrap_or(1.0);
            column.why = c["why"].as_str().unwrap_or_default().to_string();
            column.ambiguous = c["ambiguous"].as_str().map(String::from);
        }
        Ok(plan)
    }

    /// Lays a map over the plan: what the map says replaces what was guessed, columns it does not name are left out.
    /// `columns` is a list as [`Plan::to_json`] writes it, or simply `{"Kunde": "customer_id", …}`.
    /// *Errors*: a column that the file does not have, a word that no plan has, a map for another object.
    pub fn apply(&mut self, map: &Json) -> Result<()> {
        let wrong = |field: &str, what: &str| Error::invalid(field, format!("{what} in the map"));
        if let Some(object) = map["object"].as_str().filter(|o| *o != self.object) {
            return Err(wrong("object", &format!("is {object}, not {},", self.object)));
        }
        match &map["columns"] {
            Json::Object(columns) => {
                self.apply_columns(columns.iter().map(|(name, target)| (name.as_str(), target, None)))?
            }
            Json::Array(columns) => {
                let columns = columns
                    .iter()
                    .map(|c| (c["name"].as_str().unwrap_or_default(), &c["target"], c["format"].as_str()));
                self.apply_columns(columns)?;
            }
            Json::Null => {}
            _ => return Err(wrong("columns", "are neither a list nor names with targets")),
        }
        let map = map.as_object().cloned().unwrap_or_default();
        if let Some(key) = map.get("key") {
            self.key = key.as_str().filter(|k| !k.is_empty()).map(String::from);
        }
        if let Some(currency) = map.get("currency") {
            self.currency = currency.as_str().map(String::from);
        }
        if let Some(customers) = map.get("customers").and_then(Json::as_str) {
            self.customers = customers.to_string();
        }
        if let Some(per) = map.get("amount_per").and_then(Json::as_str) {
            self.amount_per = if per == "order" { AmountPer::Order } else { AmountPer::Line };
        }
        if let Some(file) = map.get("file").and_then(Json::as_object) {
            self.dialect = dialect(file, self.dialect.clone())?;
        }
        Ok(())
    }

    fn apply_columns<'m>(
        &mut self,
        map: impl Iterator<Item = (&'m str, &'m Json, Option<&'m str>)>,
    ) -> Result<()> {
        let map: Vec<_> = map.collect();
        for column in &mut self.columns {
            if !map.iter().any(|(name, ..)| *name == column.name) {
                column.target = None;
            }
        }
        for (name, target, format) in map {
            self.set_target(name, target.as_str())?;
            if let Some(format) = format
                && let Some(column) = self.columns.iter_mut().find(|c| c.name == name)
            {
                column.set_format(format)?;
            }
        }
        Ok(())
    }

    /// What tells files of the same make: the object and the names of the columns.
    pub(super) fn columns_hash(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.object.as_bytes());
        for column in &self.columns {
            hash.update([0]);
            hash.update(column.name.as_bytes());
        }
        hash.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect()
    }
}

fn strings(json: &Json) -> Vec<String> {
    json.as_array().into_iter().flatten().filter_map(|s| s.as_str().map(String::from)).collect()
}

fn dialect(file: &Map<String, Json>, mut dialect: Dialect) -> Result<Dialect> {
    let wrong = |field: &str, what: String| Error::invalid(field, what);
    let byte = |name: &str, was: Option<u8>| match file.get(name) {
        None => Ok(was),
        Some(Json::Null) => Ok(None),
        Some(json) => match json.as_str().map(str::as_bytes) {
            Some([b]) if b.is_ascii() => Ok(Some(*b)),
            Some([]) => Ok(None),
            _ => Err(wrong(name, "is one ASCII character, or nothing".into())),
        },
    };
    dialect.quote = byte("quote", dialect.quote)?;
    dialect.escape = byte("escape", dialect.escape)?;
    dialect.comment = byte("comment", dialect.comment)?;
    match file.get("delimiter").and_then(Json::as_str) {
        Some("blanks") => dialect.delimiter = Delimiter::Blanks,
        Some("tab" | "\\t") => dialect.delimiter = Delimiter::Byte(b'\t'),
        Some(_) => match byte("delimiter", None)? {
            Some(b) => dialect.delimiter = Delimiter::Byte(b),
            None => return Err(wrong("delimiter", "is one ASCII character, tab or blanks".into())),
        },
        None => {}
    }
    if let Some(label) = file.get("encoding").and_then(Json::as_str) {
        dialect.encoding = encoding_rs::Encoding::for_label(label.as_bytes())
            .ok_or_else(|| wrong("encoding", format!("{label} is not an encoding such as utf-8")))?;
    }
    if let Some(n) = file.get("skip_lines").and_then(Json::as_u64) {
        dialect.skip_lines = n as usize;
    }
    if let Some(header) = file.get("header").and_then(Json::as_bool) {
        dialect.header = header;
    }
    if let Some(n) = file.get("n_columns").and_then(Json::as_u64) {
        dialect.n_columns = n as usize;
    }
    Ok(dialect)
}

/// Whether the kind is read under a date format.
pub(super) fn dated(kind: &Kind) -> bool {
    matches!(kind, Kind::Date | Kind::Time)
}
