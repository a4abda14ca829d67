//! Lists by keyset: a page costs the same wherever it lies.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use db::Tx;
use serde_json::Value as Json;

use crate::access::Action;
use crate::catalogue::{Field, Kind, Object, Storage};
use crate::filter::{self, Expr};
use crate::record::Shape;
use crate::sql::{Sql, base_conditions, beside_joins, column_sql, folded_column, where_sql};
use crate::{Ctx, Error, Record, Result, search};

/// The most records that a page holds.
pub(crate) const MAX_LIMIT: usize = 1_000;
/// Counting stops here; more are shown as "10,000+".
pub(crate) const COUNT_LIMIT: i64 = 10_000;

/// What to list, in which order, from where.
#[derive(Debug, Clone, Default)]
pub struct ListQuery {
    /// Only records that meet it.
    pub filter: Option<Expr>,
    /// Only records that search finds for these words.
    pub search: Option<String>,
    /// Order; the id breaks ties. Empty means the object's own order.
    pub sort: Vec<SortKey>,
    /// Fields to read; empty means all that the reader may see.
    pub fields: Vec<String>,
    /// Cursor of a page that this one follows, or with a leading `<`, precedes.
    pub cursor: Option<String>,
    /// Records on the page, 1 to 1,000.
    pub limit: usize,
    /// Archived records instead of living ones.
    pub archived: bool,
    /// What the records are wanted for: to be seen or to be exported.
    pub export: bool,
}

/// One key of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortKey {
    /// The field.
    pub field: String,
    /// Largest first? Records without a value come last either way.
    pub descending: bool,
}

/// One page of a list.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Its records.
    pub records: Vec<Record>,
    /// Cursor for the next page, when there is one.
    pub next: Option<String>,
    /// Cursor for the page before, when there is one.
    pub previous: Option<String>,
}

/// How many records a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// So many.
    Exact(i64),
    /// So many and more.
    AtLeast(i64),
}

impl SortKey {
    /// Reads `-lifetime_value,name`.
    pub fn parse_all(text: &str) -> Vec<SortKey> {
        let keys = text.split(',').map(str::trim).filter(|k| !k.is_empty());
        keys.map(|key| match key.strip_prefix('-') {
            Some(field) => SortKey { field: field.to_string(), descending: true },
            None => SortKey { field: key.trim_start_matches('+').to_string(), descending: false },
        })
        .collect()
    }

    /// The inverse of [`SortKey::parse_all`].
    pub fn write_all(keys: &[SortKey]) -> String {
        let keys: Vec<String> =
            keys.iter().map(|k| format!("{}{}", if k.descending { "-" } else { "" }, k.field)).collect();
        keys.join(",")
    }
}

/// A sort key resolved to SQL.
struct Order {
    sql: String,
    descending: bool,
    nullable: bool,
    holds: Holds,
    /// The record's id as the index of this key has it.
    id: String,
}

/// What the values of a key are in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Words,
    Whole,
    Measure,
}

impl Holds {
    fn of(kind: &Kind) -> Holds {
        match kind {
            Kind::Number | Kind::Percent => Holds::Measure,
            Kind::Whole | Kind::Money | Kind::Date | Kind::Time | Kind::Truth | Kind::Link(_) => Holds::Whole,
            _ => Holds::Words,
        }
    }

    fn takes(self, value: &db::Value) -> bool {
        match value {
            db::Value::Null => true,
            db::Value::Text(_) => self == Holds::Words,
            db::Value::Int(_) => self != Holds::Words,
            db::Value::Real(_) => self == Holds::Measure,
            db::Value::Bytes(_) => false,
        }
    }
}

/// The place of a row in an order: the values of its keys, then its id.
struct Cursor {
    values: Vec<db::Value>,
    id: i64,
    backwards: bool,
}

