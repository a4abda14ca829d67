//! Where the domain hooks its rules into the one write path.

use db::Tx;

use crate::catalogue::Object;
use crate::{Ctx, Draft, Result, Saved};

/// A rule that may fill in, correct or refuse what is about to be saved.
pub type Before = fn(&mut Tx<'_>, &Ctx, &Object, &mut Draft) -> Result<()>;
/// A rule that keeps other rows in step with what was saved.
pub type After = fn(&mut Tx<'_>, &Ctx, &Object, &Saved) -> Result<()>;

/// The rules of one object.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rules {
    /// Runs before validation, inside the transaction.
    pub before: Option<Before>,
    /// Runs after the row and its event are written, inside the transaction.
    pub after: Option<After>,
}
