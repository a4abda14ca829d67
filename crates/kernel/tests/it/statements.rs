//! Every statement that the generic doors can make, for every object and field, run on both engines.

use kernel::filter::{Expr, Literal, Op};
use kernel::{Action, Ctx, Kind, ListQuery, Object, Rights, SortKey, Value};
use testkit::{World, both};

/// A text that fits a field, for comparisons.
fn sample(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::LongText => "ana",
        Kind::Whole | Kind::Link(_) => "12",
        Kind::Number => "1.5",
        Kind::Money => "12.50",
        Kind::Percent => "0.5",
        Kind::Date => "2026-01-31",
        Kind::Time => "2026-01-31T09:30:00Z",
        Kind::Truth => "yes",
        Kind::Choice(_) | Kind::Choices(_) => "",
        Kind::Email => "ana@example.com",
        Kind::Phone => "+49 30 1234567",
        Kind::Url => "https://example.com",
        Kind::Currency => "EUR",
    }
}

fn sample_of(kind: &Kind) -> String {
    kind.choices().first().map_or_else(|| sample(kind).to_string(), |choice| choice.key.clone())
}

fn ops(kind: &Kind) -> Vec<Op> {
    let mut ops = vec![Op::Eq, Op::Ne, Op::In];
    match kind {
        Kind::Choice(_) | Kind::Choices(_) | Kind::Truth => {}
        Kind::Link(_) => ops.extend([Op::Contains, Op::Starts]),
        kind => {
            ops.extend([Op::Lt, Op::Le, Op::Gt, Op::Ge, Op::Between]);
            if kind.textual() {
                ops.extend([Op::Contains, Op::Starts]);
            }
        }
    }
    ops
}

fn compare(path: &[&str], op: Op, value: &str) -> Expr {
    let literal = Literal { text: value.into(), quoted: true };
    let n = if matches!(op, Op::In | Op::Between) { 2 } else { 1 };
    Expr::Compare { path: path.iter().map(|p| (*p).into()).collect(), op, values: vec![literal; n] }
}

/// Filters over each field, each field of each linked record, and each relation.
fn filters(ctx: &Ctx, object: &Object) -> Vec<Expr> {
    let mut all = Vec::new();
    for field in &object.fields {
        let path = [field.key.as_str()];
        all.extend(ops(&field.kind).into_iter().map(|op| compare(&path, op, &sample_of(&field.kind))));
        all.push(Expr::Empty(vec![field.key.clone()]));
        let Kind::Link(target) = &field.kind else { continue };
        all.push(compare(&path, Op::Eq, "me"));
        all.push(compare(&path, Op::Eq, "Ana"));
        for inner in &ctx.catalogue.need(target).unwrap().fields {
            all.push(compare(&[&field.key, &inner.key], Op::Eq, &sample_of(&inner.kind)));
            all.push(Expr::Empty(vec![field.key.clone(), inner.key.clone()]));
        }
    }
    for relation in ctx.catalogue.relations(&object.key) {
        all.push(Expr::Has { relation: relation.key.clone(), inner: None });
        for field in &ctx.catalogue.need(&relation.object).unwrap().fields {
            let inner = compare(&[&field.key], Op::Eq, &sample_of(&field.kind));
            all.push(Expr::Not(Box::new(Expr::Has {
                relation: relation.key.clone(),
                inner: Some(Box::new(inner)),
            })));
        }
    }
    all
}

/// The founder, and someone whose every right has to be worked out in SQL.
fn readers(w: &World) -> Vec<Ctx> {
    let founder = w.ctx();
    let of = |scope: &str| {
        let words = ["see", "create", "change", "archive", "export", "erase"];
        let default: Vec<String> = words.iter().map(|word| format!("\"{word}\":\"{scope}\"")).collect();
        let json = serde_json::from_str(&format!("{{\"default\":{{{}}}}}", default.join(","))).unwrap();
        Ctx {
            rights: Rights::from_roles([&json]).into(),
            teammates: vec![w.founder_id, 7],
            ..founder.clone()
        }
    };
    vec![of("own"), of("team"), of("none"), founder.clone()]
}

