//! All objects in the order of the navigation: the standard ones and those that an administrator made.

use std::sync::Arc;

use db::Tx;
use kernel::{Catalogue, Choice, Ctx, Error, Field, Kind, Object, Problem, Result, Section, Storage, value};
use serde_json::{Value as Json, json};

use crate::{
    cases, contact_points, deals, notes, orders, parties, products, relationships, tasks, touchpoints, users,
};

/// The standard objects.
pub fn standard() -> Vec<Object> {
    vec![
        parties::customers(),
        parties::contacts(),
        parties::companies(),
        parties::parties(),
        deals::deals(),
        cases::cases(),
        tasks::tasks(),
        orders::orders(),
        products::products(),
        touchpoints::touchpoints(),
        notes::notes(),
        orders::order_lines(),
        contact_points::contact_points(),
        relationships::relationships(),
        deals::pipelines(),
        deals::stages(),
        users::users(),
        users::teams(),
        users::roles(),
    ]
}

/// The system fields that every object has, after its own.
pub(crate) fn with_system_fields(mut object: Object) -> Object {
    let system = |key: &str, label: &str, kind: Kind| Field::new(key, label, kind).computed().group("Record");
    let mut id = system("id", "Number", Kind::Whole);
    id.unique = true;
    object.fields.push(id);
    object.fields.push(system("created_at", "Created", Kind::Time));
    object.fields.push(system("updated_at", "Last changed", Kind::Time));
    object
}

/// The owner field of objects that users own.
pub(crate) fn owner() -> Field {
    Field::new("owner", "Owner", Kind::Link("users".into())).listed()
}

/// Reads the catalogue: standard objects, run-time fields on them, run-time objects.
pub fn load(tx: &mut Tx<'_>) -> Result<Arc<Catalogue>> {
    let mut objects = standard();
    let rows = tx.query("SELECT key, definition FROM custom_objects ORDER BY id LIMIT 500", &[])?;
    for row in rows {
        let definition: Json = serde_json::from_str(row.text(1)?).unwrap_or_default();
        objects.push(custom_object(row.text(0)?, &definition));
    }
    let rows = tx.query("SELECT object, key, definition FROM custom_fields ORDER BY id LIMIT 10000", &[])?;
    for row in rows {
        let definition: Json = serde_json::from_str(row.text(2)?).unwrap_or_default();
        let field = custom_field(row.text(1)?, &definition);
        let key = row.text(0)?;
        // A field on contacts or companies shows in the lists over both, too, when the other has none of its name.
        for object in objects.iter_mut().filter(|o| o.key == key || o.parts.iter().any(|p| p.object == key)) {
            if object.field(&field.key).is_none() {
                let at =
                    object.fields.iter().position(|f| f.group == "Record").unwrap_or(object.fields.len());
                object.fields.insert(at, field.clone());
            }
        }
    }
    Ok(Arc::new(Catalogue::new(objects)))
}

fn custom_object(key: &str, definition: &Json) -> Object {
    let text = |name: &str| definition[name].as_str().unwrap_or_default().to_string();
    let mut object = Object::new(
        key,
        &text("singular"),
        &text("plural"),
        "shapes",
        vec![
            Field::new("name", "Name", Kind::Text).required().searched().listed(),
            Field::new("external_id", "External id", Kind::Text).unique().searched(),
            owner(),
        ],
    );
    object.help = text("help");
    object.table = "records".into();
    object.fixed = Some(format!("{{t}}.kind = '{key}'"));
    object.fixed_values = vec![("kind".into(), key.into())];
    object.section = Some(Section::Work);
    object.custom = true;
    with_system_fields(object)
}

fn custom_field(key: &str, definition: &Json) -> Field {
    let text = |name: &str| definition[name].as_str().unwrap_or_default().to_string();
    let choices: Vec<Choice> = definition["choices"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|c| Some(Choice { key: c["key"].as_str()?.into(), label: c["label"].as_str()?.into() }))
        .collect();
    let kind = kind_of(&text("kind"), choices, &text("object")).unwrap_or(Kind::Text);
    let mut field = Field::new(key, &text("label"), kind).help(&text("help")).group("More");
    field.storage = Storage::Custom;
    field.custom = true;
    field.required = definition["required"].as_bool() == Some(true);
    field.unique = definition["unique"].as_bool() == Some(true);
    field.listed = definition["listed"].as_bool() == Some(true);
    field.searched = matches!(field.kind, Kind::Text | Kind::Email | Kind::Phone);
    field.default = definition["default"].as_str().filter(|d| !d.is_empty()).map(String::from);
    field
}

