//! Reads a row of a file of purchases.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use kernel::{Ctx, Field, Result, Value};
use sheet::Format;
use sheet::values::{self, Decimal, Number};

use crate::imports::accounts::Severity;
use crate::imports::cells;
use crate::imports::feeds::{Note, Parser};
use crate::imports::keys::{Occurrences, Print, RowPrint, row_print};
use crate::imports::plans::{AmountPer, Plan};
use crate::imports::statuses;

/// The first day on which a purchase is believed.
const FIRST_DAY: Date = date(1900, 1, 1);
/// The longest number or name, in characters.
const TEXT_LIMIT: usize = 300;

/// Who bought, as far as the row says.
#[derive(Debug, Clone, Default)]
pub(in crate::imports) struct Who {
    pub(super) id: Option<String>,
    pub(super) email: Option<String>,
    pub(super) name: Option<String>,
}

/// What was bought.
#[derive(Debug, Clone)]
pub(in crate::imports) struct What {
    pub(super) sku: Option<String>,
    pub(super) name: Option<String>,
    pub(super) category: Option<String>,
}

/// What tells the row from all others.
#[derive(Debug, Clone)]
pub(in crate::imports) enum Identity {
    /// A purchase without a number: the external id made of what it says.
    Row(String),
    /// A line of the order with this number, with the fingerprint of number, product and how often they have come.
    Line { number: String, print: RowPrint },
}

/// One row of a file of purchases.
#[derive(Debug, Clone)]
pub(in crate::imports) struct Purchase {
    pub(super) who: Who,
    pub(super) placed_on: Option<Date>,
    pub(super) placed_at: Option<i64>,
    pub(super) quantity: f64,
    pub(super) unit_price: Option<i64>,
    pub(super) amount: i64,
    /// The total of the whole order, where amounts are for orders.
    pub(super) whole: Option<i64>,
    pub(super) discount: Option<i64>,
    pub(super) currency: String,
    pub(super) what: Option<What>,
    pub(super) status: Option<&'static str>,
    /// Further fields of the order, in the order of [`Columns::others`].
    pub(super) others: Vec<Value>,
    pub(super) identity: Identity,
    /// Sentences that hold for many rows.
    pub(super) hints: Vec<String>,
}

/// A column and how it is written.
type Place = Option<(usize, Format)>;

/// Where the targets of a purchase stand in the file.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    customer_id: Place,
    customer_email: Place,
    customer_name: Place,
    placed_on: Place,
    number: Place,
    quantity: Place,
    amount: Place,
    unit_price: Place,
    discount: Place,
    currency: Place,
    sku: Place,
    product: Place,
    category: Place,
    pub(super) status: Place,
    /// Further fields of the order.
    pub(super) others: Vec<(usize, Format, Field)>,
}

/// Reads rows of a file of purchases.
pub(in crate::imports) struct Purchases {
    columns: Columns,
    per: AmountPer,
    currency: String,
    own_currency: String,
    zone: TimeZone,
    latest: Date,
    seen: Occurrences,
}

impl Columns {
    pub(super) fn new(plan: &Plan, object: &kernel::Object) -> Columns {
        let place = |key: &str| plan.column_of(key).map(|at| (at, plan.columns[at].format));
        let known = crate::imports::orders::is_purchase_target;
        let others = plan.mapped().filter_map(|(at, column)| {
            let key = column.target.as_deref().filter(|key| !known(key))?;
            Some((at, column.format, object.field(key)?.clone()))
        });
        Columns {
            customer_id: place("customer_id"),
            customer_email: place("customer_email"),
            customer_name: place("customer_name"),
            placed_on: place("placed_on"),
            number: place("order_number"),
            quantity: place("quantity"),
            amount: place("amount"),
            unit_price: place("unit_price"),
            discount: place("discount"),
            currency: place("currency"),
            sku: place("product_sku"),
            product: place("product_name"),
            category: place("product_category"),
            status: place("status"),
            others: others.collect(),
        }
    }
}

impl Purchases {
    pub(super) fn new(ctx: &Ctx, plan: &Plan, columns: Columns) -> Result<Purchases> {
        Ok(Purchases {
            columns,
            per: plan.amount_per,
            currency: plan.currency.clone().unwrap_or_else(|| ctx.currency.clone()),
            own_currency: ctx.currency.clone(),
            zone: ctx.zone.clone(),
            latest: ctx.today.saturating_add(1.year()),
            seen: Occurrences::default(),
        })
    }
}

