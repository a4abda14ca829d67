//! Imports a file of purchases: each row names a customer, a product and what was paid.

mod customers;
mod parsing;
mod products;
mod writing;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use db::Tx;
use jiff::civil::Date;
use kernel::{Ctx, Object, Result, Value};

use self::customers::{Customers, Meant};
use self::parsing::{Columns, Identity, Purchase, Purchases};
use self::products::{Product, Products};
use self::writing::OrderLookups;
use super::accounts::Outcome;
use super::feeds::{Note, Parsed};
use super::keys::{Ids, Key, RowPrint, key};
use super::loaders::{Loader, Work};
use super::plans::Plan;

/// More lines than any order has; a column with that few different numbers is not the order's number.
const N_LINES: usize = 10_000;

/// Is it a target of purchases, not one of the order's own fields?
fn is_purchase_target(key: &str) -> bool {
    sheet::names::ORDERS.iter().any(|target| target.key == key)
}

/// One line of an order, as it is or will be.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    /// Nothing for one that is not written yet.
    id: Option<i64>,
    product_id: Option<i64>,
    description: String,
    quantity: f64,
    unit_price: Option<i64>,
    discount: Option<i64>,
    amount: i64,
    cost: Option<i64>,
    /// The fingerprint of the row that made it, or that it was recognised by.
    print: Option<RowPrint>,
    /// Made otherwise than by an import, and recognised by a row of this batch.
    adopted: bool,
    /// Put away by a person, and to stay so.
    archived: bool,
    /// What it was, when this batch changes it.
    before: Option<Box<Line>>,
}

/// An order that rows of this batch speak of.
#[derive(Debug)]
struct Order {
    id: i64,
    /// Made by this batch?
    new: bool,
    /// Made by this import, so that its first row has said all about it?
    own: bool,
    number: Option<String>,
    external_id: String,
    party_id: i64,
    placed_on: Date,
    placed_at: Option<i64>,
    status: Option<&'static str>,
    currency: String,
    /// The total that the file gives for the whole order.
    whole: Option<i64>,
    discount: Option<i64>,
    others: Vec<Value>,
    /// What a purchase without product comes to: amount and quantity.
    bare: Option<(i64, f64)>,
    lines: Vec<Line>,
    /// Values of an order that was there, by field.
    before: BTreeMap<String, Value>,
    /// What changes in an order that was there.
    changes: BTreeMap<String, Value>,
    lines_touched: bool,
    /// A line that a person made was recognised.
    adopting: bool,
}

/// What became of a row, as far as it is known before everything is written.
struct Tentative {
    outcome: Outcome,
    order: Option<usize>,
    notes: Vec<Note>,
}

/// Loads files of purchases.
pub(super) struct Orders {
    ctx: Ctx,
    plan: Plan,
    object: Arc<Object>,
    columns: Columns,
    customers: Customers,
    products: Products,
    lookups: OrderLookups,
    /// Orders that this run made: id and customer by number.
    made: HashMap<Key, (i64, i64)>,
    /// What a dry run would have changed in orders that are there.
    overlay: HashMap<i64, BTreeMap<String, Value>>,
    ids: Ids,
    /// No order was there before the run.
    fresh: bool,
    dry: bool,
}

impl Orders {
    pub(super) fn new(tx: &mut Tx<'_>, ctx: &Ctx, plan: &Plan, dry: bool) -> Result<Orders> {
        let object = ctx.catalogue.need("orders")?.clone();
        let columns = Columns::new(plan, &object);
        Ok(Orders {
            customers: Customers::new(tx, ctx, ctx.catalogue.need(&plan.customers)?, dry)?,
            products: Products::new(tx, ctx, dry)?,
            lookups: OrderLookups::new(&columns)?,
            made: HashMap::new(),
            overlay: HashMap::new(),
            ids: Ids::new(dry),
            fresh: !super::lookups::any(tx, "orders", "id > 0")?,
            ctx: ctx.clone(),
            plan: plan.clone(),
            object,
            columns,
            dry,
        })
    }
}

impl Loader for Orders {
    type Parser = Purchases;

    fn parser(&self) -> Result<Purchases> {
        Purchases::new(&self.ctx, &self.plan, self.columns.clone())
    }

    fn n_rows(&self) -> usize {
        5_000
    }

