//! A condition in plain words, for chips and segments.

use super::{Expr, Op};
use crate::catalogue::{Catalogue, Kind, Object};

/// The condition as a person would say it: `Tier is Gold and Lifetime value is above 500`.
pub fn in_words(catalogue: &Catalogue, object: &Object, expr: &Expr) -> String {
    match expr {
        Expr::And(parts) if parts.is_empty() => "all".into(),
        Expr::And(parts) => joined(catalogue, object, parts, "and"),
        Expr::Or(parts) => joined(catalogue, object, parts, "or"),
        Expr::Not(inner) => match &**inner {
            Expr::Empty(path) => format!("{} is known", label(catalogue, object, path)),
            Expr::Has { relation, inner } => has(catalogue, object, relation, inner.as_deref(), "has no"),
            Expr::Compare { path, op: Op::In, values } => {
                let values: Vec<String> =
                    values.iter().map(|v| value(catalogue, object, path, &v.text)).collect();
                format!("{} is none of {}", label(catalogue, object, path), values.join(", "))
            }
            other => format!("not ({})", in_words(catalogue, object, other)),
        },
        Expr::Empty(path) => format!("{} is empty", label(catalogue, object, path)),
        Expr::Has { relation, inner } => has(catalogue, object, relation, inner.as_deref(), "has"),
        Expr::Compare { path, op, values } => {
            let shown: Vec<String> = values.iter().map(|v| value(catalogue, object, path, &v.text)).collect();
            let name = label(catalogue, object, path);
            let first = shown.first().map(String::as_str).unwrap_or_default();
            match op {
                Op::In => format!("{name} is one of {}", shown.join(", ")),
                Op::Between => format!("{name} is between {}", shown.join(" and ")),
                op => format!("{name} {} {first}", op_words(*op, field_kind(catalogue, object, path))),
            }
        }
    }
}

/// A single comparison as its parts for a chip: field, words between, value; `None` for anything nested.
pub fn leaf_words(
    catalogue: &Catalogue,
    object: &Object,
    expr: &Expr,
) -> Option<(String, &'static str, String)> {
    match expr {
        Expr::Empty(path) => Some((label(catalogue, object, path), "is empty", String::new())),
        Expr::Not(inner) => match &**inner {
            Expr::Empty(path) => Some((label(catalogue, object, path), "is known", String::new())),
            _ => None,
        },
        Expr::Compare { path, op, values } => {
            let shown: Vec<String> = values.iter().map(|v| value(catalogue, object, path, &v.text)).collect();
            let joint = if *op == Op::Between { " and " } else { ", " };
            let words = op_words(*op, field_kind(catalogue, object, path));
            Some((label(catalogue, object, path), words, shown.join(joint)))
        }
        _ => None,
    }
}

/// The words between a field and its value: `is above`, or `is after` for days.
fn op_words(op: Op, kind: Option<Kind>) -> &'static str {
    let temporal = matches!(kind, Some(Kind::Date | Kind::Time));
    match op {
        Op::Eq => "is",
        Op::Ne => "is not",
        Op::Lt if temporal => "is before",
        Op::Le if temporal => "is on or before",
        Op::Gt if temporal => "is after",
        Op::Ge if temporal => "is on or after",
        Op::Lt => "is below",
        Op::Le => "is at most",
        Op::Gt => "is above",
        Op::Ge => "is at least",
        Op::Contains => "contains",
        Op::Starts => "starts with",
        Op::In => "is one of",
        Op::Between => "is between",
    }
}

fn joined(catalogue: &Catalogue, object: &Object, parts: &[Expr], word: &str) -> String {
    let parts: Vec<String> = parts
        .iter()
        .map(|p| match p {
            Expr::And(_) | Expr::Or(_) => format!("({})", in_words(catalogue, object, p)),
            _ => in_words(catalogue, object, p),
        })
        .collect();
    parts.join(&format!(" {word} "))
}

fn has(catalogue: &Catalogue, object: &Object, relation: &str, inner: Option<&Expr>, word: &str) -> String {
    let many = catalogue.relations(&object.key).into_iter().find(|r| r.key == relation);
    let many = many.and_then(|r| catalogue.object(&r.object));
    match (many, inner) {
        (Some(many), Some(inner)) => {
            format!("{word} {} where {}", many.plural.to_lowercase(), in_words(catalogue, many, inner))
        }
        (Some(many), None) => format!("{word} {}", many.plural.to_lowercase()),
        (None, _) => format!("{word} {relation}"),
    }
}

fn label(catalogue: &Catalogue, object: &Object, path: &[String]) -> String {
    let Some((key, rest)) = path.split_first() else { return String::new() };
    let Some(field) = object.field(key) else { return path.join(".") };
    match (&field.kind, rest) {
        (Kind::Link(target), [_, ..]) => match catalogue.object(target) {
            Some(target) => format!("{} › {}", field.label, label(catalogue, target, rest)),
            None => path.join("."),
        },
        _ => field.label.clone(),
    }
}

fn field_kind(catalogue: &Catalogue, object: &Object, path: &[String]) -> Option<Kind> {
    let (key, rest) = path.split_first()?;
    let field = object.field(key)?;
    match (&field.kind, rest) {
        (Kind::Link(target), [_, ..]) => field_kind(catalogue, catalogue.object(target)?, rest),
        (kind, _) => Some(kind.clone()),
    }
}

fn value(catalogue: &Catalogue, object: &Object, path: &[String], text: &str) -> String {
    let kind = field_kind(catalogue, object, path);
    let choice = kind.iter().flat_map(|k| k.choices()).find(|c| c.key == text);
    choice.map_or_else(|| text.to_string(), |c| c.label.clone())
}
