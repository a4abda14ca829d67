use crm::imports;
use testkit::{World, both};

use super::{faults, import, import_as, propose, told};

/// One clear refusal.
fn refused(object: &str, file: &[u8]) -> String {
    let w = World::sqlite();
    crate::problems(propose(&w, &w.ctx(), object, file)).join("; ")
}

#[test]
fn what_is_no_table_is_refused_in_one_sentence() {
    for file in [
        b"".as_slice(),
        b"   \n\n",
        b"\x89PNG\r\n\x1a\n0000",
        b"PK\x03\x04 xl/workbook.xml",
        b"%PDF-1.7",
        b"a,b\n\x00\x01\x02\x03,\xff\n",
        b"<html><body>no</body></html>",
        b"{\"name\": \"Ana\"}",
    ] {
        let said = refused("contacts", file);
        assert!(said.starts_with("file: "), "{said}");
    }
}

#[test]
fn a_line_without_end_is_refused() {
    let w = World::sqlite();
    let file = [b"name,email\n".as_slice(), &vec![b'x'; 3 * 1024 * 1024]].concat();
    let plan = propose(&w, &w.ctx(), "contacts", b"name,email\nAna,ana@example.com\n").unwrap();
    let dry = imports::dry_run(&w.db, &w.ctx(), &plan, file.as_slice(), &mut |_| true);
    assert!(crate::problems(dry)[0].starts_with("file: line 2 is longer than 1 MiB"));
}

#[test]
fn ragged_rows_doubled_headers_and_bad_characters_are_accounted_for() {
    both(|w| {
        let file = b"name,email,email,city\nAna,ana@example.com,x,Lisbon\nBen\nCy,cy@example.com,,Cork,extra\nJ\xf6rg,j@example.com,,K\xf6ln\nD\xc3\xbcn,d@example.com,,K\xc3\xb6ln\nNul\x00l,n@example.com,,\n";
        // The file mixes encodings; it is read as UTF-8 and what does not fit is told.
        let mut plan = propose(
            w,
            &w.ctx(),
            "contacts",
            "name,email,email,city\nAna,ana@example.com,x,Köln\n".as_bytes(),
        )
        .unwrap();
        plan.key = None;
        let (_, account) = import_as(w, &plan, file);
        assert_eq!(told(&account), "rows 6, created 5, failed 1, warned 4");
        let faults = faults(&account).join("\n");
        assert!(faults.contains("3 : has 5 fields where the file has 4 columns (failed)"), "{faults}");
        assert!(faults.contains("2 : has 1 of 4 fields (warning)"), "{faults}");
        assert!(faults.contains("4 name: has 2 unreadable characters"), "{faults}");
        assert!(faults.contains("6 : had 1 NUL byte, left out (warning)"), "{faults}");
    });
}

#[test]
fn formulas_scripts_and_statements_are_only_text() {
    both(|w| {
        let file = "name,email,job title\n=1+1,a@example.com,\"<script>alert(1)</script>\"\n'); DROP TABLE parties; --,b@example.com,=HYPERLINK(0)\n'=2+2,c@example.com,\n";
        let (_, account) = import(w, "contacts", file);
        assert_eq!(told(&account), "rows 3, created 3");
        let mut names = w.list("contacts", "");
        names.sort();
        assert_eq!(names, ["'); DROP TABLE parties; --", "=1+1", "=2+2"]);
    });
}

#[test]
fn names_of_any_script_are_kept() {
    both(|w| {
        let names = ["محمد بن زايد", "שרה כהן", "山田 太郎", "👩‍🚀 Zoe", "e\u{301}tienne", "a\u{202e}b"];
        let file = format!("name\n{}\n", names.join("\n"));
        let (_, account) = import(w, "contacts", &file);
        assert_eq!(account.n_created, 6, "{:?}", faults(&account));
        for name in names {
            assert!(w.list("contacts", "").contains(&name.to_string()), "{name}");
        }
    });
}

#[test]
fn long_cells_are_told_and_left_out() {
    both(|w| {
        let file = format!(
            "name,email,city\nAna,ana@example.com,{}\n{},b@example.com,\n",
            "x".repeat(2_000),
            "y".repeat(1_001)
        );
        let (id, account) = import(w, "contacts", &file);
        assert_eq!(told(&account), "rows 2, created 2, warned 2");
        let kept = w.read(|tx| imports::problems(tx, id, 0, 10));
        assert_eq!(kept.len(), 2);
        assert_eq!(kept[0].message, "is longer than 500 characters; it was left out");
    });
}

#[test]
fn problems_are_downloadable_with_the_rows_they_are_about() {
    both(|w| {
        let file = "customer_id,date,amount\n1,2026-01-01,1.00\n=cmd(),2026-13-01,1.00\n2,2026-01-01,x\n";
        let (id, _) = import(w, "orders", file);
        let plan = w.read(|tx| imports::get(tx, &w.ctx(), id)).plan;
        let mut out = Vec::new();
        w.read(|tx| imports::problems_csv(tx, id, &plan, &mut out));
        let out = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(lines[0], "Row,Column,Problem,Severity,customer_id,date,amount");
        assert!(
            lines[1].starts_with("2,date,") && lines[1].ends_with("failed,'=cmd(),2026-13-01,1.00"),
            "{}",
            lines[1]
        );
        assert!(
            lines[2].starts_with("3,amount,") && lines[2].ends_with("failed,2,2026-01-01,x"),
            "{}",
            lines[2]
        );
        // The page after a row goes on behind it.
        assert_eq!(w.read(|tx| imports::problems(tx, id, 2, 1))[0].row_number, 3);
    });
}

#[test]
fn a_whole_column_of_nonsense_fails_row_by_row() {
    both(|w| {
        let mut file = String::from("customer_id,date,amount\n");
        (0..500).for_each(|n| file.push_str(&format!("{n},yesterday,lots\n")));
        let mut plan =
            propose(w, &w.ctx(), "orders", b"customer_id,date,amount\n1,2026-01-01,1.00\n").unwrap();
        plan.key = None;
        let (id, account) = import_as(w, &plan, file.as_bytes());
        assert_eq!((account.n_failed, account.problems.len()), (500, 100));
        assert_eq!(w.read(|tx| imports::problems(tx, id, 0, 10_000)).len(), 1_000);
        assert_eq!(w.list("customers", ""), [""; 0]);
    });
}
