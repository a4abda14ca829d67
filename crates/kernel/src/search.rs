//! Full-text search over all objects: prefixes of words, accents folded, digits of phone numbers in any format,
//! parts of e-mail addresses. One of the few places that names the engine.

use db::{Engine, Tx, Value};

use crate::access::Action;
use crate::catalogue::{Field, Kind, Object};
use crate::fold::{digits, fold, words};
use crate::list::{ListQuery, list};
use crate::sql::{Sql, column_sql, folded_column, scope_sql};
use crate::{Ctx, Record, Result};

/// What a record is found by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doc {
    /// Folded words with a space between them.
    pub words: String,
    /// Addresses and digits that are found by any part of at least three characters.
    pub parts: String,
}

/// Characters of a word that count.
const WORD_LIMIT: usize = 64;
/// Bytes of words within which repetitions are left out; in a long text looking for them costs more than they do.
const REPEATS_LIMIT: usize = 200;
/// Candidates that are looked at before the best are shown.
const N_CANDIDATES: usize = 120;

impl Doc {
    /// Adds the value of a field.
    pub fn add(&mut self, kind: &Kind, text: &str) {
        if text.is_empty() {
            return;
        }
        match kind {
            Kind::Phone => self.part(digits(text).trim_start_matches('0')),
            Kind::Email | Kind::Url => {
                self.part(&fold(text));
                self.words_of(text);
            }
            _ => self.words_of(text),
        }
    }

    fn part(&mut self, text: &str) {
        if !self.parts.is_empty() {
            self.parts.push(' ');
        }
        self.parts.push_str(text);
    }

    fn words_of(&mut self, text: &str) {
        for word in words(text) {
            let short = word.char_indices().nth(WORD_LIMIT).map_or(word.as_str(), |(end, _)| &word[..end]);
            // Once is enough to be found; an address often repeats the name.
            if self.words.len() < REPEATS_LIMIT && self.words.split(' ').any(|known| known == short) {
                continue;
            }
            if !self.words.is_empty() {
                self.words.push(' ');
            }
            self.words.push_str(short);
        }
    }

    /// Nothing to find?
    pub fn vacant(&self) -> bool {
        self.words.is_empty() && self.parts.is_empty()
    }
}

/// Puts a record into the index, or replaces what was there. `known` says that it may be there already.
pub fn put(tx: &mut Tx<'_>, id: i64, object: &str, doc: &Doc, known: bool) -> Result<()> {
    if known {
        remove(tx, id)?;
    }
    if doc.vacant() {
        return Ok(());
    }
    let (words, parts) = (Value::from(doc.words.as_str()), Value::from(doc.parts.as_str()));
    match tx.engine() {
        Engine::Sqlite => {
            tx.execute("INSERT INTO search_docs (id, object) VALUES ($1, $2)", &[id.into(), object.into()])?;
            tx.execute("INSERT INTO search_words (rowid, words) VALUES ($1, $2)", &[id.into(), words])?;
            if !doc.parts.is_empty() {
                tx.execute("INSERT INTO search_parts (rowid, parts) VALUES ($1, $2)", &[id.into(), parts])?;
            }
        }
        Engine::Postgres => {
            let sql = "INSERT INTO search_docs (id, object, words, parts)
                       VALUES ($1, $2, array_to_tsvector(string_to_array($3, ' ')), $4)";
            tx.execute(sql, &[id.into(), object.into(), words, parts])?;
        }
    }
    Ok(())
}

