//! What happened with a record, as days of entries.

use crm::timeline::{Cursor, Entry, Show, What};
use db::Tx;
use kernel::{Ctx, Kind, Object, Record, Value, events};

use super::cells;
use crate::Refused;
use crate::format::Locale;
use crate::views::{Change, Link, TimelineDay, TimelineEntry, TimelineTab, Tone};

/// The timeline part of a record page.
pub(crate) struct Timeline {
    pub(crate) tabs: Vec<TimelineTab>,
    pub(crate) days: Vec<TimelineDay>,
    pub(crate) older: Option<String>,
}

/// Entries on a page.
const PAGE: usize = 25;

/// One page of the timeline of a record: `show` and `before` as the URL has them.
pub(crate) fn of(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    record: &Record,
    show: &str,
    before: Option<&str>,
) -> Result<Timeline, Refused> {
    let show = Show::from_word(show).unwrap_or_default();
    let before: Option<Cursor> = before.map(str::parse).transpose()?;
    let page = crm::timeline::page(tx, ctx, object, record.id, before, show, PAGE)?;
    let here = cells::href(&object.key, record.id);
    let mut days: Vec<TimelineDay> = Vec::new();
    for entry in &page.entries {
        let label = cells::day(cells::civil(ctx, entry.at).date()).heading(cells::day(ctx.today));
        let mut shown = shown(ctx, object, record, entry);
        if let Some(event) = &entry.event {
            name_links(tx, ctx, object, event, &mut shown.changes)?;
        }
        match days.last_mut().filter(|d| d.label == label) {
            Some(day) => day.entries.push(shown),
            None => days.push(TimelineDay { label, entries: vec![shown] }),
        }
    }
    let older = page.next.map(|cursor| format!("{here}?show={}&before={cursor}", show.word()));
    // Only parties have conversations and purchases to choose between.
    let tabs = match object.table == "parties" {
        true => Show::ALL.iter().map(|s| tab(&here, *s, show)).collect(),
        false => Vec::new(),
    };
    Ok(Timeline { tabs, days, older })
}

