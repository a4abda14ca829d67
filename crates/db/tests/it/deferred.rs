//! Indexes that wait for the end of bulk work come back as they were, also when the process that let them wait died.

use db::Value;
use testkit::{World, both};

fn heaps(w: &World) {
    let sql = "CREATE TABLE heaps (id @id, word @text NOT NULL, weight @int) @strict;
               CREATE UNIQUE INDEX heaps_by_word ON heaps (word) WHERE id > 0;
               CREATE INDEX heaps_by_weight ON heaps (weight, id) WHERE weight IS NOT NULL;
               CREATE INDEX heaps_by_length ON heaps (LENGTH(word));";
    let sql = db::render(sql, w.engine());
    w.write(|tx| Ok(tx.batch(&sql)?));
}

fn plain(w: &World) -> Vec<String> {
    w.read(|tx| Ok(tx.plain_indexes("heaps")?))
}

fn fill(w: &World) {
    let rows: Vec<_> =
        (0..300).map(|n| [Value::Int(n), Value::Text(format!("r{n}")), Value::Int(300 - n)]).collect();
    w.write(|tx| Ok(tx.insert_rows("heaps", &["id", "word", "weight"], &rows)?));
}

#[test]
fn indexes_wait_until_they_are_made() {
    both(|w| {
        heaps(w);
        let before = plain(w);
        assert_eq!(before, ["heaps_by_length", "heaps_by_weight"]);
        w.db.defer_indexes(&before).expect("deferred");
        assert!(plain(w).is_empty());
        fill(w);
        assert_eq!(w.db.make_deferred_indexes().expect("made"), 2);
        assert_eq!(plain(w), before);
        assert_eq!(w.db.make_deferred_indexes().expect("nothing left"), 0);
        let row = w.read(|tx| Ok(tx.one("SELECT id FROM heaps ORDER BY weight, id LIMIT 1", &[])?));
        assert_eq!(row.int(0).ok(), Some(299));
    });
}

#[test]
fn indexes_that_a_dead_process_left_waiting_are_made_at_the_next_start() {
    both(|w| {
        heaps(w);
        w.db.defer_indexes(&["heaps_by_weight", "there_is_none_of_this_name"]).expect("deferred");
        fill(w);
        assert_eq!(plain(w), ["heaps_by_length"]);
        w.db.migrate(&crm::migrations()).expect("started");
        assert_eq!(plain(w), ["heaps_by_length", "heaps_by_weight"]);
    });
}

#[test]
fn an_index_that_came_back_by_itself_is_left_alone() {
    both(|w| {
        heaps(w);
        w.db.defer_indexes(&["heaps_by_weight"]).expect("deferred");
        w.write(|tx| Ok(tx.batch("CREATE INDEX heaps_by_weight ON heaps (weight)")?));
        w.db.make_deferred_indexes().expect("made");
        assert_eq!(plain(w), ["heaps_by_length", "heaps_by_weight"]);
    });
}

#[test]
fn many_rows_at_once_stop_at_the_row_that_is_refused() {
    both(|w| {
        heaps(w);
        let rows: Vec<_> = (1..200).map(|n| [Value::Int(n), Value::Text(format!("r{}", n % 150))]).collect();
        let refused = w.try_write(|tx| Ok(tx.insert_rows("heaps", &["id", "word"], &rows)?));
        assert!(matches!(refused, Err(kernel::Error::Db(db::Error::Taken(_)))), "{refused:?}");
        let row = w.read(|tx| Ok(tx.one("SELECT COUNT(*) FROM heaps", &[])?));
        assert_eq!(row.int(0).ok(), Some(0), "the transaction left nothing");
    });
}
