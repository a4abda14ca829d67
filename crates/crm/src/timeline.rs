//! The timeline of a record: everything that happened around it, newest first, as far as its reader may see it.

use std::collections::{BTreeMap, BTreeSet};

use db::Tx;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::events::{self, Event};
use kernel::filter::{Expr, Literal, Op};
use kernel::{Action, Ctx, Error, Kind, ListQuery, Object, Record, Result, SortKey, Value};

/// The most entries that a page holds.
const MAX_LIMIT: usize = 200;
/// Product names that an order shows.
const N_LINES: usize = 3;

/// What an entry tells of. Entries of one moment stand in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A contact between the party and us.
    Touchpoint,
    /// A purchase.
    Order,
    /// A note.
    Note,
    /// A task was made.
    TaskMade,
    /// A task was done.
    TaskDone,
    /// A case was opened.
    CaseOpened,
    /// A case was closed.
    CaseClosed,
    /// A deal was begun.
    DealOpened,
    /// A deal was won or lost.
    DealClosed,
    /// The record itself was created, changed, scored, archived, restored or merged.
    Event,
}

/// Which entries a reader wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Show {
    /// All of them.
    #[default]
    All,
    /// Touchpoints and notes.
    Conversations,
    /// Orders.
    Purchases,
    /// Tasks, cases and deals.
    Work,
    /// Changes of the record itself.
    Changes,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Where it stands, microseconds UTC. Orders stand at the beginning of their day; their time, where it is known, is in
    /// the record's `placed_at`.
    pub at: i64,
    /// What it tells of.
    pub what: What,
    /// Id of the record it tells of, or of the event.
    pub id: i64,
    /// The record, with the fields that a timeline shows and the reader may see; none for events.
    pub record: Option<Record>,
    /// The event, its changes without fields that the reader may not see.
    pub event: Option<Event>,
    /// Name of the user who did it, where one did.
    pub actor: Option<String>,
    /// What was bought, for orders.
    pub lines: Option<Lines>,
}

/// The lines of an order in short.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lines {
    /// What the first three lines say.
    pub first: Vec<String>,
    /// How many further lines there are.
    pub n_more: usize,
}

/// One page of a timeline.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// Its entries, newest first.
    pub entries: Vec<Entry>,
    /// Where the next page begins, when there is one.
    pub next: Option<Cursor>,
}

/// The place of an entry: the next page holds what comes after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    at: i64,
    what: What,
    id: i64,
}

/// Where entries of one kind come from. The table's index on the link, or on link and time, gives them in order.
struct Source {
    what: What,
    object: &'static str,
    time: &'static str,
    fields: &'static [&'static str],
}

const SOURCES: [Source; 9] = [
    Source {
        what: What::Touchpoint,
        object: "touchpoints",
        time: "at",
        fields: &["summary", "kind", "direction", "at", "body", "owner", "source"],
    },
    Source {
        what: What::Order,
        object: "orders",
        time: "placed_on",
        fields: &["number", "placed_on", "placed_at", "total", "currency", "status", "channel", "n_items"],
    },
    Source {
        what: What::Note,
        object: "notes",
        time: "created_at",
        fields: &["body", "owner", "created_at"],
    },
    Source { what: What::TaskMade, object: "tasks", time: "created_at", fields: TASK },
    Source { what: What::TaskDone, object: "tasks", time: "done_at", fields: TASK },
    Source { what: What::CaseOpened, object: "cases", time: "created_at", fields: CASE },
    Source { what: What::CaseClosed, object: "cases", time: "closed_at", fields: CASE },
    Source { what: What::DealOpened, object: "deals", time: "created_at", fields: DEAL },
    Source { what: What::DealClosed, object: "deals", time: "closed_at", fields: DEAL },
];
const TASK: &[&str] = &["name", "due_on", "status", "owner", "created_at", "done_at"];
const CASE: &[&str] = &["name", "kind", "status", "priority", "owner", "created_at", "closed_at"];
const DEAL: &[&str] =
    &["name", "amount", "currency", "status", "stage", "lost_reason", "owner", "created_at", "closed_at"];

