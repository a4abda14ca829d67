//! The list of any object: filter, order, columns, saved views, paging, all of it in the URL.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use db::Tx;
use kernel::filter::{self, Expr};
use kernel::{Ctx, Error, Field, Kind, ListQuery, Object, Page, Record, Scope, SortKey, Total};

use super::asked::{Asked, Message, Outcome, query};
use super::forms::Posted;
use super::records::At;
use super::{cells, shell};
use crate::format::Locale;
use crate::views::{
    Action, Avatar, Cell, Choice, Column, Empty, FilterChip, FilterField, FilterOp, Hidden, Layout, ListPage,
    ObjectRef, Range, Row, SaveView, Sort, ViewTab,
};
use crate::{App, Refused, exports};

/// Records on a page, and the most that the URL may ask for.
const PAGE: usize = 50;
const MOST: usize = 500;

/// The state of a list as its URL has it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shown {
    filter: String,
    search: String,
    sort: String,
    columns: Vec<String>,
    cursor: Option<String>,
    archived: bool,
    /// Records on a page, when the URL asks for another number than [`PAGE`].
    limit: Option<usize>,
}

impl Shown {
    fn read(pairs: &[(String, String)]) -> Shown {
        let mut shown = Shown::default();
        for (key, value) in pairs {
            match key.as_str() {
                "filter" => shown.filter = value.trim().to_string(),
                "q" => shown.search = value.trim().to_string(),
                "sort" => shown.sort = value.clone(),
                "column" => shown.columns.push(value.clone()),
                "cursor" => shown.cursor = Some(value.clone()),
                "archived" => shown.archived = value == "yes",
                // Two larger pages are offered, for those who would rather scroll than turn.
                "limit" => shown.limit = [100, MOST].into_iter().find(|n| n.to_string() == *value),
                _ => {}
            }
        }
        shown
    }

    /// All but the place on the list.
    fn pairs(&self) -> Vec<(&str, &str)> {
        let mut pairs = Vec::new();
        for (key, value) in [("filter", &self.filter), ("q", &self.search), ("sort", &self.sort)] {
            if !value.is_empty() {
                pairs.push((key, value.as_str()));
            }
        }
        pairs.extend(self.columns.iter().map(|c| ("column", c.as_str())));
        if self.archived {
            pairs.push(("archived", "yes"));
        }
        match self.limit {
            Some(100) => pairs.push(("limit", "100")),
            Some(_) => pairs.push(("limit", "500")),
            None => {}
        }
        pairs
    }

    fn href(&self, object: &Object) -> String {
        let pairs = self.pairs();
        if pairs.is_empty() {
            format!("/{}", object.key)
        } else {
            format!("/{}?{}", object.key, query(&pairs))
        }
    }

    fn at(&self, object: &Object, cursor: &str) -> String {
        let mut pairs = self.pairs();
        pairs.push(("cursor", cursor));
        format!("/{}?{}", object.key, query(&pairs))
    }

    /// The same list from its beginning with another filter.
    fn filtered(&self, filter: &Expr) -> Shown {
        Shown { filter: filter.to_string(), cursor: None, ..self.clone() }
    }

    fn list_query(&self, columns: &[String], limit: usize) -> Result<ListQuery, Refused> {
        let filter = match self.filter.is_empty() {
            true => None,
            false => Some(filter::parse(&self.filter).map_err(|t| Error::invalid("filter", t.to_string()))?),
        };
        Ok(ListQuery {
            filter,
            search: Some(self.search.clone()).filter(|s| !s.is_empty()),
            sort: SortKey::parse_all(&self.sort),
            fields: columns.to_vec(),
            cursor: self.cursor.clone(),
            limit,
            archived: self.archived,
            export: false,
        })
    }
}

/// What the pages say of an object.
pub(crate) fn object_ref(object: &Object) -> ObjectRef {
    ObjectRef {
        key: object.key.clone(),
        singular: object.singular.to_lowercase(),
        plural: object.plural.clone(),
        icon: object.icon.clone(),
        href: format!("/{}", object.key),
    }
}

/// `GET` on anything that has no page.
pub(crate) async fn nowhere(asked: Asked) -> Response {
    asked.refuse(Error::NotFound("page".into()).into()).await
}