    fn load(&mut self, tx: &mut Tx<'_>, rows: &mut [Parsed<Purchase>], work: &mut Work<'_>) -> Result<()> {
        let rows: &[Parsed<Purchase>] = rows;
        let purchases = || rows.iter().filter_map(|parsed| parsed.row.as_ref());
        self.customers.fetch(tx, purchases().map(|p| &p.who))?;
        self.products.fetch(tx, purchases().filter_map(|p| p.what.as_ref()))?;
        let mut orders = self.fetch_orders(tx, purchases())?;
        let mut tentative = Vec::with_capacity(rows.len());
        for parsed in rows {
            tentative.push(match &parsed.row {
                Some(purchase) => Some(self.place(tx, purchase, &mut orders, work)?),
                None => None,
            });
        }
        work.account.n_customers += self.customers.n_pending() as i64;
        work.account.n_products += self.products.n_pending() as i64;
        let refused = self.write(tx, &mut orders.all)?;
        for (parsed, tentative) in rows.iter().zip(tentative) {
            let Some(mut tentative) = tentative else {
                let outcome = work.settle_refused(parsed);
                let cells = work.shows().then(|| work.raw_cells(&parsed.raw));
                work.show(parsed, outcome, cells);
                continue;
            };
            if let Some(message) = tentative.order.and_then(|at| refused.get(&at))
                && tentative.outcome != Outcome::Unchanged
            {
                tentative.outcome = Outcome::Failed;
                tentative.notes.push(Note::failed(None, message.clone()));
            }
            if let Some(purchase) = parsed.row.as_ref().filter(|_| tentative.outcome != Outcome::Failed) {
                purchase.hints.iter().for_each(|hint| work.account.warn(hint));
            }
            let cells = parsed.row.as_ref().filter(|_| work.shows()).map(|purchase| self.cells(purchase));
            work.show(parsed, tentative.outcome, cells);
            work.settle(parsed, tentative.outcome, &tentative.notes);
        }
        Ok(())
    }

    fn cells(&self, purchase: &Purchase) -> Vec<String> {
        let money = |minor: Option<i64>| {
            minor.map(|m| kernel::money::plain(m, &purchase.currency)).unwrap_or_default()
        };
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let what = |f: fn(&parsing::What) -> &Option<String>| {
            purchase.what.as_ref().map(|w| text(f(w))).unwrap_or_default()
        };
        let mut others = self.columns.others.iter().zip(&purchase.others);
        self.plan
            .mapped()
            .map(|(_, column)| match column.target.as_deref().unwrap_or_default() {
                "customer_id" => text(&purchase.who.id),
                "customer_email" => text(&purchase.who.email),
                "customer_name" => text(&purchase.who.name),
                "placed_on" => purchase.placed_on.map(|d| d.to_string()).unwrap_or_default(),
                "order_number" => match &purchase.identity {
                    Identity::Line { number, .. } => number.clone(),
                    Identity::Row(_) => String::new(),
                },
                "quantity" => purchase.quantity.to_string(),
                "amount" => money(purchase.whole.or(Some(purchase.amount))),
                "unit_price" => money(purchase.unit_price),
                "discount" => money(purchase.discount),
                "currency" => purchase.currency.clone(),
                "product_sku" => what(|w| &w.sku),
                "product_name" => what(|w| &w.name),
                "product_category" => what(|w| &w.category),
                "status" => purchase.status.unwrap_or("completed").to_string(),
                _ => others
                    .next()
                    .map(|((_, _, field), value)| {
                        crate::export::text_of(&field.kind, value, &purchase.currency)
                    })
                    .unwrap_or_default(),
            })
            .collect()
    }
}

/// The orders of a batch.
#[derive(Default)]
struct Batch {
    all: Vec<Order>,
    by_number: HashMap<String, usize>,
    by_row: HashMap<String, usize>,
}

