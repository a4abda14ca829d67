//! Examples of the customer base.

use super::shell::{shell, shell_hostile, shell_rtl};
use super::today::{person, why};
use super::{HOSTILE, LONG};
use crate::views::{
    Action, Badge, Cell, Chart, ChartColumn, ChartRow, ChartValue, CustomerBasePage, Empty, Fact, HeatCell,
    HeatRow, HeatTable, Legend, Metric, ModelCard, Range, RiskRow, Sampled, Shell, Stat, Theme, Tier,
    TierRow, Tone,
};

fn chart(
    kind: &str,
    title: &str,
    note: &str,
    columns: &[(&str, &str)],
    rows: &[(&str, Option<f64>, &[f64])],
) -> Chart {
    Chart {
        kind: kind.to_owned(),
        format: "pct".to_owned(),
        currency: "EUR".to_owned(),
        height: 260,
        title: title.to_owned(),
        note: note.to_owned(),
        legend: Vec::new(),
        columns: columns
            .iter()
            .map(|(key, label)| ChartColumn { key: (*key).to_owned(), label: (*label).to_owned() })
            .collect(),
        rows: rows
            .iter()
            .map(|(label, x, values)| ChartRow {
                label: (*label).to_owned(),
                x: *x,
                values: values
                    .iter()
                    .map(|&value| ChartValue { value: Some(value), text: value.to_string() })
                    .collect(),
            })
            .collect(),
    }
}

fn concentration() -> Chart {
    let points: &[(&str, Option<f64>, &[f64])] = &[
        ("0", Some(0.0), &[0.0]),
        ("5", Some(5.0), &[31.0]),
        ("10", Some(10.0), &[47.0]),
        ("20", Some(20.0), &[66.0]),
        ("40", Some(40.0), &[85.0]),
        ("60", Some(60.0), &[94.0]),
        ("100", Some(100.0), &[100.0]),
    ];
    let legend =
        |text: &str, mark: &str, color| Legend { text: text.to_owned(), mark: mark.to_owned(), color };
    Chart {
        legend: vec![legend("Your customers", "line", 1), legend("If all were worth the same", "dash", 0)],
        ..chart(
            "curve",
            "One customer in five brings two thirds of the value",
            "Share of lifetime value held by the best customers · % of customers against % of value · 22 Nov 2026",
            &[("x", "Best % of customers"), ("mid", "% of value")],
            points,
        )
    }
}

fn calibration() -> Chart {
    let points: &[(&str, Option<f64>, &[f64])] = &[
        ("10 %", Some(10.0), &[12.0, 8.0, 16.0]),
        ("30 %", Some(30.0), &[28.0, 24.0, 33.0]),
        ("50 %", Some(50.0), &[53.0, 47.0, 58.0]),
        ("70 %", Some(70.0), &[69.0, 64.0, 74.0]),
        ("90 %", Some(90.0), &[88.0, 84.0, 92.0]),
    ];
    chart(
        "calibration",
        "When it says 70 %, 69 % bought",
        "Forecast chance of buying in the following half-year against the share that did · 80 % range · 4,112 customers",
        &[("x", "Forecast, %"), ("mid", "Came true, %"), ("lo", "From"), ("hi", "To")],
        points,
    )
}

fn rfm() -> HeatTable {
    let rows: [(&str, [u32; 5]); 5] = [
        ("Under 30 days", [38, 52, 91, 64, 71]),
        ("30–90 days", [44, 80, 120, 142, 188]),
        ("3–6 months", [96, 144, 210, 232, 240]),
        ("6–12 months", [170, 232, 288, 264, 221]),
        ("Over a year", [402, 360, 310, 190, 133]),
    ];
    HeatTable {
        title: "402 people bought once, long ago".to_owned(),
        note: "Customers by how recently and how often they bought · people · choose a cell to open the list"
            .to_owned(),
        corner: "Last bought".to_owned(),
        columns: ["1 order", "2", "3–4", "5–7", "8 or more"].iter().map(|c| (*c).to_owned()).collect(),
        rows: rows
            .iter()
            .enumerate()
            .map(|(r, (label, counts))| HeatRow {
                label: (*label).to_owned(),
                cells: counts
                    .iter()
                    .enumerate()
                    .map(|(c, &n)| HeatCell {
                        text: n.to_string(),
                        tint: f64::from(n * 100 / 402),
                        word: match (r, c) {
                            (0, 4) => Some("Best".to_owned()),
                            (3, 4) => Some("Win back".to_owned()),
                            _ => None,
                        },
                        href: Some(format!("/customers?filter=r{r}f{c}")),
                        title: format!("{n} customers, {label}"),
                    })
                    .collect(),
            })
            .collect(),
    }
}

