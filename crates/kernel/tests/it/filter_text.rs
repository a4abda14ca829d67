//! The text of filters: what is written reads back the same, and nothing that is typed breaks the reader.

use kernel::filter::{Expr, in_words, parse};
use proptest::prelude::*;
use testkit::World;

use crate::filters::expr;

fn read(text: &str) -> String {
    match parse(text) {
        Ok(expr) => expr.to_string(),
        Err(trouble) => format!("! {trouble}"),
    }
}

#[test]
fn each_form_reads_and_is_written_in_one_way() {
    let forms = [
        ("tier = gold and lifetime_value > 500", "tier = gold and lifetime_value > 500"),
        ("a=1 OR b!=2 or c <> 3", "a = 1 or b != 2 or c != 3"),
        ("(a = 1 or b = 2) and c = 3", "(a = 1 or b = 2) and c = 3"),
        ("((a = 1))", "a = 1"),
        ("not a = 1 and b = 2", "not a = 1 and b = 2"),
        ("not (a = 1 and b = 2)", "not (a = 1 and b = 2)"),
        ("not not a is empty", "not not a is empty"),
        ("a is not empty", "not a is empty"),
        ("a not in (x, \"y z\")", "not a in (x, \"y z\")"),
        ("company.industry in (\"Retail\", Hotels)", "company.industry in (\"Retail\", Hotels)"),
        ("a between 1 and 2 and b = 3", "a between 1 and 2 and b = 3"),
        ("has orders()", "has orders"),
        ("has no cases(status = open)", "not has cases(status = open)"),
        (
            "has orders(placed_on >= today-90d) and x ^= \"y\"",
            "has orders(placed_on >= today-90d) and x ^= \"y\"",
        ),
        (r#"name = "say \"hi\" \\ back""#, r#"name = "say \"hi\" \\ back""#),
        ("name ~ 'it is'", "name ~ \"it is\""),
        ("  ", ""),
    ];
    for (text, written) in forms {
        assert_eq!(read(text), written, "{text}");
        assert_eq!(read(written), written, "{written}");
    }
}

#[test]
fn trouble_says_what_and_where() {
    let wrong = [
        "a",
        "a =",
        "= 1",
        "a = 1 b = 2",
        "a = 1 and",
        "(a = 1",
        "a in 1",
        "a in (1",
        "a is full",
        "a between 1",
        "has",
        "has orders(a",
        "a = \"open",
        "a ! b",
        "a = 1)",
        "name = \"nul \0\"",
        "name = nul\0",
        "not",
    ];
    let told: Vec<String> = wrong.iter().map(|text| read(text)).collect();
    let expected = [
        "! expected a comparison such as = after a (at character 2)",
        "! expected a value (at character 4)",
        "! expected the name of a field (at character 1)",
        "! expected \"and\" or \"or\" here (at character 7)",
        "! expected the name of a field (at character 10)",
        "! a closing bracket is missing (at character 7)",
        "! expected values in brackets (at character 6)",
        "! a closing bracket is missing (at character 8)",
        "! expected \"empty\" (at character 6)",
        "! expected \"and\" and the upper bound (at character 12)",
        "! expected what it should have, such as orders (at character 4)",
        "! expected a comparison such as = after a (at character 13)",
        "! the quotation mark is not closed (at character 5)",
        "! ! has no meaning here (at character 3)",
        "! expected \"and\" or \"or\" here (at character 6)",
        "! text cannot hold the character NUL (at character 13)",
        "! text cannot hold the character NUL (at character 11)",
        "! expected the name of a field (at character 4)",
    ];
    assert_eq!(told, expected);
}

#[test]
fn what_nobody_writes_is_refused_before_it_exhausts_anything() {
    for text in [
        "(".repeat(8_000),
        "not ".repeat(2_000),
        "a = 1 and ".repeat(790),
        "has x(".repeat(1_000),
        "x".repeat(9_000),
    ] {
        assert!(parse(&text).is_err());
    }
    let wide = vec!["a = 1"; 150].join(" or ");
    assert!(parse(&wide).is_ok());
}

/// Pieces of the language in any order, which find more than arbitrary characters do.
fn soup() -> impl Strategy<Value = String> {
    let words = [
        "and",
        "or",
        "not",
        "has",
        "no",
        "is",
        "empty",
        "in",
        "between",
        "(",
        ")",
        ",",
        "=",
        "!=",
        "<",
        "<=",
        "~",
        "^=",
        "<>",
        "!",
        "^",
        "name",
        "company.name",
        "orders",
        "\"",
        "'",
        "\\",
        "\"a b\"",
        "today-90d",
        "12",
        "é",
        "\u{0}",
        ".",
        "..",
        " ",
    ];
    proptest::collection::vec(proptest::sample::select(words.to_vec()), 0..24).prop_map(|w| w.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_the_reader_and_what_it_reads_it_writes_back(text in prop_oneof![soup(), any::<String>(), ".{0,80}"]) {
        if let Ok(read) = parse(&text) {
            prop_assert_eq!(parse(&read.to_string()), Ok(read), "{}", text);
        }
    }

    #[test]
    fn written_and_read_again_a_filter_is_the_same(expr in expr()) {
        prop_assert_eq!(parse(&expr.to_string()), Ok(expr));
    }
}

#[test]
fn every_filter_can_be_said_in_words() {
    let w = World::sqlite();
    let ctx = w.ctx();
    let contacts = ctx.catalogue.need("contacts").unwrap();
    let say = |text: &str| in_words(&ctx.catalogue, contacts, &parse(text).unwrap());
    assert_eq!(say("tier = gold and lifetime_value > 500"), "Tier is Gold and Lifetime value is above 500");
    assert_eq!(say("birth_on < 2000-01-01"), "Birthday is before 2000-01-01");
    assert_eq!(say("company.industry in (Retail, Hotels)"), "Company › Industry is one of Retail, Hotels");
    assert_eq!(say("has no orders(total > 5)"), "has no orders where Total is above 5");
    assert_eq!(say("not (city = Rome or city is not empty)"), "not (City is Rome or City is known)");
    let nonsense = Expr::Compare { path: vec![], op: kernel::filter::Op::Between, values: vec![] };
    in_words(&ctx.catalogue, contacts, &nonsense);
}
