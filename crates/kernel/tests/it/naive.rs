//! A second, slow and plain reading of filters and orders, over records in memory, and a world full of records of
//! every kind to compare it with the database.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crm::catalogue::{FIELD_KINDS, NewField};
use jiff::civil::{Date, date};
use kernel::filter::{Expr, Literal, Op};
use kernel::fold::fold;
use kernel::value::days_of;
use kernel::{Catalogue, Field, Kind, Object, SortKey, Storage, Value};
use testkit::World;

/// Records of every object by id, as the founder reads them.
pub(crate) struct Model {
    pub(crate) catalogue: std::sync::Arc<Catalogue>,
    pub(crate) tables: BTreeMap<String, BTreeMap<i64, BTreeMap<String, Value>>>,
    pub(crate) me: i64,
}

/// Days as filters write them, on 15 June 2026, and what they mean.
pub(crate) const DAYS: [(&str, Date); 14] = [
    ("today", date(2026, 6, 15)),
    ("yesterday", date(2026, 6, 14)),
    ("tomorrow", date(2026, 6, 16)),
    ("this_week", date(2026, 6, 15)),
    ("this_month", date(2026, 6, 1)),
    ("this_year", date(2026, 1, 1)),
    ("today-90d", date(2026, 3, 17)),
    ("today+2w", date(2026, 6, 29)),
    ("this_week-1w", date(2026, 6, 8)),
    ("this_month-3m", date(2026, 3, 1)),
    ("this_year-1y", date(2025, 1, 1)),
    ("2026-06-15", date(2026, 6, 15)),
    ("1999-12-31", date(1999, 12, 31)),
    ("2026-02-28", date(2026, 2, 28)),
];

impl Model {
    pub(crate) fn of(w: &World) -> Model {
        let ctx = w.ctx();
        let mut tables = BTreeMap::new();
        for key in ["contacts", "companies", "orders", "deals", "users", "parties", "customers"] {
            let records = w.records(&ctx, key, "", "id").unwrap();
            tables.insert(key.to_string(), records.into_iter().map(|r| (r.id, r.values)).collect());
        }
        Model { catalogue: ctx.catalogue.clone(), tables, me: w.founder_id }
    }

    /// Ids of the records of `object` that meet `expr`.
    pub(crate) fn filter(&self, object: &str, expr: &Expr) -> Vec<i64> {
        let of = self.catalogue.object(object).unwrap();
        let rows = self.tables[object].iter();
        rows.filter(|(id, row)| self.holds(of, **id, row, expr)).map(|(id, _)| *id).collect()
    }

    fn holds(&self, object: &Object, id: i64, row: &BTreeMap<String, Value>, expr: &Expr) -> bool {
        match expr {
            Expr::And(parts) => parts.iter().all(|p| self.holds(object, id, row, p)),
            Expr::Or(parts) => parts.iter().any(|p| self.holds(object, id, row, p)),
            Expr::Not(inner) => !self.holds(object, id, row, inner),
            Expr::Empty(path) => !self.at(object, row, path, &|_, _, value| !value.vacant()),
            Expr::Compare { path, op: Op::Ne, values } => {
                !self.at(object, row, path, &|o, f, v| self.compare(o, f, v, Op::Eq, values))
            }
            Expr::Compare { path, op, values } => {
                self.at(object, row, path, &|o, f, v| self.compare(o, f, v, *op, values))
            }
            Expr::Has { relation, inner } => {
                let relations = self.catalogue.relations(&object.key);
                let relation = relations.iter().find(|r| r.key == *relation).unwrap();
                let many = self.catalogue.object(&relation.object).unwrap();
                self.tables[&relation.object].iter().any(|(many_id, row)| {
                    row[&relation.field] == Value::Link(id)
                        && inner.as_ref().is_none_or(|e| self.holds(many, *many_id, row, e))
                })
            }
        }
    }

