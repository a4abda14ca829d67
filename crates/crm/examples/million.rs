//! Times scoring, timelines and Today on a large Kith: `cargo run --release -p kith-crm --example million -- FOLDER [CUSTOMERS]`.
//!
//! Fills `FOLDER/kith.sqlite` when it is not there: customers who buy till they die, two orders each, five touchpoints
//! each. Every customer is drawn for itself; no history is copied.
#![allow(clippy::disallowed_methods, reason = "a program of its own may read files")]

use std::path::Path;
use std::time::Instant;

use crm::scores::{self, Options, Step};
use crm::settings::Settings;
use crm::timeline::{self, Show};
use crm::workspace::{self, Founder};
use crm::{customer_base, today};
use db::{Db, Value};
use insight::rng::Rng;
use kernel::{Error, Result};

/// Sunday, 22 November 2026, 08:00 UTC, microseconds.
const NOW: i64 = 1_795_334_400_000_000;
const TODAY: i64 = 20_779;
const DAYS: f64 = 729.0;
const DAY: i64 = 86_400_000_000;

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().unwrap_or_else(|| "kith-million".into());
    let n: i64 = args.next().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    std::fs::create_dir_all(&folder).map_err(db::Error::from)?;
    let path = Path::new(&folder).join("kith.sqlite");
    let new = !path.exists();
    let db = Db::sqlite(&path, db::Options::default())?;
    db.migrate(&crm::migrations())?;
    if new {
        timed("filling", || fill(&db, n))?;
    }
    for round in ["first", "second"] {
        let ctx = db.read(|tx| workspace::system_ctx(tx, NOW))?;
        let (start, before) = (Instant::now(), processor());
        let mut step = Step::Read;
        let run = scores::run(&db, &ctx, &Options::default(), |progress| {
            if progress.step != step {
                println!(
                    "  {:?} {:.1} s ({:.1} s of processor)",
                    step,
                    start.elapsed().as_secs_f64(),
                    processor() - before
                );
                step = progress.step;
            }
        })?;
        println!(
            "{round} run: {:.1} s ({:.1} s of processor), {} customers, {} orders, by {}, peak memory {}",
            start.elapsed().as_secs_f64(),
            processor() - before,
            run.n_customers,
            run.summary.n_orders,
            run.summary.method,
            peak()
        );
    }
    pages(&db, n)
}

/// Reads pages as the founder: the fastest, the middle and the slowest of a hundred, after one to warm up.
fn pages(db: &Db, n: i64) -> Result<()> {
    let ctx = db.read::<_, Error>(|tx| {
        let mut ctx = workspace::system_ctx(tx, NOW)?;
        let founder = tx.one("SELECT id FROM users ORDER BY id LIMIT 1", &[])?.int(0)?;
        workspace::act_as(tx, &mut ctx, founder)?;
        Ok(ctx)
    })?;
    let contacts = ctx.catalogue.need("contacts")?.clone();
    // A large prime step: customers far apart from each other, so that no page of the file is read twice.
    let party = |k: i64| 1_000_000 + k * 7_919 % n;
    let mut clock = Clock::new("timeline, first page of 30");
    for k in 0..101 {
        clock.measure(|| db.read(|tx| timeline::page(tx, &ctx, &contacts, party(k), None, Show::All, 30)))?;
    }
    let mut clock = Clock::new("timeline, second page of 3");
    for k in 0..101 {
        let first = db.read(|tx| timeline::page(tx, &ctx, &contacts, party(k), None, Show::All, 3))?;
        clock.measure(|| {
            db.read(|tx| timeline::page(tx, &ctx, &contacts, party(k), first.next, Show::All, 3))
        })?;
    }
    let mut clock = Clock::new("why");
    for k in 0..101 {
        clock.measure(|| db.read(|tx| scores::why(tx, &ctx, party(k))))?;
    }
    let mut clock = Clock::new("customer base");
    for _ in 0..101 {
        clock.measure(|| db.read(|tx| customer_base::report(tx, &ctx)))?;
    }
    let mut clock = Clock::new("today");
    for _ in 0..101 {
        clock.measure(|| db.read(|tx| today::page(tx, &ctx)))?;
    }
    Ok(())
}

/// Collects times of one kind of page and prints them at the end.
struct Clock {
    what: &'static str,
    micros: Vec<u128>,
}

impl Clock {
    fn new(what: &'static str) -> Clock {
        Clock { what, micros: Vec::new() }
    }

