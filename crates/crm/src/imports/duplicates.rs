//! Notices that a new contact or company may be one that is there already, by address, phone or name.

use std::collections::HashMap;

use db::Tx;
use kernel::Result;
use kernel::fold::{email_key, fold, phone_key};

use super::keys::key;
use super::lookups::{Lookup, any};

/// Addresses that are remembered; beyond it, the database is asked.
const N_REMEMBERED: usize = 20_000_000;

/// What a new party may have in common with another.
#[derive(Debug, Clone, Default)]
pub(super) struct Traits {
    pub(super) emails: Vec<String>,
    pub(super) phones: Vec<String>,
    pub(super) name: String,
    /// What makes two equal names of people mean one person: a birthday, a postal code or a city.
    pub(super) place: String,
}

/// A trait in its matched form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Sign {
    kind: &'static str,
    value: String,
}

/// Looks for parties that may be the same.
pub(super) struct Duplicates {
    companies: bool,
    seen: HashMap<u64, i64>,
    found: HashMap<Sign, i64>,
    by_point: Lookup,
    by_name: Lookup,
    /// No party was there before the run, so that what is not remembered does not exist.
    fresh: bool,
}

impl Duplicates {
    pub(super) fn new(tx: &mut Tx<'_>, companies: bool) -> Result<Duplicates> {
        let kind = if companies { "company" } else { "contact" };
        Ok(Duplicates {
            companies,
            seen: HashMap::new(),
            found: HashMap::new(),
            by_point: Lookup::new(|list, _| {
                Ok(format!(
                    "SELECT kind, value_key, party_id FROM contact_points WHERE value_key IN {list} AND kind IN ('email', 'phone')"
                ))
            })?,
            by_name: Lookup::new(|list, _| {
                Ok(format!(
                    "SELECT name_key, COALESCE(postal_code, city, ''), birth_on, id FROM parties
                     WHERE kind = '{kind}' AND archived_at IS NULL AND name_key IN {list} LIMIT 5000"
                ))
            })?,
            fresh: !any(tx, "parties", "id > 0")?,
        })
    }

    /// Asks the database about the parties of a batch.
    pub(super) fn fetch<'t>(
        &mut self,
        tx: &mut Tx<'_>,
        traits: impl Iterator<Item = &'t Traits>,
    ) -> Result<()> {
        self.found.clear();
        if self.seen.len() > N_REMEMBERED {
            self.seen.clear();
            self.fresh = false;
        }
        if self.fresh {
            return Ok(());
        }
        let (mut points, mut names) = (Vec::new(), Vec::new());
        for party in traits {
            points.extend(party.emails.iter().map(|e| email_key(e)));
            points.extend(party.phones.iter().map(|p| phone_key(p)));
            // A name alone says little of a person who has an address that nobody else has.
            if self.companies || points.is_empty() && !party.place.is_empty() {
                names.push(fold(&party.name));
            }
        }
        for values in [&mut points, &mut names] {
            values.sort_unstable();
            values.dedup();
        }
        let companies = self.companies;
        let found = &mut self.found;
        self.by_point.each(tx, points.into_iter().map(db::Value::from), |row| {
            let kind = if row.text(0)? == "email" { "email" } else { "phone" };
            found.entry(Sign { kind, value: row.text(1)?.to_string() }).or_insert(row.int(2)?);
            Ok(())
        })?;
        self.by_name.each(tx, names.into_iter().map(db::Value::from), |row| {
            let birth = row.opt_int(2)?.map(|day| day.to_string()).unwrap_or_default();
            let places = [row.text(1)?.to_string(), birth];
            for place in places.iter().filter(|place| companies || !place.is_empty()) {
                let value = name_sign(row.text(0)?, place, companies);
                found.entry(Sign { kind: "name", value }).or_insert(row.int(3)?);
            }
            Ok(())
        })
    }

    /// What the party has in common with another one, as a sentence; remembers it.
    pub(super) fn check(&mut self, id: i64, traits: &Traits) -> Option<String> {
        let mut signs: Vec<Sign> = Vec::new();
        signs.extend(traits.emails.iter().map(|e| Sign { kind: "email", value: email_key(e) }));
        signs.extend(traits.phones.iter().map(|p| Sign { kind: "phone", value: phone_key(p) }));
        // Numbers of a few digits are extensions that many share.
        signs.retain(|sign| sign.kind != "phone" || sign.value.len() >= 6);
        if self.companies || !traits.place.is_empty() {
            let value = name_sign(&fold(&traits.name), &traits.place, self.companies);
            signs.push(Sign { kind: "name", value });
        }
        let mut same: Option<(&'static str, i64)> = None;
        for sign in signs {
            let hash = key(sign.kind, &sign.value) as u64;
            let other = self.seen.get(&hash).or_else(|| self.found.get(&sign)).copied();
            if let Some(other) = other.filter(|other| *other != id) {
                same = same.or(Some((sign.kind, other)));
            }
            self.seen.entry(hash).or_insert(id);
        }
        let (kind, other) = same?;
        let what = match kind {
            "email" => "e-mail address",
            "phone" => "phone number",
            _ if self.companies => "name",
            _ => "name and place or birthday",
        };
        // Below nought are records that a dry run would make.
        let whom = if other < 0 { "an earlier row".to_string() } else { format!("record {other}") };
        Some(format!("may be a duplicate: it has the same {what} as {whom}"))
    }
}

fn name_sign(name: &str, place: &str, companies: bool) -> String {
    if companies { name.to_string() } else { format!("{name}\n{}", fold(place)) }
}