/// Puts many new records into the index at once.
pub fn put_many(tx: &mut Tx<'_>, object: &str, docs: &[(i64, Doc)]) -> Result<()> {
    let docs = docs.iter().filter(|(_, doc)| !doc.vacant());
    if tx.engine() == Engine::Sqlite {
        let rows = docs.clone().map(|(id, _)| [Value::Int(*id), object.into()]);
        tx.insert_rows("search_docs", &["id", "object"], rows)?;
        let rows = docs.clone().map(|(id, doc)| [Value::Int(*id), doc.words.as_str().into()]);
        tx.insert_rows("search_words", &["rowid", "words"], rows)?;
        let parts = docs.filter(|(_, doc)| !doc.parts.is_empty());
        let rows = parts.map(|(id, doc)| [Value::Int(*id), doc.parts.as_str().into()]);
        tx.insert_rows("search_parts", &["rowid", "parts"], rows)?;
        return Ok(());
    }
    let rows = docs.map(|(id, doc)| {
        vec![Value::Int(*id), object.into(), doc.words.as_str().into(), doc.parts.as_str().into()]
    });
    // A staging table takes the rows by COPY; the server then turns words into vectors in one statement.
    tx.batch("CREATE TEMPORARY TABLE IF NOT EXISTS search_stage (id BIGINT, object TEXT, words TEXT, parts TEXT) ON COMMIT DELETE ROWS")?;
    tx.insert_rows("search_stage", &["id", "object", "words", "parts"], rows)?;
    tx.execute(
        "INSERT INTO search_docs (id, object, words, parts)
         SELECT id, object, array_to_tsvector(string_to_array(words, ' ')), parts FROM search_stage",
        &[],
    )?;
    tx.execute("DELETE FROM search_stage", &[])?;
    Ok(())
}

/// Records and what each is found by.
pub type Docs = Vec<(i64, Doc)>;

/// What the living records of an object are found by, a page at a time, to build the index anew.
/// *Shape*: at most 1,000 records and the cursor of the next page.
pub fn docs(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &Object,
    cursor: Option<String>,
) -> Result<(Docs, Option<String>)> {
    let fields: Vec<String> = object.fields.iter().filter(|f| f.searched).map(|f| f.key.clone()).collect();
    if fields.is_empty() || !object.parts.is_empty() {
        return Ok((Vec::new(), None));
    }
    let sort = vec![crate::SortKey { field: "id".into(), descending: false }];
    let query = ListQuery { fields, sort, cursor, limit: 1_000, ..ListQuery::default() };
    let page = list(tx, &ctx.system(), object, &query)?;
    let docs = page.records.iter().map(|r| (r.id, crate::save::search_doc(object, &r.values))).collect();
    Ok((docs, page.next))
}

/// Takes a record out of the index.
pub fn remove(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    if tx.execute("DELETE FROM search_docs WHERE id = $1", &[id.into()])? > 0 && tx.engine() == Engine::Sqlite
    {
        tx.execute("DELETE FROM search_words WHERE rowid = $1", &[id.into()])?;
        tx.execute("DELETE FROM search_parts WHERE rowid = $1", &[id.into()])?;
    }
    Ok(())
}

/// What a person typed, read as the index wants it.
struct Query {
    words: Vec<String>,
    part: Option<String>,
}

fn read(text: &str) -> Query {
    let short: String = text.chars().filter(|c| !c.is_control()).take(200).collect();
    let folded = fold(short.trim());
    let numbers = digits(&short);
    let numeric = numbers.len() >= 3 && short.chars().all(|c| c.is_ascii_digit() || !c.is_alphanumeric());
    let part = if numeric {
        Some(numbers.trim_start_matches('0').to_string())
    } else if !folded.contains(' ') && folded.contains(['@', '.', '-', '_', '+']) {
        Some(folded.clone())
    } else {
        None
    };
    let mut words = words(&short);
    words.truncate(8);
    for word in &mut words {
        *word = word.chars().take(WORD_LIMIT).collect();
    }
    // A number typed with separators is one number, not several words.
    if numeric && short.trim().contains(|c: char| !c.is_ascii_digit()) {
        words.clear();
    }
    Query { words, part: part.filter(|p| p.chars().count() >= 3) }
}

/// The condition that the record `id_sql` is found by `text`; nothing typed finds everything.
pub(crate) fn condition(engine: Engine, text: &str, id_sql: &str, sql: &mut Sql) -> String {
    let query = read(text);
    let mut either = Vec::new();
    match engine {
        Engine::Sqlite => {
            if !query.words.is_empty() {
                let place = sql.bind(match_words(&query.words));
                either.push(format!(
                    "{id_sql} IN (SELECT rowid FROM search_words WHERE search_words MATCH {place})"
                ));
            }
            if let Some(part) = &query.part {
                let place = sql.bind(match_part(part));
                either.push(format!(
                    "{id_sql} IN (SELECT rowid FROM search_parts WHERE search_parts MATCH {place})"
                ));
            }
        }
        Engine::Postgres => {
            if !query.words.is_empty() {
                let place = sql.bind(ts_query(&query.words));
                either.push(format!(
                    "{id_sql} IN (SELECT id FROM search_docs WHERE words @@ CAST({place} AS TEXT)::tsquery)"
                ));
            }
            if let Some(part) = &query.part {
                let place = sql.bind(like(part));
                either.push(format!("{id_sql} IN (SELECT id FROM search_docs WHERE parts LIKE {place})"));
            }
        }
    }
    match either.len() {
        0 => "1 = 0".into(),
        _ => format!("({})", either.join(" OR ")),
    }
}

