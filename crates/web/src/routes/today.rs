//! Today: the first page of the day.

use axum::response::Response;
use crm::scores::AtRisk;
use db::Tx;
use kernel::{Action as Deed, Ctx, Record, Scope, Total, Value};

use super::asked::{Asked, Message, Outcome, query};
use super::customer_base::{Told, count};
use super::forms::Posted;
use super::{cells, shell};
use crate::Refused;
use crate::format::Locale;
use crate::views::{Action, Avatar, FirstRun, Item, Range, Slipping, Stat, TodayPage, TodayTask, Tone};

/// `GET /`.
pub(crate) async fn today(asked: Asked) -> Response {
    asked.page(page).await
}

/// `POST /today/tasks` with `title` and `due_on`: a task of one's own, due today when nothing else is said.
pub(crate) async fn add_task(asked: Asked, posted: Posted) -> Response {
    asked
        .act(move |tx, ctx, _| {
            let tasks = ctx.catalogue.need("tasks")?.clone();
            let title = posted.one("title").unwrap_or_default().trim().to_string();
            if title.is_empty() {
                return Ok(Outcome::Go("/".into(), Message::failed("Say what is to be done first.")));
            }
            let due = posted.one("due_on").and_then(|day| kernel::value::day(day).ok()).unwrap_or(ctx.today);
            let values = crm::workspace::values([("name", Value::Text(title)), ("due_on", Value::Date(due))]);
            match kernel::create(tx, ctx, &tasks, values) {
                Ok(saved) => Ok(Outcome::Go("/".into(), Message::done("Task added.", saved.event_id))),
                Err(kernel::Error::Invalid(problems)) => {
                    let text = problems
                        .first()
                        .map(|p| super::forms::sentence(&format!("{} {}", p.field, p.message)));
                    Ok(Outcome::Go("/".into(), Message::failed(text.unwrap_or_default())))
                }
                Err(error) => Err(error.into()),
            }
        })
        .await
}

fn page(tx: &mut Tx<'_>, ctx: &Ctx, asked: &Asked) -> Result<TodayPage, Refused> {
    let today = crm::today::page(tx, ctx)?;
    let told = Told::of(ctx, today.run.as_ref());
    let may = |object: &str, deed: Deed| ctx.rights.scope(object, deed) > Scope::None;
    let first_run = today.empty.then(|| FirstRun {
        import: may("contacts", Deed::Create).then(|| "/imports/new".into()),
        sample: None,
        by_hand: may("contacts", Deed::Create).then(|| "/contacts/new".into()),
        steps: Vec::new(),
    });
    let slipping_filter = "relationship_stage = deteriorating and tier in (platinum, gold)";
    let slipping_list =
        format!("/customers?{}", query(&[("filter", slipping_filter), ("sort", "-lifetime_value")]));
    let more = |n: Option<Total>, shown: usize, href: String, icon: &str| {
        let n = n.filter(|n| number(*n) > shown as i64)?;
        Some(Action::new(format!("All {}", count(&told.locale, n)), href, icon))
    };
    let list = |object: &str, filter: &str, sort: &str| {
        format!("/{object}?{}", query(&[("filter", filter), ("sort", sort)]))
    };
    let stale = format!("status = open and stage_since < today-{}d", crm::deals::STALE_DAYS);
    Ok(TodayPage {
        shell: shell::shell(tx, ctx, asked, "Today")?,
        date: cells::day(ctx.today).long(),
        first_run,
        more_tasks: more(
            today.n_tasks,
            today.tasks.len(),
            list("tasks", "owner = me and status = open and due_on <= today", "due_on"),
            "square-check",
        ),
        tasks: today.tasks.iter().map(|task| shown_task(ctx, task, may("tasks", Deed::Change))).collect(),
        add_task: may("tasks", Deed::Create).then(|| "/today/tasks".into()),
        slipping: today.slipping.iter().map(|one| told.slipping(one)).collect(),
        slipping_sum: today.slipping_whole.as_ref().filter(|group| group.n_customers > 0).map(|group| Stat {
            note: Some(format!(
                "{} customers · value × chance of having left",
                told.locale.integer(group.n_customers as i64)
            )),
            tone: Tone::Bad,
            ..Stat::new("Value slipping away", told.money(group.value))
        }),
        more_slipping: today
            .slipping_whole
            .as_ref()
            .filter(|group| group.n_customers > today.slipping.len())
            .map(|group| {
                Action::new(
                    format!("All {}", told.locale.integer(group.n_customers as i64)),
                    slipping_list,
                    "users",
                )
            }),
        more_deals: more(
            today.n_stale_deals,
            today.stale_deals.len(),
            list("deals", &stale, "stage_since"),
            "square-kanban",
        ),
        stale_deals: today.stale_deals.iter().map(|deal| stale_deal(ctx, &told.locale, deal)).collect(),
        more_cases: more(
            today.n_cases,
            today.cases.len(),
            list("cases", "status != closed", "created_at"),
            "life-buoy",
        ),
        cases: today.cases.iter().map(|case| open_case(ctx, case)).collect(),
        stats: stats(&today, &told),
    })
}

