//! The fields of orders, contacts, companies and products, with the names that files give them.

use super::{Target, Wanted};

/// Fields of an order's line.
pub const ORDERS: &[Target<'static>] = &[Target {
    key: "customer_id",
    label: "Customer",
    kind: Wanted::Id,
    synonyms: &["customer id"],
    required: true,
}];
/// Fields of a contact.
pub const CONTACTS: &[Target<'static>] = &[];
/// Fields of a company.
pub const COMPANIES: &[Target<'static>] = &[];
/// Fields of a product.
pub const PRODUCTS: &[Target<'static>] = &[];
