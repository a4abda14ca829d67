//! Examples of the list.

use super::shell::{shell, shell_hostile, shell_rtl};
use super::{HOSTILE, LONG};
use crate::views::{
    Action, Avatar, Cell, Choice, Column, Empty, FilterChip, FilterField, FilterOp, Hidden, Layout, ListPage,
    ObjectRef, Range, Row, Sampled, SaveView, Sort, Tier, Tone, ViewTab,
};

pub(super) fn object(key: &str, singular: &str, plural: &str, icon: &str) -> ObjectRef {
    ObjectRef {
        key: key.to_owned(),
        singular: singular.to_owned(),
        plural: plural.to_owned(),
        icon: icon.to_owned(),
        href: format!("/{key}"),
    }
}

pub(super) fn view(text: &str, count: &str, current: bool) -> ViewTab {
    ViewTab {
        text: text.to_owned(),
        href: "/customers?view=2".to_owned(),
        current,
        count: (!count.is_empty()).then(|| count.to_owned()),
        remove: None,
    }
}

pub(super) fn chip(field: &str, op: &str, value: &str) -> FilterChip {
    FilterChip {
        field: field.to_owned(),
        op: op.to_owned(),
        value: value.to_owned(),
        remove: "/customers".to_owned(),
    }
}

fn column(key: &str, label: &str, end: bool, priority: u8, sort: Option<&str>) -> Column {
    Column {
        key: key.to_owned(),
        label: label.to_owned(),
        end,
        priority,
        sort: sort.map(|state| Sort {
            href: format!("/customers?sort={key}"),
            state: (!state.is_empty()).then(|| state.to_owned()),
        }),
    }
}

fn when(text: &str) -> Cell {
    Cell::When { iso: "2026-11-20".to_owned(), text: text.to_owned(), title: "20 Nov 2026, 16:42".to_owned() }
}

fn customer(n: u32, name: &str, sub: &str, tier: &str, stage: (&str, Tone), value: f64, alive: f64) -> Row {
    let money = crate::format::Locale::english();
    #[expect(clippy::cast_possible_truncation, reason = "sample amounts are small")]
    let euros = |value: f64| money.money_rounded((value * 100.0) as i64, "EUR");
    let (lo, hi) = (value * 0.72, value * 1.34);
    Row {
        id: n.to_string(),
        href: format!("/contacts/{n}"),
        name: name.to_owned(),
        cells: vec![
            Cell::Link {
                text: name.to_owned(),
                href: format!("/contacts/{n}"),
                avatar: Some(Avatar::of(name, sub.is_empty())),
                sub: (!sub.is_empty()).then(|| sub.to_owned()),
            },
            Cell::Tier { tier: Tier::new(tier) },
            Cell::Stage { text: stage.0.to_owned(), tone: stage.1 },
            Cell::text(if n.is_multiple_of(2) { "Nadia Rahimi" } else { "Iwan Prosser" }),
            Cell::number(euros(value)),
            Cell::Range {
                range: Range::on_scale(
                    lo,
                    value,
                    hi,
                    12_000.0,
                    format!("Likely {} – {}", euros(lo), euros(hi)),
                ),
            },
            Cell::Percent { text: money.percent(alive, 0), value: alive * 100.0 },
            when("2 days ago"),
            Cell::text("Renew lease"),
        ],
        detail: Some(format!("{} · {}", stage.0, euros(value))),
    }
}

fn filter_op(key: &str, label: &str, kinds: &[&str], takes_value: bool) -> FilterOp {
    FilterOp {
        key: key.to_owned(),
        label: label.to_owned(),
        kinds: kinds.iter().map(|&kind| kind.to_owned()).collect(),
        takes_value,
    }
}

fn filter_field(key: &str, label: &str, kind: &str, choices: &[&str]) -> FilterField {
    FilterField {
        key: key.to_owned(),
        label: label.to_owned(),
        kind: kind.to_owned(),
        choices: choices.iter().map(|&c| Choice::new(c, c, false)).collect(),
    }
}

