use super::*;

fn read(decimal: char, text: &str) -> String {
    match (NumberFormat { decimal }).parse(text) {
        Ok(Number { value, currency, percent }) => {
            format!(
                "{value}{}{}",
                if percent { " %" } else { "" },
                currency.map(|c| format!(" {c}")).unwrap_or_default()
            )
        }
        Err(problem) => problem.to_string(),
    }
}

#[test]
fn amounts_are_read_as_people_write_them() {
    let cases = [
        (',', "1.234,56 €"),
        ('.', "$1,234.50"),
        ('.', "-12"),
        ('.', "(12.00)"),
        ('.', "($1,200.00)"),
        ('.', "CHF 1'200.50"),
        ('.', "CHF 1’200.50"),
        (',', "1 234,5"),
        (',', "1\u{202f}234,50 €"),
        ('.', "12.50-"),
        ('.', "-$12.50"),
        ('.', "$-12.50"),
        ('.', "+7"),
        ('.', "12.5 %"),
        (',', "-0,5%"),
        ('.', "١٢٣٤٫٥٠"),
        ('.', "۱۲۳۴"),
        ('.', "1,23,456.78"),
        ('.', "1.5e3"),
        ('.', "1.23E+12"),
        ('.', ".5"),
        ('.', "12."),
        ('.', "US$ 99"),
        ('.', "12 kr"),
        ('.', "Rs. 500"),
        ('.', "R$10.00"),
        ('.', "−3"),
        ('.', " 7 "),
        ('.', "00123"),
        ('.', "12 EUR"),
        ('.', "EUR12"),
        ('.', "12.50EUR"),
    ];
    let lines: Vec<String> =
        cases.iter().map(|(decimal, text)| format!("{text} → {}", read(*decimal, text))).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn what_is_no_number_is_refused_with_the_reason() {
    let cases = [
        "",
        "abc",
        "12a",
        "1,23",
        "1.234.56",
        "1,2345",
        "--5",
        "(-5)",
        "$",
        "€€5",
        "5 € $",
        "1e999",
        "1,234,56",
        "99999999999999999999999999999999999999999",
        "12%%",
        "1'234,567",
        "0,123",
        "2024-01-31",
        "1e",
        "0x10",
        "NaN",
        "٫",
    ];
    let lines: Vec<String> = cases.iter().map(|text| format!("{text} → {}", read('.', text))).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_whole_column_decides_between_point_and_comma() {
    let guess =
        |cells: &[&str]| NumberFormat::guess(cells).map(|g| (g.format.decimal, g.ambiguous, g.certain));
    assert_eq!(guess(&["1.234,56", "7"]), Some((',', false, true)));
    assert_eq!(guess(&["1,234", "5.50"]), Some(('.', false, true)));
    assert_eq!(guess(&["1,234", "12,345"]), Some(('.', true, false)));
    assert_eq!(guess(&["1.234", "0.567"]), Some(('.', false, true)));
    assert_eq!(guess(&["12", "7"]), Some(('.', false, false)));
    assert_eq!(guess(&["12,5", "7,25", "1,234"]), Some((',', false, true)));
    assert_eq!(guess(&["a", "b"]), None);
    assert_eq!(guess(&[]), None);
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,24}|[0-9,.' eE€$%()+-]{0,24}") {
        for decimal in ['.', ','] {
            let _ = NumberFormat { decimal }.parse(&text);
        }
        let _ = NumberFormat::guess(&[&text]);
    }

    #[test]
    fn a_written_number_is_read_back(units in -1_000_000_000_000_i128..1_000_000_000_000, scale in 0_u8..6) {
        let value = Decimal { units, scale };
        let read = NumberFormat::default().parse(&value.to_string()).unwrap();
        proptest::prop_assert_eq!(read.value, value);
    }
}
