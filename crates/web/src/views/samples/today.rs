//! Examples of Today.

use super::shell::{shell, shell_hostile};
use super::{HOSTILE, LONG};
use crate::views::{
    Action, Avatar, FirstRun, FirstStep, Item, Range, Reason, Sampled, Slipping, Stat, TodayPage, TodayTask,
    Tone, Why,
};

pub(super) fn item(icon: &str, title: &str, detail: &str, end: &str) -> Item {
    Item {
        icon: icon.to_owned(),
        avatar: None,
        title: title.to_owned(),
        href: Some("/deals/12".to_owned()),
        detail: detail.to_owned(),
        end: (!end.is_empty()).then(|| end.to_owned()),
        end_tone: Tone::Plain,
    }
}

pub(super) fn person(name: &str, detail: &str, end: &str) -> Item {
    Item { avatar: Some(Avatar::of(name, false)), ..item("user", name, detail, end) }
}

pub(super) fn why(id: &str, title: &str) -> Why {
    let reason = |text: &str, weight: f64, amount: &str| Reason {
        text: text.to_owned(),
        weight,
        amount: amount.to_owned(),
    };
    Why {
        id: id.to_owned(),
        title: title.to_owned(),
        lead: Some("The chance of buying again within 12 months. Last month it was 63 %.".to_owned()),
        facts: Vec::new(),
        reasons: vec![
            reason("Bought 11 times, usually every 46 days", 72.0, "+14"),
            reason("Last purchase 5 days ago", 52.0, "+9"),
            reason("Two late deliveries this year", -44.0, "−8"),
        ],
        note: Some("Points added to or taken from the 54 % of a typical customer.".to_owned()),
        source: "BG/NBD, 22 Nov 2026. Of people scored 65–75 % a year ago, 69 % did buy (n = 412)."
            .to_owned(),
        link: None,
    }
}

fn task(icon: &str, title: &str, detail: &str, due: &str, due_tone: Tone) -> TodayTask {
    TodayTask {
        icon: icon.to_owned(),
        title: title.to_owned(),
        href: "/tasks/77".to_owned(),
        detail: detail.to_owned(),
        due: due.to_owned(),
        due_tone,
        done: Some("/tasks/77/completion".to_owned()),
        later: Some("/tasks/77/postponement".to_owned()),
    }
}

fn ordinary() -> TodayPage {
    let slipping = |n: u32, name: &str, detail: &str, at_risk: &str, formula: &str| Slipping {
        item: person(name, detail, ""),
        at_risk: at_risk.to_owned(),
        formula: formula.to_owned(),
        why: Some(why(&format!("why-slip-{n}"), &format!("Why {at_risk}?"))),
    };
    TodayPage {
        shell: shell("Today", "/"),
        date: "Sunday 22 November 2026".to_owned(),
        first_run: None,
        tasks: vec![
            task(
                "phone",
                "Call Amara Ekwueme about renewing the lease",
                "Amara Ekwueme · contract ends in 12 days",
                "3 days late",
                Tone::Bad,
            ),
            task(
                "mail",
                "Send Tomasz Wieczorek the cargo-bike quote he asked for",
                "Tomasz Wieczorek · asked on 20 Nov",
                "Today",
                Tone::Warn,
            ),
            task("square-check", "Confirm the new delivery date", "Mateo Quispe", "Today, 16:30", Tone::Warn),
            task(
                "phone",
                "Check in with Yusuf Demirel",
                "Yusuf Demirel · no contact for 74 days",
                "Today",
                Tone::Warn,
            ),
        ],
        more_tasks: Some(Action::new("12 more", "/tasks?filter=due", "square-check")),
        add_task: Some("/tasks".to_owned()),
        slipping: vec![
            slipping(
                1,
                "Sunniva Dahl",
                "Usually buys every 41 days; last bought 96 days ago",
                "€2,070",
                "52 % × €3,980",
            ),
            slipping(
                2,
                "Yusuf Demirel",
                "Usually buys every 60 days; last bought 134 days ago",
                "€1,570",
                "59 % × €2,660",
            ),
            slipping(
                3,
                "Pilar Echevarri",
                "Two late deliveries; last bought 121 days ago",
                "€620",
                "42 % × €1,480",
            ),
        ],
        slipping_sum: Some(Stat {
            note: Some("214 customers · value × chance of having left".to_owned()),
            tone: Tone::Bad,
            ..Stat::new("Value at risk", "€168,000")
        }),
        more_slipping: Some(Action::new("All 214", "/customers?view=3", "users")),
        stale_deals: vec![
            item("square-kanban", "Staff bike scheme", "Demirel Bakery · no contact for 31 days", "€8,600"),
            item("square-kanban", "Warehouse scooters", "Okafor Storage · no contact for 19 days", "€12,800"),
        ],
        more_deals: None,
        cases: vec![
            Item {
                end_tone: Tone::Bad,
                ..person("Refund not arrived", "Pilar Echevarri · case 2287", "14 min late")
            },
            Item {
                end_tone: Tone::Warn,
                ..person("Second delivery delay", "Sunniva Dahl · case 2291", "38 min left")
            },
        ],
        more_cases: Some(Action::new("All 14", "/cases", "life-buoy")),
        stats: vec![
            Stat {
                range: Some(Range::on_scale(151.0, 184.3, 212.0, 252.0, "Likely €151,000 – 212,000")),
                ..Stat::new("Weighted forecast, to 31 Dec 2026", "€184,300")
            },
            Stat {
                range: Some(Range::on_scale(2.83, 3.12, 3.5, 5.0, "Likely €2.83m – 3.50m")),
                ..Stat::new("Customer equity", "€3.12m")
            },
        ],
    }
}

impl Sampled for TodayPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let step = |text: &str, detail: &str, done: bool| FirstStep {
            text: text.to_owned(),
            detail: detail.to_owned(),
            href: "/settings/users".to_owned(),
            done,
        };
        let first_run = Self {
            first_run: Some(FirstRun {
                import: Some("/imports/new".to_owned()),
                sample: Some("/sample".to_owned()),
                by_hand: Some("/contacts/new".to_owned()),
                steps: vec![
                    step("Your firm, currency and time zone", "Alder & Wren · euro · London", true),
                    step("Invite colleagues", "Sales, service, marketing or analyst", false),
                ],
            }),
            ..ordinary()
        };
        let nothing_shared = Self {
            first_run: Some(FirstRun { import: None, sample: None, by_hand: None, steps: Vec::new() }),
            ..ordinary()
        };
        let quiet = Self {
            tasks: Vec::new(),
            more_tasks: None,
            add_task: None,
            slipping: Vec::new(),
            slipping_sum: None,
            more_slipping: None,
            stale_deals: Vec::new(),
            cases: Vec::new(),
            more_cases: None,
            stats: Vec::new(),
            ..ordinary()
        };
        let hostile = Self {
            shell: shell_hostile("Today", "/"),
            tasks: vec![task("phone", HOSTILE, LONG, HOSTILE, Tone::Bad)],
            stale_deals: vec![item("no-such-icon", HOSTILE, LONG, HOSTILE)],
            ..ordinary()
        };
        vec![
            ("ordinary", ordinary()),
            ("first-run", first_run),
            ("forbidden", nothing_shared),
            ("empty", quiet),
            ("hostile", hostile),
        ]
    }
}