/// One page of the records that `action` see (or export) reaches.
/// *Errors*: unknown field in filter, order or columns; a cursor of another list.
pub fn list(tx: &mut Tx<'_>, ctx: &Ctx, object: &Object, query: &ListQuery) -> Result<Page> {
    let limit = query.limit.clamp(1, MAX_LIMIT);
    let orders = orders(ctx, object, &query.sort)?;
    let cursor = query.cursor.as_deref().map(|text| read_cursor(text, &orders)).transpose()?;
    let backwards = cursor.as_ref().is_some_and(|c| c.backwards);

    // Records without the first key's value come last in both directions, which no index gives on both engines
    // alike. So the list is two lists, one after the other, and each walks its index.
    let nullable = orders.first().is_some_and(|o| o.nullable);
    let mut phases: Vec<Option<bool>> = if nullable { vec![Some(false), Some(true)] } else { vec![None] };
    if backwards {
        phases.reverse();
    }
    let started_in_empty = cursor.as_ref().map(|c| nullable && c.values.first() == Some(&db::Value::Null));
    let mut rows = Vec::new();
    for phase in phases {
        let passed = match (started_in_empty, phase) {
            (Some(in_empty), Some(empty)) => in_empty != empty && in_empty != backwards,
            _ => false,
        };
        if passed || rows.len() > limit {
            continue;
        }
        let here = cursor.as_ref().filter(|_| phase.is_none_or(|empty| started_in_empty == Some(empty)));
        let wanted = limit + 1 - rows.len();
        rows.extend(fetch(tx, ctx, object, query, &orders, phase, here, backwards, wanted)?);
    }
    let more = rows.len() > limit;
    rows.truncate(limit);
    if backwards {
        rows.reverse();
    }
    let edge = |row: Option<&(Record, Vec<db::Value>)>, backwards| {
        row.map(|(record, values)| write_cursor(values, record.id, backwards))
    };
    let has_next = if backwards { true } else { more };
    let has_previous = if backwards { more } else { cursor.is_some() };
    let next = edge(rows.last().filter(|_| has_next), false);
    let previous = edge(rows.first().filter(|_| has_previous), true);
    Ok(Page { next, previous, records: rows.into_iter().map(|(record, _)| record).collect() })
}

/// How many records a filter leaves, exact up to [`COUNT_LIMIT`].
pub fn count(tx: &mut Tx<'_>, ctx: &Ctx, object: &Object, query: &ListQuery) -> Result<Total> {
    let (text, params) = counted(tx, ctx, object, query)?;
    let n = tx.one(&format!("SELECT COUNT(*) FROM ({text}) c"), &params)?.int(0)?;
    Ok(if n > COUNT_LIMIT { Total::AtLeast(COUNT_LIMIT) } else { Total::Exact(n) })
}

/// As [`count`], but given up when it would keep a page waiting: then a round number of those found until then.
pub fn count_briefly(tx: &mut Tx<'_>, ctx: &Ctx, object: &Object, query: &ListQuery) -> Result<Total> {
    let (text, params) = counted(tx, ctx, object, query)?;
    let mut n = 0;
    // Without a filter an index is counted through, which is cheap; a filter looks at records.
    let n_steps = if query.filter.is_none() && query.search.is_none() { 60_000 } else { 10_000 };
    let whole = tx.each_briefly(n_steps, &text, &params, |_| {
        n += 1;
        Ok(())
    })?;
    // A count that was given up is no number to remember: 1,500 and more instead of 1,583.
    let round = if n >= 1_000 { n - n % 500 } else { n - n % 50 };
    Ok(if whole && n <= COUNT_LIMIT { Total::Exact(n) } else { Total::AtLeast(round.min(COUNT_LIMIT)) })
}

/// A statement with one row for each record that is to be counted.
fn counted(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    query: &ListQuery,
) -> Result<(String, Vec<db::Value>)> {
    let mut sql = Sql::default();
    let conditions = conditions(ctx, object, query, &mut sql, tx.engine())?;
    let joins = beside_joins(conditions.joined.iter(), "t");
    let text = format!(
        "SELECT 1 AS one FROM {} t{joins}{} LIMIT {}",
        object.table,
        where_sql(&conditions.all()),
        COUNT_LIMIT + 1
    );
    Ok((text, sql.params))
}

