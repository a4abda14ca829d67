//! Importing, step by step: upload, match columns, check, run, result.

use serde::Serialize;

use super::{Action, Choice, Empty, Fact, Link, Moment, Notice, Page, PostButton, Shell, Tone};

/// What every step shows at its head.
#[derive(Clone, Debug, Serialize)]
pub struct ImportHead {
    /// "Import contacts".
    pub title: String,
    /// The list it came from.
    pub crumb: Link,
    /// Steps in order.
    pub steps: Vec<ImportStep>,
}

/// A step with its state.
#[derive(Clone, Debug, Serialize)]
pub struct ImportStep {
    /// "Match columns".
    pub text: String,
    /// Where, once reachable.
    pub href: Option<String>,
    /// Behind us.
    pub done: bool,
    /// Here.
    pub current: bool,
}

/// Step 1. `POST {action}` as multipart with `object` and `file`, or `object` and `pasted`.
#[derive(Clone, Debug, Serialize)]
pub struct ImportUploadPage {
    /// Frame.
    pub shell: Shell,
    /// Head.
    pub head: ImportHead,
    /// Where it posts.
    pub action: String,
    /// What the rows are.
    pub objects: Vec<Choice>,
    /// "CSV, TSV or JSON Lines, up to 200 MB."
    pub limits: String,
    /// Why the file was refused.
    pub error: Option<String>,
    /// Remark about consent or rights.
    pub notice: Option<Notice>,
    /// Past imports.
    pub past: Vec<PastImport>,
}

impl Page for ImportUploadPage {
    const TEMPLATE: &'static str = "imports/upload.html";
}

/// Step 2. `POST {action}` with `field-{n}` per column, `format-{n}` where there is a choice, `key`, and
/// `delimiter`, `encoding`, `header`, `dates`, `numbers`; the button `again=1` reads the file anew with
/// these formats instead of going on.
#[derive(Clone, Debug, Serialize)]
pub struct ImportMatchPage {
    /// Frame.
    pub shell: Shell,
    /// Head.
    pub head: ImportHead,
    /// Where it posts.
    pub action: String,
    /// Back to the upload.
    pub back: String,
    /// The finding: "We matched 6 of 7 columns. Two need a look."
    pub finding: String,
    /// "kunder-2026.csv · 4,918 rows".
    pub file: String,
    /// Columns of the file.
    pub columns: Vec<ImportColumn>,
    /// How the file is read.
    pub formats: Vec<ImportFormat>,
    /// Fields that find existing records; the empty one means "always add".
    pub keys: Vec<Choice>,
    /// Errors: the same field twice, a required field without column.
    pub errors: Vec<String>,
    /// The button: "Check 4,918 rows".
    pub submit: String,
}

impl Page for ImportMatchPage {
    const TEMPLATE: &'static str = "imports/match.html";
}

/// A column of the file.
#[derive(Clone, Debug, Serialize)]
pub struct ImportColumn {
    /// Position, from nought.
    pub n: usize,
    /// Its header, or "Column 3".
    pub header: String,
    /// A few values.
    pub samples: Vec<String>,
    /// Fields to choose from; the empty value leaves the column out.
    pub fields: Vec<Choice>,
    /// "99 %", or none when left out.
    pub sure: Option<String>,
    /// Good, warn.
    pub sure_tone: Tone,
    /// How we know and what happens: "“3 540,00” is read as €3,540.00".
    pub why: String,
    /// Formats of this column, when there is a choice (day or month first).
    pub formats: Vec<Choice>,
}

/// One setting of how the file is read.
#[derive(Clone, Debug, Serialize)]
pub struct ImportFormat {
    /// `delimiter`, `encoding`, `header`, `dates`, `numbers`.
    pub name: String,
    /// Label.
    pub label: String,
    /// Values, the guessed one selected.
    pub choices: Vec<Choice>,
}

/// Step 3: nothing is saved yet. `POST {action}` starts it; `skip_problems` is ticked by default.
#[derive(Clone, Debug, Serialize)]
pub struct ImportCheckPage {
    /// Frame.
    pub shell: Shell,
    /// Head.
    pub head: ImportHead,
    /// Where it posts.
    pub action: String,
    /// Back to the columns.
    pub back: String,
    /// The button: "Import 4,871 rows".
    pub submit: String,
    /// Nothing can be imported.
    pub blocked: Option<String>,
    /// What would happen.
    pub counts: ImportCounts,
    /// Rows that cannot be read, the first hundred.
    pub problems: Vec<ImportProblem>,
    /// All of them as CSV.
    pub problems_href: Option<String>,
    /// Labels of the example rows.
    pub preview_columns: Vec<String>,
    /// The first rows as they will be saved.
    pub preview: Vec<ImportPreviewRow>,
}