/// `GET /{object}`.
pub(crate) async fn list(
    Path(key): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
    asked: Asked,
) -> Response {
    // A filter added by the small form becomes part of the text, and the URL says so.
    if let Some(added) = added(&asked, &key, &pairs) {
        return match added {
            Ok(to) => asked.lead(Outcome::Go(to, None)),
            Err(problem) => asked.lead(Outcome::Go(format!("/{key}"), Message::failed(problem))),
        };
    }
    asked
        .page(move |tx, ctx, asked| {
            let object = seen(ctx, &key)?;
            let shown = Shown::read(&pairs);
            page(tx, ctx, asked, &object, &shown)
        })
        .await
}

/// An object that the actor may see at all.
pub(crate) fn seen(ctx: &Ctx, key: &str) -> Result<std::sync::Arc<Object>, Refused> {
    let object = ctx.catalogue.need(key)?.clone();
    if ctx.scope(&object, kernel::Action::See) == Scope::None {
        return Err(Error::Forbidden(format!("see {}", object.plural.to_lowercase())).into());
    }
    Ok(object)
}

/// Where the list leads with the condition of the small form added.
fn added(asked: &Asked, key: &str, pairs: &[(String, String)]) -> Option<Result<String, String>> {
    let of = |name: &str| pairs.iter().find(|(k, _)| k == name).map(|(_, v)| v.trim());
    let (field, op) = (of("add_field")?, of("add_op").unwrap_or("="));
    let catalogue = asked.app.catalogue();
    let object = catalogue.object(key)?;
    let known = object.field(field)?;
    let value = of("add_value").unwrap_or_default();
    // A choice may be typed as people see it.
    let choice = known.kind.choices().iter().find(|c| c.label.eq_ignore_ascii_case(value));
    let value = choice.map_or(value, |c| c.key.as_str());
    let quoted = match known.kind {
        Kind::Date | Kind::Time => value.to_string(),
        _ => format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")),
    };
    let clause = match op {
        "empty" => format!("{field} is empty"),
        "filled" => format!("{field} is not empty"),
        _ if value.is_empty() => return Some(Err("Give a value to filter by.".into())),
        op => format!("{field} {op} {quoted}"),
    };
    let mut shown = Shown::read(pairs);
    shown.filter = match (filter::parse(&shown.filter), shown.filter.is_empty()) {
        (_, true) => clause.clone(),
        (Ok(Expr::Or(_)), _) => format!("({}) and {clause}", shown.filter),
        _ => format!("{} and {clause}", shown.filter),
    };
    shown.cursor = None;
    if let Err(trouble) = filter::parse(&clause) {
        return Some(Err(super::forms::sentence(&trouble.message)));
    }
    Some(Ok(shown.href(object)))
}

/// The columns shown: those chosen, else those listed by default; the name always first.
fn columns(ctx: &Ctx, object: &Object, shown: &Shown) -> Vec<Field> {
    let title = object.title.clone();
    let chosen: Vec<&Field> = match shown.columns.is_empty() {
        true => ctx.visible_fields(object).filter(|f| f.listed || f.key == title).collect(),
        false => shown
            .columns
            .iter()
            .filter_map(|key| ctx.visible_fields(object).find(|f| f.key == *key))
            .collect(),
    };
    let mut columns: Vec<Field> = ctx.visible_fields(object).filter(|f| f.key == title).cloned().collect();
    columns.extend(chosen.into_iter().filter(|f| f.key != title).cloned());
    columns
}

