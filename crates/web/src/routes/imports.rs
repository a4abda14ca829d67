//! Importing in the browser: upload, match columns, check, run, result, undo.

use std::path::{Path as FilePath, PathBuf};

use axum::Json;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use crm::imports::{self, Account, Import, RowProblem, Severity, State as Stand};
use db::Tx;
use kernel::{Ctx, Error, Via, jobs};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::asked::{Asked, Message, Outcome};
use super::{cells, shell};
use crate::format::Locale;
use crate::views::{
    Action, Choice, Empty, Fact, ImportCheckPage, ImportCounts, ImportHead, ImportPreviewRow, ImportProblem,
    ImportResultPage, ImportRunPage, ImportStep, ImportUploadPage, ImportsPage, Link, PastImport, PostButton,
    Tone,
};
use crate::{App, Refused};

/// The largest file.
pub(crate) const LIMIT_BYTES: usize = 1024 * 1024 * 1024;

/// Where the bytes of a file with this digest lie.
pub(crate) fn stored(data: &FilePath, sha256: &str) -> PathBuf {
    data.join("files").join(sha256)
}

/// The steps of an import; `at` is where the reader is, from 0.
pub(crate) fn head(ctx: &Ctx, object: &str, at: usize) -> ImportHead {
    let plural = ctx.catalogue.object(object).map_or("records".into(), |o| o.plural.to_lowercase());
    let title = if object == "orders" { "Import purchases".to_string() } else { format!("Import {plural}") };
    let list = if object == "orders" { "customers" } else { object };
    let crumb = ctx.catalogue.object(list).map_or("Records".into(), |o| o.plural.clone());
    let steps = ["Upload", "Match columns", "Check", "Import"];
    ImportHead {
        title,
        crumb: Link::new(crumb, format!("/{list}")),
        steps: steps
            .iter()
            .enumerate()
            .map(|(n, text)| ImportStep { text: (*text).into(), href: None, done: n < at, current: n == at })
            .collect(),
    }
}

/// What the actor may import, as choices.
fn objects(ctx: &Ctx, wanted: &str) -> Vec<Choice> {
    let order = ["orders", "contacts", "companies", "products"];
    let mut all: Vec<_> = ctx.catalogue.objects().filter(|o| imports::targets(ctx, &o.key).is_ok()).collect();
    all.sort_by_key(|o| order.iter().position(|k| *k == o.key).unwrap_or(order.len()));
    all.iter()
        .map(|o| {
            let label = match o.key.as_str() {
                "orders" => "Purchases: customers, products and orders in one file".to_string(),
                _ => o.plural.clone(),
            };
            Choice::new(o.key.as_str(), label, o.key == wanted)
        })
        .collect()
}

/// `GET /imports/new?object=`.
pub(crate) async fn new(Query(pairs): Query<Vec<(String, String)>>, asked: Asked) -> Response {
    let wanted = pairs.iter().find(|(k, _)| k == "object").map_or("orders".to_string(), |(_, v)| v.clone());
    asked.page(move |tx, ctx, asked| upload_page(tx, ctx, asked, &wanted, None)).await
}

fn upload_page(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    asked: &Asked,
    wanted: &str,
    error: Option<String>,
) -> Result<ImportUploadPage, Refused> {
    let choices = objects(ctx, wanted);
    if choices.is_empty() {
        return Err(Error::Forbidden("import anything".into()).into());
    }
    let past = imports::list(tx, ctx, None, 5)?;
    Ok(ImportUploadPage {
        shell: shell::shell(tx, ctx, asked, "Import")?,
        head: head(ctx, wanted, 0),
        action: "/imports".into(),
        objects: choices,
        limits: "CSV or any table as text, up to 1 GB.".into(),
        error,
        notice: None,
        past: past.iter().map(|i| past_import(tx, ctx, i)).collect::<Result<_, Refused>>()?,
    })
}