/// Count and sum of `sum` (if given) for each value of the choice or link field `by`, of the records of a filter.
/// *Shape*: (value, count, sum) in no order, at most 200.
pub fn aggregate(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    query: &ListQuery,
    by: &str,
    sum: Option<&str>,
) -> Result<Vec<(crate::Value, i64, i64)>> {
    let mut sql = Sql::default();
    let by = visible(ctx, object, by)?;
    let summed = sum.map(|key| visible(ctx, object, key)).transpose()?;
    let mut conditions = conditions(ctx, object, query, &mut sql, tx.engine())?;
    conditions.joined.push(by.clone());
    conditions.joined.extend(summed.cloned());
    let group = column_sql(by, "t");
    let total = summed
        .map_or("0".to_string(), |f| format!("CAST(COALESCE(SUM({}), 0) AS BIGINT)", column_sql(f, "t")));
    let text = format!(
        "SELECT {group}, COUNT(*), {total} FROM {} t{}{} GROUP BY {group} LIMIT 200",
        object.table,
        beside_joins(conditions.joined.iter(), "t"),
        where_sql(&conditions.all())
    );
    let rows = tx.query(&text, &sql.params)?;
    rows.iter()
        .map(|row| Ok((crate::Value::from_db(&by.kind, row.get(0)), row.int(1)?, row.int(2)?)))
        .collect()
}

fn visible<'a>(ctx: &Ctx, object: &'a Object, key: &str) -> Result<&'a Field> {
    let field = object.field(key).filter(|f| ctx.sees_field(object, f));
    field.ok_or_else(|| {
        Error::invalid("fields", format!("{} have no field {key}", object.plural.to_lowercase()))
    })
}

fn orders(ctx: &Ctx, object: &Object, keys: &[SortKey]) -> Result<Vec<Order>> {
    let own = SortKey::parse_all(&object.sort);
    let keys = if keys.is_empty() { &own } else { keys };
    if keys.len() > 3 {
        return Err(Error::invalid("sort", "at most three fields can be sorted by"));
    }
    let mut orders = Vec::new();
    for key in keys {
        let field = object.field(&key.field).filter(|f| ctx.sees_field(object, f));
        let field = field.ok_or_else(|| {
            Error::invalid("sort", format!("{} have no field {}", object.plural.to_lowercase(), key.field))
        })?;
        let folded = folded_column(object, field);
        let sql = folded.map_or_else(|| column_sql(field, "t"), |column| format!("t.{column}"));
        let nullable = folded.is_none() && !["id", "created_at", "updated_at"].contains(&field.key.as_str());
        let id = match &field.storage {
            Storage::Beside { table, key, .. } => format!("t_{table}.{key}"),
            _ => "t.id".to_string(),
        };
        orders.push(Order { sql, descending: key.descending, nullable, holds: Holds::of(&field.kind), id });
    }
    Ok(orders)
}

/// What narrows a list.
struct Conditions {
    /// What holds for every list of the object: kind, rights, archived or not.
    base: Vec<String>,
    /// What was asked for: the filter, part by part, and the search.
    asked: Vec<String>,
    /// Does the filter name a record that others hang on? Then it leaves few, and an index finds them.
    pointed: bool,
    /// Fields that the filter reads, for those beside the record.
    joined: Vec<Field>,
}

impl Conditions {
    fn all(&self) -> Vec<String> {
        [self.base.as_slice(), &self.asked].concat()
    }

    /// The same, put so that the order is walked and each record looked at: a plus keeps the engine from looking for an
    /// index of what stands behind it.
    fn along_the_order(&self) -> Vec<String> {
        let asked = self.asked.iter().map(|asked| format!("+({asked})"));
        self.base.iter().cloned().chain(asked).collect()
    }
}

/// The conditions of a filter and a search.
fn conditions(
    ctx: &Ctx,
    object: &Object,
    query: &ListQuery,
    sql: &mut Sql,
    engine: db::Engine,
) -> Result<Conditions> {
    let action = if query.export { Action::Export } else { Action::See };
    let mut base = base_conditions(ctx, object, Action::See, "t", Some(query.archived), sql)?;
    if query.export {
        base.extend(crate::sql::scope_sql(ctx, object, action, "t", sql)?);
    }
    let (mut asked, mut joined, mut pointed) = (Vec::new(), Vec::new(), false);
    let parts = match &query.filter {
        Some(Expr::And(parts)) => parts.as_slice(),
        filter => filter.as_slice(),
    };
    for part in parts {
        let (condition, used) = filter::compile(ctx, object, part, "t", sql)?;
        asked.push(condition);
        joined.extend(used);
        if let Expr::Compare { path, op: filter::Op::Eq | filter::Op::In, .. } = part
            && let Some(field) = path.first().and_then(|key| object.field(key))
        {
            pointed |= path.len() == 1 && (field.unique || matches!(field.kind, Kind::Link(_)));
        }
    }
    if let Some(words) = query.search.as_deref().filter(|w| !w.trim().is_empty()) {
        asked.push(search::condition(engine, words, "t.id", sql));
        asked.extend(search::seen_condition(ctx, object, words, "t", sql));
    }
    Ok(Conditions { base, asked, pointed, joined })
}

