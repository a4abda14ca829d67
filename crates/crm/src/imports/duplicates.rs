//! Notices that a new contact or company may be one that is there already, by address, phone or name.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use db::Tx;
use kernel::Result;
use kernel::fold::{email_key, fold, phone_key};

use super::keys::key;
use super::lookups::{Lookup, any};

/// Addresses that are remembered; beyond it, the database is asked.
const N_REMEMBERED: usize = 20_000_000;

/// Something that a party may have in common with another one: an address, a number, or a name with what makes two
/// people of one name one person (a birthday, a postal code, a city).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sign {
    kind: &'static str,
    /// In the form in which it is matched.
    value: String,
    hash: u64,
}

impl Sign {
    fn new(kind: &'static str, value: String) -> Sign {
        let hash = key(kind, &value) as u64;
        Sign { kind, value, hash }
    }

    pub(super) fn email(address: &str) -> Sign {
        Sign::new("email", email_key(address))
    }

    /// Nothing for numbers of a few digits: they are extensions that many share.
    pub(super) fn phone(number: &str) -> Option<Sign> {
        Some(phone_key(number)).filter(|key| key.len() >= 6).map(|key| Sign::new("phone", key))
    }

    /// Nothing for a person of whom no more than the name is known.
    pub(super) fn name(name: &str, place: &str, company: bool) -> Option<Sign> {
        let value = name_sign(&fold(name), place, company);
        (company || !place.is_empty()).then(|| Sign::new("name", value))
    }
}

/// Looks for parties that may be the same.
pub(super) struct Duplicates {
    companies: bool,
    seen: HashMap<u64, i64>,
    found: HashMap<u64, i64>,
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
        parties: impl Iterator<Item = &'t [Sign]>,
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
        for signs in parties {
            points.extend(signs.iter().filter(|s| s.kind != "name").map(|s| s.value.as_str()));
            // A name says little of a person who has an address that nobody else has.
            if self.companies || signs.len() == 1 {
                let named = signs.iter().filter(|s| s.kind == "name");
                names.extend(named.filter_map(|s| s.value.split('\n').next()));
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
            found.entry(key(kind, row.text(1)?) as u64).or_insert(row.int(2)?);
            Ok(())
        })?;
        self.by_name.each(tx, names.into_iter().map(db::Value::from), |row| {
            let birth = row.opt_int(2)?.map(|day| day.to_string()).unwrap_or_default();
            let places = [row.text(1)?.to_string(), birth];
            for place in places.iter().filter(|place| companies || !place.is_empty()) {
                let value = name_sign(row.text(0)?, place, companies);
                found.entry(key("name", &value) as u64).or_insert(row.int(3)?);
            }
            Ok(())
        })
    }

    /// What the party has in common with another one, as a sentence; remembers it.
    pub(super) fn check(&mut self, id: i64, signs: &[Sign]) -> Option<String> {
        let mut same: Option<(&'static str, i64)> = None;
        for sign in signs {
            let other = match self.seen.entry(sign.hash) {
                Entry::Occupied(entry) => Some(*entry.get()),
                Entry::Vacant(entry) => {
                    entry.insert(id);
                    self.found.get(&sign.hash).copied()
                }
            };
            if let Some(other) = other.filter(|other| *other != id) {
                same = same.or(Some((sign.kind, other)));
            }
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
