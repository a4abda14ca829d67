//! How files of all sorts are read, and how that is explained.

#![allow(clippy::unwrap_used)]

use sheet::{Dialect, Format, sniff};

/// Everything that [`sniff`] says of a file.
fn said(file: &str) -> String {
    let sniffed = sniff(file.as_bytes()).unwrap();
    let mut lines = sniffed.why;
    for column in &sniffed.columns {
        let format = match column.format {
            Format::Plain => String::new(),
            Format::Number(format) => format!(", decimals after “{}”", format.decimal),
            Format::Date(format) => format!(", {:?}", format.order),
        };
        let ambiguous = column.ambiguous.as_ref().map(|text| format!(" [{text}]")).unwrap_or_default();
        lines.push(format!("{}: {}{format}{ambiguous} {:?}", column.name, column.kind, column.samples));
    }
    lines.remove(0);
    lines.join("\n")
}

fn cases(files: &[(&str, &str)]) -> String {
    let all: Vec<String> = files.iter().map(|(name, file)| format!("# {name}\n{}", said(file))).collect();
    all.join("\n\n")
}

#[test]
fn delimiters_are_found() {
    insta::assert_snapshot!(cases(&[
        ("semicolons with decimal commas", "name;price;on\nmug;1,50;2024-01-31\npot, big;12,75;2024-02-01\n"),
        ("tabs", "name\tcity\nAda, Countess\tLondon\nBob\tParis\n"),
        ("bars", "id|name|amount\n1|Ada|1.50\n2|Bob|2.75\n"),
        ("carets", "id^name\n1^Ada\n2^Bob\n"),
        ("colons", "user:shell:home\nroot:/bin/sh:/root\nada:/bin/zsh:/home/ada\n"),
        ("blanks", "id   name   amount\n1    Ada      1.50\n2    Bob     12.75\n"),
        ("Excel's own line", "sep=;\r\nname;city\r\nAda;London\r\n"),
        ("one column", "email\nada@example.com\nbob@example.com\n"),
        ("one column of times", "12:30\n13:45\n"),
        ("one column of names", "Ada King\nBob Ray\nCy Young\n"),
        ("prose", "Dear all,\nwe met, talked, and left.\nNothing else happened\nBye\n"),
        ("quotes and line ends", "a,b\n1,\"x, \"\"y\"\"\nz\"\n2,\"w\"\n"),
        ("backslashes", "a,b\n1,\"say \\\"hi, you\\\"\"\n2,\"no\"\n"),
        ("single quotes", "a,b\n'1','x, y'\n'2','z, w'\n"),
        ("blanks after commas", "a, b, c\n1, \"x, y\", 2\n3, z, 4\n"),
    ]));
}

#[test]
fn headers_are_told_from_rows() {
    insta::assert_snapshot!(cases(&[
        ("only a header", "name,email,city\n"),
        ("only a row", "1,ada@example.com,London\n"),
        ("no header", "1,ada@example.com,2024-01-31\n2,bob@example.com,2024-02-01\n"),
        ("words only", "colour,shape\nred,round\nblue,square\n"),
        ("words that come again", "red,round\nblue,square\nred,square\n"),
        ("years as columns", "shop,2021,2022,2023\nBerlin,5,6,7\nParis,8,9,10\n"),
        ("the same name twice and none", "name,amount,amount,\nAda,1,2,3\n"),
        ("shorter than the rows, which number themselves", "name,city\n1,Ada,London\n2,Bob,Paris\n"),
        ("shorter than the rows", "name,city\nAda,London,x\nBob,Paris,y\n"),
        ("longer than the rows", "name,city,country\nAda,London\nBob,Paris\n"),
        ("an empty field at each end", "name,city\nAda,London,\nBob,Paris,\n"),
        (
            "titles above",
            "Sales report\nBerlin, 2024\n\nid,name,amount,on\n1,Ada,2.50,2024-01-31\n2,Bob,3.50,2024-02-01\n"
        ),
        ("comments above", "# made by a till\n# 2024\nid,name\n1,Ada\n2,Bob\n"),
        ("a mark in the header", "#id,name\n1,Ada\n2,Bob\n"),
    ]));
}

#[test]
fn kinds_and_formats_are_guessed_over_the_column() {
    insta::assert_snapshot!(cases(&[
        (
            "days and months",
            "a,b,c\n01/02/2024,13/02/2024,2024-01-31\n05/06/2024,01/02/2024,2024-02-01\n03/04/2024,01/02/2024,2024-02-02\n"
        ),
        ("day and month in doubt", "on,n\n05/06/2024,1\n01/02/2024,2\n03/04/2024,2\n"),
        ("numbers in doubt", "weight,length\n\"1,234\",5\n\"2,345\",6\n"),
        ("numbers settled by a neighbour", "weight;price\n1.234;1,50\n2.345;12,75\n"),
        ("money", "a;b;c;d\n1,50 €;$5;£1;1\n2,00 €;$6;€2;2\n"),
        ("money by its name", "Price (EUR),total_usd,all\n1.5,2,3\n2.5,3,4\n"),
        ("truth", "a,b,c,d\nyes,0,ja,x\nno,1,nein,\n"),
        (
            "addresses",
            "a,b,c\nada@example.com,+49 30 1234567,https://example.com\nbob@example.com,(0351) 123-456,www.example.com\n"
        ),
        ("codes", "zip,sku,id,ean\n01067,A-100,17,4006381333931\n10115,A-101,18,4006381333948\n"),
        ("counted times", "created_at,order date,n\n1706696100,45322,1706696100\n1706696200,45323,5\n"),
        ("nothing", "a,b\n,NULL\n,n/a\n"),
        ("a few choices", "size\nS\nM\nS\nL\nM\nS\n"),
    ]));
}

#[test]
fn a_corrected_dialect_is_described() {
    let file = b"1;Ada\n2;Bob\n";
    let mut dialect: Dialect = sniff(file).unwrap().dialect;
    assert!(!dialect.header);
    dialect.header = true;
    let described = sheet::describe(file, &dialect).unwrap();
    assert_eq!(described.columns[1].name, "Ada");
    assert_eq!(described.sample_rows, [["2", "Bob"]]);
}

#[test]
fn a_row_that_the_sample_cuts_off_is_left_out() {
    let mut file = "name,amount\n".to_owned();
    while file.len() < 20_000 {
        file.push_str("Ada,12.50\n");
    }
    let sniffed = sniff(&file.as_bytes()[..file.len() - 6]).unwrap();
    assert_eq!(sniffed.columns[1].n_filled, (file.len() - 12) / 10 - 1);
}
