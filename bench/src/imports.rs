//! How fast files become records: purchases, contacts, the same file again, and taking it back.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;
use std::time::Instant;

use anyhow::Context;
use crm::imports::{self, Account, NewImport};
use db::{Db, Options, Value};
use kernel::Ctx;

/// A moment on 2026-11-22.
const NOW: i64 = 1_795_330_000_000_000;

/// `bench imports`: the two files that Kith has promised times for, or one of the caller's.
pub(crate) fn run(arguments: impl Iterator<Item = String>) -> anyhow::Result<()> {
    let (mut n_contacts, mut n_purchases, mut own) = (1_000_000, 70_000, Vec::new());
    let mut whole = true;
    let mut arguments = arguments.peekable();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--contacts" => n_contacts = arguments.next().context("--contacts takes a number")?.parse()?,
            "--purchases" => n_purchases = arguments.next().context("--purchases takes a number")?.parse()?,
            "--import-only" => whole = false,
            _ => own.push(argument),
        }
    }
    let folder = tempfile::tempdir()?;
    if let [object, file] = own.as_slice() {
        return measure(folder.path(), object, Path::new(file), whole);
    }
    if n_purchases > 0 {
        let file = folder.path().join("purchases.csv");
        write_purchases(&file, n_purchases)?;
        measure(folder.path(), "orders", &file, whole)?;
    }
    if n_contacts > 0 {
        let file = folder.path().join("contacts.csv");
        write_contacts(&file, n_contacts)?;
        bare_inserts(folder.path(), &file)?;
        measure(folder.path(), "contacts", &file, whole)?;
    }
    Ok(())
}

/// Looks, imports, imports again, takes back.
fn measure(folder: &Path, object: &str, file: &Path, whole: bool) -> anyhow::Result<()> {
    let path = folder.join(format!("{object}.db"));
    let db = Db::sqlite(&path, Options::default())?;
    db.migrate(&crm::migrations())?;
    let ctx = set_up(&db)?;
    let mut sample = Vec::new();
    File::open(file)?.take(sheet::SAMPLE_BYTES as u64).read_to_end(&mut sample)?;
    let plan = db.read(|tx| imports::propose(tx, &ctx, object, &sample))?;
    println!("{object}: {}", file.display());
    for column in &plan.columns {
        println!("  {:24} {:20} {}", column.name, column.target.as_deref().unwrap_or("-"), column.why);
    }
    if whole {
        let start = Instant::now();
        let account = imports::dry_run(&db, &ctx, &plan, File::open(file)?, &mut |_| true)?;
        say("dry run", &account, start);
    }
    for what in if whole { ["import", "the same file again"].as_slice() } else { &["import"] } {
        let start = Instant::now();
        let digest = imports::digest(File::open(file)?)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let new = NewImport {
            plan: &plan,
            file_name: &name,
            sha256: &digest.sha256,
            size_bytes: digest.size_bytes,
            file_id: None,
        };
        let id = db.write(|tx| imports::begin(tx, &ctx, &new))?;
        let account = imports::run(&db, &ctx, id, File::open(file)?, &|| NOW, &mut |_| true)?;
        say(what, &account, start);
        if *what == "import" {
            anyhow::ensure!(account.complete(), "rows are missing in the account");
        }
    }
    println!("  database {:.0} MB", std::fs::metadata(&path)?.len() as f64 / 1e6);
    if !whole {
        return Ok(());
    }
    let first = db.read(|tx| imports::list(tx, &ctx, None, 10))?.pop().context("an import was made")?;
    let start = Instant::now();
    let undone = imports::undo(&db, &ctx, first.id, &|| NOW, &mut |_| true);
    match undone {
        Ok(undone) => println!(
            "  undo: {:.2} s, {} removed, {} kept",
            start.elapsed().as_secs_f64(),
            undone.n_removed,
            undone.n_kept
        ),
        Err(error) => println!("  undo: {error}"),
    }
    Ok(())
}

fn say(what: &str, account: &Account, start: Instant) {
    let seconds = start.elapsed().as_secs_f64();
    let numbers: Vec<String> = account
        .numbers()
        .into_iter()
        .filter(|(_, n)| *n > 0)
        .map(|(name, n)| format!("{name} {n}"))
        .collect();
    println!(
        "  {what}: {seconds:.2} s, {:.0} rows/s ({})",
        account.n_rows as f64 / seconds,
        numbers.join(", ")
    );
    for (warning, n) in account.warnings.iter().take(5) {
        println!("    {n} × {warning}");
    }
    for problem in account.problems.iter().take(5) {
        println!(
            "    row {} {}: {} [{}]",
            problem.row_number,
            problem.field,
            problem.message,
            problem.severity.word()
        );
    }
}