impl Parser for Purchases {
    type Row = Purchase;

    fn parse(&mut self, row: &sheet::Row, notes: &mut Vec<Note>) -> Option<Purchase> {
        let n_before = notes.len();
        let purchase = self.read(row, notes)?;
        // Each fault of a row is told at once, so that it is mended at once.
        let refused = notes[n_before..].iter().any(|n| n.severity == Severity::Failed);
        if refused { None } else { Some(purchase) }
    }
}

impl Purchases {
    fn read(&mut self, row: &sheet::Row, notes: &mut Vec<Note>) -> Option<Purchase> {
        let columns = &self.columns;
        let mut hints = Vec::new();
        let number = line(row, columns.number, notes);
        let who = self.who(row, notes);
        let (placed_on, placed_at) = self.placed(row, number.is_some(), notes);
        if who.vacant() && number.is_none() {
            notes.push(Note::failed(
                columns.customer_id.or(columns.customer_email).or(columns.customer_name).map(|(at, _)| at),
                "says no customer",
            ));
        }
        let numbers = self.numbers(row, notes, &mut hints);
        let sku = line(row, columns.sku, notes);
        let name = line(row, columns.product, notes);
        let category = line(row, columns.category, notes);
        let what = (sku.is_some() || name.is_some()).then_some(What { sku, name, category });
        let status = self.status(row, &mut hints);
        let (others, currency) = {
            let currency = numbers.as_ref().map_or(self.currency.clone(), |n| n.currency.clone());
            (self.others(row, &currency, notes), currency)
        };
        let numbers = numbers?;
        if currency != self.own_currency {
            hints.push(format!(
                "amounts in {currency} keep their currency; sums over customers are in {} and leave them out",
                self.own_currency
            ));
        }
        let mut purchase = Purchase {
            who,
            placed_on,
            placed_at,
            quantity: numbers.quantity,
            unit_price: numbers.unit_price,
            amount: numbers.amount,
            whole: numbers.whole,
            discount: numbers.discount,
            currency,
            what,
            status,
            others,
            identity: Identity::Row(String::new()),
            hints,
        };
        // Counted for refused rows as well, so that mending one row does not change what the others are.
        purchase.identity = self.identity(&purchase, number);
        Some(purchase)
    }

    fn who(&self, row: &sheet::Row, notes: &mut Vec<Note>) -> Who {
        let columns = &self.columns;
        let email = line(row, columns.customer_email, notes);
        let at = columns.customer_email.map_or(0, |(at, _)| at);
        let email = email.filter(|text| {
            let fine = address(text);
            if !fine {
                notes.push(Note::warning(at, format!("“{text}” is not an e-mail address and was left out")));
            }
            fine
        });
        Who {
            id: line(row, columns.customer_id, notes),
            email,
            name: line(row, columns.customer_name, notes),
        }
    }

    fn placed(&self, row: &sheet::Row, numbered: bool, notes: &mut Vec<Note>) -> (Option<Date>, Option<i64>) {
        let Some((at, format)) = self.columns.placed_on else { return (None, None) };
        let text = cells::said(row.get(at).unwrap_or_default());
        if values::blank(text) {
            if !numbered {
                notes.push(Note::failed(Some(at), "says no date"));
            }
            return (None, None);
        }
        match cells::moment(format, text) {
            Err(message) => notes.push(Note::failed(Some(at), message)),
            Ok(moment) if moment.date < FIRST_DAY || moment.date > self.latest => {
                let message = format!("{} is not between {FIRST_DAY} and {}", moment.date, self.latest);
                notes.push(Note::failed(Some(at), message));
            }
            Ok(moment) => {
                let placed_at = moment.time.and_then(|_| cells::micros(&moment, &self.zone));
                return (Some(moment.date), placed_at);
            }
        }
        (None, None)
    }

