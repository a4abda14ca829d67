//! Orders and their lines.

use db::{Tx, Value};
use demo::{Channel, Order, OrderStatus};
use kernel::search::Doc;
use kernel::value::days_of;

use super::events::{Log, ORDER};
use super::{Filler, Rows};

/// What a party has bought, as the columns of its row tell it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Totals {
    pub(super) since: Option<i64>,
    pub(super) last: Option<i64>,
    pub(super) n: Option<i64>,
    pub(super) spent: Option<i64>,
}

impl Totals {
    /// As `crm::parties::count_orders` works it out. *Shape*: nothing for somebody who never ordered.
    pub(super) fn of(orders: &[Order]) -> Totals {
        if orders.is_empty() {
            return Totals::default();
        }
        let bought = || orders.iter().filter(|o| o.status != OrderStatus::Cancelled);
        Totals {
            since: bought().map(|o| days_of(o.placed_on)).min(),
            last: bought().map(|o| days_of(o.placed_on)).max(),
            n: Some(bought().count() as i64),
            spent: Some(bought().map(Order::total_minor).sum()),
        }
    }
}

/// Orders of a chunk of parties with their lines.
pub(super) struct OrderRows {
    orders: Rows,
    lines: Rows,
    /// For each line, the row of its order.
    order_of: Vec<usize>,
    /// For each order: when, whose, its number; its id once it has one.
    placed: Vec<(i64, i64, String)>,
    ids: Vec<i64>,
}

const ORDERS: [&str; 11] = [
    "number",
    "party_id",
    "placed_on",
    "placed_at",
    "channel",
    "status",
    "currency",
    "total",
    "discount",
    "cost",
    "n_items",
];
const LINES: [&str; 9] = [
    "order_id",
    "product_id",
    "description",
    "quantity",
    "unit_price",
    "discount",
    "amount",
    "cost",
    "returned",
];

impl OrderRows {
    pub(super) fn new() -> OrderRows {
        OrderRows {
            orders: Rows::of("orders", &ORDERS),
            lines: Rows::of("order_lines", &LINES),
            order_of: Vec::new(),
            placed: Vec::new(),
            ids: Vec::new(),
        }
    }

    pub(super) fn write(&mut self, tx: &mut Tx<'_>, filler: &Filler<'_>) -> kernel::Result<()> {
        self.ids = self.orders.number(tx)?;
        self.orders.write(tx)?;
        self.lines.number(tx)?;
        for (line, order) in self.order_of.iter().enumerate() {
            self.lines.set(line, "order_id", self.ids[*order]);
        }
        self.lines.write(tx)?;
        let docs: Vec<(i64, Doc)> = self
            .ids
            .iter()
            .zip(&self.placed)
            .map(|(id, (_, _, number))| (*id, filler.doc("orders", &[("number", Some(number))])))
            .collect();
        kernel::search::put_many(tx, "orders", &docs)
    }

    pub(super) fn log(self, log: &mut Log) {
        for (id, (at, party, _)) in self.ids.into_iter().zip(self.placed) {
            log.add(&ORDER, at, id, party, 0);
        }
    }
}

impl Filler<'_> {
    pub(super) fn orders(&self, rows: &mut OrderRows, party: i64, orders: &[Order]) {
        for order in orders {
            let at = self.moments.at(order.placed_on, order.placed_second);
            let mut sums = Sums::default();
            let row = rows.orders.rows.len();
            for line in &order.lines {
                let product = &self.business.products()[line.product];
                // Cost is known in the currency of the books; the order's currency has the price's rate.
                let rate = line.unit_price_minor as f64 / product.price_minor.max(1) as f64;
                let kept = line.quantity - line.returned_quantity;
                let mut discount_left = line.discount_minor;
                // What came back is a line of its own, for a line is returned as a whole.
                for (quantity, returned) in [(line.returned_quantity, true), (kept, false)] {
                    if quantity == 0 {
                        continue;
                    }
                    let last = !returned || kept == 0;
                    let discount = match last {
                        true => discount_left,
                        false => line.discount_minor * i64::from(quantity) / i64::from(line.quantity),
                    };
                    discount_left -= discount;
                    let amount = line.unit_price_minor * i64::from(quantity) - discount;
                    let cost = ((product.cost_minor * i64::from(quantity)) as f64 * rate).round() as i64;
                    sums.add(quantity, amount, discount, cost);
                    sums.all_returned &= returned;
                    let values = [
                        Value::Null,
                        self.products[line.product].into(),
                        product.name.as_str().into(),
                        f64::from(quantity).into(),
                        line.unit_price_minor.into(),
                        if discount == 0 { Value::Null } else { discount.into() },
                        amount.into(),
                        cost.into(),
                        if returned { 1.into() } else { Value::Null },
                    ];
                    rows.lines.add(at, at, values);
                    rows.order_of.push(row);
                }
            }
            let status = match order.status {
                OrderStatus::Cancelled => "cancelled",
                OrderStatus::Placed | OrderStatus::Shipped => "open",
                OrderStatus::Completed if sums.all_returned => "returned",
                OrderStatus::Completed => "completed",
            };
            let channel = match order.channel {
                Channel::Shop => "shop",
                Channel::Web => "web",
                Channel::Phone => "phone",
            };
            let returned_at = order.returned_on.map_or(at, |on| self.moments.some(on, row));
            let values = [
                order.number.as_str().into(),
                party.into(),
                days_of(order.placed_on).into(),
                at.into(),
                channel.into(),
                status.into(),
                order.currency.into(),
                sums.total.into(),
                if sums.discount == 0 { Value::Null } else { sums.discount.into() },
                sums.cost.into(),
                sums.n_items.into(),
            ];
            rows.orders.add(at, returned_at, values);
            rows.placed.push((at, party, order.number.clone()));
        }
    }
}

/// What the lines of an order come to.
struct Sums {
    total: i64,
    discount: i64,
    cost: i64,
    n_items: f64,
    all_returned: bool,
}

impl Default for Sums {
    fn default() -> Sums {
        Sums { total: 0, discount: 0, cost: 0, n_items: 0.0, all_returned: true }
    }
}

impl Sums {
    fn add(&mut self, quantity: u32, amount: i64, discount: i64, cost: i64) {
        self.total += amount;
        self.discount += discount;
        self.cost += cost;
        self.n_items += f64::from(quantity);
    }
}