/// Links in changes by the names of what they lead to, as far as the reader may see it.
fn name_links(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    event: &events::Event,
    changes: &mut [Change],
) -> Result<(), Refused> {
    for (key, pair) in event.changes.iter().flatten() {
        let Some(field) = object.field(key) else { continue };
        let Kind::Link(target) = &field.kind else { continue };
        let target = ctx.catalogue.need(target)?;
        let Some(change) = changes.iter_mut().find(|c| c.field == field.label) else { continue };
        for (json, text) in [(&pair[0], &mut change.before), (&pair[1], &mut change.after)] {
            let Some(id) = json.as_i64() else { continue };
            match kernel::find(tx, ctx, target, id) {
                Ok(linked) => *text = cells::named(linked.title(target), id),
                Err(kernel::Error::NotFound(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(())
}

fn tab(here: &str, show: Show, present: Show) -> TimelineTab {
    let text = match show {
        Show::All => "All",
        Show::Conversations => "Conversations",
        Show::Purchases => "Purchases",
        Show::Work => "Work",
        Show::Changes => "Changes",
    };
    TimelineTab { text: text.into(), href: format!("{here}?show={}", show.word()), current: show == present }
}

fn shown(ctx: &Ctx, object: &Object, record: &Record, entry: &Entry) -> TimelineEntry {
    let told = match (&entry.event, &entry.record) {
        (Some(event), _) => of_event(ctx, object, record, event),
        (None, Some(thing)) => of_record(ctx, record.title(object), thing, entry),
        (None, None) => plain("circle", String::new()),
    };
    // An order stands on a day, not at a time, unless its time is known.
    let exact = entry.record.as_ref().and_then(|r| r.value("placed_at").int()).unwrap_or(entry.at);
    let mut at = cells::moment(ctx, exact);
    let civil = cells::civil(ctx, exact);
    at.text = match entry.what == What::Order && exact == entry.at {
        true => String::new(),
        false => format!("{:02}:{:02}", civil.hour(), civil.minute()),
    };
    // Further back than a fortnight the heading is a month, so the day belongs to the entry.
    let days = kernel::value::days_of(ctx.today) - kernel::value::days_of(civil.date());
    if days > 13 {
        at.text = cells::day(civil.date()).brief(cells::day(ctx.today));
    }
    let id = format!("entry-{}-{}", entry.what as u8, entry.id);
    TimelineEntry { id, actor: told.actor.clone().or_else(|| entry.actor.clone()), at, ..told }
}

fn plain(icon: &str, text: String) -> TimelineEntry {
    TimelineEntry {
        id: String::new(),
        icon: icon.into(),
        tone: Tone::Plain,
        actor: None,
        text,
        link: None,
        detail: None,
        body: None,
        ours: true,
        changes: Vec::new(),
        at: crate::views::Moment::new("", "", ""),
    }
}

/// A touchpoint, order, note, task, case or deal.
fn of_record(ctx: &Ctx, who: &str, thing: &Record, entry: &Entry) -> TimelineEntry {
    let locale = Locale::english();
    let object = ctx.catalogue.object(&thing.object);
    let label = |key: &str| {
        let field = object.and_then(|o| o.field(key));
        let text = field.map(|f| cells::value_text(ctx, f, thing.value(key), &ctx.currency, &locale));
        text.unwrap_or_default()
    };
    let link = |key: &str| {
        Some(Link::new(cells::named(thing.text(key), thing.id), cells::href(&thing.object, thing.id)))
    };
    let currency = thing.value("currency").text().unwrap_or(&ctx.currency).to_string();
    let money = |key: &str| thing.value(key).int().map(|minor| locale.money(minor, &currency));
    match entry.what {
        What::Touchpoint => {
            let ours = thing.text("direction") != "in";
            let summary = thing.text("summary").to_string();
            let body = thing.value("body").text().filter(|b| *b != summary).map(String::from);
            TimelineEntry {
                tone: if ours { Tone::Plain } else { Tone::Accent },
                actor: (!ours).then(|| who.to_string()),
                detail: Some(label("kind")).filter(|k| !k.is_empty()),
                body,
                ours,
                ..plain(touchpoint_icon(thing.text("kind")), summary)
            }
        }
        What::Order => {
            let returned = thing.text("status") == "returned";
            let lines = entry.lines.clone().unwrap_or_default();
            let mut what = lines.first.join(", ");
            if lines.n_more > 0 {
                what.push_str(&format!(" and {} more", lines.n_more));
            }
            let facts: Vec<String> = [Some(what), money("total"), Some(label("channel"))]
                .into_iter()
                .flatten()
                .filter(|t| !t.is_empty())
                .collect();
            TimelineEntry {
                tone: if returned { Tone::Warn } else { Tone::Good },
                actor: Some(who.to_string()),
                link: link("number"),
                detail: Some(facts.join(" · ")),
                ours: false,
                ..plain("shopping-bag", if returned { "returned" } else { "bought" }.into())
            }
        }
        What::Note => TimelineEntry {
            body: Some(thing.text("body").to_string()),
            ..plain("sticky-note", "wrote a note".into())
        },
        What::TaskMade => TimelineEntry {
            link: link("name"),
            detail: Some(label("due_on")).filter(|d| !d.is_empty()).map(|d| format!("due {d}")),
            ..plain("square-check", "has a task:".into())
        },
        What::TaskDone => {
            TimelineEntry { tone: Tone::Good, link: link("name"), ..plain("check", "did the task".into()) }
        }
        What::CaseOpened => TimelineEntry {
            tone: Tone::Warn,
            link: link("name"),
            detail: Some(label("kind")),
            ..plain("life-buoy", "opened the case".into())
        },
        What::CaseClosed => TimelineEntry {
            tone: Tone::Good,
            link: link("name"),
            ..plain("life-buoy", "closed the case".into())
        },
        What::DealOpened => TimelineEntry {
            link: link("name"),
            detail: money("amount"),
            ..plain("square-kanban", "began the deal".into())
        },
        What::DealClosed => {
            let won = thing.text("status") == "won";
            let detail =
                if won { money("amount") } else { thing.value("lost_reason").text().map(String::from) };
            TimelineEntry {
                tone: if won { Tone::Good } else { Tone::Bad },
                link: link("name"),
                detail,
                ..plain("square-kanban", if won { "won the deal" } else { "lost the deal" }.into())
            }
        }
        What::Event => plain("circle", String::new()),
    }
}

fn touchpoint_icon(kind: &str) -> &'static str {
    match kind {
        "call" | "phone_menu" => "phone",
        "email" => "mail",
        "meeting" | "event" => "calendar",
        "visit" | "store_visit" | "kiosk" | "point_of_sale" => "store",
        "web_visit" => "globe",
        "form" | "survey" | "registration" => "clipboard-list",
        "chat" | "sms" => "message-square",
        "delivery" | "installation" => "truck",
        "campaign_response" => "megaphone",
        _ => "circle",
    }
}

/// One event of the record itself.
fn of_event(ctx: &Ctx, object: &Object, record: &Record, event: &events::Event) -> TimelineEntry {
    let locale = Locale::english();
    let word = event.kind.rsplit('.').next().unwrap_or_default();
    let currency = record.currency(object, &ctx.currency);
    let mut changes = Vec::new();
    if word == "changed" || word == "scored" {
        for (key, pair) in event.changes.iter().flatten() {
            let Some(field) = object.field(key) else { continue };
            let shown = |json: &serde_json::Value| {
                let value = Value::from_stored_json(&field.kind, json);
                cells::shorten(&cells::value_text(ctx, field, &value, currency, &locale), 80)
            };
            changes.push(Change {
                field: field.label.clone(),
                before: shown(&pair[0]),
                after: shown(&pair[1]),
            });
        }
    }
    let labels =
        |changes: &[Change]| changes.iter().map(|c| c.field.to_lowercase()).collect::<Vec<_>>().join(", ");
    let (icon, text) = match word {
        "created" => ("circle-plus", format!("added this {}", object.singular.to_lowercase())),
        "archived" => ("archive", "archived it".to_string()),
        "restored" => ("archive-restore", "restored it".to_string()),
        "changed" => ("pencil", format!("changed {}", labels(&changes))),
        "scored" => ("trending-up", "worked the scores out anew".to_string()),
        other => ("circle", other.replace('_', " ")),
    };
    let nobody = if event.via == "import" { "An import" } else { "Kith" };
    TimelineEntry {
        actor: event.actor_id.is_none().then(|| nobody.to_string()),
        changes,
        ..plain(icon, text)
    }
}
