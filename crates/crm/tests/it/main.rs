//! The domain on both engines.

mod customer_base;
mod scores;
mod timeline;