fn page(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    asked: &Asked,
    object: &Object,
    shown: &Shown,
) -> Result<ListPage, Refused> {
    let locale = Locale::english();
    let columns = columns(ctx, object, shown);
    let mut wanted: Vec<String> = columns.iter().map(|f| f.key.clone()).collect();
    let ranged = wanted.contains(&"lifetime_value".to_string());
    let beside = if ranged {
        &["lifetime_value_low", "lifetime_value_high", "company", "currency"][..]
    } else {
        &["company", "currency"][..]
    };
    for key in beside {
        if object.field(key).is_some_and(|f| ctx.sees_field(object, f)) && !wanted.iter().any(|w| w == key) {
            wanted.push((*key).to_string());
        }
    }
    let mut filter_error = None;
    let query = match shown.list_query(&wanted, shown.limit.unwrap_or(PAGE)) {
        Ok(query) => query,
        Err(Refused::Kernel(Error::Invalid(problems))) => {
            filter_error = problems.first().map(|p| super::forms::sentence(&p.message));
            Shown { filter: String::new(), ..shown.clone() }.list_query(&wanted, PAGE)?
        }
        Err(other) => return Err(other),
    };
    let (found, total) = match listed(tx, ctx, object, &query) {
        Ok(found) => found,
        // A filter that reads well but does not fit the fields is shown with its problem beside the text.
        Err(Error::Invalid(problems))
            if !shown.filter.is_empty() || !shown.sort.is_empty() || shown.cursor.is_some() =>
        {
            filter_error = problems.first().map(|p| super::forms::sentence(&p.message));
            let plain = ListQuery { fields: wanted.clone(), limit: PAGE, ..ListQuery::default() };
            listed(tx, ctx, object, &plain)?
        }
        Err(error) => return Err(error.into()),
    };
    let plain = shown.filter.is_empty() && shown.search.is_empty() && !shown.archived;
    let nothing = found.records.is_empty() && plain && shown.cursor.is_none();
    let count = match total {
        Total::Exact(n) => locale.integer(n),
        Total::AtLeast(n) => format!("{}+", locale.integer(n)),
    };
    let currency = ctx.currency.clone();
    let top = found.records.iter().filter_map(|r| r.value("lifetime_value_high").int()).max().unwrap_or(0);
    let expr = query.filter.clone();
    Ok(ListPage {
        shell: shell::shell(tx, ctx, asked, &object.plural)?,
        object: object_ref(object),
        count: count.clone(),
        views: views(tx, ctx, object, shown)?,
        save_view: (!shown.pairs().is_empty()).then(|| SaveView {
            action: format!("/{}/views", object.key),
            query: crate::routes::asked::query(&shown.pairs()),
            may_share: ctx.rights.administers(),
        }),
        layouts: layouts(object, false),
        search: shown.search.clone(),
        keep: shown.pairs().iter().map(|(k, v)| Hidden::new(*k, *v)).collect(),
        filters: chips(ctx, object, shown, expr.as_ref()),
        clear: (!plain).then(|| {
            Shown {
                filter: String::new(),
                search: String::new(),
                archived: false,
                cursor: None,
                ..shown.clone()
            }
            .href(object)
        }),
        filter_fields: filter_fields(ctx, object),
        filter_ops: filter_ops(),
        filter_text: shown.filter.clone(),
        filter_error,
        columns: headers(ctx, object, shown, &columns, ranged),
        column_choices: ctx
            .visible_fields(object)
            .filter(|f| f.key != object.title && f.kind != Kind::LongText)
            .map(|f| Choice::new(f.key.as_str(), f.label.as_str(), columns.iter().any(|c| c.key == f.key)))
            .collect(),
        rows: found
            .records
            .iter()
            .map(|r| row(ctx, object, r, &columns, ranged.then_some(top), &locale))
            .collect(),
        totals: Vec::new(),
        stats: Vec::new(),
        previous: found.previous.as_ref().map(|c| shown.at(object, c)),
        next: found.next.as_ref().map(|c| shown.at(object, c)),
        caption: caption(object, shown, found.records.len(), &count, ranged, &currency),
        new: may_add(ctx, object).then(|| {
            Action::new(
                format!("New {}", object.singular.to_lowercase()),
                format!("/{}/new", object.key),
                "plus",
            )
            .primary()
            .key("c")
        }),
        import: importable(ctx, object).map(|to| Action::new("Import", to, "upload")),
        export: (ctx.scope(object, kernel::Action::Export) > Scope::None)
            .then(|| format!("/{}/export.csv?{}", object.key, crate::routes::asked::query(&shown.pairs()))),
        empty: nothing.then(|| empty(ctx, object)),
    })
}

fn listed(tx: &mut Tx<'_>, ctx: &Ctx, object: &Object, query: &ListQuery) -> kernel::Result<(Page, Total)> {
    let page = kernel::list(tx, ctx, object, query)?;
    let n_shown = page.records.len() as i64;
    // All of them are on the page, so there is nothing to count.
    if query.cursor.is_none() && page.next.is_none() {
        return Ok((page, Total::Exact(n_shown)));
    }
    let total = match kernel::count_briefly(tx, ctx, object, query)? {
        Total::AtLeast(n) => Total::AtLeast(n.max(n_shown)),
        exact => exact,
    };
    Ok((page, total))
}

fn may_add(ctx: &Ctx, object: &Object) -> bool {
    object.writable
        && object.parts.is_empty()
        && ctx.rights.scope(&object.key, kernel::Action::Create) > Scope::None
}

