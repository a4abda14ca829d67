//! What a test does in a world, in the product's words.

use std::collections::BTreeMap;

use kernel::filter::{self, Expr};
use kernel::{Ctx, ListQuery, Object, Record, Result, Saved, SortKey, Value, value};

use crate::world::{World, password_hash};

/// Values for `object` from texts, as a form would send them. Panics on text that does not fit.
fn values(ctx: &Ctx, object: &Object, texts: &[(&str, &str)]) -> BTreeMap<String, Value> {
    let read = |(key, text): &(&str, &str)| {
        let field = object.field(key).unwrap_or_else(|| panic!("{} have no field {key}", object.key));
        let value = value::parse(field, text, &ctx.currency).unwrap_or_else(|e| panic!("{key}: {e}"));
        (key.to_string(), value)
    };
    texts.iter().map(read).collect()
}

impl World {
    /// Makes a record from field and text pairs as `ctx`; may be refused.
    pub fn try_create(&self, ctx: &Ctx, object: &str, texts: &[(&str, &str)]) -> Result<Saved> {
        let object = ctx.catalogue.need(object)?.clone();
        self.try_write(|tx| kernel::create(tx, ctx, &object, values(ctx, &object, texts)))
    }

    /// Changes fields of a record as `ctx`, whatever its version; may be refused.
    pub fn try_change(&self, ctx: &Ctx, object: &str, id: i64, texts: &[(&str, &str)]) -> Result<Saved> {
        let object = ctx.catalogue.need(object)?.clone();
        self.try_write(|tx| kernel::change(tx, ctx, &object, id, None, values(ctx, &object, texts)))
    }

    /// Makes a record of any object from field and text pairs as the founder; gives its id.
    pub fn create(&self, object: &str, texts: &[(&str, &str)]) -> i64 {
        self.try_create(&self.ctx(), object, texts).unwrap_or_else(|e| panic!("creating {object}: {e}")).id
    }

    /// Changes fields of a record as the founder.
    pub fn change(&self, object: &str, id: i64, texts: &[(&str, &str)]) -> Saved {
        self.try_change(&self.ctx(), object, id, texts)
            .unwrap_or_else(|e| panic!("changing {object} {id}: {e}"))
    }

    /// Puts a record away as the founder.
    pub fn archive(&self, object: &str, id: i64) -> Saved {
        let ctx = self.ctx();
        let object = ctx.catalogue.need(object).unwrap().clone();
        self.write(|tx| kernel::archive(tx, &ctx, &object, id, None))
    }

    /// A record as the founder sees it.
    pub fn record(&self, object: &str, id: i64) -> Record {
        self.find(&self.ctx(), object, id).unwrap_or_else(|e| panic!("{object} {id}: {e}"))
    }

    /// A record as `ctx` sees it, if it does.
    pub fn find(&self, ctx: &Ctx, object: &str, id: i64) -> Result<Record> {
        let object = ctx.catalogue.need(object)?.clone();
        self.try_read(|tx| kernel::find(tx, ctx, &object, id))
    }

    /// Titles of the records that meet `filter`, in the object's own order, as the founder sees them; at most 1,000.
    pub fn list(&self, object: &str, filter: &str) -> Vec<String> {
        self.list_as(&self.ctx(), object, filter).unwrap_or_else(|e| panic!("{object} where {filter}: {e}"))
    }

    /// As [`World::list`], for another reader.
    pub fn list_as(&self, ctx: &Ctx, object: &str, filter: &str) -> Result<Vec<String>> {
        let object = ctx.catalogue.need(object)?.clone();
        let records = self.records(ctx, &object.key, filter, "")?;
        Ok(records.iter().map(|r| r.title(&object).to_string()).collect())
    }

    /// Ids of the records that meet `filter`, in the order `sort`, as the founder sees them; at most 1,000.
    pub fn ids(&self, object: &str, filter: &str, sort: &str) -> Vec<i64> {
        let records = self.records(&self.ctx(), object, filter, sort);
        records.unwrap_or_else(|e| panic!("{object} where {filter}: {e}")).iter().map(|r| r.id).collect()
    }

    /// Records that meet `filter`, in the order `sort`, as `ctx` sees them; at most 1,000.
    pub fn records(&self, ctx: &Ctx, object: &str, filter: &str, sort: &str) -> Result<Vec<Record>> {
        let object = ctx.catalogue.need(object)?.clone();
        let query = ListQuery {
            filter: (!filter.is_empty()).then(|| parsed(filter)),
            sort: SortKey::parse_all(sort),
            limit: 1_000,
            ..ListQuery::default()
        };
        Ok(self.try_read(|tx| kernel::list(tx, ctx, &object, &query))?.records)
    }

    /// How many records `ctx` counts that meet `filter`.
    pub fn count_as(&self, ctx: &Ctx, object: &str, filter: &str) -> Result<i64> {
        let object = ctx.catalogue.need(object)?.clone();
        let query = ListQuery { filter: Some(parsed(filter)), ..ListQuery::default() };
        match self.try_read(|tx| kernel::count(tx, ctx, &object, &query))? {
            kernel::Total::Exact(n) | kernel::Total::AtLeast(n) => Ok(n),
        }
    }