fn set_up(db: &Db) -> anyhow::Result<Ctx> {
    let founder = crm::workspace::Founder {
        name: "Bench".into(),
        email: "bench@kith.example".into(),
        password_hash: String::new(),
    };
    let settings = crm::settings::Settings::default();
    let user = db.write(|tx| crm::workspace::set_up(tx, NOW, &settings, &founder))?;
    let mut ctx = db.read(|tx| crm::workspace::system_ctx(tx, NOW))?;
    db.read(|tx| crm::workspace::act_as(tx, &mut ctx, user))?;
    Ok(ctx)
}

/// What the engine alone takes for as many rows: one table without indexes but its key, in transactions as large.
fn bare_inserts(folder: &Path, file: &Path) -> anyhow::Result<()> {
    let db = Db::sqlite(&folder.join("bare.db"), Options::default())?;
    let mut reader = sheet::Reader::open(File::open(file)?, &sheet::Dialect::default());
    let names: Vec<String> = (0..reader.header()?.len()).map(|n| format!("c{n}")).collect();
    let columns: Vec<&str> = names.iter().map(String::as_str).collect();
    db.write::<_, db::Error>(|tx| tx.batch(&format!("CREATE TABLE bare ({})", columns.join(" TEXT, "))))?;
    let start = Instant::now();
    let mut n = 0;
    loop {
        let mut rows: Vec<Vec<Value>> = Vec::with_capacity(5_000);
        while rows.len() < 5_000
            && let Some(row) = reader.next_row()?
        {
            rows.push((0..columns.len()).map(|c| row.get(c).unwrap_or_default().into()).collect());
        }
        if rows.is_empty() {
            break;
        }
        n += rows.len();
        db.write::<_, db::Error>(|tx| tx.insert_rows("bare", &columns, &rows))?;
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "bare: {n} rows read and inserted into a plain table in {seconds:.2} s, {:.0} rows/s",
        n as f64 / seconds
    );
    Ok(())
}

fn write_contacts(file: &Path, n: usize) -> anyhow::Result<()> {
    let counts = demo::Counts { contacts: n, companies: n.div_ceil(10), ..demo::Size::Small.counts() };
    let business = demo::company_of(counts, 1, jiff::civil::date(2026, 11, 22));
    let companies: Vec<String> = business.companies().map(|company| company.name).collect();
    let mut out =
        sheet::write::Writer::new(BufWriter::new(File::create(file)?), sheet::write::Options::default());
    out.write_row([
        "id",
        "given name",
        "family name",
        "email",
        "phone",
        "company",
        "job title",
        "street",
        "postal code",
        "city",
        "country",
        "language",
        "birthday",
    ])?;
    for contact in business.contacts() {
        // The ranges kept for fiction are so small that most would look like duplicates.
        let phone =
            contact.phone.as_ref().map(|_| format!("+49 160 {:07}", contact.index)).unwrap_or_default();
        let birthday = contact.birth_on.map(|d| d.to_string()).unwrap_or_default();
        out.write_row([
            format!("C{:07}", contact.index).as_str(),
            &contact.given,
            &contact.family,
            contact.email.as_deref().unwrap_or_default(),
            &phone,
            contact.company.and_then(|c| companies.get(c)).map(String::as_str).unwrap_or_default(),
            contact.job_title.unwrap_or_default(),
            &contact.street,
            &contact.postal_code,
            contact.city,
            contact.country,
            contact.language,
            &birthday,
        ])?;
    }
    out.finish()?.flush()?;
    Ok(())
}

/// A file like that of an online shop: a third as many customers as purchases, some of them equal.
fn write_purchases(file: &Path, n: usize) -> anyhow::Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    writeln!(out, "customer_id,date,cds,dollars")?;
    let mut state = 7_u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut customer = 1;
    for _ in 0..n {
        customer += u64::from(random(3) == 0);
        let day = jiff::civil::date(1997, 1, 1) + jiff::Span::new().days(random(540) as i64);
        let (count, cents) = (random(5) + 1, random(9_000) + 500);
        writeln!(out, "{customer:05},{day},{count},{}.{:02}", cents / 100, cents % 100)?;
    }
    out.flush()?;
    Ok(())
}
