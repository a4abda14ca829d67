//! The page of one record of any object, and what is added to it: notes, tasks, calls.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::response::Response;
use db::Tx;
use kernel::filter::{Expr, Literal, Op};
use kernel::{Ctx, Error, Kind, ListQuery, Object, Record, Scope, Value};
use std::sync::Arc;

use super::asked::{Asked, Message, Outcome};
use super::forms::Posted;
use super::{cells, lists, shell, timelines};
use crate::format::Locale;
use crate::views::{
    Action, Avatar, Badge, Cell, Choice, Composer, FactGroup, FactRow, Item, LineColumn, Lines, Link, Notice,
    Owner, PostButton, RecordPage, Related, StagePath, Stat, Subtitle, Tier, Tone,
};
use crate::{App, Refused};

/// The object and id of a record in a URL; anything that is no number is a page that is not here.
pub(crate) struct At(pub(crate) String, pub(crate) i64);

impl FromRequestParts<App> for At {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<At, Response> {
        let read = Path::<std::collections::HashMap<String, String>>::from_request_parts(parts, app).await;
        let read = read.map(|Path(all)| all).unwrap_or_default();
        let key = read.get("object").cloned();
        let key = key.or_else(|| parts.uri.path().split('/').nth(1).map(String::from));
        match (key, read.get("id").and_then(|id| id.parse().ok())) {
            (Some(key), Some(id)) => Ok(At(key, id)),
            _ => {
                let Ok(asked) = Asked::from_request_parts(parts, app).await;
                Err(asked.refuse(Error::NotFound("page".into()).into()).await)
            }
        }
    }
}

/// Reads a record through the object of its URL; one read as a customer is saved as a contact or company.
pub(crate) fn own_object(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    key: &str,
    id: i64,
) -> Result<(Arc<Object>, Record), Refused> {
    let object = ctx.catalogue.need(key)?.clone();
    let record = kernel::find(tx, ctx, &object, id)?;
    if record.object == object.key {
        return Ok((object, record));
    }
    let own = ctx.catalogue.need(&record.object)?.clone();
    let record = kernel::find(tx, ctx, &own, id)?;
    Ok((own, record))
}

/// `GET /{object}/{id}`.
pub(crate) async fn record(
    At(key, id): At,
    Query(pairs): Query<Vec<(String, String)>>,
    asked: Asked,
) -> Response {
    asked
        .page(move |tx, ctx, asked| {
            let (object, record) = own_object(tx, ctx, &key, id)?;
            let of = |name: &str| pairs.iter().find(|(k, _)| k == name).map(|(_, v)| v.clone());
            page(tx, ctx, asked, &object, &record, &of("show").unwrap_or_default(), of("before"))
        })
        .await
}

