//! Imports: a file of rows becomes records, every row accounted for, and the whole can be taken back.
//!
//! The usual path:
//!
//! 1. [`propose`] looks at the first bytes of a file and makes a [`Plan`]: how it is written, which column fills which
//!    [`Target`], by which key existing records are recognised. A person may correct it.
//! 2. [`dry_run`] reads the whole file and says in an [`Account`] what would happen; it writes nothing.
//! 3. [`begin`] notes the import, and [`run`] does it in batches, each one transaction that also notes how far it came:
//!    after a crash, [`run`] with the same file goes on exactly there.
//! 4. [`undo`] takes it back as far as nobody built on it since.
//!
//! This module reads from what the caller opened, and from no file by itself.

mod accounts;
mod cells;
mod duplicates;
mod feeds;
mod guesses;
mod keys;
mod ledger;
mod links;
mod loaders;
mod lookups;
mod orders;
mod parties;
mod plans;
mod problems;
mod records;
mod runs;
mod statuses;
mod targets;
mod undoing;

pub use accounts::{Account, Outcome, PreviewRow, RowProblem, Severity};
pub use guesses::{propose, propose_as};
pub use ledger::{Import, NewImport, State, begin, get, list, remember, stop, unfinished};
pub use plans::{AmountPer, ColumnPlan, Plan};
pub use problems::{problems, problems_csv};
pub use runs::{Digest, Progress, digest, dry_run, run};
pub use targets::{Target, targets};
pub use undoing::{Kept, Undone, undo};
