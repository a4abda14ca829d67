//! `kith import`: a file becomes records, every row accounted for, and the whole can be taken back.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use crm::imports::{self, Account, Import, NewImport, Plan, Progress};
use indicatif::ProgressBar;
use kernel::Ctx;
use serde_json::{Value as Json, json};

use crate::bar::bytes_bar;
use crate::place::{Open, Place, now};
use crate::workers::Bell;

/// How much of a file is looked at to find out how it is written.
const SAMPLE_BYTES: u64 = 1 << 20;

/// Arguments of `kith import`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kith import orders purchases.csv               purchases: customers, products and orders in one go
  kith import contacts people.csv --key email    people, recognised by their e-mail address
  kith import orders purchases.csv --dry-run     look what would happen
  kith import orders purchases.csv --show-map > map.json
  kith import orders purchases.csv --map map.json
  kith import --undo 1234                        take import 1234 back

Delimiter, encoding, dates, numbers and the meaning of columns are found out from the file. The same file again
changes nothing. An import that was cut off goes on where it stood when the same command is given again.")]
pub(crate) struct Command {
    /// What the rows are: orders, contacts, companies, products, deals, cases, tasks …
    #[arg(required_unless_present = "undo", conflicts_with = "undo")]
    object: Option<String>,
    /// The file; - is standard input.
    #[arg(required_unless_present = "undo", conflicts_with = "undo")]
    file: Option<PathBuf>,
    /// A JSON file that says which column fills what; see --show-map.
    #[arg(long, value_name = "FILE", conflicts_with = "undo")]
    map: Option<PathBuf>,
    /// The field by which existing records are recognised.
    #[arg(long, value_name = "FIELD", conflicts_with = "undo")]
    key: Option<String>,
    /// Read the whole file and say what would happen; write nothing.
    #[arg(long, conflicts_with = "undo")]
    dry_run: bool,
    /// Print the map that was found out, as JSON for --map, and end.
    #[arg(long, conflicts_with_all = ["undo", "dry_run"])]
    show_map: bool,
    /// Take an import back, by its number.
    #[arg(long, value_name = "ID")]
    undo: Option<i64>,
    /// Print the account as one JSON object.
    #[arg(long)]
    json: bool,
}

/// Imports a file, looks what an import would do, or takes one back.
pub(crate) fn run(place: &Place, args: &Command) -> Result<()> {
    if let Some(id) = args.undo {
        return undo(&place.open_existing()?, id, args.json);
    }
    let (Some(object), Some(path)) = (&args.object, &args.file) else { bail!("name an object and a file") };
    // Before a folder is made: a file that is not there should leave nothing behind.
    let source = Source::open(path)?;
    let open = place.open()?;
    let mut ctx = open.ctx_with_basics()?;
    let mut plan = plan(&open, &ctx, object, &source, args)?;
    if let Some(code) = first_currency(&open, &plan)? {
        ctx.currency.clone_from(&code);
        plan.currency = None;
        if !args.dry_run && !args.show_map {
            open.db.write(|tx| crm::settings::set_currency(tx, &code))?;
        }
    }
    if args.show_map {
        writeln!(std::io::stdout(), "{:#}", plan.to_json())?;
        return Ok(());
    }
    if !args.json {
        explain(&plan, &ctx.currency)?;
    }
    if args.dry_run {
        let bar = bytes_bar(source.size_bytes);
        let account = imports::dry_run(&open.db, &ctx, &plan, source.reader()?, &mut |progress| {
            advance(&bar, &progress)
        })?;
        bar.finish_and_clear();
        return tell(&source.name, &plan, None, &account, args.json);
    }
    import(&open, &ctx, &plan, &source, args.json)
}

/// A file that can be read several times.
struct Source {
    path: PathBuf,
    name: String,
    size_bytes: u64,
    /// Keeps what came by standard input.
    _kept: Option<tempfile::NamedTempFile>,
}

impl Source {
    fn open(path: &Path) -> Result<Source> {
        if path == Path::new("-") {
            let mut kept = tempfile::NamedTempFile::new().context("cannot keep standard input")?;
            let size_bytes =
                std::io::copy(&mut std::io::stdin(), &mut kept).context("cannot read standard input")?;
            let path = kept.path().to_path_buf();
            return Ok(Source { path, name: "standard input".into(), size_bytes, _kept: Some(kept) });
        }
        let metadata = std::fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
        if metadata.is_dir() {
            bail!("{} is a folder, not a file", path.display());
        }
        let name =
            path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
        Ok(Source { path: path.to_path_buf(), name, size_bytes: metadata.len(), _kept: None })
    }

