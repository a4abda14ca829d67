//! Examples of a record's page.

use super::list::object;
use super::shell::{shell, shell_hostile, shell_rtl};
use super::today::{item, why};
use super::{HOSTILE, LONG};
use crate::views::{
    Action, Avatar, Badge, Cell, Change, Choice, Composer, Fact, FactGroup, FactRow, Insight, InsightFact,
    LineColumn, Lines, Link, Moment, Notice, Owner, PostButton, Range, RecordPage, Related, Sampled,
    StagePath, Stat, Subtitle, Tier, TimelineDay, TimelineEntry, TimelineTab, Tone,
};

fn fact(label: &str, value: Cell) -> FactRow {
    FactRow { label: label.to_owned(), value }
}

fn entry(icon: &str, tone: Tone, actor: &str, text: &str, at: &str) -> TimelineEntry {
    TimelineEntry {
        id: String::new(),
        icon: icon.to_owned(),
        tone,
        actor: (!actor.is_empty()).then(|| actor.to_owned()),
        text: text.to_owned(),
        link: None,
        detail: None,
        body: None,
        ours: false,
        changes: Vec::new(),
        at: Moment::new("2026-11-22T16:42:00Z", at, "22 Nov 2026, 16:42"),
    }
}

fn change(field: &str, before: &str, after: &str) -> Change {
    Change { field: field.to_owned(), before: before.to_owned(), after: after.to_owned() }
}

fn days() -> Vec<TimelineDay> {
    vec![
        TimelineDay {
            label: "Today".to_owned(),
            entries: vec![
                TimelineEntry {
                    body: Some("Thanks, the demo convinced the drivers. Before I sign: can the new bikes join the same service plan?".to_owned()),
                    detail: Some("Re: two more cargo bikes".to_owned()),
                    ..entry("mail", Tone::Accent, "Mei-Ling Tan", "wrote to you", "16:42")
                },
                entry("trending-up", Tone::Good, "", "Chance of buying again rose from 63 % to 71 %", "06:10"),
            ],
        },
        TimelineDay {
            label: "Thursday 19 November".to_owned(),
            entries: vec![
                TimelineEntry {
                    body: Some("Fleet grows from 9 to 11 in January. Uptime matters more than price.".to_owned()),
                    ours: true,
                    detail: Some("14 min".to_owned()),
                    ..entry("phone", Tone::Plain, "Nadia Rahimi", "called", "10:05")
                },
                TimelineEntry {
                    link: Some(Link::new("Order 10482", "/orders/10482")),
                    detail: Some("€212".to_owned()),
                    ..entry("shopping-bag", Tone::Plain, "", "Bought in the shop:", "09:18")
                },
                TimelineEntry {
                    changes: vec![change("Role", "Fleet manager", "Head of fleet"), change("Phone", "", "+44 20 7946 0184")],
                    ..entry("pencil", Tone::Plain, "Iwan Prosser", "changed", "09:02")
                },
            ],
        },
        TimelineDay {
            label: "October".to_owned(),
            entries: vec![entry("life-buoy", Tone::Bad, "", "Case 2204 closed: battery recall, solved in 31 h", "24 Oct")],
        },
    ]
}

fn insight() -> Insight {
    let said = |text: &str, tone, reason: &str| InsightFact {
        text: text.to_owned(),
        tone,
        reason: reason.to_owned(),
        why: None,
    };
    Insight {
        too_few: None,
        figures: vec![
            Stat {
                range: Some(Range::on_scale(6100.0, 8420.0, 11_300.0, 12_000.0, "Likely €6,100 – 11,300")),
                why: Some(why("why-clv-side", "Why €8,420?")),
                ..Stat::new("Lifetime value, next 24 months", "€8,420")
            },
            Stat {
                meter: Some(71.0),
                note: Some("Likely 63 – 78 %".to_owned()),
                why: Some(why("why-alive-side", "Why 71 %?")),
                ..Stat::new("Still a customer", "71 %")
            },
            Stat {
                range: Some(Range::on_scale(1.1, 1.9, 2.8, 6.0, "Likely 1 – 3")),
                ..Stat::new("Expected purchases, next 90 days", "1.9")
            },
        ],
        tier: Some(InsightFact {
            why: Some(why("why-tier", "Why platinum?")),
            ..said("Platinum", Tone::Plain, "Best 1 % by lifetime value: €7,900 or more")
        }),
        stage: Some(said("Partner", Tone::Accent, "Bought 11 times over 4 years and referred two others")),
        rfm: Some(said("5–4–5", Tone::Plain, "Bought 5 days ago, 11 orders, €9,120")),
        model: "BG/NBD with gamma-gamma, fitted 22 Nov 2026 on 4,812 customers. Off by 4 % on the last half-year.".to_owned(),
        model_href: "/customer-base#model-bgnbd".to_owned(),
    }
}