fn ordinary() -> ListPage {
    let repeat = ("Repeat", Tone::Good);
    let partner = ("Partner", Tone::Accent);
    let new = ("New", Tone::Info);
    let cooling = ("Cooling", Tone::Warn);
    ListPage {
        shell: shell("Customers", "/customers"),
        object: object("customers", "customer", "Customers", "users"),
        count: "4,812".to_owned(),
        views: vec![
            view("All customers", "4,812", false),
            ViewTab { remove: Some("/views/2/removal".to_owned()), ..view("Platinum and gold", "962", true) },
            view("Cooling off", "214", false),
            view("Mine", "143", false),
        ],
        save_view: Some(SaveView {
            action: "/customers/views".to_owned(),
            query: "filter=country+is+UK".to_owned(),
            may_share: true,
        }),
        layouts: Vec::new(),
        search: String::new(),
        keep: vec![Hidden::new("filter", "country is \"UK\""), Hidden::new("sort", "-lifetime_value")],
        filters: vec![chip("Bought", "in the last", "12 months"), chip("Country", "is", "UK")],
        clear: Some("/customers".to_owned()),
        filter_fields: vec![
            filter_field("tier", "Tier", "choice", &["Platinum", "Gold", "Iron", "Lead"]),
            filter_field("lifetime_value", "Lifetime value", "money", &[]),
            filter_field("last_contact_on", "Last contact", "date", &[]),
            filter_field("name", "Name", "text", &[]),
        ],
        filter_ops: vec![
            filter_op("is", "is", &["choice", "text", "money", "date"], true),
            filter_op("contains", "contains", &["text"], true),
            filter_op("over", "is more than", &["money"], true),
            filter_op("before", "is before", &["date"], true),
            filter_op("empty", "is empty", &["choice", "text", "money", "date"], false),
        ],
        filter_text: "country is \"UK\" and last_order_on after today - 12 months".to_owned(),
        filter_error: None,
        columns: vec![
            column("name", "Name", false, 1, Some("")),
            column("tier", "Tier", false, 1, Some("")),
            column("stage", "Stage", false, 2, None),
            column("owner", "Owner", false, 3, None),
            column("lifetime_value", "Lifetime value", true, 1, Some("descending")),
            column("range", "Range, €0–12k", false, 3, None),
            column("p_alive", "Buys again", true, 2, Some("")),
            column("last_contact_on", "Last contact", true, 3, Some("")),
            column("next", "Next step", false, 3, None),
        ],
        column_choices: vec![
            Choice::new("tier", "Tier", true),
            Choice::new("stage", "Stage", true),
            Choice::new("lifetime_value", "Lifetime value", true),
            Choice::new("city", "City", false),
        ],
        rows: vec![
            customer(1, "Mei-Ling Tan", "Harbourline Logistics", "platinum", partner, 8420.0, 0.71),
            customer(2, "Amara Ekwueme", "Ekwueme & Partners", "platinum", partner, 7960.0, 0.83),
            customer(3, "Tomasz Wieczorek", "Private", "gold", repeat, 4310.0, 0.77),
            customer(4, "Sunniva Dahl", "Private", "gold", repeat, 3980.0, 0.52),
            customer(5, "Ostrava Courier Co-op", "", "gold", new, 3720.0, 0.64),
            customer(6, "Ingrid Sollund", "Private", "gold", repeat, 3540.0, 0.88),
            customer(7, "Rohan Kulkarni", "Private", "gold", repeat, 2870.0, 0.69),
            customer(8, "Yusuf Demirel", "Demirel Bakery", "gold", cooling, 2660.0, 0.41),
            customer(9, "Pilar Echevarri", "Private", "iron", repeat, 1480.0, 0.58),
            customer(10, "Kofi Boateng", "Private", "iron", new, 1320.0, 0.74),
            customer(11, "Hana Nishimoto", "Private", "iron", new, 1190.0, 0.66),
            customer(12, "Bogdan Ilieșcu", "Private", "lead", cooling, 240.0, 0.22),
        ],
        totals: Vec::new(),
        stats: Vec::new(),
        previous: None,
        next: Some("/customers?after=abc".to_owned()),
        caption: "1–12 of about 3,100 · value is margin over the next 24 months, worked out 22 Nov 2026"
            .to_owned(),
        new: Some(Action::new("New customer", "/contacts/new", "plus").primary().key("c")),
        import: Some(Action::new("Import", "/imports/new?object=contacts", "upload")),
        export: Some("/customers.csv?filter=country".to_owned()),
        empty: None,
    }
}

