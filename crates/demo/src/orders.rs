//! Orders, from a buy-till-you-die process with seasons, trend and whales.

use jiff::civil::Date;

use crate::business::Party;

/// Where an order was placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// In one of the shops; never on a Sunday or a holiday.
    Shop,
    /// In the web shop.
    Web,
    /// By phone, in office hours.
    Phone,
}

/// How far an order got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderStatus {
    /// Placed, not yet sent.
    Placed,
    /// On its way.
    Shipped,
    /// Delivered or handed over.
    Completed,
    /// Called off before it was sent; not revenue.
    Cancelled,
}

/// One row of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Index into the products.
    pub product: usize,
    /// How many.
    pub quantity: u32,
    /// Price of one before discount, in minor units of the order's currency.
    pub unit_price_minor: i64,
    /// Taken off the whole line, in minor units of the order's currency.
    pub discount_minor: i64,
    /// How many of them came back.
    pub returned_quantity: u32,
}

/// A purchase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Who bought.
    pub party: Party,
    /// Number on the receipt, unique.
    pub number: String,
    /// Day of purchase.
    pub placed_on: Date,
    /// Second of that day, shop time.
    pub placed_second: u32,
    /// Where.
    pub channel: Channel,
    /// ISO 4217: EUR, or GBP and CHF for customers there.
    pub currency: &'static str,
    /// At least one.
    pub lines: Vec<Line>,
    /// How far it got.
    pub status: OrderStatus,
    /// When something came back; the lines say what.
    pub returned_on: Option<Date>,
}

/// The hidden parameters a customer's orders were drawn from, to judge models against.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Truth {
    /// Repeat orders a year while alive, in an average season.
    pub rate_per_year: f64,
    /// When the customer silently left, if before today.
    pub left_on: Option<Date>,
    /// Appetite: the customer's typical spend relative to the average of 1.
    pub spend: f64,
    /// Whether the customer ever buys; leads do not.
    pub buyer: bool,
}