fn contact() -> RecordPage {
    let tab = |text: &str, current| TimelineTab {
        text: text.to_owned(),
        href: "/contacts/1042?show=x".to_owned(),
        current,
    };
    RecordPage {
        shell: shell("Mei-Ling Tan", "/contacts"),
        object: object("contacts", "contact", "Contacts", "user"),
        id: "1042".to_owned(),
        name: "Mei-Ling Tan".to_owned(),
        avatar: Some(Avatar::of("Mei-Ling Tan", false)),
        subtitle: vec![
            Subtitle { before: None, text: "Head of fleet".to_owned(), href: None },
            Subtitle {
                before: Some("at".to_owned()),
                text: "Harbourline Logistics".to_owned(),
                href: Some("/companies/412".to_owned()),
            },
        ],
        tier: Some(Tier::new("platinum")),
        badges: vec![Badge::new("Partner", Tone::Accent)],
        owner: Some(Owner { name: "Nadia Rahimi".to_owned(), avatar: Avatar::of("Nadia Rahimi", false) }),
        stats: vec![
            Stat {
                range: Some(Range::on_scale(6100.0, 8420.0, 11_300.0, 12_000.0, "Likely €6,100 – 11,300")),
                why: Some(why("why-clv", "Why €8,420?")),
                ..Stat::new("Lifetime value, next 24 months", "€8,420")
            },
            Stat {
                meter: Some(71.0),
                note: Some("Up 8 points since 24 Oct".to_owned()),
                why: Some(why("why-alive", "Why 71 %?")),
                ..Stat::new("Still a customer", "71 %")
            },
            Stat {
                note: Some("11 orders since May 2022".to_owned()),
                ..Stat::new("Bought so far", "€9,120")
            },
            Stat { note: Some("Usually every 46 days".to_owned()), ..Stat::new("Last bought", "5 days ago") },
        ],
        notices: Vec::new(),
        actions: vec![
            Action::new("New deal", "/deals/new?contact=1042", "square-kanban"),
            Action::new("Write", "mailto:meiling.tan@harbour.example", "mail").primary(),
        ],
        menu: vec![
            PostButton {
                text: "Archive".to_owned(),
                action: "/contacts/1042/archival".to_owned(),
                icon: Some("folder-open".to_owned()),
                hidden: Vec::new(),
                danger: false,
            },
            PostButton {
                text: "Erase for privacy".to_owned(),
                action: "/contacts/1042/erasure".to_owned(),
                icon: Some("trash-2".to_owned()),
                hidden: Vec::new(),
                danger: true,
            },
        ],
        stages: None,
        facts: vec![
            FactGroup {
                title: "Details".to_owned(),
                facts: vec![
                    fact("Company", Cell::link(Link::new("Harbourline Logistics", "/companies/412"))),
                    fact("Role", Cell::text("Head of fleet")),
                    fact("E-mail", Cell::Email { address: "meiling.tan@harbour.example".to_owned() }),
                    fact(
                        "Phone",
                        Cell::Phone {
                            number: "+44 20 7946 0184".to_owned(),
                            href: "tel:+442079460184".to_owned(),
                        },
                    ),
                    fact("City", Cell::text("London SE16")),
                    fact("Birthday", Cell::Nothing),
                ],
            },
            FactGroup {
                title: "More".to_owned(),
                facts: vec![
                    fact("Newsletter", Cell::YesNo { yes: true }),
                    fact(
                        "Prefers",
                        Cell::Tags { tags: vec!["Mornings".to_owned(), "Cargo bikes".to_owned()] },
                    ),
                ],
            },
        ],
        edit: Some("/contacts/1042/edit".to_owned()),
        composer: Some(Composer {
            note: Some("/contacts/1042/notes".to_owned()),
            task: Some("/contacts/1042/tasks".to_owned()),
            call: Some("/contacts/1042/touchpoints".to_owned()),
            assignees: vec![Choice::new("1", "Me", true), Choice::new("2", "Iwan Prosser", false)],
            draft: String::new(),
            error: None,
            audience: "Visible to everyone who may see this contact".to_owned(),
        }),
        timeline_tabs: vec![
            tab("All", true),
            tab("Conversations", false),
            tab("Purchases", false),
            tab("Changes", false),
        ],
        days: days(),
        older: Some("/contacts/1042?before=812".to_owned()),
        insight: Some(insight()),
        related: vec![
            Related {
                title: "Deals".to_owned(),
                count: "1".to_owned(),
                items: vec![item(
                    "square-kanban",
                    "Lease renewal, 11 bikes",
                    "Negotiation · 65 % · closes 4 Dec",
                    "€38,400",
                )],
                add: Some(Action::new("New deal", "/deals/new", "plus")),
                more: Some(Link::new("All deals", "/deals")),
            },
            Related {
                title: "Cases".to_owned(),
                count: "0".to_owned(),
                items: Vec::new(),
                add: None,
                more: None,
            },
        ],
        lines: None,
    }
}