/// The condition that `text` is found in searched fields that the reader may see, for readers from whom some of
/// them are hidden: the index knows no fields, so nobody could otherwise search without guessing at hidden values.
/// Slower and, but for names, with accents; it narrows what [`condition`] found.
pub(crate) fn seen_condition(
    ctx: &Ctx,
    object: &Object,
    text: &str,
    alias: &str,
    sql: &mut Sql,
) -> Option<String> {
    let searched = || object.fields.iter().filter(|f| f.searched);
    if searched().all(|f| ctx.sees_field(object, f)) {
        return None;
    }
    let query = read(text);
    let seen: Vec<&Field> = searched().filter(|f| ctx.sees_field(object, f)).collect();
    if seen.is_empty() {
        return Some("1 = 0".into());
    }
    let mut somewhere = |word: &str, numbers: bool| -> String {
        let place = sql.bind(like(word));
        let holds = |field: &&Field| {
            let text = match folded_column(object, field) {
                Some(column) => format!("{alias}.{column}"),
                None => format!("LOWER({})", column_sql(field, alias)),
            };
            let plain = |text: String, sign: &str| format!("REPLACE({text}, '{sign}', '')");
            let digits_alone = numbers && field.kind == Kind::Phone;
            let text = if digits_alone {
                PHONE_SIGNS.split_whitespace().fold(plain(text, " "), plain)
            } else {
                text
            };
            format!("{text} LIKE {place} ESCAPE '\\'")
        };
        let either: Vec<String> = seen.iter().map(holds).collect();
        format!("({})", either.join(" OR "))
    };
    let all: Vec<String> = query.words.iter().map(|word| somewhere(word, false)).collect();
    let mut ways: Vec<String> = Vec::new();
    if !all.is_empty() {
        ways.push(format!("({})", all.join(" AND ")));
    }
    ways.extend(query.part.iter().map(|part| somewhere(part, part.bytes().all(|b| b.is_ascii_digit()))));
    Some(if ways.is_empty() { "1 = 0".into() } else { format!("({})", ways.join(" OR ")) })
}

/// What people write between the digits of a phone number, besides spaces.
const PHONE_SIGNS: &str = "+ - ( ) . /";

fn match_words(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|w| format!("\"{w}\"*")).collect();
    words.join(" AND ")
}

fn match_part(part: &str) -> String {
    format!("\"{}\"", part.replace('"', "\"\""))
}

fn ts_query(words: &[String]) -> String {
    let words: Vec<String> =
        words.iter().map(|w| format!("'{}':*", w.replace('\'', "''").replace('\\', "\\\\"))).collect();
    words.join(" & ")
}

