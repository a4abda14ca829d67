//! The companies that contacts work for, found by name or made.

use std::collections::HashMap;
use std::sync::Arc;

use db::Tx;
use kernel::fold::fold;
use kernel::search::Doc;
use kernel::{Action, Ctx, Kind, Object, Result, Scope};

use crate::imports::keys::{Ids, Key, key};
use crate::imports::loaders::created;
use crate::imports::lookups::{Lookup, any, visible_sql};

/// Companies that are remembered; beyond it, the database is asked again.
const N_REMEMBERED: usize = 2_000_000;

/// Companies as the rows name them.
pub(super) struct Companies {
    object: Arc<Object>,
    may_create: bool,
    known: HashMap<Key, i64>,
    by_name: Lookup,
    by_id: Lookup,
    pending: Vec<(i64, String)>,
    fresh: bool,
    dry: bool,
}

impl Companies {
    pub(super) fn new(tx: &mut Tx<'_>, ctx: &Ctx, dry: bool) -> Result<Companies> {
        let object = ctx.catalogue.need("companies")?.clone();
        let by = |column: &str| {
            Lookup::new(|list, sql| {
                let visible = visible_sql(ctx, &object, "t", sql)?;
                Ok(format!(
                    "SELECT {column}, t.id, {visible} FROM parties t
                     WHERE t.kind = 'company' AND t.archived_at IS NULL AND {column} IN {list} ORDER BY t.id"
                ))
            })
        };
        Ok(Companies {
            may_create: ctx.rights.scope("companies", Action::Create) != Scope::None,
            known: HashMap::new(),
            by_name: by("t.name_key")?,
            by_id: by("t.id")?,
            pending: Vec::new(),
            fresh: !any(tx, "parties", "kind = 'company'")?,
            object,
            dry,
        })
    }

    /// Asks the database for those that are not remembered.
    pub(super) fn fetch<'t>(&mut self, tx: &mut Tx<'_>, texts: impl Iterator<Item = &'t str>) -> Result<()> {
        if self.known.len() > N_REMEMBERED && !self.dry {
            self.known.clear();
            self.fresh = false;
        }
        if self.fresh {
            return Ok(());
        }
        let (mut names, mut ids) = (Vec::new(), Vec::new());
        for text in texts {
            match number(text) {
                Some(id) => ids.push(id),
                None => names.push(fold(text)),
            }
        }
        names.sort_unstable();
        names.dedup();
        names.retain(|name| !self.known.contains_key(&key("name", name)));
        let known = &mut self.known;
        self.by_name.each(tx, names.into_iter().map(db::Value::from), |row| {
            if *row.get(2) == db::Value::Int(1) {
                known.entry(key("name", row.text(0)?)).or_insert(row.int(1)?);
            }
            Ok(())
        })?;
        self.by_id.each(tx, ids.into_iter().map(db::Value::from), |row| {
            if *row.get(2) == db::Value::Int(1) {
                known.insert(key("id", &row.int(0)?.to_string()), row.int(1)?);
            }
            Ok(())
        })
    }

    /// The company of this name (or number, as `#1234`); a new one when there is none.
    pub(super) fn find_or_create(
        &mut self,
        tx: &mut Tx<'_>,
        ids: &mut Ids,
        text: &str,
    ) -> Result<std::result::Result<i64, String>> {
        if let Some(id) = number(text) {
            let known = self.known.get(&key("id", &id.to_string()));
            return Ok(known.copied().ok_or_else(|| format!("there is no company {text}")));
        }
        let name = key("name", &fold(text));
        if let Some(id) = self.known.get(&name) {
            return Ok(Ok(*id));
        }
        if !self.may_create {
            return Ok(Err(format!("there is no company “{text}”, and you may not create one")));
        }
        let id = ids.take(tx)?;
        self.known.insert(name, id);
        self.pending.push((id, text.to_string()));
        Ok(Ok(id))
    }

    /// Writes the companies of this batch; gives their number.
    pub(super) fn write(&mut self, tx: &mut Tx<'_>, ctx: &Ctx) -> Result<i64> {
        let pending = std::mem::take(&mut self.pending);
        if self.dry || pending.is_empty() {
            return Ok(pending.len() as i64);
        }
        let (mut rows, mut docs) = (Vec::new(), Vec::new());
        for (id, name) in &pending {
            rows.push([
                (*id).into(),
                1.into(),
                ctx.now.into(),
                ctx.now.into(),
                ctx.import_id.into(),
                "{}".into(),
                "company".into(),
                name.as_str().into(),
                fold(name).into(),
                ctx.user_id.into(),
            ]);
            let mut doc = Doc::default();
            doc.add(&Kind::Text, name);
            docs.push((*id, doc));
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
            "owner_id",
        ];
        tx.insert_rows("parties", &columns, &rows)?;
        let events = created(ctx, &self.object, pending.iter().map(|(id, _)| (*id, None)));
        tx.insert_rows("events", &kernel::events::COLUMNS, &events)?;
        kernel::search::put_many(tx, "companies", &docs)?;
        Ok(pending.len() as i64)
    }
}

/// The number in `#1234`.
fn number(text: &str) -> Option<i64> {
    text.strip_prefix('#')?.parse().ok()
}
