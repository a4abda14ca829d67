//! What every kind of import has in common: it takes parsed rows in batches and accounts for each.

use db::Tx;
use kernel::events::{self, Event};
use kernel::{Ctx, Object, Result};

use super::accounts::{Account, N_PREVIEW, N_PROBLEMS, Outcome, PreviewRow, RowProblem, Severity};
use super::feeds::{Note, Parsed, Parser};
use super::plans::ColumnPlan;
use super::problems;

/// The longest message that is kept, in characters.
const MESSAGE_LIMIT: usize = 300;

/// Turns parsed rows into records.
pub(super) trait Loader {
    type Parser: Parser;

    /// What reads the rows.
    fn parser(&self) -> Result<Self::Parser>;

    /// Rows that one transaction takes.
    fn n_rows(&self) -> usize;

    /// Does a dry run go through the motions of writing, to be rolled back?
    fn rehearses(&self) -> bool {
        false
    }

    /// Loads a batch and settles each of its rows. In a dry run it writes nothing.
    fn load(&mut self, tx: &mut Tx<'_>, rows: &mut [Parsed<Row<Self>>], work: &mut Work<'_>) -> Result<()>;

    /// How the mapped columns were read, for people.
    fn cells(&self, row: &Row<Self>) -> Vec<String>;
}

/// The events of new records as rows, each with its party where it belongs to one.
pub(super) fn created(
    ctx: &Ctx,
    object: &Object,
    records: impl Iterator<Item = (i64, Option<i64>)>,
) -> Vec<Vec<db::Value>> {
    // One is made and the others are like it, for a million of them are made at a time.
    let pattern = Event::of(ctx, object, 0, None, "created", None).row();
    let place = |column: &str| events::COLUMNS.iter().position(|c| *c == column).unwrap_or_default();
    let (record_at, party_at) = (place("record_id"), place("party_id"));
    records
        .map(|(id, party_id)| {
            let mut row = pattern.clone();
            row[record_at] = id.into();
            row[party_at] = party_id.into();
            row
        })
        .collect()
}

/// What a loader's parser makes of a row.
pub(super) type Row<L> = <<L as Loader>::Parser as Parser>::Row;

/// The account of a run in work, and the problems of the batch.
pub(super) struct Work<'a> {
    pub(super) account: &'a mut Account,
    pub(super) columns: &'a [ColumnPlan],
    pub(super) problems: Vec<RowProblem>,
}

impl Work<'_> {
    /// Accounts for a row: counts it and keeps what was noted.
    pub(super) fn settle<R>(&mut self, parsed: &Parsed<R>, outcome: Outcome, notes: &[Note]) {
        self.account.count(outcome);
        if parsed.notes.is_empty() && notes.is_empty() {
            return;
        }
        let all = || parsed.notes.iter().chain(notes);
        if outcome != Outcome::Failed && all().any(|n| n.severity == Severity::Warning) {
            self.account.n_warned += 1;
        }
        if all().any(|n| n.severity == Severity::Duplicate) {
            self.account.n_duplicates += 1;
        }
        for note in all() {
            let column = note.column.and_then(|at| self.columns.get(at)).map(|c| c.name.clone());
            let problem = RowProblem {
                row_number: parsed.number,
                field: column.unwrap_or_default(),
                message: note.message.chars().take(MESSAGE_LIMIT).collect(),
                severity: note.severity,
                content: problems::content(&parsed.raw),
            };
            if self.account.problems.len() < N_PROBLEMS {
                self.account.problems.push(problem.clone());
            }
            self.problems.push(problem);
        }
    }

    /// Settles a row that the parser did not let through.
    pub(super) fn settle_refused<R>(&mut self, parsed: &Parsed<R>) -> Outcome {
        let outcome = if parsed.blank { Outcome::Skipped } else { Outcome::Failed };
        self.settle(parsed, outcome, &[]);
        outcome
    }

    /// Is this one of the first rows, which are shown?
    pub(super) fn shows(&self) -> bool {
        self.account.preview.len() < N_PREVIEW
    }

    /// The mapped cells of a row that could not be read, as they stand.
    pub(super) fn raw_cells(&self, row: &sheet::Row) -> Vec<String> {
        let mapped = self.columns.iter().enumerate().filter(|(_, c)| c.target.is_some());
        mapped.map(|(at, _)| row.get(at).unwrap_or_default().chars().take(200).collect()).collect()
    }

    /// Shows one of the first rows.
    pub(super) fn show<R>(&mut self, parsed: &Parsed<R>, outcome: Outcome, cells: Option<Vec<String>>) {
        if let Some(cells) = cells.filter(|_| self.shows() && !parsed.blank) {
            self.account.preview.push(PreviewRow { row_number: parsed.number, outcome, cells });
        }
    }
}
