//! The fields of orders, contacts, companies and products, with the names that files give them.
//!
//! The first synonyms are the surest; of two columns that would do, the one whose name comes earlier here wins.
//! A name with `~` in front is weak: it could as well mean something else.
//! Languages: English, German, French, Spanish, Italian, Portuguese, Dutch; and the headers of common exports
//! (Shopify, WooCommerce, Stripe, HubSpot, Salesforce, Google Contacts, Outlook).

use super::{Target, Wanted};

pub use super::companies::COMPANIES;
pub use super::contacts::CONTACTS;
pub use super::orders::ORDERS;
pub use super::products::PRODUCTS;

pub(super) const fn target(
    key: &'static str,
    label: &'static str,
    kind: Wanted,
    synonyms: &'static [&'static str],
) -> Target<'static> {
    Target { key, label, kind, synonyms, required: false }
}

pub(super) const fn required(target: Target<'static>) -> Target<'static> {
    Target { required: true, ..target }
}
