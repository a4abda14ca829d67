//! Making and changing a record of any object through a form, and what happens when two people do so at once.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::Tx;
use kernel::filter::{Expr, Literal, Op};
use kernel::{Ctx, Error, Field, FieldRight, Kind, ListQuery, Object, Problem, Record, Value};

use super::asked::{Asked, Message, Outcome, local_path};
use super::records::At;
use super::{cells, shell};
use crate::format::Locale;
use crate::views::{
    self, ConflictField, ConflictPage, Duplicate, FormPage, FormSection, Hidden, Link, PostButton,
};
use crate::{App, Refused};

/// The largest form.
const LIMIT_BYTES: usize = 2 * 1024 * 1024;

/// What a form sent, in its order; a name may stand several times.
#[derive(Debug, Clone, Default)]
pub(crate) struct Posted(pub(crate) Vec<(String, String)>);

impl Posted {
    /// The last value of this name, which for a tick is the tick and not the empty value before it.
    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All non-empty values of this name.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.0
            .iter()
            .filter(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// The version that the form was opened with.
    pub(crate) fn version(&self) -> Option<i64> {
        self.one("version").and_then(|v| v.parse().ok())
    }
}

impl FromRequest<App> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Posted, Response> {
        let (parts, body) = request.into_parts();
        let bytes = match axum::body::to_bytes(body, LIMIT_BYTES).await {
            Ok(bytes) => bytes,
            Err(_) => {
                let (mut parts, ()) = (parts, ());
                use axum::extract::FromRequestParts;
                let Ok(asked) = Asked::from_request_parts(&mut parts, app).await;
                return Err(asked.refuse(Refused::TooLarge).await);
            }
        };
        let rebuilt = Request::from_parts(parts, axum::body::Body::from(bytes));
        match axum::Form::<Vec<(String, String)>>::from_request(rebuilt, app).await {
            Ok(axum::Form(pairs)) => Ok(Posted(pairs)),
            Err(rejection) => Err(rejection.into_response()),
        }
    }
}

/// What the fields of a form came to.
pub(crate) struct Read {
    pub(crate) values: BTreeMap<String, Value>,
    pub(crate) problems: Vec<Problem>,
}

/// May the actor write this field through a form?
fn writable(ctx: &Ctx, object: &Object, field: &Field) -> bool {
    !field.computed && ctx.field_right(object, field) == FieldRight::Write
}

/// What was typed for a field; `None` when the form did not have it.
fn typed(posted: &Posted, field: &Field) -> Option<String> {
    match field.kind {
        Kind::Choices(_) => posted.one(&field.key).map(|_| posted.all(&field.key).join(",")),
        Kind::Percent => posted.one(&field.key).map(|text| match text.trim() {
            "" => String::new(),
            text if text.ends_with('%') => text.to_string(),
            text => format!("{text}%"),
        }),
        _ => posted.one(&field.key).map(String::from),
    }
}

/// Reads the fields of `object` that the form has and the actor may write.
pub(crate) fn read(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    posted: &Posted,
    currency: &str,
) -> Result<Read, Refused> {
    let mut read = Read { values: BTreeMap::new(), problems: Vec::new() };
    for field in object.fields.iter().filter(|f| writable(ctx, object, f)) {
        let Some(text) = typed(posted, field) else { continue };
        let value = match &field.kind {
            Kind::Link(target) => resolve(tx, ctx, target, &text)?,
            Kind::Time if !text.trim().is_empty() => local_moment(ctx, &text),
            Kind::Truth if text.is_empty() => Ok(Value::Truth(false)),
            Kind::Number | Kind::Whole | Kind::Money => {
                kernel::value::parse(field, &text.replace([',', '\u{a0}', '\u{202f}'], ""), currency)
            }
            _ => kernel::value::parse(field, &text, currency),
        };
        match value {
            Ok(value) => {
                read.values.insert(field.key.clone(), value);
            }
            Err(message) => read.problems.push(Problem::new(&field.key, message)),
        }
    }
    Ok(read)
}

