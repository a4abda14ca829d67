//! The one write path: rights, version, validation, row, event and search in one transaction.

use std::collections::BTreeMap;

use db::Tx;
use serde_json::Value as Json;

use crate::access::{Action, FieldRight, Scope};
use crate::catalogue::{Field, Kind, Object, ScopeBy, Storage};
use crate::events::{self, Event};
use crate::fold::name_key;
use crate::sql::{Sql, column_sql, fixed_sql, where_sql};
use crate::{Ctx, Error, Problem, Record, Result, Value, find, may, money, search, value};

/// What is about to be saved; rules may still correct it.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// The record as it is; `None` for a new one.
    pub before: Option<Record>,
    /// Id of the record, also of a new one.
    pub id: i64,
    /// Values that the record gets, by field key.
    pub values: BTreeMap<String, Value>,
    /// Columns that are no fields, such as sort keys that a rule works out.
    pub columns: BTreeMap<String, db::Value>,
}

/// What was saved.
#[derive(Debug, Clone, Default)]
pub struct Saved {
    /// Id of the record.
    pub id: i64,
    /// Its version now.
    pub version: i64,
    /// Was it made just now?
    pub created: bool,
    /// Fields that changed: before and after.
    pub changes: BTreeMap<String, (Value, Value)>,
    /// The event that tells it; `None` when nothing changed.
    pub event_id: Option<i64>,
}

impl Draft {
    /// The value that a field will have: what is being set, else what the record has.
    pub fn value(&self, key: &str) -> &Value {
        self.values.get(key).unwrap_or_else(|| self.before.as_ref().map_or(&Value::Empty, |b| b.value(key)))
    }

    /// Sets a field.
    pub fn set(&mut self, key: &str, value: Value) {
        self.values.insert(key.to_string(), value);
    }

    /// Is the field among those being set, with a value other than the present one?
    pub fn changing(&self, key: &str) -> bool {
        let old = self.before.as_ref().map_or(&Value::Empty, |b| b.value(key));
        self.values.get(key).is_some_and(|new| new != old)
    }
}

/// Makes a record.
/// *Errors*: the actor may not; each field that is missing, wrong or taken.
/// *Effects*: event `{singular}.created`, search.
pub fn create(tx: &mut Tx<'_>, ctx: &Ctx, object: &Object, values: BTreeMap<String, Value>) -> Result<Saved> {
    if !object.writable || !object.parts.is_empty() {
        return Err(Error::Forbidden(format!("create {} here", object.plural.to_lowercase())));
    }
    if ctx.scope(object, Action::Create) == Scope::None {
        return Err(Error::Forbidden(format!("create {}", object.plural.to_lowercase())));
    }
    let values = without_blanks(values);
    refuse_unwritable(ctx, object, &values, None)?;
    let mut draft = Draft { before: None, id: tx.id()?, values, columns: BTreeMap::new() };
    fill_defaults(ctx, object, &mut draft, |draft, key| draft.value(key).vacant())?;
    if object.owned() && !draft.values.contains_key("owner") {
        draft.set("owner", ctx.user_id.map_or(Value::Empty, Value::Link));
    }
    if let Some(rule) = object.rules.before {
        rule(tx, ctx, object, &mut draft)?;
    }
    validate(tx, ctx, object, &draft)?;
    refuse_for_others(ctx, object, &draft)?;
    insert(tx, ctx, object, &draft)?;
    let changes: BTreeMap<String, (Value, Value)> = draft
        .values
        .iter()
        .filter(|(_, new)| !new.vacant())
        .map(|(key, new)| (key.clone(), (Value::Empty, new.clone())))
        .collect();
    let mut saved = Saved { id: draft.id, version: 1, created: true, changes, event_id: None };
    finish(tx, ctx, object, &draft, &mut saved, "created")?;
    Ok(saved)
}

fn without_blanks(values: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    values.into_iter().map(|(key, value)| (key, value.or_nothing())).collect()
}

