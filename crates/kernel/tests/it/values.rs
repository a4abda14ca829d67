//! Values: what is typed is read, stored and read back as the same value.

use kernel::value::{self, date_of, days_of};
use kernel::{Choice, Field, Kind, Value, money};
use proptest::prelude::*;
use testkit::World;

fn kinds() -> Vec<Kind> {
    let choices = Choice::list(&[("red", "Red"), ("blue", "Blau")]);
    vec![
        Kind::Text,
        Kind::LongText,
        Kind::Whole,
        Kind::Number,
        Kind::Money,
        Kind::Percent,
        Kind::Date,
        Kind::Time,
        Kind::Truth,
        Kind::Choice(choices.clone()),
        Kind::Choices(choices),
        Kind::Link("contacts".into()),
        Kind::Email,
        Kind::Phone,
        Kind::Url,
        Kind::Currency,
    ]
}

fn parse(kind: Kind, text: &str) -> Result<Value, String> {
    value::parse(&Field::new("x", "X", kind), text, "EUR")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_the_reading_of_any_kind(text in prop_oneof![any::<String>(), "[-+0-9.,:TZ%€EURx@/ ]{0,24}"]) {
        for kind in kinds() {
            if let Ok(value) = parse(kind.clone(), &text) {
                let stored = value.to_db();
                let back = Value::from_db(&kind, &stored);
                let same = back == value || value == Value::Many(vec![]);
                prop_assert!(same, "{:?} {:?} → {:?} → {:?}", kind, text, value, back);
                prop_assert!(Value::from_stored_json(&kind, &value.to_stored_json()) == value);
            }
        }
    }

    #[test]
    fn an_amount_written_plainly_reads_back(minor in -money::LIMIT..=money::LIMIT, code in 0_usize..4) {
        let currency = ["EUR", "JPY", "KWD", "CLF"][code];
        let plain = money::plain(minor, currency);
        prop_assert_eq!(money::parse(&plain, currency), Ok(minor), "{}", &plain);
        let with_code = format!("{plain} {currency}");
        prop_assert_eq!(money::parse(&with_code, currency), Ok(minor), "{}", &with_code);
    }

    #[test]
    fn no_text_breaks_the_reading_of_amounts(text in any::<String>(), near in "-?[0-9]{0,22}\\.?[0-9]{0,6} ?(EUR|USD|€)?") {
        for text in [text, near] {
            if let Ok(minor) = money::parse(&text, "EUR") {
                prop_assert!(minor.abs() <= money::LIMIT);
            }
        }
    }

    #[test]
    fn days_count_from_1970_and_back(days in days_of(value::FIRST_DAY)..=days_of(value::LAST_DAY)) {
        prop_assert_eq!(date_of(days).map(days_of), Some(days));
    }

    #[test]
    fn no_number_of_days_breaks_the_calendar(days in any::<i64>()) {
        date_of(days);
    }
}

#[test]
fn amounts_are_read_exactly_or_refused_with_a_sentence() {
    let read = |text: &str, currency: &str| money::parse(text, currency).map_err(|e| e.to_string());
    assert_eq!(read("12.5", "EUR"), Ok(1250));
    assert_eq!(read("-3", "EUR"), Ok(-300));
    assert_eq!(read("0.10 EUR", "EUR"), Ok(10));
    assert_eq!(read("12.5000", "EUR"), Ok(1250));
    assert_eq!(read("100", "JPY"), Ok(100));
    assert_eq!(read("1.234", "KWD"), Ok(1234));
    assert_eq!(read("1.234", "EUR"), Err("1.234 has more decimals than EUR has".into()));
    assert_eq!(read("1,5", "EUR"), Err("1,5 is not an amount such as 12.50".into()));
    assert_eq!(read("5 USD", "EUR"), Err("5 USD is not in EUR, the currency of this record".into()));
    assert_eq!(read("99999999999999999999", "EUR"), Err("99999999999999999999 is too large".into()));
    for wrong in ["", "-", ".", "5.", "--5", "+5", "1e3", "٣", "12 50", "€5", "EUR"] {
        assert!(read(wrong, "EUR").is_err(), "{wrong}");
    }
}

