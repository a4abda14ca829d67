//! Search over all objects: a page, and hits for the palette and for link pickers.

use axum::Json;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::Tx;
use kernel::{Ctx, ListQuery, Record, Via};
use serde::Deserialize;
use serde_json::json;

use super::asked::{Asked, query};
use super::{cells, shell};
use crate::Refused;
use crate::format::Locale;
use crate::views::{Avatar, Item, Link, SearchGroup, SearchHit, SearchPage, Tone};

/// Hits on the page.
const MOST: usize = 60;

#[derive(Deserialize, Default)]
pub(crate) struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    object: Option<String>,
}

/// `GET /search?q=`.
pub(crate) async fn search(Query(wanted): Query<Wanted>, asked: Asked) -> Response {
    asked
        .page(move |tx, ctx, asked| {
            let found = kernel::search::find(tx, ctx, &wanted.q, MOST)?;
            let mut groups: Vec<SearchGroup> = Vec::new();
            for record in &found {
                let object = ctx.catalogue.need(&record.object)?;
                if !groups.iter().any(|g| g.title == object.plural) {
                    let more =
                        Link::new("All of them", format!("/{}?{}", object.key, query(&[("q", &wanted.q)])));
                    groups.push(SearchGroup {
                        title: object.plural.clone(),
                        count: String::new(),
                        items: Vec::new(),
                        more: Some(more),
                    });
                }
                let item = item(ctx, record)?;
                if let Some(group) = groups.iter_mut().find(|g| g.title == object.plural) {
                    group.items.push(item);
                }
            }
            for group in &mut groups {
                let full = found.len() >= MOST;
                group.count = format!("{}{}", group.items.len(), if full { "+" } else { "" });
            }
            Ok(SearchPage {
                shell: shell::shell(tx, ctx, asked, "Search")?,
                query: wanted.q,
                groups,
                remark: None,
            })
        })
        .await
}

/// A few facts under a name.
fn detail(ctx: &Ctx, record: &Record) -> Result<String, Refused> {
    let object = ctx.catalogue.need(&record.object)?;
    let locale = Locale::english();
    let fields = ctx.visible_fields(object).filter(|f| f.listed && f.key != object.title);
    let words = fields.map(|f| cells::shorten(&cells::text(ctx, object, record, f, &locale), 60));
    Ok(words.filter(|w| !w.is_empty()).take(3).collect::<Vec<_>>().join(" · "))
}

fn item(ctx: &Ctx, record: &Record) -> Result<Item, Refused> {
    let object = ctx.catalogue.need(&record.object)?;
    let name = cells::named(record.title(object), record.id);
    Ok(Item {
        icon: object.icon.clone(),
        avatar: (object.table == "parties").then(|| Avatar::of(&name, record.object == "companies")),
        title: name,
        href: Some(cells::href(&record.object, record.id)),
        detail: detail(ctx, record)?,
        end: None,
        end_tone: Tone::Plain,
    })
}

/// `GET /search.json?q=&object=`: hits for the palette, or of one object for a link picker.
pub(crate) async fn hits(Query(wanted): Query<Wanted>, asked: Asked) -> Response {
    let found = asked.app.read(&asked.who, Via::Web, move |tx, ctx| hits_of(tx, ctx, &wanted)).await;
    match found {
        Ok(results) => Json(json!({ "results": results })).into_response(),
        Err(Refused::SignIn) => (StatusCode::UNAUTHORIZED, Json(json!({ "results": [] }))).into_response(),
        Err(refused) => (refused.status(), Json(json!({ "results": [] }))).into_response(),
    }
}

fn hits_of(tx: &mut Tx<'_>, ctx: &Ctx, wanted: &Wanted) -> Result<Vec<SearchHit>, Refused> {
    let records = match &wanted.object {
        None => kernel::search::find(tx, ctx, &wanted.q, 20)?,
        Some(key) => {
            let object = ctx.catalogue.need(key)?;
            let mut fields: Vec<String> =
                ctx.visible_fields(object).filter(|f| f.listed).map(|f| f.key.clone()).collect();
            if !fields.contains(&object.title) {
                fields.push(object.title.clone());
            }
            let searched = object.fields.iter().any(|f| f.searched);
            let words = Some(wanted.q.clone()).filter(|q| searched && q.trim().chars().count() > 1);
            let list = ListQuery { search: words, fields, limit: 12, ..ListQuery::default() };
            kernel::list(tx, ctx, object, &list)?.records
        }
    };
    records
        .iter()
        .map(|record| {
            let object = ctx.catalogue.need(&record.object)?;
            let name = cells::named(record.title(object), record.id);
            Ok(SearchHit {
                value: format!("{name} #{}", record.id),
                detail: detail(ctx, record)?,
                href: cells::href(&record.object, record.id),
                icon: object.icon.clone(),
                group: object.plural.clone(),
                name,
            })
        })
        .collect()
}
