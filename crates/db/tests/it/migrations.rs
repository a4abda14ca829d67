use db::{Db, Error, Migration};

use crate::{both, sqlite};

const FIRST: Migration =
    Migration { version: 1, name: "one", sql: "CREATE TABLE ones (id @id, name @text) @strict;" };
const SECOND: Migration = Migration { version: 2, name: "two", sql: "CREATE TABLE twos (id @id) @strict;" };
const LATER: Migration =
    Migration { version: 100, name: "late", sql: "CREATE TABLE lates (id @id) @strict;" };

fn tables(db: &Db) -> Vec<bool> {
    let there = |name: &str| {
        db.read::<_, Error>(|tx| tx.query(&format!("SELECT id FROM {name} LIMIT 1"), &[])).is_ok()
    };
    ["ones", "twos", "lates"].iter().map(|name| there(name)).collect()
}

#[test]
fn kiths_own_schema_applies_and_a_second_time_changes_nothing() {
    both(|db| {
        let all = crm::migrations();
        assert_eq!(db.migrate(&all).unwrap(), all.len());
        assert_eq!(db.migrate(&all).unwrap(), 0);
    });
}

#[test]
fn a_database_of_a_newer_kith_is_refused() {
    both(|db| {
        db.migrate(&[FIRST, SECOND]).unwrap();
        let refused = db.migrate(&[FIRST]).unwrap_err().to_string();
        assert!(refused.contains("newer kith"), "{refused}");
    });
}

#[test]
fn a_migration_that_changed_after_it_ran_is_refused() {
    both(|db| {
        db.migrate(&[FIRST]).unwrap();
        let changed = Migration { sql: "CREATE TABLE ones (id @id) @strict;", ..FIRST };
        let refused = db.migrate(&[changed]).unwrap_err().to_string();
        assert!(refused.contains("has changed"), "{refused}");
    });
}

#[test]
fn a_kernel_migration_added_later_runs_though_the_domains_ran_before_it() {
    both(|db| {
        db.migrate(&[FIRST, LATER]).unwrap();
        assert_eq!(db.migrate(&[FIRST, SECOND, LATER]).unwrap(), 1);
        assert_eq!(tables(db), [true, true, true]);
    });
}

#[test]
fn a_migration_that_fails_leaves_nothing_and_can_be_tried_again() {
    both(|db| {
        let broken = Migration {
            sql: "CREATE TABLE twos (id @id) @strict; CREATE TABLE ones (id @id) @strict;",
            ..SECOND
        };
        assert!(db.migrate(&[FIRST, broken]).is_err());
        assert_eq!(tables(db), [true, false, false]);
        assert_eq!(db.migrate(&[FIRST, SECOND]).unwrap(), 1);
    });
}

#[test]
fn two_servers_that_start_at_once_migrate_once() {
    let (sqlite, _folder) = sqlite();
    let (postgres, _) = testkit::empty_postgres();
    for db in [sqlite, postgres] {
        let n_applied: usize = std::thread::scope(|scope| {
            let start = || db.migrate(&crm::migrations()).unwrap();
            let both = [scope.spawn(start), scope.spawn(start)];
            both.into_iter().map(|server| server.join().unwrap()).max().unwrap()
        });
        assert!(n_applied > 0);
        assert_eq!(db.migrate(&crm::migrations()).unwrap(), 0);
    }
}
