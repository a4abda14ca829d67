//! Examples of the import's steps.

use super::shell::{shell, shell_hostile, shell_rtl};
use super::{HOSTILE, LONG};
use crate::views::{
    Action, Choice, Empty, Fact, Hidden, ImportCheckPage, ImportColumn, ImportCounts, ImportFormat,
    ImportHead, ImportMatchPage, ImportPreviewRow, ImportProblem, ImportResultPage, ImportRunPage,
    ImportStep, ImportUploadPage, ImportsPage, Link, Moment, Notice, PastImport, PostButton, Sampled, Tone,
};

fn head(at: usize) -> ImportHead {
    let steps = ["Upload", "Match columns", "Check", "Import"];
    ImportHead {
        title: "Import contacts".to_owned(),
        crumb: Link::new("Contacts", "/contacts"),
        steps: steps
            .iter()
            .enumerate()
            .map(|(n, text)| ImportStep {
                text: (*text).to_owned(),
                href: (n < at).then(|| "/imports/31".to_owned()),
                done: n < at,
                current: n == at,
            })
            .collect(),
    }
}

fn past(file: &str, state: &str, tone: Tone) -> PastImport {
    PastImport {
        href: "/imports/30".to_owned(),
        file: file.to_owned(),
        object: "Contacts".to_owned(),
        who: "Nadia Rahimi".to_owned(),
        at: Moment::new("2026-11-18T09:00:00Z", "18 Nov", "18 Nov 2026, 09:00"),
        summary: "1,204 added, 388 changed, 12 failed".to_owned(),
        state: state.to_owned(),
        tone,
    }
}

fn counts() -> ImportCounts {
    ImportCounts {
        created: "4,480".to_owned(),
        updated: "391".to_owned(),
        unchanged: "18".to_owned(),
        skipped: "0".to_owned(),
        failed: "29".to_owned(),
    }
}

impl Sampled for ImportUploadPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let ordinary = Self {
            shell: shell("Import contacts", "/contacts"),
            head: head(0),
            action: "/imports".to_owned(),
            objects: vec![Choice::new("contacts", "Contacts", true), Choice::new("companies", "Companies", false)],
            limits: "CSV, TSV, Excel, vCard or JSON Lines, up to 200 MB.".to_owned(),
            error: None,
            notice: Some(Notice { tone: Tone::Info, text: "People you import may be contacted for service only, until you bring proof of permission.".to_owned(), link: None }),
            past: vec![past("kunder-2026.csv", "Done", Tone::Good)],
        };
        let refused = Self {
            error: Some(HOSTILE.to_owned()),
            past: vec![past(HOSTILE, LONG, Tone::Bad)],
            shell: shell_hostile("x", "/contacts"),
            ..ordinary.clone()
        };
        vec![("ordinary", ordinary), ("refused", refused)]
    }
}

impl Sampled for ImportMatchPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let column =
            |n: usize, header: &str, sample: &str, field: &str, sure: &str, tone, why: &str| ImportColumn {
                n,
                header: header.to_owned(),
                samples: vec![sample.to_owned()],
                fields: vec![
                    Choice::new("", "Leave out", field.is_empty()),
                    Choice::new("name", "Name", field == "name"),
                    Choice::new("email", "E-mail", field == "email"),
                    Choice::new("revenue", "Revenue", field == "revenue"),
                ],
                sure: (!sure.is_empty()).then(|| sure.to_owned()),
                sure_tone: tone,
                why: why.to_owned(),
                formats: Vec::new(),
            };
        let mut ordered = column(
            2,
            "Ordretotal",
            "3 540,00",
            "revenue",
            "81 %",
            Tone::Warn,
            "“3 540,00” is read as €3,540.00",
        );
        ordered.formats =
            vec![Choice::new("comma", "1 234,50", true), Choice::new("point", "1,234.50", false)];
        let format = |name: &str, label: &str, a: &str, b: &str| ImportFormat {
            name: name.to_owned(),
            label: label.to_owned(),
            choices: vec![Choice::new("a", a, true), Choice::new("b", b, false)],
        };
        let ordinary = Self {
            shell: shell("Import contacts", "/contacts"),
            head: head(1),
            action: "/imports/31/columns".to_owned(),
            back: "/imports/new".to_owned(),
            finding: "3 of 4 columns matched. One needs a look.".to_owned(),
            file: "kunder-2026.csv · 4,918 rows".to_owned(),
            columns: vec![
                column(
                    0,
                    "Customer name",
                    "Ingrid Sollund",
                    "name",
                    "99 %",
                    Tone::Good,
                    "Same words, and all values are names",
                ),
                column(
                    1,
                    "mail",
                    "ingrid@fjordpost.example",
                    "email",
                    "99 %",
                    Tone::Good,
                    "All values are e-mail addresses",
                ),
                ordered,
                column(3, "Notat 2", "ring etter 16", "", "", Tone::Plain, ""),
            ],
            formats: vec![
                format("delimiter", "Columns are parted by", "Semicolon", "Comma"),
                format("encoding", "Letters are written as", "UTF-8", "Windows-1252"),
                format("header", "The first row", "Names the columns", "Is a record"),
                format("dates", "Dates", "31.12.2026", "12/31/2026"),
                format("numbers", "Numbers", "1.234,50", "1,234.50"),
            ],
            keys: vec![Choice::new("email", "E-mail", true), Choice::new("", "Nothing: always add", false)],
            errors: Vec::new(),
            submit: "Check 4,918 rows".to_owned(),
        };
        let mut hostile = Self {
            shell: shell_hostile("x", "/contacts"),
            errors: vec![HOSTILE.to_owned()],
            file: LONG.to_owned(),
            ..ordinary.clone()
        };
        hostile.columns.push(column(4, HOSTILE, LONG, "", "", Tone::Plain, HOSTILE));
        vec![("ordinary", ordinary), ("hostile", hostile)]
    }
}