#[test]
fn every_object_lists_by_every_field_in_both_directions() {
    both(|w| {
        fill(w);
        fill(w);
        for ctx in [readers(w).remove(0), w.ctx()] {
            for object in ctx.catalogue.objects() {
                for field in &object.fields {
                    for descending in [false, true] {
                        let sort = vec![SortKey { field: field.key.clone(), descending }];
                        let query =
                            ListQuery { sort, fields: vec!["id".into()], limit: 2, ..ListQuery::default() };
                        let page = w.read(|tx| kernel::list(tx, &ctx, object, &query));
                        let Some(next) = page.next else { continue };
                        let query = ListQuery { cursor: Some(next), ..query };
                        let page = w.read(|tx| kernel::list(tx, &ctx, object, &query));
                        let query = ListQuery { cursor: page.previous, ..query };
                        w.read(|tx| kernel::list(tx, &ctx, object, &query));
                    }
                }
            }
        }
    });
}

#[test]
fn every_object_filters_by_every_field_link_and_relation() {
    both(|w| {
        let ctx = readers(w).remove(0);
        for object in ctx.catalogue.objects() {
            for filter in filters(&ctx, object) {
                let fields = vec!["id".into()];
                let search = Some("an".into());
                let query =
                    ListQuery { filter: Some(filter), fields, limit: 2, search, ..ListQuery::default() };
                let listed = w.try_read(|tx| kernel::list(tx, &ctx, object, &query));
                let filter = query.filter.as_ref().unwrap();
                listed.unwrap_or_else(|e| panic!("{:?}: {} where {filter}: {e}", w.engine(), object.key));
            }
        }
    });
}

#[test]
fn every_object_counts_sums_finds_and_exports() {
    both(|w| {
        for ctx in readers(w) {
            for object in ctx.catalogue.objects() {
                w.read(|tx| kernel::count(tx, &ctx, object, &ListQuery::default()));
                let query = ListQuery { export: true, limit: 5, ..ListQuery::default() };
                w.read(|tx| kernel::list(tx, &ctx, object, &query));
                assert!(w.try_read(|tx| kernel::find(tx, &ctx, object, 1)).is_err());
                for action in Action::ALL {
                    w.read(|tx| kernel::may(tx, &ctx, object, 1, action));
                }
                for field in &object.fields {
                    if field.unique {
                        let value = if field.key == "id" { Value::Whole(1) } else { Value::Text("x".into()) };
                        w.read(|tx| kernel::find_by(tx, &ctx, object, &field.key, &value));
                    }
                    if matches!(field.kind, Kind::Choice(_) | Kind::Link(_) | Kind::Truth) {
                        let money =
                            object.fields.iter().find(|f| f.kind == Kind::Money).map(|f| f.key.as_str());
                        let all = ListQuery::default();
                        w.read(|tx| kernel::aggregate(tx, &ctx, object, &all, &field.key, money));
                    }
                }
            }
        }
    });
}

/// Creates one record of every object that takes records, with a value in every field that takes one.
fn fill(w: &World) -> Vec<(String, i64)> {
    let ctx = w.ctx();
    let founder = w.founder_id.to_string();
    let mut made: Vec<(String, i64)> = Vec::new();
    let order = ["companies", "contacts", "products", "pipelines", "stages", "teams", "roles", "users"];
    let rest = [
        "deals",
        "cases",
        "orders",
        "order_lines",
        "tasks",
        "touchpoints",
        "notes",
        "contact_points",
        "relationships",
    ];
    let n = w.ids("companies", "", "").len();
    let id_of = |made: &[(String, i64)], key: &str| {
        let key = if ["parties", "customers"].contains(&key) { "contacts" } else { key };
        made.iter().find(|(object, _)| object == key).map(|(_, id)| id.to_string())
    };
    for key in order.iter().chain(&rest) {
        let object = ctx.catalogue.need(key).unwrap();
        let mut texts: Vec<(&str, String)> = Vec::new();
        for field in object.fields.iter().filter(|f| !f.computed) {
            let text = match &field.kind {
                Kind::Link(target) if target == "users" => founder.clone(),
                Kind::Link(target) => match id_of(&made, target) {
                    Some(id) if *key == "relationships" && field.key == "to" => {
                        id_of(&made, "companies").unwrap_or(id)
                    }
                    Some(id) => id,
                    None => continue,
                },
                _ if field.key == "rights" => "{}".into(),
                Kind::Email if field.unique => format!("ana{n}@example.com"),
                _ if field.unique => format!("ana{n}"),
                kind => sample_of(kind),
            };
            texts.push((&field.key, text));
        }
        let texts: Vec<(&str, &str)> = texts.iter().map(|(key, text)| (*key, text.as_str())).collect();
        made.push(((*key).to_string(), w.create(key, &texts)));
    }
    made
}

