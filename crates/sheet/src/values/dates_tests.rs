use super::*;

fn read(order: DateOrder, text: &str) -> String {
    match DateFormat::new(order).parse(text) {
        Ok(Moment { date, time, offset }) => {
            let time = time.map(|time| format!(" {time}")).unwrap_or_default();
            let offset = offset.map(|offset| format!(" {offset}")).unwrap_or_default();
            format!("{date}{time}{offset}")
        }
        Err(problem) => problem.to_string(),
    }
}

#[test]
fn the_usual_ways_of_writing_are_read() {
    let cases = [
        (DateOrder::YearFirst, "2024-01-31"),
        (DateOrder::YearFirst, "2024/1/31 10:15"),
        (DateOrder::YearFirst, "2019-04-03 12:15:39 -0400"),
        (DateOrder::YearFirst, "2024-01-31T10:15:00.123Z"),
        (DateOrder::YearFirst, "2024-01-31T10:15:00+05:30"),
        (DateOrder::DayFirst, "31.1.2024"),
        (DateOrder::DayFirst, "31/01/68"),
        (DateOrder::DayFirst, "31-01-69"),
        (DateOrder::MonthFirst, "1/31/2024 3:05 PM"),
        (DateOrder::MonthFirst, "12/1/10 12:26 a.m."),
        (DateOrder::DayFirst, "12 Jan 2024"),
        (DateOrder::DayFirst, "Jan 12, 2024"),
        (DateOrder::MonthFirst, "12. März 2024"),
        (DateOrder::DayFirst, "1er février 2024"),
        (DateOrder::DayFirst, "3 de marzo de 2024"),
        (DateOrder::DayFirst, "Tue, 05 Mar 2024 10:00:00 GMT"),
        (DateOrder::DayFirst, "Tue Mar 05 2024 10:00:00 GMT+0100 (CET)"),
        (DateOrder::DayFirst, "05-mei-24"),
        (DateOrder::DayFirst, "2024年3月5日"),
        (DateOrder::Compact, "19970101"),
        (DateOrder::Compact, "20240131T101500Z"),
        (DateOrder::UnixSeconds, "1706696100"),
        (DateOrder::UnixMillis, "1706696100123"),
        (DateOrder::Serial, "45322"),
        (DateOrder::Serial, "45322.5"),
    ];
    let lines: Vec<String> =
        cases.iter().map(|(order, text)| format!("{text} → {}", read(*order, text))).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn what_is_no_date_is_refused_with_the_reason() {
    let cases = [
        "",
        "2024",
        "hello",
        "30.2.2024",
        "13.13.2024",
        "01.01.0024",
        "0000-00-00",
        "1.2.3.4",
        "1.2.3",
        "12.05.2024 25:00",
        "31.1.20245",
        "١٢",
        "32 Jan 2024",
        "2024-01",
        "99999999999999999999.1.2",
        "2024-01-31 foo",
    ];
    let lines: Vec<String> =
        cases.iter().map(|text| format!("{text} → {}", read(DateOrder::DayFirst, text))).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_whole_column_decides_between_day_and_month() {
    let guess = |cells: &[&str]| DateFormat::guess(cells).map(|g| (g.format.order, g.ambiguous, g.with_time));
    assert_eq!(guess(&["01/02/2024", "13/02/2024"]), Some((DateOrder::DayFirst, false, false)));
    assert_eq!(guess(&["01/02/2024", "02/13/2024"]), Some((DateOrder::MonthFirst, false, false)));
    assert_eq!(guess(&["05/02/2024", "01/03/2024", "07/01/2024"]), Some((DateOrder::DayFirst, true, false)));
    assert_eq!(
        guess(&["01/02/2024", "01/03/2024", "02/01/2024"]),
        Some((DateOrder::MonthFirst, true, false))
    );
    assert_eq!(guess(&["01/01/2024", "02/02/2024"]), Some((DateOrder::DayFirst, false, false)));
    assert_eq!(guess(&["2024-01-02 10:00", ""]), Some((DateOrder::YearFirst, false, true)));
    assert_eq!(guess(&["12 Jan 2024"]), Some((DateOrder::YearFirst, false, false)));
    assert_eq!(guess(&["24/12/31", "25/01/15"]), Some((DateOrder::DayFirst, false, false)));
    assert_eq!(guess(&["19970101", "19970112"]), Some((DateOrder::Compact, false, false)));
    assert_eq!(guess(&["1", "2"]), None);
    assert_eq!(guess(&["Ada", "2024-01-01"]), None);
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,24}|[0-9/.:T +-]{0,24}") {
        for order in [DateOrder::YearFirst, DateOrder::DayFirst, DateOrder::MonthFirst, DateOrder::Compact,
            DateOrder::UnixSeconds, DateOrder::UnixMillis, DateOrder::Serial] {
            let _ = DateFormat::new(order).parse(&text);
        }
        let _ = DateFormat::guess(&[&text]);
    }
}
