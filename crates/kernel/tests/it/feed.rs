//! Readers of the event log skip nothing, however writers overlap. See docs/decisions/0002-event-feed.md.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;

use db::Tx;
use kernel::events::{self, Event, Position};
use kernel::{Ctx, Result};
use testkit::World;

fn put(tx: &mut Tx<'_>, ctx: &Ctx, record_id: i64) -> Result<i64> {
    let object = ctx.catalogue.need("contacts")?;
    events::put(tx, &Event::of(ctx, object, record_id, None, "changed", None))
}

/// Reads as Kith does, until there is nothing more to read now.
fn read(w: &World, position: &mut Position, limit: usize) -> Vec<i64> {
    let mut ids = Vec::new();
    loop {
        let (found, last) = w.read(|tx| events::after(tx, *position, limit));
        *position = last;
        if found.is_empty() {
            return ids;
        }
        ids.extend(found.iter().map(|e| e.id));
    }
}

/// Reads as one would naively: everything with a higher number than the last that was read.
fn read_by_number(w: &World, last: &mut i64) -> Vec<i64> {
    let rows =
        w.read(|tx| Ok(tx.query("SELECT id FROM events WHERE id > $1 ORDER BY id", &[(*last).into()])?));
    let ids: Vec<i64> = rows.iter().map(|row| row.int(0).unwrap()).collect();
    *last = ids.last().copied().unwrap_or(*last);
    ids
}

/// The schedule that breaks readers by ascending number, forced: a writer takes a number and stays open while
/// another takes the next one and commits.
#[test]
fn an_event_whose_transaction_commits_late_is_not_skipped_though_a_reader_by_number_skips_it() {
    let w = World::postgres_alone();
    let ctx = w.ctx();
    let (mut ours, mut naive) = (Position::default(), 0);
    read(&w, &mut ours, 1_000);
    read_by_number(&w, &mut naive);

    let (wrote, has_written) = channel();
    let (commit, may_commit) = channel::<()>();
    let (early, late) = std::thread::scope(|scope| {
        let (w, ctx) = (&w, &ctx);
        let slow = scope.spawn(move || {
            w.write(|tx| {
                let id = put(tx, ctx, 1)?;
                wrote.send(id).unwrap();
                may_commit.recv().unwrap();
                Ok(id)
            })
        });
        let early = has_written.recv().unwrap();
        let late = w.write(|tx| put(tx, ctx, 2));
        assert!(early < late, "the open transaction has the lower number");

        assert_eq!(
            read_by_number(w, &mut naive),
            [late],
            "the reader by number goes past the open transaction"
        );
        assert_eq!(read(w, &mut ours, 1_000), [0; 0], "Kith's reader waits for it");

        commit.send(()).unwrap();
        (slow.join().unwrap(), late)
    });
    assert_eq!(read_by_number(&w, &mut naive), [0; 0], "the reader by number has skipped an event for ever");
    assert_eq!(read(&w, &mut ours, 1_000), [early, late], "Kith's reader gets both");
}

/// The same with numbers and transactions in opposite order: the older transaction takes the higher number.
#[test]
fn the_order_of_reading_is_that_of_transactions_and_then_numbers() {
    let w = World::postgres_alone();
    let ctx = w.ctx();
    let mut ours = Position::default();
    read(&w, &mut ours, 1_000);
    let (first, second) = w.write(|tx| {
        let older = put(tx, &ctx, 1)?;
        let younger =
            std::thread::scope(|scope| scope.spawn(|| w.write(|tx| put(tx, &ctx, 2))).join().unwrap());
        put(tx, &ctx, 3)?;
        Ok((older, younger))
    });
    assert_eq!(read(&w, &mut ours, 1), [first, second + 1, second]);
}

#[test]
fn under_eight_writers_every_event_is_read_once_in_an_order_that_can_be_resumed() {
    const WRITERS: i64 = 8;
    const TRANSACTIONS: i64 = 40;
    for w in [World::sqlite(), World::postgres_alone()] {
        let ctx = w.ctx();
        let start = w.read(|tx| Ok(tx.one("SELECT MAX(id) FROM events", &[])?.int(0)?));
        let mut position = Position::default();
        read(&w, &mut position, 1_000);
        let running = AtomicUsize::new(WRITERS as usize);
        let mut read_ids = Vec::new();
        std::thread::scope(|scope| {
            for writer in 0..WRITERS {
                let (w, ctx, running) = (&w, &ctx, &running);
                scope.spawn(move || {
                    for n in 0..TRANSACTIONS {
                        let outcome = w.try_write(|tx| {
                            for part in 0..=(n + writer) % 3 {
                                put(tx, ctx, writer * 1_000 + n * 10 + part)?;
                                std::thread::yield_now();
                            }
                            // Every seventh transaction fails and leaves a gap in the numbers.
                            if n % 7 == 3 { Err(kernel::Error::Forbidden("go on".into())) } else { Ok(()) }
                        });
                        assert_eq!(outcome.is_err(), n % 7 == 3);
                    }
                    running.fetch_sub(1, Ordering::SeqCst);
                });
            }
            while running.load(Ordering::SeqCst) > 0 {
                // Each batch begins where a stored position says, as after a restart.
                w.write(|tx| events::set_position(tx, "test", position));
                let mut resumed = w.read(|tx| events::position(tx, "test"));
                read_ids.extend(read(&w, &mut resumed, 7));
                position = resumed;
            }
        });
        read_ids.extend(read(&w, &mut position, 7));
        let rows = w.read(|tx| Ok(tx.query("SELECT id FROM events WHERE id > $1", &[start.into()])?));
        let written: BTreeSet<i64> = rows.iter().map(|row| row.int(0).unwrap()).collect();
        let distinct: BTreeSet<i64> = read_ids.iter().copied().collect();
        assert_eq!(distinct.len(), read_ids.len(), "{:?}: nothing is read twice", w.engine());
        assert_eq!(distinct, written, "{:?}: nothing is skipped", w.engine());
        assert!(written.len() > 300);
    }
}