fn kind_of(word: &str, choices: Vec<Choice>, object: &str) -> Option<Kind> {
    Some(match word {
        "text" => Kind::Text,
        "long_text" => Kind::LongText,
        "whole" => Kind::Whole,
        "number" => Kind::Number,
        "money" => Kind::Money,
        "percent" => Kind::Percent,
        "date" => Kind::Date,
        "time" => Kind::Time,
        "yes_no" => Kind::Truth,
        "choice" => Kind::Choice(choices),
        "choices" => Kind::Choices(choices),
        "link" => Kind::Link(object.to_string()),
        "email" => Kind::Email,
        "phone" => Kind::Phone,
        "url" => Kind::Url,
        _ => return None,
    })
}

/// The words for kinds of fields that an administrator can choose.
pub const FIELD_KINDS: [&str; 15] = [
    "text",
    "long_text",
    "whole",
    "number",
    "money",
    "percent",
    "date",
    "time",
    "yes_no",
    "choice",
    "choices",
    "link",
    "email",
    "phone",
    "url",
];

/// A field that an administrator wants.
#[derive(Debug, Clone, Default)]
pub struct NewField {
    /// Key of the object that gets it.
    pub object: String,
    /// Its key; made from the label when empty.
    pub key: String,
    /// Its name for people.
    pub label: String,
    /// One of [`FIELD_KINDS`].
    pub kind: String,
    /// Options of a choice, as people see them.
    pub choices: Vec<String>,
    /// Target object of a link.
    pub target: String,
    /// One sentence under the input.
    pub help: String,
    /// A record can't be saved without it.
    pub required: bool,
    /// No two records share a value.
    pub unique: bool,
    /// Shown in lists.
    pub listed: bool,
    /// Given when a new record says nothing.
    pub default: String,
}

/// Keys that mean something else in filters or beside a record's fields in the API.
const RESERVED: [&str; 14] = [
    "and",
    "or",
    "not",
    "has",
    "no",
    "is",
    "in",
    "between",
    "empty",
    "version",
    "object",
    "archived_at",
    "custom",
    "kind",
];

fn administer(ctx: &Ctx) -> Result<()> {
    if ctx.rights.administers() { Ok(()) } else { Err(Error::Forbidden("change objects and fields".into())) }
}

/// A key made from a label: `Größe (cm)` → `grosse_cm`.
pub fn key_of(label: &str) -> String {
    let words: Vec<String> = kernel::fold::words(label);
    let joined = words.join("_");
    let plain: String = joined.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    plain.trim_matches('_').chars().take(40).collect()
}

fn check_key(key: &str) -> Result<()> {
    let fine = key.len() <= 40
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    match fine {
        true => Ok(()),
        false => Err(Error::invalid("key", "begins with a letter and holds only a-z, 0-9 and _")),
    }
}

