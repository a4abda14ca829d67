//! Lists as files: CSV that imports read back and spreadsheets open, and JSON lines as the API writes records.

use crm::export;
use db::Tx;
use kernel::{Ctx, ListQuery, Object};

use crate::Refused;
use crate::wire::write_record;

/// How records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated, UTF-8 with a mark, formula cells guarded, links by name.
    Csv,
    /// One record of the API on each line.
    JsonLines,
}

/// One page of an export and the cursor of the next; the first CSV page begins with the field names.
/// `query` says which records, fields and order; its limit is not looked at.
/// *Errors*: the actor may not export the object; whatever a list refuses.
pub fn page(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    query: &ListQuery,
    format: Format,
) -> Result<(Vec<u8>, Option<String>), Refused> {
    if format == Format::Csv {
        return Ok(export::csv_page(tx, ctx, object, query)?);
    }
    export::check(ctx, object)?;
    let query = ListQuery { export: true, limit: export::PAGE, ..query.clone() };
    let found = kernel::list(tx, ctx, object, &query)?;
    let mut bytes = Vec::new();
    for record in &found.records {
        write_record(&mut bytes, ctx, object, record, &query.fields);
        bytes.push(b'\n');
    }
    Ok((bytes, found.next))
}