/// Where importing starts, if the actor may; customers are imported with their purchases.
fn importable(ctx: &Ctx, object: &Object) -> Option<String> {
    let target = if object.key == "customers" { "orders" } else { object.key.as_str() };
    let allowed = ctx.rights.scope(target, kernel::Action::Create) > Scope::None;
    let offered = ["orders", "contacts", "companies", "products"].contains(&target) || object.custom;
    (allowed && offered).then(|| format!("/imports/new?object={target}"))
}

fn empty(ctx: &Ctx, object: &Object) -> Empty {
    let mut actions: Vec<Action> = Vec::new();
    if let Some(to) = importable(ctx, object) {
        actions.push(Action::new("Import a file", to, "upload").primary());
    }
    if may_add(ctx, object) {
        actions.push(Action::new(
            format!("New {}", object.singular.to_lowercase()),
            format!("/{}/new", object.key),
            "plus",
        ));
    }
    let text = match object.help.is_empty() {
        true => format!("{} that you add appear here.", object.plural),
        false => object.help.clone(),
    };
    Empty {
        icon: object.icon.clone(),
        title: format!("No {} yet", object.plural.to_lowercase()),
        text,
        actions,
    }
}

fn caption(object: &Object, shown: &Shown, n: usize, count: &str, ranged: bool, currency: &str) -> String {
    let mut text = format!("{n} of {count}");
    let sort = if shown.sort.is_empty() { object.sort.clone() } else { shown.sort.clone() };
    if let Some(key) = SortKey::parse_all(&sort).first()
        && let Some(field) = object.field(&key.field)
    {
        let order = match (&field.kind, key.descending) {
            (_, false) => "",
            (Kind::Date | Kind::Time, true) => ", latest first",
            (Kind::Whole | Kind::Number | Kind::Money | Kind::Percent, true) => ", largest first",
            (_, true) => ", from Z to A",
        };
        text.push_str(&format!(" · by {}{order}", field.label.to_lowercase()));
    }
    if ranged {
        text.push_str(&format!(
            " · value is the expected margin of the coming year in {currency}, with its likely range"
        ));
    }
    text
}

fn views(tx: &mut Tx<'_>, ctx: &Ctx, object: &Object, shown: &Shown) -> Result<Vec<ViewTab>, Refused> {
    let present = query(&shown.pairs());
    let mut tabs = vec![ViewTab {
        text: format!("All {}", object.plural.to_lowercase()),
        href: format!("/{}", object.key),
        current: present.is_empty(),
        count: None,
        remove: None,
    }];
    for view in crm::views::list(tx, ctx, &object.key)? {
        let current = view.query == present;
        let mine = view.owner_id == ctx.user_id || ctx.rights.administers();
        tabs.push(ViewTab {
            text: view.name,
            href: format!("/{}?{}", object.key, view.query),
            current,
            count: None,
            remove: (current && mine).then(|| format!("/{}/views/{}/remove", object.key, view.id)),
        });
    }
    Ok(tabs)
}

pub(crate) fn layouts(object: &Object, board: bool) -> Vec<Layout> {
    if object.key != "deals" {
        return Vec::new();
    }
    let layout = |text: &str, icon: &str, href: &str, current| Layout {
        text: text.into(),
        icon: icon.into(),
        href: href.into(),
        current,
    };
    vec![layout("Board", "square-kanban", "/deals/board", board), layout("Table", "rows-3", "/deals", !board)]
}

/// The conditions in force, each with the list that lacks it.
fn chips(ctx: &Ctx, object: &Object, shown: &Shown, expr: Option<&Expr>) -> Vec<FilterChip> {
    let Some(expr) = expr else { return Vec::new() };
    let parts: Vec<Expr> = match expr {
        Expr::And(parts) => parts.clone(),
        other => vec![other.clone()],
    };
    let chip = |n: usize, part: &Expr| {
        let rest: Vec<Expr> =
            parts.iter().enumerate().filter(|(m, _)| *m != n).map(|(_, p)| p.clone()).collect();
        let rest = match rest.as_slice() {
            [] => Shown { filter: String::new(), cursor: None, ..shown.clone() },
            [one] => shown.filtered(one),
            _ => shown.filtered(&Expr::And(rest)),
        };
        let (field, op, value) = filter::leaf_words(&ctx.catalogue, object, part)
            .unwrap_or_else(|| (String::new(), "", filter::in_words(&ctx.catalogue, object, part)));
        FilterChip { field, op: op.to_string(), value, remove: rest.href(object) }
    };
    parts.iter().enumerate().map(|(n, part)| chip(n, part)).collect()
}