/// Gives fields that are left empty what they have when nothing is said.
fn fill_defaults(
    ctx: &Ctx,
    object: &Object,
    draft: &mut Draft,
    empty: impl Fn(&Draft, &str) -> bool,
) -> Result<()> {
    for field in &object.fields {
        let Some(default) = field.default.as_ref().filter(|_| empty(draft, &field.key)) else { continue };
        let parsed =
            value::parse(field, default, &ctx.currency).map_err(|m| Error::invalid(&field.key, m))?;
        draft.set(&field.key, parsed);
    }
    Ok(())
}

/// Whoever may create own records only, or those of a team, does not create them for others.
fn refuse_for_others(ctx: &Ctx, object: &Object, draft: &Draft) -> Result<()> {
    if object.scope != ScopeBy::Owner {
        return Ok(());
    }
    let owner = draft.value("owner").link();
    match ctx.scope(object, Action::Create) {
        Scope::Own if owner != ctx.user_id => {
            Err(Error::invalid("owner", "you may only create records of your own"))
        }
        Scope::Team if owner.is_some_and(|id| !ctx.teammates.contains(&id)) => {
            Err(Error::invalid("owner", "you may only create records of your team"))
        }
        _ => Ok(()),
    }
}

/// Changes fields of a record. With `version`, only when nobody else saved since that version was read.
/// *Errors*: not found, stale, forbidden, each field that is wrong.
/// *Effects*: event `{singular}.changed`, search; nothing at all when every value is as before.
pub fn change(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    id: i64,
    version: Option<i64>,
    values: BTreeMap<String, Value>,
) -> Result<Saved> {
    let before = open(tx, ctx, object, id, version, Action::Change)?;
    let values = without_blanks(values);
    refuse_unwritable(ctx, object, &values, Some(&before))?;
    let mut draft = Draft { before: Some(before), id, values, columns: BTreeMap::new() };
    fill_defaults(ctx, object, &mut draft, |draft, key| draft.values.get(key).is_some_and(Value::vacant))?;
    if let Some(rule) = object.rules.before {
        rule(tx, ctx, object, &mut draft)?;
    }
    let before = draft.before.clone().unwrap_or_default();
    draft.values.retain(|key, new| before.value(key) != new);
    validate(tx, ctx, object, &draft)?;
    let mut saved = Saved { id, version: before.version, ..Saved::default() };
    if draft.values.is_empty() && draft.columns.is_empty() {
        return Ok(saved);
    }
    for (key, new) in &draft.values {
        saved.changes.insert(key.clone(), (before.value(key).clone(), new.clone()));
    }
    update(tx, ctx, object, &draft, before.version)?;
    saved.version += 1;
    finish(tx, ctx, object, &draft, &mut saved, "changed")?;
    Ok(saved)
}

/// Puts a record away; it leaves lists and search but can be restored.
pub fn archive(tx: &mut Tx<'_>, ctx: &Ctx, object: &Object, id: i64, version: Option<i64>) -> Result<Saved> {
    set_archived(tx, ctx, object, id, version, Some(ctx.now), "archived")
}

/// Brings an archived record back.
pub fn restore(tx: &mut Tx<'_>, ctx: &Ctx, object: &Object, id: i64, version: Option<i64>) -> Result<Saved> {
    set_archived(tx, ctx, object, id, version, None, "restored")
}

fn set_archived(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    id: i64,
    version: Option<i64>,
    at: Option<i64>,
    word: &str,
) -> Result<Saved> {
    let before = open(tx, ctx, object, id, version, Action::Archive)?;
    let mut saved = Saved { id, version: before.version, ..Saved::default() };
    if before.archived_at.is_some() == at.is_some() {
        return Ok(saved);
    }
    let mut draft = Draft { id, before: Some(before.clone()), ..Draft::default() };
    draft.columns.insert("archived_at".into(), at.into());
    update(tx, ctx, object, &draft, before.version)?;
    saved.version += 1;
    let event = Event::of(ctx, object, id, party_of(object, &draft), word, None);
    saved.event_id = Some(events::put(tx, &event)?);
    if at.is_some() {
        search::remove(tx, id)?;
    } else {
        search::put(tx, id, &object.key, &search_doc(object, &before.values), true)?;
    }
    // What counts this record, counts without it now.
    if let Some(rule) = object.rules.after {
        rule(tx, ctx, object, &saved)?;
    }
    Ok(saved)
}

