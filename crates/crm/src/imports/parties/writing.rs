//! Writes the new contacts or companies of a batch: rows, addresses, events and search.

use db::Tx;
use kernel::events::Event;
use kernel::fold::fold;
use kernel::search::Doc;
use kernel::{Ctx, Kind, Object, Result, Storage, Value, value};
use serde_json::{Map, Value as Json};

use super::parsing::{Role, Slot, named};
use super::{Draft, POINT_COLUMNS, Parties};
use crate::contact_points::value_key;
use crate::imports::targets::{MOBILE, OTHER_EMAIL};

/// Where the values of a draft go.
pub(super) struct Shape {
    /// Columns of the row, the fixed ones first.
    columns: Vec<String>,
    /// Slots that fill a column of their own.
    plain: Vec<usize>,
    /// Slots that fill a member of `custom`, and values that fields take when nothing is said.
    custom: Vec<(usize, String)>,
    defaults: Vec<(String, Json)>,
    /// What a party is found by, with its slot; nothing for the name.
    searched: Vec<(Kind, Option<usize>)>,
    /// Slots by key of what they fill.
    keys: Vec<(String, usize)>,
    kind: &'static str,
    owned: bool,
}

const FIXED: [&str; 11] = [
    "id",
    "version",
    "created_at",
    "updated_at",
    "import_id",
    "kind",
    "name",
    "name_key",
    "email",
    "phone",
    "custom",
];

impl Shape {
    pub(super) fn new(ctx: &Ctx, object: &Object, slots: &[Slot]) -> Shape {
        let mut shape = Shape {
            columns: FIXED.iter().map(|c| c.to_string()).collect(),
            plain: Vec::new(),
            custom: Vec::new(),
            defaults: Vec::new(),
            searched: Vec::new(),
            keys: Vec::new(),
            kind: if object.key == "companies" { "company" } else { "contact" },
            owned: false,
        };
        for (at, slot) in slots.iter().enumerate() {
            let Some(field) = slot.field(object) else {
                shape.keys.push((if slot.role == Role::Mobile { MOBILE } else { OTHER_EMAIL }.into(), at));
                continue;
            };
            shape.keys.push((field.key.clone(), at));
            match &field.storage {
                Storage::Column(column) if FIXED.contains(&column.as_str()) => {}
                Storage::Column(column) => {
                    shape.columns.push(column.clone());
                    shape.plain.push(at);
                }
                Storage::Custom => shape.custom.push((at, field.key.clone())),
                Storage::Beside { .. } => {}
            }
            shape.owned |= field.key == "owner";
        }
        if !shape.owned {
            shape.columns.push("owner_id".into());
        }
        for field in object.fields.iter().filter(|f| f.searched) {
            let slot = shape.keys.iter().find(|(key, _)| *key == field.key).map(|(_, at)| *at);
            if field.key == "name" {
                shape.searched.push((Kind::Text, None));
            } else if slot.is_some() && !["email", "phone"].contains(&field.key.as_str()) {
                shape.searched.push((field.kind.clone(), slot));
            }
        }
        for field in object.fields.iter().filter(|f| f.storage == Storage::Custom) {
            if let Some(default) = &field.default
                && let Ok(value) = value::parse(field, default, &ctx.currency)
            {
                shape.defaults.push((field.key.clone(), value.to_stored_json()));
            }
        }
        shape
    }

    fn text<'v>(&self, values: &'v [Value], key: &str) -> &'v str {
        let at = self.keys.iter().find(|(k, _)| k == key).map(|(_, at)| *at);
        at.and_then(|at| values.get(at)).and_then(Value::text).unwrap_or_default()
    }
}