fn filter_kind(kind: &Kind) -> &'static str {
    match kind {
        Kind::Whole | Kind::Number | Kind::Percent => "number",
        Kind::Money => "money",
        Kind::Date => "date",
        Kind::Time => "time",
        Kind::Truth => "yes_no",
        Kind::Choice(_) | Kind::Choices(_) => "choice",
        Kind::Link(_) => "link",
        _ => "text",
    }
}

fn filter_fields(ctx: &Ctx, object: &Object) -> Vec<FilterField> {
    ctx.visible_fields(object)
        .map(|f| FilterField {
            key: f.key.clone(),
            label: f.label.clone(),
            kind: filter_kind(&f.kind).into(),
            choices: f
                .kind
                .choices()
                .iter()
                .map(|c| Choice::new(c.key.as_str(), c.label.as_str(), false))
                .collect(),
        })
        .collect()
}

fn filter_ops() -> Vec<FilterOp> {
    let op = |key: &str, label: &str, kinds: &[&str], takes_value: bool| FilterOp {
        key: key.into(),
        label: label.into(),
        kinds: kinds.iter().map(|k| (*k).to_string()).collect(),
        takes_value,
    };
    let all = ["text", "number", "money", "date", "time", "yes_no", "choice", "link"];
    let ordered = ["number", "money"];
    let days = ["date", "time"];
    vec![
        op("=", "is", &all, true),
        op("!=", "is not", &all, true),
        op("~", "contains", &["text", "link"], true),
        op("^=", "starts with", &["text"], true),
        op(">", "is above", &ordered, true),
        op(">=", "is at least", &ordered, true),
        op("<", "is below", &ordered, true),
        op("<=", "is at most", &ordered, true),
        op(">=", "is on or after", &days, true),
        op("<=", "is on or before", &days, true),
        op("empty", "is empty", &all, false),
        op("filled", "is known", &all, false),
    ]
}

fn headers(ctx: &Ctx, object: &Object, shown: &Shown, columns: &[Field], ranged: bool) -> Vec<Column> {
    let sort = if shown.sort.is_empty() { object.sort.clone() } else { shown.sort.clone() };
    let present = SortKey::parse_all(&sort);
    let mut headers = Vec::new();
    for (n, field) in columns.iter().enumerate() {
        let state = present.first().filter(|k| k.field == field.key).map(|k| k.descending);
        // Numbers and times are first wanted with the largest on top.
        let large_first = matches!(
            field.kind,
            Kind::Whole | Kind::Number | Kind::Money | Kind::Percent | Kind::Date | Kind::Time
        );
        let descending = match state {
            Some(descending) => !descending,
            None => large_first,
        };
        let next = Shown {
            sort: format!("{}{}", if descending { "-" } else { "" }, field.key),
            cursor: None,
            ..shown.clone()
        };
        let sortable = !matches!(field.kind, Kind::Choices(_) | Kind::LongText);
        headers.push(Column {
            key: field.key.clone(),
            label: field.label.clone(),
            end: matches!(field.kind, Kind::Whole | Kind::Number | Kind::Money | Kind::Percent),
            priority: match n {
                0 | 1 => 1,
                2 | 3 => 2,
                _ if field.key == "lifetime_value" => 1,
                _ => 3,
            },
            sort: sortable.then(|| Sort {
                href: next.href(object),
                state: state.map(|d| if d { "descending" } else { "ascending" }.to_string()),
            }),
        });
        if ranged && field.key == "lifetime_value" {
            let label = format!("Likely range, {}", ctx.currency);
            headers.push(Column { key: "range".into(), label, end: false, priority: 3, sort: None });
        }
    }
    headers
}

fn row(
    ctx: &Ctx,
    object: &Object,
    record: &Record,
    columns: &[Field],
    top: Option<i64>,
    locale: &Locale,
) -> Row {
    let name = cells::named(record.title(object), record.id);
    let href = cells::href(&record.object, record.id);
    let party = object.table == "parties";
    let mut shown = Vec::new();
    for (n, field) in columns.iter().enumerate() {
        if n == 0 {
            shown.push(Cell::Link {
                text: name.clone(),
                href: href.clone(),
                avatar: party.then(|| Avatar::of(&name, record.object == "companies")),
                sub: record
                    .names
                    .get("company")
                    .filter(|_| !columns.iter().any(|c| c.key == "company"))
                    .cloned(),
            });
            continue;
        }
        shown.push(cells::cell(ctx, object, record, field, locale));
        if let (Some(top), "lifetime_value") = (top, field.key.as_str()) {
            shown.push(range_cell(ctx, record, top, locale));
        }
    }
    let detail = columns.iter().skip(2).take(4).map(|f| cells::text(ctx, object, record, f, locale));
    let detail: Vec<String> = detail.filter(|t| !t.is_empty()).take(2).collect();
    Row {
        id: record.id.to_string(),
        href,
        name,
        cells: shown,
        detail: (!detail.is_empty()).then(|| detail.join(" · ")),
    }
}