fn deal() -> RecordPage {
    let stage = |value: &str, label: &str, now| Choice::new(value, label, now);
    RecordPage {
        object: object("deals", "deal", "Deals", "square-kanban"),
        name: "Lease renewal, 11 bikes".to_owned(),
        avatar: None,
        tier: None,
        badges: Vec::new(),
        insight: None,
        stages: Some(StagePath {
            action: Some("/deals/7/stage".to_owned()),
            version: 4,
            stages: vec![
                stage("1", "Qualified", false),
                stage("2", "Proposal", false),
                stage("3", "Negotiation", true),
                stage("4", "Won", false),
                stage("5", "Lost", false),
            ],
        }),
        lines: Some(Lines {
            columns: vec![
                LineColumn { label: "Product".to_owned(), end: false },
                LineColumn { label: "Number".to_owned(), end: true },
                LineColumn { label: "Amount".to_owned(), end: true },
            ],
            rows: vec![vec![
                Cell::text("Cargo e-bike, 36 months"),
                Cell::number("11"),
                Cell::number("€38,400"),
            ]],
            totals: vec![Fact::new("Tax, 20 %", "€7,680"), Fact::new("Sum", "€46,080")],
        }),
        ..contact()
    }
}

impl Sampled for RecordPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let empty = Self {
            shell: shell("Ada", "/contacts"),
            subtitle: Vec::new(),
            tier: None,
            badges: Vec::new(),
            owner: None,
            stats: Vec::new(),
            actions: Vec::new(),
            days: Vec::new(),
            timeline_tabs: Vec::new(),
            older: None,
            facts: vec![FactGroup { title: "Details".to_owned(), facts: vec![fact("Role", Cell::Nothing)] }],
            insight: Some(Insight {
                too_few: Some(
                    "Too few purchases to say: one order so far. Numbers appear after the second.".to_owned(),
                ),
                figures: Vec::new(),
                tier: None,
                stage: None,
                rfm: None,
                ..insight()
            }),
            related: Vec::new(),
            name: "Ada".to_owned(),
            ..contact()
        };
        let viewer = Self {
            actions: Vec::new(),
            menu: Vec::new(),
            edit: None,
            composer: None,
            notices: vec![Notice {
                tone: Tone::Warn,
                text: "Archived on 3 Nov 2026 by Iwan Prosser.".to_owned(),
                link: Some(Link::new("Restore", "/x")),
            }],
            stages: deal().stages.map(|stages| StagePath { action: None, ..stages }),
            ..deal()
        };
        let mut hostile =
            Self { shell: shell_hostile("x", "/contacts"), name: HOSTILE.to_owned(), ..contact() };
        hostile.subtitle.push(Subtitle {
            before: Some(HOSTILE.to_owned()),
            text: LONG.to_owned(),
            href: Some(format!("/x?{HOSTILE}")),
        });
        hostile.facts[0].facts.push(fact(HOSTILE, Cell::text(LONG)));
        hostile.facts[0].facts.push(fact(LONG, Cell::text(HOSTILE)));
        hostile.days[0].entries[0].body = Some(format!("{HOSTILE}\n{LONG}"));
        hostile.days[0].entries[0].changes =
            vec![change(HOSTILE, HOSTILE, ""), change(LONG, LONG, HOSTILE), change("x", "", "y")];
        hostile.composer = hostile.composer.map(|c| Composer {
            draft: format!("</textarea>{HOSTILE}"),
            error: Some(HOSTILE.to_owned()),
            ..c
        });
        let rtl = Self {
            shell: shell_rtl("محمدرضا شفیعی", "/contacts"),
            name: "محمدرضا شفیعی".to_owned(),
            avatar: Some(Avatar::of("محمدرضا شفیعی", false)),
            ..contact()
        };
        vec![
            ("contact", contact()),
            ("deal", deal()),
            ("empty", empty),
            ("forbidden", viewer),
            ("hostile", hostile),
            ("rtl-dark", rtl),
        ]
    }
}