fn past_import(tx: &mut Tx<'_>, ctx: &Ctx, import: &Import) -> Result<PastImport, Refused> {
    let locale = Locale::english();
    let who = match import.created_by {
        Some(id) => tx
            .opt("SELECT name FROM users WHERE id = $1", &[id.into()])?
            .map(|r| r.text(0).map(String::from))
            .transpose()?,
        None => None,
    };
    let a = &import.account;
    let n = |n: i64| locale.integer(n);
    let summary = match import.state {
        Stand::Ready => "not started".to_string(),
        _ => format!(
            "{} added, {} changed, {} as before, {} failed",
            n(a.n_created),
            n(a.n_updated),
            n(a.n_unchanged),
            n(a.n_failed)
        ),
    };
    let (state, tone) = state_words(import.state);
    Ok(PastImport {
        href: format!("/imports/{}", import.id),
        file: import.file_name.clone(),
        object: ctx.catalogue.object(&import.object).map_or(import.object.clone(), |o| o.plural.clone()),
        who: who.unwrap_or_else(|| "Kith".into()),
        at: cells::moment(ctx, import.created_at),
        summary,
        state: state.into(),
        tone,
    })
}

fn state_words(state: Stand) -> (&'static str, Tone) {
    match state {
        Stand::Ready => ("Not started", Tone::Plain),
        Stand::Running => ("Running", Tone::Info),
        Stand::Done => ("Done", Tone::Good),
        Stand::Failed => ("Broke off", Tone::Bad),
        Stand::Stopped => ("Stopped", Tone::Warn),
        Stand::Undoing => ("Being undone", Tone::Info),
        Stand::Undone => ("Undone", Tone::Plain),
    }
}

/// `GET /imports?before=`.
pub(crate) async fn list(Query(pairs): Query<Vec<(String, String)>>, asked: Asked) -> Response {
    let before = pairs.iter().find(|(k, _)| k == "before").and_then(|(_, v)| v.parse().ok());
    asked
        .page(move |tx, ctx, asked| {
            let found = imports::list(tx, ctx, before, 50)?;
            let new = Action::new("Import a file", "/imports/new", "upload").primary();
            Ok(ImportsPage {
                shell: shell::shell(tx, ctx, asked, "Imports")?,
                next: found.last().filter(|_| found.len() == 50).map(|i| format!("/imports?before={}", i.id)),
                empty: found.is_empty().then(|| Empty {
                    icon: "upload".into(),
                    title: "Nothing was imported yet".into(),
                    text: "A file of purchases shows who your customers are and what each is worth.".into(),
                    actions: vec![new.clone()],
                }),
                imports: found.iter().map(|i| past_import(tx, ctx, i)).collect::<Result<_, Refused>>()?,
                new: (!found.is_empty()).then_some(new),
            })
        })
        .await
}

/// What came with an upload.
struct Upload {
    object: String,
    name: String,
    sha256: String,
    size_bytes: i64,
}

/// `POST /imports`, multipart with `object` and `file` or `pasted`: keeps the file, then goes on to its columns.
pub(crate) async fn upload(State(app): State<App>, asked: Asked, form: Multipart) -> Response {
    // Nobody's bytes are written before it is known who sends them.
    if let Err(refused) = app.read(&asked.who, Via::Web, |_, _| Ok(())).await {
        return asked.refuse(refused).await;
    }
    let upload = match receive(&app, form).await {
        Ok(upload) => upload,
        Err(Refused::Bad(problem)) => {
            return asked
                .act(move |tx, ctx, asked| {
                    let page = upload_page(tx, ctx, asked, "orders", Some(problem.clone()))?;
                    Ok(Outcome::Show(StatusCode::UNPROCESSABLE_ENTITY, asked.html(&page)?))
                })
                .await;
        }
        Err(refused) => return asked.refuse(refused).await,
    };
    let path = stored(&app.config().data, &upload.sha256);
    asked
        .act(move |tx, ctx, asked| {
            // The file must be a table before it is taken for one.
            let sample = sample(&path)?;
            match imports::propose(tx, ctx, &upload.object, &sample) {
                Ok(_) => {}
                Err(Error::Invalid(problems)) => {
                    let text = problems.first().map(|p| super::forms::sentence(&p.message));
                    let page = upload_page(tx, ctx, asked, &upload.object, text)?;
                    return Ok(Outcome::Show(StatusCode::UNPROCESSABLE_ENTITY, asked.html(&page)?));
                }
                Err(error) => return Err(error.into()),
            }
            let file = kernel::files::File {
                id: 0,
                name: upload.name.clone(),
                media_type: "text/csv".into(),
                size_bytes: upload.size_bytes,
                sha256: upload.sha256.clone(),
            };
            let id = kernel::files::put(tx, ctx, &file, None)?;
            Ok(Outcome::Go(format!("/imports/files/{id}?object={}", upload.object), None))
        })
        .await
}