impl Parties {
    pub(super) fn write(&self, tx: &mut Tx<'_>, drafts: &[Draft]) -> Result<()> {
        if drafts.is_empty() {
            return Ok(());
        }
        let (shape, ctx) = (&self.writing, &self.ctx);
        let mut rows = Vec::with_capacity(drafts.len());
        let mut points: Vec<(i64, &str, String, bool)> = Vec::new();
        let mut docs = Vec::with_capacity(drafts.len());
        let mut events = Vec::with_capacity(drafts.len());
        let mut prints = Vec::new();
        for draft in drafts {
            let text = |key: &str| shape.text(&draft.values, key);
            let name = named(&text, shape.kind == "contact");
            // A party with a further address alone has that for its main one.
            let (email, other_email) = main_of(text("email"), text(OTHER_EMAIL));
            let (phone, mobile) = main_of(text("phone"), text(MOBILE));
            for (kind, address, main) in [
                ("email", email, true),
                ("email", other_email, false),
                ("phone", phone, true),
                ("phone", mobile, false),
            ] {
                if !address.is_empty() {
                    points.push((draft.id, kind, address.to_string(), main));
                }
            }
            let mut doc = Doc::default();
            for (kind, slot) in &shape.searched {
                match (kind, slot) {
                    (_, None) => doc.add(kind, &name),
                    (_, Some(at)) => doc.add(kind, draft.values[*at].text().unwrap_or_default()),
                }
            }
            doc.add(&Kind::Email, email);
            doc.add(&Kind::Phone, phone);
            docs.push((draft.id, doc));
            let filled = |text: &str| if text.is_empty() { db::Value::Null } else { text.into() };
            let mut row: Vec<db::Value> = vec![
                draft.id.into(),
                1.into(),
                ctx.now.into(),
                ctx.now.into(),
                ctx.import_id.into(),
                shape.kind.into(),
                name.as_str().into(),
                fold(&name).into(),
                filled(email),
                filled(phone),
                self.custom(draft).into(),
            ];
            row.extend(shape.plain.iter().map(|at| draft.values[*at].to_db()));
            if !shape.owned {
                row.push(ctx.user_id.into());
            }
            rows.push(row);
            events.push(Event::of(ctx, &self.object, draft.id, None, "created", None).row());
            if let Some(print) = draft.print {
                prints.push([db::Value::Bytes(print.to_vec()), draft.id.into()]);
            }
        }
        let columns: Vec<&str> = shape.columns.iter().map(String::as_str).collect();
        tx.insert_rows("parties", &columns, &rows)?;
        let mut points: Vec<(String, i64, &str, String, bool)> = points
            .into_iter()
            .map(|(party_id, kind, address, main)| (value_key(kind, &address), party_id, kind, address, main))
            .collect();
        // In the order of their index, so that each of its pages is visited once in a batch.
        points.sort_unstable();
        let mut ids = tx.ids(points.len())?.into_iter();
        let points: Vec<[db::Value; 12]> = points
            .into_iter()
            .map(|(value_key, party_id, kind, address, main)| {
                [
                    ids.next().unwrap_or_default().into(),
                    1.into(),
                    ctx.now.into(),
                    ctx.now.into(),
                    ctx.import_id.into(),
                    "{}".into(),
                    party_id.into(),
                    kind.into(),
                    address.into(),
                    value_key.into(),
                    main.into(),
                    "unverified".into(),
                ]
            })
            .collect();
        tx.insert_rows("contact_points", &POINT_COLUMNS, &points)?;
        tx.insert_rows("events", &kernel::events::COLUMNS, &events)?;
        tx.insert_rows("import_rows", &["fingerprint", "record_id"], &prints)?;
        kernel::search::put_many(tx, &self.object.key, &docs)
    }

    fn custom(&self, draft: &Draft) -> String {
        let shape = &self.writing;
        if shape.custom.is_empty() && shape.defaults.is_empty() {
            return "{}".into();
        }
        let mut custom: Map<String, Json> = shape.defaults.iter().cloned().collect();
        for (at, key) in &shape.custom {
            if !draft.values[*at].vacant() {
                custom.insert(key.clone(), draft.values[*at].to_stored_json());
            }
        }
        Json::Object(custom).to_string()
    }
}

/// The main address, and the further one when it is another.
fn main_of<'t>(main: &'t str, further: &'t str) -> (&'t str, &'t str) {
    match main.is_empty() {
        true => (further, ""),
        false if main == further => (main, ""),
        false => (main, further),
    }
}