/// The link fields by which things belong to the record whose timeline they are on; each has an index.
const LINKS: [&str; 3] = ["party", "deal", "case"];

impl What {
    const ALL: [What; 10] = [
        What::Touchpoint,
        What::Order,
        What::Note,
        What::TaskMade,
        What::TaskDone,
        What::CaseOpened,
        What::CaseClosed,
        What::DealOpened,
        What::DealClosed,
        What::Event,
    ];

    fn shown(self, show: Show) -> bool {
        let show_of = match self {
            What::Touchpoint | What::Note => Show::Conversations,
            What::Order => Show::Purchases,
            What::Event => Show::Changes,
            _ => Show::Work,
        };
        show == Show::All || show == show_of
    }
}

impl Show {
    /// All choices, in the order of the tabs.
    pub const ALL: [Show; 5] = [Show::All, Show::Conversations, Show::Purchases, Show::Work, Show::Changes];

    /// The word for it in URLs.
    pub fn word(self) -> &'static str {
        match self {
            Show::All => "all",
            Show::Conversations => "conversations",
            Show::Purchases => "purchases",
            Show::Work => "work",
            Show::Changes => "changes",
        }
    }

    /// The inverse of [`Show::word`].
    pub fn from_word(word: &str) -> Option<Show> {
        Show::ALL.into_iter().find(|show| show.word() == word)
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.at, self.what as usize, self.id)
    }
}

impl std::str::FromStr for Cursor {
    type Err = Error;

    /// Reads what [`Cursor`]'s `Display` wrote. *Errors*: anything else.
    fn from_str(text: &str) -> Result<Cursor> {
        let wrong = || Error::invalid("before", "is not a place on this timeline");
        let numbers: Vec<i64> = text.split('.').map_while(|part| part.parse().ok()).collect();
        let [at, what, id] = numbers[..] else { return Err(wrong()) };
        let what = usize::try_from(what).ok().and_then(|n| What::ALL.get(n)).copied().ok_or_else(wrong)?;
        Timestamp::from_microsecond(at).map_err(|_| wrong())?;
        Ok(Cursor { at, what, id })
    }
}

/// One page of the timeline of a record, newest first, after the place `before`.
///
/// A party's timeline gathers touchpoints, orders, notes, tasks, cases and deals; that of another record the notes and tasks
/// that belong to it; both the events of the record itself. Each kind is read by its own index, at most a page of it.
/// *Errors*: not found, also when the record lies outside the reader's scope.
pub fn page(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    id: i64,
    before: Option<Cursor>,
    show: Show,
    limit: usize,
) -> Result<Page> {
    if !kernel::may(tx, ctx, object, id, Action::See)? {
        return Err(Error::NotFound(format!("{} {id}", object.singular.to_lowercase())));
    }
    let limit = limit.clamp(1, MAX_LIMIT);
    let mut entries = Vec::new();
    for source in SOURCES.iter().filter(|source| source.what.shown(show)) {
        entries.extend(of_source(tx, ctx, object, id, source, before, limit + 1)?);
    }
    if What::Event.shown(show) {
        entries.extend(of_events(tx, ctx, object, id, before, limit + 1)?);
    }
    entries.sort_by_key(place);
    let more = entries.len() > limit;
    entries.truncate(limit);
    let last = entries.last().filter(|_| more);
    let next = last.map(|entry| Cursor { at: entry.at, what: entry.what, id: entry.id });
    name_actors(tx, ctx, &mut entries)?;
    add_lines(tx, ctx, &mut entries)?;
    Ok(Page { entries, next })
}

/// The order of entries: newest first, then by kind, then the youngest record first.
fn place(entry: &Entry) -> (std::cmp::Reverse<i64>, What, std::cmp::Reverse<i64>) {
    (std::cmp::Reverse(entry.at), entry.what, std::cmp::Reverse(entry.id))
}