/// The first bytes of a stored file.
pub(crate) fn sample(path: &FilePath) -> Result<Vec<u8>, Refused> {
    use std::io::Read;
    let gone = |e: std::io::Error| Refused::Broken(format!("an uploaded file cannot be read: {e}"));
    let file = std::fs::File::open(path).map_err(gone)?;
    let mut sample = Vec::new();
    file.take(sheet::SAMPLE_BYTES as u64).read_to_end(&mut sample).map_err(gone)?;
    Ok(sample)
}

/// Streams the file of a form into the data folder, under its digest.
async fn receive(app: &App, mut form: Multipart) -> Result<Upload, Refused> {
    let data = app.config().data.clone();
    let mut upload =
        Upload { object: "orders".into(), name: String::new(), sha256: String::new(), size_bytes: 0 };
    let cut = |_| Refused::Bad("The upload broke off. Nothing was kept; try again.".into());
    while let Some(mut field) = form.next_field().await.map_err(cut)? {
        let name = field.name().unwrap_or_default().to_string();
        if name == "object" {
            upload.object = field.text().await.map_err(cut)?;
            continue;
        }
        let file_name = field.file_name().unwrap_or("pasted table").to_string();
        if !["file", "pasted"].contains(&name.as_str()) || upload.size_bytes > 0 {
            continue;
        }
        let folder = data.join("files");
        let secret = crate::secret().map_err(|e| Refused::Broken(e.to_string()))?;
        let incoming = folder.join(format!("incoming-{}", secret.get(..16).unwrap_or("0")));
        let mut hash = Sha256::new();
        let mut size = 0;
        let broken = |e: std::io::Error| Refused::Broken(format!("the upload could not be kept: {e}"));
        std::fs::create_dir_all(&folder).map_err(broken)?;
        let mut file = std::fs::File::create(&incoming).map_err(broken)?;
        loop {
            let chunk = match field.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                Err(_) => {
                    let _ = std::fs::remove_file(&incoming);
                    return Err(Refused::Bad(
                        "The upload broke off, or the file is larger than 1 GB. Nothing was kept.".into(),
                    ));
                }
            };
            size += chunk.len();
            hash.update(&chunk);
            std::io::Write::write_all(&mut file, &chunk).map_err(broken)?;
        }
        drop(file);
        if size == 0 {
            let _ = std::fs::remove_file(&incoming);
            continue;
        }
        upload.sha256 = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
        upload.name = file_name.chars().filter(|c| !c.is_control()).take(200).collect();
        upload.size_bytes = size as i64;
        std::fs::rename(&incoming, stored(&data, &upload.sha256)).map_err(broken)?;
    }
    if upload.size_bytes == 0 {
        return Err(Refused::Bad("Choose a file first, or paste a table.".into()));
    }
    Ok(upload)
}

/// `GET /imports/{id}`: wherever the import stands.
pub(crate) async fn show(Path(id): Path<i64>, asked: Asked) -> Response {
    let html = asked.clone();
    let result = asked
        .app
        .read(&asked.who, Via::Web, move |tx, ctx| {
            let import = imports::get(tx, ctx, id)?;
            let check = jobs::latest_about(tx, "check_import", id)?;
            match import.state {
                Stand::Ready if waiting(tx, "import", id)? => html.html(&run_page(tx, ctx, &html, &import)?),
                Stand::Ready => match check {
                    Some(job) if job.state == "done" || job.state == "failed" => {
                        html.html(&check_page(tx, ctx, &html, &import, &job)?)
                    }
                    _ => html.html(&run_page(tx, ctx, &html, &import)?),
                },
                Stand::Running | Stand::Undoing => html.html(&run_page(tx, ctx, &html, &import)?),
                Stand::Done if waiting(tx, "undo_import", id)? => {
                    html.html(&run_page(tx, ctx, &html, &import)?)
                }
                _ => html.html(&result_page(tx, ctx, &html, &import)?),
            }
        })
        .await;
    match result {
        Ok(html) => asked.send(StatusCode::OK, html),
        Err(refused) => asked.refuse(refused).await,
    }
}

