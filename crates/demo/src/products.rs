//! What the company sells.

/// A thing or a service with its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Position in [`crate::Business::products`].
    pub index: usize,
    /// Stock keeping unit, unique.
    pub sku: String,
    /// Shown name, unique.
    pub name: String,
    /// One of eight categories.
    pub category: &'static str,
    /// List price with tax, in euro cents.
    pub price_minor: i64,
    /// What it costs us, in euro cents.
    pub cost_minor: i64,
    /// Whether it is still sold.
    pub active: bool,
}