impl Orders {
    /// Finds the place of a row: a new order, a line of one, or one that is there.
    fn place(
        &mut self,
        tx: &mut Tx<'_>,
        purchase: &Purchase,
        batch: &mut Batch,
        work: &mut Work<'_>,
    ) -> Result<Tentative> {
        let failed = |message: String| {
            Ok(Tentative { outcome: Outcome::Failed, order: None, notes: vec![Note::failed(None, message)] })
        };
        let at = match &purchase.identity {
            Identity::Row(external_id) => batch.by_row.get(external_id).copied(),
            Identity::Line { number, .. } => batch.by_number.get(number).copied(),
        };
        let meant = match purchase.who.vacant() {
            true => None,
            false => match self.customers.find(&purchase.who) {
                Ok(meant) => Some(meant),
                Err(message) => return failed(message),
            },
        };
        if let Some(at) = at {
            let order = &batch.all[at];
            let same = match &meant {
                None => true,
                Some(Meant::Known(customer) | Meant::Adopted(customer)) => customer.id == order.party_id,
                Some(Meant::Unknown) => false,
            };
            if let Identity::Line { number, .. } = &purchase.identity {
                if !same {
                    return failed(format!(
                        "has the order number {number}, which belongs to another customer's order"
                    ));
                }
                if order.lines.len() >= N_LINES {
                    return failed(format!(
                        "would be line {} of order {number}: is it really the order's number?",
                        N_LINES + 1
                    ));
                }
            }
            return self.join(tx, purchase, &mut batch.all[at], at, work);
        }
        let Some(placed_on) = purchase.placed_on else {
            return failed("says no date, and no row before it has an order of this number".into());
        };
        let party_id = match meant {
            Some(Meant::Known(customer)) => customer.id,
            Some(Meant::Adopted(customer)) => {
                self.customers.adopt(tx, &self.ctx, customer, &purchase.who)?;
                customer.id
            }
            Some(Meant::Unknown) => self.customers.create(tx, &mut self.ids, &purchase.who)?,
            None => {
                return failed("says no customer, and no row before it has an order of this number".into());
            }
        };
        let mut order = Order {
            id: self.ids.take(tx)?,
            new: true,
            own: true,
            number: None,
            external_id: String::new(),
            party_id,
            placed_on,
            placed_at: purchase.placed_at,
            status: purchase.status,
            currency: purchase.currency.clone(),
            whole: purchase.whole,
            discount: if purchase.whole.is_some() { purchase.discount } else { None },
            others: purchase.others.clone(),
            bare: None,
            lines: Vec::new(),
            before: BTreeMap::new(),
            changes: BTreeMap::new(),
            lines_touched: false,
            adopting: false,
        };
        let index = batch.all.len();
        match &purchase.identity {
            Identity::Row(external_id) => {
                order.external_id.clone_from(external_id);
                batch.by_row.insert(external_id.clone(), index);
            }
            Identity::Line { number, .. } => {
                order.number = Some(number.clone());
                order.external_id.clone_from(number);
                batch.by_number.insert(number.clone(), index);
                self.made.insert(key("number", number), (order.id, party_id));
            }
        }
        let bare = purchase.what.is_none() && order.number.is_none();
        if bare {
            order.bare = Some((purchase.amount, purchase.quantity));
            order.discount = purchase.discount;
        } else {
            let line = self.line(tx, purchase, work)?;
            order.lines.push(line);
            work.account.n_lines += 1;
        }
        work.account.n_orders += 1;
        batch.all.push(order);
        Ok(Tentative { outcome: Outcome::Created, order: Some(index), notes: Vec::new() })
    }

    /// Lays a row over an order that is there, or that an earlier row made.
    fn join(
        &mut self,
        tx: &mut Tx<'_>,
        purchase: &Purchase,
        order: &mut Order,
        at: usize,
        work: &mut Work<'_>,
    ) -> Result<Tentative> {
        let mut changed = false;
        if order.own {
            if purchase.placed_on.is_some_and(|day| day != order.placed_on) {
                work.account.warn("rows of one order differ in their date; that of the first row was taken");
            }
        } else {
            changed = self.compare(purchase, order);
        }
        if let Identity::Row(_) = &purchase.identity {
            let outcome = if changed { Outcome::Updated } else { Outcome::Unchanged };
            return Ok(Tentative { outcome, order: Some(at), notes: Vec::new() });
        }
        let line = self.line(tx, purchase, work)?;
        let same_product = |other: &Line| match line.product_id {
            Some(id) => other.product_id == Some(id),
            None => other.product_id.is_none() && other.description == line.description,
        };
        let mut known =
            order.lines.iter_mut().find(|other| other.print.is_some() && other.print == line.print);
        if known.is_none() {
            // A line that a person made may be the one that the row means.
            known = order
                .lines
                .iter_mut()
                .find(|other| other.print.is_none() && !other.archived && same_product(other));
            if let Some(line_of_hand) = &mut known {
                line_of_hand.print = line.print;
                line_of_hand.adopted = true;
                order.adopting = true;
            }
        }
        let outcome = match known {
            None => {
                order.lines.push(line);
                order.lines_touched = true;
                work.account.n_lines += 1;
                Outcome::Created
            }
            Some(known) if known.archived || known.says(&line) => {
                if changed {
                    Outcome::Updated
                } else {
                    Outcome::Unchanged
                }
            }
            Some(known) => {
                let was = known.clone();
                known.take(&line);
                known.before.get_or_insert_with(|| Box::new(was));
                order.lines_touched = true;
                Outcome::Updated
            }
        };
        Ok(Tentative { outcome, order: Some(at), notes: Vec::new() })
    }