    fn status(&self, row: &sheet::Row, hints: &mut Vec<String>) -> Option<&'static str> {
        let (at, _) = self.columns.status?;
        let text = cells::said(row.get(at).unwrap_or_default());
        if values::blank(text) {
            return None;
        }
        let status = statuses::status(text);
        if status.is_none() {
            let word: String = text.chars().take(40).collect();
            hints.push(format!("the status “{word}” is not known and was taken for completed"));
        }
        status
    }

    fn others(&self, row: &sheet::Row, currency: &str, notes: &mut Vec<Note>) -> Vec<Value> {
        let mut others = Vec::with_capacity(self.columns.others.len());
        for (at, format, field) in &self.columns.others {
            let cell = row.get(*at).unwrap_or_default();
            let read = cells::read(field, *format, cell, currency, &self.zone);
            others.push(read.unwrap_or_else(|message| {
                notes.push(Note::warning(*at, format!("{message}; it was left out")));
                Value::Empty
            }));
        }
        others
    }

    /// Numbers of purchases that say the same get the same fingerprint; the so-manieth of them in the file is told
    /// apart by its count. Status and remarks take no part: they change while the purchase remains the same.
    fn identity(&mut self, purchase: &Purchase, number: Option<String>) -> Identity {
        let product = |print: &mut Print| {
            let what = purchase.what.as_ref();
            print.text(what.and_then(|w| w.sku.as_deref().or(w.name.as_deref())).unwrap_or_default());
        };
        if let Some(number) = number {
            let mut print = Print::new("line");
            print.text(&number);
            product(&mut print);
            let print = print.finish();
            return Identity::Line { print: row_print(&print, self.seen.of(&print)), number };
        }
        let mut print = Print::new("purchase");
        let who = &purchase.who;
        let (tag, customer) = match (&who.id, &who.email, &who.name) {
            (Some(id), ..) => ("id", id.clone()),
            (_, Some(email), _) => ("email", kernel::fold::email_key(email)),
            (_, _, name) => ("name", kernel::fold::fold(name.as_deref().unwrap_or_default())),
        };
        print.text(tag);
        print.text(&customer);
        print.int(purchase.placed_on.map_or(0, value_days));
        print.int(purchase.placed_at.unwrap_or(0));
        product(&mut print);
        print.int(purchase.quantity.to_bits() as i64);
        print.int(purchase.unit_price.unwrap_or(i64::MIN));
        print.int(purchase.amount);
        print.int(purchase.discount.unwrap_or(i64::MIN));
        print.text(&purchase.currency);
        let print = print.finish();
        let hex: String = print.iter().take(12).map(|b| format!("{b:02x}")).collect();
        Identity::Row(match self.seen.of(&print) {
            1 => format!("row:{hex}"),
            n => format!("row:{hex}-{n}"),
        })
    }
}

fn value_days(day: Date) -> i64 {
    kernel::value::days_of(day)
}

impl Who {
    pub(super) fn vacant(&self) -> bool {
        self.id.is_none() && self.email.is_none() && self.name.is_none()
    }
}

/// The numbers of a row.
struct Numbers {
    quantity: f64,
    unit_price: Option<i64>,
    amount: i64,
    whole: Option<i64>,
    discount: Option<i64>,
    currency: String,
}

impl Purchases {
    fn numbers(&self, row: &sheet::Row, notes: &mut Vec<Note>, hints: &mut Vec<String>) -> Option<Numbers> {
        let columns = &self.columns;
        let n_before = notes.len();
        let read = |place: Place, notes: &mut Vec<Note>| -> Option<Number> {
            let (at, format) = place?;
            let text = cells::said(row.get(at).unwrap_or_default());
            if values::blank(text) {
                return None;
            }
            cells::number(format, text).map_err(|message| notes.push(Note::failed(Some(at), message))).ok()
        };
        let quantity = read(columns.quantity, notes);
        let amount = read(columns.amount, notes);
        let unit_price = read(columns.unit_price, notes);
        let discount = read(columns.discount, notes).filter(|d| !d.percent);
        let currency = self.row_currency(row, [amount, unit_price], notes);
        let money = |number: Option<Number>, place: Place, notes: &mut Vec<Note>| {
            let minor = cells::minor(&number?, &currency);
            if minor.is_none() {
                notes.push(Note::failed(place.map(|(at, _)| at), "is too large"));
            }
            minor
        };
        let paid = money(amount, columns.amount, notes);
        let unit_minor = money(unit_price, columns.unit_price, notes);
        let discount = money(discount, columns.discount, notes).map(i64::abs);
        let count = quantity.map_or(Decimal { units: 1, scale: 0 }, |q| q.value);
        let gross = match unit_price {
            Some(price) => {
                let gross = times(count, price.value).and_then(|d| minor(d, &currency));
                if gross.is_none() {
                    notes.push(Note::failed(columns.unit_price.map(|(at, _)| at), "is too large"));
                }
                gross.map(|gross| net(gross, discount.filter(|_| self.per == AmountPer::Line)))
            }
            None => None,
        };
        let finer = |n: &Number| u32::from(n.value.trimmed().scale) > kernel::money::decimals(&currency);
        if amount.as_ref().is_some_and(finer) {
            hints.push(format!("amounts with more decimals than {currency} has were rounded"));
        }
        if notes[n_before..].iter().any(|n| n.severity == Severity::Failed) {
            return None;
        }
        let (amount, whole) = match self.per {
            AmountPer::Order => (gross.or(paid).unwrap_or(0), paid),
            AmountPer::Line => (self.line_amount(paid, gross, count, hints), None),
        };
        if paid.is_none() && gross.is_none() && self.per == AmountPer::Line {
            let at = columns.amount.or(columns.unit_price).map(|(at, _)| at);
            notes.push(Note::failed(at, "says neither an amount nor a price"));
            return None;
        }
        Some(Numbers { quantity: count.to_f64(), unit_price: unit_minor, amount, whole, discount, currency })
    }

