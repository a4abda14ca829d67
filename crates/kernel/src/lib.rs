//! What every kind of record has: id, field catalogue, filter, access, versioned save, events, jobs, search.
//!
//! The doors are [`find`], [`list`], [`create`], [`change`] and [`archive`]; no record leaves or changes by another.

mod access;
mod catalogue;
mod ctx;
mod error;
pub mod events;
pub mod files;
pub mod filter;
pub mod fold;
pub mod jobs;
mod list;
pub mod money;
mod record;
mod rules;
mod save;
mod schema;
pub mod search;
mod sql;
pub mod undo;
pub mod value;

pub use access::{Action, FieldRight, Rights, Scope};
pub use catalogue::{Catalogue, Choice, Field, Kind, Object, Part, Relation, ScopeBy, Section, Storage};
pub use ctx::{Ctx, Via};
pub use error::{Error, Problem, Result};
pub use list::{ListQuery, Page, SortKey, Total, aggregate, count, count_briefly, list};
pub use record::{Record, find, find_by, may};
pub use rules::{After, Before, Rules};
pub use save::{Draft, Saved, archive, change, create, restore};
pub use schema::MIGRATIONS;
pub use sql::{Sql, column_sql, scope_sql};
pub use value::Value;
