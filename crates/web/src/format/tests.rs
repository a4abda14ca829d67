use super::{Date, Locale};

const TODAY: Date = Date { year: 2026, month: 11, day: 22 };

fn date(year: i16, month: u8, day: u8) -> Date {
    Date { year, month, day }
}

#[test]
fn thousands_stand_apart() {
    let en = Locale::english();
    assert_eq!(en.integer(0), "0");
    assert_eq!(en.integer(999), "999");
    assert_eq!(en.integer(4812), "4,812");
    assert_eq!(en.integer(-1_234_567), "−1,234,567");
    assert_eq!(Locale::of("de-DE").integer(4812), "4.812");
    assert_eq!(en.integer(i64::MIN), "−9,223,372,036,854,775,808");
}

#[test]
fn amounts_follow_their_currency() {
    let en = Locale::english();
    assert_eq!(en.money(842_050, "EUR"), "€8,420.50");
    assert_eq!(en.money(842_000, "EUR"), "€8,420");
    assert_eq!(en.money(-5, "EUR"), "−€0.05");
    assert_eq!(en.money(-842_050, "USD"), "−$8,420.50");
    assert_eq!(en.money(1200, "JPY"), "¥1,200");
    assert_eq!(en.money(1_250_000, "CHF"), "CHF\u{a0}12,500");
    assert_eq!(Locale::of("de").money(842_050, "EUR"), "8.420,50\u{a0}€");
    assert_eq!(en.money_rounded(842_050, "EUR"), "€8,421");
    assert_eq!(en.money_rounded(-842_049, "EUR"), "−€8,420");
}

#[test]
fn short_amounts_keep_three_digits() {
    let en = Locale::english();
    assert_eq!(en.money_short(84_000, "EUR"), "€840");
    assert_eq!(en.money_short(9_640_000, "EUR"), "€96k");
    assert_eq!(en.money_short(314_000_000, "EUR"), "€3.14m");
    assert_eq!(en.money_short(99_999_900, "EUR"), "€1.00m");
}

#[test]
fn shares_have_a_space_that_does_not_break() {
    let en = Locale::english();
    assert_eq!(en.percent(0.714, 0), "71\u{a0}%");
    assert_eq!(en.percent(0.714, 1), "71.4\u{a0}%");
    assert_eq!(en.decimal(-0.001, 1), "0.0");
    assert_eq!(en.decimal(f64::NAN, 1), "–");
}

#[test]
fn counts_stop_at_their_limit() {
    let en = Locale::english();
    assert_eq!(en.count(10_000, 10_000), "10,000");
    assert_eq!(en.count(10_001, 10_000), "10,000+");
}

#[test]
fn dates_are_written_day_first() {
    assert_eq!(TODAY.short(), "22 Nov 2026");
    assert_eq!(TODAY.long(), "Sunday 22 November 2026");
    assert_eq!(TODAY.iso(), "2026-11-22");
    assert_eq!(date(2024, 2, 29).long(), "Thursday 29 February 2024");
    assert_eq!(date(2026, 1, 3).brief(TODAY), "3 Jan");
    assert_eq!(date(2025, 1, 3).brief(TODAY), "3 Jan 2025");
}

#[test]
fn distances_are_said_in_the_largest_fitting_unit() {
    for (day, words) in [
        (date(2026, 11, 22), "today"),
        (date(2026, 11, 21), "yesterday"),
        (date(2026, 11, 23), "tomorrow"),
        (date(2026, 11, 17), "5 days ago"),
        (date(2026, 12, 20), "in 4 weeks"),
        (date(2026, 4, 22), "7 months ago"),
        (date(2022, 5, 14), "5 years ago"),
    ] {
        assert_eq!(day.relative(TODAY), words);
    }
}

#[test]
fn timeline_headings_grow_with_distance() {
    assert_eq!(TODAY.heading(TODAY), "Today");
    assert_eq!(date(2026, 11, 21).heading(TODAY), "Yesterday");
    assert_eq!(date(2026, 11, 19).heading(TODAY), "Thursday 19 November");
    assert_eq!(date(2026, 10, 2).heading(TODAY), "October");
    assert_eq!(date(2025, 10, 2).heading(TODAY), "October 2025");
}