fn page(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    asked: &Asked,
    object: &Object,
    record: &Record,
    show: &str,
    before: Option<String>,
) -> Result<RecordPage, Refused> {
    let locale = Locale::english();
    let party = object.table == "parties";
    let name = cells::named(record.title(object), record.id);
    let may_change = kernel::may(tx, ctx, object, record.id, kernel::Action::Change)? && object.writable;
    let may_archive = kernel::may(tx, ctx, object, record.id, kernel::Action::Archive)? && object.writable;
    let here = cells::href(&object.key, record.id);
    let insight = if party { super::insights::of_party(tx, ctx, record)? } else { None };
    let (stats, insight) = insight.map_or((Vec::new(), None), |(stats, insight)| (stats, Some(insight)));
    let stats = if object.key == "deals" { deal_stats(ctx, object, record, &locale) } else { stats };
    let timeline = timelines::of(tx, ctx, object, record, show, before.as_deref())?;
    let mut menu = Vec::new();
    if may_archive {
        let (text, path, icon) = match record.archived_at {
            Some(_) => ("Restore", "restoration", "archive-restore"),
            None => ("Archive", "archive", "archive"),
        };
        menu.push(PostButton {
            text: text.into(),
            action: format!("{here}/{path}"),
            icon: Some(icon.into()),
            hidden: Vec::new(),
            danger: record.archived_at.is_none(),
        });
    }
    let archived = record.archived_at.map(|at| Notice {
        tone: Tone::Warn,
        text: format!(
            "Archived {}. It is in no list and no search until it is restored.",
            cells::moment(ctx, at).text
        ),
        link: None,
    });
    let owner =
        record.names.get("owner").map(|name| Owner { avatar: Avatar::of(name, false), name: name.clone() });
    Ok(RecordPage {
        shell: shell::shell(tx, ctx, asked, &name)?,
        object: lists::object_ref(object),
        id: record.id.to_string(),
        avatar: party.then(|| Avatar::of(&name, object.key == "companies")),
        subtitle: subtitle(object, record),
        tier: record.value("tier").text().map(Tier::new),
        badges: badges(object, record),
        owner,
        stats,
        notices: archived.into_iter().collect(),
        actions: Vec::new(),
        menu,
        stages: stages(tx, ctx, object, record, may_change)?,
        facts: facts(ctx, object, record, &locale),
        edit: may_change.then(|| format!("{here}/edit")),
        composer: composer(tx, ctx, object, record)?,
        timeline_tabs: timeline.tabs,
        days: timeline.days,
        older: timeline.older,
        insight,
        related: related(tx, ctx, object, record, &locale)?,
        lines: lines(tx, ctx, object, record, &locale)?,
        name,
    })
}

/// What a deal is worth, how likely, and how long it has stood.
fn deal_stats(ctx: &Ctx, object: &Object, deal: &Record, locale: &Locale) -> Vec<Stat> {
    let currency = deal.currency(object, &ctx.currency);
    let amount = deal.value("amount").int();
    let chance = deal.value("probability").number();
    let mut stats = Vec::new();
    if let Some(amount) = amount {
        let weighted = chance
            .map(|c| format!("{} weighted", locale.money_rounded((amount as f64 * c) as i64, currency)));
        stats.push(Stat { note: weighted, ..Stat::new("Amount", locale.money_rounded(amount, currency)) });
    }
    if let Some(chance) = chance {
        stats.push(Stat {
            meter: Some((chance * 100.0).round()),
            ..Stat::new("Probability", locale.percent(chance, 0))
        });
    }
    if let Value::Date(date) = deal.value("expected_close_on") {
        let open = deal.text("status") == "open";
        let late = open && *date < ctx.today;
        stats.push(Stat {
            tone: if late { Tone::Bad } else { Tone::Plain },
            note: open.then(|| cells::day(*date).relative(cells::day(ctx.today))),
            ..Stat::new("Expected close", cells::day(*date).short())
        });
    }
    if let Some(since) = deal.value("stage_since").int() {
        let days = ((ctx.now - since) / 86_400_000_000).max(0);
        let stale = deal.text("status") == "open" && days > crm::deals::STALE_DAYS;
        let unit = if days == 1 { "day" } else { "days" };
        stats.push(Stat {
            tone: if stale { Tone::Warn } else { Tone::Plain },
            note: stale.then(|| "gone quiet".into()),
            ..Stat::new("In this stage", format!("{days} {unit}"))
        });
    }
    stats
}

fn subtitle(object: &Object, record: &Record) -> Vec<Subtitle> {
    let mut words = Vec::new();
    let word = |before: Option<&str>, text: &str, href: Option<String>| Subtitle {
        before: before.map(String::from),
        text: text.into(),
        href,
    };
    for key in ["job_title", "industry", "sku", "category"] {
        if let Some(text) = record.value(key).text() {
            words.push(word(None, text, None));
        }
    }
    for key in ["company", "party", "pipeline", "order"] {
        let (Some(name), Some(id), Some(field)) =
            (record.names.get(key), record.value(key).link(), object.field(key))
        else {
            continue;
        };
        let Kind::Link(target) = &field.kind else { continue };
        let before = if key == "company" { Some("at") } else { None };
        let href = (target != "pipelines").then(|| cells::href(target, id));
        words.push(word(before, &cells::named(name, id), href));
    }
    if let Some(city) = record.value("city").text() {
        words.push(word(None, city, None));
    }
    words
}