/// Reads a record for a change and checks that the actor may make it.
fn open(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    id: i64,
    version: Option<i64>,
    action: Action,
) -> Result<Record> {
    if !object.writable || !object.parts.is_empty() {
        return Err(Error::Forbidden(format!("change {} here", object.plural.to_lowercase())));
    }
    // Read with all fields: rules and diffs need those, too, that this actor may not see.
    let visible = find(tx, ctx, object, id)?;
    if !may(tx, ctx, object, id, action)? {
        return Err(Error::Forbidden(format!("{} this {}", action.word(), object.singular.to_lowercase())));
    }
    if let Some(version) = version
        && visible.version != version
    {
        let what = format!("{} {id}", object.singular.to_lowercase());
        return Err(Error::Stale { what, version: visible.version });
    }
    let before = find(tx, &ctx.system(), object, id)?;
    if before.version != visible.version {
        // On PostgreSQL another writer may commit between the two reads.
        let what = format!("{} {id}", object.singular.to_lowercase());
        return Err(Error::Stale { what, version: before.version });
    }
    Ok(before)
}

/// Fields that the actor may not write, or that nobody writes, are refused when they would change.
fn refuse_unwritable(
    ctx: &Ctx,
    object: &Object,
    values: &BTreeMap<String, Value>,
    before: Option<&Record>,
) -> Result<()> {
    let mut problems = Vec::new();
    for (key, new) in values {
        let Some(field) = object.field(key) else {
            problems.push(Problem::new(key, "is not a field of this object"));
            continue;
        };
        let right = ctx.field_right(object, field);
        if right == FieldRight::Hidden {
            problems.push(Problem::new(key, "is not a field of this object"));
        } else if before.is_none_or(|b| b.value(key) != new) && !new.vacant() | before.is_some() {
            if field.computed {
                problems.push(Problem::new(key, "is worked out by Kith and cannot be set"));
            } else if right < FieldRight::Write {
                problems.push(Problem::new(key, "may not be changed by you"));
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

fn validate(tx: &mut Tx<'_>, ctx: &Ctx, object: &Object, draft: &Draft) -> Result<()> {
    let mut problems = Vec::new();
    for field in &object.fields {
        if field.required && !field.computed && draft.value(&field.key).vacant() {
            // A field that was empty before the rule existed does not block other changes.
            if draft.before.is_none() || draft.values.contains_key(&field.key) {
                problems.push(Problem::new(&field.key, "is required"));
            }
        }
    }
    for (key, new) in &draft.values {
        let Some(field) = object.field(key) else { continue };
        if let Err(message) = check(field, new) {
            problems.push(Problem::new(key, message));
        } else if let (Kind::Link(target), Value::Link(id)) = (&field.kind, new) {
            if !linkable(tx, ctx, target, *id)? {
                problems.push(Problem::new(key, format!("there is no such record: {id}")));
            }
        } else if field.unique && !new.vacant() && taken(tx, object, field, new, draft.id)? {
            problems.push(Problem::new(key, "is already taken by another record"));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// Does the value fit its field? Values that came through `value::parse` do; those from JSON are checked here.
fn check(field: &Field, new: &Value) -> std::result::Result<(), String> {
    let wrong = Err(format!("does not fit a field of kind {}", field.kind.word()));
    match (&field.kind, new) {
        (_, Value::Empty) => Ok(()),
        (Kind::Choice(choices), Value::Text(key)) if choices.iter().any(|c| c.key == *key) => Ok(()),
        (Kind::Choice(_), _) => Err("is not one of the choices".into()),
        (Kind::Choices(choices), Value::Many(keys)) => {
            match keys.iter().all(|k| choices.iter().any(|c| c.key == *k)) {
                true => Ok(()),
                false => Err("holds something that is not one of the choices".into()),
            }
        }
        (_, Value::Text(text)) if text.contains('\0') => {
            Err("contains a character that text cannot hold (NUL)".into())
        }
        (Kind::Money, Value::Money(minor)) if minor.unsigned_abs() > money::LIMIT.unsigned_abs() => {
            Err("is too large".into())
        }
        (kind, Value::Text(text)) if kind.textual() => {
            let limit = if *kind == Kind::LongText { value::LONG_TEXT_LIMIT } else { value::TEXT_LIMIT };
            if text.chars().count() > limit {
                Err(format!("is longer than {limit} characters"))
            } else {
                Ok(())
            }
        }
        (Kind::Whole, Value::Whole(_))
        | (Kind::Money, Value::Money(_))
        | (Kind::Date, Value::Date(_))
        | (Kind::Time, Value::Time(_))
        | (Kind::Truth, Value::Truth(_))
        | (Kind::Link(_), Value::Link(_)) => Ok(()),
        (Kind::Number | Kind::Percent, Value::Number(v)) if v.is_finite() => Ok(()),
        _ => wrong,
    }
}

/// May this record be linked to: is it there, and may the actor see it?
fn linkable(tx: &mut Tx<'_>, ctx: &Ctx, target: &str, id: i64) -> Result<bool> {
    let target = ctx.catalogue.need(target)?;
    may(tx, ctx, target, id, Action::See)
}

fn taken(tx: &mut Tx<'_>, object: &Object, field: &Field, new: &Value, own_id: i64) -> Result<bool> {
    let mut sql = Sql::default();
    let mut conditions: Vec<String> = fixed_sql(object, "t").into_iter().collect();
    conditions.push(format!("{} = {}", column_sql(field, "t"), sql.bind(new.to_db())));
    conditions.push(format!("t.id <> {}", sql.bind(own_id)));
    let text = format!("SELECT 1 FROM {} t{} LIMIT 1", object.table, where_sql(&conditions));
    Ok(tx.opt(&text, &sql.params)?.is_some())
}

/// Splits the draft's values into columns and members of `custom`.
fn columns_of(object: &Object, draft: &Draft) -> (Vec<(String, db::Value)>, BTreeMap<String, Json>) {
    let mut columns: Vec<(String, db::Value)> = Vec::new();
    let mut custom = BTreeMap::new();
    for (key, new) in &draft.values {
        let Some(field) = object.field(key) else { continue };
        match &field.storage {
            Storage::Column(column) => {
                columns.push((column.clone(), new.to_db()));
                if column == "name" && field.key == object.title {
                    let key = name_key(new.text().unwrap_or_default());
                    columns.push(("name_key".into(), key.into()));
                }
            }
            Storage::Custom => {
                custom.insert(key.clone(), new.to_stored_json());
            }
            Storage::Beside { .. } => {}
        }
    }
    columns.extend(draft.columns.iter().map(|(c, v)| (c.clone(), v.clone())));
    (columns, custom)
}

fn insert(tx: &mut Tx<'_>, ctx: &Ctx, object: &Object, draft: &Draft) -> Result<()> {
    let (mut columns, custom) = columns_of(object, draft);
    let custom: serde_json::Map<String, Json> = custom.into_iter().filter(|(_, v)| !v.is_null()).collect();
    columns.push(("id".into(), draft.id.into()));
    columns.push(("version".into(), 1.into()));
    columns.push(("created_at".into(), ctx.now.into()));
    columns.push(("updated_at".into(), ctx.now.into()));
    columns.push(("custom".into(), Json::Object(custom).to_string().into()));
    columns.extend(ctx.import_id.map(|id| ("import_id".into(), id.into())));
    columns.extend(object.fixed_values.iter().cloned());
    columns.sort_by(|a, b| a.0.cmp(&b.0));
    columns.dedup_by(|a, b| a.0 == b.0);
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let places: Vec<String> = (1..=columns.len()).map(|n| format!("${n}")).collect();
    let sql = format!("INSERT INTO {} ({}) VALUES ({})", object.table, names.join(", "), places.join(", "));
    let params: Vec<db::Value> = columns.iter().map(|(_, v)| v.clone()).collect();
    tx.execute(&sql, &params).map_err(|e| taken_error(object, e))?;
    Ok(())
}

fn update(tx: &mut Tx<'_>, ctx: &Ctx, object: &Object, draft: &Draft, version: i64) -> Result<()> {
    let (mut columns, custom) = columns_of(object, draft);
    if !custom.is_empty() {
        let old =
            tx.one(&format!("SELECT custom FROM {} WHERE id = $1", object.table), &[draft.id.into()])?;
        let mut all: serde_json::Map<String, Json> = serde_json::from_str(old.text(0)?).unwrap_or_default();
        for (key, json) in custom {
            if json.is_null() {
                all.remove(&key)
            } else {
                all.insert(key, json)
            };
        }
        columns.push(("custom".into(), Json::Object(all).to_string().into()));
    }
    let mut sql = Sql::default();
    let mut sets: Vec<String> = columns.into_iter().map(|(c, v)| format!("{c} = {}", sql.bind(v))).collect();
    sets.push(format!("updated_at = {}", sql.bind(ctx.now)));
    sets.push("version = version + 1".into());
    let (id, version) = (sql.bind(draft.id), sql.bind(version));
    let text =
        format!("UPDATE {} SET {} WHERE id = {id} AND version = {version}", object.table, sets.join(", "));
    if tx.execute(&text, &sql.params).map_err(|e| taken_error(object, e))? == 0 {
        // On PostgreSQL another writer may commit between the read and this statement.
        let what = format!("{} {}", object.singular.to_lowercase(), draft.id);
        return Err(Error::Stale { what, version: 0 });
    }
    Ok(())
}

/// A unique index that refuses is a problem of the field it is on.
fn taken_error(object: &Object, error: db::Error) -> Error {
    let db::Error::Taken(what) = &error else { return Error::Db(error) };
    let field = object.fields.iter().find(|f| f.unique && what.contains(f.key.as_str()));
    match field {
        Some(field) => Error::invalid(&field.key, "is already taken by another record"),
        None => Error::invalid("", "another record has the same unique value"),
    }
}

fn finish(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    draft: &Draft,
    saved: &mut Saved,
    word: &str,
) -> Result<()> {
    let event = Event::of(ctx, object, draft.id, party_of(object, draft), word, Some(&saved.changes));
    saved.event_id = Some(events::put(tx, &event)?);
    let searched =
        object.fields.iter().any(|f| f.searched && (saved.created || saved.changes.contains_key(&f.key)));
    if searched {
        let mut values = draft.before.as_ref().map(|b| b.values.clone()).unwrap_or_default();
        values.extend(draft.values.clone());
        search::put(tx, draft.id, &object.key, &search_doc(object, &values), !saved.created)?;
    }
    if let Some(rule) = object.rules.after {
        rule(tx, ctx, object, saved)?;
    }
    Ok(())
}

/// What a record is found by: its searched fields.
pub(crate) fn search_doc(object: &Object, values: &BTreeMap<String, Value>) -> search::Doc {
    let mut doc = search::Doc::default();
    for field in object.fields.iter().filter(|f| f.searched) {
        match values.get(&field.key) {
            Some(Value::Text(text)) => doc.add(&field.kind, text),
            Some(Value::Whole(n)) => doc.add(&Kind::Text, &n.to_string()),
            _ => {}
        }
    }
    doc
}

/// The party on whose timeline the event belongs.
fn party_of(object: &Object, draft: &Draft) -> Option<i64> {
    if object.table == "parties" {
        return Some(draft.id);
    }
    let is_party = |target: &str| ["parties", "contacts", "companies", "customers"].contains(&target);
    let links = object.fields.iter().filter(|f| matches!(&f.kind, Kind::Link(t) if is_party(t)));
    links.filter_map(|f| draft.value(&f.key).link()).next()
}