impl Page for ImportCheckPage {
    const TEMPLATE: &'static str = "imports/check.html";
}

/// What an import did or would do, in rows, formatted.
#[derive(Clone, Debug, Serialize)]
pub struct ImportCounts {
    /// New records.
    pub created: String,
    /// Changed records.
    pub updated: String,
    /// Records that were like that already.
    pub unchanged: String,
    /// Rows left out on purpose.
    pub skipped: String,
    /// Rows that could not be read.
    pub failed: String,
}

/// A row that cannot be read.
#[derive(Clone, Debug, Serialize)]
pub struct ImportProblem {
    /// Number of the row in the file, formatted.
    pub row: String,
    /// Column.
    pub column: String,
    /// Its value.
    pub value: String,
    /// What is wrong.
    pub problem: String,
}

/// A row as it will be saved.
#[derive(Clone, Debug, Serialize)]
pub struct ImportPreviewRow {
    /// "new", "changed", "unchanged".
    pub outcome: String,
    /// Meaning of it.
    pub tone: Tone,
    /// Values, one per column.
    pub cells: Vec<String>,
}

/// Step 4, while it runs. The page reloads itself each `refresh_s` seconds; with JavaScript it polls `poll`,
/// which answers `{"done":3214,"total":4871,"text":"…","finished":false,"href":"…"}`.
#[derive(Clone, Debug, Serialize)]
pub struct ImportRunPage {
    /// Frame.
    pub shell: Shell,
    /// Head.
    pub head: ImportHead,
    /// "Adding contacts".
    pub title: String,
    /// 0–100.
    pub percent: u8,
    /// "3,214 of 4,871 · about 20 seconds left".
    pub text: String,
    /// Seconds between reloads without JavaScript.
    pub refresh_s: u32,
    /// Progress as JSON.
    pub poll: String,
    /// `POST` here stops it.
    pub stop: Option<String>,
}

impl Page for ImportRunPage {
    const TEMPLATE: &'static str = "imports/run.html";
}

/// Step 5: what it did.
#[derive(Clone, Debug, Serialize)]
pub struct ImportResultPage {
    /// Frame.
    pub shell: Shell,
    /// Head.
    pub head: ImportHead,
    /// "4,871 contacts are here", "Import stopped".
    pub title: String,
    /// Good, warn or bad.
    pub tone: Tone,
    /// File, who, when, how long.
    pub facts: Vec<Fact>,
    /// What it did.
    pub counts: ImportCounts,
    /// Why rows failed, most frequent first: reason and count.
    pub reasons: Vec<Fact>,
    /// Failed rows as CSV.
    pub errors_href: Option<String>,
    /// The imported records.
    pub see: Option<Action>,
    /// Taking it back.
    pub undo: Option<PostButton>,
    /// "Undo is possible until 22 Dec 2026." or why not.
    pub undo_note: String,
}

impl Page for ImportResultPage {
    const TEMPLATE: &'static str = "imports/result.html";
}

/// All past imports.
#[derive(Clone, Debug, Serialize)]
pub struct ImportsPage {
    /// Frame.
    pub shell: Shell,
    /// Past imports, newest first.
    pub imports: Vec<PastImport>,
    /// Starting one, when allowed.
    pub new: Option<Action>,
    /// Earlier ones.
    pub next: Option<String>,
    /// Shown when there are none.
    pub empty: Option<Empty>,
}

impl Page for ImportsPage {
    const TEMPLATE: &'static str = "imports/list.html";
}

/// An import that was made.
#[derive(Clone, Debug, Serialize)]
pub struct PastImport {
    /// Its page.
    pub href: String,
    /// Name of the file.
    pub file: String,
    /// "Contacts".
    pub object: String,
    /// Who made it.
    pub who: String,
    /// When.
    pub at: Moment,
    /// "1,204 added, 388 changed, 12 failed".
    pub summary: String,
    /// "Done", "Running", "Undone".
    pub state: String,
    /// Meaning of it.
    pub tone: Tone,
}
