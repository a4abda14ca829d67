//! Finds the customers of purchases, and makes those that are not known.

use std::collections::HashMap;
use std::sync::Arc;

use db::Tx;
use kernel::fold::{email_key, fold};
use kernel::search::Doc;
use kernel::{Ctx, Kind, Object, Result, Scope, Value};

use super::parsing::Who;
use crate::contact_points::value_key;
use crate::imports::keys::{Ids, Key, key};
use crate::imports::loaders::created;
use crate::imports::lookups::{Lookup, any, visible_sql};
use crate::imports::records::attempt;

/// Customers that are remembered; beyond it, the database is asked again.
const N_REMEMBERED: usize = 4_000_000;

/// A customer that a row may mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Customer {
    pub(super) id: i64,
    /// May the actor see it?
    visible: bool,
    /// Has it a number of its own?
    numbered: bool,
    company: bool,
}

#[derive(Debug, Clone, Copy)]
enum Known {
    One(Customer),
    /// Several customers have this name or address.
    Several,
}

/// What the orders of a new customer come to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Totals {
    pub(super) since: Option<i64>,
    pub(super) last: Option<i64>,
    pub(super) n_orders: i64,
    pub(super) spent: i64,
}

struct Pending {
    id: i64,
    who: Who,
    name: String,
}

/// Customers as the rows name them.
pub(super) struct Customers {
    object: Arc<Object>,
    company: bool,
    may_create: bool,
    known: HashMap<Key, Known>,
    /// Nobody was there before the run, so that what is not remembered does not exist.
    fresh: bool,
    lookups: Vec<(&'static str, Lookup)>,
    pending: Vec<Pending>,
    dry: bool,
}

/// Who the row means.
pub(super) enum Meant {
    Known(Customer),
    /// The one with this address, who gets the number that the row says.
    Adopted(Customer),
    Unknown,
}

impl Customers {
    pub(super) fn new(tx: &mut Tx<'_>, ctx: &Ctx, object: &Arc<Object>, dry: bool) -> Result<Customers> {
        let parties = ctx.catalogue.need("parties")?.clone();
        let select = "p.id, p.external_id IS NOT NULL, p.kind";
        let by = |what: &str, from: &str, condition: &str| {
            Lookup::new(|list, sql| {
                let visible = visible_sql(ctx, &parties, "p", sql)?;
                let condition = condition.replace("{list}", list);
                Ok(format!("SELECT {what}, {select}, {visible} FROM {from} WHERE {condition}"))
            })
        };
        let points = "contact_points c JOIN parties p ON p.id = c.party_id";
        Ok(Customers {
            company: object.key == "companies",
            may_create: ctx.rights.scope(&object.key, kernel::Action::Create) != Scope::None,
            object: object.clone(),
            known: HashMap::new(),
            fresh: !any(tx, "parties", "id > 0")?,
            lookups: vec![
                (
                    "id",
                    by(
                        "p.external_id",
                        "parties p",
                        "p.kind IN ('contact', 'company') AND p.external_id IN {list}",
                    )?,
                ),
                (
                    "email",
                    by(
                        "c.value_key",
                        points,
                        "c.kind = 'email' AND c.value_key IN {list} AND p.archived_at IS NULL",
                    )?,
                ),
                (
                    "name",
                    by(
                        "p.name_key",
                        "parties p",
                        "p.kind = 'contact' AND p.archived_at IS NULL AND p.name_key IN {list}",
                    )?,
                ),
                (
                    "name",
                    by(
                        "p.name_key",
                        "parties p",
                        "p.kind = 'company' AND p.archived_at IS NULL AND p.name_key IN {list}",
                    )?,
                ),
            ],
            pending: Vec::new(),
            dry,
        })
    }