#[expect(clippy::too_many_arguments, reason = "one statement is built here, and all of these shape it")]
fn fetch(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    query: &ListQuery,
    orders: &[Order],
    phase: Option<bool>,
    cursor: Option<&Cursor>,
    backwards: bool,
    limit: usize,
) -> Result<Vec<(Record, Vec<db::Value>)>> {
    let mut sql = Sql::default();
    let mut conditions = conditions(ctx, object, query, &mut sql, tx.engine())?;
    let keys = if query.sort.is_empty() { SortKey::parse_all(&object.sort) } else { query.sort.clone() };
    let sorted: Vec<&Field> = keys.iter().filter_map(|k| object.field(&k.field)).collect();
    conditions.joined.extend(sorted.iter().copied().cloned());
    let fields: Vec<&Field> = match query.fields.is_empty() {
        true => ctx.visible_fields(object).collect(),
        false => query.fields.iter().map(|key| visible(ctx, object, key)).collect::<Result<_>>()?,
    };
    let shape = Shape::new(ctx, object, fields, &sorted, &mut sql)?;

    // In the phase without values the first key says nothing, so it is left out of order and comparison.
    let skipped = usize::from(phase == Some(true));
    let active = &orders[skipped.min(orders.len())..];
    if let (Some(empty), Some(first)) = (phase, orders.first()) {
        conditions.base.push(format!("{} IS {}NULL", first.sql, if empty { "" } else { "NOT " }));
    }
    let id_descending = orders.last().is_some_and(|o| o.descending);
    let id_sql = match (phase, orders.first()) {
        (Some(false), Some(first)) => first.id.clone(),
        _ => "t.id".to_string(),
    };
    if let Some(cursor) = cursor {
        let values = cursor.values.get(skipped..).unwrap_or_default();
        let first_has_value = phase != Some(true);
        let place =
            Place { values, id: cursor.id, id_descending, backwards, first_has_value, id_sql: &id_sql };
        conditions.base.push(after_sql(active, &place, &mut sql));
    }
    let mut order: Vec<String> = Vec::new();
    for (n, key) in active.iter().enumerate() {
        // The first key of this phase has no empty values; a later one sorts them last by a key of its own.
        if key.nullable && (n > 0 || skipped == 1) {
            order.push(format!("({} IS NULL){}", key.sql, if backwards { " DESC" } else { "" }));
        }
        order.push(format!("{}{}", key.sql, if key.descending != backwards { " DESC" } else { "" }));
    }
    order.push(format!("{id_sql}{}", if id_descending != backwards { " DESC" } else { "" }));
    let extra: Vec<String> = orders.iter().map(|o| format!(", {}", o.sql)).collect();
    let mut joins = beside_joins(conditions.joined.iter(), "t");
    if let (Some(false), Some(Storage::Beside { table, .. })) = (phase, sorted.first().map(|f| &f.storage)) {
        // A record without a row there has no value to be sorted by, and only so may the walk begin there.
        joins = joins.replace(&format!("LEFT JOIN {table} "), &format!("JOIN {table} "));
    }
    // What is shown is read for the page alone, not for every record that is sorted. `CROSS` makes SQLite begin with the
    // page.
    let statement = |conditions: &Vec<String>| {
        format!(
            "SELECT {}{} FROM (SELECT t.id AS id FROM {table} t{joins}{} ORDER BY {order} LIMIT {limit}) page
             CROSS JOIN {table} t{} WHERE t.id = page.id ORDER BY {order}",
            shape.columns,
            extra.concat(),
            where_sql(conditions),
            shape.joins,
            table = object.table,
            order = order.join(", "),
        )
    };
    let planned = statement(&conditions.all());
    let rows = match conditions.asked.is_empty() {
        true => tx.query(&planned, &sql.params)?,
        false => {
            let ways = [planned, statement(&conditions.along_the_order())];
            tx.query_by_either(&ways[0], &ways[1], !conditions.pointed, &sql.params)?
        }
    };
    let width = shape.width();
    rows.iter().map(|row| Ok((shape.record(row)?, row.0.get(width..).unwrap_or_default().to_vec()))).collect()
}