fn waiting(tx: &mut Tx<'_>, kind: &str, id: i64) -> Result<bool, Refused> {
    let job = jobs::latest_about(tx, kind, id)?;
    Ok(job.is_some_and(|j| j.state == "waiting" || j.state == "running"))
}

/// What runs for an import now: its words, how far it is, of how much.
fn progress_of(tx: &mut Tx<'_>, import: &Import) -> Result<(&'static str, i64, i64, bool), Refused> {
    for (kind, words) in [
        ("undo_import", "Undoing the import"),
        ("import", "Importing"),
        ("check_import", "Checking every row"),
    ] {
        if let Some(job) = jobs::latest_about(tx, kind, import.id)?
            && (job.state == "waiting" || job.state == "running")
        {
            return Ok((words, job.n_done, job.n_total, false));
        }
    }
    let finished = !matches!(import.state, Stand::Running | Stand::Undoing);
    Ok(("Finishing", 1, 1, finished))
}

fn percent(done: i64, total: i64) -> u8 {
    if total <= 0 { 0 } else { (done.clamp(0, total) * 100 / total) as u8 }
}

fn run_page(tx: &mut Tx<'_>, ctx: &Ctx, asked: &Asked, import: &Import) -> Result<ImportRunPage, Refused> {
    let (words, done, total, _) = progress_of(tx, import)?;
    let checking = words.starts_with("Checking");
    Ok(ImportRunPage {
        shell: shell::shell(tx, ctx, asked, words)?,
        head: head(ctx, &import.object, if checking { 2 } else { 3 }),
        title: format!("{words} of {}", import.file_name),
        percent: percent(done, total),
        text: format!("{} %", percent(done, total)),
        refresh_s: 2,
        poll: format!("/imports/{}/progress.json", import.id),
        stop: (words == "Importing").then(|| format!("/imports/{}/stop", import.id)),
    })
}

/// `GET /imports/{id}/progress.json`.
pub(crate) async fn progress(Path(id): Path<i64>, asked: Asked) -> Response {
    let found = asked
        .app
        .read(&asked.who, Via::Web, move |tx, ctx| {
            let import = imports::get(tx, ctx, id)?;
            let (_, done, total, finished) = progress_of(tx, &import)?;
            let text = format!("{} %", percent(done, total));
            Ok(json!({ "done": done, "total": total, "text": text, "finished": finished, "href": format!("/imports/{id}") }))
        })
        .await;
    match found {
        Ok(json) => Json(json).into_response(),
        Err(refused) => {
            (refused.status(), Json(json!({ "finished": true, "href": "/imports" }))).into_response()
        }
    }
}

fn counts(account: &Account) -> ImportCounts {
    let locale = Locale::english();
    ImportCounts {
        created: locale.integer(account.n_created),
        updated: locale.integer(account.n_updated),
        unchanged: locale.integer(account.n_unchanged),
        skipped: locale.integer(account.n_skipped),
        failed: locale.integer(account.n_failed),
    }
}

/// A problem of a row with the cell it is about.
fn problem(import: &Import, problem: &RowProblem) -> ImportProblem {
    let column = import.plan.columns.iter().position(|c| c.name == problem.field);
    let value = column.and_then(|n| problem.content.get(n)).cloned().unwrap_or_default();
    ImportProblem {
        row: Locale::english().integer(problem.row_number),
        column: problem.field.clone(),
        value: cells::shorten(&value, 60),
        problem: super::forms::sentence(&problem.message),
    }
}