/// `2026-01-31T09:30` in the workspace's time zone.
fn local_moment(ctx: &Ctx, text: &str) -> Result<Value, String> {
    let civil: Result<jiff::civil::DateTime, _> = text.trim().parse();
    let zoned = civil.and_then(|c| c.to_zoned(ctx.zone.clone()));
    let zoned = zoned.map_err(|_| format!("{text} is not a time such as 2026-01-31T09:30"))?;
    Ok(Value::Time(zoned.timestamp().as_microsecond()))
}

/// A link as a person gives it: `Acme #12`, `#12`, or a name that only one record has.
pub(crate) fn resolve(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    target: &str,
    text: &str,
) -> Result<Result<Value, String>, Refused> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Ok(Value::Empty));
    }
    if let Some(id) = text.rsplit_once('#').and_then(|(_, id)| id.parse().ok()) {
        return Ok(Ok(Value::Link(id)));
    }
    let target = ctx.catalogue.need(target)?;
    let named = Expr::Compare {
        path: vec![target.title.clone()],
        op: Op::Eq,
        values: vec![Literal { text: text.to_string(), quoted: true }],
    };
    let query = ListQuery {
        filter: Some(named),
        fields: vec![target.title.clone()],
        limit: 2,
        ..ListQuery::default()
    };
    let found = kernel::list(tx, ctx, target, &query)?.records;
    Ok(match found.as_slice() {
        [one] => Ok(Value::Link(one.id)),
        [] => {
            Err(format!("there is nobody and nothing called {text} among {}", target.plural.to_lowercase()))
        }
        _ => Err(format!("several are called {text}; choose one from the list, with its number")),
    })
}

/// What a form shows: typed text and problems by field.
struct Filled<'a> {
    typed: BTreeMap<String, String>,
    was: BTreeMap<String, String>,
    problems: &'a [Problem],
    version: Option<i64>,
    id: Option<i64>,
    duplicates: Vec<Duplicate>,
}

fn form_page(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    asked: &Asked,
    object: &Object,
    name: &str,
    filled: &Filled<'_>,
) -> Result<FormPage, Refused> {
    let title = match filled.id {
        Some(_) => format!("Edit {name}"),
        None => format!("New {}", object.singular.to_lowercase()),
    };
    let currency_key = object.currency_field().map(|f| f.key.clone());
    let currency = currency_key
        .and_then(|key| filled.typed.get(&key))
        .filter(|c| !c.is_empty())
        .unwrap_or(&ctx.currency);
    let mut sections: Vec<FormSection> = Vec::new();
    for field in object.fields.iter().filter(|f| writable(ctx, object, f)) {
        let typed = filled.typed.get(&field.key).map(String::as_str).unwrap_or_default();
        let likely = match &field.kind {
            Kind::Link(target) => likely(tx, ctx, target)?,
            _ => Vec::new(),
        };
        let mut shown =
            views::Field::new(&field.key, &field.label, cells::input(field, typed, currency, likely));
        shown.required = field.required;
        shown.help = (!field.help.is_empty()).then(|| field.help.clone());
        shown.error = filled.problems.iter().find(|p| p.field == field.key).map(|p| sentence(&p.message));
        match sections.iter_mut().find(|s| s.title.as_deref() == Some(&field.group)) {
            Some(section) => section.fields.push(shown),
            None => sections.push(FormSection {
                title: Some(field.group.clone()),
                help: None,
                fields: vec![shown],
            }),
        }
    }
    let known = |p: &&Problem| !object.fields.iter().any(|f| f.key == p.field && writable(ctx, object, f));
    let list = format!("/{}", object.key);
    let (action, cancel) = match filled.id {
        Some(id) => (cells::href(&object.key, id), cells::href(&object.key, id)),
        None => (list.clone(), list.clone()),
    };
    let hidden =
        filled.was.iter().map(|(key, value)| Hidden::new(format!("was-{key}"), value.as_str())).collect();
    let archive = filled.id.map(|id| PostButton {
        text: format!("Archive this {}", object.singular.to_lowercase()),
        action: format!("{}/archive", cells::href(&object.key, id)),
        icon: Some("archive".into()),
        hidden: filled.version.iter().map(|v| Hidden::new("version", v.to_string())).collect(),
        danger: true,
    });
    Ok(FormPage {
        shell: shell::shell(tx, ctx, asked, &title)?,
        title,
        crumb: Link::new(object.plural.clone(), list),
        action,
        submit: match filled.id {
            Some(_) => "Save".into(),
            None => format!("Add {}", object.singular.to_lowercase()),
        },
        another: filled.id.is_none(),
        cancel,
        version: filled.version,
        hidden,
        sections,
        errors: filled
            .problems
            .iter()
            .filter(known)
            .map(|p| sentence(format!("{} {}", p.field, p.message).trim()))
            .collect(),
        duplicates: filled.duplicates.clone(),
        danger: archive.into_iter().collect(),
    })
}