struct Place<'a> {
    values: &'a [db::Value],
    id: i64,
    id_descending: bool,
    backwards: bool,
    first_has_value: bool,
    id_sql: &'a str,
}

/// The condition that a row comes after the cursor in the order.
fn after_sql(keys: &[Order], place: &Place<'_>, sql: &mut Sql) -> String {
    let id = sql.bind(place.id);
    let sign = |descending: bool| if descending != place.backwards { "<" } else { ">" };
    let id_sql = place.id_sql;
    let id_after = format!("{id_sql} {} {id}", sign(place.id_descending));
    if keys.is_empty() {
        return id_after;
    }
    // One key in the direction of the id: a row value, which both engines answer from the index.
    if let ([key], [value]) = (keys, place.values)
        && place.first_has_value
        && key.descending == place.id_descending
    {
        let value = sql.bind(value.clone());
        return format!("({}, {id_sql}) {} ({value}, {id})", key.sql, sign(key.descending));
    }
    let mut either = Vec::new();
    let mut equal: Vec<String> = Vec::new();
    for (key, value) in keys.iter().zip(place.values) {
        let null = *value == db::Value::Null;
        let bound = if null { String::new() } else { sql.bind(value.clone()) };
        let beyond = match (null, place.backwards) {
            (true, false) => None,
            (true, true) => Some(format!("{} IS NOT NULL", key.sql)),
            (false, false) => {
                Some(format!("({} {} {bound} OR {} IS NULL)", key.sql, sign(key.descending), key.sql))
            }
            (false, true) => Some(format!("{} {} {bound}", key.sql, sign(key.descending))),
        };
        if let Some(beyond) = beyond {
            either.push([equal.as_slice(), &[beyond]].concat().join(" AND "));
        }
        equal.push(if null { format!("{} IS NULL", key.sql) } else { format!("{} = {bound}", key.sql) });
    }
    equal.push(id_after);
    either.push(equal.join(" AND "));
    format!("(({}))", either.join(") OR ("))
}

fn write_cursor(values: &[db::Value], id: i64, backwards: bool) -> String {
    let mut parts: Vec<Json> = values
        .iter()
        .map(|v| match v {
            db::Value::Int(v) => Json::from(*v),
            db::Value::Real(v) => serde_json::json!({ "r": v.to_bits().to_string() }),
            db::Value::Text(v) => Json::from(v.as_str()),
            db::Value::Null | db::Value::Bytes(_) => Json::Null,
        })
        .collect();
    parts.push(Json::from(id));
    let text = URL_SAFE_NO_PAD.encode(Json::Array(parts).to_string());
    if backwards { format!("-{text}") } else { text }
}

fn read_cursor(text: &str, orders: &[Order]) -> Result<Cursor> {
    let wrong = || Error::invalid("cursor", "is not a cursor of this list; start again without it");
    let (backwards, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?;
    let parts: Vec<Json> = serde_json::from_slice(&bytes).map_err(|_| wrong())?;
    let (id, values) = parts.split_last().ok_or_else(wrong)?;
    let id = id.as_i64().ok_or_else(wrong)?;
    if values.len() != orders.len() {
        return Err(wrong());
    }
    let values: Result<Vec<db::Value>> = values
        .iter()
        .map(|v| match v {
            Json::Null => Ok(db::Value::Null),
            Json::String(text) if !text.contains('\0') => Ok(db::Value::Text(text.clone())),
            Json::Object(o) => {
                let bits =
                    o.get("r").and_then(Json::as_str).and_then(|b| b.parse().ok()).ok_or_else(wrong)?;
                Some(f64::from_bits(bits)).filter(|v| v.is_finite()).map(db::Value::Real).ok_or_else(wrong)
            }
            other => other.as_i64().map(db::Value::Int).ok_or_else(wrong),
        })
        .collect();
    let values = values?;
    let fits =
        values.iter().zip(orders).all(|(v, o)| o.holds.takes(v) && (o.nullable || *v != db::Value::Null));
    if fits { Ok(Cursor { values, id, backwards }) } else { Err(wrong()) }
}
