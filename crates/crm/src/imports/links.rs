//! Turns what a file says of another record (its number, its id elsewhere, its name) into the record.

use std::collections::HashMap;
use std::sync::Arc;

use db::Tx;
use kernel::fold::fold;
use kernel::{Ctx, Field, Kind, Object, Result, Sql, Storage, column_sql};

use super::lookups::{Lookup, visible_sql};

/// Answers that are remembered; beyond it, the database is asked again.
const N_REMEMBERED: usize = 500_000;

/// One way to find a record.
struct Way {
    lookup: Lookup,
    by: By,
}

#[derive(Clone, Copy, PartialEq)]
enum By {
    Id,
    Text,
    Name,
}

/// The records that one link field may point to.
pub(super) struct Links {
    target: Arc<Object>,
    ways: Vec<Way>,
    known: HashMap<String, Answer>,
}

#[derive(Clone, Copy)]
enum Answer {
    One(i64),
    Several,
    Hidden,
    None,
}

impl Links {
    /// *Errors*: not a link, or one to an object that is not there.
    pub(super) fn new(ctx: &Ctx, field: &Field) -> Result<Links> {
        let Kind::Link(target) = &field.kind else {
            return Err(kernel::Error::invalid(&field.key, "is no link"));
        };
        let target = ctx.catalogue.need(target)?.clone();
        let way = |column: &str, by: By| -> Result<Way> {
            let build = |list: &str, sql: &mut Sql| {
                let visible = visible_sql(ctx, &target, "t", sql)?;
                let fixed = target
                    .fixed
                    .as_ref()
                    .map(|f| format!(" AND {}", f.replace("{t}", "t")))
                    .unwrap_or_default();
                let living = if by == By::Id { "" } else { " AND t.archived_at IS NULL" };
                Ok(format!(
                    "SELECT {column}, t.id, {visible} FROM {} t WHERE {column} IN {list}{fixed}{living}",
                    target.table
                ))
            };
            Ok(Way { lookup: Lookup::new(build)?, by })
        };
        let mut ways = vec![way("t.id", By::Id)?];
        for field in
            target.fields.iter().filter(|f| f.unique && f.kind == Kind::Text || f.kind == Kind::Email)
        {
            ways.push(way(&column_sql(field, "t"), By::Text)?);
        }
        if let Some(title) = target.field(&target.title) {
            let folded = title.storage == Storage::Column("name".into());
            let column = if folded { "t.name_key".to_string() } else { column_sql(title, "t") };
            ways.push(way(&column, if folded { By::Name } else { By::Text })?);
        }
        Ok(Links { target, ways, known: HashMap::new() })
    }

    /// Asks the database for those that are not remembered.
    pub(super) fn fetch<'t>(&mut self, tx: &mut Tx<'_>, texts: impl Iterator<Item = &'t str>) -> Result<()> {
        if self.known.len() > N_REMEMBERED {
            self.known.clear();
        }
        let mut open: Vec<&str> = texts.filter(|text| !self.known.contains_key(*text)).collect();
        open.sort_unstable();
        open.dedup();
        for way in &self.ways {
            let mut asked: HashMap<String, Vec<&str>> = HashMap::new();
            for text in &open {
                if let Some(value) = way.by.value(text) {
                    asked.entry(value).or_default().push(text);
                }
            }
            let values: Vec<db::Value> = asked
                .keys()
                .map(|value| match way.by {
                    By::Id => value.parse::<i64>().map_or(db::Value::Null, db::Value::Int),
                    By::Text | By::Name => value.as_str().into(),
                })
                .collect();
            let known = &mut self.known;
            way.lookup.each(tx, values, |row| {
                let value = match row.get(0) {
                    db::Value::Int(id) => id.to_string(),
                    db::Value::Text(text) => text.clone(),
                    _ => String::new(),
                };
                let found =
                    if *row.get(2) == db::Value::Int(1) { Answer::One(row.int(1)?) } else { Answer::Hidden };
                for text in asked.get(&value).into_iter().flatten() {
                    let answer = match (known.get(*text), found) {
                        (Some(Answer::One(a)), Answer::One(b)) if *a != b => Answer::Several,
                        (Some(answer @ (Answer::One(_) | Answer::Several)), _) => *answer,
                        _ => found,
                    };
                    known.insert(text.to_string(), answer);
                }
                Ok(())
            })?;
            open.retain(|text| !self.known.contains_key(*text));
        }
        for text in open {
            self.known.insert(text.to_string(), Answer::None);
        }
        Ok(())
    }

    /// The record that the text means. *Errors*: one sentence.
    pub(super) fn find(&self, text: &str) -> std::result::Result<i64, String> {
        let shown: String = text.chars().take(80).collect();
        let one = self.target.singular.to_lowercase();
        match self.known.get(text) {
            Some(Answer::One(id)) => Ok(*id),
            Some(Answer::Several) => {
                Err(format!("“{shown}” could be more than one {one}; its number would tell"))
            }
            Some(Answer::Hidden) | Some(Answer::None) | None => Err(format!("there is no {one} “{shown}”")),
        }
    }
}

impl By {
    /// The value to look for, when the text can be one.
    fn value(self, text: &str) -> Option<String> {
        match self {
            By::Id => text.strip_prefix('#').unwrap_or(text).parse::<i64>().ok().map(|id| id.to_string()),
            By::Text => Some(text.to_string()),
            By::Name => Some(fold(text)),
        }
    }
}
