//! The domain: one module per noun with its record, rules and SQL. No I/O but a transaction.

pub mod cases;
pub mod catalogue;
pub mod contact_points;
pub mod customer_base;
pub mod deals;
pub mod export;
pub mod imports;
pub mod notes;
pub mod orders;
pub mod parties;
pub mod products;
pub mod relationships;
pub mod scores;
pub mod sessions;
pub mod settings;
pub mod tasks;
pub mod timeline;
pub mod today;
pub mod tokens;
pub mod touchpoints;
pub mod users;
pub mod views;
pub mod workspace;

use db::Migration;

/// The whole schema: the kernel's migrations, then the domain's (from 100).
pub fn migrations() -> Vec<Migration> {
    let mut all = kernel::MIGRATIONS.to_vec();
    all.push(Migration { version: 100, name: "crm", sql: include_str!("../migrations/0100_crm.sql") });
    all.push(Migration {
        version: 110,
        name: "insight",
        sql: include_str!("../migrations/0110_insight.sql"),
    });
    all.push(Migration { version: 120, name: "lists", sql: include_str!("../migrations/0120_lists.sql") });
    all
}