fn of_source(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    about: &Object,
    id: i64,
    source: &Source,
    before: Option<Cursor>,
    limit: usize,
) -> Result<Vec<Entry>> {
    let object = ctx.catalogue.need(source.object)?;
    let seen = |key: &&str| object.field(key).is_some_and(|field| ctx.sees_field(object, field));
    let belongs = |key: &&&str| {
        let target = object.field(key).map(|field| &field.kind);
        matches!(target, Some(Kind::Link(target)) if ctx.catalogue.covers(target, &about.key))
    };
    let Some(link) = LINKS.iter().find(belongs) else { return Ok(Vec::new()) };
    // Without the link or the time nothing can be placed, and their hiding must not be undone by placing it.
    if !seen(link) || !seen(&source.time) {
        return Ok(Vec::new());
    }
    let mut conditions = vec![
        compare(link, Op::Eq, id.to_string()),
        Expr::Not(Box::new(Expr::Empty(vec![source.time.to_string()]))),
    ];
    conditions.extend(before.map(|cursor| after(ctx, source, cursor)));
    let query = ListQuery {
        filter: Some(Expr::And(conditions)),
        sort: vec![SortKey { field: source.time.to_string(), descending: true }],
        fields: source.fields.iter().filter(|key| seen(key)).map(|key| (*key).to_string()).collect(),
        limit,
        ..ListQuery::default()
    };
    let mut entries = Vec::new();
    for record in kernel::list(tx, ctx, object, &query)?.records {
        let at = match record.value(source.time) {
            Value::Time(at) => *at,
            Value::Date(day) => ctx.start_of(*day),
            _ => continue,
        };
        let actor = record.names.get("owner").cloned();
        entries.push(Entry {
            at,
            what: source.what,
            id: record.id,
            record: Some(record),
            event: None,
            actor,
            lines: None,
        });
    }
    Ok(entries)
}

fn compare(field: &str, op: Op, text: String) -> Expr {
    Expr::Compare { path: vec![field.to_string()], op, values: vec![Literal { text, quoted: true }] }
}

/// The condition that entries of a source come after the cursor.
fn after(ctx: &Ctx, source: &Source, cursor: Cursor) -> Expr {
    let (text, starts_there) = if source.time == "placed_on" {
        let day = day_of(ctx, cursor.at);
        (day.to_string(), ctx.start_of(day) == cursor.at)
    } else {
        (Timestamp::from_microsecond(cursor.at).unwrap_or_default().to_string(), true)
    };
    let upto = compare(source.time, Op::Le, text.clone());
    let earlier = compare(source.time, Op::Lt, text.clone());
    if !starts_there || source.what > cursor.what {
        return upto;
    }
    if source.what < cursor.what {
        return earlier;
    }
    let same =
        Expr::And(vec![compare(source.time, Op::Eq, text), compare("id", Op::Lt, cursor.id.to_string())]);
    // The first condition is what the index serves; the second leaves out what was shown of the same moment.
    Expr::And(vec![upto, Expr::Or(vec![earlier, same])])
}

fn day_of(ctx: &Ctx, at: i64) -> Date {
    Timestamp::from_microsecond(at).unwrap_or_default().to_zoned(ctx.zone.clone()).date()
}

