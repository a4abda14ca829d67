//! Replacing all rows of a derived table keeps its indexes, its constraints and its readers.

use db::{Db, Result, Value};
use testkit::{World, both};

fn fill(w: &World, table: &str, values: std::ops::Range<i64>) {
    let rows = values.map(|n| [Value::Int(n), Value::Text(format!("r{n}"))]);
    w.write(|tx| Ok(tx.insert_rows(table, &["id", "word"], rows.collect::<Vec<_>>())?));
}

fn words(db: &Db) -> Vec<String> {
    let rows = db.read::<_, db::Error>(|tx| tx.query("SELECT word FROM heaps ORDER BY word LIMIT 100", &[]));
    rows.and_then(|rows| rows.iter().map(|row| row.text(0).map(String::from)).collect::<Result<_>>())
        .expect("words")
}

fn rebuild(w: &World, n: i64, values: std::ops::Range<i64>) {
    let next = w.write(|tx| Ok(tx.begin_rebuild("heaps", n)?));
    fill(w, &next, values);
    for statement in w.read(|tx| Ok(tx.rebuild_indexes("heaps", &next)?)) {
        w.write(|tx| Ok(tx.batch(&statement)?));
    }
    w.write(|tx| Ok(tx.finish_rebuild("heaps", &next)?));
}

fn heaps(w: &World) {
    let sql = "CREATE TABLE heaps (id @id, word @text NOT NULL) @strict;
               CREATE UNIQUE INDEX heaps_by_word ON heaps (word) WHERE id > 0;";
    let sql = db::render(sql, w.engine());
    w.write(|tx| Ok(tx.batch(&sql)?));
}

#[test]
fn rebuilding_again_and_again_keeps_rows_and_rules() {
    both(|w| {
        heaps(w);
        fill(w, "heaps", 1..4);
        for n in 1..4 {
            rebuild(w, n, n..n + 2);
            assert_eq!(words(&w.db), [format!("r{n}"), format!("r{}", n + 1)]);
            let doubled = w.try_write(|tx| {
                Ok(tx.execute("INSERT INTO heaps VALUES (99, $1)", &[format!("r{n}").into()])?)
            });
            assert!(matches!(doubled, Err(kernel::Error::Db(db::Error::Taken(_)))), "{doubled:?}");
        }
    });
}

#[test]
fn a_rebuild_that_was_left_behind_goes_with_the_next() {
    both(|w| {
        heaps(w);
        fill(w, "heaps", 1..3);
        let left_behind = w.write(|tx| Ok(tx.begin_rebuild("heaps", 1)?));
        fill(w, &left_behind, 7..9);
        assert_eq!(words(&w.db), ["r1", "r2"]);
        rebuild(w, 2, 4..5);
        assert_eq!(words(&w.db), ["r4"]);
        let gone = w.try_read(|tx| Ok(tx.query(&format!("SELECT id FROM {left_behind} LIMIT 1"), &[])?));
        assert!(gone.is_err());
    });
}

#[test]
fn names_that_are_not_names_are_refused() {
    let w = World::sqlite();
    for name in ["", "a b", "a;DROP TABLE users", "A"] {
        assert!(w.try_write(|tx| Ok(tx.begin_rebuild(name, 1)?)).is_err(), "{name}");
    }
}
