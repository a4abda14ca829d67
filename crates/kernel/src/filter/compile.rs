//! From a condition to SQL, within the reader's rights.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::{Expr, Literal, Op};
use crate::access::Action;
use crate::catalogue::{Field, Kind, Object};
use crate::fold::name_key;
use crate::sql::{Sql, base_conditions, column_sql, folded_column, scope_sql, where_sql};
use crate::value::{Value, days_of, parse as parse_value};
use crate::{Ctx, Error, Result};

/// Compiles `expr` over the row `alias` of `object` to an SQL condition that is never unknown where it is negated.
///
/// Values become parameters. Fields that the reader may not see count as unknown fields, so that nobody learns a
/// hidden value by filtering; linked and related records count only as far as the reader may see them. Fields
/// beside the record are expected in the join `{alias}_{table}`; the second result names those that were used.
///
/// *Errors*: unknown field or relation, a value that does not fit its field.
pub fn compile(
    ctx: &Ctx,
    object: &Object,
    expr: &Expr,
    alias: &str,
    sql: &mut Sql,
) -> Result<(String, Vec<Field>)> {
    let mut compiler = Compiler { ctx, sql, used: Vec::new() };
    let text = compiler.expr(object, expr, alias)?;
    Ok((text, compiler.used))
}

struct Compiler<'a> {
    ctx: &'a Ctx,
    sql: &'a mut Sql,
    used: Vec<Field>,
}

fn refuse(message: impl Into<String>) -> Error {
    Error::invalid("filter", message)
}