    /// Asks the database for those of the rows that are not remembered.
    pub(super) fn fetch<'r>(&mut self, tx: &mut Tx<'_>, rows: impl Iterator<Item = &'r Who>) -> Result<()> {
        if self.known.len() > N_REMEMBERED && !self.dry {
            self.known.clear();
            self.fresh = false;
        }
        if self.fresh {
            return Ok(());
        }
        let mut wanted: Vec<(&str, String)> = Vec::new();
        for who in rows {
            wanted.extend(who.id.iter().map(|id| ("id", id.clone())));
            wanted.extend(who.email.iter().map(|email| ("email", email_key(email))));
            if let (None, None, Some(name)) = (&who.id, &who.email, &who.name) {
                wanted.push(("name", fold(name)));
            }
        }
        wanted.sort();
        wanted.dedup();
        wanted.retain(|(tag, value)| !self.known.contains_key(&key(tag, value)));
        let known = &mut self.known;
        for (tag, lookup) in &self.lookups {
            let values = wanted.iter().filter(|(t, _)| t == tag).map(|(_, value)| value.as_str().into());
            lookup.each(tx, values, |row| {
                let found = Customer {
                    id: row.int(1)?,
                    numbered: truth(row.get(2)),
                    company: row.text(3)? == "company",
                    visible: truth(row.get(4)),
                };
                remember(known, key(tag, row.text(0)?), found);
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Who the row means. *Errors*: one sentence for the row.
    pub(super) fn find(&self, who: &Who) -> std::result::Result<Meant, String> {
        let by = |tag: &str, value: Option<String>| value.and_then(|value| self.known.get(&key(tag, &value)));
        let seen = |customer: &Customer| match customer.visible {
            true => Ok(*customer),
            false => Err("belongs to a customer whom you may not see".to_string()),
        };
        match by("id", who.id.clone()) {
            Some(Known::One(customer)) => return seen(customer).map(Meant::Known),
            Some(Known::Several) => {
                let id = who.id.as_deref().unwrap_or_default();
                return Err(format!("both a contact and a company have the number {id}"));
            }
            None => {}
        }
        match by("email", who.email.as_deref().map(email_key)) {
            Some(Known::One(customer)) if who.id.is_none() => return seen(customer).map(Meant::Known),
            Some(Known::One(customer)) if !customer.numbered => return seen(customer).map(Meant::Adopted),
            Some(Known::Several) if who.id.is_none() => {
                let email = who.email.as_deref().unwrap_or_default();
                return Err(format!(
                    "several customers have the address {email}; a customer number would tell them apart"
                ));
            }
            _ => {}
        }
        if who.id.is_none() && who.email.is_none() {
            match by("name", who.name.as_deref().map(fold)) {
                Some(Known::One(customer)) => return seen(customer).map(Meant::Known),
                Some(Known::Several) => {
                    let name = who.name.as_deref().unwrap_or_default();
                    return Err(format!(
                        "several customers are named {name}; a customer number would tell them apart"
                    ));
                }
                None => {}
            }
        }
        match self.may_create {
            true => Ok(Meant::Unknown),
            false => Err(format!(
                "names a customer who is not known, and you may not create {}",
                self.object.plural.to_lowercase()
            )),
        }
    }

    /// Makes a customer; [`Customers::write`] then puts it down.
    pub(super) fn create(&mut self, tx: &mut Tx<'_>, ids: &mut Ids, who: &Who) -> Result<i64> {
        let id = ids.take(tx)?;
        let named = who.name.clone().or_else(|| who.id.as_ref().map(|id| format!("Customer {id}")));
        let name = named.or_else(|| who.email.clone()).unwrap_or_default();
        let customer = Customer { id, visible: true, numbered: who.id.is_some(), company: self.company };
        if let Some(number) = &who.id {
            remember(&mut self.known, key("id", number), customer);
        }
        if let Some(email) = &who.email {
            remember(&mut self.known, key("email", &email_key(email)), customer);
        }
        remember(&mut self.known, key("name", &fold(&name)), customer);
        self.pending.push(Pending { id, who: who.clone(), name });
        Ok(id)
    }

    /// Gives a customer who was known by address alone the number that a row says.
    pub(super) fn adopt(&mut self, tx: &mut Tx<'_>, ctx: &Ctx, customer: Customer, who: &Who) -> Result<()> {
        let Some(number) = &who.id else { return Ok(()) };
        let customer = Customer { numbered: true, ..customer };
        remember(&mut self.known, key("id", number), customer);
        if let Some(email) = &who.email {
            self.known.insert(key("email", &email_key(email)), Known::One(customer));
        }
        if let Some(pending) = self.pending.iter_mut().find(|p| p.id == customer.id) {
            pending.who.id = Some(number.clone());
            return Ok(());
        }
        if self.dry {
            return Ok(());
        }
        let object = ctx.catalogue.need(if customer.company { "companies" } else { "contacts" })?.clone();
        let values = [("external_id".to_string(), Value::Text(number.clone()))].into();
        // If it is refused, the purchase is booked all the same; only the number stays unknown.
        attempt(tx, |tx| kernel::change(tx, ctx, &object, customer.id, None, values)).map(drop)
    }

    /// How many customers this batch makes.
    pub(super) fn n_pending(&self) -> usize {
        self.pending.len()
    }

    /// Is this customer made by this batch?
    pub(super) fn new_ids(&self) -> HashMap<i64, Totals> {
        self.pending.iter().map(|p| (p.id, Totals::default())).collect()
    }

    /// Writes the customers of this batch with what their orders come to.
    pub(super) fn write(&mut self, tx: &mut Tx<'_>, ctx: &Ctx, totals: &HashMap<i64, Totals>) -> Result<()> {
        let pending = std::mem::take(&mut self.pending);
        if self.dry || pending.is_empty() {
            return Ok(());
        }
        let kind = if self.company { "company" } else { "contact" };
        let owner = ctx.user_id;
        let mut parties = Vec::with_capacity(pending.len());
        let mut points = Vec::new();
        let mut docs = Vec::with_capacity(pending.len());
        let n_points = pending.iter().filter(|p| p.who.email.is_some()).count();
        let mut point_ids = tx.ids(n_points)?.into_iter();
        for customer in &pending {
            let totals = totals.get(&customer.id).copied().unwrap_or_default();
            parties.push([
                customer.id.into(),
                1.into(),
                ctx.now.into(),
                ctx.now.into(),
                ctx.import_id.into(),
                "{}".into(),
                kind.into(),
                customer.name.as_str().into(),
                fold(&customer.name).into(),
                customer.who.id.as_deref().into(),
                customer.who.email.as_deref().into(),
                owner.into(),
                totals.since.into(),
                totals.last.into(),
                totals.n_orders.into(),
                totals.spent.into(),
            ]);
            let mut doc = Doc::default();
            doc.add(&Kind::Text, &customer.name);
            if let Some(email) = &customer.who.email {
                doc.add(&Kind::Email, email);
                points.push([
                    point_ids.next().unwrap_or_default().into(),
                    1.into(),
                    ctx.now.into(),
                    ctx.now.into(),
                    ctx.import_id.into(),
                    "{}".into(),
                    customer.id.into(),
                    "email".into(),
                    email.as_str().into(),
                    value_key("email", email).into(),
                    1.into(),
                    "unverified".into(),
                ]);
            }
            if let Some(number) = customer.who.id.as_deref() {
                // A name made of the number has its words already.
                if customer.who.name.is_some() {
                    doc.add(&Kind::Text, number);
                }
            }
            docs.push((customer.id, doc));
        }
        let columns = [
            "id",
            "version",
            "created_at",
            "updated_at",
            "import_id",
            "custom",
            "kind",
            "name",
            "name_key",
            "external_id",
            "email",
            "owner_id",
            "customer_since",
            "last_order_on",
            "n_orders",
            "total_spent",
        ];
        tx.insert_rows("parties", &columns, &parties)?;
        tx.insert_rows("contact_points", &crate::imports::parties::POINT_COLUMNS, &points)?;
        let events = created(ctx, &self.object, pending.iter().map(|p| (p.id, None)));
        tx.insert_rows("events", &kernel::events::COLUMNS, &events)?;
        kernel::search::put_many(tx, &self.object.key, &docs)
    }
}

fn remember(known: &mut HashMap<Key, Known>, key: Key, customer: Customer) {
    match known.get(&key) {
        Some(Known::One(other)) if other.id != customer.id => {
            known.insert(key, Known::Several);
        }
        Some(_) => {}
        None => {
            known.insert(key, Known::One(customer));
        }
    }
}

/// A truth of either engine.
fn truth(value: &db::Value) -> bool {
    *value == db::Value::Int(1)
}