impl Sampled for ImportCheckPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let problem = |row: &str, column: &str, value: &str, problem: &str| ImportProblem {
            row: row.to_owned(),
            column: column.to_owned(),
            value: value.to_owned(),
            problem: problem.to_owned(),
        };
        let preview = |outcome: &str, tone, name: &str| ImportPreviewRow {
            outcome: outcome.to_owned(),
            tone,
            cells: vec![name.to_owned(), "a@b.example".to_owned()],
        };
        let ordinary = Self {
            shell: shell("Import contacts", "/contacts"),
            head: head(2),
            action: "/imports/31/run".to_owned(),
            back: "/imports/31/columns".to_owned(),
            submit: "Import 4,871 rows".to_owned(),
            blocked: None,
            counts: counts(),
            problems: vec![
                problem("112", "E-mail", "hakon.brekke.example", "has no @"),
                problem("1,204", "Born on", "31-02-2025", "is no date"),
            ],
            problems_href: Some("/imports/31/problems.csv".to_owned()),
            preview_columns: vec!["Name".to_owned(), "E-mail".to_owned()],
            preview: vec![
                preview("New", Tone::Good, "Ingrid Sollund"),
                preview("Changed", Tone::Info, "Mei-Ling Tan"),
                preview("As it was", Tone::Plain, "Kofi Boateng"),
            ],
        };
        let blocked = Self {
            blocked: Some("No row can be imported: every one lacks a name.".to_owned()),
            preview: Vec::new(),
            problems: vec![problem("1", HOSTILE, LONG, HOSTILE)],
            shell: shell_rtl("x", "/contacts"),
            ..ordinary.clone()
        };
        let clean = Self {
            problems: Vec::new(),
            problems_href: None,
            counts: ImportCounts { failed: "0".to_owned(), ..counts() },
            ..ordinary.clone()
        };
        vec![("ordinary", ordinary), ("blocked-rtl", blocked), ("clean", clean)]
    }
}

impl Sampled for ImportRunPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let ordinary = Self {
            shell: shell("Import contacts", "/contacts"),
            head: head(3),
            title: "Adding contacts".to_owned(),
            percent: 66,
            text: "3,214 of 4,871 · about 20 seconds left".to_owned(),
            refresh_s: 3,
            poll: "/imports/31/progress.json".to_owned(),
            stop: Some("/imports/31/stop".to_owned()),
        };
        let waiting = Self { percent: 0, text: HOSTILE.to_owned(), stop: None, ..ordinary.clone() };
        vec![("ordinary", ordinary), ("waiting", waiting)]
    }
}

impl Sampled for ImportResultPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let ordinary = Self {
            shell: shell("Import contacts", "/contacts"),
            head: head(4),
            title: "4,871 contacts are here".to_owned(),
            tone: Tone::Good,
            facts: vec![
                Fact::new("File", "kunder-2026.csv"),
                Fact::new("By", "Nadia Rahimi"),
                Fact::new("Took", "41 seconds"),
            ],
            counts: counts(),
            reasons: vec![Fact::new("E-mail has no @", "21 rows"), Fact::new("Name is empty", "8 rows")],
            errors_href: Some("/imports/31/problems.csv".to_owned()),
            see: Some(Action::new("See the contacts", "/contacts", "users").primary()),
            undo: Some(PostButton {
                text: "Undo this import".to_owned(),
                action: "/imports/31/undoing".to_owned(),
                icon: Some("undo-2".to_owned()),
                hidden: vec![Hidden::new("version", "1")],
                danger: true,
            }),
            undo_note: "Undo is possible until 22 Dec 2026. Changes people made since then are kept."
                .to_owned(),
        };
        let stopped = Self {
            title: HOSTILE.to_owned(),
            tone: Tone::Bad,
            reasons: Vec::new(),
            errors_href: None,
            see: None,
            undo: None,
            undo_note: "Undone on 22 Nov 2026 by Iwan Prosser.".to_owned(),
            shell: shell_hostile("x", "/contacts"),
            ..ordinary.clone()
        };
        vec![("ordinary", ordinary), ("stopped", stopped)]
    }
}

impl Sampled for ImportsPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let ordinary = Self {
            shell: shell("Imports", "/imports"),
            imports: vec![
                past("kunder-2026.csv", "Running", Tone::Info),
                past("orders.csv", "Undone", Tone::Plain),
                past(LONG, "Failed", Tone::Bad),
            ],
            new: Some(Action::new("New import", "/imports/new", "upload").primary()),
            next: Some("/imports?before=3".to_owned()),
            empty: None,
        };
        let empty = Self {
            imports: Vec::new(),
            next: None,
            empty: Some(Empty {
                icon: "upload".to_owned(),
                title: "Nothing was imported yet".to_owned(),
                text: "Bring customers, companies or orders from a spreadsheet.".to_owned(),
                actions: Vec::new(),
            }),
            ..ordinary.clone()
        };
        vec![("ordinary", ordinary), ("empty", empty)]
    }
}