    fn measure<T>(&mut self, f: impl FnOnce() -> Result<T>) -> Result<()> {
        let start = Instant::now();
        f()?;
        self.micros.push(start.elapsed().as_micros());
        Ok(())
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        let mut sorted = self.micros.split_off(1);
        sorted.sort_unstable();
        let at =
            |share: usize| sorted.get((sorted.len() - 1) * share / 100).map_or(0.0, |n| *n as f64 / 1_000.0);
        println!("{}: {:.2} ms, p50 {:.2}, p95 {:.2}, p99 {:.2}", self.what, at(0), at(50), at(95), at(99));
    }
}

fn timed<T>(what: &str, f: impl FnOnce() -> Result<T>) -> Result<T> {
    let start = Instant::now();
    let result = f()?;
    println!("{what}: {:.1} s", start.elapsed().as_secs_f64());
    Ok(result)
}

/// Seconds of processor that this process has used: what other programs on the machine do not change.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<f64> =
        stat.rsplit(')').next().unwrap_or_default().split(' ').map(|f| f.parse().unwrap_or(0.0)).collect();
    // User and system time, in hundredths of a second.
    (fields.get(12).unwrap_or(&0.0) + fields.get(13).unwrap_or(&0.0)) / 100.0
}

fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.unwrap_or("unknown").trim().to_string()
}

fn fill(db: &Db, n: i64) -> Result<()> {
    let founder = Founder { name: "Fay".into(), email: "fay@example.com".into(), password_hash: "x".into() };
    db.write(|tx| workspace::set_up(tx, NOW, &Settings::default(), &founder))?;
    let mut order_id = 10_000_000_i64;
    let mut touch_id = 100_000_000_i64;
    for chunk in 0..(n + 19_999) / 20_000 {
        let ids = chunk * 20_000..((chunk + 1) * 20_000).min(n);
        let mut parties = Vec::new();
        let mut orders = Vec::new();
        let mut touches = Vec::new();
        for c in ids {
            let id = 1_000_000 + c;
            let mut rng = Rng::for_item(7, c.unsigned_abs());
            let start = (rng.uniform() * 540.0).floor();
            let life = (rng.exponential() * 300.0 / rng.gamma(1.2).max(1e-9)).min(DAYS - start);
            let rate = rng.gamma(0.7) / 110.0;
            let spend = rng.gamma(3.7);
            let (mut at, mut n_orders, mut total, mut last) = (0.0, 0_i64, 0_i64, 0_i64);
            let first = TODAY - DAYS as i64 + start as i64;
            while at <= life {
                let day = first + at as i64;
                let cents = (rng.gamma(6.0) / spend * 1500.0).round() as i64 + 1;
                orders.push(record(
                    order_id,
                    [
                        format!("O-{order_id}").into(),
                        id.into(),
                        day.into(),
                        "completed".into(),
                        "EUR".into(),
                        cents.into(),
                        Value::from((cents * 6) / 10),
                    ],
                ));
                order_id += 1;
                (n_orders, total, last) = (n_orders + 1, total + cents, day);
                at += rng.exponential() / rate;
            }
            let name = format!("Person {c}");
            parties.push(record(
                id,
                [
                    "contact".into(),
                    name.as_str().into(),
                    name.to_lowercase().into(),
                    first.into(),
                    last.into(),
                    n_orders.into(),
                    total.into(),
                ],
            ));
            for k in 0..5 {
                let moment = (TODAY - DAYS as i64) * DAY + (rng.uniform() * DAYS * DAY as f64) as i64;
                touches.push(record(
                    touch_id,
                    [
                        id.into(),
                        (if k % 2 == 0 { "email" } else { "call" }).into(),
                        "in".into(),
                        moment.into(),
                        format!("Asked about delivery {k}").into(),
                    ],
                ));
                touch_id += 1;
            }
        }
        db.write::<_, Error>(|tx| {
            let party =
                ["kind", "name", "name_key", "customer_since", "last_order_on", "n_orders", "total_spent"];
            tx.insert_rows("parties", &columns(&party), parties)?;
            let order = ["number", "party_id", "placed_on", "status", "currency", "total", "cost"];
            tx.insert_rows("orders", &columns(&order), orders)?;
            let touch = ["party_id", "kind", "direction", "at", "summary"];
            tx.insert_rows("touchpoints", &columns(&touch), touches)?;
            Ok(())
        })?;
    }
    println!("{n} customers, {} orders, {} touchpoints", order_id - 10_000_000, touch_id - 100_000_000);
    Ok(db.analyze()?)
}

fn columns<'a>(own: &[&'a str]) -> Vec<&'a str> {
    [["id", "version", "created_at", "updated_at", "custom"].as_slice(), own].concat()
}

fn record<const N: usize>(id: i64, own: [Value; N]) -> Vec<Value> {
    let mut row = vec![id.into(), 1.into(), NOW.into(), NOW.into(), "{}".into()];
    row.extend(own);
    row
}
