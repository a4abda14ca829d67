//! Reads the orders that a batch speaks of, and writes what became of them.

use std::collections::{BTreeMap, HashMap, HashSet};

use db::Tx;
use kernel::events::Event;
use kernel::search::Doc;
use kernel::{Kind, Result, Storage, Value, value};
use serde_json::{Map, Value as Json};

use super::customers::Totals;
use super::parsing::{Columns, Identity, Purchase};
use super::{Batch, Line, Order, Orders};
use crate::imports::keys::{RowPrint, key};
use crate::imports::loaders::created;
use crate::imports::lookups::{Lookup, put_prints};
use crate::imports::plans::AmountPer;
use crate::imports::records::attempt;
use crate::parties;

/// Statements that find orders and their lines.
pub(super) struct OrderLookups {
    by_external_id: Lookup,
    by_number: Lookup,
    by_id: Lookup,
    lines: Lookup,
}

const LINE_COLUMNS: [&str; 16] = [
    "id",
    "version",
    "created_at",
    "updated_at",
    "import_id",
    "custom",
    "order_id",
    "product_id",
    "description",
    "quantity",
    "unit_price",
    "discount",
    "amount",
    "cost",
    "returned",
    "archived_at",
];

impl OrderLookups {
    pub(super) fn new(columns: &Columns) -> Result<OrderLookups> {
        let others: Vec<String> = columns
            .others
            .iter()
            .map(|(_, _, field)| format!(", {}", kernel::column_sql(field, "t")))
            .collect();
        let others = others.concat();
        let plain = |text: String| Lookup::new(|list, _| Ok(text.replace("{list}", list)));
        Ok(OrderLookups {
            by_external_id: plain("SELECT external_id, id FROM orders WHERE external_id IN {list}".into())?,
            by_number: plain("SELECT number, id FROM orders WHERE number IN {list} AND archived_at IS NULL ORDER BY id DESC".into())?,
            by_id: plain(format!(
                "SELECT t.id, t.import_id, t.party_id, t.placed_on, t.currency, t.status, t.total{others}
                 FROM orders t WHERE t.id IN {{list}}"
            ))?,
            lines: plain(
                "SELECT l.order_id, l.id, l.product_id, l.description, l.quantity, l.unit_price, l.discount, l.amount,
                     l.cost, r.fingerprint, l.archived_at
                 FROM order_lines l LEFT JOIN import_rows r ON r.record_id = l.id
                 WHERE l.order_id IN {list} ORDER BY l.id"
                    .into(),
            )?,
        })
    }
}

