//! The second step of an import: which column fills what, and how the file is read.

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use crm::imports::{self, NewImport, Plan};
use db::Tx;
use kernel::{Ctx, Error, Problem, files, jobs};
use serde_json::json;

use super::asked::{Asked, Outcome, query};
use super::forms::{Posted, sentence};
use super::imports::{head, sample, stored};
use super::shell;
use crate::Refused;
use crate::format::Locale;
use crate::views::{Choice, ImportColumn, ImportFormat, ImportMatchPage, Tone};

const DELIMITERS: [(&str, &str); 6] = [
    (",", "Commas"),
    (";", "Semicolons"),
    ("tab", "Tabs"),
    ("|", "Vertical bars"),
    (":", "Colons"),
    ("blanks", "Blanks"),
];
const ENCODINGS: [(&str, &str); 8] = [
    ("UTF-8", "UTF-8"),
    ("windows-1252", "Western European (Windows)"),
    ("windows-1250", "Central European (Windows)"),
    ("windows-1251", "Cyrillic (Windows)"),
    ("windows-1256", "Arabic (Windows)"),
    ("UTF-16LE", "UTF-16"),
    ("Shift_JIS", "Japanese (Shift JIS)"),
    ("GBK", "Chinese (GBK)"),
];
const DATES: [(&str, &str); 7] = [
    ("year_first", "Year first"),
    ("day_first", "Day first"),
    ("month_first", "Month first"),
    ("compact", "20260131"),
    ("unix_seconds", "Unix seconds"),
    ("unix_millis", "Unix milliseconds"),
    ("serial", "Spreadsheet number"),
];
const NUMBERS: [(&str, &str); 2] = [("decimal_point", "1,234.56"), ("decimal_comma", "1.234,56")];

/// The plan for a stored file, with what the reader set in place of guesses.
fn plan(tx: &mut Tx<'_>, ctx: &Ctx, object: &str, sample: &[u8], set: &Posted) -> kernel::Result<Plan> {
    let Some(delimiter) = set.one("delimiter").filter(|d| !d.is_empty()) else {
        return imports::propose(tx, ctx, object, sample);
    };
    let sniffed = sheet::sniff(sample).map_err(|r| Error::invalid("file", r.to_string()))?;
    let mut dialect = sniffed.dialect;
    dialect.delimiter = match delimiter {
        "tab" => sheet::Delimiter::Byte(b'\t'),
        "blanks" => sheet::Delimiter::Blanks,
        other => sheet::Delimiter::Byte(other.bytes().next().unwrap_or(b',')),
    };
    if let Some(encoding) =
        set.one("encoding").and_then(|name| encoding_rs::Encoding::for_label(name.as_bytes()))
    {
        dialect.encoding = encoding;
    }
    dialect.header = set.one("header") != Some("no");
    dialect.n_columns = 0;
    imports::propose_as(tx, ctx, object, sample, &dialect)
}

/// `GET /imports/files/{id}?object=`.
pub(crate) async fn show(
    Path(file_id): Path<i64>,
    Query(pairs): Query<Vec<(String, String)>>,
    asked: Asked,
) -> Response {
    asked
        .page(move |tx, ctx, asked| {
            let set = Posted(pairs);
            let (file, sample) = stored_sample(tx, asked, file_id)?;
            let plan = plan(tx, ctx, set.one("object").unwrap_or("orders"), &sample, &set)?;
            page(tx, ctx, asked, &file, &plan, &[])
        })
        .await
}

fn stored_sample(tx: &mut Tx<'_>, asked: &Asked, file_id: i64) -> Result<(files::File, Vec<u8>), Refused> {
    let file = files::get(tx, file_id)?;
    let sample = sample(&stored(&asked.app.config().data, &file.sha256))?;
    Ok((file, sample))
}