    /// Follows links to the last field of `path`; false where a link is empty.
    fn at(
        &self,
        object: &Object,
        row: &BTreeMap<String, Value>,
        path: &[String],
        leaf: &dyn Fn(&Object, &Field, &Value) -> bool,
    ) -> bool {
        let field = object.field(&path[0]).unwrap();
        let value = &row[&path[0]];
        if path.len() == 1 {
            return leaf(object, field, value);
        }
        let Kind::Link(target) = &field.kind else { panic!("{path:?} follows what is no link") };
        let linked = value.link().and_then(|id| self.tables[target].get(&id));
        linked.is_some_and(|row| self.at(self.catalogue.object(target).unwrap(), row, &path[1..], leaf))
    }

    fn compare(&self, object: &Object, field: &Field, value: &Value, op: Op, literals: &[Literal]) -> bool {
        let one =
            |op: Op, literal: &Literal| self.compare(object, field, value, op, std::slice::from_ref(literal));
        match op {
            Op::In => return literals.iter().any(|l| one(Op::Eq, l)),
            Op::Between => return one(Op::Ge, &literals[0]) && one(Op::Le, &literals[1]),
            _ => {}
        }
        let literal = &literals[0];
        let day = DAYS.iter().find(|(text, _)| *text == literal.text).map(|(_, day)| *day);
        match (&field.kind, value) {
            (_, Value::Empty) => false,
            (Kind::Link(_), Value::Link(id)) if literal.text == "me" => *id == self.me,
            (Kind::Link(target), Value::Link(id)) => match literal.text.parse::<i64>() {
                Ok(number) if op == Op::Eq => *id == number,
                _ => {
                    let target = self.catalogue.object(target).unwrap();
                    let title = &self.tables[&target.key][id][&target.title];
                    texts(op, &fold(title.text().unwrap()), &fold(&literal.text))
                }
            },
            (Kind::Choices(_), Value::Many(keys)) => keys.contains(&literal.text),
            (Kind::Choice(_), Value::Text(key)) => *key == literal.text,
            (Kind::Truth, Value::Truth(truth)) => *truth == (literal.text == "yes"),
            (Kind::Date, Value::Date(date)) => ordered(op, date.cmp(&day.unwrap())),
            (Kind::Time, Value::Time(moment)) => {
                let start = days_of(day.unwrap()) * testkit::DAY;
                let within = (start..start + testkit::DAY).contains(moment);
                ordered(op, if within { Ordering::Equal } else { moment.cmp(&start) })
            }
            (Kind::Money, Value::Money(minor)) => {
                let asked = (literal.text.parse::<f64>().unwrap() * 100.0).round() as i64;
                ordered(op, minor.cmp(&asked))
            }
            (Kind::Whole, Value::Whole(n)) => ordered(op, n.cmp(&literal.text.parse().unwrap())),
            (Kind::Number | Kind::Percent, Value::Number(n)) => {
                ordered(op, n.partial_cmp(&literal.text.parse::<f64>().unwrap()).unwrap())
            }
            (_, Value::Text(text)) if field.key == object.title => {
                texts(op, &fold(text), &fold(&literal.text))
            }
            (_, Value::Text(text)) if field.unique && op == Op::Eq => *text == literal.text,
            (_, Value::Text(text)) => {
                texts(op, &text.to_ascii_lowercase(), &literal.text.to_ascii_lowercase())
            }
            other => panic!("{other:?} does not fit {}", field.key),
        }
    }

