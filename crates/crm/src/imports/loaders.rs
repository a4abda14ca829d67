//! What every kind of import has in common: it takes parsed rows in batches and accounts for each.

use db::Tx;
use kernel::Result;

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
    fn load(&mut self, tx: &mut Tx<'_>, rows: &[Parsed<Row<Self>>], work: &mut Work<'_>) -> Result<()>;

    /// How the mapped columns were read, for people.
    fn cells(&self, row: &Row<Self>) -> Vec<String>;
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
    pub(super) fn settle_refused<R>(&mut self, parsed: &Parsed<R>) {
        let outcome = if parsed.blank { Outcome::Skipped } else { Outcome::Failed };
        self.settle(parsed, outcome, &[]);
    }

    /// Shows one of the first rows.
    pub(super) fn show<R>(
        &mut self,
        parsed: &Parsed<R>,
        outcome: Outcome,
        cells: impl FnOnce(&R) -> Vec<String>,
    ) {
        if self.account.preview.len() >= N_PREVIEW || parsed.blank {
            return;
        }
        let cells = match &parsed.row {
            Some(row) => cells(row),
            None => {
                let mapped = self.columns.iter().enumerate().filter(|(_, c)| c.target.is_some());
                mapped
                    .map(|(at, _)| parsed.raw.get(at).unwrap_or_default().chars().take(200).collect())
                    .collect()
            }
        };
        self.account.preview.push(PreviewRow { row_number: parsed.number, outcome, cells });
    }
}
