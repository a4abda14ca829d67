//! Writes the new contacts or companies of a batch: rows, addresses, events and search.

use db::Tx;
use kernel::events::{self, Event};
use kernel::fold::fold;
use kernel::search::{self, Doc};
use kernel::{Ctx, Kind, Object, Result, Storage, Value, value};
use serde_json::{Map, Value as Json};

use super::parsing::{PartyRow, Role, Slot, named};
use super::{POINT_COLUMNS, Parties};
use crate::contact_points::value_key;
use crate::imports::feeds::Parsed;
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
    /// Slots whose values are ids of other records, looked up later.
    links: Vec<usize>,
    /// The first columns of each row; nothing for the id.
    first: Vec<db::Value>,
    /// The owner, where no column of the file says it.
    owner: Option<db::Value>,
    /// The event of each, and where its record stands in it.
    event: Vec<db::Value>,
    event_record: usize,
}

const FIXED: [&str; 11] = [
    "id",
    "version",
    "created_at",
    "updated_at",
    "import_id",
    "kind",
    "name_key",
    "name",
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
            links: Vec::new(),
            first: Vec::new(),
            owner: Some(ctx.user_id.into()),
            event: Event::of(ctx, object, 0, None, "created", None).row(),
            event_record: events::COLUMNS.iter().position(|c| *c == "record_id").unwrap_or_default(),
        };
        let now = db::Value::from(ctx.now);
        shape.first =
            vec![db::Value::Null, 1.into(), now.clone(), now, ctx.import_id.into(), shape.kind.into()];
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
            if matches!(field.kind, Kind::Link(_)) {
                shape.links.push(at);
            }
            if field.key == "owner" {
                shape.owner = None;
            }
        }
        if shape.owner.is_some() {
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

/// A party as it is written, but for its id and for links, which are known later.
#[derive(Debug, Clone, Default)]
pub(in crate::imports) struct Ready {
    row: Vec<db::Value>,
    points: Vec<Point>,
    doc: Doc,
    event: Vec<db::Value>,
}

/// An address of a new party.
#[derive(Debug, Clone)]
struct Point {
    value_key: String,
    row: [db::Value; 12],
}

/// Where a point's own id and its party's stand in [`POINT_COLUMNS`].
const POINT_ID: usize = 0;
const POINT_PARTY: usize = 6;

impl Shape {
    /// The party that these values make; done where rows are parsed, away from the thread that writes.
    pub(super) fn ready(&self, values: &[Value]) -> Ready {
        let text = |key: &str| self.text(values, key);
        let name = named(&text, self.kind == "contact");
        // A party with a further address alone has that for its main one.
        let (email, other_email) = main_of(text("email"), text(OTHER_EMAIL));
        let (phone, mobile) = main_of(text("phone"), text(MOBILE));
        let addresses = [
            ("email", email, true),
            ("email", other_email, false),
            ("phone", phone, true),
            ("phone", mobile, false),
        ];
        let points = addresses.into_iter().filter(|(_, address, _)| !address.is_empty());
        let points = points.map(|(kind, address, main)| self.point(kind, address, main)).collect();
        let mut doc = Doc::default();
        for (kind, slot) in &self.searched {
            match slot {
                None => doc.add(kind, &name),
                Some(at) => doc.add(kind, values[*at].text().unwrap_or_default()),
            }
        }
        doc.add(&Kind::Email, email);
        doc.add(&Kind::Phone, phone);
        let filled = |text: &str| if text.is_empty() { db::Value::Null } else { text.into() };
        let mut row = Vec::with_capacity(self.columns.len());
        row.extend(self.first.iter().cloned());
        row.extend([
            fold(&name).into(),
            name.into(),
            filled(email),
            filled(phone),
            self.custom_of(values).into(),
        ]);
        row.extend(self.plain.iter().map(|at| values[*at].to_db()));
        row.extend(self.owner.clone());
        Ready { row, points, doc, event: self.event.clone() }
    }

    fn point(&self, kind: &str, address: &str, main: bool) -> Point {
        let value_key = value_key(kind, address);
        let [_, version, created_at, updated_at, import_id, ..] = self.first.as_slice() else {
            return Point { value_key, row: Default::default() };
        };
        let row = [
            db::Value::Null,
            version.clone(),
            created_at.clone(),
            updated_at.clone(),
            import_id.clone(),
            "{}".into(),
            db::Value::Null,
            kind.into(),
            address.into(),
            value_key.as_str().into(),
            main.into(),
            "unverified".into(),
        ];
        Point { value_key, row }
    }

    fn custom_of(&self, values: &[Value]) -> String {
        if self.custom.is_empty() && self.defaults.is_empty() {
            return "{}".into();
        }
        let mut custom: Map<String, Json> = self.defaults.iter().cloned().collect();
        for (at, key) in &self.custom {
            if !values[*at].vacant() {
                custom.insert(key.clone(), values[*at].to_stored_json());
            }
        }
        Json::Object(custom).to_string()
    }
}

impl Parties {
    /// Writes the rows that make a party; `made` has their ids, row by row.
    pub(super) fn write(
        &self,
        tx: &mut Tx<'_>,
        rows: &mut [Parsed<PartyRow>],
        made: &[Option<i64>],
    ) -> Result<()> {
        let n_points = self.finish(rows, made);
        let shape = &self.writing;
        let columns: Vec<&str> = shape.columns.iter().map(String::as_str).collect();
        tx.insert_rows("parties", &columns, new(rows, made).map(|(_, row)| &row.ready.row))?;
        let mut ids = tx.ids(n_points)?.into_iter();
        let mut points: Vec<&mut Point> = rows
            .iter_mut()
            .zip(made)
            .filter_map(|(parsed, id)| id.and(parsed.row.as_mut()))
            .flat_map(|row| row.ready.points.iter_mut())
            .collect();
        // In the order of their index, so that each of its pages is visited once in a batch.
        points.sort_unstable_by(|a, b| a.value_key.cmp(&b.value_key));
        for point in &mut points {
            point.row[POINT_ID] = ids.next().unwrap_or_default().into();
        }
        tx.insert_rows("contact_points", &POINT_COLUMNS, points.iter().map(|point| &point.row))?;
        tx.insert_rows("events", &events::COLUMNS, new(rows, made).map(|(_, row)| &row.ready.event))?;
        let prints =
            new(rows, made).filter_map(|(id, row)| Some([db::Value::Bytes(row.print?.to_vec()), id.into()]));
        tx.insert_rows("import_rows", &["fingerprint", "record_id"], prints)?;
        let mut docs: Vec<(i64, Doc)> = Vec::new();
        for (parsed, id) in rows.iter_mut().zip(made) {
            docs.extend(
                id.zip(parsed.row.as_mut()).map(|(id, row)| (id, std::mem::take(&mut row.ready.doc))),
            );
        }
        search::put_many(tx, &self.object.key, &docs)?;
        // Given back to where they were made, so that they are freed there.
        let mut docs = docs.into_iter();
        for (parsed, _) in rows.iter_mut().zip(made).filter(|(_, id)| id.is_some()) {
            if let (Some(row), Some((_, doc))) = (&mut parsed.row, docs.next()) {
                row.ready.doc = doc;
            }
        }
        Ok(())
    }

    /// Puts ids and links where they belong; gives the number of addresses.
    fn finish(&self, rows: &mut [Parsed<PartyRow>], made: &[Option<i64>]) -> usize {
        let shape = &self.writing;
        let mut n_points = 0;
        for (parsed, id) in rows.iter_mut().zip(made) {
            let (Some(row), Some(id)) = (&mut parsed.row, id) else { continue };
            let ready = &mut row.ready;
            ready.row[0] = (*id).into();
            ready.event[shape.event_record] = (*id).into();
            for (n, at) in shape.plain.iter().enumerate().filter(|(_, at)| shape.links.contains(at)) {
                ready.row[FIXED.len() + n] = row.values[*at].to_db();
            }
            if shape.custom.iter().any(|(at, _)| shape.links.contains(at)) {
                ready.row[FIXED.len() - 1] = shape.custom_of(&row.values).into();
            }
            for point in &mut ready.points {
                point.row[POINT_PARTY] = (*id).into();
            }
            n_points += ready.points.len();
        }
        n_points
    }
}

/// The rows that make a party, with its id.
pub(super) fn new<'r>(
    rows: &'r [Parsed<PartyRow>],
    made: &'r [Option<i64>],
) -> impl Iterator<Item = (i64, &'r PartyRow)> + Clone {
    rows.iter().zip(made).filter_map(|(parsed, id)| Some(((*id)?, parsed.row.as_ref()?)))
}

/// The main address, and the further one when it is another.
fn main_of<'t>(main: &'t str, further: &'t str) -> (&'t str, &'t str) {
    match main.is_empty() {
        true => (further, ""),
        false if main == further => (main, ""),
        false => (main, further),
    }
}