impl Orders {
    /// The orders that are there of those that the rows speak of.
    pub(super) fn fetch_orders<'r>(
        &mut self,
        tx: &mut Tx<'_>,
        rows: impl Iterator<Item = &'r Purchase>,
    ) -> Result<Batch> {
        let mut batch = Batch::default();
        let (mut prints, mut numbers) = (Vec::new(), HashSet::new());
        let mut ids: HashMap<i64, Identity> = HashMap::new();
        for purchase in rows {
            match &purchase.identity {
                Identity::Row(print) if !self.fresh => prints.push(print.as_str()),
                Identity::Row(_) => {}
                Identity::Line { number, .. } => {
                    numbers.insert(number.as_str());
                }
            }
        }
        self.lookups.by_external_id.each(tx, prints.into_iter().map(db::Value::from), |row| {
            ids.insert(row.int(1)?, Identity::Row(row.text(0)?.to_string()));
            Ok(())
        })?;
        let mut found: BTreeMap<String, i64> = BTreeMap::new();
        numbers.retain(|number| match self.made.get(&key("number", number)) {
            Some((id, _)) => {
                found.insert(number.to_string(), *id);
                false
            }
            None => !self.fresh,
        });
        // The number as the external id is surer than a number that a person gave.
        for lookup in [&self.lookups.by_number, &self.lookups.by_external_id] {
            lookup.each(tx, numbers.iter().map(|number| db::Value::from(*number)), |row| {
                found.insert(row.text(0)?.to_string(), row.int(1)?);
                Ok(())
            })?;
        }
        ids.extend(
            found.into_iter().map(|(number, id)| (id, Identity::Line { number, print: RowPrint::default() })),
        );
        self.load_orders(tx, &ids, &mut batch)?;
        Ok(batch)
    }

    fn load_orders(
        &mut self,
        tx: &mut Tx<'_>,
        ids: &HashMap<i64, Identity>,
        batch: &mut Batch,
    ) -> Result<()> {
        let mut sorted: Vec<i64> = ids.keys().copied().collect();
        sorted.sort_unstable();
        let import_id = self.ctx.import_id;
        let mut orders: HashMap<i64, Order> = HashMap::new();
        let others = &self.columns.others;
        self.lookups.by_id.each(tx, sorted.iter().map(|id| db::Value::from(*id)), |row| {
            let placed_on = value::date_of(row.int(3)?).unwrap_or_default();
            let mut before = BTreeMap::new();
            before.insert("placed_on".to_string(), Value::Date(placed_on));
            before.insert("status".to_string(), Value::Text(row.text(5)?.to_string()));
            before.insert("total".to_string(), Value::Money(row.int(6)?));
            for (n, (_, _, field)) in others.iter().enumerate() {
                before.insert(field.key.clone(), Value::from_db(&field.kind, row.get(7 + n)));
            }
            let order = Order {
                id: row.int(0)?,
                new: false,
                own: import_id.is_some() && row.opt_int(1)? == import_id,
                number: None,
                external_id: String::new(),
                party_id: row.int(2)?,
                placed_on,
                placed_at: None,
                status: None,
                currency: row.text(4)?.to_string(),
                whole: None,
                discount: None,
                others: Vec::new(),
                bare: None,
                lines: Vec::new(),
                before,
                changes: BTreeMap::new(),
                lines_touched: false,
                adopting: false,
            };
            orders.insert(order.id, order);
            Ok(())
        })?;
        let numbered = |id: &i64| matches!(ids.get(id), Some(Identity::Line { .. }));
        let with_lines = sorted.iter().filter(|id| numbered(id)).map(|id| db::Value::from(*id));
        self.lookups.lines.each(tx, with_lines, |row| {
            if let Some(order) = orders.get_mut(&row.int(0)?) {
                order.lines.push(Line {
                    id: Some(row.int(1)?),
                    product_id: row.opt_int(2)?,
                    description: row.text(3)?.to_string(),
                    quantity: row.real(4)?,
                    unit_price: row.opt_int(5)?,
                    discount: row.opt_int(6)?,
                    amount: row.int(7)?,
                    cost: row.opt_int(8)?,
                    print: match row.get(9) {
                        db::Value::Bytes(bytes) => bytes.as_slice().try_into().ok(),
                        _ => None,
                    },
                    adopted: false,
                    archived: row.opt_int(10)?.is_some(),
                    before: None,
                });
            }
            Ok(())
        })?;
        for id in sorted {
            // In a dry run, an order that an earlier batch would have made is known by its number alone.
            let order = match (orders.remove(&id), ids.get(&id)) {
                (Some(order), _) => order,
                (None, Some(Identity::Line { number, .. })) => self.shadow(id, number),
                (None, _) => continue,
            };
            let at = batch.all.len();
            match ids.get(&id) {
                Some(Identity::Row(print)) => batch.by_row.insert(print.clone(), at),
                Some(Identity::Line { number, .. }) => batch.by_number.insert(number.clone(), at),
                None => None,
            };
            let mut order = order;
            if let Some(changes) = self.overlay.get(&id) {
                order.before.extend(changes.clone());
            }
            batch.all.push(order);
        }
        Ok(())
    }

    fn shadow(&self, id: i64, number: &str) -> Order {
        let party_id = self.made.get(&key("number", number)).map_or(0, |(_, party_id)| *party_id);
        Order {
            id,
            new: false,
            own: true,
            number: None,
            external_id: String::new(),
            party_id,
            placed_on: jiff::civil::Date::default(),
            placed_at: None,
            status: None,
            currency: String::new(),
            whole: None,
            discount: None,
            others: Vec::new(),
            bare: None,
            lines: Vec::new(),
            before: BTreeMap::new(),
            changes: BTreeMap::new(),
            lines_touched: false,
            adopting: false,
        }
    }

    /// Writes customers, products, orders, lines, events and search; then counts for the customers.
    /// *Shape*: for orders that may not be changed, by their place in the batch, why not.
    pub(super) fn write(&mut self, tx: &mut Tx<'_>, orders: &mut [Order]) -> Result<HashMap<usize, String>> {
        let mut totals = self.customers.new_ids();
        let mut touched: Vec<i64> = Vec::new();
        for order in orders.iter().filter(|o| o.new) {
            match totals.get_mut(&order.party_id) {
                Some(totals) => totals.add(order, &self.ctx.currency),
                None => touched.push(order.party_id),
            }
        }
        self.customers.write(tx, &self.ctx, &totals)?;
        self.products.write(tx, &self.ctx)?;
        if self.dry {
            for order in orders.iter_mut().filter(|o| !o.changes.is_empty()) {
                self.overlay.entry(order.id).or_default().append(&mut order.changes);
            }
            return Ok(HashMap::new());
        }
        self.insert_orders(tx, orders)?;
        let refused = self.change_orders(tx, orders)?;
        touched.sort_unstable();
        touched.dedup();
        parties::count_orders(tx, &self.ctx.currency, &touched)?;
        Ok(refused)
    }

    fn insert_orders(&self, tx: &mut Tx<'_>, orders: &[Order]) -> Result<()> {
        let mut columns = vec![
            "id",
            "version",
            "created_at",
            "updated_at",
            "import_id",
            "number",
            "external_id",
            "party_id",
            "placed_on",
            "placed_at",
            "status",
            "currency",
            "total",
            "discount",
            "cost",
            "n_items",
            "custom",
        ];
        // A further field may be one of the columns that orders fill themselves.
        let mut cost_at = None;
        for (n, (_, _, field)) in self.columns.others.iter().enumerate() {
            match &field.storage {
                Storage::Column(column) if column == "cost" => cost_at = Some(n),
                Storage::Column(column) => columns.push(column),
                _ => {}
            }
        }
        let (mut rows, mut lines, mut prints) = (Vec::new(), Vec::new(), Vec::new());
        let mut docs = Vec::new();
        let n_lines: usize = orders.iter().filter(|o| o.new).map(|o| o.lines.len()).sum();
        let mut line_ids = tx.ids(n_lines)?.into_iter();
        for order in orders.iter().filter(|o| o.new) {
            let number = order.number.clone().unwrap_or_else(|| format!("O-{}", order.id));
            let mut custom = Map::new();
            let mut further = Vec::new();
            for ((_, _, field), value) in self.columns.others.iter().zip(&order.others) {
                match &field.storage {
                    Storage::Custom if !value.vacant() => {
                        custom.insert(field.key.clone(), value.to_stored_json());
                    }
                    Storage::Column(column) if column != "cost" => further.push(value.to_db()),
                    _ => {}
                }
            }
            let said_cost = cost_at.and_then(|n| order.others.get(n)).and_then(Value::int);
            let line_discounts =
                order.lines.iter().filter_map(|line| line.discount).reduce(i64::saturating_add);
            let mut row: Vec<db::Value> = vec![
                order.id.into(),
                1.into(),
                self.ctx.now.into(),
                self.ctx.now.into(),
                self.ctx.import_id.into(),
                number.as_str().into(),
                order.external_id.as_str().into(),
                order.party_id.into(),
                value::days_of(order.placed_on).into(),
                order.placed_at.into(),
                order.status_word().into(),
                order.currency.as_str().into(),
                order.total().into(),
                order.discount.or(line_discounts).into(),
                said_cost.or(order.cost()).into(),
                order.n_items().into(),
                if custom.is_empty() { "{}".into() } else { Json::Object(custom).to_string().into() },
            ];
            row.extend(further);
            rows.push(row);
            for line in &order.lines {
                let id = line_ids.next().unwrap_or_default();
                lines.push(self.line_row(id, order.id, line));
                prints.extend(line.print.map(|print| [db::Value::Bytes(print.to_vec()), id.into()]));
            }
            let mut doc = Doc::default();
            doc.add(&Kind::Text, &number);
            docs.push((order.id, doc));
        }
        tx.insert_rows("orders", &columns, &rows)?;
        tx.insert_rows("order_lines", &LINE_COLUMNS, &lines)?;
        put_prints(tx, &prints)?;
        let new = orders.iter().filter(|o| o.new).map(|o| (o.id, Some(o.party_id)));
        let events = created(&self.ctx, &self.object, new);
        tx.insert_rows("events", &kernel::events::COLUMNS, &events)?;
        kernel::search::put_many(tx, "orders", &docs)
    }

    fn line_row(&self, id: i64, order_id: i64, line: &Line) -> [db::Value; 16] {
        [
            id.into(),
            1.into(),
            self.ctx.now.into(),
            self.ctx.now.into(),
            self.ctx.import_id.into(),
            "{}".into(),
            order_id.into(),
            line.product_id.into(),
            line.description.as_str().into(),
            line.quantity.into(),
            line.unit_price.into(),
            line.discount.into(),
            line.amount.into(),
            line.cost.into(),
            line.returned().into(),
            db::Value::Null,
        ]
    }

    /// Changes orders that were there, each with its event, then its lines with theirs: taking the import back goes the
    /// other way.
    fn change_orders(&self, tx: &mut Tx<'_>, orders: &mut [Order]) -> Result<HashMap<usize, String>> {
        let mut refused = HashMap::new();
        for (at, order) in orders.iter_mut().enumerate() {
            if order.new || order.changes.is_empty() && !order.lines_touched && !order.adopting {
                continue;
            }
            let mut values = std::mem::take(&mut order.changes);
            if order.lines_touched {
                // Where the file gives totals of whole orders, the lines do not make them.
                if self.plan.amount_per == AmountPer::Line && !values.contains_key("total") {
                    values.insert("total".into(), Value::Money(order.total()));
                }
                values.insert("n_items".into(), Value::Number(order.n_items()));
                if let Some(cost) = order.cost() {
                    values.insert("cost".into(), Value::Money(cost));
                }
            }
            match attempt(tx, |tx| kernel::change(tx, &self.ctx, &self.object, order.id, None, values))? {
                Ok(_) => self.write_lines(tx, order)?,
                Err(error) => {
                    refused.insert(at, error.to_string());
                }
            }
        }
        Ok(refused)
    }

    fn write_lines(&self, tx: &mut Tx<'_>, order: &Order) -> Result<()> {
        let object = self.ctx.catalogue.need("order_lines")?;
        let (mut rows, mut events, mut prints) = (Vec::new(), Vec::new(), Vec::new());
        for line in &order.lines {
            if let (Some(id), Some(print), true) = (line.id, line.print, line.adopted) {
                prints.push([db::Value::Bytes(print.to_vec()), id.into()]);
            }
            match (line.id, &line.before) {
                (None, _) => {
                    let id = tx.id()?;
                    rows.push(self.line_row(id, order.id, line));
                    prints.extend(line.print.map(|print| [db::Value::Bytes(print.to_vec()), id.into()]));
                    events
                        .push(Event::of(&self.ctx, object, id, Some(order.party_id), "created", None).row());
                }
                (Some(id), Some(before)) => {
                    tx.execute(
                        "UPDATE order_lines SET version = version + 1, updated_at = $2, quantity = $3, unit_price = $4,
                             discount = $5, amount = $6, cost = $7, returned = $8 WHERE id = $1",
                        &[
                            id.into(),
                            self.ctx.now.into(),
                            line.quantity.into(),
                            line.unit_price.into(),
                            line.discount.into(),
                            line.amount.into(),
                            line.cost.into(),
                            line.returned().into(),
                        ],
                    )?;
                    let changes = changes(before, line);
                    let event =
                        Event::of(&self.ctx, object, id, Some(order.party_id), "changed", Some(&changes));
                    events.push(event.row());
                }
                (Some(_), None) => {}
            }
        }
        tx.insert_rows("order_lines", &LINE_COLUMNS, &rows)?;
        put_prints(tx, &prints)?;
        tx.insert_rows("events", &kernel::events::COLUMNS, &events)?;
        Ok(())
    }
}

fn changes(before: &Line, after: &Line) -> BTreeMap<String, (Value, Value)> {
    let money = |minor: Option<i64>| minor.map_or(Value::Empty, Value::Money);
    let values = |line: &Line| {
        [
            ("quantity", Value::Number(line.quantity)),
            ("unit_price", money(line.unit_price)),
            ("discount", money(line.discount)),
            ("amount", Value::Money(line.amount)),
            ("cost", money(line.cost)),
            ("returned", Value::Truth(line.returned())),
        ]
    };
    let pairs = values(before).into_iter().zip(values(after));
    pairs.filter(|((_, a), (_, b))| a != b).map(|((key, a), (_, b))| (key.to_string(), (a, b))).collect()
}

impl Totals {
    /// As `parties::count_orders` would.
    fn add(&mut self, order: &Order, currency: &str) {
        if order.status_word() == "cancelled" {
            return;
        }
        let day = value::days_of(order.placed_on);
        self.since = Some(self.since.map_or(day, |since| since.min(day)));
        self.last = Some(self.last.map_or(day, |last| last.max(day)));
        self.n_orders += 1;
        if order.currency == currency {
            self.spent = self.spent.saturating_add(order.total());
        }
    }
}
