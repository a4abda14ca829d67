//! Loads the real program over loopback, 8 clients at a time, and prints how it does beside bare figures.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Result, bail};
use db::{Db, Value};

use crate::client::{Client, Request};
use crate::data::{self, Options};
use crate::load::{self, Times};
use crate::program::{self, Program};
use crate::report::{self, Row};
use crate::scenes::Scenes;

/// What makes the n-th request of a scene.
type Asking<'a> = &'a (dyn Fn(usize) -> Request + Sync);

/// Measures every row of the table and what stands beside it.
pub(crate) fn run(options: &Options) -> Result<()> {
    let db = data::build(options)?;
    let path = match &options.program {
        Some(path) => path.clone(),
        None => program::build()?,
    };
    let scenes = Scenes::of(&db)?;
    let mut rows = vec![
        bare(
            options,
            &db,
            "bare database: one row by id",
            |tx, scenes, n| {
                tx.one("SELECT * FROM parties WHERE id = $1", &[scenes.contact(n).into()]).map(drop)
            },
            &scenes,
        )?,
        bare(
            options,
            &db,
            "bare database: 50 rows by an index",
            |tx, _, n| {
                let from = Value::from(["a", "h", "m", "t"][n % 4]);
                let sql =
                    "SELECT * FROM parties WHERE kind = 'contact' AND archived_at IS NULL AND name_key >= $1
                       ORDER BY name_key, id LIMIT 50";
                tx.query(sql, &[from]).map(drop)
            },
            &scenes,
        )?,
        bare_write(options, &db, &scenes)?,
    ];
    // From here on the program has the database to itself.
    drop(db);
    let bare = Program::start_bare()?;
    rows.push(http(options, "bare HTTP: 2 kB", None, &bare, &|_| Request::get("/", &[]))?);
    drop(bare);

    let mut starts: Vec<f64> = Vec::new();
    for n in 0..5 {
        starts.push(Program::time_start(&path, options, &scenes.record(n))?);
    }
    starts.sort_by(f64::total_cmp);
    let server = Program::start(&path, options)?;
    Client::connect(server.address)?.send(&scenes.record(0))?;
    std::thread::sleep(Duration::from_secs(3));
    let at_rest = server.memory_bytes()?;

    let targets: [(&str, f64, Asking<'_>); 6] = [
        ("record page (HTML)", 15.0, &|n| scenes.record_page(n)),
        ("list of 50, two filters, sorted by a third (HTML)", 15.0, &|n| scenes.list_page(n)),
        ("the same list through the API", 15.0, &|n| scenes.list_api(n)),
        ("prefix search across objects", 30.0, &|n| scenes.search(n)),
        ("save one field through the API", 10.0, &|n| scenes.save(n)),
        ("record by id through the API", 2.0, &|n| scenes.record(n)),
    ];
    let targets: Vec<_> = targets.into_iter().filter(|(what, ..)| what.contains(&options.only)).collect();
    for (what, target, request) in targets.iter().copied() {
        rows.push(http(options, what, Some(target), &server, request)?);
    }
    let after = server.memory_bytes()?;
    let engine = if options.postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    report::print(
        &format!("{engine}, {} clients without pauses, {} s each", options.clients, options.seconds),
        &rows,
    );

    // People read what they asked for; a tenth of a second is still far more than any of them asks.
    let patient = Options { pause: Duration::from_millis(100), ..options.clone() };
    let mut paused = Vec::new();
    for (what, target, request) in targets.iter().copied() {
        paused.push(http(&patient, what, Some(target), &server, request)?);
    }
    report::print(
        &format!("{engine}, {} clients who wait 0.1 s after each answer", options.clients),
        &paused,
    );

    let mut alone = Vec::new();
    let one = Options { clients: 1, seconds: options.seconds.div_ceil(4), ..options.clone() };
    for (what, target, request) in targets {
        alone.push(http(&one, what, Some(target), &server, request)?);
    }
    let lists = "the lists one by one".contains(&options.only);
    for (what, request) in scenes.each_list().filter(|_| lists) {
        let bytes = request;
        alone.push(http(&one, &what, Some(15.0), &server, &|_| bytes.clone())?);
    }
    report::print("one client", &alone);
    println!(
        "\nstart to first answered request: median {:.0} ms, worst {:.0} ms (target 500 ms)",
        starts[2], starts[4]
    );
    println!(
        "memory at rest: {} MB (target 100 MB); after the load: {} MB, and {} MB of the database file mapped",
        at_rest.own >> 20,
        after.own >> 20,
        after.mapped >> 20
    );
    println!("stopped in {:.0} ms", server.stop()?.as_secs_f64() * 1_000.0);
    Ok(())
}

fn http(
    options: &Options,
    what: &str,
    target_ms: Option<f64>,
    server: &Program,
    request: &(dyn Fn(usize) -> Request + Sync),
) -> Result<Row> {
    let sent = AtomicUsize::new(0);
    let before = server.processor_ms()?;
    let times = load::run(
        options.clients,
        options.seconds,
        options.pause,
        |_| Client::connect(server.address),
        |client, n| {
            sent.fetch_add(1, Ordering::Relaxed);
            let (status, body) = client.send(&request(n))?;
            if status != 200 {
                bail!("{what}: {status} {}", String::from_utf8_lossy(&body[..body.len().min(300)]));
            }
            Ok(())
        },
    )?;
    let each = (server.processor_ms()? - before) / sent.into_inner().max(1) as f64;
    Ok(Row { processor_ms: Some(each), ..row(what, target_ms, times) })
}

fn bare(
    options: &Options,
    db: &Db,
    what: &str,
    read: impl Fn(&mut db::Tx<'_>, &Scenes, usize) -> db::Result<()> + Sync,
    scenes: &Scenes,
) -> Result<Row> {
    let go = |(): &mut (), n: usize| Ok(db.read::<_, db::Error>(|tx| read(tx, scenes, n))?);
    let times = load::run(options.clients, options.seconds.div_ceil(3), Duration::ZERO, |_| Ok(()), go)?;
    Ok(row(what, None, times))
}

fn bare_write(options: &Options, db: &Db, scenes: &Scenes) -> Result<Row> {
    let go = |(): &mut (), n: usize| {
        let params = [scenes.contact(n).into(), Value::from(format!("Title {n}"))];
        db.write::<_, db::Error>(|tx| {
            tx.execute("UPDATE parties SET job_title = $2 WHERE id = $1", &params)
        })?;
        Ok(())
    };
    let times = load::run(options.clients, options.seconds.div_ceil(3), Duration::ZERO, |_| Ok(()), go)?;
    Ok(row("bare database: one column of one row, committed", None, times))
}

fn row(what: &str, target_ms: Option<f64>, times: Times) -> Row {
    eprintln!("{what}: p95 {:.2} ms", times.quantile(0.95));
    Row { what: what.to_string(), target_ms, times, processor_ms: None }
}