    /// Titles of what the founder finds by these words, the best first.
    pub fn search(&self, words: &str) -> Vec<String> {
        self.search_as(&self.ctx(), words)
    }

    /// Titles of what `ctx` finds by these words, the best first.
    pub fn search_as(&self, ctx: &Ctx, words: &str) -> Vec<String> {
        let found = self.read(|tx| kernel::search::find(tx, ctx, words, 20));
        let title = |r: &Record| r.title(ctx.catalogue.need(&r.object).unwrap()).to_string();
        found.iter().map(title).collect()
    }

    /// The kinds of the events of a record, the oldest first.
    pub fn events(&self, object: &str, id: i64) -> Vec<String> {
        let ctx = self.ctx();
        let object = ctx.catalogue.need(object).unwrap().clone();
        let mut events = self.read(|tx| kernel::events::of_record(tx, &ctx, &object, id, None, 500));
        events.reverse();
        events.into_iter().map(|e| e.kind).collect()
    }

    /// A role with the given rights (JSON); gives its id.
    pub fn role(&self, name: &str, rights: &str) -> i64 {
        self.create("roles", &[("name", name), ("rights", rights)])
    }

    /// A team.
    pub fn team(&self, name: &str) -> i64 {
        self.create("teams", &[("name", name)])
    }

    /// A user with the role of this name, `Sales`; signs in as `{role}{n}@example.com` with [`crate::PASSWORD`].
    pub fn user(&self, role: &str) -> i64 {
        self.user_in(role, None)
    }

    /// A user with a role in a team.
    pub fn user_in(&self, role: &str, team_id: Option<i64>) -> i64 {
        let role_id = self.ids("roles", &format!("name = \"{role}\""), "");
        let role_id = role_id.first().unwrap_or_else(|| panic!("there is no role {role}")).to_string();
        let n = self.ids("users", "", "").len();
        let name = format!("{role} {n}");
        let email = format!("{}{n}@example.com", role.to_lowercase().replace(' ', "."));
        let mut texts = vec![("name", name.as_str()), ("email", email.as_str()), ("role", role_id.as_str())];
        let team = team_id.map(|id| id.to_string());
        texts.extend(team.as_deref().map(|id| ("team", id)));
        let id = self.create("users", &texts);
        self.write(|tx| crm::users::set_password(tx, id, password_hash()));
        id
    }

    /// A contact of this name, owned by the founder.
    pub fn contact(&self, name: &str) -> i64 {
        self.create("contacts", &[("name", name)])
    }

    /// A company of this name, owned by the founder.
    pub fn company(&self, name: &str) -> i64 {
        self.create("companies", &[("name", name)])
    }

    /// A product with a price.
    pub fn product(&self, name: &str, price: &str) -> i64 {
        self.create("products", &[("name", name), ("price", price)])
    }

    /// An order of a party, without lines.
    pub fn order(&self, party_id: i64, placed_on: &str, total: &str) -> i64 {
        self.create("orders", &[("party", &party_id.to_string()), ("placed_on", placed_on), ("total", total)])
    }

    /// An open deal with a party.
    pub fn deal(&self, name: &str, party_id: i64, amount: &str) -> i64 {
        self.create("deals", &[("name", name), ("party", &party_id.to_string()), ("amount", amount)])
    }

    /// A new case of a party.
    pub fn case(&self, subject: &str, party_id: i64) -> i64 {
        self.create("cases", &[("name", subject), ("party", &party_id.to_string())])
    }

    /// An open task of the founder.
    pub fn task(&self, name: &str, due_on: &str) -> i64 {
        self.create("tasks", &[("name", name), ("due_on", due_on)])
    }

    /// A note on a party.
    pub fn note(&self, party_id: i64, body: &str) -> i64 {
        self.create("notes", &[("party", &party_id.to_string()), ("body", body)])
    }

    /// A touchpoint with a party, now.
    pub fn touchpoint(&self, party_id: i64, kind: &str, summary: &str) -> i64 {
        self.create("touchpoints", &[("party", &party_id.to_string()), ("kind", kind), ("summary", summary)])
    }
}

fn parsed(filter: &str) -> Expr {
    filter::parse(filter).unwrap_or_else(|e| panic!("filter {filter}: {e}"))
}

#[cfg(test)]
mod tests {
    use crate::both;

    #[test]
    fn a_world_speaks_the_words_of_the_product_on_both_engines() {
        both(|w| {
            let ana = w.contact("Ana Silva");
            w.order(ana, "2026-05-01", "12.50");
            w.deal("Big one", ana, "1000");
            assert_eq!(w.list("customers", "total_spent = 12.50"), ["Ana Silva"]);
            assert_eq!(w.search("silv"), ["Ana Silva"]);
            assert_eq!(w.events("contacts", ana), ["contact.created"]);
            let sam = w.user("Sales");
            assert!(!w.ctx_of(sam).rights.administers());
        });
    }
}
