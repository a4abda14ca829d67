//! The kernel's own tables.

use db::Migration;

/// Migrations 1 to 99 belong to the kernel; the domain's begin at 100.
pub const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "kernel", sql: include_str!("../migrations/0001_kernel.sql") },
    Migration {
        version: 2,
        name: "search writing",
        sql: include_str!("../migrations/0002_search_writing.sql"),
    },
];