/// A message as a sentence.
pub(crate) fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", chars.as_str().trim_end_matches('.'))
}

/// Records that are likely to be linked: all of a short list, so that it can be chosen from without a script.
fn likely(tx: &mut Tx<'_>, ctx: &Ctx, target: &str) -> Result<Vec<String>, Refused> {
    let target = ctx.catalogue.need(target)?;
    if target.table == "parties" || target.table == "orders" {
        return Ok(Vec::new());
    }
    let query = ListQuery { fields: vec![target.title.clone()], limit: 30, ..ListQuery::default() };
    let found = kernel::list(tx, ctx, target, &query)?;
    Ok(found.records.iter().map(|r| format!("{} #{}", cells::named(r.title(target), r.id), r.id)).collect())
}

fn filled_from<'a>(ctx: &Ctx, object: &Object, record: &Record) -> Filled<'a> {
    let fields = object.fields.iter().filter(|f| writable(ctx, object, f));
    let typed: BTreeMap<String, String> =
        fields.map(|f| (f.key.clone(), cells::raw(ctx, object, record, f))).collect();
    Filled {
        was: typed.clone(),
        typed,
        problems: &[],
        version: Some(record.version),
        id: Some(record.id),
        duplicates: Vec::new(),
    }
}

fn filled_again<'a>(
    object: &Object,
    posted: &Posted,
    problems: &'a [Problem],
    id: Option<i64>,
) -> Filled<'a> {
    let of = |prefix: &str| -> BTreeMap<String, String> {
        let fields = object.fields.iter();
        fields
            .filter_map(|f| match prefix {
                "" => typed(posted, f).map(|t| (f.key.clone(), t)),
                prefix => posted.one(&format!("{prefix}{}", f.key)).map(|t| (f.key.clone(), t.to_string())),
            })
            .collect()
    };
    Filled { typed: of(""), was: of("was-"), problems, version: posted.version(), id, duplicates: Vec::new() }
}

/// `GET /{object}/new`: an empty form; the query fills fields in advance.
pub(crate) async fn new(
    Path(key): Path<String>,
    Query(given): Query<Vec<(String, String)>>,
    asked: Asked,
) -> Response {
    asked
        .page(move |tx, ctx, asked| {
            let object = made_here(ctx, &key)?;
            let mut filled = filled_again(&object, &Posted(given), &[], None);
            for field in &object.fields {
                if let (Some(default), false) = (&field.default, filled.typed.contains_key(&field.key)) {
                    filled.typed.insert(field.key.clone(), default.clone());
                }
                // A link given as a bare number shows its name.
                if let (Kind::Link(target), Some(text)) = (&field.kind, filled.typed.get(&field.key))
                    && let Ok(id) = text.trim_start_matches('#').parse::<i64>()
                {
                    let target = ctx.catalogue.need(target)?;
                    let linked = kernel::find(tx, ctx, target, id)?;
                    let name = format!("{} #{id}", cells::named(linked.title(target), id));
                    filled.typed.insert(field.key.clone(), name);
                }
            }
            form_page(tx, ctx, asked, &object, "", &filled)
        })
        .await
}

