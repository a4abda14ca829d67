//! Orders and their lines: what was bought, when, for how much.

use std::collections::BTreeMap;

use db::Tx;
use kernel::events::{self, Event};
use kernel::{Choice, Ctx, Draft, Error, Field, Kind, Object, Result, Rules, Saved, ScopeBy, Section, Value};

use crate::catalogue::with_system_fields;
use crate::parties;

/// Purchases.
pub fn orders() -> Object {
    let channels =
        [("shop", "Shop"), ("web", "Web"), ("phone", "Phone"), ("field", "Visit"), ("other", "Other")];
    let statuses =
        [("completed", "Completed"), ("open", "Open"), ("returned", "Returned"), ("cancelled", "Cancelled")];
    let fields = vec![
        Field::new("number", "Order number", Kind::Text).searched().listed(),
        Field::new("party", "Customer", Kind::Link("parties".into())).required().listed(),
        Field::new("placed_on", "Date", Kind::Date).required().listed(),
        Field::new("placed_at", "Time", Kind::Time),
        Field::new("total", "Total", Kind::Money)
            .listed()
            .help("What the customer pays after discounts; the sum of the lines where there are any."),
        Field::new("discount", "Discount", Kind::Money),
        Field::new("cost", "Cost", Kind::Money).help("What the goods cost us."),
        Field::new("currency", "Currency", Kind::Currency),
        Field::new("n_items", "Items", Kind::Number),
        Field::new("channel", "Channel", Kind::Choice(Choice::list(&channels))).listed(),
        Field::new("status", "State", Kind::Choice(Choice::list(&statuses))).default_to("completed").listed(),
        Field::new("remark", "Remark", Kind::Text),
        Field::new("external_id", "External id", Kind::Text).unique(),
    ];
    let mut object = Object::new("orders", "Order", "Orders", "shopping-bag", fields);
    object.help = "What was bought, when and for how much.".into();
    object.title = "number".into();
    object.scope = ScopeBy::Parent("party".into());
    object.sort = "-placed_on".into();
    object.section = Some(Section::Work);
    object.rules = Rules { before: Some(fill_order), after: Some(count_for_party) };
    with_system_fields(object)
}

/// Lines of orders.
pub fn order_lines() -> Object {
    let fields = vec![
        Field::new("order", "Order", Kind::Link("orders".into())).required().listed(),
        Field::new("product", "Product", Kind::Link("products".into())).listed(),
        Field::new("description", "Description", Kind::Text).listed(),
        Field::new("quantity", "Quantity", Kind::Number).default_to("1").listed(),
        Field::new("unit_price", "Price each", Kind::Money),
        Field::new("discount", "Discount", Kind::Money),
        Field::new("amount", "Amount", Kind::Money).listed().help("What this line costs after its discount."),
        Field::new("cost", "Cost", Kind::Money),
        Field::new("returned", "Returned", Kind::Truth),
    ];
    let mut object = Object::new("order_lines", "Order line", "Order lines", "list", fields);
    object.title = "description".into();
    object.scope = ScopeBy::Parent("order".into());
    object.sort = "id".into();
    object.rules = Rules { before: Some(fill_line), after: Some(sum_order) };
    with_system_fields(object)
}

fn fill_order(_: &mut Tx<'_>, ctx: &Ctx, _: &Object, draft: &mut Draft) -> Result<()> {
    if draft.value("number").vacant() {
        draft.set("number", Value::Text(format!("O-{}", draft.id)));
    }
    if draft.value("currency").vacant() {
        draft.set("currency", Value::Text(ctx.currency.clone()));
    }
    if draft.value("status").vacant() {
        draft.set("status", Value::Text("completed".into()));
    }
    if draft.value("total").vacant() {
        draft.set("total", Value::Money(0));
    }
    Ok(())
}

/// A customer's totals follow its orders; also those of the customer that an order was taken from.
fn count_for_party(tx: &mut Tx<'_>, ctx: &Ctx, _: &Object, saved: &Saved) -> Result<()> {
    let row = tx.one("SELECT party_id FROM orders WHERE id = $1", &[saved.id.into()])?;
    let mut touched = vec![row.int(0)?];
    touched.extend(saved.changes.get("party").and_then(|(old, _)| old.link()));
    parties::count_orders(tx, &ctx.currency, &touched)
}