/// What the check found, as the job left it: the account, the first problems and rows.
fn check_page(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    asked: &Asked,
    import: &Import,
    job: &jobs::Job,
) -> Result<ImportCheckPage, Refused> {
    let message = job.message.clone().unwrap_or_default();
    let found: serde_json::Value = serde_json::from_str(&message).unwrap_or_default();
    let account = Account::from_json(&found["account"]);
    let blocked = match (job.state.as_str(), account.n_created + account.n_updated) {
        ("failed", _) => Some(super::forms::sentence(&message)),
        (_, 0) if account.n_unchanged > 0 && account.n_failed == 0 => {
            Some("Everything in this file is here already. Importing it would change nothing.".into())
        }
        (_, 0) => Some("No row of this file can be imported. Go back and look at the columns.".into()),
        _ => None,
    };
    let text = |json: &serde_json::Value| json.as_str().unwrap_or_default().to_string();
    let problems = found["problems"].as_array().into_iter().flatten().map(|p| RowProblem {
        row_number: p["row"].as_i64().unwrap_or(0),
        field: text(&p["field"]),
        message: text(&p["message"]),
        severity: Severity::Warning,
        content: p["content"].as_array().into_iter().flatten().map(text).collect(),
    });
    let problems: Vec<ImportProblem> = problems.map(|p| problem(import, &p)).collect();
    let preview = found["preview"].as_array().into_iter().flatten().map(|row| {
        let outcome = text(&row["outcome"]);
        let tone = match outcome.as_str() {
            "created" => Tone::Good,
            "updated" => Tone::Info,
            "failed" => Tone::Bad,
            _ => Tone::Plain,
        };
        let word = match outcome.as_str() {
            "created" => "new",
            "updated" => "changed",
            other => other,
        };
        ImportPreviewRow {
            outcome: word.into(),
            tone,
            cells: row["cells"].as_array().into_iter().flatten().map(text).collect(),
        }
    });
    let locale = Locale::english();
    let targets = imports::targets(ctx, &import.object)?;
    let label =
        |key: &str| targets.iter().find(|t| t.key == key).map_or(key.to_string(), |t| t.label.clone());
    let rows = locale.integer(account.n_created + account.n_updated);
    Ok(ImportCheckPage {
        shell: shell::shell(tx, ctx, asked, "Check the import")?,
        head: head(ctx, &import.object, 2),
        action: format!("/imports/{}/start", import.id),
        back: import
            .file_id
            .map_or("/imports/new".into(), |id| format!("/imports/files/{id}?object={}", import.object)),
        submit: format!("Import {rows} rows"),
        blocked,
        counts: counts(&account),
        problems,
        problems_href: None,
        preview_columns: import
            .plan
            .mapped()
            .map(|(_, c)| label(c.target.as_deref().unwrap_or_default()))
            .collect(),
        preview: preview.collect(),
    })
}