/// Adds a field to an object; it is there for everyone from the next request on.
/// *Errors*: not an administrator; a key that is taken or malformed; a kind that does not exist.
/// *Effects*: an index on the field, so that lists can sort and filter by it.
pub fn add_field(tx: &mut Tx<'_>, ctx: &Ctx, new: &NewField) -> Result<String> {
    administer(ctx)?;
    let object = ctx.catalogue.need(&new.object)?;
    let key = if new.key.is_empty() { key_of(&new.label) } else { new.key.clone() };
    check_key(&key)?;
    let mut problems = Vec::new();
    if new.label.trim().is_empty() {
        problems.push(Problem::new("label", "is required"));
    }
    if RESERVED.contains(&key.as_str()) {
        problems.push(Problem::new("key", "is a word that filters and records use themselves"));
    }
    if object.field(&key).is_some() {
        problems.push(Problem::new("key", "is already a field of this object"));
    }
    // A list over several objects has one field of a name, of one kind.
    let lists = ctx.catalogue.objects().filter(|o| o.parts.iter().any(|p| p.object == object.key));
    let clash = |list: &Arc<Object>| list.field(&key).is_some_and(|f| !f.custom || f.kind.word() != new.kind);
    if object.field(&key).is_none() && lists.into_iter().any(clash) {
        problems.push(Problem::new(
            "key",
            "is already a field of another kind among customers; choose another key",
        ));
    }
    if !object.writable || !object.parts.is_empty() {
        problems.push(Problem::new("object", "takes no fields of its own; add it to contacts or companies"));
    }
    if !FIELD_KINDS.contains(&new.kind.as_str()) {
        problems.push(Problem::new("kind", format!("is one of {}", FIELD_KINDS.join(", "))));
    }
    let choices: Vec<Json> = new
        .choices
        .iter()
        .filter(|c| !c.trim().is_empty())
        .map(|label| json!({ "key": key_of(label), "label": label.trim() }))
        .collect();
    let choice_keys: Vec<&Json> = choices.iter().map(|c| &c["key"]).collect();
    let doubled = (1..choice_keys.len()).any(|n| choice_keys[..n].contains(&choice_keys[n]));
    if new.kind.starts_with("choice") && (choices.is_empty() || doubled || choice_keys.contains(&&json!("")))
    {
        problems.push(Problem::new(
            "choices",
            "are needed, each with a name of its own in Latin letters or digits",
        ));
    }
    if new.kind == "link" && ctx.catalogue.object(&new.target).is_none() {
        problems.push(Problem::new("target", "is not an object"));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let definition = json!({
        "label": new.label.trim(), "kind": new.kind, "choices": choices, "object": new.target, "help": new.help,
        "required": new.required, "unique": new.unique, "listed": new.listed, "default": new.default,
    });
    if let Err(message) = value::parse(&custom_field(&key, &definition), &new.default, &ctx.currency) {
        return Err(Error::invalid("default", message));
    }
    let id = tx.id()?;
    tx.execute(
        "INSERT INTO custom_fields (id, object, key, definition, created_at) VALUES ($1, $2, $3, $4, $5)",
        &[
            id.into(),
            new.object.as_str().into(),
            key.as_str().into(),
            definition.to_string().into(),
            ctx.now.into(),
        ],
    )?;
    let field = custom_field(&key, &definition);
    index_field(tx, object, &field, id)?;
    crate::settings::touch(tx)?;
    Ok(key)
}

/// Makes the indexes of all run-time fields, in a database that was filled from another.
pub fn index_fields(tx: &mut Tx<'_>, catalogue: &Catalogue) -> Result<()> {
    for row in tx.query("SELECT object, key, id FROM custom_fields ORDER BY id LIMIT 10000", &[])? {
        let object = catalogue.need(row.text(0)?)?;
        if let Some(field) = object.field(row.text(1)?) {
            index_field(tx, object, field, row.int(2)?)?;
        }
    }
    Ok(())
}

/// An index on the expression that lists use for a run-time field, for the records that have it.
fn index_field(tx: &mut Tx<'_>, object: &Object, field: &Field, id: i64) -> Result<()> {
    if matches!(field.kind, Kind::LongText | Kind::Choices(_)) {
        return Ok(());
    }
    let value = kernel::column_sql(field, "t").replace("t.custom", "custom");
    let narrowed =
        object.fixed.as_ref().map(|f| format!(" AND {}", f.replace("{t}.", ""))).unwrap_or_default();
    let unique = if field.unique { "UNIQUE " } else { "" };
    // The kind comes first though it is the same in all entries: SQLite sees no other way to walk in this order.
    let kind: String = object.fixed_values.iter().map(|(column, _)| format!("{column}, ")).collect();
    let columns = if field.unique { format!("{kind}({value})") } else { format!("{kind}({value}), id") };
    tx.batch(&format!(
        "CREATE {unique}INDEX custom_{id} ON {} ({columns}) WHERE ({value}) IS NOT NULL{narrowed}",
        object.table
    ))?;
    Ok(())
}

/// Adds an object; it is there for everyone from the next request on.
/// *Errors*: not an administrator; a key that is taken or malformed.
pub fn add_object(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    singular: &str,
    plural: &str,
    key: &str,
    help: &str,
) -> Result<String> {
    administer(ctx)?;
    let key = if key.is_empty() { key_of(plural) } else { key.to_string() };
    check_key(&key)?;
    let mut problems = Vec::new();
    if singular.trim().is_empty() {
        problems.push(Problem::new("singular", "is required"));
    }
    if plural.trim().is_empty() {
        problems.push(Problem::new("plural", "is required"));
    }
    // Words that already mean something in URLs stay free.
    const TAKEN: [&str; 16] = [
        "setup", "sign_in", "sign_out", "search", "settings", "imports", "exports", "jobs", "assets", "api",
        "views", "today", "objects", "events", "me", "models",
    ];
    if ctx.catalogue.object(&key).is_some() || TAKEN.contains(&key.as_str()) {
        problems.push(Problem::new("key", "is already taken"));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let definition = json!({ "singular": singular.trim(), "plural": plural.trim(), "help": help });
    let id = tx.id()?;
    tx.execute(
        "INSERT INTO custom_objects (id, key, definition, created_at) VALUES ($1, $2, $3, $4)",
        &[id.into(), key.as_str().into(), definition.to_string().into(), ctx.now.into()],
    )?;
    crate::settings::touch(tx)?;
    Ok(key)
}
