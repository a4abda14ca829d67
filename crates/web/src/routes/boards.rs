//! The board of deals: stages as columns, cards that move.

use axum::extract::{Path, Query};
use axum::response::Response;
use db::Tx;
use kernel::filter::{Expr, Literal, Op};
use kernel::{Ctx, ListQuery, Object, Record, SortKey, Value};

use super::asked::{Asked, Message, Outcome, query};
use super::forms::Posted;
use super::{cells, lists, shell};
use crate::Refused;
use crate::format::Locale;
use crate::views::{Action, Avatar, BoardCard, BoardColumn, BoardPage, Hidden, Stat, ViewTab};

/// Cards shown in a stage.
const CARDS: usize = 30;

fn is(field: &str, value: i64) -> Expr {
    let value = Literal { text: value.to_string(), quoted: false };
    Expr::Compare { path: vec![field.into()], op: Op::Eq, values: vec![value] }
}

/// `GET /deals/board?pipeline=&q=`.
pub(crate) async fn board(Query(pairs): Query<Vec<(String, String)>>, asked: Asked) -> Response {
    asked
        .page(move |tx, ctx, asked| {
            let of = |name: &str| pairs.iter().find(|(k, _)| k == name).map(|(_, v)| v.clone());
            let deals = lists::seen(ctx, "deals")?;
            let all = ListQuery { limit: 30, ..ListQuery::default() };
            let pipelines = kernel::list(tx, ctx, ctx.catalogue.need("pipelines")?, &all)?.records;
            let wanted = of("pipeline").and_then(|id| id.parse::<i64>().ok());
            let pipeline = pipelines
                .iter()
                .find(|p| Some(p.id) == wanted)
                .or(pipelines.first())
                .cloned()
                .unwrap_or_default();
            page(tx, ctx, asked, &deals, &pipelines, &pipeline, &of("q").unwrap_or_default())
        })
        .await
}

fn page(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    asked: &Asked,
    deals: &Object,
    pipelines: &[Record],
    pipeline: &Record,
    search: &str,
) -> Result<BoardPage, Refused> {
    let locale = Locale::english();
    let stages_of = ListQuery {
        filter: Some(is("pipeline", pipeline.id)),
        sort: SortKey::parse_all("position"),
        limit: 30,
        ..ListQuery::default()
    };
    let stages = kernel::list(tx, ctx, ctx.catalogue.need("stages")?, &stages_of)?.records;
    let words = Some(search.to_string()).filter(|s| !s.trim().is_empty());
    let whole = ListQuery {
        filter: Some(is("pipeline", pipeline.id)),
        search: words.clone(),
        limit: 1,
        ..ListQuery::default()
    };
    let counts = kernel::aggregate(tx, ctx, deals, &whole, "stage", None)?;
    // Amounts of other currencies cannot be added up with these.
    let own = Literal { text: ctx.currency.clone(), quoted: true };
    let own = Expr::Compare { path: vec!["currency".into()], op: Op::Eq, values: vec![own] };
    let in_currency =
        ListQuery { filter: Some(Expr::And(vec![is("pipeline", pipeline.id), own])), ..whole.clone() };
    let sums = kernel::aggregate(tx, ctx, deals, &in_currency, "stage", Some("amount"))?;
    let of = |groups: &[(Value, i64, i64)], stage: i64| {
        let found = groups.iter().find(|(value, _, _)| *value == Value::Link(stage));
        found.map_or((0, 0), |(_, n, sum)| (*n, *sum))
    };
    let may_move = ctx.rights.scope("deals", kernel::Action::Change) > kernel::Scope::None;
    let mut columns = Vec::new();
    let (mut open, mut foreign, mut worth, mut weighted_sum) = (0, 0, 0, 0.0);
    for stage in &stages {
        let (n, _) = of(&counts, stage.id);
        let (n_summed, sum) = of(&sums, stage.id);
        let closing = stage.text("outcome") != "open";
        let chance = stage.value("probability").number().unwrap_or(0.0);
        if !closing {
            open += n;
            foreign += n - n_summed;
            worth += sum;
            weighted_sum += sum as f64 * chance;
        }
        let in_stage = ListQuery {
            filter: Some(Expr::And(vec![is("pipeline", pipeline.id), is("stage", stage.id)])),
            search: words.clone(),
            sort: SortKey::parse_all(if closing { "-closed_at" } else { "stage_since" }),
            limit: if closing { 8 } else { CARDS },
            ..ListQuery::default()
        };
        let found = kernel::list(tx, ctx, deals, &in_stage)?;
        let rest = n - found.records.len() as i64;
        let more = format!("/deals?{}", query(&[("filter", &format!("stage = {}", stage.id))]));
        columns.push(BoardColumn {
            value: stage.id.to_string(),
            title: stage.text("name").to_string(),
            count: locale.integer(n),
            sum: locale.money_short(sum, &ctx.currency),
            weighted: (!closing).then(|| {
                format!(
                    "{} · {}",
                    locale.percent(chance, 0),
                    locale.money_short((sum as f64 * chance) as i64, &ctx.currency)
                )
            }),
            cards: found.records.iter().map(|d| card(ctx, deals, d, may_move, closing, &locale)).collect(),
            more: (rest > 0)
                .then(|| Action::new(format!("{} more", locale.integer(rest)), more, "chevron-right")),
            new: (!closing && may_move).then(|| format!("/deals/new?stage={}", stage.id)),
            closing,
        });
    }
    let stat = |label: &str, value: String| Stat::new(label, value);
    Ok(BoardPage {
        shell: shell::shell(tx, ctx, asked, "Deals")?,
        object: lists::object_ref(deals),
        count: format!("{} open", locale.integer(open)),
        views: pipelines
            .iter()
            .map(|p| ViewTab {
                text: p.text("name").to_string(),
                href: format!("/deals/board?pipeline={}", p.id),
                current: p.id == pipeline.id,
                count: None,
                remove: None,
            })
            .collect(),
        layouts: lists::layouts(deals, true),
        stats: vec![
            stat("Open deals", locale.integer(open)),
            Stat {
                note: (foreign > 0)
                    .then(|| format!("{} in other currencies left out", locale.integer(foreign))),
                ..stat("Worth, if all were won", locale.money_short(worth, &ctx.currency))
            },
            Stat {
                note: Some("amount × chance of the stage".into()),
                ..stat("Weighted", locale.money_short(weighted_sum as i64, &ctx.currency))
            },
        ],
        search: search.to_string(),
        here: "/deals/board".into(),
        keep: vec![Hidden::new("pipeline", pipeline.id.to_string())],
        filters: Vec::new(),
        columns,
        new: may_move.then(|| Action::new("New deal", "/deals/new", "plus").primary().key("c")),
    })
}