fn fill_line(tx: &mut Tx<'_>, ctx: &Ctx, _: &Object, draft: &mut Draft) -> Result<()> {
    if draft.value("quantity").vacant() {
        draft.set("quantity", Value::Number(1.0));
    }
    let quantity = draft.value("quantity").number().unwrap_or(1.0);
    if let Some(product_id) = draft.value("product").link() {
        let product = kernel::find(tx, ctx, ctx.catalogue.need("products")?, product_id);
        let product = product
            .map_err(|_| Error::invalid("product", format!("there is no such record: {product_id}")))?;
        if draft.value("description").vacant() {
            draft.set("description", Value::Text(product.text("name").to_string()));
        }
        if draft.value("unit_price").vacant() && draft.value("amount").vacant() {
            draft.set("unit_price", product.value("price").clone());
        }
        if draft.value("cost").vacant()
            && let Some(cost) = product.value("cost").int()
        {
            draft.set("cost", Value::Money((cost as f64 * quantity).round() as i64));
        }
    }
    if draft.value("description").vacant() {
        draft.set("description", Value::Text("Item".into()));
    }
    let priced = draft.changing("quantity") || draft.changing("unit_price") || draft.changing("discount");
    if draft.value("amount").vacant() || (priced && !draft.changing("amount")) {
        let each = draft.value("unit_price").int().unwrap_or(0);
        let discount = draft.value("discount").int().unwrap_or(0);
        // What is too large is refused with the other limits; here it must only not overflow.
        let amount = ((each as f64 * quantity).round() as i64).saturating_sub(discount);
        draft.set("amount", Value::Money(amount));
    }
    Ok(())
}

/// An order with lines is worth the sum of its lines, and its own event says so.
fn sum_order(tx: &mut Tx<'_>, ctx: &Ctx, _: &Object, saved: &Saved) -> Result<()> {
    let row = tx.one("SELECT order_id FROM order_lines WHERE id = $1", &[saved.id.into()])?;
    let mut touched = vec![row.int(0)?];
    touched.extend(saved.changes.get("order").and_then(|(old, _)| old.link()));
    touched.sort_unstable();
    for order_id in touched {
        sum_lines(tx, ctx, order_id)?;
    }
    Ok(())
}

fn sum_lines(tx: &mut Tx<'_>, ctx: &Ctx, order_id: i64) -> Result<()> {
    tx.lock("orders", &[order_id])?;
    let before =
        tx.one("SELECT total, cost, n_items, party_id FROM orders WHERE id = $1", &[order_id.into()])?;
    let after = tx.one(
        "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT), CAST(SUM(cost) AS BIGINT), SUM(quantity)
         FROM order_lines WHERE order_id = $1 AND archived_at IS NULL",
        &[order_id.into()],
    )?;
    let mut changes = BTreeMap::new();
    for (n, (key, kind)) in
        [("total", Kind::Money), ("cost", Kind::Money), ("n_items", Kind::Number)].iter().enumerate()
    {
        let (old, new) = (Value::from_db(kind, before.get(n)), Value::from_db(kind, after.get(n)));
        if old != new {
            changes.insert((*key).to_string(), (old, new));
        }
    }
    if changes.is_empty() {
        return Ok(());
    }
    tx.execute(
        "UPDATE orders SET version = version + 1, updated_at = $2, total = $3, cost = $4, n_items = $5 WHERE id = $1",
        &[order_id.into(), ctx.now.into(), after.get(0).clone(), after.get(1).clone(), after.get(2).clone()],
    )?;
    let party_id = before.int(3)?;
    let order = ctx.catalogue.need("orders")?;
    events::put(tx, &Event::of(ctx, order, order_id, Some(party_id), "changed", Some(&changes)))?;
    parties::count_orders(tx, &ctx.currency, &[party_id])
}