fn made_here(ctx: &Ctx, key: &str) -> Result<std::sync::Arc<Object>, Refused> {
    let object = ctx.catalogue.need(key)?.clone();
    if !object.writable || !object.parts.is_empty() {
        return Err(Error::Forbidden(format!("add {} here", object.plural.to_lowercase())).into());
    }
    if ctx.rights.scope(key, kernel::Action::Create) == kernel::Scope::None {
        return Err(Error::Forbidden(format!("add {}", object.plural.to_lowercase())).into());
    }
    Ok(object)
}

/// `POST /{object}`: makes a record.
pub(crate) async fn create(Path(key): Path<String>, asked: Asked, posted: Posted) -> Response {
    asked
        .act(move |tx, ctx, asked| {
            let object = made_here(ctx, &key)?;
            let currency = currency_of(&object, &posted, ctx);
            let read = read(tx, ctx, &object, &posted, &currency)?;
            let refused = |tx: &mut Tx<'_>, problems: &[Problem], duplicates: Vec<Duplicate>| {
                let filled = Filled { duplicates, ..filled_again(&object, &posted, problems, None) };
                let page = form_page(tx, ctx, asked, &object, "", &filled)?;
                Ok(Outcome::Show(StatusCode::UNPROCESSABLE_ENTITY, asked.html(&page)?))
            };
            if !read.problems.is_empty() {
                return refused(tx, &read.problems, Vec::new());
            }
            if posted.one("duplicates") != Some("allow") {
                let same = duplicates(tx, ctx, &object, &read.values)?;
                if !same.is_empty() {
                    return refused(tx, &[], same);
                }
            }
            match kernel::create(tx, ctx, &object, read.values) {
                Ok(saved) => {
                    let to = match posted.one("another") {
                        Some(_) => format!("/{key}/new"),
                        None => cells::href(&key, saved.id),
                    };
                    Ok(Outcome::Go(to, Message::done(format!("{} added.", object.singular), saved.event_id)))
                }
                Err(Error::Invalid(problems)) => refused(tx, &problems, Vec::new()),
                Err(error) => Err(error.into()),
            }
        })
        .await
}

fn currency_of(object: &Object, posted: &Posted, ctx: &Ctx) -> String {
    let typed =
        object.currency_field().and_then(|f| posted.one(&f.key)).map(|c| c.trim().to_ascii_uppercase());
    typed.filter(|c| kernel::money::known(c)).unwrap_or_else(|| ctx.currency.clone())
}