    /// Notes what the row says otherwise than an order that was there before; says whether there is any.
    fn compare(&self, purchase: &Purchase, order: &mut Order) -> bool {
        let mut said: Vec<(&str, Value)> = Vec::new();
        if self.columns.status.is_some()
            && let Some(status) = purchase.status
        {
            said.push(("status", Value::Text(status.into())));
        }
        if let (Identity::Line { .. }, Some(day)) = (&purchase.identity, purchase.placed_on) {
            said.push(("placed_on", Value::Date(day)));
        }
        if let Some(whole) = purchase.whole {
            said.push(("total", Value::Money(whole)));
        }
        for ((_, _, field), value) in self.columns.others.iter().zip(&purchase.others) {
            if !value.vacant() {
                said.push((&field.key, value.clone()));
            }
        }
        let mut changed = false;
        for (field, value) in said {
            let now = order.changes.get(field).or_else(|| order.before.get(field));
            if now != Some(&value) {
                order.changes.insert(field.to_string(), value);
                changed = true;
            }
        }
        changed
    }

    /// The line that the row makes, with its product.
    fn line(&mut self, tx: &mut Tx<'_>, purchase: &Purchase, work: &mut Work<'_>) -> Result<Line> {
        let mut product: Option<Product> = None;
        if let Some(what) = &purchase.what {
            product = self.products.find(what);
            if product.is_none() {
                product =
                    self.products.create(tx, &mut self.ids, what, purchase.unit_price, &purchase.currency)?;
            }
            if product.is_none() {
                work.account
                    .warn("products that are not known were not made, because you may not create products");
            }
        }
        let cost = product.and_then(|p| p.cost).map(|cost| (cost as f64 * purchase.quantity).round() as i64);
        let what = purchase.what.as_ref();
        let description = what.and_then(|w| w.name.as_ref().or(w.sku.as_ref())).cloned();
        Ok(Line {
            id: None,
            product_id: product.map(|p| p.id),
            description: description.unwrap_or_else(|| "Item".into()),
            quantity: purchase.quantity,
            unit_price: purchase.unit_price,
            discount: if purchase.whole.is_some() { None } else { purchase.discount },
            amount: purchase.amount,
            cost,
            print: match purchase.identity {
                Identity::Line { print, .. } => Some(print),
                Identity::Row(_) => None,
            },
            adopted: false,
            archived: false,
            before: None,
        })
    }
}

impl Line {
    /// Does the line say what the row says, where the row says anything?
    fn says(&self, row: &Line) -> bool {
        let agrees = |mine: Option<i64>, other: Option<i64>| other.is_none() || mine == other;
        self.quantity == row.quantity
            && self.amount == row.amount
            && agrees(self.unit_price, row.unit_price)
            && agrees(self.discount, row.discount)
    }

    /// Takes what the row says.
    fn take(&mut self, row: &Line) {
        self.quantity = row.quantity;
        self.amount = row.amount;
        self.unit_price = row.unit_price.or(self.unit_price);
        self.discount = row.discount.or(self.discount);
        self.cost = row.cost.or(self.cost);
    }

    fn returned(&self) -> bool {
        self.quantity < 0.0 || self.amount < 0
    }
}

impl Order {
    fn living(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| !line.archived)
    }

    /// What the customer pays.
    fn total(&self) -> i64 {
        let lines = || self.living().fold(0_i64, |sum, line| sum.saturating_add(line.amount));
        let sum = self.whole.or(self.bare.map(|(amount, _)| amount)).unwrap_or_else(lines);
        sum.clamp(-kernel::money::LIMIT, kernel::money::LIMIT)
    }

    fn n_items(&self) -> f64 {
        self.bare.map_or_else(|| self.living().map(|line| line.quantity).sum(), |(_, quantity)| quantity)
    }

    fn cost(&self) -> Option<i64> {
        self.living().filter_map(|line| line.cost).reduce(i64::saturating_add)
    }

    /// What the file says it is, else what its amounts say.
    fn status_word(&self) -> &'static str {
        let back = self.total() < 0
            || self.bare.is_some_and(|(_, quantity)| quantity < 0.0)
            || !self.lines.is_empty() && self.lines.iter().all(Line::returned);
        match self.status {
            Some("completed") | None if back => "returned",
            Some(status) => status,
            None => "completed",
        }
    }
}