/// Events of the record itself. Their numbers follow their times, but for those saved within the same instant.
fn of_events(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    id: i64,
    before: Option<Cursor>,
    limit: usize,
) -> Result<Vec<Entry>> {
    let mut newest = None;
    if let Some(cursor) = before {
        let sql = "SELECT MAX(id) FROM events WHERE record_id = $1 AND at <= $2";
        match tx.one(sql, &[id.into(), cursor.at.into()])?.opt_int(0)? {
            Some(last) => newest = Some(last + 1),
            None => return Ok(Vec::new()),
        }
    }
    let mut entries = Vec::new();
    while entries.len() < limit {
        let found = events::of_record(tx, ctx, object, id, newest, limit + 20)?;
        newest = found.last().map(|event| event.id);
        let exhausted = found.len() < limit + 20;
        for event in found {
            let told = event.changes.as_ref().is_none_or(|changes| !changes.is_empty());
            let passed = before.is_some_and(|cursor| {
                let here = Cursor { at: event.at, what: What::Event, id: event.id };
                (here.at, here.id)
                    >= (cursor.at, if cursor.what == What::Event { cursor.id } else { i64::MAX })
            });
            if told && !passed {
                entries.push(Entry {
                    at: event.at,
                    what: What::Event,
                    id: event.id,
                    record: None,
                    event: Some(event),
                    actor: None,
                    lines: None,
                });
            }
        }
        if exhausted {
            break;
        }
    }
    Ok(entries)
}

/// Names the users behind events.
fn name_actors(tx: &mut Tx<'_>, ctx: &Ctx, entries: &mut [Entry]) -> Result<()> {
    let actor_of = |entry: &Entry| entry.event.as_ref().and_then(|event| event.actor_id);
    let ids: BTreeSet<i64> = entries.iter().filter_map(actor_of).collect();
    let users = ctx.catalogue.need("users")?;
    if ids.is_empty() || users.field("name").is_none_or(|name| !ctx.sees_field(users, name)) {
        return Ok(());
    }
    let mut names = BTreeMap::new();
    // Someone who has left did what they did.
    for archived in [false, true] {
        let query = ListQuery {
            filter: Some(one_of("id", &ids)),
            fields: vec!["name".to_string()],
            sort: SortKey::parse_all("id"),
            limit: ids.len(),
            archived,
            ..ListQuery::default()
        };
        for user in kernel::list(tx, ctx, users, &query)?.records {
            names.insert(user.id, user.text("name").to_string());
        }
    }
    for entry in entries.iter_mut() {
        if let Some(id) = actor_of(entry) {
            entry.actor = names.get(&id).cloned();
        }
    }
    Ok(())
}

/// Says of each order on the page what was bought.
fn add_lines(tx: &mut Tx<'_>, ctx: &Ctx, entries: &mut [Entry]) -> Result<()> {
    let ids: BTreeSet<i64> =
        entries.iter().filter(|entry| entry.what == What::Order).map(|entry| entry.id).collect();
    let object = ctx.catalogue.need("order_lines")?;
    let seen = |key: &str| object.field(key).is_some_and(|field| ctx.sees_field(object, field));
    if ids.is_empty() || !seen("order") || !seen("description") {
        return Ok(());
    }
    let query = ListQuery {
        filter: Some(one_of("order", &ids)),
        fields: ["order", "description", "quantity"]
            .into_iter()
            .filter(|key| seen(key))
            .map(String::from)
            .collect(),
        sort: SortKey::parse_all("order"),
        limit: 1_000,
        ..ListQuery::default()
    };
    let mut bought: BTreeMap<i64, Lines> = BTreeMap::new();
    for line in kernel::list(tx, ctx, object, &query)?.records {
        let lines = bought.entry(line.value("order").link().unwrap_or(0)).or_default();
        if lines.first.len() == N_LINES {
            lines.n_more += 1;
            continue;
        }
        let description = line.text("description");
        lines.first.push(match line.value("quantity").number() {
            Some(quantity) if quantity != 1.0 => format!("{quantity} × {description}"),
            _ => description.to_string(),
        });
    }
    for entry in entries.iter_mut().filter(|entry| entry.what == What::Order) {
        entry.lines = bought.remove(&entry.id);
    }
    Ok(())
}

fn one_of(field: &str, ids: &BTreeSet<i64>) -> Expr {
    let literal = |id: &i64| Literal { text: id.to_string(), quoted: true };
    Expr::Compare { path: vec![field.to_string()], op: Op::In, values: ids.iter().map(literal).collect() }
}
