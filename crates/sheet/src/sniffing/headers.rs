//! Tells whether the first record names the columns, and makes good names of what stands there.

use std::collections::HashSet;

use super::counted;
use crate::columns::obvious;
use crate::names;

/// Whether there is a header and why.
pub(super) struct Header {
    pub(super) found: bool,
    pub(super) why: String,
}

/// Compares the first record with the rest.
pub(super) fn find(first: &[String], rest: &[Vec<String>]) -> Header {
    let yes =
        |why: &str| Header { found: true, why: format!("the first line names the columns, because {why}") };
    let no = |why: &str| Header { found: false, why: format!("the first line is a row, because {why}") };
    let filled: Vec<&str> = first.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
    let n_obvious = filled.iter().filter(|cell| obvious(cell)).count();
    let n_known = filled.iter().filter(|cell| names::known(cell)).count();
    if n_obvious == 0 && n_known > 0 && n_known * 3 >= filled.len() {
        return yes("it has usual names of columns");
    }
    if rest.is_empty() {
        return if n_obvious > 0 {
            no("it holds values and is the only one")
        } else {
            yes("it holds no values")
        };
    }
    let (mut n_for, mut n_against) = (0, 0);
    for (column, cell) in first.iter().enumerate() {
        let cells = || rest.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.trim().is_empty());
        let n_cells = cells().count();
        let typed = n_cells > 0 && cells().filter(|cell| obvious(cell)).count() * 10 >= n_cells * 8;
        match (cell.trim().is_empty(), obvious(cell), typed) {
            (false, false, true) => n_for += 1,
            (false, true, _) => n_against += 1,
            _ => {}
        }
    }
    if n_against > 0 && consecutive_years(&filled) {
        return yes("it counts years");
    }
    if n_for > n_against {
        return yes("the lines below have numbers, dates or addresses where it has words");
    }
    if n_against > 0 {
        return no("it holds values like the lines below");
    }
    let repeated = first.iter().enumerate().any(|(column, cell)| {
        !cell.trim().is_empty() && rest.iter().any(|row| row.get(column) == Some(cell))
    });
    let unique = filled.iter().collect::<HashSet<_>>().len() == filled.len();
    if repeated && n_known == 0 {
        return no("its words come again below");
    }
    if !unique && n_known == 0 && filled.len() > 1 {
        return no("it says the same twice");
    }
    if n_known == 0 && first.iter().enumerate().any(|(column, cell)| names_alike(cell, column, rest)) {
        return no("it has names like those below");
    }
    yes("nothing speaks against it")
}

/// Whether a cell and all below it are the same number of words, two or more, each with a capital: `Ada King`.
fn names_alike(cell: &str, column: usize, rest: &[Vec<String>]) -> bool {
    let capitals = |cell: &str| {
        let words: Vec<&str> = cell.split_whitespace().collect();
        words.iter().all(|word| word.starts_with(char::is_uppercase)).then_some(words.len())
    };
    let n_words = capitals(cell);
    n_words.is_some_and(|n| n >= 2)
        && rest.iter().all(|row| row.get(column).is_some_and(|below| capitals(below) == n_words))
}

/// Years one after the other, as columns of a cross table.
fn consecutive_years(cells: &[&str]) -> bool {
    let years: Vec<i32> =
        cells.iter().filter_map(|cell| cell.parse().ok()).filter(|y| (1900..2100).contains(y)).collect();
    let n_numbers = cells.iter().filter(|cell| obvious(cell)).count();
    years.len() >= 2 && years.len() == n_numbers && years.windows(2).all(|pair| pair[1] == pair[0] + 1)
}

/// A name for each column, each different from all others; says what had to be changed.
pub(super) fn names(
    header: &[String],
    n_columns: usize,
    rows: &[Vec<String>],
    why: &mut Vec<String>,
) -> Vec<String> {
    let mut given: Vec<String> = header.iter().map(|name| cleaned(name)).collect();
    if !given.is_empty() && n_columns > given.len() {
        if n_columns == given.len() + 1 && row_names(rows, n_columns) {
            given.insert(0, String::new());
            why.push("the rows have one field more than the header, and number themselves: the names are moved one column to the right".to_owned());
        } else {
            why.push(format!(
                "the rows have {} fields, but the header names {}",
                n_columns,
                counted(given.len(), "column")
            ));
        }
    }
    given.resize(n_columns, String::new());
    let mut taken: HashSet<String> = given.iter().map(|name| name.to_lowercase()).collect();
    let mut seen = HashSet::new();
    let mut names = Vec::with_capacity(n_columns);
    let mut n_blank = 0;
    for (column, name) in given.into_iter().enumerate() {
        let wanted = if name.is_empty() { format!("Column {}", column + 1) } else { name.clone() };
        n_blank += usize::from(name.is_empty());
        if seen.insert(wanted.to_lowercase()) {
            taken.insert(wanted.to_lowercase());
            names.push(wanted);
            continue;
        }
        let mut n = 2;
        while taken.contains(&format!("{wanted} ({n})").to_lowercase()) {
            n += 1;
        }
        let renamed = format!("{wanted} ({n})");
        why.push(format!("two columns are named “{wanted}”: the later one is called “{renamed}”"));
        taken.insert(renamed.to_lowercase());
        seen.insert(renamed.to_lowercase());
        names.push(renamed);
    }
    if n_blank > 0 && !header.is_empty() {
        why.push(format!("{} without a name: called by number", counted(n_blank, "column")));
    }
    names
}

/// One line, without blanks around it, not longer than anyone would read.
fn cleaned(name: &str) -> String {
    let words: Vec<&str> =
        name.split(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}').collect();
    let joined = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    joined.chars().take(120).collect()
}

/// Whether the first column counts the rows, as R writes it without a name.
fn row_names(rows: &[Vec<String>], n_columns: usize) -> bool {
    let numbers: Vec<Option<u64>> =
        rows.iter().filter(|row| row.len() == n_columns).map(|row| row[0].trim().parse().ok()).collect();
    numbers.len() >= 2
        && numbers.windows(2).all(|pair| matches!((pair[0], pair[1]), (Some(a), Some(b)) if b == a + 1))
}