/// A custom object with every kind of cell, and sums.
fn every_cell() -> ListPage {
    let cells = vec![
        Cell::Link {
            text: "Long-tail cargo, no. 14".to_owned(),
            href: "/bikes/14".to_owned(),
            avatar: None,
            sub: None,
        },
        Cell::Badge { text: "In use".to_owned(), tone: Tone::Good },
        Cell::Tags { tags: vec!["Cargo".to_owned(), "Electric".to_owned()] },
        Cell::YesNo { yes: true },
        Cell::Email { address: "a@b.example?cc=c".to_owned() },
        Cell::Phone { number: "+44 20 7946 0184".to_owned(), href: "tel:+442079460184".to_owned() },
        Cell::Web { text: "b.example".to_owned(), href: "https://b.example/".to_owned() },
        Cell::number("€2,400"),
        Cell::Nothing,
    ];
    let labels = ["Bike", "State", "Kinds", "Insured", "Mail", "Phone", "Web", "Price", "Notes"];
    let columns: Vec<Column> =
        labels.iter().map(|label| column(&label.to_lowercase(), label, *label == "Price", 2, None)).collect();
    let row = Row {
        id: "14".to_owned(),
        href: "/bikes/14".to_owned(),
        name: "Long-tail cargo, no. 14".to_owned(),
        cells,
        detail: None,
    };
    let mut totals = vec![Cell::Nothing; columns.len()];
    totals[0] = Cell::text("Sum");
    totals[7] = Cell::number("€2,400");
    let layout = |text: &str, icon: &str, current| Layout {
        text: text.to_owned(),
        icon: icon.to_owned(),
        href: "/bikes".to_owned(),
        current,
    };
    ListPage {
        object: object("bikes", "bike", "Bikes", "shapes"),
        layouts: vec![layout("Board", "square-kanban", false), layout("Table", "table", true)],
        columns,
        rows: vec![
            Row { id: "15".to_owned(), cells: row.cells.iter().map(no_yes).collect(), ..row.clone() },
            row,
        ],
        totals,
        views: vec![view("All bikes", "", true)],
        save_view: None,
        filters: Vec::new(),
        clear: None,
        ..ordinary()
    }
}

fn no_yes(cell: &Cell) -> Cell {
    if matches!(cell, Cell::YesNo { .. }) { Cell::YesNo { yes: false } } else { cell.clone() }
}

impl Sampled for ListPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let empty = Self {
            count: "0".to_owned(),
            rows: Vec::new(),
            next: None,
            views: vec![view("All leads", "", true)],
            save_view: None,
            empty: Some(Empty {
                icon: "user-plus".to_owned(),
                title: "No leads yet".to_owned(),
                text: "A lead is someone who may become a customer. Convert them when they do.".to_owned(),
                actions: vec![
                    Action::new("New lead", "/leads/new", "plus").primary(),
                    Action::new("Import leads", "/imports/new", "upload"),
                ],
            }),
            new: None,
            import: None,
            ..ordinary()
        };
        let nothing_matches = Self {
            rows: Vec::new(),
            next: None,
            count: "0".to_owned(),
            search: "qwertz".to_owned(),
            filter_error: Some(
                "After “country” a word like is, contains or is empty should follow".to_owned(),
            ),
            caption: "Nothing shown".to_owned(),
            ..ordinary()
        };
        let mut hostile = Self { shell: shell_hostile("Customers", "/customers"), ..ordinary() };
        hostile.search = HOSTILE.to_owned();
        hostile.keep.push(Hidden::new("q", HOSTILE));
        hostile.filters.push(chip(HOSTILE, HOSTILE, LONG));
        hostile.views.push(view(HOSTILE, HOSTILE, false));
        hostile.rows.insert(0, customer(99, HOSTILE, LONG, "gold", (HOSTILE, Tone::Bad), 1.0, 0.0));
        hostile
            .rows
            .insert(1, customer(98, LONG, HOSTILE, "x\" onload=\"y", (LONG, Tone::Bad), 99_999.0, 1.0));
        let viewer = Self { new: None, import: None, export: None, save_view: None, ..ordinary() };
        let mut rtl = Self { shell: shell_rtl("مشتریان", "/customers"), ..ordinary() };
        rtl.rows.insert(
            0,
            customer(
                97,
                "محمدرضا شفیعی",
                "شرکت پخش آفتاب",
                "platinum",
                ("همراه", Tone::Accent),
                8420.0,
                0.71,
            ),
        );
        vec![
            ("ordinary", ordinary()),
            ("cells", every_cell()),
            ("empty", empty),
            ("nothing-matches", nothing_matches),
            ("hostile", hostile),
            ("viewer", viewer),
            ("rtl-dark", rtl),
        ]
    }
}
