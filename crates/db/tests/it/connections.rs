use std::panic::{AssertUnwindSafe, catch_unwind};

use db::{Error, Value};
use testkit::World;

use crate::{both, run};

fn count(db: &db::Db) -> i64 {
    db.read::<_, Error>(|tx| tx.one("SELECT COUNT(*) FROM things", &[])).unwrap().int(0).unwrap()
}

#[test]
fn what_a_failed_or_panicking_write_did_is_undone_and_the_next_one_works() {
    both(|db| {
        run(db, "CREATE TABLE things (id @id) @strict;");
        let insert = |id: i64, end: fn() -> Result<(), Error>| {
            db.write::<_, Error>(|tx| {
                tx.execute("INSERT INTO things (id) VALUES ($1)", &[id.into()])?;
                end()
            })
        };
        assert!(insert(1, || Err(Error::NoRow)).is_err());
        assert!(catch_unwind(AssertUnwindSafe(|| insert(2, || panic!("a bug in a rule")))).is_err());
        assert_eq!(count(db), 0);
        insert(3, || Ok(())).unwrap();
        assert_eq!(count(db), 1);
    });
}

#[test]
fn a_read_that_panicked_does_not_spoil_its_connection() {
    both(|db| {
        run(db, "CREATE TABLE things (id @id) @strict;");
        for _ in 0..20 {
            let read = catch_unwind(AssertUnwindSafe(|| {
                db.read::<(), Error>(|tx| {
                    tx.query("SELECT id FROM things", &[])?;
                    panic!("a bug in a page")
                })
            }));
            assert!(read.is_err());
        }
        run(db, "INSERT INTO things VALUES (1);");
        assert_eq!(count(db), 1, "later reads work and see later writes");
    });
}

#[test]
fn a_read_may_not_write() {
    both(|db| {
        run(db, "CREATE TABLE things (id @id) @strict;");
        assert!(db.read::<_, Error>(|tx| tx.execute("INSERT INTO things (id) VALUES (1)", &[])).is_err());
        assert_eq!(count(db), 0);
    });
}

#[test]
fn a_read_sees_one_moment_though_others_write_meanwhile() {
    both(|db| {
        run(db, "CREATE TABLE things (id @id) @strict;");
        db.read::<_, Error>(|tx| {
            let before = tx.one("SELECT COUNT(*) FROM things", &[])?.int(0)?;
            db.write::<_, Error>(|tx| tx.execute("INSERT INTO things (id) VALUES (1)", &[]))?;
            let after = tx.one("SELECT COUNT(*) FROM things", &[])?.int(0)?;
            assert_eq!((before, after), (0, 0));
            Ok(())
        })
        .unwrap();
        assert_eq!(count(db), 1);
    });
}

#[test]
fn a_read_that_takes_too_long_is_stopped_and_the_next_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let options = db::Options { read_limit: std::time::Duration::from_millis(50), ..db::Options::default() };
    let sqlite = db::Db::sqlite(&folder.path().join("kith.sqlite"), options).unwrap();
    let postgres = db::Db::postgres(testkit::postgres::url(), None, options).unwrap();
    for db in [sqlite, postgres] {
        let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT COUNT(*) FROM n";
        let slow = db.read::<_, Error>(|tx| tx.one(endless, &[Value::Int(100_000_000)]));
        assert!(matches!(slow, Err(Error::TooSlow)), "{slow:?}");
        assert!(db.read::<_, Error>(|tx| tx.one(endless, &[Value::Int(3)])).is_ok());
    }
}

#[test]
fn ids_are_never_given_twice() {
    both(|db| {
        db.migrate(kernel::MIGRATIONS).unwrap();
        let mut all: Vec<i64> = std::thread::scope(|scope| {
            let take = || {
                let mut mine = Vec::new();
                for n in [1, 7, 0, 20] {
                    let ids = db.write::<_, Error>(|tx| tx.ids(n)).unwrap();
                    assert_eq!(ids.len(), n);
                    mine.extend(ids);
                }
                mine
            };
            let takers: Vec<_> = (0..4).map(|_| scope.spawn(take)).collect();
            takers.into_iter().flat_map(|t| t.join().unwrap()).collect()
        });
        let n = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), n);
    });
}

/// Two writers each add a part and count the parts; the second counts while the first has not committed.
#[test]
fn what_is_worked_out_under_a_lock_misses_no_other_writer() {
    for w in [World::sqlite(), World::postgres_alone()] {
        let db = &w.db;
        run(db, "CREATE TABLE things (id @id, n @int NOT NULL) @strict; INSERT INTO things VALUES (1, 0);");
        run(db, "CREATE TABLE parts (id @id, thing_id @int NOT NULL) @strict;");
        let add_part = |id: i64, meanwhile: &dyn Fn()| {
            db.write::<_, Error>(|tx| {
                tx.execute("INSERT INTO parts (id, thing_id) VALUES ($1, 1)", &[id.into()])?;
                tx.lock("things", &[1])?;
                tx.execute(
                    "UPDATE things SET n = (SELECT COUNT(*) FROM parts WHERE thing_id = things.id)",
                    &[],
                )?;
                meanwhile();
                Ok(())
            })
            .unwrap();
        };
        std::thread::scope(|scope| {
            add_part(1, &|| {
                scope.spawn(|| add_part(2, &|| {}));
                w.until_someone_waits();
            });
        });
        let n = db.read::<_, Error>(|tx| tx.one("SELECT n FROM things", &[])).unwrap().int(0).unwrap();
        assert_eq!(n, 2, "{:?}", w.engine());
    }
}