    fn reader(&self) -> Result<File> {
        File::open(&self.path).with_context(|| format!("cannot read {}", self.path.display()))
    }
}

/// What was guessed, with what the arguments say laid over it.
fn plan(open: &Open, ctx: &Ctx, object: &str, source: &Source, args: &Command) -> Result<Plan> {
    let mut sample = Vec::new();
    source.reader()?.take(SAMPLE_BYTES).read_to_end(&mut sample)?;
    let mut plan = open
        .db
        .read(|tx| imports::propose(tx, ctx, object, &sample))
        .with_context(|| format!("cannot import {}", source.name))?;
    if let Some(path) = &args.map {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let map: Json =
            serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))?;
        plan.apply(&map)?;
    }
    if let Some(key) = &args.key {
        plan.key = Some(key.clone());
    }
    plan.check(ctx).with_context(|| format!("cannot import {}", source.name))?;
    Ok(plan)
}

/// The currency of the first file that a Kith sees becomes its own, when nobody chose one and nothing has an amount yet.
fn first_currency(open: &Open, plan: &Plan) -> Result<Option<String>> {
    let Some(code) = &plan.currency else { return Ok(None) };
    let untouched = open.db.read::<_, kernel::Error>(|tx| {
        let chosen = crm::settings::get(tx, "currency")?.is_some();
        let sold = tx.opt("SELECT 1 FROM orders LIMIT 1", &[])?.is_some();
        let priced = tx.opt("SELECT 1 FROM products LIMIT 1", &[])?.is_some();
        Ok(!chosen && !sold && !priced)
    })?;
    Ok(untouched.then(|| code.clone()))
}

/// Says on standard error how the file is read, so that a wrong guess is seen.
fn explain(plan: &Plan, currency: &str) -> Result<()> {
    let mut err = std::io::stderr().lock();
    for column in &plan.columns {
        let format = match column.format_word() {
            "plain" => String::new(),
            word => format!(" ({})", word.replace('_', " ")),
        };
        match &column.target {
            Some(target) => writeln!(err, "  {} → {target}{format}", column.name)?,
            None => writeln!(err, "  {} is left out", column.name)?,
        }
        if let Some(doubt) = &column.ambiguous {
            writeln!(err, "    {doubt}")?;
        }
    }
    if plan.object == "orders" {
        writeln!(err, "  amounts are in {}", plan.currency.as_deref().unwrap_or(currency))?;
    }
    if let Some(key) = &plan.key {
        writeln!(err, "  records are recognised by {key}")?;
    }
    Ok(())
}

fn advance(bar: &ProgressBar, progress: &Progress<'_>) -> bool {
    bar.set_position(progress.done_bytes);
    true
}

fn import(open: &Open, ctx: &Ctx, plan: &Plan, source: &Source, json: bool) -> Result<()> {
    let digest = imports::digest(source.reader()?)?;
    let unfinished = open.db.read(|tx| imports::unfinished(tx, ctx, &plan.object, &digest.sha256))?;
    let id = match unfinished {
        Some(import) => {
            if !json {
                eprintln!("  goes on with import {}, which stopped after row {}", import.id, import.n_done);
            }
            import.id
        }
        None => open.db.write(|tx| {
            let new = NewImport {
                plan,
                file_name: &source.name,
                sha256: &digest.sha256,
                size_bytes: digest.size_bytes,
                file_id: None,
            };
            imports::begin(tx, ctx, &new)
        })?,
    };
    let bell = interrupted();
    let bar = bytes_bar(source.size_bytes);
    let account = imports::run(&open.db, ctx, id, source.reader()?, &now, &mut |progress| {
        advance(&bar, &progress);
        !bell.rung()
    })?;
    bar.finish_and_clear();
    let import = open.db.read(|tx| imports::get(tx, ctx, id))?;
    if account.n_created > 1_000 {
        open.db.analyze()?;
    }
    tell(&source.name, plan, Some(&import), &account, json)?;
    match import.state {
        imports::State::Stopped => {
            bail!("stopped after row {}; the same command goes on from there", import.n_done)
        }
        imports::State::Failed => bail!("{}", import.message.unwrap_or_else(|| "the import failed".into())),
        _ => Ok(()),
    }
}

/// A bell that rings when the person at the keyboard has seen enough.
fn interrupted() -> Bell {
    let bell = Bell::default();
    let heard = bell.clone();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        if let Ok(runtime) = runtime
            && runtime.block_on(crate::server::asked_to_stop()).is_ok()
        {
            heard.ring();
        }
    });
    bell
}

