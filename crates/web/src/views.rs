//! View models: what a page says, as plain data, with no knowledge of where it came from.
//!
//! One struct per page. A route fills it in and hands it to [`crate::templates::Templates::render`].
//! Everything here is text, numbers and small enums; formatting has happened before
//! (see [`crate::format`]) and escaping happens after, in the template.

mod board;
mod customer_base;
mod door;
mod errors;
mod form;
mod imports;
mod list;
mod parts;
mod record;
pub mod samples;
mod search;
mod settings;
mod shell;
mod today;

pub use board::*;
pub use customer_base::*;
pub use door::*;
pub use errors::*;
pub use form::*;
pub use imports::*;
pub use list::*;
pub use parts::*;
pub use record::*;
pub use search::*;
pub use settings::*;
pub use shell::*;
pub use today::*;

/// A page that can be rendered: a struct with its template.
pub trait Page: serde::Serialize {
    /// The file in `templates/` that shows it.
    const TEMPLATE: &'static str;
}

/// A page that brings examples of itself, which tests render and the gallery shows.
pub trait Sampled: Page + Sized {
    /// Named examples: ordinary, empty, long and hostile text, right to left, forbidden where it applies.
    fn samples() -> Vec<(&'static str, Self)>;
}