fn range_cell(ctx: &Ctx, record: &Record, top: i64, locale: &Locale) -> Cell {
    let of = |key: &str| record.value(key).int();
    match (of("lifetime_value_low"), of("lifetime_value"), of("lifetime_value_high")) {
        (Some(low), Some(mid), Some(high)) => {
            let words = format!(
                "Likely {} – {}",
                locale.money_rounded(low, &ctx.currency),
                locale.money_rounded(high, &ctx.currency)
            );
            Cell::Range { range: Range::on_scale(low as f64, mid as f64, high as f64, top as f64, words) }
        }
        _ => Cell::Nothing,
    }
}

/// `POST /{object}/views`.
pub(crate) async fn save_view(Path(key): Path<String>, asked: Asked, posted: Posted) -> Response {
    asked
        .act(move |tx, ctx, _| {
            let object = seen(ctx, &key)?;
            let text = posted.one("query").unwrap_or_default().to_string();
            let shared = posted.one("shared").is_some() && ctx.rights.administers();
            crm::views::save(tx, ctx, &object.key, posted.one("name").unwrap_or_default(), &text, shared)?;
            Ok(Outcome::Go(format!("/{key}?{text}"), Message::done("View saved.", None)))
        })
        .await
}

/// `POST /{object}/views/{id}/remove`.
pub(crate) async fn remove_view(At(key, id): At, asked: Asked) -> Response {
    asked
        .act(move |tx, ctx, _| {
            crm::views::remove(tx, ctx, id)?;
            Ok(Outcome::Go(format!("/{key}"), Message::done("View removed.", None)))
        })
        .await
}

/// `GET /{object}/export.csv`: every record of the list, without a cap, streamed page by page.
pub(crate) async fn export(
    State(app): State<App>,
    Path(key): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
    asked: Asked,
) -> Response {
    let who = asked.who.clone();
    let shown = Shown::read(&pairs);
    let first = {
        let (key, shown) = (key.clone(), shown.clone());
        app.read(&who, kernel::Via::Web, move |tx, ctx| export_page(tx, ctx, &key, &shown, None)).await
    };
    let (head, mut next) = match first {
        Ok(page) => page,
        Err(refused) => return asked.refuse(refused).await,
    };
    let (send, receive) = tokio::sync::mpsc::channel::<Result<Vec<u8>, std::io::Error>>(2);
    let file = format!("attachment; filename=\"{key}.csv\"");
    tokio::spawn(async move {
        let mut piece = head;
        loop {
            if send.send(Ok(piece)).await.is_err() {
                return;
            }
            let Some(cursor) = next.take() else { return };
            let (key, shown) = (key.clone(), shown.clone());
            let page = app
                .read(&who, kernel::Via::Web, move |tx, ctx| export_page(tx, ctx, &key, &shown, Some(cursor)))
                .await;
            match page {
                Ok((bytes, further)) => (piece, next) = (bytes, further),
                Err(refused) => {
                    tracing::error!(error = %super::asked::chain(&refused), "an export broke off");
                    let _ = send.send(Err(std::io::Error::other("the export broke off"))).await;
                    return;
                }
            }
        }
    });
    let stream = tokio_stream::wrappers::ReceiverStream::new(receive);
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_string()), (CONTENT_DISPOSITION, file)];
    (StatusCode::OK, headers, Body::from_stream(stream)).into_response()
}

type Piece = (Vec<u8>, Option<String>);

fn export_page(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    key: &str,
    shown: &Shown,
    cursor: Option<String>,
) -> Result<Piece, Refused> {
    let object = seen(ctx, key)?;
    let fields: Vec<String> = match shown.columns.is_empty() {
        true => ctx.visible_fields(&object).map(|f| f.key.clone()).collect(),
        false => columns(ctx, &object, shown).iter().map(|f| f.key.clone()).collect(),
    };
    let query = ListQuery { cursor, ..shown.list_query(&fields, crm::export::PAGE)? };
    exports::page(tx, ctx, &object, &query, exports::Format::Csv)
}