/// Tells what became of every row. *Errors*: not one row could be used.
fn tell(name: &str, plan: &Plan, import: Option<&Import>, account: &Account, json: bool) -> Result<()> {
    if json {
        tell_json(name, plan, import, account)?;
    } else {
        tell_people(name, import, account)?;
    }
    if account.n_failed > 0 && account.n_failed + account.n_skipped == account.n_rows {
        bail!("not one of the {} rows could be imported", account.n_rows);
    }
    Ok(())
}

fn tell_json(name: &str, plan: &Plan, import: Option<&Import>, account: &Account) -> Result<()> {
    let mut all = json!({
        "import_id": import.map(|i| i.id),
        "state": import.map_or("dry_run", |i| i.state.word()),
        "object": plan.object,
        "file": name,
        "key": plan.key,
    });
    let columns: Vec<Json> = plan
        .columns
        .iter()
        .map(|c| json!({ "name": c.name, "target": c.target, "format": c.format_word() }))
        .collect();
    let problems: Vec<Json> = account
        .problems
        .iter()
        .map(|p| json!({ "row": p.row_number, "field": p.field, "message": p.message, "severity": p.severity.word() }))
        .collect();
    if let (Some(all), Json::Object(numbers)) = (all.as_object_mut(), account.to_json()) {
        all.extend(numbers);
        all.insert("columns".into(), columns.into());
        all.insert("problems".into(), problems.into());
    }
    writeln!(std::io::stdout(), "{all}")?;
    Ok(())
}

fn tell_people(name: &str, import: Option<&Import>, account: &Account) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match import {
        Some(import) => writeln!(out, "Import {} of {name} is {}.", import.id, import.state.word())?,
        None => writeln!(out, "This is what an import of {name} would do; nothing was written.")?,
    }
    writeln!(
        out,
        "{} rows: {} created, {} updated, {} unchanged, {} blank, {} failed",
        account.n_rows,
        account.n_created,
        account.n_updated,
        account.n_unchanged,
        account.n_skipped,
        account.n_failed
    )?;
    let further = [
        (account.n_customers, "new customers"),
        (account.n_companies, "new companies"),
        (account.n_products, "new products"),
        (account.n_orders, "new orders"),
        (account.n_lines, "new order lines"),
        (account.n_warned, "rows with a remark"),
        (account.n_duplicates, "rows that look like another record"),
    ];
    let further: Vec<String> =
        further.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    if !further.is_empty() {
        writeln!(out, "{}", further.join(", "))?;
    }
    if account.nothing_new() && account.n_failed == 0 {
        writeln!(out, "Nothing is new: everything in the file was here already.")?;
    }
    for (sentence, n) in account.warnings.iter().take(10) {
        writeln!(out, "  {sentence} ({n} rows)")?;
    }
    for problem in account.problems.iter().take(20) {
        let field = if problem.field.is_empty() { String::new() } else { format!(", {}", problem.field) };
        writeln!(out, "  row {}{field}: {}", problem.row_number, problem.message)?;
    }
    if account.problems.len() > 20 {
        writeln!(out, "  …")?;
    }
    if let Some(import) = import.filter(|_| !account.nothing_new()) {
        writeln!(out, "To take it back: kith import --undo {}", import.id)?;
    }
    Ok(())
}

fn undo(open: &Open, id: i64, json: bool) -> Result<()> {
    let ctx = open.ctx()?;
    let bell = interrupted();
    let bar = crate::bar::bar(0, "Taking back");
    let undone = imports::undo(&open.db, &ctx, id, &now, &mut |undone| {
        bar.set_position((undone.n_removed + undone.n_restored + undone.n_kept).max(0) as u64);
        !bell.rung()
    })?;
    bar.finish_and_clear();
    let mut out = std::io::stdout().lock();
    if json {
        let kept: Vec<Json> = undone
            .kept
            .iter()
            .map(|k| json!({ "object": k.object, "record_id": k.record_id, "reason": k.reason }))
            .collect();
        let all = json!({
            "import_id": id, "n_removed": undone.n_removed, "n_restored": undone.n_restored,
            "n_kept": undone.n_kept, "kept": kept,
        });
        writeln!(out, "{all}")?;
        return Ok(());
    }
    writeln!(
        out,
        "Import {id} is taken back: {} records removed, {} as before, {} kept because they were changed or used since.",
        undone.n_removed, undone.n_restored, undone.n_kept
    )?;
    for kept in undone.kept.iter().take(20) {
        writeln!(out, "  {} {}: {}", kept.object, kept.record_id, kept.reason)?;
    }
    Ok(())
}