impl Compiler<'_> {
    fn expr(&mut self, object: &Object, expr: &Expr, alias: &str) -> Result<String> {
        match expr {
            Expr::And(parts) if parts.is_empty() => Ok("1 = 1".into()),
            Expr::And(parts) => self.joined(object, parts, alias, " AND "),
            Expr::Or(parts) => self.joined(object, parts, alias, " OR "),
            Expr::Not(inner) => Ok(format!("NOT COALESCE({}, FALSE)", self.expr(object, inner, alias)?)),
            Expr::Has { relation, inner } => self.has(object, relation, inner.as_deref(), alias),
            Expr::Empty(path) => {
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                let filled =
                    self.along(object, &path, alias, &mut |c, field, column, _| Ok(c.filled(field, column)))?;
                Ok(format!("NOT COALESCE({filled}, FALSE)"))
            }
            Expr::Compare { path, op: Op::Ne, values } => {
                let equal = Expr::Compare { path: path.clone(), op: Op::Eq, values: values.clone() };
                Ok(format!("NOT COALESCE({}, FALSE)", self.expr(object, &equal, alias)?))
            }
            Expr::Compare { path, op, values } => {
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                self.along(object, &path, alias, &mut |c, field, column, on| {
                    c.compare(on, field, column, *op, values)
                })
            }
        }
    }

    fn joined(&mut self, object: &Object, parts: &[Expr], alias: &str, word: &str) -> Result<String> {
        let parts: Result<Vec<String>> = parts.iter().map(|p| self.expr(object, p, alias)).collect();
        Ok(format!("({})", parts?.join(word)))
    }

    /// Follows link fields to the last field of `path` and lets `leaf` say what must hold there.
    fn along(
        &mut self,
        object: &Object,
        path: &[&str],
        alias: &str,
        leaf: &mut dyn FnMut(&mut Self, &Field, &str, &Object) -> Result<String>,
    ) -> Result<String> {
        let (key, rest) = path.split_first().ok_or_else(|| refuse("a field is missing"))?;
        let field = self.field(object, key)?.clone();
        if matches!(field.storage, crate::Storage::Beside { .. })
            && !self.used.contains(&field)
            && alias == "t"
        {
            self.used.push(field.clone());
        }
        if rest.is_empty() {
            let column = match folded_column(object, &field) {
                Some(folded) => format!("{alias}.{folded}"),
                None => column_sql(&field, alias),
            };
            return leaf(self, &field, &column, object);
        }
        let Kind::Link(target) = &field.kind else {
            return Err(refuse(format!("{key} is not a link, so {} cannot follow it", rest.join("."))));
        };
        let target = self.ctx.catalogue.need(target)?.clone();
        let inner = self.sql.alias();
        let mut conditions = base_conditions(self.ctx, &target, Action::See, &inner, None, self.sql)?;
        let condition = self.along(&target, rest, &inner, leaf)?;
        conditions.push(condition);
        let joins = crate::sql::beside_joins(target.fields.iter().filter(|f| f.key == rest[0]), &inner);
        Ok(format!(
            "{} IN (SELECT {inner}.id FROM {} {inner}{joins}{})",
            column_sql(&field, alias),
            target.table,
            where_sql(&conditions)
        ))
    }

    fn field<'b>(&self, object: &'b Object, key: &str) -> Result<&'b Field> {
        let field = object.field(key).filter(|f| self.ctx.sees_field(object, f));
        field.ok_or_else(|| refuse(format!("{} have no field {key}", object.plural.to_lowercase())))
    }

    fn has(&mut self, object: &Object, relation: &str, inner: Option<&Expr>, alias: &str) -> Result<String> {
        let catalogue = self.ctx.catalogue.clone();
        let relations = catalogue.relations(&object.key);
        let found = relations.iter().find(|r| r.key == relation);
        let found = found.ok_or_else(|| {
            let known: Vec<&str> = relations.iter().map(|r| r.key.as_str()).collect();
            refuse(format!(
                "{} have no {relation}; they have {}",
                object.plural.to_lowercase(),
                known.join(", ")
            ))
        })?;
        let many = catalogue.need(&found.object)?;
        let link = self.field(many, &found.field)?.clone();
        let row = self.sql.alias();
        let mut conditions = base_conditions(self.ctx, many, Action::See, &row, Some(false), self.sql)?;
        conditions.push(format!("{} = {alias}.id", column_sql(&link, &row)));
        if let Some(inner) = inner {
            let condition = self.expr(many, inner, &row)?;
            conditions.push(condition);
        }
        let joins = crate::sql::beside_joins(many.fields.iter(), &row);
        Ok(format!("EXISTS (SELECT 1 FROM {} {row}{joins}{})", many.table, where_sql(&conditions)))
    }

    fn filled(&self, field: &Field, column: &str) -> String {
        match field.kind {
            _ if field.kind.textual() => format!("({column} IS NOT NULL AND {column} <> '')"),
            Kind::Choices(_) => format!("({column} IS NOT NULL AND {column} <> '[]')"),
            _ => format!("{column} IS NOT NULL"),
        }
    }

    fn compare(
        &mut self,
        object: &Object,
        field: &Field,
        column: &str,
        op: Op,
        values: &[Literal],
    ) -> Result<String> {
        match op {
            Op::In if matches!(field.kind, Kind::Whole | Kind::Choice(_)) => {
                let mut places = Vec::new();
                for value in values {
                    let value = self.literal(field, value)?;
                    places.push(self.place(field, &value));
                }
                return Ok(format!("{column} IN ({})", places.join(", ")));
            }
            Op::In => {
                let parts: Result<Vec<String>> = values
                    .iter()
                    .map(|v| self.compare(object, field, column, Op::Eq, std::slice::from_ref(v)))
                    .collect();
                return Ok(format!("({})", parts?.join(" OR ")));
            }
            Op::Between => {
                let low = self.compare(object, field, column, Op::Ge, &values[..1])?;
                let high =
                    self.compare(object, field, column, Op::Le, values.get(1..2).unwrap_or_default())?;
                return Ok(format!("({low} AND {high})"));
            }
            _ => {}
        }
        let value = values.first().ok_or_else(|| refuse(format!("{} needs a value", field.key)))?;
        match &field.kind {
            kind if kind.textual() => Ok(self.compare_text(object, field, column, op, &value.text)),
            Kind::Choices(_) if op == Op::Eq => {
                let key = self.literal(field, value)?;
                let text = match &key {
                    Value::Many(keys) => keys.first().cloned().unwrap_or_default(),
                    _ => value.text.clone(),
                };
                let place = self.sql.bind(format!("%\"{}\"%", like_escape(&text)));
                Ok(format!("{column} LIKE {place} ESCAPE '\\'"))
            }
            Kind::Choice(_) | Kind::Choices(_) | Kind::Truth if op != Op::Eq => {
                Err(refuse(format!("{} can only be compared with =, != and in", field.key)))
            }
            Kind::Link(target) => self.compare_link(field, column, op, value, target),
            Kind::Date | Kind::Time => self.compare_day(field, column, op, value),
            _ if matches!(op, Op::Contains | Op::Starts) => {
                Err(refuse(format!("{} is not text; compare it with = < >", field.key)))
            }
            _ => {
                let value = self.literal(field, value)?;
                let place = self.place(field, &value);
                Ok(format!("{column} {} {place}", op.sign()))
            }
        }
    }

    /// A value in the statement. The key of a choice, which comes from the catalogue and not from whoever asks, is
    /// written out: only then does a statement that keeps its plan use an index of, say, open cases alone.
    fn place(&mut self, field: &Field, value: &Value) -> String {
        match (&field.kind, value) {
            (Kind::Choice(choices), Value::Text(key))
                if choices.iter().any(|c| c.key == *key)
                    && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') =>
            {
                format!("'{key}'")
            }
            _ => self.sql.bind(value.to_db()),
        }
    }

    fn compare_text(&mut self, object: &Object, field: &Field, column: &str, op: Op, text: &str) -> String {
        let folded = folded_column(object, field).is_some();
        if op == Op::Eq && (field.unique || field.kind == Kind::Currency) && !folded {
            return format!("{column} = {}", self.sql.bind(text));
        }
        // LOWER lowers ASCII only: SQLite's does, and PostgreSQL's under the order "C" that all our text has.
        let text = if folded { name_key(text) } else { text.to_ascii_lowercase() };
        let left = if folded { column.to_string() } else { format!("LOWER({column})") };
        match op {
            Op::Contains => {
                let place = self.sql.bind(format!("%{}%", like_escape(&text)));
                format!("{left} LIKE {place} ESCAPE '\\'")
            }
            // A range instead of LIKE, so that an index on the folded column serves it.
            Op::Starts if folded => {
                let low = self.sql.bind(text.as_str());
                let high = self.sql.bind(format!("{text}\u{10ffff}"));
                format!("({left} >= {low} AND {left} < {high})")
            }
            Op::Starts => {
                let place = self.sql.bind(format!("{}%", like_escape(&text)));
                format!("{left} LIKE {place} ESCAPE '\\'")
            }
            _ => {
                let place = self.sql.bind(text);
                format!("{left} {} {place}", op.sign())
            }
        }
    }

    fn compare_link(
        &mut self,
        field: &Field,
        column: &str,
        op: Op,
        value: &Literal,
        target: &str,
    ) -> Result<String> {
        if op == Op::Eq {
            if !value.quoted && value.text == "me" {
                let me = self.sql.bind(self.ctx.user_id.unwrap_or(0));
                return Ok(format!("{column} = {me}"));
            }
            if let Ok(id) = value.text.trim_start_matches('#').parse::<i64>() {
                return Ok(format!("{column} = {}", self.sql.bind(id)));
            }
        }
        if !matches!(op, Op::Eq | Op::Contains | Op::Starts) {
            return Err(refuse(format!("{} is a link: compare it with = and a number or a name", field.key)));
        }
        let target = self.ctx.catalogue.need(target)?.clone();
        let title = self.field(&target, &target.title)?.clone();
        let inner = self.sql.alias();
        let named = match folded_column(&target, &title) {
            Some(folded) => format!("{inner}.{folded}"),
            None => column_sql(&title, &inner),
        };
        let mut conditions: Vec<String> = crate::sql::fixed_sql(&target, &inner).into_iter().collect();
        conditions.extend(scope_sql(self.ctx, &target, Action::See, &inner, self.sql)?);
        let condition = self.compare_text(&target, &title, &named, op, &value.text);
        conditions.push(condition);
        Ok(format!("{column} IN (SELECT {inner}.id FROM {} {inner}{})", target.table, where_sql(&conditions)))
    }

    fn compare_day(&mut self, field: &Field, column: &str, op: Op, value: &Literal) -> Result<String> {
        if matches!(op, Op::Contains | Op::Starts) {
            return Err(refuse(format!("{} is a date; compare it with = < >", field.key)));
        }
        let day = if value.quoted { None } else { relative_day(&value.text, self.ctx.today) };
        let day = day.or_else(|| crate::value::day(&value.text).ok());
        match (&field.kind, day) {
            (Kind::Date, Some(day)) => {
                let place = self.sql.bind(days_of(day));
                Ok(format!("{column} {} {place}", op.sign()))
            }
            (_, Some(day)) => {
                // A day compared with a moment means the whole day.
                let next = day.tomorrow().map_err(|_| refuse("that day is too late"))?;
                let (start, end) = (self.ctx.start_of(day), self.ctx.start_of(next));
                Ok(match op {
                    Op::Lt => format!("{column} < {}", self.sql.bind(start)),
                    Op::Ge => format!("{column} >= {}", self.sql.bind(start)),
                    Op::Le => format!("{column} < {}", self.sql.bind(end)),
                    Op::Gt => format!("{column} >= {}", self.sql.bind(end)),
                    _ => {
                        let (start, end) = (self.sql.bind(start), self.sql.bind(end));
                        format!("({column} >= {start} AND {column} < {end})")
                    }
                })
            }
            (_, None) => {
                let value = self.literal(field, value)?;
                let place = self.sql.bind(value.to_db());
                Ok(format!("{column} {} {place}", op.sign()))
            }
        }
    }

    fn literal(&self, field: &Field, value: &Literal) -> Result<Value> {
        let parsed = parse_value(field, &value.text, &self.ctx.currency);
        match parsed.map_err(|m| refuse(format!("{}: {m}", field.key)))? {
            Value::Empty => Err(refuse(format!("{}: use \"is empty\" to find what has no value", field.key))),
            value => Ok(value),
        }
    }
}

fn like_escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// `today-90d`, `this_month`, `yesterday` as a day.
fn relative_day(text: &str, today: Date) -> Option<Date> {
    let split = text.find(['+', '-']).unwrap_or(text.len());
    let (base, shift) = text.split_at(split);
    let base = match base {
        "today" => today,
        "yesterday" => today.yesterday().ok()?,
        "tomorrow" => today.tomorrow().ok()?,
        "this_week" => today.checked_sub(i64::from(today.weekday().to_monday_zero_offset()).days()).ok()?,
        "this_month" => today.first_of_month(),
        "this_year" => today.first_of_year(),
        _ => return None,
    };
    if shift.is_empty() {
        return Some(base);
    }
    let unit = shift.chars().last()?;
    let n: i64 = shift.get(..shift.len() - unit.len_utf8())?.parse().ok()?;
    let span = match unit {
        'd' => Span::new().try_days(n),
        'w' => Span::new().try_weeks(n),
        'm' => Span::new().try_months(n),
        'y' => Span::new().try_years(n),
        _ => return None,
    };
    base.checked_add(span.ok()?).ok()
}
