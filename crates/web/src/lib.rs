//! Pages, assets and sessions: the only crate that knows HTML.

pub mod assets;
pub mod format;
pub mod templates;
pub mod views;