/// Contacts and companies that may be the same as the one being made.
fn duplicates(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    values: &BTreeMap<String, Value>,
) -> Result<Vec<Duplicate>, Refused> {
    if object.table != "parties" {
        return Ok(Vec::new());
    }
    let mut found: Vec<(i64, &str)> = Vec::new();
    for (kind, reason) in [("email", "Same e-mail address"), ("phone", "Same phone number")] {
        let Some(text) = values.get(kind).and_then(Value::text) else { continue };
        let sql = "SELECT party_id FROM contact_points WHERE value_key = $1 AND kind = $2 AND archived_at IS NULL LIMIT 5";
        let key = crm::contact_points::value_key(kind, text);
        for row in tx.query(sql, &[key.into(), kind.into()])? {
            let id = row.int(0)?;
            if !found.iter().any(|(known, _)| *known == id) {
                found.push((id, reason));
            }
        }
    }
    let parties = ctx.catalogue.need("parties")?;
    let mut same = Vec::new();
    for (id, reason) in found {
        match kernel::find(tx, ctx, parties, id) {
            Ok(party) => same.push(Duplicate {
                name: cells::named(party.text("name"), id),
                href: cells::href(&party.object, id),
                reason: reason.into(),
            }),
            // Someone whose records the actor does not see is not given away.
            Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(same)
}

/// `GET /{object}/{id}/edit`.
pub(crate) async fn edit(At(key, id): At, asked: Asked) -> Response {
    asked
        .page(move |tx, ctx, asked| {
            let (object, record) = super::records::own_object(tx, ctx, &key, id)?;
            if !kernel::may(tx, ctx, &object, id, kernel::Action::Change)? {
                return Err(
                    Error::Forbidden(format!("change this {}", object.singular.to_lowercase())).into()
                );
            }
            let filled = filled_from(ctx, &object, &record);
            form_page(tx, ctx, asked, &object, &cells::named(record.title(&object), id), &filled)
        })
        .await
}

/// `POST /{object}/{id}`: saves the form; when someone saved in between, shows both and asks.
pub(crate) async fn change(At(key, id): At, asked: Asked, posted: Posted) -> Response {
    asked
        .act(move |tx, ctx, asked| {
            let (object, record) = super::records::own_object(tx, ctx, &key, id)?;
            let posted = settled(&posted);
            let currency = match currency_of(&object, &posted, ctx) {
                code if posted.one("currency").is_some() => code,
                _ => record.currency(&object, &ctx.currency).to_string(),
            };
            let name = cells::named(record.title(&object), id);
            let read = read(tx, ctx, &object, &posted, &currency)?;
            let refused = |tx: &mut Tx<'_>, problems: &[Problem]| {
                let filled = filled_again(&object, &posted, problems, Some(id));
                let page = form_page(tx, ctx, asked, &object, &name, &filled)?;
                Ok(Outcome::Show(StatusCode::UNPROCESSABLE_ENTITY, asked.html(&page)?))
            };
            if !read.problems.is_empty() {
                return refused(tx, &read.problems);
            }
            match kernel::change(tx, ctx, &object, id, posted.version(), read.values) {
                Ok(saved) => {
                    let text = if saved.event_id.is_some() { "Saved." } else { "Nothing had changed." };
                    let to = posted.one("return_to").map_or_else(|| cells::href(&key, id), local_path);
                    Ok(Outcome::Go(to, Message::done(text, saved.event_id)))
                }
                Err(Error::Stale { .. }) => {
                    let page = conflict(tx, ctx, asked, &object, &record, &posted)?;
                    Ok(Outcome::Show(StatusCode::CONFLICT, asked.html(&page)?))
                }
                Err(Error::Invalid(problems)) => refused(tx, &problems),
                Err(error) => Err(error.into()),
            }
        })
        .await
}

/// What a decided conflict comes to: for each field the value that was chosen.
fn settled(posted: &Posted) -> Posted {
    let mut pairs = posted.0.clone();
    for (name, choice) in &posted.0 {
        let Some(field) = name.strip_prefix("choose-") else { continue };
        let chosen = posted.one(&format!("{}-{field}", if choice == "theirs" { "theirs" } else { "mine" }));
        pairs.push((field.to_string(), chosen.unwrap_or_default().to_string()));
    }
    Posted(pairs)
}

/// The three-way difference: what it was, what this user typed, what the other saved.
fn conflict(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    asked: &Asked,
    object: &Object,
    theirs: &Record,
    posted: &Posted,
) -> Result<ConflictPage, Refused> {
    let (mut fields, mut hidden, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    for field in object.fields.iter().filter(|f| writable(ctx, object, f)) {
        let Some(mine) = typed(posted, field) else { continue };
        let was = posted.one(&format!("was-{}", field.key)).unwrap_or_default().to_string();
        let now = cells::raw(ctx, object, theirs, field);
        let same = |a: &str, b: &str| {
            a.trim() == b.trim()
                || (field.kind == Kind::Truth && matches!((a, b), ("", "false") | ("false", "")))
        };
        if same(&mine, &was) {
            if !same(&now, &was) {
                kept.push(field.label.clone());
            }
            continue;
        }
        if same(&now, &was) || same(&now, &mine) {
            hidden.push(Hidden::new(field.key.as_str(), mine.as_str()));
            kept.push(field.label.clone());
            continue;
        }
        let shown = |raw: &str| match kernel::value::parse(field, raw, theirs.currency(object, &ctx.currency))
        {
            Ok(value) if !matches!(field.kind, Kind::Link(_)) => cells::value_text(
                ctx,
                field,
                &value,
                theirs.currency(object, &ctx.currency),
                &Locale::english(),
            ),
            _ => raw.to_string(),
        };
        fields.push(ConflictField {
            name: field.key.clone(),
            label: field.label.clone(),
            original: shown(&was),
            mine: shown(&mine),
            theirs: shown(&now),
            mine_raw: mine,
            theirs_raw: now,
        });
    }
    let last = kernel::events::of_record(tx, ctx, object, theirs.id, None, 1)?;
    let who = match last.first().and_then(|e| e.actor_id) {
        Some(user) => tx
            .opt("SELECT name FROM users WHERE id = $1", &[user.into()])?
            .map(|r| r.text(0).map(String::from))
            .transpose()?,
        None => None,
    };
    let name = cells::named(theirs.title(object), theirs.id);
    Ok(ConflictPage {
        shell: shell::shell(tx, ctx, asked, &format!("{name}: saved by someone else"))?,
        record: Link::new(name, cells::href(&object.key, theirs.id)),
        who: who.unwrap_or_else(|| "Kith".into()),
        when: last.first().map(|e| cells::moment(ctx, e.at).text).unwrap_or_default(),
        action: cells::href(&object.key, theirs.id),
        version: theirs.version,
        hidden,
        fields,
        settled: kept,
    })
}

/// `POST /{object}/{id}/archive` and `…/restoration`.
pub(crate) async fn archive(At(key, id): At, asked: Asked, posted: Posted) -> Response {
    put_away(key, id, asked, posted, true).await
}

/// `POST /{object}/{id}/restoration`.
pub(crate) async fn restore(At(key, id): At, asked: Asked, posted: Posted) -> Response {
    put_away(key, id, asked, posted, false).await
}

async fn put_away(key: String, id: i64, asked: Asked, posted: Posted, away: bool) -> Response {
    asked
        .act(move |tx, ctx, _| {
            let (object, _) = super::records::own_object(tx, ctx, &key, id)?;
            let version = posted.version();
            let (saved, to, word) = match away {
                true => (kernel::archive(tx, ctx, &object, id, version)?, format!("/{key}"), "archived"),
                false => (kernel::restore(tx, ctx, &object, id, version)?, cells::href(&key, id), "restored"),
            };
            Ok(Outcome::Go(to, Message::done(format!("{} {word}.", object.singular), saved.event_id)))
        })
        .await
}

/// `POST /events/{id}/undo`: takes back what the event did, and goes back to the page that offered it.
pub(crate) async fn undo(
    State(_): State<App>,
    Path(event_id): Path<i64>,
    asked: Asked,
    posted: Posted,
) -> Response {
    asked
        .act(move |tx, ctx, _| {
            let event = kernel::events::get(tx, event_id)?;
            let saved = kernel::undo::undo(tx, ctx, event_id)?;
            let gone = event.kind.ends_with(".created");
            let own = cells::href(&event.object, saved.id);
            // The page of a record that is taken back is no place to return to.
            let back = posted
                .one("return_to")
                .map(local_path)
                .filter(|to| !gone || to.split('?').next() != Some(own.as_str()));
            let to = back.unwrap_or(if gone { format!("/{}", event.object) } else { own });
            Ok(Outcome::Go(to, Message::done("Undone.", None)))
        })
        .await
}
