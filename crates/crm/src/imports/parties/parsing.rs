//! Reads a row of a file of contacts or companies.

use std::sync::Arc;

use jiff::tz::TimeZone;
use kernel::{Ctx, Field, Kind, Object, Result, Value};
use sheet::Format;

use super::writing::{Ready, Shape};
use crate::contact_points::value_key;
use crate::imports::accounts::Severity;
use crate::imports::cells;
use crate::imports::duplicates::Sign;
use crate::imports::feeds::{Note, Parser};
use crate::imports::keys::{Key, Occurrences, Print, RowPrint, key, row_print};
use crate::imports::plans::Plan;
use crate::imports::targets::{MOBILE, OTHER_EMAIL};

/// What a column fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A field, by its place in the object.
    Field(usize),
    /// A further phone number.
    Mobile,
    /// A further e-mail address.
    OtherEmail,
}

/// A column that fills something.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    pub(super) column: usize,
    pub(super) role: Role,
    format: Format,
}

/// One row.
#[derive(Debug, Clone)]
pub(in crate::imports) struct PartyRow {
    /// By slot; links are still text.
    pub(super) values: Vec<Value>,
    /// What it is recognised by, hashed and as the database has it.
    pub(super) key: Option<Key>,
    pub(super) key_text: Option<String>,
    /// Its external id, where that is not the key but must be nobody else's.
    pub(super) external: Option<Key>,
    pub(super) external_text: Option<String>,
    /// What tells a row without key from all others.
    pub(super) print: Option<RowPrint>,
    pub(super) signs: Vec<Sign>,
    /// The row as it is written when it makes a party.
    pub(super) ready: Ready,
}

/// Reads rows of contacts or companies.
pub(in crate::imports) struct Parties {
    slots: Vec<Slot>,
    fields: Vec<Field>,
    key: Option<(String, usize)>,
    external: Option<usize>,
    person: bool,
    currency: String,
    zone: TimeZone,
    object: String,
    shape: Arc<Shape>,
    seen: Occurrences,
}

impl Slot {
    pub(super) fn field<'o>(&self, object: &'o Object) -> Option<&'o Field> {
        match self.role {
            Role::Field(at) => object.fields.get(at),
            Role::Mobile | Role::OtherEmail => None,
        }
    }
}

/// The columns that fill something, in the order of the file.
pub(super) fn slots(plan: &Plan, object: &Object) -> Vec<Slot> {
    let role = |target: &str| match target {
        MOBILE if object.field(MOBILE).is_none() => Some(Role::Mobile),
        OTHER_EMAIL if object.field(OTHER_EMAIL).is_none() => Some(Role::OtherEmail),
        key => object.fields.iter().position(|f| f.key == key).map(Role::Field),
    };
    let mapped = plan.mapped();
    mapped
        .filter_map(|(column, c)| Some(Slot { column, role: role(c.target.as_deref()?)?, format: c.format }))
        .collect()
}

impl Parties {
    pub(super) fn new(
        ctx: &Ctx,
        plan: &Plan,
        object: &Object,
        slots: &[Slot],
        shape: Arc<Shape>,
    ) -> Result<Parties> {
        let further = |role: Role| match role {
            Role::Mobile => Field::new(MOBILE, "Mobile", Kind::Phone),
            _ => Field::new(OTHER_EMAIL, "Second e-mail", Kind::Email),
        };
        let fields: Vec<Field> = slots
            .iter()
            .map(|slot| slot.field(object).cloned().unwrap_or_else(|| further(slot.role)))
            .collect();
        let at = |key: &str| fields.iter().position(|f| f.key == key);
        Ok(Parties {
            key: plan.key.as_ref().and_then(|key| Some((key.clone(), at(key)?))),
            external: at("external_id").filter(|_| plan.key.as_deref() != Some("external_id")),
            person: object.key == "contacts",
            currency: ctx.currency.clone(),
            zone: ctx.zone.clone(),
            object: object.key.clone(),
            slots: slots.to_vec(),
            shape,
            fields,
            seen: Occurrences::default(),
        })
    }