    /// Ids of all records of `object` in the order of `keys`: empty values last, the id last of all.
    pub(crate) fn sort(&self, object: &str, keys: &[SortKey]) -> Vec<i64> {
        let of = self.catalogue.object(object).unwrap();
        let mut rows: Vec<(&i64, &BTreeMap<String, Value>)> = self.tables[object].iter().collect();
        rows.sort_by(|(a_id, a), (b_id, b)| {
            for key in keys {
                let field = of.field(&key.field).unwrap();
                let (a, b) = (&a[&key.field], &b[&key.field]);
                let order = match (a.vacant(), b.vacant()) {
                    (true, true) => Ordering::Equal,
                    (true, false) => Ordering::Greater,
                    (false, true) => Ordering::Less,
                    (false, false) => turned(key.descending, by_value(of, field, a, b)),
                };
                if order != Ordering::Equal {
                    return order;
                }
            }
            turned(keys.last().is_some_and(|k| k.descending), a_id.cmp(b_id))
        });
        rows.into_iter().map(|(id, _)| *id).collect()
    }
}

fn turned(descending: bool, order: Ordering) -> Ordering {
    if descending { order.reverse() } else { order }
}

fn by_value(object: &Object, field: &Field, a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Text(a), Value::Text(b))
            if field.key == object.title && matches!(field.storage, Storage::Column(_)) =>
        {
            fold(a).cmp(&fold(b))
        }
        (Value::Text(a), Value::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
        (a, b) => a.number().partial_cmp(&b.number()).unwrap(),
    }
}

fn ordered(op: Op, order: Ordering) -> bool {
    match op {
        Op::Eq => order.is_eq(),
        Op::Lt => order.is_lt(),
        Op::Le => order.is_le(),
        Op::Gt => order.is_gt(),
        Op::Ge => order.is_ge(),
        other => panic!("{other:?} is no order"),
    }
}

fn texts(op: Op, value: &str, asked: &str) -> bool {
    match op {
        Op::Contains => value.contains(asked),
        Op::Starts => value.starts_with(asked),
        op => ordered(op, value.cmp(asked)),
    }
}

/// Numbers that follow from a seed, the same on both engines.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }

    pub(crate) fn of<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.below(items.len())]
    }
}

pub(crate) const WORDS: [&str; 12] =
    ["Ana", "ana", "Émile", "émile", "Zoë", "o'brien", "100%", "a_b", "ab", "Straße", "北京", "back\\slash"];
pub(crate) const NUMBERS: [&str; 7] = ["0", "-3", "7", "12", "1000000", "2", "3"];
pub(crate) const REALS: [&str; 6] = ["0", "0.1", "-2.5", "1e9", "0.30000000000000004", "3"];
pub(crate) const SHARES: [&str; 4] = ["0", "0.1", "0.5", "1"];
pub(crate) const AMOUNTS: [&str; 6] = ["0", "-5", "12.50", "0.01", "99999.99", "3"];
pub(crate) const MOMENTS: [&str; 5] = [
    "2026-06-15T00:00:00Z",
    "2026-06-14T23:59:59Z",
    "2026-06-15T23:59:59Z",
    "1999-12-31T12:00:00Z",
    "2026-02-28T08:00:00Z",
];
pub(crate) const CHOICES: [&str; 3] = ["red", "dark_green", "blue"];