fn page(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    asked: &Asked,
    file: &files::File,
    plan: &Plan,
    problems: &[Problem],
) -> Result<ImportMatchPage, Refused> {
    let targets = imports::targets(ctx, &plan.object)?;
    let n_matched = plan.mapped().count();
    let n_doubtful = plan
        .columns
        .iter()
        .filter(|c| c.target.is_some() && (c.confidence < 0.5 || c.ambiguous.is_some()))
        .count();
    let look = match n_doubtful {
        0 => String::new(),
        1 => " One needs a look.".into(),
        n => format!(" {n} need a look."),
    };
    let columns = plan.columns.iter().enumerate().map(|(n, column)| {
        let mut fields = vec![Choice::new("", "Leave out", column.target.is_none())];
        fields.extend(targets.iter().map(|t| {
            Choice::new(t.key.as_str(), t.label.as_str(), column.target.as_deref() == Some(t.key.as_str()))
        }));
        let word = column.format_word();
        let formats = [&DATES[..], &NUMBERS[..]]
            .into_iter()
            .find(|set| set.iter().any(|(w, _)| *w == word))
            .unwrap_or_default();
        let sure = (column.confidence * 100.0).round();
        ImportColumn {
            n,
            header: column.name.clone(),
            samples: column.samples.clone(),
            fields,
            sure: column.target.is_some().then(|| format!("{sure} %")),
            sure_tone: if column.confidence >= 0.5 && column.ambiguous.is_none() {
                Tone::Good
            } else {
                Tone::Warn
            },
            why: sentence_or_nothing(column.ambiguous.as_ref().unwrap_or(&column.why)),
            formats: formats.iter().map(|(w, label)| Choice::new(*w, *label, *w == word)).collect(),
        }
    });
    let delimiter = match plan.dialect.delimiter {
        sheet::Delimiter::Byte(b'\t') => "tab".to_string(),
        sheet::Delimiter::Blanks => "blanks".to_string(),
        sheet::Delimiter::Byte(other) => char::from(other).to_string(),
    };
    let encoding = plan.dialect.encoding.name();
    let choices = |all: &[(&str, &str)], present: &str| -> Vec<Choice> {
        let mut choices: Vec<Choice> =
            all.iter().map(|(w, label)| Choice::new(*w, *label, *w == present)).collect();
        if !all.iter().any(|(w, _)| *w == present) {
            choices.push(Choice::new(present, present, true));
        }
        choices
    };
    let format = |name: &str, label: &str, choices: Vec<Choice>| ImportFormat {
        name: name.into(),
        label: label.into(),
        choices,
    };
    let header = if plan.dialect.header { "yes" } else { "no" };
    let mut keys: Vec<Choice> = targets
        .iter()
        .filter(|t| t.key_field)
        .map(|t| Choice::new(t.key.as_str(), t.label.as_str(), plan.key.as_deref() == Some(t.key.as_str())))
        .collect();
    let nothing = if plan.object == "orders" {
        "Their contents: the same row is taken once"
    } else {
        "Nothing: always add"
    };
    keys.insert(0, Choice::new("", nothing, plan.key.is_none()));
    let kilobytes = (file.size_bytes + 1023) / 1024;
    Ok(ImportMatchPage {
        shell: shell::shell(tx, ctx, asked, "Match columns")?,
        head: head(ctx, &plan.object, 1),
        action: format!("/imports/files/{}?object={}", file.id, plan.object),
        back: format!("/imports/new?object={}", plan.object),
        finding: format!("{n_matched} of {} columns are matched.{look}", plan.columns.len()),
        file: format!(
            "{} · {} kB · {}",
            file.name,
            Locale::english().integer(kilobytes),
            plan.why.iter().map(|why| sentence(why)).collect::<Vec<_>>().join(" ")
        ),
        columns: columns.collect(),
        formats: vec![
            format("delimiter", "Fields are separated by", choices(&DELIMITERS, &delimiter)),
            format("encoding", "Characters", choices(&ENCODINGS, encoding)),
            format(
                "header",
                "First row",
                choices(&[("yes", "Names of the columns"), ("no", "A row like the others")], header),
            ),
        ],
        keys,
        errors: problems
            .iter()
            .map(|p| sentence(format!("{} {}", p.field.replace('_', " "), p.message).trim()))
            .collect(),
        submit: "Check every row".into(),
    })
}

fn sentence_or_nothing(text: &str) -> String {
    if text.is_empty() { String::new() } else { sentence(text) }
}

/// `POST /imports/files/{id}?object=`: reads the file anew, or notes the import and has every row checked.
pub(crate) async fn decide(
    Path(file_id): Path<i64>,
    Query(pairs): Query<Vec<(String, String)>>,
    asked: Asked,
    posted: Posted,
) -> Response {
    let object = pairs.iter().find(|(k, _)| k == "object").map_or("orders".to_string(), |(_, v)| v.clone());
    asked
        .act(move |tx, ctx, asked| {
            if posted.one("again").is_some() {
                let kept = ["delimiter", "encoding", "header"]
                    .map(|name| (name, posted.one(name).unwrap_or_default()));
                let pairs: Vec<(&str, &str)> =
                    [("object", object.as_str())].into_iter().chain(kept).collect();
                return Ok(Outcome::Go(format!("/imports/files/{file_id}?{}", query(&pairs)), None));
            }
            let (file, sample) = stored_sample(tx, asked, file_id)?;
            let mut plan = plan(tx, ctx, &object, &sample, &posted)?;
            let mut problems = Vec::new();
            for n in 0..plan.columns.len() {
                if let Some(target) = posted.one(&format!("field-{n}")) {
                    let column = &mut plan.columns[n];
                    if column.target.as_deref().unwrap_or_default() != target {
                        column.target = Some(target.to_string()).filter(|t| !t.is_empty());
                        column.confidence = 1.0;
                    }
                }
                if let Some(word) = posted.one(&format!("format-{n}"))
                    && plan.columns[n].format_word() != word
                    && let Err(Error::Invalid(more)) = plan.columns[n].set_format(word)
                {
                    problems.extend(more);
                }
            }
            plan.key = posted.one("key").filter(|k| !k.is_empty()).map(String::from);
            if let Err(Error::Invalid(more)) = plan.check(ctx) {
                problems.extend(more);
            }
            if !problems.is_empty() {
                let page = page(tx, ctx, asked, &file, &plan, &problems)?;
                return Ok(Outcome::Show(StatusCode::UNPROCESSABLE_ENTITY, asked.html(&page)?));
            }
            let new = NewImport {
                plan: &plan,
                file_name: &file.name,
                sha256: &file.sha256,
                size_bytes: file.size_bytes,
                file_id: Some(file.id),
            };
            let id = imports::begin(tx, ctx, &new)?;
            jobs::enqueue_about(tx, ctx, "check_import", id, &json!({ "import_id": id }))?;
            Ok(Outcome::Go(format!("/imports/{id}"), None))
        })
        .await
}