    fn text<'v>(&self, values: &'v [Value], key: &str) -> &'v str {
        let at = self.fields.iter().position(|f| f.key == key);
        at.and_then(|at| values.get(at)).and_then(Value::text).unwrap_or_default()
    }
}

impl Parser for Parties {
    type Row = PartyRow;

    fn parse(&mut self, row: &sheet::Row, notes: &mut Vec<Note>) -> Option<PartyRow> {
        let mut values = Vec::with_capacity(self.slots.len());
        let mut missing = false;
        for (slot, field) in self.slots.iter().zip(&self.fields) {
            let cell = row.get(slot.column).unwrap_or_default();
            let value =
                cells::read(field, slot.format, cell, &self.currency, &self.zone).unwrap_or_else(|message| {
                    let severity = if field.required { Severity::Failed } else { Severity::Warning };
                    let message =
                        if field.required { message } else { format!("{message}; it was left out") };
                    notes.push(Note { column: Some(slot.column), message, severity });
                    Value::Empty
                });
            if field.required && field.default.is_none() && value.vacant() {
                missing = true;
                notes.push(Note::failed(Some(slot.column), format!("{} is missing", field.label)));
            }
            values.push(value);
        }
        let name = self.name(&values);
        if !missing && name.is_empty() {
            missing = true;
            notes.push(Note::failed(None, "says no name, e-mail address, phone number or external id"));
        }
        // Counted for refused rows as well, so that mending one row does not change what the others are.
        let identity = self.identity(&values);
        let (key, key_text, print) = identity;
        let external_text = self.external.and_then(|at| values[at].text()).map(String::from);
        if missing {
            return None;
        }
        let signs = self.signs(&values, &name);
        let ready = self.shape.ready(&values);
        let external = external_text.as_deref().map(|text| crate::imports::keys::key("external_id", text));
        Some(PartyRow { values, key, key_text, external, external_text, print, signs, ready })
    }
}

impl Parties {
    /// What the party is called: its name, else what else tells it.
    fn name(&self, values: &[Value]) -> String {
        named(&|key| self.text(values, key), self.person)
    }

    fn identity(&mut self, values: &[Value]) -> (Option<Key>, Option<String>, Option<RowPrint>) {
        if let Some((target, at)) = &self.key
            && let Some(text) = values[*at].text()
        {
            let matched = match target.as_str() {
                "external_id" => text.to_string(),
                "name" => kernel::fold::fold(text),
                address => value_key(address, text),
            };
            return (Some(key(target, &matched)), Some(matched), None);
        }
        let mut print = Print::new(&self.object);
        for (field, value) in self.fields.iter().zip(values) {
            if !value.vacant() {
                print.text(&field.key);
                print.value(value);
            }
        }
        let print = print.finish();
        let occurrence = self.seen.of(&print);
        (None, None, Some(row_print(&print, occurrence)))
    }

    fn signs(&self, values: &[Value], name: &str) -> Vec<Sign> {
        let said = |key: &str| Some(self.text(values, key)).filter(|text| !text.is_empty());
        let birth = self.fields.iter().position(|f| f.key == "birth_on").and_then(|at| values[at].int());
        let place = match birth {
            Some(day) => day.to_string(),
            None => said("postal_code").or(said("city")).unwrap_or_default().to_string(),
        };
        let mut signs: Vec<Sign> =
            ["email", OTHER_EMAIL].into_iter().filter_map(said).map(Sign::email).collect();
        signs.extend(["phone", MOBILE].into_iter().filter_map(said).filter_map(Sign::phone));
        signs.extend(Sign::name(name, &place, !self.person));
        signs
    }
}

/// The name of a party, made of its parts or addresses where it has none; empty when nothing tells it.
pub(super) fn named<'v>(text: &impl Fn(&str) -> &'v str, person: bool) -> String {
    if !text("name").is_empty() || !person {
        return text("name").to_string();
    }
    let full = format!("{} {}", text("given_name").trim(), text("family_name").trim());
    let known = [full.trim(), text("email"), text("phone"), text(MOBILE), text(OTHER_EMAIL)];
    match known.into_iter().find(|name| !name.is_empty()) {
        Some(name) => name.to_string(),
        None if text("external_id").is_empty() => String::new(),
        None => format!("Contact {}", text("external_id")),
    }
}
