//! Scores every column against every field and takes the best pairs first.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::normal::{squeezed, words};
use super::{COMPANIES, CONTACTS, ORDERS, PRODUCTS, Target, Wanted};
use crate::{ColumnGuess, Kind};

/// A proposal below this is worse than none.
const MIN_CONFIDENCE: f64 = 0.35;

/// How sure a proposal is that only the values speak for.
const BY_VALUES: f64 = 0.45;

/// A field proposed for a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The key of the field.
    pub key: String,
    /// How sure the proposal is, 0 to 1; below 0.5 a user should look.
    pub confidence: f64,
    /// Why, in plain words.
    pub why: String,
}

/// Proposes a field for each column, in the order of the columns; each field at most once.
///
/// Names decide first, weighed by whether the values fit the field. What is left is matched by values alone where
/// only one column would do: the one column of dates is the date.
pub fn guess_mapping(columns: &[ColumnGuess], targets: &[Target<'_>]) -> Vec<Option<Match>> {
    let synonyms: Vec<Vec<Synonym<'_>>> = targets.iter().map(Synonym::all).collect();
    let mut pairs = Vec::new();
    for (column, guess) in columns.iter().enumerate() {
        let name = Name::new(&guess.name);
        for (target, wanted) in targets.iter().enumerate() {
            let Some((score, why)) = name.best(&synonyms[target]) else { continue };
            let confidence = score * fitness(guess.kind, wanted.kind);
            if confidence >= MIN_CONFIDENCE {
                pairs.push((confidence, column, target, why));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut matches: Vec<Option<Match>> = vec![None; columns.len()];
    let mut taken = vec![false; targets.len()];
    for (confidence, column, target, why) in pairs {
        if matches[column].is_none() && !taken[target] {
            taken[target] = true;
            matches[column] = Some(Match { key: targets[target].key.to_owned(), confidence, why });
        }
    }
    by_values(columns, targets, &mut matches, &mut taken);
    matches
}

/// Whether the name is one that files usually have.
pub(crate) fn known(name: &str) -> bool {
    static KNOWN: OnceLock<HashSet<String>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let targets = [ORDERS, CONTACTS, COMPANIES, PRODUCTS].into_iter().flatten();
        targets.flat_map(|t| t.synonyms.iter().chain([&t.label])).map(|name| squeezed(&words(name))).collect()
    });
    let name = Name::new(name);
    known.contains(&name.squeezed) || known.contains(&squeezed(&name.core))
}

/// One name of a field, taken apart.
struct Synonym<'t> {
    text: &'t str,
    words: Vec<String>,
    squeezed: String,
    /// What is taken from the score: earlier ones are surer, weak ones far from sure.
    doubt: f64,
}

impl<'t> Synonym<'t> {
    fn all(target: &Target<'t>) -> Vec<Self> {
        let label = std::iter::once(target.label).chain([target.key]);
        let all = target.synonyms.iter().copied().chain(label);
        all.enumerate()
            .map(|(at, text)| {
                let (text, weak) = text.strip_prefix('~').map_or((text, 0.0), |text| (text, 0.35));
                let words = words(text);
                let squeezed = squeezed(&words);
                Synonym { text, words, squeezed, doubt: (at as f64 * 0.0005).min(0.05) + weak }
            })
            .collect()
    }
}

/// The name of a column, taken apart.
struct Name {
    words: Vec<String>,
    squeezed: String,
    /// Without words that only fill: `E-mail 1 - Value` is `e mail`.
    core: Vec<String>,
}

impl Name {
    fn new(name: &str) -> Self {
        let words = words(name);
        let filling = |word: &String| {
            let word = word.as_str();
            let article = matches!(
                word,
                "the"
                    | "of"
                    | "de"
                    | "des"
                    | "du"
                    | "del"
                    | "la"
                    | "le"
                    | "el"
                    | "der"
                    | "die"
                    | "das"
                    | "do"
                    | "da"
                    | "di"
            );
            article || matches!(word, "1" | "value" | "your" | "field") || currency_word(word)
        };
        let core: Vec<String> = words.iter().filter(|word| !filling(word)).cloned().collect();
        let core = if core.is_empty() { words.clone() } else { core };
        Name { squeezed: squeezed(&words), words, core }
    }

    /// The synonym that fits best: its score up to 1, and why.
    fn best(&self, synonyms: &[Synonym<'_>]) -> Option<(f64, String)> {
        let mut best: Option<(f64, &Synonym<'_>)> = None;
        for synonym in synonyms {
            let score = self.score(synonym) - synonym.doubt;
            if score > 0.0 && best.is_none_or(|(most, _)| score > most) {
                best = Some((score, synonym));
            }
        }
        let (score, synonym) = best?;
        let how = if score > 0.9 { "is named" } else { "is named like" };
        Some((score, format!("{how} “{}”", synonym.text)))
    }

    fn score(&self, synonym: &Synonym<'_>) -> f64 {
        if self.squeezed.is_empty() || synonym.squeezed.is_empty() {
            return 0.0;
        }
        if self.squeezed == synonym.squeezed {
            return 1.0;
        }
        if squeezed(&self.core) == synonym.squeezed {
            return 0.96;
        }
        let shared = synonym.words.iter().filter(|word| self.words.contains(word)).count();
        let (n_own, n_its) = (self.words.len(), synonym.words.len());
        if shared == n_its && shared == n_own {
            return 0.94;
        }
        if shared == n_its && n_its == 1 && GENERAL.contains(&synonym.squeezed.as_str()) {
            return 0.3;
        }
        if shared == n_its {
            // `net amount in EUR` is an amount; the last word says most in English, the first in Spanish.
            let head = self.core.last() == synonym.words.last() || self.core.first() == synonym.words.first();
            let share = n_its as f64 / self.core.len().max(n_its) as f64;
            return if head { 0.45 + 0.4 * share } else { 0.25 + 0.4 * share };
        }
        if shared == n_own {
            return 0.55 * n_own as f64 / n_its as f64;
        }
        // Languages that write words together: `Kundenemail`, `Gesamtumsatz`.
        let long = synonym.squeezed.len() >= 5 && self.squeezed.len() <= 40;
        if long && self.squeezed.ends_with(&synonym.squeezed) {
            return 0.6;
        }
        0.0
    }
}

/// Words that mean a field alone, but not with another word beside them: a middle name is not the name.
const GENERAL: &[&str] = &[
    "name",
    "id",
    "key",
    "code",
    "type",
    "title",
    "label",
    "group",
    "account",
    "description",
    "state",
    "count",
    "day",
    "service",
    "item",
    "order",
    "customer",
    "contact",
    "first",
    "last",
    "role",
    "place",
    "size",
    "land",
    "ort",
    "web",
    "nom",
    "nombre",
    "nome",
    "tipo",
    "value",
    "rate",
    "function",
    "position",
    "line",
    "person",
];

/// Currencies beside a name are no part of it: `Amount (EUR)`. They count when nothing else is there.
fn currency_word(word: &str) -> bool {
    matches!(word, "eur" | "usd" | "gbp" | "chf" | "euro" | "cad" | "aud" | "jpy" | "inr" | "brl")
}

/// How well values fit a field: 1 is well, 0 is not at all.
fn fitness(kind: Kind, wanted: Wanted) -> f64 {
    let numeric = matches!(kind, Kind::Integer | Kind::Decimal | Kind::Money { .. });
    match (wanted, kind) {
        (_, Kind::Empty) => 0.8,
        (Wanted::Date, Kind::Date | Kind::DateTime) => 1.0,
        (Wanted::Date, Kind::Text | Kind::Choice) => 0.4,
        (Wanted::Date, _) => 0.2,
        (_, Kind::Date | Kind::DateTime) => 0.2,
        (Wanted::Money, Kind::Money { .. } | Kind::Decimal) => 1.0,
        (Wanted::Decimal, _) if numeric => 1.0,
        (Wanted::Money | Wanted::Count | Wanted::Integer, Kind::Integer) => 0.97,
        (Wanted::Count | Wanted::Integer, Kind::Decimal) => 0.7,
        (Wanted::Count | Wanted::Integer | Wanted::Money | Wanted::Decimal, Kind::Boolean | Kind::Id) => 0.5,
        (Wanted::Integer, Kind::Choice | Kind::Text) => 0.6,
        (Wanted::Money | Wanted::Count | Wanted::Decimal, Kind::Choice | Kind::Text) => 0.3,
        (Wanted::Money | Wanted::Count | Wanted::Integer | Wanted::Decimal, _) => 0.2,
        (Wanted::Email, Kind::Email) | (Wanted::Url, Kind::Url) | (Wanted::Phone, Kind::Phone) => 1.0,
        (Wanted::Email, Kind::Text | Kind::Choice) => 0.6,
        (Wanted::Phone, Kind::Integer | Kind::Id | Kind::Text | Kind::Choice) => 0.9,
        (Wanted::Url, Kind::Text | Kind::Choice) => 0.9,
        (Wanted::Email | Wanted::Phone | Wanted::Url, _) => 0.1,
        (Wanted::Boolean, Kind::Boolean) => 1.0,
        (Wanted::Boolean, _) => 0.4,
        (Wanted::Id, Kind::Decimal | Kind::Money { .. } | Kind::Boolean) => 0.3,
        (Wanted::Id, Kind::Phone | Kind::Url) => 0.6,
        (Wanted::Id, _) => 1.0,
        (Wanted::Text | Wanted::Choice, Kind::Decimal | Kind::Money { .. }) => 0.3,
        (Wanted::Text | Wanted::Choice, Kind::Email | Kind::Phone) => 0.4,
        (Wanted::Text, Kind::Id) => 0.7,
        (Wanted::Text, Kind::Boolean) => 0.4,
        (Wanted::Choice, Kind::Id | Kind::Integer) | (Wanted::Text, Kind::Integer | Kind::Url) => 0.7,
        (Wanted::Text | Wanted::Choice, _) => 1.0,
    }
}

/// Fills what names have left open, where a single column has the right values and no other field of the same kind is
/// filled.
fn by_values(
    columns: &[ColumnGuess],
    targets: &[Target<'_>],
    matches: &mut [Option<Match>],
    taken: &mut [bool],
) {
    for (target, wanted) in targets.iter().enumerate() {
        let same_kind_taken =
            targets.iter().zip(taken.iter()).any(|(t, taken)| *taken && t.kind == wanted.kind);
        if taken[target] || same_kind_taken {
            continue;
        }
        let mut able = columns.iter().enumerate().filter(|(column, guess)| {
            matches[*column].is_none()
                && evident(guess, wanted.kind)
                && (wanted.kind != Wanted::Id || wanted.required)
        });
        let (Some((column, guess)), None) = (able.next(), able.next()) else { continue };
        taken[target] = true;
        let why = if wanted.kind == Wanted::Count {
            "is the only column left with small whole numbers".to_owned()
        } else {
            format!("is the only column left with {}", guess.kind)
        };
        matches[column] = Some(Match { key: wanted.key.to_owned(), confidence: BY_VALUES, why });
    }
}

/// Whether the values of a column alone speak for a field of this kind.
fn evident(guess: &ColumnGuess, wanted: Wanted) -> bool {
    match wanted {
        Wanted::Email => guess.kind == Kind::Email,
        Wanted::Phone => guess.kind == Kind::Phone,
        Wanted::Url => guess.kind == Kind::Url,
        Wanted::Date => matches!(guess.kind, Kind::Date | Kind::DateTime),
        Wanted::Money => matches!(guess.kind, Kind::Money { .. } | Kind::Decimal),
        Wanted::Id => guess.kind == Kind::Id,
        Wanted::Count => guess.kind == Kind::Integer && small(guess) && !measures(&guess.name),
        _ => false,
    }
}

fn small(guess: &ColumnGuess) -> bool {
    !guess.samples.is_empty()
        && guess.samples.iter().all(|sample| sample.parse::<u32>().is_ok_and(|n| (1..1000).contains(&n)))
}

/// Small whole numbers that count no goods.
fn measures(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "age", "alter", "edad", "year", "month", "week", "day", "hour", "rating", "score", "rank", "stars",
        "level", "tenure", "id", "size", "version",
    ];
    words(name).iter().any(|word| WORDS.contains(&word.as_str()))
}