#[test]
fn every_object_takes_a_record_with_a_value_in_every_field_and_gives_it_back() {
    both(|w| {
        let ctx = w.ctx();
        for (key, id) in fill(w) {
            let object = ctx.catalogue.need(&key).unwrap();
            let record = w.record(&key, id);
            for field in object.fields.iter().filter(|f| !f.computed) {
                assert!(!record.value(&field.key).vacant(), "{:?}: {key}.{} is empty", w.engine(), field.key);
            }
            assert_eq!(w.ids(&key, &format!("id = {id}"), ""), [id]);
        }
        let writable = ctx.catalogue.objects().filter(|o| o.writable && o.parts.is_empty()).count();
        assert_eq!(fill_len(), writable, "a new object belongs into fill()");
    });
}

fn fill_len() -> usize {
    fill(&World::sqlite()).len()
}

#[test]
fn every_field_can_be_emptied_or_says_why_not() {
    both(|w| {
        let ctx = w.ctx();
        for (key, id) in fill(w) {
            let object = ctx.catalogue.need(&key).unwrap();
            for field in object.fields.iter().filter(|f| !f.computed) {
                match w.try_change(&ctx, &key, id, &[(&field.key, "")]) {
                    Ok(_) | Err(kernel::Error::Invalid(_)) => {}
                    Err(error) => panic!("{:?}: emptying {key}.{}: {error}", w.engine(), field.key),
                }
            }
        }
    });
}

#[test]
fn every_field_takes_its_longest_and_largest_values_or_says_why_not() {
    both(|w| {
        let ctx = w.ctx();
        // Letters of four bytes without repetition: what an index entry finds hardest.
        let wide: String =
            (0..kernel::value::TEXT_LIMIT as u32).map(|n| char::from_u32(0x20000 + n).unwrap()).collect();
        let folding: String =
            (0..kernel::value::TEXT_LIMIT as u32).map(|n| char::from_u32(0xac00 + n * 7).unwrap()).collect();
        for (key, id) in fill(w) {
            let object = ctx.catalogue.need(&key).unwrap();
            for field in object.fields.iter().filter(|f| !f.computed) {
                let texts = match &field.kind {
                    Kind::Text => vec![wide.clone(), folding.clone()],
                    Kind::LongText if field.key != "rights" => vec![wide.repeat(100)],
                    Kind::Whole => vec![i64::MAX.to_string(), i64::MIN.to_string()],
                    Kind::Number => vec!["1e300".into(), "-1e300".into(), "5e-324".into()],
                    Kind::Money => vec!["90071992547409.91".into(), "-90071992547409.91".into()],
                    Kind::Date => vec!["1000-01-01".into(), "9998-12-31".into()],
                    Kind::Time => vec!["1000-01-01T00:00:00Z".into(), "9998-12-31T23:59:59Z".into()],
                    Kind::Url => vec![format!("https://example.com/{}", "ß".repeat(900))],
                    _ => continue,
                };
                for text in texts {
                    match w.try_change(&ctx, &key, id, &[(&field.key, &text)]) {
                        Ok(_) | Err(kernel::Error::Invalid(_)) => {}
                        Err(error) => panic!("{:?}: {key}.{}: {error}", w.engine(), field.key),
                    }
                }
            }
            w.record(&key, id);
        }
    });
}