    /// What a line costs: what was paid, else quantity times price. Goods that come back bring money back.
    fn line_amount(
        &self,
        paid: Option<i64>,
        gross: Option<i64>,
        count: Decimal,
        hints: &mut Vec<String>,
    ) -> i64 {
        let amount = paid.or(gross).unwrap_or(0);
        if count.units < 0 && amount > 0 {
            hints.push(
                "a quantity below nought with an amount above was taken for a return of that amount".into(),
            );
            return -amount;
        }
        amount
    }

    fn row_currency(&self, row: &sheet::Row, amounts: [Option<Number>; 2], notes: &mut Vec<Note>) -> String {
        if let Some((at, _)) = self.columns.currency {
            let text = cells::said(row.get(at).unwrap_or_default());
            if !values::blank(text) {
                let code = text.to_ascii_uppercase();
                if kernel::money::known(&code) {
                    return code;
                }
                match values::currency_of(text).filter(|code| kernel::money::known(code)) {
                    Some(code) => return code.to_string(),
                    None => {
                        notes.push(Note::failed(Some(at), format!("“{text}” is not a currency such as EUR")))
                    }
                }
            }
        }
        // A sign that several countries use says nothing against the currency of the plan.
        let places = [self.columns.amount, self.columns.unit_price];
        let sure = |(place, number): (Place, Option<Number>)| {
            let code = number?.currency?;
            let cell = row.get(place?.0).unwrap_or_default();
            (!values::currency_unsure(cell) && kernel::money::known(code)).then_some(code)
        };
        places.into_iter().zip(amounts).find_map(sure).map_or_else(|| self.currency.clone(), String::from)
    }
}

fn times(a: Decimal, b: Decimal) -> Option<Decimal> {
    Some(Decimal { units: a.units.checked_mul(b.units)?, scale: a.scale.checked_add(b.scale)? })
}

fn minor(value: Decimal, currency: &str) -> Option<i64> {
    cells::minor(&Number { value, currency: None, percent: false }, currency)
}

/// After the discount, which lessens what comes back as well.
fn net(gross: i64, discount: Option<i64>) -> i64 {
    let discount = discount.unwrap_or(0);
    if gross < 0 { gross + discount } else { gross - discount }
}

fn address(text: &str) -> bool {
    let field = Field::new("email", "E-mail", kernel::Kind::Email);
    kernel::value::parse(&field, text, "EUR").is_ok()
}

/// A short text, without characters that have no place in a line; blank words say nothing.
fn line(row: &sheet::Row, place: Place, notes: &mut Vec<Note>) -> Option<String> {
    let (at, _) = place?;
    let text = cells::said(row.get(at)?);
    if values::blank(text) {
        return None;
    }
    if text.len() > TEXT_LIMIT && text.chars().count() > TEXT_LIMIT {
        notes.push(Note::failed(Some(at), format!("is longer than {TEXT_LIMIT} characters")));
        return None;
    }
    match text.chars().any(char::is_control) {
        true => Some(text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()),
        false => Some(text.to_string()),
    }
}