fn badges(object: &Object, record: &Record) -> Vec<Badge> {
    let shown = ["status", "priority", "kind", "relationship_stage"];
    let fields = object.fields.iter().filter(|f| shown.contains(&f.key.as_str()));
    fields
        .filter_map(|field| {
            let key = record.value(&field.key).text()?;
            let label = field.kind.choices().iter().find(|c| c.key == key)?.label.clone();
            Some(Badge::new(label, cells::tone(key)))
        })
        .collect()
}

/// The stages that a deal, or the states that a case, moves through.
fn stages(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    record: &Record,
    may_change: bool,
) -> Result<Option<StagePath>, Refused> {
    if object.key != "deals" {
        return Ok(None);
    }
    let pipeline = Literal { text: record.value("pipeline").link().unwrap_or(0).to_string(), quoted: false };
    let query = ListQuery {
        filter: Some(Expr::Compare { path: vec!["pipeline".into()], op: Op::Eq, values: vec![pipeline] }),
        sort: kernel::SortKey::parse_all("position"),
        limit: 20,
        ..ListQuery::default()
    };
    let present = record.value("stage").link();
    let found = kernel::list(tx, ctx, ctx.catalogue.need("stages")?, &query)?.records;
    let stages =
        found.iter().map(|s| Choice::new(s.id.to_string(), s.text("name"), Some(s.id) == present)).collect();
    let action = may_change.then(|| format!("/deals/{}/stage", record.id));
    Ok(Some(StagePath { action, version: record.version, stages }))
}

/// The fields with a value, by group; empty ones are left out, and so is what the insight panel shows.
fn facts(ctx: &Ctx, object: &Object, record: &Record, locale: &Locale) -> Vec<FactGroup> {
    let mut groups: Vec<FactGroup> = Vec::new();
    for field in ctx.visible_fields(object) {
        let hidden =
            ["Insight"].contains(&field.group.as_str()) || field.key == object.title || field.key == "id";
        if hidden {
            continue;
        }
        let value = cells::cell(ctx, object, record, field, locale);
        if matches!(value, Cell::Nothing) {
            continue;
        }
        let row = FactRow { label: field.label.clone(), value };
        match groups.iter_mut().find(|g| g.title == field.group) {
            Some(group) => group.facts.push(row),
            None => groups.push(FactGroup { title: field.group.clone(), facts: vec![row] }),
        }
    }
    groups
}

/// The field by which notes and tasks are tied to a record of this object.
fn tie(object: &Object) -> Option<&'static str> {
    match object.key.as_str() {
        "contacts" | "companies" => Some("party"),
        "deals" => Some("deal"),
        "cases" => Some("case"),
        _ => None,
    }
}

fn composer(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    record: &Record,
) -> Result<Option<Composer>, Refused> {
    if tie(object).is_none() {
        return Ok(None);
    }
    let may = |key: &str| ctx.rights.scope(key, kernel::Action::Create) > Scope::None;
    let here = cells::href(&object.key, record.id);
    let query = ListQuery { fields: vec!["name".into()], limit: 100, ..ListQuery::default() };
    let users = kernel::list(tx, ctx, ctx.catalogue.need("users")?, &query)?.records;
    let assignees = users
        .iter()
        .map(|u| Choice::new(u.id.to_string(), u.text("name"), Some(u.id) == ctx.user_id))
        .collect();
    Ok(Some(Composer {
        note: may("notes").then(|| format!("{here}/notes")),
        task: may("tasks").then(|| format!("{here}/tasks")),
        call: (may("touchpoints") && object.table == "parties").then(|| format!("{here}/touchpoints")),
        assignees,
        draft: String::new(),
        error: None,
        audience: format!("Seen by everyone who may see this {}", object.singular.to_lowercase()),
    }))
}

