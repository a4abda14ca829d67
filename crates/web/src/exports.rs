//! Lists as files: CSV that imports read back and spreadsheets open, and JSON lines as the API writes records.

use db::Tx;
use kernel::{Ctx, Error, Field, ListQuery, Object, Record, Scope, Value, money};

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

/// Records on a page of an export.
pub const PAGE: usize = 1_000;

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
    if ctx.scope(object, kernel::Action::Export) == Scope::None {
        return Err(Error::Forbidden(format!("export {}", object.plural.to_lowercase())).into());
    }
    let query = ListQuery { export: true, limit: PAGE, ..query.clone() };
    let found = kernel::list(tx, ctx, object, &query)?;
    let mut bytes = Vec::new();
    match format {
        Format::JsonLines => {
            for record in &found.records {
                write_record(&mut bytes, ctx, object, record, &query.fields);
                bytes.push(b'\n');
            }
        }
        Format::Csv => {
            let fields: Vec<&Field> = match query.fields.is_empty() {
                true => ctx.visible_fields(object).collect(),
                false => query.fields.iter().filter_map(|key| object.field(key)).collect(),
            };
            csv(&mut bytes, ctx, object, &found.records, &fields, query.cursor.is_none())
                .map_err(|e| Refused::Broken(e.to_string()))?;
        }
    }
    Ok((bytes, found.next))
}

fn csv(
    bytes: &mut Vec<u8>,
    ctx: &Ctx,
    object: &Object,
    records: &[Record],
    fields: &[&Field],
    first: bool,
) -> std::io::Result<()> {
    let options = sheet::write::Options { mark: first, ..sheet::write::Options::default() };
    let mut writer = sheet::write::Writer::new(bytes, options);
    if first {
        writer.write_row(fields.iter().map(|f| f.key.as_str()))?;
    }
    for record in records {
        let cells: Vec<String> = fields.iter().map(|f| cell(ctx, object, record, f)).collect();
        writer.write_row(cells.iter().map(String::as_str))?;
    }
    writer.finish()?;
    Ok(())
}

/// A value as a file has it: plain numbers, ISO dates and times, names of linked records.
fn cell(ctx: &Ctx, object: &Object, record: &Record, field: &Field) -> String {
    match record.value(&field.key) {
        Value::Empty => String::new(),
        Value::Text(text) => text.clone(),
        Value::Whole(n) => n.to_string(),
        Value::Number(n) => n.to_string(),
        Value::Money(minor) => money::plain(*minor, record.currency(object, &ctx.currency)),
        Value::Date(date) => date.to_string(),
        Value::Time(micros) => jiff::Timestamp::from_microsecond(*micros).unwrap_or_default().to_string(),
        Value::Truth(yes) => if *yes { "yes" } else { "no" }.into(),
        Value::Many(keys) => keys.join(","),
        Value::Link(id) => record.names.get(&field.key).cloned().unwrap_or_else(|| id.to_string()),
    }
}