fn result_page(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    asked: &Asked,
    import: &Import,
) -> Result<ImportResultPage, Refused> {
    let locale = Locale::english();
    let a = &import.account;
    let n = |n: i64| locale.integer(n);
    let (title, tone) = match import.state {
        Stand::Undone => ("The import was undone".to_string(), Tone::Plain),
        Stand::Failed => ("The import broke off; what came before it is here".to_string(), Tone::Bad),
        Stand::Stopped => ("The import was stopped; what came before it is here".to_string(), Tone::Warn),
        _ if a.nothing_new() => ("Nothing new: everything was here already".to_string(), Tone::Good),
        _ if import.object == "orders" => (
            format!("{} purchases of {} new customers are here", n(a.n_orders), n(a.n_customers)),
            Tone::Good,
        ),
        _ => (
            format!("{} rows are here", n(a.n_created + a.n_updated)),
            if a.n_failed > 0 { Tone::Warn } else { Tone::Good },
        ),
    };
    let mut facts = vec![Fact::new("File", import.file_name.clone()), Fact::new("Rows", n(a.n_rows))];
    for (label, count) in [
        ("New customers", a.n_customers),
        ("New products", a.n_products),
        ("New orders", a.n_orders),
        ("New order lines", a.n_lines),
        ("New companies", a.n_companies),
        ("Possible duplicates", a.n_duplicates),
        ("Rows put right on the way", a.n_warned),
    ] {
        if count > 0 {
            facts.push(Fact::new(label, n(count)));
        }
    }
    facts.push(Fact::new("Begun", cells::in_full(ctx, import.created_at)));
    if let Some(at) = import.finished_at {
        facts.push(Fact::new("Ended", cells::in_full(ctx, at)));
    }
    if let Some(message) = &import.message {
        facts.push(Fact::new("Remark", super::forms::sentence(message)));
    }
    let undoable = matches!(import.state, Stand::Done | Stand::Failed | Stand::Stopped) && !a.nothing_new();
    let resumable = matches!(import.state, Stand::Stopped | Stand::Failed);
    let see = if import.object == "orders" { "customers" } else { import.object.as_str() };
    let see = match resumable {
        true => None,
        false => ctx.catalogue.object(see).map(|o| {
            Action::new(format!("See the {}", o.plural.to_lowercase()), format!("/{}", o.key), "arrow-right")
                .primary()
        }),
    };
    Ok(ImportResultPage {
        shell: shell::shell(tx, ctx, asked, "Import")?,
        head: head(ctx, &import.object, 4),
        title,
        tone,
        facts,
        counts: counts(a),
        reasons: a.warnings.iter().take(12).map(|(text, rows)| Fact::new(super::forms::sentence(text), n(*rows))).collect(),
        errors_href: (a.n_failed + a.n_warned > 0).then(|| format!("/imports/{}/problems.csv", import.id)),
        see,
        undo: undoable.then(|| PostButton {
            text: "Undo the import".into(),
            action: format!("/imports/{}/undo", import.id),
            icon: Some("undo-2".into()),
            hidden: Vec::new(),
            danger: true,
        }),
        undo_note: match undoable {
            true => "Undo removes what the import made and gives changed records their values back. What someone changed since stays.".into(),
            false => String::new(),
        },
    })
}

/// `POST /imports/{id}/start`.
pub(crate) async fn start(Path(id): Path<i64>, asked: Asked) -> Response {
    enqueue(asked, id, "import").await
}

/// `POST /imports/{id}/undo`.
pub(crate) async fn undo(Path(id): Path<i64>, asked: Asked) -> Response {
    enqueue(asked, id, "undo_import").await
}

async fn enqueue(asked: Asked, id: i64, kind: &'static str) -> Response {
    asked
        .act(move |tx, ctx, _| {
            imports::get(tx, ctx, id)?;
            if !waiting(tx, kind, id)? {
                jobs::enqueue_about(tx, ctx, kind, id, &json!({ "import_id": id }))?;
            }
            Ok(Outcome::Go(format!("/imports/{id}"), None))
        })
        .await
}

/// `POST /imports/{id}/stop`.
pub(crate) async fn stop(Path(id): Path<i64>, asked: Asked) -> Response {
    asked
        .act(move |tx, ctx, _| {
            imports::stop(tx, ctx, id)?;
            Ok(Outcome::Go(format!("/imports/{id}"), Message::done("Stopping after this batch.", None)))
        })
        .await
}

/// `GET /imports/{id}/problems.csv`.
pub(crate) async fn problems(Path(id): Path<i64>, asked: Asked) -> Response {
    let found = asked
        .app
        .read(&asked.who, Via::Web, move |tx, ctx| {
            let import = imports::get(tx, ctx, id)?;
            let mut csv = Vec::new();
            imports::problems_csv(tx, id, &import.plan, &mut csv)?;
            Ok(csv)
        })
        .await;
    match found {
        Ok(csv) => {
            let file = format!("attachment; filename=\"import-{id}-problems.csv\"");
            ([(CONTENT_TYPE, "text/csv; charset=utf-8".to_string()), (CONTENT_DISPOSITION, file)], csv)
                .into_response()
        }
        Err(refused) => asked.refuse(refused).await,
    }
}