fn model(id: &str, title: &str, method: &str, verdict: Badge) -> ModelCard {
    let metric = |name: &str, value: &str, meaning: &str, tone| Metric {
        name: name.to_owned(),
        value: value.to_owned(),
        meaning: meaning.to_owned(),
        tone,
    };
    ModelCard {
        id: id.to_owned(),
        title: title.to_owned(),
        method: method.to_owned(),
        verdict,
        plain: "Forecast 1,204 orders for the last half-year from what was known before it; 1,187 came."
            .to_owned(),
        parameters: vec![
            Fact::new("r", "0.243"),
            Fact::new("α", "4.414"),
            Fact::new("a", "0.793"),
            Fact::new("b", "2.426"),
        ],
        data: vec![
            Fact::new("Customers", "4,812"),
            Fact::new("Window", "22 Nov 2024 – 22 Nov 2026"),
            Fact::new("Log-likelihood", "−9,582.4"),
        ],
        metrics: vec![
            metric("Error of the total", "1.4 %", "Very small", Tone::Good),
            metric("Ranking", "0.78", "Picks the likelier of two customers 78 times in 100", Tone::Good),
            metric("Error per customer", "0.9 orders", "Typical", Tone::Plain),
        ],
        caution: Some(
            "Do not trust it for customers with a contract: they cannot leave silently.".to_owned(),
        ),
        source: "Fader, Hardie and Lee (2005), Marketing Science 24.".to_owned(),
    }
}

fn tier(key: &str, rule: &str, customers: &str, share: f64, value: &str, value_share: f64) -> TierRow {
    TierRow {
        tier: Tier::new(key),
        href: format!("/customers?filter=tier+is+{key}"),
        rule: rule.to_owned(),
        customers: customers.to_owned(),
        customers_share: share,
        value: value.to_owned(),
        value_share,
        value_share_text: format!("{value_share} %"),
    }
}

fn ordinary() -> CustomerBasePage {
    CustomerBasePage {
        shell: shell("Customer base", "/customer-base"),
        as_of: "22 Nov 2026, 06:10".to_owned(),
        tabs: Vec::new(),
        empty: None,
        stats: vec![
            Stat {
                range: Some(Range::on_scale(2.83, 3.12, 3.5, 5.0, "Likely €2.83m – 3.50m")),
                why: Some(why("why-equity", "Why €3.12m?")),
                ..Stat::new("Customer equity", "€3.12m")
            },
            Stat {
                note: Some("of 4,812 · likely 3,020 – 3,190".to_owned()),
                ..Stat::new("Still customers", "3,108")
            },
            Stat {
                tone: Tone::Bad,
                note: Some("214 customers · likely 187 – 243".to_owned()),
                ..Stat::new("Value at risk", "€168,000")
            },
            Stat {
                note: Some("likely 540 – 610 orders".to_owned()),
                ..Stat::new("Expected orders, next 90 days", "574")
            },
        ],
        charts: vec![concentration(), calibration()],
        rfm: Some(rfm()),
        tiers: vec![
            tier("platinum", "Best 1 % by lifetime value: €7,900 or more", "48", 1.0, "€412,000", 13.0),
            tier("gold", "Best 20 %: €2,100 or more", "914", 19.0, "€1.66m", 53.0),
            tier("iron", "Best 50 %: €430 or more", "1,444", 30.0, "€0.91m", 29.0),
            tier("lead", "Everyone else", "2,406", 50.0, "€0.16m", 5.0),
        ],
        at_risk: vec![
            RiskRow {
                item: person("Sunniva Dahl", "Usually buys every 41 days; last bought 96 days ago", ""),
                tier: Some(Tier::new("gold")),
                p_alive: Cell::Percent { text: "48 %".to_owned(), value: 48.0 },
                value: "€3,980".to_owned(),
                at_risk: "€2,070".to_owned(),
                why: Some(why("why-risk-1", "Why €2,070?")),
            },
            RiskRow {
                item: person("Yusuf Demirel", "Last bought 134 days ago", ""),
                tier: None,
                p_alive: Cell::Percent { text: "41 %".to_owned(), value: 41.0 },
                value: "€2,660".to_owned(),
                at_risk: "€1,570".to_owned(),
                why: None,
            },
        ],
        more_at_risk: Some(Action::new("All 214", "/customers?sort=-at_risk", "users")),
        models: vec![
            model("model-bgnbd", "Buying again", "BG/NBD", Badge::new("Good", Tone::Good)),
            model("model-gamma", "Value of an order", "Gamma-gamma", Badge::new("Fair", Tone::Warn)),
        ],
        score: Some("/customer-base/scoring".to_owned()),
    }
}

impl Sampled for CustomerBasePage {
    fn samples() -> Vec<(&'static str, Self)> {
        let dark = Self {
            shell: Shell { theme: Theme::Dark, ..shell("Customer base", "/customer-base") },
            ..ordinary()
        };
        let empty = Self {
            empty: Some(Empty {
                icon: "chart-no-axes-combined".to_owned(),
                title: "No scores yet".to_owned(),
                text: "Scores need orders: at least 100 customers with two or more.".to_owned(),
                actions: vec![Action::new("Import orders", "/imports/new?object=orders", "upload").primary()],
            }),
            score: None,
            ..ordinary()
        };
        let bare = Self {
            rfm: None,
            stats: Vec::new(),
            tiers: Vec::new(),
            at_risk: Vec::new(),
            models: Vec::new(),
            shell: shell_rtl("Customer base", "/customer-base"),
            ..ordinary()
        };
        let mut hostile = Self { shell: shell_hostile("x", "/customer-base"), ..ordinary() };
        hostile.charts[0].title = HOSTILE.to_owned();
        hostile.at_risk[0].item = person(HOSTILE, LONG, "");
        hostile.models[0].plain = LONG.to_owned();
        vec![
            ("ordinary", ordinary()),
            ("dark", dark),
            ("empty", empty),
            ("bare-rtl", bare),
            ("hostile", hostile),
        ]
    }
}
