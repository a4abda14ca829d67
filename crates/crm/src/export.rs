//! Exports: records of any object as rows of text, through the catalogue and a page at a time.

use db::Tx;
use kernel::{Action, Ctx, Error, Field, Kind, ListQuery, Object, Record, Result, Scope, Value, money};

/// Records on a page of an export.
pub const PAGE: usize = 1_000;

/// May the actor take records of this object out? *Errors*: forbidden.
pub fn check(ctx: &Ctx, object: &Object) -> Result<()> {
    match ctx.scope(object, Action::Export) {
        Scope::None => Err(Error::Forbidden(format!("export {}", object.plural.to_lowercase()))),
        _ => Ok(()),
    }
}

/// One page of an export as CSV and the cursor of the next page; the first page begins with the field names. Cells that a
/// spreadsheet would run are guarded. `query` says which records, fields and order; its limit is not looked at.
/// *Errors*: the actor may not export; a filter or field that is not there.
pub fn csv_page(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    query: &ListQuery,
) -> Result<(Vec<u8>, Option<String>)> {
    check(ctx, object)?;
    let mut query = ListQuery { export: true, limit: PAGE, ..query.clone() };
    let fields: Vec<Field> = match query.fields.is_empty() {
        true => ctx.visible_fields(object).cloned().collect(),
        false => query.fields.iter().filter_map(|key| object.field(key)).cloned().collect(),
    };
    // Amounts need the currency of their record, also when it is no column of the export.
    if let Some(currency) = object.currency_field()
        && !query.fields.is_empty()
        && !query.fields.contains(&currency.key)
    {
        query.fields.push(currency.key.clone());
    }
    let found = kernel::list(tx, ctx, object, &query)?;
    let full = |error: std::io::Error| Error::Db(db::Error::Io(error));
    let first = query.cursor.is_none();
    let options = sheet::write::Options { mark: first, ..sheet::write::Options::default() };
    let mut bytes = Vec::new();
    let mut writer = sheet::write::Writer::new(&mut bytes, options);
    if first {
        writer.write_row(fields.iter().map(|f| f.key.as_str())).map_err(full)?;
    }
    for record in &found.records {
        let cells: Vec<String> = fields.iter().map(|f| cell(ctx, object, record, f)).collect();
        writer.write_row(cells.iter().map(String::as_str)).map_err(full)?;
    }
    writer.finish().map_err(full)?;
    Ok((bytes, found.next))
}

/// A value of a record; links by name, which people can read and which means the same in another Kith.
fn cell(ctx: &Ctx, object: &Object, record: &Record, field: &Field) -> String {
    let value = record.value(&field.key);
    match (value, record.names.get(&field.key)) {
        (Value::Link(_), Some(name)) if !name.trim().is_empty() => name.clone(),
        _ => text_of(&field.kind, value, record.currency(object, &ctx.currency)),
    }
}

/// A value as text that an import reads back: days and times in ISO form, amounts with a point, choices by their keys,
/// links by number.
pub fn text_of(kind: &Kind, value: &Value, currency: &str) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => text.clone(),
        Value::Whole(n) => n.to_string(),
        Value::Number(n) => n.to_string(),
        Value::Money(minor) => money::plain(*minor, currency),
        Value::Date(day) => day.to_string(),
        Value::Time(at) => moment(*at),
        Value::Truth(truth) => if *truth { "yes" } else { "no" }.to_string(),
        Value::Link(id) if matches!(kind, Kind::Link(_)) => format!("#{id}"),
        Value::Link(id) => id.to_string(),
        Value::Many(keys) => keys.join(","),
    }
}

fn moment(at: i64) -> String {
    jiff::Timestamp::from_microsecond(at).map(|t| t.to_string()).unwrap_or_default()
}