/// Records that link here: the first few of each kind.
fn related(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    record: &Record,
    locale: &Locale,
) -> Result<Vec<Related>, Refused> {
    const ON_TIMELINE: [&str; 4] = ["touchpoints", "notes", "order_lines", "users"];
    let mut all = Vec::new();
    for relation in ctx.catalogue.relations(&object.key) {
        if ON_TIMELINE.contains(&relation.object.as_str()) {
            continue;
        }
        let many = ctx.catalogue.need(&relation.object)?.clone();
        if ctx.scope(&many, kernel::Action::See) == Scope::None {
            continue;
        }
        let Some(link) = many.field(&relation.field) else { continue };
        let id = Literal { text: record.id.to_string(), quoted: false };
        let query = ListQuery {
            filter: Some(Expr::Compare { path: vec![relation.field.clone()], op: Op::Eq, values: vec![id] }),
            sort: newest_first(&many),
            limit: 6,
            ..ListQuery::default()
        };
        let found = kernel::list(tx, ctx, &many, &query)?.records;
        let may_add = many.writable && ctx.rights.scope(&many.key, kernel::Action::Create) > Scope::None;
        let worth_showing = !found.is_empty()
            || (may_add && ["deals", "cases", "orders", "contacts"].contains(&many.key.as_str()));
        if !worth_showing || (relation.key != many.key && found.is_empty()) {
            continue;
        }
        let more = found.len() > 5;
        let href = format!(
            "/{}?{}",
            many.key,
            super::asked::query(&[("filter", &format!("{} = {}", relation.field, record.id))])
        );
        let title = if relation.key == many.key {
            many.plural.clone()
        } else {
            format!("{} ({})", many.plural, link.label.to_lowercase())
        };
        all.push(Related {
            title,
            count: if more { "5+".into() } else { found.len().to_string() },
            items: found
                .iter()
                .take(5)
                .map(|r| related_item(ctx, &many, r, &relation.field, locale))
                .collect(),
            add: may_add.then(|| {
                Action::new(
                    format!("Add {}", many.singular.to_lowercase()),
                    format!("/{}/new?{}={}", many.key, relation.field, record.id),
                    "plus",
                )
            }),
            more: more.then(|| Link::new("All of them", href)),
        });
    }
    Ok(all)
}

/// Newest first by an index where the object has one.
fn newest_first(many: &Object) -> Vec<kernel::SortKey> {
    let key = match many.key.as_str() {
        "orders" => "-placed_on",
        "contacts" | "companies" => "name",
        "tasks" => "due_on",
        _ => "-id",
    };
    kernel::SortKey::parse_all(key)
}

fn related_item(ctx: &Ctx, many: &Object, record: &Record, link: &str, locale: &Locale) -> Item {
    let mut name = cells::named(&cells::shorten(record.title(many), 80), record.id);
    if many.key == "relationships" {
        let kind = many.field("kind").map(|f| cells::text(ctx, many, record, f, locale)).unwrap_or_default();
        let of = |key: &str| record.names.get(key).cloned().unwrap_or_default();
        name = if link == "from" {
            format!("{kind} {}", of("to"))
        } else {
            format!("{} {}", of("from"), kind.to_lowercase())
        };
    }
    let skipped = [many.title.as_str(), link, "owner", "party"];
    let fields = ctx
        .visible_fields(many)
        .filter(|f| f.listed && !skipped.contains(&f.key.as_str()) && f.kind != Kind::Money);
    let words: Vec<String> = fields
        .map(|f| cells::shorten(&cells::text(ctx, many, record, f, locale), 40))
        .filter(|t| !t.is_empty())
        .take(3)
        .collect();
    let money = many.fields.iter().find(|f| f.listed && f.kind == Kind::Money);
    let end = money.map(|f| cells::text(ctx, many, record, f, locale)).filter(|t| !t.is_empty());
    Item {
        icon: many.icon.clone(),
        avatar: (many.table == "parties").then(|| Avatar::of(&name, many.key == "companies")),
        title: name,
        href: Some(cells::href(&many.key, record.id)),
        detail: words.join(" · "),
        end,
        end_tone: Tone::Plain,
    }
}