#[test]
fn each_kind_reads_what_people_type() {
    let day = |y, m, d| Value::Date(jiff::civil::date(y, m, d));
    assert_eq!(parse(Kind::Date, " 2026-01-31 "), Ok(day(2026, 1, 31)));
    assert_eq!(parse(Kind::Percent, "12.5 %"), Ok(Value::Number(0.125)));
    assert_eq!(parse(Kind::Truth, "YES"), Ok(Value::Truth(true)));
    assert_eq!(parse(kinds().remove(9), "BLAU"), Ok(Value::Text("blue".into())));
    assert_eq!(parse(kinds().remove(10), "Red, blue"), Ok(Value::Many(vec!["red".into(), "blue".into()])));
    assert_eq!(parse(Kind::Link("users".into()), "#12"), Ok(Value::Link(12)));
    assert_eq!(parse(Kind::Url, "example.com/x"), Ok(Value::Text("https://example.com/x".into())));
    assert_eq!(parse(Kind::Currency, "eur"), Ok(Value::Text("EUR".into())));
    assert_eq!(parse(Kind::Text, "two\nlines\u{7}"), Ok(Value::Text("two lines".into())));
    for (kind, wrong) in [
        (Kind::Date, "2026-02-30"),
        (Kind::Date, "0999-12-31"),
        (Kind::Date, "9999-01-01"),
        (Kind::Date, "31.01.2026"),
        (Kind::Time, "9999-01-01T00:00:00Z"),
        (Kind::Number, "NaN"),
        (Kind::Number, "inf"),
        (Kind::Percent, "101%"),
        (Kind::Email, "a@b@c"),
        (Kind::Email, "ana@"),
        (Kind::Phone, "call me"),
        (Kind::Url, "javascript://alert"),
        (Kind::Url, "https://"),
        (Kind::Text, "a\0b"),
        (Kind::Currency, "XYZ"),
    ] {
        assert!(parse(kind.clone(), wrong).is_err(), "{kind:?} {wrong}");
    }
}

#[test]
fn numbers_survive_the_database_to_the_last_bit() {
    let bits = proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL | proptest::num::f64::ZERO;
    let worlds = [World::sqlite(), World::postgres()];
    for w in &worlds {
        let ctx = w.ctx();
        let new = crm::catalogue::NewField {
            object: "order_lines".into(),
            label: "Weight".into(),
            kind: "number".into(),
            ..Default::default()
        };
        w.write(|tx| crm::catalogue::add_field(tx, &ctx, &new));
        let ana = w.contact("Ana");
        w.order(ana, "2026-01-01", "5");
        let order = w.ids("orders", "", "")[0].to_string();
        let line = w.create("order_lines", &[("order", &order), ("amount", "5")]);
        let ctx = w.ctx();
        let lines = ctx.catalogue.need("order_lines").unwrap();
        let config =
            proptest::test_runner::Config { cases: 100, failure_persistence: None, ..Default::default() };
        let mut runner = proptest::test_runner::TestRunner::new(config);
        let outcome = runner.run(&bits, |number| {
            // Small enough for a line's amount, which follows from its quantity.
            let quantity = if number.abs() < 1e12 { number } else { 1.0 };
            let new =
                crate::values([("weight", Value::Number(number)), ("quantity", Value::Number(quantity))]);
            w.write(|tx| kernel::change(tx, &ctx, lines, line, None, new));
            let record = w.record("order_lines", line);
            prop_assert_eq!(record.value("weight"), &Value::Number(number), "{:?}: in JSON", w.engine());
            prop_assert_eq!(
                record.value("quantity"),
                &Value::Number(quantity),
                "{:?}: in a column",
                w.engine()
            );
            Ok(())
        });
        outcome.unwrap_or_else(|e| panic!("{e}"));
    }
}
