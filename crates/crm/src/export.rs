//! Exports: records of any object as rows of text, through the catalogue and a page at a time.

use std::io::Write;

use db::Tx;
use kernel::{Action, Ctx, Error, Kind, ListQuery, Object, Record, Result, Scope, Value, list, money};
use serde_json::{Map, Value as Json};

/// Records that one statement reads.
const N_RECORDS: usize = 1_000;

/// How an export is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shape {
    /// Comma-separated values with a header; cells that a spreadsheet would run are guarded.
    #[default]
    Csv,
    /// One JSON object a line.
    JsonLines,
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

/// The fields that an export of `object` holds: those that the actor sees, or the named ones of them.
/// *Errors*: a field that is not there or hidden.
pub fn columns<'o>(ctx: &'o Ctx, object: &'o Object, wanted: &[String]) -> Result<Vec<&'o kernel::Field>> {
    if wanted.is_empty() {
        return Ok(ctx.visible_fields(object).collect());
    }
    let find = |key: &String| {
        let field = object.field(key).filter(|f| ctx.sees_field(object, f));
        field.ok_or_else(|| {
            Error::invalid("fields", format!("{} have no field {key}", object.plural.to_lowercase()))
        })
    };
    wanted.iter().map(find).collect()
}

/// Hands the records of a list to `each`, page by page, in the order of their numbers unless the query says another.
/// *Errors*: the actor may not export; a filter or field that is not there; what `each` says.
pub fn records(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    query: &ListQuery,
    mut each: impl FnMut(&[Record]) -> Result<()>,
) -> Result<()> {
    check(ctx, object)?;
    let mut query = ListQuery { limit: N_RECORDS, export: true, cursor: None, ..query.clone() };
    if query.sort.is_empty() {
        query.sort = kernel::SortKey::parse_all("id");
    }
    loop {
        let page = list(tx, ctx, object, &query)?;
        each(&page.records)?;
        match page.next {
            Some(next) => query.cursor = Some(next),
            None => return Ok(()),
        }
    }
}

fn check(ctx: &Ctx, object: &Object) -> Result<()> {
    match ctx.scope(object, Action::Export) {
        Scope::None => Err(Error::Forbidden(format!("export {}", object.plural.to_lowercase()))),
        _ => Ok(()),
    }
}

/// Writes an export; gives the number of records.
/// *Errors*: as [`records`], and the database's I/O error when `out` cannot take more.
pub fn write(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    query: &ListQuery,
    shape: Shape,
    out: &mut dyn Write,
) -> Result<u64> {
    check(ctx, object)?;
    let columns = columns(ctx, object, &query.fields)?;
    let full = |error: std::io::Error| Error::Db(db::Error::Io(error));
    let mut query = query.clone();
    query.fields = columns.iter().map(|f| f.key.clone()).collect();
    // Amounts need the currency of their record, also when it is no column of the export.
    if let Some(currency) = object.currency_field().filter(|f| !query.fields.contains(&f.key)) {
        query.fields.push(currency.key.clone());
    }
    let mut n_records = 0;
    match shape {
        Shape::Csv => {
            let mut writer = sheet::write::Writer::new(out, sheet::write::Options::default());
            writer.write_row(columns.iter().map(|f| f.key.as_str())).map_err(full)?;
            records(tx, ctx, object, &query, |page| {
                for record in page {
                    n_records += 1;
                    let currency = record.currency(object, &ctx.currency);
                    let cells: Vec<String> =
                        columns.iter().map(|f| text_of(&f.kind, record.value(&f.key), currency)).collect();
                    writer.write_row(cells.iter().map(String::as_str)).map_err(full)?;
                }
                Ok(())
            })?;
            writer.finish().map_err(full)?;
        }
        Shape::JsonLines => {
            records(tx, ctx, object, &query, |page| {
                for record in page {
                    n_records += 1;
                    let currency = record.currency(object, &ctx.currency);
                    let members =
                        columns.iter().map(|f| (f.key.clone(), json_of(record.value(&f.key), currency)));
                    let line: Map<String, Json> = members.collect();
                    writeln!(out, "{}", Json::Object(line)).map_err(full)?;
                }
                Ok(())
            })?;
            out.flush().map_err(full)?;
        }
    }
    Ok(n_records)
}

fn json_of(value: &Value, currency: &str) -> Json {
    match value {
        Value::Empty => Json::Null,
        Value::Text(text) => text.as_str().into(),
        Value::Whole(n) | Value::Link(n) => (*n).into(),
        Value::Number(n) => (*n).into(),
        Value::Money(minor) => {
            serde_json::json!({ "amount": money::plain(*minor, currency), "currency": currency })
        }
        Value::Date(day) => day.to_string().into(),
        Value::Time(at) => moment(*at).into(),
        Value::Truth(truth) => (*truth).into(),
        Value::Many(keys) => keys.clone().into(),
    }
}
