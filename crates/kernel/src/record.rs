//! Reading one record.

use std::collections::BTreeMap;

use db::Tx;

use crate::access::Action;
use crate::catalogue::{Field, Kind, Object};
use crate::sql::{Sql, base_conditions, beside_joins, column_sql, scope_sql, where_sql};
use crate::{Ctx, Error, Result, Value};

/// One record as its reader may see it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Record {
    /// Its id, unique among all records of any kind.
    pub id: i64,
    /// Key of the object it is saved through: `contacts` also when it was read as one of `customers`.
    pub object: String,
    /// Grows with each change.
    pub version: i64,
    /// When it was put away, microseconds UTC.
    pub archived_at: Option<i64>,
    /// Values by field key; fields that the reader may not see, or did not ask for, are absent.
    pub values: BTreeMap<String, Value>,
    /// Names of linked records by field key; a linked record that the reader may not see has none.
    pub names: BTreeMap<String, String>,
}

impl Record {
    /// The value of a field; empty when it is absent.
    pub fn value(&self, key: &str) -> &Value {
        self.values.get(key).unwrap_or(&Value::Empty)
    }

    /// The text of a field; empty when it is absent.
    pub fn text(&self, key: &str) -> &str {
        self.value(key).text().unwrap_or_default()
    }

    /// The name by which people know it.
    pub fn title<'a>(&'a self, object: &Object) -> &'a str {
        self.text(&object.title)
    }

    /// The currency of its amounts.
    pub fn currency<'a>(&'a self, object: &Object, workspace: &'a str) -> &'a str {
        let own = object.currency_field().and_then(|f| self.value(&f.key).text());
        own.unwrap_or(workspace)
    }
}

/// What a SELECT over an object takes out and how its rows turn into records.
pub(crate) struct Shape<'a> {
    object: &'a Object,
    fields: Vec<&'a Field>,
    links: Vec<usize>,
    has_kind: bool,
    /// `t.id, t.version, …` in the order that [`Shape::record`] reads.
    pub(crate) columns: String,
    /// Joins for tables beside and names of linked records.
    pub(crate) joins: String,
}

impl<'a> Shape<'a> {
    pub(crate) fn new(
        ctx: &Ctx,
        object: &'a Object,
        fields: Vec<&'a Field>,
        also_joined: &[&Field],
        sql: &mut Sql,
    ) -> Result<Shape<'a>> {
        let mut columns = vec!["t.id".to_string(), "t.version".into(), "t.archived_at".into()];
        let has_kind = !object.parts.is_empty();
        if has_kind {
            columns.push("t.kind".into());
        }
        columns.extend(fields.iter().map(|f| column_sql(f, "t")));
        let beside = fields.iter().copied().chain(also_joined.iter().copied());
        let mut joins = beside_joins(beside, "t");
        let mut links = Vec::new();
        for (n, field) in fields.iter().enumerate() {
            let Kind::Link(target) = &field.kind else { continue };
            let Some(target) = ctx.catalogue.object(target) else { continue };
            let Some(title) = target.field(&target.title).filter(|f| ctx.sees_field(target, f)) else {
                continue;
            };
            let alias = sql.alias();
            let scope = scope_sql(ctx, target, Action::See, &alias, sql)?;
            let on = scope.map(|s| format!(" AND {s}")).unwrap_or_default();
            joins.push_str(&format!(
                " LEFT JOIN {} {alias} ON {alias}.id = {}{on}",
                target.table,
                column_sql(field, "t")
            ));
            columns.push(column_sql(title, &alias));
            links.push(n);
        }
        Ok(Shape { object, fields, links, has_kind, columns: columns.join(", "), joins })
    }

    /// Number of columns that [`Shape::record`] reads; what follows is the caller's.
    pub(crate) fn width(&self) -> usize {
        3 + usize::from(self.has_kind) + self.fields.len() + self.links.len()
    }

    pub(crate) fn record(&self, row: &db::Row) -> Result<Record> {
        let mut record = Record {
            id: row.int(0)?,
            version: row.int(1)?,
            archived_at: row.opt_int(2)?,
            object: self.object.key.clone(),
            ..Record::default()
        };
        let mut at = 3;
        if self.has_kind {
            let kind = row.text(at)?;
            if let Some(part) = self.object.parts.iter().find(|p| p.kind == kind) {
                record.object = part.object.clone();
            }
            at += 1;
        }
        for (n, field) in self.fields.iter().enumerate() {
            record.values.insert(field.key.clone(), Value::from_db(&field.kind, row.get(at + n)));
        }
        at += self.fields.len();
        for (n, link) in self.links.iter().enumerate() {
            if let Some(name) = row.opt_text(at + n)? {
                record.names.insert(self.fields[*link].key.clone(), name.to_string());
            }
        }
        Ok(record)
    }
}

/// Reads a record with all fields that the actor may see; archived ones too.
/// *Errors*: not found, also when it lies outside the actor's scope.
pub fn find(tx: &mut Tx<'_>, ctx: &Ctx, object: &Object, id: i64) -> Result<Record> {
    let missing = || Error::NotFound(format!("{} {id}", object.singular.to_lowercase()));
    let mut sql = Sql::default();
    let fields: Vec<&Field> = ctx.visible_fields(object).collect();
    let shape = Shape::new(ctx, object, fields, &[], &mut sql)?;
    let mut conditions = base_conditions(ctx, object, Action::See, "t", None, &mut sql)?;
    conditions.push(format!("t.id = {}", sql.bind(id)));
    let text =
        format!("SELECT {} FROM {} t{}{}", shape.columns, object.table, shape.joins, where_sql(&conditions));
    let row = tx.opt(&text, &sql.params)?.ok_or_else(missing)?;
    shape.record(&row)
}

/// The id of the record whose unique field `key` holds `value`, if the actor may see it.
/// *Errors*: the field is not unique, or hidden.
pub fn find_by(tx: &mut Tx<'_>, ctx: &Ctx, object: &Object, key: &str, value: &Value) -> Result<Option<i64>> {
    let field = object.field(key).filter(|f| f.unique && ctx.sees_field(object, f));
    let field = field.ok_or_else(|| Error::invalid(key, "is not a unique field of this object"))?;
    let mut sql = Sql::default();
    let mut conditions = base_conditions(ctx, object, Action::See, "t", None, &mut sql)?;
    conditions.push(format!("{} = {}", column_sql(field, "t"), sql.bind(value.to_db())));
    let joins = beside_joins([field], "t");
    let text = format!("SELECT t.id FROM {} t{joins}{} LIMIT 1", object.table, where_sql(&conditions));
    Ok(tx.opt(&text, &sql.params)?.map(|row| row.int(0)).transpose()?)
}

/// May the actor do `action` with this record?
pub fn may(tx: &mut Tx<'_>, ctx: &Ctx, object: &Object, id: i64, action: Action) -> Result<bool> {
    let mut sql = Sql::default();
    let mut conditions = base_conditions(ctx, object, action, "t", None, &mut sql)?;
    conditions.push(format!("t.id = {}", sql.bind(id)));
    let text = format!("SELECT 1 FROM {} t{}", object.table, where_sql(&conditions));
    Ok(tx.opt(&text, &sql.params)?.is_some())
}
