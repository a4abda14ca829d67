//! Examples of the board.

use super::list::{chip, object, view};
use super::shell::{shell, shell_hostile, shell_rtl};
use super::{HOSTILE, LONG};
use crate::views::{
    Action, Avatar, BoardCard, BoardColumn, BoardPage, Hidden, Layout, Range, Sampled, Shell, Stat, Theme,
    Tone,
};

fn card(n: u32, title: &str, party: &str, amount: &str, closes: &str) -> BoardCard {
    let owner = if n.is_multiple_of(2) { "Nadia Rahimi" } else { "Iwan Prosser" };
    BoardCard {
        id: n.to_string(),
        href: format!("/deals/{n}"),
        title: title.to_owned(),
        party: Some(party.to_owned()),
        owner: Some(owner.to_owned()),
        owner_avatar: Some(Avatar::of(owner, false)),
        amount: Some(amount.to_owned()),
        closes: Some(format!("closes {closes}")),
        note: Some("Call on Thursday".to_owned()),
        stale: None,
        version: 4,
        move_action: Some(format!("/deals/{n}/stage")),
    }
}

fn stage(
    value: &str,
    title: &str,
    count: &str,
    sum: &str,
    weighted: &str,
    cards: Vec<BoardCard>,
) -> BoardColumn {
    BoardColumn {
        value: value.to_owned(),
        title: title.to_owned(),
        count: count.to_owned(),
        sum: sum.to_owned(),
        weighted: Some(weighted.to_owned()),
        cards,
        more: None,
        new: Some(format!("/deals/new?stage={value}")),
        closing: false,
    }
}

fn ordinary() -> BoardPage {
    let quiet = BoardCard {
        stale: Some("No contact for 31 days".to_owned()),
        ..card(3, "Staff bike scheme", "Demirel Bakery", "€8,600", "15 Dec")
    };
    let mut proposal = stage(
        "2",
        "Proposal",
        "9",
        "€121,000",
        "45 % · €54,500",
        vec![
            card(5, "Cargo fleet, phase 2", "Quispe Fruit Market", "€18,700", "18 Dec"),
            card(6, "Campus bikes", "Northgate College", "€46,300", "22 Dec"),
        ],
    );
    proposal.more = Some(Action::new("7 more", "/deals?stage=2", "table"));
    BoardPage {
        shell: shell("Deals", "/deals"),
        object: object("deals", "deal", "Deals", "square-kanban"),
        count: "29 open".to_owned(),
        views: vec![view("Sales", "", true), view("Leasing", "", false)],
        layouts: vec![
            Layout {
                text: "Board".to_owned(),
                icon: "square-kanban".to_owned(),
                href: "/deals/board".to_owned(),
                current: true,
            },
            Layout {
                text: "Table".to_owned(),
                icon: "table".to_owned(),
                href: "/deals".to_owned(),
                current: false,
            },
        ],
        stats: vec![
            Stat {
                range: Some(Range::on_scale(151.0, 184.3, 212.0, 252.0, "Likely €151,000 – 212,000")),
                why: Some(super::today::why("why-forecast", "Why €184,300?")),
                ..Stat::new("Weighted forecast, to 31 Dec 2026", "€184,300")
            },
            Stat { note: Some("29 deals".to_owned()), ..Stat::new("Open, before weighting", "€332,400") },
            Stat {
                tone: Tone::Warn,
                note: Some("€41,200 · no contact in 14 days or more".to_owned()),
                ..Stat::new("Gone quiet", "4 deals")
            },
            Stat {
                note: Some("Half of deals, last 12 months".to_owned()),
                ..Stat::new("Typical time to win", "34 days")
            },
        ],
        search: String::new(),
        here: "/deals/board".to_owned(),
        keep: vec![Hidden::new("pipeline", "1")],
        filters: vec![chip("Owner", "is", "me")],
        columns: vec![
            stage(
                "1",
                "Qualified",
                "12",
                "€96,400",
                "20 % · €19,300",
                vec![
                    card(1, "E-bikes for site managers", "Bramley Housing Trust", "€14,200", "9 Jan"),
                    card(2, "Courier fleet, 14 cargo", "Ostrava Courier Co-op", "€31,000", "20 Jan"),
                    quiet,
                    card(4, "Hotel guest bikes", "Sable Point Hotel", "€11,900", "12 Jan"),
                ],
            ),
            proposal,
            stage(
                "3",
                "Negotiation",
                "1",
                "€38,400",
                "65 % · €25,000",
                vec![card(7, "Lease renewal, 11 bikes", "Harbourline Logistics", "€38,400", "4 Dec")],
            ),
            stage("4", "Verbal yes", "0", "€0", "90 % · €0", Vec::new()),
            BoardColumn {
                closing: true,
                new: None,
                weighted: None,
                ..stage(
                    "5",
                    "Won",
                    "11",
                    "€62,700",
                    "",
                    vec![card(8, "Police liaison bikes", "Wharfside Council", "€19,800", "17 Nov")],
                )
            },
        ],
        new: Some(Action::new("New deal", "/deals/new", "plus").primary().key("c")),
    }
}

impl Sampled for BoardPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let dark = Self { shell: Shell { theme: Theme::Dark, ..shell("Deals", "/deals") }, ..ordinary() };
        let mut empty = Self {
            stats: Vec::new(),
            filters: Vec::new(),
            views: Vec::new(),
            count: "0 open".to_owned(),
            ..ordinary()
        };
        for column in &mut empty.columns {
            column.cards.clear();
            column.more = None;
        }
        let mut viewer = Self { new: None, shell: shell_rtl("Deals", "/deals"), ..ordinary() };
        for column in &mut viewer.columns {
            column.new = None;
            for card in &mut column.cards {
                card.move_action = None;
            }
        }
        let mut hostile = Self { shell: shell_hostile("Deals", "/deals"), ..ordinary() };
        hostile.columns[0].title = HOSTILE.to_owned();
        hostile.columns[0].cards[0] = card(91, HOSTILE, LONG, HOSTILE, HOSTILE);
        hostile.columns[0].cards[1] = card(92, LONG, HOSTILE, LONG, LONG);
        vec![
            ("ordinary", ordinary()),
            ("dark", dark),
            ("empty", empty),
            ("forbidden", viewer),
            ("hostile", hostile),
        ]
    }
}
