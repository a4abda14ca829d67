//! Reads and parses rows on a thread of their own, while the batch before them is written.

use std::io::Read;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};

use kernel::Result;
use sheet::{Problem, Reader, Refusal};

use super::accounts::Severity;

/// Batches that wait between reading and writing.
const N_WAITING: usize = 2;
/// A batch of long rows ends here, whatever their number, so that hostile files find no room.
const BATCH_BYTES: usize = 8 * 1024 * 1024;

/// Something noticed about a row while it was parsed.
#[derive(Debug, Clone)]
pub(super) struct Note {
    /// Position of the column, when one is meant.
    pub(super) column: Option<usize>,
    pub(super) message: String,
    pub(super) severity: Severity,
}

/// A row of the file and what it was read as.
pub(super) struct Parsed<R> {
    pub(super) number: i64,
    pub(super) raw: sheet::Row,
    pub(super) notes: Vec<Note>,
    pub(super) blank: bool,
    /// Nothing when the row is blank or refused.
    pub(super) row: Option<R>,
}

/// Some rows, and where the reader stands behind them.
pub(super) struct Batch<R> {
    pub(super) rows: Vec<Parsed<R>>,
    pub(super) done_bytes: u64,
    /// The file cannot be read on behind these rows.
    pub(super) refusal: Option<Refusal>,
    /// Nothing comes behind these rows.
    pub(super) last: bool,
}

/// Turns the cells of a row into what is imported.
pub(super) trait Parser: Send {
    type Row: Send;

    /// What the row says; nothing when it is refused, which a note then explains.
    fn parse(&mut self, row: &sheet::Row, notes: &mut Vec<Note>) -> Option<Self::Row>;
}

impl Note {
    pub(super) fn warning(column: usize, message: impl Into<String>) -> Note {
        Note { column: Some(column), message: message.into(), severity: Severity::Warning }
    }

    pub(super) fn failed(column: Option<usize>, message: impl Into<String>) -> Note {
        Note { column, message: message.into(), severity: Severity::Failed }
    }
}

/// Feeds `each` with batches of `n_rows`, without the first `n_skipped` rows, until the file ends or `each` says false.
/// Rows that are skipped are parsed all the same, because parsers count what they have seen.
pub(super) fn feed<P: Parser>(
    source: impl Read + Send,
    dialect: &sheet::Dialect,
    mut parser: P,
    n_skipped: i64,
    n_rows: usize,
    mut each: impl FnMut(&mut Batch<P::Row>) -> Result<bool>,
) -> Result<()> {
    std::thread::scope(|scope| {
        let (sender, receiver): (SyncSender<Batch<P::Row>>, Receiver<_>) = sync_channel(N_WAITING);
        // What was read here is freed here, too: memory that one thread takes and another gives back costs both.
        let (give_back, given_back) = channel::<Batch<P::Row>>();
        scope.spawn(move || {
            let mut reader = Reader::open(source, dialect);
            loop {
                given_back.try_iter().for_each(drop);
                let batch = read(&mut reader, &mut parser, n_skipped, n_rows);
                let ended = batch.last;
                // Nobody listens any more when the run was ended.
                if sender.send(batch).is_err() || ended {
                    return;
                }
            }
        });
        // The receiver is dropped before the scope waits for the thread, so that a thread that sends comes to its end.
        let receiver = receiver;
        for mut batch in &receiver {
            let goes_on = each(&mut batch)?;
            let _ = give_back.send(batch);
            if !goes_on {
                break;
            }
        }
        drop(receiver);
        Ok(())
    })
}

fn read<P: Parser>(reader: &mut Reader<'_>, parser: &mut P, n_skipped: i64, n_rows: usize) -> Batch<P::Row> {
    let mut rows = Vec::with_capacity(n_rows);
    let (mut refusal, mut last, mut n_bytes) = (None, false, 0);
    while rows.len() < n_rows && n_bytes < BATCH_BYTES {
        let row = match reader.next_row() {
            Ok(Some(row)) => row,
            Ok(None) => {
                last = true;
                break;
            }
            Err(problem) => {
                (refusal, last) = (Some(problem), true);
                break;
            }
        };
        let number = i64::try_from(row.number()).unwrap_or(i64::MAX);
        let mut notes = Vec::new();
        let blank = row.blank();
        let sound = !blank && sound(row, &mut notes);
        let parsed = if sound { parser.parse(row, &mut notes) } else { None };
        if number > n_skipped {
            n_bytes += row.fields().map(str::len).sum::<usize>();
            rows.push(Parsed { number, raw: row.clone(), notes, blank, row: parsed });
        }
    }
    Batch { rows, done_bytes: reader.place().offset, refusal, last }
}

/// Notes what the reader found wrong; false when the cells cannot be trusted to stand in their columns.
fn sound(row: &sheet::Row, notes: &mut Vec<Note>) -> bool {
    let mut sound = true;
    for problem in row.problems() {
        let (column, fails) = match problem {
            Problem::Long { .. } | Problem::UnclosedQuote => (None, true),
            Problem::Replaced { column, .. } | Problem::StrayQuote { column } => (Some(*column), false),
            Problem::Short { .. } | Problem::Nul { .. } => (None, false),
        };
        let severity = if fails { Severity::Failed } else { Severity::Warning };
        notes.push(Note { column, message: problem.to_string(), severity });
        sound &= !fails;
    }
    sound
}
