//! Building statements for objects of the catalogue: columns, scopes and parameters, never user text.

use crate::access::{Action, Scope};
use crate::catalogue::{Field, Kind, Object, ScopeBy, Storage};
use crate::{Ctx, Error, Result};

/// A statement under construction and its parameters.
#[derive(Debug, Default, Clone)]
pub struct Sql {
    /// The parameters bound so far.
    pub params: Vec<db::Value>,
    n_aliases: usize,
}

impl Sql {
    /// Binds a value and gives its place, `$3`.
    pub fn bind(&mut self, value: impl Into<db::Value>) -> String {
        self.params.push(value.into());
        format!("${}", self.params.len())
    }

    /// A table alias that nothing else in the statement has.
    pub fn alias(&mut self) -> String {
        self.n_aliases += 1;
        format!("x{}", self.n_aliases)
    }
}

/// The SQL of a field's raw value in the row `alias`; a value of a table beside is looked up in `{alias}_{table}`.
pub fn column_sql(field: &Field, alias: &str) -> String {
    match &field.storage {
        Storage::Column(column) => format!("{alias}.{column}"),
        Storage::Beside { table, column, .. } => format!("{alias}_{table}.{column}"),
        Storage::Custom => {
            let text = format!("({alias}.custom->>'{}')", field.key);
            match field.kind {
                Kind::Whole | Kind::Money | Kind::Date | Kind::Time | Kind::Truth | Kind::Link(_) => {
                    format!("CAST({text} AS BIGINT)")
                }
                Kind::Number | Kind::Percent => format!("CAST({text} AS DOUBLE PRECISION)"),
                // Text with the order of code points, which JSON's has not on PostgreSQL; to SQLite a name like any.
                _ => format!("CAST({text} AS KTEXT)"),
            }
        }
    }
}

/// The joins that the given fields need: tables beside the record.
pub(crate) fn beside_joins<'a>(fields: impl IntoIterator<Item = &'a Field>, alias: &str) -> String {
    let mut joins: Vec<String> = Vec::new();
    for field in fields {
        if let Storage::Beside { table, key, .. } = &field.storage {
            let join = format!(" LEFT JOIN {table} {alias}_{table} ON {alias}_{table}.{key} = {alias}.id");
            if !joins.contains(&join) {
                joins.push(join);
            }
        }
    }
    joins.concat()
}

/// The condition that narrows the table to the object.
pub(crate) fn fixed_sql(object: &Object, alias: &str) -> Option<String> {
    object.fixed.as_ref().map(|fixed| fixed.replace("{t}", alias))
}

/// The condition under which `action` reaches a record of `object` in the row `alias`; `None` when it reaches all.
///
/// *Errors*: a scope by parent whose field is not in the catalogue.
pub fn scope_sql(
    ctx: &Ctx,
    object: &Object,
    action: Action,
    alias: &str,
    sql: &mut Sql,
) -> Result<Option<String>> {
    if object.parts.is_empty() {
        let scope = ctx.scope(object, action);
        return one_scope(ctx, object, scope, alias, sql);
    }
    let scopes: Vec<Scope> = object.parts.iter().map(|p| ctx.rights.scope(&p.object, action)).collect();
    if scopes.iter().all(|s| *s == Scope::All) {
        return Ok(None);
    }
    let mut either = Vec::new();
    for (part, scope) in object.parts.iter().zip(scopes) {
        let kind = format!("{alias}.kind = {}", sql.bind(part.kind.as_str()));
        match one_scope(ctx, object, scope, alias, sql)? {
            Some(condition) => either.push(format!("({kind} AND {condition})")),
            None => either.push(format!("({kind})")),
        }
    }
    Ok(Some(format!("({})", either.join(" OR "))))
}

fn one_scope(ctx: &Ctx, object: &Object, scope: Scope, alias: &str, sql: &mut Sql) -> Result<Option<String>> {
    if scope == Scope::None {
        return Ok(Some("1 = 0".into()));
    }
    match &object.scope {
        ScopeBy::Open => Ok(None),
        ScopeBy::Owner if scope == Scope::All => Ok(None),
        ScopeBy::Owner if scope == Scope::Own => {
            let me = sql.bind(ctx.user_id.unwrap_or(0));
            Ok(Some(format!("{alias}.owner_id = {me}")))
        }
        ScopeBy::Owner => {
            let mates: Vec<String> = ctx.teammates.iter().map(|id| sql.bind(*id)).collect();
            Ok(Some(match mates.is_empty() {
                true => format!("{alias}.owner_id IS NULL"),
                false => format!("({alias}.owner_id IS NULL OR {alias}.owner_id IN ({}))", mates.join(", ")),
            }))
        }
        ScopeBy::Parent(key) => parent_scope(ctx, object, key, alias, sql),
        ScopeBy::Parents(keys) => {
            let mut all = Vec::new();
            for key in keys {
                all.extend(parent_scope(ctx, object, key, alias, sql)?);
            }
            Ok((!all.is_empty()).then(|| all.join(" AND ")))
        }
    }
}

/// A record that belongs to another is seen by whoever may see that other one.
fn parent_scope(ctx: &Ctx, object: &Object, key: &str, alias: &str, sql: &mut Sql) -> Result<Option<String>> {
    let field = object.field(key).ok_or_else(|| Error::NotFound(format!("field {key}")))?;
    let Kind::Link(target) = &field.kind else { return Ok(None) };
    let target = ctx.catalogue.need(target)?;
    let parent = sql.alias();
    let Some(condition) = scope_sql(ctx, target, Action::See, &parent, sql)? else { return Ok(None) };
    let link = column_sql(field, alias);
    Ok(Some(format!(
        "({link} IS NULL OR {link} IN (SELECT {parent}.id FROM {} {parent} WHERE {condition}))",
        target.table
    )))
}

/// All conditions that hold for every statement over an object: fixed, scope, archived or not.
pub(crate) fn base_conditions(
    ctx: &Ctx,
    object: &Object,
    action: Action,
    alias: &str,
    archived: Option<bool>,
    sql: &mut Sql,
) -> Result<Vec<String>> {
    let mut conditions = Vec::new();
    conditions.extend(fixed_sql(object, alias));
    conditions.extend(match archived {
        Some(false) => Some(format!("{alias}.archived_at IS NULL")),
        Some(true) => Some(format!("{alias}.archived_at IS NOT NULL")),
        None => None,
    });
    conditions.extend(scope_sql(ctx, object, action, alias, sql)?);
    Ok(conditions)
}

/// ` WHERE a AND b`, or nothing.
pub(crate) fn where_sql(conditions: &[String]) -> String {
    if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) }
}

/// The column by which records are named and sorted without regard to case and accents, where there is one.
pub(crate) fn folded_column(object: &Object, field: &Field) -> Option<&'static str> {
    let column = matches!(&field.storage, Storage::Column(c) if c == "name");
    (column && field.key == object.title).then_some("name_key")
}