/// Fills a world with fields of every kind and records, many with the same and with no values.
pub(crate) fn populate(w: &World, seed: u64) {
    let mut dice = Dice::new(seed);
    for kind in FIELD_KINDS {
        let ctx = w.ctx();
        let new = NewField {
            object: "contacts".into(),
            label: format!("X {kind}"),
            kind: kind.into(),
            choices: if kind.starts_with("choice") {
                CHOICES.map(|c| c.replace('_', " ")).to_vec()
            } else {
                vec![]
            },
            target: if kind == "link" { "companies".into() } else { String::new() },
            ..NewField::default()
        };
        w.write(|tx| crm::catalogue::add_field(tx, &ctx, &new));
    }
    let ctx = w.ctx();
    let industries = ["Retail", "retail", "", "Hotels"];
    let companies: Vec<String> = (0..6)
        .map(|n| {
            let name = format!("{} {n}", WORDS[n]);
            w.create("companies", &[("name", &name), ("industry", industries[n % 4])]).to_string()
        })
        .collect();
    let mut contacts = Vec::new();
    for n in 0..50 {
        let mut texts = vec![("name", format!("{} {}", dice.of(&WORDS), dice.of(&["x", "y", ""])))];
        let maybe = |texts: &mut Vec<(&str, String)>, dice: &mut Dice, key: &'static str, values: &[&str]| {
            if dice.below(3) > 0 {
                texts.push((key, dice.of(values).to_string()));
            }
        };
        let days: Vec<&str> =
            DAYS.iter().map(|(text, _)| *text).filter(|d| d.starts_with(['1', '2'])).collect();
        let company_ids: Vec<&str> = companies.iter().map(String::as_str).collect();
        let choices = ["red", "red,blue", "dark_green", "blue,dark_green"];
        maybe(&mut texts, &mut dice, "city", &WORDS);
        maybe(&mut texts, &mut dice, "about", &WORDS);
        maybe(&mut texts, &mut dice, "birth_on", &days);
        maybe(&mut texts, &mut dice, "company", &company_ids);
        maybe(&mut texts, &mut dice, "market_roles", &["customer", "customer,recruit", "supplier"]);
        maybe(&mut texts, &mut dice, "x_text", &WORDS);
        maybe(&mut texts, &mut dice, "x_long_text", &WORDS);
        maybe(&mut texts, &mut dice, "x_whole", &NUMBERS);
        maybe(&mut texts, &mut dice, "x_number", &REALS);
        maybe(&mut texts, &mut dice, "x_money", &AMOUNTS);
        maybe(&mut texts, &mut dice, "x_percent", &SHARES);
        maybe(&mut texts, &mut dice, "x_date", &days);
        maybe(&mut texts, &mut dice, "x_time", &MOMENTS);
        maybe(&mut texts, &mut dice, "x_yes_no", &["yes", "no"]);
        maybe(&mut texts, &mut dice, "x_choice", &CHOICES);
        maybe(&mut texts, &mut dice, "x_choices", &choices);
        maybe(&mut texts, &mut dice, "x_link", &company_ids);
        if dice.below(4) == 0 {
            texts.push(("owner", String::new()));
        }
        texts.push(("external_id", format!("E{}", n / 2 * 2 + 100 * (n % 2))));
        let texts: Vec<(&str, &str)> = texts.iter().map(|(k, t)| (*k, t.as_str())).collect();
        let made = w.try_create(&ctx, "contacts", &texts).unwrap_or_else(|e| panic!("{texts:?}: {e}"));
        contacts.push(made.id);
    }
    for _ in 0..60 {
        let party = contacts[dice.below(contacts.len() / 2)];
        let day = dice.of(&["2026-06-15", "2026-02-28", "1999-12-31"]);
        w.order(party, day, dice.of(&["0", "12.50", "99999.99"]));
    }
    for n in 0..20 {
        let party = contacts[dice.below(contacts.len())];
        w.deal(&format!("{} {n}", dice.of(&WORDS)), party, dice.of(&AMOUNTS));
    }
    score(w, &contacts, &mut dice);
}

/// Scores of some contacts, as a scoring run leaves them.
fn score(w: &World, contacts: &[i64], dice: &mut Dice) {
    let mut rows: Vec<[db::Value; 4]> = Vec::new();
    for id in contacts.iter().step_by(2) {
        let value: db::Value =
            if dice.below(3) == 0 { db::Value::Null } else { (dice.below(4) as i64 * 1250).into() };
        let alive: db::Value = SHARES[dice.below(4)].parse::<f64>().unwrap().into();
        rows.push([(*id).into(), value, alive, dice.of(&["gold", "iron", "lead"]).into()]);
    }
    w.write(|tx| Ok(tx.insert_rows("scores", &["party_id", "lifetime_value", "p_alive", "tier"], &rows)?));
}