/// The lines of an order as a table.
fn lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    record: &Record,
    locale: &Locale,
) -> Result<Option<Lines>, Refused> {
    if object.key != "orders" {
        return Ok(None);
    }
    let many = ctx.catalogue.need("order_lines")?;
    let id = Literal { text: record.id.to_string(), quoted: false };
    let query = ListQuery {
        filter: Some(Expr::Compare { path: vec!["order".into()], op: Op::Eq, values: vec![id] }),
        sort: kernel::SortKey::parse_all("id"),
        limit: 200,
        ..ListQuery::default()
    };
    let found = kernel::list(tx, ctx, many, &query)?.records;
    let currency = record.currency(object, &ctx.currency).to_string();
    let columns = ["description", "quantity", "unit_price", "discount", "amount"];
    let fields: Vec<&kernel::Field> =
        columns.iter().filter_map(|key| many.field(key).filter(|f| ctx.sees_field(many, f))).collect();
    let rows = found
        .iter()
        .map(|line| {
            let value = |f: &kernel::Field| cells::value_text(ctx, f, line.value(&f.key), &currency, locale);
            let product = line.value("product").link();
            fields
                .iter()
                .map(|f| match (f.key.as_str(), product) {
                    ("description", Some(id)) => Cell::link(Link::new(value(f), cells::href("products", id))),
                    ("description", None) => Cell::text(value(f)),
                    _ => Cell::number(value(f)),
                })
                .collect()
        })
        .collect();
    let total = crate::views::Fact::new(
        "Total",
        record.value("total").int().map_or(String::new(), |m| locale.money(m, &currency)),
    );
    Ok(Some(Lines {
        columns: fields
            .iter()
            .map(|f| LineColumn { label: f.label.clone(), end: f.key != "description" })
            .collect(),
        rows,
        totals: vec![total],
    }))
}

/// Values that tie a note, task or touchpoint to the record it is added to.
fn tied(object: &Object, record: &Record) -> Result<Vec<(&'static str, Value)>, Refused> {
    let field = tie(object).ok_or_else(|| Refused::Bad("nothing can be added here".into()))?;
    let mut values = vec![(field, Value::Link(record.id))];
    if field != "party"
        && let Some(party) = record.value("party").link()
    {
        values.push(("party", Value::Link(party)));
    }
    Ok(values)
}

fn add(tx: &mut Tx<'_>, ctx: &Ctx, key: &str, values: Vec<(&str, Value)>) -> Result<kernel::Saved, Refused> {
    let object = ctx.catalogue.need(key)?.clone();
    let values = values.into_iter().map(|(k, v)| (k.to_string(), v)).collect();
    Ok(kernel::create(tx, ctx, &object, values)?)
}

/// What came of an addition: back to the record, with the reason when it was refused.
fn back(at: &str, done: &str, added: Result<kernel::Saved, Refused>) -> Result<Outcome, Refused> {
    match added {
        Ok(saved) => Ok(Outcome::Go(at.to_string(), Message::done(done, saved.event_id))),
        Err(Refused::Kernel(Error::Invalid(problems))) => {
            let text =
                problems.first().map(|p| super::forms::sentence(&format!("{} {}", p.field, p.message)));
            Ok(Outcome::Go(at.to_string(), Message::failed(text.unwrap_or_default())))
        }
        Err(refused) => Err(refused),
    }
}