fn card(
    ctx: &Ctx,
    deals: &Object,
    deal: &Record,
    may_move: bool,
    closing: bool,
    locale: &Locale,
) -> BoardCard {
    let owner = deal.names.get("owner").cloned();
    let days = deal.value("stage_since").int().map_or(0, |since| (ctx.now - since) / 86_400_000_000);
    let stale = !closing && days > crm::deals::STALE_DAYS;
    let closes = match deal.value("expected_close_on") {
        Value::Date(date) if !closing => {
            Some(format!("closes {}", cells::day(*date).brief(cells::day(ctx.today))))
        }
        _ => None,
    };
    let currency = deal.currency(deals, &ctx.currency);
    BoardCard {
        id: deal.id.to_string(),
        href: cells::href("deals", deal.id),
        title: cells::named(deal.text("name"), deal.id),
        party: deal.names.get("party").cloned(),
        owner_avatar: owner.as_deref().map(|name| Avatar::of(name, false)),
        owner,
        amount: deal.value("amount").int().map(|minor| locale.money_rounded(minor, currency)),
        closes,
        note: None,
        stale: stale.then(|| format!("In this stage for {days} days")),
        version: deal.version,
        move_action: may_move.then(|| format!("/deals/{}/stage", deal.id)),
    }
}

/// `POST /deals/{id}/stage` with `stage` and `version`.
pub(crate) async fn move_deal(Path(id): Path<i64>, asked: Asked, posted: Posted) -> Response {
    asked
        .act(move |tx, ctx, _| {
            let deals = ctx.catalogue.need("deals")?.clone();
            let stage = posted.one("stage").and_then(|s| s.parse().ok()).ok_or_else(|| Refused::Bad("no stage was named".into()))?;
            let values = crm::workspace::values([("stage", Value::Link(stage))]);
            let back = posted.one("return_to").map_or_else(|| format!("/deals/{id}"), super::asked::local_path);
            match kernel::change(tx, ctx, &deals, id, posted.version(), values) {
                Ok(saved) => {
                    let deal = kernel::find(tx, ctx, &deals, id)?;
                    let stage = deal.names.get("stage").cloned().unwrap_or_default();
                    Ok(Outcome::Go(back, Message::done(format!("Moved to {stage}."), saved.event_id)))
                }
                Err(kernel::Error::Stale { .. }) => {
                    let text = "Someone else changed this deal a moment ago. It was not moved; look and move it again.";
                    Ok(Outcome::Go(back, Message::failed(text)))
                }
                Err(error) => Err(error.into()),
            }
        })
        .await
}