fn number(n: Total) -> i64 {
    match n {
        Total::Exact(n) | Total::AtLeast(n) => n,
    }
}

fn shown_task(ctx: &Ctx, task: &Record, may_change: bool) -> TodayTask {
    let late = task.value("due_on").int().map_or(0, |due| kernel::value::days_of(ctx.today) - due);
    let due = match late {
        ..=0 => "Today".to_string(),
        1 => "1 day late".to_string(),
        n => format!("{n} days late"),
    };
    let concerns = ["party", "deal", "case"].iter().filter_map(|key| task.names.get(*key).cloned());
    TodayTask {
        icon: "square-check".into(),
        title: cells::named(task.text("name"), task.id),
        href: cells::href("tasks", task.id),
        detail: concerns.collect::<Vec<String>>().join(" · "),
        due,
        due_tone: if late > 0 { Tone::Bad } else { Tone::Warn },
        done: may_change.then(|| format!("/tasks/{}/done", task.id)),
        later: may_change.then(|| format!("/tasks/{}/later", task.id)),
    }
}

fn stale_deal(ctx: &Ctx, locale: &Locale, deal: &Record) -> Item {
    let days = deal.value("stage_since").int().map_or(0, |since| (ctx.now - since) / 86_400_000_000);
    let stage = deal.names.get("stage").map_or(String::new(), |stage| format!(" in {stage}"));
    let still = format!("{days} days{stage}");
    let currency = deal.value("currency").text().unwrap_or(&ctx.currency);
    Item {
        icon: "square-kanban".into(),
        avatar: None,
        title: cells::named(deal.text("name"), deal.id),
        href: Some(cells::href("deals", deal.id)),
        detail: deal.names.get("party").map_or(still.clone(), |party| format!("{party} · {still}")),
        end: deal.value("amount").int().map(|minor| locale.money_rounded(minor, currency)),
        end_tone: Tone::Plain,
    }
}

fn open_case(ctx: &Ctx, case: &Record) -> Item {
    let days = case.value("created_at").int().map_or(0, |at| (ctx.now - at) / 86_400_000_000);
    let party = case.names.get("party").cloned();
    let urgent = case.text("priority") == "urgent";
    Item {
        icon: "life-buoy".into(),
        avatar: party.as_deref().map(|name| Avatar::of(name, false)),
        title: cells::named(case.text("name"), case.id),
        href: Some(cells::href("cases", case.id)),
        detail: party
            .map_or_else(|| format!("case {}", case.id), |party| format!("{party} · case {}", case.id)),
        end: Some(if days == 0 { "today".into() } else { format!("{days} d") }),
        end_tone: if urgent || days > 7 { Tone::Bad } else { Tone::Plain },
    }
}

fn stats(today: &crm::today::Today, told: &Told<'_>) -> Vec<Stat> {
    let mut stats = Vec::new();
    if let Some(pipeline) = today.pipeline.filter(|pipeline| pipeline.n_deals > 0) {
        let note = format!(
            "{} open deals worth {}, each times the chance of its stage",
            told.locale.integer(pipeline.n_deals),
            told.money_short(pipeline.amount)
        );
        stats.push(Stat {
            note: Some(note),
            ..Stat::new("Open deals, weighted", told.money_short(pipeline.weighted))
        });
    }
    if let Some(run) = today.run.as_ref().filter(|run| run.summary.n_customers > 0) {
        let s = &run.summary;
        let words =
            format!("Likely {} – {}", told.money_short(s.equity_low), told.money_short(s.equity_high));
        let range = Range::on_scale(
            s.equity_low as f64,
            s.equity as f64,
            s.equity_high as f64,
            s.equity_high as f64 * 1.2,
            words,
        );
        stats.push(Stat { range: Some(range), ..Stat::new("Customer equity", told.money_short(s.equity)) });
    }
    stats
}

impl Told<'_> {
    fn slipping(&self, one: &AtRisk) -> Slipping {
        let left = self.locale.percent(1.0 - one.p_alive, 0);
        Slipping {
            item: self.person(one),
            at_risk: self.money(one.at_risk),
            formula: format!("{left} × {}", self.money(one.value)),
            why: Some(self.why_at_risk(one, "slip")),
        }
    }
}
