//! What the models say of a customer, as the record page shows it.

use db::Tx;
use kernel::{Ctx, Record};

use crate::Refused;
use crate::views::{Insight, Stat};

/// Headline numbers and the insight panel of a party; nothing for one who never bought.
pub(crate) fn of_party(_: &mut Tx<'_>, _: &Ctx, _: &Record) -> Result<Option<(Vec<Stat>, Insight)>, Refused> {
    Ok(None)
}
