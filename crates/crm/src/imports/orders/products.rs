//! Finds the products of purchases, and makes those that are not known.

use std::collections::HashMap;
use std::sync::Arc;

use db::Tx;
use kernel::fold::fold;
use kernel::search::Doc;
use kernel::{Action, Ctx, Kind, Object, Result, Scope};

use super::parsing::What;
use crate::imports::keys::{Ids, Key, key};
use crate::imports::loaders::created;
use crate::imports::lookups::{Lookup, any};

/// Products that are remembered; beyond it, the database is asked again.
const N_REMEMBERED: usize = 2_000_000;

/// A product that a row may mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Product {
    pub(super) id: i64,
    /// What one costs us, in minor units.
    pub(super) cost: Option<i64>,
}

struct Pending {
    id: i64,
    what: What,
    price: Option<i64>,
    currency: String,
}

/// Products as the rows name them.
pub(super) struct Products {
    object: Arc<Object>,
    may_create: bool,
    known: HashMap<Key, Product>,
    fresh: bool,
    by_sku: Lookup,
    by_name: Lookup,
    pending: Vec<Pending>,
    dry: bool,
}

impl Products {
    pub(super) fn new(tx: &mut Tx<'_>, ctx: &Ctx, dry: bool) -> Result<Products> {
        let object = ctx.catalogue.need("products")?.clone();
        let by = |column: &str| {
            Lookup::new(|list, _| {
                Ok(format!("SELECT {column}, id, cost FROM products WHERE {column} IN {list} ORDER BY id"))
            })
        };
        Ok(Products {
            may_create: ctx.rights.scope(&object.key, Action::Create) != Scope::None,
            object,
            known: HashMap::new(),
            fresh: !any(tx, "products", "id > 0")?,
            by_sku: by("sku")?,
            by_name: by("name_key")?,
            pending: Vec::new(),
            dry,
        })
    }

    /// Asks the database for those of the rows that are not remembered.
    pub(super) fn fetch<'r>(&mut self, tx: &mut Tx<'_>, rows: impl Iterator<Item = &'r What>) -> Result<()> {
        if self.known.len() > N_REMEMBERED && !self.dry {
            self.known.clear();
            self.fresh = false;
        }
        if self.fresh {
            return Ok(());
        }
        let (mut skus, mut names) = (Vec::new(), Vec::new());
        for what in rows {
            match (&what.sku, &what.name) {
                (Some(sku), _) => skus.push(sku.clone()),
                (None, Some(name)) => names.push(fold(name)),
                (None, None) => {}
            }
        }
        for (tag, lookup, mut values) in [("sku", &self.by_sku, skus), ("name", &self.by_name, names)] {
            values.sort();
            values.dedup();
            values.retain(|value| !self.known.contains_key(&key(tag, value)));
            let known = &mut self.known;
            lookup.each(tx, values.into_iter().map(db::Value::Text), |row| {
                let product = Product { id: row.int(1)?, cost: row.opt_int(2)? };
                known.entry(key(tag, row.text(0)?)).or_insert(product);
                Ok(())
            })?;
        }
        Ok(())
    }

    /// The product that the row means, or nothing when it is not known.
    pub(super) fn find(&self, what: &What) -> Option<Product> {
        let found = match (&what.sku, &what.name) {
            (Some(sku), _) => self.known.get(&key("sku", sku)),
            (None, Some(name)) => self.known.get(&key("name", &fold(name))),
            (None, None) => None,
        };
        found.copied()
    }

    /// Makes a product, unless the actor may not.
    pub(super) fn create(
        &mut self,
        tx: &mut Tx<'_>,
        ids: &mut Ids,
        what: &What,
        price: Option<i64>,
        currency: &str,
    ) -> Result<Option<Product>> {
        if !self.may_create {
            return Ok(None);
        }
        let product = Product { id: ids.take(tx)?, cost: None };
        if let Some(sku) = &what.sku {
            self.known.insert(key("sku", sku), product);
        }
        if let Some(name) = &what.name {
            self.known.entry(key("name", &fold(name))).or_insert(product);
        }
        self.pending.push(Pending {
            id: product.id,
            what: what.clone(),
            price,
            currency: currency.to_string(),
        });
        Ok(Some(product))
    }

    /// How many products this batch makes.
    pub(super) fn n_pending(&self) -> usize {
        self.pending.len()
    }

    /// Writes the products of this batch.
    pub(super) fn write(&mut self, tx: &mut Tx<'_>, ctx: &Ctx) -> Result<()> {
        let pending = std::mem::take(&mut self.pending);
        if self.dry || pending.is_empty() {
            return Ok(());
        }
        let (mut rows, mut docs) = (Vec::new(), Vec::new());
        for product in &pending {
            let what = &product.what;
            let name = what.name.as_deref().or(what.sku.as_deref()).unwrap_or("Product");
            rows.push([
                product.id.into(),
                1.into(),
                ctx.now.into(),
                ctx.now.into(),
                ctx.import_id.into(),
                "{}".into(),
                name.into(),
                fold(name).into(),
                what.sku.as_deref().into(),
                what.category.as_deref().into(),
                product.price.into(),
                product.currency.as_str().into(),
                1.into(),
            ]);
            let mut doc = Doc::default();
            doc.add(&Kind::Text, name);
            doc.add(&Kind::Text, what.sku.as_deref().filter(|sku| *sku != name).unwrap_or_default());
            docs.push((product.id, doc));
        }
        let columns = [
            "id",
            "version",
            "created_at",
            "updated_at",
            "import_id",
            "custom",
            "name",
            "name_key",
            "sku",
            "category",
            "price",
            "currency",
            "active",
        ];
        tx.insert_rows("products", &columns, &rows)?;
        let events = created(ctx, &self.object, pending.iter().map(|p| (p.id, None)));
        tx.insert_rows("events", &kernel::events::COLUMNS, &events)?;
        kernel::search::put_many(tx, &self.object.key, &docs)
    }
}