/// `POST /{object}/{id}/notes` with `body`.
pub(crate) async fn add_note(At(key, id): At, asked: Asked, posted: Posted) -> Response {
    asked
        .act(move |tx, ctx, _| {
            let (object, record) = own_object(tx, ctx, &key, id)?;
            let mut values = tied(&object, &record)?;
            values.push(("body", Value::Text(posted.one("body").unwrap_or_default().trim().to_string())));
            if values.iter().any(|(k, v)| *k == "body" && v.text() == Some("")) {
                return Ok(Outcome::Go(cells::href(&key, id), Message::failed("Write something first.")));
            }
            back(&cells::href(&key, id), "Note added.", add(tx, ctx, "notes", values))
        })
        .await
}

/// `POST /{object}/{id}/tasks` with `title`, `due_on`, `assignee`.
pub(crate) async fn add_task(At(key, id): At, asked: Asked, posted: Posted) -> Response {
    asked
        .act(move |tx, ctx, _| {
            let (object, record) = own_object(tx, ctx, &key, id)?;
            let mut values = tied(&object, &record)?;
            values.push(("name", Value::Text(posted.one("title").unwrap_or_default().trim().to_string())));
            if let Some(day) = posted.one("due_on").and_then(|d| kernel::value::day(d).ok()) {
                values.push(("due_on", Value::Date(day)));
            }
            if let Some(user) = posted.one("assignee").and_then(|a| a.parse().ok()) {
                values.push(("owner", Value::Link(user)));
            }
            back(&cells::href(&key, id), "Task added.", add(tx, ctx, "tasks", values))
        })
        .await
}

/// `POST /{object}/{id}/touchpoints` with `body`, `channel`, `direction`.
pub(crate) async fn add_touchpoint(At(key, id): At, asked: Asked, posted: Posted) -> Response {
    asked
        .act(move |tx, ctx, _| {
            let (object, record) = own_object(tx, ctx, &key, id)?;
            let mut values = tied(&object, &record)?;
            let body = posted.one("body").unwrap_or_default().trim().to_string();
            let channel = posted
                .one("channel")
                .filter(|c| crm::touchpoints::KINDS.iter().any(|(k, _)| k == c))
                .unwrap_or("other");
            let direction = if posted.one("direction") == Some("in") { "in" } else { "out" };
            values.push(("summary", Value::Text(cells::shorten(&body.replace(['\n', '\r'], " "), 200))));
            values.push(("body", Value::Text(body)));
            values.push(("kind", Value::Text(channel.into())));
            values.push(("direction", Value::Text(direction.into())));
            if let Some(me) = ctx.user_id {
                values.push(("owner", Value::Link(me)));
            }
            back(&cells::href(&key, id), "Logged.", add(tx, ctx, "touchpoints", values))
        })
        .await
}

/// `POST /tasks/{id}/done`.
pub(crate) async fn task_done(Path(id): Path<i64>, asked: Asked, posted: Posted) -> Response {
    asked
        .act(move |tx, ctx, _| {
            let tasks = ctx.catalogue.need("tasks")?.clone();
            let values = crm::workspace::values([("status", Value::Text("done".into()))]);
            let saved = kernel::change(tx, ctx, &tasks, id, None, values)?;
            let to = posted.one("return_to").map_or_else(|| "/".to_string(), super::asked::local_path);
            Ok(Outcome::Go(to, Message::done("Done.", saved.event_id)))
        })
        .await
}

/// `POST /tasks/{id}/later` with `days`.
pub(crate) async fn task_later(Path(id): Path<i64>, asked: Asked, posted: Posted) -> Response {
    asked
        .act(move |tx, ctx, _| {
            let tasks = ctx.catalogue.need("tasks")?.clone();
            let days: i64 = posted.one("days").and_then(|d| d.parse().ok()).unwrap_or(1).clamp(1, 365);
            let due = kernel::value::date_of(kernel::value::days_of(ctx.today) + days);
            let values = crm::workspace::values([("due_on", due.map_or(Value::Empty, Value::Date))]);
            let saved = kernel::change(tx, ctx, &tasks, id, None, values)?;
            let to = posted.one("return_to").map_or_else(|| "/".to_string(), super::asked::local_path);
            Ok(Outcome::Go(to, Message::done("Put off.", saved.event_id)))
        })
        .await
}