fn like(part: &str) -> String {
    format!("%{}%", part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// Finds records of any object by what a person typed; two characters or more.
/// *Shape*: at most `limit` records with their object, the best first: those whose name begins with what was typed.
/// Records that the reader may not see are not found.
pub fn find(tx: &mut Tx<'_>, ctx: &Ctx, text: &str, limit: usize) -> Result<Vec<Record>> {
    let query = read(text);
    if text.trim().chars().count() < 2 {
        return Ok(Vec::new());
    }
    // A reader of few records could miss them behind the candidates that others own: there the scope comes first.
    let mut records = Vec::new();
    let mut narrow: Vec<&str> = Vec::new();
    for object in
        ctx.catalogue.objects().filter(|o| o.parts.is_empty() && o.fields.iter().any(|f| f.searched))
    {
        let scope = scope_sql(ctx, object, Action::See, "t", &mut Sql::default())?;
        let hidden = object.fields.iter().any(|f| f.searched && !ctx.sees_field(object, f));
        if scope.is_some() || hidden {
            narrow.push(&object.key);
            records.extend(among_seen(tx, ctx, object, text)?);
        }
    }
    let mut ids: Vec<(i64, String)> = Vec::new();
    for (sql, param) in candidates(tx.engine(), &query) {
        for row in tx.query(&sql, &[param])? {
            let hit = (row.int(0)?, row.text(1)?.to_string());
            if !ids.contains(&hit) && !narrow.contains(&hit.1.as_str()) {
                ids.push(hit);
            }
        }
    }
    let mut objects: Vec<String> = ids.iter().map(|(_, object)| object.clone()).collect();
    objects.sort();
    objects.dedup();
    for key in objects {
        let Some(object) = ctx.catalogue.object(&key) else { continue };
        let of_this: Vec<i64> = ids.iter().filter(|(_, o)| *o == key).map(|(id, _)| *id).collect();
        records.extend(by_ids(tx, ctx, object, &of_this)?);
    }
    let typed = fold(text.trim());
    records.sort_by_cached_key(|record| {
        let title = ctx.catalogue.object(&record.object).map(|o| fold(record.title(o))).unwrap_or_default();
        let rank = if title == typed {
            0
        } else if title.starts_with(&typed) {
            1
        } else if title.split(' ').any(|w| w.starts_with(&typed)) {
            2
        } else {
            3
        };
        (rank, title.chars().count(), record.id)
    });
    records.truncate(limit);
    Ok(records)
}

/// Statements that give candidates, unranked: ranking reads every match, and a prefix of two letters has many.
fn candidates(engine: Engine, query: &Query) -> Vec<(String, Value)> {
    let mut statements = Vec::new();
    let n = N_CANDIDATES;
    match engine {
        Engine::Sqlite => {
            let from = |table: &str| {
                format!("SELECT d.id, d.object FROM {table} s JOIN search_docs d ON d.id = s.rowid WHERE {table} MATCH $1 LIMIT {n}")
                    .replace(&format!("WHERE {table} MATCH"), &format!("WHERE s.{table} MATCH"))
            };
            if !query.words.is_empty() {
                statements.push((from("search_words"), match_words(&query.words).into()));
            }
            if let Some(part) = &query.part {
                statements.push((from("search_parts"), match_part(part).into()));
            }
        }
        Engine::Postgres => {
            if !query.words.is_empty() {
                let sql = format!(
                    "SELECT id, object FROM search_docs WHERE words @@ CAST($1 AS TEXT)::tsquery LIMIT {n}"
                );
                statements.push((sql, ts_query(&query.words).into()));
            }
            if let Some(part) = &query.part {
                let sql = format!("SELECT id, object FROM search_docs WHERE parts LIKE $1 LIMIT {n}");
                statements.push((sql, like(part).into()));
            }
        }
    }
    statements
}

/// The records with these ids that the reader may see, with the fields that lists show.
fn by_ids(tx: &mut Tx<'_>, ctx: &Ctx, object: &Object, ids: &[i64]) -> Result<Vec<Record>> {
    if ids.is_empty() || ctx.scope(object, Action::See) == crate::Scope::None {
        return Ok(Vec::new());
    }
    let literal = |id: &i64| filter_literal(*id);
    let filter = crate::filter::Expr::Compare {
        path: vec!["id".into()],
        op: crate::filter::Op::In,
        values: ids.iter().map(literal).collect(),
    };
    let fields = shown_fields(ctx, object);
    let query = ListQuery { filter: Some(filter), fields, limit: ids.len(), ..ListQuery::default() };
    Ok(list(tx, ctx, object, &query)?.records)
}

/// Records that are found by `text` among those that the reader may see.
fn among_seen(tx: &mut Tx<'_>, ctx: &Ctx, object: &Object, text: &str) -> Result<Vec<Record>> {
    if ctx.scope(object, Action::See) == crate::Scope::None {
        return Ok(Vec::new());
    }
    let fields = shown_fields(ctx, object);
    let query = ListQuery { search: Some(text.into()), fields, limit: N_CANDIDATES, ..ListQuery::default() };
    Ok(list(tx, ctx, object, &query)?.records)
}

fn shown_fields(ctx: &Ctx, object: &Object) -> Vec<String> {
    let shown = ctx.visible_fields(object).filter(|f| f.listed || f.key == object.title);
    shown.take(8).map(|f| f.key.clone()).collect()
}

fn filter_literal(id: i64) -> crate::filter::Literal {
    crate::filter::Literal { text: id.to_string(), quoted: false }
}
