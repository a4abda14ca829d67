//! What happened with a record, as days of entries.

use db::Tx;
use kernel::{Ctx, Object, Record, Value, events};

use super::cells;
use crate::Refused;
use crate::format::Locale;
use crate::views::{Change, TimelineDay, TimelineEntry, TimelineTab, Tone};

/// The timeline part of a record page.
pub(crate) struct Timeline {
    pub(crate) tabs: Vec<TimelineTab>,
    pub(crate) days: Vec<TimelineDay>,
    pub(crate) older: Option<String>,
}

/// Entries on a page.
const PAGE: usize = 25;

/// The events of a record.
pub(crate) fn of(tx: &mut Tx<'_>, ctx: &Ctx, object: &Object, record: &Record, _: &str, before: Option<&str>) -> Result<Timeline, Refused> {
    let before = before.and_then(|b| b.parse().ok());
    let found = events::of_record(tx, ctx, object, record.id, before, PAGE)?;
    let mut days: Vec<TimelineDay> = Vec::new();
    for event in &found {
        let entry = entry(ctx, object, record, event);
        let label = cells::day(cells::civil(ctx, event.at).date()).heading(cells::day(ctx.today));
        match days.last_mut().filter(|d| d.label == label) {
            Some(day) => day.entries.push(entry),
            None => days.push(TimelineDay { label, entries: vec![entry] }),
        }
    }
    let older = found.last().filter(|_| found.len() == PAGE).map(|e| format!("{}?before={}", cells::href(&object.key, record.id), e.id));
    Ok(Timeline { tabs: Vec::new(), days, older })
}

/// One event as an entry.
pub(crate) fn entry(ctx: &Ctx, object: &Object, record: &Record, event: &events::Event) -> TimelineEntry {
    let locale = Locale::english();
    let word = event.kind.rsplit('.').next().unwrap_or_default();
    let currency = record.currency(object, &ctx.currency);
    let mut changes = Vec::new();
    if word == "changed" {
        for (key, pair) in event.changes.iter().flatten() {
            let Some(field) = object.field(key) else { continue };
            let shown = |json: &serde_json::Value| {
                let value = Value::from_stored_json(&field.kind, json);
                cells::shorten(&cells::value_text(ctx, field, &value, currency, &locale), 80)
            };
            changes.push(Change { field: field.label.clone(), before: shown(&pair[0]), after: shown(&pair[1]) });
        }
    }
    let (icon, text) = match word {
        "created" => ("circle-plus", format!("added this {}", object.singular.to_lowercase())),
        "archived" => ("archive", "archived it".to_string()),
        "restored" => ("archive-restore", "restored it".to_string()),
        "changed" => ("pencil", format!("changed {}", changes.iter().map(|c| c.field.to_lowercase()).collect::<Vec<_>>().join(", "))),
        other => ("circle", other.replace('_', " ")),
    };
    TimelineEntry {
        icon: icon.into(),
        tone: Tone::Plain,
        actor: Some(if event.via == "import" { "An import".into() } else { event.actor_id.map_or("Kith".into(), |id| format!("User {id}")) }),
        text,
        link: None,
        detail: None,
        body: None,
        ours: true,
        changes,
        at: cells::moment(ctx, event.at),
    }
}
