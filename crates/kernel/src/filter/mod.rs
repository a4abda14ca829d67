//! The filter language: one grammar for URL, pages, API and segments.
//!
//! ```text
//! tier = gold and lifetime_value > 500
//! company.industry in ("Retail", Hotels) or city ~ "san"
//! has orders(placed_on >= today-90d) and has no cases(status = open)
//! birth_on is empty and not (owner = me)
//! ```
//!
//! Words: `= != < <= > >=`, `~` contains, `^=` starts with, `in (…)`, `between a and b`, `is empty`,
//! `is not empty`, `and`, `or`, `not`, `has`, `has no`. Days: `2026-01-31`, `today`, `yesterday`, `tomorrow`,
//! `this_week`, `this_month`, `this_year`, each with `-90d`, `+2w`, `-3m`, `-1y`. `me` is the reader.

mod compile;
mod parse;
mod words;

pub use compile::compile;
pub use parse::parse;
pub use words::{in_words, leaf_words};

/// A condition over records of one object.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// All of them hold; with none, always true.
    And(Vec<Expr>),
    /// One of them holds.
    Or(Vec<Expr>),
    /// It does not hold.
    Not(Box<Expr>),
    /// A field compared with values.
    Compare {
        /// The field, or link fields leading to it: `["company", "industry"]`.
        path: Vec<String>,
        /// How.
        op: Op,
        /// With what: one value; two for `between`; any number for `in`.
        values: Vec<Literal>,
    },
    /// A field is empty.
    Empty(Vec<String>),
    /// Related records exist that meet a condition.
    Has {
        /// Name of the relation: `orders`.
        relation: String,
        /// What they must meet.
        inner: Option<Box<Expr>>,
    },
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Equal; text without regard to case.
    Eq,
    /// Not equal; an empty field is not equal to anything.
    Ne,
    /// Less, earlier.
    Lt,
    /// At most.
    Le,
    /// Greater, later.
    Gt,
    /// At least.
    Ge,
    /// Text contains.
    Contains,
    /// Text starts with.
    Starts,
    /// One of the values.
    In,
    /// Between two values, both included.
    Between,
}

impl Op {
    /// How it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Op::Eq => "=",
            Op::Ne => "!=",
            Op::Lt => "<",
            Op::Le => "<=",
            Op::Gt => ">",
            Op::Ge => ">=",
            Op::Contains => "~",
            Op::Starts => "^=",
            Op::In => "in",
            Op::Between => "between",
        }
    }
}

/// A value as written; its meaning depends on the field it is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// The text between quotes, or the bare word.
    pub text: String,
    /// Was it quoted? A quoted `"today"` is the word, not the day.
    pub quoted: bool,
}

/// Why a filter text is not a filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at character {at})")]
pub struct Trouble {
    /// What is wrong.
    pub message: String,
    /// Where, counted in characters from 1.
    pub at: usize,
}

impl std::fmt::Display for Expr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let join = |f: &mut std::fmt::Formatter<'_>, parts: &[Expr], word: &str| {
            for (n, part) in parts.iter().enumerate() {
                if n > 0 {
                    write!(f, " {word} ")?;
                }
                match part {
                    Expr::And(_) | Expr::Or(_) => write!(f, "({part})")?,
                    _ => write!(f, "{part}")?,
                }
            }
            Ok(())
        };
        match self {
            Expr::And(parts) => join(f, parts, "and"),
            Expr::Or(parts) => join(f, parts, "or"),
            // Brackets only where the reader needs them: each pair counts as a level of nesting.
            Expr::Not(inner) => match &**inner {
                Expr::And(_) | Expr::Or(_) => write!(f, "not ({inner})"),
                _ => write!(f, "not {inner}"),
            },
            Expr::Empty(path) => write!(f, "{} is empty", path.join(".")),
            Expr::Has { relation, inner: None } => write!(f, "has {relation}"),
            Expr::Has { relation, inner: Some(inner) } => write!(f, "has {relation}({inner})"),
            Expr::Compare { path, op: Op::In, values } => {
                let values: Vec<String> = values.iter().map(ToString::to_string).collect();
                write!(f, "{} in ({})", path.join("."), values.join(", "))
            }
            Expr::Compare { path, op: Op::Between, values } => match values.as_slice() {
                [low, high] => write!(f, "{} between {low} and {high}", path.join(".")),
                _ => Ok(()),
            },
            Expr::Compare { path, op, values } => {
                write!(f, "{} {} ", path.join("."), op.sign())?;
                values.first().map_or(Ok(()), |v| write!(f, "{v}"))
            }
        }
    }
}

impl std::fmt::Display for Literal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.quoted {
            return write!(f, "{}", self.text);
        }
        write!(f, "\"{}\"", self.text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}
